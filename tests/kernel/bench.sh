# 500 peerings on the kernel's WireGuard, beside a loop of `wg show`.
now() {
	cut -d ' ' -f 1 /proc/uptime
}
first=$(/programs/agent_apply --no-bird --host 2001:db8::7 500 2>/dev/null)
echo "500 peerings made: $first"
/programs/agent_apply --no-bird --host 2001:db8::7 --repeat 20 500 2>/dev/null |
	sed -n 's/^median/500 peerings, a converge that changes nothing:/p'
begin=$(now)
for i in $(/programs/ip -o link | sed -n 's/^[0-9]*: \(wg-as[0-9]*\):.*/\1/p'); do
	/programs/wg show $i >/dev/null
done
end=$(now)
echo "500 times wg show: ms $(echo "$begin $end" |
	awk '{ print ($2 - $1) * 1000 }')"
