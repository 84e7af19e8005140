#include "agent/bird_show.h"

#include <bsd/string.h>
#include <stdio.h>

#include "plan/plan.h"

int
bird_show(struct birdctl *b, const char *session, birdctl_done *done, void *arg)
{
	char command[PLAN_SESSION_MAX + 32] = "show protocols";

	if (session != NULL)
		snprintf(command, sizeof(command), "show protocols all \"%s\"",
		    session);
	return birdctl_ask(b, command, done, arg);
}

int
bird_show_refused(struct birdctl *b, const char *session, enum refusal why,
    bool count, birdctl_done *done, void *arg)
{
	char command[PLAN_SESSION_MAX + 96], test[32];

	if (why == REFUSAL_NONE)
		strlcpy(test, "!defined(meetme_refused)", sizeof(test));
	else
		snprintf(test, sizeof(test), "meetme_refused = %d", why);
	snprintf(command, sizeof(command),
	    "show route where %s filtered protocol %s%s", test, session,
	    count ? " count" : "");
	if (count)
		return birdctl_ask(b, command, done, arg);
	return birdctl_ask_head(b, command, done, arg);
}
