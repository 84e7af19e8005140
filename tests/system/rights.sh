#!/bin/sh
# What each role may do, and who may read what; what meetmed, as root, does at
# its start.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
POP=$LAB/pop

# role NAME: the id of a role of the POP's meetmed.
role() {
	if [ "$1" = agent ]; then
		cat $POP/meetmed
		return
	fi
	for p in $(lab_tree "$(cat $POP/meetmed)"); do
		if tr '\0' ' ' <"/proc/$p/cmdline" | grep -q -e "--role $1 "; then
			echo "$p"
		fi
	done
}

# rights NAME: user, groups, capabilities, no_new_privs, seccomp.
rights() {
	awk '/^Uid:|^Gid:/ { print $1, $2, $3, $4, $5 }
		/^Groups:|^Cap|^NoNewPrivs:|^Seccomp:/ { $1 = $1; print }' \
		"/proc/$(role "$1")/status"
}

# expect UID GROUPS CAPABILITIES BOUNDS SECCOMP: as rights prints them.
expect() {
	echo "Uid: $1 $1 $1 $1"
	echo "Gid: $1 $1 $1 $1"
	echo "Groups:${2:+ $2}"
	for set in Inh Prm Eff; do
		echo "Cap$set: $3"
	done
	echo "CapBnd: $4"
	echo "CapAmb: $3"
	echo "NoNewPrivs: 1"
	echo "Seccomp: $5"
}

lab_outside out 4242421001
lab_maintainer out 4242421001 $LAB/out/ssh/id_ed25519.pub
lab_pop pop
NONE=0000000000000000
ALL=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
BIRD=$(getent group bird | cut -d : -f 3)

check_same "the agent has CAP_NET_ADMIN and BIRD's group" \
	"$(expect 64201 "$BIRD" 0000000000001000 $NONE 0)" \
	"$(rights agent)"
check_same "the engine has no rights" "$(expect 64202 "" $NONE "$ALL" 0)" \
	"$(rights engine)"
check_same "the listener has no rights" "$(expect 64203 "" $NONE "$ALL" 0)" \
	"$(rights listener)"
check_same "the resolver has none and is in its sandbox" \
	"$(expect 64203 "" $NONE "$ALL" 2)" "$(rights resolver)"
# raw NAME: how many descriptors of raw sockets that role has.
raw() {
	awk 'FNR > 1 { print "socket:[" $10 "]" }' \
		"/proc/$(role "$1")/net/raw" "/proc/$(role "$1")/net/raw6" \
		>$LAB/raw
	find "/proc/$(role "$1")/fd" -printf '%l\n' | grep -c -x -F -f $LAB/raw
}

check_same "two raw sockets for each family, the resolver's" "0 0 0 4" \
	"$(raw agent) $(raw engine) $(raw listener) $(raw resolver)"
mkfifo $LAB/typed
(lab_exec out ssh -o BatchMode=yes -p 4242 out@pop.lab <$LAB/typed) &
exec 8>$LAB/typed
lab_wait 10 role shell
for name in session shell; do
	lab_wait 10 grep -q "^Seccomp:.*2" "/proc/$(role $name)/status"
	check_same "the $name has none and is in its sandbox" \
		"$(expect 64203 "" $NONE "$ALL" 2)" "$(rights $name)"
done
exec 8>&-

# secrets
check "peer_create with a preshared key" lab_ssh out out peer_create \
	--key "$(cat $LAB/out/wg.pub)" --psk
PSK=$(lab_run pop wg show wg-as4242421001 preshared-keys | cut -f 2)
KEY=$(cat $POP/etc/meetme/wg.key)
check "there is one" [ ${#PSK} -eq 44 ]
for secret in "$PSK" "$KEY"; do
	printf '%s\n' "$secret" "$(echo "$secret" | base64 -d |
		od -An -v -tx1 | tr -d ' \n')" >>$LAB/secrets
done
check_not "no secret is in the log" grep -Ff $LAB/secrets $POP/log
check_not "no secret is in an argument" grep -aFf $LAB/secrets \
	/proc/[0-9]*/cmdline
check_not "no secret is in the list" \
	sh -c "meetme --root $POP peer_list --json | grep -Ff $LAB/secrets"
check_not "no secret is in the audit log" \
	sh -c "meetme --root $POP events --json | grep -Ff $LAB/secrets"
modes() {
	(cd $POP && stat -c '%A %n' etc/meetme/wg.key run/meetme/control.sock \
		etc/bird/meetme etc/bird/meetme/peers/* run/wireguard \
		var/lib/meetme/engine var/lib/meetme/engine/store.db \
		var/lib/meetme/ssh var/lib/meetme/ssh/*_key)
}
check "there are files to look at" modes
check_not "others may read none of them" \
	sh -c "echo '$(modes)' | grep -v '^[^ ]*--- '"

# a second one, by mistake
second() {
	lab_run pop timeout 10 meetmed --root $POP --users $LAB_USERS
}
check_says "a second meetmed says that one runs" "runs already" second
check "and has changed nothing for the first" lab_meetme pop status
check "nor for visitors" lab_ssh out out peer_status

# Whoever owns the folder above could lead root elsewhere.
lab_meetmed_end pop
mkdir $LAB/victim
mv $POP/etc/bird/meetme/peers $LAB/peers
ln -s $LAB/victim $POP/etc/bird/meetme/peers
check_not "meetmed does not start where a link stands for a folder" \
	lab_meetmed pop
check_same "and gives away nothing" "root drwxr-xr-x" \
	"$(stat -c '%U %A' $LAB/victim)"
finish
