/* The simplest drawing: boxes below each other, in columns. */
#ifndef NNVIZ_DRAW_LIST_H
#define NNVIZ_DRAW_LIST_H

#include <stdbool.h>

#include "nnviz/diag.h"

struct nnv_figure;

/*
 * Put the boxes of the plan in an order in which every frame holds what follows
 * on each other, and that into columns; cut what is no arrow from a box to the
 * next. Warns of it. False: no memory.
 */
bool nnv_list_make(struct nnv_figure *fig, struct nnv_diag *diag);

#endif
