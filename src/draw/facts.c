/*
 * What the whole graph has in common is said once: the number type of most
 * tensors, and the batch, if every tensor on an arrow begins with it.
 */
#include "figure.h"

enum { DTYPES_MAX = 32, SPEC_DEPTH = 32 };

struct survey {
	nnv_name dtypes[DTYPES_MAX];
	uint32_t counts[DTYPES_MAX];
	int ndtypes;
	int64_t batch;
	bool common; /* every tensor so far begins with it */
};

static void
count_dtype(struct survey *survey, nnv_name dtype)
{
	int i;

	for (i = 0; i < survey->ndtypes; i++)
		if (survey->dtypes[i] == dtype)
			break;
	if (i == DTYPES_MAX)
		return;
	if (i == survey->ndtypes) {
		survey->dtypes[i] = dtype;
		survey->counts[i] = 0;
		survey->ndtypes++;
	}
	survey->counts[i]++;
}

static void
look_at(struct survey *survey, const struct nnv_spec *spec, int depth)
{
	uint32_t i;

	if (spec == NULL || depth == SPEC_DEPTH)
		return;
	if (spec->kind == NNV_SPEC_LIST || spec->kind == NNV_SPEC_MAP)
		for (i = 0; i < spec->n; i++)
			look_at(survey, spec->elements[i], depth + 1);
	if (spec->kind != NNV_SPEC_TENSOR)
		return;
	if (spec->type != NNV_NO_NAME)
		count_dtype(survey, spec->type);
	/* a loss or a vector of labels has no batch to hide */
	if (spec->n >= 2 && spec->shape[0] != survey->batch)
		survey->common = false;
}

/*
 * Whether a tensor surely begins with the batch: rows of numbers and images do;
 * tokens and sequences may begin with the time instead.
 */
static bool
begins_with_batch(const struct nnv_graph *graph, const struct nnv_spec *spec)
{
	struct nnv_str dtype = nnv_dtype_short(nnv_graph_text(graph,
	    spec->type));

	return (spec->n == 2 || spec->n == 4 || spec->n == 5) &&
	    (nnv_str_starts(dtype, NNV_STR("float")) ||
		nnv_str_starts(dtype, NNV_STR("bfloat")));
}

/* What the first tensor of the first input begins with; a backward pass alone
 * comes from the gradient of an output. */
static int64_t
input_batch(const struct nnv_graph *graph)
{
	bool inputs = nnv_graph_has(graph, NNV_NODE_INPUT);
	uint32_t i;

	for (i = 0; i < graph->nedges; i++) {
		const struct nnv_edge *edge = &graph->edges[i];
		const struct nnv_node *from = &graph->nodes[edge->src];
		const struct nnv_spec *spec;

		if (edge->tensor == NNV_NONE ||
		    (inputs ? from->kind != NNV_NODE_INPUT
			    : from->phase != NNV_BACKWARD))
			continue;
		spec = graph->tensors[edge->tensor].spec;
		if (spec != NULL && spec->kind == NNV_SPEC_TENSOR &&
		    begins_with_batch(graph, spec))
			return spec->shape[0];
	}
	return NNV_UNKNOWN;
}

static nnv_name
main_dtype(const struct survey *survey)
{
	nnv_name dtype = NNV_NO_NAME;
	uint32_t most = 0;
	int i;

	for (i = 0; i < survey->ndtypes; i++)
		if (survey->counts[i] > most) {
			most = survey->counts[i];
			dtype = survey->dtypes[i];
		}
	return dtype;
}

/* Of all nodes that compute. */
static struct nnv_sum
sum_macs(const struct nnv_graph *graph)
{
	struct nnv_sum sum = { 0, false };
	uint32_t i;

	for (i = 0; i < graph->nnodes; i++) {
		const struct nnv_node *node = &graph->nodes[i];

		if (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP)
			nnv_sum_add(&sum, node->cost.macs);
	}
	nnv_sum_add(&sum, graph->unseen.cost.macs);
	return sum;
}

static void
find_time(struct nnv_figure *fig)
{
	uint32_t i;

	fig->facts.time = fig->graph->unseen.time;
	for (i = 0; i < fig->graph->nnodes; i++)
		nnv_time_add(&fig->facts.time, fig->graph->nodes[i].time);
}

/* Whether both the forward and the backward pass are drawn. */
static bool
is_mirrored(const struct nnv_graph *graph)
{
	bool forward = false, backward = false;
	uint32_t i;

	for (i = 0; i < graph->nnodes; i++) {
		const struct nnv_node *node = &graph->nodes[i];

		forward |= node->phase == NNV_FORWARD &&
		    (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP);
		backward |= node->phase == NNV_BACKWARD;
	}
	return forward && backward;
}

/* What parameters a box has that none before it has; making, using and updating
 * one do not share it. */
static bool
find_fresh(struct nnv_figure *fig)
{
	const struct nnv_graph *graph = fig->graph;
	uint32_t *order = NNV_NEW_ARRAY(&fig->arena, graph->nnodes, uint32_t);

	fig->facts.fresh = NNV_NEW_ARRAY(&fig->arena, graph->nnodes,
	    struct nnv_sum);
	return !nnv_arena_failed(&fig->arena) &&
	    nnv_graph_order(graph, order) != NNV_NONE &&
	    nnv_params_fresh(graph, order, true, fig->facts.fresh);
}

bool
nnv_facts_find(struct nnv_figure *fig)
{
	const struct nnv_graph *graph = fig->graph;
	struct survey survey = { .ndtypes = 0, .common = true };
	uint32_t i;

	survey.batch = input_batch(graph);
	for (i = 0; i < graph->nedges; i++)
		if (graph->edges[i].tensor != NNV_NONE)
			look_at(&survey,
			    graph->tensors[graph->edges[i].tensor].spec, 0);
	fig->facts.dtype = main_dtype(&survey);
	fig->facts.batch = NNV_UNKNOWN;
	if (fig->style->batch == NNV_BATCH_HIDE ||
	    (fig->style->batch == NNV_BATCH_AUTO && survey.common))
		fig->facts.batch = survey.batch;
	fig->facts.macs = sum_macs(graph);
	find_time(fig);
	fig->facts.mirrored = is_mirrored(graph) &&
	    !nnv_strategy_lists(fig->style);
	nnv_quantities_find(fig);
	return nnv_graph_params(graph, &fig->facts.params) && find_fresh(fig) &&
	    nnv_tops_count(fig);
}
