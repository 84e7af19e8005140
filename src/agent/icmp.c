#include "agent/icmp.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define BUFFER	(2 << 20) /* each way: 999 POPs at one moment */
#define LATE_US 4000000 /* no packet waits for us that long */

static int
set_filter(int fd, unsigned family, enum icmp_use use)
{
	struct icmp_filter filter4 = { ~(1U << ICMP_ECHOREPLY) };
	struct icmp6_filter filter6;
	const int on = 1;

	ICMP6_FILTER_SETBLOCKALL(&filter6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter6);
	if (use == ICMP_TRACES) {
		filter4.data &=
		    ~(1U << ICMP_DEST_UNREACH | 1U << ICMP_TIME_EXCEEDED);
		ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter6);
		ICMP6_FILTER_SETPASS(ICMP6_TIME_EXCEEDED, &filter6);
	}
	if (family == 4)
		return setsockopt(
		    fd, SOL_RAW, ICMP_FILTER, &filter4, sizeof(filter4));
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter6,
		sizeof(filter6)) != 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on));
}

static int
set_buffers(int fd)
{
	const int room = BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) !=
	    0)
		return -1;
	return setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
}

int
icmp_open(unsigned family, enum icmp_use use)
{
	const int type = SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, on = 1;
	int fd, rc;

	fd = family == 4 ? socket(AF_INET, type, IPPROTO_ICMP)
			 : socket(AF_INET6, type, IPPROTO_ICMPV6);
	if (fd < 0)
		return -errno;
	if (set_filter(fd, family, use) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0 ||
	    (use == ICMP_PINGS && set_buffers(fd) != 0)) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}

/*
 * What the kernel notes beside a packet: the hop limit that was left, and when
 * it came. That is as long ago as it has waited for us since; now, if it has
 * no stamp, or an odd one, as when the time of day was set meanwhile.
 */
static void
take_notes(struct icmp_packet *p, struct msghdr *msg)
{
	int64_t now = clock_mono_us(), waited = 0;
	struct timespec then, real;
	int hops = 0;

	clock_gettime(CLOCK_REALTIME, &real);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
	     c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET &&
		    c->cmsg_type == SCM_TIMESTAMPNS &&
		    c->cmsg_len == CMSG_LEN(sizeof(then))) {
			memcpy(&then, CMSG_DATA(c), sizeof(then));
			waited =
			    (int64_t)(real.tv_sec - then.tv_sec) * 1000000 +
			    (real.tv_nsec - then.tv_nsec) / 1000;
		}
		if (c->cmsg_level == IPPROTO_IPV6 &&
		    c->cmsg_type == IPV6_HOPLIMIT &&
		    c->cmsg_len == CMSG_LEN(sizeof(hops)))
			memcpy(&hops, CMSG_DATA(c), sizeof(hops));
	}
	p->hops = (uint8_t)hops;
	p->at = waited < 0 || waited > LATE_US ? now : now - waited;
}

bool
icmp_read(int fd, unsigned family, struct icmp_packet *p)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(struct timespec)) +
			  CMSG_SPACE(sizeof(int))];
	} control;
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} from = { 0 };
	struct iovec iov = { p->byte, sizeof(p->byte) };
	struct msghdr msg = { .msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.room) };
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT);

	if (n < 0)
		return false;
	p->len = (size_t)n;
	p->from = (struct ip){ .family = (uint8_t)family };
	if (family == 4)
		memcpy(p->from.byte, &from.in.sin_addr, 4);
	else
		memcpy(p->from.byte, &from.in6.sin6_addr, 16);
	p->index = family == 4 ? 0 : from.in6.sin6_scope_id;
	take_notes(p, &msg);
	return true;
}
