#!/bin/sh
# tests/kernel/boot.sh NAME: boots Debian's kernel under qemu, with an
# initramfs of busybox and our programs, and runs tests/kernel/NAME.sh in it.
# Prints what that prints. 1: it did not come to its end in time.
#
# The kernel's package is unpacked below build/kernel, not installed.
set -eu
cd "$(dirname "$0")/../.."
NAME=$1
CACHE=build/kernel
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
SECONDS_MAX=${KERNEL_SECONDS:-240}
PROGRAMS="$PWD/build/release/tests/tools/agent_apply
	$(command -v wg) $(command -v ip) $(command -v setpriv)"
MODULES="wireguard veth dummy udp_tunnel ip6_udp_tunnel chacha-x86_64
	curve25519-x86_64 poly1305-x86_64 curve25519-generic poly1305_generic
	chacha_generic libchacha libchacha20poly1305 libcurve25519-generic
	libcurve25519 libpoly1305"

# A comparison with wg-quick is one with all that it calls.
[ "$NAME" != bench ] || for p in bash wg-quick readlink stat sort sysctl; do
	PROGRAMS="$PROGRAMS $(command -v $p)"
done

# package: the newest kernel that Debian's meta package stands for.
package() {
	apt-cache depends linux-image-cloud-amd64 |
		sed -n 's/^ *Depends: \(linux-image-[0-9][^ ]*\)$/\1/p' |
		head -n 1
}

# fetch: the kernel and its modules into $CACHE.
fetch() {
	[ ! -e $CACHE/done ] || return 0
	rm -rf $CACHE
	mkdir -p $CACHE
	if ! download; then
		apt-get -q update
		download
	fi
	dpkg-deb -x $CACHE/*.deb $CACHE
	rm $CACHE/*.deb
	touch $CACHE/done
}

download() {
	name=$(package)
	[ -n "$name" ] && (cd $CACHE && apt-get -q download "$name")
}

# add FILE: copies it to the same path in the initramfs.
add() {
	mkdir -p "$WORK/root$(dirname "$1")"
	cp -L "$1" "$WORK/root$1"
}

# initramfs: busybox, the programs and their libraries, the modules.
initramfs() {
	mkdir -p "$WORK/root/bin" "$WORK/root/programs" "$WORK/root/modules"
	cp "$(command -v busybox)" "$WORK/root/bin/busybox"
	for p in $PROGRAMS; do
		cp -L "$p" "$WORK/root/programs/"
		for lib in $(ldd "$p" 2>/dev/null | grep -o '/[^ ]*'); do
			add "$lib"
		done
	done
	for m in $MODULES; do
		find $CACHE/lib/modules -name "$m.ko" \
			-exec cp {} "$WORK/root/modules/" \;
	done
	cp tests/kernel/init "$WORK/root/init"
	cp "tests/kernel/$NAME.sh" "$WORK/root/cases"
	chmod 755 "$WORK/root/init"
	(cd "$WORK/root" && find . | cpio --quiet -o -H newc) >"$WORK/initrd"
}

fetch >"$WORK/fetch.log" 2>&1 || {
	cat "$WORK/fetch.log"
	echo "not ok the kernel's package can be had"
	exit 1
}
initramfs
timeout "$SECONDS_MAX" qemu-system-x86_64 -accel tcg -cpu max -m 512 \
	-display none -monitor none -serial "file:$WORK/serial" -no-reboot \
	-kernel $CACHE/boot/vmlinuz-* -initrd "$WORK/initrd" \
	-append "console=ttyS0 quiet panic=-1" </dev/null || true
tr -d '\r' <"$WORK/serial" | sed -n '/^BEGIN$/,/^END$/p' |
	sed '/^BEGIN$/d; /^END$/d'
if ! grep -q '^END' "$WORK/serial"; then
	tail -n 20 "$WORK/serial"
	echo "not ok the kernel comes to the end of $NAME.sh in $SECONDS_MAX s"
	exit 1
fi
