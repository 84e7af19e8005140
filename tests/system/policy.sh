#!/bin/sh
# A peer announces what it may and what it may not: BIRD takes or refuses each
# route for the right reason, and dn42's communities are right on what it takes
# and hands on, for every class.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001 SEER=4242421002 BLOCKED=4242420666
SESSION=ebgp_as${ASN}_v6
BANDWIDTH=24 # of the POP, 100 Mbit/s
HERE="41 1528" # Europe, the Netherlands

# announce NAME: the peer announces the routes on stdin instead of what it
# announced under this name before; IPv4 and IPv6, "PREFIX [AS...] [(C)...]":
# the path behind the peer's own AS, and dn42's communities.
announce() {
	cat >$LAB/routes
	for family in 4 6; do
		echo "protocol static { ipv$family;"
		awk -v family=$family '($1 ~ /:/) == (family == 6) {
			printf "route %s unreachable { ", $1
			for (i = NF; i > 1; i--)
				if ($i ~ /^\(/)
					printf "bgp_community.add((64511, %d));",
						substr($i, 2)
				else
					printf "bgp_path.prepend(%s);", $i
			print " };"
		}' $LAB/routes
		echo "}"
	done >$LAB/announced
	lab_bird_add out "$1" $LAB/announced
}

# refused N PREFIX: the POP has refused this route for that reason.
refused() {
	lab_run pop birdc "show route filtered protocol $SESSION" \
		"where meetme_refused = $1 && net = $2" | grep -q "^$2 "
}

accepted() {
	lab_run pop birdc "show route protocol $SESSION where net = $1" |
		grep -q "^$1 .*\*"
}

# judged WHAT REASON PREFIX...: 0 for accepted.
judged() {
	what=$1 reason=$2
	shift 2
	for prefix in "$@"; do
		if [ "$reason" = 0 ]; then
			check "$what is accepted: $prefix" \
				lab_wait 10 accepted $prefix
		else
			check "$what is refused: $prefix" \
				lab_wait 10 refused $reason $prefix
		fi
	done
}

# count PROTOCOL WORD: of BIRD's "Routes: 9 imported, 1 filtered, ...", IPv6.
count() {
	lab_run pop birdc show protocols all $1 | awk -v word="$2" '
		/Channel/ { ipv6 = $2 == "ipv6" }
		ipv6 && /Routes:/ {
			for (i = 2; i < NF; i++)
				if ($(i + 1) ~ "^" word) print $i
		}'
}

counts() {
	[ "$(count $SESSION imported) $(count $SESSION filtered)" = "$1" ]
}

# communities HOST PROTOCOL: "PREFIX N..." of each route, sorted.
communities() {
	lab_run $1 birdc show route all protocol $2 | awk '
		/^[0-9a-f.:]+\/[0-9]+ / { net = $1 }
		/BGP.community:/ {
			n = gsub(/\(64511,/, "(")
			gsub(/[()]/, "")
			if (n == NF - 1)
				for (i = 2; i <= NF; i++) print net, $i
		}' | sort -k 1,1 -k 2,2n | awk '
		$1 != net { if (net) print text; net = text = $1 }
		{ text = text " " $2 }
		END { if (net) print text }'
}

# expected LATENCY: the same, of routes that came over tunnels of which the
# slowest has this class.
expected() {
	awk -v latency="$1" -v bandwidth=$BANDWIDTH '
	function worst(from, to, link, sign, i, n, found) {
		found = link
		for (i = 2; i <= NF; i++) {
			n = substr($i, 2) + 0
			if (n >= from && n <= to &&
				(!found || (n - found) * sign > 0)) found = n
		}
		if (found) print $1, found
	}
	{
		worst(1, 9, latency, 1)
		worst(21, 29, bandwidth, -1)
		worst(31, 34, 34, -1)
		for (i = 2; i <= NF; i++) {
			n = substr($i, 2) + 0
			if (n > 9 && n < 21 || n > 34) print $1, n
		}
	}' $LAB/classes | sort -k 1,1 -k 2,2n | awk '
		$1 != net { if (net) print text; net = text = $1 }
		{ text = text " " $2 }
		END { if (net) print text }'
}

# has HOST PROTOCOL LATENCY: the classes of all of the peer's routes there.
has() {
	expected $3 >$LAB/wanted
	communities $1 $2 | grep -F "$nets" >$LAB/found
	cmp $LAB/wanted $LAB/found
}

# check_has WHAT HOST PROTOCOL LATENCY
check_has() {
	lab_wait 10 has $2 $3 $4
	check "$1" diff $LAB/wanted $LAB/found
}

# ours LATENCY: our own networks, as the other AS sees them.
ours() {
	for net in 172.22.144.160/27 fd28:7515:7d51::/48; do
		echo "$net $([ $1 = 0 ] || echo "$1 ")$BANDWIDTH 34 $HERE"
	done
}

sees_ours() {
	[ "$(communities seer as${LAB_ASN}_pop |
		grep -e ^172.22.144 -e ^fd28)" = "$(ours $1)" ]
}

# class ASN N: the class of a tunnel, as meetmed writes it when it changes.
class() {
	sed -i "s/_at([0-9])/_at($2)/" \
		$LAB/pop/etc/bird/meetme/peers/as$1.conf &&
		lab_run pop birdc configure | grep -q '^Reconfigured'
}

for v in "out $ASN" "seer $SEER"; do
	set -- $v
	lab_outside $1 $2
	# Here it is us who say how far they are.
	lab_run $1 sysctl -qw net.ipv6.icmp.echo_ignore_all=1
	lab_maintainer $1 $2 $LAB/$1/ssh/id_ed25519.pub
done
out4=$(lab_loopback4 out) out6=$(lab_loopback6 out)
out4=${out4%.1} out6=${out6%::1}
nets=$(printf '%s.\n%s:' $out4 $out6)
lab_route $ASN 172.20.200.0/24 24
lab_route $ASN fd42:200::/48 48
lab_route $ASN 172.20.0.53/32
lab_route $BLOCKED 172.20.202.0/24
lab_route $BLOCKED fd42:202::/48
lab_pop pop
sed -i 's/^  name: Lab Network/&\n  region: europe/' \
	$LAB/pop/etc/meetme/network.yaml
cat >>$LAB/pop/etc/meetme/network.yaml <<-END
	    country: NL
	    bandwidth: 100M
	policy:
	  block: [$BLOCKED]
END
check "the network file" lab_meetme pop reload
check "a peer" lab_peer out out $ASN pop
check "another AS" lab_peer seer seer $SEER pop
check "which are Established" lab_wait 30 lab_established out
check "both" lab_wait 30 lab_established seer
sed -i '/export where/,/;$/c\		export all;' \
	$LAB/out/etc/bird/peers/as$ASN.conf
before=$(sessions pop)

# What is refused, and why.
check "it announces what it may not" announce tried <<-END
	172.20.0.53/32
	172.20.203.0/24 $ASN
	$out4.64/26 $SEER
	$out6:0:2::/64 $SEER
	$out4.0/30
	172.20.0.0/16
	$out6:0:3::/80
	172.20.200.0/25
	fd42:200:0:1::/64
	172.22.144.160/28
	172.22.144.160/27
	fd28:7515:7d51:a::/64
	192.0.2.0/24
	10.0.0.0/8
	2001:db8:1::/48
	172.20.201.0/24
	fd42:201::/48
	172.20.202.0/24 $BLOCKED
	fd42:202::/48 $BLOCKED
	172.20.202.128/25 $BLOCKED $BLOCKED
END
judged "its own" 0 $out4.0/24 $out6::/48 172.20.0.53/32
judged "our own" 1 172.22.144.160/28 172.22.144.160/27 fd28:7515:7d51:a::/64
judged "what is outside dn42" 2 192.0.2.0/24 2001:db8:1::/48
judged "one of a wrong length" 3 $out4.0/30 172.20.0.0/16 $out6:0:3::/80 \
	10.0.0.0/8
judged "a blocked AS" 4 172.20.202.0/24 172.20.202.128/25 fd42:202::/48
judged "one without ROA" 5 172.20.201.0/24 fd42:201::/48 172.20.203.0/24
judged "a wrong origin" 6 $out4.64/26 $out6:0:2::/64
judged "one too specific for its ROA" 6 172.20.200.0/25 fd42:200:0:1::/64
check_same "nothing else is refused" 0 "$(lab_run pop birdc show route \
	filtered protocol $SESSION where \!defined\(meetme_refused\) count |
	awk '/ of /{ n += $1 } END { print n + 0 }')"

# The registry changes: BIRD looks again, and no session knows of it.
lab_route $ASN 172.20.201.0/24
lab_route $SEER 172.20.200.0/24 24
check "the registry is read again" lab_meetme pop reload
judged "what has a ROA now" 0 172.20.201.0/24
lab_route $SEER 172.20.201.0/24
check "and again" lab_meetme pop reload
judged "what is another's now" 6 172.20.201.0/24
check_steady "no session was touched" "$before" "$(sessions pop)"

# Each class on a route, of each family.
lab_bird_remove out tried
{
	echo
	for n in $(seq 9) $(seq 21 29) $(seq 31 34); do
		echo "($n)"
	done
	echo "(2) (7) (23) (21) (33) (32)"
	echo "(44) (1100)"
	echo "(1) (20) (29) (31) (44) (1100) (1003)"
} | awk -v out4=$out4 -v out6=$out6 '{
	print out4 "." 8 * NR "/29", $0
	printf "%s:%x::/64 %s\n", out6 ":0", NR, $0
}' >$LAB/classes
check "it announces every class" announce tried <$LAB/classes
printf '%s\n' "$out4.0/24" "$out6::/48" >>$LAB/classes
check "meetmed ends, and leaves BIRD as it is" lab_meetmed_end pop
for n in 0 1 2 3 4 5 6 7 8 9; do
	check "the class of the peer's tunnel is $n" class $ASN $n
	check_has "the POP's routes have it, or the worse one they came with" \
		pop $SESSION $n
	check_has "and so the other AS" seer as${LAB_ASN}_pop $n
done
check "it is 3 again" class $ASN 3
for n in 0 1 2 3 4 5 6 7 8 9; do
	check "the class of the other AS's tunnel is $n" class $SEER $n
	check_has "the worse of the two is what it sees" \
		seer as${LAB_ASN}_pop $((n > 3 ? n : 3))
	check "and it alone on our own networks, with where they are from" \
		lab_wait 10 sees_ours $n
done
check_steady "no session was touched" "$before" "$(sessions pop)"

# More than may be.
lab_bird_remove out tried
seq 9001 | awk -v net=$out6 '{ printf "%s:0:%x::/64\n", net, $1 }' >$LAB/many
check "it announces 9,001 more" announce tried <$LAB/many
check "9,000 are taken, and 2 left" lab_wait 20 counts "9000 2"
check_same "for no reason of the filter" "2 of" "$(lab_run pop birdc show \
	route filtered protocol $SESSION where \!defined\(meetme_refused\) \
	count | grep -o '^2 of')"
seq 95000 | awk '{
	printf "fd66:%x:%x::/48\n", $1 / 65536, $1 % 65536 }' >$LAB/many
check "it announces 95,000 without ROA" announce tried <$LAB/many
check "90,000 routes are looked at" lab_wait 60 counts "1 89999"
check "IPv4 goes on" accepted $out4.0/24
check_steady "and no session was touched" "$before" "$(sessions pop)"

# Without a registry.
lab_bird_remove out tried
mv $LAB/pop/etc/bird/meetme/registry $LAB/registry.away
lab_run pop birdc configure >/dev/null
judged "without a registry, all" 2 $out4.0/24 $out6::/48
check "our own networks are announced all the same" sees_ours 9
finish
