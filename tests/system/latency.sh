#!/bin/sh
# How far a peer is: its class follows the tunnel's delay, once, late enough,
# and without a session noticing.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
FAR=4242421344
PEER=$LAB/pop/etc/bird/meetme/peers/as$FAR.conf

# far FILTER: what jq gives of the far peering's status.
far() {
	lab_meetme pop peer_status --asn $FAR --json | jq -r "$1"
}

# is_class CLASS
is_class() {
	[ "$(far .peering.latency)" = "$1" ]
}

# is_ms LOW HIGH: was the last time between these?
is_ms() {
	far ".peering.rtt_us >= $1 * 1000 and .peering.rtt_us < $2 * 1000" |
		grep -qx true
}

# changes: how often a known class of the far peer became another, since all
# was steady.
changes() {
	echo $(($(became) - ${steady:-0}))
}

became() {
	grep -c "AS$FAR is of latency class" $LAB/pop/log
}

# echoes INTERFACE: echo requests that the far peer got over it.
echoes() {
	lab_run far awk '$1 == "Icmp6InEchos" { print $2 }' \
		"/proc/net/dev_snmp6/$1"
}

# got_more INTERFACE THAN
got_more() {
	[ "$(echoes "$1")" -gt "$2" ]
}

# rounds N: waits until the far peer was measured N times more.
rounds() {
	lab_wait $((10 + 4 * $1)) got_more wg-pop \
		$(($(echoes wg-pop) + 5 * $1 - 1)) && sleep 0.3
}

# no_time: the last round brought none.
no_time() {
	[ "$(far .peering.rtt_us)" = null ]
}

# marks HOST: the latency communities of the far peer's routes there, IPv4 and
# IPv6, each on a line.
marks() {
	for marks_net in "$(lab_loopback4 far)" "$(lab_loopback6 far)"; do
		lab_run "$1" birdc show route all for "$marks_net" |
			grep 'BGP.community' |
			grep -o '(64511,[1-9])' | tr '\n' ' '
	done
}

# marked N: these routes have class N alone, here and where they are exported.
marked() {
	[ "$(marks pop) $(marks near)" = \
		"(64511,$1) (64511,$1)  (64511,$1) (64511,$1) " ]
}

# file: the far peering's BIRD file, and when it was written.
file() {
	stat -c '%Y %i' "$PEER" && cat "$PEER"
}

lab_pop pop
lab_far far 5
lab_outside far $FAR
lab_outside near 4242421345
for n in far:$FAR near:4242421345; do
	lab_maintainer ${n%:*} ${n#*:} $LAB/${n%:*}/ssh/id_ed25519.pub
done
printf 'policy:\n  latency_interval: 2s\n' \
	>>$LAB/pop/etc/meetme/network.yaml
check "an interval of two seconds" lab_meetme pop reload
lab_peer far far $FAR pop >/dev/null
check_says "not measured yet" "^ latency: not measured yet" \
	lab_meetme pop peer_status --asn $FAR
lab_peer near near 4242421345 pop >/dev/null
check "sessions come up" lab_wait 20 lab_established pop
# All delays are far from the limits of their classes (7.3, 20 and 55 ms): a
# busy machine is late with echoes, at times with all of a round.
check "10 ms away: class 3" lab_wait 30 is_class 3
check "its time is the wires'" lab_wait 30 is_ms 10 20
check_says "on the screen" '^ latency: 1[0-9]\.[0-9]+ ms \(class 3\)' \
	lab_meetme pop peer_status --asn $FAR
check "its routes say so, also where they are exported" lab_wait 10 marked 3
steady=$(became)
before=$(sessions pop)
events=$(lab_meetme pop events --json | jq length)

lab_rewire far 22
check "44 ms away: the time follows" lab_wait 20 is_ms 44 55
check_same "the class does not, at first" 3 "$(far .peering.latency)"
check "after three rounds it does" lab_wait 20 is_class 4
check "so do its routes, soon" lab_wait 2 marked 4
check "for good" rounds 4
check_same "and once" 1 "$(changes)"
check_steady "the sessions are as they were" "$before" "$(sessions pop)"
check_same "it is no event" "$events" \
	"$(lab_meetme pop events --json | jq length)"

# Within a tenth of class 4's lower limit, 20 ms, and above it, in turns.
lab_rewire far 9.3
check "19 ms away" lab_wait 30 is_ms 18 20
for ms in 10.2 9.4 11 9.3 10 9.2; do
	lab_rewire far $ms
	rounds 1
done
check_same "jitter around a limit is none of class 3" "4 1" \
	"$(far .peering.latency) $(changes)"

lab_run far sysctl -qw net.ipv6.icmp.echo_ignore_all=1
check "no answer" lab_wait 15 no_time
rounds 2
check_same "keeps its class" "4 1" "$(far .peering.latency) $(changes)"
check_says "and it is said" '^ latency: no answer \(class 4\)' \
	lab_meetme pop peer_status --asn $FAR
lab_run far sysctl -qw net.ipv6.icmp.echo_ignore_all=0

written=$(file)
lab_meetmed_end pop
lab_meetmed pop
check_same "after a restart the class is there at once" 4 \
	"$(far .peering.latency)"
lab_rewire far 15
check "30 ms away" lab_wait 15 is_ms 30 40
rounds 4
check_same "and stays" "4 1" "$(far .peering.latency) $(changes)"
check_same "its file is as it was" "$written" "$(file)"
check_steady "so are the sessions" "$before" "$(sessions pop)"

lab_rewire far 5
check "near again: the class follows" lab_wait 40 is_class 3
check_same "once" 2 "$(changes)"
check "and the routes" lab_wait 2 marked 3
check_steady "the sessions are as they were" "$before" "$(sessions pop)"
check_same "its endpoint was never pinged" 0 "$(echoes eth0)"
finish
