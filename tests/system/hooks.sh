#!/bin/sh
# An operator's files in hooks/ take effect, and a broken one disturbs nothing.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001 LATER=4242421002
hooks=$LAB/pop/etc/bird/meetme/hooks

# knows HOST ROUTE: the host's BIRD has a route to it.
knows() {
	lab_run "$1" birdc show route "$2" | grep -q unicast
}

knows_not() {
	! knows "$@"
}

# in_kernel ROUTE: the POP's kernel has it.
in_kernel() {
	lab_run pop ip route show "$1" | grep -q .
}

in_kernel_not() {
	! in_kernel "$@"
}

# configure WORD: the POP's BIRD reads its files anew, and answers WORD.
configure() {
	lab_run pop birdc configure | grep -q "$1"
}

# create HOST ASN
create() {
	lab_ssh "$1" "$1" peer_create --asn "$2" \
		--key "$(cat "$LAB/$1/wg.pub")" --endpoint "$1.lab" --port 51820
}

state() {
	lab_ssh "$1" "$1" peer_status --json | jq -r .peering.state |
		grep -qx "$2"
}

for v in "out $ASN" "later $LATER"; do
	set -- $v
	lab_outside $1 $2
	lab_maintainer $1 $2 $LAB/$1/ssh/id_ed25519.pub
done
lab_pop pop
check_same "hooks/ is root's" "755 0 0" "$(stat -c '%a %u %g' "$hooks")"
check "peer_create" create out $ASN
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out
net=172.20.$(cat $LAB/out/number).0/24
check "the peer's network is known" lab_wait 10 knows pop "$net"
check "and in the kernel" lab_wait 10 in_kernel "$net"
check "an operator's route is not announced" knows_not out 172.23.254.0/24
before=$(sessions pop)

echo 'if proto = "operator" then accept;' >"$hooks/export_ours.conf"
echo "if net = $net then reject;" >"$hooks/kernel_ours.conf"
check "BIRD takes two hooks" configure Reconfigured
check "the route is announced" lab_wait 10 knows out 172.23.254.0/24
check "the network is gone from the kernel" \
	lab_wait 10 in_kernel_not "$net"
check "and known all the same" knows pop "$net"
echo "if net = $net then reject;" >"$hooks/import_ours.conf"
check "BIRD takes a third" configure Reconfigured
check "the network is known no more" lab_wait 10 knows_not pop "$net"
check_steady "the session goes on" "$before" "$(sessions pop)"

rm "$hooks/import_ours.conf" "$hooks/kernel_ours.conf"
check "BIRD reads that two are gone" configure Reconfigured
check "the network is back" lab_wait 10 in_kernel "$net"
echo "if net = then reject;" >"$hooks/import_ours.conf"
check "a broken one is refused" configure "import_ours.conf:1.*syntax error"
check "a peering meanwhile is kept" create later $LATER
check "and waits" lab_wait 10 state later refused
check_says "peer_status says why" "import_ours.conf" \
	lab_ssh later later peer_status
check_steady "the session goes on" "$before" "$(sessions pop)"
check "and the network is in the kernel" in_kernel "$net"
check "the other hook goes on, too" knows out 172.23.254.0/24
rm "$hooks/import_ours.conf"
check "it is mended, and the peering applied" lab_wait 60 state later applied
check_steady "the session goes on" "$before" \
	"$(sessions pop ebgp_as${LATER}_v6)"
check_same "no hook was touched" "export_ours.conf" "$(ls "$hooks")"
finish
