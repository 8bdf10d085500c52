/* Jittor's trace dumps as a row of the table of formats. */
#ifndef NNV_FORMAT_JITTOR_H
#define NNV_FORMAT_JITTOR_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/value.h"

/* A map with "node_data" in it, from a pickle or from JSON. */
bool nnv_jittor_sniff(const struct nnv_tree *tree, nnv_value root);

/* Fill the empty graph at NNV_LEVEL_TRACE: every op of every phase. */
bool nnv_jittor_load(const struct nnv_tree *tree, nnv_value root,
    struct nnv_graph *graph, struct nnv_diag *diag);

#endif
