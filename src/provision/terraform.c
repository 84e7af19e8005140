#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "provision/place.h"
#include "provision/provision.h"
#include "render/text.h"

static const struct place {
	const char *name;
	bool is_roomy;
	json_t *(*make)(const struct provision *p);
} places[] = {
	[PLACE_AWS] = { "aws", false, place_aws },
	[PLACE_SCALEWAY] = { "scaleway", false, place_scaleway },
	[PLACE_LIBVIRT] = { "libvirt", true, place_libvirt },
};

int
provision_place(const char *name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (strcmp(places[i].name, name) == 0)
			return (int)i;
	return -1;
}

bool
provision_place_is_roomy(enum provision_place place)
{
	return places[place].is_roomy;
}

/* A string in which Terraform finds nothing to put in: $${ stands for ${. */
static json_t *
literal(const char *text)
{
	char *data = NULL;
	size_t len = 0;
	json_t *string = NULL;
	FILE *f = open_memstream(&data, &len);

	if (f == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		if ((*text == '$' || *text == '%') && text[1] == '{')
			fputc(*text, f);
		fputc(*text, f);
	}
	if (fclose(f) == 0)
		string = json_stringn(data, len);
	free(data);
	return string;
}

static json_t *
user_data(const struct provision *p)
{
	char *data = NULL;
	size_t len = 0;
	json_t *string = NULL;
	FILE *f = open_memstream(&data, &len);
	int rc;

	if (f == NULL)
		return NULL;
	rc = render_cloud_init(f, p);
	if (fclose(f) == 0 && rc == 0)
		string = literal(data);
	if (p->secret)
		explicit_bzero(data, len);
	free(data);
	return string;
}

int
render_terraform(FILE *f, const struct provision *p, enum provision_place place)
{
	json_t *locals = json_pack("{s:o}", "user_data", user_data(p));
	json_t *all = locals != NULL ? places[place].make(p) : NULL;
	char what[128];
	int rc = -ENOMEM;

	snprintf(what, sizeof(what),
	    "meetme: a fresh Debian 12 becomes the POP %s.", p->pop->name);
	if (all == NULL ||
	    json_object_set_new(all, "//", json_string(what)) != 0 ||
	    json_object_set(all, "locals", locals) != 0)
		goto out;
	rc =
	    json_dumpf(all, f, JSON_INDENT(2) | JSON_SORT_KEYS) == 0 ? 0 : -EIO;
	fputc('\n', f);
	if (rc == 0)
		rc = text_end(f);
out:
	json_decref(all);
	json_decref(locals);
	return rc;
}
