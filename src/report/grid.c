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
	nnv_heap_free(grid->depths);
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
nnv_grid_nest(struct nnv_grid *grid, uint32_t depth)
{
	void *depths = grid->depths;

	if (grid->failed)
		return;
	if (grid->nrows > grid->depth_cap &&
	    !nnv_heap_grow(&depths, &grid->depth_cap, grid->nrows,
		sizeof(*grid->depths))) {
		grid->failed = true;
		return;
	}
	grid->depths = depths;
	grid->depths[grid->nrows - 1] = depth;
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

/* One row while sorting. ABOVE is the row that it is below, counted from 1; 0:
 * it is below none. */
struct rank {
	const struct nnv_cell *cell;
	size_t row, above;
};

static int
rank_cmp(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	int order = (x->above > y->above) - (x->above < y->above);

	if (order != 0)
		return order;
	if (x->cell->kind == NNV_CELL_TEXT || y->cell->kind == NNV_CELL_TEXT)
		order = nnv_str_cmp(x->cell->text, y->cell->text);
	else
		order = (x->cell->sum.known < y->cell->sum.known) -
		    (x->cell->sum.known > y->cell->sum.known);
	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

/* Sorting: arrays of a row each, and one more. */
struct sorting {
	struct rank *ranks; /* siblings side by side, in their order */
	size_t *above;      /* by row, counted from 1 */
	size_t *next;       /* by row, counted from 1: its next one in RANKS */
	size_t *rows;       /* the rows in their order */
	struct nnv_cell *cells;
	uint32_t *depths;
};

/* The N rows, with what they are sorted by, and what they are below. */
static void
find_ranks(const struct nnv_grid *grid, size_t at, struct sorting *s, size_t n)
{
	size_t *last = s->next; /* by depth: the last row, counted from 1 */

	for (size_t r = 0; r < n; r++) {
		uint32_t depth = grid->depths != NULL ? grid->depths[r] : 0;

		s->ranks[r] = (struct rank){
			&grid->cells[r * grid->ncolumns + at], r,
			depth > 0 ? last[depth - 1] : 0
		};
		s->above[r + 1] = s->ranks[r].above;
		last[depth] = r + 1;
	}
}

/* From siblings in order to rows in order: down to what is below a row, then on
 * to what is beside it. */
static void
walk(struct sorting *s, size_t n)
{
	size_t at = 0, done = 0;

	for (size_t r = 0; r <= n; r++)
		s->next[r] = n;
	for (size_t i = n; i-- > 0;)
		s->next[s->ranks[i].above] = i;
	while (done < n) {
		size_t i = s->next[at];

		if (i < n && s->ranks[i].above == at) {
			s->next[at]++;
			s->rows[done++] = s->ranks[i].row;
			at = s->ranks[i].row + 1;
		} else {
			at = s->above[at];
		}
	}
}

/* The foot stays where it is. */
static void
move_rows(struct nnv_grid *grid, struct sorting *s, size_t n)
{
	size_t width = grid->ncolumns;

	for (size_t r = 0; r < grid->nrows; r++) {
		size_t from = r < n ? s->rows[r] : r;

		memcpy(s->cells + r * width, grid->cells + from * width,
		    width * sizeof(*s->cells));
		if (grid->depths != NULL && r < n)
			s->depths[r] = grid->depths[from];
	}
	memcpy(grid->cells, s->cells, grid->nrows * width * sizeof(*s->cells));
	if (grid->depths != NULL)
		memcpy(grid->depths, s->depths, n * sizeof(*s->depths));
}

void
nnv_grid_sort(struct nnv_grid *grid, size_t at)
{
	size_t n = grid->nrows - grid->nfoot, room = grid->nrows + 1;
	struct sorting s = {
		.ranks = nnv_heap_alloc(room, sizeof(*s.ranks)),
		.above = nnv_heap_alloc(room, sizeof(*s.above)),
		.next = nnv_heap_alloc(room, sizeof(*s.next)),
		.rows = nnv_heap_alloc(room, sizeof(*s.rows)),
		.cells = nnv_heap_alloc(room * grid->ncolumns,
		    sizeof(*s.cells)),
		.depths = nnv_heap_alloc(room, sizeof(*s.depths)),
	};

	if (s.ranks != NULL && s.above != NULL && s.next != NULL &&
	    s.rows != NULL && s.cells != NULL && s.depths != NULL) {
		find_ranks(grid, at, &s, n);
		if (n > 0)
			qsort(s.ranks, n, sizeof(*s.ranks), rank_cmp);
		walk(&s, n);
		move_rows(grid, &s, n);
	} else {
		grid->failed = true;
	}
	nnv_heap_free(s.ranks);
	nnv_heap_free(s.above);
	nnv_heap_free(s.next);
	nnv_heap_free(s.rows);
	nnv_heap_free(s.cells);
	nnv_heap_free(s.depths);
}

enum { BRANCHES_MAX = 512 }; /* deeper ones are drawn as deep as that */

/* "│  ├─ " in front of a row DEPTH levels deep; GOES_ON: by level, whether more
 * is to come there. */
static void
put_branch(struct nnv_text *out, const bool *goes_on, uint32_t depth)
{
	for (uint32_t d = 1; d < depth; d++)
		nnv_text_adds(out, goes_on[d] ? "\xe2\x94\x82  " : "   ");
	if (depth > 0)
		nnv_text_adds(out,
		    goes_on[depth] ? "\xe2\x94\x9c\xe2\x94\x80 "
				   : "\xe2\x94\x94\xe2\x94\x80 ");
}

/* From the last row up, as what comes below decides. */
void
nnv_grid_draw_tree(struct nnv_grid *grid, size_t at)
{
	bool goes_on[BRANCHES_MAX + 1] = { false };
	struct nnv_text line = NNV_TEXT_EMPTY;
	uint32_t deepest = 0;

	for (size_t r = grid->nrows - grid->nfoot; r-- > 0;) {
		struct nnv_cell *cell = &grid->cells[r * grid->ncolumns + at];
		uint32_t depth = grid->depths[r];

		if (depth > BRANCHES_MAX)
			depth = BRANCHES_MAX;
		for (; deepest > depth; deepest--)
			goes_on[deepest] = false;
		deepest = depth;
		nnv_text_clear(&line);
		put_branch(&line, goes_on, depth);
		nnv_text_add(&line, cell->text);
		grid->failed |= nnv_text_failed(&line);
		nnv_cell_text(grid, cell, nnv_text_str(&line));
		goes_on[depth] = true;
	}
	nnv_text_release(&line);
}
