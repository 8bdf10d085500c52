/*
 * Which parts of a model are alike: the same nodes, in the same order, joined
 * in the same way. See fold.c for what follows from it.
 */
#ifndef NNVIZ_PASS_ALIKE_H
#define NNVIZ_PASS_ALIKE_H

#include "nnviz/graph.h"

/* The nodes of each module as one piece of a list. */
struct nnv_parts {
	const struct nnv_graph *graph;
	bool similar; /* extents, hyper-parameters, costs may differ */
	struct nnv_links links;
	uint32_t *home;       /* by node: the module that it is, or is in */
	uint32_t *rank;       /* by module: its place in a walk of the tree */
	uint32_t *nodes;      /* by home's rank, then as in the graph */
	uint32_t *place;      /* by node: where it stands in NODES */
	uint32_t *start;      /* by module: its nodes are NODES[start] .. */
	uint32_t *end;        /* .. NODES[end - 1] */
	uint32_t *made_start; /* by node: its tensors are MADE[made_start] .. */
	uint32_t *made;
	uint32_t *ordinal; /* by tensor: which of its producer's it is */
};

/* False: no memory. The caller releases in either case. */
bool nnv_parts_init(struct nnv_parts *parts, const struct nnv_graph *graph);
void nnv_parts_release(struct nnv_parts *parts);

/* How two parts follow one another. */
enum nnv_alike {
	NNV_DIFFERENT,
	NNV_IN_A_ROW, /* the second takes what the first made */
	NNV_ABREAST   /* both take the same and give to the same */
};

/*
 * Whether module B is like its sibling A, which was found to be like BEFORE if
 * that is not NNV_NONE.
 */
enum nnv_alike nnv_parts_alike(const struct nnv_parts *parts, uint32_t before,
    uint32_t a, uint32_t b);

/* Whether two nodes were given the same arguments. */
bool nnv_nodes_same_args(const struct nnv_node *a, const struct nnv_node *b);

/* Whether two nodes are alike by themselves, wherever they stand and whatever
 * they are joined with. */
bool nnv_parts_same_node(const struct nnv_parts *parts, uint32_t v, uint32_t w);

/* Whether two tensors are known to be alike in every extent. */
bool nnv_parts_same_extents(const struct nnv_parts *parts, uint32_t t,
    uint32_t u);

/* Whether two parts that are alike use the very same parameters. */
bool nnv_parts_share(const struct nnv_parts *parts, uint32_t a, uint32_t b);

#endif
