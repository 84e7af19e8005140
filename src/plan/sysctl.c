#include "plan/sysctl.h"

/*
 * Between networks the way back is often another one, which a strict filter
 * of reverse paths (RFC 3704) drops. The kernel uses the higher of "all" and
 * the interface's own; the tunnels' own are set with them.
 */
const struct plan_sysctl plan_sysctls[] = {
	{ "net.ipv4.ip_forward", "1", "A POP is a router." },
	{ "net.ipv6.conf.all.forwarding", "1", "A POP is a router." },
	{ "net.ipv4.conf.all.rp_filter", "0",
	    "The way back is often another one." },
	{ 0 },
};
