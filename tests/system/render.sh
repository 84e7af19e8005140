#!/bin/sh
# The golden files of the renderers, read by the programs they are made for.
. "$(dirname "$0")/../lib.sh"
golden=$LAB_TOP/tests/golden
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# stock FILE: an outside network's BIRD configuration, with FILE pasted.
stock() {
	sed -e 's/@V4@/172.20.1.1/; s/@V6@/fd42:1:2::1/' \
		-e 's,@NET4@,172.20.1.0/27,; s,@NET6@,fd42:1:2::/48,' \
		-e '/^include/d' "$LAB_TOP/lab/outside.bird"
	cat "$1"
}

# strip FILE: what wg-quick gives to wg, the placeholder replaced as told.
strip() {
	sed "s|\*\*REPLACEME\*\*|$(wg genkey)|" "$1" >"$dir/wg-pop.conf" &&
		chmod 600 "$dir/wg-pop.conf" &&
		wg-quick strip "$dir/wg-pop.conf"
}

command -v bird >/dev/null || skip "there is no bird"
mkdir -p "$dir/meetme/peers"
for base in bird2-base bird2-base-ipv6; do
	rm -f "$dir"/meetme/peers/*
	cp "$golden/$base.conf" "$dir/meetme/meetme.conf"
	check "$base.conf by itself" bird -p -c "$dir/meetme/meetme.conf"
	cp "$golden/bird2-session.conf" "$dir/meetme/peers/as4242421344.conf"
	check "with a session" bird -p -c "$dir/meetme/meetme.conf"
	cat >"$dir/bird.conf" <<-'END'
		log syslog all;
		include "meetme/meetme.conf";
		define OWNAS = 1;
		protocol static { ipv4; route 10.9.0.0/16 unreachable; }
		protocol direct { ipv4; ipv6; interface "eth0"; }
	END
	check "from an operator's file" bird -p -c "$dir/bird.conf"
done

# The two together: a network that peers with two of our POPs.
cat "$golden/peer-bird2.conf" "$golden/peer-bird2-nat.conf" >"$dir/both"
for peer in "$golden/peer-bird2.conf" "$golden/peer-bird2-nat.conf" \
	"$dir/both"; do
	stock "$peer" >"$dir/outside.conf"
	check "a stock BIRD with ${peer##*/}" bird -p -c "$dir/outside.conf"
done

for peer in peer-wg-quick peer-wg-quick-nat; do
	check_says "wg-quick takes $peer.conf" '^PublicKey = ' \
		strip "$golden/$peer.conf"
	check_same "and leaves wg only what is wg's" "" "$(
		strip "$golden/$peer.conf" | grep -Ev '^(\[.*\]|)$' | grep -Ev \
			'^(PrivateKey|ListenPort|PublicKey|PresharedKey|Endpoint|PersistentKeepalive|AllowedIPs) = '
	)"
done
finish
