#ifndef SHELL_TREE_H
#define SHELL_TREE_H

struct args;
struct shell;

/* The commands. Each returns an exit status. */
int run_bye(struct shell *sh, const struct args *a);
int run_config(struct shell *sh, const struct args *a);
int run_create(struct shell *sh, const struct args *a);
int run_edit(struct shell *sh, const struct args *a);
int run_events(struct shell *sh, const struct args *a);
int run_help(struct shell *sh, const struct args *a);
int run_intro(struct shell *sh, const struct args *a);
int run_links(struct shell *sh, const struct args *a);
int run_list(struct shell *sh, const struct args *a);
int run_neighbors(struct shell *sh, const struct args *a);
int run_ping(struct shell *sh, const struct args *a);
int run_plan(struct shell *sh, const struct args *a);
int run_pop(struct shell *sh, const struct args *a);
int run_reload(struct shell *sh, const struct args *a);
int run_remove(struct shell *sh, const struct args *a);
int run_routes(struct shell *sh, const struct args *a);
int run_status(struct shell *sh, const struct args *a);
int run_trace(struct shell *sh, const struct args *a);

#endif
