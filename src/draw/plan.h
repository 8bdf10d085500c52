/* What is drawn where: fork points, ranks, main path, and what it will cost. */
#ifndef NNVIZ_DRAW_PLAN_H
#define NNVIZ_DRAW_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/graph.h"
#include "tree.h"

/* One arrow. Vertices are nodes, then fork points. */
struct nnv_arc {
	uint32_t from, to;
	uint32_t edge; /* of the graph: the one, or one of several,
				   that it draws */
	uint32_t span; /* ranks that it leads down; 0: it leads up */
	bool spine;    /* part of its ends' common chain */
};

struct nnv_plan {
	uint32_t nvertices;
	uint32_t nforks;
	uint32_t *fork_home;   /* by fork point: the frame it stands in */
	uint32_t *fork_source; /* by fork point: the node whose tensor it is */
	struct nnv_arc *arcs;
	uint32_t narcs;
	uint32_t *rank;  /* by vertex: longest path from a source */
	uint32_t *chain; /* by vertex: 0 is the main path */

	/* What decides how long the layout takes. */
	uint64_t virtuals; /* vertices, and points where arcs pass ranks */
	uint32_t ranks;
	uint32_t width; /* most arcs that pass one rank */
};

/* FORKS: with fork points. False: no memory. */
bool nnv_plan_init(struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_links *links, const struct nnv_tree *tree, bool forks,
    struct nnv_arena *arena);

#endif
