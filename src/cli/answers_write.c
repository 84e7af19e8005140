#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "cli/address.h"
#include "cli/answers.h"

static const char head[] =
    "# The network AS%u, as meetmed reads it: see meetme.yaml(5).\n"
    "# After a change: meetme check && meetme reload\n"
    "network:\n"
    "  name: \"%s\"\n"
    "  asn: %u\n"
    "  # What the registry assigned to you, and your POPs announce.\n"
    "  prefixes:\n";

static const char middle[] =
    "  # Where you are, by the regions of dn42's communities.\n"
    "  #region: europe\n"
    "\n"
    "# How your POPs are joined, once there are several.\n"
    "mesh:\n"
    "  # full: all to all; hubs: all to those in a list, hubs: [NAME].\n"
    "  topology: full\n"
    "  # babel, ospf, or none: one that you configure yourself.\n"
    "  igp: babel\n"
    "  # A POP listens for POP n on this UDP port + n.\n"
    "  port_base: 51800\n"
    "  mtu: 1420\n"
    "\n"
    "peering:\n"
    "  # Where visitors log in: ssh -p 4242 THEIR-NAME@%s\n"
    "  listen: \"[::]:4242\"\n"
    "  # What they are shown then: a file beside this one.\n"
    "  motd: motd\n"
    "  # The UDP port of a visitor's tunnel: the last five digits of the AS\n"
    "  # number, or a number to count up from, such as 52000.\n"
    "  ports: asn\n"
    "  # Tunnels get ::1:<id> (your end) and ::2:<id> (theirs) in here.\n"
    "  link_local: \"fe80:%u::\"\n"
    "  # Your end where a visitor brings an address of their own.\n"
    "  own_link_local: \"fe80::%u\"\n"
    "  # What visitors' tunnels may lead to. Take out what this machine "
    "lacks.\n"
    "  endpoints: [ipv4, ipv6]\n"
    "  # Addresses that no tunnel may lead to: yours, your provider's.\n"
    "  #reserved: [\"2001:db8::/32\"]\n"
    "  # A session that brings more routes than this is blocked.\n"
    "  import_limit: 9000\n"
    "  # SSH keys that may log in as anyone: yours.\n"
    "  #admin_keys:\n"
    "  #  - ssh-ed25519 AAAA... you\n"
    "\n"
    "# Where the registry is, from which visitors' keys and the filters come:\n"
    "# meetmed pulls it. Or leave this out, and keep a clone of it yourself.\n"
    "#registry:\n"
    "#  url: https://git.example.org/dn42/registry\n"
    "\n"
    "# Your routers. One more is one more entry, in this file on each.\n"
    "pops:\n"
    "  - name: %s\n"
    "    # Its number, 1 to 1000, never to be changed.\n"
    "    id: 1\n"
    "    endpoint: \"%s\"\n"
    "    # Of the private key in wg.key beside this file.\n"
    "    public_key: \"%s\"\n"
    "    # Its addresses, with the length of its subnet of the prefixes.\n";

static const char tail[] = "    #country: NL\n"
			   "    #bandwidth: 100M\n"
			   "    # May visitors connect here?\n"
			   "    peering: true\n";

/* The POP's address out of the first prefix of the family. */
static void
write_address(FILE *f, const struct answers *a, int family)
{
	char text[PREFIX_TEXT_MAX];
	struct prefix p;

	for (size_t i = 0; i < a->n_prefixes; i++) {
		const char *prefix = a->prefixes[i];

		if (prefix_parse(&p, prefix, strlen(prefix)) != 0 ||
		    p.ip.family != family)
			continue;
		p = first_address(&p);
		fprintf(
		    f, "    ipv%d: \"%s\"\n", family, prefix_text(&p, text));
		return;
	}
}

int
answers_write(FILE *f, const struct answers *a, const struct wgkey *key)
{
	char text[WGKEY_TEXT_MAX];
	uint32_t asn, group;

	if (asn_parse(&asn, a->asn, strlen(a->asn)) != 0)
		return -EINVAL;
	/* The last four digits, in the place of hexadecimal ones. */
	group = asn % 10000 > 0 ? asn % 10000 : 1;
	fprintf(f, head, asn, a->name, asn);
	for (size_t i = 0; i < a->n_prefixes; i++)
		fprintf(f, "    - \"%s\"\n", a->prefixes[i]);
	fprintf(f, middle, a->endpoint, group, group, a->pop, a->endpoint,
	    wgkey_text(key, text));
	write_address(f, a, 4);
	write_address(f, a, 6);
	fputs(tail, f);
	return ferror(f) ? -EIO : 0;
}
