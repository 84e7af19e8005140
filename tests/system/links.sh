#!/bin/sh
# The agent by itself on a POP of a mesh, with wireguard-go and BIRD: links,
# sysctls, and what others had before.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
APPLY=$LAB_BUILD/tests/tools/agent_apply
ROOT=$LAB/pop
BIRD=$(getent group bird | cut -d : -f 3)
OURS=$ROOT/etc/bird/meetme

# agent OPTION...: one converge, with the rights that meetmed leaves its agent.
agent() {
	lab_run pop setpriv --reuid 64201 --regid 64201 --groups "$BIRD" \
		--inh-caps=-all,+net_admin --ambient-caps +net_admin \
		--bounding-set=-all,+net_admin "$APPLY" --root $ROOT --verbose \
		--host 2001:db8::7 "$@" 2>$LAB/agent.log
}

# sys NAME [VALUE]: a sysctl of the POP, by its path below net.
sys() {
	if [ $# -gt 1 ]; then
		lab_run pop sh -c "echo $2 >/proc/sys/net/$1"
	else
		lab_run pop cat /proc/sys/net/$1
	fi
}

# check_sys WHAT VALUE NAME...: these sysctls have that value.
check_sys() {
	sys_what=$1
	sys_value=$2
	shift 2
	for n; do
		check_same "$sys_what: $n" $sys_value "$(sys $n)"
	done
}

# links: those that are ours, by name.
links() {
	lab_run pop ip -o link | sed -n 's/.*: \(wg-[^:]*\):.*alias meetme:.*/\1/p' |
		sort | tr '\n' ' '
}

# touched OPTION...: the links that the kernel tells of during a converge.
touched() {
	(lab_exec pop ip monitor link address route) >$LAB/monitor &
	touched_by=$!
	sleep 0.3
	agent "$@" >$LAB/said
	sleep 0.3
	lab_kill $touched_by
	grep -o 'wg-[a-z0-9-]*' $LAB/monitor | sort -u | tr '\n' ' '
}

# with_bird TEXT: bird.conf is TEXT beside what it always has.
with_bird() {
	printf '%s\n' 'log "/run/bird/log" all;' \
		'include "meetme/meetme.conf";' "$1" >$ROOT/etc/bird/bird.conf
}

# since: BIRD's sessions and when they began; nobody answers them.
since() {
	sessions pop | grep -v "$1" | sed 's/[^ ]*$/-/'
}

lab_host pop
lab_run pop ip link add op0 type bridge
mkdir -p $OURS/peers
echo 'router id 192.0.2.1; protocol device {}' >$OURS/meetme.conf
chown -R 64201:bird $OURS $ROOT/run/wireguard
chmod 2750 $OURS $OURS/peers
with_bird ""
lab_bird pop || lab_die "no BIRD"

# A host that lives by router advertisements, and filters by "all".
sys ipv4/ip_forward 0
sys ipv6/conf/all/forwarding 0
sys ipv6/conf/eth0/accept_ra 1
sys ipv6/conf/op0/accept_ra 0
sys ipv4/conf/all/rp_filter 1
sys ipv4/conf/op0/rp_filter 2
(lab_exec pop wireguard-go -f wg-int-7) >/dev/null 2>&1 &
lab_wait 5 lab_run pop wg set wg-int-7 listen-port 9999

check_says "eight links, one name taken by the operator" \
	"^applied 7 waiting 0 refused 1" agent --links 8 0
check_says "the one refused says why" \
	"^wg-int-7 refused .*not meetme's" agent --links 8 0
check_says "the operator's is untouched" "listening port: 9999" \
	lab_run pop wg show wg-int-7
lab_run pop ip link delete wg-int-7
check_says "once it is gone, all" "^applied 8 waiting 0 refused 0" \
	agent --links 8 0
for part in lo sysctl bird; do
	check_says "part $part" "^$part applied" agent --links 8 0
done

W=wg-int-3
check_says "marked" "alias meetme:POP3 \[2001:db8::7\]:51801" \
	lab_run pop ip link show $W
check_says "MTU, up" "UP,LOWER_UP> mtu 1420" lab_run pop ip link show $W
check_same "addresses, and no others" \
	"169.254.1.1 peer 169.254.1.3/32 fe80::3:1 peer fe80::3:3/128" \
	"$(lab_run pop ip -br addr show $W | tr -s ' ' | cut -d ' ' -f 3- |
		sed 's/ $//')"
check_says "of the link alone" "inet 169.254.1.1 .* scope link" \
	lab_run pop ip addr show $W
check_says "route, IPv4" "^169.254.1.3 dev $W" lab_run pop ip route
check_says "route, IPv6" "^fe80::3:3 dev $W" lab_run pop ip -6 route
check_says "listen port" "listening port: 51803" lab_run pop wg show $W
check_says "allowed addresses, those of IGPs too" \
	"169.254.0.0/16, ff02::1:6/128, ff02::5/128, ff02::6/128" \
	lab_run pop wg show $W
check_says "the loopback" "fd28:7515:7d51:1::1/128" \
	lab_run pop ip addr show lo

check_sys "a router" 1 ipv4/ip_forward ipv6/conf/all/forwarding
check_sys "ours filter nothing" 0 ipv4/conf/all/rp_filter \
	ipv4/conf/$W/rp_filter
check_sys "what all filtered is filtered" 1 ipv4/conf/eth0/rp_filter \
	ipv4/conf/default/rp_filter
check_same "who filtered otherwise does" 2 "$(sys ipv4/conf/op0/rp_filter)"
check_same "advertisements are still taken" 2 "$(sys ipv6/conf/eth0/accept_ra)"
check_same "where they were" 0 "$(sys ipv6/conf/op0/accept_ra)"

check_same "a second converge touches nothing" "" "$(touched --links 8 0)"
check_says "nor counts a change" " changes 0 " cat $LAB/said

# change FIELD:VALUE PATTERN: it reaches link 3, whose `wg` and `ip` then have
# PATTERN, and no other.
change() {
	change_before=$(others)
	check_same "another $1 touches no other link" "" \
		"$(touched --links 8 --set $W:$1 0 | sed "s/$W //")"
	check_same "nor WireGuard of another" "$change_before" "$(others)"
	check_says "and is there" "$2" lab_run pop \
		sh -c "wg show $W; ip link show $W"
}

# others: what WireGuard has of all links but the third.
others() {
	for i in 2 4 5 6 7 8 9; do
		lab_run pop wg showconf wg-int-$i
	done
}

peer=$(lab_run pop wg show $W peers)
change host:2001:db8::9 "endpoint: \[2001:db8::9\]:51801"
change host:10.1.2.3 "endpoint: 10.1.2.3:51801"
change mtu:1380 "mtu 1380"
change key:5 "peer: "
check_not "the old key is gone" \
	lab_run pop sh -c "wg show $W | grep -F $peer"
for host in 2001:db8::1:own fd28:7515:7d51:3::1:lies \
	pop3.example.net:resolved; do
	check_says "an endpoint ${host%:*}" "^$W (refused|waiting) .*${host##*:}" \
		agent --links 8 --set $W:host:${host%:*} 0
	check_says "others go on" "^applied 7 " agent --links 8 \
		--set $W:host:${host%:*} 0
done
agent --links 8 0 >/dev/null

lab_run pop ip addr del 169.254.1.1 peer 169.254.1.3/32 dev $W
lab_run pop ip route del 169.254.1.4 dev wg-int-4
lab_run pop ip link set wg-int-5 down
lab_run pop ip link set wg-int-5 up
lab_run pop ip addr add 192.0.2.77/32 dev wg-int-6
sys ipv4/conf/$W/rp_filter 1
sys ipv4/ip_forward 0
sys ipv4/conf/all/rp_filter 2
check_says "what was changed by hand is put right" \
	"^applied 8 waiting 0 refused 0" agent --links 8 0
check_same "addresses" 16 "$(lab_run pop ip -o addr | grep -c ' wg-int-')"
check_same "routes" 8 "$(lab_run pop ip route | grep -c '^169.254.1.')"
check_same "of IPv6" 8 "$(lab_run pop ip -6 route | grep -c '^fe80::3:[2-9]')"
check_same "forwarding" 1 "$(sys ipv4/ip_forward)"
check_sys "no filter" 0 ipv4/conf/$W/rp_filter ipv4/conf/all/rp_filter
check_sys "but on others" 2 ipv4/conf/eth0/rp_filter \
	ipv4/conf/default/rp_filter
check_says "and stays so" " changes 0 " agent --links 8 0

lab_run pop ip link delete wg-int-2
lab_run pop wg set wg-int-3 listen-port 51802
check_says "a port that is another link's until it is put right" \
	"^applied 8 waiting 0 refused 0" agent --links 8 0

sys ipv6/conf/default/accept_ra 2
check_says "one link more" "^applied 9 waiting 0 refused 0" agent --links 9 0
check_same "nobody becomes our router over it" 0 \
	"$(sys ipv6/conf/wg-int-10/accept_ra)"

sys ipv4/ip_forward 0
lab_run pop mount -o bind,ro /proc/sys /proc/sys
check_says "with sysctls that cannot be written" \
	"^sysctl refused net.ipv4.ip_forward cannot be set to 1: Read-only" \
	agent --links 9 0
check_says "the links go on" "^applied 9 " agent --links 9 0
lab_run pop umount /proc/sys
check_says "mended" "^sysctl applied" agent --links 9 0

echo 'log "/run/bird/log" all; protocol device {}' >$ROOT/etc/bird/bird.conf
lab_run pop birdc configure >/dev/null
check_says "a BIRD that does not read our base" \
	"^bird refused .*include \"meetme/meetme.conf\"" agent --links 9 0
check_says "a link needs none" "^applied 9 waiting 0 refused 0" \
	agent --links 9 0
with_bird ""
check_says "mended" "^bird applied" agent --links 9 0
lab_bird_end pop
check_says "a BIRD that is down" "^bird waiting BIRD does not answer" \
	agent --links 9 0
lab_bird pop || lab_die "no BIRD"

check_says "peerings beside" "^applied 19 waiting 0 refused 0" \
	agent --links 9 10
check_same "sessions with all" "19" "$(sessions pop | wc -l)"

before=$(since none)
told=$(grep -c -i reconfiguring $ROOT/run/bird/log)
check_says "a POP more" "^applied 20 waiting 0 refused 0" agent --links 10 10
check_same "has a session" 1 "$(sessions pop | grep -c '^ibgp_11 ')"
check_same "BIRD is told once" $((told + 1)) \
	"$(grep -c -i reconfiguring $ROOT/run/bird/log)"
check_steady "other sessions are as they were" "$before" "$(since ibgp_11)"
with_bird "protocol static ibgp_12 { ipv4; }"
lab_run pop birdc configure >/dev/null
before=$(since none)
check_says "a POP whose session has the operator's name" \
	"^bird refused BIRD refuses it: .*" agent --links 11 10
check_says "the links go on" "^applied 21 waiting 0 refused 0" \
	agent --links 11 10
check_says "and a new peering" "^wg-as4242430010 applied" \
	agent --links 11 11
check_steady "other sessions are as they were" "$before" \
	"$(since ebgp_as4242430010)"
check_not "the last good base stays" grep ibgp_12 $OURS/meetme.conf
with_bird ""
check_says "once it is gone" "^bird applied" agent --links 11 11
check_same "they have sessions" 22 "$(sessions pop | wc -l)"
agent --links 9 10 >/dev/null
check_same "which go with them" 19 "$(sessions pop | wc -l)"

check_says "a plan that lost all peerings" \
	"^applied 0 waiting 0 refused 9" agent --links 9 0
check_says "a plan that lost all links" \
	"^applied 0 waiting 0 refused 10" agent 10
check_same "take nothing away" 19 "$(links | wc -w)"
check_says "two links go" "^applied 17 waiting 0 refused 0" \
	agent --links 7 10
check_same "alone" "$(seq 2 8)" \
	"$(links | tr ' ' '\n' | sed -n 's/wg-int-//p')"
check_says "the last ones go" "^applied 10 waiting 0 refused 0" agent 10
check_same "all of them" "" "$(links | tr ' ' '\n' | grep int)"
check_says "they come again" "^applied 17 waiting 0 refused 0" \
	agent --links 7 10
finish
