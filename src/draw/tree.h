/* Which modules get a frame, and where it stands. */
#ifndef NNVIZ_DRAW_TREE_H
#define NNVIZ_DRAW_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/graph.h"

struct nnv_tree {
	uint32_t *count; /* by module: nodes in it and below */
	bool *drawn;     /* by module: it has a frame */
	uint32_t *home;  /* by module: itself or the nearest above that
				   has a frame, or NNV_NONE */
	uint32_t *outer; /* by module: the frame around this one's */
	uint32_t *depth; /* by module: frames around its inside */
	uint32_t nclusters;
	uint32_t ndeep; /* modules without a frame as too many are around */
	uint32_t ends;  /* the frame of the forward pass beside others, in
				   which its inputs and outputs stand */
};

/* Frames in frames: more are borders without a picture, and dot's time grows
 * with the ranks of all of them. */
enum { NNV_FRAMES_DEEP = 24 };

/* False: no memory. */
bool nnv_tree_init(struct nnv_tree *tree, const struct nnv_graph *graph,
    bool frames, struct nnv_arena *arena);

/* The innermost frame around a node, or NNV_NONE. */
uint32_t nnv_tree_home(const struct nnv_tree *tree,
    const struct nnv_graph *graph, uint32_t node);

/* The innermost frame that holds both, each a frame or NNV_NONE. */
uint32_t nnv_tree_common(const struct nnv_tree *tree, uint32_t a, uint32_t b);

/* The outermost frame that holds INNER but not OUTER; NNV_NONE: none does. */
uint32_t nnv_tree_entered(const struct nnv_tree *tree, uint32_t outer,
    uint32_t inner);

#endif
