# The agent on a kernel that has WireGuard; run by busybox in the virtual
# machine. A line "ok WHAT" or "not ok WHAT" for each thing checked.
AS=424243000 # and the peering's number
DOC="--host 2001:db8::7"

# The shell would take busybox's.
ip() {
	/programs/ip "$@"
}
wg() {
	/programs/wg "$@"
}

# agent OPTION...: one converge, with no right but CAP_NET_ADMIN.
agent() {
	/programs/setpriv --reuid 64201 --regid 64201 --clear-groups \
		--inh-caps +net_admin --ambient-caps +net_admin \
		--bounding-set -all,+net_admin \
		/programs/agent_apply --no-bird "$@" 2>/tmp/log
}

# check WHAT CMD...: CMD must succeed.
check() {
	what=$1
	shift
	if out=$("$@" 2>&1); then
		echo "ok $what"
	else
		echo "not ok $what"
		echo "$* gives $out" | sed 's/^/    /'
		tail -n 5 /tmp/log | sed 's/^/    /'
	fi
}

# says WHAT TEXT CMD...: CMD's output has TEXT.
says() {
	what=$1
	text=$2
	shift 2
	out=$("$@" 2>&1)
	case $out in
	*"$text"*) echo "ok $what" ;;
	*)
		echo "not ok $what: no \"$text\""
		echo "$* gives $out" | sed 's/^/    /'
		tail -n 5 /tmp/log | sed 's/^/    /'
		;;
	esac
}

# same WHAT A B
same() {
	if [ "$2" = "$3" ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		echo "$2" | sed 's/^/    before: /'
		echo "$3" | sed 's/^/    after: /'
	fi
}

# foreign: all that is not ours.
foreign() {
	for i in op0 hand0 "$@"; do
		ip -d addr show dev "$i"
		ip -6 route show dev $i
	done | sed 's/valid_lft.*//'
	wg showconf hand0
	ip addr show dev lo | grep 172.23
}

# ours [ASN]: all tunnels, but one.
ours() {
	wg show all dump | grep "^wg-as" | grep -v "wg-as$1"
	ip -o link | grep ' wg-as' | grep -v "wg-as$1"
	ip -o -6 addr | grep ' wg-as' | grep -v "wg-as$1"
	ip -6 route | grep 'dev wg-as' | grep -v "wg-as$1"
}

ip link add op0 type dummy
ip addr add 172.23.254.1/24 dev op0
ip link set op0 up
ip link add hand0 type wireguard
(umask 077 && wg genkey >/tmp/key)
wg set hand0 private-key /tmp/key listen-port 40000
ip addr add fe80::77/128 peer fe80::78/128 dev hand0
ip link set hand0 up
ip link set hand0 alias operator
ip addr add 172.23.255.1/32 dev lo
ip link add wg-as${AS}3 type wireguard
before=$(foreign wg-as${AS}3)

says "20 peerings, one name taken by another interface" \
	"applied 19 waiting 0 refused 1" agent $DOC 20
says "the one refused says why" "is not meetme's" \
	agent $DOC --verbose 20
same "the other interface is untouched" "$before" \
	"$(foreign wg-as${AS}3)"
ip link del wg-as${AS}3
before=$(foreign)
says "once it is gone, all 20" "applied 20 waiting 0 refused 0" \
	agent $DOC --loopback fd28:7515:7d51:a::1 20

W=wg-as${AS}7
says "they are of the kernel's kind" wireguard ip -d link show $W
says "marked" "alias meetme:AS${AS}7" ip link show $W
says "up, with the plan's MTU" "LOWER_UP> mtu 1420" ip link show $W
says "listen port" "listening port: 20007" wg show $W
says "endpoint" "endpoint: [2001:db8::7]:30007" wg show $W
says "keepalive" "every 30 seconds" wg show $W
says "allowed addresses" \
	"172.16.0.0/12, 10.0.0.0/8, fd00::/8, fe80::/10" wg show $W
says "address" "inet6 fe80:263::1:8 peer fe80:263::2:8/128" ip addr show $W
same "and no other" 1 "$(ip -o addr show $W | wc -l)"
says "route" "fe80:263::2:8 dev $W" ip -6 route
says "loopback" fd28:7515:7d51:a::1 ip addr show lo

all="$DOC --loopback fd28:7515:7d51:a::1"
snapshot=$(ours)
/programs/ip monitor link address route >/tmp/monitor &
monitor=$!
sleep 1
says "a second converge writes nothing" "changes 0" agent $all 20
sleep 1
kill $monitor
same "the kernel saw no change" "" "$(cat /tmp/monitor)"
same "all is as it was" "$snapshot" "$(ours)"

snapshot=$(ours ${AS}5)
says "one peering changes: one write" "applied 20 waiting 0 refused 0 changes 1 " \
	agent $all --set wg-as${AS}5:mtu:1380 20
says "it is changed" "mtu 1380" ip link show wg-as${AS}5
same "the others are as they were" "$snapshot" "$(ours ${AS}5)"

agent $all 20 >/dev/null
snapshot=$(ours)
ip link set $W down
ip link set $W up
ip -6 route del fe80:263::2:7 dev wg-as${AS}6
ip addr add fe80::99/64 dev wg-as${AS}4
wg set wg-as${AS}8 listen-port 9 peer "$(wg genkey | wg pubkey)" \
	allowed-ips 10.1.0.0/16
wg set wg-as${AS}9 peer "$(wg show wg-as${AS}9 peers)" \
	persistent-keepalive 0 allowed-ips 10.0.0.0/8
ip link del wg-as${AS}2
says "what was changed by hand is put right" \
	"applied 20 waiting 0 refused 0" agent $all 20
same "all of it" "$(echo "$snapshot" | sed 's/^[0-9]*: //' | sort)" \
	"$(ours | sed 's/^[0-9]*: //' | sort)"
says "and stays so" "changes 0" agent $all 20

says "half of them go" "applied 10 waiting 0 refused 0" agent $DOC 10
same "so do their interfaces" 10 "$(ip -o link | grep -c wg-as)"
same "and the loopback" "" "$(ip addr show lo | grep fd28:)"
same "the operator's things are as they were" "$before" "$(foreign)"
says "all but two at once: refused" "refused 1" agent $DOC 1
says "eight go" "applied 2" agent $DOC 2
says "all go" "applied 0" agent 0
same "no interface is left" 0 "$(ip -o link | grep -c wg-as)"

# Links of a mesh beside, and sysctls.
sys() {
	cat /proc/sys/net/$1
}
echo 0 >/proc/sys/net/ipv6/conf/all/forwarding
echo 0 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter
ip link add wg-int-7 type wireguard
wg set wg-int-7 listen-port 9999
before=$(ip addr show wg-int-7; wg showconf wg-int-7)
says "eight links, one name taken" "applied 7 waiting 0 refused 1" \
	agent $DOC --links 8 0
same "the other interface is untouched" "$before" \
	"$(ip addr show wg-int-7; wg showconf wg-int-7)"
ip link del wg-int-7
says "once it is gone, all" "applied 8 waiting 0 refused 0" \
	agent $DOC --links 8 0
W=wg-int-3
says "marked" "alias meetme:POP3 [2001:db8::7]:51801" ip link show $W
says "address, IPv4" "inet 169.254.1.1 peer 169.254.1.3/32 scope link" \
	ip addr show $W
says "address, IPv6" "inet6 fe80::3:1 peer fe80::3:3/128" ip addr show $W
same "and no other" 2 "$(ip -o addr show $W | wc -l)"
says "route, IPv4" "169.254.1.3 dev $W" ip route
says "route, IPv6" "fe80::3:3 dev $W" ip -6 route
says "allowed addresses" "169.254.0.0/16, ff02::1:6/128" wg show $W
same "forwarding" "1 1" "$(sys ipv4/ip_forward) $(sys ipv6/conf/all/forwarding)"
same "filters of reverse paths: all, ours, others, new ones" "0 0 1 1" \
	"$(echo $(sys ipv4/conf/all/rp_filter) $(sys ipv4/conf/$W/rp_filter) \
		$(sys ipv4/conf/hand0/rp_filter) \
		$(sys ipv4/conf/default/rp_filter))"
same "advertisements are taken where they were" 2 \
	"$(sys ipv6/conf/op0/accept_ra)"
/programs/ip monitor link address route >/tmp/monitor &
monitor=$!
sleep 1
says "a second converge writes nothing" "changes 0" agent $DOC --links 8 0
says "another MTU: one write" "changes 1 " \
	agent $DOC --links 8 --set $W:mtu:1380 0
sleep 1
kill $monitor
same "to that link" $W "$(grep -o 'wg-[a-z0-9-]*' /tmp/monitor | sort -u)"
says "all go" "applied 0" agent 0
same "no link is left" "" "$(ip -o link | grep wg-int)"

# Two of us, face to face.
mkdir -p /run/netns
ip netns add b
ip link add va type veth peer name vb netns b
ip addr add 2001:db8::1/64 dev va nodad
ip link set va up
ip netns exec b /programs/ip addr add 2001:db8::2/64 dev vb nodad
ip netns exec b /programs/ip link set vb up
ip netns exec b /programs/ip link set lo up
W=wg-as${AS}0
b() {
	ip netns exec b "$@"
}
says "one end" "applied 1" agent --host 2001:db8::2 1
says "the other" "applied 1" b /programs/agent_apply --no-bird --swap --self 1000 \
	--peer 1 --listen 30000 --host 2001:db8::1 --port 20000 1
check "a ping through the tunnel" ping -c 3 -W 5 -I $W fe80:263::2:1
same "there was a handshake" "" "$(wg show $W latest-handshakes | grep '	0$')"
b /programs/wg set $W listen-port 31000
check "the other end moves" b /bin/busybox ping -c 2 -W 5 -I $W \
	fe80:263::1:1
says "it is followed" "[2001:db8::2]:31000" wg show $W endpoints
says "a converge leaves it there" "changes 0" agent --host 2001:db8::2 1
says "it is still followed" "[2001:db8::2]:31000" wg show $W endpoints
says "an endpoint of our own is refused" "refused 1" \
	agent --host 2001:db8::1 1
says "a plan that changes is not taken for a move" "applied 1" \
	agent --host 2001:db8::2 --port 30001 1
says "it leads where the plan says" "[2001:db8::2]:30001" \
	wg show $W endpoints
