#include "ssh/wire.h"

#include <ctype.h>
#include <string.h>

bool
ssh_term_is_valid(const char *term)
{
	size_t len = strlen(term);

	if (len == 0 || len >= SSH_TERM_MAX || term[0] == '-' || term[0] == '.')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isascii(term[i]) ||
		    (!isalnum(term[i]) && strchr("._+-", term[i]) == NULL))
			return false;
	return true;
}

void
ssh_shell_request_pack(struct pack *p, const struct ssh_shell_request *r)
{
	pack_u8(p, r->terminal);
	pack_u8(p, r->utf8);
	pack_text(p, r->term);
	pack_u16(p, r->columns);
	pack_u16(p, r->rows);
	pack_u8(p, r->interactive);
	pack_text(p, r->command);
}

static bool
in_window(uint16_t n)
{
	return n >= 1 && n <= SSH_WINDOW_MAX;
}

void
ssh_shell_request_unpack(struct unpack *u, struct ssh_shell_request *r)
{
	r->terminal = unpack_bool(u);
	r->utf8 = unpack_bool(u);
	unpack_text(u, r->term, sizeof(r->term));
	r->columns = unpack_u16(u);
	r->rows = unpack_u16(u);
	r->interactive = unpack_bool(u);
	unpack_text(u, r->command, sizeof(r->command));
	if (!ssh_term_is_valid(r->term) || !in_window(r->columns) ||
	    !in_window(r->rows) || (r->interactive && r->command[0] != '\0'))
		u->failed = true;
}
