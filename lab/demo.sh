#!/bin/sh
# lab/demo.sh [stop]: `./run demo`. Four POPs and two outside networks, in
# namespaces; peerings are created over SSH with the stock client, and what
# peer_config prints is applied on the other side as it is. The lab stays up
# until `lab/demo.sh stop`.
. "$(dirname "$0")/lab.sh"
cd "$LAB_TOP" || exit 1
STATE=build/demo
FILE=examples/full-mesh.yaml

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

# visitor NAME POP COMMAND...: the stock SSH client, on the visitor's router;
# what it prints is kept as $LAB/answer, too.
visitor() {
	at=$1 LAB_POP=$2
	shift 2
	printf '\n%s $ ssh -p 4242 %s@%s.lab %s\n' $at $at $LAB_POP "$*"
	lab_run $at ssh -p 4242 $at@$LAB_POP.lab "$@" >$LAB/answer
	status=$?
	cat $LAB/answer
	return $status
}

# operator POP COMMAND...: as root on a POP of ours.
operator() {
	at=$1
	shift
	printf '\nroot@%s # meetme %s\n' "$at" "$*"
	lab_meetme "$at" "$@"
}

tell() {
	say "The four POPs of $FILE, AS$LAB_ASN. They have only IPv6"
	lab_mesh $FILE
	outside stranger 4242421344
	outside traveller 4242423588
	operator nl-ams1 pops || return 1
	begun=$(date +%s%N)
	ids=
	for pop in $(lab_pops $FILE); do
		lab_meetmed "$pop" &
		ids="$ids $!"
	done
	wait $ids
	lab_wait 60 every_pop ibgp || return 1
	say "From nothing to iBGP of all with all over WireGuard and babel:" \
		"$(seconds)"

	say "Two maintainers of the registry ask for peerings, in Amsterdam"
	begun=$(date +%s%N)
	peering stranger nl-ams2 || return 1
	say "Established: $(seconds) from peer_create. And in Warsaw"
	begun=$(date +%s%N)
	peering traveller pl-waw1 >$LAB/told || return 1
	say "Established: $(seconds) from peer_create"

	say "From one to the other, through the mesh"
	pings stranger traveller || return 1
	visitor stranger nl-ams2 peer_status || return 1
	operator nl-ams2 status || return 1
	farewell
}

# outside NAME ASN: a network of that maintainer.
outside() {
	lab_outside $1 $2
	lab_maintainer $1 $2 $LAB/$1/ssh/id_ed25519.pub
}

# peering NAME POP: a visitor creates one, and applies what peer_config
# prints, with the private key put in.
peering() {
	visitor $1 $2 peer_create --key "$(cat $LAB/$1/wg.pub)" \
		--endpoint "$(lab_ip6 $1)" --port 51820 || return 1
	ifname=$(lab_ssh $1 $1 peer_config --json | jq -r .wg_quick_name)
	visitor $1 $2 peer_config --wg-quick || return 1
	lab_wg_up $1 "$ifname" $LAB/answer || return 1
	visitor $1 $2 peer_config --bird || return 1
	lab_bird_add $1 meetme $LAB/answer || return 1
	lab_wait 30 lab_established $1
}

# Routes reach the kernels a moment after the sessions are up.
pings() {
	lab_wait 20 lab_ping $1 "$(lab_loopback4 $1)" "$(lab_loopback4 $2)" &&
		lab_wait 20 lab_ping $1 "$(lab_loopback6 $1)" \
			"$(lab_loopback6 $2)" || return 1
	for to in "$(lab_loopback4 $2)" "$(lab_loopback6 $2)"; do
		lab_run $1 ping -c 1 -W 5 "$to" | sed -n 2p
	done
}

# every_pop CMD: CMD POP for each.
every_pop() {
	for pop in $(lab_pops $FILE); do
		"$1" "$pop" || return 1
	done
}

ibgp() {
	[ "$(lab_run "$1" birdc show protocols |
		grep -c '^ibgp_.*Established')" -eq 3 ]
}

# seconds: since $begun.
seconds() {
	echo "$begun $(date +%s%N)" |
		awk '{ printf "%.1f seconds", ($2 - $1) / 1e9 }'
}

farewell() {
	cat <<-END

		The lab stays up. Log in as the visitor, and look around:

		    lab/enter stranger ssh -p 4242 stranger@nl-ams2.lab
		    lab/enter stranger birdc show protocols
		    lab/enter pl-waw1 wg show
		    lab/enter pl-waw1 meetme --root $LAB/pl-waw1 status

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
