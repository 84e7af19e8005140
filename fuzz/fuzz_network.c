/* The operator's file: any bytes give a network or a problem, never both. */
#include <stdint.h>
#include <stdlib.h>

#include "network/network.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct network_problems problems;
	struct network *net = NULL;
	int rc = network_parse(&net, (const char *)data, len, &problems);

	if ((rc == 0) != (net != NULL) || (rc == 0) != (problems.n == 0))
		abort();
	if (net != NULL && (net->n_pops == 0 || net->prefixes.n == 0 ||
			       network_pop(net, net->pops[0].name) == NULL))
		abort();
	for (size_t i = 1; i < problems.n; i++)
		if (problems.list[i - 1].line > problems.list[i].line)
			abort();
	network_free(net);
	return 0;
}
