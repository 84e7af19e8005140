#include "plan/sysctl.h"

#include "render/render.h"
#include "render/text.h"

int
render_sysctl(FILE *f)
{
	fputs(RENDER_MARK ": what a POP needs of its kernel\n", f);
	for (const struct plan_sysctl *s = plan_sysctls; s->name != NULL; s++)
		fprintf(f, "# %s\n%s = %s\n", s->why, s->name, s->value);
	return text_end(f);
}
