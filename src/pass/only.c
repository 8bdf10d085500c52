/*
 * Some phases alone. Where one is left, its module disappears from the paths:
 * what it holds is the model's.
 */
#include "only.h"

#include "mirror.h"
#include "nnviz/pass.h"
#include "paths.h"

bool
nnv_phase_all_wanted(const struct nnv_graph *graph, unsigned phases)
{
	bool any = false;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		if (!nnv_paths_inside(&graph->nodes[v]))
			continue;
		if ((phases >> graph->nodes[v].phase & 1) == 0)
			return false;
		any = true;
	}
	return any && graph->drawn;
}

void
nnv_phase_hoist(struct nnv_graph *graph)
{
	uint32_t phase = NNV_NONE;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t m = nnv_phase_module(graph, graph->nodes[v].module);

		if (!nnv_paths_inside(&graph->nodes[v]))
			continue;
		if (m == 0 || (phase != NNV_NONE && m != phase))
			return;
		phase = m;
	}
	for (uint32_t m = 1; phase != NNV_NONE && m < graph->nmodules; m++)
		if (graph->modules[m].parent == phase)
			graph->modules[m].parent = 0;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].module == phase)
			graph->nodes[v].module = 0;
}

static void
add_nodes(struct nnv_graph *to, const struct nnv_graph *from, unsigned phases,
    uint32_t *nodes)
{
	for (uint32_t v = 0; v < from->nnodes; v++)
		nodes[v] = (phases >> from->nodes[v].phase & 1) != 0
		    ? nnv_graph_add_node(to, &from->nodes[v])
		    : NNV_NONE;
	for (uint32_t v = 0; v < to->nnodes; v++)
		if (to->nodes[v].grad_of != NNV_NONE)
			to->nodes[v].grad_of = nodes[to->nodes[v].grad_of];
}

static void
add_tensors_and_edges(struct nnv_graph *to, const struct nnv_graph *from,
    const uint32_t *nodes, uint32_t *tensors)
{
	for (uint32_t t = 0; t < from->ntensors; t++) {
		struct nnv_tensor tensor = from->tensors[t];

		tensors[t] = NNV_NONE;
		if (tensor.producer == NNV_NONE ||
		    nodes[tensor.producer] == NNV_NONE)
			continue;
		tensor.producer = nodes[tensor.producer];
		tensors[t] = nnv_graph_add_tensor(to, &tensor);
	}
	for (uint32_t e = 0; e < from->nedges; e++) {
		struct nnv_edge edge = from->edges[e];

		edge.src = nodes[edge.src];
		edge.dst = nodes[edge.dst];
		edge.tensor = tensors[edge.tensor];
		if (edge.src != NNV_NONE && edge.dst != NNV_NONE)
			nnv_graph_add_edge(to, &edge);
	}
}

struct nnv_graph *
nnv_pass_only(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag)
{
	size_t n = graph->nnodes + (size_t)1, nt = graph->ntensors + (size_t)1;
	struct nnv_graph *to;
	uint32_t *nodes, *tensors;
	bool ok;

	if (nnv_phase_all_wanted(graph, phases))
		return nnv_graph_share(graph);
	to = nnv_graph_like(graph);
	nodes = nnv_heap_alloc(n, sizeof(*nodes));
	tensors = nnv_heap_alloc(nt, sizeof(*tensors));
	ok = to != NULL && nodes != NULL && tensors != NULL;
	if (ok) {
		add_nodes(to, graph, phases, nodes);
		if (!to->failed)
			add_tensors_and_edges(to, graph, nodes, tensors);
		nnv_phase_hoist(to);
		ok = !to->failed;
	}
	nnv_heap_free(nodes);
	nnv_heap_free(tensors);
	if (ok)
		return to;
	nnv_graph_free(to);
	nnv_fail_memory(diag);
	return NULL;
}
