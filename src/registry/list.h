#ifndef REGISTRY_LIST_H
#define REGISTRY_LIST_H

#include <stddef.h>
#include <stdint.h>

#define LIST_MAX (1U << 20) /* items; the registry has 3,000 of a class */

/* Items of one size that grow at the end; { 0 } is empty. */
struct list {
	void *items; /* the owner's to free */
	uint32_t n, room;
};

/*
 * Room for one more item of `each` bytes at the end, not set to anything.
 * NULL: no memory, or LIST_MAX items; the list stays as it was.
 */
void *list_add(struct list *l, size_t each);

#endif
