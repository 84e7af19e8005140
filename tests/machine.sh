# tests/machine.sh: machines with a fresh Debian 12 each, over the lab.
#
#	. "$(dirname "$0")/../lib.sh"
#	. "$(dirname "$0")/../machine.sh"
#	[ -n "${LAB_INSIDE:-}" ] || machine_cache PACKAGE...
#	lab_init "$@"
#	machine pop
#	machine_run pop apt-get -qy install PACKAGE
#
# A machine is a lab's host with a root of its own: what debootstrap makes,
# kept below build/machine, under an overlay in the lab's memory. There is no
# Internet in the lab: apt has a folder with the PACKAGES and all that they
# need, made by machine_cache with the network of the machine that runs this.

MACHINE=$LAB_TOP/build/machine
# What the image of a cloud has, too.
MACHINE_HAS=systemd,ca-certificates,openssh-server,python3,iproute2
# Of these debootstrap cannot sort out what they need, but apt can.
MACHINE_TOOLS="cloud-init ansible-core python3-apt"

# machine_mirror: the address of Debian's packages, as apt is told of it.
machine_mirror() {
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
		'Release: bookworm' 'Component: main' | head -n 1
}

# machine_cache PACKAGE...: names, or .deb files that are built here.
machine_cache() {
	mkdir -p "$MACHINE"
	machine_want=$(for p in $MACHINE_TOOLS "$@"; do
		case $p in
		*.deb) dpkg-deb -f "$p" Depends ;;
		*) echo "$p" ;;
		esac
	done)
	[ "$(cat "$MACHINE/for" 2>/dev/null)" != "$machine_want" ] || return 0
	rm -rf "$MACHINE/tree"
	for machine_step in bootstrap archive tools; do
		(cd "$MACHINE" && machine_$machine_step "$@") \
			>"$MACHINE/log" 2>&1 ||
			machine_failed $machine_step
	done
	printf '%s\n' "$machine_want" >"$MACHINE/for"
}

machine_failed() {
	tail -n 20 "$MACHINE/log" >&2
	lab_die "no $1 of a machine"
}

machine_bootstrap() {
	machine_uri=$(machine_mirror)
	if [ -z "$machine_uri" ]; then
		apt-get -q update
		machine_uri=$(machine_mirror)
	fi
	unshare --mount --pid --fork --mount-proc debootstrap \
		--variant=minbase --include=$MACHINE_HAS bookworm \
		"$MACHINE/tree" "$machine_uri" || return 1
	rm -f "$MACHINE/tree"/var/cache/apt/archives/*.deb \
		"$MACHINE/tree/etc/resolv.conf"
	# Packages start no services: there is no systemd to do it.
	printf '#!/bin/sh\nexit 101\n' >"$MACHINE/tree/usr/sbin/policy-rc.d"
	chmod 755 "$MACHINE/tree/usr/sbin/policy-rc.d"
	echo 'deb [trusted=yes] file:/archive ./' \
		>"$MACHINE/tree/etc/apt/sources.list"
	mkdir "$MACHINE/tree/archive"
}

machine_archive() {
	rm -rf "$MACHINE/archive"
	mkdir -p "$MACHINE/archive/partial"
	# shellcheck disable=SC2086
	set -- $MACHINE_TOOLS "$@"
	machine_download "$@" ||
		{ apt-get -q update && machine_download "$@"; } || return 1
	(cd "$MACHINE/archive" && rm -rf partial lock &&
		dpkg-scanpackages . >Packages)
}

machine_tools() {
	unshare --mount --net --pid --fork --mount-proc sh -c '
		mount --bind archive tree/archive
		mount -t proc proc tree/proc
		exec chroot tree sh -c "apt-get -q update &&
			DEBIAN_FRONTEND=noninteractive apt-get -qy \
				--no-install-recommends install $0"' \
		"$MACHINE_TOOLS"
}

# The machine's own apt, as if it were to install them in the tree.
machine_download() {
	apt-get -qy --no-install-recommends --download-only \
		-o Dir::State::status="$MACHINE/tree/var/lib/dpkg/status" \
		-o Dir::Cache::archives="$MACHINE/archive" \
		-o APT::Sandbox::User=root -o APT::Get::AllowUnauthenticated=no \
		install "$@"
}

# machine NAME: a host of the lab, with a Debian of its own.
machine() {
	machine_root=$LAB/$1/root
	mkdir -p "$LAB/$1/upper" "$LAB/$1/work" "$machine_root"
	mount -t overlay -o "lowerdir=$MACHINE/tree" \
		-o "upperdir=$LAB/$1/upper,workdir=$LAB/$1/work" \
		machine "$machine_root"
	mount -t proc proc "$machine_root/proc"
	mount --rbind /dev "$machine_root/dev"
	mount -t tmpfs -o mode=755 machine "$machine_root/run"
	mount --bind "$MACHINE/archive" "$machine_root/archive"
	: >"$machine_root/etc/hosts"
	mount --bind "$LAB/hosts" "$machine_root/etc/hosts"
	lab_host "$1"
	lab_run "$1" mount -t sysfs sysfs "$machine_root/sys"
	echo "$1" >"$machine_root/etc/hostname"
}

# machine_run NAME CMD...: runs CMD on the machine.
machine_run() {
	machine_name=$1
	shift
	lab_run "$machine_name" env -i LC_ALL=C.UTF-8 HOME=/root \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		chroot "$LAB/$machine_name/root" "$@"
}

# machine_start NAME UNIT: if it is enabled, does what systemd would: the
# unit's commands, with its environment. A service's output is in /var/log.
machine_start() {
	machine_run "$1" systemctl -q is-enabled "$2" || return 1
	machine_run "$1" sh -c '
		unit=/usr/lib/systemd/system/$1.service
		value() {
			sed -n "s/^$1=[-+!]*//p" "$unit"
		}
		for file in $(value EnvironmentFile); do . "$file"; done
		value ExecStartPre >/run/pre
		while read -r line; do eval "$line" || exit 1; done </run/pre
		start=$(value ExecStart)
		case $(value Type):$start in
		*:) exit 1 ;;
		oneshot:*) eval "$start" ;;
		*) eval "exec $start" >>"/var/log/$1" 2>&1 & ;;
		esac' sh "$2"
}
