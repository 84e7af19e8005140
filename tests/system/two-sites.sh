#!/bin/sh
# The first seed's network, examples/two-sites.yaml, with an EdgeRouter's
# stand-in: what its author looked at by hand, what may leave the EdgeRouter,
# an upstream that is lost, a network that the registry takes back, and a BIRD
# of another version than the file's.
. "$(dirname "$0")/../lib.sh"
. "$LAB_TOP/lab/two-sites.sh"
sites_packages || exit 1
lab_init "$@"

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
	awk -v ours=$SITES_ASN -v mine="$(sites_asn "$1")" '
		FILENAME ~ /origins/ {
			may[$1, $2]
			if ($2 == mine) own[$1]; else others[$1]
			next
		}
		$1 == "172.22.132.160/28" { bad = NF != 2; n_ours++ }
		$2 != ours { bad = 1 }
		NF > 2 && !(($1, $NF) in may) { bad = 1 }
		NF > 2 && $1 in others { got[$1] }
		NF == 2 && $1 != "172.22.132.160/28" { bad = 1 }
		bad { print "not to be exported:", $0; failed = 1; bad = 0 }
		END {
			for (p in others)
				if (!(p in got) && !(p in own)) {
					print "not exported:", p
					failed = 1
				}
			exit failed || n_ours != 1
		}' $LAB/origins $LAB/received
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

# bgp_has PREFIX: the EdgeRouter has taken it.
bgp_has() {
	sites_vtysh "show ip bgp $1 json" | jq -e .prefix
}

# heard ADDRESS PREFIX: the EdgeRouter has heard it of that neighbor.
heard() {
	sites_vtysh "show ip bgp neighbors $1 received-routes json" |
		jq -e --arg p "$2" '.receivedRoutes | has($p)'
}

refused() {
	lab_run vps birdc show route filtered | grep -q "^$1 "
}

check_network() {
	check "the EdgeRouter has 463 routes of its five upstreams" \
		lab_wait 40 of_router 463
	check "463 routes imported on the VPS, all in its kernel" \
		lab_wait 20 sites_up || finish
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
$SITES_FAR 4242420212 Y-MNT DN42-FAR" \
		"$(ask '.hops[] | [.ip, .pop, .peer, .asn, .mntner, .network] |
			map(select(. != null)) | join(" ")' trace $SITES_FAR)"
}

# Of what `third` announces, the EdgeRouter knows by itself what is no network
# of dn42, or ours; the VPS looks at origins as well.
check_bad_networks() {
	own="172.22.132.168/30 172.22.132.160/28 172.22.132.161/32"
	none="10.132.0.0/30 8.8.8.0/24 0.0.0.0/0 172.16.0.0/12"
	origin="172.21.200.0/27 172.21.16.0/28"
	printf 'protocol static bad { ipv4;\n%s}\n' "$(
		printf 'route %s unreachable;\n' $own $none $origin
	)" >$LAB/bad
	lab_bird_add third bad $LAB/bad
	for p in $own $none; do
		check "the EdgeRouter hears $p" \
			lab_wait 10 heard 172.20.16.141 $p
	done
}

date +%s.%N
sites_make
date +%s.%N
check "meetmed runs on the VPS" lab_meetmed vps || finish
date +%s.%N
check_network
date +%s.%N
for u in $UPSTREAMS; do
	check "the EdgeRouter exports to $u what it may" lab_wait 20 exported $u
done
date +%s.%N
lab_run vps birdc show route protocol meetme_loopback all
check_bad_networks
lab_meetme vps trace $SITES_FAR
lab_meetme vps trace --json $SITES_FAR
lab_meetme vps neighbors
finish
