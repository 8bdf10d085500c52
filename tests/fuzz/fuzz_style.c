/*
 * Any text as lines of KEY=VALUE: set or refused with a reason, never a crash.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/style.h"

static void
set_line(struct nnv_style *style, struct nnv_str line)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, "style");
	if (!nnv_style_set(style, line, &diag) &&
	    (diag.code == NNV_OK || diag.text[0] == '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size;
	struct nnv_style *style = nnv_style_new();

	while (style != NULL && p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline != NULL ? newline : end;

		set_line(style, (struct nnv_str){ p, (size_t)(stop - p) });
		p = stop + (stop < end);
	}
	nnv_style_free(style);
	return 0;
}
