#ifndef AGENT_WIRE_H
#define AGENT_WIRE_H

#include <stdint.h>

#include "base/fault.h"
#include "base/ip.h"
#include "base/pack.h"
#include "base/wgkey.h"
#include "plan/refusal.h"

/*
 * What engine and agent say to each other, in frames (base/frame.h). The
 * agent takes desired state and identifiers: no path, no command, no file.
 */
enum wire_type {
	/* engine to agent */
	WIRE_PLAN = 1, /* u32 serial, u8 forced, a plan (plan/plan.h) */
	WIRE_OBSERVE, /* u32 token, u32 asn, u32: of how many refused routes the
			 reasons are to be found */
	WIRE_RESOLVE, /* u32 token, text host */
	WIRE_SURVEY, /* u32 token, u8 all: how the mesh is, or all tunnels */
	WIRE_POLICY, /* a policy (registry/policy.h) */
	WIRE_MEASURE, /* u8: how far all peers are; 0: only those in the plan
			 without a latency class */
	WIRE_PROBE, /* a probe (agent/wire_checks.h): ping, or trace */
	WIRE_PROBE_STOP, /* u32 token */
	WIRE_STREAM, /* BIRD's words, the kernel's routes (wire_stream.h) */
	WIRE_STREAM_MORE, /* u32 token: one more piece can be taken */
	WIRE_STREAM_STOP, /* u32 token */
	/* agent to engine */
	WIRE_HELLO = 64, /* the POP's public key: 32 bytes */
	WIRE_STATES, /* u32 serial, u32 n, n states: after each converge, and
			when a state changes by itself */
	WIRE_OBSERVED, /* u32 token, an observation */
	WIRE_RESOLVED, /* u32 token, a resolution */
	WIRE_SURVEYED, /* u32 token, a survey */
	WIRE_MEASURED, /* distances */
	WIRE_PROBED, /* an answer to a WIRE_PROBE, or its end; several */
	WIRE_STREAMED, /* u32 token, a piece of at most WIRE_PIECE_MAX */
	WIRE_STREAM_END, /* u32 token, u32 errno or 0: no more will come */
};

#define WIRE_BIRD_MAX	 (64U << 10) /* bytes of BIRD's answer */
#define WIRE_REFUSED_MAX (8U << 10)

/* How far a part of the plan has come. */
enum wire_progress {
	WIRE_APPLIED, /* the POP has it as the plan wants it */
	WIRE_WAITING, /* not yet: something is away; retried */
	WIRE_REFUSED, /* BIRD or the kernel says no; retried */
};

/*
 * A part is a tunnel, and with it the BGP session over it, by the interface's
 * name; or one of those that are there once.
 */
#define WIRE_PART_PLAN	   "plan" /* is the newest plan obeyed? */
#define WIRE_PART_LOOPBACK "lo" /* our addresses on it */
#define WIRE_PART_SYSCTL   "sysctl" /* what the kernel needs to forward */
#define WIRE_PART_BIRD	   "bird" /* our BIRD files but for the peerings' */

struct wire_state {
	char part[16]; /* as an interface's name */
	enum wire_progress progress;
	int64_t since; /* milliseconds since 1970 of the last change */
	char reason[256]; /* "" when applied; printable ASCII */
};

/* What the POP has of one peering. */
struct wire_observation {
	struct fault fault; /* code 0: all could be read */
	char ifname[16]; /* "" if there is no interface */
	struct wgkey our_key, their_key;
	uint16_t listen_port;
	struct ip endpoint; /* where it last came from; family 0: unknown */
	uint16_t endpoint_port;
	int64_t handshake; /* seconds since 1970; 0: never */
	uint64_t rx, tx; /* bytes */
	uint16_t keepalive;
	/*
	 * BIRD's answer to "show protocols all" for the session, as it came,
	 * at most WIRE_BIRD_MAX; "" when BIRD is away. A peer may have written
	 * parts of it: the agent does not parse it, the engine does.
	 */
	const char *bird;
	size_t bird_len;
	/*
	 * The same for "show route filtered" with each enum refusal: first
	 * with "count", then, if there are some, the routes, at most
	 * WIRE_REFUSED_MAX bytes; "" when it was not asked.
	 */
	struct {
		const char *bird;
		size_t bird_len;
	} refused[REFUSAL_N];
};

#define WIRE_RTT_UNKNOWN UINT32_MAX

/* What the POP has of one link of the mesh. */
struct wire_link {
	char ifname[16];
	struct ip endpoint; /* family 0: unknown, as is all but the name */
	uint16_t endpoint_port;
	int64_t handshake; /* seconds since 1970; 0: never */
	uint64_t rx, tx; /* bytes */
	uint32_t rtt; /* microseconds to the other end, or WIRE_RTT_UNKNOWN */
};

/* All links of the plan, and BIRD's "show protocols" as above. */
#define WIRE_SURVEY_BIRD_MAX (1U << 20)
struct wire_survey {
	struct wire_link *links; /* the receiver frees them */
	size_t n_links;
	const char *bird;
	size_t bird_len;
};

/*
 * How far a peer is: the least of several echoes to the other end of its
 * tunnel, through it, in microseconds, or WIRE_RTT_UNKNOWN.
 */
struct wire_distance {
	uint32_t asn;
	uint32_t rtt;
};

struct wire_distances {
	struct wire_distance *list; /* the receiver frees them */
	size_t n;
};

/* What became of a name. */
struct wire_resolution {
	struct fault fault; /* code 0: `ip` may be used */
	struct ip ip;
};

void wire_state_pack(struct pack *p, const struct wire_state *s);
void wire_state_unpack(struct unpack *u, struct wire_state *s);
void wire_observation_pack(struct pack *p, const struct wire_observation *o);
void wire_observation_unpack(struct unpack *u, struct wire_observation *o);
void wire_survey_pack(struct pack *p, const struct wire_survey *s);
void wire_survey_unpack(struct unpack *u, struct wire_survey *s);
void wire_distances_pack(struct pack *p, const struct wire_distances *d);
void wire_distances_unpack(struct unpack *u, struct wire_distances *d);
void wire_resolution_pack(struct pack *p, const struct wire_resolution *r);
void wire_resolution_unpack(struct unpack *u, struct wire_resolution *r);

#endif
