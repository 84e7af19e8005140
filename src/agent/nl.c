#include "agent/nl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEND_MAX    (32U << 10)
#define MESSAGE_MAX 8192 /* room that each message begun may count on */
#define RECV_MAX    (32U << 10) /* a dump's packet is at most this long */

struct nl {
	struct mnl_socket *sock;
	uint32_t seq; /* of the last message begun */
	size_t used; /* bytes of `out` that are messages */
	unsigned n; /* messages begun */
	struct nlmsghdr *last;
	_Alignas(8) uint8_t out[SEND_MAX];
	_Alignas(8) uint8_t in[RECV_MAX];
};

int
nl_open(struct nl **out, int bus)
{
	struct nl *nl = malloc(sizeof(*nl));
	int one = 1, rc = -ENOMEM;

	if (nl == NULL)
		return rc;
	memset(nl, 0, offsetof(struct nl, out));
	nl->seq = (uint32_t)time(NULL);
	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (nl->sock == NULL) {
		rc = -errno;
		goto out;
	}
	/* Answers without a copy of the request; filters in the kernel. */
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(
	    nl->sock, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) != 0) {
		rc = -errno;
		goto out;
	}
	*out = nl;
	nl = NULL;
	rc = 0;
out:
	nl_close(nl);
	return rc;
}

void
nl_close(struct nl *nl)
{
	if (nl == NULL)
		return;
	if (nl->sock != NULL)
		mnl_socket_close(nl->sock);
	explicit_bzero(nl, sizeof(*nl)); /* keys went through it */
	free(nl);
}

static size_t
aligned(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

/* The length of the last message grows until the next one begins. */
static void
close_last(struct nl *nl)
{
	if (nl->last == NULL)
		return;
	nl->used += aligned(nl->last->nlmsg_len);
	nl->last = NULL;
}

struct nlmsghdr *
nl_begin(struct nl *nl, uint16_t type, uint16_t flags)
{
	close_last(nl);
	if (nl->used + MESSAGE_MAX > sizeof(nl->out))
		abort(); /* a batch is a handful of messages, by design */
	nl->last = mnl_nlmsg_put_header(nl->out + nl->used);
	nl->last->nlmsg_type = type;
	nl->last->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	nl->last->nlmsg_seq = ++nl->seq;
	nl->n++;
	return nl->last;
}

static int
send_all(struct nl *nl)
{
	ssize_t n;

	close_last(nl);
	n = mnl_socket_sendto(nl->sock, nl->out, nl->used);
	explicit_bzero(nl->out, nl->used);
	nl->used = 0;
	nl->n = 0;
	return n < 0 ? -errno : 0;
}

/* What one message of an answer means for the whole. */
struct answer {
	uint32_t seq;
	mnl_cb_t cb;
	void *arg;
	bool done;
	int rc;
};

static void
keep_first(struct answer *a, int rc)
{
	if (a->rc == 0 && rc < 0)
		a->rc = rc;
}

static void
take_message(struct answer *a, const struct nlmsghdr *h)
{
	const int *code = mnl_nlmsg_get_payload(h); /* of ERROR and DONE */
	bool coded = mnl_nlmsg_get_payload_len(h) >= sizeof(*code);

	if (h->nlmsg_seq != a->seq)
		return; /* late: of a request given up */
	if ((h->nlmsg_flags & NLM_F_DUMP_INTR) != 0)
		keep_first(a, -EINTR);
	if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
		a->done = true;
		if (coded)
			keep_first(a, *code);
		return;
	}
	if (h->nlmsg_type < NLMSG_MIN_TYPE)
		return;
	a->done = (h->nlmsg_flags & NLM_F_MULTI) == 0;
	if (a->cb != NULL && a->rc == 0)
		keep_first(a, a->cb(h, a->arg));
}

/* Reads to the end of the answer, also after a failure in the middle. */
static int
receive(struct nl *nl, struct answer *a)
{
	while (!a->done) {
		ssize_t n =
		    mnl_socket_recvfrom(nl->sock, nl->in, sizeof(nl->in));
		const struct nlmsghdr *h = (const struct nlmsghdr *)nl->in;
		int left = (int)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			take_message(a, h);
	}
	return a->rc;
}

int
nl_commit(struct nl *nl)
{
	unsigned n = nl->n;
	size_t at = 0;
	int rc;

	close_last(nl);
	for (unsigned i = 0; i < n; i++) {
		struct nlmsghdr *h = (struct nlmsghdr *)(nl->out + at);

		h->nlmsg_flags |= NLM_F_ACK;
		at += aligned(h->nlmsg_len);
	}
	rc = send_all(nl);
	if (rc != 0)
		return rc;
	for (unsigned i = 0; i < n; i++) {
		struct answer a = { .seq = nl->seq - n + 1 + i };
		int one = receive(nl, &a);

		if (rc == 0)
			rc = one;
	}
	return rc;
}

int
nl_ask(struct nl *nl, mnl_cb_t cb, void *arg)
{
	struct answer a = { .cb = cb, .arg = arg };
	int rc;

	rc = send_all(nl);
	a.seq = nl->seq;
	return rc != 0 ? rc : receive(nl, &a);
}

struct attr_table {
	const struct nlattr **table;
	uint16_t max;
};

static int
take_attr(const struct nlattr *a, void *arg)
{
	struct attr_table *t = arg;
	uint16_t type = mnl_attr_get_type(a);

	if (type <= t->max)
		t->table[type] = a;
	return MNL_CB_OK;
}

void
nl_attrs(const struct nlmsghdr *h, size_t offset, const struct nlattr *table[],
    uint16_t max)
{
	struct attr_table t = { table, max };

	memset(table, 0, (max + 1U) * sizeof(*table));
	mnl_attr_parse(h, (unsigned)offset, take_attr, &t);
}

void
nl_nested(const struct nlattr *nest, const struct nlattr *table[], uint16_t max)
{
	struct attr_table t = { table, max };

	memset(table, 0, (max + 1U) * sizeof(*table));
	if (nest != NULL)
		mnl_attr_parse_nested(nest, take_attr, &t);
}

void
nl_ip(struct ip *out, const struct nlattr *a)
{
	size_t len = a != NULL ? mnl_attr_get_payload_len(a) : 0;

	if (len != 4 && len != 16)
		return;
	out->family = len == 4 ? 4 : 6;
	memcpy(out->byte, mnl_attr_get_payload(a), len);
}
