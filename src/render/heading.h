/* The line above a page that is a file. */
#ifndef NNVIZ_RENDER_HEADING_H
#define NNVIZ_RENDER_HEADING_H

#include <stdbool.h>

#include "nnviz/render.h"

/*
 * Append SVG, as nnv_svg_refine writes it, to OUT, with a line above it: where
 * the page belongs, its number, and links to others. COLOR is the page's.
 */
bool nnv_heading_add(struct nnv_str svg, const struct nnv_book *book,
    uint32_t page, const char *color, struct nnv_text *out,
    struct nnv_diag *diag);

#endif
