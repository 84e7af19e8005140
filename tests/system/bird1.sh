#!/bin/sh
# BIRD 1.6 reads what is rendered for it: the first seed's VPS, with and
# without what a registry says; and it says what the seed's own file did.
. "$(dirname "$0")/../lib.sh"
bird1=$LAB_TOP/build/packages/bird/usr/sbin/bird
golden=$LAB_TOP/tests/golden
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

fetched bird
check_says "it is BIRD 1.6" "BIRD version 1\.6\." "$bird1" --version
mkdir -p "$dir/meetme/registry" "$dir/meetme/hooks"
cp "$golden/vps/bird/meetme.conf" "$dir/meetme"
check "the VPS's file" "$bird1" -p -c "$dir/meetme/meetme.conf"

cp "$golden/registry/networks4.conf" "$dir/meetme/registry"
"$LAB_BUILD/meetme" roa --registry "$LAB_TOP/tests/fixtures/registry" \
	--format bird1 --family 4 >"$dir/meetme/registry/roa4.conf" 2>"$dir/log"
check "there are ROAs" grep -q '^roa ' "$dir/meetme/registry/roa4.conf"
check "with what a registry says" "$bird1" -p -c "$dir/meetme/meetme.conf"
for file in "$dir"/meetme/registry/* "$dir"/meetme/hooks/kernel_x.conf \
	"$dir"/meetme/hooks/ibgp_peer_x.conf \
	"$dir"/meetme/hooks/ibgp_import_x.conf \
	"$dir"/meetme/hooks/ibgp_export_x.conf; do
	[ ! -e "$file" ] || cp "$file" "$dir/kept"
	echo "nonsense;" >>"$file"
	check_says "${file##*/} is read" "${file##*/}" \
		"$bird1" -p -c "$dir/meetme/meetme.conf"
	rm "$file"
	[ ! -e "$dir/kept" ] || mv "$dir/kept" "$file"
done

while read -r line; do
	check "the seed's \"$line\"" grep -qF "$line" "$dir/meetme/meetme.conf"
done <<-END
	router id 172.22.132.169;
	protocol kernel
	scan time 20;
	import none;
	if source = RTS_STATIC then reject;
	krt_prefsrc = 172.22.132.169;
	protocol device
	protocol direct
	protocol bgp
	define MEETME_AS = 4242421869;
	local as MEETME_AS;
	neighbor 10.132.0.2 as MEETME_AS;
	graceful restart;
	direct;
END
check_not "BIRD 2 does not take it for its own" \
	bird -p -c "$dir/meetme/meetme.conf"
finish
