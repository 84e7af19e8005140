#!/bin/sh
# The first seed's network, examples/two-sites.yaml, with an EdgeRouter's
# stand-in: what its author looked at by hand, what may leave the EdgeRouter,
# an upstream that is lost, a network that the registry takes back, and a BIRD
# of another version than the file's.
. "$(dirname "$0")/../lib.sh"
. "$LAB_TOP/lab/two-sites.sh"
[ -n "${LAB_INSIDE:-}" ] || fetched bird
lab_init "$@"
OBJECT=$LAB/registry/data/route/172.21.100.0_27 # of `fifth`

# received UPSTREAM: "PREFIX PATH..." of each route that it has of the
# EdgeRouter.
received() {
	lab_run "$1" birdc show route all protocol edge | awk '
		/^[0-9.]+\/[0-9]+ / { net = $1 }
		/BGP.as_path:/ { sub(/.*as_path: */, ""); print net, $0 }'
}

# exported UPSTREAM: of the routes that it has, our own is one network, and
# the others are those of all others, each of an origin that may announce it.
exported() {
	received "$1" >$LAB/received
	sites_behind "$1" >$LAB/behind
	awk -v ours=$SITES_ASN '
		FILENAME ~ /behind/ { behind[$1]; next }
		FILENAME ~ /origins/ {
			may[$1, $2]
			if (!($1 in behind)) wanted[$1]
			next
		}
		$1 == "172.22.132.160/28" && $2 == ours && NF == 2 {
			n_ours++
			next
		}
		$2 != ours || NF == 2 || !(($1, $NF) in may) {
			print "not to be exported:", $0
			failed = 1
		}
		{ delete wanted[$1] }
		END {
			for (p in wanted) {
				print "not exported:", p
				failed = 1
			}
			exit failed || n_ours != 1
		}' $LAB/behind $LAB/origins $LAB/received
}

# of_router N: the EdgeRouter has N routes of its upstreams.
of_router() {
	[ "$(sites_vtysh "show ip bgp summary json" | jq '
		[.ipv4Unicast.peers | to_entries[] |
			select(.value.remoteAs != '$SITES_ASN') |
			.value.pfxRcd] | add')" = "$1" ]
}

# in_kernel: nothing else is there, and nothing is there otherwise.
in_kernel() {
	[ "$(sites_kernel)" = $SITES_ROUTES ] &&
		[ "$(lab_run vps ip -4 route show proto bird | wc -l)" = \
			$SITES_ROUTES ]
}

# ask FILTER COMMAND...: of the VPS's answer, by jq.
ask() {
	ask_filter=$1
	shift
	lab_meetme vps "$@" --json | jq -r "$ask_filter"
}

# heard PREFIX, taken PREFIX: the EdgeRouter has it of `third`, before and
# after its own lists.
heard() {
	sites_vtysh "show ip bgp neighbors 172.20.16.141 received-routes json" |
		jq -e --arg p "$1" '.receivedRoutes | has($p)'
}

taken() {
	sites_vtysh "show ip bgp neighbors 172.20.16.141 routes json" |
		jq -e --arg p "$1" '.routes | has($p)'
}

# refused PREFIX: the VPS has heard of it, and does not use it.
refused() {
	lab_run vps birdc show route filtered | grep "^$1 "
}

# announce PREFIX...: `third` announces them too, instead of those before.
announce() {
	printf 'protocol static bad { ipv4;\n%s}\n' \
		"$(printf 'route %s unreachable;\n' "$@")" >$LAB/bad
	lab_bird_add third bad $LAB/bad
}

# steady_routes NAME: "PREFIX SECONDS" of the VPS's routes that are not of NAME;
# SECONDS is the time of day since when.
steady_routes() {
	lab_run vps birdc show route protocol ibgp_1 |
		sed -n 's|^\([0-9./]*\) .*ibgp_1 \([0-9:]*\)\].*|\1 \2|p' |
		sort | grep -vFf "$LAB/$1/networks" | awk '{
			split($2, t, ":")
			print $1, t[1] * 3600 + t[2] * 60 + t[3]
		}'
}

# stayed BEFORE AFTER: the same routes since the same moment; BIRD 1.6 counts
# whole seconds, and its account wavers by one.
stayed() {
	printf '%s\n' "$1" >$LAB/stayed1
	printf '%s\n' "$2" >$LAB/stayed2
	paste -d ' ' $LAB/stayed1 $LAB/stayed2 | awk '
		$1 != $3 || $2 - $4 > 1 || $4 - $2 > 1 { print; bad = 1 }
		END { exit bad || NR < 100 }'
}

check_network() {
	check "the EdgeRouter has 463 routes of its five upstreams" \
		lab_wait 40 of_router 463
	check "463 routes imported on the VPS, all in its kernel" \
		lab_wait 40 sites_up || finish
	check "via wg0, with the preferred source" in_kernel
	check "the session is Established" lab_established vps ibgp_1
	check_same "neighbors: 463 imported" \
		"ibgp_1 Established edgerouter 463" \
		"$(ask '.neighbors[] | [.name, .info, .pop,
			.channels[].imported] | join(" ")' neighbors)"
	check "ping five hops away" lab_run vps ping -qc 1 -W 5 $SITES_FAR
	check_same "trace names every hop" "10.132.0.2 edgerouter $SITES_ASN
172.20.229.116 highdef 4242420201 HIGHDEF-MNT
172.20.129.187 4242420211 X-MNT
172.20.129.169 4242420212 Y-MNT
$SITES_FAR 4242420212 Y-MNT FAR-NET" \
		"$(ask '.answers[] | [.address, .pop, .peer, .asn, .mntner,
			.network] | map(select(. != null)) | join(" ")' \
			trace $SITES_FAR)"
}

# check_commands: what the author looked at, by name, and why a route is there.
check_commands() {
	check_says "ping a POP" '^2 sent, 2 received' \
		lab_meetme vps ping edgerouter --count 2
	check_says "ping a peering of it" '^2 sent, 2 received' \
		lab_meetme vps ping highdef --count 2
	check_same "routes: by whom, and what the kernel has" \
		"ibgp_1 10.132.0.2 wg0 4242420201 4242420211 4242420212
172.23.0.80/32 10.132.0.2 wg0 172.22.132.169" \
		"$(ask '(.networks[].routes[] | [.proto, .via, .ifname,
			.as_path]), (.kernel[] | [.network, .via, .ifname,
			.src]) | join(" ")' routes $SITES_FAR)"
	check_same "links: the one there is, and how far" \
		"wg0 edgerouter applied true true" \
		"$(ask '.links[] | [.ifname, .pop, .state, .handshake > 0,
			.rtt > 0 and .rtt < 1000000] | join(" ")' links)"
	check_says "status has it too" 'wg0 .*\| up .* ms ' \
		lab_meetme vps status
	check_says "the running POP is what the file says" \
		"Nothing would change" lab_meetme vps plan
}

check_exports() {
	for u in $UPSTREAMS; do
		check "$1: the EdgeRouter exports to $u what it may" \
			lab_wait 20 exported $u
	done
}

# What is ours, or no network of dn42, the EdgeRouter knows by itself; the VPS
# looks at origins.
check_bad_networks() {
	bad="172.22.132.160/28 172.22.132.168/30 172.22.132.169/32
		10.132.0.0/30 172.16.0.0/12 198.51.100.0/24 0.0.0.0/0"
	announce $bad
	for p in $bad; do
		check "the EdgeRouter hears $p" lab_wait 10 heard $p
		check_not "and does not take it" taken $p
	done
	check_exports "then too"
	bad="172.21.200.0/27 172.21.16.0/28"
	announce $bad
	for p in $bad; do
		check "the VPS refuses a wrong origin of $p" \
			lab_wait 10 refused $p
	done
	check "and nothing else" sites_up
	lab_bird_remove third bad
}

# All that only `second` has: its networks but those of anycast.
check_upstream() {
	left=$((SITES_ROUTES - $(wc -l <$LAB/second/networks) + 2))
	before=$(steady_routes second)
	ip link set sw-second down
	begun=$(date +%s%N)
	check "an upstream is lost, and its routes" \
		lab_wait $((SITES_HOLD + 5)) sites_has $left
	echo "    after $(echo "$begun $(date +%s%N)" |
		awk '{ printf "%.1f", ($2 - $1) / 1e9 }') s of $SITES_HOLD"
	check "the others stay" stayed "$before" "$(steady_routes second)"
	for p in $SITES_ANYCAST; do
		check "$p is another's now" lab_run vps ip route show exact $p \
			dev wg0
	done
	check "ping five hops away" lab_run vps ping -qc 1 -W 5 $SITES_FAR
	ip link set sw-second up
	check "it is back" lab_wait 30 sites_up
}

# reread: the VPS reads the registry again.
reread() {
	lab_meetme vps reload >/dev/null
}

check_registry() {
	mv $OBJECT $LAB/object
	reread
	check "a network that the registry takes back is refused" \
		lab_wait 20 sites_has $((SITES_ROUTES - 1))
	check "that one" refused 172.21.100.0/27
	mv $LAB/object $OBJECT
	reread
	check "it is in the registry again" lab_wait 20 sites_up
	before=$(begun)
	cp $OBJECT $LAB/object
	sed -i "s/^origin:.*/origin: AS$SITES_ASN/" $OBJECT
	reread
	check "one that it gives to another AS is refused" \
		lab_wait 20 sites_has $((SITES_ROUTES - 1))
	check "that one" refused 172.21.100.0/27
	mv $LAB/object $OBJECT
	reread
	check "it is its AS's again" lab_wait 20 sites_up
	check_same "and no session ended" "$before" "$(begun)"
}

# begun: how often each of the EdgeRouter's sessions came up.
begun() {
	sites_vtysh "show ip bgp neighbors json" |
		jq -e 'map_values(.connectionsEstablished)'
}

bird_files() {
	find $LAB/vps/etc/bird/meetme -type f -exec ls -l --time-style=full-iso \
		{} +
}

# bird_starts CONF: BIRD runs on the VPS with that bird.conf.
bird_starts() {
	cp "$1" $LAB/vps/etc/bird/bird.conf
	lab_bird vps
}

complains() {
	lab_meetme vps status |
		grep -E 'this is BIRD 2\.[0-9.]+, and .* says 1\.6'
}

# While BIRD 2 runs, the registry changes: that waits.
check_version() {
	before=$(bird_files)
	cp $LAB/vps/etc/bird/bird.conf $LAB/bird1.conf
	echo 'log "/run/bird/log2" all; router id 192.0.2.1;' \
		'protocol device {}' >$LAB/bird2.conf
	lab_bird_end vps
	sites_bird_newer
	check "BIRD 2 runs on the VPS" bird_starts $LAB/bird2.conf
	check "the agent says which it found" lab_wait 10 complains
	mv $OBJECT $LAB/object
	reread
	check_same "it touches no file" "$before" "$(bird_files)"
	check "nor a route in the kernel" in_kernel
	check_not "nor BIRD" grep -i reconfig $LAB/vps/run/bird/log2
	check "it stays so" complains
	lab_bird_end vps
	sites_bird_older
	check "BIRD 1.6 runs again" bird_starts $LAB/bird1.conf
	check "and has what was changed" \
		lab_wait 30 sites_has $((SITES_ROUTES - 1))
	check_not "there is nothing to complain of" complains
}

sites_make
check "meetmed runs on the VPS" lab_meetmed vps || finish
check_network
check_commands
check_exports "to begin with"
check_bad_networks
check_upstream
check_registry
check_version
finish
