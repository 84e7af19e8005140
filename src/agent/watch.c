#include "agent/watch.h"

#include <errno.h>
#include <event2/event.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>

#define RECV_MAX (32U << 10)

struct watch {
	struct watch_args args;
	struct mnl_socket *sock;
	struct event *readable;
	_Alignas(8) uint8_t buf[RECV_MAX];
};

/* A new link is down too, but nobody took it down. */
static bool
was_taken_down(const struct ifinfomsg *ifi)
{
	return ifi->ifi_change != ~0U && (ifi->ifi_change & IFF_UP) != 0 &&
	       (ifi->ifi_flags & IFF_UP) == 0;
}

static bool
is_loss(const struct watch *w, const struct nlmsghdr *h)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(h);
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(h);

	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
		return was_taken_down(ifi) &&
		       w->args.is_ours(w->args.arg, (uint32_t)ifi->ifi_index);
	case RTM_DELLINK:
		return w->args.is_ours(w->args.arg, (uint32_t)ifi->ifi_index);
	case RTM_DELADDR:
		return w->args.is_ours(w->args.arg, ifa->ifa_index);
	default:
		return false;
	}
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;
	bool loss = false;
	ssize_t n;

	(void)fd;
	(void)what;
	while ((n = mnl_socket_recvfrom(w->sock, w->buf, sizeof(w->buf))) > 0) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)w->buf;
		int left = (int)n;

		for (; mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left))
			loss = loss || is_loss(w, h);
	}
	/* More came than was kept for us: something may be lost. */
	if (n < 0 && errno == ENOBUFS)
		loss = true;
	if (loss)
		w->args.changed(w->args.arg);
}

int
watch_open(struct watch **out, const struct watch_args *args)
{
	struct watch *w = calloc(1, sizeof(*w));
	int rc = -ENOMEM;

	if (w == NULL)
		return rc;
	w->args = *args;
	w->sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (w->sock == NULL ||
	    mnl_socket_bind(w->sock,
		RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
		MNL_SOCKET_AUTOPID) != 0) {
		rc = -errno;
		goto out;
	}
	w->readable = event_new(args->base, mnl_socket_get_fd(w->sock),
	    EV_READ | EV_PERSIST, on_readable, w);
	if (w->readable == NULL || event_add(w->readable, NULL) != 0)
		goto out;
	*out = w;
	w = NULL;
	rc = 0;
out:
	watch_close(w);
	return rc;
}

void
watch_close(struct watch *w)
{
	if (w == NULL)
		return;
	if (w->readable != NULL)
		event_free(w->readable);
	if (w->sock != NULL)
		mnl_socket_close(w->sock);
	free(w);
}
