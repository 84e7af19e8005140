#include "registry/list.h"

#include <stdlib.h>

void *
list_add(struct list *l, size_t each)
{
	if (l->n == l->room) {
		uint32_t room = l->room > 0 ? l->room * 2 : 64;
		void *items;

		if (room > LIST_MAX)
			return NULL;
		items = reallocarray(l->items, room, each);
		if (items == NULL)
			return NULL;
		l->items = items;
		l->room = room;
	}
	return (char *)l->items + l->n++ * each;
}
