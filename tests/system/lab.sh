#!/bin/sh
# The lab by itself: two outside networks peer by hand, stock WireGuard and
# BIRD on both sides, with the addresses that a POP gives.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"

# side HOST OTHER OUR THEIR PORT: wg-quick file and BIRD snippet of one side.
side() {
	cat >$LAB/$1.wg <<-END
		[Interface]
		PrivateKey = **REPLACEME**
		ListenPort = 51820
		PostUp = /sbin/ip addr add dev %i $3/128 peer $4/128
		Table = off

		[Peer]
		PublicKey = $(cat $LAB/$2/wg.pub)
		Endpoint = $2.lab:51820
		PersistentKeepalive = 30
		AllowedIPs = 172.16.0.0/12, 10.0.0.0/8, fd00::/8, fe80::/10
	END
	cat >$LAB/$1.bird <<-END
		protocol bgp $2 {
			local $3 as OWNAS;
			neighbor $4 as $5;
			interface "wg-$2";
			strict bind on;
			connect delay time 1;
			ipv4 {
				import all;
				export all;
				extended next hop on;
			};
			ipv6 {
				import all;
				export all;
			};
		}
	END
	lab_wg_up $1 wg-$2 $LAB/$1.wg && lab_bird_add $1 $2 $LAB/$1.bird
}

lab_outside left 4242420001
lab_outside right 4242420002
check "the underlay carries IPv4" lab_run left ping -q -c 1 192.0.2.2
check "the underlay carries IPv6" lab_run left ping -q -c 1 2001:db8::2
check "left is configured" side left right fe80:263::1:1 fe80:263::2:1 \
	4242420002
check "right is configured" side right left fe80:263::2:1 fe80:263::1:1 \
	4242420001
check "left is Established" lab_wait 30 lab_established left
check "right is Established" lab_wait 30 lab_established right
for from in left right; do
	to=$([ $from = left ] && echo right || echo left)
	check "$from pings $to over IPv4" lab_wait 10 lab_ping $from \
		"$(lab_loopback4 $from)" "$(lab_loopback4 $to)"
	check "$from pings $to over IPv6" lab_wait 10 lab_ping $from \
		"$(lab_loopback6 $from)" "$(lab_loopback6 $to)"
done
finish
