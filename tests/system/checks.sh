#!/bin/sh
# The author's checks as commands: ping and trace over five hops, routes,
# neighbors, links; for the operator, and for visitors with limits.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../chain.sh"
lab_init "$@"
FAR4=172.20.5.1
FAR6=fd42:5::1
ASN=4242421001

# ask FILTER COMMAND...: what jq gives of the operator's answer.
ask() {
	ask_filter=$1
	shift
	lab_meetme pop "$@" --json | jq -r "$ask_filter"
}

# hops TARGET OPTION...: "NTH ADDRESS POP ASN MNTNER NETWORK" of each hop.
hops() {
	ask '.answers[] | [.nth, .address // "*", .pop // "-", .asn // "-",
		.mntner // "-", .network // "-"] | join(" ")' trace "$@"
}

# five ADDRESS...: the hops that there should be.
five() {
	cat <<-END
		1 $1 - $ASN OUT-MNT -
		2 $2 - 4242420002 CHAIN2-MNT -
		3 $3 - 4242420003 CHAIN3-MNT -
		4 $4 - 4242420004 CHAIN4-MNT -
		5 $5 - 4242420005 CHAIN5-MNT CHAIN5-NET
	END
}

# far: both families answer.
far() {
	lab_run pop ping -qc 1 -W 1 $FAR4 && lab_run pop ping -qc 1 -W 1 $FAR6
}

# visit COMMAND...: as the visitor.
visit() {
	lab_ssh out out "$@"
}

# requests: IPv4 echo requests that the POP has sent.
requests() {
	lab_run pop awk '$1 == "IcmpMsg:" && !n {
			for (n = 1; n <= NF && $n != "OutType8";) n++
			next
		}
		$1 == "IcmpMsg:" { print $n + 0 }' /proc/net/snmp
}

# refused WHAT TEXT COMMAND...: to a visitor, who is told so; nothing is sent.
refused() {
	refused_what=$1
	refused_text=$2
	shift 2
	refused_before=$(requests)
	check_says "to a visitor: $refused_what is refused" "$refused_text" \
		visit "$@"
	check_same "to a visitor: for $refused_what nothing is sent" \
		"$refused_before" "$(requests)"
}

# says_eth0 COMMAND...: it answers, and names the machine's own network.
says_eth0() {
	"$@" >$LAB/says || return 0
	grep -e eth0 -e 172.31 $LAB/says
}

# stopped: no request goes out any more.
stopped() {
	stopped_before=$(requests)
	sleep 1.5
	[ "$stopped_before" = "$(requests)" ]
}

# more_than N: more requests than that went out.
more_than() {
	[ "$(requests)" -gt "$1" ]
}

chain_make
check "five hops away answers in both families" lab_wait 30 far

check_same "trace names five hops in IPv4" "$(five 172.20.1.1 172.20.2.1 \
	172.20.3.1 172.20.4.1 $FAR4)" "$(hops $FAR4)"
check_same "trace names five hops in IPv6" "$(five fd42:1::1 fd42:2::1 \
	fd42:3::1 fd42:4::1 $FAR6)" "$(hops $FAR6)"
check_says "trace prints them" "^ 5  172.20.5.1 .*ms  AS4242420005 CHAIN5-MNT" \
	lab_meetme pop trace $FAR4
check_same "an AS number is its tunnel's other end" \
	"1 fe80:263::2:1 - $ASN OUT-MNT -" "$(hops $ASN)"
check_same "a POP's name is its address" "1 172.22.144.161 pop $LAB_ASN - -" \
	"$(hops pop --ipv4)"
check_same "ping counts answers, and what they cost" \
	"2 2 reply 172.20.5.1 60 true" "$(ask '[.sent, .received,
		.answers[0].kind, .answers[0].address, .answers[0].hops_left,
		.min <= .avg and .avg <= .max] | join(" ")' \
		ping $FAR4 --count 2)"

# r3 says nothing; then nobody behind it does.
lab_run r3 ip route add blackhole 172.22.144.160/27 metric 1
lab_run r3 ip route del 172.22.144.160/27 via 192.0.2.2
lab_run r4 ip route replace 172.22.144.160/27 via 192.0.2.2 src 172.20.4.1
check_same "a hop that does not answer is a *" \
	"$(five 172.20.1.1 172.20.2.1 x 172.20.4.1 $FAR4 |
		sed 's/^3 .*/3 * - - - -/')" "$(hops $FAR4)"
lab_run r4 ip route replace blackhole 172.20.5.1/32
check_says "a target that cannot be reached is said to be so" \
	"The target does not answer" lab_meetme pop trace $FAR4 --hops 8
check_not "and the exit status says so" \
	lab_meetme pop trace $FAR4 --hops 8
check_not "that of ping too" lab_meetme pop ping $FAR4 --count 1
check_says "a name that leads nowhere is the target" \
	"^target: no.where does not resolve" lab_meetme pop trace no.where
check_says "no route is said at once" "no route to 198.51.100.1" \
	lab_meetme pop ping 198.51.100.1
check_not "a name of an option is no target" lab_meetme pop ping -f
lab_run r4 ip route replace 172.20.5.1 via 192.0.2.5 src 172.20.4.1

check_same "routes: BIRD's choice, why, and the kernel's" \
	"ebgp_as${ASN}_v6 the only one wg-as$ASN 172.22.144.161 bird" \
	"$(ask '.networks[0] | [(.routes[] | select(.best) | .proto), .why,
		.kernel[0].ifname, .kernel[0].src, .kernel[0].proto] |
		join(" ")' routes 172.20.5.0/24)"
check_says "routes: the screen has no more to say of an only one" \
	"^172.20.5.0/24 .* ebgp_as${ASN}_v6$" lab_meetme pop routes
check_same "routes: what leads to an address" "fd42:5::/48" \
	"$(ask '.networks[].network' routes $FAR6)"
check_same "routes: all of them" "13 13" \
	"$(ask '[.count, (.networks | length)] | join(" ")' routes)"
check_says "routes: none is said" "no route there" \
	lab_meetme pop routes 198.51.100.0/24
check_not "routes: host bits are refused" lab_meetme pop routes 172.20.5.1/24
lab_run pop sh -c 'cat >>/etc/bird/bird.conf' <<-END
	protocol static second { ipv4 { preference 50; };
		route 172.20.5.0/24 unreachable; }
END
lab_run pop birdc configure >/dev/null
check_same "routes: what decided between two" "preference 100 over 50" \
	"$(ask '.networks[].why' routes 172.20.5.0/24)"
check_says "on the screen too" "^172.20.5.0/24 .*  .preference 100 over 50" \
	lab_meetme pop routes

check_same "neighbors: what is imported" \
	"ebgp_as${ASN}_v6 Established $ASN OUT-MNT 5 5" \
	"$(ask '.neighbors[] | [.name, .info, .asn, .mntner,
		.channels[].imported] | join(" ")' neighbors)"
check_says "neighbors: one in full" "Neighbor AS: +$ASN" \
	lab_meetme pop neighbors AS$ASN
check_says "routes: what leads nowhere is said to, in IPv4" \
	"^kernel: 172.22.144.160/27 unreachable" \
	lab_meetme pop routes 172.22.144.160/27
check_says "routes: and in IPv6" "^kernel: fd28:7515:7d51::/48 unreachable" \
	lab_meetme pop routes fd28:7515:7d51::/48
check_says "neighbors: no such one" "there is no BGP session" \
	lab_meetme pop neighbors nobody
check_same "links: who, and whether it shook hands" \
	"wg-as$ASN $ASN OUT-MNT [2001:db8::1]:51820 true true" \
	"$(ask '.links[] | [.ifname, .asn, .mntner, .endpoint, .handshake > 0,
		.rtt > 0] | join(" ")' links)"

refused "an option" "ping has no option -f" ping -f
refused "a zone" "without a zone" ping fe80::1%eth0
refused "this machine" "only addresses of" ping 127.0.0.1
refused "a public address" "only addresses of" trace 2001:4860:4860::8888
refused "a name" "names are not looked up" trace out.lab
refused "another's AS" "you have no peering" ping 4242421002
refused "a link-local address that is nobody's" "no tunnel of yours" \
	ping fe80::1
refused "a command" "neither a POP's name" ping "'1.1.1.1;id'"
# The machine may be in a network of the same private addresses.
lab_run pop ip addr add 172.31.0.1/16 dev eth0
lab_run out ip addr add 172.31.0.2/16 dev eth0
lab_run pop ip route add default via 172.31.0.2
check_says "the operator reaches what the machine is in" "1 received" \
	lab_meetme pop ping 172.31.0.2 --count 1
refused "what the machine is in" "leads out of" ping 172.31.0.2
lab_run pop ip addr add fd99::1/64 dev eth0 nodad
lab_run out ip addr add fd99::2/64 dev eth0 nodad
lab_maintainer guest 4242421099 $LAB/out/ssh/id_ed25519.pub
lab_meetme pop reload >/dev/null
check_says "the operator reaches it by IPv6" "1 received" \
	lab_meetme pop ping fd99::2 --count 1
check_says "a visitor does not" "leads out of" lab_ssh out guest ping fd99::2
check_says "the operator sees where else packets go" "172.31.0.2" \
	lab_meetme pop routes 172.20.99.1
check_not "a visitor does not" says_eth0 visit routes 172.20.99.1
lab_run pop ip route del default
# In a table of its own: in main, BIRD would take it away.
lab_run pop ip route add default via 172.31.0.2 table 77 proto bird
lab_run pop ip rule add pref 77 lookup 77
check_says "nor may a visitor follow a default route of BIRD's" "leads out of" \
	lab_ssh out guest ping 172.20.99.1
lab_run pop ip rule del pref 77
lab_run pop ip addr del 172.31.0.1/16 dev eth0
lab_run pop ip addr del fd99::1/64 dev eth0
check_not "a visitor sees no one else's sessions" visit neighbors
check_not "nor tunnels" visit links
check_not "nor all routes" visit routes
check_says "but why a route was chosen" "chosen: ebgp_as${ASN}_v6" \
	visit routes 172.20.5.0/24
check_says "and the way there" "^ 5  172.20.5.1 " visit trace $FAR4
check_says "and whether his own end answers" "1 sent, 1 received" \
	visit ping $ASN --count 1

before=$(requests)
(lab_exec out ssh -o BatchMode=yes -p 4242 out@pop.lab ping $FAR4 --count 10 \
	>$LAB/ping 2>&1) &
ping=$!
check "a visitor's ping runs" lab_wait 5 more_than $((before + 1))
check_says "one at a time" "one at a time" visit ping $FAR4 --count 1
kill $ping
wait $ping 2>/dev/null
check "it ends when the visitor leaves" lab_wait 5 stopped
check_same "not all of it was sent" true \
	"$([ "$(requests)" -lt $((before + 8)) ] && echo true)"

# Ctrl-C at the second answer of many; for one who has not asked yet.
check "Ctrl-C ends a visitor's ping, at once" lab_run out env TERM=xterm \
	expect -c '
	set timeout 10
	proc see {pattern} {
		expect -re $pattern {} timeout { exit 1 } eof { exit 1 }
	}
	spawn ssh -i '$LAB'/admin -o IdentitiesOnly=yes -p 4242 chain2@pop.lab
	see "AS'$LAB_ASN'>"
	send "ping '$FAR4' --count 10\r"
	see "\n 2 "
	send "\003"
	see "\n[2-5] sent, [2-5] received.*AS'$LAB_ASN'>"
	send "bye\r"
	see "Space Cowboy"'
check "nothing more is sent" stopped
check "and an operator's" lab_run pop env TERM=xterm expect -c '
	set timeout 10
	spawn meetme --root '$LAB'/pop ping '$FAR4' --count 20
	expect -re "\n 2 " {} timeout { exit 1 }
	send "\003"
	expect -re "\n[2-5] sent, [2-5] received" {} timeout { exit 1 }
	expect eof { exit [lindex [wait] 3] } timeout { exit 1 }'
check "nothing more is sent then" stopped
for i in 1 2 3 4; do
	visit ping $FAR4 --count 1 >/dev/null 2>&1
done
check_says "so many in a minute" "a minute: try again in [0-9]+ second" \
	visit ping $FAR4 --count 1
check_says "the operator has no such limit" "1 sent, 1 received" \
	lab_meetme pop ping $FAR4 --count 1
finish
