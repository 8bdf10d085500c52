/*
 * The table of values: what was recorded of the tensors that are drawn. NaN and
 * infinities are counted, and no part of minimum, maximum and mean.
 */
#include "rows.h"

enum {
	COL_NAME,
	COL_TENSOR,
	COL_COUNT,
	COL_MIN,
	COL_MAX,
	COL_MEAN,
	COL_NANS,
	COL_INFINITIES
};

const struct nnv_column nnv_value_columns[NNV_NVALUE_COLUMNS] = {
	[COL_NAME] = { "made by", "name", false, false },
	[COL_TENSOR] = { "tensor", "tensor", false, false },
	[COL_COUNT] = { "elements", "count", true, false },
	[COL_MIN] = { "minimum", "min", true, false },
	[COL_MAX] = { "maximum", "max", true, false },
	[COL_MEAN] = { "mean", "mean", true, false },
	[COL_NANS] = { "NaN", "nans", true, false },
	[COL_INFINITIES] = { "inf", "infinities", true, false },
};

static void
put_count(struct nnv_cell *cell, int64_t count)
{
	struct nnv_sum sum = { 0, false };

	nnv_sum_add(&sum, count);
	nnv_cell_count(cell, sum);
}

static void
put_real(struct nnv_grid *grid, struct nnv_cell *cell, double value,
    struct nnv_text *text)
{
	nnv_text_clear(text);
	nnv_text_addf(text, "%.6g", value);
	nnv_cell_text(grid, cell, nnv_text_str(text));
	cell->kind = NNV_CELL_REAL;
}

static void
add_row(struct nnv_grid *grid, const struct nnv_graph *graph,
    const struct nnv_tensor *tensor, struct nnv_text *text)
{
	const struct nnv_values *values = tensor->values;
	struct nnv_cell *row = nnv_grid_row(grid);

	if (row == NULL)
		return;
	nnv_text_clear(text);
	nnv_text_adds(text, "");
	if (tensor->producer != NNV_NONE)
		nnv_node_path(graph, &graph->nodes[tensor->producer], text);
	nnv_cell_text(grid, &row[COL_NAME], nnv_text_str(text));
	nnv_cell_text(grid, &row[COL_TENSOR],
	    nnv_graph_text(graph,
		tensor->name != NNV_NO_NAME ? tensor->name : tensor->key));
	put_count(&row[COL_COUNT], values->count);
	put_count(&row[COL_NANS], values->nans);
	put_count(&row[COL_INFINITIES], values->infinities);
	if (values->count == values->nans + values->infinities)
		return;
	put_real(grid, &row[COL_MIN], values->min, text);
	put_real(grid, &row[COL_MAX], values->max, text);
	put_real(grid, &row[COL_MEAN], values->mean, text);
}

bool
nnv_has_values(const struct nnv_graph *graph)
{
	for (uint32_t t = 0; t < graph->ntensors; t++)
		if (graph->tensors[t].values != NULL)
			return true;
	return false;
}

void
nnv_rows_of_values(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	for (uint32_t t = 0; t < graph->ntensors && !grid->failed; t++)
		if (graph->tensors[t].values != NULL)
			add_row(grid, graph, &graph->tensors[t], &text);
	nnv_text_adds(&grid->notes,
	    "NaN and infinities are no part of "
	    "minimum, maximum and mean\n");
	grid->failed |= nnv_text_failed(&text);
	nnv_text_release(&text);
}
