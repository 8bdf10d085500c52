/* A part of a graph as a graph of its own: what select and focus share. */
#ifndef NNVIZ_PASS_SELECT_H
#define NNVIZ_PASS_SELECT_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"

/* The nodes that are KEPT, in the modules that they are in; what crosses the
 * border becomes Inputs and Outputs. NULL: failure. */
struct nnv_graph *nnv_keep_nodes(const struct nnv_graph *graph,
    const bool *kept, struct nnv_diag *diag);

#endif
