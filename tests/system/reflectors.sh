#!/bin/sh
# A client of route reflectors that has no IPv6, and OSPF: tests/fixtures/
# hubs.yaml rendered, and run by stock wg-quick and BIRD, without meetme. Each
# client has an outside AS.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
pops="hub1 hub2 both only4"
file=$LAB/hub1/etc/meetme/network.yaml

# pop NAME: a host for it, with a key.
pop() {
	lab_host "$1"
	(umask 077 && wg genkey >"$LAB/$1/wg.key")
	wg pubkey <"$LAB/$1/wg.key" >"$LAB/$1/wg.pub"
}

# start NAME: its rendered files are put in place and run.
start() {
	tree=$LAB/tree/servers/$1
	mkdir -p "$LAB/$1/etc/bird/meetme"
	cp -r "$tree/bird/." $LAB/tree/registry "$LAB/$1/etc/bird/meetme"
	{
		echo 'log "/run/bird/log" all;'
		echo 'include "meetme/meetme.conf";'
		cat "$LAB/$1/outside.conf" 2>/dev/null
	} >"$LAB/$1/etc/bird/bird.conf"
	lab_run "$1" sysctl -q -p "$tree/sysctl.conf" || return 1
	for f in "$tree"/wireguard/*; do
		ifname=$(basename "$f" .conf)
		(umask 077 && sed "s,/etc/meetme/wg.key,$LAB/$1/wg.key," "$f" \
			>"$LAB/$1/etc/wireguard/$ifname.conf")
		lab_run "$1" wg-quick up "$ifname" || return 1
	done
	lab_bird "$1"
}

# peer POP HOST FAMILY: an eBGP session over the underlay, of the operator's
# own making, with an outside host.
peer() {
	case $3 in
	4) prefix=192.0.2. ;;
	6) prefix=2001:db8:: ;;
	esac
	ours=$prefix$(cat "$LAB/$1/number")
	theirs=$prefix$(cat "$LAB/$2/number")
	cat >"$LAB/$1/outside.conf" <<-END
		protocol bgp $2 from meetme_peer {
			neighbor $theirs as 65001;
			source address $ours;
		}
	END
	cat >"$LAB/$2.bird" <<-END
		protocol bgp $1 {
			local $theirs as 65001;
			neighbor $ours as 4242420263;
			allow local as 1;
			connect delay time 1;
			connect retry time 1;
			ipv4 {
				$([ "$3" = 4 ] || echo "extended next hop on;")
				import all;
				export where source = RTS_STATIC;
			};
			$([ "$3" = 4 ] || echo 'ipv6 {
				import all;
				export where source = RTS_STATIC;
			};')
		}
	END
	lab_bird_add "$2" "$1" "$LAB/$2.bird"
}

# way HOST NET WORD: the best route there has WORD.
way() {
	lab_run "$1" birdc show route "$2" primary all | grep -q "$3"
}

way_not() {
	! way "$@"
}

# nth N WORD...
nth() {
	shift "$1"
	echo "$1"
}

for name in $pops; do
	pop $name
done
lab_outside out1 65001
lab_outside out2 65001
peer both out1 6
peer only4 out2 4
mkdir $LAB/hub1/etc/meetme
lab_mesh_network "$LAB_TOP/tests/fixtures/hubs.yaml" hub1
check "render" meetme render -f $file --registry $LAB/registry -o $LAB/tree
for name in $pops; do
	check "$name starts" start $name
done
for name in $pops; do
	check "iBGP of $name is up" lab_wait 40 lab_established $name
done

o1=$(lab_loopback4 out1) o2=$(lab_loopback4 out2)
check "out2's network is known on the other client" \
	lab_wait 20 way both "${o2%.1}.0/24" "next_hop: 172.22.144.164"
check "with the hubs as reflectors" \
	way both "${o2%.1}.0/24" "originator_id: 172.22.144.164"
check "a POP without IPv6 goes to out1 by a hub" \
	way only4 "${o1%.1}.0/24" "next_hop: 172.22.144.16[12]"
for from in 1 2 3 4; do
	for to in 1 2 3 4; do
		check "172.22.144.16$from pings 172.22.144.16$to" \
			lab_wait 10 lab_ping "$(nth $from $pops)" \
			172.22.144.16$from 172.22.144.16$to
	done
done
check "the clients ping each other's networks" \
	lab_wait 10 lab_ping out1 "$o1" "$o2"
check "hub1 pings a client's network in IPv6" \
	lab_wait 10 lab_ping hub1 fd28:7515:7d51:a::1 "$(lab_loopback6 out1)"

ip link set sw-hub1 down
check "without hub1 it goes by hub2" \
	lab_wait 20 lab_ping out1 "$o1" "$o2"
ip link set sw-hub1 up
ip link set sw-hub2 down
check "and without hub2 by hub1" lab_wait 40 lab_ping out1 "$o1" "$o2"
check "out1 has the route" way out1 "${o2%.1}.0/24" unicast
ip link set sw-hub1 down
check "without any, out1 is told that there is none" \
	lab_wait 20 way_not out1 "${o2%.1}.0/24" unicast
finish
