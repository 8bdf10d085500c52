/* Nodes that lead to each other. See knots.c. */
#ifndef NNVIZ_PASS_KNOTS_H
#define NNVIZ_PASS_KNOTS_H

#include "nnviz/graph.h"

/* Sets of nodes, each node in one: those of set I are NODES[start[I]] ..
 * NODES[start[I + 1] - 1]. What leads to a set stands in front of it. */
struct nnv_knots {
	uint32_t *nodes, *start, n;
};

/*
 * Divide the nodes that are MARKED, a flag each, into the largest sets in which
 * every node leads to every other by way of marked nodes: single nodes, as a
 * rule. Of what does not depend on each other the first in ORDER, a permutation
 * of all nodes, comes first. False: no memory. The caller releases in either
 * case.
 */
bool nnv_knots_find(struct nnv_knots *knots, const struct nnv_graph *graph,
    const struct nnv_links *links, const uint32_t *order, const bool *marked);
void nnv_knots_release(struct nnv_knots *knots);

#endif
