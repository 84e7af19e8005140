#ifndef PLAN_SYSCTL_H
#define PLAN_SYSCTL_H

#include <stddef.h>

/* What the kernel must be set to on any router, as sysctl(8) has it. */
struct plan_sysctl {
	const char *name; /* "net.ipv4.ip_forward" */
	const char *value;
	const char *why; /* one line */
};

/* Closed by one without a name. */
extern const struct plan_sysctl plan_sysctls[];

#endif
