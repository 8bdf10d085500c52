/* Pictures that are larger than what reads them can take. */
#ifndef NNVIZ_RENDER_SIZE_H
#define NNVIZ_RENDER_SIZE_H

#include <stdbool.h>

#include <graphviz/cgraph.h>

#include "format.h"

/*
 * Between layout and rendering: set how large the picture becomes, DPI pixels
 * an inch where it is one of pixels, smaller where that is too large. A warning
 * of the kind NNV_TOO_LARGE ... says so; if STRICT, it is a failure.
 */
bool nnv_size_fit(Agraph_t *drawing, const struct nnv_picture_row *row, int dpi,
    bool strict, struct nnv_diag *diag);

#endif
