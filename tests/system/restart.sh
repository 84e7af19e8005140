#!/bin/sh
# meetmed restarted, and killed at any time: tunnels and sessions stay, and it
# converges to what is stored. Interfaces deleted behind its back come back.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001

# check_standing WHAT: the first peering's tunnel and session have not changed.
check_standing() {
	check_same "$1: the tunnel" "$tunnel" "$(tunnel)"
	check_steady "$1: the session on the POP" "$pop" "$(first)"
	check_steady "$1: the session on the other side" "$out" \
		"$(sessions out)"
}

tunnel() {
	lab_run pop ip -o link show wg-as$ASN
	lab_run pop wg show wg-as$ASN latest-handshakes
}

# first: that peering's session on the POP.
first() {
	sessions pop | grep "as${ASN}_"
}

# role NAME: the id of a role of the POP's meetmed.
role() {
	if [ "$1" = agent ]; then
		cat $LAB/pop/meetmed
		return
	fi
	for p in $(cat "/proc/$(cat $LAB/pop/meetmed)/task/"*/children); do
		if tr '\0' ' ' <"/proc/$p/cmdline" | grep -q -e "--role $1 "; then
			echo "$p"
		fi
	done
}

# again: starts meetmed, as systemd does, if it has ended.
again() {
	lab_gone "$(cat $LAB/pop/meetmed)" || return 0
	lab_meetmed pop
}

ended() {
	lab_gone "$(cat $LAB/pop/meetmed)"
}

answers() {
	lab_ssh out out peer_list
}

# converged: as many applied peerings as interfaces, files and sessions.
converged() {
	n=$(sqlite3 $LAB/pop/var/lib/meetme/engine/store.db \
		'SELECT count(*) FROM peering')
	[ "$(lab_run pop ip -br link | grep -c '^wg-as')" -eq "$n" ] &&
		[ "$(find $LAB/pop/etc/bird/meetme/peers -name 'as*.conf' |
			wc -l)" -eq "$n" ] &&
		[ "$(lab_run pop birdc show protocols |
			grep -c ' BGP ')" -eq "$n" ] &&
		[ "$(lab_meetme pop peer_list --json |
			grep -o '"state": *"applied"' | wc -l)" -eq "$n" ]
}

lab_outside out $ASN
for i in $(seq 12); do
	lab_maintainer out $((ASN + i)) $LAB/out/ssh/id_ed25519.pub
done
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_pop pop
check "peer_create" lab_ssh out out peer_create --asn $ASN \
	--key "$(cat $LAB/out/wg.pub)" --endpoint 2001:db8::1 --port 51820
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out
tunnel=$(tunnel) pop=$(first) out=$(sessions out)

check "meetmed ends" lab_meetmed_end pop
check_standing "nothing changed without it"
check "it starts again" lab_meetmed pop
check "it answers" lab_wait 10 answers
check "it has converged" lab_wait 10 converged
check_standing "nothing changed by the restart"

for name in agent engine listener resolver; do
	pid=$(role $name)
	check "$name is killed" lab_kill "$pid" KILL
	lab_wait 3 ended
	check "$name: meetmed is there again" again
	check "$name: it answers" lab_wait 10 answers
	check "$name: it has converged" lab_wait 10 converged
	check_standing "$name: nothing changed"
done

lost=0
for i in $(seq 12); do
	lab_ssh out out peer_create --asn $((ASN + i)) \
		--key "$(wg genkey | wg pubkey)" >$LAB/create 2>&1 &
	create=$!
	sleep "0.$(printf %03d $((20 + $(od -An -N1 -tu1 /dev/urandom) / 2)))"
	lab_kill "$(cat $LAB/pop/meetmed)" KILL
	wait $create && created=1 || created=0
	again
	lab_wait 10 answers
	lab_meetme pop peer_list | grep -q $((ASN + i)) && stored=1 || stored=0
	[ $created -le $stored ] || lost=$((lost + 1))
done
check_same "killed in 12 creates: none that was accepted is lost" 0 $lost
check "it has converged" lab_wait 20 converged
check_standing "nothing changed"

delete_all() {
	for dev in $(lab_run pop ip -br link | awk '/^wg-as/ { print $1 }'); do
		lab_run pop ip link del "$dev" || return 1
	done
}
check "all interfaces are deleted" delete_all
check "they come back" lab_wait 20 converged
check "and are Established" lab_wait 60 lab_established out

lab_meetmed_end pop
check "all are deleted while meetmed is away" delete_all
check "it starts again" lab_meetmed pop
check "they come back" lab_wait 20 converged
check "and are Established" lab_wait 60 lab_established out
finish
