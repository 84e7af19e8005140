#!/bin/sh
# What BIRD 2.0.12 reads, the current 2.x and 3.x read too: tests/system/
# render.sh again with each of them.
cd "$(dirname "$0")/../.." || exit 1
mkdir -p build
if ! dirs=$(tests/bird-fetch.sh 2>build/bird-fetch.log); then
	tail -n 20 build/bird-fetch.log
	echo "not ok newer BIRDs are fetched"
	exit 1
fi
status=0
for dir in $dirs; do
	version=$("$dir/bird" --version 2>&1) || status=1
	out=$(PATH=$dir:$PATH sh tests/system/render.sh) || status=1
	printf '%s\n' "$out" | sed "s/^\(ok\|not ok\) /&$version: /"
	case $version in
	"BIRD version "[23].*) ;;
	*)
		echo "not ok $dir: $version"
		status=1
		;;
	esac
done
exit $status
