/* Our table of countries is that of Debian's package iso-codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "network/country.h"

#define LIST "/usr/share/iso-codes/json/iso_3166-1.json"

static const json_t *list;

/* The number of the letters there; 0: there is none of them. */
static uint16_t
listed(const char *letters)
{
	const json_t *country;
	size_t i;

	json_array_foreach(list, i, country)
	{
		const char *alpha, *numeric;

		assert_int_equal(json_unpack((json_t *)country, "{s:s,s:s}",
				     "alpha_2", &alpha, "numeric", &numeric),
		    0);
		if (strcmp(alpha, letters) == 0)
			return (uint16_t)strtoul(numeric, NULL, 10);
	}
	return 0;
}

static void
equals_the_list(void **state)
{
	size_t n = 0;

	(void)state;
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++) {
			const char letters[] = { a, b, '\0' };
			uint16_t number = country_number(letters);

			if (number != listed(letters))
				fail_msg("%s: %u", letters, number);
			n += number != 0;
		}
	assert_int_equal(n, json_array_size(list));
	assert_true(n > 200);
}

static void
knows_no_other_spelling(void **state)
{
	static const char *const others[] = { "", "N", "nl", "Nl", "NLD", "528",
		"XX", "\xc3\x84", "N\x1b" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(country_number(others[i]), 0);
	assert_int_equal(country_number("NL"), 528);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_list),
		cmocka_unit_test(knows_no_other_spelling),
	};
	json_t *file = json_load_file(LIST, 0, NULL);
	int rc;

	list = json_object_get(file, "3166-1");
	if (list == NULL) {
		puts("skip no " LIST ": install the package iso-codes");
		return 77;
	}
	rc = cmocka_run_group_tests_name("country", tests, NULL, NULL);
	json_decref(file);
	return rc;
}
