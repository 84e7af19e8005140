#!/bin/sh
# The seed's four POPs, from nothing, over an IPv6-only underlay with delays:
# loopbacks and outside networks reach each other, in both families.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1

no_ipv4() {
	for pop in $POPS; do
		! lab_run "$pop" ip -4 -o addr show dev eth0 | grep . ||
			return 1
	done
}

# far: a POP's packets to another take as long as the wires between them.
far() {
	lab_run nl-ams1 ping -q -c 5 -i 0.2 "$1" |
		awk -F '[/= ]+' -v least="$2" '
		/^rtt/ { print; n = 1; bad = $6 < least || $6 > least + 15 }
		END { exit bad || !n }'
}

# used POP VISITOR: the visitor's routes are the best of the POP's, and stand
# in its kernel, over a link of the mesh unless the visitor is its own.
used() {
	dev='wg-int-'
	[ "at-$1" != "$2" ] || dev="wg-as$(visitor_asn "$2")"
	for to in "$(lab_loopback4 "$2")" "$(lab_loopback6 "$2")"; do
		lab_run "$1" birdc show route for "$to" |
			grep -q "\* (.*AS$(visitor_asn "$2")" || return 1
		lab_run "$1" ip route get "$to" | grep -q " dev $dev" ||
			return 1
	done
}

used_everywhere() {
	for v in $VISITORS; do
		for pop in $POPS; do
			used "$pop" "$v" || return 1
		done
	done
}

# passed_on: each visitor has the others' prefixes and ours, by way of us.
passed_on() {
	for v in $VISITORS; do
		for to in $VISITORS; do
			[ "$v" = "$to" ] || lab_run "$v" birdc show route all \
				for "$(lab_loopback6 "$to")" | grep -q \
				"as_path: $LAB_ASN $(visitor_asn "$to")$" ||
				return 1
		done
	done
}

# wanted POP IFNAME: what the rendered file wants of an interface, by lines.
wanted() {
	echo "our key $(cat "$LAB/$1/wg.pub")"
	awk 'FNR == NR { address[$2] = $1; next }
		$1 == "ListenPort" { print "listen", $3 }
		$1 == "MTU" { print "mtu", $3 }
		$1 == "PublicKey" { print "their key", $3 }
		$1 == "PersistentKeepalive" { print "keepalive", $3 }
		$1 == "AllowedIPs" {
			for (i = 3; i <= NF; i++) {
				sub(/,/, "", $i)
				print "allowed", $i
			}
		}
		$1 == "Endpoint" {
			host = $3
			sub(/:[0-9]*$/, "", host)
			if (host in address)
				sub(/.*:/, "[" address[host] "]:", $3)
			print "endpoint", $3
		}
		/ip addr add dev %i/ { print "address", $8, $10, $12 }
		/ip addr replace dev lo/ { print "lo", $8 }
		/rp_filter=/ { sub(/.*=/, ""); print "rp_filter", $0 }' \
		$LAB/hosts "$RUNNING/$1/wireguard/$2.conf"
}

# found POP IFNAME: the same, of the kernel and of WireGuard.
found() {
	lab_run "$1" wg show "$2" dump | awk '
		NR == 1 { print "our key", $2; print "listen", $3 }
		NR == 2 {
			print "their key", $1; print "endpoint", $3
			print "keepalive", $8
			n = split($4, allowed, ",")
			for (i = 1; i <= n; i++) print "allowed", allowed[i]
		}'
	lab_run "$1" ip -j addr show dev "$2" | jq -r '.[] |
		"mtu \(.mtu)", (.addr_info[] | "address " +
		"\(.local)/\(.prefixlen) \(.address)/\(.prefixlen) \(.scope)")'
	lab_run "$1" ip -j addr show dev lo | jq -r '.[].addr_info[] |
		select(.local != "127.0.0.1" and .local != "::1") |
		"lo \(.local)/\(.prefixlen)"'
	echo "rp_filter $(lab_run "$1" sysctl -n \
		"net.ipv4.conf.$2.rp_filter")"
}

# tunnels_same POP: the rendered interfaces, those and no others, in every
# field.
tunnels_same() {
	names=$(cd "$RUNNING/$1/wireguard" && ls | sed 's/\.conf$//')
	[ "$names" = "$(lab_run "$1" ip -o link | grep -o ' wg-[^:@]*' |
		tr -d ' ' | LC_ALL=C sort)" ] || return 1
	for ifname in $names; do
		wanted "$1" "$ifname" | sort >$LAB/wanted
		found "$1" "$ifname" | sort | diff $LAB/wanted - || return 1
	done
}

# bird_same POP: the rendered files are those that the agent wrote; and BIRD
# has their protocols, those and no others, with their neighbours.
bird_same() {
	diff -rN -x hooks -x registry "$RUNNING/$1/bird" \
		"$LAB/$1/etc/bird/meetme" || return 1
	diff -r $LAB/offline/registry "$LAB/$1/etc/bird/meetme/registry" ||
		return 1
	cat "$RUNNING/$1"/bird/meetme.conf "$RUNNING/$1"/bird/peers/*.conf \
		2>/dev/null | awk '
		/^protocol/ { for (i = 2; !($i ~ /_/); i++); print $i }
		/^\tneighbor/ { print "to", $2 }
		/^\tsource address/ { print "from", $3 }' |
		sed 's/;$//' | sort >$LAB/wanted
	lab_run "$1" birdc show protocols all | awk '
		/^[a-z]/ && $2 != "Proto" { print $1 }
		/Neighbor address:/ { sub(/%.*/, "", $3); print "to", $3 }
		/Source address:/ { print "from", $3 }' |
		sed '/^BIRD/d' | sort | diff $LAB/wanted -
}

# sysctl_same POP: the rendered values are the kernel's.
sysctl_same() {
	sed '/^#/d' "$RUNNING/$1/sysctl.conf" | while read -r key _ value; do
		[ "$(lab_run "$1" sysctl -n "$key")" = "$value" ] || exit 1
	done
}

# all_measured: the latency of each peering; from then on it is in BIRD's files.
all_measured() {
	for pop in $POPS; do
		lab_meetme "$pop" peer_list --json |
			jq -e 'all(.peerings[]; .latency > 0)' >$LAB/measured ||
			return 1
	done
}

# offline_same POP: without the daemon, and without peerings, the same files.
offline_same() {
	diff -r "$LAB/offline/servers/$1" "$RUNNING/$1" |
		grep -v -e "^Only in $RUNNING/$1/bird: peers$" \
			-e "^Only in $RUNNING/$1/wireguard: wg-as" && return 1
	[ -s "$LAB/offline/servers/$1/bird/meetme.conf" ]
}

not_forwarding() {
	for pop in $POPS; do
		[ "$(lab_run "$pop" sysctl -n net.ipv4.ip_forward)" = 0 ] &&
			[ "$(lab_run "$pop" sysctl -n \
				net.ipv6.conf.all.forwarding)" = 0 ] || return 1
	done
}

mesh_make examples/full-mesh.yaml
mesh_visit nl-ams2 fr-par1 pl-waw1
check "the POPs have no IPv4 on the underlay" no_ipv4
check "the underlay has its delays" far pl-waw1.lab 22
check "their kernels do not forward" not_forwarding
begun=$(date +%s%N)
check "meetmed starts on the four POPs" mesh_up || finish
check "they have converged" lab_wait 90 mesh_converged
check "loopbacks ping each other" lab_wait 30 loopbacks_ping
echo "after $(seconds_since "$begun") from nothing"
check "they are as far away as the underlay is" far "$(lab_pop4 pl-waw1)" 22
check "outside networks peer with three of them" mesh_peer
check "their sessions are Established" lab_wait 60 peered
check "their routes are used on all POPs" lab_wait 30 used_everywhere
check "and reach the other outside networks" lab_wait 30 passed_on
check "outside networks ping each other" lab_wait 30 visitors_ping

check "how far the peers are is known" lab_wait 30 all_measured
RUNNING=$LAB/running/servers
check "render without the daemon" meetme render \
	-f $LAB/nl-ams1/etc/meetme/network.yaml \
	--registry $LAB/registry -o $LAB/offline
for pop in $POPS; do
	check "$pop: render --running" lab_meetme $pop render --running \
		-o $LAB/running
	check "$pop: it is what render without the daemon writes" \
		offline_same $pop
	check "$pop: interfaces are as rendered" tunnels_same $pop
	check "$pop: BIRD is as rendered" bird_same $pop
	check "$pop: sysctls are as rendered" sysctl_same $pop
	check_same "$pop: plan has nothing to change" 0 \
		"$(lab_meetme $pop plan --json | jq '.changes | length')"
done
finish
