#!/bin/sh
# BIRD down, or refusing the configuration: peer_status says so, the last good
# configuration stays, other peerings go on, and it applies when BIRD is back.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
FIRST=4242421001 SECOND=4242421002 THIRD=4242421003

create() {
	lab_ssh "$1" "$1" peer_create --asn $2 \
		--key "$(cat $LAB/$1/wg.pub)" --endpoint "$1.lab" --port 51820
}

since() {
	sessions pop | grep "as${FIRST}_"
}

state() {
	lab_ssh "$1" "$1" peer_status --json | jq -r .peering.state |
		grep -qx "$2"
}

for v in "one $FIRST" "two $SECOND" "three $THIRD"; do
	set -- $v
	lab_outside $1 $2
	lab_maintainer $1 $2 $LAB/$1/ssh/id_ed25519.pub
done
lab_pop pop
check "peer_create of the first" create one $FIRST
check "peer_config applied" lab_apply one one $FIRST
check "Established" lab_wait 30 lab_established one

lab_bird_end pop
check "with BIRD down, peer_create of a second" create two $SECOND
check "it waits" lab_wait 10 state two waiting
check_says "peer_status names BIRD" 'BIRD' lab_ssh two two peer_status
check "its tunnel is there" lab_run pop wg show wg-as$SECOND
check "BIRD is back" lab_bird pop
check "the second is applied" lab_wait 30 state two applied
check "peer_config applied" lab_apply two two $SECOND
check "the second is Established" lab_wait 30 lab_established two
check "the first is Established" lab_wait 30 lab_established one

# Somebody saved one of our files as his own, and keeps it to himself.
file=$LAB/pop/etc/bird/meetme/peers/as$FIRST.conf
chown root:root $file
chmod 600 $file
check "with a file that is not readable, an edit of another is applied" \
	lab_ssh two two peer_edit --mtu 1410
check "at once" lab_wait 3 state two applied
check "and the file is ours again" lab_wait 3 [ -n "$(find $file -uid 64201)" ]

rm -r $LAB/pop/etc/bird/meetme/peers
check "with the folder gone, an edit is applied" \
	lab_ssh two two peer_edit --mtu 1405
check "it is back" lab_wait 3 test -s $file
check "and good for BIRD" lab_run pop bird -p

# The operator's file has a protocol of the third's name: BIRD refuses it.
cp $LAB/pop/etc/bird/bird.conf $LAB/bird.conf
cat >>$LAB/pop/etc/bird/bird.conf <<-END
	protocol static ebgp_as${THIRD}_v6 {
		ipv4;
	}
END
lab_run pop birdc configure >/dev/null
before=$(since)
check "with BIRD refusing, peer_create of a third" create three $THIRD
check "it is refused" lab_wait 10 state three refused
check_says "peer_status has BIRD's words" "ebgp_as${THIRD}_v6" \
	lab_ssh three three peer_status
check_steady "the first goes on" "$before" "$(since)"
check "the second is still applied" state two applied
check "what lies there is good for BIRD" lab_run pop bird -p
check "an edit of the second is applied" lab_ssh two two peer_edit --mtu 1400
check "as before" lab_wait 10 state two applied
cp $LAB/bird.conf $LAB/pop/etc/bird/bird.conf
check "with the name free again, the third is applied" \
	lab_wait 60 state three applied
check "peer_config applied" lab_apply three three $THIRD
check "the third is Established" lab_wait 30 lab_established three
check_steady "the first goes on" "$before" "$(since)"
finish
