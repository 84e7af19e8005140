#include "provision/provision.h"
#include "provision/quote.h"
#include "render/text.h"

static const char head[] =
    "set -eu\n"
    "umask 022\n"
    "[ \"$(id -u)\" -eq 0 ] || {\n"
    "    echo \"$0: must be run as root\" >&2\n"
    "    exit 1\n"
    "}\n"
    "\n"
    "say() {\n"
    "    echo \"meetme: $*\"\n"
    "}\n"
    "\n"
    "# installed PACKAGE\n"
    "installed() {\n"
    "    [ \"$(dpkg-query -W -f '${db:Status-Status}' \"$1\" 2>/dev/null)\" "
    "\\\n"
    "        = installed ]\n"
    "}\n"
    "\n"
    "# put MODE PATH: gives the file the bytes of standard input, if it has "
    "others.\n"
    "put() {\n"
    "    mkdir -p \"${2%/*}\"\n"
    "    (umask 077 && cat >\"$2.new\")\n"
    "    chmod \"$1\" \"$2.new\"\n"
    "    if cmp -s \"$2.new\" \"$2\"; then\n"
    "        chmod \"$1\" \"$2\"\n"
    "        rm \"$2.new\"\n"
    "    else\n"
    "        say \"write $2\"\n"
    "        mv \"$2.new\" \"$2\"\n"
    "    fi\n"
    "}\n";

static void
print_packages(FILE *f, const struct provision *p)
{
	fputs("missing=\nfor package in", f);
	for (size_t i = 0; p->packages[i] != NULL; i++)
		fprintf(f, " \\\n    %s", p->packages[i]);
	fputs("\ndo\n"
	      "    installed \"$package\" || missing=\"$missing $package\"\n"
	      "done\n"
	      "if [ -n \"$missing\" ]; then\n"
	      "    say \"install$missing\"\n"
	      "    apt-get -q update\n"
	      "    # Several words.\n"
	      "    # shellcheck disable=SC2086\n"
	      "    DEBIAN_FRONTEND=noninteractive apt-get -qy "
	      "--no-install-recommends \\\n"
	      "        install $missing\n"
	      "fi\n",
	    f);
}

int
render_script(FILE *f, const struct provision *p)
{
	fprintf(f,
	    "#!/bin/sh\n"
	    "# meetme: makes a fresh Debian 12 the POP %s. Run it as root, "
	    "and again\n"
	    "# after a change: what is done already is left alone.\n%s",
	    p->pop->name, head);
	fputs("\n# As a whole, or not at all: it may come through a pipe.\n"
	      "{\n",
	    f);
	print_packages(f, p);
	for (size_t i = 0; i < p->n_files; i++) {
		const struct provision_file *file = &p->files[i];

		fprintf(f, "\nput %s ", file->mode);
		quote_shell(f, file->path);
		quote_here(f, file->text);
	}
	for (size_t i = 0; i < p->n_commands; i++) {
		const struct provision_command *c = &p->commands[i];

		fprintf(f, "\nif ! { %s; }; then\n    say '%s'\n", c->done,
		    c->what);
		quote_lines(f, c->run);
		fputs("fi\n", f);
	}
	fputs("} </dev/null\n", f);
	return text_end(f);
}
