#!/bin/sh
# The clone of the registry: pulled, swapped whole, and what is refused.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
UP=$LAB/upstream
ROOT=$LAB/pop
SYNC=$ROOT/var/lib/meetme/sync

g() {
	git -C $UP -c user.name=lab -c user.email=lab@lab.invalid \
		-c safe.directory='*' "$@"
}

# commit TEXT: all that is there now, upstream.
commit() {
	g add -A && g commit -q -m "$1"
}

# add NAME ASN KEY: a maintainer, upstream.
add() {
	"$LAB_TOP/lab/registry-add.sh" $UP "$1" "$2" "$3.pub"
}

# login NAME: with the key of that name.
login() {
	lab_run out ssh -p 4242 -i "$LAB/key-$1" -o IdentitiesOnly=yes \
		-o BatchMode=yes "$1@pop.lab" peer_list
}

pull() {
	lab_meetme pop registry pull "$@"
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# stays WHAT: the state before is in force, and its people get in.
stays() {
	check_same "$1: the commit stays" "$good" "$(in_force)"
	check "$1: a login as before" login kind
}

in_force() {
	lab_meetme pop status --json | jq -r .sync.commit
}

folder_in_force() {
	lab_meetme pop status --json | jq -e '.registry.mntners == 62'
}

# undo: upstream is again where the POP is.
undo() {
	g reset -q --hard "$good"
}

# network: the network file with a registry section from stdin.
network() {
	{ lab_network pop && cat; } >$ROOT/etc/meetme/network.yaml
}

# Small folders: a tenth of 40 is 4.
for name in kind new; do
	ssh-keygen -q -t ed25519 -N '' -f $LAB/key-$name
done
sh "$LAB_TOP/tests/registry-generate.sh" $UP 40
add kind 4242421001 $LAB/key-kind
git init -q $UP
commit one
lab_host out
lab_host pop
lab_pop_files pop
network <<-END
	registry:
	  url: $UP
	  interval: 1m
END
lab_bird pop
lab_meetmed pop
lab_wait 20 login kind >/dev/null
check "the first clone is in force" login kind
good=$(g rev-parse HEAD)
check_same "its commit is shown" "$good" "$(in_force)"
check_says "pulling again changes nothing" "as before" pull
check_says "the offline commands read what is in force" ssh-ed25519 \
	lab_meetme pop registry keys kind
check_not "who is not in it does not get in" login new

for i in 1 2 3 4 5 6 7 8 9; do
	echo "remarks: changed" >>$UP/data/mntner/M$i-MNT
done
add new 4242421002 $LAB/key-new
commit ten
check_says "ten objects are pulled" "new: 42" pull
check "and their key logs in" login new
good=$(g rev-parse HEAD)

rm $UP/data/mntner/NEW-MNT $UP/data/aut-num/AS4242421002
commit removed
check "a maintainer's end is pulled" pull
check_not "and ends the logins" login new
check_not "no file of it is left" test -e $SYNC/current/data/mntner/NEW-MNT
good=$(g rev-parse HEAD)

echo "remarks: three" >>$UP/data/mntner/M3-MNT
commit three
pull >/dev/null
good=$(g rev-parse HEAD)

g reset -q --hard HEAD~1
check_says "a rolled back state is refused" "does not follow" pull
stays "rolled back"
check_says "status says so" "does not follow" lab_meetme pop status
check_says "so does the audit log" "registry_refused" lab_meetme pop events
n=$(grep -c "does not follow" $ROOT/log)
pull >/dev/null 2>&1
check_same "and it is logged once" "$n" "$(grep -c "does not follow" $ROOT/log)"
undo
check "back where it was, it is good" pull
check_same "and status is silent" "" \
	"$(lab_meetme pop status --json | jq -r .sync.error)"

g commit -q --amend -m rewritten
check_says "rewritten history is refused" "does not follow" pull
stays rewritten
undo

rm -r $UP/data/mntner
commit emptied
check_says "an emptied registry is refused" "mntner" pull
stays emptied
undo

(cd $UP/data/route && ls | tail -n +30 | xargs rm)
commit truncated
check_says "a loss of routes is refused" "objects in route instead" pull
stays lost
undo

for f in $(ls $UP/data/route | head -n 12); do
	: >$UP/data/route/$f
done
commit cut
check_says "routes that say nothing any more are, too" "ROAs instead" pull
stays cut
undo

for f in $UP/data/mntner/*; do
	sed -i '/^auth:/d' $f
done
commit locked
check_says "so are maintainers without keys" "keys instead of" pull
stays keyless
undo

for f in $UP/data/aut-num/*; do
	sed -i '/^mnt-by:/d' $f
done
commit ownerless
check_says "and AS numbers of nobody" "who maintains an AS, instead of" pull
stays ownerless
undo

(cd $UP/data/route && ls | tail -n +30 | xargs rm)
commit truncated
pull >/dev/null 2>&1
stays truncated
check_says "with --force it is taken" "new: 41" pull --force
check_says "which the audit log has" "registry_force.*objects in route" \
	lab_meetme pop events
good=$(g rev-parse HEAD)

printf '<<<<<<< ours\nremarks: a\n=======\nremarks: b\n>>>>>>> theirs\n' \
	>>$UP/data/route6/"$(ls $UP/data/route6 | head -n 1)"
commit conflict
check_says "a merge conflict is refused" "conflict marker" pull
stays conflict
undo

echo "0005 allow everything" >>$UP/data/filter.txt
commit filter
check_says "a filter line that is no rule is refused" "no rule" pull
stays filter
undo

mv $UP $UP.away
check_says "an unreachable remote is reported" "git: fatal" pull
stays unreachable
mkdir -p $UP/data
check_says "what is no repository is, too" "git: fatal" pull
stays "no repository"
rm -r $UP
mv $UP.away $UP

# Two at once are one after the other.
add new 4242421002 $LAB/key-new
commit again
pull >$LAB/pull1 2>&1 &
first=$!
pull >$LAB/pull2 2>&1
wait $first
check "two pulls at once are both answered" \
	grep -c commit $LAB/pull1 $LAB/pull2
check "and the state is in force" login new
good=$(g rev-parse HEAD)

# As of a git that was killed for being late.
touch $SYNC/spare/index.lock $SYNC/git/refs/meetme/new.lock
echo "remarks: locked" >>$UP/data/mntner/M4-MNT
commit locked
check "locks that a killed git left are in nobody's way" pull
good=$(g rev-parse HEAD)
check_same "and its state is in force" "$good" "$(in_force)"

# Killed at work: every start is good.
for ms in 005 015 030 050 080 120 200; do
	echo "remarks: $ms" >>$UP/data/mntner/M4-MNT
	echo "remarks: $ms" >>$UP/data/aut-num/AS4200000009
	commit "kill $ms"
	pull >/dev/null 2>&1 &
	killed=$!
	sleep 0.$ms
	for pid in $(lab_tree "$(cat $ROOT/meetmed)"); do
		kill -9 "$pid"
	done 2>/dev/null
	wait $killed
	lab_wait 10 lab_gone "$(cat $ROOT/meetmed)"
	lab_meetmed pop
	check "killed after $ms ms: a login at once" login kind
	check "killed after $ms ms: pulls" pull
	good=$(g rev-parse HEAD)
	check_same "killed after $ms ms: the newest" "$good" "$(in_force)"
done
check "the tree is the commit's" diff -r --exclude=.git $UP/data \
	$SYNC/current/data

# hostile TEXT: an url that the network file must not have.
hostile() {
	network <<-END
		registry:
		  url: "$1"
	END
	check_says "the url $1 is refused" "registry.url" lab_meetme pop reload
}
hostile 'ext::sh -c id'
hostile '--upload-pack=id'
hostile 'git@-oProxyCommand=id:x'
hostile "ssh://-oProxyCommand=id/x"
hostile 'file:///etc'
hostile 'https://user:secret@host.example/x'
hostile "$UP;id"

# One that never answers: a FIFO, which git opens for ever.
mkdir -p $LAB/hangs/objects $LAB/hangs/refs
echo "ref: refs/heads/master" >$LAB/hangs/HEAD
mkfifo $LAB/hangs/packed-refs
chmod -R a+rX $LAB/hangs
network <<-END
	registry:
	  url: $LAB/hangs
END
check "a reload does not wait for the remote" lab_meetme pop reload
check "visitors are served meanwhile" login kind
check_same "status shows that git is at work" true \
	"$(lab_meetme pop status --json | jq .sync.running)"

network <<-END
	registry:
	  url: $UP
	  branch: $(g symbolic-ref --short HEAD)
END
check "another url ends the wait" lab_meetme pop reload
check_says "and is pulled at once" "as before" pull

# A clone that fills the disk: what nobody needs of it goes, and then it is
# pulled again. Large files lie on the disk, as the lab has but memory.
large=$(mktemp -d "$LAB_TOP/build/large.XXXXXX")
trap 'rm -rf "$large"' EXIT
cp -a $SYNC/git/objects/pack/. "$large"
chown --reference=$SYNC/git/objects/pack "$large"
lab_run pop mount --bind "$large" $SYNC/git/objects/pack
fallocate -l 2G "$large/tmp_pack_large"
check_says "a clone that has become too large is refused" "more than 2 GiB" pull
stays large
check "what is too much of it is removed" \
	lab_wait 20 test ! -e "$large/tmp_pack_large"
add many 4242421009 $LAB/key-new
commit many
check_says "and it is pulled again" "new: " pull
good=$(g rev-parse HEAD)
check_same "to what is upstream" "$good" "$(in_force)"

network <<-END
	registry:
	  url: $LAB/hangs
END
lab_meetme pop reload

# Without the section git is ended, and the folder is read and watched.
network </dev/null
lab_maintainer new 4242421002 $LAB/key-new.pub
check "the section is taken away" lab_meetme pop reload
check_same "git is ended" 0 "$(lab_tree "$(cat $ROOT/meetmed)" |
	xargs -n 1 ps -o comm= -p | grep -c '^git')"
check "the registry in force stays, as the folder has less" login kind
lab_meetmed_end pop
lab_wait 10 lab_gone "$(cat $ROOT/meetmed)"
lab_meetmed pop
check "the folder is in force after a start" login new
check_not "and nothing else" login kind
check_says "nothing is pulled" "no registry.url" pull
lab_maintainer kind 4242421001 $LAB/key-kind.pub
check "the folder is watched" lab_wait 15 login kind

# The clone's newest was in force before the folder was, and is judged anew.
sh "$LAB_TOP/tests/registry-generate.sh" $LAB/registry 60
lab_meetme pop reload
check "the folder has more than the clone" login kind
network <<-END
	registry:
	  url: $UP
END
lab_meetme pop reload
check_says "so the clone's state is refused" "objects in .* instead" pull
check_same "and not said to be in force" null "$(in_force)"
check_says "until it is forced" "new: " pull --force
check_same "then it is in force" "$good" "$(in_force)"
network </dev/null
lab_meetme pop reload
check "and the folder follows it again" lab_wait 15 folder_in_force

printf '<<<<<<< ours\n=======\norigin: AS1\n>>>>>>> theirs\n' \
	>>$LAB/registry/data/route/172.22.144.160_27
lab_maintainer late 4242421003 $LAB/key-new.pub
lab_meetme pop reload
check "a conflict in a folder's route is refused" \
	grep "marks of a merge conflict; the old one" $ROOT/log
check_says "and status says so" "marks of a merge conflict; the registry" \
	lab_meetme pop status
check_not "and what came with it" lab_run out ssh -p 4242 -i $LAB/key-new \
	-o IdentitiesOnly=yes -o BatchMode=yes late@pop.lab peer_list
finish
