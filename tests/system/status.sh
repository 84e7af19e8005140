#!/bin/sh
# `meetme status`: links with their round-trip times, sessions, and what it
# says when one of those that it asks is away.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
HERE=fr-par1

# Two that run, 15 ms from each other, and one that does not.
cat >$LAB/mesh.yaml <<END
network:
  name: Lab Network
  asn: $LAB_ASN
  prefixes: [172.22.144.160/27, "fd28:7515:7d51::/48"]
mesh:
  topology: full
peering:
  listen: "[::]:4242"
  ports: 52000
  link_local: "fe80:263::"
  own_link_local: fe80::263
  endpoints: [ipv6]
pops:
  - name: fr-par1
    id: 1
    endpoint: fr-par1.example.net
    public_key: ""
    ipv4: 172.22.144.161/29
    ipv6: "fd28:7515:7d51:a::1/64"
  - name: pl-waw1
    id: 2
    endpoint: pl-waw1.example.net
    public_key: ""
    ipv4: 172.22.144.169/29
    ipv6: "fd28:7515:7d51:b::1/64"
  - name: nl-ams1
    id: 3
    endpoint: nl-ams1.example.net
    public_key: ""
    ipv4: 172.22.144.177/29
    ipv6: "fd28:7515:7d51:c::1/64"
END

# status FILTER: what jq gives of the answer.
status() {
	lab_meetme $HERE status --json | jq -r "$1"
}

# link POP FIELD
link() {
	status ".links[] | select(.pop == \"$1\") | .$2"
}

# says FILTER WANTED: true if that is so.
says() {
	[ "$(status "$1")" = "$2" ]
}

# between LOW HIGH POP: is the link's time in milliseconds?
between() {
	test_rtt=$(link "$3" rtt)
	echo "$test_rtt us"
	[ "$test_rtt" -ge $(($1 * 1000)) ] && [ "$test_rtt" -le $(($2 * 1000)) ]
}

# in_time CMD...: prints what CMD does; fails after 3 seconds.
in_time() {
	timeout 3 nsenter -t "$(lab_pid $HERE)" --mount --root --net --uts -- \
		meetme --root $LAB/$HERE status "$@"
}

# without_base: it is said that BIRD does not read our files.
without_base() {
	in_time | grep -q 'bird is waiting: bird.conf does not include'
}

# asked_often: ten ask at once, and all are answered.
asked_often() {
	pids=
	for i in 0 1 2 3 4 5 6 7 8 9; do
		(lab_exec $HERE meetme --root $LAB/$HERE status --json) \
			>$LAB/often.$i &
		pids="$pids $!"
	done
	for p in $pids; do
		wait "$p" || return 1
	done
	[ "$(jq -r '.links[1].pop' $LAB/often.* | sort | uniq -c |
		awk '{ print $1, $2 }')" = "10 nl-ams1" ]
}

lab_mesh $LAB/mesh.yaml
lab_meetmed fr-par1 || lab_die "no meetmed on fr-par1"
lab_meetmed pl-waw1 || lab_die "no meetmed on pl-waw1"

check "the link comes up" lab_wait 20 says \
	'.links[0] | .state == "applied" and .handshake > 0' true
check "its round trip is the wires'" lab_wait 10 between 30 45 pl-waw1
check_same "its endpoint is known" "[$(lab_ip6 pl-waw1)]:51801" \
	"$(link pl-waw1 endpoint)"
check_same "a dead link has no handshake, nor a time" "null null" \
	"$(link nl-ams1 handshake) $(link nl-ams1 rtt)"
check "the session comes up" lab_wait 30 says \
	'.protocols[] | select(.name == "ibgp_2") | [.pop, .state, .info] |
	join(" ")' "pl-waw1 up Established"
check_same "that over the dead link does not" "nl-ams1 start" "$(status \
	'.protocols[] | select(.name == "ibgp_3") | [.pop, .state] |
	join(" ")')"
check_same "the IGP is there" up "$(status '[.protocols[] |
	select(.name | startswith("meetme_igp")) | .state] | unique |
	join(" ")')"
check_same "nothing of BIRD's own is" 0 "$(status '[.protocols[] |
	select(.proto == "Device" or .proto == "Kernel")] | length')"

in_time >$LAB/screen
for line in '1 of 2 up' 'pl-waw1 \| wg-int-2  \| up    \|.* ms \|.*iB /' \
	'nl-ams1 \| wg-int-3  \| down  \| never +\| -' \
	'ibgp_2 .*\| pl-waw1 .*\| up    \|.*Established'; do
	check_says "on the screen: $line" "$line" cat $LAB/screen
done
check "ten ask at once" asked_often

lab_cut fr-par1 pl-waw1
check_same "a link that is cut has no time" null "$(link pl-waw1 rtt)"
lab_mend fr-par1 pl-waw1
check "mended, it has" lab_wait 10 between 30 45 pl-waw1

bird=$(cat $LAB/$HERE/run/bird/bird.pid)
kill -STOP "$bird"
check_says "BIRD hangs: it is said, in time" "BIRD does not answer" in_time
check_same "and the links are there" 2 \
	"$(in_time --json | jq '[.links[] | select(.rx != null)] | length')"
kill -CONT "$bird"
check "BIRD goes on: so do the sessions" lab_wait 20 says \
	'.protocols | length > 0' true
cp $LAB/$HERE/etc/bird/bird.conf $LAB/bird.conf
echo 'protocol device {}' >$LAB/$HERE/etc/bird/bird.conf
check "bird.conf is without our files" lab_run $HERE birdc configure
check "it is said" lab_wait 10 without_base
cp $LAB/bird.conf $LAB/$HERE/etc/bird/bird.conf
check "they are back" lab_run $HERE birdc configure
check_not "nothing is said" without_base
lab_bird_end $HERE
check_says "BIRD is away: it is said, in time" "BIRD does not answer" in_time
check "the links' times are there" lab_wait 10 between 30 45 pl-waw1
check "BIRD is back" lab_bird $HERE
check "and the session is up again" lab_wait 60 says \
	'.protocols[] | select(.name == "ibgp_2") | .state' up

for p in $(lab_tree "$(cat $LAB/$HERE/meetmed)"); do
	! tr '\0' ' ' <"/proc/$p/cmdline" | grep -q -e "--role resolver" ||
		resolver=$p
done
kill -STOP "$resolver"
check_same "the resolver hangs: all but times is there, in time" "null up" \
	"$(in_time --json | jq -r '[(.links[0].rtt | tostring),
	(.protocols[] | select(.name == "ibgp_2") | .state)] | join(" ")')"
kill -CONT "$resolver"
check "it goes on: so do the times" lab_wait 10 between 30 45 pl-waw1
finish
