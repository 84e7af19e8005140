#!/bin/sh
# `meetme render`: a tree of all POPs' files, made to live in git.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
MEETME=$LAB_BUILD/meetme
SEED=$LAB_TOP/examples/full-mesh.yaml
T=$LAB/tree
S=$T/servers
export GIT_AUTHOR_NAME=op GIT_AUTHOR_EMAIL=op@example.net
export GIT_COMMITTER_NAME=op GIT_COMMITTER_EMAIL=op@example.net
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null

render() {
	"$MEETME" render -f "$@" -o $T
}

# files [DIR]: each file with its time and number, to see what was touched.
files() {
	(cd "${1:-$T}" && find . -path ./.git -prune -o ! -type d \
		-printf '%p %T@ %i\n' | sort)
}

# names DIR: the files' names.
names() {
	(cd "$1" && find . -path ./.git -prune -o ! -type d -print | sort)
}

# exits STATUS CMD...: CMD ends with that status.
exits() {
	want=$1
	shift
	"$@"
	[ $? -eq "$want" ]
}

# git_in ARG...: git, in the tree.
git_in() {
	git -C $T "$@"
}

# with_fifth: the seed's network and one POP more.
with_fifth() {
	cat $SEED
	cat <<-'END'
		  - name: de-fra1
		    id: 5
		    endpoint: de-fra1.flap42.eu
		    public_key: "vXDsVwj7cGNDFWMl5wmGZD1jMqNFGdsXTEV2CUfM1y4="
		    ipv6: "fd28:7515:7d51:e::1/64"
	END
}

# without_last: the seed's network without its last POP.
without_last() {
	sed '/name: pl-waw1/,$d' $SEED
}

# The seed's table, value by value.
check_pops() {
	check_same "meetme pops" "$(cat <<-'END'
		nl-ams1 fd28:7515:7d51:a::/64 fd28:7515:7d51:a::1 172.22.144.160/29 172.22.144.161
		nl-ams2 fd28:7515:7d51:b::/64 fd28:7515:7d51:b::1 172.22.144.168/29 172.22.144.169
		fr-par1 fd28:7515:7d51:c::/64 fd28:7515:7d51:c::1 172.22.144.176/29 172.22.144.177
		pl-waw1 fd28:7515:7d51:d::/64 fd28:7515:7d51:d::1 172.22.144.184/29 172.22.144.185
	END
	)" "$("$MEETME" pops -f $SEED | tr -d '|' | awk '/:/ { $1 = $1; print }')"
	check_same "with its headings" \
		"Hostname IPv6 Network IPv6 Gateway IPv4 Network IPv4 Gateway" \
		"$("$MEETME" pops -f $SEED | tr -d '|' |
			awk '/Hostname/ { $1 = $1; print }')"
	check_same "as JSON" '"pl-waw1" 4 "172.22.144.184/29" "172.22.144.185"' \
		"$("$MEETME" pops -f $SEED --json | jq -j '.[3] | (.name | tojson),
			" ", .id, " ", (.ipv4_network | tojson), " ",
			(.ipv4_gateway | tojson)')"
	with_fifth >$LAB/five.yaml
	check_says "no IPv4 is a '-'" '7d51:e::1 *\| - *\| - ' \
		"$MEETME" pops -f $LAB/five.yaml
	check_same "and null" null \
		"$("$MEETME" pops -f $LAB/five.yaml --json |
			jq '.[4].ipv4_network')"
	check "of no file" exits 78 "$MEETME" pops -f $LAB/none.yaml
}

# The same data give the same bytes, by however many processes.
check_bytes() {
	check "the seed's network is rendered" render $SEED
	check "one folder for each POP" [ "$(ls $S)" = "$(printf '%s\n' \
		fr-par1 nl-ams1 nl-ams2 pl-waw1)" ]
	check_same "with the files of a POP" "$(printf './%s\n' \
		bird/meetme.conf sysctl.conf wireguard/wg-int-1.conf \
		wireguard/wg-int-2.conf wireguard/wg-int-4.conf)" \
		"$(names $S/fr-par1)"
	check "again elsewhere" "$MEETME" render -f $SEED -o $LAB/two
	check "gives the same bytes" diff -r $T $LAB/two
	sh $LAB_TOP/tests/network-generate.sh 20 >$LAB/20.yaml
	check "20 POPs" "$MEETME" render -f $LAB/20.yaml -o $LAB/many
	check "by one process" taskset -c 0 "$MEETME" render -f $LAB/20.yaml \
		-o $LAB/one
	check "give the same bytes" diff -r $LAB/many $LAB/one
	check_same "420 files" 420 "$(names $LAB/many/servers | wc -l)"
	check_same "each with the mark" "" \
		"$(find $S -type f ! -exec grep -q '^# meetme' {} \; -print)"
}

# Only what differs is touched, and what differs is a new file in its place.
check_untouched() {
	before=$(files)
	check_says "a second run writes nothing" \
		' 0 files written, 20 unchanged, 0 removed' render $SEED
	check_same "and touches nothing" "$before" "$(files)"
	changed=$S/nl-ams1/wireguard/wg-int-2.conf
	ln $changed $LAB/reader
	sed 's/nl-ams2.flap42.eu/ams2.flap42.eu/' $SEED >$LAB/changed.yaml
	check_says "an endpoint that changes is one file on three POPs" \
		' 3 files written, 17 unchanged, 0 removed' \
		render $LAB/changed.yaml
	check "the file is another one" [ ! $changed -ef $LAB/reader ]
	check "who has it open reads the old one" grep -q nl-ams2 $LAB/reader
	check "and goes back" render $SEED
	check "to the same bytes" diff -r $T $LAB/two
}

# A fifth POP: its own folder; on the others a link and an iBGP session.
check_fifth() {
	with_fifth >$LAB/five.yaml
	files | grep -v '/bird/meetme.conf ' >$LAB/before
	check_says "a fifth POP" ' 14 files written, 16 unchanged, 0 removed' \
		render $LAB/five.yaml
	files | grep -v -e /de-fra1/ -e '/wg-int-5.conf ' \
		-e '/bird/meetme.conf ' >$LAB/after
	check "changes nothing but links and sessions with it" \
		diff $LAB/before $LAB/after
	check_same "a link to it on each" 4 "$(names $S | grep -c wg-int-5)"
	check_says "without it" ' 4 files written, 16 unchanged, 10 removed' \
		render $SEED
	check "all is as before" diff -r $T $LAB/two
}

# What is not ours stays, and is in nobody's way but its own.
check_foreign() {
	echo notes >$S/README
	mkdir $S/common $S/nl-ams1/empty
	echo "router id 1.2.3.4;" >$S/common/bird.conf
	echo "# mine" >$S/nl-ams1/wireguard/wg-home.conf
	echo "# mine" >$S/pl-waw1/wireguard/wg-int-9.conf
	echo "# meetme" >$S/pl-waw1/wireguard/wg-int-8.conf
	: >$S/nl-ams1/bird/empty.conf
	ln -s /etc/passwd $S/nl-ams1/wireguard/link.conf
	check_says "only what has the mark goes" ' 20 unchanged, 1 removed' \
		render $SEED
	without_last >$LAB/three.yaml
	check "a POP leaves" render $LAB/three.yaml
	check_same "and what is not ours stays in its folder" \
		./wireguard/wg-int-9.conf "$(names $S/pl-waw1)"
	for f in README common/bird.conf nl-ams1/wireguard/wg-home.conf \
		nl-ams1/bird/empty.conf nl-ams1/wireguard/link.conf; do
		check "$f stays" [ -e $S/$f ]
	done
	check "an empty folder too" [ -d $S/nl-ams1/empty ]
	rm -r $S/README $S/common $S/pl-waw1 $S/nl-ams1/empty \
		$S/nl-ams1/wireguard/wg-home.conf $S/nl-ams1/bird/empty.conf \
		$S/nl-ams1/wireguard/link.conf
	check "the POP comes back" render $SEED
	check "as it was" diff -r $T $LAB/two
	rm $S/nl-ams1/wireguard/wg-int-3.conf
	render $LAB/three.yaml >/dev/null
	check "a folder of ours that is empty goes" [ ! -e $S/pl-waw1 ]
	check "back again" render $SEED
}

# in_the_way WHAT: something else is at a file's place.
in_the_way() {
	check "$1: the run fails" exits 1 render $SEED
	check_says "and says where" \
		'nl-ams1/wireguard/wg-int-2.conf: is not ours, and stays' \
		render $SEED
	check_same "all else is written" 3 \
		"$(names $S/nl-ams1 | grep -c -e wg-int-3 -e wg-int-4 -e sysctl)"
}

check_in_the_way() {
	file=$S/nl-ams1/wireguard/wg-int-2.conf
	echo "[Interface]" >$file
	rm $S/nl-ams1/wireguard/wg-int-3.conf
	in_the_way "somebody's file"
	check_same "and it stays" "[Interface]" "$(cat $file)"
	rm $file
	echo secret >$LAB/secret
	ln -s $LAB/secret $file
	in_the_way "a symbolic link"
	check_same "it is not followed" secret "$(cat $LAB/secret)"
	rm $file
	mkdir $file
	in_the_way "a folder"
	rmdir $file
	mkfifo $file
	in_the_way "a fifo"
	rm -r $file $S/nl-ams2
	mkdir $LAB/elsewhere
	ln -s $LAB/elsewhere $S/nl-ams2
	check_says "a link for a POP's folder is not followed" \
		'servers/nl-ams2: Not a directory' render $SEED
	check_same "and nothing is where it leads" "" "$(ls -A $LAB/elsewhere)"
	rm $S/nl-ams2
	ln -s $LAB/elsewhere $S/old-pop
	check "nor is one that no POP has" render $SEED
	check "it stays" [ -L $S/old-pop ]
	rm $S/old-pop
	check "all is well again" diff -r $T $LAB/two
}

# What a run that was killed left is cleared, and nobody waits for its lock.
check_unfinished() {
	mkdir -p $S/.meetme.nl-ams9/wireguard
	: >$S/.meetme.nl-ams9/wireguard/wg-int-1.conf
	echo half >$S/nl-ams1/wireguard/.meetme.
	check "after a run that was killed" render $SEED
	check "nothing of it is left" diff -r $T $LAB/two
	check_says "two at a time are one too many" 'another meetme' \
		flock $S "$MEETME" render -f $SEED -o $T
	check_killed
}

# Its processes, one for each CPU, end with the one that is killed.
check_killed() {
	sh $LAB_TOP/tests/network-generate.sh 200 >$LAB/200.yaml
	"$MEETME" render -f $LAB/200.yaml -o $LAB/killed >$LAB/out 2>&1 &
	killed=$!
	check "a large network is on its way" lab_wait 10 \
		sh -c "ls $LAB/killed/servers | grep -q pop9"
	children=$(lab_tree $killed | sed 1d)
	kill -STOP $children 2>/dev/null # or they might be done too soon
	kill -KILL $killed
	check "killed, it writes no more" lab_wait 5 \
		flock -n $LAB/killed/servers true
	kill -CONT $children 2>/dev/null
	rm -r $LAB/killed
}

# --pop: one POP's folder, whatever the others are like.
check_pop() {
	rm -r $S
	check "--pop renders" render $SEED --pop fr-par1
	check_same "that POP alone" fr-par1 "$(ls $S)"
	check "as with all" diff -r $S/fr-par1 $LAB/two/servers/fr-par1
	check "with all" render $SEED
	before=$(files $S/pl-waw1)
	check "a network without the last one" render $LAB/three.yaml \
		--pop nl-ams1
	check_same "takes it from no one else" "$before" "$(files $S/pl-waw1)"
	check "but the link to it goes" [ ! -e $S/nl-ams1/wireguard/wg-int-4.conf ]
	check "a name that is none fails" exits 1 render $SEED --pop nobody
	check "and back" render $SEED
}

check_folders() {
	: >$LAB/file
	check_says "DIR that is a file" "$LAB/file: Not a directory" \
		"$MEETME" render -f $SEED -o $LAB/file
	check_says "DIR in nothing" "No such file" \
		"$MEETME" render -f $SEED -o $LAB/no/where
	mkdir $LAB/readonly $LAB/small
	mount -t tmpfs -o ro readonly $LAB/readonly
	check "DIR that cannot be written" exits 1 \
		"$MEETME" render -f $SEED -o $LAB/readonly
	check_says "says why" "$LAB/readonly/servers: Read-only file system" \
		"$MEETME" render -f $SEED -o $LAB/readonly
	mount -t tmpfs -o size=40k small $LAB/small
	check "a full disk" exits 1 "$MEETME" render -f $LAB/20.yaml \
		-o $LAB/small
	check_says "is told" 'No space left' "$MEETME" render \
		-f $LAB/20.yaml -o $LAB/small
	check_same "no half file is left, nor half a POP" "" "$(find $LAB/small \
		-size 0 -type f -o -name '.meetme.*')"
	umount $LAB/readonly $LAB/small
	mkdir $LAB/linked
	mkdir $LAB/link
	ln -s $LAB/linked $LAB/link/servers
	check "a link for servers/ is not followed" exits 1 \
		"$MEETME" render -f $SEED -o $LAB/link
	check_same "nothing is written there" "" "$(ls -A $LAB/linked)"
	check "usage: -o is needed" exits 64 "$MEETME" render -f $SEED
	check "usage: --running with -f" exits 64 render $SEED --running
	check "usage: a word too many" exits 64 render $SEED servers
	check "no daemon" exits 69 "$MEETME" --root $LAB/none render \
		--running -o $T
	check "no network file" exits 78 render $LAB/none.yaml
}

# No secret of any POP is in what goes to git.
check_secrets() {
	"$MEETME" init --asn 4242420001 --name Test --prefix fd01:1::/48 \
		--endpoint pop.example.net -o $LAB/init >/dev/null
	check "what init wrote is rendered" "$MEETME" render \
		-f $LAB/init/network.yaml -o $LAB/mine
	check_not "the private key is not in it" \
		grep -rqF "$(cat $LAB/init/wg.key)" $LAB/mine
	check_not "nor any" grep -rEq \
		'(PrivateKey|PresharedKey) *= *[A-Za-z0-9+/]{43}=' $LAB/mine $T
}

# bad_network: a file that breaks each rule of the mesh.
bad_network() {
	cat <<-'END'
		network:
		  name: Bad
		  asn: 4242420001
		  prefixes: [172.20.0.0/24, "fd01:1::1/48"]
		mesh:
		  topology: hubs
		  hubs: [one, nobody]
		  mtu: 1500
		pops:
		  - name: one
		    id: 1
		    endpoint: one.example.net
		    public_key: "HVvVaDDzEDHXlMl2QRgBS5nKCq0dXtuS5c5kmGpZ8Ws="
		    ipv4: 172.20.0.1/29
		  - name: much-too-long
		    id: 1001
		    endpoint: two.example.net
		    public_key: "C3Wlu6y+v84FN/vreuTqL6r5wEtGTMXX5rKgHkxDa="
		    ipv4: 172.20.0.5/28
		  - name: three
		    id: 1
		    ipv4: 172.20.1.1/29
		  - name: four
		    id: 4
		    endpoint: four.example.net
		    public_key: "HVvVaDDzEDHXlMl2QRgBS5nKCq0dXtuS5c5kmGpZ8Ws="
		    ipv4: 172.20.0.65/29
	END
}

# problem LINE FIELD REASON: `check` and `render` both told it.
problem() {
	for out in check render; do
		grep -Eq "^$LAB/bad.yaml:$1: $2: .*$3" $LAB/$out || {
			not_ok "$out: $2, line $1: $3"
			return
		}
	done
	ok "$2, line $1: $3"
}

# All that is wrong with a file is told at once, and nothing is written.
check_bad() {
	bad_network >$LAB/bad.yaml
	check "check refuses" exits 78 eval \
		'"$MEETME" check -f $LAB/bad.yaml 2>$LAB/check'
	before=$(files)
	check "render refuses" exits 78 eval \
		'render $LAB/bad.yaml 2>$LAB/render'
	check_same "nothing is written" "$before" "$(files)"
	check_not "nor made" eval '"$MEETME" render -f $LAB/bad.yaml \
		-o $LAB/new || [ -e $LAB/new ]'
	problem 4 'network.prefixes\[1\]' 'bits'
	problem 7 'mesh.hubs\[1\]' "'nobody' is no POP"
	problem 8 mesh.mtu '1500'
	problem 15 'pops\[1\].name' '1 to 12 of'
	problem 16 'pops\[1\].id' '1 to 1000'
	problem 18 'pops\[1\].public_key' 'a WireGuard public key has 44'
	problem 19 'pops\[1\].ipv4' 'overlaps'
	problem 20 'pops\[2\].endpoint' 'missing'
	problem 20 'pops\[2\].public_key' 'missing'
	problem 21 'pops\[2\].id' 'line 11'
	problem 22 'pops\[2\].ipv4' 'none of network.prefixes'
	problem 26 'pops\[3\].public_key' 'line 13'
	check_same "and that is all" 12 "$(($(wc -l <$LAB/check) - 1))"
}

clean() {
	[ -z "$(git_in status --porcelain -uall)" ]
}

check_commit() {
	rm -rf $T
	mkdir $T
	check_says "no repository" 'is in no git repository' render $SEED \
		--commit
	check_same "nothing is written" "" "$(find $T -type f)"
	git_in init -q -b main .
	check_says "the first commit" 'Committed as' render $SEED --commit
	check "the tree is clean" clean
	head=$(git_in rev-parse HEAD)
	check_says "a second run has nothing to commit" 'Nothing to commit' \
		render $SEED --commit
	check_same "and makes none" $head "$(git_in rev-parse HEAD)"
	render $LAB/three.yaml >/dev/null
	check_says "looked at first, committed then: a POP leaves" \
		'Committed as' render $LAB/three.yaml --commit
	check "the tree is clean" clean
	check_same "with the removals" 8 "$(git_in show --name-status \
		--format= --diff-filter=D | wc -l)"
	check "the others' files are those of a new tree" diff -r $S/nl-ams1 \
		$LAB/reference/servers/nl-ams1
	sed 's/fr-par1.flap42.eu/par1.flap42.eu/' $LAB/three.yaml \
		>$LAB/moved.yaml
	check_says "one POP" 'Committed as' render $LAB/moved.yaml \
		--pop nl-ams1 --commit
	check_same "one file" servers/nl-ams1/wireguard/wg-int-3.conf \
		"$(git_in show --name-only --format=)"
}

# What the operator has begun is the operator's to end.
check_operator() {
	mkdir -p $T/common $S/nl-ams2
	echo one >$T/common/bird.conf
	echo mine >$S/nl-ams2/NOTES
	echo gone >$T/gone
	git_in add . && git_in commit -q -m mine
	echo two >$T/common/bird.conf
	git_in add common
	echo three >$T/common/bird.conf
	echo more >>$S/nl-ams2/NOTES
	: >$S/nl-ams2/untracked
	rm $T/gone
	before=$(git_in status --porcelain -uall)
	check_says "with work under way" 'Committed as' render $SEED --commit
	check_same "the operator's work is as it was" "$before" \
		"$(git_in status --porcelain -uall)"
	check_same "what was staged too" two "$(git_in show :common/bird.conf)"
	check_not "nothing of it is committed" eval \
		'git_in show --name-only --format= | grep -v "^servers/.*conf$"'
	rm $S/nl-ams2/NOTES
	check_says "a file of the operator's that went" 'Nothing to commit' \
		render $SEED --commit
	git_in reset -q --hard
}

check_commit_fails() {
	printf '#!/bin/sh\nexit 1\n' >$T/.git/hooks/pre-commit
	chmod 755 $T/.git/hooks/pre-commit
	before=$(git_in rev-parse HEAD)
	check "a hook that refuses" exits 1 render $LAB/three.yaml --commit
	check_same "is obeyed" $before "$(git_in rev-parse HEAD)"
	check "nothing is staged" git_in diff --cached --quiet
	rm $T/.git/hooks/pre-commit
	echo "# mine" >$S/nl-ams1/wireguard/wg-int-2.conf
	check "somebody's file in the way" exits 1 render $SEED --commit
	check_same "is no commit" $before "$(git_in rev-parse HEAD)"
	rm $S/nl-ams1/wireguard/wg-int-2.conf
	git_in update-ref MERGE_HEAD HEAD
	check_says "nor is there one amid a merge" 'a merge is not finished' \
		render $SEED --commit
	git_in update-ref -d MERGE_HEAD
	check "afterwards" render $SEED --commit
	check_same "no file of its own is left" "" \
		"$(find $T/.git -name '*meetme*')"
}

# DIR somewhere in a repository, whose .gitignore is for other things.
check_subfolder() {
	mkdir $T/network
	echo '*.conf' >$T/.gitignore
	git_in add . && git_in commit -q -m ignore
	check_says "a subfolder of a repository" 'Committed as' "$MEETME" \
		render -f $SEED -o $T/network --commit
	check "the tree is clean" clean
	check_same "it has the whole" 20 \
		"$(git_in ls-files network/servers | wc -l)"
	check_same "and nothing else" 20 \
		"$(git_in show --name-only --format= | wc -l)"
}

# What the registry says is the same for all POPs, so it is there once.
check_registry() {
	R=$LAB/with/registry
	with() {
		with_registry=$1
		shift
		"$MEETME" render -f $SEED --registry "$with_registry" \
			-o $LAB/with "$@"
	}
	check_not "without --registry there is none" test -e $T/registry
	check_says "with one" '24 files written' with $LAB/registry
	check_same "it is four files" "$(printf './%s\n' networks4.conf \
		networks6.conf roa4.conf roa6.conf)" "$(names $R)"
	check "whose ROAs are those of meetme roa" sh -c '"$1" roa \
		--registry "$2" --family 6 | diff - "$3"/roa6.conf' sh \
		"$MEETME" $LAB/registry $R
	check_says "again" ' 0 files written, 24 unchanged, 0 removed' \
		with $LAB/registry
	check_says "without it they stay" ' 0 files written, 20 unchanged' \
		"$MEETME" render -f $SEED -o $LAB/with
	git -C $LAB/with init -q
	check_says "they are committed" 'Committed as' \
		with $LAB/registry --commit
	check_same "all" 24 "$(git -C $LAB/with ls-files | wc -l)"
	lab_route 4242421001 172.20.99.0/24
	check_says "one more" ' 1 file written, 23 unchanged' \
		with $LAB/registry --commit
	check_same "is a commit of one file" registry/roa4.conf \
		"$(git -C $LAB/with show --name-only --format=)"
	check_says "no registry" 'give the folder' with $LAB/none
	rm -rf $R && cp -r $LAB/registry $R
	check_says "nothing is put into a registry" 'is a registry itself' \
		with $LAB/registry
	check_same "not a file" data "$(ls $R)"
	check "usage: --running has its own" exits 64 "$MEETME" render \
		--running --registry $LAB/registry -o $LAB/with
}

# applied: the peering is.
applied() {
	lab_meetme pop status --json | jq -e '.peerings.applied == 1'
}

# This POP as the running meetmed has it: what the agent made of the plan, is
# what is rendered of it.
check_running() {
	lab_host two
	lab_keys two
	lab_maintainer two 4242421001 $LAB/two/ssh/id_ed25519.pub
	lab_pop pop
	lab_meetme pop peer_create --asn 4242421001 --psk \
		--key "$(cat $LAB/two/wg.pub)" >/dev/null
	lab_wait 20 applied >/dev/null
	check "--running" lab_meetme pop render --running -o $LAB/run
	check_same "this POP alone" pop "$(ls $LAB/run/servers)"
	check "with its peering" grep -q 'AS4242421001' \
		$LAB/run/servers/pop/wireguard/wg-as4242421001.conf
	check "BIRD has the same files" diff -r -x hooks -x registry \
		$LAB/pop/etc/bird/meetme $LAB/run/servers/pop/bird
	before=$(files $LAB/run)
	check_says "again" ' 0 files written, 4 unchanged, 0 removed' \
		lab_meetme pop render --running -o $LAB/run
	check_same "touches nothing" "$before" "$(files $LAB/run)"
	for key in "$(cat $LAB/pop/etc/meetme/wg.key)" "$(lab_run pop wg show \
		wg-as4242421001 preshared-keys | cut -f 2)"; do
		check "a key" [ ${#key} -eq 44 ]
		check_not "is not in it" grep -rqF "$key" $LAB/run
	done
	check_says "the file knows of no peering: its files stay" \
		' 0 files written, 2 unchanged, 0 removed' \
		lab_meetme pop render -o $LAB/run
	lab_meetme pop peer_remove --yes >/dev/null
	check_says "until it is gone" \
		' 0 files written, 2 unchanged, 2 removed' \
		lab_meetme pop render --running -o $LAB/run
}

check_pops
check_bytes
check_untouched
check_fifth
check_foreign
check_in_the_way
check_unfinished
check_pop
check_folders
check_secrets
check_bad
"$MEETME" render -f $LAB/three.yaml -o $LAB/reference >/dev/null
check_commit
check_operator
check_commit_fails
check_subfolder
check_registry
check_running
finish
