#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/*
 * What went wrong, for a program (code) and for a person (field, text).
 * Functions that can fail for a reason worth telling take a struct fault *
 * and return its code; 0 is success and leaves the fault untouched.
 */
enum fault_code {
	FAULT_INVALID = -1, /* the input breaks a rule */
	FAULT_DENIED = -2, /* the identity has no right to it */
	FAULT_NOT_FOUND = -3, /* there is no such thing */
	FAULT_TAKEN = -4, /* it collides with something that exists */
	FAULT_LIMIT = -5, /* a bound is reached: size, count, rate */
	FAULT_SYSTEM = -6, /* the machine: errno, disk, memory */
	FAULT_AWAY = -7, /* another process of ours does not answer */
};

struct fault {
	enum fault_code code;
	char field[48]; /* "endpoint", "pops[1].ipv4"; may be empty */
	char text[256]; /* what is wrong and what would be right; no newline */
};

/*
 * Fills *f (may be NULL) and returns `code`. `field` may be NULL. A text that
 * does not fit ends early. Bytes outside printable ASCII become '?', so that
 * a fault can always be shown.
 */
int fault_set(struct fault *f, enum fault_code code, const char *field,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The code's name in the API: "invalid", "denied", ... */
const char *fault_name(int code);

/* The code of a name, or FAULT_SYSTEM for an unknown one. */
enum fault_code fault_code_of(const char *name);

#endif
