#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "shell/mask.h"
#include "shell/out.h"
#include "shell/table.h"
#include "shell/units.h"

#define SCREEN_MAX 16384

/*
 * What `print` writes to a terminal of `columns`, TERM `term`. The terminal is
 * a pty of the kernel's; its \r are left out.
 */
static const char *
screen(unsigned short columns, const char *term, void (*print)(struct out *))
{
	static char text[SCREEN_MAX];
	const struct winsize size = { .ws_row = 24, .ws_col = columns };
	size_t len = 0;
	int master, slave;
	struct out o;
	ssize_t n;
	FILE *f;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, &size), 0);
	f = fdopen(slave, "w");
	assert_non_null(f);
	setvbuf(f, NULL, _IOFBF, SCREEN_MAX);
	out_init(&o, f, term);
	print(&o);
	/* Less than a pty holds, so that one read after the end has it all. */
	assert_int_equal(out_flush(&o), 0);
	fclose(f);
	while (len < sizeof(text) - 1 &&
	       (n = read(master, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	close(master);
	text[len] = '\0';
	for (char *from = text, *to = text; (*to = *from) != '\0'; from++)
		to += *from != '\r';
	return text;
}

static void
print_peers(struct out *o)
{
	struct table *t = table_new("Your existing peering sessions");

	table_column(t, "AS number", TABLE_KEEP);
	table_column(t, "Wireguard public key", TABLE_CUT);
	table_column(t, "Endpoint address", TABLE_FOLD);
	table_column(t, "Endpoint port", TABLE_KEEP);
	table_cell(t, "4242421344");
	table_cell(t, "RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A=");
	table_cell(t, "2a02:3100:3e6f:d100:250a:3f69:c3d4:8da8");
	table_cell(t, "56111");
	table_print(t, o);
	table_free(t);
}

/* Headings fold, keys are cut, addresses stay whole as long as they can. */
static void
fits_80_columns(void **state)
{
	(void)state;
	assert_string_equal(screen(80, "dumb", print_peers),
	    "                         Your existing peering sessions\n"
	    "+------------+-----------+----------------------------------------"
	    "-"
	    "+-----------+\n"
	    "|            | Wireguard |                                        "
	    " "
	    "|           |\n"
	    "|            | public    |                                        "
	    " "
	    "| Endpoint  |\n"
	    "| AS number  | key       | Endpoint address                       "
	    " "
	    "| port      |\n"
	    "+------------+-----------+----------------------------------------"
	    "-"
	    "+-----------+\n"
	    "| 4242421344 | RE+6aO1p~ | "
	    "2a02:3100:3e6f:d100:250a:3f69:c3d4:8da8 "
	    "| 56111     |\n"
	    "+------------+-----------+----------------------------------------"
	    "-"
	    "+-----------+\n");
}

static void
makes_records_at_40_columns(void **state)
{
	(void)state;
	assert_string_equal(screen(40, "dumb", print_peers),
	    "Your existing peering sessions\n"
	    "+------------------+-------------------+\n"
	    "| AS number        | 4242421344        |\n"
	    "+------------------+-------------------+\n"
	    "| Wireguard public | RE+6aO1pQ9ZhO1Yw0 |\n"
	    "| key              | Jf2cBq3mVxq6n8QxE |\n"
	    "|                  | 5uE1b7y3A=        |\n"
	    "| Endpoint address | 2a02:3100:3e6f:d1 |\n"
	    "|                  | 00:250a:3f69:c3d4 |\n"
	    "|                  | :8da8             |\n"
	    "| Endpoint port    | 56111             |\n"
	    "+------------------+-------------------+\n");
}

static void
is_whole_where_there_is_room(void **state)
{
	const char *text;

	(void)state;
	text = screen(200, "dumb", print_peers);
	assert_non_null(strstr(text,
	    "| 4242421344 | RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A= | "
	    "2a02:3100:3e6f:d100:250a:3f69:c3d4:8da8 | 56111         |\n"));
}

/* Columns of the longest line, a character of UTF-8 being one. */
static unsigned
longest_line(const char *text)
{
	unsigned longest = 0, n = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\033')
			text += strcspn(text, "m");
		else if (*text == '\n')
			n = 0;
		else if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
		longest = n > longest ? n : longest;
	}
	return longest;
}

static void
stays_inside_the_window(void **state)
{
	(void)state;
	setenv("LC_ALL", "C.UTF-8", 1);
	for (unsigned short w = 30; w <= 150; w++)
		assert_true(longest_line(screen(w, "xterm", print_peers)) <= w);
	for (unsigned short w = 1; w < 30; w++) /* ends, whatever it looks */
		assert_true(strlen(screen(w, "dumb", print_peers)) > 0);
}

static void
print_small(struct out *o)
{
	struct table *t = table_new(NULL);

	table_column(t, "Your AS number(s)", TABLE_KEEP);
	table_cell(t, "%u", 4242423588U);
	table_cell(t, "a\033[2Jb\xc3\xbc\n");
	table_print(t, o);
	table_free(t);
}

static void
draws_boxes(void **state)
{
	(void)state;
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("NO_COLOR", "1", 1);
	assert_string_equal(screen(80, "xterm", print_small),
	    "┏━━━━━━━━━━━━━━━━━━━┓\n"
	    "┃ Your AS number(s) ┃\n"
	    "┡━━━━━━━━━━━━━━━━━━━┩\n"
	    "│ 4242423588        │\n"
	    "│ a?[2Jb???         │\n"
	    "└───────────────────┘\n");
	unsetenv("NO_COLOR");
	assert_non_null(strstr(screen(80, "xterm", print_small),
	    "┃ \033[1;36mYour AS number(s)\033[0m ┃"));
	setenv("LC_ALL", "C", 1);
	assert_non_null(strstr(screen(80, "xterm", print_small), "+----"));
	unsetenv("LC_ALL");
}

static void
print_hostile(struct out *o)
{
	out_print(o, "a%s\n",
	    "\033]0;owned\a\x9b"
	    "31m\r\tb");
	out_styled(o, OUT_BAD, "%s", "\033[2J");
}

static void
print_motd(struct out *o)
{
	out_utf8(o, "━█░ é\n\033[2J\xc2\x9b"
		    "1m \xff\xc0\x80 \xed\xa0\x80|");
}

static void
passes_no_control_characters(void **state)
{
	(void)state;
	assert_string_equal(
	    screen(80, "dumb", print_hostile), "a?]0;owned??31m?\tb\n?[2J");
	setenv("LC_ALL", "C.UTF-8", 1);
	assert_string_equal(
	    screen(80, "xterm", print_motd), "━█░ é\n?[2J??1m ??? ???|");
	assert_string_equal(
	    screen(80, "dumb", print_motd), "### #\n?[2J??1m ??? ???|");
	unsetenv("LC_ALL");
}

static void
masks(void **state)
{
	char buf[MASK_MAX];

	(void)state;
	assert_string_equal(
	    mask_key(buf, "RE+6aO1pQ9ZhO1Yw0Jf2cBq3mVxq6n8QxE5uE1b7y3A="),
	    "RE+****************************************=");
	assert_string_equal(
	    mask_endpoint(buf, "[2a02:db8::1]:42424"), "[2a02:******]:42424");
	assert_string_equal(mask_endpoint(buf, "2a02:db8::1"), "2a02:******");
	assert_string_equal(
	    mask_endpoint(buf, "192.0.2.25:51820"), "192.******:51820");
	assert_string_equal(
	    mask_endpoint(buf, "vpn.example.net"), "vpn.***********");
	assert_string_equal(mask_endpoint(buf, ""), "");
	assert_string_equal(mask_endpoint(buf, "["), "[");
}

static void
tells_units(void **state)
{
	char buf[UNITS_MAX];

	(void)state;
	assert_string_equal(units_ago(buf, 100, 100), "Now");
	assert_string_equal(units_ago(buf, 100, 115), "15 seconds ago");
	assert_string_equal(
	    units_ago(buf, 0, 3600 + 61), "1 hour, 1 minute, 1 second ago");
	assert_string_equal(units_ago(buf, 9, 1), "in the future");
	assert_string_equal(units_bytes(buf, 0), "0 B");
	assert_string_equal(units_bytes(buf, 1023), "1023 B");
	assert_string_equal(units_bytes(buf, 276761149), "263.94 MiB");
	assert_string_equal(units_ms(buf, 0), "0.00 ms");
	assert_string_equal(units_ms(buf, 423), "0.42 ms");
	assert_string_equal(units_ms(buf, 11342), "11.3 ms");
	assert_string_equal(units_ms(buf, 999499), "999 ms");
	assert_string_equal(
	    units_time(buf, 1749048637), "2025-06-04 14:50:37 UTC");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fits_80_columns),
		cmocka_unit_test(makes_records_at_40_columns),
		cmocka_unit_test(is_whole_where_there_is_room),
		cmocka_unit_test(stays_inside_the_window),
		cmocka_unit_test(draws_boxes),
		cmocka_unit_test(passes_no_control_characters),
		cmocka_unit_test(masks),
		cmocka_unit_test(tells_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
