#!/bin/sh
# A network file by which most links of a POP would go at once is not obeyed,
# and everybody is told so, until the operator says that it is right.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
POP=$LAB/pop ASN=4242421001
YAML=$POP/etc/meetme/network.yaml

links() {
	lab_run pop ip -br link | grep -c '^wg-int-'
}

# twelve: POPs 2 to 13, which nobody runs.
twelve() {
	for id in $(seq 2 13); do
		cat <<-END
			  - name: pop$id
			    id: $id
			    endpoint: 2001:db8::ff:$id
			    public_key: "$(wg genkey | wg pubkey)"
			    ipv6: "fd28:7515:7d51:$id::1/64"
		END
	done
}

# refusal: what the status says of the plan.
refusal() {
	lab_meetme pop status --json |
		jq -r '.parts[] | select(.name == "plan") | .state + " " + .reason'
}

create() {
	lab_meetme pop peer_create --asn $ASN --key "$(wg genkey | wg pubkey)"
}

lab_host two
lab_keys two
lab_maintainer two $ASN $LAB/two/ssh/id_ed25519.pub
lab_pop pop
cp $YAML $LAB/alone.yaml
twelve >>$YAML
check "twelve POPs more" lab_meetme pop reload
check_same "reload waits for their links" 12 "$(links)"
check_same "the plan is obeyed" "applied " "$(refusal)"

cp $YAML $LAB/thirteen.yaml
cp $LAB/alone.yaml $YAML
check_not "all of them gone: reload fails" lab_meetme pop reload
check_says "and says why" "12 of 12 links: the operator has to look" \
	lab_meetme pop reload
check_says "and what to do" "meetme reload --force" lab_meetme pop reload
check_same "the links stay" 12 "$(links)"
check_says "the status says so" "^refused most tunnels would go" refusal
check_says "on the screen too" "plan is refused" lab_meetme pop status
lab_run pop ip link del wg-int-5
check "a link that goes is put back" lab_wait 10 \
	lab_run pop ip link show wg-int-5
check_says "it is said after a converge, too" "^refused most" refusal
check "a peering is stored meanwhile" create
check_says "and its owner is told" "the operator has to look" \
	lab_ssh two two peer_status

cp $LAB/thirteen.yaml $YAML
check "with the file of before all is well" lab_meetme pop reload
check_same "the plan is obeyed again" "applied " "$(refusal)"
check "and has the peering" lab_run pop ip link show wg-as$ASN

cp $LAB/alone.yaml $YAML
check "reload --force" lab_meetme pop reload --force
check_same "all links go" 0 "$(links)"
check_same "the plan is obeyed" "applied " "$(refusal)"
check "the peering stays" lab_run pop ip link show wg-as$ASN
check_says "the audit log says who forced it" "reload .*forced" \
	lab_meetme pop events
finish
