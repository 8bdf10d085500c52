/*
 * Peak memory: that of the tensors that are alive at once, from the node that
 * makes one to the last that takes it, in the order of execution, parameters
 * apart. It is an upper bound for a forward pass, as if nothing was computed in
 * place, and says nothing of what is kept for a backward pass.
 */
#include "peak.h"

/* When each tensor is made and last used, as steps of the execution. */
struct life {
	uint32_t *step; /* of each node */
	uint32_t *end;  /* of each tensor; NNV_NONE: nobody uses it */
	int64_t *freed; /* bytes, after each step */
};

static bool
find_ends(const struct nnv_graph *graph, struct life *life)
{
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));
	bool ok = order != NULL && nnv_graph_order(graph, order) != NNV_NONE;

	for (uint32_t i = 0; ok && i < graph->nnodes; i++)
		life->step[order[i]] = i;
	for (uint32_t t = 0; ok && t < graph->ntensors; t++)
		life->end[t] = NNV_NONE;
	for (uint32_t e = 0; ok && e < graph->nedges; e++) {
		const struct nnv_edge *edge = &graph->edges[e];
		uint32_t *end = &life->end[edge->tensor];

		if (*end == NNV_NONE || *end < life->step[edge->dst])
			*end = life->step[edge->dst];
	}
	nnv_heap_free(order);
	return ok;
}

/* The most that is alive at a step; NNV_UNKNOWN where a size is. */
static int64_t
find_peak(const struct nnv_graph *graph, struct life *life, int64_t *made)
{
	int64_t alive = 0, peak = 0;

	for (uint32_t t = 0; t < graph->ntensors; t++) {
		const struct nnv_tensor *tensor = &graph->tensors[t];
		int64_t bytes;
		uint32_t step;

		if (tensor->producer == NNV_NONE || tensor->param != NNV_NONE)
			continue;
		bytes = nnv_spec_bytes(graph, tensor->spec);
		/* sums of all tensors stay far from overflowing, or are not
		 * worth knowing */
		if (bytes == NNV_UNKNOWN ||
		    bytes > INT64_MAX / 2 / (graph->ntensors + (int64_t)1))
			return NNV_UNKNOWN;
		step = life->step[tensor->producer];
		made[step] += bytes;
		if (life->end[t] != NNV_NONE && life->end[t] > step)
			step = life->end[t];
		life->freed[step] += bytes;
	}
	for (uint32_t i = 0; i < graph->nnodes; i++) {
		alive += made[i];
		peak = alive > peak ? alive : peak;
		alive -= life->freed[i];
	}
	return peak;
}

static bool
find(struct nnv_graph *graph)
{
	size_t n = graph->nnodes + (size_t)1;
	struct life life = { nnv_heap_alloc(n, sizeof(*life.step)),
		nnv_heap_alloc(graph->ntensors + (size_t)1, sizeof(*life.end)),
		nnv_heap_alloc(n, sizeof(*life.freed)) };
	int64_t *made = nnv_heap_alloc(n, sizeof(*made));
	bool ok = life.step != NULL && life.end != NULL && life.freed != NULL &&
	    made != NULL && find_ends(graph, &life);

	if (ok)
		graph->peak_bytes = find_peak(graph, &life, made);
	nnv_heap_free(life.step);
	nnv_heap_free(life.end);
	nnv_heap_free(life.freed);
	nnv_heap_free(made);
	return ok;
}

bool
nnv_peak_find(struct nnv_graph *graph)
{
	/* what is inside a group is not known any more */
	return graph->peak_bytes != NNV_UNKNOWN ||
	    nnv_graph_has(graph, NNV_NODE_GROUP) || find(graph);
}
