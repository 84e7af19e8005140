#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/edgeos.h"
#include "render/bird.h"
#include "render/render.h"

/* One memory stream, rewound for each file. */
struct files {
	FILE *f;
	char *text;
	size_t len;
	render_put put;
	void *arg;
};

/*
 * Hands on what was written since the last one, unless that failed. The end
 * of the text is written too: rewound, the stream has that of a longer file.
 */
static int
put_file(struct files *files, int rc, const char *path)
{
	if (rc == 0 && (fputc('\0', files->f) == EOF || fflush(files->f) != 0))
		rc = -EIO;
	if (rc == 0)
		rc = files->put(files->arg, path, files->text, files->len - 1);
	rewind(files->f);
	return rc;
}

int
render_bird_base(FILE *f, const struct plan *plan)
{
	return plan->bird == BIRD_1_6 ? render_bird1_base(f, plan)
				      : render_bird2_base(f, plan);
}

static int
put_bird(struct files *files, const struct plan *plan)
{
	char path[64];
	int rc;

	rc = put_file(
	    files, render_bird_base(files->f, plan), "bird/meetme.conf");
	for (size_t i = 0; rc == 0 && i < plan->n_sessions; i++) {
		const struct plan_session *s = &plan->sessions[i];

		snprintf(path, sizeof(path), "bird/peers/as%u.conf", s->asn);
		rc = put_file(files, render_bird2_session(files->f, s), path);
	}
	return rc;
}

static int
put_tunnel(
    struct files *files, const struct plan *plan, const struct plan_tunnel *t)
{
	char path[sizeof("wireguard/.conf") + PLAN_IFNAME_MAX];

	snprintf(path, sizeof(path), "wireguard/%s.conf", t->ifname);
	return put_file(files, render_wg_quick(files->f, plan, t), path);
}

static int
put_wireguard(struct files *files, const struct plan *plan)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < plan->n_tunnels; i++)
		rc = put_tunnel(files, plan, &plan->tunnels[i]);
	return rc;
}

/* A machine with an agent. */
static int
put_debian(struct files *files, const struct plan *plan)
{
	int rc = put_bird(files, plan);

	if (rc == 0)
		rc = put_file(files, render_sysctl(files->f), "sysctl.conf");
	if (rc == 0)
		rc = put_wireguard(files, plan);
	return rc;
}

static int
put_upstreams(struct files *files, const struct plan *plan)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < plan->n_upstreams; i++)
		rc = put_tunnel(files, plan, &plan->upstreams[i].tunnel);
	return rc;
}

static int
put_frr(
    struct files *files, const struct plan *plan, const struct policy *policy)
{
	int rc =
	    put_file(files, render_frr(files->f, plan, policy), "frr/frr.conf");

	if (rc == 0)
		rc = put_file(files, render_sysctl(files->f), "sysctl.conf");
	if (rc == 0)
		rc = put_wireguard(files, plan);
	if (rc == 0)
		rc = put_upstreams(files, plan);
	return rc;
}

int
render_router(const struct plan *plan, bool is_frr, const struct policy *policy,
    render_put put, void *arg)
{
	struct files files = { .put = put, .arg = arg };
	int rc;

	files.f = open_memstream(&files.text, &files.len);
	if (files.f == NULL)
		return -ENOMEM;
	rc = is_frr ? put_frr(&files, plan, policy)
		    : put_file(&files, render_edgeos(files.f, plan, policy),
			  "edgeos/commands");
	fclose(files.f);
	free(files.text);
	return rc;
}

int
render_plan(const struct plan *plan, render_put put, void *arg)
{
	struct files files = { .put = put, .arg = arg };
	int rc;

	if (plan->platform == PLATFORM_EDGEOS)
		return render_router(plan, false, NULL, put, arg);
	files.f = open_memstream(&files.text, &files.len);
	if (files.f == NULL)
		return -ENOMEM;
	rc = put_debian(&files, plan);
	fclose(files.f);
	free(files.text);
	return rc;
}

bool
render_is_ours(const char *text, size_t len)
{
	return len >= RENDER_MARK_LEN &&
	       memcmp(text, RENDER_MARK, RENDER_MARK_LEN) == 0;
}
