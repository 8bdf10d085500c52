/* What each row gives: the tensors that leave a node, or that enter an output,
 * each once; those that go on before those that nothing here takes. */
#include "flow.h"

enum { SPEC_DEPTH = 8, SHOWN = 3 };

/* Whether tensor T is listed in this ROUND: used by something, or not. */
static bool
is_listed(const struct nnv_flows *flows, uint32_t t, const bool *used,
    int round)
{
	return flows->leaves[t] && used[t] == (round == 0);
}

static void
list_tensors(struct nnv_flows *flows, const bool *used)
{
	const struct nnv_graph *graph = flows->graph;

	for (uint32_t t = 0; t < graph->ntensors; t++)
		if (flows->leaves[t])
			flows->start[graph->tensors[t].producer + 2]++;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		flows->start[v + 2] += flows->start[v + 1];
	for (int round = 0; round < 2; round++)
		for (uint32_t t = 0; t < graph->ntensors; t++)
			if (is_listed(flows, t, used, round)) {
				uint32_t v = graph->tensors[t].producer;

				flows->tensors[flows->start[v + 1]++] = t;
			}
}

bool
nnv_flows_init(struct nnv_flows *flows, const struct nnv_graph *graph)
{
	size_t n = graph->ntensors + (size_t)1;
	bool *used = nnv_heap_alloc(n, sizeof(*used));
	bool ok;

	*flows = (struct nnv_flows){ .graph = graph,
		.leaves = nnv_heap_alloc(n, sizeof(*flows->leaves)),
		.start = nnv_heap_alloc(graph->nnodes + (size_t)3,
		    sizeof(*flows->start)),
		.tensors = nnv_heap_alloc(n, sizeof(*flows->tensors)) };
	ok = nnv_links_init(&flows->links, graph) && used != NULL &&
	    flows->leaves != NULL && flows->start != NULL &&
	    flows->tensors != NULL &&
	    nnv_graph_mark_outputs(graph, flows->leaves);
	for (uint32_t e = 0; ok && e < graph->nedges; e++)
		used[graph->edges[e].tensor] = true;
	if (ok)
		list_tensors(flows, used);
	nnv_heap_free(used);
	return ok;
}

void
nnv_flows_release(struct nnv_flows *flows)
{
	nnv_links_release(&flows->links);
	nnv_heap_free(flows->leaves);
	nnv_heap_free(flows->start);
	nnv_heap_free(flows->tensors);
}

static void
put_dtype(const struct nnv_graph *graph, nnv_name type, struct nnv_text *out)
{
	nnv_text_add(out, nnv_dtype_short(nnv_graph_text(graph, type)));
}

static void
put_shape(const int64_t *shape, uint32_t n, struct nnv_text *out)
{
	if (n == 0)
		nnv_text_adds(out, "scalar");
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			nnv_text_adds(out, "\xc3\x97");
		nnv_text_addi(out, shape[i]);
	}
}

/* "2×64×56×56", "(2×3, int)"; deep nesting is dots. */
static void
put_spec(const struct nnv_graph *graph, const struct nnv_spec *spec, int depth,
    struct nnv_text *out)
{
	if (spec == NULL || spec->kind == NNV_SPEC_UNKNOWN) {
		nnv_text_addc(out, '?');
	} else if (spec->kind == NNV_SPEC_TENSOR) {
		put_shape(spec->shape, spec->n, out);
		if (spec->last != NULL) {
			nnv_text_adds(out, " \xe2\x80\xa6 ");
			put_shape(spec->last, spec->n, out);
		}
	} else if (spec->kind == NNV_SPEC_BUILTIN) {
		nnv_text_add(out, nnv_graph_text(graph, spec->type));
	} else if (depth == 0) {
		nnv_text_adds(out, "...");
	} else {
		nnv_text_addc(out, '(');
		for (uint32_t i = 0; i < spec->n; i++) {
			if (i > 0)
				nnv_text_adds(out, ", ");
			if (i == SHOWN) {
				nnv_text_adds(out, "...");
				break;
			}
			put_spec(graph, spec->elements[i], depth - 1, out);
		}
		nnv_text_addc(out, ')');
	}
}

/* One row's cells, as they are filled. */
struct put {
	const struct nnv_graph *graph;
	struct nnv_text *shapes, *dtypes;
	nnv_name seen[SHOWN]; /* dtypes */
	uint32_t nseen, n;
};

static void
put_tensor(struct put *put, uint32_t tensor)
{
	const struct nnv_spec *spec = put->graph->tensors[tensor].spec;

	if (put->n > SHOWN)
		return;
	if (put->n > 0)
		nnv_text_adds(put->shapes, ", ");
	if (put->n++ == SHOWN) {
		nnv_text_adds(put->shapes, "...");
		return;
	}
	put_spec(put->graph, spec, SPEC_DEPTH, put->shapes);
	if (spec == NULL || spec->kind != NNV_SPEC_TENSOR)
		return;
	for (uint32_t i = 0; i < put->nseen; i++)
		if (put->seen[i] == spec->type)
			return;
	if (put->nseen > 0)
		nnv_text_adds(put->dtypes, ", ");
	put->seen[put->nseen++] = spec->type;
	put_dtype(put->graph, spec->type, put->dtypes);
}

void
nnv_flow_put(const struct nnv_flows *flows, uint32_t node,
    struct nnv_text *shapes, struct nnv_text *dtypes)
{
	struct put put = {
		.graph = flows->graph, .shapes = shapes, .dtypes = dtypes
	};
	const struct nnv_links *links = &flows->links;

	if (flows->graph->nodes[node].kind != NNV_NODE_OUTPUT)
		for (uint32_t i = flows->start[node];
		     i < flows->start[node + 1]; i++)
			put_tensor(&put, flows->tensors[i]);
	else
		for (uint32_t i = links->in_start[node];
		     i < links->in_start[node + 1]; i++)
			put_tensor(&put,
			    flows->graph->edges[links->in[i]].tensor);
}
