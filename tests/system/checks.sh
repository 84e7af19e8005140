#!/bin/sh
# The author's checks as commands: ping and trace over five hops, for the
# operator and for visitors.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../chain.sh"
lab_init "$@"
FAR4=172.20.5.1
FAR6=fd42:5::1

# hops TARGET OPTION...: "NTH ADDRESS ASN MNTNER NETWORK" of each.
hops() {
	lab_meetme pop trace "$@" --json | jq -r '.answers[] |
		[.nth, .address, .asn, .mntner, .network // "-"] | join(" ")'
}

# far: both families answer.
far() {
	lab_run pop ping -qc 1 -W 1 $FAR4 && lab_run pop ping -qc 1 -W 1 $FAR6
}

# visit COMMAND...: as the visitor.
visit() {
	lab_ssh out out "$@"
}

# visit_refused WHAT TEXT COMMAND...: it fails and says so; no packet is sent.
visit_refused() {
	refused_what=$1
	refused_text=$2
	shift 2
	refused_before=$(requests)
	check_says "a visitor: $refused_what" "$refused_text" visit "$@"
	check_same "a visitor: $refused_what: nothing is sent" \
		"$refused_before" "$(requests)"
}

# requests: echo requests that the POP has sent.
requests() {
	lab_run pop awk '$1 == "Icmp:" && $2 != "InMsgs" { print $22 }
		$1 == "Icmp6OutEchos" { print $2 }' \
		/proc/net/snmp /proc/net/snmp6 | tr '\n' ' '
}

chain_make
check "five hops away answers in both families" lab_wait 30 far

lab_meetme pop trace $FAR4
lab_meetme pop trace $FAR6
lab_meetme pop ping $FAR4 --count 2
hops $FAR4
lab_meetme pop routes
lab_meetme pop routes 172.20.5.0/24
lab_meetme pop routes $FAR6
lab_meetme pop routes $FAR4 --json
lab_meetme pop neighbors
lab_meetme pop neighbors 4242421001
lab_meetme pop links
lab_run pop ip route get $FAR4
finish
