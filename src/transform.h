/* Which transformations a run asks for, and in which order. Main only. */
#ifndef NNV_TRANSFORM_H
#define NNV_TRANSFORM_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "options.h"

/* What is drawn of the whole graph: a new graph, the caller's to free; NULL:
 * failure. */
struct nnv_graph *nnv_transform(const struct nnv_graph *whole,
    const struct nnv_options *options, struct nnv_diag *diag);

/* The same in two steps: which part of it and in which form, then how much of
 * that. */
struct nnv_graph *nnv_transform_choose(const struct nnv_graph *whole,
    const struct nnv_options *options, struct nnv_diag *diag);
struct nnv_graph *nnv_transform_show(const struct nnv_graph *chosen,
    const struct nnv_options *options, struct nnv_diag *diag);

#endif
