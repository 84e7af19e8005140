#ifndef RENDER_ROA_H
#define RENDER_ROA_H

#include <stdio.h>

#include "registry/roa.h"

/*
 * A ROA set as text, in the order of the set: the same set gives the same
 * bytes. 0, or a negative errno: a write failed, or -EINVAL for a ROA that is
 * none, as one bad line has BIRD refuse the whole file.
 */

/*
 * BIRD 2 and 3, "route PREFIX max LEN as ASN;": to be included in a static
 * protocol whose channel is a roa4 or roa6 table, which takes one family
 * (dn42 wiki, howto/Bird2).
 */
int render_roa_bird2(FILE *f, const struct roa_set *set);

/*
 * BIRD 1, "roa PREFIX max LEN as ASN;": to be included in a `roa table`. IPv4
 * is for bird, IPv6 for bird6.
 */
int render_roa_bird1(FILE *f, const struct roa_set *set);

/*
 * What RTR servers read (stayrtr, gortr, rtrtr), as rpki-client writes it:
 * {"metadata": {"counts", "buildtime"}, "roas": [{"prefix", "maxLength",
 * "asn"}]}. The time is when the set's registry last changed.
 */
int render_roa_json(FILE *f, const struct roa_set *set);

#endif
