#include "provision/provision.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/given.h"
#include "cli/load.h"

enum format { CLOUD_INIT, TERRAFORM, ANSIBLE, SCRIPT, N_FORMATS };

static const struct {
	const char *name;
	const char *file; /* in -o DIR; NULL: the POP's name and ".yaml" */
} formats[N_FORMATS] = {
	[CLOUD_INIT] = { "cloud-init", "user-data" },
	[TERRAFORM] = { "terraform", "main.tf.json" },
	[ANSIBLE] = { "ansible", NULL },
	[SCRIPT] = { "script", "provision.sh" },
};

struct options {
	const char *file; /* the network file; NULL: the machine's own */
	const char *pop;
	const char *dir; /* NULL: to standard output */
	const char *format_name, *place_name;
	enum format format;
	enum provision_place place;
	struct given_options given;
};

static int
render(FILE *f, const struct options *o, const struct provision *p)
{
	switch (o->format) {
	case CLOUD_INIT:
		return render_cloud_init(f, p);
	case TERRAFORM:
		return render_terraform(f, p, o->place);
	case ANSIBLE:
		return render_playbook(f, p);
	default:
		return render_script(f, p);
	}
}

/* Into the folder; whole, or not at all. */
static int
save(const char *dir, const char *name, mode_t mode, const char *text,
    size_t len)
{
	char path[PATHS_MAX];
	int rc = path_join(path, sizeof(path), dir, name);

	if (rc == 0)
		rc = file_replace(path, mode, text, len);
	if (rc != 0)
		log_error("%s/%s: %s", dir, name, strerror(-rc));
	else
		printf("%s\n", path);
	return rc;
}

static int
save_inventory(const char *dir, const struct network *net)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int rc;

	if (f == NULL)
		return -ENOMEM;
	rc = render_inventory(f, net);
	if (fclose(f) != 0 && rc == 0)
		rc = -ENOMEM;
	if (rc == 0)
		rc = save(dir, "inventory.yaml", 0644, text, len);
	free(text);
	return rc;
}

static int
put(const struct options *o, const struct provision *p, const char *text,
    size_t len)
{
	mode_t mode = o->format == SCRIPT ? 0755 : 0644;
	char name[NETWORK_POP_MAX + 8];

	if (o->dir == NULL) {
		if (fwrite(text, 1, len, stdout) == len && fflush(stdout) == 0)
			return 0;
		log_error("cannot be printed");
		return -EIO;
	}
	snprintf(name, sizeof(name), "%s.yaml", p->pop->name);
	if (formats[o->format].file != NULL)
		snprintf(name, sizeof(name), "%s", formats[o->format].file);
	if (mkdir(o->dir, 0755) != 0 && errno != EEXIST) {
		log_error("%s: %s", o->dir, strerror(errno));
		return -errno;
	}
	if (o->format == ANSIBLE && save_inventory(o->dir, p->net) != 0)
		return -EIO;
	return save(o->dir, name, p->secret ? mode & 0700 : mode, text, len);
}

/* An exit status. */
static int
write_out(const struct options *o, const struct provision *p)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	int rc = -ENOMEM;

	if (f != NULL) {
		rc = render(f, o, p);
		if (fclose(f) != 0 && rc == 0)
			rc = -ENOMEM;
	}
	if (rc != 0)
		log_error("%s: %s", o->pop, strerror(-rc));
	else
		rc = put(o, p, text, len);
	if (text != NULL)
		explicit_bzero(text, len);
	free(text);
	return rc == 0 ? 0 : 1;
}

static int
check_platform(const struct network_pop *pop, const char *path)
{
	if (pop->platform == PLATFORM_DEBIAN)
		return 0;
	log_error("%s: %s is of platform edgeos, no Debian; `meetme render` "
		  "gives its commands",
	    path, pop->name);
	return 1;
}

static int
check_fit(const struct options *o, const struct given *g)
{
	bool is_user_data =
	    o->format == TERRAFORM && !provision_place_is_roomy(o->place);

	if (g->options.deb != NULL && is_user_data) {
		log_error("--meetme %s: a package does not fit into the user "
			  "data of %s; give a URL of it",
		    o->given.meetme, o->place_name);
		return EX_USAGE;
	}
	if (g->options.hash == NULL)
		log_warn("without --meetme, meetme itself is to be installed "
			 "by hand");
	if (g->options.key == NULL)
		log_warn("without --with-key, the machine makes a key: it is "
			 "the POP when its public key stands in the network "
			 "file");
	return 0;
}

static int
provision(const struct options *o, const char *path)
{
	const struct network_pop *pop;
	struct provision *p = NULL;
	struct network *net = NULL;
	struct given given = { 0 };
	int rc = load_network(&net, path);

	if (rc != 0)
		return rc;
	rc = 1;
	pop = network_pop(net, o->pop);
	if (pop == NULL) {
		log_error("%s: there is no POP '%s'", path, o->pop);
		goto out;
	}
	rc = check_platform(pop, path);
	if (rc == 0)
		rc = given_read(&given, net, pop, path, &o->given);
	if (rc == 0)
		rc = check_fit(o, &given);
	if (rc != 0)
		goto out;
	if (provision_describe(&p, net, pop, &given.options) == 0) {
		rc = write_out(o, p);
	} else {
		log_error("no memory");
		rc = 1;
	}
out:
	provision_free(p);
	given_end(&given);
	network_free(net);
	return rc;
}

static int
check_options(const struct subcommand *self, struct options *o)
{
	int place;

	if (o->pop == NULL)
		return usage_error(self, "which POP?");
	if (o->format_name == NULL)
		return usage_error(self, "--format says what is to be written");
	while (o->format < N_FORMATS &&
	       strcmp(formats[o->format].name, o->format_name) != 0)
		o->format++;
	if (o->format == N_FORMATS)
		return usage_error(self,
		    "there is no format '%s': it is one of cloud-init, "
		    "terraform, ansible and script",
		    o->format_name);
	if ((o->format == TERRAFORM) != (o->place_name != NULL))
		return usage_error(self,
		    "--place goes with --format terraform, which needs it: "
		    "it is one of " PROVISION_PLACES);
	if (o->format != TERRAFORM)
		return 0;
	place = provision_place(o->place_name);
	if (place < 0)
		return usage_error(self,
		    "there is no place '%s': it is one of " PROVISION_PLACES,
		    o->place_name);
	o->place = (enum provision_place)place;
	return 0;
}

/* Where the value of an option goes; NULL: it is unknown. */
static const char **
option_place(struct options *o, int c)
{
	switch (c) {
	case 'f':
		return &o->file;
	case 'o':
		return &o->dir;
	case 'F':
		return &o->format_name;
	case 'p':
		return &o->place_name;
	case 'k':
		return &o->given.key;
	case 's':
		return &o->given.ssh_key;
	case 'u':
		return &o->given.user;
	case 'm':
		return &o->given.meetme;
	case 'h':
		return &o->given.hash;
	default:
		return NULL;
	}
}

static int
run_provision(const struct subcommand *self, const struct paths *paths,
    int argc, char **argv)
{
	static const struct option longs[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "format", required_argument, NULL, 'F' },
		{ "place", required_argument, NULL, 'p' },
		{ "with-key", required_argument, NULL, 'k' },
		{ "ssh-key", required_argument, NULL, 's' },
		{ "user", required_argument, NULL, 'u' },
		{ "meetme", required_argument, NULL, 'm' },
		{ "sha256", required_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options o = { 0 };
	int c, rc;

	while ((c = next_option(self, argc, argv, ":f:o:", longs)) != -1) {
		const char **value = option_place(&o, c);

		if (value == NULL)
			return EX_USAGE;
		*value = optarg;
	}
	if (optind < argc)
		o.pop = argv[optind++];
	if (optind != argc)
		return usage_error(self, "what is '%s'?", argv[optind]);
	rc = check_options(self, &o);
	if (rc != 0)
		return rc;
	return provision(&o, o.file != NULL ? o.file : paths->network);
}

const struct subcommand subcommand_provision = {
	.name = "provision",
	.synopsis = "provision POP --format cloud-init|terraform|ansible|script"
		    "\n    [-f FILE] [-o DIR] [--place aws|scaleway|libvirt]"
		    "\n    [--meetme FILE | --meetme URL --sha256 HASH] "
		    "[--with-key FILE]"
		    "\n    [--ssh-key FILE] [--user NAME]",
	.brief = "make a POP of a fresh Debian 12",
	.text =
	    "Prints what makes a fresh Debian 12 the POP: packages, keys, "
	    "network file,\nfirewall, services; or writes it into DIR, for "
	    "ansible with an inventory of all\nPOPs. --meetme is the package "
	    "that `make package` makes, or where the machine\nfetches it. "
	    "--ssh-key is a .pub file; NAME (ops) may log in with it, and "
	    "sudo.\nNo private key is printed but that of --with-key, the "
	    "POP's, as `wg genkey`\nmakes it; without it the machine makes "
	    "one and says its public key.\nWithout -f the network file is "
	    "etc/meetme/network.yaml below the root.\n",
	.run = run_provision,
};
