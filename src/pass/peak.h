/* What tensors need in memory. Private to src/pass. */
#ifndef NNV_PASS_PEAK_H
#define NNV_PASS_PEAK_H

#include <stdbool.h>

#include "nnviz/graph.h"

/* Set graph->peak_bytes, unless it is known already, or groups hide tensors.
 * False: no memory. */
bool nnv_peak_find(struct nnv_graph *graph);

#endif
