#!/bin/sh
# The wizards, driven through a terminal by expect: wrong answers are asked
# again with what is wrong; what comes out is Established.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
ASN=4242421001

lab_outside out $ASN
lab_maintainer out $ASN $LAB/out/ssh/id_ed25519.pub
lab_pop pop
KEY=$(cat $LAB/out/wg.pub)

# dialogue: expect's commands on stdin. `see PATTERN` waits for a regular
# expression, `say TEXT` types a line.
dialogue() {
	{
		cat
		echo 'send "\025bye\r"'
		echo 'expect eof'
		echo 'exit [lindex [wait] 3]'
	} >$LAB/dialogue
	lab_run out env LC_ALL=C.UTF-8 TERM=xterm expect -c '
		set timeout 15
		set stty_init "rows 24 columns 90"
		proc see {pattern} {
			expect {
				-re $pattern { return }
				timeout { puts "\nNOT SEEN: $pattern"; exit 1 }
				eof { puts "\nENDED, NOT SEEN: $pattern"
					exit 1 }
			}
		}
		proc say {text} { send -- "$text\r" }
		spawn ssh -p 4242 out@pop.lab
		see "AS'$LAB_ASN'>"' -f $LAB/dialogue
}

create() {
	dialogue <<-END
		say peer_create
		see {AS number .$ASN.:}
		say 4294967296
		see {That is}
		see {AS number .$ASN.:}
		say {}
		see {public key:}
		say AAAA=
		see {That is}
		see {public key:}
		say {$KEY}
		see {Endpoint address .none.*:}
		say {not a name}
		see {That is}
		see {Endpoint address .none.*:}
		say 10.0.0.1
		see {Endpoint port:}
		say 65536
		see {That is}
		see {Endpoint port:}
		say 51820
		see {Link-local address .none.*:}
		say 2001:db8::1
		see {That is}
		see {Link-local address .none.*:}
		say {}
		see {Preshared key .no.:}
		say maybe
		see {That is}
		see {Preshared key .no.:}
		say yes
		see {MTU .1420.:}
		say {}
		see {Create it}
		say yes
		see {private}
		see {Endpoint address .10.0.0.1.:}
		say 2001:db8::1
		see {Create it}
		say yes
		see {Applied}
		see {AS$LAB_ASN>}
	END
}

edit() {
	dialogue <<-END
		send "peer_e\t"
		see {dit}
		say {}
		see {public key .*:}
		say {}
		see {Endpoint address .2001:db8::1.:}
		say {}
		see {Endpoint port .51820.:}
		say {}
		see {Link-local address .*:}
		say {}
		see {Preshared key .yes.:}
		say {}
		see {MTU .1420.:}
		say 1400
		see {Change it}
		say yes
		see {Applied}
		see {AS$LAB_ASN>}
		send "\033\[A"
		see {peer_edit}
		send "\025"
		say peer_list
		see {$ASN}
		see {AS$LAB_ASN>}
	END
}

give_up() {
	dialogue <<-END
		say peer_edit
		see {public key .*:}
		send "\003"
		see {nothing was changed}
		see {AS$LAB_ASN>}
		say peer_remove
		see {\?}
		say no
		see {AS$LAB_ASN>}
	END
}

remove() {
	dialogue <<-END
		say peer_remove
		see {\?}
		say yes
		see {AS$LAB_ASN>}
		say peer_list
		see {AS$LAB_ASN>}
	END
}

check "peer_create by the wizard" create
check "peer_config applied" lab_apply out out $ASN
check "Established" lab_wait 30 lab_established out
check "ping over IPv4" lab_wait 10 lab_ping out 172.20.1.1 172.22.144.161
check "ping over IPv6" lab_wait 10 lab_ping out fd42:1::1 fd28:7515:7d51:a::1
check "peer_edit by the wizard, with completion and history" edit
check_says "the change is on the POP" "mtu 1400" \
	lab_run pop ip link show wg-as$ASN
check "still Established" lab_established out
before=$(peerings lab_ssh out out)
check "Ctrl-C and no give up" give_up
check_same "and change nothing" "$before" "$(peerings lab_ssh out out)"
check "peer_remove asks" remove
check_not "and removes" lab_run pop ip link show wg-as$ASN
finish
