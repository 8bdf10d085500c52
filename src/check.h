/* --check: whether files are as they would be drawn now. Main only. */
#ifndef NNV_CHECK_H
#define NNV_CHECK_H

#include <stdbool.h>

#include "limit.h"
#include "nnviz/graph.h"
#include "outputs.h"

/*
 * Compare every output with the file of its path; nothing is written. What is
 * not the same is said on standard error, with the reason. DRAWN is the graph
 * that the outputs show. False: something is not the same, or could not be
 * read.
 */
bool nnv_check(const struct nnv_outputs *outputs, const struct nnv_graph *drawn,
    const struct nnv_limits *limits);

#endif
