#!/bin/sh
# peer_remove leaves nothing: no interface, file, session, allocation.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_maintainer out 4242421002 $LAB/out/ssh/id_ed25519.pub
lab_pop pop
links=$(lab_run pop ip -br link | awk '{ print $1 }')
routes=$(lab_run pop ip -6 route)
addresses=$(lab_run pop ip -br addr)
files=$(cd $LAB/pop/etc/bird && find . -type f | sort)
protocols=$(lab_run pop birdc show protocols | awk '{ print $1 }')
sockets=$(ls $LAB/pop/run/wireguard)

check "peer_create" lab_ssh out out peer_create --asn $ASN \
	--key "$(cat $LAB/out/wg.pub)" --endpoint 2001:db8::1 --port 51820
first=$(lab_ssh out out peer_config --asn $ASN --json |
	jq -c '[.peering.id, .peering.listen_port]')
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out
check "peer_remove" lab_ssh out out peer_remove --asn $ASN --yes

check_same "no interface" "$links" \
	"$(lab_run pop ip -br link | awk '{ print $1 }')"
check_same "no address" "$addresses" "$(lab_run pop ip -br addr)"
check_same "no route" "$routes" "$(lab_run pop ip -6 route)"
check_same "no file" "$files" "$(cd $LAB/pop/etc/bird && find . -type f | sort)"
check_same "no session" "$protocols" \
	"$(lab_run pop birdc show protocols | awk '{ print $1 }')"
check_same "no wireguard-go" "$sockets" "$(ls $LAB/pop/run/wireguard)"
check_same "no row" 0 "$(sqlite3 $LAB/pop/var/lib/meetme/engine/store.db \
	'SELECT count(*) FROM peering')"
check_says "peer_list shows none" '^$|no peering' lab_ssh out out peer_list
check_not "peer_status has none" lab_ssh out out peer_status --asn $ASN
check_not "peer_remove has none" lab_ssh out out peer_remove --asn $ASN --yes

check "another AS is created" lab_ssh out out peer_create --asn 4242421002 \
	--key "$(cat $LAB/out/wg.pub)"
check_same "with the same number and port" "$first" "$(lab_ssh out out \
	peer_config --asn 4242421002 --json |
	jq -c '[.peering.id, .peering.listen_port]')"
finish
