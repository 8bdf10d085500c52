/* In what parts of a model that are only similar differ. See fold.c. */
#ifndef NNVIZ_PASS_DIFFER_H
#define NNVIZ_PASS_DIFFER_H

#include "nnviz/graph.h"

#include "alike.h"

/*
 * From what to what similar parts go, A the first and Z the last of a row: the
 * extents of what they give, then hyper-parameters, "channels 64→384", or else
 * "arguments of" the first op where those differ. Where these two are alike,
 * and those between are not, it says that. NNV_NO_NAME: no memory.
 */
nnv_name nnv_differ_name(const struct nnv_parts *parts, uint32_t a, uint32_t z);

/*
 * Let FACE, which is like the node of the first part, speak for that of the
 * last one too: hyper-parameters that differ become "64→128 … 256→512",
 * arguments that differ disappear. False: no memory.
 */
bool nnv_differ_join(const struct nnv_graph *graph, struct nnv_node *face,
    const struct nnv_node *last);

#endif
