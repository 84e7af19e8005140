#!/bin/sh
# packaging/deb.sh: `make package`: a Debian package of what `make install`
# installs, build/release/meetme_VERSION_ARCH.deb. On a POP apt brings what it
# needs; the package makes the users, and starts nothing.
set -eu
cd "$(dirname "$0")/.."
VERSION=$(cat VERSION)
ARCH=$(dpkg --print-architecture)
OUT=$PWD/build/release/meetme_${VERSION}_$ARCH.deb
WORK=$(mktemp -d)
ROOT=$WORK/debian/meetme
trap 'rm -rf "$WORK"' EXIT
umask 022

make -s install PREFIX=/usr DESTDIR="$ROOT"
strip "$ROOT/usr/bin/meetme" "$ROOT/usr/sbin/meetmed"

# The libraries' packages, with their versions.
mkdir "$ROOT/DEBIAN"
printf 'Source: meetme\n\nPackage: meetme\nArchitecture: any\n' \
	>"$WORK/debian/control"
DEPENDS=$(cd "$WORK" && dpkg-shlibdeps -O -e "$ROOT/usr/bin/meetme" \
	-e "$ROOT/usr/sbin/meetmed" 2>log |
	sed -n 's/^shlibs:Depends=//p')
[ -n "$DEPENDS" ] || { cat "$WORK/log" >&2 && exit 1; }

cat >"$ROOT/DEBIAN/control" <<END
Package: meetme
Version: $VERSION
Architecture: $ARCH
Maintainer: meetme <meetme@localhost>
Section: net
Priority: optional
Depends: $DEPENDS, bird2 | bird, wireguard-tools, wireguard-go, git,
 ca-certificates, openssh-client, systemd
Description: lets other networks peer with this router over SSH
 One file describes the network of a small autonomous system, and others
 connect themselves to it. meetme drives WireGuard and BIRD.
END

cat >"$ROOT/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
systemd-sysusers meetme.conf
# A container may not; a machine has it from its next start at the latest.
/lib/systemd/systemd-sysctl /usr/lib/sysctl.d/meetme.conf || :
[ ! -d /run/systemd/system ] || systemctl daemon-reload
END
chmod 755 "$ROOT/DEBIAN/postinst"

dpkg-deb --root-owner-group --build "$ROOT" "$OUT" >/dev/null
echo "$OUT"
