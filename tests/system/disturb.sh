#!/bin/sh
# With 20 peerings up, editing one, creating one and removing one leave every
# other tunnel's handshake and counters, and every other session, alone.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
N=20
BASE=4242421000

# One host plays all the visitors: an interface and a session for each.
# join I: creates peering I and applies it under names of its own.
join() {
	wg genkey >$LAB/key$1
	lab_ssh out out peer_create --asn $((BASE + $1)) \
		--key "$(wg pubkey <$LAB/key$1)" \
		--endpoint 2001:db8::1 --port $((51000 + $1)) || return 1
	lab_ssh out out peer_config --asn $((BASE + $1)) --wg-quick |
		sed "s|\*\*REPLACEME\*\*|$(cat $LAB/key$1)|" \
			>$LAB/out/etc/wireguard/wg-p$1.conf
	lab_ssh out out peer_config --asn $((BASE + $1)) --bird |
		sed -e "s/as${LAB_ASN}_pop/visitor$1/g" \
			-e "s/wg-pop/wg-p$1/g" \
			>$LAB/out/etc/bird/peers/p$1.conf
	lab_run out wg-quick up wg-p$1
}

# undisturbed WHAT ASN CMD...: CMD changes that peering, and no other.
undisturbed() {
	what=$1 asn=$2
	shift 2
	before=$(tunnels pop wg-as$asn)
	pop=$(sessions pop ebgp_as${asn}_v6)
	out=$(sessions out visitor$((asn - BASE)))
	lab_exec out ping -q -i 0.1 -c 20 -W 5 -I wg-p7 fe80:263::1:7 \
		>$LAB/ping &
	ping=$!
	check "$what" "$@"
	wait $ping
	check_tunnels "$what: other tunnels are as they were" \
		"$before" "$(tunnels pop wg-as$asn)"
	check_steady "$what: other sessions on the POP are steady" \
		"$pop" "$(sessions pop ebgp_as${asn}_v6)"
	check_steady "$what: other sessions on the other side are steady" \
		"$out" "$(sessions out visitor$((asn - BASE)))"
	check_says "$what: no packet of another tunnel is lost" " 0% packet" \
		cat $LAB/ping
}

all_up() {
	[ "$(sessions pop | grep -c Established)" -eq $N ]
}

lab_outside out 4242420999
for i in $(seq $((N + 1))); do
	lab_maintainer out $((BASE + i)) $LAB/out/ssh/id_ed25519.pub
done
lab_pop pop
for i in $(seq $N); do
	join $i >$LAB/join.log 2>&1 || { cat $LAB/join.log; not_ok "join $i"; }
done
lab_run out birdc configure >/dev/null
check "$N sessions are Established" lab_wait 60 all_up

undisturbed "editing one" $((BASE + 3)) lab_ssh out out peer_edit \
	--asn $((BASE + 3)) --mtu 1400
moments() {
	lab_ssh out out peer_status --asn $((BASE + $1)) --json |
		jq -r '.peering | "\(.applied) \(.changed)"'
}
check "the edited one was applied after it was changed" \
	sh -c 'test $1 -ge $2' sh $(moments 3)
check "the others were applied before that" \
	sh -c 'test $1 -le $2' sh "$(moments 4 | cut -d ' ' -f 1)" \
	"$(moments 3 | cut -d ' ' -f 2)"
undisturbed "creating one" $((BASE + N + 1)) lab_ssh out out peer_create \
	--asn $((BASE + N + 1)) --key "$(wg genkey | wg pubkey)"
undisturbed "removing one" $((BASE + 5)) lab_ssh out out peer_remove \
	--asn $((BASE + 5)) --yes
finish
