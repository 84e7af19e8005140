#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/rib.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is told about a network keeps to its bounds. */
static void
check(void *arg, const struct rib_network *net)
{
	char why[RIB_WHY_MAX];

	(void)arg;
	if (net->n > RIB_ROUTES_MAX || net->n > net->all ||
	    net->prefix.len > ip_bits(&net->prefix.ip) ||
	    strlen(rib_why(why, net)) >= sizeof(why))
		abort();
}

/* An answer of BIRD's, whole and byte by byte: the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rib rib[2] = { { .take = check }, { .take = check } };
	struct birdlines lines[2] = { 0 };
	int rc[2] = { 0 };

	rc[0] = birdlines_feed(
	    &lines[0], (const char *)data, size, rib_line, &rib[0]);
	for (size_t i = 0; i < size && rc[1] == 0; i++)
		rc[1] = birdlines_feed(
		    &lines[1], (const char *)data + i, 1, rib_line, &rib[1]);
	rib_end(&rib[0]);
	rib_end(&rib[1]);
	if (rc[0] != rc[1] || rib[0].net.all != rib[1].net.all)
		abort();
	return 0;
}
