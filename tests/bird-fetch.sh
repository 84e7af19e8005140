#!/bin/sh
# tests/bird-fetch.sh: newer BIRDs than the machine's, 2 and 3, from Debian's
# release `trixie`, or those of BIRD_SUITES: `sid` has the newest, and others
# each month. For each it prints a folder that holds it as `bird`.
#
# The packages come from where the machine's own come from, and are unpacked
# below build/bird, not installed. They run with their own C library.
set -eu
cd "$(dirname "$0")/.."
CACHE=$PWD/build/bird
SUITES=${BIRD_SUITES:-trixie}
HERE=$(. /etc/os-release && echo "$VERSION_CODENAME")

# mirror: the address of Debian's packages, as apt is told of it.
mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		"Release: $HERE" 'Component: main' | head -n 1
}

# packages SUITE COMMAND...: with lists, cache and sources of our own.
packages() {
	dir=$CACHE/$1/apt
	shift
	command=$1
	shift
	apt-get -q -o Dir::State="$dir" -o Dir::State::status="$dir/status" \
		-o Dir::Cache="$dir/cache" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::Etc::SourceList="$dir/apt.sources" \
		-o APT::Default-Release= -o APT::Sandbox::User=root \
		-o Acquire::Retries=3 "$command" "$@"
}

# fetch SUITE URI
fetch() {
	mkdir -p "$CACHE/$1/apt/lists/partial" \
		"$CACHE/$1/apt/cache/archives/partial"
	: >"$CACHE/$1/apt/status"
	cat >"$CACHE/$1/apt/apt.sources" <<-END
		Types: deb
		URIs: $2
		Suites: $1
		Components: main
		Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
	END
	packages "$1" update
	(cd "$CACHE/$1" && packages "$1" download bird2 bird3 libc6)
	rm -r "$CACHE/$1/apt"
	for n in 2 3; do
		unpack "$1" $n
	done
	rm "$CACHE/$1"/*.deb
}

# unpack SUITE N: bird N and the C library, and a `bird` that runs it; other
# libraries are the machine's.
unpack() {
	root=$CACHE/$1/bird$2
	mkdir -p "$root/root"
	dpkg-deb -x "$CACHE/$1/bird$2"_*.deb "$root/root"
	dpkg-deb -x "$CACHE/$1"/libc6_*.deb "$root/root"
	host_libs=/usr/lib/$(gcc -print-multiarch)
	loader=$(find "$root/root" -name 'ld-linux*' -type f | head -n 1)
	libs=$(find "$root/root" -name libc.so.6 -exec dirname {} \;)
	cat >"$root/bird" <<-END
		#!/bin/sh
		exec "$loader" --library-path "$libs:$host_libs" "$root/root/usr/sbin/bird" "\$@"
	END
	chmod 755 "$root/bird"
}

if [ "$(cat "$CACHE/done" 2>/dev/null)" != "$SUITES" ]; then
	rm -rf "$CACHE"
	uri=$(mirror)
	if [ -z "$uri" ]; then
		apt-get -q update >&2
		uri=$(mirror)
	fi
	if [ -z "$uri" ]; then
		echo "apt knows no source of $HERE" >&2
		exit 1
	fi
	for suite in $SUITES; do
		fetch $suite "$uri" >&2
	done
	echo "$SUITES" >"$CACHE/done"
fi
for suite in $SUITES; do
	echo "$CACHE/$suite/bird2"
	echo "$CACHE/$suite/bird3"
done
