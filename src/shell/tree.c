#include "shell/tree.h"

#include "shell/command.h"

#define JSON                                                           \
	{                                                              \
		OPTION_FLAG, false, "json", "print the answer as JSON" \
	}
#define END                             \
	{                               \
		OPTION_END, false, 0, 0 \
	}

/* What limits there are for them: engine/aim.h, engine/rate.h. */
#define VISITORS                                                             \
	"Visitors may ask for addresses of ours and of the networks in the " \
	"registry, six times a minute, one at a time; host names are for "   \
	"the operator."

static const struct option_def none[] = { END };

static const struct option_def json[] = { JSON, END };

static const struct option_def help[] = {
	{ OPTION_TOPIC, false, "topic", "the command to explain" },
	END,
};

static const struct option_def create[] = {
	{ OPTION_ASN, false, "asn", "your AS number, if you have several" },
	{ OPTION_KEY, true, "key", "your WireGuard public key" },
	{ OPTION_HOST, false, "endpoint",
	    "the address or name your WireGuard listens on; leave it out "
	    "behind NAT" },
	{ OPTION_PORT, false, "port", "its UDP port; goes with --endpoint" },
	{ OPTION_LINK_LOCAL, false, "link-local",
	    "your own link-local address; one is given to you otherwise" },
	{ OPTION_FLAG, false, "psk", "use a preshared key, which we make" },
	{ OPTION_MTU, false, "mtu", "MTU of the tunnel; 1420 otherwise" },
	JSON,
	END,
};

static const struct option_def edit[] = {
	{ OPTION_ASN, false, "asn", "whose peering, if there are several" },
	{ OPTION_KEY, false, "key", "your new WireGuard public key" },
	{ OPTION_HOST, false, "endpoint", "your new address or name" },
	{ OPTION_PORT, false, "port", "your new UDP port" },
	{ OPTION_FLAG, false, "no-endpoint", "you are behind NAT now" },
	{ OPTION_LINK_LOCAL, false, "link-local",
	    "your own link-local address" },
	{ OPTION_FLAG, false, "no-link-local",
	    "use the link-local address that we give you" },
	{ OPTION_FLAG, false, "psk",
	    "use a preshared key; we make one if there is none" },
	{ OPTION_FLAG, false, "no-psk", "use no preshared key" },
	{ OPTION_MTU, false, "mtu", "MTU of the tunnel" },
	JSON,
	END,
};

static const struct option_def config[] = {
	{ OPTION_ASN, false, "asn", "whose peering, if there are several" },
	{ OPTION_FLAG, false, "wg-quick", "print only the file for wg-quick" },
	{ OPTION_FLAG, false, "bird", "print only the file for BIRD 2" },
	JSON,
	END,
};

static const struct option_def status[] = {
	{ OPTION_ASN, false, "asn", "whose peering; all otherwise" },
	JSON,
	END,
};

static const struct option_def removal[] = {
	{ OPTION_ASN, false, "asn", "whose peering, if there are several" },
	{ OPTION_FLAG, false, "yes", "do not ask" },
	JSON,
	END,
};

static const struct option_def reload[] = {
	{ OPTION_FLAG, false, "force", "obey even if most tunnels go" },
	JSON,
	END,
};

static const struct option_def events[] = {
	{ OPTION_COUNT, false, "max", "how many of the newest; 50 otherwise" },
	JSON,
	END,
};

#define FAMILIES                                                          \
	{ OPTION_FLAG, false, "ipv4", "take the target's IPv4 address" }, \
	{                                                                 \
		OPTION_FLAG, false, "ipv6", "take its IPv6 address"       \
	}

static const struct option_def ping[] = {
	{ OPTION_TARGET, true, "target",
	    "a POP's name, a peering's AS number, or an address" },
	FAMILIES,
	{ OPTION_PINGS, false, "count",
	    "how many, one each second; 5 otherwise, and at most 20, for a "
	    "visitor 10" },
	JSON,
	END,
};

static const struct option_def trace[] = {
	{ OPTION_TARGET, true, "target",
	    "a POP's name, a peering's AS number, or an address" },
	FAMILIES,
	{ OPTION_HOPS, false, "hops", "how far at most; 30 otherwise" },
	JSON,
	END,
};

static const struct option_def neighbors[] = {
	{ OPTION_NAME, false, "name", "a session, a POP, or an AS number" },
	JSON,
	END,
};

static const struct option_def routes[] = {
	{ OPTION_PREFIX, false, "prefix", "a prefix, or an address" },
	JSON,
	END,
};

const struct command commands[] = {
	{ "bye", COMMAND_VISITOR, "leave", "Also: exit, quit, logout, Ctrl-D.",
	    0, none, run_bye },
	{ "events", COMMAND_OPERATOR, "show the audit log", 0, 0, events,
	    run_events },
	{ "help", COMMAND_ALL, "list the commands, or explain one",
	    "`?` is the same. The Tab key completes commands, options and "
	    "your AS numbers.",
	    "topic", help, run_help },
	{ "intro", COMMAND_VISITOR, "show the welcome again", 0, 0, none,
	    run_intro },
	{ "links", COMMAND_OPERATOR, "list all tunnels, as `wg` knows them",
	    "Links to our other POPs, and tunnels of peerings: where they "
	    "lead, when they last shook hands, how long a packet takes there "
	    "and back, and how much went through.",
	    0, json, run_links },
	{ "neighbors", COMMAND_OPERATOR, "list BGP sessions, or show one",
	    "Without a name: a line for each session. With the name of a "
	    "session or a POP, an AS number, or a neighbour's address: all "
	    "that BIRD says of it.",
	    "name", neighbors, run_neighbors },
	{ "peer_config", COMMAND_ALL,
	    "show the configuration for an existing peering session",
	    "Prints the values of both sides, and files for your side, for "
	    "wg-quick and for BIRD 2, ready but for your private key. With "
	    "--wg-quick or --bird it prints that file alone, for a script:\n"
	    "ssh ... peer_config --wg-quick > wg-peer.conf",
	    "asn", config, run_config },
	{ "peer_create", COMMAND_ALL, "create a new peering session",
	    "Without options it asks for each value. The peering is applied "
	    "at once; peer_config then prints what your side needs.",
	    "asn", create, run_create },
	{ "peer_edit", COMMAND_ALL, "change an existing peering session",
	    "Without options it asks for each value. What is not named stays "
	    "as it is; our port and the addresses that we gave stay in any "
	    "case.",
	    "asn", edit, run_edit },
	{ "peer_list", COMMAND_ALL, "list your existing peering sessions", 0, 0,
	    json, run_list },
	{ "peer_remove", COMMAND_ALL, "remove an existing peering session",
	    "Asks first. Where nobody can be asked, --yes is needed.", "asn",
	    removal, run_remove },
	{ "peer_status", COMMAND_ALL,
	    "print the current status of a peering session",
	    "Shows when it was applied, its tunnel and its BGP session. Keys "
	    "and addresses are masked, so that the screen can be shown to "
	    "others; --json has them whole.",
	    "asn", status, run_status },
	{ "ping", COMMAND_ALL, "see whether a target answers, and how fast",
	    "Sends echo requests from this POP. The target is a POP's name, "
	    "the AS number of a peering (the other end of its tunnel), or an "
	    "address. Ctrl-C ends it. " VISITORS
	    " The exit status is 1 if nothing came back.",
	    "target", ping, run_ping },
	{ "plan", COMMAND_OPERATOR, "show what a reload would change",
	    "Reads the network file as it is now, and compares what would come "
	    "of it on this POP with what is in force: files as `meetme render` "
	    "makes them, and how they would differ. Nothing is changed. The "
	    "exit status is 0 with and without changes, 78 for a file with "
	    "problems.",
	    0, json, run_plan },
	{ "reload", COMMAND_OPERATOR,
	    "read the network file and the registry again",
	    "Waits until this POP is equal to the file. A file with problems "
	    "is refused, and so is one by which most tunnels of this POP "
	    "would go at once, unless --force is given.",
	    0, reload, run_reload },
	{ "routes", COMMAND_ALL, "show routes, and why BIRD chose them",
	    "Of a prefix, of all that lead to an address, or, for the operator "
	    "alone, all of them as they come. For each network: the next hop "
	    "of the route that BIRD chose, and by what it is better than the "
	    "second best; and whether the kernel has it.",
	    "prefix", routes, run_routes },
	{ "status", COMMAND_OPERATOR, "show how this POP does", 0, 0, json,
	    run_pop },
	{ "trace", COMMAND_ALL, "show the way to a target, hop by hop",
	    "Asks all hops at once; a hop that does not answer is a `*`. Each "
	    "is named: a POP of ours, or the AS and the maintainer as the "
	    "peerings and the registry know them, with the network's name. "
	    "The target is as for ping. " VISITORS
	    " The exit status is 1 if the target does not answer.",
	    "target", trace, run_trace },
	{ 0 },
};
