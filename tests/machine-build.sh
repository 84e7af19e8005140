#!/bin/sh
# tests/machine-build.sh DIR PACKAGE...: makes for tests/machine.sh, with the
# network of this machine, DIR/tree, a fresh Debian 12 with what the image of a
# cloud has, and DIR/archive, a source of packages for it: of the PACKAGES
# (names, or .deb files that are built here) and all that they need.
#
# It is made in memory, as dpkg syncs each file, and then copied.
set -eu
DIR=$1
shift
HAS=systemd,ca-certificates,openssh-server,python3,iproute2
# What these need debootstrap cannot sort out, but apt can.
TOOLS="cloud-init ansible-core python3-apt"

if [ -z "${MACHINE_BUILD:-}" ]; then
	rm -rf "$DIR/tree" "$DIR/archive" "$DIR/made"
	mkdir -p "$DIR/tree" "$DIR/archive/partial" "$DIR/made"
	MACHINE_BUILD=1 exec unshare --mount --pid --fork --kill-child \
		--mount-proc sh "$0" "$DIR" "$@"
fi

# mirror: the address of Debian's packages, as apt is told of it.
mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Release: bookworm' 'Component: main' | head -n 1
}

# download PACKAGE...: as if this machine's apt were to install them in $TREE.
download() {
	apt-get -qy --no-install-recommends --download-only \
		-o Dir::State::status="$TREE/var/lib/dpkg/status" \
		-o Dir::Cache::archives="$DIR/archive" \
		-o APT::Sandbox::User=root install "$@"
}

TREE=$DIR/made
mount -t tmpfs -o mode=755 machine "$TREE"
uri=$(mirror)
if [ -z "$uri" ]; then
	apt-get -q update
	uri=$(mirror)
fi
debootstrap --variant=minbase --include=$HAS bookworm "$TREE" "$uri"
rm -f "$TREE"/var/cache/apt/archives/*.deb "$TREE/etc/resolv.conf"

# There is no systemd to start services, and no network in a lab.
printf '#!/bin/sh\nexit 101\n' >"$TREE/usr/sbin/policy-rc.d"
chmod 755 "$TREE/usr/sbin/policy-rc.d"
echo 'deb [trusted=yes] file:/archive ./' >"$TREE/etc/apt/sources.list"
mkdir "$TREE/archive"

# shellcheck disable=SC2086
download $TOOLS "$@" || { apt-get -q update && download $TOOLS "$@"; }
rm -rf "$DIR/archive/partial" "$DIR/archive/lock"
(cd "$DIR/archive" && dpkg-scanpackages . >Packages)

mount --bind "$DIR/archive" "$TREE/archive"
mount -t proc proc "$TREE/proc"
chroot "$TREE" apt-get -q update
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive chroot "$TREE" apt-get -qy \
	--no-install-recommends install $TOOLS
umount "$TREE/proc" "$TREE/archive"
cp -a "$TREE/." "$DIR/tree"
