# tests/chain.sh: a path of five hops for ping and trace, over the lab: pop,
# its peering with `out` (AS 4242421001), and behind that the routers r2, r3,
# r4 and the host r5, each of an AS of its own. Router rN has 172.20.N.1 and
# fd42:N::1, and answers from there.

# chain_host HOST: with a wire of CHAIN_MS milliseconds each way, if that is
# set.
chain_host() {
	if [ -z "${CHAIN_MS:-}" ]; then
		lab_host "$1"
		return
	fi
	lab_wan "$1" "$CHAIN_MS"
	lab_run "$1" ip addr add "192.0.2.$(cat "$LAB/$1/number")/24" dev eth0
	lab_run "$1" sysctl -qw net.ipv4.conf.all.forwarding=1 \
		net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.eth0.rp_filter=0
}

# chain_lo HOST: a host with its own addresses on lo.
chain_lo() {
	chain_host "$1"
	lab_run "$1" ip addr add "$(lab_loopback4 "$1")/32" dev lo
	lab_run "$1" ip addr add "$(lab_loopback6 "$1")/128" dev lo nodad
}

# chain_route HOST NEXT PREFIX: the host's way there, in either family.
chain_route() {
	case $3 in
	*:*) lab_run "$1" ip -6 route add "$3" via "$(lab_ip6 "$2")" \
		src "$(lab_loopback6 "$1")" ;;
	*) lab_run "$1" ip route add "$3" \
		via "192.0.2.$(cat "$LAB/$2/number")" \
		src "$(lab_loopback4 "$1")" ;;
	esac
}

# chain_make: all of it, with the session Established. The registry knows
# r5's network as that of AS 4242420005 and CHAIN5-MNT.
chain_make() {
	lab_outside out 4242421001
	lab_maintainer out 4242421001 "$LAB/out/ssh/id_ed25519.pub"
	for h in 2 3 4 5; do
		chain_lo r$h
		lab_maintainer chain$h 424242000$h
		lab_route 424242000$h 172.20.$h.0/28
		lab_route 424242000$h fd42:$h::/64
	done
	for class in inetnum:172.20.5.0_24 inet6num:fd42:5::_48; do
		mkdir -p "$LAB/registry/data/${class%%:*}"
		printf '%-20s%s\n' netname: CHAIN5-NET mnt-by: CHAIN5-MNT \
			>"$LAB/registry/data/${class%%:*}/${class#*:}"
	done
	for h in 2 3 4 5; do
		lab_route 4242421001 172.20.$h.0/24
		lab_route 4242421001 fd42:$h::/48
		to=$(lab_loopback4 r$h) to6=$(lab_loopback6 r$h)
		chain_forward $h "$to/32"
		chain_forward $h "$to6/128"
	done
	chain_back 172.22.144.160/27
	chain_back fd28:7515:7d51::/48
	lab_pop pop
	lab_ssh out out peer_create --asn 4242421001 \
		--key "$(cat $LAB/out/wg.pub)" --endpoint 2001:db8::1 \
		--port 51820 >/dev/null
	lab_apply out out 4242421001
	lab_run out sh -c 'cat >/etc/bird/peers/chain.conf' <<-END
		protocol static chain4 { ipv4;
			route 172.20.2.0/24 unreachable; route 172.20.3.0/24 unreachable;
			route 172.20.4.0/24 unreachable; route 172.20.5.0/24 unreachable;
		}
		protocol static chain6 { ipv6;
			route fd42:2::/48 unreachable; route fd42:3::/48 unreachable;
			route fd42:4::/48 unreachable; route fd42:5::/48 unreachable;
		}
	END
	lab_run out birdc configure >/dev/null
	lab_wait 30 lab_established out
}

# chain_forward N PREFIX: from out to rN, one after the other.
chain_forward() {
	chain_from=out
	for hop in 2 3 4 5; do
		[ $hop -le "$1" ] || break
		chain_route $chain_from r$hop "$2"
		chain_from=r$hop
	done
}

# chain_back PREFIX: from r5 to out; out has its peering.
chain_back() {
	chain_to=out
	for hop in 2 3 4 5; do
		chain_route r$hop $chain_to "$1"
		chain_to=r$hop
	done
}
