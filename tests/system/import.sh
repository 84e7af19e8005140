#!/bin/sh
# meetme import: the peerings of the reference service, taken over from its
# database with their ids, ports and addresses. A peer that was configured for
# that service comes up without a change of its own.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
POP=$LAB/pop DB=$LAB/peers.db
ASN=4242421344
ROWS=60 # each has a wireguard-go; a user has 128 (inotify instances)

# key N: a public key like no other one's.
key() {
	printf '%08x' "$1" | awk '{ k = "0900" $1 "0000"
		while (length(k) < 64) k = k "0"
		print substr(k, 1, 60) "0100" }' | xxd -r -p | base64 -w 0
}

# The table as that service makes it, with ids as they may be after years.
database() {
	rm -f $DB $DB-wal $DB-shm
	{
		echo "$1"
		echo 'CREATE TABLE peering_links (
			id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 65535),
			as_num INTEGER UNIQUE, wg_pub_key TEXT,
			wg_endpoint_addr TEXT, wg_endpoint_port INTEGER'"$2"');'
		echo 'BEGIN;'
		for i in $(seq 3 $((ROWS + 1))); do
			echo "INSERT INTO peering_links (id, as_num, wg_pub_key,
				wg_endpoint_addr, wg_endpoint_port) VALUES ($((
				i + i / 10)), $((4242000000 + i)),
				'$(key $i)', '2001:db8:1::$i', 51820);"
		done
		echo 'COMMIT;'
	} | sqlite3 $DB >/dev/null
}

# row VALUES: one more, as sloppy as it may be.
row() {
	sqlite3 $DB "INSERT INTO peering_links VALUES ($1)"
}

import() {
	lab_meetme pop import autopeer $DB "$@"
}

# result ID: what became of that row, and why.
result() {
	jq -r ".rows[] | select(.id == $1) | .result + \" \" + .reason" \
		$LAB/import.json
}

# The visitor, as the reference's peer_config has told him: see the seed.
old_peer() {
	cat >$LAB/out/old.wg <<-END
		[Interface]
		PrivateKey = **REPLACEME**
		ListenPort = 42424
		PostUp = /sbin/ip addr add dev %i fe80:0263::2:1/128 peer fe80:0263::1:1/128
		Table = off

		[Peer]
		PublicKey = $(cat $POP/wg.pub)
		Endpoint = pop.lab:52001
		PersistentKeepalive = 30
		AllowedIPs = 172.16.0.0/12, 10.0.0.0/8, fd00::/8, fe80::/10
	END
	cat >$LAB/out/old.bird <<-END
		protocol bgp flipflap {
		    local as $ASN;
		    neighbor fe80:0263::1:1 as $LAB_ASN;
		    path metric 1;
		    interface "wg-flipflap";
		    ipv4 {
		        extended next hop on;
		        import limit 9000 action block;
		        import table;
		        import all;
		        export where source = RTS_STATIC;
		    };

		    ipv6 {
		        extended next hop off;
		        import limit 9000 action block;
		        import table;
		        import all;
		        export where source = RTS_STATIC;
		    };
		}
	END
}

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
for i in $(seq 3 $((ROWS + 1))); do
	printf 'aut-num: AS%s\nmnt-by: OUT-MNT\n' $((4242000000 + i)) \
		>$LAB/registry/data/aut-num/AS$((4242000000 + i))
done
lab_pop pop
old_peer
check "wg-quick takes the old peer's file" \
	lab_wg_up out wg-flipflap $LAB/out/old.wg
check "BIRD takes the other one" \
	lab_bird_add out flipflap $LAB/out/old.bird
files() {
	cksum $LAB/out/old.* $LAB/out/etc/wireguard/* $LAB/out/etc/bird/peers/*
}
theirs=$(files)

# What is there before: a peering of the new service, with the id 2.
create() {
	lab_meetme pop peer_create --asn $1 --key "$(key $1)" \
		--link-local fe80::${1#424242} >/dev/null
}
create 4242421001
create 4242421002
lab_meetme pop peer_remove --asn 4242421001 --yes >/dev/null
state() {
	peerings lab_meetme pop
	lab_meetme pop events --json
	lab_run pop ip -br link
}

# A database with all that may be wrong with a row.
database '' ', user_link_local TEXT'
row "1, $ASN, '$(cat $LAB/out/wg.pub)', 'out.lab', 42424, NULL"
row "1000, 4242421000, '$(key 9001)', NULL, NULL, ''"
bad=0
while read -r id asn k host port ll why; do
	sqlite3 $DB 'PRAGMA ignore_check_constraints = 1' \
		"INSERT INTO peering_links VALUES
			($id, $asn, $k, $host, $port, $ll)"
	bad=$((bad + 1))
	echo "$id $why" >>$LAB/bad
done <<END
0 4242421100 '$(key 9100)' '2001:db8:2::1' 51820 NULL id.*65535
65536 4242421101 '$(key 9101)' '2001:db8:2::1' 51820 NULL id.*65535
-5 4242421102 '$(key 9102)' '2001:db8:2::1' 51820 NULL id.*65535
20000 4242421103 '$(key 9103)' '2001:db8:2::1' 51820 NULL is.no.port
2000 4242421104 '$(key 9104)' '2001:db8:2::1' 51820 NULL registry.has.nobody
2001 NULL '$(key 9105)' '2001:db8:2::1' 51820 NULL as_num.*no.number
2002 'ASx' '$(key 9106)' '2001:db8:2::1' 51820 NULL as_num.*no.number
2003 0 '$(key 9107)' '2001:db8:2::1' 51820 NULL AS.number
2004 -1 '$(key 9108)' '2001:db8:2::1' 51820 NULL AS.number
2005 23456 '$(key 9109)' '2001:db8:2::1' 51820 NULL reserved
2006 $LAB_ASN '$(key 9110)' '2001:db8:2::1' 51820 NULL this.network
2007 4242420007 NULL '2001:db8:2::1' 51820 NULL wg_pub_key.*no.text
2008 4242420008 x'00ff' '2001:db8:2::1' 51820 NULL wg_pub_key.*no.text
2009 4242420009 'short' '2001:db8:2::1' 51820 NULL 44.characters
2010 4242420010 char(32)||'$(key 9010)' '2001:db8:2::1' 51820 NULL 44.characters
2011 4242420011 printf('%1000000c','a') '2001:db8:2::1' 51820 NULL too.long
2012 4242420012 '$(key 9012)'||char(0)||'x' '2001:db8:2::1' 51820 NULL printable
2013 4242420013 '$(key 9013)' '[2001:db8:2::1]' 51820 NULL neither.an.address
2014 4242420014 '$(key 9014)' '2001:db8:2::1'||'%eth0' 51820 NULL neither
2015 4242420015 '$(key 9015)' '10.0.0.1' 51820 NULL private
2016 4242420016 '$(key 9016)' 42 51820 NULL neither
2017 4242420017 '$(key 9017)' 'a'||char(27)||'[2J' 51820 NULL printable
2018 4242420018 '$(key 9018)' 'gr'||char(252)||'n.example' 51820 NULL printable
2019 4242420019 '$(key 9019)' 'host.example.' 51820 NULL neither
2020 4242420020 '$(key 9020)' '2001:db8:2::1' 0 NULL port.is.1
2021 4242420021 '$(key 9021)' '2001:db8:2::1' 65536 NULL port.is.1
2022 4242420022 '$(key 9022)' '2001:db8:2::1' NULL NULL no.port
2023 4242420023 '$(key 9023)' NULL 51820 NULL no.endpoint
2024 4242420024 '$(key 9024)' '2001:db8:2::1' 'many' NULL no.number
2025 4242420025 '$(key 9025)' '2001:db8:2::1' 51820 'x' link-local
2026 4242420026 '$(key 9026)' '2001:db8:2::1' 51820 '2001:db8::1' link-local
2027 4242420027 '$(key 9027)' '2001:db8:2::1' 51820 'fe80::263' our.side
2028 4242420028 '$(key 9028)' '2001:db8:2::1' 51820 'fe80::1002' another.peering
2029 4242420029 '$(key 3)' '2001:db8:2::1' 51820 NULL another.AS
2030 4242420030 '$(key 9030)' 'pop.lab' 51820 NULL our.side
2031 4242421002 '$(key 4242421002)' NULL NULL 'fe80::1002' another.id
END
for i in $(seq 7 30); do
	asn=42424200$(printf %02d $i)
	printf 'aut-num: AS%s\nmnt-by: OUT-MNT\n' $asn \
		>$LAB/registry/data/aut-num/AS$asn
done
printf 'aut-num: AS4242421000\nmnt-by: OUT-MNT\n' \
	>$LAB/registry/data/aut-num/AS4242421000
printf 'aut-num: AS4242421103\nmnt-by: OUT-MNT\n' \
	>$LAB/registry/data/aut-num/AS4242421103
lab_meetme pop reload >/dev/null
before=$(state)
sum=$(cksum $DB*)

# the dry run
import --dry-run --json >$LAB/import.json 2>$LAB/import.err
check_same "a dry run with bad rows exits 1" 1 $?
check_same "it says nothing else" "" "$(cat $LAB/import.err)"
check_same "it changes nothing" "$before" "$(state)"
cp $LAB/import.json $LAB/dry.json

# the import
began=$(date +%s)
import --json >$LAB/import.json
check_same "an import with bad rows exits 1" 1 $?
check "it takes less than 20 s" test $(($(date +%s) - began)) -lt 20
check_same "all good rows, and no bad one" "$((ROWS + 1)) 0 $bad" \
	"$(jq -r '"\(.imported) \(.here) \(.skipped)"' $LAB/import.json)"
while read -r id why; do
	check_says "row $id: $why" "^skipped .*$why" result $id
done <$LAB/bad
rows() {
	jq '[.rows[] | [.id, .asn, .result, .reason, .peering.listen_port,
		.peering.link_local, .peering.mntner]]' "$1"
}
check_same "the dry run said the same" "$(rows $LAB/import.json)" \
	"$(rows $LAB/dry.json)"
check_same "the database is as it was" "$sum" "$(cksum $DB*)"

# what the peers know is as it was
check_same "ids, ports and addresses are kept" "" "$(
	lab_meetme pop peer_list --json | jq -r '.peerings[] |
		select(.asn != 4242421002) | select(
			.listen_port != 52000 + .id or .own_link_local) | .asn'
)"
check_same "the AS's maintainer is its own" OUT-MNT "$(
	lab_meetme pop peer_list --json | jq -r '.peerings[] |
		select(.asn == 4242000060) | .mntner'
)"
check_same "AS4242000060 is $((52000 + 66)), fe80:263::2:42" \
	"66 52066 fe80:263::2:42 fe80:263::1:42" "$(
	lab_meetme pop peer_list --json | jq -r '.peerings[] |
		select(.asn == 4242000060) | "\(.id) \(.listen_port) " +
			"\(.link_local) \(.our_link_local)"'
)"
check_same "an event for each" $((ROWS + 1)) "$(
	lab_meetme pop events --max 1000 --json |
		jq '[.events[] | select(.what == "peer_import")] | length'
)"
applied() {
	lab_meetme pop status --json | jq -e \
		".peerings.applied == $ROWS + 2 and .peerings.waiting == 0"
}
check "all are applied" lab_wait 60 applied
check "the old peer comes up by itself" lab_wait 30 lab_established out
check "and pings" lab_wait 10 lab_ping out "$(lab_loopback6 out)" \
	fd28:7515:7d51:a::1
check_same "with the files that it had" "$theirs" "$(files)"

# again
before=$(state)
steady=$(sessions pop | grep as$ASN)
import >$LAB/import.txt
check_same "once more: 1 for the bad ones" 1 $?
check_says "all others are already there" \
	"^0 imported, $((ROWS + 1)) already there, $bad skipped.$" \
	tail -n 1 $LAB/import.txt
check_says "the table says so" "4242000060 .* already there" \
	cat $LAB/import.txt
check_same "nothing has changed" "$before" "$(state)"
check_steady "no session has moved" "$steady" "$(sessions pop | grep as$ASN)"
sqlite3 $DB "DELETE FROM peering_links WHERE id > 66 OR id < 1"
check "without bad rows it exits 0" import
sqlite3 $DB "UPDATE peering_links SET wg_endpoint_port = 1 WHERE id = 1"
check_says "another value is not taken" "another endpoint" import

# one more, while others are up
sqlite3 $DB "UPDATE peering_links SET wg_endpoint_port = 42424 WHERE id = 1"
row "400, 4242421103, '$(key 9103)', '2001:db8:2::1', 51820, NULL"
steady=$(sessions pop | grep as$ASN)
check_says "one more row" "^1 imported, $((ROWS - 1)) already there" \
	lab_meetme pop import autopeer $DB
check "it is applied" lab_wait 10 lab_run pop wg show wg-as4242421103
check_steady "no session has moved" "$steady" "$(sessions pop | grep as$ASN)"

# request JSON: the answer to a request as it is.
request() {
	perl -MIO::Socket::UNIX -e '
		my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or exit 2;
		print $s "$ARGV[1]\n";
		print scalar <$s>' $POP/run/meetme/control.sock "$1"
}
asks() {
	request "{\"op\":\"peer_import\",\"args\":{$1}}"
}
good="\"id\":500,\"asn\":4242421103,\"key\":\"$(key 1)\""
check_says "the API wants an id" '"invalid".*id' asks '"asn":1,"key":"x"'
check_says "and a whole one" '"invalid"' asks '"id":1.5,"asn":1,"key":"x"'
check_says "and nothing that it does not know" '"invalid".*psk' \
	asks "$good,\"psk\":true"
check_says "dry_run is a flag" '"invalid"' asks "$good,\"dry_run\":1"
check_says "what is there is not changed" '"taken"' asks "$good"

# the ways a file may lie there
good() {
	lab_meetme pop import --dry-run autopeer "${1:-$DB}"
}
# in_use CMD...: CMD while that service has a write open.
in_use() {
	(echo "BEGIN IMMEDIATE; UPDATE peering_links SET wg_pub_key = 'x';"
	 while [ -e $LAB/use ]; do sleep 0.1; done
	 echo "ROLLBACK;") | sqlite3 $DB &
	user=$!
	sleep 0.3
	"$@"
	in_use_rc=$?
	rm -f $LAB/use
	wait $user
	return $in_use_rc
}
: >$LAB/use
check "while the service writes" in_use good
sqlite3 $DB 'PRAGMA journal_mode = WAL' >/dev/null
sum=$(cd $LAB && cksum peers.db*)
check "with a write-ahead log" good
check_same "nothing is written beside it" "$sum" "$(cd $LAB && cksum peers.db*)"
: >$LAB/use
check "while the service writes into its log" in_use good
cat >$LAB/left.sql <<-'END'
	PRAGMA wal_autocheckpoint = 0;
	UPDATE peering_links SET wg_endpoint_port = 7 WHERE id = 1;
	.system cp $LAB/peers.db $LAB/peers.db-wal $LAB/ro/
END
mkdir $LAB/ro
export LAB
sqlite3 $DB <$LAB/left.sql >/dev/null
check_says "what stands only in the log is seen" "another endpoint" \
	good $LAB/ro/peers.db
check "the log stays" test -s $LAB/ro/peers.db-wal
rm $LAB/ro/*
sqlite3 $DB "UPDATE peering_links SET wg_endpoint_port = 42424 WHERE id = 1"
lab_run pop mount -t tmpfs -o size=8m ro $LAB/ro
lab_run pop cp $DB $LAB/ro/
lab_run pop mount -o remount,ro $LAB/ro
check_says "from a medium that is read-only" "already there" \
	good $LAB/ro/peers.db

# an older version of that service, without addresses of the user's own
database '' ''
check "a table without user_link_local" good

# no such file
for what in "" 'CREATE TABLE x (a)' \
	'CREATE VIEW peering_links AS SELECT 1 AS id, 2 AS as_num,
		3 AS wg_pub_key, 4 AS wg_endpoint_addr, 5 AS wg_endpoint_port,
		6 AS user_link_local'; do
	rm -f $LAB/other.db
	sqlite3 $LAB/other.db "$what"
	check_not "no table of that service: $(echo "$what" | head -c 20)" \
		good $LAB/other.db
done
head -c 5000 $DB >$LAB/cut.db
check_not "a file that was cut" good $LAB/cut.db
echo hello >$LAB/text.db
check_says "a file of text" "no SQLite database" good $LAB/text.db
check_says "no file" "No such file" good $LAB/none.db
check_says "a folder" "no SQLite database|Is a directory" good $LAB

# the port must be kept
sed -i 's/ports: 52000/ports: asn/' $POP/etc/meetme/network.yaml
lab_meetme pop reload >/dev/null
check_says "with ports: asn it says what to set" "peering.ports: .*base" good
check_says "and stops at once" "^0 imported, 0 already there, 0 skipped" good

# without meetmed
lab_meetmed_end pop
import >$LAB/import.txt 2>&1
check_same "without meetmed it exits 69" 69 $?
check_says "and says so" "is meetmed running" cat $LAB/import.txt
finish
