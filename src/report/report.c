/* The formats, one row each: what is listed, and how it is written. */
#include "nnviz/report.h"

#include "rows.h"

struct row {
	struct nnv_report_format format;
	void (*list)(struct nnv_grid *grid, const struct nnv_graph *graph);
	void (*put)(const struct nnv_grid *grid, struct nnv_text *out);
	bool tree; /* of modules, whatever else a table may be of */
};

static const struct row rows[] = {
	{ { "table", "a row a node, aligned for a terminal", true },
	    nnv_rows_of_nodes, nnv_grid_put_table, false },
	{ { "tree", "the tree of modules, and what each costs", true },
	    nnv_rows_of_tree, nnv_grid_put_table, true },
	{ { "txt", "the same as table, in a file", false }, nnv_rows_of_nodes,
	    nnv_grid_put_table, false },
	{ { "md", "a row a node, in Markdown", false }, nnv_rows_of_nodes,
	    nnv_grid_put_markdown, false },
	{ { "csv", "a row a node, for a spreadsheet", false },
	    nnv_rows_of_nodes, nnv_grid_put_csv, false },
};

enum { NROWS = sizeof(rows) / sizeof(*rows) };

/* What rows are sorted by: columns by the names that people type. */
static const struct {
	const char *name;
	size_t column;
} keys[] = {
	{ "name", NNV_COL_NAME },
	{ "type", NNV_COL_TYPE },
	{ "parameters", NNV_COL_PARAMETERS },
	{ "macs", NNV_COL_MACS },
	{ "elementwise", NNV_COL_ELEMENTWISE },
	{ "output", NNV_COL_BYTES },
	{ "bytes", NNV_COL_ACTIVATIONS },
	{ "time", NNV_COL_TIME },
};

enum { NKEYS = sizeof(keys) / sizeof(*keys) };

const struct nnv_report_format *
nnv_report_format(size_t i)
{
	return i < NROWS ? &rows[i].format : NULL;
}

static const struct row *
find_row(struct nnv_str name)
{
	for (size_t i = 0; i < NROWS; i++)
		if (nnv_str_same(name, nnv_str(rows[i].format.name)))
			return &rows[i];
	return NULL;
}

const struct nnv_report_format *
nnv_report_named(struct nnv_str name)
{
	const struct row *row = find_row(name);

	return row != NULL ? &row->format : NULL;
}

const char *
nnv_report_key(size_t i)
{
	return i < NKEYS ? keys[i].name : NULL;
}

/* The tables are of kernels or values where the graph still has any. */
static bool
lists_other(const struct row *row, const struct nnv_graph *graph)
{
	return !row->tree && (graph->nkernels > 0 || nnv_has_values(graph));
}

/* Sort, if there is anything to sort by. */
static void
sort_rows(struct nnv_grid *grid, size_t column, struct nnv_diag *diag)
{
	if (nnv_grid_is_empty(grid, column))
		nnv_warn(diag, "sort", "rows are not sorted: none has a %s%s",
		    grid->columns[column].key,
		    strcmp(grid->columns[column].key, "time") == 0
			? ": see --profile"
			: "");
	else
		nnv_grid_sort(grid, column);
}

/* Sort by a column's own key. */
static bool
sort_column(struct nnv_grid *grid, struct nnv_str key, struct nnv_diag *diag)
{
	for (size_t i = 0; i < grid->ncolumns; i++)
		if (nnv_str_eq(key, nnv_str(grid->columns[i].key))) {
			sort_rows(grid, i, diag);
			return true;
		}
	return nnv_fail(diag, NNV_E_USAGE,
	    "no column \"%.*s\" to sort by in "
	    "this table",
	    (int)key.n, key.p);
}

static bool
sort(struct nnv_grid *grid, struct nnv_str key, struct nnv_diag *diag)
{
	for (size_t i = 0; i < NKEYS; i++)
		if (nnv_str_eq(key, nnv_str(keys[i].name))) {
			sort_rows(grid, keys[i].column, diag);
			return true;
		}
	return nnv_fail(diag, NNV_E_USAGE, "cannot sort by \"%.*s\"",
	    (int)key.n, key.p);
}

/* Whether some share stands in a row before. */
static bool
has_again(const struct nnv_grid *grid, size_t at)
{
	for (size_t r = 0; r < grid->nrows; r++)
		if (grid->cells[r * grid->ncolumns + at].again)
			return true;
	return false;
}

/* How many parameters of each kind; shared ones are why rows may add up to
 * more. */
static void
note_parameters(struct nnv_text *out, const struct nnv_totals *t, bool shared)
{
	nnv_text_adds(out, "parameters: ");
	nnv_put_sum(out, t->trainable);
	nnv_text_adds(out, " trainable");
	if (t->frozen.known > 0 || t->frozen.at_least) {
		nnv_text_adds(out, ", ");
		nnv_put_sum(out, t->frozen);
		nnv_text_adds(out, " frozen");
	}
	nnv_text_adds(out, " (");
	nnv_put_bytes(out, t->parameter_bytes);
	nnv_text_adds(out, "), each counted once; elements of buffers: ");
	nnv_put_sum(out, t->buffers);
	if (shared)
		nnv_text_adds(out,
		    "\nshared: has its share in the first row that uses it");
	nnv_text_addc(out, '\n');
}

static void
note_arithmetic(struct nnv_text *out, const struct nnv_totals *t)
{
	struct nnv_sum flops = t->macs;

	nnv_sum_add(&flops, t->macs.known);
	nnv_sum_add(&flops, t->elementwise.known);
	flops.at_least |= t->elementwise.at_least;
	nnv_text_adds(out, "MACs: ");
	nnv_put_sum(out, t->macs);
	nnv_text_adds(out,
	    ", a multiplication and an addition each; "
	    "elementwise operations: ");
	nnv_put_sum(out, t->elementwise);
	nnv_text_adds(out, "\nFLOPs = 2 \xc3\x97 MACs + elementwise: ");
	nnv_put_sum(out, flops);
	nnv_text_addc(out, '\n');
}

/* What belongs to nodes that were hidden on request. */
static void
note_unseen(struct nnv_text *out, const struct nnv_graph *graph)
{
	const struct nnv_unseen *unseen = &graph->unseen;
	struct nnv_param_sum params = nnv_unseen_params(graph);
	struct nnv_sum parameters = { params.parameters, params.at_least };
	struct nnv_sum macs = { 0, false };

	nnv_sum_add(&macs, unseen->cost.macs);
	if (unseen->nparams == 0 && macs.known == 0 && !macs.at_least)
		return;
	nnv_text_adds(out, "hidden, in no row but in all sums: ");
	nnv_put_sum(out, parameters);
	nnv_text_adds(out, " parameters, ");
	nnv_put_sum(out, macs);
	nnv_text_adds(out, " MACs\n");
}

static bool
add_notes(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_totals totals;
	struct nnv_sum peak = { 0, false };

	if (!nnv_graph_totals(graph, &totals))
		return false;
	if (nnv_grid_shows(grid, NNV_COL_PARAMETERS, true))
		note_parameters(&grid->notes, &totals,
		    has_again(grid, NNV_COL_PARAMETERS_SHARE));
	note_arithmetic(&grid->notes, &totals);
	note_unseen(&grid->notes, graph);
	if (nnv_grid_shows(grid, NNV_COL_BACKWARD, true))
		nnv_text_adds(&grid->notes,
		    "backward MACs: of the row's gradients, which have "
		    "rows of their own\n");
	nnv_text_adds(&grid->notes, "output bytes: of what leaves a row");
	if (nnv_grid_shows(grid, NNV_COL_ACTIVATIONS, true))
		nnv_text_adds(&grid->notes,
		    "; activations: of all that leaves what is in it");
	nnv_text_adds(&grid->notes, "\nactivations in all: ");
	nnv_put_bytes(&grid->notes, totals.activation_bytes);
	nnv_text_adds(&grid->notes, "; alive at once, at most: ");
	nnv_sum_add(&peak, graph->peak_bytes);
	nnv_put_bytes(&grid->notes, peak);
	nnv_text_addc(&grid->notes, '\n');
	return !nnv_text_failed(&grid->notes);
}

/* Kernels where the graph has any, else values. */
static bool
fill_other(struct nnv_grid *grid, const struct nnv_graph *graph,
    struct nnv_str key, struct nnv_diag *diag)
{
	if (graph->nkernels > 0) {
		nnv_grid_init(grid, nnv_kernel_columns, NNV_NKERNEL_COLUMNS);
		nnv_rows_of_kernels(grid, graph);
	} else {
		nnv_grid_init(grid, nnv_value_columns, NNV_NVALUE_COLUMNS);
		nnv_rows_of_values(grid, graph);
	}
	return !grid->failed && (key.p == NULL || sort_column(grid, key, diag));
}

static bool
fill(struct nnv_grid *grid, const struct row *row,
    const struct nnv_graph *graph, struct nnv_str key, struct nnv_diag *diag)
{
	nnv_grid_init(grid, nnv_node_columns, NNV_NCOLUMNS);
	row->list(grid, graph);
	if (grid->failed || !add_notes(grid, graph) ||
	    (key.p != NULL && !sort(grid, key, diag)))
		return false;
	if (row->tree)
		nnv_grid_draw_tree(grid, NNV_COL_NAME);
	return true;
}

bool
nnv_report(const struct nnv_graph *graph, struct nnv_str format,
    struct nnv_str key, struct nnv_text *out, struct nnv_diag *diag)
{
	const struct row *row = find_row(format);
	struct nnv_grid grid;
	bool ok;

	if (row == NULL)
		return nnv_fail(diag, NNV_E_USAGE, "unknown format \"%.*s\"",
		    (int)format.n, format.p);
	ok = lists_other(row, graph) ? fill_other(&grid, graph, key, diag)
				     : fill(&grid, row, graph, key, diag);
	if (ok)
		row->put(&grid, out);
	ok = ok && !grid.failed && !nnv_text_failed(out);
	nnv_grid_release(&grid);
	if (!ok && diag->code == NNV_OK)
		nnv_fail_memory(diag);
	return ok;
}
