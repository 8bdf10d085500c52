/* How long the kernels of a graph took, from a profiler's report. */
#ifndef NNVIZ_PROFILE_H
#define NNVIZ_PROFILE_H

#include <stdbool.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/str.h"

/*
 * Join a report of Jittor's profiler to the graph's kernels: the table that it
 * prints, or its rows as CSV. A row is a kernel's if it names the same source
 * file, or the same key; a kernel then takes the mean of its runs, and its ops
 * share that by the arithmetic they do. Rows that fit no kernel are a warning.
 * Fails for a text without a row, and for a graph without kernels.
 */
bool nnv_profile_join(struct nnv_graph *graph, struct nnv_str text,
    struct nnv_diag *diag);

#endif
