/*
 * What nodes cost. Most of it adds up: a group costs what its members cost.
 *
 * What a node gives does not: of the tensors that are made inside a group only
 * those are its output that something outside takes, or that nothing takes in
 * the graph at all (gradients of parameters, new versions of them). Nor is a
 * tensor an output that the backward pass alone looks at again: it is kept, not
 * given.
 */
#include "nnviz/graph.h"

struct nnv_cost
nnv_cost_unknown(void)
{
	return (struct nnv_cost){ NNV_UNKNOWN, NNV_UNKNOWN, NNV_UNKNOWN,
		NNV_UNKNOWN, NNV_UNKNOWN, NNV_UNKNOWN };
}

struct nnv_cost
nnv_cost_none(void)
{
	struct nnv_cost cost = nnv_cost_unknown();

	cost.macs = cost.elementwise = cost.activation_bytes = 0;
	return cost;
}

static void
add_up(int64_t *sum, int64_t more)
{
	if (*sum == NNV_UNKNOWN || more == NNV_UNKNOWN ||
	    more > INT64_MAX - *sum)
		*sum = NNV_UNKNOWN;
	else
		*sum += more;
}

void
nnv_cost_add(struct nnv_cost *sum, const struct nnv_cost *more)
{
	add_up(&sum->macs, more->macs);
	add_up(&sum->elementwise, more->elementwise);
	add_up(&sum->activation_bytes, more->activation_bytes);
	nnv_time_add(&sum->backward_macs, more->backward_macs);
}

bool
nnv_edge_is_saved(const struct nnv_graph *graph, const struct nnv_edge *edge)
{
	return graph->nodes[edge->src].phase == NNV_FORWARD &&
	    graph->nodes[edge->dst].phase == NNV_BACKWARD;
}

/* How a tensor is used: the most that is known of it. */
enum use {
	USE_NONE,   /* by nothing */
	USE_INSIDE, /* by its own node */
	USE_SAVED,  /* by the backward pass */
	USE_GIVEN
};

static void
find_uses(const struct nnv_graph *graph, unsigned char *uses,
    unsigned char *best)
{
	for (uint32_t e = 0; e < graph->nedges; e++) {
		const struct nnv_edge *edge = &graph->edges[e];
		enum use use = USE_GIVEN;

		if (edge->src == edge->dst)
			use = USE_INSIDE;
		else if (nnv_edge_is_saved(graph, edge))
			use = USE_SAVED;
		if (uses[edge->tensor] < use)
			uses[edge->tensor] = (unsigned char)use;
	}
	for (uint32_t t = 0; t < graph->ntensors; t++) {
		uint32_t v = graph->tensors[t].producer;

		if (v != NNV_NONE && best[v] < uses[t])
			best[v] = uses[t];
	}
}

/* Of a node's tensors those are its output that are given; where none is, those
 * that are kept; and what nothing takes, unless it is the by-product of a
 * forward pass. */
static bool
is_output(const struct nnv_graph *graph, const struct nnv_tensor *tensor,
    unsigned char use, unsigned char best)
{
	if (use == USE_NONE)
		return best < USE_SAVED ||
		    graph->nodes[tensor->producer].phase != NNV_FORWARD;
	return use == best && use != USE_INSIDE;
}

bool
nnv_graph_mark_outputs(const struct nnv_graph *graph, bool *outputs)
{
	size_t nt = graph->ntensors + (size_t)1, n = graph->nnodes + (size_t)1;
	unsigned char *uses = nnv_heap_alloc(nt, sizeof(*uses));
	unsigned char *best = nnv_heap_alloc(n, sizeof(*best));
	bool ok = uses != NULL && best != NULL;

	if (ok)
		find_uses(graph, uses, best);
	for (uint32_t t = 0; ok && t < graph->ntensors; t++) {
		const struct nnv_tensor *tensor = &graph->tensors[t];

		outputs[t] = tensor->producer != NNV_NONE &&
		    is_output(graph, tensor, uses[t], best[tensor->producer]);
	}
	nnv_heap_free(uses);
	nnv_heap_free(best);
	return ok;
}

/* Sums of the outputs of a node. */
struct given {
	struct nnv_sum elements, bytes;
	bool any;
};

static void
set_outputs(struct nnv_graph *graph, const struct given *given, bool again)
{
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];
		struct nnv_cost *cost = &node->cost;

		if ((node->kind != NNV_NODE_OP &&
			node->kind != NNV_NODE_GROUP) ||
		    !given[v].any)
			continue;
		if (!given[v].elements.at_least &&
		    (again || cost->output_elements == NNV_UNKNOWN))
			cost->output_elements = given[v].elements.known;
		if (!given[v].bytes.at_least &&
		    (again || cost->output_bytes == NNV_UNKNOWN))
			cost->output_bytes = given[v].bytes.known;
	}
}

/* Of an op or layer, what is inside is what leaves it. */
static void
set_activations(struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];

		if (node->kind == NNV_NODE_OP &&
		    node->cost.activation_bytes == NNV_UNKNOWN)
			node->cost.activation_bytes = node->cost.output_bytes;
	}
}

bool
nnv_graph_find_outputs(struct nnv_graph *graph, bool again)
{
	bool *outputs = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*outputs));
	struct given *given = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*given));
	bool ok = outputs != NULL && given != NULL &&
	    nnv_graph_mark_outputs(graph, outputs);

	for (uint32_t t = 0; ok && t < graph->ntensors; t++) {
		const struct nnv_tensor *tensor = &graph->tensors[t];
		struct given *of;

		if (!outputs[t])
			continue;
		of = &given[tensor->producer];
		of->any = true;
		nnv_sum_add(&of->elements, nnv_spec_count(tensor->spec));
		nnv_sum_add(&of->bytes, nnv_spec_bytes(graph, tensor->spec));
	}
	if (ok) {
		set_outputs(graph, given, again);
		/* what is merged has the sum of what was, known or not */
		if (again)
			set_activations(graph);
	}
	nnv_heap_free(outputs);
	nnv_heap_free(given);
	return ok;
}
