#!/bin/sh
# The agent by itself, with wireguard-go and BIRD: what it writes, what it
# leaves alone, and what it says when something is in its way.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
APPLY=$LAB_BUILD/tests/tools/agent_apply
ROOT=$LAB/pop
BIRD=$(getent group bird | cut -d : -f 3)
OURS=$ROOT/etc/bird/meetme
AS=424243000 # and the number of a peering below ten

# as_agent CMD...: with the rights that meetmed leaves its agent.
as_agent() {
	lab_exec pop setpriv --reuid 64201 --regid 64201 --groups "$BIRD" \
		--inh-caps=-all,+net_admin --ambient-caps +net_admin \
		--bounding-set=-all,+net_admin "$@"
}

# agent OPTION...: one converge.
agent() {
	(as_agent "$APPLY" --root $ROOT --verbose "$@") 2>$LAB/agent.log
}

# with_bird TEXT: bird.conf is TEXT beside what it always has.
with_bird() {
	printf '%s\n' 'log "/run/bird/log" all;' \
		'protocol static op { ipv4; }' "$1" >$ROOT/etc/bird/bird.conf
}

reconfigured() {
	grep -c -i 'reconfiguring' $ROOT/run/bird/log
}

# session N WORDS: BIRD's line about peering N has WORDS.
session() {
	lab_run pop birdc show protocols "ebgp_as$AS$1_v6" | grep -q "$2"
}

# since N: the second of the day since when session N is in its state.
since() {
	lab_run pop birdc show protocols "ebgp_as$AS${1}_v6" |
		awk 'END { split($5, t, ":"); print t[1] * 3600 + t[2] * 60 + t[3] }'
}

# same_time A B: but for the millisecond by which BIRD's account wavers.
same_time() {
	awk "BEGIN { d = $1 - $2; exit !(d > -0.01 && d < 0.01) }"
}

INCLUDE='include "meetme/meetme.conf";'
lab_host pop
lab_run pop ip link add op0 type bridge
mkdir -p $OURS/peers
echo 'router id 192.0.2.1; protocol device {}' >$OURS/meetme.conf
echo '# the operator put it here' >$OURS/peers/operator.conf
chown -R 64201:bird $OURS $ROOT/run/wireguard
chmod 2750 $OURS $OURS/peers
with_bird "$INCLUDE"
lab_bird pop || lab_die "no BIRD"

all="--host 2001:db8::7 --loopback fd28:7515:7d51:a::1"
check_says "20 peerings" "^applied 20 waiting 0 refused 0" agent $all 20
W=wg-as${AS}7
check_says "marked" "alias meetme:AS${AS}7 \[2001:db8::7\]:30007" \
	lab_run pop ip link show $W
check_says "the address, and no other" "^1$" sh -c "
	nsenter -t $(lab_pid pop) -n ip -o addr show $W | grep -c inet"
check_says "the route" "fe80:263::2:8 dev $W" lab_run pop ip -6 route
check_says "the loopback" "fd28:7515:7d51:a::1" lab_run pop ip addr show lo

(lab_exec pop ip monitor link address route) >$LAB/monitor &
monitor=$!
sleep 0.5
touch $LAB/now
before=$(reconfigured)
check_says "a second converge changes nothing" \
	"^applied 20 waiting 0 refused 0 changes 0 " agent $all 20
sleep 0.5
lab_kill $monitor
check_same "the kernel saw no change" "" "$(cat $LAB/monitor)"
check_same "no file was written" "" "$(find $ROOT/etc/bird -newer $LAB/now)"
check_same "BIRD was told nothing" "$before" "$(reconfigured)"

pid=$(lab_run pop sh -c "grep -l -z -x -e $W /proc/[0-9]*/cmdline" |
	cut -d / -f 3)
check "a wireguard-go is killed" lab_kill "$pid" KILL
check "its link ends with its last thread" \
	lab_wait 5 lab_run pop sh -c "! ip link show $W"
check_says "its tunnel comes back" "^applied 20 waiting 0 refused 0" \
	agent $all 20
check "alone" test "$(grep -c made $LAB/agent.log)" -eq 1

mkdir -p $OURS/stage && chown 64201 $OURS/stage
before=$(reconfigured)
check_says "killed before BIRD was told: it is told" \
	"^applied 20 waiting 0 refused 0 changes 1 " agent $all 20
check_same "once" "$((before + 1))" "$(reconfigured)"
check_not "and that is forgotten" test -e $OURS/stage

up=$(since 3)
with_bird ""
lab_run pop birdc configure >/dev/null
check_says "without the line in bird.conf" \
	"^wg-as${AS}7 refused .*include \"meetme/meetme.conf\"" agent $all 20
with_bird "$INCLUDE"
check_says "with it" "^applied 20 waiting 0 refused 0" agent $all 20

with_bird "$INCLUDE protocol static ebgp_as4242430021_v6 { ipv4; }"
lab_run pop birdc configure >/dev/null
up=$(since 3)
check_says "a name that the operator has" \
	"^wg-as4242430021 refused BIRD refuses it: .*" agent $all 24
check_says "the others go on" "^applied 23 waiting 0 refused 1" \
	agent $all 24
check_not "no file of it is left" test -e $OURS/peers/as4242430021.conf
check "other sessions are as they were" same_time "$up" "$(since 3)"
with_bird "$INCLUDE"
check_says "once it is gone" "^applied 24 waiting 0 refused 0" agent $all 24

with_bird "$INCLUDE protocol nonsense {"
check_says "a bird.conf that is broken" \
	"^wg-as4242430024 refused BIRD refuses it: .*syntax error" agent $all 25
check_says "the others go on" "^wg-as${AS}7 applied" agent $all 25
check "other sessions are as they were" same_time "$up" "$(since 3)"
check_says "the tunnel is there" "AS4242430024" \
	lab_run pop ip link show wg-as4242430024
with_bird "$INCLUDE"
check_says "mended" "^applied 25 waiting 0 refused 0" agent $all 25

bird=$(cat $ROOT/run/bird/bird.pid)
kill -STOP "$bird"
check_says "a BIRD that hangs" \
	"^wg-as4242430025 waiting BIRD does not answer" agent $all 26
check "the tunnel does not wait for it" \
	lab_run pop ip link show wg-as4242430025
kill -CONT "$bird"
check_says "and comes back" "^applied 26 waiting 0 refused 0" agent $all 26

# That comes of a lost store; a person removes one at a time.
check_says "a plan that lacks most tunnels is refused" \
	"^applied 0 waiting 0 refused 9" agent $all 9
check_same "it takes nothing away" 26 \
	"$(lab_run pop ip -br link | grep -c '^wg-as')"
check_says "half of them go" "^applied 13 waiting 0 refused 0" \
	agent --host 2001:db8::7 13
check_same "interfaces" 13 "$(lab_run pop ip -br link | grep -c '^wg-as')"
check_same "sockets" 13 "$(ls $ROOT/run/wireguard | wc -l)"
check_same "files" 14 "$(ls $OURS/peers | wc -l)"
check_same "sessions" 13 \
	"$(lab_run pop birdc show protocols | grep -c ' BGP ')"
check_not "the loopback" lab_run pop sh -c 'ip addr show lo | grep fd28:'
check_says "the operator's file is there" "operator put" \
	cat $OURS/peers/operator.conf
check "the operator's interface is there" lab_run pop ip link show op0

(as_agent wireguard-go -f wg-as4242430013) >/dev/null 2>&1 &
lab_wait 5 test -S $ROOT/run/wireguard/wg-as4242430013.sock
sleep 0.5
check_says "one of our user without a mark is ours, from before a kill" \
	"^applied 14 waiting 0 refused 0" agent --host 2001:db8::7 14
(lab_exec pop wireguard-go -f wg-as4242430014) >/dev/null 2>&1 &
lab_wait 5 test -S $ROOT/run/wireguard/wg-as4242430014.sock
lab_run pop wg set wg-as4242430014 listen-port 9999
check_says "another user's is not" \
	"^wg-as4242430014 refused .*not meetme's" agent --host 2001:db8::7 15
check_says "and is untouched" "listening port: 9999" \
	lab_run pop wg show wg-as4242430014
check_says "an endpoint that the rules forbid" \
	"^applied 0 waiting 0 refused 1" agent --host 10.1.2.3 1
finish
