#!/bin/sh
# Endpoints that are names: the POP resolves them, and what they resolve to is
# judged as a literal address is, at any time.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001

# endpoint_is TEXT: where the POP's tunnel leads.
endpoint_is() {
	lab_run pop wg show wg-as$ASN endpoints | grep -qF "$1"
}

create() {
	lab_ssh out out peer_create --asn $ASN \
		--key "$(cat $LAB/out/wg.pub)" --endpoint "$1" --port 51820
}

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
cat >>$LAB/hosts <<-'END'
	10.1.2.3 private.lab
	fe80::1 linklocal.lab
	127.0.0.1 loopback.lab
	64:ff9b::a01:203 nat64.lab
	2001:bc8:3feb::5 reserved.lab
	10.1.2.3 mixed.lab
	2001:db8::1 mixed.lab
END
lab_pop pop

for name in private linklocal loopback nat64 reserved; do
	check_not "$name.lab is refused" create $name.lab
	check_says "$name.lab: the message names the endpoint" endpoint \
		create $name.lab
done
check_not "a name that does not resolve is refused" create nowhere.lab
check_says "and the message names it" nowhere.lab create nowhere.lab
check_not "our own name is refused" create pop.lab
check_not "no interface came of it" lab_run pop wg show wg-as$ASN

check "a name with one good address is taken" create mixed.lab
check "the tunnel leads to the good one" lab_wait 10 \
	endpoint_is '[2001:db8::1]:51820'
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out

# The name now leads elsewhere, and the other side is silent.
sed '/mixed.lab/d' $LAB/hosts >$LAB/hosts.new
echo "10.1.2.3 mixed.lab" >>$LAB/hosts.new
cat $LAB/hosts.new >$LAB/hosts
lab_meetmed_end pop
lab_meetmed pop
check "after a restart the tunnel is there" lab_wait 10 lab_run pop \
	wg show wg-as$ASN
check_not "it does not lead to the private address" endpoint_is 10.1.2.3
check "and is Established still" lab_established out
finish
