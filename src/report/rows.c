/* One row a node: what it is, what it gives, what it costs. */
#include "rows.h"

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
	[NNV_COL_ELEMENTS] = { "output elements", "output_elements", true,
	    true },
	[NNV_COL_BYTES] = { "output bytes", "output_bytes", true, false },
	[NNV_COL_ACTIVATIONS] = { "activations", "activation_bytes", true,
	    false },
	[NNV_COL_TIME] = { "time ns", "time", true, false },
};

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
nnv_put_repeat(struct nnv_text *out, uint32_t repeat, bool calls)
{
	if (repeat > 1)
		nnv_text_addf(out, " \xc3\x97%lu%s", (unsigned long)repeat,
		    calls ? " calls" : "");
}

/* " (call 1 of 3)": which call of its module; where modules around it are
 * called several times, " (in call 2 of 3)", from the inside out. */
static void
put_calls(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out)
{
	const char *before = " (";

	if (node->ncalls > 1 && node->call > 0) {
		nnv_text_addf(out, " (call %lu of %lu",
		    (unsigned long)node->call, (unsigned long)node->ncalls);
		before = ", ";
	}
	for (uint32_t m = node->module; m != 0 && m != NNV_NONE;
	     m = graph->modules[m].parent) {
		const struct nnv_module *module = &graph->modules[m];

		if (module->ncalls <= 1 || module->call == 0)
			continue;
		nnv_text_addf(out, "%sin call %lu of %lu", before,
		    (unsigned long)module->call, (unsigned long)module->ncalls);
		before = ", ";
	}
	if (before[0] == ',')
		nnv_text_addc(out, ')');
}

void
nnv_row_describe(struct nnv_grid *grid, struct nnv_cell *row,
    const struct nnv_flows *flows, uint32_t node)
{
	const struct nnv_graph *graph = flows->graph;
	const struct nnv_node *of = &graph->nodes[node];
	struct nnv_text text = NNV_TEXT_EMPTY, dtypes = NNV_TEXT_EMPTY;

	nnv_node_path(graph, of, &text);
	nnv_put_repeat(&text, of->repeat, of->ncalls > 1 && of->call == 0);
	put_calls(graph, of, &text);
	move_text(grid, &row[NNV_COL_NAME], &text);
	if (kind_name(of) != NULL)
		nnv_text_adds(&text, kind_name(of));
	else if (of->op != NNV_NO_NAME)
		nnv_text_add(&text, nnv_graph_text(graph, of->op));
	move_text(grid, &row[NNV_COL_TYPE], &text);
	nnv_node_hypers(graph, of, &text);
	move_text(grid, &row[NNV_COL_HYPER], &text);
	nnv_flow_put(flows, node, &text, &dtypes);
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
	if (cost->has_parameters) {
		nnv_cell_count(&row[NNV_COL_PARAMETERS], cost->parameters);
		nnv_cell_share(&row[NNV_COL_PARAMETERS_SHARE], cost->fresh,
		    parameters.at_least || totals->frozen.at_least
			? NNV_UNKNOWN
			: parameters.known);
		row[NNV_COL_PARAMETERS_SHARE].again = cost->parameters.known >
			0 &&
		    cost->fresh.known == 0;
		nnv_cell_count(&row[NNV_COL_BUFFERS], cost->buffers);
	}
	nnv_cell_count(&row[NNV_COL_MACS], cost->macs);
	nnv_cell_share(&row[NNV_COL_MACS_SHARE], cost->macs,
	    totals->macs.at_least ? NNV_UNKNOWN : totals->macs.known);
	nnv_cell_count(&row[NNV_COL_ELEMENTWISE], cost->elementwise);
	nnv_cell_count(&row[NNV_COL_ELEMENTS], cost->elements);
	nnv_cell_bytes(&row[NNV_COL_BYTES], cost->bytes);
	nnv_cell_bytes(&row[NNV_COL_ACTIVATIONS], cost->activations);
	if (cost->has_backward)
		nnv_cell_count(&row[NNV_COL_BACKWARD], cost->backward);
	if (cost->time != NNV_UNKNOWN)
		nnv_cell_count(&row[NNV_COL_TIME],
		    (struct nnv_sum){ cost->time, false });
}

/* Whether every row's activations are its outputs, which nobody reads twice. */
static bool
is_flat(const struct nnv_grid *grid)
{
	for (size_t r = 0; r + grid->nfoot < grid->nrows; r++) {
		const struct nnv_cell *row = &grid->cells[r * grid->ncolumns];
		const struct nnv_cell *bytes = &row[NNV_COL_BYTES];
		const struct nnv_cell *inside = &row[NNV_COL_ACTIVATIONS];

		if (bytes->sum.known != inside->sum.known ||
		    bytes->sum.at_least != inside->sum.at_least)
			return false;
	}
	return true;
}

/* Columns of which nothing is known, and for people those that say nothing. */
static void
omit_columns(struct nnv_grid *grid)
{
	static const size_t seldom[] = { NNV_COL_BACKWARD, NNV_COL_TIME };
	static const size_t dull[] = { NNV_COL_HYPER, NNV_COL_OUTPUT,
		NNV_COL_DTYPE, NNV_COL_PARAMETERS, NNV_COL_PARAMETERS_SHARE };

	for (size_t i = 0; i < sizeof(seldom) / sizeof(*seldom); i++)
		if (nnv_grid_is_empty(grid, seldom[i]))
			grid->omitted |= 1u << seldom[i];
	for (size_t i = 0; i < sizeof(dull) / sizeof(*dull); i++)
		if (nnv_grid_is_empty(grid, dull[i]))
			grid->spared |= 1u << dull[i];
	if (is_flat(grid))
		grid->spared |= 1u << NNV_COL_ACTIVATIONS;
}

void
nnv_row_total(struct nnv_grid *grid, const struct nnv_totals *totals,
    const struct nnv_row_cost *all)
{
	struct nnv_cell *row = nnv_grid_row(grid);
	struct nnv_row_cost cost = *all;

	if (row == NULL)
		return;
	cost.parameters = totals->trainable;
	nnv_sum_add(&cost.parameters, totals->frozen.known);
	cost.parameters.at_least |= totals->frozen.at_least;
	cost.buffers = totals->buffers;
	cost.elements = totals->output_elements;
	cost.bytes = totals->output_bytes;
	nnv_cell_text(grid, &row[NNV_COL_NAME], NNV_STR("total"));
	nnv_row_count(row, &cost, totals);
	row[NNV_COL_PARAMETERS_SHARE].kind = NNV_CELL_EMPTY;
	row[NNV_COL_MACS_SHARE].kind = NNV_CELL_EMPTY;
	grid->nfoot = 1;
	omit_columns(grid);
}

static void
add_row(struct nnv_grid *grid, const struct nnv_flows *flows, uint32_t node,
    const struct nnv_row_cost *cost, const struct nnv_totals *totals)
{
	struct nnv_cell *row = nnv_grid_row(grid);

	if (row == NULL)
		return;
	nnv_row_describe(grid, row, flows, node);
	if (kind_name(&flows->graph->nodes[node]) == NULL)
		nnv_row_count(row, cost, totals);
}

void
nnv_rows_of_nodes(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_flows flows;
	struct nnv_totals totals;
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));
	const struct nnv_row_cost *costs = NULL;
	bool ok = nnv_flows_init(&flows, graph) && order != NULL &&
	    nnv_graph_order(graph, order) != NNV_NONE &&
	    (costs = nnv_row_costs(grid, graph, order)) != NULL &&
	    nnv_graph_totals(graph, &totals);

	for (uint32_t i = 0; ok && i < graph->nnodes; i++)
		add_row(grid, &flows, order[i], &costs[order[i]], &totals);
	if (ok)
		nnv_row_total(grid, &totals, &costs[graph->nnodes]);
	grid->failed |= !ok;
	nnv_flows_release(&flows);
	nnv_heap_free(order);
}
