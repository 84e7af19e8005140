#!/bin/sh
# Bad input: a clear message, nothing changed, nothing lost.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001 OTHER=4242421002
POP=$LAB/pop
ESC=$(printf '\033')

# state: all that a refused request must leave as it is.
state() {
	peerings lab_meetme pop
	lab_run pop ip -br addr
	(cd $POP/etc/bird/meetme && find . -type f -exec cksum {} +)
	lab_run pop birdc show protocols | awk 'NR > 2 { print $1, $4 }'
}

# try ARG...: peer_create by the maintainer OUT-MNT.
try() {
	lab_ssh out out peer_create "$@"
}

# with OPTION VALUE: peer_create with good values but this one.
with() {
	set -- "$1" "$2" --asn $ASN --key "$KEY" --endpoint 2001:db8::1 \
		--port 51820 --link-local fe80::9 --mtu 1420
	bad_option=$1 bad_value=$2
	shift 2
	for arg; do
		[ "${was:-}" != "$bad_option" ] || arg=$bad_value
		was=$arg
		shift
		set -- "$@" "$arg"
	done
	try "$@"
}

# refused WHAT PATTERN CMD...: CMD fails with a message that has PATTERN, and
# with no control character in it.
refused() {
	what=$1 pattern=$2
	shift 2
	if out=$("$@" 2>&1); then
		not_ok "$what: it was taken"
	elif ! printf '%s' "$out" | grep -Eqi -e "$pattern"; then
		not_ok "$what: no \"$pattern\" in: $out"
	elif printf '%s' "$out" | tr -d '\n\r\t' | LC_ALL=C.UTF-8 \
		grep -q '[[:cntrl:]]'; then
		not_ok "$what: control characters in the message"
	else
		ok "$what"
	fi
}

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_host two
lab_keys two
lab_maintainer two $OTHER $LAB/two/ssh/id_ed25519.pub
lab_pop pop
KEY=$(cat $LAB/out/wg.pub)
EP="--endpoint 2001:db8::1 --port 51820"
lab_ssh two two peer_create --key "$(cat $LAB/two/wg.pub)" \
	--link-local fe80::2222
before=$(state)

# AS numbers
refused "AS of another" asn\|maintain try --asn $OTHER --key $KEY $EP
for n in 0 -1 4294967295 4294967296 99999999999999999999 4242421001x ASx "''" \
	4242421001.5 0x10; do
	refused "AS number $n" asn\|"AS number" try --asn $n --key $KEY $EP
done

# keys
refused "key too short" key try --asn $ASN --key ${KEY#???} $EP
refused "key too long" key try --asn $ASN --key AAAA$KEY $EP
refused "key with wrong padding bits" key try --asn $ASN $EP \
	--key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=
refused "key of zeroes" zero try --asn $ASN $EP \
	--key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
refused "our own key" "our side" try --asn $ASN --key "$(cat $POP/wg.pub)" $EP
refused "key of another AS" "another AS" try --asn $ASN \
	--key "$(cat $LAB/two/wg.pub)" $EP

# endpoints
for pair in 10.0.0.1=private 172.20.0.1=private 192.168.1.1=private \
	224.0.0.1=multicast ff02::1=multicast 100.64.0.1=cgnat \
	169.254.1.1=link-local fe80::1=link-local 127.0.0.1=loopback \
	::1=loopback 0.0.0.0=unspecified ::=unspecified \
	255.255.255.255=reserved 64:ff9b::10.0.0.1=private \
	::ffff:10.0.0.1=private fd00::1=private 2002:a00:1::=private \
	198.18.0.1=benchmarking 2001:bc8:3feb::1=2001:bc8:3feb::/48 \
	172.22.144.162=private fd28:7515:7d51::1=private \
	pop.lab="our side" 192.0.2.3="our|own" 2001:db8::3="our|own"; do
	refused "endpoint ${pair%%=*}" "${pair#*=}" \
		try --asn $ASN --key $KEY --endpoint "${pair%%=*}" --port 51820
done
for host in 1.2.3 1.2.3.4.5 256.1.1.1 ::1::2 fe80::1%eth0 '[2001:db8::1]' \
	-h a_b..c "'a b'" "'a;b'" "'\$(id)'" \
	"$(printf '%0300d' 0)"; do
	refused "endpoint $(printf %.40s "$host")" endpoint \
		try --asn $ASN --key $KEY --endpoint "$host" --port 51820
done
for port in 0 65536 -1 51820x 4294967297; do
	refused "port $port" port try --asn $ASN --key $KEY \
		--endpoint 2001:db8::1 --port "$port"
done
refused "endpoint without port" port try --asn $ASN --key $KEY \
	--endpoint 2001:db8::1
refused "port without endpoint" endpoint try --asn $ASN --key $KEY --port 1

# link-local addresses
for ll in 2001:db8::1 fec0::1 fe00::1 192.0.2.1 "'fe80::1%eth0;x'" fe80::263 \
	fe80::2222 fe80:263::1:1 fe80:: x; do
	refused "link-local $ll" "link.local" try --asn $ASN --key $KEY $EP \
		--link-local "$ll"
done
for mtu in 0 1279 1441 9000 x; do
	refused "MTU $mtu" mtu try --asn $ASN --key $KEY $EP --mtu $mtu
done

# newlines, control characters, escape sequences, anywhere
for bad in "$(printf 'a\nb')" "$(printf 'a\rb')" "a${ESC}[2Jb" \
	"$(printf 'a\177b')" "$(printf 'a\302\233b')"; do
	for option in asn key endpoint port link-local mtu; do
		refused "control character in --$option" . \
			with --$option "'$bad'"
	done
	refused "control character in a command" . lab_ssh out out "$bad"
done
refused "unknown option" nonsense try --asn $ASN --key $KEY --nonsense
refused "unknown command" nonsense lab_ssh out out nonsense
refused "peer_edit of what is not there" . lab_ssh out out peer_edit \
	--asn $ASN --mtu 1400
refused "peer_config of another's peering" . lab_ssh out out peer_config \
	--asn $OTHER
refused "peer_remove of another's peering" . lab_ssh out out peer_remove \
	--asn $OTHER --yes
refused "an edit to a private endpoint" private lab_ssh two two peer_edit \
	--endpoint 10.0.0.1 --port 1

# a line of a megabyte
megabyte() {
	head -c 1000000 /dev/zero | tr '\0' a
	echo
}
megabyte_shell() {
	megabyte | lab_ssh out out
}
refused "a line of a megabyte" . megabyte_shell

# Requests whose answers are not read: at some point no more are taken.
unread() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 2;
		$s->blocking(0);
		for (my ($i, $still) = (0, 0); $i < 200; $i++) {
			my $n = syswrite($s, "{\"op\":\"status\"}\n" x 1000);
			$still = defined $n ? 0 : $still + 1;
			exit 0 if $still == 25;
			select(undef, undef, undef, 0.02);
		}
		exit 1' $POP/run/meetme/control.sock
}
check "who does not read his answers is not served" unread

# request JSON: the answer to a request as it is.
request() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 2;
		print $s "$ARGV[1]\n";
		print scalar <$s>' $POP/run/meetme/control.sock "$1"
}
half_closed() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 2;
		print $s "{\"op\":\"hello\"}\n{\"op\":\"status\"}\n";
		$s->flush;
		shutdown($s, 1);
		my @answers = <$s>;
		exit(2 - @answers)' $POP/run/meetme/control.sock
}
check "who asks and says no more gets his answers" half_closed
check_says "a misspelt argument is refused" '"code":"invalid","field":"args"' \
	request '{"op":"peer_remove","args":{"asnn":'$OTHER'}}'
check_same "nothing has changed" "$before" "$(state)"
check "and a good one is taken" try --asn $ASN --key $KEY $EP
before=$(state)

# a registry object with terminal escapes in its names
printf 'mntner: E%s[2JVIL-MNT\nauth: %s\n' "$ESC" \
	"$(cat $LAB/out/ssh/id_ed25519.pub)" \
	>"$LAB/registry/data/mntner/E${ESC}[2JVIL-MNT"
printf 'aut-num: AS4242421009\nas-name: X%s[2J\nmnt-by: OUT-MNT\n' "$ESC" \
	>$LAB/registry/data/aut-num/AS4242421009
mv $LAB/registry/data/mntner/OUT-MNT $LAB/registry/data/mntner/.x
mv $LAB/registry/data/mntner/.x $LAB/registry/data/mntner/OUT-MNT
no_escape() {
	! lab_meetme pop registry whois "$1" | grep -q "$ESC"
}
check "whois shows no escape sequence" no_escape AS4242421009
check_not "no login as that maintainer" lab_ssh out "E${ESC}[2JVIL" peer_list

# a banner in another character set
printf 'Gr\374\337e\n' >$POP/etc/meetme/motd
check "a motd that is not in UTF-8" lab_meetme pop reload
greeted() {
	lab_run out timeout 10 script -qfc \
		"ssh -tt -p 4242 out@pop.lab" /dev/null </dev/null
}
check_says "shuts nobody out" "AS$LAB_ASN>" greeted

# files: a network file that is wrong does not replace the one in use
cp $POP/etc/meetme/network.yaml $LAB/good.yaml
wrong() {
	what=$1 pattern=$2
	check_says "$what: meetme check says so" "$pattern" \
		lab_meetme pop check -f $POP/etc/meetme/network.yaml
	lab_meetme pop check -f $POP/etc/meetme/network.yaml >/dev/null 2>&1
	check_same "$what: meetme check exits 78" 78 $?
	check_not "$what: reload refuses it" lab_meetme pop reload
	cp $LAB/good.yaml $POP/etc/meetme/network.yaml
}
sed 's/^  motd:.*/&\n  colour: blue/' $LAB/good.yaml \
	>$POP/etc/meetme/network.yaml
wrong "unknown key" colour
sed -n '/- name/,$p' $LAB/good.yaml >>$POP/etc/meetme/network.yaml
wrong "duplicate POP" 'pops\[1\]'
sed -n '/- name/,$p' $LAB/good.yaml | sed -e 's/name: pop/name: pop2/' \
	-e 's/id: 1/id: 2/' -e 's/161/162/' \
	-e "s|public_key.*|public_key: $KEY|" >>$POP/etc/meetme/network.yaml
wrong "overlapping subnets" overlap
: >$POP/etc/meetme/network.yaml
wrong "empty file" .
check_same "nothing has changed" "$before" "$(state)"

# a database that is damaged, or foreign: left as it is
db=$POP/var/lib/meetme/engine/store.db
lab_meetmed_end pop
lab_wait 5 test ! -s $db-wal
cp $db $LAB/good.db
foreign() {
	rm -f $db-wal $db-shm
	sum=$(cksum <$db)
	: >$POP/log
	lab_meetmed pop >/dev/null 2>&1 &&
		not_ok "$1: meetmed runs" || ok "$1: meetmed does not start"
	lab_wait 5 lab_gone "$(cat $POP/meetmed)" ||
		lab_meetmed_end pop
	check_says "$1: the log names the file" store.db cat $POP/log
	check_same "$1: the file is as it was" "$sum" "$(cksum <$db)"
}
head -c 5000 $LAB/good.db >$db
foreign "a truncated database"
echo "this is no database" >$db
foreign "a text file"
rm $db
sqlite3 $db 'CREATE TABLE other (a); PRAGMA user_version = 1'
foreign "another program's database"
rm -f $db*
cp $LAB/good.db $db
chown 64202:64202 $db
check "with the good database it starts" lab_meetmed pop
converged() {
	[ "$before" = "$(state)" ]
}
check "and nothing is lost" lab_wait 20 converged
finish
