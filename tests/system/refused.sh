#!/bin/sh
# Routes that a peer must not announce: peer_status names them and why, and
# what the registry says of routes follows it without a session's end.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001 OTHER=4242421002 BLOCKED=4242429999
REGISTRY=$LAB/registry/data
BIRD=$LAB/pop/etc/bird/meetme
LIMIT=9000 # the default import limit

# announce: what the peer says, from stdin: PREFIX [what the filter does].
announce() {
	while read -r prefix action; do
		case $prefix in *:*) family=6 ;; *) family=4 ;; esac
		echo "route $prefix unreachable;" >>$LAB/routes$family
		[ -z "$action" ] ||
			echo "if net = $prefix then $action;" >>$LAB/actions
	done
}

# speak: the peer's BIRD announces all of it, whatever it is.
speak() {
	file=$LAB/out/etc/bird/peers/as$ASN.conf
	sed -i '/export where/,/;$/c\		export filter announce;' $file
	{
		echo "filter announce {"
		cat $LAB/actions
		printf '%s\n' accept\; } \
			'protocol static bad4 {' ipv4\;
		cat $LAB/routes4
		printf '%s\n' } 'protocol static bad6 {' ipv6\;
		cat $LAB/routes6
		echo }
	} >$LAB/out/etc/bird/peers/a.conf
	lab_run out birdc configure | grep -q Reconfigured
}

status() {
	lab_meetme pop peer_status --asn $ASN "$@"
}

# table: there is one.
table() {
	status | grep -q "Refused routes"
}

# refused: a line for each reason, "COUNT REASON: PREFIX..."
refused() {
	status --json | jq -r '.refused[] |
		"\(.count) \(.reason): \(.prefixes | sort | join(" "))"'
}

# asked N: what the visitor hears of refused routes, if he asks N times.
asked() {
	for i in $(seq "$1"); do
		lab_ssh out out peer_status --json | jq -c .refused
	done
}

# counted N REASON: so many are refused for it.
counted() {
	refused | cut -d : -f 1 | grep -qx "$1 $2"
}

# imported FAMILY: how many of the peer's routes are accepted.
imported() {
	status --json | jq ".session.channels[] |
		select(.family == \"$1\").imported"
}

all_imported() {
	[ "$(imported ipv6)" = $LIMIT ]
}

# accepts PREFIX
accepts() {
	lab_run pop birdc show route "$1" | grep -q ebgp_as$ASN
}

# has_roa PREFIX: BIRD's table has one for it.
has_roa() {
	lab_run pop birdc show route table meetme_roa4 | grep -q "^$1"
}

has_no_roa() {
	! has_roa "$1"
}

# soon PREFIX [filtered]: as it is, the route is there since BIRD had its last
# configuration, by BIRD's clock: BIRD by itself would wait for a second.
soon() {
	{
		grep Reconfigured $LAB/pop/run/bird/log | tail -n 1 |
			cut -d ' ' -f 2
		lab_run pop birdc show route ${2:-} "$1" |
			sed -n 's/.*\[ebgp_as[^ ]* \([0-9:.]*\).*/\1/p'
	} | awk -F : '
		{ at[NR] = $1 * 3600 + $2 * 60 + $3 }
		END {
			print at[2] - at[1], "s"
			exit NR != 2 || at[2] - at[1] > 0.5
		}'
}

# told: how often BIRD was told to look at a session's routes again.
told() {
	grep -c "Reloading protocol ebgp_as$ASN" $LAB/pop/run/bird/log
}

# commit, pull: what is upstream now.
commit() {
	git -C $UP add -A && git -C $UP -c user.name=lab \
		-c user.email=lab@lab.invalid commit -q -m change
}

pull() {
	commit && lab_meetme pop registry pull
}

accepts_not() {
	! accepts "$1"
}

# files: our BIRD files, but those named, with what shows a write.
files() {
	find $BIRD -type f | grep -v -e "/$1\$" -e "/${2:-$1}\$" | sort |
		xargs stat -c '%n %i %z'
}

# gone OBJECT, back OBJECT: takes it out of the registry, and gives it back.
gone() {
	mv $REGISTRY/$1 $LAB/gone
}

back() {
	mv $LAB/gone $REGISTRY/$1
}

# A tenth of a class of objects may go at once.
for i in $(seq 20); do
	lab_route $OTHER "172.21.$i.0/24"
	lab_route $OTHER "fd43:$i::/48"
done
lab_route $ASN 172.20.94.0/24
lab_route $ASN 172.20.95.0/24 24
lab_route $OTHER 172.20.96.0/24
lab_route $ASN 172.20.98.0/24
lab_route $ASN 172.20.99.0/29
lab_route $ASN fd42:4000::/44 64
lab_outside out $ASN
# Else its file is written anew when its latency is known.
lab_run out sysctl -qw net.ipv6.icmp.echo_ignore_all=1
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_host pop
lab_pop_files pop
cat >>$LAB/pop/etc/meetme/network.yaml <<-END
	policy:
	  block: [$BLOCKED]
END
lab_bird pop
lab_meetmed pop
check "peer_create" lab_ssh out out peer_create --key "$(cat $LAB/out/wg.pub)" \
	--endpoint out.lab --port 51820
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out
check "its network is accepted" lab_wait 10 accepts \
	"172.20.$(cat $LAB/out/number).0/24"
check_same "nothing is refused" "" "$(refused)"
check_not "nor is there a table" table
check_same "a visitor may ask for that as often as he likes" "[]" \
	"$(asked 8 | sort -u)"

: >$LAB/actions
announce <<-END
	172.20.94.0/24
	172.22.144.176/28
	fd28:7515:7d51:ff::/64
	203.0.113.0/24
	192.168.7.0/24
	2001:db8:1::/48
	172.20.99.0/30
	fd42:99::/32
	172.20.98.0/24 bgp_path.prepend($BLOCKED)
	172.20.97.0/24
	172.20.96.0/24
	172.20.95.128/25
END
# More than the limit, with what it has announced already.
for i in $(seq $((LIMIT + 1))); do
	printf 'fd42:4000:0:%x::/64\n' "$i"
done | announce
check "the peer announces" speak
check "up to the import limit they are accepted" lab_wait 30 all_imported
check "the good one is" accepts 172.20.94.0/24
check "both beyond the limit are refused" lab_wait 10 counted 2 \
	"refused by a hook, or beyond the import limit"
check_same "the others are refused for what they are" \
"1 an AS on its path is blocked: 172.20.98.0/24
1 no ROA covers it: 172.20.97.0/24
2 it is one of our own networks: 172.22.144.176/28 fd28:7515:7d51:ff::/64
2 its ROA is for another AS, or for shorter prefixes: 172.20.95.128/25 172.20.96.0/24
2 prefixes of this length are not announced there: 172.20.99.0/30 fd42:99::/32
3 it is no network of dn42: 192.168.7.0/24 2001:db8:1::/48 203.0.113.0/24" \
	"$(refused | grep -v limit | sort)"
status >$LAB/text
for line in "Refused routes" "blocked.* 1 .*172.20.98.0/24" \
	"no ROA.* 1 .*172.20.97.0/24" "own net.* 2 .*172.22.144.176/28" \
	"another AS.* 2 .*172.20.95.128/25" "length.* 2 .*172.20.99.0/30" \
	"of dn42.* 3 .*192.168.7.0/24"; do
	check_says "the table: $line" "$line" cat $LAB/text
done
check_says "the visitor sees it, too" "no ROA.* 1 .*172.20.97.0/24" \
	lab_ssh out out peer_status
asked 5 >$LAB/asked
check_not "six times a minute" grep null $LAB/asked
lab_ssh out out peer_status >$LAB/text
check_says "then he is told how many" "$LIMIT imported, [1-9][0-9]* filtered" \
	cat $LAB/text
check_says "and to wait" "ask again in [1-6]?[0-9] s" cat $LAB/text
check "the operator is not" table

# The folder is looked at every 10 s.
before=$(sessions pop)
written=$(files roa4.conf)
gone route/172.20.94.0_24
check "without its object, a route is refused" lab_wait 15 accepts_not \
	172.20.94.0/24
check "for that reason" counted 2 "no ROA covers it"
back route/172.20.94.0_24
check "with it, it is accepted" lab_wait 15 accepts 172.20.94.0/24
check_same "only roa4.conf was written" "$written" "$(files roa4.conf)"
check_steady "and the session goes on" "$before" "$(sessions pop)"

# What a person writes there is no more than that.
echo "route 172.20.97.0/24 max 24 as $ASN;" >>$BIRD/registry/roa4.conf
lab_run pop birdc configure >/dev/null
check "a ROA by hand" lab_wait 5 accepts 172.20.97.0/24
check "an edit of a peering mends it" lab_ssh out out peer_edit --mtu 1410
check "it is gone" lab_wait 5 accepts_not 172.20.97.0/24

# With other ROAs alone.
before=$(told)
check "one more edit" lab_ssh out out peer_edit --mtu 1400
check_same "BIRD need not look at its routes again" "$before" "$(told)"

# A clone is pulled, and BIRD has it: its routes are filtered again at once.
UP=$LAB/upstream
cp -r $LAB/registry $UP
git init -q $UP
commit
printf 'registry:\n  url: %s\n' $UP >>$LAB/pop/etc/meetme/network.yaml
lab_meetme pop reload
check "the first pull" lab_meetme pop registry pull
REGISTRY=$UP/data
before=$(sessions pop)
written=$(files roa4.conf)
gone route/172.20.94.0_24
check "a pull" pull
check "takes the ROA away at once" lab_wait 1 has_no_roa 172.20.94.0/24
check "and the route" lab_wait 3 accepts_not 172.20.94.0/24
check "together" soon 172.20.94.0/24 filtered
back route/172.20.94.0_24
check "the next" pull
check "brings it back" lab_wait 1 has_roa 172.20.94.0/24
check "and the route" lab_wait 3 accepts 172.20.94.0/24
check "together" soon 172.20.94.0/24
check_same "only roa4.conf was written" "$written" "$(files roa4.conf)"

written=$(files roa6.conf)
gone route6/fd42:4000::_44
check "an object that thousands have goes" pull
check "they are refused, and counted" lab_wait 15 counted \
	$((LIMIT + 2)) "no ROA covers it"
n=$(status --json | jq '.refused[] | select(.reason | test("no ROA")) |
	.prefixes | length')
check "no few are named" [ "$n" -ge 50 ]
check "nor all" [ "$n" -le 500 ]
check_says "the table says how many" "and $((LIMIT - 2)) more" status
back route6/fd42:4000::_44
check "it is back" pull
check "they are accepted" lab_wait 15 all_imported
check_same "only roa6.conf was written" "$written" "$(files roa6.conf)"

written=$(files networks4.conf roa4.conf)
sed -i '/^1001/i0001 deny 172.20.94.0/24 21 29' $REGISTRY/filter.txt
check "the filter file denies a network" pull
check "its route is refused" lab_wait 3 accepts_not 172.20.94.0/24
check "as that" counted 4 "it is no network of dn42"
sed -i '/^0001/d' $REGISTRY/filter.txt
check "it denies it no more" pull
check "its route is accepted" lab_wait 3 accepts 172.20.94.0/24
check_same "networks4.conf was written, and roa4.conf" "$written" \
	"$(files networks4.conf roa4.conf)"
check_steady "and the session went on" "$before" "$(sessions pop)"

# Who is blocked himself.
sed -i "s/block: .*/block: [$BLOCKED, $ASN]/" $LAB/pop/etc/meetme/network.yaml
check "the peer is blocked" lab_meetme pop reload
check_says "its peering is refused" "AS$ASN is blocked" status
check_not "and has no tunnel" lab_run pop ip link show wg-as$ASN
check "peer_remove" lab_ssh out out peer_remove --asn $ASN --yes
check_says "peer_create says why not" "AS$ASN is blocked" \
	lab_ssh out out peer_create --key "$(cat $LAB/out/wg.pub)"
finish
