#include "base/fault.h"

#include <bsd/string.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const struct {
	enum fault_code code;
	const char *name;
} names[] = {
	{ FAULT_INVALID, "invalid" },
	{ FAULT_DENIED, "denied" },
	{ FAULT_NOT_FOUND, "not_found" },
	{ FAULT_TAKEN, "taken" },
	{ FAULT_LIMIT, "limit" },
	{ FAULT_SYSTEM, "system" },
	{ FAULT_AWAY, "away" },
};

int
fault_set(struct fault *f, enum fault_code code, const char *field,
    const char *fmt, ...)
{
	va_list ap;

	if (f == NULL)
		return code;
	f->code = code;
	strlcpy(f->field, field != NULL ? field : "", sizeof(f->field));
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	text_clean(f->text, sizeof(f->text), f->text, strlen(f->text));
	return code;
}

const char *
fault_name(int code)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((int)names[i].code == code)
			return names[i].name;
	return "system";
}

enum fault_code
fault_code_of(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].code;
	return FAULT_SYSTEM;
}
