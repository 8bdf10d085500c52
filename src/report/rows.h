/* From a graph to the rows of a table or of a tree. Private to src/report. */
#ifndef NNV_REPORT_ROWS_H
#define NNV_REPORT_ROWS_H

#include "flow.h"
#include "grid.h"
#include "nnviz/graph.h"

/* The columns of a table of nodes. */
enum {
	NNV_COL_NAME,
	NNV_COL_TYPE,
	NNV_COL_HYPER,
	NNV_COL_OUTPUT,
	NNV_COL_DTYPE,
	NNV_COL_PARAMETERS,
	NNV_COL_PARAMETERS_SHARE,
	NNV_COL_BUFFERS,
	NNV_COL_MACS,
	NNV_COL_MACS_SHARE,
	NNV_COL_BACKWARD,
	NNV_COL_ELEMENTWISE,
	NNV_COL_ELEMENTS,
	NNV_COL_BYTES,
	NNV_COL_ACTIVATIONS,
	NNV_COL_TIME,
	NNV_NCOLUMNS
};

extern const struct nnv_column nnv_node_columns[NNV_NCOLUMNS];

/* The columns of a table of kernels. */
enum { NNV_NKERNEL_COLUMNS = 14 };

extern const struct nnv_column nnv_kernel_columns[NNV_NKERNEL_COLUMNS];

/* The columns of a table of values. */
enum { NNV_NVALUE_COLUMNS = 8 };

extern const struct nnv_column nnv_value_columns[NNV_NVALUE_COLUMNS];

/* What one row costs: a node, or all nodes below a module. */
struct nnv_row_cost {
	struct nnv_sum parameters, buffers;
	struct nnv_sum fresh; /* of the parameters, in no row before */
	bool has_parameters;  /* gradients are of those of others */
	struct nnv_sum macs, elementwise;
	struct nnv_sum elements, bytes; /* of what leaves it */
	struct nnv_sum activations;     /* bytes, of all that is inside */
	struct nnv_sum backward;        /* MACs of its gradients, */
	bool has_backward;              /* if there are any */
	int64_t time;                   /* nanoseconds, or NNV_UNKNOWN */
};

/* Behind a name: how many it stands for, " ×12" or " ×12 calls"; nothing where
 * it is for itself. */
void nnv_put_repeat(struct nnv_text *out, uint32_t repeat, bool calls);

/* Fill the cells of a node's row that its own fields tell. */
void nnv_row_describe(struct nnv_grid *grid, struct nnv_cell *row,
    const struct nnv_flows *flows, uint32_t node);

/* Fill the cells that count. */
void nnv_row_count(struct nnv_cell *row, const struct nnv_row_cost *cost,
    const struct nnv_totals *totals);

/*
 * What each node costs, in the grid's arena; behind the last one, what all of
 * them do. ORDER is that of the rows. NULL: no memory, grid->failed.
 */
struct nnv_row_cost *nnv_row_costs(struct nnv_grid *grid,
    const struct nnv_graph *graph, const uint32_t *order);

/* Add what adds up of a node to what holds it: neither parameters nor what
 * leaves it. */
void nnv_row_cost_join(struct nnv_row_cost *cost,
    const struct nnv_row_cost *more);

/* Rows for all nodes in order of execution, or the tree of modules; then the
 * totals. Failure is grid->failed. */
void nnv_rows_of_nodes(struct nnv_grid *grid, const struct nnv_graph *graph);
void nnv_rows_of_tree(struct nnv_grid *grid, const struct nnv_graph *graph);

/* A row for each kernel that a node was part of, and notes below. */
void nnv_rows_of_kernels(struct nnv_grid *grid, const struct nnv_graph *graph);

/* A row for each tensor whose values were recorded; whether there are any. */
void nnv_rows_of_values(struct nnv_grid *grid, const struct nnv_graph *graph);
bool nnv_has_values(const struct nnv_graph *graph);

/* The totals, as a row at the foot; ALL is the last of nnv_row_costs. Columns
 * that say nothing are left out. */
void nnv_row_total(struct nnv_grid *grid, const struct nnv_totals *totals,
    const struct nnv_row_cost *all);

#endif
