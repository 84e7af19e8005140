#!/bin/sh
# POPs from nothing: two fresh Debians of a network become its POPs, the one
# by the script, the other by the playbook, and find each other; what the
# other formats say is read by the programs that they are for.
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../machine.sh"
ME=$LAB_BUILD/meetme
DEB=$LAB_BUILD/meetme_$(cat "$LAB_TOP/VERSION")_$(dpkg --print-architecture).deb

if [ -z "${LAB_INSIDE:-}" ]; then
	unshare --net nft list tables >/dev/null 2>&1 ||
		skip "this kernel has no nftables"
	make -s -C "$LAB_TOP" package >/dev/null || lab_die "no package"
	# As a POP has them, and what ssh keys are given for.
	machine_cache bird2 wireguard-tools wireguard-go nftables git \
		ca-certificates openssh-client sudo "$DEB"
fi
lab_init "$@"
W=$LAB/w
mkdir $W

# network KEY-A KEY-B KEY-C: the network file.
network() {
	cat <<-END
		network:
		  name: Lab {{ Network }} \${HOME}
		  asn: 4242420263
		  prefixes: [172.22.144.160/27, "fd28:7515:7d51::/48"]
		peering:
		  motd: motd
		  ports: 52000
		pops:
		  - name: a
		    id: 1
		    endpoint: a.lab
		    public_key: "$1"
		    ipv4: 172.22.144.161/29
		    ipv6: "fd28:7515:7d51:a::1/64"
		  - name: b
		    id: 3
		    endpoint: b.lab
		    public_key: "$2"
		    ipv4: 172.22.144.169/29
		    ipv6: "fd28:7515:7d51:b::1/64"
		    peering: false
		  - name: c
		    id: 4
		    endpoint: c.lab
		    public_key: "$3"
		    ipv4: 172.22.144.177/29
		    ipv6: "fd28:7515:7d51:c::1/64"
	END
}

# provision POP OPTION...: on standard output, and nothing of the notes.
provision() {
	"$ME" provision -f $W/network.yaml "$@" 2>>$W/notes
}

# changed NAME: files of the machine that were written since the last call.
changed() {
	(cd "$LAB/$1/upper" && find etc var/cache/meetme root home usr \
		-type f -newer "$W/$1.stamp" 2>/dev/null)
	touch "$W/$1.stamp"
}

# comes_up NAME: what was installed starts, as at the next start of the machine.
comes_up() {
	check "$1: the firewall is loaded" machine_start "$1" nftables
	check "$1: BIRD starts" machine_start "$1" bird
	check "$1: meetmed starts" machine_start "$1" meetmed
	check "$1: meetmed answers" lab_wait 30 machine_run "$1" meetme status
}

# linked NAME: both links are up, and iBGP over them Established.
linked() {
	[ "$(machine_run "$1" meetme status --json | jq -c '
		[.links[].handshake | type], [.protocols[] |
			select(.name | startswith("ibgp_")) | .info]')" = \
		'["number","number"]
["Established","Established"]' ]
}

# let_in HOST PROTO PORT...: those of the ports, on which nothing may listen,
# where HOST's answer says so; where its firewall drops, there is none.
let_in() {
	lab_run out perl -MErrno -MIO::Socket::INET -e '
		my ($host, $proto, @ports) = @ARGV;
		my %s = map { $_ => IO::Socket::INET->new(Proto => $proto,
			PeerAddr => $host, PeerPort => $_,
			Blocking => 0) } @ports;
		if ($proto eq "udp") { $_->send("x") for values %s }
		sleep 1;
		print join(" ", grep {
			defined($s{$_}) && $s{$_}->sockopt(SO_ERROR) ==
				Errno::ECONNREFUSED } @ports), "\n"' "$@"
}

for key in other b.key c.key; do
	(umask 077 && wg genkey >$W/$key)
done
ssh-keygen -q -t ed25519 -N '' -f $W/ssh
printf 'Welcome.\n{{ motd }} ${HOME} %%{x}\nEND\n' >$W/motd
network "$(wg pubkey <$W/other)" "$(wg pubkey <$W/b.key)" \
	"$(wg pubkey <$W/c.key)" >$W/network.yaml
machine a
machine b
machine c
touch $W/a.stamp $W/b.stamp

# The script. The key is made there, and its public key goes into the file.
provision a --format script --meetme "$DEB" --ssh-key $W/ssh.pub >$W/a.sh
cp $W/a.sh $LAB/a/root/root/
check_not "a: without its public key in the file it does not start" \
	machine_run a sh /root/a.sh
key=$(printf '%s' "$test_out" | sed -n 's/^The public key of a is \(.*\): .*/\1/p')
check_same "a: it says which it is" \
	"$(wg pubkey <$LAB/a/root/etc/meetme/wg.key)" "$key"
network "$key" "$(wg pubkey <$W/b.key)" \
	"$(wg pubkey <$W/c.key)" >$W/network.yaml
provision a --format script --meetme "$DEB" --ssh-key $W/ssh.pub >$W/a.sh
cp $W/a.sh $LAB/a/root/root/
check "a: the script is run" machine_run a sh /root/a.sh
changed a >/dev/null
check_same "a: run again, it does nothing" "" "$(machine_run a sh /root/a.sh)"
check_same "a: ... and writes nothing" "" "$(changed a)"

# The playbook.
check "b: a playbook and an inventory" provision b --format ansible -o $W/b \
	--meetme "$DEB" --with-key $W/b.key
cp -r $W/b $LAB/b/root/root/
play() {
	machine_run b ansible-playbook -c local -i /root/b/inventory.yaml \
		/root/b/b.yaml
}
check_says "b: the playbook is run" 'ok=[0-9]+ +changed=[1-9].* failed=0' play
changed b >/dev/null
check_says "b: run again, it does nothing" 'changed=0 .* failed=0' play
check_same "b: ... and writes nothing" "" "$(changed b | grep -v /.ansible/)"
check_same "b: the inventory has all POPs" "a b c" "$(machine_run b \
	ansible-inventory -i /root/b/inventory.yaml --list |
	jq -r '.meetme_pops.hosts | join(" ")')"

# cloud-init, with the user data where a machine without a cloud finds it.
provision c --format cloud-init --meetme "$DEB" --with-key $W/c.key \
	>$W/user-data
seed=$LAB/c/root/var/lib/cloud/seed/nocloud
mkdir -p $seed
cp $W/user-data $seed/
echo 'instance-id: c' >$seed/meta-data
cat >$LAB/c/root/etc/cloud/cloud.cfg.d/99_test.cfg <<-END
	datasource_list: [NoCloud]
	network: {config: disabled}
	locale: false
	ssh_genkeytypes: [ed25519]
END
check_says "c: the user data passes cloud-init's schema" 'Valid' \
	machine_run c cloud-init schema \
	--config-file /var/lib/cloud/seed/nocloud/user-data
for stage in 'init --local' init 'modules --mode=config' \
	'modules --mode=final'; do
	# shellcheck disable=SC2086
	machine_run c cloud-init $stage >/dev/null 2>&1
done
check_same "c: cloud-init has done all of it, without an error" "done" \
	"$(jq -r 'if [.v1[] | objects | .errors[]] == [] then "done" else . end' \
		$LAB/c/root/run/cloud-init/status.json)"
for pop in a b c; do
	for file in network.yaml motd; do
		check "$pop: $file has all its bytes" \
			cmp $W/$file $LAB/$pop/root/etc/meetme/$file
	done
	comes_up $pop
done
for pop in a b c; do
	check "$pop: its links are up, and iBGP Established" \
		lab_wait 60 linked $pop
done
check "a: the operator may log in, and is root by sudo" machine_run a sh -c '
	[ "$(stat -c %U:%a ~ops/.ssh/authorized_keys)" = ops:600 ] &&
	cmp ~ops/.ssh/authorized_keys /etc/meetme/ssh_keys &&
	[ "$(su ops -c "sudo -n id -u")" = 0 ]'
check_same "b: the key is root's alone" "600 root" \
	"$(machine_run b stat -c '%a %U' /etc/meetme/wg.key)"

# The firewall, from outside; on the ports of links wireguard-go listens.
lab_host out
UDP="53 179 1024 4242 6696 50000 51800 51802 51805 52000 52001 56096 56097"
for pop in a b; do
	lab_run $pop sysctl -qw net.ipv4.icmp_ratelimit=0
	check "$pop: answers pings" lab_run out ping -qc 1 $pop.lab
done
# 4242 and 179 are the ones where something listens.
check_same "a: of TCP, SSH is let in" 22 \
	"$(let_in a.lab tcp 21 22 23 80 179 443 4241 4243 51803)"
check "a: visitors are let in" lab_run out ssh-keyscan -p 4242 a.lab
check_same "a: of UDP, the ports of peerings are let in" "52001 56096" \
	"$(let_in a.lab udp $UDP)"
check_same "b: where no visitor comes, SSH is let in" 22 \
	"$(let_in b.lab tcp 21 22 23 80 179 443 4241 4242 4243)"
check_same "b: and no UDP" "" "$(let_in b.lab udp $UDP)"

# Terraform: jq reads it. The user data is cloud-init's, where Terraform
# finds nothing to put in; the security groups have the firewall's ports.
HASH=$(sha256sum <"$DEB" | cut -d ' ' -f 1)
set -- --meetme https://meetme.example/meetme.deb --sha256 "$HASH"
provision a --format cloud-init "$@" >$W/cloud
for place in aws scaleway libvirt; do
	check "terraform on $place" provision a --format terraform \
		--place $place -o $W/$place "$@"
	jq -r .locals.user_data $W/$place/main.tf.json >$W/literal
	check_not "$place: nothing of it is a template" \
		grep -E '(^|[^$])(\$\$)*\$\{|(^|[^%])(%%)*%\{' $W/literal
	check_same "$place: the user data is cloud-init's" "$(cat $W/cloud)" \
		"$(sed 's/\$\${/${/g; s/%%{/%{/g' $W/literal)"
done
PORTS="tcp 22-22 tcp 4242-4242 udp 51803-51804 udp 52001-56096"
check_same "aws: the security group has the firewall's ports" \
	"$PORTS" "$(jq -r '.resource.aws_vpc_security_group_ingress_rule[] |
		select(.cidr_ipv6 and .ip_protocol != "icmpv6") |
		"\(.ip_protocol) \(.from_port)-\(.to_port)"' \
		$W/aws/main.tf.json | sort | xargs)"
check_same "scaleway: so has its" "$PORTS" "$(jq -r '
	.resource.scaleway_instance_security_group.meetme.inbound_rule[] |
	select(.ip_range == "::/0" and .protocol != "ICMP") |
	"\(.protocol | ascii_downcase) " +
		(.port_range // "\(.port)-\(.port)")' \
	$W/scaleway/main.tf.json | sort | xargs)"

# Bad input.
refused() {
	refused_what=$1
	refused_status=$2
	shift 2
	test_out=$("$ME" provision -f $W/network.yaml "$@" 2>&1)
	check_same "refused: $refused_what" $refused_status $?
}
refused "no POP" 64 --format script
refused "an unknown POP" 1 x --format script
refused "no format" 64 a
refused "an unknown format" 64 a --format puppet
refused "Terraform without a place" 64 a --format terraform
refused "an unknown place" 64 a --format terraform --place azure
refused "a place without Terraform" 64 a --format script --place aws
refused "two POPs" 64 a b --format script
refused "the key of another POP" 1 a --format script --with-key $W/b.key
refused "a private key as SSH key" 1 a --format script --ssh-key $W/ssh
refused "a user without a key" 64 a --format script --user ops
refused "a user's name that is none" 64 a --format script \
	--ssh-key $W/ssh.pub --user 'x; reboot'
refused "a URL without a hash" 64 a --format script --meetme https://x/y.deb
refused "a package that is none" 1 a --format script --meetme $W/ssh
refused "a package in AWS's user data" 64 a --format terraform --place aws \
	--meetme "$DEB"
refused "a network file that is none" 78 a --format script -f $W/motd
check_same "no private key is printed unasked" "" \
	"$(grep -l -e "$(cat $W/b.key)" -e "$(cat $W/c.key)" \
		-e "$(cat $LAB/a/root/etc/meetme/wg.key)" -r $W/a.sh $W/cloud \
		$W/aws $W/libvirt $W/scaleway)"
check_same "where it was asked for, only its owner reads it" 600 \
	"$(stat -c %a $W/b/b.yaml)"
finish
