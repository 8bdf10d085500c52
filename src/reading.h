/* From files to the graph. Used by the command line only. */
#ifndef NNV_READING_H
#define NNV_READING_H

#include "limit.h"
#include "nnviz/graph.h"
#include "options.h"

/* Read the model that OPTIONS name, and its profile, into an empty GRAPH. */
bool nnv_read(struct nnv_graph *graph, const struct nnv_options *options,
    const struct nnv_limits *limits, struct nnv_diag *diag);

#endif
