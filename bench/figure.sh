# bench/figure.sh: what each benchmark prints its result with.

# figure WHAT VALUE UNIT REFERENCE TEXT: a line of the result.
figure() {
	awk -v what="$1" -v v="$2" -v unit="$3" -v ref="$4" -v text="$5" '
		BEGIN {
			printf "%-50s %9.1f %-3s", what, v, unit
			if (ref)
				printf " %5.2f x %s %s", v / ref, ref, unit
			printf " (%s)\n", text
		}'
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}
