#include "base/frame.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fault.h"

#define HEADER_LEN 8

int
frame_send(struct bufferevent *to, uint32_t type, const struct pack *body)
{
	size_t len = body != NULL ? body->len : 0;
	uint32_t header[2] = { htonl(type), htonl((uint32_t)len) };
	struct evbuffer *out = bufferevent_get_output(to);

	if (len > FRAME_MAX || (body != NULL && body->failed))
		return FAULT_SYSTEM;
	if (evbuffer_expand(out, HEADER_LEN + len) != 0)
		return FAULT_SYSTEM;
	evbuffer_add(out, header, HEADER_LEN);
	if (len > 0)
		evbuffer_add(out, body->data, len);
	return 0;
}

int
frame_peek(struct evbuffer *in, uint32_t *type, struct unpack *body)
{
	uint32_t header[2], len;
	uint8_t *data;

	if (evbuffer_copyout(in, header, HEADER_LEN) < HEADER_LEN)
		return 0;
	len = ntohl(header[1]);
	if (len > FRAME_MAX)
		return FAULT_INVALID;
	if (evbuffer_get_length(in) < HEADER_LEN + len)
		return 0;
	data = evbuffer_pullup(in, (ssize_t)(HEADER_LEN + len));
	if (data == NULL)
		return FAULT_INVALID;
	*type = ntohl(header[0]);
	unpack_init(body, data + HEADER_LEN, len);
	return 1;
}

void
frame_drop(struct evbuffer *in)
{
	uint32_t header[2];

	if (evbuffer_copyout(in, header, HEADER_LEN) == HEADER_LEN)
		evbuffer_drain(in, HEADER_LEN + ntohl(header[1]));
}

/* Room for one descriptor, aligned as CMSG_FIRSTHDR wants it. */
union control {
	struct cmsghdr align;
	char room[CMSG_SPACE(sizeof(int))];
};

int
packet_send(int sock, uint32_t type, const struct pack *body, int fd)
{
	uint32_t head = htonl(type);
	struct iovec iov[2] = { { &head, sizeof(head) } };
	union control control = { 0 };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 1 };

	if (body != NULL &&
	    (body->failed || body->len > PACKET_MAX - sizeof(head)))
		return FAULT_SYSTEM;
	if (body != NULL && body->len > 0) {
		iov[1] = (struct iovec){ body->data, body->len };
		msg.msg_iovlen = 2;
	}
	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control.room);
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	while (sendmsg(sock, &msg, MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		if (errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN)
			return FAULT_AWAY;
		return errno == EAGAIN ? FAULT_LIMIT : FAULT_SYSTEM;
	}
	return 0;
}

static int
take_descriptor(struct msghdr *msg)
{
	int fd = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL;
	     c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
		    c->cmsg_len == CMSG_LEN(sizeof(int)))
			memcpy(&fd, CMSG_DATA(c), sizeof(int));
	}
	return fd;
}

int
packet_recv(int sock, uint8_t buf[PACKET_MAX], uint32_t *type,
    struct unpack *body, int *fd)
{
	struct iovec iov = { buf, PACKET_MAX };
	union control control;
	/* The padding of the room would hold a second descriptor: not told. */
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_LEN(sizeof(int)) };
	ssize_t n;

	do
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return 0;
	if (n < 0)
		return FAULT_AWAY;
	*fd = take_descriptor(&msg);
	if (n == 0 && *fd < 0)
		return FAULT_AWAY;
	if (n < 4 || (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
		return FAULT_INVALID;
	}
	unpack_init(body, buf, (size_t)n);
	*type = unpack_u32(body);
	return 1;
}
