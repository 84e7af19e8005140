#include <bsd/string.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/load.h"

#define KEY_FILE_MAX 128

/* The public key of the private one in the file; false: it has none. */
static bool
read_public_key(struct wgkey *out, const char *path)
{
	struct wgkey private_key;
	char *text = NULL;
	size_t len;
	bool good;
	int rc;

	rc = file_read(path, KEY_FILE_MAX, &text, &len);
	if (rc != 0) {
		if (rc != -ENOENT && rc != -EACCES)
			log_warn("%s: %s", path, strerror(-rc));
		return false;
	}
	good = wgkey_parse(&private_key, text, strcspn(text, "\r\n")) == 0;
	if (!good)
		log_warn("%s: is no private key as `wg genkey` makes it", path);
	else
		good = wgkey_public(out, &private_key) == 0;
	explicit_bzero(text, len);
	free(text);
	wgkey_wipe(&private_key);
	return good;
}

/* Tells which POP this machine is, where its key lies beside the file. */
static void
check_key(const struct network *net, const char *dir)
{
	const struct network_pop *pop;
	char path[PATHS_MAX], text[WGKEY_TEXT_MAX];
	struct wgkey key;
	struct stat st;

	if (path_join(path, sizeof(path), dir, "wg.key") != 0 ||
	    !read_public_key(&key, path))
		return;
	if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
		log_warn(
		    "%s: others than its owner may read it: chmod 600", path);
	pop = network_pop_by_key(net, &key);
	if (pop != NULL)
		printf("This machine is %s, by its key.\n", pop->name);
	else
		log_warn("%s: belongs to no POP of the file; its public key is "
			 "%s",
		    path, wgkey_text(&key, text));
}

static void
check_motd(const struct network *net, const char *dir)
{
	char path[PATHS_MAX];

	if (net->peering.motd[0] == '\0' ||
	    path_join(path, sizeof(path), dir, net->peering.motd) != 0)
		return;
	if (access(path, R_OK) != 0)
		log_warn("%s: %s; visitors will see no banner", path,
		    strerror(errno));
}

static int
check_file(const char *path)
{
	struct network *net;
	char copy[PATHS_MAX];
	const char *dir;
	int rc;

	if (strlcpy(copy, path, sizeof(copy)) >= sizeof(copy)) {
		log_error("the path is too long");
		return EX_USAGE;
	}
	rc = load_network(&net, path);
	if (rc != 0)
		return rc;
	printf("%s: good. %s, AS%u: %zu prefix%s, %zu POP%s.\n", path,
	    net->name, net->asn, net->prefixes.n,
	    net->prefixes.n == 1 ? "" : "es", net->n_pops,
	    net->n_pops == 1 ? "" : "s");
	fflush(stdout);
	dir = dirname(copy);
	check_key(net, dir);
	check_motd(net, dir);
	network_free(net);
	return 0;
}

static int
run_check(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static const struct option longs[] = {
		{ "file", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = paths->network;
	int c;

	while ((c = next_option(self, argc, argv, ":f:", longs)) != -1) {
		if (c == '?')
			return EX_USAGE;
		path = optarg;
	}
	if (optind != argc)
		return usage_error(
		    self, "what is '%s'? -f FILE names a file", argv[optind]);
	return check_file(path);
}

const struct subcommand subcommand_check = {
	.name = "check",
	.synopsis = "check [-f FILE]",
	.brief = "check the network file",
	.text = "Says what is wrong with the network file, line by line, and "
		"what would be\nright; meetme.yaml(5) documents its keys. The "
		"exit status is 0 if the file is\ngood, else 78. Without -f "
		"it is etc/meetme/network.yaml below the root.\n",
	.run = run_check,
};
