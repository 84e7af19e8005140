#!/bin/sh
# Who may log in, with which keys, and as whom.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
KEYS=$LAB/keys

# key NAME TYPE...: a key pair in $KEYS.
key() {
	key_name=$1
	shift
	ssh-keygen -q -N '' -f "$KEYS/$key_name" -t "$@"
}

# as KEY USER [OPTION...]: peer_list with exactly that key, and no other way.
as() {
	as_key=$1 as_user=$2
	shift 2
	lab_run out ssh -p 4242 -i "$KEYS/$as_key" -o IdentitiesOnly=yes \
		-o BatchMode=yes "$@" "$as_user@pop.lab" peer_list
}

# greeting KEY USER: how an interactive shell receives them.
greeting() {
	echo bye | lab_run out ssh -tt -p 4242 -i "$KEYS/$1" \
		-o IdentitiesOnly=yes "$2@pop.lab"
}

# logins: how many the engine has let in.
logins() {
	grep -c "login of" $LAB/pop/log
}

mkdir $KEYS
key ed25519 ed25519
key rsa rsa -b 3072
key rsa1024 rsa -b 1024
for bits in 256 384 521; do key ecdsa$bits ecdsa -b $bits; done
for name in unknown comment continued shared admin; do
	key $name ed25519
done
lab_host out
lab_maintainer kind 4242421001 $KEYS/ed25519.pub $KEYS/rsa.pub \
	$KEYS/rsa1024.pub $KEYS/ecdsa256.pub $KEYS/ecdsa384.pub \
	$KEYS/ecdsa521.pub $KEYS/shared.pub
lab_maintainer twin 4242421002 $KEYS/shared.pub
lab_maintainer tricky 4242421003 $KEYS/ecdsa256.pub
cat >>$LAB/registry/data/mntner/TRICKY-MNT <<-END
	remarks:            my old key was
	                    auth: $(cat $KEYS/continued.pub)
	+auth:              $(cat $KEYS/continued.pub)
	#auth:              $(cat $KEYS/comment.pub)
	remarks:            auth: $(cat $KEYS/comment.pub)
	auth:               $(cut -d ' ' -f 1,2 $KEYS/ed25519.pub | tr -d =)x
END
lab_pop pop

for name in ed25519 rsa rsa1024 ecdsa256 ecdsa384 ecdsa521; do
	check "$name logs in" as $name kind
done
for algorithm in rsa-sha2-256 rsa-sha2-512; do
	check "RSA with $algorithm logs in" \
		as rsa kind -o PubkeyAcceptedAlgorithms=$algorithm
done
check_not "RSA with SHA-1 is refused" \
	as rsa kind -o PubkeyAcceptedAlgorithms=ssh-rsa
check "the user's name may be in any case" as ed25519 KiNd

logins=$(logins)
check_not "another's key is refused" as ed25519 twin
check_not "an unknown key is refused" as unknown kind
check_not "an unknown user is refused" as ed25519 nobody
check_not "a key in a comment is refused" as comment tricky
check_not "a key in a continuation line is refused" as continued tricky
check_not "a user with strange characters is refused" as ed25519 'kind;x'
check_not "a very long user is refused" \
	as ed25519 "$(printf '%03000d' 0)"
for method in none password keyboard-interactive hostbased gssapi-with-mic; do
	check_says "$method is refused" "Permission denied \(publickey\)" \
		as ed25519 kind -o PreferredAuthentications=$method
done

# The client has the public half only: it asks, and cannot sign.
cp $KEYS/ed25519.pub $KEYS/half
check_says "a query without a signature is answered" "Server accepts key" \
	as half kind -v
check_not "and grants nothing" as half kind
check_same "none of these was a login" "$logins" "$(logins)"

check_says "the same key is kind for kind" KIND-MNT greeting shared kind
check_says "and twin for twin" TWIN-MNT greeting shared twin
check_says "with twin's AS number" 4242421002 greeting shared twin
check_says "an admin logs in as anyone" TWIN-MNT greeting \
	../admin twin
check_says "and the log says so" "TWIN-MNT.*admin" cat $LAB/pop/log
check_not "an admin's key is nobody by itself" as ../admin nobody

# An agent with many other keys before the right one.
eval "$(ssh-agent)" >/dev/null
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	key agent$i ed25519
	ssh-add -q $KEYS/agent$i
done
ssh-add -q $KEYS/ed25519
check "an agent with 13 keys gets in with its last" \
	lab_run out ssh -p 4242 -o BatchMode=yes kind@pop.lab peer_list
ssh-agent -k >/dev/null
finish
