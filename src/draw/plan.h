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
	/* the same two as they are laid out; another order where it leads up */
	uint32_t upper, lower;
	/* of the graph: the one, or one of several, that it draws */
	uint32_t edge;
	/* how many it draws; whether their tensors are of one shape */
	uint32_t several;
	bool alike;
	/* ranks that it leads down, or bridges aside; 0: it closes a cycle */
	uint32_t span;
	/* frames around both its ends */
	uint32_t depth;
	/* part of its ends' common chain */
	bool spine;
	/* without a say in the ranks */
	bool aside;
	/* and not counted as work: it bridges few real ranks */
	bool loose;
	/* not drawn, but named at both ends */
	bool cut;
};

/* What decides how long the layout takes. */
struct nnv_effort {
	uint64_t virtuals; /* vertices, and the points where arcs pass ranks */
	uint64_t pieces;   /* of arcs, from one rank to the next */
	uint64_t bends;    /* the squares of the ranks that long arcs pass */
	uint64_t simplex;  /* dot's vertices: of several columns, of one that
			      takes as long as all of them */
	uint32_t width;    /* the most arcs that pass one rank */
};

struct nnv_plan {
	uint32_t nvertices;
	uint32_t nforks;
	/* by fork point: the frame it stands in, the node whose tensor it is */
	uint32_t *fork_home, *fork_source;
	struct nnv_arc *arcs;
	uint32_t narcs, ncut;
	/* by vertex: about dot's rank; the longest path from a source */
	uint32_t *rank, *height;
	/* by vertex: it stands no higher, nor lower than it must; or NULL */
	uint32_t *level;
	/* by vertex: 0 is the main path */
	uint32_t *chain;
	/* by vertex: see columns.h */
	uint32_t *column;
	uint32_t ncolumns;
	/* vertices as they are listed, see list.h; or NULL */
	uint32_t *order;

	uint32_t ranks;
	struct nnv_effort effort;
};

/* Whether an edge of the backward pass leads back to what ran before: what
 * shared parameters are given is added up, call by call. */
bool nnv_edge_is_back(const struct nnv_graph *graph,
    const struct nnv_edge *edge);

/* FORKS: with fork points. False: no memory. */
bool nnv_plan_init(struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_links *links, const struct nnv_tree *tree, bool forks,
    struct nnv_arena *arena);

/* Find ranks again, after arcs were turned round or put aside, and measure.
 * False: no memory. */
bool nnv_plan_orient(struct nnv_plan *plan, struct nnv_arena *arena);

/* Measure again, after arcs became loose. False: no memory. */
bool nnv_plan_measure(struct nnv_plan *plan, struct nnv_arena *arena);

/* What it would cost without the arcs over more than SPAN ranks that are
 * neither loose nor part of a chain. False: no memory. */
bool nnv_plan_estimate(const struct nnv_plan *plan, uint32_t span,
    struct nnv_effort *cost, struct nnv_arena *arena);

/* Cut those arcs, and measure again. False: no memory. */
bool nnv_plan_cut(struct nnv_plan *plan, uint32_t span,
    struct nnv_arena *arena);

/* The vertex that stands for the group of V: each has another one of its group
 * in GROUP, or itself, and is led nearer to it. */
static inline uint32_t
nnv_plan_group(uint32_t *group, uint32_t v)
{
	while (group[v] != v) {
		group[v] = group[group[v]];
		v = group[v];
	}
	return v;
}

#endif
