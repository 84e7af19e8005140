#ifndef SHELL_MASK_H
#define SHELL_MASK_H

/* For screens that people show to others. Both return dst. */
#define MASK_MAX 320

/* "RE+6..." as "RE+****...=" */
char *mask_key(char dst[MASK_MAX], const char *key);

/*
 * "[2a02:db8::1]:42424" as "[2a02:*******]:42424"; the same for an IPv4
 * address or a name, with or without a port.
 */
char *mask_endpoint(char dst[MASK_MAX], const char *text);

#endif
