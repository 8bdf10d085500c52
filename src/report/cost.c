/*
 * What a node costs, and what its gradients cost: a backward node belongs to
 * the forward node that it is the gradient of, and its MACs stand in that one's
 * row as well as in its own. Where the backward pass is drawn more coarsely
 * than the forward pass, one node holds the gradients of several layers; they
 * cannot be divided, and stand in no row but its own.
 */
#include "rows.h"

static struct nnv_row_cost
cost_of(const struct nnv_graph *graph, const struct nnv_node *node)
{
	struct nnv_param_sum sum = nnv_node_params(graph, node);
	struct nnv_row_cost cost = { .parameters = { sum.parameters,
					 sum.at_least },
		.buffers = { sum.buffers, !nnv_graph_tells_buffers(graph) },
		.time = node->time };

	nnv_sum_add(&cost.macs, node->cost.macs);
	nnv_sum_add(&cost.elementwise, node->cost.elementwise);
	nnv_sum_add(&cost.bytes, node->cost.output_bytes);
	return cost;
}

/* The node in whose row the MACs of V stand as well, or NNV_NONE. */
static uint32_t
row_of_gradient(const struct nnv_graph *graph, uint32_t v)
{
	const struct nnv_node *node = &graph->nodes[v];
	uint32_t of = node->grad_of;

	if (node->phase != NNV_BACKWARD || of == NNV_NONE ||
	    graph->nodes[of].phase == NNV_BACKWARD ||
	    nnv_module_depth(graph, node->module) <
		nnv_module_depth(graph, graph->nodes[of].module))
		return NNV_NONE;
	return of;
}

void
nnv_row_cost_join(struct nnv_row_cost *cost, const struct nnv_row_cost *more)
{
	if (more->has_backward) {
		nnv_sum_add(&cost->backward, more->backward.known);
		cost->backward.at_least |= more->backward.at_least;
		cost->has_backward = true;
	}
	nnv_time_add(&cost->time, more->time);
}

struct nnv_row_cost *
nnv_row_costs(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_row_cost *costs = NNV_NEW_ARRAY(&grid->arena,
	    graph->nnodes + (size_t)1, struct nnv_row_cost);
	struct nnv_row_cost *all;

	if (costs == NULL) {
		grid->failed = true;
		return NULL;
	}
	all = &costs[graph->nnodes];
	all->time = NNV_UNKNOWN;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		costs[v] = cost_of(graph, &graph->nodes[v]);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t of = row_of_gradient(graph, v);

		if (of == NNV_NONE)
			continue;
		nnv_sum_add(&costs[of].backward, graph->nodes[v].cost.macs);
		costs[of].has_backward = true;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++)
		nnv_row_cost_join(all, &costs[v]);
	return costs;
}
