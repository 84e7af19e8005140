#include "shell/units.h"

#include <bsd/string.h>
#include <stdio.h>
#include <time.h>

char *
units_time(char buf[UNITS_MAX], int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(buf, UNITS_MAX, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		strlcpy(buf, "?", UNITS_MAX);
	return buf;
}

char *
units_ago(char buf[UNITS_MAX], int64_t then, int64_t now)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = { { 365 * 86400, "year" }, { 86400, "day" },
		{ 3600, "hour" }, { 60, "minute" }, { 1, "second" } };
	int64_t left = now - then;
	size_t len = 0;

	if (left <= 0) {
		strlcpy(buf, left == 0 ? "Now" : "in the future", UNITS_MAX);
		return buf;
	}
	buf[0] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		int64_t n = left / units[i].seconds;

		left %= units[i].seconds;
		if (n == 0)
			continue;
		snprintf(buf + len, UNITS_MAX - len, "%s%lld %s%s",
		    len > 0 ? ", " : "", (long long)n, units[i].name,
		    n == 1 ? "" : "s");
		len = strlen(buf);
	}
	strlcat(buf, " ago", UNITS_MAX);
	return buf;
}

char *
units_bytes(char buf[UNITS_MAX], uint64_t bytes)
{
	static const char *const names[] = { "KiB", "MiB", "GiB", "TiB" };
	double n = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(buf, UNITS_MAX, "%u B", (unsigned)bytes);
		return buf;
	}
	while (n >= 1024 && i + 1 < sizeof(names) / sizeof(names[0])) {
		n /= 1024;
		i++;
	}
	snprintf(buf, UNITS_MAX, "%.2f %s", n, names[i]);
	return buf;
}

char *
units_ms(char buf[UNITS_MAX], uint32_t us)
{
	int digits = us < 10000 ? 2 : us < 100000 ? 1 : 0;

	snprintf(buf, UNITS_MAX, "%.*f ms", digits, (double)us / 1000);
	return buf;
}
