#!/bin/sh
# peer_create by one line: with an endpoint, without one, with a preshared
# key, with the visitor's own link-local address. Each one Established, and
# pings in both families both ways.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"

POP4=172.22.144.161
POP6=fd28:7515:7d51:a::1

# visitor HOST ASN: a network of its own, with a maintainer named HOST.
visitor() {
	lab_outside "$1" "$2"
	lab_maintainer "$1" "$2" "$LAB/$1/ssh/id_ed25519.pub"
}

# session ASN: the POP's end is Established.
session() {
	lab_established pop "ebgp_as$1_v6"
}

# works HOST ASN: all that a peering is for.
works() {
	check "$1: applies peer_config" lab_apply "$1" "$1" "$2"
	check "$1: is Established" lab_wait 30 lab_established "$1"
	check "$1: the POP is Established" lab_wait 10 session "$2"
	v4=$(lab_loopback4 "$1") v6=$(lab_loopback6 "$1")
	check "$1: pings the POP over IPv4" lab_wait 10 lab_ping "$1" $v4 $POP4
	check "$1: pings the POP over IPv6" lab_wait 10 lab_ping "$1" $v6 $POP6
	check "$1: is pinged over IPv4" lab_wait 10 lab_ping pop $POP4 $v4
	check "$1: is pinged over IPv6" lab_wait 10 lab_ping pop $POP6 $v6
	check_says "$1: the POP uses its own address" "src $POP4" \
		lab_run pop ip route get "$v4"
	check_says "$1: peer_status says Established" Established \
		lab_ssh "$1" "$1" peer_status
}

# create HOST ASN OPTION...: asks for a peering of HOST's key.
create() {
	create_host=$1 create_asn=$2
	shift 2
	check "$create_host: peer_create" lab_ssh "$create_host" \
		"$create_host" peer_create --asn "$create_asn" \
		--key "$(cat "$LAB/$create_host/wg.pub")" "$@"
}

visitor plain 4242421001
visitor nat 4242421002
visitor psk 4242421003
visitor own 4242421004
lab_pop pop

create plain 4242421001 --endpoint 2001:db8::1 --port 51820
works plain 4242421001

create nat 4242421002
works nat 4242421002
check_not "nat: the POP's first packet is not its own" \
	grep -q ListenPort $LAB/nat/4242421002.wg

create psk 4242421003 --endpoint 192.0.2.3 --port 51821 --psk --mtu 1380
works psk 4242421003
check_not "psk: both sides have a preshared key" grep -q '(none)' <<-END
	$(lab_run psk wg show wg-pop preshared-keys)
	$(lab_run pop wg show wg-as4242421003 preshared-keys)
END
check_says "psk: the POP's MTU is as asked" "mtu 1380" \
	lab_run pop ip link show wg-as4242421003
check_says "psk: the visitor's MTU is as asked" "mtu 1380" \
	lab_run psk ip link show wg-pop

create own 4242421004 --endpoint own.lab --port 51820 \
	--link-local fe80::4242:1004
works own 4242421004
check_says "own: the POP leads to the visitor's link-local" \
	"dev wg-as4242421004" \
	lab_run pop ip -6 route show fe80::4242:1004
check_says "own: the POP uses own_link_local" "fe80::263" \
	lab_run pop ip -6 addr show dev wg-as4242421004

check_says "the operator sees all four" "4242421004" \
	lab_meetme pop peer_list
finish
