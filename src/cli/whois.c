#include "cli/whois.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/ip.h"
#include "base/num.h"
#include "base/text.h"
#include "registry/object.h"

#define PATH_TEXT_MAX 512

struct query {
	FILE *out;
	int root; /* the registry's folder */
	int found;
};

/* The classes whose objects are found by their name as it is. */
static const char *const classes[] = { "mntner", "person", "role",
	"organisation", "as-set", "route-set", "as-block", "key-cert", "dns" };

/* Opens what lies below the registry, whatever links lie there. */
static int
open_below(int root, const char *path, int flags)
{
	struct open_how how = { .resolve = RESOLVE_BENEATH };

	how.flags = (unsigned)(flags | O_CLOEXEC | O_NONBLOCK);
	return (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static void
print_line(FILE *out, char *line, size_t len)
{
	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	for (size_t i = 0; i < len; i++)
		if (line[i] == '\t')
			line[i] = ' ';
	text_clean(line, len + 1, line, len);
	fprintf(out, "%s\n", line);
}

/* The object's file; NULL if there is none that may be read. */
static FILE *
open_object(int root, const char *path)
{
	int fd = open_below(root, path, O_RDONLY);
	struct stat st;
	FILE *f = NULL;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= OBJECT_FILE_MAX)
		f = fdopen(fd, "r");
	if (f == NULL)
		close(fd);
	return f;
}

/* Prints the object of that path; false if there is none. */
static bool
print_object(struct query *q, const char *path)
{
	char *line = NULL, title[PATH_TEXT_MAX];
	size_t room = 0;
	ssize_t len;
	FILE *f = open_object(q->root, path);

	if (f == NULL)
		return false;
	fprintf(q->out, "%s%% %s\n", q->found > 0 ? "\n" : "",
	    text_clean(title, sizeof(title), path, strlen(path)));
	while ((len = getline(&line, &room, f)) >= 0)
		print_line(q->out, line, (size_t)len);
	free(line);
	fclose(f);
	q->found++;
	return true;
}

/* Objects of a class whose file has that name, in any case. */
static void
print_named(struct query *q, const char *class, const char *name)
{
	char path[PATH_TEXT_MAX];
	struct dirent *entry;
	DIR *dir = NULL;
	int fd;

	snprintf(path, sizeof(path), "data/%s", class);
	fd = open_below(q->root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		dir = fdopendir(fd);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    strcasecmp(entry->d_name, name) != 0)
			continue;
		snprintf(
		    path, sizeof(path), "data/%s/%s", class, entry->d_name);
		print_object(q, path);
	}
	closedir(dir);
}

/* The object of the prefix, or of the smallest one around it. */
static void
print_prefix(struct query *q, const char *class, struct prefix p)
{
	char path[PATH_TEXT_MAX], text[IP_TEXT_MAX];

	for (int len = p.len; len >= 0; len--) {
		p.len = (uint8_t)len;
		prefix_mask(&p);
		snprintf(path, sizeof(path), "data/%s/%s_%d", class,
		    ip_text(&p.ip, text), len);
		if (print_object(q, path))
			return;
	}
}

static void
find(struct query *q, const char *name)
{
	size_t len = strlen(name);
	char buf[PATH_TEXT_MAX];
	struct prefix p = { 0 };
	uint32_t asn;

	if (asn_parse(&asn, name, len) == 0) {
		snprintf(buf, sizeof(buf), "AS%u", asn);
		print_named(q, "aut-num", buf);
		return;
	}
	if (ip_parse(&p.ip, name, len) == 0)
		p.len = (uint8_t)ip_bits(&p.ip);
	if (p.ip.family != 0 || prefix_parse(&p, name, len) == 0) {
		bool v4 = p.ip.family == 4;

		print_prefix(q, v4 ? "inetnum" : "inet6num", p);
		print_prefix(q, v4 ? "route" : "route6", p);
		return;
	}
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		print_named(q, classes[i], name);
	if (q->found == 0 &&
	    snprintf(buf, sizeof(buf), "%s-MNT", name) < (int)sizeof(buf))
		print_named(q, "mntner", buf);
}

int
whois(FILE *out, const char *registry, const char *name)
{
	struct query q = { .out = out };

	q.root = open(registry, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (q.root < 0)
		return -errno;
	find(&q, name);
	close(q.root);
	return q.found;
}
