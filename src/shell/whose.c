#include "shell/whose.h"

#include <bsd/string.h>
#include <stdio.h>

#include "api/field.h"

char *
whose_text(char buf[WHOSE_MAX], const json_t *o)
{
	const char *pop = field_text(o, "pop");
	const char *peer = field_text(o, "peer");
	const char *mntner = field_text(o, "mntner");
	const char *network = field_text(o, "network");
	char asn[16] = "";

	if (pop[0] != '\0') {
		strlcpy(buf, pop, WHOSE_MAX);
		return buf;
	}
	if (field_is_set(o, "asn"))
		snprintf(asn, sizeof(asn), "AS%lld",
		    (long long)field_number(o, "asn"));
	snprintf(buf, WHOSE_MAX, "%s%s%s%s%s%s%s%s", peer,
	    peer[0] != '\0' && asn[0] != '\0' ? " " : "", asn,
	    asn[0] != '\0' && mntner[0] != '\0' ? " " : "", mntner,
	    network[0] != '\0' ? " (" : "", network,
	    network[0] != '\0' ? ")" : "");
	return buf;
}
