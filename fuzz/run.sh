#!/bin/sh
# fuzz/run.sh [TARGET ...]: builds each fuzz target with libFuzzer and the
# sanitizers, and runs it on its corpus for FUZZ_SECONDS (60). New inputs stay
# in build/fuzz/corpus; an input that fails is kept in build/fuzz and named.
cd "$(dirname "$0")/.." || exit 1

seconds=${FUZZ_SECONDS:-60}
out=build/fuzz
[ $# -gt 0 ] || set -- $(ls fuzz/fuzz_*.c | sed 's|.*/fuzz_||; s|\.c$||')

mkdir -p $out
bad=0
# Warnings are gcc's to give, as in all other builds.
for t in "$@"; do
	make CC=clang VARIANT=fuzz REPLAY= CFLAGS_fuzz="-O1 -g -w \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=all -fno-omit-frame-pointer" \
		$out/fuzz/fuzz_$t >$out/$t.log 2>&1 || {
		echo "$t: FAILED to build, see $out/$t.log"
		bad=1
		continue
	}
	mkdir -p $out/corpus/$t
	if $out/fuzz/fuzz_$t -max_total_time=$seconds -artifact_prefix=$out/$t- \
		-rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
		$out/corpus/$t fuzz/corpus/$t >$out/$t.log 2>&1; then
		sed -n 's/^stat::number_of_executed_units: *//p' $out/$t.log |
			sed "s/^/$t: good, runs: /"
	else
		echo "$t: FAILED, see $out/$t.log"
		grep -m3 -E 'ERROR|SUMMARY|written to' $out/$t.log
		bad=1
	fi
done
exit $bad
