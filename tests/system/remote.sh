#!/bin/sh
# The registry pulled from real servers, by git's own CGI behind an HTTPS server
# and by git-shell behind OpenSSH: what is refused of them, and what ends when.
. "$(dirname "$0")/../lib.sh"
lab_init "$@"
UP=$LAB/upstream
ROOT=$LAB/pop
SYNC=var/lib/meetme/sync
ENGINE=64202
GIT=64300

g() {
	git -C $UP -c user.name=lab -c user.email=lab@lab.invalid \
		-c safe.directory='*' "$@"
}

# change TEXT: a new state, upstream.
change() {
	echo "remarks: $1" >>$UP/data/mntner/M1-MNT
	g commit -qam "$1"
	newest=$(g rev-parse HEAD)
}

pull() {
	lab_meetme pop registry pull
}

in_force() {
	lab_meetme pop status --json | jq -r .sync.commit
}

# url POP URL: that POP pulls from there, from its next reload on.
url() {
	{ lab_network "$1" && printf 'registry:\n  url: %s\n' "$2"; } \
		>$LAB/$1/etc/meetme/network.yaml
}

# pulls WHAT URL: it can be pulled, and the newest is in force.
pulls() {
	change "$1"
	url pop "$2"
	lab_meetme pop reload
	check_says "$1: pulled" commit pull
	check_same "$1: the newest is in force" "$newest" "$(in_force)"
	good=$newest
}

# refused WHAT URL PATTERN: says PATTERN, and the state in force stays.
refused() {
	change "$1"
	url pop "$2"
	lab_meetme pop reload
	check_says "$1: refused" "$3" pull
	check_same "$1: the state in force stays" "$good" "$(in_force)"
	check_says "$1: status says so" "$3" lab_meetme pop status
}

# certificate NAME CA HOST: NAME.pem, signed by CA.
certificate() {
	openssl req -x509 -days 2 -nodes -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -keyout $LAB/$1.key \
		-out $LAB/$1.crt -subj "/CN=$3" \
		-addext basicConstraints=critical,CA:FALSE \
		-addext "subjectAltName=DNS:$3" \
		-CA $LAB/$2.crt -CAkey $LAB/$2.key
	cat $LAB/$1.crt $LAB/$1.key >$LAB/$1.pem
}

# authority NAME: a certificate authority.
authority() {
	openssl req -x509 -days 2 -nodes -newkey ec \
		-pkeyopt ec_paramgen_curve:P-256 -keyout $LAB/$1.key \
		-out $LAB/$1.crt -subj "/CN=$1"
}

# trusts HOST: it has the authorities of $LAB/certs.
trusts() {
	lab_run "$1" mount --bind $LAB/certs /etc/ssl/certs
}

# trust CA: as an operator has a machine trust an authority.
trust() {
	mkdir $LAB/ca
	cp $LAB/$1.crt $LAB/ca/
	lab_run pop update-ca-certificates --localcertsdir $LAB/ca \
		--hooksdir $LAB/none >$LAB/trust.log 2>&1
}

listens() {
	lab_run git ss -Hltn "sport = :$1" | grep -q .
}

# users HOST: where ssh finds the name of a user by his number.
users() {
	lab_run "$1" mount --bind $LAB/passwd /etc/passwd
}

# slow NAME URL: a POP more, with the clone as it is, that pulls from there.
slow() {
	lab_host "$1"
	users "$1"
	trusts "$1"
	lab_pop_files "$1"
	url "$1" "$2"
	cp -a $ROOT/etc/meetme/known_hosts $ROOT/etc/meetme/registry_key \
		$LAB/$1/etc/meetme/
	cp -a $ROOT/var/lib/meetme/ssh $ROOT/$SYNC $LAB/$1/var/lib/meetme/
	lab_meetmed "$1"
}

# ends NAME PATTERN: its pull has ended, and says so.
ends() {
	check "$1: the pull ends" lab_wait 100 ended "$1" "$2"
	check_same "$1: the state in force stays" "$first" \
		"$(lab_meetme "$1" status --json | jq -r .sync.commit)"
}

# git_is_gone: and what it started, on all hosts.
git_is_gone() {
	! ps -eo uid=,state=,comm= | awk -v uid=$ENGINE '
		$1 == uid && $2 != "Z"' | grep -E ' (git|ssh)'
}

ended() {
	grep -E "registry: .*$2" $LAB/$1/log || { sleep 0.5 && false; }
}

cat >$LAB/passwd <<-END
	$(sed 's|^root:.*|root:x:0:0:root:/:/bin/sh|' /etc/passwd)
	engine:x:$ENGINE:$ENGINE::/nonexistent:/bin/false
	git:x:$GIT:65534::/:/usr/bin/git-shell
	sleeper:x:64301:65534::/:/bin/sh
END
for host in git pop; do
	lab_host $host
	users $host
done
echo "192.0.2.1 other.lab" >>$LAB/hosts

sh "$LAB_TOP/tests/registry-generate.sh" $UP 40
git init -q $UP
g add -A
g commit -qm one
chown $GIT $UP $UP/.git

# The HTTPS server.
{
	authority lab-ca
	authority other-ca
	certificate git lab-ca git.lab
	certificate other other-ca git.lab
} 2>$LAB/openssl.log
printf '#!/bin/sh\nexec /usr/lib/git-core/git-http-backend\n' >$LAB/backend
cat >$LAB/drip <<-'END'
	#!/bin/sh
	printf 'Content-Type: application/x-git-upload-pack-advertisement\n\n'
	while sleep 1; do printf 0; done
END
cat >$LAB/locked <<-'END'
	#!/bin/sh
	printf 'Status: 401\nWWW-Authenticate: Basic realm="lab"\n\n'
END
chmod 755 $LAB/backend $LAB/drip $LAB/locked
cat >$LAB/lighttpd.conf <<-END
	server.modules = ( "mod_alias", "mod_redirect", "mod_setenv",
		"mod_cgi", "mod_openssl" )
	server.document-root = "/nonexistent"
	server.port = 80
	server.username = "git"
	server.stream-response-body = 2
	cgi.assign = ( "" => "" )
	alias.url = ( "/git" => "$LAB/backend", "/drip" => "$LAB/drip",
		"/locked" => "$LAB/locked" )
	url.redirect = ( "^/http/(.*)" => "http://git.lab/git/\$1",
		"^/other/(.*)" => "https://other.lab/git/\$1" )
	setenv.set-environment = ( "GIT_PROJECT_ROOT" => "$LAB",
		"GIT_HTTP_EXPORT_ALL" => "1" )
	\$SERVER["socket"] == ":443" {
		ssl.engine = "enable"
		ssl.pemfile = "$LAB/git.pem"
	}
	\$SERVER["socket"] == ":8443" {
		ssl.engine = "enable"
		ssl.pemfile = "$LAB/other.pem"
	}
END
(lab_exec git lighttpd -D -f $LAB/lighttpd.conf) >$LAB/lighttpd.log 2>&1 &

# The SSH server.
for key in hostkey otherkey good wrong; do
	ssh-keygen -q -t ed25519 -N '' -f $LAB/$key
done
mkdir $LAB/authorized
echo "restrict $(cat $LAB/good.pub)" >$LAB/authorized/git
cp $LAB/authorized/git $LAB/authorized/sleeper
cat >$LAB/sshd_config <<-END
	HostKey $LAB/hostkey
	AuthorizedKeysFile $LAB/authorized/%u
	StrictModes no
	UsePAM no
	Match User sleeper
		ForceCommand sleep 600
END
(lab_exec git /usr/sbin/sshd -D -e -f $LAB/sshd_config) >$LAB/sshd.log 2>&1 &

# Two that take calls and say nothing.
(lab_exec git perl -MIO::Socket::INET -e '
	@s = map { IO::Socket::INET->new(Listen => 9, LocalPort => $_) } @ARGV;
	sleep' 9443 2222) &
for port in 22 80 443 8443 9443 2222; do
	lab_wait 10 listens $port || {
		cat $LAB/lighttpd.log $LAB/sshd.log
		lab_die "no port $port"
	}
done

cp -a /etc/ssl/certs $LAB/certs
trusts pop
lab_pop_files pop
lab_bird pop
url pop https://git.lab/git/upstream
lab_meetmed pop
check_says "a certificate of an authority that the machine does not know" \
	"certificate verification failed" pull
trust lab-ca
check_says "https: the first clone" "new: 40" pull
first=$(g rev-parse HEAD)
check_same "https: it is in force" "$first" "$(in_force)"

# They take a minute at most, while the rest is tested.
install -o $ENGINE -m 600 $LAB/good $ROOT/etc/meetme/registry_key
echo "git.lab $(cat $LAB/hostkey.pub)" >$ROOT/etc/meetme/known_hosts
slow silent https://git.lab:9443/x
slow drips https://git.lab/drip/x
slow ssh-silent ssh://git@git.lab:2222/x
slow ssh-sleeps ssh://sleeper@git.lab/x
rm $ROOT/etc/meetme/registry_key $ROOT/etc/meetme/known_hosts

pulls https https://git.lab/git/upstream
g config core.bigFileThreshold 1m
truncate -s 300M $UP/zeros
g add zeros
refused "what unpacks to 300 MB" https://git.lab/git/upstream "Out of memory"
g reset -q --hard "$good"
refused "another authority's certificate" \
	https://git.lab:8443/git/upstream "certificate verification failed"
refused "another host's certificate" https://other.lab/git/upstream \
	"does not match target host name"
refused "a redirection to http" https://git.lab/http/upstream "error: 301"
refused "a redirection elsewhere" https://git.lab/other/upstream "error: 301"
refused "a password" https://git.lab/locked/upstream "could not read Username"
refused "no repository" https://git.lab/git/none "not found"

REMOTE=ssh://git@git.lab$UP
refused "an unknown host" $REMOTE "No .* host key is known for git.lab"
echo "git.lab $(cat $LAB/otherkey.pub)" >$ROOT/etc/meetme/known_hosts
refused "another host's key" $REMOTE "Host key for git.lab has changed"
echo "git.lab $(cat $LAB/hostkey.pub)" >$ROOT/etc/meetme/known_hosts
refused "no key" $REMOTE "registry_key not accessible"
install -o $ENGINE -m 600 $LAB/wrong $ROOT/etc/meetme/registry_key
refused "a wrong key" $REMOTE "git: git@git.lab: Permission denied"
install -m 600 $LAB/good $ROOT/etc/meetme/registry_key
refused "a key for root alone" $REMOTE \
	"registry_key.: Permission denied"
install -o $ENGINE -m 644 $LAB/good $ROOT/etc/meetme/registry_key
refused "a key for everyone" $REMOTE "registry_key.: bad permissions"
install -g $ENGINE -m 640 $LAB/good $ROOT/etc/meetme/registry_key
chgrp $ENGINE $ROOT/etc/meetme/known_hosts
chmod 640 $ROOT/etc/meetme/known_hosts
pulls ssh $REMOTE
pulls "ssh, as scp has it" git@git.lab:$UP
refused "a path that is not there" $REMOTE/none "appear to be a git repo"
mv $LAB/authorized/git $LAB/authorized/aside
refused "a key that is taken away" $REMOTE "git: git@git.lab: Permission denied"

ends ssh-silent "timed out"
ends drips "too slow"
ends silent "too long"
ends ssh-sleeps "too long"
check "nothing is left of git" lab_wait 10 git_is_gone
finish
