/* Arrows that lead too far, drawn as references at both ends. */
#ifndef NNVIZ_DRAW_STUBS_H
#define NNVIZ_DRAW_STUBS_H

#include "figure.h"

/* At every vertex that an arc which was cut leaves or reaches, a small note
 * that names the other ends. False: no memory. */
bool nnv_stubs_draw(struct nnv_figure *fig);

#endif
