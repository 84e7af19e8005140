#!/bin/sh
# meetme plan: what a reload would change on this POP, before it does; and a
# reload of a file that is wrong changes nothing.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
POP=$LAB/pop ASN=4242421001
YAML=$POP/etc/meetme/network.yaml

# more NAME ID [KEY]: one more POP in the network file.
more() {
	cat >>$YAML <<-END
		  - name: $1
		    id: $2
		    endpoint: $1.lab
		    public_key: "${3:-$(wg genkey | wg pubkey)}"
		    ipv4: 172.22.144.$((160 + 8 * ($2 - 1) + 1))/29
		    ipv6: "fd28:7515:7d51:$2::1/64"
	END
}

plan() {
	lab_meetme pop plan "$@"
}

# paths: "PATH comes|goes|changes" of each file that would change.
paths() {
	plan --json | jq -r '.changes[] | .path + " " + (if .old == null then
		"comes" elif .new == null then "goes" else "changes" end)'
}

# state: what no look at a plan, and no wrong file, may change.
state() {
	lab_run pop ip -br link
	(cd $POP/etc/bird/meetme && find . -type f -exec cksum {} +)
	lab_meetme pop events --json
	lab_meetme pop status --json | jq -r .pop
}

# status WHAT WANTED CMD...: its exit status.
status() {
	status_what=$1 status_wanted=$2
	shift 2
	"$@" >$LAB/status.out 2>&1
	check_same "$status_what" "$status_wanted" $?
}

applied() {
	lab_meetme pop status --json |
		jq -e '.peerings.waiting == 0 and .links[0].state != "waiting"'
}

lab_host two
lab_keys two
lab_maintainer two $ASN $LAB/two/ssh/id_ed25519.pub
lab_pop pop
more two 2
lab_meetme pop reload >/dev/null
lab_meetme pop peer_create --asn $ASN --key "$(wg genkey | wg pubkey)" >/dev/null
lab_wait 20 applied
cp $YAML $LAB/good.yaml

status "without a change it exits 0" 0 plan
check_same "and says so" "Nothing would change." "$(cat $LAB/status.out)"
before=$(state)

more three 3
status "a POP more: it exits 0" 0 plan
cp $LAB/status.out $LAB/more.out
check_says "a link comes" "the link to three comes" cat $LAB/more.out
check_says "BIRD's base changes" "BIRD's base changes" cat $LAB/more.out
check_says "the file of the link is shown" \
	"^\+Endpoint = three.lab:51801" cat $LAB/more.out
check_not "in plain text" grep -q "$(printf '\033')" $LAB/more.out
check_same "nothing else would change" \
	"bird/meetme.conf changes wireguard/wg-int-3.conf comes " \
	"$(paths | tr '\n' ' ')"
check_same "nothing has changed" "$before" "$(state)"
on_terminal() {
	lab_run pop env TERM=xterm script -qfc \
		"meetme --root $POP plan" /dev/null </dev/null
}
check_says "on a terminal it has colours" "$(printf '\033')\[32m\+" on_terminal

# What it said is what comes.
plan --json | jq -r '.changes[] | select(.path == "bird/meetme.conf").new' \
	>$LAB/base.conf
check "the reload" lab_meetme pop reload
based() {
	printf '%s\n' "$(cat $LAB/base.conf)" |
		cmp - $POP/etc/bird/meetme/meetme.conf
}
check "makes the file that was shown" lab_wait 10 based
check "and the link" lab_wait 10 lab_run pop ip link show wg-int-3
check_same "then nothing would change" "Nothing would change." "$(plan)"
before=$(state)

cp $LAB/good.yaml $YAML
check_same "a POP less" \
	"bird/meetme.conf changes wireguard/wg-int-3.conf goes " \
	"$(paths | tr '\n' ' ')"
check_says "its link goes" "the link to three goes" plan
more three 3 "$(wg genkey | wg pubkey)"
check_same "another key" "wireguard/wg-int-3.conf changes " \
	"$(paths | tr '\n' ' ')"
sed -i 's/^  motd: motd/&\n  import_limit: 5000/' $YAML
check_says "a rule of all sessions" "the session with AS$ASN changes" plan

# a peering in the mesh's way is left out, and that is said
sed -e 's/^network:/mesh: {port_base: 51999}\n&/' \
	-e 's/ports: 52000/ports: asn/' $LAB/good.yaml >$YAML
check_says "a peering whose port the mesh takes" \
	"AS$ASN would be left out: the link to two has our port" plan
check_says "goes" "the session with AS$ASN goes" plan
check_same "nothing has changed" "$before" "$(state)"

# refused WHAT PATTERN: plan and reload say what is wrong with the file, and
# nothing changes.
refused() {
	for command in plan reload; do
		check_says "$1: $command says so" "$2" lab_meetme pop $command
		check_not "$1: $command fails" lab_meetme pop $command
		check_says "$1: in JSON too" '"error"' \
			lab_meetme pop $command --json
	done
	check_same "$1: nothing has changed" "$before" "$(state)"
}
cat >$YAML <<'END'
network:
  name: Lab Network
  asn: 4242420263
  prefixes: [172.22.144.160/27, "fd28:7515:7d51::1/48"]
mesh: {topology: hubs, hubs: [nobody]}
pops:
  - {name: a-name-that-is-too-long, id: 1, endpoint: a.lab, public_key: x}
  - {name: two, id: 0, endpoint: b.lab}
  - {name: two, id: 1001}
END
refused "a file with many problems" "the network file has .* problems"
status "plan exits 78" 78 plan
for field in 'prefixes' 'hubs' 'pops\[0\].name' 'pops\[0\].public_key' \
	'pops\[1\].id' 'pops\[1\].public_key' 'pops\[2\].id' \
	'pops\[2\].endpoint'; do
	check_says "plan names $field" "^line [0-9]+: .*$field" \
		cat $LAB/status.out
done
status "reload exits 78" 78 lab_meetme pop reload
check_same "reload lists the same" \
	"$(lab_meetme pop check 2>&1 | grep -c "$YAML:")" \
	"$(grep -c '^line' $LAB/status.out)"

: >$YAML
refused "an empty file" .
rm $YAML
refused "no file" "No such file|cannot"
other=$(wg genkey | wg pubkey)
sed -e 's/name: pop$/name: one/' -e "s|$(cat $POP/wg.pub)|$other|" \
	$LAB/good.yaml >$YAML
refused "this POP is not in the file" "no POP named pop any more"
sed "s|$(cat $POP/wg.pub)|$other|" $LAB/good.yaml >$YAML
refused "this POP has another key" \
	"public_key: POP pop has another public key .* meetmed started"
sed 's/name: pop$/name: neu/' $LAB/good.yaml >$YAML
check_says "another name is one more change" "BIRD's base changes" plan

# and all goes on
cp $LAB/good.yaml $YAML
check "the good file is taken again" lab_meetme pop reload
check_says "a visitor has no such command" "no command" lab_ssh two two plan
check_says "help explains it" "Nothing is changed" lab_meetme pop help plan

lab_meetmed_end pop
status "without meetmed it exits 69" 69 plan
check_says "says why" "is meetmed running" cat $LAB/status.out
check_says "and what else there is" "meetme render" cat $LAB/status.out
for command in $(lab_meetme pop help | awk '/^  [a-z]/ { print $1 }'); do
	check "help explains $command" lab_meetme pop help $command
done
finish
