#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define HOST_TEXT_MAX 254 /* RFC 1035: 253 characters and the end */

/*
 * True if text[0..len) is printable ASCII only: no control character, no
 * escape sequence, no newline, no UTF-8.
 */
bool text_is_plain(const char *text, size_t len);

/*
 * Copies text[0..len) into dst[0..size), every byte outside printable ASCII
 * as '?', and ends it; what does not fit is left out. For text that others
 * wrote, on its way to a terminal, a log or a file; dst may be that text
 * itself. Returns dst.
 */
char *text_clean(char *dst, size_t size, const char *text, size_t len);

/*
 * A host name (RFC 1123): labels of letters, digits and '-', with a dot, the
 * last one begins with a letter.
 */
bool text_is_hostname(const char *text, size_t len);

/*
 * The first `keep` characters and '*' for the rest, the final '=' of a key
 * kept: "RE+****=". dst has room for strlen(text) + 1. Returns dst.
 */
char *text_mask(char *dst, size_t size, const char *text, size_t keep);

#endif
