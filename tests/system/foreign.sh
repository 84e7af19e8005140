#!/bin/sh
# What the operator made by hand is untouched: interfaces, even one that is
# named as meetme names its own, WireGuard, BIRD's files and protocols.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001

# The operator's things, as text that must not change.
operators() {
	lab_run pop ip addr show dev op0 | grep -v valid_lft
	lab_run pop ip addr show dev wg-as4242429999 | grep -v valid_lft
	lab_run pop ip addr show dev lo | grep 172.23.255.9
	lab_run pop wg showconf wg-as4242429999
	lab_run pop ip route show dev op0
	lab_run pop birdc show protocols operator | awk 'END { print $1, $4 }'
	lab_run pop cat /etc/bird/bird.conf /etc/bird/own.conf
	ls -l $LAB/pop/etc/bird/bird.conf $LAB/pop/etc/bird/own.conf
}

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_pop pop
echo "# the operator's own" >$LAB/pop/etc/bird/own.conf
lab_run pop ip addr add 172.23.255.9/32 dev lo
(lab_exec pop wireguard-go -f wg-as4242429999 >$LAB/pop/hand.log 2>&1) &
lab_wait 10 lab_run pop wg show wg-as4242429999
wg genkey >$LAB/hand.key
lab_run pop wg set wg-as4242429999 private-key $LAB/hand.key \
	listen-port 53333 peer "$(wg genkey | wg pubkey)" allowed-ips fd99::/64
lab_run pop ip addr add fd99::1/64 dev wg-as4242429999 nodad
lab_run pop ip link set wg-as4242429999 up
before=$(operators)

check "peer_create" lab_ssh out out peer_create --asn $ASN \
	--key "$(cat $LAB/out/wg.pub)" --endpoint 2001:db8::1 --port 51820
check_same "untouched by peer_create" "$before" "$(operators)"
lab_meetmed_end pop
check "meetmed is restarted" lab_meetmed pop
check "the peering is applied" lab_wait 10 lab_run pop \
	wg show wg-as$ASN
check_same "untouched by a restart" "$before" "$(operators)"
check "peer_remove" lab_ssh out out peer_remove --asn $ASN --yes
check_same "untouched by peer_remove" "$before" "$(operators)"
finish
