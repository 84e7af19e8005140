# On the kernel's WireGuard: 500 peerings, beside a loop of `wg show`; the links
# of one POP of 100, beside a loop of `wg-quick up`. Lines of NAME MS REFERENCE.
DOC="--host 2001:db8::7"

agent() {
	/programs/agent_apply --no-bird $DOC "$@" 2>/dev/null
}

now() {
	cut -d ' ' -f 1 /proc/uptime
}

# took CMD...: the milliseconds that it takes.
took() {
	begun=$(now)
	"$@" >/tmp/said 2>&1
	echo "$begun $(now)" | awk '{ printf "%d\n", ($2 - $1) * 1000 }'
}

# ours: the names of all tunnels.
ours() {
	/programs/ip -o link | sed -n 's/^[0-9]*: \(wg-[^:]*\):.*/\1/p'
}

show_each() {
	for i in $(ours); do
		/programs/wg show $i
	done
}

up_each() {
	for f in /etc/wireguard/*.conf; do
		f=${f##*/}
		/programs/wg-quick up ${f%.conf} || return 1
	done
}

agent 500 >/dev/null
idle=$(agent --repeat 20 500 | sed -n 's/^median ms //p')
echo "idle500 $idle $(took show_each)"
for i in $(ours); do
	/programs/ip link delete $i
done

ln -s /programs/bash /bin/bash
mkdir -p /etc/wireguard /etc/meetme
(umask 077 && /programs/wg genkey >/etc/meetme/wg.key)
agent --links 99 --wg-quick /etc/wireguard 0
agent=$(took agent --links 99 0)
[ "$(ours | wc -l)" = 99 ] || cat /tmp/said
more=$(agent --links 99 --grow --repeat 11 0 | sed -n 's/^median ms //p')
echo "more99 $more 50"
for i in $(ours); do
	/programs/ip link delete $i
done
quick=$(took up_each)
[ "$(ours | wc -l)" = 99 ] || tail /tmp/said
echo "links99 $agent $quick"
