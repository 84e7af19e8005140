#!/bin/sh
# network-generate.sh N
#
# Writes a network file of N POPs (1 to 1000) in a full mesh to standard
# output, for tests and benchmarks: the same file for the same N, and the
# first POPs are the same for each N. The public keys are well-formed, but
# nobody has their private halves.
set -eu

[ $# -eq 1 ] && [ "$1" -ge 1 ] && [ "$1" -le 1000 ] || {
	echo "usage: ${0##*/} N (1 to 1000)" >&2
	exit 64
}
LC_ALL=C awk -v n="$1" '
# key(): 32 bytes at random, as base64: two bits of the last digit are zero.
function key(text) {
	text = ""
	while (length(text) < 42)
		text = text substr(BASE64, 1 + int(rand() * 64), 1)
	return text substr("AEIMQUYcgkosw048", 1 + int(rand() * 16), 1) "="
}

BEGIN {
	srand(1)
	BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
		"0123456789+/"
	print "network:"
	print "  name: Network of " n " POPs"
	print "  asn: 4242420000"
	print "  prefixes: [172.20.0.0/19, \"fd42:4242::/48\"]"
	print "pops:"
	for (i = 1; i <= n; i++) {
		print "  - name: pop" i
		print "    id: " i
		print "    endpoint: pop" i ".example.net"
		print "    public_key: \"" key() "\""
		print "    ipv4: 172.20." int(i / 32) "." i % 32 * 8 + 1 "/29"
		printf "    ipv6: \"fd42:4242:0:%x::1/64\"\n", i
	}
}'
