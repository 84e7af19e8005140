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
# need: machine_cache has them made, where there is a network.

MACHINE=$LAB_TOP/build/machine

# machine_cache PACKAGE...: names, or .deb files that are built here.
machine_cache() {
	mkdir -p "$MACHINE"
	machine_want=$(cat "$LAB_TOP/tests/machine-build.sh"
		for p in "$@"; do
			case $p in
			*.deb) dpkg-deb -f "$p" Depends ;;
			*) echo "$p" ;;
			esac
		done)
	[ "$(cat "$MACHINE/for" 2>/dev/null)" != "$machine_want" ] || return 0
	if ! sh "$LAB_TOP/tests/machine-build.sh" "$MACHINE" "$@" \
		>"$MACHINE/log" 2>&1; then
		tail -n 20 "$MACHINE/log" >&2
		lab_die "no machine could be made"
	fi
	printf '%s\n' "$machine_want" >"$MACHINE/for"
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
