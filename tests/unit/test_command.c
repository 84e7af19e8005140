#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "shell/command.h"
#include "shell/complete.h"
#include "shell/line.h"

#define KEY "RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A="

static int
split(struct line *line, const char *text, struct fault *f)
{
	return line_split(line, text, strlen(text), f);
}

static void
splits_words(void **state)
{
	struct line line;
	struct fault f;

	(void)state;
	assert_int_equal(split(&line, "", &f), 0);
	assert_int_equal(line.n, 0);
	assert_int_equal(split(&line, " \t ", &f), 0);
	assert_int_equal(line.n, 0);
	assert_int_equal(split(&line, "  a bc\td ", &f), 0);
	assert_int_equal(line.n, 3);
	assert_string_equal(line.word[0], "a");
	assert_string_equal(line.word[1], "bc");
	assert_string_equal(line.word[2], "d");
}

static void
takes_quotes(void **state)
{
	struct line line;
	struct fault f;

	(void)state;
	assert_int_equal(split(&line, "a \"b c\"'d \"' \"\"", &f), 0);
	assert_int_equal(line.n, 3);
	assert_string_equal(line.word[1], "b cd \"");
	assert_string_equal(line.word[2], "");
	assert_int_equal(split(&line, "a 'b", &f), FAULT_INVALID);
}

static void
refuses_what_is_not_plain(void **state)
{
	static const char *const bad[] = { "a\033[2J", "a\nb", "a\rb", "\x7f",
		"gr\xc3\xbc\xc3\x9f", "\xff", "a\x01" };
	struct line line;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(split(&line, bad[i], &f), FAULT_INVALID);
	assert_int_equal(line_split(&line, "a\0b", 3, &f), FAULT_INVALID);
}

static void
bounds_the_line(void **state)
{
	static char text[LINE_BYTES_MAX + 1];
	struct line line;
	struct fault f;

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(line_split(&line, text, LINE_BYTES_MAX, &f), 0);
	assert_int_equal(strlen(line.word[0]), LINE_BYTES_MAX);
	assert_int_equal(
	    line_split(&line, text, LINE_BYTES_MAX + 1, &f), FAULT_LIMIT);
	for (size_t i = 0; i < sizeof(text); i += 2)
		text[i] = ' ';
	assert_int_equal(line_split(&line, text, 2 * LINE_WORDS_MAX, &f), 0);
	assert_int_equal(line.n, LINE_WORDS_MAX);
	assert_int_equal(
	    line_split(&line, text, 2 * LINE_WORDS_MAX + 2, &f), FAULT_LIMIT);
}

/* Splits and parses a whole line, as a visitor. */
static struct line parsed;

static int
parse(struct args *args, const char *text, struct fault *f)
{
	const struct command *c;

	assert_int_equal(split(&parsed, text, f), 0);
	c = command_find(parsed.word[0], false);
	assert_non_null(c);
	memset(args, 0, sizeof(*args));
	return command_parse(
	    args, c, (const char *const *)parsed.word + 1, parsed.n - 1, f);
}

static void
finds_commands(void **state)
{
	(void)state;
	assert_string_equal(
	    command_find("peer_list", false)->name, "peer_list");
	assert_string_equal(command_find("?", false)->name, "help");
	assert_string_equal(command_find("exit", false)->name, "bye");
	assert_string_equal(command_find("logout", false)->name, "bye");
	assert_null(command_find("", false));
	assert_null(command_find("peer", false));
	assert_null(command_find("reload", false));
	assert_string_equal(command_find("reload", true)->name, "reload");
	assert_null(command_find("bye", true));
}

/* args_get and completion look options up by name: each must be unique. */
static void
tree_is_sound(void **state)
{
	(void)state;
	for (const struct command *c = commands; c->name != NULL; c++) {
		int n = 0;

		assert_non_null(c->brief);
		assert_non_null(c->run);
		if (c[1].name != NULL)
			assert_true(strcmp(c->name, c[1].name) < 0);
		for (; c->options[n].type != OPTION_END; n++) {
			assert_non_null(c->options[n].help);
			for (int i = 0; i < n; i++)
				assert_string_not_equal(
				    c->options[i].name, c->options[n].name);
		}
		assert_true(n <= COMMAND_OPTIONS_MAX);
	}
}

static void
parses_options(void **state)
{
	struct args a;
	struct fault f;

	(void)state;
	assert_int_equal(parse(&a,
			     "peer_create --asn 4242421344 --key=" KEY
			     " --endpoint host.example --port 51820 "
			     "--link-local fe80::1 --psk --mtu 1400 --json",
			     &f),
	    0);
	assert_string_equal(args_get(&a, "asn"), "4242421344");
	assert_string_equal(args_get(&a, "key"), KEY);
	assert_string_equal(args_get(&a, "endpoint"), "host.example");
	assert_string_equal(args_get(&a, "psk"), "");
	assert_null(args_get(&a, "bogus"));
	assert_int_equal(command_require(&a, &f), 0);
	assert_int_equal(parse(&a, "peer_status AS4242421344", &f), 0);
	assert_string_equal(args_get(&a, "asn"), "AS4242421344");
	assert_int_equal(parse(&a, "peer_create", &f), 0);
	assert_int_equal(command_require(&a, &f), COMMAND_USAGE);
}

static void
refuses_other_forms(void **state)
{
	static const char *const bad[] = {
		"peer_list x",
		"peer_list --bogus",
		"peer_list --json=1",
		"peer_list --json --json",
		"peer_list --",
		"peer_list --jso",
		"peer_status 4242421344 4242421345",
		"peer_status --asn 4242421344 4242421345",
		"peer_create --key",
		"peer_create --psk=yes",
		"peer_edit --psk --no-psk",
		"peer_edit --endpoint a.example --no-endpoint",
		"peer_edit --no-link-local --link-local fe80::1",
		"bye now",
	};
	struct args a;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		f.text[0] = '\0';
		assert_int_equal(parse(&a, bad[i], &f), COMMAND_USAGE);
		assert_string_not_equal(f.text, "");
	}
}

/* A value that breaks its type, and the field that the fault names. */
static void
refuses_values(void **state)
{
	static const struct {
		const char *line, *field;
	} bad[] = {
		{ "peer_status 0", "asn" },
		{ "peer_status 4294967296", "asn" },
		{ "peer_status 1e9", "asn" },
		{ "peer_status ''", "asn" },
		{ "peer_create --key abc", "key" },
		{ "peer_create --key=", "key" },
		{ "peer_create --port 0", "port" },
		{ "peer_create --port 65536", "port" },
		{ "peer_create --port -1", "port" },
		{ "peer_create --mtu 1279", "mtu" },
		{ "peer_create --mtu 1441", "mtu" },
		{ "peer_create --endpoint [::1]:80", "endpoint" },
		{ "peer_create --endpoint 'a b.example'", "endpoint" },
		{ "peer_create --endpoint a.example:80", "endpoint" },
		{ "peer_create --link-local fd00::1", "link_local" },
		{ "peer_create --link-local 'fe80::1%eth0;x'", "link_local" },
		{ "peer_create --link-local fe80::1/64", "link_local" },
	};
	struct args a;
	struct fault f;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse(&a, bad[i].line, &f), FAULT_INVALID);
		assert_string_equal(f.field, bad[i].field);
	}
}

static const uint32_t asns[] = { 4242421344, 4242423588 };
static const struct completion_source visitor = { false, asns, 2 };

/* The candidates for a line, with one blank between them. */
static const char *
candidates(const struct completion_source *src, const char *line)
{
	static char text[COMPLETION_MAX * COMPLETION_TEXT_MAX];
	struct completion c;

	complete(&c, src, line, strlen(line));
	text[0] = '\0';
	for (size_t i = 0; i < c.n; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
		    "%s%s", i > 0 ? " " : "", c.text[i]);
	return text;
}

static void
completes(void **state)
{
	static const struct completion_source operator= { .operator= true };
	static const struct {
		const char *line, *want;
	} cases[] = {
		{ "peer_c", "peer_config peer_create" },
		{ "  int", "intro" },
		{ "rel", "" },
		{ "help peer_l", "peer_list" },
		{ "? b", "bye" },
		{ "peer_status ", "4242421344 4242423588" },
		{ "peer_status 42424235", "4242423588" },
		{ "peer_create --asn ", "4242421344 4242423588" },
		{ "peer_create --key ", "" },
		{ "peer_config --", "--asn --wg-quick --bird --json" },
		{ "peer_config --bird --", "--asn --wg-quick --json" },
		{ "peer_list ", "--json" },
		{ "ping ", "4242421344 4242423588" },
		{ "ping 17", "" },
		{ "trace 172.20.0.53 --i", "--ipv4 --ipv6" },
		{ "nonsense ", "" },
		{ "peer_status x", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    candidates(&visitor, cases[i].line), cases[i].want);
	assert_string_equal(candidates(&operator, "rel"), "reload");
}

static void
finds_what_is_common(void **state)
{
	struct completion c;

	(void)state;
	complete(&c, &visitor, "peer_", 5);
	assert_int_equal(c.typed, 5);
	assert_int_equal(completion_common(&c), 5);
	complete(&c, &visitor, "peer_c", 6);
	assert_int_equal(completion_common(&c), strlen("peer_c"));
	complete(&c, &visitor, "peer_co", 7);
	assert_int_equal(completion_common(&c), strlen("peer_config"));
	complete(&c, &visitor, "x", 1);
	assert_int_equal(completion_common(&c), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_words),
		cmocka_unit_test(takes_quotes),
		cmocka_unit_test(refuses_what_is_not_plain),
		cmocka_unit_test(bounds_the_line),
		cmocka_unit_test(finds_commands),
		cmocka_unit_test(tree_is_sound),
		cmocka_unit_test(parses_options),
		cmocka_unit_test(refuses_other_forms),
		cmocka_unit_test(refuses_values),
		cmocka_unit_test(completes),
		cmocka_unit_test(finds_what_is_common),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
