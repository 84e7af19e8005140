#!/bin/sh
# While a POP of ours is down, a peer announces more than our prefixes, and
# poses as that POP: it gets neither the POP's packets nor its iBGP session.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001
DOWN4=172.22.144.169 DOWN6=fd28:7515:7d51:b::1

# knows ROUTE: the POP's BIRD has it of its peer.
knows() {
	lab_run pop birdc show route "$1" | grep -q ebgp_as$ASN
}

# says ADDRESS: what the POP's kernel does with packets to it.
says() {
	lab_run pop ip route get "$1"
}

# hears: the POP has a session with who says to be the other POP.
hears() {
	lab_established out impostor
}

lab_pop pop
lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_route $ASN 172.22.144.128/26
lab_route $ASN fd28:7515:7d50::/47
cat >>$LAB/pop/etc/meetme/network.yaml <<-END
	  - name: down
	    id: 2
	    endpoint: 2001:db8::99
	    public_key: "$(wg genkey | wg pubkey)"
	    ipv4: $DOWN4/29
	    ipv6: "$DOWN6/64"
END
check "a POP that is down is in the network" lab_meetme pop reload
check "another AS peers with ours" lab_peer out out $ASN pop
check "the session is Established" lab_wait 30 lab_established out

sed -i '/export where/,/;$/c\		export all;' \
	$LAB/out/etc/bird/peers/as$ASN.conf
lab_run out ip addr add $DOWN6/128 dev lo nodad
cat >$LAB/more <<-END
	protocol static more4 { ipv4; route 172.22.144.128/26 unreachable; }
	protocol static more6 { ipv6; route fd28:7515:7d50::/47 unreachable; }
	protocol bgp impostor {
		local $DOWN6 as $LAB_ASN;
		neighbor fd28:7515:7d51:a::1 as $LAB_ASN;
		multihop;
		connect delay time 1;
		connect retry time 1;
		ipv6 { import none; export all; };
	}
END
check "it announces more than our prefixes" lab_bird_add out more $LAB/more
check "IPv4" lab_wait 10 knows 172.22.144.128/26
check "IPv6" lab_wait 10 knows fd28:7515:7d50::/47
check_says "who is down is unreachable, IPv4" 'No route|unreach' says $DOWN4
check_says "IPv6" 'No route|unreach' says $DOWN6
check_not "nobody can pose as it" lab_wait 10 hears
finish
