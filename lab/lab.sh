# lab/lab.sh: networks in namespaces, a library for sh. Needs root.
#
#	. "$(dirname "$0")/../../lab/lab.sh"
#	lab_init "$@"
#	lab_pop pop
#	lab_outside out 4242421344
#	lab_run out ping -c 1 pop.lab
#
# lab_init starts the script again in mount, network and process namespaces
# of its own, where /run is empty. The script's network namespace is the
# underlay's switch. Each host is one more mount and network namespace. All
# state lies below $LAB, in the private /run; when the script ends, or is
# killed, the kernel ends every process and frees every namespace and file.
#
# Host number N (in order of making) has 192.0.2.N and 2001:db8::N (N in hex)
# on the underlay and is called NAME.lab. Its root folder is $LAB/NAME; in its mount
# namespace etc/bird, etc/wireguard, run/bird and run/wireguard of that folder
# lie over the machine's.

LAB=/run/lab
LAB_TOP=$(cd "$(dirname "$0")" && while [ ! -e lab/lab.sh ] && [ "$PWD" != / ]
do cd ..; done && pwd)
LAB_BUILD=${LAB_BUILD:-$LAB_TOP/build/${VARIANT:-release}}
LAB_USERS=64201:64202:64203
LAB_ASN=4242420263
LAB_SELF=$0

# lab_die TEXT: ends the script with a message.
lab_die() {
	echo "lab: $*" >&2
	exit 1
}

# lab_init [ARG...]: call it first, with the script's arguments.
lab_init() {
	if [ -z "${LAB_INSIDE:-}" ]; then
		[ "$(id -u)" -eq 0 ] || lab_die "needs root"
		LAB_INSIDE=1 exec setpriv --pdeathsig KILL \
			unshare --pid --mount --net --uts --fork \
			--kill-child --mount-proc \
			sh -c '"$@"; exit $?' lab sh "$LAB_SELF" "$@"
	fi
	[ ! -d $LAB ] || return 0 # entered a lab that is there already
	lab_make
}

# Makes the lab's own /run, tun device and switch.
lab_make() {
	set -e
	mount -t tmpfs -o mode=755 lab /run
	mkdir -p $LAB/bin /run/bird /run/wireguard /run/sshd /dev/net
	mount -t tmpfs -o mode=755 tun /dev/net
	mknod -m 666 /dev/net/tun c 10 200
	for f in /etc/hosts /etc/nsswitch.conf; do
		[ -e $f ] || : >$f # to mount on
	done
	echo "hosts: files" >$LAB/nsswitch
	mount --bind $LAB/nsswitch /etc/nsswitch.conf
	echo "127.0.0.1 localhost" >$LAB/hosts
	[ -e /etc/hosts ] || : >/etc/hosts # a bare Debian has none
	mount --bind $LAB/hosts /etc/hosts
	for f in meetmed meetme; do
		[ ! -e "$LAB_BUILD/$f" ] || cp "$LAB_BUILD/$f" $LAB/bin/
	done
	PATH=$LAB/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin
	PATH=$PATH:/sbin:/bin
	export PATH
	ip link set lo up
	ip link add sw type bridge
	ip link set sw up
	echo 0 >$LAB/hosts_made
	lab_registry
	set +e
}

# lab_host NAME: a host on the underlay.
lab_host() {
	lab_number "$1"
	echo "192.0.2.$lab_n $1.lab" >>$LAB/hosts
	lab_boot "$1"
}

# lab_number NAME: the next host's number, name and folders.
lab_number() {
	lab_n=$(($(cat $LAB/hosts_made) + 1))
	echo "$lab_n" >$LAB/hosts_made
	mkdir -p $LAB/$1/etc/bird $LAB/$1/etc/wireguard $LAB/$1/run \
		$LAB/$1/ssh
	echo $lab_n >$LAB/$1/number
	echo "$(lab_ip6 "$1") $1.lab" >>$LAB/hosts
	chown bird:bird $LAB/$1/etc/bird
	chmod 700 $LAB/$1/ssh
	cat >$LAB/$1/ssh/config <<-END
		IdentityFile $LAB/$1/ssh/id_ed25519
		UserKnownHostsFile $LAB/$1/ssh/known_hosts
		StrictHostKeyChecking accept-new
		LogLevel ERROR
	END
}

# lab_ip6 NAME: its address on the underlay.
lab_ip6() {
	printf '2001:db8::%x\n' "$(cat "$LAB/$1/number")"
}

# lab_boot NAME: the host's namespaces, with nothing in them but an interface
# that has its addresses. One that was made by lab_wan knows from its file
# what it is.
lab_boot() {
	rm -rf "$LAB/$1/run" "$LAB/$1/ready"
	mkdir -p $LAB/$1/run/bird $LAB/$1/run/wireguard
	chown bird:bird $LAB/$1/run/bird
	unshare --mount --net --uts sh -c '
		set -e
		for d in etc/bird etc/wireguard run/bird run/wireguard; do
			mount --bind $0/$1/$d /$d
		done
		mount --bind $0/$1/ssh/config /etc/ssh/ssh_config
		hostname $1
		cd /proc/sys/net
		echo 0 >ipv6/conf/all/accept_dad
		echo 0 >ipv6/conf/default/accept_dad
		if [ -e $0/$1/wan ]; then
			echo 0 >ipv4/ip_forward
			echo 2 >ipv4/conf/default/rp_filter
		else
			echo 0 >ipv6/conf/all/accept_ra
			echo 0 >ipv6/conf/default/accept_ra
			echo 1 >ipv6/conf/all/forwarding
			echo 1 >ipv4/conf/all/forwarding
		fi
		ip link set lo up
		: >$0/$1/ready
		exec sleep infinity' $LAB "$1" >>"$LAB/$1/log" 2>&1 </dev/null &
	echo $! >$LAB/$1/pid
	lab_wait 10 test -e $LAB/$1/ready || lab_die "no host $1"
	if [ -e $LAB/$1/wan ]; then
		lab_wire "$1" "$(cat $LAB/$1/wan)"
	else
		lab_veth "$1"
		lab_run "$1" ip addr add \
			"192.0.2.$(cat "$LAB/$1/number")/24" dev eth0
	fi
	ip link set "sw-$1" master sw up
	lab_run "$1" ip link set eth0 up
	lab_run "$1" ip addr add "$(lab_ip6 "$1")/64" dev eth0 nodad
}

lab_veth() {
	ip link add "sw-$1" type veth peer name eth0 netns "$(lab_pid "$1")"
}

# lab_pid NAME: the process whose namespaces are the host's.
lab_pid() {
	cat "$LAB/$1/pid"
}

# lab_exec NAME CMD...: becomes CMD on the host; for the background:
# (lab_exec pop bird -f) & gives $! = bird's own id.
lab_exec() {
	lab_p=$(lab_pid "$1")
	shift
	exec nsenter -t "$lab_p" --mount --root --net --uts -- "$@"
}

# lab_run NAME CMD...: runs CMD on the host.
lab_run() {
	(lab_exec "$@")
}

# lab_wait SECONDS CMD...: until CMD succeeds; 1 when the time is over.
lab_wait() {
	lab_until=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt $lab_until ] || return 1
		sleep 0.05
	done
}

# lab_kill PID [SIGNAL]: ends a process by its id and waits for its end.
lab_kill() {
	kill "-${2:-TERM}" "$1" && lab_wait 20 lab_gone "$1"
}

# lab_gone PID: true if the process is no more, or is a zombie.
lab_gone() {
	case $(cut -d ' ' -f 3 "/proc/$1/stat" 2>/dev/null) in
	'' | Z) return 0 ;;
	esac
	return 1
}

# lab_bird NAME: starts stock BIRD with the host's /etc/bird/bird.conf.
lab_bird() {
	lab_run "$1" bird -u bird -g bird -P /run/bird/bird.pid \
		>>"$LAB/$1/log" 2>&1 &&
		lab_wait 10 lab_run "$1" birdc show status
}

# lab_bird_end NAME: ends the host's BIRD.
lab_bird_end() {
	lab_kill "$(cat "$LAB/$1/run/bird/bird.pid")"
}

. "$LAB_TOP/lab/registry.sh"
. "$LAB_TOP/lab/outside.sh"
. "$LAB_TOP/lab/pop.sh"
. "$LAB_TOP/lab/mesh.sh"

# lab_tree PID: a process and all that it started.
lab_tree() {
	echo "$1"
	for lab_child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
		lab_tree "$lab_child"
	done
}
