#!/bin/sh
# tests/lint.sh: layout, static checks, and the house's own rules.
cd "$(dirname "$0")/.." || exit 1
. tests/lint.allow

bad=0
complain() {
	echo "$*"
	bad=1
}

# allowed RULE FILE[:FUNCTION]: stands in tests/lint.allow, with a reason.
allowed() {
	printf '%s\n' "$ALLOW" | grep -q "^$1 $2 [a-z]"
}

sources() {
	git ls-files -co --exclude-standard 'src/*.[ch]' 'tests/*.[ch]' \
		'fuzz/*.[ch]' 'bench/*.[ch]'
}

# function_lengths FILE...: "LINES FILE:FUNCTION" of each.
function_lengths() {
	awk '/^[a-z_]+\(/ { name = $0; sub(/\(.*/, "", name) }
		/^\{/ { start = FNR }
		/^\}/ && start { print FNR - start - 1, FILENAME ":" name
			start = 0 }' "$@"
}

# upward_includes: a folder includes only those to its right in FOLDERS.
upward_includes() {
	folders=$(make -s --no-print-directory -pn 2>/dev/null |
		sed -n 's/^FOLDERS := //p')
	for f in $(git ls-files -co --exclude-standard 'src/*.[ch]'); do
		awk -v folders="$folders" '
			BEGIN { n = split(folders, list, " ")
				for (i = 1; i <= n; i++) place[list[i]] = i }
			/^#include "/ {
				split($2, to, /[\/"]/)
				split(FILENAME, from, "/")
				if (place[to[2]] < place[from[2]])
					print FILENAME ":" FNR ": " from[2] \
						" stands below " to[2]
			}' "$f"
	done
}

sources | xargs clang-format --dry-run -Werror || bad=1

# The two system headers whose macros look like no C; and what it guesses
# wrongly here: it does not know _Noreturn functions of other files, nor that
# a pointer handed to a function may be for its result.
cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr \
	--enable=warning,performance,portability -Isrc \
	--include="/usr/include/$(gcc -print-multiarch)/sys/queue.h" \
	--include=/usr/include/jansson.h --suppress='*:/usr/include/*' \
	--suppress=nullPointerRedundantCheck --suppress=uninitvar \
	--suppress=ctuuninitvar --suppress=arrayIndexThenCheck \
	$(git ls-files -co --exclude-standard 'src/*.c') || bad=1

for f in $(sources); do
	n=$(wc -l <"$f")
	case $f in
	*.h) [ "$n" -le 60 ] || allowed header "$f" ||
		complain "$f: header of $n lines, over 60" ;;
	esac
	[ "$n" -le 500 ] || allowed file "$f" ||
		complain "$f: $n lines, over 500"
done

function_lengths $(sources) | while read -r n where; do
	[ "$n" -le 60 ] || allowed function "$where" ||
		echo "$where: $n lines, over 60"
done | grep . && bad=1

upward_includes | grep . && bad=1

grep -nE '\b(strcpy|strcat|sprintf|vsprintf|system|popen|gets)\(' \
	$(git ls-files -co --exclude-standard 'src/*.[ch]') && bad=1

exit $bad
