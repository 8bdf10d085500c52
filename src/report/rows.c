/* One row a node: what it is, what it gives, what it costs. */
#include "rows.h"

#include <stdio.h>

enum { SPEC_DEPTH = 8, OUTPUTS_SHOWN = 3 };

const struct nnv_column nnv_node_columns[NNV_NCOLUMNS] = {
	[NNV_COL_NAME] = { "name", "name", false, false },
	[NNV_COL_TYPE] = { "type", "type", false, false },
	[NNV_COL_HYPER] = { "hyper-parameters", "hyper_parameters", false,
	    false },
	[NNV_COL_OUTPUT] = { "output", "output_shape", false, false },
	[NNV_COL_DTYPE] = { "dtype", "dtype", false, false },
	[NNV_COL_PARAMETERS] = { "parameters", "parameters", true, false },
	[NNV_COL_PARAMETERS_SHARE] = { "share", "parameters_share", true,
	    false },
	[NNV_COL_BUFFERS] = { "buffers", "buffers", true, true },
	[NNV_COL_MACS] = { "MACs", "macs", true, false },
	[NNV_COL_MACS_SHARE] = { "share", "macs_share", true, false },
	[NNV_COL_BACKWARD] = { "backward MACs", "backward_macs", true, false },
	[NNV_COL_ELEMENTWISE] = { "elementwise", "elementwise", true, true },
	[NNV_COL_BYTES] = { "output bytes", "output_bytes", true, false },
	[NNV_COL_TIME] = { "time ns", "time", true, false },
};

static void
put_dtype(const struct nnv_graph *graph, nnv_name type, struct nnv_text *out)
{
	static const struct nnv_str torch = NNV_STR_INIT("torch.");
	struct nnv_str dtype = nnv_graph_text(graph, type);

	if (nnv_str_starts(dtype, torch))
		dtype = (struct nnv_str){ dtype.p + torch.n,
			dtype.n - torch.n };
	if (dtype.n > 0)
		nnv_text_add(out, dtype);
}

static void
put_shape(const struct nnv_spec *spec, struct nnv_text *out)
{
	if (spec->n == 0)
		nnv_text_adds(out, "scalar");
	for (uint32_t i = 0; i < spec->n; i++) {
		if (i > 0)
			nnv_text_adds(out, "\xc3\x97");
		nnv_text_addi(out, spec->shape[i]);
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
		put_shape(spec, out);
	} else if (spec->kind == NNV_SPEC_BUILTIN) {
		nnv_text_add(out, nnv_graph_text(graph, spec->type));
	} else if (depth == 0) {
		nnv_text_adds(out, "...");
	} else {
		nnv_text_addc(out, '(');
		for (uint32_t i = 0; i < spec->n; i++) {
			if (i > 0)
				nnv_text_adds(out, ", ");
			if (i == OUTPUTS_SHOWN) {
				nnv_text_adds(out, "...");
				break;
			}
			put_spec(graph, spec->elements[i], depth - 1, out);
		}
		nnv_text_addc(out, ')');
	}
}

/* The tensors that leave a node, or that enter an output: each once. */
struct flow {
	const struct nnv_graph *graph;
	const uint32_t *edges;
	uint32_t n;
};

static bool
is_first_use(const struct flow *flow, uint32_t at)
{
	uint32_t tensor = flow->graph->edges[flow->edges[at]].tensor;

	/* what leaves a node in more than a few tensors is cut anyway */
	for (uint32_t i = 0; i < at && i < 64; i++)
		if (flow->graph->edges[flow->edges[i]].tensor == tensor)
			return false;
	return true;
}

static void
put_flow(const struct flow *flow, struct nnv_text *shapes,
    struct nnv_text *dtypes)
{
	nnv_name last = NNV_NO_NAME;
	uint32_t shown = 0;

	for (uint32_t i = 0; i < flow->n; i++) {
		const struct nnv_spec *spec;

		if (!is_first_use(flow, i))
			continue;
		if (shown == OUTPUTS_SHOWN) {
			nnv_text_adds(shapes, ", ...");
			break;
		}
		spec = flow->graph
			   ->tensors[flow->graph->edges[flow->edges[i]].tensor]
			   .spec;
		if (shown++ > 0)
			nnv_text_adds(shapes, ", ");
		put_spec(flow->graph, spec, SPEC_DEPTH, shapes);
		if (spec == NULL || spec->kind != NNV_SPEC_TENSOR ||
		    spec->type == last)
			continue;
		if (last != NNV_NO_NAME)
			nnv_text_adds(dtypes, ", ");
		last = spec->type;
		put_dtype(flow->graph, last, dtypes);
	}
}

static struct flow
flow_of(const struct nnv_graph *graph, const struct nnv_links *links,
    uint32_t node)
{
	bool sink = graph->nodes[node].kind == NNV_NODE_OUTPUT;
	const uint32_t *start = sink ? links->in_start : links->out_start;
	const uint32_t *edges = sink ? links->in : links->out;

	return (struct flow){ graph, edges + start[node],
		start[node + 1] - start[node] };
}

static const char *
kind_name(const struct nnv_node *node)
{
	switch (node->kind) {
	case NNV_NODE_INPUT:
		return "Input";
	case NNV_NODE_OUTPUT:
		return "Output";
	case NNV_NODE_EXTERNAL:
		return "external";
	default:
		return NULL;
	}
}

/* Into a cell, and out of the scratch text. */
static void
move_text(struct nnv_grid *grid, struct nnv_cell *cell, struct nnv_text *text)
{
	grid->failed |= nnv_text_failed(text);
	if (text->n > 0)
		nnv_cell_text(grid, cell, nnv_text_str(text));
	nnv_text_clear(text);
}

void
nnv_row_describe(struct nnv_grid *grid, struct nnv_cell *row,
    const struct nnv_graph *graph, const struct nnv_links *links, uint32_t node)
{
	const struct nnv_node *of = &graph->nodes[node];
	struct nnv_text text = NNV_TEXT_EMPTY, dtypes = NNV_TEXT_EMPTY;
	struct flow flow = flow_of(graph, links, node);

	nnv_node_path(graph, of, &text);
	if (of->ncalls > 1)
		nnv_text_addf(&text, " (call %lu of %lu)",
		    (unsigned long)of->call, (unsigned long)of->ncalls);
	move_text(grid, &row[NNV_COL_NAME], &text);
	if (kind_name(of) != NULL)
		nnv_text_adds(&text, kind_name(of));
	else if (of->op != NNV_NO_NAME)
		nnv_text_add(&text, nnv_graph_text(graph, of->op));
	move_text(grid, &row[NNV_COL_TYPE], &text);
	nnv_node_hypers(graph, of, &text);
	move_text(grid, &row[NNV_COL_HYPER], &text);
	put_flow(&flow, &text, &dtypes);
	move_text(grid, &row[NNV_COL_OUTPUT], &text);
	move_text(grid, &row[NNV_COL_DTYPE], &dtypes);
	nnv_text_release(&text);
	nnv_text_release(&dtypes);
}

void
nnv_row_count(struct nnv_cell *row, const struct nnv_row_cost *cost,
    const struct nnv_totals *totals)
{
	struct nnv_sum parameters = totals->trainable;

	nnv_sum_add(&parameters, totals->frozen.known);
	nnv_cell_count(&row[NNV_COL_PARAMETERS], cost->parameters);
	nnv_cell_share(&row[NNV_COL_PARAMETERS_SHARE], cost->parameters,
	    parameters.at_least || totals->frozen.at_least ? NNV_UNKNOWN
							   : parameters.known);
	nnv_cell_count(&row[NNV_COL_BUFFERS], cost->buffers);
	nnv_cell_count(&row[NNV_COL_MACS], cost->macs);
	nnv_cell_share(&row[NNV_COL_MACS_SHARE], cost->macs,
	    totals->macs.at_least ? NNV_UNKNOWN : totals->macs.known);
	nnv_cell_count(&row[NNV_COL_ELEMENTWISE], cost->elementwise);
	nnv_cell_bytes(&row[NNV_COL_BYTES], cost->bytes);
	if (cost->has_backward)
		nnv_cell_count(&row[NNV_COL_BACKWARD], cost->backward);
	if (cost->time != NNV_UNKNOWN)
		nnv_cell_count(&row[NNV_COL_TIME],
		    (struct nnv_sum){ cost->time, false });
}

void
nnv_row_total(struct nnv_grid *grid, const struct nnv_totals *totals,
    const struct nnv_row_cost *all)
{
	struct nnv_cell *row = nnv_grid_row(grid);
	struct nnv_row_cost cost = { .parameters = totals->trainable,
		.buffers = totals->buffers,
		.macs = totals->macs,
		.elementwise = totals->elementwise,
		.bytes = totals->output_bytes,
		.time = NNV_UNKNOWN };

	if (row == NULL)
		return;
	nnv_sum_add(&cost.parameters, totals->frozen.known);
	cost.parameters.at_least |= totals->frozen.at_least;
	nnv_row_cost_join(&cost, all);
	nnv_cell_text(grid, &row[NNV_COL_NAME], NNV_STR("total"));
	nnv_row_count(row, &cost, totals);
	row[NNV_COL_PARAMETERS_SHARE].kind = NNV_CELL_EMPTY;
	row[NNV_COL_MACS_SHARE].kind = NNV_CELL_EMPTY;
	grid->nfoot = 1;
	nnv_grid_omit_empty(grid, NNV_COL_BACKWARD);
	nnv_grid_omit_empty(grid, NNV_COL_TIME);
}

static void
add_row(struct nnv_grid *grid, const struct nnv_graph *graph,
    const struct nnv_links *links, uint32_t node,
    const struct nnv_row_cost *cost, const struct nnv_totals *totals)
{
	struct nnv_cell *row = nnv_grid_row(grid);

	if (row == NULL)
		return;
	nnv_row_describe(grid, row, graph, links, node);
	if (kind_name(&graph->nodes[node]) == NULL)
		nnv_row_count(row, cost, totals);
}

void
nnv_rows_of_nodes(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_links links;
	struct nnv_totals totals;
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));
	struct nnv_row_cost *costs = nnv_row_costs(grid, graph);

	if (order == NULL || costs == NULL ||
	    !nnv_graph_totals(graph, &totals) ||
	    nnv_graph_order(graph, order) == NNV_NONE ||
	    !nnv_links_init(&links, graph)) {
		grid->failed = true;
		nnv_heap_free(order);
		return;
	}
	for (uint32_t i = 0; i < graph->nnodes; i++)
		add_row(grid, graph, &links, order[i], &costs[order[i]],
		    &totals);
	nnv_row_total(grid, &totals, &costs[graph->nnodes]);
	nnv_links_release(&links);
	nnv_heap_free(order);
}
