#!/bin/sh
# Registry text that is meant for a terminal, a format, a shell or a parser:
# whatever it holds, nothing but printable ASCII comes out, nothing outside of
# the folder is read, nothing waits, and the good objects beside it stand.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
DATA=$LAB/registry/data
UP=$LAB/upstream

# texts: what each hostile name and value is made of, one a line, for printf.
texts() {
	cat <<-'END'
		\033[2JEVIL
		\033]0;EVIL\007
		\302\233EVIL
		\233EVIL
		\342\200\256EVIL
		\302\240EVIL
		\rEVIL\010\010
		%%n%%s%%n%%99999dEVIL
		$(touch EVIL)
		`touch EVIL`
		;touch EVIL
		'"EVIL
		\\x1b[2JEVIL
		-rf
		--help
		EVIL\177
	END
	printf 'EVIL%0250d\n' 0
}

# names: the same, as names of files.
names() {
	texts | while IFS= read -r text; do
		name=$(printf -- "$text." | tr / _)
		name=${name%.}
		"$@"
	done
}

# object CLASS FILE [LINE]: an object of which every value is hostile but that
# of its key, and those of the line.
object() {
	printf '%s: %s\n%s\n' "$1" "$2" "${3:-}" |
		cat - $LAB/values >"$DATA/$1/$2"
}

values() {
	texts | while IFS= read -r text; do
		for key in as-name descr remarks admin-c mnt-by origin \
			max-length auth 'evil\033[2Jkey'; do
			printf -- "$key: $text\n+$text\n"
		done
	done
	printf 'remarks: \0EVIL\n'
}

polluted() {
	object $class "$name"
}

# pollute: hostile names with hostile values in each folder, and what is no
# file, or no end of one.
pollute() {
	mkdir -p $DATA/person $DATA/as-set
	values >$LAB/values
	for class in mntner aut-num route route6 person as-set; do
		names polluted
		object $class "$(printf 'new\nline')"
		mkfifo "$DATA/$class/FIFO-MNT"
		mkdir "$DATA/$class/FOLDER-MNT"
		ln -s /etc/shadow "$DATA/$class/LINK-MNT"
		ln -s LOOP-MNT "$DATA/$class/LOOP-MNT"
		ln -s /dev/zero "$DATA/$class/ZERO-MNT"
		truncate -s 4G "$DATA/$class/HUGE-MNT"
	done
	object mntner EVIL-MNT "auth: $(cat $LAB/evil.pub)"
	object aut-num AS4242421002 "mnt-by: EVIL-MNT"
	object route 10.66.0.0_16 "origin: AS1"
	for n in '' 6; do
		texts | while IFS= read -r text; do
			printf -- "$text permit 10.0.0.0/8 15 24\n"
			printf "1 $text 10.0.0.0/8 15 24 # $text\n"
		done >>$DATA/filter$n.txt
	done
}

# plain FILE...: the files have printable ASCII, newlines and, as we indent
# with them, tabs alone.
plain() {
	! cat "$@" | LC_ALL=C tr -d '\t\n -~' | od -c | grep -v '^0000000$'
}

# hears WHAT CMD...: what CMD says, in $LAB/out.txt, is plain, and it ends.
hears() {
	hears_what=$1
	shift
	"$@" >$LAB/out.txt 2>&1 </dev/null
	check_not "$hears_what: it ends" test $? -ge 124
	check "$hears_what: it says something" test -s $LAB/out.txt
	check "$hears_what: plain" plain $LAB/out.txt
}

registry() {
	timeout 10 meetme registry --registry $LAB/registry "$@"
}

roa() {
	timeout 10 meetme roa --registry $LAB/registry "$@"
}

# as NAME COMMAND...: over SSH, with the key of that name.
as() {
	as_name=$1
	shift
	timeout 10 nsenter -t "$(lab_pid out)" --mount --root --net --uts -- \
		ssh -p 4242 -i $LAB/$as_name -o IdentitiesOnly=yes \
		"$as_name@pop.lab" "$@"
}

# whois_all: every name that lies in the folder, and some that do not.
whois_all() {
	for name in $DATA/*/* $DATA/*; do
		registry whois -- "${name##*/}"
	done
	for name in /etc/passwd ../../etc/passwd ../mntner/GOOD-MNT . .. '' \
		'*' "$(printf '\033[2J')"; do
		registry whois -- "$name"
	done
	true
}

# users_all: whether they are users.
users_all() {
	names registry_of keys
	names registry_of asns
	true
}

registry_of() {
	registry "$1" -- "$name"
}

# stored: all that the POP's files hold.
stored() {
	cat $LAB/pop/log
	for db in $LAB/pop/var/lib/meetme/*.db; do
		sqlite3 "$db" .dump
	done
	find $LAB/pop/etc/bird/meetme -type f -exec cat {} +
	lab_meetme pop status
	lab_meetme pop status --json
	lab_meetme pop events
	lab_meetme pop events --json
	lab_meetme pop peer_list
}

for name in good evil; do
	ssh-keygen -q -t ed25519 -N '' -f $LAB/$name \
		-C "$(printf 'a\033[2JEVIL')"
done
sh "$LAB_TOP/tests/registry-generate.sh" $LAB/registry 30
lab_host out
lab_maintainer good 4242421001 $LAB/good.pub
roa >$LAB/roa.before
pollute

cd $LAB || exit 1
hears "keys of a hostile object" registry keys evil
check_same "its one key is there" 1 "$(grep -c '^ssh-ed25519 ' out.txt)"
hears "its AS numbers" registry asns evil
check_same "it is the one that names it" 4242421002 "$(cat out.txt)"
hears "keys of a good one" registry keys good
hears "users with hostile names" users_all
hears "a whois of every name" whois_all
check "it shows text without its escapes" \
	grep -q '^descr: ?\[2JEVIL$' out.txt
check_not "nothing of /etc is shown" grep -q '^root:' out.txt
hears "a whois of a hostile object" registry whois EVIL-MNT
for format in bird2 bird1 json; do
	hears "roa as $format" roa --format $format
done
roa 2>/dev/null >roa.after
check "the ROAs are those of the good objects" diff roa.before roa.after
check_same "no shell has seen a name" "" "$(find . -name EVIL)"

# A POP that lives with it.
lab_pop pop
check "a good maintainer logs in" as good peer_list
echo bye | as evil -tt >screen 2>&1
check "so does the hostile one" grep -q EVIL-MNT screen
check_same "it sees no more of itself than its name" "" \
	"$(sed 's/EVIL-MNT//g' screen | grep -a EVIL)"
check "it makes a peering" as evil peer_create \
	--key "$(wg genkey | wg pubkey)"
hears "log, store, BIRD's files and screens" stored
check_same "none has a hostile value" "" \
	"$(sed 's/EVIL-MNT//g' out.txt | grep EVIL)"

# From git, where a conflict in a hostile file is reported with its name.
mkdir $UP
cp -r --sparse=always $LAB/registry/data $UP
find $UP -name 'HUGE-*' -delete -o -name 'FIFO-*' -delete
git init -q $UP
commit() {
	git -C $UP add -A && git -C $UP -c user.name=lab \
		-c user.email=lab@lab.invalid commit -q -m "$1"
}
commit "$(printf '\033[2JEVIL')"
printf 'registry:\n  url: %s\n' $UP >>$LAB/pop/etc/meetme/network.yaml
check "a registry from git" lab_meetme pop reload
hears "a pull" lab_meetme pop registry pull
check_says "it is in force" 'commit' cat out.txt
check_same "links came as files" 0 \
	"$(find $LAB/pop/var/lib/meetme/sync/current/data/ -type l | wc -l)"
check "the good one still logs in" as good peer_list
in_conflict() {
	printf '<<<<<<< \033[2JEVIL\n' >>"$UP/data/route/$name"
}
names in_conflict
commit conflict
hears "a pull with a conflict" lab_meetme pop registry pull
check_says "is refused" 'conflict marker' cat out.txt
hears "log and store after it" stored

# Where files should be.
for n in filter.txt filter6.txt; do
	mv $DATA/$n $LAB/$n
	mkfifo $DATA/$n
	hears "a FIFO as $n" roa
	rm $DATA/$n
	mkdir $DATA/$n
	hears "a folder as $n" roa
	rmdir $DATA/$n
	truncate -s 4G $DATA/$n
	hears "4 GB as $n" roa
	mv $LAB/$n $DATA/$n
done
for class in mntner aut-num route route6; do
	mv $DATA/$class $LAB/away
	mkfifo $DATA/$class
	hears "a FIFO as $class" roa
	hears "a FIFO as $class: keys" registry keys good
	rm $DATA/$class
	mv $LAB/away $DATA/$class
done
finish
