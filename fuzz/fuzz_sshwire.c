#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ssh/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A shell request as a session, which may be taken over, sends it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_shell_request r;
	struct unpack u;

	unpack_init(&u, data, size);
	ssh_shell_request_unpack(&u, &r);
	if (unpack_end(&u) != 0)
		return 0;
	if (!ssh_term_is_valid(r.term) || r.columns == 0 ||
	    r.columns > SSH_WINDOW_MAX || r.rows == 0 ||
	    r.rows > SSH_WINDOW_MAX)
		abort();
	return 0;
}
