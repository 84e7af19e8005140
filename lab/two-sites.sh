# examples/two-sites.yaml in the lab, over lab.sh: an EdgeRouter's stand-in
# with FRR, five outside networks that it peers with, and the VPS, where
# BIRD 1.6 runs and meetmed. Behind `highdef` are the routers `x` and `y`, each
# of an AS of its own, and behind `y` the host `far`: five hops from the VPS,
# those of the seed.
#
# Between them the five announce 463 routes. Two networks, of anycast, come of
# two of them each, so they are 461 networks. The EdgeRouter has two of its
# own: the VPS has 463, as in the seed.
#
#	tests/package-fetch.sh bird	# where the mirrors are
#	. "$LAB_TOP/lab/two-sites.sh"
#	lab_init "$@"
#	sites_make
#	lab_meetmed vps
#	lab_wait 60 sites_up

SITES_PLAN=${SITES_PLAN:-$LAB_TOP/examples/two-sites.yaml}
SITES_ASN=4242421869
SITES_ROUTES=463
SITES_FAR=172.23.0.80
SITES_ANYCAST="172.20.0.53/32 172.23.0.53/32"
SITES_LINK=10.132.0 # .1 the VPS, .2 the EdgeRouter
SITES_HOLD=9 # seconds; what an outside network asks for
UPSTREAMS="highdef second third fourth fifth"

# sites_make: all hosts; meetmed does not run yet.
sites_make() {
	sites_host edgerouter
	sites_host vps
	for lab_u in $UPSTREAMS x y far; do
		lab_host $lab_u
	done
	for lab_u in $UPSTREAMS; do
		lab_keys $lab_u
	done
	for lab_u in edgerouter vps; do
		sites_network <"$SITES_PLAN" \
			>$LAB/$lab_u/etc/meetme/network.yaml
	done
	lab_route $SITES_ASN 172.22.132.160/28
	sites_chain
	for lab_u in $UPSTREAMS; do
		sites_upstream $lab_u
	done
	sites_router
	sites_vps
}

# sites_host NAME: a POP's host, with a key.
sites_host() {
	lab_host "$1"
	mkdir -p "$LAB/$1/etc/meetme" "$LAB/$1/var/lib/meetme"
	lab_keys "$1"
	cp "$LAB/$1/wg.key" "$LAB/$1/etc/meetme/wg.key"
}

# sites_network: the network file on stdin with the lab's keys and addresses;
# all else is as it stands there.
sites_network() {
	awk -v lab=$LAB '
		$1 == "-" { shift = 1 } $1 != "-" { shift = 0 }
		{ key = $(1 + shift) }
		key == "name:" { name = $NF }
		name && key == "endpoint:" {
			port = match($0, /:[0-9]+$/) ? substr($0, RSTART) : ""
			sub(/: .*/, ": " name ".lab" port)
		}
		name && key == "public_key:" {
			getline wg <(lab "/" name "/wg.pub")
			sub(/: .*/, ": \"" wg "\"")
		}
		key == "private_key:" {
			sub(/: .*/, ": " lab "/" name "/etc/meetme/wg.key")
		}
		{ print }
		key == "endpoints:" { print "  allow: [documentation]" }'
}

# sites_of NAME FIELD: a field of the peering of that name.
sites_of() {
	awk -v name="$1" -v field="$2:" '
		/^peerings:/ { peerings = 1 }
		!peerings { next }
		$1 == "-" { split("", v); $1 = ""; $0 = $0 }
		{ v[$1] = $2 }
		v["name:"] == name && field in v {
			gsub(/"|.*:/, "", v[field])
			print v[field]
			exit
		}' $LAB/edgerouter/etc/meetme/network.yaml
}

# sites_networks NAME: what a host announces; the first holds its address.
sites_networks() {
	case $1 in
	highdef) echo 172.20.229.112/28 && sites_many 16 89 ;;
	second)
		echo 172.20.53.96/27 && sites_many 32 93
		echo $SITES_ANYCAST
		;;
	third)
		echo 172.20.16.128/27 && sites_many 48 90
		echo ${SITES_ANYCAST% *}
		;;
	fourth)
		echo 172.20.219.0/27 && sites_many 64 90
		echo ${SITES_ANYCAST#* }
		;;
	fifth) echo 172.21.100.0/27 && sites_many 80 89 ;;
	x) echo 172.20.129.184/29 ;;
	y) echo 172.20.129.168/29 && echo $SITES_FAR/32 ;;
	esac | tr ' ' '\n'
}

# sites_behind NAME: all that comes of one of the five.
sites_behind() {
	case $1 in
	highdef) cat $LAB/highdef/networks $LAB/x/networks $LAB/y/networks ;;
	*) cat "$LAB/$1/networks" ;;
	esac
}

# sites_many X N: N networks from 172.21.X.0 on.
sites_many() {
	awk -v x="$1" -v n="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "172.21.%d.%d/27\n", x + i / 8, i % 8 * 32
	}'
}

# sites_address NAME, sites_asn NAME: of a host that announces networks.
sites_address() {
	case $1 in
	x) echo 172.20.129.187 ;;
	y) echo 172.20.129.169 ;;
	fourth) echo 172.20.219.1 ;; # its tunnel's is of no network
	*) sites_of "$1" peer_ipv4 ;;
	esac
}

sites_asn() {
	case $1 in
	x) echo 4242420211 ;;
	y) echo 4242420212 ;;
	*) sites_of "$1" asn ;;
	esac
}

# sites_bird NAME: BIRD 2 there, and in the registry what it announces.
sites_bird() {
	lab_v4=$(sites_address "$1")
	lab_as=$(sites_asn "$1")
	lab_run "$1" ip addr add "$lab_v4/32" dev lo
	lab_maintainer "$1" "$lab_as"
	mkdir -p "$LAB/$1/etc/bird/peers"
	sites_networks "$1" | tee "$LAB/$1/networks" |
		awk -v as="$lab_as" -v dir=$LAB/registry/data/route '{
			file = $1
			sub("/", "_", file)
			file = dir "/" file
			if ((getline line <file) < 0)
				printf "route: %s\n", $1 >file
			close(file)
			printf "origin: AS%s\n", as >>file
			close(file)
		}'
	sed "s/$/ $lab_as/" "$LAB/$1/networks" >>$LAB/origins
	{
		cat <<-END
			router id $lab_v4;
			protocol device {}
			protocol kernel {
				ipv4 {
					import none;
					export filter {
						if source = RTS_STATIC then
							reject;
						krt_prefsrc = $lab_v4;
						accept;
					};
				};
			}
			protocol static own {
				ipv4;
		END
		sed 's/.*/route & unreachable;/' "$LAB/$1/networks"
		echo '}'
		echo 'include "peers/*.conf";'
	} >"$LAB/$1/etc/bird/bird.conf"
}

# sites_session NAME ID ADDRESS ASN [TEXT...]: a BGP session of that host.
sites_session() {
	cat >"$LAB/$1/etc/bird/peers/$2.conf" <<-END
		protocol bgp $2 {
			local as $(sites_asn "$1");
			neighbor $3 as $4;
			hold time $SITES_HOLD;
			connect delay time 1;
			connect retry time 1;
			error wait time 1, 2;
			ipv4 { import all; export all; next hop self; };
			$5
		}
	END
}

# sites_chain: what is behind highdef, on the underlay. y has the way to far.
sites_chain() {
	for lab_u in x y; do
		sites_bird $lab_u
	done
	sites_session y x "$(sites_underlay x)" "$(sites_asn x)"
	sites_session x y "$(sites_underlay y)" "$(sites_asn y)"
	sites_session x highdef "$(sites_underlay highdef)" \
		"$(sites_asn highdef)"
	lab_run y ip route add $SITES_FAR via "$(sites_underlay far)" \
		src "$(sites_address y)"
	lab_run far ip addr add $SITES_FAR/32 dev lo
	mkdir -p $LAB/registry/data/inetnum
	printf 'netname: FAR-NET\nmnt-by: Y-MNT\n' \
		>$LAB/registry/data/inetnum/${SITES_FAR}_32
	lab_run far ip route add 172.16.0.0/12 via "$(sites_underlay y)" \
		src $SITES_FAR
	for lab_u in x y; do
		lab_bird $lab_u || lab_die "no BIRD on $lab_u"
	done
}

sites_underlay() {
	echo "192.0.2.$(cat "$LAB/$1/number")"
}

# sites_upstream NAME: an outside network, ready to peer with the EdgeRouter.
sites_upstream() {
	sites_bird "$1"
	lab_ours=$(sites_of "$1" ipv4)
	lab_ours=${lab_ours%/*}
	lab_theirs=$(sites_of "$1" peer_ipv4)
	sites_tunnel "$1" >"$LAB/$1/wg.conf"
	lab_wg_up "$1" edge "$LAB/$1/wg.conf" || lab_die "no tunnel of $1"
	sites_session "$1" edge "$lab_ours" $SITES_ASN \
		"source address $lab_theirs;"
	[ "$1" != highdef ] || sites_session highdef x \
		"$(sites_underlay x)" "$(sites_asn x)"
	lab_bird "$1" || lab_die "no BIRD on $1"
}

# sites_tunnel NAME: its end, for wg-quick. One that the EdgeRouter has no
# endpoint of calls.
sites_tunnel() {
	lab_port=$(sites_of "$1" endpoint)
	cat <<-END
		[Interface]
		PrivateKey = **REPLACEME**
		Table = off
		MTU = 1420
		${lab_port:+ListenPort = $lab_port}
		PostUp = ip addr add $lab_theirs/32 peer $lab_ours/32 dev %i

		[Peer]
		PublicKey = $(cat $LAB/edgerouter/wg.pub)
		Endpoint = $(sites_underlay edgerouter):$(sites_of "$1" port)
		PersistentKeepalive = 5
		AllowedIPs = 0.0.0.0/0
	END
}

# sites_router: the EdgeRouter's stand-in, as `meetme render --frr` has it.
sites_router() {
	meetme render -f $LAB/edgerouter/etc/meetme/network.yaml --frr \
		--pop edgerouter --registry $LAB/registry \
		-o $LAB/edgerouter/tree >/dev/null ||
		lab_die "nothing for the EdgeRouter"
	lab_tree=$LAB/edgerouter/tree/servers/edgerouter
	lab_run edgerouter sysctl -q -p "$lab_tree/sysctl.conf"
	for lab_conf in "$lab_tree"/wireguard/*.conf; do
		lab_if=${lab_conf##*/}
		lab_wg_up edgerouter "${lab_if%.conf}" "$lab_conf" ||
			lab_die "no $lab_if"
	done
	sites_frr "$lab_tree/frr/frr.conf" || lab_die "no FRR"
}

# sites_frr FILE: FRR with that configuration, in folders of the host's own.
sites_frr() {
	mkdir -p /run/frr $LAB/edgerouter/etc/frr $LAB/edgerouter/run/frr
	cp "$1" $LAB/edgerouter/etc/frr/frr.conf
	echo 'service integrated-vtysh-config' \
		>$LAB/edgerouter/etc/frr/vtysh.conf
	: >$LAB/edgerouter/etc/frr/daemons.conf
	chown -R frr:frr $LAB/edgerouter/etc/frr $LAB/edgerouter/run/frr
	lab_run edgerouter mount --bind $LAB/edgerouter/etc/frr /etc/frr
	lab_run edgerouter mount --bind $LAB/edgerouter/run/frr /run/frr
	for lab_d in zebra staticd bgpd; do
		lab_run edgerouter /usr/lib/frr/$lab_d -d -A 127.0.0.1 \
			-f /etc/frr/daemons.conf --log file:/run/frr/log \
			>>$LAB/edgerouter/log 2>&1 || return
	done
	lab_run edgerouter vtysh -b >>$LAB/edgerouter/log 2>&1
}

# sites_vtysh COMMAND: what the stand-in says.
sites_vtysh() {
	lab_run edgerouter vtysh -c "$1"
}

# sites_vps: the VPS, with BIRD 1.6 where BIRD 2 was.
sites_vps() {
	ln -sfn $LAB/registry $LAB/vps/var/lib/meetme/registry
	mkdir -p $LAB/vps/etc/bird/meetme
	echo 'router id 192.0.2.1; protocol device {}' \
		>$LAB/vps/etc/bird/meetme/meetme.conf # until meetmed runs
	cat >$LAB/vps/etc/bird/bird.conf <<-END
		log "/run/bird/log" all;
		include "meetme/meetme.conf";
	END
	sites_bird_older
	lab_bird vps || lab_die "no BIRD 1.6 on vps"
}

# sites_bird_older, sites_bird_newer: which BIRD the VPS's disk has.
sites_bird_older() {
	for lab_b in bird birdc; do
		lab_run vps mount --bind \
			"$LAB_TOP/build/packages/bird/usr/sbin/$lab_b" \
			/usr/sbin/$lab_b
	done
}

sites_bird_newer() {
	for lab_b in bird birdc; do
		lab_run vps umount /usr/sbin/$lab_b
	done
}

# sites_imported: how many routes the VPS has of the EdgeRouter.
sites_imported() {
	lab_run vps birdc show protocols all ibgp_1 |
		sed -n 's/^ *Routes: *\([0-9]*\) imported.*/\1/p'
}

# sites_kernel: how many of them are in its kernel, as they should be.
sites_kernel() {
	lab_run vps ip -4 route show proto bird | grep -c \
		"via $SITES_LINK.2 dev wg0 .*src 172.22.132.169"
}

# sites_has N: the VPS has N routes, in BIRD and in its kernel.
sites_has() {
	[ "$(sites_imported)" = "$1" ] && [ "$(sites_kernel)" = "$1" ]
}

sites_up() {
	sites_has $SITES_ROUTES
}
