/*
 * The table of kernels: what ran as one, in the order of execution, what it
 * moved and computed, and how much arithmetic there is to a byte. Rows are the
 * kernels that something drawn was part of.
 */
#include "rows.h"

enum {
	COL_NUMBER,
	COL_OPS,
	COL_NOPS,
	COL_MODULES,
	COL_INPUTS,
	COL_OUTPUTS,
	COL_READ,
	COL_WRITTEN,
	COL_MACS,
	COL_ELEMENTWISE,
	COL_INTENSITY,
	COL_TIME,
	COL_BACKEND,
	COL_FILE
};

const struct nnv_column nnv_kernel_columns[NNV_NKERNEL_COLUMNS] = {
	[COL_NUMBER] = { "kernel", "kernel", true, false },
	[COL_OPS] = { "ops", "ops", false, false },
	[COL_NOPS] = { "count", "n_ops", true, false },
	[COL_MODULES] = { "modules", "modules", false, false },
	[COL_INPUTS] = { "in", "inputs", true, false },
	[COL_OUTPUTS] = { "out", "outputs", true, false },
	[COL_READ] = { "read", "read_bytes", true, false },
	[COL_WRITTEN] = { "written", "written_bytes", true, false },
	[COL_MACS] = { "MACs", "macs", true, false },
	[COL_ELEMENTWISE] = { "elementwise", "elementwise", true, false },
	[COL_INTENSITY] = { "FLOPs/byte", "flops_per_byte", true, false },
	[COL_TIME] = { "time ns", "time", true, false },
	[COL_BACKEND] = { "back end", "backend", false, false },
	[COL_FILE] = { "source", "file", false, true },
};

enum { MODULES_SHOWN = 3 };

static struct nnv_sum
sum_of(int64_t value)
{
	struct nnv_sum sum = { 0, false };

	nnv_sum_add(&sum, value);
	return sum;
}

/* Drawn nodes by kernel: those of kernel k are
 * node[start[k]] .. node[start[k + 1] - 1]. */
struct users {
	uint32_t *start, *node;
};

static bool
find_users(struct users *users, const struct nnv_graph *graph,
    struct nnv_arena *arena)
{
	size_t n = 0;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		n += graph->nodes[v].nkernels;
	users->start = NNV_NEW_ARRAY(arena, graph->nkernels + (size_t)3,
	    uint32_t);
	users->node = NNV_NEW_ARRAY(arena, n + 1, uint32_t);
	if (users->start == NULL || users->node == NULL)
		return false;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		for (uint32_t i = 0; i < graph->nodes[v].nkernels; i++)
			users->start[graph->nodes[v].kernels[i] + 2]++;
	for (uint32_t k = 0; k < graph->nkernels; k++)
		users->start[k + 2] += users->start[k + 1];
	for (uint32_t v = 0; v < graph->nnodes; v++)
		for (uint32_t i = 0; i < graph->nodes[v].nkernels; i++) {
			uint32_t k = graph->nodes[v].kernels[i];

			users->node[users->start[k + 1]++] = v;
		}
	return true;
}

/* "conv1, bn1, layer1.0 and 4 more" */
static void
name_modules(const struct users *users, const struct nnv_graph *graph,
    uint32_t k, struct nnv_text *text)
{
	uint32_t n = users->start[k + 1] - users->start[k];

	nnv_text_clear(text);
	for (uint32_t i = 0; i < n && i < MODULES_SHOWN; i++) {
		nnv_text_adds(text, i > 0 ? ", " : "");
		nnv_node_path(graph,
		    &graph->nodes[users->node[users->start[k] + i]], text);
	}
	if (n > MODULES_SHOWN)
		nnv_text_addf(text, " and %u more", n - MODULES_SHOWN);
}

/* Arithmetic for each byte that is moved, in hundredths of a FLOP. */
static void
write_intensity(const struct nnv_kernel *kernel, struct nnv_text *text)
{
	double bytes = (double)kernel->read + (double)kernel->written;
	double flops = 2 * (double)kernel->macs + (double)kernel->elementwise;

	nnv_text_clear(text);
	if (kernel->read == NNV_UNKNOWN || kernel->written == NNV_UNKNOWN ||
	    kernel->macs == NNV_UNKNOWN || kernel->elementwise == NNV_UNKNOWN)
		nnv_text_adds(text, "?");
	else if (bytes > 0)
		nnv_text_addf(text, "%.2f", flops / bytes);
}

static void
add_row(struct nnv_grid *grid, const struct nnv_graph *graph, uint32_t k,
    const struct users *users, struct nnv_text *text)
{
	const struct nnv_kernel *kernel = &graph->kernels[k];
	struct nnv_cell *row = nnv_grid_row(grid);

	if (row == NULL)
		return;
	nnv_cell_count(&row[COL_NUMBER], sum_of((int64_t)k + 1));
	nnv_cell_text(grid, &row[COL_OPS], nnv_graph_text(graph, kernel->ops));
	nnv_cell_count(&row[COL_NOPS], sum_of(kernel->nops));
	name_modules(users, graph, k, text);
	nnv_cell_text(grid, &row[COL_MODULES], nnv_text_str(text));
	nnv_cell_count(&row[COL_INPUTS], sum_of(kernel->ninputs));
	nnv_cell_count(&row[COL_OUTPUTS], sum_of(kernel->noutputs));
	nnv_cell_bytes(&row[COL_READ], sum_of(kernel->read));
	nnv_cell_bytes(&row[COL_WRITTEN], sum_of(kernel->written));
	nnv_cell_count(&row[COL_MACS], sum_of(kernel->macs));
	nnv_cell_count(&row[COL_ELEMENTWISE], sum_of(kernel->elementwise));
	write_intensity(kernel, text);
	nnv_cell_text(grid, &row[COL_INTENSITY], nnv_text_str(text));
	if (kernel->time != NNV_UNKNOWN)
		nnv_cell_count(&row[COL_TIME], sum_of(kernel->time));
	nnv_cell_text(grid, &row[COL_BACKEND],
	    nnv_str(nnv_backend_name(kernel->backend)));
	nnv_cell_text(grid, &row[COL_FILE],
	    nnv_graph_text(graph, kernel->file));
}

/* How often the same code ran is what fusing is about. */
static void
add_note(struct nnv_grid *grid, const struct nnv_graph *graph, uint32_t nrows)
{
	struct nnv_sum moved = { 0, false };

	for (uint32_t k = 0; k < graph->nkernels; k++) {
		nnv_sum_add(&moved, graph->kernels[k].read);
		nnv_sum_add(&moved, graph->kernels[k].written);
	}
	nnv_text_addf(&grid->notes,
	    "%u of %u kernels, numbered in the order of "
	    "execution; read and written by all of them: ",
	    nrows, graph->nkernels);
	nnv_put_bytes(&grid->notes, moved);
	nnv_text_adds(&grid->notes,
	    "\nFLOPs = 2 \xc3\x97 MACs + elementwise; "
	    "? is not known\n");
}

void
nnv_rows_of_kernels(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct users users = { NULL, NULL };
	uint32_t n = 0;

	grid->failed |= !find_users(&users, graph, &grid->arena);
	for (uint32_t k = 0; !grid->failed && k < graph->nkernels; k++) {
		if (users.start[k] == users.start[k + 1])
			continue;
		add_row(grid, graph, k, &users, &text);
		n++;
	}
	/* a program may count on every column, a person does not */
	if (nnv_grid_is_empty(grid, COL_TIME))
		grid->spared |= 1u << COL_TIME;
	add_note(grid, graph, n);
	grid->failed |= nnv_text_failed(&text);
	nnv_text_release(&text);
}
