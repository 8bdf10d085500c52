/*
 * dot's network simplex grows faster than the square of the virtual nodes; it
 * is cut short by nslimit, its search for fewer crossings by mclimit. The
 * thresholds were measured on chains, residual networks, transformers, U-Nets
 * and dense blocks: up to the first, the full effort takes less than half a
 * second; up to the second, less than two with twice the vertices as limit; up
 * to the third, about ten.
 *
 * With newrank, clusters cost 45 bytes for each of them on each rank.
 */
#include "strategy.h"

/*
 * What is done in a hurry, when a layout at the line above took too long: what
 * is cut, and dot's limits. The first line stands for what is chosen below.
 */
static const struct {
	uint32_t span;
	double nslimit, mclimit;
} hurries[] = {
	{ 20, 0, 0 },
	{ 20, 0.5, 0.2 },
	{ 6, 0.1, 0.05 },
	{ 2, 0.05, 0.01 },
};

static const uint64_t easy_vertices = 2000, fair_vertices = 15000;
static const uint64_t hard_vertices = 50000;
static const uint32_t easy_width = 20, fair_width = 75;
static const uint64_t cells_max = 20000000;

static bool
is_fair(const struct nnv_plan *plan)
{
	return plan->virtuals <= fair_vertices && plan->width <= fair_width;
}

bool
nnv_strategy_cut(struct nnv_plan *plan, const struct nnv_style *style,
    struct nnv_arena *arena, struct nnv_diag *diag)
{
	bool any = style->long_arrows == NNV_LONG_AUTO;
	uint32_t span = hurries[style->hurry].span;

	if (style->long_arrows == NNV_LONG_DRAW ||
	    (any && style->hurry == 0 && is_fair(plan)))
		return true;
	if (!nnv_plan_cut(plan, span, arena))
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
	uint64_t n = plan->virtuals;
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
	if (n <= easy_vertices && plan->width <= easy_width) {
		strategy->labels = true;
		return true;
	}
	if (n <= fair_vertices && plan->width <= fair_width) {
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
