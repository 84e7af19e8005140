# bench/checks.sh: for bench/run.sh. ping and trace, routes, side by side with
# what a person would use.
. "$LAB_TOP/tests/chain.sh"

# took COMMAND...: the median of its milliseconds, of nine runs on the POP.
took() {
	for i in 1 2 3 4 5 6 7 8 9; do
		before=$(date +%s%N)
		lab_run pop "$@" >/dev/null 2>&1
		echo $((($(date +%s%N) - before) / 1000))
		sleep 1.1 # Linux answers one of a kind a second, and six at once
	done | median | awk '{ print $1 / 1000 }'
}

# bench_trace: five hops. Both are asked to name nobody.
bench_trace() {
	for to in 172.20.5.1 fd42:5::1; do
		theirs=$(took traceroute -n -q 1 $to)
		ours=$(took meetme --root $LAB/pop trace $to)
		figure "trace over five hops, $to" "$ours" ms "$theirs" \
			"traceroute -n -q 1; at most 1"
	done
}

# bench_routes: to the first line and to the last, on 100,000 routes.
bench_routes() {
	awk 'BEGIN {
		print "protocol static many { ipv4;"
		for (i = 0; i < 100000; i++)
			printf "route 10.%d.%d.%d/29 via \"op0\";\n",
				i / 8192 % 256, i / 32 % 256, i % 32 * 8
		print "}"
	}' >>$LAB/pop/etc/bird/bird.conf
	lab_run pop birdc configure >/dev/null
	lab_wait 30 many_there
	for i in 1 2 3 4 5; do
		before=$(date +%s%N)
		lab_meetme pop routes | {
			read -r line
			echo $((($(date +%s%N) - before) / 1000)) >>$LAB/first
			cat >$LAB/rest
		}
		echo $((($(date +%s%N) - before) / 1000)) >>$LAB/last
	done
	figure "routes, 100,000 of them, to the first" \
		"$(median <$LAB/first | awk '{ print $1 / 1000 }')" ms 200 \
		"at most"
	before=$(now_ms)
	lab_run pop birdc show route all >/dev/null
	figure "routes, to the last, each explained" \
		"$(median <$LAB/last | awk '{ print $1 / 1000 }')" ms \
		$(($(now_ms) - before)) "birdc show route all"
}

many_there() {
	[ "$(lab_run pop birdc show route protocol many count |
		awk '/^[0-9]+ of/ { print $1; exit }')" = 100000 ]
}
