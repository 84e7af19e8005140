#!/bin/sh
# tests/run.sh [NAME...]: `make check`. Builds and runs the unit tests and the
# fuzz corpora under the sanitizers, lint, and tests/system/*.sh with the
# release build; or only those NAMEs (unit/ip, fuzz/object, lint, create).
# Output is kept in build/test-logs/. In CI a skip is a failure.
#
# A line that begins with "ok" or "not ok" in a log is a check; a log without
# any is one check, by the exit status. 77: skipped, reason in the last line.
cd "$(dirname "$0")/.." || exit 1
LOGS=build/test-logs
LIMIT=300 # seconds for a test
passed=0 failed=0 skipped=0

# wanted NAME: is it one of those that were asked for?
wanted() {
	[ -n "$names" ] || return 0
	case " $names " in *" $1 "*) return 0 ;; esac
	return 1
}

# start NAME CMD...: runs a test; its log, seconds and exit status are kept.
start() {
	log=$LOGS/$(echo "$1" | tr / -)
	shift
	begun=$(date +%s%N)
	timeout -k 5 $LIMIT "$@" >"$log.log" 2>&1 </dev/null
	echo "$? $((($(date +%s%N) - begun) / 10000000))" >"$log.result"
}

# report NAME: its line, and the counts.
report() {
	log=$LOGS/$(echo "$1" | tr / -)
	read -r status time <"$log.result"
	good=$(grep -Ec '^ok |^\[       OK \] ' "$log.log")
	bad=$(grep -Ec '^not ok |^\[  FAILED  \] [^0-9]*$' "$log.log")
	word=ok
	case $status in
	0) [ "$good" -gt 0 ] || good=1 ;;
	77) word=skip ;;
	*)
		word=FAILED
		[ "$bad" -gt 0 ] || bad=1
		;;
	esac
	printf '%-6s %7s s %4s  %s\n' $word \
		"$((time / 100)).$(printf %02d $((time % 100)))" \
		"$((good + bad))" "$1"
	[ $word != FAILED ] || failure "$log.log"
	if [ $word = skip ]; then
		tail -n 1 "$log.log"
		if [ "${CI:-}" = true ]; then bad=1; else
			skipped=$((skipped + 1)); fi
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
}

# failure LOG: what went wrong, and the log's end.
failure() {
	[ "$status" -ne 124 ] || echo "    no end after $LIMIT s"
	grep -A 8 '^not ok' "$1" | head -n 40 | sed 's/^/    /'
	echo "    ... the end of $1:"
	tail -n 25 "$1" | sed 's/^/    /'
}

# run NAME CMD...: one test, at once.
run() {
	wanted "$1" || return 0
	start "$@"
	report "$1"
}

# build NAME MAKE-ARG...: a build is a test too.
build() {
	start "$@"
	log=$LOGS/$(echo "$1" | tr / -)
	read -r status time <"$log.result"
	[ "$status" -eq 0 ] || report "$1"
	return "$status"
}

unit_tests() {
	for f in tests/unit/*.c; do
		name=${f#tests/unit/test_}
		run "unit/${name%.c}" "build/asan/${f%.c}"
	done
}

fuzz_corpora() {
	for f in fuzz/fuzz_*.c; do
		name=${f#fuzz/fuzz_}
		name=${name%.c}
		[ -e "$f" ] && run "fuzz/$name" "build/asan/fuzz/fuzz_$name" \
			"fuzz/corpus/$name"
	done
}

# Two at a time, each in a lab of its own. They are reported in order.
system_tests() {
	set --
	for f in tests/system/*.sh; do
		name=${f#tests/system/}
		name=${name%.sh}
		wanted "$name" && [ -e "$f" ] && set -- "$@" "$name"
	done
	one_by_one "$@" &
	one_by_one "$@" &
	for name; do
		until [ -s $LOGS/$name.result ]; do sleep 0.2; done
		report "$name"
	done
	wait
}

# one_by_one NAME...: runs those that nobody else has begun: mkdir can be done
# once.
one_by_one() {
	for name; do
		mkdir "$LOGS/$name.begun" 2>/dev/null || continue
		start "$name" sh "tests/system/$name.sh"
	done
}

names=$*
rm -rf $LOGS
mkdir -p $LOGS
if build build make -s all tools; then
	wanted lint && start lint tests/lint.sh &
	if build build/asan make -s VARIANT=asan unit fuzz-replay; then
		unit_tests
		fuzz_corpora
	fi
	wait
	! wanted lint || report lint
	system_tests
fi
if [ $((passed + failed + skipped)) -eq 0 ]; then
	echo "no test was run"
	failed=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
