/*
 * The strongly connected components of some nodes, after Tarjan (1972), without
 * recursion. The walk goes against the edges, so that a set is complete when
 * all that leads to it is.
 */
#include "knots.h"

struct visit {
	uint32_t node, edge; /* the next of its incoming edges to look at */
};

struct walk {
	const struct nnv_graph *graph;
	const struct nnv_links *links;
	const bool *marked;
	struct nnv_knots *knots;
	uint32_t *number;     /* by node: when it was seen, from 1; 0: not */
	uint32_t *low;        /* the least number that it leads back to */
	bool *open;           /* its set is not complete */
	uint32_t *stack;      /* of these */
	struct visit *visits; /* from a root to where the walk is */
	uint32_t nseen, nopen, nvisits;
};

static void
enter(struct walk *w, uint32_t v)
{
	w->number[v] = w->low[v] = ++w->nseen;
	w->open[v] = true;
	w->stack[w->nopen++] = v;
	w->visits[w->nvisits++] = (struct visit){ v, w->links->in_start[v] };
}

/* Node V has been walked through: it may be the first of a set. */
static void
leave(struct walk *w, uint32_t v)
{
	struct nnv_knots *knots = w->knots;
	uint32_t u, end = knots->start[knots->n];

	w->nvisits--;
	if (w->nvisits > 0) {
		uint32_t before = w->visits[w->nvisits - 1].node;

		if (w->low[before] > w->low[v])
			w->low[before] = w->low[v];
	}
	if (w->low[v] != w->number[v])
		return;
	do {
		u = w->stack[--w->nopen];
		w->open[u] = false;
		knots->nodes[end++] = u;
	} while (u != v);
	knots->start[++knots->n] = end;
}

static void
walk_from(struct walk *w, uint32_t root)
{
	enter(w, root);
	while (w->nvisits > 0) {
		struct visit *at = &w->visits[w->nvisits - 1];
		uint32_t v = at->node, u;

		if (at->edge == w->links->in_start[v + 1]) {
			leave(w, v);
			continue;
		}
		u = w->graph->edges[w->links->in[at->edge++]].src;
		if (!w->marked[u])
			continue;
		if (w->number[u] == 0)
			enter(w, u);
		else if (w->open[u] && w->low[v] > w->number[u])
			w->low[v] = w->number[u];
	}
}

bool
nnv_knots_find(struct nnv_knots *knots, const struct nnv_graph *graph,
    const struct nnv_links *links, const uint32_t *order, const bool *marked)
{
	size_t n = graph->nnodes + (size_t)1;
	struct walk w = { .graph = graph,
		.links = links,
		.marked = marked,
		.knots = knots,
		.number = nnv_heap_alloc(n, sizeof(*w.number)),
		.low = nnv_heap_alloc(n, sizeof(*w.low)),
		.open = nnv_heap_alloc(n, sizeof(*w.open)),
		.stack = nnv_heap_alloc(n, sizeof(*w.stack)),
		.visits = nnv_heap_alloc(n, sizeof(*w.visits)) };
	bool ok;

	*knots = (struct nnv_knots){ nnv_heap_alloc(n, sizeof(*knots->nodes)),
		nnv_heap_alloc(n + 1, sizeof(*knots->start)), 0 };
	ok = knots->nodes != NULL && knots->start != NULL && w.number != NULL &&
	    w.low != NULL && w.open != NULL && w.stack != NULL &&
	    w.visits != NULL;
	for (uint32_t i = 0; ok && i < graph->nnodes; i++)
		if (marked[order[i]] && w.number[order[i]] == 0)
			walk_from(&w, order[i]);
	nnv_heap_free(w.number);
	nnv_heap_free(w.low);
	nnv_heap_free(w.open);
	nnv_heap_free(w.stack);
	nnv_heap_free(w.visits);
	return ok;
}

void
nnv_knots_release(struct nnv_knots *knots)
{
	nnv_heap_free(knots->nodes);
	nnv_heap_free(knots->start);
}
