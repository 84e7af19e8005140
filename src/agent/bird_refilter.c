#include "agent/bird_refilter.h"

#include <string.h>

/* If it is an error, it is as if nobody had asked. */
static void
on_reloading(void *arg, const struct bird_answer *a)
{
	(void)arg;
	(void)a;
}

/* By their import tables: no peer is asked for its routes, no session ends. */
void
bird_refilter(struct birdctl *b)
{
	if (strncmp(birdctl_version(b), "2.", 2) == 0)
		birdctl_ask(b, "reload in \"ebgp_as*\"", on_reloading, NULL);
}
