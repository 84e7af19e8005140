#ifndef AGENT_BIRD_STAGE_H
#define AGENT_BIRD_STAGE_H

#include "agent/bird_files.h"

/*
 * <dir>/stage, where files are checked before they replace ours. It is there
 * exactly while BIRD may not have accepted what the files say: if it is found
 * at the start, we were killed in between.
 */
int bird_stage_make(const char *dir);
int bird_stage_put(const char *dir, uint64_t id, const struct bird_text *text);
bool bird_stage_exists(const char *dir);
void bird_stage_remove(const char *dir);

/*
 * `bird -p` on what is staged. 0: it is good. -EINVAL: it is not, and `words`
 * says why. Another negative errno: it could not be asked, `words` says why.
 */
int bird_stage_check(const char *dir, char *words, size_t size);

#endif
