/* A long drawing, broken into columns that stand side by side. */
#ifndef NNVIZ_DRAW_COLUMNS_H
#define NNVIZ_DRAW_COLUMNS_H

#include "plan.h"

/* How many columns make a page that is about as wide as high, each of them
 * easy to lay out; 1 where there is nothing to break. */
uint32_t nnv_columns_wanted(const struct nnv_plan *plan);

/*
 * Break the plan into N columns, or as many as it has ranks for: where few
 * arrows pass and few frames are open, at about equal heights. Arcs from one
 * column to another are cut. False: no memory.
 */
bool nnv_columns_break(struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_tree *tree, uint32_t n, struct nnv_arena *arena);

#endif
