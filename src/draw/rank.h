/* The rank of every vertex of a plan, as near to dot's as it has to be. */
#ifndef NNVIZ_DRAW_RANK_H
#define NNVIZ_DRAW_RANK_H

#include "plan.h"

/* Fill in plan->rank and plan->height from the arcs. False: no memory. */
bool nnv_ranks_find(struct nnv_plan *plan, struct nnv_arena *arena);

#endif
