# A POP of ours, as an operator sets one up. Part of lab.sh.

# lab_pop NAME [MEETMED-OPTION...]: the network's POP on a host of its own,
# with BIRD, and meetmed with --root; beside them an interface and a BIRD
# protocol that the operator made by hand.
lab_pop() {
	lab_host "$1"
	lab_pop_files "$1"
	lab_run "$1" ip link add op0 type bridge
	lab_run "$1" ip addr add 172.23.255.1/24 dev op0
	lab_run "$1" ip link set op0 up
	lab_bird "$1" || lab_die "no BIRD on $1"
	lab_meetmed "$@" || lab_die "no meetmed on $1"
}

# Network file, key, registry, and the operator's own bird.conf.
lab_pop_files() {
	lab_root=$LAB/$1
	mkdir -p "$lab_root/etc/meetme" "$lab_root/etc/bird/meetme" \
		"$lab_root/var/lib/meetme/registry"
	lab_run "$1" mount --bind $LAB/registry \
		"$lab_root/var/lib/meetme/registry"
	(umask 077 && wg genkey >"$lab_root/etc/meetme/wg.key")
	wg pubkey <"$lab_root/etc/meetme/wg.key" >"$lab_root/wg.pub"
	[ -e $LAB/admin ] || ssh-keygen -q -t ed25519 -N '' -f $LAB/admin
	echo "Welcome to the lab." >"$lab_root/etc/meetme/motd"
	lab_network "$1" >"$lab_root/etc/meetme/network.yaml"
	echo 'router id 192.0.2.1; protocol device {}' \
		>"$lab_root/etc/bird/meetme/meetme.conf" # until meetmed runs
	cat >"$lab_root/etc/bird/bird.conf" <<-'END'
		log "/run/bird/log" all;
		include "meetme/meetme.conf";

		protocol static operator {
			ipv4;
			route 172.23.254.0/24 unreachable;
		}
	END
}

# lab_network NAME: the network file on stdout.
lab_network() {
	cat <<-END
		network:
		  name: Lab Network
		  asn: $LAB_ASN
		  prefixes: [172.22.144.160/27, "fd28:7515:7d51::/48"]
		peering:
		  listen: "[::]:4242"
		  motd: motd
		  ports: 52000
		  link_local: "fe80:263::"
		  own_link_local: fe80::263
		  endpoints: [ipv4, ipv6]
		  allow: [documentation]
		  reserved: ["2001:bc8:3feb::/48"]
		  admin_keys: ["$(cut -d ' ' -f 1,2 $LAB/admin.pub)"]
		pops:
		  - name: $1
		    id: 1
		    endpoint: $1.lab
		    public_key: "$(cat "$LAB/$1/wg.pub")"
		    ipv4: 172.22.144.161/29
		    ipv6: "fd28:7515:7d51:a::1/64"
	END
}

# lab_meetmed NAME [OPTION...]: starts meetmed; its id is in $LAB/NAME/meetmed.
lab_meetmed() {
	lab_name=$1
	shift
	(lab_exec "$lab_name" meetmed --root "$LAB/$lab_name" \
		--users $LAB_USERS "$@" >>"$LAB/$lab_name/log" 2>&1) &
	echo $! >"$LAB/$lab_name/meetmed"
	lab_wait 60 lab_started "$lab_name" # host keys take their time
	lab_ready "$lab_name" ||
		{ tail -n 20 "$LAB/$lab_name/log" >&2 && return 1; }
}

# lab_started NAME: true if the POP's meetmed is ready, or has ended.
lab_started() {
	lab_ready "$1" || lab_gone "$(cat "$LAB/$1/meetmed")"
}

# lab_meetmed_end NAME [SIGNAL]: ends it.
lab_meetmed_end() {
	lab_kill "$(cat "$LAB/$1/meetmed")" ${2:+"$2"}
}

# lab_ready NAME: true if visitors can reach the POP, or, where they may not,
# its operator can.
lab_ready() {
	lab_listening "$1" ||
		{ lab_no_visitors "$1" && lab_meetme "$1" status >/dev/null; }
}

# lab_no_visitors NAME: true if the network file lets none come to this POP.
lab_no_visitors() {
	awk -v pop="$1" '$2 == "name:" { here = $3 == pop }
		here && $1 == "peering:" && $2 == "false" { no = 1 }
		END { exit !no }' "$LAB/$1/etc/meetme/network.yaml"
}

# lab_listening NAME: true if the POP's SSH port is open.
lab_listening() {
	lab_run "$1" ss -Hltn 'sport = :4242' | grep -q .
}

# lab_meetme NAME COMMAND...: the operator's command, on that POP.
lab_meetme() {
	lab_p1=$1
	shift
	lab_run "$lab_p1" meetme --root "$LAB/$lab_p1" "$@"
}

# lab_ssh HOST USER COMMAND...: logs in from HOST to the POP $LAB_POP.
LAB_POP=pop
lab_ssh() {
	lab_from=$1
	lab_user=$2
	shift 2
	lab_run "$lab_from" ssh -o BatchMode=yes -p 4242 \
		"$lab_user@$LAB_POP.lab" "$@"
}

# lab_apply HOST USER ASN: peer_config's files, verbatim, on the visitor's
# side.
lab_apply() {
	lab_dir=$LAB/$1
	lab_ssh "$1" "$2" peer_config --asn "$3" --wg-quick >"$lab_dir/$3.wg" &&
		lab_ssh "$1" "$2" peer_config --asn "$3" --bird \
			>"$lab_dir/$3.bird" || return 1
	lab_ifname=$(lab_ssh "$1" "$2" peer_config --asn "$3" --json |
		jq -r .wg_quick_name)
	lab_wg_up "$1" "$lab_ifname" "$lab_dir/$3.wg" &&
		lab_bird_add "$1" "as$3" "$lab_dir/$3.bird"
}
