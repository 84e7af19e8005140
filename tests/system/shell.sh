#!/bin/sh
# The shell beside its wizards: exit statuses, JSON, scripts on standard input,
# screens of several widths and terminals, a window that changes, hostile text.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001
ESC=$(printf '\033')

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_pop pop
KEY=$(cat $LAB/out/wg.pub)
printf '\342\226\210\342\226\221 motd \303\251 %s[2J\n' "$ESC" \
	>$LAB/pop/etc/meetme/motd
lab_meetme pop reload >/dev/null

# status WANT COMMAND...: what a visitor's command exits with.
status() {
	want=$1
	shift
	lab_ssh out out "$@" >$LAB/stdout 2>$LAB/stderr </dev/null
	got=$?
	check_same "$* exits with $want" "$want" "$got"
}

status 0 help
status 0 peer_list
status 64 nonsense
status 64 peer_create
status 64 peer_list --bogus
status 64 peer_create --key "$KEY" --endpoint 2001:db8::1
status 1 peer_create --key "$KEY" --endpoint 2001:db8::1 --port 0
check_same "a complaint goes to standard error" "" "$(cat $LAB/stdout)"
check_says "and names the field" "^port: " cat $LAB/stderr
status 1 peer_config
status 1 peer_create --key nonsense --json
check_same "--json: an error is JSON on standard output" key \
	"$(jq -r .error.field $LAB/stdout)"
check_same "--json: standard error is empty" "" "$(cat $LAB/stderr)"
status 0 peer_create "--key=$KEY" --endpoint=2001:db8::1 --port=51820 --json
check_same "--json: the answer" $ASN "$(jq .peering.asn $LAB/stdout)"
check_same "--json: the seconds it took" true \
	"$(jq '.seconds > 0 and .seconds < 5' $LAB/stdout)"
status 1 peer_create --key "$KEY"
status 64 peer_remove
status 0 peer_status AS$ASN
status 0 peer_edit $ASN --mtu 1400
status 1 peer_edit --mtu 1500
check_same "peer_config --json has the file of --wg-quick" \
	"$(lab_ssh out out peer_config --json | jq -r .wg_quick)" \
	"$(lab_ssh out out peer_config --wg-quick)"
lab_ssh out out peer_status >$LAB/stdout
check_not "peer_status shows no whole key" grep -qF "$KEY" $LAB/stdout
check_says "but its beginning" "peer: ...[*]+=" cat $LAB/stdout

# A script of commands, without a terminal.
script() {
	printf 'peer_list --json\n\n  help peer_list\r\npeer_list "\n%s\n' \
		"peer_edit --mtu 1${ESC}[31m" | lab_ssh out out
}
check_says "a script runs line by line" "list your existing" script
check_says "a quote that does not end is refused" "quote is not closed" script
check_says "an escape sequence is refused" "control character .0x1b." script
check_same "the script's status is its last command's" 64 \
	"$(script >/dev/null 2>&1; echo $?)"
script >$LAB/script 2>&1
check_not "without a terminal nothing is coloured" grep -q "$ESC" $LAB/script

# screen COLUMNS TERM LOCALE: expect's commands on stdin are typed.
screen() {
	{
		cat
		echo 'send "\025bye\r"'
		echo 'expect eof'
		echo 'exit [lindex [wait] 3]'
	} >$LAB/dialogue
	lab_run out env LC_ALL="$3" TERM="$2" expect -c '
		set timeout 15
		set stty_init "rows 50 columns '"$1"'"
		proc see {pattern} {
			expect {
				-re $pattern { return }
				timeout { puts "\nNOT SEEN: $pattern"; exit 1 }
				eof { puts "\nENDED, NOT SEEN: $pattern"
					exit 1 }
			}
		}
		spawn ssh -o "SendEnv LC_ALL" -p 4242 out@pop.lab
		see "AS'$LAB_ASN'>"' -f $LAB/dialogue
}

# widest: columns of the longest line on stdin, without escape sequences.
widest() {
	sed "s/$ESC\[[0-9;]*[A-Za-z]//g" | tr -d '\r' | LC_ALL=C.UTF-8 wc -L
}

for width in 40 80 200; do
	screen $width xterm C.UTF-8 <<-END >$LAB/screen
		send "peer_list\r"
		see {$ASN.*AS$LAB_ASN>}
	END
	check_same "$width columns: status" 0 $?
	n=$(sed -n '/peer_list/,/bye/p' $LAB/screen | widest)
	check "$width columns: no line is wider than $width: $n" \
		[ "$n" -le $width ]
	check "$width columns: boxes" grep -q '━━━━.*┓' $LAB/screen
done
check "colours" grep -qF "$ESC[1;36m" $LAB/screen
check "the motd is printed as it is" grep -q '█░ motd é ?\[2J' $LAB/screen
check_says "the welcome" "Welcome to .*Lab Network .AS$LAB_ASN." \
	cat $LAB/screen
check_says "the farewell" "See You, Space Cowboy!" cat $LAB/screen

for term in dumb vt100; do
	screen 80 $term C.UTF-8 <<-END >$LAB/screen
		send "peer_list\r"
		see {$ASN.*AS$LAB_ASN>}
	END
	check_says "TERM=$term: plain boxes" '^[+]-----' cat $LAB/screen
	check_not "TERM=$term: no colours" grep -q "$ESC\[[0-9;]*m" $LAB/screen
done
screen 80 xterm C <<-END >$LAB/screen
	send "peer_list\r"
	see {$ASN.*AS$LAB_ASN>}
END
check_says "another character set: plain boxes" '^[+]-----' cat $LAB/screen

resize() {
	screen 80 xterm C.UTF-8 <<-'END'
		foreach {c r} {5 2  1 1  0 0  200 50  3 40  30 1  80 24} {
			send "help peer_create and a line that is to be folded "
			stty rows $r columns $c < $spawn_out(slave,name)
			after 100
			send "more of it"
			after 50
		}
		send "\025help\r"
		see {Documented commands}
	END
}
check "a window that changes while a line is typed" resize

keys() {
	screen 80 xterm C.UTF-8 <<-END
		send "\303\274\377\001\005\013\037\033\[Z\033OZ\020\016\025"
		send "help peer_l\t\r"
		see {list your existing}
		send "peer_\t\t"
		see {peer_config  peer_create  peer_edit}
		send "\003"
		send "peer_status \t\r"
		see {AS$ASN}
		send "\033\[A\003"
		see {AS$LAB_ASN>}
		send "[string repeat x 5000]\r"
		see {longer than 4096 bytes}
	END
}
check "keys, completion, interrupts, a line that is too long" keys

end() {
	lab_run out env TERM=xterm expect -c '
		set timeout 15
		spawn ssh -p 4242 out@pop.lab
		expect "AS'$LAB_ASN'>"
		send "\004"
		expect "See You, Space Cowboy!" {} timeout { exit 1 }
		expect eof
		exit [lindex [wait] 3]'
}
check "Ctrl-D ends with 0" end

check_same "the operator's exit status" 64 \
	"$(lab_meetme pop peer_list --bogus >/dev/null 2>&1; echo $?)"
check_says "the operator's events" "peer_create" lab_meetme pop events
check_same "the operator's events as JSON" reload \
	"$(lab_meetme pop events --json | jq -r '.events[].what' | grep reload)"
lab_ssh out out peer_remove --yes >$LAB/stdout
check_says "peer_remove --yes" "^Removed in " cat $LAB/stdout
finish
