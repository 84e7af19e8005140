#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "agent/wire.h"
#include "agent/wire_checks.h"
#include "base/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A part of what agent and engine send, and its bytes again. */
static void
state(struct unpack *in, struct pack *out)
{
	struct wire_state s;

	wire_state_unpack(in, &s);
	if (unpack_end(in) == 0)
		wire_state_pack(out, &s);
}

static void
observation(struct unpack *in, struct pack *out)
{
	struct wire_observation o;

	wire_observation_unpack(in, &o);
	if (unpack_end(in) == 0)
		wire_observation_pack(out, &o);
}

static void
survey(struct unpack *in, struct pack *out)
{
	struct wire_survey s;

	wire_survey_unpack(in, &s);
	if (unpack_end(in) == 0)
		wire_survey_pack(out, &s);
	free(s.links);
}

static void
distances(struct unpack *in, struct pack *out)
{
	struct wire_distances d;

	wire_distances_unpack(in, &d);
	if (unpack_end(in) == 0)
		wire_distances_pack(out, &d);
	free(d.list);
}

static void
resolution(struct unpack *in, struct pack *out)
{
	struct wire_resolution r;

	wire_resolution_unpack(in, &r);
	if (unpack_end(in) == 0)
		wire_resolution_pack(out, &r);
}

static void
probe(struct unpack *in, struct pack *out)
{
	struct wire_probe w;

	wire_probe_unpack(in, &w);
	if (unpack_end(in) == 0)
		wire_probe_pack(out, &w);
}

static void
probed(struct unpack *in, struct pack *out)
{
	struct wire_probed w;

	wire_probed_unpack(in, &w);
	if (unpack_end(in) == 0)
		wire_probed_pack(out, &w);
}

/*
 * The first byte picks a part of what the two send. Whatever is taken is
 * the same bytes again: nothing of it was guessed, and nothing left unread.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parts[])(struct unpack * in, struct pack * out) = {
		state, observation, survey, resolution, distances, probe, probed
	};
	struct unpack in;
	struct pack out;

	if (size == 0 || data[0] >= sizeof(parts) / sizeof(parts[0]))
		return 0;
	unpack_init(&in, data + 1, size - 1);
	pack_init(&out, FRAME_MAX);
	parts[data[0]](&in, &out);
	if (out.failed || (unpack_end(&in) == 0 &&
			      (out.len != size - 1 ||
				  memcmp(out.data, data + 1, size - 1) != 0)))
		abort();
	pack_free(&out);
	return 0;
}
