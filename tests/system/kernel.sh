#!/bin/sh
# The agent on a real kernel that has WireGuard: see tests/kernel.
cd "$(dirname "$0")/../.." || exit 1
out=$(tests/kernel/boot.sh cases)
status=$?
printf '%s\n' "$out"
printf '%s\n' "$out" | grep -q '^ok ' || status=1
! printf '%s\n' "$out" | grep -q '^not ok ' || status=1
exit $status
