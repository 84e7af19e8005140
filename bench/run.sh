#!/bin/sh
# bench/run.sh: `make bench`. Prints each figure that the project promises,
# what was promised or compared with, and the ratio. Uses the registry beside
# the project (shared/registry) where it is found.
. "$(dirname "$0")/../lab/lab.sh"
cd "$LAB_TOP" || exit 1
. bench/figure.sh
. bench/render.sh
. bench/links.sh
. bench/pull.sh
BENCH=$LAB_TOP/build/release/bench
APPLY=$LAB_BUILD/tests/tools/agent_apply
N=100
BASE=4242421000
PROMPT="AS$LAB_ASN>"

# roles: the ids of all of meetmed's processes on the POP.
roles() {
	lab_tree "$(cat $LAB/pop/meetmed)"
}

# pss PID...: their proportional set size together, in MB.
pss() {
	for p; do cat "/proc/$p/smaps_rollup"; done 2>/dev/null |
		awk '$1 == "Pss:" { n += $2 } END { print n / 1024 }'
}

operator_create() {
	lab_meetme pop peer_create --asn "$1" --key "$(wg genkey | wg pubkey)" \
		--json
}

setup() {
	lab_outside out $BASE
	registry=${SHARED:-$LAB_TOP/..}/shared/registry/registry.tar.xz
	if [ -e "$registry" ]; then
		tar -xJf "$registry" -C $LAB
	else
		echo "(no shared/registry here: a registry of one maintainer)"
	fi
	lab_maintainer out $BASE $LAB/out/ssh/id_ed25519.pub
	lab_host other
	lab_pop pop
}

bench_memory() {
	figure "all roles, registry loaded (PSS)" "$(pss $(roles))" MB 16 \
		"at most"
}

bench_login() {
	ours=$(lab_run out $BENCH/sessions 15 "$PROMPT" $SSH -p 4242 \
		out@pop.lab)
	sshd_start
	theirs=$(lab_run out $BENCH/sessions 15 "bench> " $SSH -p 2222 \
		root@pop.lab)
	figure "SSH login to the first prompt" "$ours" ms "$theirs" \
		"OpenSSH's sshd"
}

# sshd_start: OpenSSH on the POP, with the same kinds of key; a bare shell
# that shows its prompt at once.
sshd_start() {
	sed 's|^root:.*|root:x:0:0:root:/:/bin/sh|' /etc/passwd >$LAB/passwd
	lab_run pop mount --bind $LAB/passwd /etc/passwd
	ssh-keygen -q -t ed25519 -N '' -f $LAB/sshd_key
	cp $LAB/out/ssh/id_ed25519.pub $LAB/authorized
	cat >$LAB/sshd_config <<-END
		Port 2222
		HostKey $LAB/sshd_key
		AuthorizedKeysFile $LAB/authorized
		StrictModes no
		UsePAM no
		PermitRootLogin yes
		PrintMotd no
		PrintLastLog no
		ForceCommand PS1="bench> " exec sh -i
	END
	(lab_exec pop /usr/sbin/sshd -D -f $LAB/sshd_config) &
	sshd=$!
	lab_wait 10 sshd_listens
}

sshd_listens() {
	lab_run pop ss -Hltn 'sport = :2222' | grep -q .
}

bench_sessions() {
	before=$(pss $(roles))
	mkfifo $LAB/hold
	(lab_exec out $BENCH/sessions -a 200 "$PROMPT" $SSH -p 4242 \
		out@pop.lab <$LAB/hold >$LAB/held) &
	held=$!
	exec 9>$LAB/hold
	if lab_wait 60 test -s $LAB/held; then
		figure "200 sessions opened and answered" "$(cat $LAB/held)" \
			ms 0 "all at once"
		figure "memory of each (PSS)" "$(echo "$(pss $(roles)) $before" |
			awk '{ print ($1 - $2) / 200 }')" MB 4 "at most"
	else
		echo "200 sessions at once: NOT held"
	fi
	exec 9>&-
	wait $held
}

bench_silent() {
	alone=$(lab_run other $BENCH/sessions 15 "$PROMPT" $SSH -p 4242 \
		out@pop.lab)
	mkfifo $LAB/mute
	(lab_exec out $BENCH/silent 200 pop.lab 4242 <$LAB/mute \
		>$LAB/silent) &
	mute=$!
	exec 9>$LAB/mute
	lab_wait 30 test -s $LAB/silent
	beside=$(lab_run other $BENCH/sessions 15 "$PROMPT" $SSH -p 4242 \
		out@pop.lab)
	exec 9>&-
	wait $mute
	figure "login beside 200 silent connections" "$beside" ms "$alone" \
		"without them; at most 1.5"
}

bench_create() {
	for i in $(seq $N); do
		operator_create $((BASE + i)) >/dev/null
	done
	for i in $(seq 21); do
		operator_create $((BASE + N + 1)) | jq .seconds
		lab_meetme pop peer_remove --asn $((BASE + N + 1)) --yes \
			>/dev/null
	done >$LAB/times
	figure "peer_create to applied, beside $N peerings" \
		"$(median <$LAB/times | awk '{ print $1 * 1000 }')" ms 50 \
		"at most"
}

create_out() {
	lab_ssh out out peer_create --key "$(cat $LAB/out/wg.pub)" \
		--endpoint 2001:db8::1 --port 51820 >/dev/null
}

# The other side is configured already, and waits.
bench_established() {
	create_out
	lab_apply out out $BASE
	lab_wait 30 lab_established out
	for i in $(seq 9); do
		lab_ssh out out peer_remove --yes >/dev/null
		lab_run out birdc restart all >/dev/null
		begun=$(now_ms)
		create_out
		lab_wait 30 lab_established out
		echo $(($(now_ms) - begun))
	done >$LAB/times
	figure "peer_create by ssh to Established" \
		"$(median <$LAB/times)" ms 1500 "at most"
}

# The agent alone, on a host with $N peerings of its own.
bench_idle() {
	lab_host idle
	lab_run idle "$APPLY" --no-bird --host 2001:db8::7 $N \
		>$LAB/idle/log 2>&1
	sleep 5 # a hundred wireguard-go have just begun
	figure "a converge that changes nothing, $N peerings" \
		"$(lab_run idle "$APPLY" --no-bird --host 2001:db8::7 \
			--repeat 20 $N 2>/dev/null |
			sed -n 's/^median.* ms \([0-9.]*\).*/\1/p')" ms 10 \
		"at most; wireguard-go"
	links_end idle
}

# The index of maintainers and AS numbers, and what a login asks of it.
bench_registry() {
	$BENCH/registry $LAB/registry out
}

# roa_ms DIR: both families.
roa_ms() {
	$BENCH/command 21 $LAB/bin/meetme roa --registry "$1"
}

# The shared registry has 4,441 routes; where it is not, a synthetic one.
bench_roa() {
	routes=$LAB/registry
	if [ ! -e "$registry" ]; then
		routes=$LAB/routes
		tests/registry-generate.sh $routes 100 2220
	fi
	tests/registry-generate.sh $LAB/routes10 100 22205
	one=$(roa_ms $routes)
	figure "meetme roa, both families" "$one" ms 25 "at most"
	figure "of ten times as many routes" "$(roa_ms $LAB/routes10)" ms \
		"$(echo "$one" | awk '{ print $1 * 10 }')" "at most"
}

SSH="ssh -tt -i $LAB/out/ssh/id_ed25519 -o KexAlgorithms=curve25519-sha256"
SSH="$SSH -o HostKeyAlgorithms=ssh-ed25519 -o Ciphers=aes128-ctr"
if [ -z "${LAB_INSIDE:-}" ]; then
	make -s all tools bench-tools || exit 1
	bench_kernel
	sh bench/checks.sh
fi
lab_init "$@"
setup
bench_memory
bench_registry
bench_roa
bench_links
bench_idle
bench_render
bench_pull
bench_login
bench_silent
bench_sessions
# Last: from here on the POP has peerings that call where nobody is.
bench_create
bench_established
