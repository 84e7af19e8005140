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

# peerings CMD...: what CMD's `peer_list --json` says, but for what time alone
# changes: since when it is applied, and the latency that is measured.
peerings() {
	"$@" peer_list --json |
		jq 'del(.peerings[] | .applied, .latency, .rtt_us)'
}

# sessions HOST [NAME...]: "NAME STATE SECONDS INFO" of each BGP session of the
# host's BIRD, but those; SECONDS is the time of day since when.
sessions() {
	test_host=$1
	shift
	lab_run "$test_host" birdc show protocols | awk -v not=" $* " '
		$2 == "BGP" && !index(not, " " $1 " ") {
			split($5, t, ":")
			since = t[1] * 3600 + t[2] * 60 + t[3]
			info = $6 == "" ? "-" : $6
			printf "%s %s %.3f %s\n", $1, $4, since, info
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

# tunnels HOST [NAME]: of each tunnel of the host's peerings, but NAME: name,
# index, the peer's endpoint, handshake, counters.
tunnels() {
	lab_run "$1" ip -o link |
		sed -n 's/^\([0-9]*\): \(wg-as[0-9]*\):.*/\1 \2/p' |
		while read -r index dev; do
			[ "$dev" = "${2:-}" ] || echo "$dev $index" \
				"$(lab_run "$1" wg show "$dev" dump |
				awk 'NR == 2 { print $3, $5, $6, $7 }')"
		done
}

# check_tunnels WHAT BEFORE AFTER: two outputs of tunnels() have the same
# interfaces and endpoints; handshakes and counters were not reset.
check_tunnels() {
	printf '%s\n' "$2" >$LAB/tunnels1
	printf '%s\n' "$3" >$LAB/tunnels2
	check "$1" grew
}

grew() {
	paste -d ' ' $LAB/tunnels1 $LAB/tunnels2 | awk '
		$1 != $7 || $2 != $8 || $3 != $9 { print; bad = 1 }
		$4 > $10 || $5 > $11 || $6 > $12 ||
			$3 != "(none)" && !$4 { print; bad = 1 }
		END { exit bad || NR != '"$(wc -l <$LAB/tunnels1)"' }'
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

# fetched PACKAGE...: they are below build/packages, or the test fails.
fetched() {
	"$LAB_TOP/tests/package-fetch.sh" "$@" \
		>"$LAB_TOP/build/package-fetch.log" 2>&1 || {
		tail -n 20 "$LAB_TOP/build/package-fetch.log"
		echo "not ok the packages $* can be had"
		exit 1
	}
}
