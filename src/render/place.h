/* Labels that the layout gave no room, moved to where there is some. */
#ifndef NNVIZ_RENDER_PLACE_H
#define NNVIZ_RENDER_PLACE_H

#include <graphviz/cgraph.h>

/* Between layout and rendering: titles of clusters leave the way of arrows,
 * tail labels stand beside their arrow and on nothing. Where memory is out
 * they stay as they are. */
void nnv_place_labels(Agraph_t *drawing);

#endif
