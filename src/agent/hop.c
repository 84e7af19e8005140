#include "agent/hop.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#define HEADER_4 20 /* of IPv4, without options */
#define HEADER_6 40
#define QUOTED	 8 /* bytes of our message that an error has at least */

static uint16_t
get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void
put16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

int
hop_request_make(struct hop_request *r, const struct ip *to, uint32_t index)
{
	struct hop_request made = { .to = *to, .index = index };
	uint8_t bytes[HOP_DATA_LEN + 4];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return -EIO;
	memcpy(made.data, bytes, HOP_DATA_LEN);
	made.id = get16(bytes + HOP_DATA_LEN);
	made.sequence = get16(bytes + HOP_DATA_LEN + 2);
	*r = made;
	return 0;
}

/* RFC 1071; the kernel makes the one of ICMPv6. */
static uint16_t
checksum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < len; i += 2)
		sum += get16(data + i);
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
write_message(uint8_t out[HOP_LEN], const struct hop_request *r, unsigned nth)
{
	memset(out, 0, HOP_LEN);
	out[0] = r->to.family == 4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
	put16(out + 4, r->id);
	put16(out + 6, r->sequence + nth);
	memcpy(out + 8, r->data, HOP_DATA_LEN);
	if (r->to.family == 4)
		put16(out + 2, checksum(out, HOP_LEN));
}

static socklen_t
write_address(struct sockaddr_storage *out, const struct hop_request *r)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
		.sin6_scope_id = r->index };

	if (r->to.family == 4) {
		memcpy(&in.sin_addr, r->to.byte, sizeof(in.sin_addr));
		memcpy(out, &in, sizeof(in));
		return sizeof(in);
	}
	memcpy(&in6.sin6_addr, r->to.byte, sizeof(in6.sin6_addr));
	memcpy(out, &in6, sizeof(in6));
	return sizeof(in6);
}

/* A note to the kernel, at the end of those that are there. */
static void
add_note(struct msghdr *msg, int level, int type, const void *data, size_t len)
{
	struct cmsghdr *c =
	    (void *)((char *)msg->msg_control + msg->msg_controllen);

	c->cmsg_level = level;
	c->cmsg_type = type;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), data, len);
	msg->msg_controllen += CMSG_SPACE(len);
}

int
hop_send(int fd, const struct hop_request *r, unsigned nth, unsigned limit)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int)) +
			  CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { 0 };
	const struct in_pktinfo way = { .ipi_ifindex = (int)r->index };
	const bool four = r->to.family == 4;
	const int hops = (int)limit;
	uint8_t message[HOP_LEN];
	struct sockaddr_storage to;
	struct iovec iov = { message, HOP_LEN };
	struct msghdr msg = { .msg_name = &to,
		.msg_namelen = write_address(&to, r),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control };

	write_message(message, r, nth);
	if (limit > 0)
		add_note(&msg, four ? IPPROTO_IP : IPPROTO_IPV6,
		    four ? IP_TTL : IPV6_HOPLIMIT, &hops, sizeof(hops));
	if (four && r->index != 0) /* in IPv6 the address says it */
		add_note(&msg, IPPROTO_IP, IP_PKTINFO, &way, sizeof(way));
	return sendmsg(fd, &msg, 0) == HOP_LEN ? 0 : -errno;
}

/* Takes an IPv4 header off. False: it is not whole, or of no ICMP. */
static bool
skip_header_4(const uint8_t **at, size_t *len)
{
	size_t header;

	if (*len < HEADER_4 || (*at)[0] >> 4 != 4)
		return false;
	header = (size_t)((*at)[0] & 15) * 4;
	if (header < HEADER_4 || header > *len || (*at)[9] != IPPROTO_ICMP)
		return false;
	*at += header;
	*len -= header;
	return true;
}

/* Is what an error quotes the beginning of one of our requests? */
static bool
quotes(const struct hop_request *r, const uint8_t *at, size_t len)
{
	if (r->to.family == 4) {
		if (len < HEADER_4 || memcmp(at + 16, r->to.byte, 4) != 0 ||
		    !skip_header_4(&at, &len))
			return false;
		return len >= QUOTED && at[0] == ICMP_ECHO &&
		       get16(at + 4) == r->id;
	}
	if (len < HEADER_6 + QUOTED || at[0] >> 4 != 6 ||
	    at[6] != IPPROTO_ICMPV6 || memcmp(at + 24, r->to.byte, 16) != 0)
		return false;
	at += HEADER_6;
	return at[0] == ICMP6_ECHO_REQUEST && get16(at + 4) == r->id;
}

/* The sequence number of the request that an error quotes; see quotes(). */
static uint16_t
quoted_sequence(const struct hop_request *r, const uint8_t *at)
{
	if (r->to.family == 4)
		return get16(at + (size_t)(at[0] & 15) * 4 + 6);
	return get16(at + HEADER_6 + 6);
}

static bool
find_kind(enum hop_kind *out, unsigned family, uint8_t type, uint8_t code)
{
	const bool four = family == 4;

	if (type == (four ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY) && code == 0)
		*out = HOP_REPLY;
	else if (type == (four ? ICMP_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED) &&
		 code == 0)
		*out = HOP_EXPIRED;
	else if (type == (four ? ICMP_DEST_UNREACH : ICMP6_DST_UNREACH))
		*out = HOP_UNREACHABLE;
	else
		return false;
	return true;
}

bool
hop_answers(struct hop_answer *out, const struct hop_request *r, unsigned n,
    const struct icmp_packet *packet)
{
	struct hop_answer a = { .hops = packet->hops };
	const uint8_t *at = packet->byte;
	size_t len = packet->len;
	uint16_t sequence;

	if (packet->from.family != r->to.family ||
	    (packet->index != 0 && r->index != 0 && packet->index != r->index))
		return false;
	if (r->to.family == 4) {
		a.hops = len > 8 ? at[8] : 0;
		if (!skip_header_4(&at, &len))
			return false;
	}
	if (len < QUOTED || !find_kind(&a.kind, r->to.family, at[0], at[1]))
		return false;
	if (a.kind == HOP_REPLY) {
		if (len != HOP_LEN || ip_cmp(&packet->from, &r->to) != 0 ||
		    get16(at + 4) != r->id ||
		    memcmp(at + 8, r->data, HOP_DATA_LEN) != 0)
			return false;
		sequence = get16(at + 6);
	} else {
		if (!quotes(r, at + QUOTED, len - QUOTED))
			return false;
		sequence = quoted_sequence(r, at + QUOTED);
		a.code = at[1];
	}
	a.nth = (uint16_t)(sequence - r->sequence);
	if (a.nth >= n)
		return false;
	*out = a;
	return true;
}
