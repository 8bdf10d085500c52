/* Gradients level with what they are of. Used in src/draw only. */
#ifndef NNVIZ_DRAW_LEVEL_H
#define NNVIZ_DRAW_LEVEL_H

#include "figure.h"

/* Hold both passes level, by arrows that are not seen. Once all others are
 * drawn. False: no memory. */
bool nnv_level_draw(struct nnv_figure *fig);

#endif
