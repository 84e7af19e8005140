#!/bin/sh
# tests/package-fetch.sh PACKAGE...: what cannot be installed beside what the
# machine has, or need not be: unpacked from Debian's packages, each below
# build/packages/<PACKAGE>. To be called outside the lab, where the mirrors are.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/packages
cd build/packages
for name; do
	[ ! -e "$name/done" ] || continue
	rm -rf "$name"
	mkdir "$name"
	cd "$name"
	apt-get -q download "$name" ||
		{ apt-get -q update && apt-get -q download "$name"; }
	dpkg-deb -x ./*.deb .
	rm ./*.deb
	touch done
	cd ..
done
