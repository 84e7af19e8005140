#!/bin/sh
# The seed's four POPs, from nothing, over an IPv6-only underlay with delays:
# loopbacks and outside networks reach each other, in both families.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1

no_ipv4() {
	for pop in $POPS; do
		! lab_run "$pop" ip -4 -o addr show dev eth0 | grep . || return 1
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

mesh_make examples/full-mesh.yaml
mesh_visit nl-ams2 fr-par1 pl-waw1
check "the POPs have no IPv4 on the underlay" no_ipv4
check "the underlay has its delays" far pl-waw1.lab 22
begun=$(date +%s%N)
check "meetmed starts on the four POPs" mesh_up
check "they have converged" lab_wait 90 mesh_converged
check "loopbacks ping each other" lab_wait 30 loopbacks_ping
echo "after $(seconds_since "$begun") from nothing"
check "they are as far away as the underlay is" far "$(lab_pop4 pl-waw1)" 22
check "outside networks peer with three of them" mesh_peer
check "their sessions are Established" lab_wait 60 peered
check "their routes are used on all POPs" lab_wait 30 used_everywhere
check "and reach the other outside networks" lab_wait 30 passed_on
check "outside networks ping each other" lab_wait 30 visitors_ping
finish
