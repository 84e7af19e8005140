#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/answers.h"
#include "cli/cli.h"

/* What init writes; all of it, or nothing. */
struct output {
	char path[PATHS_MAX];
	mode_t mode;
	char *data;
	size_t len;
};

enum { OUT_NETWORK, OUT_KEY, OUT_MOTD, OUT_N };

static void
outputs_free(struct output out[OUT_N])
{
	for (size_t i = 0; i < OUT_N; i++) {
		if (out[i].data != NULL)
			explicit_bzero(out[i].data, out[i].len);
		free(out[i].data);
	}
}

static int
outputs_place(struct output out[OUT_N], const char *dir)
{
	static const char *const names[OUT_N] = { "network.yaml", "wg.key",
		"motd" };
	struct stat st;

	for (size_t i = 0; i < OUT_N; i++) {
		out[i].mode = i == OUT_KEY ? 0600 : 0644;
		if (path_join(out[i].path, PATHS_MAX, dir, names[i]) != 0) {
			log_error("%s: the path is too long", dir);
			return EX_USAGE;
		}
		if (lstat(out[i].path, &st) != 0)
			continue;
		log_error("%s is there already, and stays as it is: move it "
			  "away, or name another folder with -o DIR",
		    out[i].path);
		return 1;
	}
	return 0;
}

/* A stream whose text becomes the output's. */
static FILE *
output_open(struct output *out)
{
	return open_memstream(&out->data, &out->len);
}

static int
make_network(
    struct output *out, const struct answers *a, const struct wgkey *key)
{
	FILE *f = output_open(out);
	int rc;

	if (f == NULL)
		return -ENOMEM;
	rc = answers_write(f, a, key);
	return fclose(f) == 0 ? rc : -ENOMEM;
}

static int
make_key(struct output *out, const struct wgkey *key)
{
	char text[WGKEY_TEXT_MAX];
	FILE *f = output_open(out);

	if (f == NULL)
		return -ENOMEM;
	fprintf(f, "%s\n", wgkey_text(key, text));
	explicit_bzero(text, sizeof(text));
	return fclose(f) == 0 ? 0 : -ENOMEM;
}

static int
make_motd(struct output *out, const struct answers *a)
{
	FILE *f = output_open(out);

	if (f == NULL)
		return -ENOMEM;
	fprintf(f, "%s\n\nOn this POP, %s, you connect your network to ours.\n",
	    a->name, a->pop);
	return fclose(f) == 0 ? 0 : -ENOMEM;
}

/* All texts, with a key that exists nowhere else. */
static int
outputs_make(struct output out[OUT_N], const struct answers *a)
{
	struct wgkey private_key, public_key;
	int rc = FAULT_SYSTEM;

	if (wgkey_generate(&private_key) == 0 &&
	    wgkey_public(&public_key, &private_key) == 0 &&
	    make_network(&out[OUT_NETWORK], a, &public_key) == 0 &&
	    make_key(&out[OUT_KEY], &private_key) == 0 &&
	    make_motd(&out[OUT_MOTD], a) == 0)
		rc = 0;
	wgkey_wipe(&private_key);
	if (rc != 0)
		log_error("cannot make the files: %s", strerror(errno));
	return rc == 0 ? 0 : 1;
}

/* The rules between fields: what single answers could not show. */
static int
check_text(const struct output *out)
{
	static struct network_problems problems;
	struct network *net = NULL;
	int rc = network_parse(&net, out->data, out->len, &problems);

	network_free(net);
	if (rc == 0)
		return 0;
	for (size_t i = 0; i < problems.n; i++)
		log_error(
		    "%s: %s", problems.list[i].field, problems.list[i].text);
	log_error("nothing was written");
	return 1;
}

static int
make_folder(const char *dir)
{
	char part[PATHS_MAX];

	for (size_t i = 1; i < sizeof(part); i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(part, dir, i);
		part[i] = '\0';
		if (mkdir(part, 0755) != 0 && errno != EEXIST) {
			log_error("%s: %s", part, strerror(errno));
			return 1;
		}
		if (dir[i] == '\0')
			break;
	}
	return 0;
}

static int
outputs_save(const struct output out[OUT_N])
{
	size_t n;
	int rc = 0;

	for (n = 0; n < OUT_N && rc == 0; n++)
		rc = file_create(
		    out[n].path, out[n].mode, out[n].data, out[n].len);
	if (rc == 0)
		return 0;
	log_error("%s: %s", out[n - 1].path, strerror(-rc));
	/* The last one tried left nothing, or was there before us. */
	while (--n > 0)
		unlink(out[n - 1].path);
	return 1;
}

static void
print_next(const struct output out[OUT_N], const struct answers *a,
    const struct paths *paths)
{
	const char *network = out[OUT_NETWORK].path;

	printf("\nWrote %s,\n%s and\n%s.\n\nWhat comes next:\n", network,
	    out[OUT_KEY].path, out[OUT_MOTD].path);
	printf("1. Look through the first, and say in it where the registry "
	       "is, then:\n"
	       "       meetme check -f %s\n",
	    network);
	printf("2. Without registry.url, the registry is kept by you:\n"
	       "       git clone URL %s\n",
	    paths->registry);
	printf("3. systemctl enable --now meetmed\n");
	printf("4. This line in %s, then birdc configure:\n"
	       "       include \"meetme/meetme.conf\";\n",
	    paths->bird_conf);
	printf("5. Open TCP port 4242 and the tunnels' UDP ports in the "
	       "firewall.\n"
	       "Others then log in: ssh -p 4242 THEIR-NAME@%s\n",
	    a->endpoint);
}

/* Without a terminal nobody can be asked. */
static int
complete(const struct subcommand *self, struct answers *a)
{
	char missing[128] = "";

	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
		if (answers_ask(a))
			return 0;
		fputc('\n', stdout);
		log_error("nothing was written");
		return 1;
	}
	answers_guess(a);
	for (const struct question *q = questions; q->option != NULL; q++)
		if (!answer_given(a, q))
			snprintf(missing + strlen(missing),
			    sizeof(missing) - strlen(missing), " --%s",
			    q->option);
	if (missing[0] != '\0')
		return usage_error(self,
		    "there is no terminal to ask on; missing:%s", missing);
	return 0;
}

static int
parse_options(const struct subcommand *self, struct answers *a,
    const char **dir, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "asn", required_argument, NULL, 256 },
		{ "name", required_argument, NULL, 257 },
		{ "prefix", required_argument, NULL, 258 },
		{ "endpoint", required_argument, NULL, 259 },
		{ "pop", required_argument, NULL, 260 },
		{ "output", required_argument, NULL, 'o' },
		{ NULL, 0, NULL, 0 },
	};
	struct fault f;
	int c;

	while ((c = next_option(self, argc, argv, ":o:", longs)) != -1) {
		if (c == '?')
			return EX_USAGE;
		if (c == 'o')
			*dir = optarg;
		else if (answer_take(a, &questions[c - 256], optarg, &f) != 0)
			return usage_error(self, "--%s: %s",
			    questions[c - 256].option, f.text);
	}
	if (optind != argc)
		return usage_error(self, "what is '%s'?", argv[optind]);
	return 0;
}

static int
run_init(const struct subcommand *self, const struct paths *paths, int argc,
    char **argv)
{
	static struct answers a;
	struct output out[OUT_N] = { 0 };
	const char *dir = paths->conf_dir;
	int rc;

	rc = parse_options(self, &a, &dir, argc, argv);
	if (rc == 0)
		rc = outputs_place(out, dir);
	if (rc == 0)
		rc = complete(self, &a);
	if (rc == 0)
		rc = outputs_make(out, &a);
	if (rc == 0)
		rc = check_text(&out[OUT_NETWORK]);
	if (rc == 0)
		rc = make_folder(dir);
	if (rc == 0)
		rc = outputs_save(out);
	if (rc == 0)
		print_next(out, &a, paths);
	outputs_free(out);
	return rc;
}

const struct subcommand subcommand_init = {
	.name = "init",
	.synopsis =
	    "init [--asn ASN] [--name TEXT] [--prefix PREFIX ...]\n"
	    "                   [--endpoint HOST] [--pop NAME] [-o DIR]",
	.brief = "write a network file, and this POP's keys",
	.text = "Asks on the terminal for what is not given. Writes "
		"network.yaml, motd and wg.key\n(the POP's private key, mode "
		"0600) into etc/meetme below the root, or into DIR;\nwhat is "
		"there already is never overwritten.\n",
	.run = run_init,
};
