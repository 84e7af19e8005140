# bench/links.sh: for bench/run.sh. The tunnels of a POP, as its agent makes
# them.

# bench_kernel: on a real kernel's WireGuard, in a virtual machine.
bench_kernel() {
	KERNEL_SECONDS=1200 tests/kernel/boot.sh bench |
		while read -r what ms other; do
			case $what in
			idle500) figure "500 peerings, an idle converge, qemu" \
				"$ms" ms "$other" "500 times wg show" ;;
			links99) figure "one POP of 100 from nothing, qemu" \
				"$ms" ms "$other" \
				"99 times wg-quick up; at most 0.1" ;;
			more99) figure "one POP more, beside 100, qemu" \
				"$ms" ms "$other" "at most; without BIRD" ;;
			*) echo "$what $ms $other" ;;
			esac
		done
}

# agent HOST OPTION...: the agent alone, with the rights that meetmed leaves
# it. Not as its user: each wireguard-go takes one of a user's 128 inotify
# instances (fs.inotify.max_user_instances), and those of the POP have most.
agent() {
	agent_on=$1
	shift
	lab_run "$agent_on" setpriv --reuid 64210 --regid 64210 \
		--groups "$(getent group bird | cut -d : -f 3)" \
		--inh-caps=-all,+net_admin --ambient-caps +net_admin \
		--bounding-set=-all,+net_admin "$APPLY" \
		--root "$LAB/$agent_on" --host 2001:db8::7 "$@" 2>/dev/null
}

# mesh_host NAME: a host with BIRD, for the agent alone.
mesh_host() {
	lab_host "$1"
	mkdir -p "$LAB/$1/etc/bird/meetme/peers"
	echo 'router id 192.0.2.1; protocol device {}' \
		>"$LAB/$1/etc/bird/meetme/meetme.conf"
	echo 'include "meetme/meetme.conf";' >"$LAB/$1/etc/bird/bird.conf"
	chown -R 64210:bird "$LAB/$1/etc/bird/meetme" "$LAB/$1/run/wireguard"
	lab_bird "$1" || lab_die "no BIRD on $1"
}

# links_end HOST: takes all tunnels away, and with them each wireguard-go.
links_end() {
	lab_run "$1" ip -o link | sed -n 's/.* \(wg-[^:]*\):.*/\1/p' |
		while read -r i; do lab_run "$1" ip link delete "$i"; done
}

quick_up() {
	lab_run quick sh -c 'for f in /etc/wireguard/*.conf; do
		f=${f##*/}
		wg-quick up ${f%.conf} || exit 1
	done' >$LAB/quick/log 2>&1
}

# The links of one POP of 100, and one more. At each change of a link all the
# wireguard-go wake up: that is most of the time, and the IPv4 address with its
# routes a third of that.
bench_links() {
	mesh_host mesh
	ours=$(agent mesh --links 99 0 | sed 's/.* ms //')
	lab_host quick
	(umask 077 && wg genkey >$LAB/quick/key)
	"$APPLY" --host 2001:db8::7 --links 99 \
		--wg-quick $LAB/quick/etc/wireguard 0
	sed -i "s|/etc/meetme/wg.key|$LAB/quick/key|" \
		$LAB/quick/etc/wireguard/*.conf
	begun=$(now_ms)
	quick_up || tail $LAB/quick/log
	figure "one POP of 100 from nothing, wireguard-go" "$ours" ms \
		$(($(now_ms) - begun)) "99 times wg-quick up"
	links_end quick
	sleep 5 # a hundred wireguard-go have just ended
	figure "one POP more, beside 100, with BIRD" \
		"$(agent mesh --links 99 --grow --repeat 11 0 |
			sed -n 's/^median ms //p')" ms 50 \
		"at most; wireguard-go"
	links_end mesh
}
