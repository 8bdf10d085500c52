/* How large a drawing will be. */
#ifndef NNVIZ_DRAW_EXTENT_H
#define NNVIZ_DRAW_EXTENT_H

#include "figure.h"

struct nnv_size;

/* Of a drawing that is complete but not laid out. False: no memory. */
bool nnv_extent_find(struct nnv_figure *fig, struct nnv_size *size);

#endif
