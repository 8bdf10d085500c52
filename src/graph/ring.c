/*
 * A module that runs twice is two modules where calls are known. A graph that
 * does not know them holds the layers of both calls in one, with other layers
 * between: as one box it would feed those and be fed by them.
 *
 * In an order along the edges only what stands between a module's first and
 * last node can lead from it and back. Most modules have nothing between them
 * but themselves; from others the edges are followed, as far as that costs no
 * more than reading the graph a few times.
 */
#include "nnviz/graph.h"

/* Nodes and edges that are looked at, for each one there is. */
enum { EFFORT = 16 };

struct rings {
	const struct nnv_graph *graph;
	struct nnv_links links;
	uint32_t *order, *place;        /* nodes along the edges, and back */
	uint32_t *first, *last, *count; /* by module: of the nodes in it */
	uint32_t *seen; /* by node: the module, plus 1, that leads to it */
	uint32_t *queue;
	uint64_t effort;
};

static bool
prepare(struct rings *r, const struct nnv_graph *graph)
{
	size_t n = graph->nnodes + (size_t)1, nm = graph->nmodules + (size_t)1;

	*r = (struct rings){ .graph = graph,
		.effort = EFFORT * ((uint64_t)graph->nnodes + graph->nedges) };
	r->order = nnv_heap_alloc(n, sizeof(*r->order));
	r->place = nnv_heap_alloc(n, sizeof(*r->place));
	r->seen = nnv_heap_alloc(n, sizeof(*r->seen));
	r->queue = nnv_heap_alloc(n, sizeof(*r->queue));
	r->first = nnv_heap_alloc(nm, sizeof(*r->first));
	r->last = nnv_heap_alloc(nm, sizeof(*r->last));
	r->count = nnv_heap_alloc(nm, sizeof(*r->count));
	return r->order != NULL && r->place != NULL && r->seen != NULL &&
	    r->queue != NULL && r->first != NULL && r->last != NULL &&
	    r->count != NULL && nnv_links_init(&r->links, graph) &&
	    nnv_graph_order(graph, r->order) != NNV_NONE;
}

static void
release(struct rings *r)
{
	nnv_links_release(&r->links);
	nnv_heap_free(r->order);
	nnv_heap_free(r->place);
	nnv_heap_free(r->seen);
	nnv_heap_free(r->queue);
	nnv_heap_free(r->first);
	nnv_heap_free(r->last);
	nnv_heap_free(r->count);
}

/* Where the nodes of each module stand, those of modules in it among them. */
static void
find_places(struct rings *r)
{
	const struct nnv_graph *graph = r->graph;

	for (uint32_t m = 0; m < graph->nmodules; m++)
		r->first[m] = NNV_NONE;
	for (uint32_t i = 0; i < graph->nnodes; i++) {
		uint32_t m = graph->nodes[r->order[i]].module;

		r->place[r->order[i]] = i;
		r->count[m]++;
		r->last[m] = i;
		if (r->first[m] == NNV_NONE)
			r->first[m] = i;
	}
	for (uint32_t m = graph->nmodules; m-- > 1;) {
		uint32_t above = graph->modules[m].parent;

		r->count[above] += r->count[m];
		if (r->first[above] > r->first[m])
			r->first[above] = r->first[m];
		if (r->last[above] < r->last[m])
			r->last[above] = r->last[m];
	}
}

static bool
holds(const struct rings *r, uint32_t m, uint32_t v)
{
	return nnv_module_within(r->graph, r->graph->nodes[v].module, m);
}

/* Queue what V leads to between the module's nodes; whether V stands outside
 * and leads back into it. */
static bool
follow(struct rings *r, uint32_t m, uint32_t v, uint32_t *n)
{
	bool outside = !holds(r, m, v);

	for (uint32_t i = r->links.out_start[v]; i < r->links.out_start[v + 1];
	     i++) {
		uint32_t to = r->graph->edges[r->links.out[i]].dst;

		r->effort -= r->effort > 0;
		if (holds(r, m, to)) {
			if (outside)
				return true;
			continue;
		}
		if (r->place[to] > r->last[m] || r->seen[to] == m + 1)
			continue;
		r->seen[to] = m + 1;
		r->queue[(*n)++] = to;
	}
	return false;
}

static bool
is_ring(struct rings *r, uint32_t m)
{
	uint32_t n = 0;

	for (uint32_t i = r->first[m]; i <= r->last[m]; i++) {
		r->effort -= r->effort > 0;
		if (holds(r, m, r->order[i]))
			follow(r, m, r->order[i], &n);
	}
	for (uint32_t i = 0; i < n && r->effort > 0; i++)
		if (follow(r, m, r->queue[i], &n))
			return true;
	return false;
}

bool
nnv_graph_find_rings(const struct nnv_graph *graph, uint32_t most, bool *rings)
{
	struct rings r;
	bool ok = prepare(&r, graph);

	if (ok)
		find_places(&r);
	for (uint32_t m = 1; ok && m < graph->nmodules; m++)
		rings[m] = r.count[m] > 1 && r.count[m] <= most &&
		    r.last[m] - r.first[m] >= r.count[m] && r.effort > 0 &&
		    is_ring(&r, m);
	release(&r);
	return ok;
}
