#!/bin/sh
# The whole registry, where it is found: all keys, as ssh-keygen sees them, and
# all AS numbers, as a few lines of awk see them, are in the index. The archive
# is $MEETME_REGISTRY_ARCHIVE, or that of the folder beside the project's.
. "$(dirname "$0")/../lib.sh"

archive=${MEETME_REGISTRY_ARCHIVE:-$LAB_TOP/../shared/registry/registry.tar.xz}
keys=${MEETME_REGISTRY_KEYS:-1028}
[ -r "$archive" ] ||
	skip "no registry: set MEETME_REGISTRY_ARCHIVE to a registry.tar.xz"

tmp=$(mktemp -d)
trap 'rm -r "$tmp"' EXIT
tar -xJf "$archive" -C "$tmp" || skip "cannot unpack $archive"
registry=$(dirname "$(find "$tmp" -type d -name data | head -n 1)")

# expected_keys: "key MNTNER FINGERPRINT"; ssh-keygen prints the comment.
expected_keys() {
	(cd "$registry/data/mntner" && awk '
		/^auth:/ && $2 ~ /^(ssh|ecdsa|sk)-/ { print $2, $3, FILENAME }
	' *) >"$tmp/authorized"
	ssh-keygen -l -f "$tmp/authorized" | awk '{ print "key", $3, $2 }'
}

# expected_asns: "asn MNTNER NUMBER"; AS0 is nobody's (RFC 7607).
expected_asns() {
	(cd "$registry/data/aut-num" && awk '
		/^mnt-by:/ && FILENAME != "AS0" {
			print "asn", $2, substr(FILENAME, 3)
		}' *)
}

# all_of WHAT EXPECTED: the index has exactly the lines of that file.
all_of() {
	grep "^$1 " "$tmp/index" | LC_ALL=C sort >"$tmp/have"
	LC_ALL=C sort "$2" >"$tmp/want"
	diff "$tmp/want" "$tmp/have"
}

"$LAB_BUILD/tests/tools/registry_dump" "$registry" >"$tmp/index" || {
	not_ok "the registry loads"
	finish
}
expected_keys >"$tmp/keys"
expected_asns | sort -u >"$tmp/asns"
check "every key is ssh-keygen's" all_of key "$tmp/keys"
check "every AS number is awk's" all_of asn "$tmp/asns"
check_same "there are $keys keys" "keys $keys" "$(grep '^keys ' "$tmp/index")"
check_same "every maintainer is there" \
	"mntners $(find "$registry/data/mntner" -type f | wc -l)" \
	"$(grep '^mntners ' "$tmp/index")"
check "some AS numbers are there" test -s "$tmp/asns"
finish
