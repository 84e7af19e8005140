#!/bin/sh
# An EdgeRouter, which has no agent: the commands of the first seed, what turns
# one state into the next, FRR in its place, and what check says of platforms.
. "$(dirname "$0")/../lib.sh"
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
meetme=$LAB_BUILD/meetme
seed=$LAB_TOP/examples/two-sites.yaml

# commands FILE [ARG...]: the state of a network file, as commands.
commands() {
	file=$1
	shift
	"$meetme" edgeos -f "$file" "$@" edgerouter
}

# apply STATE CHANGES: what the router has then: `set` adds a command, `delete`
# takes away a node with all below it. Fails unless the deletes come first, each
# takes something away, and the end is `commit`, `save`.
apply() {
	awk 'FNR == NR { if (/^set /) has[substr($0, 5)] = 1; next }
		ended == 2 { exit bad = 1 }
		/^delete / { node = substr($0, 8); n = 0
			for (c in has) if (c == node || index(c, node " ") == 1) {
				delete has[c]; n++ }
			if (n == 0 || sets) exit bad = 1
			next }
		/^set / { c = substr($0, 5)
			if (ended || c in has) exit bad = 1
			has[c] = sets = 1; next }
		/^commit$/ && !ended || /^save$/ && ended == 1 { ended++; next }
		{ exit bad = 1 }
		END { if (bad || (FNR && ended != 2)) exit 1
			for (c in has) print "set " c }' "$1" "$2" | sort
}

commands "$seed" >"$dir/old" || exit 1
grep '^set ' "$LAB_TOP/tests/fixtures/edgeos-seed" | while read -r line; do
	grep -qxF -e "$line" "$dir/old" || echo "$line"
done >"$dir/lacking"
check "each command of the seed: $(cat "$dir/lacking")" \
	test ! -s "$dir/lacking"

"$meetme" render -f "$seed" -o "$dir/tree" >/dev/null
check "the tree has the same" cmp "$dir/old" \
	"$dir/tree/servers/edgerouter/edgeos/commands"
commands "$seed" --from "$dir/old" >"$dir/changes"
check "nothing turns a state into itself" test ! -s "$dir/changes"

# turn WHAT SED-SCRIPT: the file changed so, its changes give its state; and
# those back give the old one.
turn() {
	sed "$2" "$seed" >"$dir/new.yaml"
	check "$1: the file is good" "$meetme" check -f "$dir/new.yaml"
	commands "$dir/new.yaml" >"$dir/new"
	commands "$dir/new.yaml" --from - <"$dir/old" >"$dir/changes"
	commands "$seed" --from "$dir/new" >"$dir/back"
	grep '^set ' "$dir/new" | sort >"$dir/want"
	apply "$dir/old" "$dir/changes" >"$dir/is"
	check "$1: the changes" cmp "$dir/want" "$dir/is"
	grep '^set ' "$dir/old" | sort >"$dir/want"
	apply "$dir/new" "$dir/back" >"$dir/is"
	check "$1: the way back" cmp "$dir/want" "$dir/is"
}

turn "an MTU" 's/mtu: 1420/mtu: 1400/'
check "two lines, and the end" test "$(wc -l <"$dir/changes")" -eq 4
turn "a port" 's/port: 51834/port: 51900/'
turn "a key" 's/P1FrJ1Ip/P1FrJ1Iq/; s/LHv3equY/LHv3equZ/'
turn "a peer less, in the middle" '/asn: 4242420203/,/peer_ipv4/d
	/peer_ipv4: 172.20.53.104/{n;d}'
check_not "it leaves no rule behind" grep -q 'WAN_LOCAL rule 30' "$dir/new"
turn "a peer of both families more" '$a\
  - pop: edgerouter\
    asn: 4242420206\
    name: one more, of two families\
    interface: wg8\
    public_key: "2QRgBS5nKCq0dXtuS5c5kmGpZ8Ws4HvVvaDDzEDHXlM="\
    port: 51838\
    ipv4: 172.22.132.161/32\
    peer_ipv4: 172.21.100.8\
    ipv6: "fd42:1:2:3::1/64"\
    peer_ipv6: "fd42:1:2:3::2"'
turn "all peers less" '/^peerings:/,$d'
turn "another rule set and address" 's/WAN_LOCAL/OUTSIDE/
	s,172.22.132.161/29,172.22.132.162/29,; s/firewall_rule: 25/firewall_rule: 900/'
turn "another AS" 's/asn: 4242421869/asn: 4242421870/'
turn "an AS that is blocked" 's/^pops:/policy: {block: [4242420999]}\n&/'

registry=$LAB_TOP/tests/fixtures/registry
commands "$seed" --registry "$registry" >"$dir/registered" 2>/dev/null
check "the registry's networks" grep -qxF -e \
	'set policy prefix-list meetme-import rule 20 prefix 172.22.166.0/24' \
	"$dir/registered"
check_not "and no others" grep -q 10.127.0.0 "$dir/registered"
commands "$seed" --registry "$registry" --from "$dir/old" \
	>"$dir/changes" 2>/dev/null
grep '^set ' "$dir/registered" | sort >"$dir/want"
apply "$dir/old" "$dir/changes" >"$dir/is"
check "a registry: the changes" cmp "$dir/want" "$dir/is"

(head -n 1 "$dir/old" && echo 'reboot now') >"$dir/bad"
check_says "a state that is none" "line 2: is no .set. command" \
	commands "$seed" --from "$dir/bad"
for of in nothing "the router itself" "a file with a NUL"; do
	case $of in
	nothing) : ;;
	the*) echo 'set interfaces ethernet eth0 address dhcp' ;;
	a*) cat "$dir/old" && printf '\0' ;;
	esac >"$dir/bad"
	check_says "the state of $of" "is no output of .meetme edgeos" \
		commands "$seed" --from - <"$dir/bad"
	check_same "the state of $of: no command" "" \
		"$(commands "$seed" --from - <"$dir/bad" 2>/dev/null)"
done
check_not "no file" commands "$seed" --from "$dir/none"
check_not "a POP that is no EdgeRouter" "$meetme" edgeos -f "$seed" vps

# A Linux machine in the router's place.
"$meetme" render -f "$seed" --frr --pop edgerouter -o "$dir/linux" >/dev/null
frr=$dir/linux/servers/edgerouter/frr/frr.conf
if command -v vtysh >/dev/null; then
	check "FRR takes its file" vtysh -C -f "$frr"
	sed 's/remote-as/remote-is/' "$frr" >"$dir/frr.conf"
	check_not "and would refuse a bad one" vtysh -C -f "$dir/frr.conf"
fi
check "wg-quick takes the tunnel" wg-quick strip \
	"$dir/linux/servers/edgerouter/wireguard/wg67.conf"

# says FIELD TEXT SED-SCRIPT: the file changed so is bad, and that is why.
says() {
	sed "$3" "$seed" >"$dir/bad.yaml"
	"$meetme" check -f "$dir/bad.yaml" >"$dir/out" 2>&1
	status=$?
	check "check: $1" test "$status" -eq 78
	if grep -F -e " $1: " "$dir/out" | grep -qE "yaml:[0-9]+: .*$2"; then
		ok "$2"
	else
		not_ok "$2"
		sed 's/^/# /' "$dir/out"
	fi
}

says 'pops[0].platform' 'a link to other with babel' '/topology: none/d; /^mesh:/d
	s/^links:/  - {name: other, id: 3, endpoint: a.b, peering: false, ipv4: 172.22.132.175\/32, public_key: "2QRgBS5nKCq0dXtuS5c5kmGpZ8Ws4HvVvaDDzEDHXlM="}\n&/'
says 'pops[0].peering' 'must be false' '0,/peering: false/s//peering: true/'
says 'pops[0].private_key' 'is missing' '/private_key/d'
says 'pops[1].ipv6' 'BIRD is 1.6' 's,\(.*\)id: 2,&\n\1bird: "1.6"\n\1ipv6: "fd00::1/64",'
says 'pops[1].peering' 'BIRD 1.6 cannot' \
	's,\(.*\)id: 2,&\n\1bird: "1.6",; /172.22.132.169/{n;s/false/true/}'
says 'pops[1].bird' "none of 2, 1.6" 's,\(.*\)id: 2,&\n\1bird: "3",'
says 'pops[1].firewall' "platform: edgeos" 's,\(.*\)id: 2,&\n\1firewall: X,'
says 'links[0].ends[1].pop' 'no POP of this file' 's/pop: vps/pop: vqs/'
says 'links[0].ends[1].pop' 'both ends' 's/pop: vps/pop: edgerouter/'
says 'links[0].ends[1].ipv4' 'subnet of the other end' 's,10.132.0.1/30,10.132.0.5/30,'
says 'links[0].ends[0].interface' 'wg0 to wg999' 's/wg67/eth9/'
says 'links[0].ends[1].interface' '1 to 15' 's/wg0/wg01234567890123/'
says 'links[1]' 'the same two POPs' 's/^links:/&\n  - {ends: [{pop: vps, interface: wg9, ipv4: 10.9.9.1\/30, port: 9}, {pop: edgerouter, interface: wg9, ipv4: 10.9.9.2\/30, port: 9}]}/'
says 'peerings[1].interface' 'the same as in line' 's/wg4/wg1/'
says 'peerings[1].port' 'the same as in line' 's/51834/51831/'
says 'peerings[1].peer_ipv4' 'one BGP session' 's/172.20.53.104/172.20.229.116/'
says 'peerings[3].peer_ipv4' 'does not lie' 's/192.168.219.2/192.168.219.9/'
says 'peerings[0].pop' 'has an agent' '/^peerings/,$s/pop: edgerouter/pop: vps/'
says 'peerings[0].asn' 'our own' 's/4242420201/4242421869/'
says 'peerings[0].name' 'cannot be written' "s/highdef\$/it's/"
finish
