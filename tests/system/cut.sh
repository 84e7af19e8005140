#!/bin/sh
# A link cut: traffic goes round it, and comes back when it is mended. A POP
# killed and started again: nobody else loses a route or a packet by it.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1
A=at-nl-ams2 B=at-fr-par1

# way FROM TO: the interface that FROM's packets to TO's loopback leave by.
way() {
	lab_run "$1" ip route get "$(lab_pop6 "$2")" |
		sed -n 's/.* dev \([^ ]*\).*/\1/p'
}

# round FROM TO ID: they go another way than over the link wg-int-ID.
round() {
	dev=$(way "$1" "$2")
	[ -n "$dev" ] && [ "$dev" != "wg-int-$3" ] && pings "$1" \
		"$(lab_pop6 "$1")" "$(lab_pop6 "$2")"
}

back() {
	[ "$(way nl-ams2 fr-par1)" = wg-int-3 ] &&
		[ "$(way fr-par1 nl-ams2)" = wg-int-2 ]
}

# outage NAME: the longest time without an answer of a ping.
outage() {
	awk -F '[][ ]' '/bytes from/ {
			if (last && $2 - last > most) most = $2 - last
			last = $2
		}
		END { printf "%.1f s\n", most }' "$LAB/$1.ping"
}

# watch POP: writes down each route that the kernel loses.
watch() {
	(lab_exec "$1" ip monitor route >"$LAB/$1.routes" 2>&1) &
	echo $! >"$LAB/$1.watch"
}

# lost_others POP: what it lost, but for what only pl-waw1 had.
lost_others() {
	grep '^Deleted' "$LAB/$1.routes" | grep -v \
		-e "$(lab_pop4 pl-waw1)" -e "$(lab_pop6 pl-waw1)" \
		-e "$(lab_loopback4 at-pl-waw1 | sed 's/1$/0/')" \
		-e "$(lab_loopback6 at-pl-waw1 | sed 's/1$//')" \
		-e " dev wg-int-4 "
}

# kept POP: its sessions but those with pl-waw1 and pl-waw1's visitor.
kept() {
	sessions "$1" ibgp_4
}

# gone: the others have no way to pl-waw1 any more.
gone() {
	for pop in nl-ams1 nl-ams2 fr-par1; do
		[ -z "$(way $pop pl-waw1)" ] || return 1
	done
}

mesh_make examples/full-mesh.yaml
mesh_visit nl-ams2 fr-par1 pl-waw1
check "the mesh has converged" mesh_start || finish
check "the nearest way is the link" lab_wait 30 back

ping_start cut $A "$(lab_loopback6 $A)" "$(lab_loopback6 $B)"
lab_cut nl-ams2 fr-par1
begun=$(date +%s%N)
check "a link is cut: packets go round it" \
	lab_wait 40 round nl-ams2 fr-par1 3
echo "after $(seconds_since "$begun")"
check "in both directions" lab_wait 30 round fr-par1 nl-ams2 2
check "outside networks reach each other" lab_wait 30 visitors_ping
check "iBGP goes on" mesh_converged
ping_end cut
echo "longest silence between outside networks: $(outage cut)"

ping_start mend $A "$(lab_loopback6 $A)" "$(lab_loopback6 $B)"
lab_mend nl-ams2 fr-par1
begun=$(date +%s%N)
check "it is mended: packets take it again" lab_wait 60 back
echo "after $(seconds_since "$begun")"
check_ping "none is lost on the way back" mend

ping_start four $A "$(lab_loopback4 $A)" "$(lab_loopback4 $B)"
ping_start six $A "$(lab_loopback6 $A)" "$(lab_loopback6 $B)"
for pop in nl-ams1 nl-ams2 fr-par1; do
	watch $pop
	kept $pop >$LAB/$pop.kept
done
check "a POP's power fails" lab_pop_kill pl-waw1
check "the others see it" lab_wait 60 gone
for pop in nl-ams1 nl-ams2 fr-par1; do
	check_not "$pop has lost no route but its" lost_others $pop
	check_steady "$pop has lost no session but its" \
		"$(cat $LAB/$pop.kept)" "$(kept $pop)"
done
begun=$(date +%s%N)
check "it starts again" lab_pop_boot pl-waw1
check "and converges by itself" lab_wait 90 mesh_converged
echo "$(seconds_since "$begun") from power to iBGP with all"
check "its visitor is Established" lab_wait 90 peered
check "outside networks ping each other" lab_wait 30 visitors_ping
check "loopbacks ping each other" lab_wait 30 loopbacks_ping
for pop in nl-ams1 nl-ams2 fr-par1; do
	kill "$(cat $LAB/$pop.watch)"
	check_not "$pop has lost no other route" lost_others $pop
	check_steady "$pop has lost no other session" \
		"$(cat $LAB/$pop.kept)" "$(kept $pop)"
done
check_ping "no IPv4 packet between the others is lost" four
check_ping "no IPv6 packet between the others is lost" six
finish
