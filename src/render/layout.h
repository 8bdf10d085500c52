/* Places for everything in a drawing. In the child only. */
#ifndef NNVIZ_RENDER_LAYOUT_H
#define NNVIZ_RENDER_LAYOUT_H

#include <stdbool.h>

#include <graphviz/gvc.h>

/* Lay DRAWING out, in its columns if it has any (see nnviz/draw.h). False: it
 * could not be done. */
bool nnv_lay_out(GVC_t *gvc, Agraph_t *drawing);

#endif
