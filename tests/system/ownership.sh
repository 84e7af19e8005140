#!/bin/sh
# Ownership follows the registry: who loses his AS or his key has his session
# paused within a second of the pull, and nobody else's moves; back again, it
# goes on. Of many at once none is paused before a person confirms it.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
N=13
BASE=4242421000
UP=$LAB/upstream
PULL_MS=1000

g() {
	git -C $UP -c user.name=lab -c user.email=lab@lab.invalid \
		-c safe.directory='*' "$@"
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# maintainer I [ASN]: VI-MNT with its key and its AS, upstream.
maintainer() {
	"$LAB_TOP/lab/registry-add.sh" $UP "v$1" "${2:-$((BASE + $1))}" \
		$LAB/key$1.pub
}

# pull [OPTION]: what is upstream now.
pull() {
	g add -A
	g commit -q -m state
	lab_meetme pop registry pull "$@"
}

# visit I COMMAND...: as VI-MNT.
visit() {
	visitor=$1
	shift
	lab_run out ssh -p 4242 -i $LAB/key$visitor -o IdentitiesOnly=yes \
		-o BatchMode=yes "v$visitor@pop.lab" "$@"
}

# join I: a peering whose other side is the host `out`.
join() {
	wg genkey >$LAB/wg$1
	visit $1 peer_create --asn $((BASE + $1)) \
		--key "$(wg pubkey <$LAB/wg$1)" \
		--endpoint 2001:db8::1 --port $((51000 + $1)) || return 1
	visit $1 peer_config --asn $((BASE + $1)) --wg-quick |
		sed "s|\*\*REPLACEME\*\*|$(cat $LAB/wg$1)|" \
			>$LAB/out/etc/wireguard/wg-p$1.conf
	visit $1 peer_config --asn $((BASE + $1)) --bird |
		sed -e "s/as${LAB_ASN}_pop/visitor$1/g" \
			-e "s/wg-pop/wg-p$1/g" \
			>$LAB/out/etc/bird/peers/p$1.conf
	lab_run out wg-quick up wg-p$1
}

# down I, up I: the POP's end of that session.
down() {
	lab_run pop birdc show protocols "ebgp_as$((BASE + $1))_v6" |
		awk '$2 == "BGP" { down = $4 == "down" } END { exit !down }'
}

up() {
	lab_established pop "ebgp_as$((BASE + $1))_v6"
}

# paused: the numbers of the visitors whose peerings are.
paused() {
	lab_meetme pop peer_list --json |
		jq -r ".peerings[] | select(.state == \"paused\") | .asn - $BASE" |
		xargs
}

held() {
	lab_meetme pop status --json | jq -r ".held[].asn - $BASE" | xargs
}

# others: the POP's sessions, but those of the visitors $but. Where nobody is at
# the other end, BIRD goes to and fro between two ways of waiting.
others() {
	sessions pop $(for i in $but; do echo ebgp_as$((BASE + i))_v6; done) |
		sed -E 's/ (Active|Connect)$/ waits/'
}

# begin [I...]: remembers all but the sessions of these.
begin() {
	but=$*
	links=$(tunnels pop)
	bgp=$(others)
}

# steady_since WHAT: since then no tunnel moved, and no session but theirs.
steady_since() {
	check_tunnels "$1: no tunnel moved" "$links" "$(tunnels pop)"
	check_steady "$1: no other session did" "$bgp" "$(others)"
}

# pauses WHAT I REASON: a pull pauses that peering, no other one, in time.
pauses() {
	begin $2
	check "$1: is pulled" pull
	start=$(now_ms)
	check "$1: the session is down" lab_wait 5 down $2
	took=$(($(now_ms) - start))
	check "$1: in $took ms" test $took -le $PULL_MS
	check_same "$1: that peering is paused" $2 "$(paused)"
	steady_since "$1"
	check_says "$1: the reason is shown" "$3" lab_meetme pop peer_list
	check_says "$1: and the audit log has it" "meetmed.*peer_pause.*$3" \
		lab_meetme pop events
	check_same "$1: nothing is held" "" "$(held)"
}

# resumes WHAT I: a pull brings it back.
resumes() {
	check "$1: is pulled" pull
	check_same "$1: nothing is paused" "" "$(paused)"
	check "$1: the session is Established" lab_wait 20 up $2
	steady_since "$1"
	check_says "$1: the audit log has it" "meetmed.*peer_resume" \
		lab_meetme pop events --max 1
}

sh "$LAB_TOP/tests/registry-generate.sh" $UP 40
for i in $(seq 0 $((N + 1))); do
	ssh-keygen -q -t ed25519 -N '' -f $LAB/key$i
	maintainer $i
done
git init -q $UP
g add -A
g commit -q -m first
lab_outside out 4242420999
lab_host pop
lab_pop_files pop
cat >>$LAB/pop/etc/meetme/network.yaml <<-END
	registry:
	  url: $UP
	  interval: 1h
END
lab_bird pop
lab_meetmed pop
lab_wait 20 visit 1 peer_list >/dev/null
for i in 1 2 3; do
	join $i >$LAB/join.log 2>&1 || { cat $LAB/join.log; not_ok "join $i"; }
done
for i in $(seq 4 $((N - 1))); do
	visit $i peer_create --asn $((BASE + i)) \
		--key "$(wg genkey | wg pubkey)" >/dev/null || not_ok "peer $i"
done
lab_meetme pop peer_create --asn $((BASE + N)) \
	--key "$(wg genkey | wg pubkey)" >/dev/null || not_ok "peer $N"
lab_run out birdc configure >/dev/null
for i in 1 2 3; do
	check "visitor $i is Established" lab_wait 30 up $i
done
check_same "nothing is paused" "" "$(paused)"

# Each reason, and back.
sed -i /ssh-ed25519/d $UP/data/mntner/V1-MNT
pauses "no key" 1 "V1-MNT has no SSH key in the registry any more"
check_says "peer_status says why" "paused.*V1-MNT has no SSH key" \
	lab_meetme pop peer_status --asn $((BASE + 1))
check_says "and status how many" " 1 paused" lab_meetme pop status
check "its tunnel carries packets" lab_run out ping -q -c 1 -W 2 -I wg-p1 \
	fe80:263::1:1
check_not "its key logs in no more" visit 1 peer_list
maintainer 1
resumes "the key is back" 1

rm $UP/data/mntner/V2-MNT
pauses "no maintainer" 2 "there is no V2-MNT in the registry any more"
maintainer 2
resumes "the maintainer is back" 2

# A session that is open all the time.
mkfifo $LAB/say
visit 2 <$LAB/say >$LAB/said 2>&1 &
exec 3>$LAB/say
says() {
	: >$LAB/said
	echo "$1" >&3
	lab_wait 5 grep -Eq "$2" $LAB/said || { cat $LAB/said; false; }
}
check "an open session is served" says peer_list 2001:db8::1

maintainer 0 $((BASE + 2))
pauses "moved" 2 "V2-MNT does not maintain AS$((BASE + 2)) any more"
check "who lost it sees it no more" says peer_list "no peering session yet"
check "and cannot change it" says "peer_edit --asn $((BASE + 2)) --mtu 1300" \
	"no peering of AS"
check "nor remove it" says "peer_remove --asn $((BASE + 2)) --yes" \
	"no peering of AS"

# Who has it now sees it, but not its secrets, and can have it with his key.
check_says "who has it now sees it" "V2-MNT does not maintain" \
	visit 0 peer_list
check_says "but not its configuration" "tunnel of V2-MNT" visit 0 peer_config
check_says "it does not run again for him as it is" "tunnel of V2-MNT" \
	visit 0 peer_edit --asn $((BASE + 2)) --mtu 1300
check_same "it is still paused" 2 "$(paused)"
check "with a key he takes it over" visit 0 peer_edit --asn $((BASE + 2)) \
	--key "$(wg genkey | wg pubkey)"
check_same "it is no longer paused" "" "$(paused)"
check_same "and his" V0-MNT "$(lab_meetme pop peer_list --json |
	jq -r ".peerings[] | select(.asn == $((BASE + 2))).mntner")"
maintainer 2
begin 2
check "the AS moves back" pull
check_says "the other one's is paused" "V0-MNT does not maintain" \
	lab_meetme pop peer_list
check "who has it again takes it over" visit 2 peer_edit \
	--asn $((BASE + 2)) --key "$(wg pubkey <$LAB/wg2)"
check "and it is Established" lab_wait 30 up 2
check_steady "all the others are steady" "$bgp" "$(others)"

sed -i /ssh-ed25519/d $UP/data/mntner/V2-MNT
ssh-keygen -q -t ed25519 -N '' -f $LAB/other
echo "auth: $(cat $LAB/other.pub)" >>$UP/data/mntner/V2-MNT
begin
check "a key is replaced" pull
check_same "nothing is paused" "" "$(paused)"
check "but a session that came with the old one has ended" \
	says "peer_edit --asn $((BASE + 2)) --mtu 1300" "not valid any more"
steady_since "a key is replaced"
exec 3>&-
maintainer 2
pull >/dev/null

# An operator's own peering is nobody's to lose.
rm $UP/data/aut-num/AS$((BASE + N)) $UP/data/mntner/V$N-MNT
begin
check "the AS of an operator's peering goes" pull
check_same "which stays" "" "$(paused)"
steady_since "an operator's peering"

# Three at once.
rm $UP/data/mntner/V1-MNT
sed -i /ssh-ed25519/d $UP/data/mntner/V4-MNT
sed -i /mnt-by/d $UP/data/aut-num/AS$((BASE + 5))
begin
check_says "three at once are pulled" "3 peerings would be paused" pull
check_same "none is paused" "" "$(paused)"
check_same "three are held" "1 4 5" "$(held)"
steady_since "three at once"
check_says "status says what to do" "meetme registry confirm" \
	lab_meetme pop status
check_says "and names them" "AS$((BASE + 5)) is to be paused: V5-MNT does" \
	lab_meetme pop status
check_says "the audit log has it" "peer_pause_held.*3 of $N" \
	lab_meetme pop events
check_not "no visitor confirms it" visit 3 registry confirm
cp -r $UP/data $LAB/three
maintainer 1
maintainer 4
maintainer 5
check "mended before that" pull
check_same "nothing is held" "" "$(held)"
check_says "nor to be confirmed" "waits to be confirmed" \
	lab_meetme pop registry confirm
steady_since "mended"

rm -r $UP/data
cp -r $LAB/three $UP/data
pull >/dev/null
lab_meetmed_end pop
lab_meetmed pop
check_same "held ones are held after a start" "1 4 5" "$(held)"
check_same "and none is paused" "" "$(paused)"
steady_since "a start"
begin 1 4 5
check_says "a person confirms it" "3 peerings are paused" \
	lab_meetme pop registry confirm
check "the session is down" lab_wait 5 down 1
check_same "three are paused" "1 4 5" "$(paused)"
steady_since "confirmed"
check_says "the audit log has who did it" "uid 0.*registry_confirm" \
	lab_meetme pop events

# What is paused stays so, and does not count any more.
lab_meetmed_end pop
lab_meetmed pop
check_same "three are paused after a start" "1 4 5" "$(paused)"
check_same "and nothing is held" "" "$(held)"
check "the session stays down" down 1
steady_since "a start with paused ones"
sed -i /ssh-ed25519/d $UP/data/mntner/V6-MNT
begin 1 4 5 6
check "one more is pulled" pull
check_same "and paused" "1 4 5 6" "$(paused)"

# A registry that is refused pauses nobody.
good=$(g rev-parse HEAD)
refused() {
	g add -A
	g commit -q -m "$1"
	check_not "$1: is refused" lab_meetme pop registry pull
	check_same "$1: pauses nobody" "1 4 5 6" "$(paused)"
	check_same "$1: nor holds anyone" "" "$(held)"
	g reset -q --hard $good
}
rm -r $UP/data/mntner
refused emptied
(cd $UP/data/mntner && ls | tail -n +20 | xargs rm)
refused truncated
(cd $UP/data/aut-num && ls | tail -n 9 | xargs rm)
refused "nine AS numbers fewer"
printf '<<<<<<< ours\nmnt-by: V3-MNT\n=======\n>>>>>>> theirs\n' \
	>$UP/data/aut-num/AS$((BASE + 3))
refused "a merge conflict"
g reset -q --hard HEAD~1
rm $UP/data/mntner/V3-MNT
refused "rolled back"

for i in 1 4 5 6; do
	maintainer $i
done
check "all are back" pull
check_same "all go on at once" "" "$(paused)"
check "and the session is Established" lab_wait 30 up 1
steady_since "all are back"

# A folder that somebody is writing into: what comes and goes is not seen.
cp -r $UP/data $LAB/registry/
lab_network pop >$LAB/pop/etc/meetme/network.yaml
begin
check "the registry is a folder" lab_meetme pop reload
for i in 1 2 3 4 5 6 7 8 9 10 11; do
	rm -f $LAB/registry/data/mntner/V1-MNT
	echo "remarks: $i" >>$LAB/registry/data/mntner/V3-MNT
	sleep 1
done
check_same "nothing is paused while it is written" "" "$(paused)"
steady_since "a folder"
gone() {
	[ "$(paused)" = 1 ]
}
check "when it rests, it is followed" lab_wait 15 gone
finish
