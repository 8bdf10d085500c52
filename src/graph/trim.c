/*
 * Most of a model's parameters mean nothing to one of its modules, and room for
 * all of its nodes is not needed by it. A drawing of each module that kept them
 * would cost the square of the model.
 */
#include "nnviz/graph.h"

#include "nnviz/arena.h"

#include <string.h>

/* By parameter: its new index, NNV_NONE, or while it is found out KEPT. */
enum { KEPT = 0 };

/* An array of just N items instead of ARRAY, which is freed. */
static bool
fit(void **array, size_t *cap, uint32_t n, size_t size)
{
	void *fitting = nnv_heap_alloc((size_t)n + 1, size);

	if (fitting == NULL)
		return false;
	if (n > 0)
		memcpy(fitting, *array, n * size);
	nnv_heap_free(*array);
	*array = fitting;
	*cap = (size_t)n + 1;
	return true;
}

static void
mark(uint32_t *map, const uint32_t *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		map[list[i]] = KEPT;
}

/* LIST by the new indices, in the arena; NULL: no memory. */
static const uint32_t *
renumber(struct nnv_graph *graph, const uint32_t *map, const uint32_t *list,
    uint32_t n)
{
	uint32_t *numbered = NNV_NEW_ARRAY(graph->arena, n, uint32_t);

	for (uint32_t i = 0; numbered != NULL && i < n; i++)
		numbered[i] = map[list[i]];
	return numbered;
}

static void
mark_all(const struct nnv_graph *graph, uint32_t *map)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		mark(map, graph->nodes[v].params, graph->nodes[v].nparams);
	for (uint32_t t = 0; t < graph->ntensors; t++)
		if (graph->tensors[t].param != NNV_NONE)
			map[graph->tensors[t].param] = KEPT;
	mark(map, graph->unseen.params, graph->unseen.nparams);
}

/* Nothing is changed before all new lists are there. */
static bool
renumber_all(struct nnv_graph *graph, const uint32_t *map)
{
	const uint32_t **lists = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*lists));
	bool fine = lists != NULL;

	for (uint32_t v = 0; fine && v <= graph->nnodes; v++) {
		bool last = v == graph->nnodes;

		lists[v] = renumber(graph, map,
		    last ? graph->unseen.params : graph->nodes[v].params,
		    last ? graph->unseen.nparams : graph->nodes[v].nparams);
		fine = lists[v] != NULL;
	}
	for (uint32_t v = 0; fine && v < graph->nnodes; v++) {
		graph->nodes[v].params = lists[v];
		/* shared with graphs of other numbers; the sums are known */
		graph->nodes[v].behind = NULL;
	}
	if (fine)
		graph->unseen.params = lists[graph->nnodes];
	for (uint32_t t = 0; fine && t < graph->ntensors; t++)
		if (graph->tensors[t].param != NNV_NONE)
			graph->tensors[t].param = map[graph->tensors[t].param];
	nnv_heap_free(lists);
	return fine;
}

static bool
drop_params(struct nnv_graph *graph)
{
	uint32_t *map = nnv_heap_alloc(graph->nparams + (size_t)1,
	    sizeof(*map));
	uint32_t n = 0;

	if (map == NULL)
		return false;
	for (uint32_t p = 0; p < graph->nparams; p++)
		map[p] = NNV_NONE;
	mark_all(graph, map);
	for (uint32_t p = 0; p < graph->nparams; p++)
		if (map[p] == KEPT)
			map[p] = n++;
	if (!renumber_all(graph, map)) {
		nnv_heap_free(map);
		return false;
	}
	for (uint32_t p = 0; p < graph->nparams; p++)
		if (map[p] != NNV_NONE)
			graph->params[map[p]] = graph->params[p];
	graph->nparams = n;
	nnv_heap_free(map);
	return true;
}

bool
nnv_graph_trim(struct nnv_graph *graph)
{
	return drop_params(graph) &&
	    fit((void **)&graph->nodes, &graph->node_cap, graph->nnodes,
		sizeof(*graph->nodes)) &&
	    fit((void **)&graph->tensors, &graph->tensor_cap, graph->ntensors,
		sizeof(*graph->tensors)) &&
	    fit((void **)&graph->edges, &graph->edge_cap, graph->nedges,
		sizeof(*graph->edges)) &&
	    fit((void **)&graph->modules, &graph->module_cap, graph->nmodules,
		sizeof(*graph->modules)) &&
	    fit((void **)&graph->params, &graph->param_cap, graph->nparams,
		sizeof(*graph->params));
}
