#!/bin/sh
# registry-generate.sh DIR N [ROUTES]
#
# Writes a synthetic registry of N maintainers, N AS numbers and as many
# objects of route and of route6 as ROUTES says (N), at most 65,536, below
# DIR/data, for tests and benchmarks: the same files for the same numbers. Each
# maintainer Mi-MNT has the AS number 4200000000 + i; of ten, two have an
# ed25519 key, two an RSA key of 2048 bits, and the others none that is used.
# The keys are well-formed, but nobody has their private halves: to log in,
# add a maintainer with lab/registry-add.sh. Each route has one to two origins,
# some of all N AS numbers; of three, one has a max-length.
set -eu

[ $# -eq 2 ] || [ $# -eq 3 ] || {
	echo "usage: ${0##*/} DIR N [ROUTES]" >&2
	exit 64
}
mkdir -p "$1/data/mntner" "$1/data/aut-num" "$1/data/route" "$1/data/route6"
cat >"$1/data/filter.txt" <<-END
	# Nr    Action  Prefix      MinLen  MaxLen
	0001    deny    10.0.66.0/24    24      32
	2003    permit  10.0.0.0/8      15      28
	9999    deny    0.0.0.0/0        0      32
END
cat >"$1/data/filter6.txt" <<-END
	# Nr    Action  Prefix      MinLen  MaxLen
	1001    permit  fd00::/8        44      64
	9999    deny    ::/0             0     128
END
LC_ALL=C awk -v data="$1/data" -v n="$2" -v routes="${3:-$2}" '
# digits(COUNT): base64 digits at random
function digits(count, text) {
	text = ""
	while (count-- > 0)
		text = text substr(BASE64, 1 + int(rand() * 64), 1)
	return text
}

# one_of(SET): a character of it
function one_of(set) {
	return substr(set, 1 + int(rand() * length(set)), 1)
}

# The fixed start holds all but two bits of the length of the key.
function ed25519() {
	return "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" \
		one_of("ABCDEFGHIJKLMNOP") digits(42)
}

# The modulus has its top bit set (C, D) and is odd (the last digit).
function rsa() {
	return "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ" one_of("CD") \
		digits(340) one_of("BDFHJLNPRTVXZbdfhjlnprtvxz13579/")
}

function auth(i) {
	if (i % 10 < 2)
		return ed25519()
	if (i % 10 < 4)
		return rsa() " somebody at host " i
	if (i % 10 < 8)
		return "pgp-fingerprint " sprintf("%040X", i)
	return "PGPKEY-" sprintf("%08X", i)
}

function line(file, key, value) {
	printf "%-20s%s\n", key ":", value > file
}

# route(CLASS, FILE, PREFIX, MAX, I): the Ith object of the class
function route(class, name, prefix, max, i) {
	file = data "/" class "/" name
	line(file, class, prefix)
	line(file, "descr", "ROUTE-" i)
	line(file, "origin", sprintf("AS42%08d", 1 + i % n))
	if (i % 25 == 0)
		line(file, "origin", sprintf("AS42%08d", 1 + (i + 1) % n))
	if (i % 3 == 0)
		line(file, "max-length", max)
	line(file, "mnt-by", "M" 1 + i % n "-MNT")
	line(file, "source", "DN42")
	close(file)
}

BEGIN {
	srand(n)
	BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
		"0123456789+/"
	for (i = 1; i <= n; i++) {
		mntner = "M" i "-MNT"
		file = data "/mntner/" mntner
		line(file, "mntner", mntner)
		line(file, "mnt-by", mntner)
		line(file, "auth", auth(i))
		line(file, "source", "DN42")
		close(file)
		asn = sprintf("AS42%08d", i)
		file = data "/aut-num/" asn
		line(file, "aut-num", asn)
		line(file, "as-name", "NAME-" i)
		line(file, "mnt-by", mntner)
		line(file, "source", "DN42")
		close(file)
	}
	for (i = 0; i < routes; i++) {
		net = "10." int(i / 256) "." i % 256 ".0"
		route("route", net "_24", net "/24", 24 + i % 8, i)
		net = sprintf("fd42:%x::", i + 1)
		route("route6", net "_48", net "/48", 48 + i % 24, i)
	}
}'
