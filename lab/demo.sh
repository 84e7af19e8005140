#!/bin/sh
# lab/demo.sh [stop]: `./run demo`. A POP and an outside network, in
# namespaces; a peering is created over SSH with the stock client, and what
# peer_config prints is applied on the other side as it is. The lab stays up
# until `lab/demo.sh stop`.
. "$(dirname "$0")/lab.sh"
cd "$LAB_TOP" || exit 1
STATE=build/demo
ASN=4242421344

# stop: ends the demo that is up, if one is; by one id, all of it.
stop() {
	pid=$(cat $STATE/pid 2>/dev/null)
	if grep -aqs meetme-demo "/proc/${pid:-0}/cmdline"; then
		lab_kill "$pid" KILL
		echo "The demo that was up has been ended."
	fi
	rm -rf $STATE
}

# start: a process that holds the namespaces, and in them the rest of this.
start() {
	[ "$(id -u)" -eq 0 ] || lab_die "needs root"
	mkdir -p $STATE
	setsid unshare --pid --mount --net --uts --fork --kill-child \
		--mount-proc sh -c 'sleep infinity & wait' meetme-demo \
		>$STATE/log 2>&1 </dev/null &
	pid=$!
	echo $pid >$STATE/pid
	children=/proc/$pid/task/$pid/children
	lab_wait 10 grep -q . $children || lab_die "no namespaces"
	LAB_INSIDE=1 nsenter -t "$(tr -d ' ' <$children)" \
		--pid --mount --root --net --uts -- \
		sh "$LAB_TOP/lab/demo.sh" inside </dev/null && return
	stop >/dev/null
	lab_die "the demo failed"
}

# say TEXT: a line of the story.
say() {
	printf '\n== %s\n' "$*"
}

# visitor COMMAND...: the stock SSH client, on the visitor's router; what it
# prints is kept as $LAB/answer, too.
visitor() {
	printf '\nstranger@outside $ ssh -p 4242 stranger@pop.lab %s\n' "$*"
	lab_run outside ssh -p 4242 stranger@pop.lab "$@" >$LAB/answer
	status=$?
	cat $LAB/answer
	return $status
}

tell() {
	say "A POP of AS$LAB_ASN, and AS$ASN, whose maintainer STRANGER-MNT" \
		"stands in the registry"
	lab_outside outside $ASN
	lab_maintainer STRANGER-MNT $ASN "$LAB/outside/ssh/id_ed25519.pub"
	lab_pop pop

	say "The visitor asks for a peering"
	begun=$(date +%s%N)
	visitor peer_create --asn $ASN --key "$(cat $LAB/outside/wg.pub)" \
		--endpoint 2001:db8::1 --port 51820 || return 1

	say "and applies what peer_config prints, with the private key put in"
	ifname=$(lab_ssh outside stranger peer_config --json |
		jq -r .wg_quick_name)
	visitor peer_config --wg-quick || return 1
	lab_wg_up outside "$ifname" $LAB/answer || return 1
	visitor peer_config --bird || return 1
	lab_bird_add outside meetme $LAB/answer || return 1
	lab_wait 30 lab_established outside || return 1
	ended=$(date +%s%N)

	say "Both sides are Established; pings"
	both_ways || return 1
	visitor peer_status || return 1
	say "From peer_create to Established:" \
		"$(echo "$begun $ended" |
			awk '{ printf "%.1f", ($2 - $1) / 1e9 }') seconds"
	farewell
}

# Routes reach the kernel a moment after the session is up.
both_ways() {
	lab_wait 10 lab_ping outside "$(lab_loopback6 outside)" \
		fd28:7515:7d51:a::1 || return 1
	lab_wait 10 lab_ping outside "$(lab_loopback4 outside)" \
		172.22.144.161 || return 1
	for to in 172.22.144.161 fd28:7515:7d51:a::1; do
		lab_run outside ping -c 1 -W 5 $to | sed -n 2p
	done
	for to in "$(lab_loopback4 outside)" "$(lab_loopback6 outside)"; do
		lab_run pop ping -c 1 -W 5 "$to" | sed -n 2p
	done
}

farewell() {
	cat <<-END

		The lab stays up. Log in as the visitor, and look at both sides:

		    lab/enter outside ssh -p 4242 stranger@pop.lab
		    lab/enter outside birdc show protocols
		    lab/enter pop wg show
		    lab/enter pop meetme --root $LAB/pop status

		End it with

		    lab/demo.sh stop
	END
}

case ${1:-} in
inside)
	lab_init
	tell
	;;
stop) stop ;;
'')
	stop
	start
	;;
*)
	echo "usage: lab/demo.sh [stop]" >&2
	exit 64
	;;
esac
