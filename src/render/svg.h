/* SVG as Graphviz writes it, made fit for pages, people and screen readers. */
#ifndef NNVIZ_RENDER_SVG_H
#define NNVIZ_RENDER_SVG_H

#include <stdbool.h>

#include "nnviz/draw.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

/*
 * Append the picture GIVEN, whole as Graphviz wrote it, to OUT. False: memory
 * is out, or it does not have the form that Graphviz gives it.
 */
bool nnv_svg_refine(struct nnv_str given, const struct nnv_sheet *sheet,
    struct nnv_text *out);

#endif
