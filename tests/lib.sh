# tests/lib.sh: for tests/system/*.sh, over the lab. A test script prints a
# line for each thing that it checked, and ends with finish:
#
#	ok WHAT
#	not ok WHAT
#
#	. "$(dirname "$0")/../lib.sh"
#	lab_init "$@"
#	check "out pings pop" lab_run out ping -c 1 pop.lab
#	finish

. "$(dirname "$0")/../../lab/lab.sh"

test_failed=0

ok() {
	echo "ok $*"
}

not_ok() {
	echo "not ok $*"
	test_failed=$((test_failed + 1))
}

# check WHAT CMD...: CMD must succeed; its output is shown when it does not.
check() {
	test_what=$1
	shift
	if test_out=$("$@" 2>&1); then
		ok "$test_what"
	else
		not_ok "$test_what"
		printf '%s\n' "$*" "$test_out" | sed 's/^/    /'
		return 1
	fi
}

# check_not WHAT CMD...: CMD must fail.
check_not() {
	test_what=$1
	shift
	if test_out=$("$@" 2>&1); then
		not_ok "$test_what"
		printf '%s\n' "$*" "$test_out" | sed 's/^/    /'
		return 1
	else
		ok "$test_what"
	fi
}

# check_says WHAT PATTERN CMD...: CMD's output, errors too, has PATTERN (ERE).
check_says() {
	test_what=$1
	test_pattern=$2
	shift 2
	test_out=$("$@" 2>&1)
	if printf '%s\n' "$test_out" | grep -Eq -e "$test_pattern"; then
		ok "$test_what"
	else
		not_ok "$test_what: no \"$test_pattern\""
		printf '%s\n' "$*" "$test_out" | sed 's/^/    /'
		return 1
	fi
}

# check_same WHAT A B: two texts are equal; shows where they differ.
check_same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf '%s\n' "$2" >$LAB/wanted
		printf '%s\n' "$3" | diff $LAB/wanted - | sed 's/^/    /'
		return 1
	fi
}

# sessions HOST [NAME]: "NAME STATE SECONDS INFO" of each BGP session of the
# host's BIRD, but NAME's; SECONDS is the time of day since when.
sessions() {
	lab_run "$1" birdc show protocols | awk -v not="${2:-}" '
		$2 == "BGP" && $1 != not {
			split($5, t, ":")
			print $1, $4, t[1] * 3600 + t[2] * 60 + t[3], $6
		}'
}

# check_steady WHAT BEFORE AFTER: two outputs of sessions() have the same
# sessions, up since the same moment; BIRD's own account of that wavers by a
# millisecond.
check_steady() {
	printf '%s\n' "$2" >$LAB/steady1
	printf '%s\n' "$3" >$LAB/steady2
	check "$1" steady
}

steady() {
	paste -d ' ' $LAB/steady1 $LAB/steady2 | awk '
		$1 != $5 || $2 != $6 || $3 - $7 > 0.01 || $7 - $3 > 0.01 ||
			$4 != $8 || NF != 8 { print; bad = 1 }
		END { exit bad || NR == 0 }'
}

# skip REASON: this machine cannot run the test.
skip() {
	echo "skip $*"
	exit 77
}

# finish: the script's exit status.
finish() {
	[ $test_failed -eq 0 ]
	exit
}
