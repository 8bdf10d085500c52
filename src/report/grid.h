/*
 * A table before it is written in some language: columns, rows of cells, and
 * lines below. A cell is text or a number; what a number looks like is the
 * writer's to say, as people and programs want it differently.
 */
#ifndef NNV_REPORT_GRID_H
#define NNV_REPORT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/text.h"

struct nnv_column {
	const char *title; /* for people */
	const char *key;   /* for programs, and --sort */
	bool number;       /* stands at the right */
	bool raw_only;     /* not for people: enough is enough */
};

enum nnv_cell_kind {
	NNV_CELL_EMPTY, /* nothing to say: an input has no MACs */
	NNV_CELL_TEXT,
	NNV_CELL_REAL, /* a number that was written as text */
	NNV_CELL_COUNT,
	NNV_CELL_BYTES,
	NNV_CELL_SHARE /* of total: value / total */
};

struct nnv_cell {
	enum nnv_cell_kind kind;
	struct nnv_str text;
	struct nnv_sum sum; /* known 0 and at_least: not known at all */
	int64_t total;      /* SHARE; not above 0: not known */
	bool again;         /* SHARE; counted in a row before this one */
};

struct nnv_grid {
	struct nnv_arena arena; /* the texts */
	const struct nnv_column *columns;
	size_t ncolumns;
	struct nnv_cell *cells; /* row by row */
	size_t nrows, cell_cap;
	uint32_t *depths; /* by row: how deep in a tree; NULL: in none */
	size_t depth_cap;
	unsigned omitted;      /* columns that are not written, a bit each */
	unsigned spared;       /* columns that are not written for people */
	size_t nfoot;          /* of the rows, the last ones: totals */
	struct nnv_text notes; /* lines below, each with its newline */
	bool failed;           /* sticky: memory was out */
};

void nnv_grid_init(struct nnv_grid *grid, const struct nnv_column *columns,
    size_t ncolumns);
void nnv_grid_release(struct nnv_grid *grid);

/* A new row of empty cells, to be filled before the next one is added; NULL:
 * no memory. */
struct nnv_cell *nnv_grid_row(struct nnv_grid *grid);

/* The newest row stands DEPTH levels deep in a tree, below the last row above
 * it that is less deep. */
void nnv_grid_nest(struct nnv_grid *grid, uint32_t depth);

/* Fill a cell; texts are copied. */
void nnv_cell_text(struct nnv_grid *grid, struct nnv_cell *cell,
    struct nnv_str text);
void nnv_cell_count(struct nnv_cell *cell, struct nnv_sum sum);
void nnv_cell_bytes(struct nnv_cell *cell, struct nnv_sum sum);
void nnv_cell_share(struct nnv_cell *cell, struct nnv_sum part, int64_t total);

/* Whether all cells of column AT are empty. */
bool nnv_grid_is_empty(const struct nnv_grid *grid, size_t at);

/* Whether column AT is written: for people, or for programs. */
bool nnv_grid_shows(const struct nnv_grid *grid, size_t at, bool people);

/* Sort the rows above the foot by column AT: numbers descending, texts
 * ascending, what is equal as it was. In a tree these are the rows below one
 * and the same, each with what is below it. */
void nnv_grid_sort(struct nnv_grid *grid, size_t at);

/* Draw the tree in front of the texts of column AT, once all is in order. */
void nnv_grid_draw_tree(struct nnv_grid *grid, size_t at);

/* Numbers for people: "11,689,512", "≥ 12", "?"; "3.1 MiB"; "0.08 %". */
void nnv_put_sum(struct nnv_text *out, struct nnv_sum sum);
void nnv_put_bytes(struct nnv_text *out, struct nnv_sum sum);

/* The writers. */
void nnv_grid_put_table(const struct nnv_grid *grid, struct nnv_text *out);
void nnv_grid_put_markdown(const struct nnv_grid *grid, struct nnv_text *out);
void nnv_grid_put_csv(const struct nnv_grid *grid, struct nnv_text *out);

#endif
