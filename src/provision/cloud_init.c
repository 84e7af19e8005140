#include <errno.h>
#include <stdlib.h>

#include "provision/provision.h"
#include "provision/quote.h"
#include "provision/yaml.h"

/*
 * Deferred: files are written when the packages are there, whose folders they
 * lie in. All of runcmd is one script, which ends where a command fails.
 */
static void
put_files(struct yaml *y, const struct provision *p)
{
	yaml_word(y, "write_files");
	yaml_list(y);
	for (size_t i = 0; i < p->n_files; i++) {
		const struct provision_file *file = &p->files[i];

		yaml_map(y);
		yaml_word(y, "path");
		yaml_word(y, file->path);
		yaml_word(y, "permissions");
		yaml_text(y, file->mode);
		yaml_word(y, "defer");
		yaml_word(y, "true");
		yaml_word(y, "content");
		yaml_text(y, file->text);
		yaml_map_end(y);
	}
	yaml_list_end(y);
}

static int
put_command(struct yaml *y, const struct provision_command *c)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (f == NULL)
		return -ENOMEM;
	fprintf(f, "# %s\nif ! { %s; }; then\n", c->what, c->done);
	quote_lines(f, c->run);
	fputs("fi\n", f);
	if (fclose(f) != 0) {
		free(text);
		return -ENOMEM;
	}
	yaml_text(y, text);
	free(text);
	return 0;
}

int
render_cloud_init(FILE *f, const struct provision *p)
{
	struct yaml *y;
	int rc = 0;

	fprintf(f,
	    "#cloud-config\n"
	    "# meetme: a fresh Debian 12 becomes the POP %s.\n",
	    p->pop->name);
	y = yaml_begin(f);
	if (y == NULL)
		return -ENOMEM;
	yaml_map(y);
	yaml_word(y, "package_update");
	yaml_word(y, "true");
	yaml_word(y, "packages");
	yaml_list(y);
	for (size_t i = 0; p->packages[i] != NULL; i++)
		yaml_word(y, p->packages[i]);
	yaml_list_end(y);
	put_files(y, p);
	yaml_word(y, "runcmd");
	yaml_list(y);
	yaml_text(y, "set -eu");
	for (size_t i = 0; rc == 0 && i < p->n_commands; i++)
		rc = put_command(y, &p->commands[i]);
	yaml_list_end(y);
	yaml_map_end(y);
	return yaml_end(y) != 0 && rc == 0 ? -EIO : rc;
}
