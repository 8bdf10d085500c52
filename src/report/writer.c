/*
 * A grid in three languages: aligned for a terminal, Markdown, CSV. Only the
 * first two are for people and round a little; CSV has every number as it is.
 */
#include "grid.h"

/* How many columns of a terminal a character takes. Ranges of double width are
 * those of Unicode's EastAsianWidth.txt (W and F) and of emoji, summarized. */
static size_t
char_width(uint32_t c)
{
	static const struct {
		uint32_t first, last;
		size_t width;
	} ranges[] = {
		{ 0x0300, 0x036f, 0 },
		{ 0x1100, 0x115f, 2 },
		{ 0x200b, 0x200f, 0 },
		{ 0x20d0, 0x20ff, 0 },
		{ 0x2e80, 0xa4cf, 2 },
		{ 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },
		{ 0xfe00, 0xfe0f, 0 },
		{ 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 },
		{ 0x1f300, 0x1f64f, 2 },
		{ 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 },
		{ 0x20000, 0x3fffd, 2 },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].width;
	return 1;
}

/* Columns that valid text takes. */
static size_t
text_width(const char *p, size_t n)
{
	static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const char *end;
	size_t width = 0;

	if (n == 0)
		return 0;
	end = p + n;
	while (p < end) {
		size_t len = nnv_utf8_len(p, end);
		uint32_t c;

		if (len == 0)
			break;
		c = (unsigned char)*p & mask[len];
		for (size_t i = 1; i < len; i++)
			c = c << 6 | ((unsigned char)p[i] & 0x3f);
		width += char_width(c);
		p += len;
	}
	return width;
}

static void
put_share(struct nnv_text *out, const struct nnv_cell *cell)
{
	double share;
	long hundredths;

	if (cell->again) {
		nnv_text_adds(out, "shared");
		return;
	}
	if (cell->total <= 0 || cell->sum.known <= 0) {
		nnv_text_adds(out, cell->sum.at_least ? "?" : "");
		return;
	}
	share = (double)cell->sum.known / (double)cell->total * 10000;
	hundredths = (long)(share + 0.5);
	if (share < 1)
		nnv_text_adds(out, "<0.01 %");
	else
		nnv_text_addf(out, "%ld.%02ld %%", hundredths / 100,
		    hundredths % 100);
}

/* A cell for people; text is escaped by PUT_TEXT. */
static void
put_cell(struct nnv_text *out, const struct nnv_cell *cell,
    void (*put_text)(struct nnv_text *, struct nnv_str))
{
	switch (cell->kind) {
	case NNV_CELL_EMPTY:
		break;
	case NNV_CELL_REAL:
		nnv_text_add(out, cell->text);
		break;
	case NNV_CELL_TEXT:
		put_text(out, cell->text);
		break;
	case NNV_CELL_COUNT:
		nnv_put_sum(out, cell->sum);
		break;
	case NNV_CELL_BYTES:
		nnv_put_bytes(out, cell->sum);
		break;
	case NNV_CELL_SHARE:
		put_share(out, cell);
		break;
	}
}

static void
pad(struct nnv_text *out, size_t n, const char *with)
{
	while (n-- > 0)
		nnv_text_adds(out, with);
}

/* No column is padded to more than this: a name may be a megabyte long. */
enum { WIDTH_MAX = 120 };

/* The same for the width of a column, over all rows. */
static size_t
column_width(const struct nnv_grid *grid, size_t at)
{
	size_t most = strlen(grid->columns[at].title);
	struct nnv_text text = NNV_TEXT_EMPTY;

	for (size_t r = 0; r < grid->nrows; r++) {
		size_t width;

		nnv_text_clear(&text);
		put_cell(&text, &grid->cells[r * grid->ncolumns + at],
		    nnv_text_add_terminal);
		width = text_width(text.p, text.n);
		most = width > most ? width : most;
	}
	nnv_text_release(&text);
	return most < WIDTH_MAX ? most : WIDTH_MAX;
}

struct layout {
	const struct nnv_grid *grid;
	struct nnv_text *out;
	size_t *widths; /* by column */
	struct nnv_text scratch;
};

/* What is in scratch, aligned in column AT. */
static void
put_aligned(struct layout *l, size_t at)
{
	struct nnv_str text = nnv_text_str(&l->scratch);
	size_t width = text_width(text.p, text.n);
	size_t rest = l->widths[at] > width ? l->widths[at] - width : 0;

	if (at > 0)
		nnv_text_adds(l->out, "  ");
	if (l->grid->columns[at].number)
		pad(l->out, rest, " ");
	if (text.n > 0)
		nnv_text_add(l->out, text);
	if (!l->grid->columns[at].number)
		pad(l->out, rest, " ");
}

/* End a line without the blanks that it ends in. */
static void
end_line(struct nnv_text *out)
{
	while (!nnv_text_failed(out) && out->n > 0 && out->p[out->n - 1] == ' ')
		out->n--;
	nnv_text_addc(out, '\n');
}

static void
put_rule(struct layout *l)
{
	for (size_t c = 0; c < l->grid->ncolumns; c++) {
		if (!nnv_grid_shows(l->grid, c, true))
			continue;
		if (c > 0)
			nnv_text_adds(l->out, "  ");
		pad(l->out, l->widths[c], "\xe2\x94\x80");
	}
	nnv_text_addc(l->out, '\n');
}

static void
put_titles(struct layout *l)
{
	for (size_t c = 0; c < l->grid->ncolumns; c++) {
		if (!nnv_grid_shows(l->grid, c, true))
			continue;
		nnv_text_clear(&l->scratch);
		nnv_text_adds(&l->scratch, l->grid->columns[c].title);
		put_aligned(l, c);
	}
	end_line(l->out);
}

static void
put_row(struct layout *l, size_t row)
{
	const struct nnv_grid *grid = l->grid;

	for (size_t c = 0; c < grid->ncolumns; c++) {
		if (!nnv_grid_shows(grid, c, true))
			continue;
		nnv_text_clear(&l->scratch);
		put_cell(&l->scratch, &grid->cells[row * grid->ncolumns + c],
		    nnv_text_add_terminal);
		put_aligned(l, c);
	}
	end_line(l->out);
}

void
nnv_grid_put_table(const struct nnv_grid *grid, struct nnv_text *out)
{
	struct layout l = { grid, out,
		nnv_heap_alloc(grid->ncolumns + 1, sizeof(*l.widths)),
		NNV_TEXT_EMPTY };

	if (l.widths == NULL) {
		out->failed = true;
		return;
	}
	for (size_t c = 0; c < grid->ncolumns; c++)
		l.widths[c] = column_width(grid, c);
	put_titles(&l);
	put_rule(&l);
	for (size_t r = 0; r < grid->nrows; r++) {
		if (r + grid->nfoot == grid->nrows)
			put_rule(&l);
		put_row(&l, r);
	}
	if (grid->notes.n > 0) {
		nnv_text_addc(out, '\n');
		nnv_text_add(out, nnv_text_str(&grid->notes));
	}
	out->failed |= nnv_text_failed(&l.scratch);
	nnv_text_release(&l.scratch);
	nnv_heap_free(l.widths);
}

/* A row of a table of GitHub's, totals in bold. */
static void
put_markdown_row(const struct nnv_grid *grid, size_t row, struct nnv_text *out)
{
	bool foot = row + grid->nfoot >= grid->nrows;

	for (size_t c = 0; c < grid->ncolumns; c++) {
		const struct nnv_cell
		    *cell = &grid->cells[row * grid->ncolumns + c];
		bool bold = foot && cell->kind != NNV_CELL_EMPTY;

		if (!nnv_grid_shows(grid, c, true))
			continue;
		nnv_text_adds(out, bold ? "| **" : "| ");
		put_cell(out, cell, nnv_text_add_markdown);
		nnv_text_adds(out, bold ? "** " : " ");
	}
	nnv_text_adds(out, "|\n");
}

void
nnv_grid_put_markdown(const struct nnv_grid *grid, struct nnv_text *out)
{
	struct nnv_str notes = nnv_text_str(&grid->notes);

	for (size_t c = 0; c < grid->ncolumns; c++)
		if (nnv_grid_shows(grid, c, true))
			nnv_text_addf(out, "| %s ", grid->columns[c].title);
	nnv_text_adds(out, "|\n");
	for (size_t c = 0; c < grid->ncolumns; c++)
		if (nnv_grid_shows(grid, c, true))
			nnv_text_adds(out,
			    grid->columns[c].number ? "| ---: " : "| --- ");
	nnv_text_adds(out, "|\n");
	for (size_t r = 0; r < grid->nrows; r++)
		put_markdown_row(grid, r, out);
	if (notes.n != 0)
		nnv_text_addc(out, '\n');
	while (notes.n != 0) {
		nnv_text_adds(out, "- ");
		nnv_text_add_markdown(out, nnv_str_take(&notes, '\n'));
		nnv_text_addc(out, '\n');
	}
}

static void
put_csv_cell(const struct nnv_cell *cell, struct nnv_text *out)
{
	switch (cell->kind) {
	case NNV_CELL_EMPTY:
		break;
	case NNV_CELL_REAL:
		nnv_text_add(out, cell->text);
		break;
	case NNV_CELL_TEXT:
		nnv_text_add_csv(out, cell->text);
		break;
	case NNV_CELL_COUNT:
	case NNV_CELL_BYTES:
		/* a bound is no number to calculate with */
		if (!cell->sum.at_least)
			nnv_text_addi(out, cell->sum.known);
		else if (cell->sum.known > 0) {
			nnv_text_adds(out, "\xe2\x89\xa5");
			nnv_text_addi(out, cell->sum.known);
		} else
			nnv_text_addc(out, '?');
		break;
	case NNV_CELL_SHARE:
		if (cell->total > 0 && !cell->sum.at_least)
			nnv_text_add_real(out,
			    (double)cell->sum.known / (double)cell->total);
		break;
	}
}

void
nnv_grid_put_csv(const struct nnv_grid *grid, struct nnv_text *out)
{
	size_t n = grid->ncolumns;

	/* the first column is always there */
	for (size_t c = 0; c < n; c++)
		if (nnv_grid_shows(grid, c, false))
			nnv_text_addf(out, "%s%s", c > 0 ? "," : "",
			    grid->columns[c].key);
	nnv_text_adds(out, "\r\n");
	for (size_t r = 0; r < grid->nrows; r++) {
		for (size_t c = 0; c < n; c++) {
			if (!nnv_grid_shows(grid, c, false))
				continue;
			if (c > 0)
				nnv_text_addc(out, ',');
			put_csv_cell(&grid->cells[r * n + c], out);
		}
		nnv_text_adds(out, "\r\n");
	}
}
