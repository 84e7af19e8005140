# bench/pull.sh: for bench/run.sh. Ten objects change upstream: when the new
# state is in force, in the engine and in BIRD, after git's fetch has ended.

# bench_pull: the engine logs how long it took after the fetch; a reader of
# the log stamps that line, and BIRD's own log says when it had the new ROAs.
bench_pull() {
	up=$LAB/upstream
	cp -r $LAB/registry $up
	[ -e "$registry" ] || tests/registry-generate.sh $up 3000
	git init -q $up
	upstream_commit
	cat >>$LAB/pop/etc/meetme/network.yaml <<-END
		registry:
		  url: $up
	END
	lab_meetme pop reload
	lab_meetme pop registry pull >/dev/null
	tail -n 0 -f $LAB/pop/log | while read -r line; do
		echo "$(now_ms) $line"
	done >$LAB/stamped &
	for i in $(seq 11); do
		pull_ten
	done >$LAB/pulls
	figure "a pull of ten objects, fetched to in force" \
		"$(awk '{ print $1 }' $LAB/pulls | median)" ms 200 "at most"
	figure "and to the ROAs in BIRD's tables" \
		"$(awk '{ print $2 }' $LAB/pulls | median)" ms 200 "at most"
	figure "the whole of it, from a path" \
		"$(awk '{ print $3 }' $LAB/pulls | median)" ms 0 \
		"git's fetch included"
}

# pull_ten: "ENGINE BIRD ALL", milliseconds.
pull_ten() {
	ls -d $up/data/route/* | head -n 10 | while read -r f; do
		echo "origin: AS424240000$((i % 10))" >>"$f"
	done
	upstream_commit
	known=$(reconfigured | wc -l)
	: >$LAB/stamped
	begun=$(now_ms)
	lab_meetme pop registry pull >/dev/null
	ended=$(now_ms)
	lab_wait 5 reconfigured_again
	lab_wait 5 grep -q "in force" $LAB/stamped
	set -- $(sed -n 's/^\([0-9]*\) .* in force, \(.*\) ms after.*/\1 \2/p' \
		$LAB/stamped)
	at=$(date -d "$(reconfigured | tail -n 1 | cut -d ' ' -f 1,2)" +%s%N)
	echo "$2 $((at / 1000000 - $1 + $2)) $((ended - begun))"
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
