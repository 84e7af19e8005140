# tests/mesh.sh: for tests of the mesh, over lib.sh. The POPs of a network
# file, and outside networks at some of them.
#
#	. "$(dirname "$0")/../mesh.sh"
#	lab_init "$@"
#	mesh_make examples/full-mesh.yaml
#	mesh_visit nl-ams2 fr-par1
#	check "the mesh has converged" mesh_start || finish

. "$(dirname "$0")/../lib.sh"

# mesh_make FILE: the POPs, not running yet. $POPS are their names.
mesh_make() {
	MESH=$1
	POPS=$(lab_pops "$MESH")
	lab_mesh "$MESH"
}

# mesh_visit POP...: an outside network for each, called at-POP; its
# maintainer may create a peering. $VISITORS are their names.
VISITORS=
mesh_visit() {
	for pop in "$@"; do
		lab_outside "at-$pop" "$(visitor_asn "at-$pop")"
		lab_maintainer "at-$pop" "$(visitor_asn "at-$pop")" \
			"$LAB/at-$pop/ssh/id_ed25519.pub"
		VISITORS="$VISITORS at-$pop"
	done
}

# visitor_asn NAME: its AS number, by the number of its POP.
visitor_asn() {
	echo $((4242421000 + $(cat "$LAB/${1#at-}/number")))
}

# mesh_up: meetmed starts on each POP, on all at once.
mesh_up() {
	together mesh_pop_up $POPS
}

mesh_pop_up() {
	lab_meetmed "$1"
}

# mesh_peer: each visitor creates a peering with his POP, all at once.
mesh_peer() {
	together visitor_peer $VISITORS
}

visitor_peer() {
	lab_peer "$1" "$1" "$(visitor_asn "$1")" "${1#at-}"
}

# mesh_start: all of that, until outside networks reach each other.
mesh_start() {
	mesh_up && lab_wait 90 mesh_converged && mesh_peer &&
		lab_wait 60 peered && lab_wait 30 visitors_ping
}

# together CMD ITEM...: CMD ITEM for each at once, each in a shell of its own;
# what those print that fail is shown.
together() {
	what=$1
	shift
	ids=
	for item in "$@"; do
		"$what" $item >"$LAB/together.$item" 2>&1 &
		ids="$ids $!:$item"
	done
	bad=0
	for id in $ids; do
		wait "${id%%:*}" || { bad=1 && cat "$LAB/together.${id#*:}"; }
	done
	return $bad
}

# ibgp POP: how many of its iBGP sessions are Established.
ibgp() {
	sessions "$1" | grep -c '^ibgp_.* Established$'
}

# mesh_converged: each POP has an iBGP session to each other.
mesh_converged() {
	n=$(echo $POPS | wc -w)
	for pop in $POPS; do
		[ "$(ibgp "$pop")" -eq $((n - 1)) ] || return 1
	done
}

# peered: every visitor's session is Established.
peered() {
	for v in $VISITORS; do
		lab_established "$v" || return 1
	done
}

# loopbacks_ping [POP...]: each pings each other, over IPv4 and IPv6.
loopbacks_ping() {
	together loopback_pings ${*:-$POPS}
}

loopback_pings() {
	for to in $POPS; do
		[ "$to" = "$1" ] && continue
		pings "$1" "$(lab_pop4 "$1")" "$(lab_pop4 "$to")" || return 1
		pings "$1" "$(lab_pop6 "$1")" "$(lab_pop6 "$to")" || return 1
	done
}

# visitors_ping: each pings each other, over IPv4 and IPv6.
visitors_ping() {
	together visitor_pings $VISITORS
}

visitor_pings() {
	for to in $VISITORS; do
		[ "$to" = "$1" ] && continue
		pings "$1" "$(lab_loopback4 "$1")" "$(lab_loopback4 "$to")" &&
			pings "$1" "$(lab_loopback6 "$1")" \
				"$(lab_loopback6 "$to")" || return 1
	done
}

# pings HOST SOURCE TARGET: an answer to one of three pings.
pings() {
	lab_run "$1" ping -q -c 3 -i 0.2 -w 1 -I "$2" "$3" >/dev/null ||
		{ echo "$1: no answer from $3 to $2" && return 1; }
}

# seconds_since NANOSECONDS, of date +%s%N
seconds_since() {
	echo "$1 $(date +%s%N)" | awk '{ printf "%.1f s\n", ($2 - $1) / 1e9 }'
}

# ping_start NAME HOST SOURCE TARGET: pings ten times a second, until
# ping_end, into $LAB/NAME.ping. The first has come back.
ping_start() {
	(lab_exec "$2" ping -n -D -O -i 0.1 -I "$3" "$4" \
		>"$LAB/$1.ping" 2>&1) &
	echo $! >"$LAB/$1.ping_id"
	lab_wait 5 grep -q 'bytes from' "$LAB/$1.ping"
}

ping_end() {
	sleep 0.3
	kill -INT "$(cat "$LAB/$1.ping_id")"
	lab_wait 5 grep -q 'packets transmitted' "$LAB/$1.ping"
}

# check_ping WHAT NAME: ends it; none may be lost.
check_ping() {
	ping_end "$2"
	check "$1: $(awk '/packets tr/ { print $4, "of", $1 }' \
		"$LAB/$2.ping") pings" lost_none "$LAB/$2.ping"
}

# lost_none FILE: but the last, which may still have been on its way.
lost_none() {
	awk -F '[= ]' '/bytes from/ {
			for (i = 1; i < NF; i++)
				if ($i == "icmp_seq") seen[$(i + 1)] = 1
		}
		/packets transmitted/ { n = $1 }
		END { for (i = 1; i < n; i++)
				if (!seen[i]) { printf "%u ", i; bad = 1 }
			exit bad || n < 2 }' "$1"
}
