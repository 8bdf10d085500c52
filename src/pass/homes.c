/*
 * A node that a drawing leaves out (a normalisation behind a convolution) is
 * counted with one that stays: with what handed it something, or with what it
 * handed something to, if that is in a module closer to its own. Of a row of
 * such nodes the ends count.
 */
#include "homes.h"

#include "nnviz/arena.h"

#include "paths.h"

struct homes {
	const struct nnv_quotient *q;
	const struct nnv_links *links;
	const uint32_t *order;
};

/* The first node at the other ends of V's edges that has a home. */
static uint32_t
home_beside(const struct homes *h, const uint32_t *home, uint32_t v, bool out)
{
	const struct nnv_links *links = h->links;
	const uint32_t *start = out ? links->out_start : links->in_start;
	const uint32_t *edges = out ? links->out : links->in;

	for (uint32_t i = start[v]; i < start[v + 1]; i++) {
		const struct nnv_edge *edge = &h->q->from->edges[edges[i]];
		uint32_t at = home[out ? edge->dst : edge->src];

		if (at != NNV_NONE)
			return at;
	}
	return NNV_NONE;
}

/* How deep the module is that holds both; NODE: none is that of nothing. */
static uint32_t
closeness(const struct nnv_graph *graph, uint32_t v, uint32_t node)
{
	return node == NNV_NONE ? 0
				: 1 +
		nnv_module_depth(graph,
		    nnv_module_common(graph, graph->nodes[v].module,
			graph->nodes[node].module));
}

/* By node that is left out: the first that stays before it, or, OUT, after it;
 * NNV_NONE: none. */
static uint32_t *
find_beside(const struct homes *h, bool out)
{
	const struct nnv_graph *from = h->q->from;
	uint32_t *home = nnv_heap_alloc(from->nnodes + (size_t)1,
	    sizeof(*home));

	for (uint32_t v = 0; home != NULL && v < from->nnodes; v++)
		home[v] = h->q->into[v] != NNV_NONE &&
			nnv_paths_inside(&from->nodes[v])
		    ? v
		    : NNV_NONE;
	for (uint32_t i = 0; home != NULL && i < from->nnodes; i++) {
		uint32_t v = h->order[out ? from->nnodes - 1 - i : i];

		if (h->q->into[v] == NNV_NONE)
			home[v] = home_beside(h, home, v, out);
	}
	return home;
}

uint32_t *
nnv_homes_find(const struct nnv_quotient *q, const struct nnv_links *links,
    const uint32_t *order)
{
	struct homes h = { q, links, order };
	uint32_t *before = find_beside(&h, false);
	uint32_t *after = find_beside(&h, true);

	for (uint32_t v = 0;
	     before != NULL && after != NULL && v < q->from->nnodes; v++)
		if (closeness(q->from, v, after[v]) >
		    closeness(q->from, v, before[v]))
			before[v] = after[v];
	if (after == NULL) {
		nnv_heap_free(before);
		before = NULL;
	}
	nnv_heap_free(after);
	return before;
}
