/* What a whole graph costs: sums that say when they are not all there is. */
#include "nnviz/graph.h"

enum { SPEC_DEPTH = 64 };

static const struct {
	const char *name;
	int64_t size;
} dtypes[] = {
	{ "bool", 1 },
	{ "int8", 1 },
	{ "uint8", 1 },
	{ "qint8", 1 },
	{ "quint8", 1 },
	{ "float8_e4m3fn", 1 },
	{ "float8_e5m2", 1 },
	{ "int16", 2 },
	{ "uint16", 2 },
	{ "float16", 2 },
	{ "bfloat16", 2 },
	{ "int32", 4 },
	{ "uint32", 4 },
	{ "float32", 4 },
	{ "int64", 8 },
	{ "uint64", 8 },
	{ "float64", 8 },
	{ "complex64", 8 },
	{ "complex128", 16 },
};

struct nnv_str
nnv_dtype_short(struct nnv_str dtype)
{
	static const struct nnv_str torch = NNV_STR_INIT("torch.");

	return nnv_str_starts(dtype, torch) ? nnv_str_from(dtype, torch.n)
					    : dtype;
}

int64_t
nnv_dtype_size(struct nnv_str dtype)
{
	dtype = nnv_dtype_short(dtype);
	for (size_t i = 0; i < sizeof(dtypes) / sizeof(*dtypes); i++)
		if (nnv_str_eq(dtype, nnv_str(dtypes[i].name)))
			return dtypes[i].size;
	return NNV_UNKNOWN;
}

static int64_t
tensor_bytes(const struct nnv_graph *graph, const struct nnv_spec *spec)
{
	int64_t count = nnv_spec_elements(spec);
	int64_t size = nnv_dtype_size(nnv_graph_text(graph, spec->type));

	return count == NNV_UNKNOWN || size == NNV_UNKNOWN ||
		count > INT64_MAX / size
	    ? NNV_UNKNOWN
	    : count * size;
}

/* Of all tensors the bytes; without a graph, which knows the names of dtypes,
 * the elements. */
static int64_t
spec_size(const struct nnv_graph *graph, const struct nnv_spec *spec, int depth)
{
	struct nnv_sum sum = { 0, false };

	if (spec == NULL || spec->kind == NNV_SPEC_UNKNOWN || depth == 0)
		return NNV_UNKNOWN;
	if (spec->kind == NNV_SPEC_BUILTIN)
		return 0;
	if (spec->kind == NNV_SPEC_TENSOR)
		return graph != NULL ? tensor_bytes(graph, spec)
				     : nnv_spec_elements(spec);
	for (uint32_t i = 0; i < spec->n; i++)
		nnv_sum_add(&sum,
		    spec_size(graph, spec->elements[i], depth - 1));
	return sum.at_least ? NNV_UNKNOWN : sum.known;
}

int64_t
nnv_spec_bytes(const struct nnv_graph *graph, const struct nnv_spec *spec)
{
	return spec_size(graph, spec, SPEC_DEPTH);
}

int64_t
nnv_spec_count(const struct nnv_spec *spec)
{
	return spec_size(NULL, spec, SPEC_DEPTH);
}

void
nnv_sum_add(struct nnv_sum *sum, int64_t count)
{
	if (count == NNV_UNKNOWN || count > INT64_MAX - sum->known)
		sum->at_least = true;
	else
		sum->known += count;
}

/* NNViz counts parameters, not buffers. */
bool
nnv_graph_tells_buffers(const struct nnv_graph *graph)
{
	return !nnv_str_eq(nnv_graph_text(graph, graph->origin),
	    NNV_STR("nnviz"));
}

static void
add_param(const struct nnv_graph *graph, const struct nnv_param *param,
    struct nnv_totals *totals)
{
	int64_t bytes = nnv_spec_bytes(graph, param->spec);

	switch (param->kind) {
	case NNV_PARAM_TRAINABLE:
		nnv_sum_add(&totals->trainable, param->count);
		break;
	case NNV_PARAM_FROZEN:
		nnv_sum_add(&totals->frozen, param->count);
		break;
	case NNV_PARAM_BUFFER:
		nnv_sum_add(&totals->buffers, param->count);
		return;
	}
	nnv_sum_add(&totals->parameter_bytes, bytes);
}

static void
add_cost(const struct nnv_cost *cost, struct nnv_totals *totals)
{
	nnv_sum_add(&totals->macs, cost->macs);
	nnv_sum_add(&totals->elementwise, cost->elementwise);
	nnv_sum_add(&totals->activation_bytes, cost->activation_bytes);
	if (cost->backward_macs == NNV_UNKNOWN)
		return;
	nnv_sum_add(&totals->backward_macs, cost->backward_macs);
	totals->has_backward = true;
}

/* What leaves the whole: what an output takes, and what nothing takes. */
static bool
add_outputs(const struct nnv_graph *graph, struct nnv_totals *totals)
{
	size_t n = graph->ntensors + (size_t)1;
	bool *leaves = nnv_heap_alloc(n, sizeof(*leaves));
	bool *stays = nnv_heap_alloc(n, sizeof(*stays));
	bool ok = leaves != NULL && stays != NULL &&
	    nnv_graph_mark_outputs(graph, leaves);

	for (uint32_t e = 0; ok && e < graph->nedges; e++)
		stays[graph->edges[e].tensor] = true;
	for (uint32_t e = 0; ok && e < graph->nedges; e++)
		if (graph->nodes[graph->edges[e].dst].kind == NNV_NODE_OUTPUT)
			stays[graph->edges[e].tensor] = false;
	for (uint32_t t = 0; ok && t < graph->ntensors; t++) {
		const struct nnv_spec *spec = graph->tensors[t].spec;

		if (!leaves[t] || stays[t])
			continue;
		nnv_sum_add(&totals->output_elements, nnv_spec_count(spec));
		nnv_sum_add(&totals->output_bytes, nnv_spec_bytes(graph, spec));
	}
	nnv_heap_free(leaves);
	nnv_heap_free(stays);
	return ok;
}

/* Each parameter of a list, unless it was SEEN. */
static void
add_params(const struct nnv_graph *graph, const uint32_t *params, uint32_t n,
    bool *seen, struct nnv_totals *totals)
{
	for (uint32_t i = 0; i < n; i++) {
		if (!seen[params[i]])
			add_param(graph, &graph->params[params[i]], totals);
		seen[params[i]] = true;
	}
}

bool
nnv_graph_totals(const struct nnv_graph *graph, struct nnv_totals *totals)
{
	bool *seen = nnv_heap_alloc(graph->nparams + (size_t)1, sizeof(*seen));
	bool ok;

	*totals = (struct nnv_totals){ .macs = { 0, false } };
	if (seen == NULL)
		return false;
	totals->buffers.at_least = !nnv_graph_tells_buffers(graph);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		add_params(graph, node->params, node->nparams, seen, totals);
		if (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP)
			add_cost(&node->cost, totals);
	}
	add_params(graph, graph->unseen.params, graph->unseen.nparams, seen,
	    totals);
	add_cost(&graph->unseen.cost, totals);
	ok = add_outputs(graph, totals);
	nnv_heap_free(seen);
	return ok;
}
