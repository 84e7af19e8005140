#!/bin/sh
# meetme: makes a fresh Debian 12 the POP pop2. Run it as root, and again
# after a change: what is done already is left alone.
set -eu
umask 022
[ "$(id -u)" -eq 0 ] || {
    echo "$0: must be run as root" >&2
    exit 1
}

say() {
    echo "meetme: $*"
}

# installed PACKAGE
installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" \
        = installed ]
}

# put MODE PATH: gives the file the bytes of standard input, if it has others.
put() {
    mkdir -p "${2%/*}"
    (umask 077 && cat >"$2.new")
    chmod "$1" "$2.new"
    if cmp -s "$2.new" "$2"; then
        chmod "$1" "$2"
        rm "$2.new"
    else
        say "write $2"
        mv "$2.new" "$2"
    fi
}

# As a whole, or not at all: it may come through a pipe.
{
missing=
for package in \
    bird2 \
    wireguard-tools \
    wireguard-go \
    nftables \
    git \
    ca-certificates \
    openssh-client
do
    installed "$package" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    say "install$missing"
    apt-get -q update
    # Several words.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -qy --no-install-recommends \
        install $missing
fi

put 0644 '/etc/meetme/network.yaml' <<'END'
network: {}
END

put 0644 '/etc/nftables.conf' <<'END'
#!/usr/sbin/nft -f
# meetme: what pop2 lets in, by `meetme provision`.

define links = { "wg-int-1", "wg-int-3" }

table inet meetme
delete table inet meetme
table inet meetme {
    chain input {
        type filter hook input priority filter; policy drop;
        ct state established,related accept
        iifname "lo" accept
        meta l4proto { icmp, ipv6-icmp } accept
        ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept comment "DHCPv6, our own address"
        tcp dport { 22 } accept comment "SSH"
        tcp dport { 4242 } accept comment "meetme"
        udp dport { 51801, 51803 } accept comment "links"
        udp dport { 52001-56096 } accept comment "peerings"
        iifname "wg-as*" tcp dport 179 accept
        iifname $links tcp dport 179 accept
        iifname "wg-int-*" udp dport 6696 accept
    }

    chain forward {
        type filter hook forward priority filter; policy drop;
        iifname "wg-as*" jump tunnels
        iifname $links jump tunnels
    }

    chain tunnels {
        oifname "wg-as*" accept
        oifname $links accept
    }
}
END

put 0644 '/etc/bird/bird.conf' <<'END'
# meetme: the rest is meetmed's; see meetmed(8), Hooks.
log syslog all;
include "meetme/meetme.conf";
END

if ! { [ -s /etc/meetme/wg.key ]; }; then
    say 'make a private key'
    (umask 077 && wg genkey >/etc/meetme/wg.key.new)
    mv /etc/meetme/wg.key.new /etc/meetme/wg.key
fi

if ! { cmp -s /etc/nftables.conf /var/cache/meetme/nftables.conf; }; then
    say 'load the firewall'
    systemctl enable nftables
    systemctl start nftables
    systemctl reload nftables
    install -D -m 644 /etc/nftables.conf /var/cache/meetme/nftables.conf
fi

if ! { cmp -s /etc/bird/bird.conf /var/cache/meetme/bird.conf; }; then
    say 'give BIRD its configuration'
    mkdir -p /etc/bird/meetme
    [ -e /etc/bird/meetme/meetme.conf ] ||
        echo 'router id 172.22.0.2; protocol device {}' \
            >/etc/bird/meetme/meetme.conf
    bird -p -c /etc/bird/bird.conf
    systemctl enable bird
    systemctl restart bird
    install -D -m 644 /etc/bird/bird.conf /var/cache/meetme/bird.conf
fi

if ! { cmp -s /etc/meetme/network.yaml /var/cache/meetme/network.yaml &&
    systemctl -q is-enabled meetmed; }; then
    say 'start meetmed'
    command -v meetmed >/dev/null || {
        echo 'meetme is not installed: do it, and come again.' >&2
        exit 1
    }
    key=$(wg pubkey </etc/meetme/wg.key)
    [ "$key" = 'CQAAAAIAABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQA=' ] || {
        echo "The public key of pop2 is $key: write it into the" >&2
        echo 'network file, give that to all POPs, and come again.' >&2
        exit 1
    }
    systemctl enable meetmed
    systemctl start meetmed
    systemctl reload meetmed
    install -D -m 644 /etc/meetme/network.yaml /var/cache/meetme/network.yaml
fi
} </dev/null
