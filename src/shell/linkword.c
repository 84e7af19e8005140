#include "shell/linkword.h"

#include <string.h>

#include "api/field.h"
#include "shell/units.h"

/* WireGuard's REJECT_AFTER_TIME: an older session carries nothing. */
#define HANDSHAKE_SECONDS 180

/* How a link is: what the POP could not do comes first. */
struct word
link_word(const json_t *l, int64_t now)
{
	const char *state = field_text(l, "state");
	int64_t handshake = field_number(l, "handshake");

	if (strcmp(state, "waiting") == 0 || strcmp(state, "refused") == 0)
		return (struct word){ state, OUT_WARN };
	if (handshake > 0 && now - handshake < HANDSHAKE_SECONDS)
		return (struct word){ "up", OUT_GOOD };
	if (handshake > 0 || field_is_set(l, "rx"))
		return (struct word){ "down", OUT_BAD };
	return (struct word){ "unknown", OUT_WARN };
}

void
link_cells(struct table *t, const json_t *l, int64_t now)
{
	int64_t handshake = field_number(l, "handshake");
	bool known = field_is_set(l, "rx");
	char text[UNITS_MAX], sent[UNITS_MAX];

	if (handshake > 0)
		table_cell(t, "%s", units_ago(text, handshake, now));
	else
		table_cell(t, "%s", known ? "never" : "-");
	if (field_is_set(l, "rtt"))
		table_cell(
		    t, "%s", units_ms(text, (uint32_t)field_number(l, "rtt")));
	else
		table_cell(t, "-");
	if (known)
		table_cell(t, "%s / %s",
		    units_bytes(text, (uint64_t)field_number(l, "rx")),
		    units_bytes(sent, (uint64_t)field_number(l, "tx")));
	else
		table_cell(t, "-");
}
