#include "grid.h"

#include <stdlib.h>

void
nnv_grid_init(struct nnv_grid *grid, const struct nnv_column *columns,
    size_t ncolumns)
{
	*grid = (struct nnv_grid){ .columns = columns,
		.ncolumns = ncolumns,
		.notes = NNV_TEXT_EMPTY };
	nnv_arena_init(&grid->arena, SIZE_MAX);
}

void
nnv_grid_release(struct nnv_grid *grid)
{
	nnv_heap_free(grid->cells);
	nnv_text_release(&grid->notes);
	nnv_arena_release(&grid->arena);
}

struct nnv_cell *
nnv_grid_row(struct nnv_grid *grid)
{
	size_t n = grid->ncolumns, first = grid->nrows * n;
	void *cells = grid->cells;

	if (first + n > grid->cell_cap &&
	    !nnv_heap_grow(&cells, &grid->cell_cap, first + n,
		sizeof(*grid->cells))) {
		grid->failed = true;
		return NULL;
	}
	grid->cells = cells;
	memset(grid->cells + first, 0, n * sizeof(*grid->cells));
	grid->nrows++;
	return grid->cells + first;
}

void
nnv_cell_text(struct nnv_grid *grid, struct nnv_cell *cell, struct nnv_str text)
{
	char *copy = nnv_arena_copy(&grid->arena, text);

	if (copy == NULL) {
		grid->failed = true;
		return;
	}
	cell->kind = NNV_CELL_TEXT;
	cell->text = (struct nnv_str){ copy, text.n };
}

void
nnv_cell_count(struct nnv_cell *cell, struct nnv_sum sum)
{
	cell->kind = NNV_CELL_COUNT;
	cell->sum = sum;
}

void
nnv_cell_bytes(struct nnv_cell *cell, struct nnv_sum sum)
{
	cell->kind = NNV_CELL_BYTES;
	cell->sum = sum;
}

void
nnv_cell_share(struct nnv_cell *cell, struct nnv_sum part, int64_t total)
{
	cell->kind = NNV_CELL_SHARE;
	cell->sum = part;
	cell->total = total;
}

bool
nnv_grid_is_empty(const struct nnv_grid *grid, size_t at)
{
	for (size_t r = 0; r < grid->nrows; r++)
		if (grid->cells[r * grid->ncolumns + at].kind != NNV_CELL_EMPTY)
			return false;
	return true;
}

bool
nnv_grid_shows(const struct nnv_grid *grid, size_t at, bool people)
{
	unsigned without = grid->omitted | (people ? grid->spared : 0);

	return (without >> at & 1) == 0 &&
	    !(people && grid->columns[at].raw_only);
}

/* One row while sorting. */
struct rank {
	const struct nnv_cell *cell;
	size_t row;
};

static int
rank_cmp(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	int order;

	if (x->cell->kind == NNV_CELL_TEXT || y->cell->kind == NNV_CELL_TEXT)
		order = nnv_str_cmp(x->cell->text, y->cell->text);
	else
		order = (x->cell->sum.known < y->cell->sum.known) -
		    (x->cell->sum.known > y->cell->sum.known);
	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

void
nnv_grid_sort(struct nnv_grid *grid, size_t at)
{
	size_t n = grid->nrows - grid->nfoot, width = grid->ncolumns;
	struct rank *ranks = nnv_heap_alloc(n + 1, sizeof(*ranks));
	struct nnv_cell *cells = nnv_heap_alloc(grid->nrows * width + 1,
	    sizeof(*cells));

	if (ranks == NULL || cells == NULL) {
		grid->failed = true;
		nnv_heap_free(ranks);
		nnv_heap_free(cells);
		return;
	}
	for (size_t r = 0; r < n; r++)
		ranks[r] = (struct rank){ &grid->cells[r * width + at], r };
	qsort(ranks, n, sizeof(*ranks), rank_cmp);
	for (size_t r = 0; r < grid->nrows; r++)
		memcpy(cells + r * width,
		    grid->cells + (r < n ? ranks[r].row : r) * width,
		    width * sizeof(*cells));
	nnv_heap_free(ranks);
	nnv_heap_free(grid->cells);
	grid->cells = cells;
	grid->cell_cap = grid->nrows * width + 1;
}
