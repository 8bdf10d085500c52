/* Where one phase is drawn, what its module holds is the model's. */
#ifndef NNV_PASS_ONLY_H
#define NNV_PASS_ONLY_H

#include "nnviz/graph.h"

/* Whether GRAPH is what was drawn, and all of it is wanted: then there is
 * nothing to choose. */
bool nnv_phase_all_wanted(const struct nnv_graph *graph, unsigned phases);

/* Take the module of a phase out of the paths, if every op and layer is in it.
 */
void nnv_phase_hoist(struct nnv_graph *graph);

#endif
