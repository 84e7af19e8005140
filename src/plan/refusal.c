#include "plan/refusal.h"

const char *
refusal_text(enum refusal r)
{
	static const char *const texts[REFUSAL_N] = {
		[REFUSAL_NONE] = "refused by a hook, or beyond the import "
				 "limit",
		[REFUSAL_OWN] = "it is one of our own networks",
		[REFUSAL_NETWORK] = "it is no network of dn42",
		[REFUSAL_LENGTH] = "prefixes of this length are not announced "
				   "there",
		[REFUSAL_BLOCKED] = "an AS on its path is blocked",
		[REFUSAL_NO_ROA] = "no ROA covers it",
		[REFUSAL_ORIGIN] = "its ROA is for another AS, or for shorter "
				   "prefixes",
	};

	return texts[r];
}
