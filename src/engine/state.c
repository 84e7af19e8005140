#include "engine/state.h"

#include <bsd/string.h>
#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"

#define MOTD_MAX (16U << 10)

/* By name if one is asked for, else the one whose public key we have. */
static const struct network_pop *
find_pop(const struct engine *e, const struct network *net, struct fault *f)
{
	const char *name = e->pop_wanted;
	const struct network_pop *pop;
	char key[WGKEY_TEXT_MAX];

	wgkey_text(&e->public_key, key);
	if (name == NULL) {
		pop = network_pop_by_key(net, &e->public_key);
		if (pop != NULL)
			return pop;
		if (e->net != NULL)
			name = e->rules.pop->name;
	}
	pop = name != NULL ? network_pop(net, name) : NULL;
	if (pop != NULL && wgkey_equal(&pop->public_key, &e->public_key))
		return pop;
	if (pop != NULL)
		fault_set(f, FAULT_INVALID, "public_key",
		    "POP %s has another public key than this machine's %s "
		    "had when meetmed started: %s",
		    name, e->paths->key, key);
	else if (name != NULL)
		fault_set(f, FAULT_INVALID, "pops",
		    "there is no POP named %s%s", name,
		    e->net != NULL ? " any more, which this one is" : "");
	else
		fault_set(f, FAULT_INVALID, "pops",
		    "no POP has the public key of this machine's %s: %s",
		    e->paths->key, key);
	return NULL;
}

/* The same, of those that meetmed can run on. */
static const struct network_pop *
find_debian_pop(
    const struct engine *e, const struct network *net, struct fault *f)
{
	const struct network_pop *pop = find_pop(e, net, f);

	if (pop == NULL || pop->platform == PLATFORM_DEBIAN)
		return pop;
	fault_set(f, FAULT_INVALID, "platform",
	    "POP %s is 'platform: edgeos', where no meetmed runs: `meetme "
	    "edgeos %s` prints its router's commands",
	    pop->name, pop->name);
	return NULL;
}

/* An answer with text that is no UTF-8 could not be made. */
static void
make_utf8(const char *name, char *text)
{
	json_t *good = json_string(text);

	if (good == NULL)
		log_warn("motd %s: it is not in UTF-8", name);
	for (char *p = text; good == NULL && *p != '\0'; p++)
		if (!isascii(*p))
			*p = '?';
	json_decref(good);
}

static void
load_motd(struct engine *e)
{
	const char *name = e->net->peering.motd;
	char path[PATHS_MAX + NETWORK_NAME_MAX], *text = NULL;
	size_t len;
	int rc = 0;

	if (name[0] != '\0') {
		rc = path_join(path, sizeof(path), e->paths->conf_dir, name);
		if (rc == 0)
			rc = file_read(path, MOTD_MAX, &text, &len);
		if (rc != 0)
			log_warn("motd %s: %s", name, strerror(-rc));
		else
			make_utf8(name, text);
	}
	free(e->motd);
	e->motd = text != NULL ? text : strdup("");
	if (e->motd == NULL)
		log_fatal("no memory");
}

static void
load_admin_keys(struct engine *e)
{
	const struct network_strings *lines = &e->net->peering.admin_keys;

	free(e->admin_keys);
	e->n_admin_keys = 0;
	e->admin_keys = calloc(lines->n + 1, sizeof(*e->admin_keys));
	if (e->admin_keys == NULL)
		log_fatal("no memory");
	for (size_t i = 0; i < lines->n; i++)
		if (sshkey_parse(&e->admin_keys[e->n_admin_keys],
			lines->list[i], strlen(lines->list[i])) == 0)
			e->n_admin_keys++;
}

int
engine_read_network(const struct engine *e, struct network **out,
    const struct network_pop **pop, struct network_problems *problems,
    struct fault *f)
{
	struct network *net = NULL;
	int rc = network_load(&net, e->paths->network, problems);

	if (rc == FAULT_INVALID)
		fault_set(f, FAULT_INVALID, NULL,
		    "the network file has %zu problem%s%s", problems->n,
		    problems->n == 1 ? "" : "s",
		    e->net != NULL ? "; the one in force stays" : "");
	else if (rc != 0)
		fault_set(f, rc, NULL, "no memory");
	if (rc != 0)
		return rc;
	*pop = find_debian_pop(e, net, f);
	if (*pop == NULL) {
		network_free(net);
		return FAULT_INVALID;
	}
	*out = net;
	return 0;
}

int
engine_load_network(
    struct engine *e, struct network_problems *problems, struct fault *f)
{
	const struct network_pop *pop;
	struct network *net;
	int rc = engine_read_network(e, &net, &pop, problems, f);

	for (size_t i = 0; i < problems->n; i++)
		log_error("%s:%u: %s: %s", e->paths->network,
		    problems->list[i].line, problems->list[i].field,
		    problems->list[i].text);
	if (rc != 0)
		return rc;
	network_free(e->net);
	e->net = net;
	peering_rules_init(&e->rules, e->net, pop);
	load_motd(e);
	load_admin_keys(e);
	return 0;
}
