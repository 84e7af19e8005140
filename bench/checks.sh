#!/bin/sh
# bench/checks.sh: for bench/run.sh, in a lab of its own. trace and routes,
# side by side with what a person would type.
. "$(dirname "$0")/../lab/lab.sh"
cd "$LAB_TOP" || exit 1
. bench/figure.sh
. tests/chain.sh

# took COMMAND...: its milliseconds, on the POP.
took() {
	before=$(date +%s%N)
	lab_run pop "$@" >/dev/null 2>&1
	echo "$before $(date +%s%N)" | awk '{ print ($2 - $1) / 1000000 }'
	sleep 1.1 # Linux answers six of a kind at once, then one a second
}

# bench_trace: five hops that answer, by turns.
bench_trace() {
	for to in 172.20.5.1 fd42:5::1; do
		rm -f $LAB/theirs $LAB/ours
		for i in 1 2 3 4 5 6 7 8 9 10 11; do
			took traceroute -q 1 $to >>$LAB/theirs
			took meetme --root $LAB/pop trace $to >>$LAB/ours
		done
		figure "trace over five hops, $to" "$(median <$LAB/ours)" ms \
			"$(median <$LAB/theirs)" "traceroute -q 1; at most 1"
	done
}

# bench_routes: to the first line and to the last, on 100,000 routes that the
# kernel has too.
bench_routes() {
	awk 'BEGIN {
		for (i = 0; i < 100000; i++)
			printf "route add 10.%d.%d.%d/29 dev op0 proto bird\n",
				i / 8192 % 256, i / 32 % 256, i % 32 * 8
	}' | lab_run pop ip -batch -
	awk 'BEGIN {
		print "protocol static many { ipv4;"
		for (i = 0; i < 100000; i++)
			printf "route 10.%d.%d.%d/29 via \"op0\";\n",
				i / 8192 % 256, i / 32 % 256, i % 32 * 8
		print "}"
	}' >>$LAB/pop/etc/bird/bird.conf
	lab_run pop birdc configure >/dev/null
	lab_wait 30 many_there || lab_die "BIRD lacks the routes"
	for i in 1 2 3 4 5; do
		before=$(date +%s%N)
		lab_meetme pop routes | {
			read -r line
			echo "$before $(date +%s%N)" >>$LAB/first
			cat >/dev/null
		}
		echo "$before $(date +%s%N)" >>$LAB/last
	done
	figure "routes, 100,000 of them, to the first" \
		"$(span <$LAB/first)" ms 200 "at most"
	before=$(now_ms)
	lab_run pop birdc show route all >/dev/null
	figure "routes, to the last, each explained" "$(span <$LAB/last)" ms \
		$(($(now_ms) - before)) "birdc show route all"
	figure "memory of the engine then, at most" "$(engine_peak)" MB 32 \
		"at most"
}

# span: the median of lines "BEFORE AFTER" in nanoseconds, in milliseconds.
span() {
	awk '{ print ($2 - $1) / 1000000 }' | median
}

many_there() {
	[ "$(lab_run pop birdc show route protocol many count |
		awk '/^[0-9]+ of/ { print $1; exit }')" = 100000 ]
}

engine_peak() {
	for p in $(lab_tree "$(cat $LAB/pop/meetmed)"); do
		if tr '\0' ' ' <"/proc/$p/cmdline" | grep -q 'role engine'; then
			awk '$1 == "VmHWM:" { print $2 / 1024 }' "/proc/$p/status"
		fi
	done
}

lab_init "$@"
CHAIN_MS=4
chain_make
lab_wait 30 lab_run pop ping -qc 1 -W 1 172.20.5.1
bench_trace
bench_routes
