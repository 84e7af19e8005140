# The POPs of a network file, in a mesh over an IPv6-only underlay with delays.
# Part of lab.sh.

# lab_wan NAME MS: a host, called NAME.lab, as a cloud rents one out: IPv6
# only, MS milliseconds from the switch, and the sysctls of a fresh Debian.
lab_wan() {
	lab_number "$1"
	echo "$2" >"$LAB/$1/wan"
	lab_boot "$1"
}

# lab_far NAME MS: whatever makes a host of that name makes it a lab_wan.
lab_far() {
	mkdir -p "$LAB/$1"
	echo "$2" >"$LAB/$1/wan"
}

# lab_wire NAME MS: the wire of a host to the switch, each way MS long. Where
# the kernel has no netem, a program carries each frame, and sees to it.
lab_wire() {
	if ! lab_has_netem; then
		lab_tap "$@"
		return
	fi
	lab_veth "$1"
	tc qdisc add dev "sw-$1" root netem delay "$2ms" limit 10000
	lab_run "$1" tc qdisc add dev eth0 root netem delay "$2ms" limit 10000
}

# lab_has_netem: asked of the kernel once.
lab_has_netem() {
	[ -e $LAB/netem ] || {
		ip link add trynetem type bridge
		tc qdisc add dev trynetem root netem delay 1ms 2>/dev/null &&
			echo yes || echo no
		ip link del trynetem
	} >$LAB/netem
	[ "$(cat $LAB/netem)" = yes ]
}

lab_tap() {
	lab_tool=$LAB_BUILD/tests/tools/delay
	[ -x "$lab_tool" ] || lab_die "make tools first"
	[ -p "$LAB/$1/wire" ] || mkfifo "$LAB/$1/wire"
	"$lab_tool" "$(lab_pid "$1")" eth0 "sw-$1" "$2" \
		>>"$LAB/$1/log" 2>&1 <>"$LAB/$1/wire" &
	lab_wait 10 lab_run "$1" ip link show eth0 || lab_die "no wire to $1"
}

# lab_rewire NAME MS: that wire is MS long from now on.
lab_rewire() {
	if ! lab_has_netem; then
		echo "$2" >"$LAB/$1/wire"
		return
	fi
	tc qdisc change dev "sw-$1" root netem delay "$2ms" limit 10000
	lab_run "$1" tc qdisc change dev eth0 root netem delay "$2ms" \
		limit 10000
}

# lab_cut A B: drops all UDP between two hosts, and tells neither.
lab_cut() {
	ip link show nowhere >/dev/null 2>&1 ||
		{ ip link add nowhere type bridge && ip link set nowhere up; }
	lab_cut_way "$1" "$2"
	lab_cut_way "$2" "$1"
}

lab_cut_way() {
	tc qdisc add dev "sw-$1" clsact 2>/dev/null # or there is one
	tc filter add dev "sw-$1" ingress pref "$(cat "$LAB/$2/number")" \
		protocol ipv6 u32 match ip6 protocol 17 0xff \
		match ip6 dst "$(lab_ip6 "$2")/128" \
		action mirred egress redirect dev nowhere
}

# lab_mend A B: the end of that.
lab_mend() {
	tc filter del dev "sw-$1" ingress pref "$(cat "$LAB/$2/number")"
	tc filter del dev "sw-$2" ingress pref "$(cat "$LAB/$1/number")"
}

# lab_pops FILE: the names of the POPs of a network file.
lab_pops() {
	sed -n 's/^  - name: //p' "$1"
}

# lab_mesh FILE: makes a host for each POP of a network file, with all that
# meetmed needs; it does not run yet.
lab_mesh() {
	for lab_m in $(lab_pops "$1"); do
		lab_mesh_host "$lab_m"
	done
	for lab_m in $(lab_pops "$1"); do
		lab_mesh_network "$1" "$lab_m"
	done
}

# lab_mesh_host NAME: one of them, with BIRD, but without the network file.
lab_mesh_host() {
	lab_wan "$1" "$(lab_distance "$1")"
	mkdir -p "$LAB/$1/etc/meetme" "$LAB/$1/etc/bird/meetme" \
		"$LAB/$1/var/lib/meetme"
	ln -sfn $LAB/registry "$LAB/$1/var/lib/meetme/registry"
	echo "Welcome to $1." >"$LAB/$1/etc/meetme/motd"
	(umask 077 && wg genkey >"$LAB/$1/etc/meetme/wg.key")
	wg pubkey <"$LAB/$1/etc/meetme/wg.key" >"$LAB/$1/wg.pub"
	echo 'router id 192.0.2.1; protocol device {}' \
		>"$LAB/$1/etc/bird/meetme/meetme.conf" # until meetmed runs
	cat >"$LAB/$1/etc/bird/bird.conf" <<-END
		log "/run/bird/log" all;
		include "meetme/meetme.conf";
	END
	lab_bird "$1" || lab_die "no BIRD on $1"
}

# lab_distance NAME: milliseconds from the middle of Europe.
lab_distance() {
	case $1 in
	nl-ams1) echo 1 ;;
	nl-ams2) echo 2 ;;
	fr-par1) echo 5 ;;
	pl-waw1) echo 10 ;;
	*) echo 3 ;;
	esac
}

# lab_mesh_network FILE NAME: FILE is the network file of POP NAME from now
# on, with the lab's keys and endpoints for those that stand in it, and
# endpoints of visitors may be of the lab; all else is as it stands there.
lab_mesh_network() {
	awk -v lab=$LAB '
		$2 == "name:" { pop = $3 }
		pop && $1 == "endpoint:" { sub(/: .*/, ": " pop ".lab") }
		pop && $1 == "public_key:" {
			getline key <(lab "/" pop "/wg.pub")
			sub(/: .*/, ": \"" key "\"")
		}
		{ print }
		$1 == "endpoints:" { print "  allow: [documentation]" }' \
		"$1" >"$LAB/$2/etc/meetme/network.yaml"
}

# lab_pop_kill NAME: its power fails. All its processes, tunnels, routes and
# its wire are gone at once; what is on its disk stays.
lab_pop_kill() {
	lab_netns=$(readlink "/proc/$(lab_pid "$1")/ns/net")
	lab_doomed=$(lab_tree "$(cat "$LAB/$1/meetmed")")
	while [ -n "$lab_doomed" ]; do
		# shellcheck disable=SC2086
		kill -KILL $lab_doomed 2>/dev/null
		lab_doomed=$(lab_of_netns "$lab_netns")
	done
	lab_wait 10 sh -c '! ip link show "$1"' sh "sw-$1"
}

# lab_of_netns NETNS: the processes in that network namespace.
lab_of_netns() {
	for lab_proc in /proc/[0-9]*; do
		[ "$(readlink "$lab_proc/ns/net")" != "$1" ] ||
			echo "${lab_proc#/proc/}"
	done 2>/dev/null
}

# lab_pop_boot NAME: it starts again, BIRD and meetmed too.
lab_pop_boot() {
	lab_boot "$1"
	lab_bird "$1" && lab_meetmed "$1"
}

# lab_peer HOST USER ASN POP: a visitor creates a peering with a POP over SSH,
# and applies what peer_config prints.
lab_peer() {
	(
		LAB_POP=$4
		lab_ssh "$1" "$2" peer_create --asn "$3" \
			--key "$(cat "$LAB/$1/wg.pub")" \
			--endpoint "$(lab_ip6 "$1")" --port 51820 &&
			lab_apply "$1" "$2" "$3"
	)
}

# lab_pop4 POP, lab_pop6 POP: its loopbacks, as its network file has them.
lab_pop4() {
	lab_of_pop "$1" ipv4:
}

lab_pop6() {
	lab_of_pop "$1" ipv6:
}

lab_of_pop() {
	awk -v pop="$1" -v field="$2" '
		$2 == "name:" { here = $3 == pop }
		here && $1 == field { gsub(/"|\/.*/, "", $2); print $2 }' \
		"$LAB/$1/etc/meetme/network.yaml"
}
