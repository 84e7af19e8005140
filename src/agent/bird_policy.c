#include "agent/bird_policy.h"

#include <errno.h>
#include <stdio.h>

int
bird_policy_make(struct bird_policy *out, const struct policy *policy)
{
	struct bird_policy p = { 0 };
	int rc = 0;

	for (unsigned i = 0; rc == 0 && i < BIRD_REGISTRY_N; i++) {
		struct bird_text *t = &p.files[i];
		FILE *f = open_memstream(&t->data, &t->len);

		if (f == NULL) {
			rc = -ENOMEM;
			break;
		}
		rc = render_policy(f, policy, (enum policy_file)i);
		if (fclose(f) != 0 && rc == 0)
			rc = -ENOMEM;
	}
	if (rc != 0)
		bird_policy_free(&p);
	else
		*out = p;
	return rc;
}

void
bird_policy_free(struct bird_policy *p)
{
	for (size_t i = 0; i < BIRD_REGISTRY_N; i++)
		bird_text_free(&p->files[i]);
}
