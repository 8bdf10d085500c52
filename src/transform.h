/* Which transformations a run asks for, and in which order. Main only. */
#ifndef NNV_TRANSFORM_H
#define NNV_TRANSFORM_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "options.h"

/*
 * In two steps: which part of the whole graph and in which form, which takes
 * time, and how much of that is drawn, which takes little and may be asked
 * again. New graphs, the caller's to free; NULL: failure.
 */
struct nnv_graph *nnv_transform_choose(const struct nnv_graph *whole,
    const struct nnv_options *options, struct nnv_diag *diag);
struct nnv_graph *nnv_transform_show(const struct nnv_graph *chosen,
    const struct nnv_options *options, struct nnv_diag *diag);

#endif
