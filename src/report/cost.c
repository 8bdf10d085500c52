/*
 * What a row costs. A parameter that several rows use has its share in the
 * first of them, so that shares add up to the whole.
 */
#include "rows.h"

static struct nnv_row_cost
cost_of(const struct nnv_graph *graph, const struct nnv_node *node)
{
	struct nnv_param_sum sum = nnv_node_params(graph, node);
	struct nnv_row_cost cost = { .parameters = { sum.parameters,
					 sum.at_least },
		.buffers = { sum.buffers, !nnv_graph_tells_buffers(graph) },
		.has_parameters = node->phase != NNV_BACKWARD,
		.time = node->time };

	nnv_sum_add(&cost.macs, node->cost.macs);
	nnv_sum_add(&cost.elementwise, node->cost.elementwise);
	nnv_sum_add(&cost.elements, node->cost.output_elements);
	nnv_sum_add(&cost.bytes, node->cost.output_bytes);
	nnv_sum_add(&cost.activations, node->cost.activation_bytes);
	cost.has_backward = node->cost.backward_macs != NNV_UNKNOWN;
	if (cost.has_backward)
		nnv_sum_add(&cost.backward, node->cost.backward_macs);
	return cost;
}

static void
join(struct nnv_sum *sum, struct nnv_sum more)
{
	nnv_sum_add(sum, more.known);
	sum->at_least |= more.at_least;
}

void
nnv_row_cost_join(struct nnv_row_cost *cost, const struct nnv_row_cost *more)
{
	join(&cost->macs, more->macs);
	join(&cost->elementwise, more->elementwise);
	join(&cost->activations, more->activations);
	join(&cost->fresh, more->fresh);
	join(&cost->backward, more->backward);
	cost->has_backward |= more->has_backward;
	cost->has_parameters |= more->has_parameters;
	nnv_time_add(&cost->time, more->time);
}

struct nnv_row_cost *
nnv_row_costs(struct nnv_grid *grid, const struct nnv_graph *graph,
    const uint32_t *order)
{
	struct nnv_row_cost *costs = NNV_NEW_ARRAY(&grid->arena,
	    graph->nnodes + (size_t)1, struct nnv_row_cost);
	struct nnv_sum *fresh = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*fresh));
	struct nnv_row_cost *all;

	if (costs == NULL || fresh == NULL ||
	    !nnv_params_fresh(graph, order, false, fresh)) {
		nnv_heap_free(fresh);
		grid->failed = true;
		return NULL;
	}
	all = &costs[graph->nnodes];
	all->time = NNV_UNKNOWN;
	for (uint32_t i = 0; i < graph->nnodes; i++) {
		const struct nnv_node *node = &graph->nodes[order[i]];
		struct nnv_row_cost *cost = &costs[order[i]];

		*cost = cost_of(graph, node);
		cost->fresh = fresh[order[i]];
		if (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP)
			nnv_row_cost_join(all, cost);
	}
	nnv_heap_free(fresh);
	return costs;
}
