#!/bin/sh
# A fifth POP is added to the network file, and removed again: the others'
# links, sessions and packets are not disturbed.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1

# links POP: of each of its tunnels but the one to the fifth: name, index,
# key, port, endpoint, handshake, counters.
links() {
	lab_run "$1" ip -o link |
		sed -n 's/^\([0-9]*\): \(wg-[^:]*\):.*/\1 \2/p' |
		while read -r index dev; do
			[ "$dev" = wg-int-5 ] || echo "$dev $index" \
				"$(lab_run "$1" wg show "$dev" dump | awk '
				NR == 1 { port = $3 }
				NR == 2 { print $1, port, $3, $5, $6, $7 }')"
		done
}

# undisturbed POP: links are as they were; none has begun anew.
undisturbed() {
	links "$1" | paste -d ' ' "$LAB/$1.links" - | awk '
		NF != 16 || !$6 { print; bad = 1 }
		$1 != $9 || $2 != $10 || $3 != $11 || $4 != $12 ||
			$5 != $13 { print; bad = 1 }
		$6 > $14 || $7 > $15 || $8 > $16 { print; bad = 1 }
		END { exit bad || NR < 3 }'
}

# remember: how the four are now, with pings running.
remember() {
	for pop in $FOUR; do
		links $pop >$LAB/$pop.links
		sessions $pop ibgp_5 >$LAB/$pop.sessions
	done
	for v in $VISITORS; do
		sessions $v >$LAB/$v.sessions
	done
	ping_start four $A "$(lab_loopback4 $A)" "$(lab_loopback4 $B)"
	ping_start six $A "$(lab_loopback6 $A)" "$(lab_loopback6 $B)"
	ping_start loop nl-ams1 "$(lab_pop6 nl-ams1)" "$(lab_pop6 pl-waw1)"
}

# check_undisturbed WHEN: they are as they were.
check_undisturbed() {
	for name in four six loop; do
		check_ping "$1: no packet is lost" $name
	done
	for pop in $FOUR; do
		check "$1: the other links of $pop" undisturbed $pop
		check_steady "$1: the other sessions of $pop" \
			"$(cat $LAB/$pop.sessions)" "$(sessions $pop ibgp_5)"
	done
	for v in $VISITORS; do
		check_steady "$1: the session of $v" \
			"$(cat $LAB/$v.sessions)" "$(sessions $v)"
	done
}

# changes POP: the files that a reload would change.
changes() {
	lab_meetme "$1" plan --json |
		jq -r '[.changes[].path] | sort | join(" ")'
}

# reload FILE: as the network file of each of the four.
reload() {
	for pop in $FOUR; do
		lab_mesh_network "$1" $pop
		lab_meetme $pop reload || return 1
	done
}

# no_fifth: none of the four has anything left of it.
no_fifth() {
	for pop in $FOUR; do
		! lab_run $pop ip link show wg-int-5 2>/dev/null &&
			! lab_run $pop birdc show protocols ibgp_5 || return 1
	done
}

# The seed's prefix has room for four POPs with IPv4.
sed 's|172.22.144.160/27|172.22.144.128/26|' examples/full-mesh.yaml \
	>$LAB/four.yaml
cat $LAB/four.yaml - >$LAB/five.yaml <<-END
	  - name: de-fra1
	    id: 5
	    endpoint: de-fra1.flap42.eu
	    public_key: "mq0sXwLoT4TvyRAQEKdSGEGJr9BsdEEEXLxNo2GvVhE="
	    ipv4: 172.22.144.129/29
	    ipv6: "fd28:7515:7d51:e::1/64"
END
check "the file with a fifth POP is good" meetme check -f $LAB/five.yaml
mesh_make $LAB/four.yaml
FOUR=$POPS
mesh_visit nl-ams2 pl-waw1
A=at-nl-ams2 B=at-pl-waw1
check "the mesh of four has converged" mesh_start || finish

lab_mesh_host de-fra1
lab_mesh_network $LAB/five.yaml de-fra1
lab_mesh_network $LAB/five.yaml nl-ams1
check_same "plan: a file for the link is new, and BIRD's changes" \
	"bird/meetme.conf wireguard/wg-int-5.conf" "$(changes nl-ams1)"
lab_meetme nl-ams1 plan >$LAB/plan
check_says "it shows the session to come" '^\+.*ibgp_5' cat $LAB/plan
check "and the key of the fifth" \
	grep -Fx "+PublicKey = $(cat $LAB/de-fra1/wg.pub)" $LAB/plan
check_not "and nothing that goes" grep -E '^-[^-]' $LAB/plan
check_not "it has done nothing" lab_run nl-ams1 ip link show wg-int-5

remember
check "it is reloaded on the four" reload $LAB/five.yaml
POPS=$(lab_pops $LAB/five.yaml)
check_same "plan has nothing more to say" "" "$(changes nl-ams1)"
check "meetmed starts on the fifth" lab_meetmed de-fra1
check "the five have converged" lab_wait 90 mesh_converged
check "every loopback pings every other" lab_wait 20 loopbacks_ping
check_undisturbed "when it came"

remember
check "it is taken out on the four" reload $LAB/four.yaml
check "its links and sessions are gone" lab_wait 20 no_fifth
sleep 2 # more pings, while the IGP forgets it
check_undisturbed "when it went"
finish
