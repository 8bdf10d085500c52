/* Arrows that bow out of their frames. In the child only. */
#ifndef NNVIZ_RENDER_BOW_H
#define NNVIZ_RENDER_BOW_H

#include <graphviz/gvc.h>

/* Draw in the arrows of a drawing that is laid out, where they reach or cross
 * the border of a frame that holds both their ends. */
void nnv_bows_draw_in(Agraph_t *drawing);

#endif
