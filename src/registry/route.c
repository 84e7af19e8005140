#include "registry/route.h"

#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "registry/object.h"

const char *
route_class(unsigned family)
{
	return family == 4 ? "route" : "route6";
}

static int
wrong(struct fault *f, const char *why)
{
	return fault_set(f, FAULT_INVALID, NULL, "%s", why);
}

static int
parse_name(struct route *r, unsigned family, const char *name, struct fault *f)
{
	char text[PREFIX_TEXT_MAX];
	size_t len = strlen(name);
	char *mark;

	if (len >= sizeof(text))
		return wrong(f, "its file's name is no prefix");
	memcpy(text, name, len + 1);
	mark = strchr(text, '_');
	if (mark != NULL)
		*mark = '/';
	if (mark == NULL || strchr(name, '/') != NULL ||
	    prefix_parse(&r->prefix, text, len) != 0 ||
	    r->prefix.ip.family != family)
		return wrong(
		    f, "its file's name is no prefix of the class's family");
	if (prefix_has_host_bits(&r->prefix))
		return wrong(f, "the prefix has host bits");
	return 0;
}

/* The name was checked: what agrees with it is right. */
static int
parse_prefix(
    const struct route *r, const struct object_attr *attr, struct fault *f)
{
	struct prefix p;

	if (prefix_parse(&p, attr->value, attr->value_len) != 0 ||
	    prefix_cmp(&p, &r->prefix) != 0)
		return wrong(f, "its prefix is not that of its file's name");
	return 0;
}

/* "AS64512" or "64512"; AS0 and the other reserved ones are origins too. */
static int
parse_origin(struct route *r, const struct object_attr *attr, struct fault *f)
{
	const char *text = attr->value;
	size_t len = attr->value_len;

	if (r->n == ROUTE_ORIGINS_MAX)
		return wrong(f, "it has too many origins");
	if (len > 2 && strncasecmp(text, "AS", 2) == 0) {
		text += 2;
		len -= 2;
	}
	if (num_parse(&r->origins[r->n], text, len, 0, UINT32_MAX) != 0)
		return wrong(f, "an origin is no AS number");
	r->n++;
	return 0;
}

static int
parse_max(struct route *r, const struct object_attr *attr, struct fault *f)
{
	uint32_t max;

	if (num_parse(&max, attr->value, attr->value_len, 0, UINT32_MAX) != 0)
		return wrong(f, "its max-length is no number");
	if (r->has_max && max != r->max)
		return wrong(f, "it has two max-lengths");
	r->has_max = true;
	r->max = max;
	return 0;
}

int
route_parse(struct route *out, unsigned family, const char *name,
    const char *text, size_t len, struct fault *f)
{
	const char *class = route_class(family);
	struct object_reader reader;
	struct object_attr attr;
	struct route r = { 0 };
	bool named = false;
	int rc = parse_name(&r, family, name, f);

	object_open(&reader, text, len);
	while (rc == 0 && object_next(&reader, &attr)) {
		if (object_is(&attr, class)) {
			rc = parse_prefix(&r, &attr, f);
			named = true;
		} else if (object_is(&attr, "origin")) {
			rc = parse_origin(&r, &attr, f);
		} else if (object_is(&attr, "max-length")) {
			rc = parse_max(&r, &attr, f);
		}
	}
	if (rc != 0)
		return rc;
	if (!named)
		return wrong(f, "it does not say which prefix it is of");
	if (r.n == 0)
		return wrong(f, "it has no origin");
	*out = r;
	return 0;
}
