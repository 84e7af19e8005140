#include "agent/bird_version.h"

#include <stdio.h>
#include <string.h>

bool
bird_version_is(
    enum network_bird bird, const char *version, char *why, size_t size)
{
	bool is_1 = strncmp(version, "1.", 2) == 0;

	if (version[0] == '\0' || is_1 == (bird == BIRD_1_6))
		return true;
	snprintf(why, size,
	    "this is BIRD %s, and pops.bird in the network file says %s: "
	    "nothing is changed",
	    version, bird == BIRD_1_6 ? "1.6" : "2");
	return false;
}
