/* Where one phase is drawn, what its module holds is the model's. */
#ifndef NNV_PASS_ONLY_H
#define NNV_PASS_ONLY_H

#include "nnviz/graph.h"

/* Take the module of a phase out of the paths, if every node is in it. */
void nnv_phase_hoist(struct nnv_graph *graph);

#endif
