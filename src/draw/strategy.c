/*
 * What takes dot its time, and what is done against it:
 *
 * Its network simplex, which gives boxes their places from side to side, grows
 * with the square of its vertices: boxes, the points where arrows pass ranks,
 * one more for each piece of an arrow between, and two for each frame. Its
 * search for fewer crossings grows with the arrows side by side, and the
 * drawing of a long arrow with the square of its length. All of that is
 * counted before, and long arrows, which make most of it, are cut: the longest
 * first, and no more of them than it needs. Where that is not enough, nslimit
 * and mclimit cut dot short.
 *
 * The numbers were measured on residual and recurrent networks, transformers,
 * U-Nets and dense blocks of up to 3000 boxes: within them a layout takes a few
 * seconds at the most.
 *
 * With newrank, clusters cost 45 bytes for each of them on each rank.
 */
#include "strategy.h"

/*
 * What is done in a hurry, when a layout at the line above took too long: what
 * is cut at least, and dot's limits. The first line stands for what is chosen
 * below.
 */
static const struct {
	uint32_t span;
	double nslimit, mclimit;
} hurries[] = {
	{ UINT32_MAX, 0, 0 },
	{ 20, 0.5, 0.2 },
	{ 6, 0.1, 0.05 },
	{ 2, 0.05, 0.01 },
};

/* How short the arrows are that are cut, from step to step; arrows over so many
 * ranks are long where the style wants them cut. */
static const uint32_t spans[] = { UINT32_MAX, 64, 32, 20, 12, 8, 5, 3, 2 };
enum { NSPANS = sizeof(spans) / sizeof(spans[0]), LONG = 20 };

static const uint64_t easy_vertices = 2000, fair_vertices = 15000;
static const uint64_t hard_vertices = 50000;
static const uint32_t easy_width = 20;
static const uint64_t cells_max = 20000000;

/* What dot does within seconds. */
static const uint64_t simplex_max = 10000, bends_max = 100000;
static const uint32_t width_max = 40;

/* The vertices of dot's network simplex. */
static uint64_t
simplex_of(const struct nnv_effort *cost, const struct nnv_tree *tree)
{
	return cost->virtuals + cost->pieces + 2 * (uint64_t)tree->nclusters;
}

static bool
is_fair(const struct nnv_effort *cost, const struct nnv_tree *tree)
{
	return cost->width <= width_max && cost->bends <= bends_max &&
	    simplex_of(cost, tree) <= simplex_max;
}

/* The longest span that is no longer than LIMIT and makes the drawing fair; or
 * the shortest. False: no memory. */
static bool
find_span(const struct nnv_plan *plan, const struct nnv_tree *tree,
    uint32_t limit, uint32_t *span, struct nnv_arena *arena)
{
	for (size_t i = 0; i < NSPANS; i++) {
		struct nnv_effort cost;

		*span = spans[i] < limit ? spans[i] : limit;
		if (!nnv_plan_estimate(plan, *span, &cost, arena))
			return false;
		if (is_fair(&cost, tree))
			break;
	}
	return true;
}

bool
nnv_strategy_cut(struct nnv_plan *plan, const struct nnv_tree *tree,
    const struct nnv_style *style, struct nnv_arena *arena,
    struct nnv_diag *diag)
{
	bool any = style->long_arrows == NNV_LONG_AUTO;
	uint32_t span = hurries[style->hurry].span;

	if (style->long_arrows == NNV_LONG_DRAW)
		return true;
	if (!any && span > LONG)
		span = LONG;
	if (!find_span(plan, tree, span, &span, arena) ||
	    !nnv_plan_cut(plan, span, arena))
		return nnv_fail_memory(diag);
	if (plan->ncut != 0 && any)
		nnv_warn(diag, "long arrows",
		    "%u arrows over more than %u ranks are named, not drawn "
		    "(-S long_arrows=draw draws them)",
		    plan->ncut, span);
	return true;
}

bool
nnv_strategy_choose(struct nnv_strategy *strategy, const struct nnv_plan *plan,
    const struct nnv_tree *tree, int hurry, struct nnv_diag *diag)
{
	uint64_t n = plan->effort.virtuals;
	uint64_t cells = (uint64_t)tree->nclusters * plan->ranks;

	*strategy = (struct nnv_strategy){ .labels = false };
	if (cells > cells_max)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "%u modules on %u ranks need %.0f GB to lay out: "
		    "show less (-d, -c, -l) or no frames "
		    "(-S show_clusters=false)",
		    tree->nclusters, plan->ranks, (double)cells * 45e-9);
	if (hurry != 0) {
		strategy->nslimit = hurries[hurry].nslimit;
		strategy->mclimit = hurries[hurry].mclimit;
		return true;
	}
	if (n <= easy_vertices && plan->effort.width <= easy_width) {
		strategy->labels = true;
		return true;
	}
	if (n <= fair_vertices && plan->effort.width <= width_max) {
		strategy->nslimit = 2;
		return true;
	}
	strategy->nslimit = n <= hard_vertices ? 0.5 : 0.1;
	strategy->mclimit = n <= hard_vertices ? 0.05 : 0.01;
	nnv_warn(diag, "large",
	    "%u boxes and arrows over %u ranks will take "
	    "some time: -d, -c or -l shows less",
	    plan->nvertices, plan->ranks);
	return true;
}
