#include "agent/echo.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER	    (2 << 20) /* each way: 999 POPs at one moment */
#define RANDOM_FROM 4 /* behind type, code and checksum */

int
echo_open(void)
{
	const int on = 1, room = BUFFER;
	struct icmp6_filter filter;
	int fd, rc;

	fd = socket(
	    AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (fd < 0)
		return -errno;
	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
		sizeof(filter)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)) !=
		0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) !=
		0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}

int
echo_make(struct echo *e, uint32_t index, const struct ip *to)
{
	struct echo made = { .index = index, .to = *to };
	const size_t len = ECHO_LEN - RANDOM_FROM;

	if (index == 0 || !ip_is_link_local(to))
		return -EINVAL;
	made.message[0] = ICMP6_ECHO_REQUEST;
	if (getrandom(made.message + RANDOM_FROM, len, 0) != (ssize_t)len)
		return -EIO;
	*e = made;
	return 0;
}

int
echo_send(int fd, const struct echo *e)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
		.sin6_scope_id = e->index };

	memcpy(&to.sin6_addr, e->to.byte, sizeof(to.sin6_addr));
	return sendto(fd, e->message, ECHO_LEN, 0, (struct sockaddr *)&to,
		   sizeof(to)) == ECHO_LEN
		   ? 0
		   : -errno;
}

bool
echo_answers(const struct echo *e, uint32_t index, const struct ip *from,
    const uint8_t *message, size_t len)
{
	return len == ECHO_LEN && index == e->index &&
	       ip_cmp(from, &e->to) == 0 && message[0] == ICMP6_ECHO_REPLY &&
	       message[1] == 0 &&
	       memcmp(message + RANDOM_FROM, e->message + RANDOM_FROM,
		   ECHO_LEN - RANDOM_FROM) == 0;
}
