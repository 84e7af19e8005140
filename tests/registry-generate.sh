#!/bin/sh
# registry-generate.sh DIR N
#
# Writes a synthetic registry of N maintainers and N AS numbers below
# DIR/data, for tests and benchmarks: the same files for the same N. Each
# maintainer Mi-MNT has the AS number 4200000000 + i; of ten, two have an
# ed25519 key, two an RSA key of 2048 bits, and the others none that is used.
# The keys are well-formed, but nobody has their private halves: to log in,
# add a maintainer with lab/registry-add.sh.
set -eu

[ $# -eq 2 ] || {
	echo "usage: ${0##*/} DIR N" >&2
	exit 64
}
mkdir -p "$1/data/mntner" "$1/data/aut-num"
LC_ALL=C awk -v data="$1/data" -v n="$2" '
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
}'
