/* Which modules a drawing of limited size has room to open. */
#ifndef NNVIZ_PASS_BUDGET_H
#define NNVIZ_PASS_BUDGET_H

#include "nnviz/graph.h"

/*
 * Mark in OPEN (one a module) those that are shown with what is in them, so
 * that the drawing has no more than MOST nodes; EVENLY: of modules of one
 * parent that are made alike either all or none. False: no memory.
 */
bool nnv_budget_open(const struct nnv_graph *graph, uint32_t most, bool evenly,
    bool *open);

#endif
