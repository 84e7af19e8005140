# Outside networks: stock WireGuard and BIRD 2, as a visitor has them. Part of
# lab.sh. Host number N announces 172.20.N.0/24 and fd42:N::/48 (N in hex),
# and has the first address of each on lo.

# lab_outside NAME ASN: a host of another AS; BIRD runs, no peering yet. The
# registry says that the AS may announce its networks.
lab_outside() {
	lab_host "$1"
	lab_v4=$(lab_loopback4 "$1")
	lab_v6=$(lab_loopback6 "$1")
	lab_run "$1" ip addr add "$lab_v4/32" dev lo
	lab_run "$1" ip addr add "$lab_v6/128" dev lo nodad
	lab_route "$2" "${lab_v4%.1}.0/24"
	lab_route "$2" "${lab_v6%1}/48"
	lab_keys "$1"
	mkdir -p "$LAB/$1/etc/bird/peers"
	echo "define OWNAS = $2;" >"$LAB/$1/etc/bird/bird.conf"
	sed -e "s/@V4@/$lab_v4/" -e "s/@V6@/$lab_v6/" \
		-e "s|@NET4@|${lab_v4%.1}.0/24|" \
		-e "s|@NET6@|${lab_v6%1}/48|" \
		"$LAB_TOP/lab/outside.bird" >>"$LAB/$1/etc/bird/bird.conf"
	lab_bird "$1" || lab_die "no BIRD on $1"
}

# lab_keys NAME: makes the host's WireGuard and SSH keys.
lab_keys() {
	(umask 077 && wg genkey >"$LAB/$1/wg.key") &&
		wg pubkey <"$LAB/$1/wg.key" >"$LAB/$1/wg.pub" &&
		ssh-keygen -q -t ed25519 -N '' -C "$1" \
			-f "$LAB/$1/ssh/id_ed25519"
}

# lab_loopback4 NAME, lab_loopback6 NAME: an outside host's own addresses.
lab_loopback4() {
	echo "172.20.$(cat "$LAB/$1/number").1"
}

lab_loopback6() {
	printf 'fd42:%x::1\n' "$(cat "$LAB/$1/number")"
}

# lab_wg_up NAME IFNAME FILE: wg-quick up with FILE; only the placeholder for
# the private key is replaced, as a person must.
lab_wg_up() {
	sed "s|\*\*REPLACEME\*\*|$(cat "$LAB/$1/wg.key")|" "$3" \
		>"$LAB/$1/etc/wireguard/$2.conf"
	chmod 600 "$LAB/$1/etc/wireguard/$2.conf"
	lab_run "$1" wg-quick up "$2" >"$LAB/$1/wg-quick.log" 2>&1 ||
		{ cat "$LAB/$1/wg-quick.log" >&2 && return 1; }
}

# lab_wg_down NAME IFNAME: the end of that.
lab_wg_down() {
	lab_run "$1" wg-quick down "$2" >"$LAB/$1/wg-quick.log" 2>&1
}

# lab_bird_add NAME ID FILE: adds FILE to the host's BIRD as peers/ID.conf.
lab_bird_add() {
	cp "$3" "$LAB/$1/etc/bird/peers/$2.conf"
	lab_run "$1" birdc configure >"$LAB/$1/birdc.log"
	grep -q '^Reconfigured' "$LAB/$1/birdc.log" ||
		{ cat "$LAB/$1/birdc.log" >&2 && return 1; }
}

# lab_bird_remove NAME ID: takes it out again.
lab_bird_remove() {
	rm -f "$LAB/$1/etc/bird/peers/$2.conf"
	lab_run "$1" birdc configure >"$LAB/$1/birdc.log"
}

# lab_established NAME [PROTOCOL]: true if every BGP session of the host's
# BIRD, or that one, is Established.
lab_established() {
	lab_run "$1" birdc show protocols ${2:+"$2"} |
		awk '$2 == "BGP" { n++; up += $NF == "Established" }
			END { exit !(n > 0 && n == up) }'
}

# lab_ping NAME SOURCE TARGET: one answer to one of five pings.
lab_ping() {
	lab_run "$1" ping -q -c 1 -W 2 -I "$2" "$3" >/dev/null
}
