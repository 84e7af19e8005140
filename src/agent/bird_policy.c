#include "agent/bird_policy.h"

#include <errno.h>
#include <stdio.h>

static void
forget_files(struct bird_policy *p)
{
	for (size_t i = 0; i < BIRD_REGISTRY_N; i++)
		bird_text_free(&p->files[i]);
}

void
bird_policy_take(struct bird_policy *p, struct policy *policy)
{
	bird_policy_free(p);
	p->policy = *policy;
	*policy = (struct policy){ 0 };
	p->is_known = true;
}

static int
render(struct bird_text *t, const struct bird_policy *p, enum policy_file which)
{
	FILE *f = open_memstream(&t->data, &t->len);
	int rc;

	if (f == NULL)
		return -ENOMEM;
	rc = render_policy(f, &p->policy, p->bird, which);
	if (fclose(f) != 0 && rc == 0)
		rc = -ENOMEM;
	return rc;
}

int
bird_policy_render(struct bird_policy *p, enum network_bird bird)
{
	int rc = 0;

	if (!p->is_known || (p->files[0].data != NULL && p->bird == bird))
		return 0;
	forget_files(p);
	p->bird = bird;
	for (unsigned i = 0; rc == 0 && i < BIRD_REGISTRY_N; i++)
		rc = render(&p->files[i], p, (enum policy_file)i);
	if (rc != 0)
		forget_files(p);
	return rc;
}

void
bird_policy_free(struct bird_policy *p)
{
	forget_files(p);
	policy_free(&p->policy);
	p->policy = (struct policy){ 0 };
	p->is_known = false;
}
