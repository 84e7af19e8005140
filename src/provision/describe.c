#include "provision/describe.h"

#include <errno.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "plan/plan.h"
#include "provision/quote.h"

#define ETC_KEY	    "/etc/meetme/wg.key"
#define ETC_NETWORK "/etc/meetme/network.yaml"
#define ETC_KEYS    "/etc/meetme/ssh_keys"
#define NFTABLES    "/etc/nftables.conf"
#define BIRD_CONF   "/etc/bird/bird.conf"
#define BIRD_OURS   "/etc/bird/meetme/meetme.conf"

/* Copies of what services were last given, by which a second run knows. */
#define CACHE "/var/cache/meetme"
#define DEB   CACHE "/new.deb"

#define LINE_BYTES 57 /* 76 characters of base64 */

/* What is made of, on the way. */
struct draft {
	struct provision *p;
	const struct provision_options *o;
	const struct plan *plan;
};

/* A text that is built with stdio; NULL when there was no memory. */
struct buffer {
	FILE *f;
	char *data;
	size_t len;
};

static int
buffer_begin(struct buffer *t)
{
	*t = (struct buffer){ 0 };
	t->f = open_memstream(&t->data, &t->len);
	return t->f != NULL ? 0 : FAULT_SYSTEM;
}

static char *
buffer_take(struct buffer *t, int rc)
{
	if (fclose(t->f) == 0 && rc == 0)
		return t->data;
	free(t->data);
	return NULL;
}

static int
add_package(struct provision *p, const char *name)
{
	size_t n = 0;

	while (p->packages[n] != NULL)
		n++;
	if (n + 1 == PROVISION_PACKAGES_MAX)
		return FAULT_LIMIT;
	p->packages[n] = name;
	return 0;
}

/* Takes over `text`; NULL stands for "no memory". */
static int
add_file(struct provision *p, const char *path, const char *mode, char *text)
{
	if (text == NULL)
		return FAULT_SYSTEM;
	if (p->n_files == PROVISION_FILES_MAX) {
		free(text);
		return FAULT_LIMIT;
	}
	p->files[p->n_files++] =
	    (struct provision_file){ .path = path, .mode = mode, .text = text };
	return 0;
}

/* A copy, with a newline at its end. */
static int
add_text(
    struct provision *p, const char *path, const char *mode, const char *text)
{
	size_t len = strlen(text);
	bool ends = len > 0 && text[len - 1] == '\n';
	char *copy = NULL;

	if (asprintf(&copy, "%s%s", text, ends ? "" : "\n") < 0)
		copy = NULL;
	return add_file(p, path, mode, copy);
}

static int
add_command(struct provision *p, const char *what, char *done, char *run)
{
	if (done == NULL || run == NULL ||
	    p->n_commands == PROVISION_COMMANDS_MAX) {
		free(done);
		free(run);
		return FAULT_SYSTEM;
	}
	p->commands[p->n_commands++] =
	    (struct provision_command){ what, done, run };
	return 0;
}

static char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static char *
format(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return text;
}

static int
describe_packages(struct draft *d)
{
	static const char *const all[] = { "wireguard-tools", "wireguard-go",
		"nftables", "git", "ca-certificates", "openssh-client" };
	int rc =
	    add_package(d->p, d->p->pop->bird == BIRD_1_6 ? "bird" : "bird2");

	for (size_t i = 0; rc == 0 && i < sizeof(all) / sizeof(all[0]); i++)
		rc = add_package(d->p, all[i]);
	if (rc == 0 && d->o->url != NULL)
		rc = add_package(d->p, "curl");
	if (rc == 0 && d->o->user != NULL)
		rc = add_package(d->p, "sudo");
	return rc;
}

/* In lines, as base64(1) does. */
static char *
base64(const void *data, size_t len)
{
	const unsigned char *in = data;
	struct buffer t;

	if (buffer_begin(&t) != 0)
		return NULL;
	while (len > 0) {
		char line[LINE_BYTES / 3 * 4 + 1];
		size_t n = len < LINE_BYTES ? len : LINE_BYTES;

		sodium_bin2base64(
		    line, sizeof(line), in, n, sodium_base64_VARIANT_ORIGINAL);
		fprintf(t.f, "%s\n", line);
		in += n;
		len -= n;
	}
	return buffer_take(&t, 0);
}

static int
describe_nftables(struct draft *d)
{
	struct buffer t;
	int rc = buffer_begin(&t);

	if (rc != 0)
		return rc;
	rc = render_nftables(t.f, &d->p->firewall, d->plan);
	return add_file(d->p, NFTABLES, "0644", buffer_take(&t, rc));
}

static int
describe_secret(struct draft *d)
{
	int rc = add_text(d->p, ETC_KEY, "0600", d->o->key);

	if (rc == 0) {
		d->p->files[d->p->n_files - 1].secret = true;
		d->p->secret = true;
	}
	return rc;
}

static int
describe_login(struct draft *d)
{
	int rc = add_text(d->p, ETC_KEYS, "0644", d->o->ssh_keys);

	if (rc == 0 && strcmp(d->o->user, "root") != 0)
		rc = add_file(d->p, "/etc/sudoers.d/meetme", "0440",
		    format("%s ALL=(ALL) NOPASSWD: ALL\n", d->o->user));
	return rc;
}

static int
describe_files(struct draft *d)
{
	const struct provision_options *o = d->o;
	struct provision *p = d->p;
	int rc = add_text(p, ETC_NETWORK, "0644", o->network);

	if (rc == 0 && o->motd != NULL) {
		snprintf(p->motd_path, sizeof(p->motd_path), "/etc/meetme/%s",
		    p->net->peering.motd);
		rc = add_text(p, p->motd_path, "0644", o->motd);
	}
	if (rc == 0 && o->key != NULL)
		rc = describe_secret(d);
	if (rc == 0 && o->user != NULL)
		rc = describe_login(d);
	if (rc == 0 && o->deb != NULL)
		rc = add_file(
		    p, CACHE "/package", "0644", base64(o->deb, o->deb_len));
	if (rc == 0)
		rc = describe_nftables(d);
	if (rc == 0)
		rc = add_text(p, BIRD_CONF, "0644",
		    "# meetme: the rest is meetmed's; see meetmed(8), Hooks.\n"
		    "log syslog all;\n"
		    "include \"meetme/meetme.conf\";\n");
	return rc;
}

/* The package is known by its hash, on the way and once it is there. */
static int
command_install(struct draft *d)
{
	const struct provision_options *o = d->o;
	struct buffer t;

	if (buffer_begin(&t) != 0)
		return FAULT_SYSTEM;
	fputs("mkdir -p " CACHE "\n", t.f);
	if (o->url != NULL) {
		fputs("curl -fsSL -o " DEB " ", t.f);
		quote_shell(t.f, o->url);
		fputc('\n', t.f);
	} else {
		fputs("base64 -d " CACHE "/package >" DEB "\n", t.f);
	}
	fprintf(t.f,
	    "echo '%s  " DEB "' | sha256sum -c --quiet\n"
	    "DEBIAN_FRONTEND=noninteractive apt-get -qy \\\n"
	    "    --no-install-recommends --reinstall --allow-downgrades \\\n"
	    "    install " DEB "\n"
	    "rm " DEB "\n"
	    "systemctl try-restart meetmed\n"
	    "echo %s >" CACHE "/installed\n",
	    o->hash, o->hash);
	return add_command(d->p, "install meetme",
	    format(
		"[ \"$(cat " CACHE "/installed 2>/dev/null)\" = %s ]", o->hash),
	    buffer_take(&t, 0));
}

static int
command_login(struct draft *d)
{
	const char *user = d->o->user;

	return add_command(d->p, "let the operator log in",
	    format("cmp -s " ETC_KEYS " ~%s/.ssh/authorized_keys", user),
	    format("id -u %s >/dev/null 2>&1 || useradd -m -s /bin/bash %s\n"
		   "install -d -m 700 -o %s -g \"$(id -g %s)\" ~%s/.ssh\n"
		   "install -m 600 -o %s -g \"$(id -g %s)\" " ETC_KEYS " \\\n"
		   "    ~%s/.ssh/authorized_keys\n",
		user, user, user, user, user, user, user, user));
}

static int
command_key(struct draft *d)
{
	return add_command(d->p, "make a private key",
	    strdup("[ -s " ETC_KEY " ]"),
	    strdup("(umask 077 && wg genkey >" ETC_KEY ".new)\n"
		   "mv " ETC_KEY ".new " ETC_KEY "\n"));
}

static int
command_firewall(struct draft *d)
{
	return add_command(d->p, "load the firewall",
	    strdup("cmp -s " NFTABLES " " CACHE "/nftables.conf"),
	    strdup("systemctl enable nftables\n"
		   "systemctl start nftables\n"
		   "systemctl reload nftables\n"
		   "install -D -m 644 " NFTABLES " " CACHE "/nftables.conf\n"));
}

/* Until meetmed has written its own, for BIRD to start with. */
static int
command_bird(struct draft *d)
{
	char id[IP_TEXT_MAX];

	return add_command(d->p, "give BIRD its configuration",
	    strdup("cmp -s " BIRD_CONF " " CACHE "/bird.conf"),
	    format("mkdir -p /etc/bird/meetme\n"
		   "[ -e " BIRD_OURS " ] ||\n"
		   "    echo 'router id %s; protocol device {}' \\\n"
		   "        >" BIRD_OURS "\n"
		   "bird -p -c " BIRD_CONF "\n"
		   "systemctl enable bird\n"
		   "systemctl restart bird\n"
		   "install -D -m 644 " BIRD_CONF " " CACHE "/bird.conf\n",
		ip_text(&d->plan->router_id, id)));
}

static int
command_start(struct draft *d)
{
	const struct network_pop *pop = d->p->pop;
	char key[WGKEY_TEXT_MAX];

	wgkey_text(&pop->public_key, key);
	return add_command(d->p, "start meetmed",
	    strdup("cmp -s " ETC_NETWORK " " CACHE "/network.yaml &&\n"
		   "    systemctl -q is-enabled meetmed"),
	    format("command -v meetmed >/dev/null || {\n"
		   "    echo 'meetme is not installed: do it, and come again.' "
		   ">&2\n"
		   "    exit 1\n"
		   "}\n"
		   "key=$(wg pubkey <" ETC_KEY ")\n"
		   "[ \"$key\" = '%s' ] || {\n"
		   "    echo \"The public key of %s is $key: write it into "
		   "the\" "
		   ">&2\n"
		   "    echo 'network file, give that to all POPs, and come "
		   "again.' >&2\n"
		   "    exit 1\n"
		   "}\n"
		   "systemctl enable meetmed\n"
		   "systemctl start meetmed\n"
		   "systemctl reload meetmed\n"
		   "install -D -m 644 " ETC_NETWORK " " CACHE "/network.yaml\n",
		key, pop->name));
}

static int
describe_commands(struct draft *d)
{
	int rc = 0;

	if (d->o->hash != NULL)
		rc = command_install(d);
	if (rc == 0 && d->o->user != NULL)
		rc = command_login(d);
	if (rc == 0 && d->o->key == NULL)
		rc = command_key(d);
	if (rc == 0)
		rc = command_firewall(d);
	if (rc == 0)
		rc = command_bird(d);
	if (rc == 0)
		rc = command_start(d);
	return rc;
}

int
provision_describe(struct provision **out, const struct network *net,
    const struct network_pop *pop, const struct provision_options *o)
{
	struct peering_rules *rules = malloc(sizeof(*rules));
	struct draft d = { calloc(1, sizeof(*d.p)), o, NULL };
	struct plan *plan = NULL;
	int rc = FAULT_SYSTEM;

	if (rules == NULL || d.p == NULL)
		goto out;
	d.p->net = net;
	d.p->pop = pop;
	peering_rules_init(rules, net, pop);
	rc = plan_derive(&plan, rules, NULL, 0);
	if (rc != 0)
		goto out;
	d.plan = plan;
	rc = firewall_init(&d.p->firewall, plan, rules);
	if (rc == 0)
		rc = describe_packages(&d);
	if (rc == 0)
		rc = describe_files(&d);
	if (rc == 0)
		rc = describe_commands(&d);
	if (rc != 0)
		goto out;
	*out = d.p;
	d.p = NULL;
out:
	plan_free(plan);
	provision_free(d.p);
	free(rules);
	return rc;
}

void
provision_free(struct provision *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->n_files; i++) {
		if (p->files[i].secret)
			explicit_bzero(
			    p->files[i].text, strlen(p->files[i].text));
		free(p->files[i].text);
	}
	for (size_t i = 0; i < p->n_commands; i++) {
		free(p->commands[i].done);
		free(p->commands[i].run);
	}
	firewall_end(&p->firewall);
	free(p);
}
