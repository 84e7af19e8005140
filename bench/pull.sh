# bench/pull.sh: for bench/run.sh. Ten objects change upstream: when the new
# state is in force, in the engine, in BIRD, and for a route of a peer's, after
# git's fetch has ended.

# bench_pull: the engine logs how long it took after the fetch; a reader of
# the log stamps that line, and BIRD says when it had the new ROAs, and since
# when it has the route as it is.
bench_pull() {
	up=$LAB/upstream
	cp -r $LAB/registry $up
	if [ ! -e "$registry" ]; then
		tests/registry-generate.sh $up 3000
		cp $LAB/registry/data/filter*.txt $up/data # with the peer's
	fi
	net=172.20.$(cat $LAB/out/number).0/24
	peer_roa $BASE
	git init -q $up
	upstream_commit
	cat >>$LAB/pop/etc/meetme/network.yaml <<-END
		registry:
		  url: $up
	END
	lab_meetme pop reload
	lab_meetme pop registry pull >/dev/null
	peer_begin
	tail -n 0 -f $LAB/pop/log | while read -r line; do
		echo "$(now_ms) $line"
	done >$LAB/stamped &
	for i in $(seq 11); do
		pull_ten
	done >$LAB/pulls
	peer_end
	figure "a pull of ten objects, fetched to in force" "$(pulls 1)" ms \
		200 "at most"
	figure "and to the ROAs in BIRD's tables" "$(pulls 2)" ms 200 "at most"
	figure "and to a peer's route taken or refused by them" "$(pulls 3)" \
		ms 200 "at most"
	figure "the whole of it, from a path" "$(pulls 4)" ms 0 \
		"git's fetch included"
}

# peer_begin: the peer's route is there. As its latency is not known, BIRD's
# files change with a pull alone.
peer_begin() {
	lab_run out sysctl -qw net.ipv6.icmp.echo_ignore_all=1
	create_out
	lab_apply out out $BASE
	lab_wait 30 route_since || lab_die "the POP lacks $net"
}

peer_end() {
	lab_ssh out out peer_remove --yes >/dev/null
	lab_bird_remove out as$BASE
	lab_wg_down out $lab_ifname
	lab_run out sysctl -qw net.ipv6.icmp.echo_ignore_all=0
}

# peer_roa ASN: who may announce its network.
peer_roa() {
	sed -i "s/^origin:.*/origin: AS$1/" \
		"$up/data/route/$(echo $net | tr / _)"
}

# pulls N: the median of that column.
pulls() {
	awk -v n="$1" '{ print $n }' $LAB/pulls | median
}

# pull_ten: "ENGINE BIRD ROUTE ALL", milliseconds. The peer's route loses its
# ROA, and has it again, by turns.
pull_ten() {
	ls -d $up/data/route/* | head -n 9 | while read -r f; do
		echo "origin: AS424240000$((i % 10))" >>"$f"
	done
	peer_roa $((BASE + i % 2))
	upstream_commit
	known=$(reconfigured | wc -l)
	: >$LAB/stamped
	begun=$(now_ms)
	lab_meetme pop registry pull >/dev/null
	ended=$(now_ms)
	lab_wait 5 reconfigured_again
	lab_wait 5 grep -q "in force" $LAB/stamped
	[ $((i % 2)) = 0 ] && filtered= || filtered=filtered
	lab_wait 5 route_since $filtered
	set -- $(sed -n 's/^\([0-9]*\) .* in force, \(.*\) ms after.*/\1 \2/p' \
		$LAB/stamped)
	fetched=$(($1 - $2))
	echo "$2 $(($(ms_of "$(reconfigured | tail -n 1 | cut -c 1-23)") -
		fetched)) $(($(ms_of "$(route_since $filtered)") -
		fetched)) $((ended - begun))"
}

# ms_of TIME: as now_ms has it.
ms_of() {
	echo $(($(date -d "$1" +%s%N) / 1000000))
}

# route_since [filtered]: since when BIRD has it of the peer as it is.
route_since() {
	lab_run pop birdc show route "$@" $net |
		sed -n 's/.*\[ebgp_as[^ ]* \([0-9:.]*\).*/\1/p' | grep .
}

reconfigured() {
	grep Reconfigured $LAB/pop/run/bird/log
}

reconfigured_again() {
	[ "$(reconfigured | wc -l)" -gt "$known" ]
}

upstream_commit() {
	git -C $up add -A
	git -C $up -c user.name=lab -c user.email=lab@lab.invalid \
		commit -q -m bench
}
