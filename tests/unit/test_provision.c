#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "golden.h"
#include "peering/ports.h"
#include "provision/provision.h"
#include "provision/quote.h"
#include "provision/yaml.h"
#include "sample_mesh.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What a shell, YAML, Ansible and Terraform would each trip over. */
static const char nasty[] = "# it's \"$HOME\" ${x} %{x} $(x) `x` \\n {{ x }}\n"
			    "  - key: value\t: # !x &x *x |>\n"
			    "END\n"
			    "END_1 \n"
			    "\xc3\xa9 trailing \n"
			    "END_1\n";

/* What sh prints for a script, at most `size` bytes. */
static size_t
run_sh(const char *script, char *out, size_t size)
{
	int fds[2], status;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(127);
	}
	close(fds[1]);
	while ((got = read(fds[0], out + n, size - n)) > 0)
		n += (size_t)got;
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	return n;
}

static void
test_shell_word(void **state)
{
	static const char *const words[] = { "", "plain", "it's", "''", "'",
		"-n", "a b\tc\n", "$x `x` \\", nasty };
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct text t;
		size_t n;

		fputs("printf %s ", text_open(&t));
		quote_shell(t.f, words[i]);
		fclose(t.f);
		n = run_sh(t.data, out, sizeof(out));
		assert_int_equal(n, strlen(words[i]));
		assert_memory_equal(out, words[i], n);
		free(t.data);
	}
}

static void
test_shell_here(void **state)
{
	static const char *const texts[] = { "\n", "END\n", "a\nEND\nb\n",
		"ENDING\n", nasty };
	char out[512];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct text t;
		size_t n;

		fputs("cat", text_open(&t));
		quote_here(t.f, texts[i]);
		fclose(t.f);
		n = run_sh(t.data, out, sizeof(out));
		assert_int_equal(n, strlen(texts[i]));
		assert_memory_equal(out, texts[i], n);
		free(t.data);
	}
}

static void
test_yaml_quotes(void **state)
{
	struct text t;
	struct yaml *y;

	(void)state;
	y = yaml_begin(text_open(&t));
	assert_non_null(y);
	yaml_list(y);
	yaml_word(y, "plain");
	yaml_text(y, "true");
	yaml_text(y, "0644");
	yaml_text(y, "it's: a # [x]");
	yaml_text(y, "");
	yaml_text(y, "two\nlines\n");
	yaml_text(y, "  led by\nspaces\n");
	yaml_text(y, "trailing \nspaces\n");
	yaml_text(y, "bell\a\nand tab\t\n");
	yaml_unsafe(y, "{{ x }}\n");
	yaml_unsafe(y, "{{ x }}");
	yaml_list_end(y);
	assert_int_equal(yaml_end(y), 0);
	fclose(t.f);
	assert_string_equal(t.data, "- plain\n"
				    "- 'true'\n"
				    "- '0644'\n"
				    "- 'it''s: a # [x]'\n"
				    "- ''\n"
				    "- |\n  two\n  lines\n"
				    "- |2\n    led by\n  spaces\n"
				    "- \"trailing \\nspaces\\n\"\n"
				    "- \"bell\\a\\nand tab\\t\\n\"\n"
				    "- !unsafe |\n  {{ x }}\n"
				    "- !unsafe '{{ x }}'\n");
	free(t.data);
}

/* A machine for POP 2 of three; the options say whatever they can. */
static struct provision *
describe(struct mesh *m, bool all)
{
	static const char deb[] = "!<arch>\ndebian-binary and so on, for more "
				  "than one line of base64\n";
	struct provision_options o = { .network = "network: {}\n" };
	struct provision *p = NULL;

	if (all) {
		o = (struct provision_options){ .network = nasty,
			.motd = "no newline",
			.key = "aKey=",
			.user = "ops",
			.ssh_keys = "ssh-ed25519 AAAA me\n",
			.hash = HASH,
			.deb = deb,
			.deb_len = sizeof(deb) - 1 };
		strlcpy(m->s.net.peering.motd, "motd",
		    sizeof(m->s.net.peering.motd));
	}
	m->s.net.peering.ports = PORTS_BASE;
	m->s.net.peering.port_base = 52000;
	assert_int_equal(provision_describe(&p, &m->s.net, &m->pops[1], &o), 0);
	return p;
}

static void
test_golden(void **state)
{
	static const char *const places[] = { "aws", "scaleway", "libvirt" };
	struct provision *p;
	struct mesh m;
	struct text t;

	(void)state;
	mesh_init(&m, 3);
	p = describe(&m, false);
	assert_false(p->secret);
	assert_int_equal(render_cloud_init(text_open(&t), p), 0);
	text_is_golden(&t, "provision/user-data");
	assert_int_equal(render_playbook(text_open(&t), p), 0);
	text_is_golden(&t, "provision/playbook.yaml");
	assert_int_equal(render_inventory(text_open(&t), p->net), 0);
	text_is_golden(&t, "provision/inventory.yaml");
	assert_int_equal(render_script(text_open(&t), p), 0);
	text_is_golden(&t, "provision/provision.sh");
	for (size_t i = 0; i < 3; i++) {
		int place = provision_place(places[i]);
		char name[64];

		assert_true(place >= 0);
		assert_int_equal(render_terraform(text_open(&t), p,
				     (enum provision_place)place),
		    0);
		snprintf(name, sizeof(name), "provision/%s.tf.json", places[i]);
		text_is_golden(&t, name);
	}
	assert_int_equal(provision_place("azure"), -1);
	provision_free(p);
	mesh_free(&m);
}

/* With all options; a format that quotes wrongly shows here. */
static void
test_golden_all(void **state)
{
	struct provision *p;
	struct mesh m;
	struct text t;

	(void)state;
	mesh_init(&m, 3);
	p = describe(&m, true);
	assert_true(p->secret);
	assert_int_equal(render_cloud_init(text_open(&t), p), 0);
	text_is_golden(&t, "provision/all-user-data");
	assert_int_equal(render_playbook(text_open(&t), p), 0);
	text_is_golden(&t, "provision/all-playbook.yaml");
	assert_int_equal(render_script(text_open(&t), p), 0);
	text_is_golden(&t, "provision/all-provision.sh");
	assert_int_equal(render_terraform(text_open(&t), p, PLACE_LIBVIRT), 0);
	text_is_golden(&t, "provision/all-libvirt.tf.json");
	provision_free(p);
	mesh_free(&m);
}

/* BIRD 1.6 is a package of its own. */
static void
test_bird(void **state)
{
	struct provision *p;
	struct mesh m;

	(void)state;
	mesh_init(&m, 2);
	m.pops[1].bird = BIRD_1_6;
	p = describe(&m, false);
	assert_string_equal(p->packages[0], "bird");
	provision_free(p);
	mesh_free(&m);
}

static bool
has_span(
    const struct firewall *fw, const char *what, uint16_t from, uint16_t to)
{
	for (size_t i = 0; i < fw->n_spans; i++)
		if (strcmp(fw->spans[i].what, what) == 0 &&
		    fw->spans[i].from == from && fw->spans[i].to == to)
			return true;
	return false;
}

static void
test_firewall(void **state)
{
	struct provision *p;
	struct mesh m;

	(void)state;
	mesh_init(&m, 4);
	p = describe(&m, false);
	assert_int_equal(p->firewall.n_spans, 5);
	assert_true(has_span(&p->firewall, "SSH", 22, 22));
	assert_true(has_span(&p->firewall, "meetme", 4242, 4242));
	assert_true(has_span(&p->firewall, "links", 51801, 51801));
	assert_true(has_span(&p->firewall, "links", 51803, 51804));
	assert_true(has_span(&p->firewall, "peerings", 52001, 56096));
	provision_free(p);

	/* Where no visitor comes, nothing waits for one. */
	m.pops[1].peering = false;
	m.s.net.mesh.topology = TOPOLOGY_NONE;
	p = describe(&m, false);
	assert_int_equal(p->firewall.n_spans, 1);
	assert_true(has_span(&p->firewall, "SSH", 22, 22));
	provision_free(p);
	mesh_free(&m);
}

/* Fills the POP with peerings; each one's port must be among those told. */
static void
ports_hold(const struct sample *s, uint32_t asn, uint32_t step)
{
	struct peering *all = calloc(PEERING_MAX, sizeof(*all));
	static struct port_set ports;
	struct fault f;

	assert_non_null(all);
	peering_ports(&ports, &s->rules);
	for (size_t n = 0; n < PEERING_MAX; n++) {
		all[n].asn = asn + (uint32_t)n * step;
		assert_int_equal(
		    peering_allocate(&all[n], &s->rules, all, n, &f), 0);
		assert_true(port_set_has(&ports, all[n].listen_port));
	}
	assert_false(port_set_has(&ports, s->net.peering.listen_port));
	assert_false(port_set_has(&ports, s->net.mesh.port_base + 1U));
	free(all);
}

static void
test_ports(void **state)
{
	struct port_set ports;
	struct sample s;

	(void)state;
	sample_init(&s);
	ports_hold(&s, 4242420000, 1);
	ports_hold(&s, 64512, 100000);

	s.net.peering.ports = PORTS_BASE;
	s.net.peering.port_base = 52000;
	ports_hold(&s, 4242420000, 1);
	peering_ports(&ports, &s.rules);
	assert_false(port_set_has(&ports, 52000));
	assert_true(port_set_has(&ports, 52001));
	assert_true(port_set_has(&ports, 56096));
	assert_false(port_set_has(&ports, 56097));
	assert_false(port_set_has(&ports, 50000));

	/* Where the base gives too few, the search's ports are open, too. */
	s.net.peering.port_base = 60000;
	s.net.pops[0].id = 900;
	s.net.mesh.port_base = 59500;
	ports_hold(&s, 4242420000, 1);
	s.net.mesh.port_base = 51800;
	s.net.peering.port_base = 51000;
	s.net.pops[0].id = 1;
	ports_hold(&s, 4242420000, 1);
	peering_ports(&ports, &s.rules);
	assert_true(port_set_has(&ports, 50000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shell_word),
		cmocka_unit_test(test_shell_here),
		cmocka_unit_test(test_yaml_quotes),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_golden_all),
		cmocka_unit_test(test_bird),
		cmocka_unit_test(test_firewall),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
