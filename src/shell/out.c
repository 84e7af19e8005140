#include "shell/out.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH_DEFAULT 80

static const char *const styles[] = {
	[OUT_PLAIN] = "0",
	[OUT_STRONG] = "1",
	[OUT_HEADING] = "1;36",
	[OUT_GOOD] = "32",
	[OUT_WARN] = "33",
	[OUT_BAD] = "31",
};

/* False only if the environment names a character set that is another one. */
static bool
locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return strcasestr(value, "utf-8") != NULL ||
			       strcasestr(value, "utf8") != NULL;
	}
	return true;
}

void
out_init(struct out *o, FILE *f, const char *term)
{
	const char *no_color = getenv("NO_COLOR");
	bool able;

	if (f == stderr) /* else each character is a packet of its own */
		setvbuf(f, NULL, _IOLBF, 0);
	*o = (struct out){ .f = f, .terminal = isatty(fileno(f)) == 1 };
	able = o->terminal && term != NULL && *term != '\0' &&
	       strcmp(term, "dumb") != 0 && strncmp(term, "vt", 2) != 0;
	o->colour = able && (no_color == NULL || *no_color == '\0');
	o->utf8 = able && locale_is_utf8();
}

static void
put_clean(struct out *o, const char *text)
{
	for (; *text != '\0'; text++) {
		bool ok = (*text >= ' ' && *text <= '~') || *text == '\n' ||
			  *text == '\t';

		putc(ok ? *text : '?', o->f);
	}
}

static void print_args(struct out *o, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

static void
print_args(struct out *o, const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	put_clean(o, text);
	free(text);
}

void
out_print(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_args(o, fmt, ap);
	va_end(ap);
}

void
out_styled(struct out *o, enum out_style style, const char *fmt, ...)
{
	bool on = o->colour && style != OUT_PLAIN;
	va_list ap;

	if (on)
		fprintf(o->f, "\033[%sm", styles[style]);
	va_start(ap, fmt);
	print_args(o, fmt, ap);
	va_end(ap);
	if (on)
		fputs("\033[0m", o->f);
}

/* A line is shorter than `limit`, unless that is 0 or a word is longer. */
static void
fold(struct out *o, const char *text, unsigned indent, size_t limit)
{
	size_t column = indent;

	while (*text != '\0') {
		size_t word = strcspn(text, " \n");

		if (limit > 0 && column > indent &&
		    column + 1 + word >= limit) {
			out_print(o, "\n%*s", (int)indent, "");
			column = indent;
		}
		out_print(
		    o, "%s%.*s", column > indent ? " " : "", (int)word, text);
		column += word + (column > indent);
		text += word;
		if (*text == '\n') {
			out_print(o, "\n%*s", (int)indent, "");
			column = indent;
		}
		text += *text != '\0';
	}
}

void
out_folded(struct out *o, const char *text, unsigned indent)
{
	size_t limit = out_width(o);

	if (limit == 0 || limit > WIDTH_DEFAULT)
		limit = WIDTH_DEFAULT;
	fold(o, text, indent, limit);
	out_print(o, "\n");
}

void
out_wrapped(
    struct out *o, enum out_style style, const char *text, unsigned indent)
{
	bool on = o->colour && style != OUT_PLAIN;
	unsigned width = out_width(o);

	if (on)
		fprintf(o->f, "\033[%sm", styles[style]);
	fold(o, text, indent, width > 0 ? width + 1 : 0);
	if (on)
		fputs("\033[0m", o->f);
	out_print(o, "\n");
}

/*
 * The length of the printable character at the head of `s`, 0 if there is
 * none: control characters (C0, C1), overlong forms, surrogates, cut ends.
 */
static size_t
utf8_len(const unsigned char *s)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t len;

	if (s[0] < 0x80)
		return (s[0] >= ' ' && s[0] != 0x7f) || s[0] == '\n';
	len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	c = s[0] & (0xffU >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c < 0xa0 || c > 0x10ffff ||
	    (c >= 0xd800 && c <= 0xdfff))
		return 0;
	return len;
}

void
out_utf8(struct out *o, const char *text)
{
	while (*text != '\0') {
		size_t len = utf8_len((const unsigned char *)text);

		if (len == 0)
			putc('?', o->f);
		else if (len > 1 && !o->utf8)
			putc('#', o->f);
		else
			fwrite(text, 1, len, o->f);
		text += len > 0 ? len : 1;
	}
}

void
out_raw(struct out *o, const char *text)
{
	fputs(text, o->f);
}

unsigned
out_width(const struct out *o)
{
	struct winsize size;

	if (!o->terminal)
		return 0;
	if (ioctl(fileno(o->f), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return WIDTH_DEFAULT;
	return size.ws_col;
}

int
out_flush(struct out *o)
{
	return fflush(o->f) != 0 || ferror(o->f) ? -1 : 0;
}
