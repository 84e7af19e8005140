#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "provision/provision.h"
#include "provision/yaml.h"

#define UNCHANGED "meetme: nothing to do"

static void
pair(struct yaml *y, const char *key, const char *word)
{
	yaml_word(y, key);
	yaml_word(y, word);
}

static void
task(struct yaml *y, const char *what, const char *module)
{
	yaml_map(y);
	yaml_word(y, "name");
	yaml_text(y, what);
	yaml_word(y, module);
}

static void
put_packages(struct yaml *y, const struct provision *p)
{
	task(y, "install packages", "ansible.builtin.apt");
	yaml_map(y);
	yaml_word(y, "name");
	yaml_list(y);
	for (size_t i = 0; p->packages[i] != NULL; i++)
		yaml_word(y, p->packages[i]);
	yaml_list_end(y);
	pair(y, "install_recommends", "false");
	pair(y, "update_cache", "true");
	pair(y, "cache_valid_time", "3600");
	yaml_map_end(y);
	yaml_map_end(y);
}

/* What lies above a file: 0 if it was that of the file before, too. */
static int
put_folder(struct yaml *y, const struct provision *p, size_t i)
{
	const char *path = p->files[i].path, *last = strrchr(path, '/');
	size_t len = (size_t)(last - path);
	char *folder;

	if (i > 0 && strncmp(p->files[i - 1].path, path, len + 1) == 0 &&
	    strchr(p->files[i - 1].path + len + 1, '/') == NULL)
		return 0;
	folder = strndup(path, len);
	if (folder == NULL)
		return -ENOMEM;
	task(y, "make the folder", "ansible.builtin.file");
	yaml_map(y);
	pair(y, "path", folder);
	pair(y, "state", "directory");
	yaml_map_end(y);
	yaml_map_end(y);
	free(folder);
	return 0;
}

static void
put_file(struct yaml *y, const struct provision_file *file)
{
	task(y, file->path, "ansible.builtin.copy");
	yaml_map(y);
	pair(y, "dest", file->path);
	pair(y, "owner", "root");
	pair(y, "group", "root");
	yaml_word(y, "mode");
	yaml_text(y, file->mode);
	yaml_word(y, "content");
	yaml_unsafe(y, file->text);
	yaml_map_end(y);
	if (file->secret)
		pair(y, "no_log", "true");
	yaml_map_end(y);
}

static int
put_command(struct yaml *y, const struct provision_command *c)
{
	char *text = NULL;

	if (asprintf(&text,
		"set -eu\n"
		"if { %s; }; then\n"
		"    echo '" UNCHANGED "'\n"
		"    exit\n"
		"fi\n%s",
		c->done, c->run) < 0)
		return -ENOMEM;
	task(y, c->what, "ansible.builtin.shell");
	yaml_map(y);
	yaml_word(y, "cmd");
	yaml_unsafe(y, text);
	yaml_map_end(y);
	pair(y, "register", "result");
	yaml_word(y, "changed_when");
	yaml_text(y, "result.stdout != '" UNCHANGED "'");
	yaml_map_end(y);
	free(text);
	return 0;
}

int
render_playbook(FILE *f, const struct provision *p)
{
	struct yaml *y;
	int rc = 0;

	fprintf(f, "# meetme: a fresh Debian 12 becomes the POP %s.\n",
	    p->pop->name);
	y = yaml_begin(f);
	if (y == NULL)
		return -ENOMEM;
	yaml_list(y);
	yaml_map(y);
	yaml_word(y, "hosts");
	yaml_text(y, p->pop->name);
	pair(y, "become", "true");
	pair(y, "gather_facts", "false");
	yaml_word(y, "tasks");
	yaml_list(y);
	put_packages(y, p);
	for (size_t i = 0; rc == 0 && i < p->n_files; i++) {
		rc = put_folder(y, p, i);
		put_file(y, &p->files[i]);
	}
	for (size_t i = 0; rc == 0 && i < p->n_commands; i++)
		rc = put_command(y, &p->commands[i]);
	yaml_list_end(y);
	yaml_map_end(y);
	yaml_list_end(y);
	return yaml_end(y) != 0 && rc == 0 ? -EIO : rc;
}

/* The group's name has a '_', which no POP's name has. */
int
render_inventory(FILE *f, const struct network *net)
{
	struct yaml *y;

	fputs("# meetme: all POPs.\n", f);
	y = yaml_begin(f);
	if (y == NULL)
		return -ENOMEM;
	yaml_map(y);
	yaml_word(y, "meetme_pops");
	yaml_map(y);
	yaml_word(y, "hosts");
	yaml_map(y);
	for (size_t i = 0; i < net->n_pops; i++) {
		yaml_text(y, net->pops[i].name);
		yaml_map(y);
		yaml_word(y, "ansible_host");
		yaml_text(y, net->pops[i].endpoint);
		yaml_map_end(y);
	}
	yaml_map_end(y);
	yaml_map_end(y);
	yaml_map_end(y);
	return yaml_end(y);
}
