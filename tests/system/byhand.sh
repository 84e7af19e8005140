#!/bin/sh
# What `meetme render` writes, on hosts without meetme: wg-quick, sysctl and
# BIRD make the same network of it.
. "$(dirname "$0")/../mesh.sh"
lab_init "$@"
cd "$LAB_TOP" || exit 1
OUT=$LAB/tree/servers

# quick_up POP: as a person would set it up. The key lies where meetmed has
# it; what is mounted on goes with the lab.
quick_up() {
	install -m 600 $OUT/$1/wireguard/*.conf $LAB/$1/etc/wireguard/ &&
		cp -r $OUT/$1/bird/. $LAB/$1/etc/bird/meetme/ &&
		cp -r $LAB/tree/registry $LAB/$1/etc/bird/meetme/ &&
		lab_run $1 sh -c '
		mount --bind "$1/etc/meetme" /etc/meetme &&
			sysctl -q -p "$2" || exit 1
		for f in /etc/wireguard/*.conf; do
			wg-quick up "$f" || exit 1
		done
		birdc configure' sh $LAB/$1 $OUT/$1/sysctl.conf >$LAB/$1/up 2>&1
	grep -q '^Reconfigur' $LAB/$1/up || { cat $LAB/$1/up && return 1; }
}

no_meetme() {
	! ps ax -o args | grep '^meetmed'
}

# no_secret: no file has a private key, nor the word for it.
no_secret() {
	! grep -rF -f $LAB/secrets $LAB/tree && ! grep -ri PrivateKey $LAB/tree
}

# has_roas POP: BIRD has read what the registry says.
has_roas() {
	lab_run $1 birdc show route table meetme_roa6 |
		grep "^fd28:7515:7d51::/48-64 AS$LAB_ASN"
}

mesh_make examples/full-mesh.yaml
cat $LAB/*/etc/meetme/wg.key >$LAB/secrets
check "render" meetme render -f $LAB/nl-ams1/etc/meetme/network.yaml \
	--registry $LAB/registry -o $LAB/tree
check "no private key is in it" no_secret
mkdir /etc/meetme 2>/dev/null && made=1 || made=0
check "wg-quick, sysctl and BIRD take it" together quick_up $POPS
check "no meetmed runs" no_meetme
check "BIRD has the registry's ROAs" together has_roas $POPS
check "iBGP is Established" lab_wait 90 mesh_converged
check "loopbacks ping each other" lab_wait 30 loopbacks_ping
[ $made -eq 0 ] || rmdir /etc/meetme
finish
