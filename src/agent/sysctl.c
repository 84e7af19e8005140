#include "agent/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/num.h"
#include "plan/sysctl.h"

#define ROOT	  "/proc/sys/"
#define PATH_SIZE 128
#define VALUE_MAX 32

/* One setting on its way. */
struct sysctl {
	const struct link_table *links;
	bool (*is_ours)(const struct link *l);
	unsigned *written;
	char path[PATH_SIZE];
	char value[VALUE_MAX]; /* as it is */
};

static int
get(const char *path, char value[VALUE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, value, VALUE_MAX - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	value[n] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return 0;
}

static int
put(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		rc = -errno;
	close(fd);
	if (rc == 0)
		log_info("%s: set to %s", path + sizeof(ROOT) - 1, value);
	return rc;
}

/* The setting of an interface, or of "default". */
static int
put_conf(
    const char *family, const char *ifname, const char *name, uint32_t value)
{
	char path[PATH_SIZE], text[VALUE_MAX];

	snprintf(
	    path, sizeof(path), ROOT "net/%s/conf/%s/%s", family, ifname, name);
	snprintf(text, sizeof(text), "%u", (unsigned)value);
	return put(path, text);
}

int
sysctl_accept_ra(const char *ifname, uint32_t value)
{
	return put_conf("ipv6", ifname, "accept_ra", value);
}

/* None that the kernel shows is no number. */
static uint32_t
number(const char *value)
{
	uint32_t n = 0;

	num_parse(&n, value, strlen(value), 0, UINT32_MAX);
	return n;
}

/* An interface that goes meanwhile has nothing to keep. */
static int
kept(struct sysctl *s, int rc)
{
	(*s->written)++;
	return rc == -ENOENT ? 0 : rc;
}

/*
 * A router takes no router advertisements, and forgets its routes that come
 * of them, but where accept_ra is 2.
 */
static int
keep_accept_ra(struct sysctl *s)
{
	const struct link_table *t = s->links;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < t->n_links; i++) {
		const struct link *l = &t->links[i];

		if (l->takes_ra && l->accept_ra == 1 && !s->is_ours(l))
			rc = kept(s, sysctl_accept_ra(l->name, 2));
	}
	return rc;
}

/* The higher of "all" and an interface's own is in effect. */
static int
keep_rp_filter(struct sysctl *s)
{
	static const char by_default[] = ROOT "net/ipv4/conf/default/rp_filter";
	const struct link_table *t = s->links;
	uint32_t all = number(s->value);
	char value[VALUE_MAX];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < t->n_links; i++) {
		const struct link *l = &t->links[i];

		if (l->rp_filter < all && !s->is_ours(l))
			rc = kept(
			    s, put_conf("ipv4", l->name, "rp_filter", all));
	}
	if (rc == 0)
		rc = get(by_default, value);
	if (rc == 0 && number(value) < all)
		rc = kept(s, put_conf("ipv4", "default", "rp_filter", all));
	return rc;
}

static int
keep(struct sysctl *s, const char *name)
{
	static const struct {
		const char *name;
		int (*keep)(struct sysctl *s);
	} keepers[] = {
		{ "net.ipv6.conf.all.forwarding", keep_accept_ra },
		{ "net.ipv4.conf.all.rp_filter", keep_rp_filter },
	};

	for (size_t i = 0; i < sizeof(keepers) / sizeof(keepers[0]); i++)
		if (strcmp(keepers[i].name, name) == 0)
			return keepers[i].keep(s);
	return 0;
}

static int
apply(struct sysctl *s, const struct plan_sysctl *want)
{
	int rc;

	snprintf(s->path, sizeof(s->path), ROOT "%s", want->name);
	for (char *c = s->path; *c != '\0'; c++)
		if (*c == '.')
			*c = '/';
	rc = get(s->path, s->value);
	if (rc != 0 || strcmp(s->value, want->value) == 0)
		return rc;
	rc = keep(s, want->name);
	if (rc != 0)
		return rc;
	(*s->written)++;
	return put(s->path, want->value);
}

void
sysctl_apply(const struct link_table *links,
    bool (*is_ours)(const struct link *l), unsigned *written,
    struct result *out)
{
	struct sysctl s = { links, is_ours, written, "", "" };

	*out = (struct result){ WIRE_APPLIED, "" };
	for (const struct plan_sysctl *p = plan_sysctls; p->name != NULL; p++) {
		int rc = apply(&s, p);

		if (rc != 0)
			result_fail(out, WIRE_REFUSED,
			    "%s cannot be set to %s: %s", p->name, p->value,
			    strerror(-rc));
	}
}
