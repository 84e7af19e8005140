#ifndef ENGINE_STEP_H
#define ENGINE_STEP_H

#include "network/network.h"

#define STEP_ARGS_MAX 12

/* What a pull consists of, in this order; all but the first are git's. */
enum step {
	STEP_IDLE,
	STEP_INIT, /* makes the repository, if there is none */
	STEP_REPAIR, /* once: files that a crash of the machine took */
	STEP_FETCH,
	STEP_NAME, /* which commit it brought */
	STEP_ANCESTOR, /* is it a fast-forward? */
	STEP_MARKERS, /* does it add markers of a conflict? */
	STEP_CLEAN, /* files that a killed checkout left */
	STEP_CHECKOUT,
	STEP_KEEP, /* after the swap: what is in force is not collected */
	STEP_TIDY,
	/* Instead of the last two, where the clone has become too large: */
	STEP_FORGET, /* what was fetched last */
	STEP_EMPTY, /* the spare tree */
	STEP_SWEEP, /* what no index knows of it */
	STEP_SHRINK, /* what no state in force needs */
};

/* What the steps of a pull are about. */
struct step_values {
	const char *current; /* the commit in force; "": none */
	const char *found; /* the one that was fetched */
	const char *url, *branch; /* "": the one that the other has */
};

/* git's arguments, ended by NULL; they point into it and into the values. */
struct step_command {
	const char *args[STEP_ARGS_MAX];
	char refspec[NETWORK_BRANCH_MAX + 48];
};

void step_command(
    struct step_command *out, enum step step, const struct step_values *values);

/* The tree that a step writes, with its index. */
enum step_tree { STEP_NO_TREE, STEP_CURRENT_TREE, STEP_SPARE_TREE };
enum step_tree step_tree(enum step step);

#endif
