#ifndef ENGINE_GIT_CHILD_H
#define ENGINE_GIT_CHILD_H

#include "engine/git.h"

/*
 * Turns this process, which was just forked, into git: in a session of its
 * own, with nothing open but `out`, where it says what it has to say. It exits
 * with 126 if there is no git, and with 127 if something else failed.
 */
_Noreturn void git_become(const struct git_command *cmd, int out);

#endif
