/* Layout and rendering: a drawing becomes the bytes of a picture. */
#ifndef NNVIZ_RENDER_H
#define NNVIZ_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include <graphviz/cgraph.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

struct nnv_picture_format {
	const char *name;	/* "svg": what -T takes, and the suffix */
	const char *help;
};

/* The I-th format that this program and the installed libgvc can write, NULL
 * beyond the last. "json" and "dot" are among them; "json" is not rendered
 * here. */
const struct nnv_picture_format *nnv_picture_format(size_t i);

/* Whether NAME is such a format. */
bool nnv_picture_known(struct nnv_str name);

/*
 * Lay the drawing out and render it, complete and checked, into OUT. "dot" is
 * written without layout. A label that Graphviz cannot parse, a crash, an exit
 * or an endless layout inside libgvc are failures like any other.
 */
bool nnv_render(Agraph_t *drawing, struct nnv_str format,
    struct nnv_text *out, struct nnv_diag *diag);

#endif
