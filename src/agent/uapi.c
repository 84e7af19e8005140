#include "agent/uapi.h"

#include <errno.h>
#include <string.h>

#include "base/num.h"

#define ERRNO_MAX 4095

/* Where the parser stands: the value of a line, the peer it belongs to. */
struct reader {
	struct wg_device device;
	struct wg_peer *peer; /* NULL before the first */
	struct wg_peer beyond; /* what is not kept goes here */
	int error; /* what "errno" said */
	bool ended; /* it was there */
};

struct value {
	const char *text;
	size_t len;
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int
take_key(struct wgkey *out, struct value v)
{
	if (v.len != 2 * WGKEY_LEN)
		return -EBADMSG;
	for (size_t i = 0; i < WGKEY_LEN; i++) {
		int hi = hex_digit(v.text[2 * i]);
		int lo = hex_digit(v.text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -EBADMSG;
		out->byte[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

static int
take_u64(uint64_t *out, struct value v)
{
	uint64_t n = 0;

	if (v.len == 0 || v.len > 20)
		return -EBADMSG;
	for (size_t i = 0; i < v.len; i++) {
		unsigned digit = (unsigned)v.text[i] - '0';

		if (digit > 9 || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, digit, &n))
			return -EBADMSG;
	}
	*out = n;
	return 0;
}

static int
take_u16(uint16_t *out, struct value v)
{
	uint32_t n;

	if (num_parse(&n, v.text, v.len, 0, UINT16_MAX) != 0)
		return -EBADMSG;
	*out = (uint16_t)n;
	return 0;
}

/* "192.0.2.1:51820", "[2001:db8::1]:51820", "[fe80::1%eth0]:51820" */
static int
take_endpoint(struct wg_peer *p, struct value v)
{
	const char *colon = memrchr(v.text, ':', v.len);
	const char *from = v.text, *to = colon, *zone;
	uint16_t port;

	if (colon == NULL)
		return -EBADMSG;
	if (from < to && *from == '[') {
		from++;
		if (*--to != ']')
			return -EBADMSG;
	}
	zone = memchr(from, '%', (size_t)(to - from));
	if (zone != NULL)
		to = zone;
	v.len -= (size_t)(colon + 1 - v.text);
	v.text = colon + 1;
	if (take_u16(&port, v) != 0 ||
	    ip_parse(&p->endpoint, from, (size_t)(to - from)) != 0)
		return -EBADMSG;
	p->port = port;
	return 0;
}

static int
take_handshake(struct wg_peer *p, struct value v)
{
	uint64_t sec;

	if (take_u64(&sec, v) != 0 || sec > INT64_MAX)
		return -EBADMSG;
	p->handshake = (int64_t)sec;
	return 0;
}

static int
take_allowed(struct wg_peer *p, struct value v)
{
	struct prefix prefix;

	if (prefix_parse(&prefix, v.text, v.len) != 0)
		return -EBADMSG;
	if (p->n_allowed < WG_ALLOWED_MAX)
		p->allowed[p->n_allowed] = prefix;
	p->n_allowed++;
	return 0;
}

static int
take_errno(struct reader *r, struct value v)
{
	uint32_t n;

	/* wireguard-go answers with a sign before the number. */
	if (v.len > 0 && v.text[0] == '-') {
		v.text++;
		v.len--;
	}
	if (num_parse(&n, v.text, v.len, 0, ERRNO_MAX) != 0)
		return -EBADMSG;
	r->error = -(int)n;
	r->ended = true;
	return 0;
}

static int
take_peer(struct reader *r, struct value v)
{
	size_t n = r->device.n_peers++;

	memset(&r->beyond, 0, sizeof(r->beyond));
	r->peer = n < WG_PEERS_MAX ? &r->device.peers[n] : &r->beyond;
	return take_key(&r->peer->key, v);
}

static bool
is_key(const char *line, size_t len, const char *key)
{
	return len == strlen(key) && memcmp(line, key, len) == 0;
}

static int
take_peer_line(struct wg_peer *p, const char *line, size_t key, struct value v)
{
	if (is_key(line, key, "preshared_key"))
		return take_key(&p->psk, v);
	if (is_key(line, key, "endpoint"))
		return take_endpoint(p, v);
	if (is_key(line, key, "persistent_keepalive_interval"))
		return take_u16(&p->keepalive, v);
	if (is_key(line, key, "last_handshake_time_sec"))
		return take_handshake(p, v);
	if (is_key(line, key, "rx_bytes"))
		return take_u64(&p->rx, v);
	if (is_key(line, key, "tx_bytes"))
		return take_u64(&p->tx, v);
	if (is_key(line, key, "allowed_ip"))
		return take_allowed(p, v);
	return 0; /* a newer device may say more */
}

static int
take_line(struct reader *r, const char *line, size_t len)
{
	const char *equals = memchr(line, '=', len);
	struct value v;
	size_t key;

	if (equals == NULL || r->ended)
		return -EBADMSG;
	key = (size_t)(equals - line);
	v = (struct value){ equals + 1, len - key - 1 };
	if (is_key(line, key, "errno"))
		return take_errno(r, v);
	if (is_key(line, key, "public_key"))
		return take_peer(r, v);
	if (r->peer != NULL)
		return take_peer_line(r->peer, line, key, v);
	if (is_key(line, key, "private_key"))
		return take_key(&r->device.private_key, v);
	if (is_key(line, key, "listen_port"))
		return take_u16(&r->device.listen_port, v);
	return 0;
}

bool
uapi_complete(const char *text, size_t len)
{
	return len >= 2 && text[len - 1] == '\n' && text[len - 2] == '\n';
}

int
uapi_parse(struct wg_device *out, const char *text, size_t len)
{
	struct reader r = { .peer = NULL };
	int rc = -EBADMSG;

	if (!uapi_complete(text, len))
		goto out;
	for (len--; len > 0;) {
		const char *end = memchr(text, '\n', len);
		size_t line;

		if (end == NULL)
			goto out;
		line = (size_t)(end - text);
		if (take_line(&r, text, line) != 0)
			goto out;
		text += line + 1;
		len -= line + 1;
	}
	if (!r.ended)
		goto out;
	rc = r.error;
	if (rc == 0 && out != NULL)
		*out = r.device;
out:
	explicit_bzero(&r, sizeof(r));
	return rc;
}

static void
print_key(FILE *f, const char *name, const struct wgkey *key)
{
	fprintf(f, "%s=", name);
	for (size_t i = 0; i < WGKEY_LEN; i++)
		fprintf(f, "%02x", key->byte[i]);
	putc('\n', f);
}

static void
print_peer(FILE *f, const struct wg_change *c, const struct wg_peer *p)
{
	char text[PREFIX_TEXT_MAX];
	bool v4 = p->endpoint.family == 4;

	print_key(f, "public_key", &p->key);
	if (c->psk)
		print_key(f, "preshared_key", &p->psk);
	if (c->endpoint)
		fprintf(f, v4 ? "endpoint=%s:%u\n" : "endpoint=[%s]:%u\n",
		    ip_text(&p->endpoint, text), (unsigned)p->port);
	if (c->keepalive)
		fprintf(f, "persistent_keepalive_interval=%u\n",
		    (unsigned)p->keepalive);
	if (!c->allowed)
		return;
	fprintf(f, "replace_allowed_ips=true\n");
	for (size_t i = 0; i < p->n_allowed; i++)
		fprintf(
		    f, "allowed_ip=%s\n", prefix_text(&p->allowed[i], text));
}

void
uapi_print(FILE *f, const struct wg_change *c)
{
	fprintf(f, "set=1\n");
	if (c->private_key)
		print_key(f, "private_key", &c->want->private_key);
	if (c->listen_port)
		fprintf(f, "listen_port=%u\n", (unsigned)c->want->listen_port);
	if (c->replace_peers)
		fprintf(f, "replace_peers=true\n");
	for (size_t i = 0; i < c->n_remove; i++) {
		print_key(f, "public_key", &c->remove[i]);
		fprintf(f, "remove=true\n");
	}
	if (c->peer)
		print_peer(f, c, &c->want->peers[0]);
	putc('\n', f);
}
