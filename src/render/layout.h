/* Places for everything in a drawing. In the child only. */
#ifndef NNVIZ_RENDER_LAYOUT_H
#define NNVIZ_RENDER_LAYOUT_H

#include <stdbool.h>

#include <graphviz/gvc.h>

#include "nnviz/diag.h"

/*
 * Lay DRAWING out, in its columns if it has any (see nnviz/draw.h). A column in
 * which dot loses its way has fewer frames than it might, or none, and a
 * warning says so; and so does a whole drawing if this is the LAST attempt.
 * False: it could not be done.
 */
bool nnv_lay_out(GVC_t *gvc, Agraph_t *drawing, bool last,
    struct nnv_diag *diag);

#endif
