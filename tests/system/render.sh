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

# good FILE [WITH]: BIRD takes this base, by itself and from an operator's file.
good() {
	check "${1#"$golden"/}${2:+ with $2}" bird -p -c "$1"
	cat >"$dir/bird.conf" <<-END
		log syslog all;
		include "$1";
		define OWNAS = 1;
		protocol static { ipv4; route 10.9.0.0/16 unreachable; }
		protocol direct { ipv4; ipv6; interface "eth0"; }
	END
	check "from an operator's file" bird -p -c "$dir/bird.conf"
}

for base in "$golden"/bird2-base*.conf "$golden"/*/bird/meetme.conf; do
	[ "$base" = "$golden/vps/bird/meetme.conf" ] || # bird1.sh
		good "$base"
done
mkdir -p "$dir/meetme/peers" "$dir/meetme/hooks"
for base in "$golden"/bird2-base*.conf; do
	cp "$base" "$dir/meetme/meetme.conf"
	cp "$golden/bird2-session.conf" "$dir/meetme/peers/as4242421344.conf"
	good "$dir/meetme/meetme.conf" "a session"
done
cp -r "$golden/registry" "$dir/meetme"
for family in 4 6; do
	"$LAB_BUILD/meetme" roa --registry "$LAB_TOP/tests/fixtures/registry" \
		--family $family >"$dir/meetme/registry/roa$family.conf" 2>"$dir/log"
done
cp "$golden/bird2-session-paused.conf" "$dir/meetme/peers/as4242421344.conf"
good "$dir/meetme/meetme.conf" "what a registry says, and a paused session"
for file in "$dir"/meetme/registry/*; do
	cp "$file" "$dir/kept"
	echo "nonsense;" >>"$file"
	check_says "${file##*/} is read" "${file##*/}:" \
		bird -p -c "$dir/meetme/meetme.conf"
	cp "$dir/kept" "$file"
done

# hook NAME: what meetmed(8) has as an example for it.
hook() {
	sed -n "/^\.It Pa $1\*/,/^\.Ed/p" "$LAB_TOP/man/meetmed.8" |
		sed '1,/^\.Bd/d; /^\.Ed/d'
}

hooks() {
	sed -n 's,.*include "hook\[s\]/\(.*\)\*\.conf.*,\1,p' \
		"$golden"/*/bird/meetme.conf | sort -u
}

for name in $(hooks); do
	file=$dir/meetme/hooks/${name}_ours.conf
	hook "$name" >"$file"
	check "the manual has an example for the hook $name" test -s "$file"
	for pop in nl-ams2 hub1; do
		cp "$golden/$pop/bird/meetme.conf" "$dir/meetme/meetme.conf"
		check "which BIRD takes on $pop" \
			bird -p -c "$dir/meetme/meetme.conf"
	done
	echo "nonsense;" >"$file"
	check_says "and it is read" "${name}_ours.conf:1" \
		bird -p -c "$dir/meetme/meetme.conf"
	rm "$file"
done

# The two together: a network that peers with two of our POPs.
cat "$golden/peer-bird2.conf" "$golden/peer-bird2-nat.conf" >"$dir/both"
for peer in "$golden/peer-bird2.conf" "$golden/peer-bird2-nat.conf" \
	"$dir/both"; do
	stock "$peer" >"$dir/outside.conf"
	check "a stock BIRD with ${peer##*/}" bird -p -c "$dir/outside.conf"
done

for file in "$golden"/peer-wg-quick*.conf "$golden"/*/wireguard/*.conf; do
	check_says "wg-quick takes ${file#"$golden"/}" '^PublicKey = ' \
		strip "$file"
	check_same "and leaves wg only what is wg's" "" "$(
		strip "$file" | grep -Ev '^(\[.*\]|#.*|)$' | grep -Ev \
			'^(PrivateKey|ListenPort|PublicKey|PresharedKey|Endpoint|PersistentKeepalive|AllowedIPs) = '
	)"
done
finish
