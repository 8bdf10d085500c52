/*
 * Edges by node, and the order of execution.
 *
 * The order is Kahn's, with the ready node that stands first in the input taken
 * next (a binary heap of indices), so that a graph already in order keeps it.
 */
#include "nnviz/graph.h"

/* Turn counts in start[1..n] into offsets: start[i] is where node i begins. */
static void
accumulate(uint32_t *start, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		start[i + 1] += start[i];
}

static void
fill(struct nnv_links *links, const struct nnv_graph *graph, uint32_t *next_out,
    uint32_t *next_in)
{
	uint32_t n = graph->nnodes;

	memcpy(next_out, links->out_start, n * sizeof(*next_out));
	memcpy(next_in, links->in_start, n * sizeof(*next_in));
	for (uint32_t e = 0; e < graph->nedges; e++) {
		links->out[next_out[graph->edges[e].src]++] = e;
		links->in[next_in[graph->edges[e].dst]++] = e;
	}
}

bool
nnv_links_init(struct nnv_links *links, const struct nnv_graph *graph)
{
	size_t n = graph->nnodes, m = graph->nedges;
	uint32_t *next = nnv_heap_alloc(2 * n + 1, sizeof(*next));

	links->out_start = nnv_heap_alloc(n + 1, sizeof(*links->out_start));
	links->in_start = nnv_heap_alloc(n + 1, sizeof(*links->in_start));
	links->out = nnv_heap_alloc(m + 1, sizeof(*links->out));
	links->in = nnv_heap_alloc(m + 1, sizeof(*links->in));
	if (next == NULL || links->out_start == NULL ||
	    links->in_start == NULL || links->out == NULL ||
	    links->in == NULL) {
		nnv_heap_free(next);
		nnv_links_release(links);
		return false;
	}
	for (uint32_t e = 0; e < m; e++) {
		links->out_start[graph->edges[e].src + 1]++;
		links->in_start[graph->edges[e].dst + 1]++;
	}
	accumulate(links->out_start, graph->nnodes);
	accumulate(links->in_start, graph->nnodes);
	fill(links, graph, next, next + n);
	nnv_heap_free(next);
	return true;
}

void
nnv_links_release(struct nnv_links *links)
{
	nnv_heap_free(links->out_start);
	nnv_heap_free(links->out);
	nnv_heap_free(links->in_start);
	nnv_heap_free(links->in);
	*links = (struct nnv_links){ NULL, NULL, NULL, NULL };
}

/* A binary heap of node indices, the smallest on top. */
struct heap {
	uint32_t *nodes;
	uint32_t n;
};

static void
heap_push(struct heap *heap, uint32_t node)
{
	uint32_t i = heap->n++;

	while (i > 0 && heap->nodes[(i - 1) / 2] > node) {
		heap->nodes[i] = heap->nodes[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	heap->nodes[i] = node;
}

static uint32_t
heap_pop(struct heap *heap)
{
	uint32_t top = heap->nodes[0], last = heap->nodes[--heap->n], i = 0;

	for (uint32_t child = 1; child < heap->n; child = 2 * i + 1) {
		if (child + 1 < heap->n &&
		    heap->nodes[child + 1] < heap->nodes[child])
			child++;
		if (heap->nodes[child] >= last)
			break;
		heap->nodes[i] = heap->nodes[child];
		i = child;
	}
	heap->nodes[i] = last;
	return top;
}

/* Place every node whose sources are placed; how many there were. */
static uint32_t
place(const struct nnv_graph *graph, const struct nnv_links *links,
    struct heap *ready, uint32_t *waiting, uint32_t *order)
{
	uint32_t n = 0;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		waiting[v] = links->in_start[v + 1] - links->in_start[v];
		if (waiting[v] == 0)
			heap_push(ready, v);
	}
	while (ready->n > 0) {
		uint32_t v = heap_pop(ready);

		order[n++] = v;
		for (uint32_t i = links->out_start[v];
		     i < links->out_start[v + 1]; i++) {
			uint32_t to = graph->edges[links->out[i]].dst;

			if (--waiting[to] == 0)
				heap_push(ready, to);
		}
	}
	return n;
}

/* Whether every edge leads forward: then the order of the input is the one. */
static bool
is_in_order(const struct nnv_graph *graph)
{
	for (uint32_t e = 0; e < graph->nedges; e++)
		if (graph->edges[e].src >= graph->edges[e].dst)
			return false;
	return true;
}

uint32_t
nnv_graph_order(const struct nnv_graph *graph, uint32_t *order)
{
	struct nnv_links links;
	struct heap ready = { NULL, 0 };
	uint32_t *waiting, placed = NNV_NONE, n;

	if (is_in_order(graph)) {
		for (n = 0; n < graph->nnodes; n++)
			order[n] = n;
		return n;
	}
	if (!nnv_links_init(&links, graph))
		return NNV_NONE;
	ready.nodes = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*ready.nodes));
	waiting = nnv_heap_alloc(graph->nnodes + (size_t)1, sizeof(*waiting));
	if (ready.nodes != NULL && waiting != NULL) {
		placed = place(graph, &links, &ready, waiting, order);
		n = placed;
		for (uint32_t v = 0; v < graph->nnodes; v++)
			if (waiting[v] != 0)
				order[n++] = v;
	}
	nnv_heap_free(waiting);
	nnv_heap_free(ready.nodes);
	nnv_links_release(&links);
	return placed;
}

/* Where node OLD went; NNV_NONE stays what it is. */
static uint32_t
moved(const uint32_t *to, uint32_t old)
{
	return old != NNV_NONE ? to[old] : NNV_NONE;
}

static bool
is_identity(const uint32_t *order, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && order[i] == i)
		i++;
	return i == n;
}

bool
nnv_graph_reorder(struct nnv_graph *graph, const uint32_t *order)
{
	size_t n = graph->nnodes;
	struct nnv_node *nodes;
	uint32_t *to;

	if (is_identity(order, graph->nnodes))
		return true;
	nodes = nnv_heap_alloc(n + 1, sizeof(*nodes));
	to = nnv_heap_alloc(n + 1, sizeof(*to));
	if (nodes == NULL || to == NULL) {
		nnv_heap_free(nodes);
		nnv_heap_free(to);
		return false;
	}
	for (uint32_t i = 0; i < n; i++) {
		nodes[i] = graph->nodes[order[i]];
		to[order[i]] = i;
	}
	for (uint32_t i = 0; i < n; i++)
		nodes[i].grad_of = moved(to, nodes[i].grad_of);
	for (uint32_t i = 0; i < graph->ntensors; i++)
		graph->tensors[i].producer = moved(to,
		    graph->tensors[i].producer);
	for (uint32_t i = 0; i < graph->nedges; i++) {
		graph->edges[i].src = to[graph->edges[i].src];
		graph->edges[i].dst = to[graph->edges[i].dst];
	}
	nnv_heap_free(to);
	nnv_heap_free(graph->nodes);
	graph->nodes = nodes;
	graph->node_cap = n + 1;
	return true;
}
