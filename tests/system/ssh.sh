#!/bin/sh
# The SSH service as a terminal and as a pipe; what it refuses; and clients
# that mean no good.
make -s -C "$(dirname "$0")/../.." build/release/bench/silent \
	build/release/bench/sessions || exit 1
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
BENCH=$LAB_TOP/build/release/bench

lab_host out
lab_host loud
for host in out loud; do
	ssh-keygen -q -t ed25519 -N '' -f $LAB/$host/ssh/id_ed25519
done
lab_maintainer out 4242421001 $LAB/out/ssh/id_ed25519.pub
lab_pop pop

# ssh_out ARG...: stock ssh from "out", which never asks.
ssh_out() {
	lab_run out ssh -o BatchMode=yes -p 4242 "$@"
}

# role NAME: the processes of that role.
role() {
	for p in $(lab_tree "$(cat $LAB/pop/meetmed)"); do
		tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null |
			grep -q -e "--role $1 " && echo "$p"
	done
}

# gone: no session and no shell is left.
gone() {
	[ -z "$(role session)$(role shell)" ]
}

listener_fds() {
	ls "/proc/$(role listener)/fd" | wc -l
}

### pipes
status() {
	"$@" >$LAB/stdout 2>$LAB/stderr
	echo $?
}
check_same "a good command exits with 0" 0 \
	"$(status ssh_out out@pop.lab peer_list --json)"
check "and prints JSON" jq -e .peerings $LAB/stdout
check_same "an unknown command exits with 64" 64 \
	"$(status ssh_out out@pop.lab no_such_command)"
check_same "and is told of on standard error only" 0 \
	"$(wc -c <$LAB/stdout)"
check_same "a refused command exits with 1" 1 \
	"$(status ssh_out out@pop.lab peer_status --asn 4242429999)"
check_same "a command with an escape sequence exits with 64" 64 \
	"$(status ssh_out out@pop.lab "$(printf 'peer_list \033[31m')")"
check_same "a command of 4000 bytes exits with 64" 64 \
	"$(status ssh_out out@pop.lab "$(printf %04000d 0)")"
check_says "commands are read from a pipe" "no peering" \
	sh -c 'echo peer_list | nsenter -t "$(cat '$LAB'/out/pid)" --mount --root \
		--net ssh -o BatchMode=yes -p 4242 out@pop.lab'
head -c 5000000 /dev/zero | tr '\0' x | timeout 20 sh -c \
	'nsenter -t "$(cat '$LAB'/out/pid)" --mount --root --net \
		ssh -o BatchMode=yes -p 4242 out@pop.lab' >/dev/null 2>&1
check_not "a line of five megabytes comes to an end" [ $? -eq 124 ]
check "and leaves nothing behind" lab_wait 5 gone

### a terminal
mkfifo $LAB/typed
(lab_exec out script -qfc "stty rows 30 cols 90; \
	ssh -tt -p 4242 out@pop.lab" /dev/null <$LAB/typed >$LAB/screen) &
exec 8>$LAB/typed
prompt() {
	grep -q "AS$LAB_ASN>" $LAB/screen
}
check "a prompt appears" lab_wait 10 prompt
check_says "after the motd" "Welcome to the lab" cat $LAB/screen
shell=$(role shell) session=$(role session)
size() {
	stty -F "/proc/$shell/fd/0" size
}
check_same "the terminal's size is passed on" "30 90" "$(size)"
client=$(pgrep -f "^ssh -tt -p 4242 out@pop.lab")
stty -F "/proc/$client/fd/0" rows 41 cols 101
check "and so is its change" lab_wait 5 sh -c \
	"stty -F /proc/$shell/fd/0 size | grep -qx '41 101'"
for p in $session $shell; do
	check_says "process $p is in its sandbox" "Seccomp:.*2" \
		cat "/proc/$p/status"
	check_says "process $p has no rights of root" \
		"Uid:.64203.64203.64203.64203" cat "/proc/$p/status"
	check_says "process $p gains no rights" "NoNewPrivs:.*1" \
		cat "/proc/$p/status"
done
echo bye >&8
check "bye ends the session" lab_wait 5 gone
exec 8>&-

mkfifo $LAB/typed2
(lab_exec out script -qfc "ssh -tt -p 4242 out@pop.lab" /dev/null \
	<$LAB/typed2 >$LAB/screen) &
exec 8>$LAB/typed2
check "a second session has its prompt" lab_wait 10 prompt
kill -9 "$(pgrep -f "^ssh -tt -p 4242 out@pop.lab")"
check "a client that is killed leaves nothing behind" lab_wait 5 gone
exec 8>&-

check "a hundred that log in at once all have their prompts" \
	lab_run out "$BENCH/sessions" -a 100 "AS$LAB_ASN>" \
	ssh -tt -p 4242 out@pop.lab </dev/null
check "and all go again" lab_wait 10 gone

### what is refused
check_not "forwarding from the POP is refused" ssh_out \
	-o ExitOnForwardFailure=yes -R 9999:127.0.0.1:22 out@pop.lab peer_list
check_says "forwarding through the POP is refused" "forwarding failed" \
	ssh_out -W 127.0.0.1:22 out@pop.lab
check_says "subsystems are refused" "subsystem request failed" \
	ssh_out -s out@pop.lab sftp
check_says "X11 is refused" "X11 forwarding request failed" \
	env DISPLAY=:0 nsenter -t "$(lab_pid out)" --mount --root --net \
	ssh -X -o LogLevel=INFO -p 4242 out@pop.lab peer_list
ssh_out -M -S $LAB/mux -fN out@pop.lab
check "a connection has one session" ssh_out -S $LAB/mux out@pop.lab peer_list
check_says "and no second one" "refused" ssh_out -S $LAB/mux -o \
	ControlMaster=no out@pop.lab peer_list
ssh_out -S $LAB/mux -O exit out@pop.lab 2>/dev/null

### silent and broken clients
fds=$(listener_fds)
connect() {
	printf "$1" | lab_run loud busybox nc -w 1 192.0.2.3 4242
}
check "all is quiet" lab_wait 10 gone
for i in 1 2 3 4 5; do
	connect 'GET / HTTP/1.0\r\n\r\n'
	connect 'SSH-1.5-old\r\n'
	connect 'SSH-2.0-x\r\n\377\377\377\377\377\377\377\377'
	connect "SSH-2.0-$(printf '%05000d' 0)\r\n"
done >/dev/null 2>&1
check "connections that talk nonsense are gone" lab_wait 10 gone
mkfifo $LAB/hold
(lab_exec loud "$BENCH/silent" 400 192.0.2.3 4242 <$LAB/hold >$LAB/silent) &
exec 9>$LAB/hold
check "400 connections are made and say nothing" lab_wait 10 \
	grep -qx 400 $LAB/silent
check "a stranger from elsewhere logs in at once" timeout 5 nsenter -t "$(lab_pid out)" --mount --root --net ssh -o BatchMode=yes \
	-p 4242 out@pop.lab peer_list
check "no more than 256 wait for their login" \
	[ "$(role session | wc -l)" -le 256 ]
check "and none for longer than 30 seconds" lab_wait 35 gone
exec 9>&-
check_same "the listener has as many descriptors as before" "$fds" \
	"$(listener_fds)"

### another port
sed -i 's/\[::\]:4242/0.0.0.0:4243/' $LAB/pop/etc/meetme/network.yaml
check "the network file is read again" lab_meetme pop reload
check "a changed port is listened on without a restart" lab_wait 5 \
	lab_run out ssh -o BatchMode=yes -p 4243 out@192.0.2.3 peer_list
check_not "and the old one is not" ssh_out out@pop.lab peer_list
sed -i 's/^    id: 1/&\n    peering: false/' $LAB/pop/etc/meetme/network.yaml
check "a POP can be told to take no peerings" lab_meetme pop reload
check "then it listens nowhere" lab_wait 5 lab_run out \
	sh -c '! busybox nc -w 1 192.0.2.3 4243 </dev/null'
check "and goes on" lab_meetme pop status
sed -i '/^    peering: false/d' $LAB/pop/etc/meetme/network.yaml
check "it can be told to take them again" lab_meetme pop reload
check "and listens again" lab_wait 5 \
	lab_run out ssh -o BatchMode=yes -p 4243 out@192.0.2.3 peer_list
check_not "no session broke a rule, no sandbox was left" \
	grep -E "broke|signal" $LAB/pop/log
finish
