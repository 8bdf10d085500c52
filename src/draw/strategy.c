/*
 * What takes dot its time, and what is done against it:
 *
 * Its network simplex, which gives boxes their places from side to side, grows
 * with the square of its vertices: boxes, the points where arrows pass ranks,
 * one more for each piece of an arrow between, and two for each frame. Its
 * search for fewer crossings grows with the arrows side by side, and the
 * drawing of a long arrow with the square of its length. All of that is
 * counted before, and long arrows, which make most of it, are cut: the longest
 * first, and no more of them than it needs. What is too much even so is broken
 * into columns. Where a person wants neither, nslimit cuts dot short; mclimit
 * does too, but only where there are no frames: a search that ends early leaves
 * those entangled, which dot takes longer over than it saved, and ends with
 * "trouble in init_rank".
 *
 * The numbers were measured on residual and recurrent networks, transformers,
 * U-Nets and dense blocks of up to 3000 boxes: within them a layout takes a few
 * seconds at the most.
 *
 * With newrank, clusters cost 45 bytes for each of them on each rank.
 */
#include "strategy.h"

#include <math.h>

#include "columns.h"
#include "figure.h"
#include "list.h"

/*
 * What is done in a hurry, when a layout at the line above took too long: what
 * is cut at least, and dot's limits. The first line stands for what is chosen
 * below; at the last one boxes are listed, without dot, which may take long
 * over anything, unless all arrows have to be drawn.
 */
static const struct {
	uint32_t span;
	double nslimit, mclimit;
} hurries[] = {
	{ UINT32_MAX, 0, 0 },
	{ 20, 2, 0.2 },
	{ 6, 0.5, 0.05 },
	{ 0, 0.1, 0.01 },
};
enum { HURRIES = sizeof(hurries) / sizeof(hurries[0]) };

/* How short the arrows are that are cut, from step to step; arrows over so many
 * ranks are long where the style wants them cut; shorter ones stay if columns
 * help as well. */
static const uint32_t spans[] = { UINT32_MAX, 64, 32, 20, 12, 8, 5, 3, 2 };
enum { NSPANS = sizeof(spans) / sizeof(spans[0]), LONG = 20, SHORT = 12 };

static const uint64_t easy_vertices = 2000;
static const uint32_t easy_width = 20;
static const uint64_t hard_vertices = 50000, hard_simplex = 20000;
static const uint32_t hard_width = 75;

/* What dot does within seconds. */
static const uint64_t simplex_max = 7000, bends_max = 100000;
static const uint32_t width_max = 40;

/* Clusters times ranks: without columns by choice, and at all. */
static const uint64_t cells_fair = 4000000, cells_max = 20000000;

/* Clusters times ranks, of one column. */
static uint64_t
cells_of(const struct nnv_figure *fig)
{
	return (uint64_t)fig->tree.nclusters * fig->plan.ranks /
	    fig->plan.ncolumns;
}

static bool
is_fair(const struct nnv_figure *fig, const struct nnv_effort *cost)
{
	double frames = 2.0 * fig->tree.nclusters / sqrt(fig->plan.ncolumns);

	return cost->width <= width_max && cost->bends <= bends_max &&
	    (double)cost->simplex + frames <= (double)simplex_max &&
	    cells_of(fig) <= cells_fair;
}

/* The longest span that is no longer than LIMIT and makes the drawing FAIR; or
 * the shortest. False: no memory. */
static bool
find_span(struct nnv_figure *fig, uint32_t limit, uint32_t *span, bool *fair)
{
	struct nnv_effort cost;
	size_t i;

	for (i = 0, *fair = false; i < NSPANS && !*fair; i++) {
		*span = spans[i] < limit ? spans[i] : limit;
		if (!nnv_plan_estimate(&fig->plan, *span, &cost, &fig->arena))
			return false;
		*fair = is_fair(fig, &cost);
	}
	return true;
}

/* How many columns: as the style says, or as many as make it fair. */
static bool
find_columns(struct nnv_figure *fig, uint32_t *n)
{
	const struct nnv_style *style = fig->style;
	uint32_t span;
	bool fair;

	*n = (uint32_t)style->columns;
	if (*n != 0)
		return true;
	*n = 1;
	if (style->long_arrows == NNV_LONG_DRAW)
		return true;
	if (!find_span(fig, UINT32_MAX, &span, &fair))
		return false;
	if (style->hurry != 0 || !fair || span < SHORT)
		*n = nnv_columns_wanted(&fig->plan);
	return true;
}

static bool
break_columns(struct nnv_figure *fig, struct nnv_diag *diag)
{
	uint32_t n;

	if (!find_columns(fig, &n))
		return nnv_fail_memory(diag);
	if (n == 1)
		return true;
	if (!nnv_columns_break(&fig->plan, fig->graph, &fig->tree, n,
		&fig->arena) ||
	    !nnv_plan_measure(&fig->plan, &fig->arena))
		return nnv_fail_memory(diag);
	if (fig->style->columns == 0 && fig->plan.ncolumns > 1)
		nnv_warn(diag, "columns",
		    "%u boxes and arrows over %u ranks are drawn in %u columns "
		    "(-S columns=1 draws one; -d, -c or -l shows less)",
		    fig->plan.nvertices, fig->plan.ranks, fig->plan.ncolumns);
	return true;
}

static bool
cut_arrows(struct nnv_figure *fig, struct nnv_diag *diag)
{
	const struct nnv_style *style = fig->style;
	bool any = style->long_arrows == NNV_LONG_AUTO, fair;
	uint32_t span = hurries[style->hurry].span, before = fig->plan.ncut;

	if (style->long_arrows == NNV_LONG_DRAW)
		return true;
	if (!any && span > LONG)
		span = LONG;
	if (!find_span(fig, span, &span, &fair) ||
	    !nnv_plan_cut(&fig->plan, span, &fig->arena))
		return nnv_fail_memory(diag);
	if (fig->plan.ncut != before && any)
		nnv_warn(diag, "long arrows",
		    "%u arrows over more than %u ranks are named, not drawn "
		    "(-S long_arrows=draw draws them)",
		    fig->plan.ncut - before, span);
	return true;
}

bool
nnv_strategy_lists(const struct nnv_style *style)
{
	return style->hurry == HURRIES - 1 &&
	    style->long_arrows != NNV_LONG_DRAW;
}

bool
nnv_strategy_shape(struct nnv_figure *fig, struct nnv_diag *diag)
{
	if (nnv_strategy_lists(fig->style))
		return nnv_list_make(fig, diag);
	return break_columns(fig, diag) && cut_arrows(fig, diag);
}

static void
set_mclimit(struct nnv_figure *fig, double limit)
{
	if (fig->tree.nclusters == 0)
		fig->strategy.mclimit = limit;
}

bool
nnv_strategy_choose(struct nnv_figure *fig, struct nnv_diag *diag)
{
	struct nnv_strategy *strategy = &fig->strategy;
	const struct nnv_effort *cost = &fig->plan.effort;
	int hurry = fig->style->hurry;

	*strategy = (struct nnv_strategy){ .labels = false };
	if (fig->plan.order != NULL)
		return true;
	if (cells_of(fig) > cells_max)
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "%u modules on %u ranks need %.0f GB to lay out: "
		    "show less (-d, -c, -l) or no frames "
		    "(-S show_clusters=false)",
		    fig->tree.nclusters, fig->plan.ranks,
		    (double)cells_of(fig) * 45e-9);
	if (hurry != 0) {
		strategy->nslimit = hurries[hurry].nslimit;
		set_mclimit(fig, hurries[hurry].mclimit);
		return true;
	}
	if (cost->virtuals <= easy_vertices && cost->width <= easy_width) {
		/* the other phase's boxes would stand between its ranks */
		strategy->labels = !fig->facts.mirrored;
		return true;
	}
	if (is_fair(fig, cost) || fig->plan.ncolumns > 1) {
		strategy->nslimit = 2;
		return true;
	}
	strategy->nslimit = cost->virtuals <= hard_vertices ? 0.5 : 0.1;
	set_mclimit(fig, cost->virtuals <= hard_vertices ? 0.05 : 0.01);
	if (cost->simplex > hard_simplex || cost->width > hard_width)
		nnv_warn(diag, "large",
		    "%u boxes and arrows over %u ranks take "
		    "some time: -d, -c or -l shows less",
		    fig->plan.nvertices, fig->plan.ranks);
	return true;
}
