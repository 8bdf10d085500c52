/*
 * The quotient of a graph: nodes merged, nodes left out. See quotient.c.
 *
 *	struct nnv_quotient q;
 *
 *	if (nnv_quotient_init(&q, graph)) {
 *		... q.into[v] = w; q.faces[w].op = ...
 *		smaller = nnv_quotient_make(&q, diag);
 *	}
 *	nnv_quotient_release(&q);
 */
#ifndef NNVIZ_PASS_QUOTIENT_H
#define NNVIZ_PASS_QUOTIENT_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"

struct nnv_quotient {
	const struct nnv_graph *from;
	/* By node: the node that stands for it, which stands for itself;
	 * itself at first. NNV_NONE: it is left out. */
	uint32_t *into;
	/* By node: what it looks like if it stands; at first as it is.
	 * Parameters and costs of what it stands for are added here. */
	struct nnv_node *faces;
	/* By tensor: the one that stands for it; itself at first. */
	uint32_t *same;
	/* By tensor: what is known of it if it stands; at first as it is. */
	const struct nnv_spec **specs;
	/* By node: what an arrow says that led through it, if it is left out
	 * and its tensor changes; NNV_NO_NAME at first. */
	nnv_name *marks;
	bool *cut;  /* by edge: it disappears; false at first */
	bool loops; /* keep edges from a node to itself that appear */
	bool exact; /* keep every edge that is not cut, as it is: where
				 copies are put onto one another */
};

/* A quotient that is the graph itself. False: no memory. The caller releases
 * in either case. */
bool nnv_quotient_init(struct nnv_quotient *quotient,
    const struct nnv_graph *from);
void nnv_quotient_release(struct nnv_quotient *quotient);

/* The new graph, the caller's; NULL: failure. Once. */
struct nnv_graph *nnv_quotient_make(struct nnv_quotient *quotient,
    struct nnv_diag *diag);

#endif
