/* A drawing whose boxes are listed. In the child only. */
#ifndef NNVIZ_RENDER_LIST_H
#define NNVIZ_RENDER_LIST_H

#include <stdbool.h>

#include <graphviz/gvc.h>

/* Give everything in DRAWING, which is a list (see nnv_sheet), its place.
 * False: it could not be done. */
bool nnv_list_lay(GVC_t *gvc, Agraph_t *drawing);

#endif
