/*
 * How large a drawing will be, before it is laid out: boxes are as high as
 * their lines of text, a rank is as high as its highest box and as wide as all
 * of them, and frames add their margins and titles. What takes part in no rank
 * (bends of arrows, the straightness of the main path) is allowed for by a
 * factor that was measured on real networks. It depends on no font and no
 * clock, so that what is decided by it is decided alike everywhere.
 */
#include "extent.h"

#include <math.h>

#include "fit.h"
#include "nnviz/draw.h"

/* In points. A box's margins and border, its second border; a fork point; the
 * least height of a box; a frame's margin, and the line of its title; between
 * columns; around the whole; a note that names where an arrow leads. */
enum {
	MARGINS = 6,
	BORDER = 4,
	FORK = 4,
	BOX_MIN = 22,
	FRAME = 11,
	COLUMN_GAP = 40,
	PAD = 14,
	NOTE_WIDTH = 70,
	NOTE_HEIGHT = 14
};

/* By how much a line is higher than its type. */
static const double leading = 1.13;

/* What curves take of the room between boxes, of a box's share of it. */
static const double lane = 1.4;

struct extent {
	const struct nnv_figure *fig;
	double *along, *across; /* by vertex: its box */
	/* by rank: of the column under way */
	double *high, *wide;   /* its boxes */
	double *above, *below; /* frames that begin above it, end below it */
	bool flat;             /* ranks stand side by side */
};

static void
measure_box(struct extent *e, uint32_t v)
{
	const struct nnv_figure *fig = e->fig;
	double w = fig->widths[v], h = fig->heights[v];

	if (v >= fig->graph->nnodes)
		w = h = FORK;
	else if (w > 0)
		h = fmax(h * leading + MARGINS, BOX_MIN);
	else /* a sign in a circle */
		w = h = fig->style->node_title_font_size * 0.024 * 72;
	if (v < fig->graph->nnodes &&
	    fig->graph->nodes[v].kind == NNV_NODE_GROUP) {
		w += 2 * BORDER;
		h += 2 * BORDER;
	}
	e->along[v] = e->flat ? w : h;
	e->across[v] = e->flat ? h : w;
}

static uint32_t
home_of(const struct nnv_figure *fig, uint32_t v)
{
	uint32_t n = fig->graph->nnodes;

	return v < n ? nnv_tree_home(&fig->tree, fig->graph, v)
		     : fig->plan.fork_home[v - n];
}

/* The first and last rank of each frame in a column. */
struct span {
	uint32_t first, last;
};

static void
find_spans(const struct extent *e, uint32_t column, struct span *spans)
{
	const struct nnv_figure *fig = e->fig;
	const struct nnv_plan *plan = &fig->plan;

	for (uint32_t m = 0; m < fig->graph->nmodules; m++)
		spans[m] = (struct span){ UINT32_MAX, 0 };
	for (uint32_t v = 0; v < plan->nvertices; v++) {
		uint32_t m = home_of(fig, v), rank = plan->rank[v];

		for (; plan->column[v] == column && m != NNV_NONE;
		     m = fig->tree.outer[m]) {
			if (spans[m].first > rank)
				spans[m].first = rank;
			if (spans[m].last < rank)
				spans[m].last = rank;
		}
	}
}

/* Frames widen the ranks that they hold, and part those at their ends. */
static void
add_frames(struct extent *e, uint32_t column, struct span *spans)
{
	const struct nnv_figure *fig = e->fig;
	double title = fig->style->cluster_title_font_size +
	    fig->style->detail_font_size;

	find_spans(e, column, spans);
	for (uint32_t m = 0; m < fig->graph->nmodules; m++) {
		if (spans[m].first == UINT32_MAX)
			continue;
		e->above[spans[m].first] += FRAME + (e->flat ? 0 : title / 2);
		e->below[spans[m].last] += FRAME;
		for (uint32_t r = spans[m].first; r <= spans[m].last; r++)
			e->wide[r] += 2 * FRAME + (e->flat ? title : 0);
	}
}

/* Arrows that pass a rank beside its boxes; notes of those that were cut. */
static void
add_arcs(struct extent *e, uint32_t column)
{
	const struct nnv_plan *plan = &e->fig->plan;
	double gap = e->fig->style->node_gap * 72;
	double note = e->flat ? NOTE_HEIGHT : NOTE_WIDTH;

	for (uint32_t i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t top = plan->rank[arc->upper];
		uint32_t end = plan->rank[arc->lower];

		if (arc->cut && !arc->spine) {
			if (plan->column[arc->from] == column)
				e->wide[top] += note;
			if (plan->column[arc->to] == column)
				e->wide[end] += note;
		} else if (plan->column[arc->from] == column && !arc->cut) {
			for (uint32_t r = top + 1; r < end; r++)
				e->wide[r] += gap * lane;
		}
	}
}

static void
add_boxes(struct extent *e, uint32_t column)
{
	const struct nnv_plan *plan = &e->fig->plan;
	double gap = e->fig->style->node_gap * 72;

	for (uint32_t v = 0; v < plan->nvertices; v++) {
		uint32_t rank = plan->rank[v];

		if (plan->column[v] != column)
			continue;
		e->wide[rank] += e->across[v] + (e->wide[rank] > 0 ? gap : 0);
		e->high[rank] = fmax(e->high[rank], e->along[v]);
	}
}

/* Add a column to what stands before it. */
static void
add_column(struct extent *e, uint32_t column, struct span *spans,
    struct nnv_size *size)
{
	const struct nnv_plan *plan = &e->fig->plan;
	double gap = e->fig->rank_gap * 72, along = 0, across = 0;

	for (uint32_t r = 0; r < plan->ranks; r++)
		e->high[r] = e->wide[r] = e->above[r] = e->below[r] = 0;
	add_boxes(e, column);
	add_arcs(e, column);
	add_frames(e, column, spans);
	for (uint32_t r = 0; r < plan->ranks; r++) {
		if (e->high[r] == 0)
			continue;
		along += e->high[r] + (along > 0 ? gap : 0) + e->above[r] +
		    e->below[r];
		across = fmax(across, e->wide[r]);
	}
	if (plan->ncolumns > 1)
		along += 2 * NOTE_HEIGHT + gap;
	size->height = fmax(size->height, along);
	size->width += across + (column > 0 ? COLUMN_GAP : 0);
}

static double *
by(struct nnv_figure *fig, uint32_t n)
{
	return NNV_NEW_ARRAY(&fig->arena, n + (size_t)1, double);
}

static double
smallest_type(const struct nnv_style *style)
{
	return style->detail_font_size < style->edge_font_size
	    ? style->detail_font_size
	    : style->edge_font_size;
}

bool
nnv_extent_find(struct nnv_figure *fig, struct nnv_size *size)
{
	struct extent e = { .fig = fig,
		.flat = nnv_style_sideways(fig->style) };
	uint32_t n = fig->plan.nvertices, ranks = fig->plan.ranks;
	struct span *spans = NNV_NEW_ARRAY(&fig->arena,
	    fig->graph->nmodules + (size_t)1, struct span);
	double across;

	e.along = by(fig, n);
	e.across = by(fig, n);
	e.high = by(fig, ranks);
	e.wide = by(fig, ranks);
	e.above = by(fig, ranks);
	e.below = by(fig, ranks);
	if (nnv_arena_failed(&fig->arena))
		return false;
	*size = (struct nnv_size){ 0, 0, smallest_type(fig->style) };
	for (uint32_t v = 0; v < n; v++)
		measure_box(&e, v);
	for (uint32_t c = 0; c < fig->plan.ncolumns; c++)
		add_column(&e, c, spans, size);
	across = size->width;
	if (e.flat) {
		size->width = size->height;
		size->height = across;
	}
	size->width = fmax(size->width, fig->title_width) + 2 * PAD;
	size->height += fig->title_height + 2 * PAD;
	return true;
}
