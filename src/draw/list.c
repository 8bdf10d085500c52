/*
 * What cannot be laid out in the time that there is can be listed: box below
 * box in the order in which modules and operations come, with a frame around
 * what stands together and an arrow where one feeds the next; all other arrows
 * are named at both ends. The places follow from the sizes (src/render/list.c),
 * and so a list takes as long as its boxes are many, whatever joins them.
 */
#include "list.h"

#include <math.h>

#include "figure.h"
#include "phases.h"

/* About what a row takes, in points; by how much a page is wider than high;
 * what it counts to break a frame, in rows. */
enum { ROW_HEIGHT = 64, ROW_WIDTH = 420, FRAME = 4 };
static const double wide = 1.4;

/* What stands right inside of each frame, in input order: nodes, then frames
 * behind them, then the page. */
struct shelf {
	uint32_t *first, *last; /* by frame, and of the page */
	uint32_t *next;         /* by node, then by frame */
	bool *there;            /* by frame: it has a place */
	uint32_t nnodes, nmodules;
};

static bool
open_shelf(struct shelf *shelf, struct nnv_figure *fig)
{
	uint32_t n = fig->graph->nnodes, m = fig->graph->nmodules;

	*shelf = (struct shelf){ NNV_NEW_ARRAY(&fig->arena, m + (size_t)1,
				     uint32_t),
		NNV_NEW_ARRAY(&fig->arena, m + (size_t)1, uint32_t),
		NNV_NEW_ARRAY(&fig->arena, n + (size_t)m, uint32_t),
		NNV_NEW_ARRAY(&fig->arena, m + (size_t)1, bool), n, m };
	if (nnv_arena_failed(&fig->arena))
		return false;
	for (uint32_t i = 0; i <= m; i++)
		shelf->first[i] = NNV_NONE;
	return true;
}

static void
put(struct shelf *shelf, uint32_t frame, uint32_t item)
{
	uint32_t at = frame == NNV_NONE ? shelf->nmodules : frame;

	shelf->next[item] = NNV_NONE;
	if (shelf->first[at] == NNV_NONE)
		shelf->first[at] = item;
	else
		shelf->next[shelf->last[at]] = item;
	shelf->last[at] = item;
}

static void
put_node(struct shelf *shelf, const struct nnv_figure *fig, uint32_t node)
{
	uint32_t frame = nnv_tree_home(&fig->tree, fig->graph, node);

	put(shelf, frame, node);
	for (; frame != NNV_NONE && !shelf->there[frame];
	     frame = fig->tree.outer[frame]) {
		shelf->there[frame] = true;
		put(shelf, fig->tree.outer[frame], shelf->nnodes + frame);
	}
}

/* Frame by frame: what is in one comes before what follows it. */
static void
take_all(const struct shelf *shelf, const struct nnv_figure *fig,
    uint32_t *order)
{
	uint32_t at = shelf->first[shelf->nmodules], frame = NNV_NONE, n = 0;

	while (at != NNV_NONE || frame != NNV_NONE) {
		if (at == NNV_NONE) {
			at = shelf->next[shelf->nnodes + frame];
			frame = fig->tree.outer[frame];
		} else if (at < shelf->nnodes) {
			order[n++] = at;
			at = shelf->next[at];
		} else {
			frame = at - shelf->nnodes;
			at = shelf->first[frame];
		}
	}
}

/* Frames that a break above row I opens once more. */
static uint32_t
broken(const struct nnv_figure *fig, uint32_t i)
{
	const uint32_t *order = fig->plan.order;
	uint32_t frame = nnv_tree_common(&fig->tree,
	    nnv_tree_home(&fig->tree, fig->graph, order[i - 1]),
	    nnv_tree_home(&fig->tree, fig->graph, order[i]));

	return frame == NNV_NONE ? 0 : fig->tree.depth[frame];
}

/* The row to break above, near IDEAL. */
static uint32_t
find_break(const struct nnv_figure *fig, uint32_t ideal, uint32_t room)
{
	uint32_t best = ideal, least = UINT32_MAX;

	for (uint32_t i = ideal - room; i <= ideal + room; i++) {
		uint32_t away = i < ideal ? ideal - i : i - ideal;
		uint32_t bad = FRAME * broken(fig, i) + away;

		if (bad < least) {
			least = bad;
			best = i;
		}
	}
	return best;
}

static void
fill_columns(struct nnv_figure *fig, uint32_t n)
{
	struct nnv_plan *plan = &fig->plan;
	uint32_t rows = plan->nvertices, at = 0;

	plan->ncolumns = n;
	for (uint32_t c = 0; c < n; c++) {
		uint32_t end = (uint32_t)((uint64_t)rows * (c + 1) / n);

		if (c + 1 < n)
			end = find_break(fig, end, rows / n / 8);
		for (; at < end; at++)
			plan->column[plan->order[at]] = c;
	}
}

static uint32_t
count_columns(const struct nnv_figure *fig)
{
	uint32_t rows = fig->plan.nvertices, n = (uint32_t)fig->style->columns;

	if (n == 0)
		n = (uint32_t)ceil(sqrt((double)rows * ROW_HEIGHT * wide /
		    ROW_WIDTH));
	return n < rows ? n : rows;
}

/* ROWS: by vertex. */
static bool
leads_on(const struct nnv_figure *fig, const uint32_t *rows,
    const struct nnv_arc *arc)
{
	return rows[arc->to] == rows[arc->from] + 1 &&
	    fig->plan.column[arc->from] == fig->plan.column[arc->to] &&
	    nnv_flow_of(fig, arc) == NNV_FLOW_PLAIN;
}

static bool
cut_arrows(struct nnv_figure *fig)
{
	struct nnv_plan *plan = &fig->plan;
	uint32_t *rows = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, uint32_t);

	if (rows == NULL)
		return false;
	for (uint32_t i = 0; i < plan->nvertices; i++)
		rows[plan->order[i]] = i;
	for (uint32_t i = 0; i < plan->narcs; i++) {
		struct nnv_arc *arc = &plan->arcs[i];

		arc->cut = !leads_on(fig, rows, arc);
		plan->ncut += arc->cut;
	}
	return true;
}

bool
nnv_list_make(struct nnv_figure *fig, struct nnv_diag *diag)
{
	struct nnv_plan *plan = &fig->plan;
	struct shelf shelf;

	plan->order = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, uint32_t);
	if (plan->order == NULL || !open_shelf(&shelf, fig))
		return nnv_fail_memory(diag);
	for (uint32_t i = 0; i < fig->graph->nnodes; i++)
		put_node(&shelf, fig, i);
	take_all(&shelf, fig, plan->order);
	fill_columns(fig, count_columns(fig));
	if (!cut_arrows(fig))
		return nnv_fail_memory(diag);
	nnv_warn(diag, "list",
	    "%u boxes are listed in %u column%s; of %u arrows those from a box "
	    "to the next are drawn, %u are named",
	    plan->nvertices, plan->ncolumns, plan->ncolumns == 1 ? "" : "s",
	    plan->narcs, plan->ncut);
	return true;
}
