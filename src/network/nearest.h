#ifndef NETWORK_NEAREST_H
#define NETWORK_NEAREST_H

/*
 * Of `names`, ended by NULL, the one that `word` is most likely a misspelling
 * of (Levenshtein distance of 2 or less, and less than half of the word), in
 * any case; NULL if none is near.
 */
const char *nearest(const char *word, const char *const *names);

#endif
