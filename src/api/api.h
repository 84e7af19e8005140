#ifndef API_API_H
#define API_API_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/*
 * The API: one JSON object a line, each way, over a unix socket. A request
 *     {"op": "peer_create", "args": {...}}
 * is answered, in order, by one of
 *     {"ok": {...}}
 *     {"error": {"code": "invalid", "field": "endpoint", "text": "..."}}
 * before which an operation that streams sends its parts, {"part": {...}} each.
 * While it does, {"op": "stop"} has it answered at once, with what there is by
 * then; that line has no answer of its own, and does nothing otherwise.
 * An error of `reload` and `plan` has all that is wrong with the network file
 * in "problems" [{line, field, text}], line 0 for the file as a whole.
 * Unknown members are refused. Who asks is known from the connection, never
 * from a request. Strings are printable ASCII, but for the motd (UTF-8) and
 * the newlines in it and in files.
 *
 * Keys and addresses are text; times are seconds since 1970.
 *
 * A "peering" is
 *   asn, id, mntner, key, psk (bool), endpoint (text or null),
 *   port (number or null), link_local (their end), own_link_local (bool: the
 *   visitor brought it), our_link_local, listen_port, mtu, created, changed,
 *   state ("applied", "waiting", "refused", "paused"), reason (text, "" if
 *   applied), applied (seconds, null before), paused (why the session is kept
 *   down, "" if it is not: the registry has its maintainer no more), latency
 *   (class of dn42's communities, null before it is known), rtt_us
 *   (microseconds when it was last measured, null if there was no answer)
 *
 * op            args                         ok
 * auth_query    user, key (base64 blob)      {}           session, before auth
 * auth          user, key                    {}           fixes the identity
 * hello         -                            network, asn, pop, endpoint,
 *                                            motd, mntner, asns [..], admin,
 *                                            operator
 * peer_list     -                            peerings [..]: one's own, or all
 *                                            for the operator
 * peer_create   asn, key, endpoint, port,    peering, seconds (real, until
 *               link_local, psk (bool), mtu  applied; null if not yet)
 *               (all but asn, key optional)
 * peer_edit     asn, and what changes; null  peering, seconds
 *               for endpoint (with port) and link_local clears it
 * peer_remove   asn                          seconds
 * peer_config   asn                          peering, ours {asn, key, endpoint,
 *                                            port, link_local, pop, network},
 *                                            wg_quick, wg_quick_name, bird2
 * peer_status   asn                          peering, tunnel {ifname, key,
 *                                            listen_port, peer, endpoint,
 *                                            handshake, rx, tx, keepalive,
 *                                            allowed [..]} or null,
 *                                            session {name, state, info, since,
 *                                            neighbor,
 *                                            neighbor_asn, neighbor_id, error,
 *                                            channels [{family, state,
 *                                            imported, filtered, exported,
 *                                            preferred, limit}]} or null,
 *                                            refused [{reason, count,
 *                                            prefixes [..]}] or null,
 *                                            refused_wait (s) or null
 * events        max (or 50)                  events [..]          operator
 *                                            {id, time, who, from, key, admin,
 *                                            what, asn, detail}
 * registry_confirm -                         paused: how many     operator
 * registry_pull force (bool, optional)       commit, changed (bool), mntners,
 *                                            aut_nums, held       operator
 * reload        force (bool, optional)       {}                   operator
 * status        -                            pop, asn, peerings {applied,
 *                                            waiting, refused, paused}, held
 *                                            [{asn, reason}], sessions,
 *                                            registry {..}, sync {commit,
 *                                            checked, running, error} or
 *                                            null, parts [{name,
 *                                            state, reason}], links [..],
 *                                            protocols [..]       operator
 * plan          all (bool, optional)         pop, changes [{path, old, new,
 *                                            asn or pop}], refused [{asn,
 *                                            reason}]             operator
 * ping          target, family (4 or 6),     parts: first target (the address),
 *               count (5; all but target     asked, and whose it is; then an
 *               optional)                    answer as it comes; ok: sent,
 *                                            received, min, avg, max
 * trace         target, family, hops (30)    parts as of ping, the hops in
 *                                            their order; ok: reached (bool),
 *                                            hops (how many there are), asked
 * routes        prefix: a prefix or an       parts: networks [..]; ok: count,
 *               address; optional to an      kernel_count (null if the kernel
 *               operator                     did not tell), kernel [..]: its
 *                                            routes for that prefix
 * neighbors     name (optional): of a        parts: session, as peer_status
 *               session or POP, AS number,   has it, with pop, asn, mntner;
 *               or address                   ok: count               operator
 * links         -                            links [..]: as those of status,
 *                                            peerings' too, with asn, mntner,
 *                                            key, listen_port         operator
 * peer_import   id, asn, key, endpoint,      peering, here (bool: it was, and
 *               port, link_local (or null),  is the same)         operator
 *               dry_run (bool, optional)
 *
 * A link of `status` is pop, ifname, state, reason, endpoint, handshake, rtt
 * (microseconds), rx, tx; what is not known is null. A protocol, of BIRD and
 * ours, is name, proto, state, since, info, and pop or asn; `protocols` is
 * null if BIRD does not answer. `sessions` are visitors'. `plan` reads the
 * network file as it is now, and gives the files that a reload would change
 * (`all`: all of the plan in force, as new), with old null for a new one and
 * new null for one that goes; `refused` are the peerings that it would leave
 * out, and why. `peer_import` keeps the id; the port is peering.ports + id; the
 * maintainer is the registry's. It answers when the store has it; the plan
 * follows when no more come. A dry run collides with those before it.
 *
 * `refused` has the reasons that apply to any of the peer's routes, each with
 * the first prefixes (about a hundred); null if BIRD could not be asked, or a
 * visitor has to wait until it is: `refused_wait`.
 *
 * `registry` of `status` is mntners, aut_nums, keys, skipped (numbers), roas
 * (in force), error (why it gives none, then those before stay; or "") and
 * refused (why what is in the folder now is not in force, or "").
 *
 * An answer is nth (the hop, or the request, from 1), kind ("reply", "expired",
 * "unreachable"; null, and nothing else: there was none), address, rtt
 * (microseconds), hops_left (hop limit that the answer had left) and code (of
 * ICMP's unreachable). Whose an address is: pop, peer (a peering of the network
 * file), asn, mntner, network (its netname); each null where not known; a ping
 * has it for the target only.
 *
 * A network of `routes` is network, why (by what the chosen route is better
 * than the second best), routes [{proto, since, best (bool), type, source,
 * from, via, ifname, preference, metric, as_path, local_pref, med, origin}] (at
 * most 16), count (how many there are), kernel [{network, type, via, ifname,
 * src, metric, proto}] or null. What is not known, or does not apply, is left
 * out.
 *
 * A visitor gets ping, trace and routes one at a time and six times a minute
 * (engine/rate.h), and only for targets as engine/aim.h has them; when his
 * connection ends, so do they.
 *
 * `sync` is null where the registry is a folder that nobody pulls; `checked` is
 * when its commit was last seen to be the newest, `error` why the last pull was
 * not good, or "". `registry_pull` waits for the pull; `force` takes a state
 * that would be refused. `held` are the peerings that are paused as soon as
 * `registry_confirm` says so, because they are more than a tenth of all.
 *
 * `psk`: true has a preshared key made if there is none, false removes it.
 *
 * Where a visitor has exactly one peering, `asn` may be left out of the last
 * four peer_ operations; with exactly one AS number, of peer_create.
 */
#define API_LINE_MAX  (16U << 20) /* of an answer: all files of a POP */
#define API_QUERY_MAX (16U << 10) /* of a request */
#define API_TIMEOUT   30 /* seconds that the client waits for an answer */

/* The client's side: a blocking connection. */
struct api_client;

/* Over a connected descriptor, which the client then owns. NULL: no memory. */
struct api_client *api_client_new(int fd);

/* To the daemon's control socket. FAULT_AWAY: it does not run; *f says so. */
int
api_client_connect(struct api_client **out, const char *path, struct fault *f);
void api_client_free(struct api_client *c);

/* True after a FAULT_AWAY of the connection: no call will be answered. */
bool api_client_ended(const struct api_client *c);

/* Of the error that the last call gave: its "problems"; NULL: none. */
const json_t *api_problems(const struct api_client *c);

/*
 * A part of an answer that comes in several: valid during the call. False: no
 * more is wanted.
 */
typedef bool api_part(void *arg, const json_t *part);

/* So is it when this descriptor (-1: none) has something to read. */
void api_client_stop_on(struct api_client *c, int fd);

/* Was the last stream stopped before its end? */
bool api_stopped(const struct api_client *c);

/*
 * As api_call, of an operation that gives parts before its answer. When no more
 * is wanted it is stopped, and *ok is what there was by then.
 */
int api_stream(struct api_client *c, const char *op, json_t *args,
    api_part *part, void *arg, json_t **ok, struct fault *f);

/*
 * Asks and waits. `args` (may be NULL) is taken over. 0: *ok is the caller's
 * reference. Else the fault that was answered, or FAULT_AWAY when the
 * connection ended.
 */
int api_call(struct api_client *c, const char *op, json_t *args, json_t **ok,
    struct fault *f);

#endif
