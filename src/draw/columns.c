/*
 * A network of a thousand layers is a strip that no page holds, and dot's time
 * grows with the square of its length. Broken into columns, as a newspaper
 * breaks its text, it fills a page, each column is laid out for itself, and the
 * time grows with the length. Arrows from one column to another are named at
 * both ends, as other long ones are (see stubs.c), so that a break is made
 * where few arrows pass, and not amid a block if there is a place between two.
 */
#include "columns.h"

#include <math.h>

/* What is the same everywhere does not count: an arrow so long that it would
 * be cut anyway. To break a frame is as bad as to break so many arrows. */
enum { LONG = 20, FRAME = 2 };

/* Boxes of a column of pieces that no arrow joins, and the most such columns:
 * beyond, columns grow, for every one of them costs a look at every box. */
enum { APART = 60, APART_COLUMNS = 200 };

/* What a column weighs that is too wide, and about what its parts do. */
enum { WIDE = 20000, WIDE_PART = 5000 };

/* About what a rank and an arrow or box in it take, in points; the ranks of the
 * shortest column; what dot lays out at once, in its own vertices. */
enum { RANK_HEIGHT = 44, LANE_WIDTH = 110, RANKS_MIN = 6, COLUMN_MAX = 3000 };

/* What will have to be laid out for certain: long arrows are cut, by the breaks
 * or as too many. */
static uint64_t
weigh(const struct nnv_plan *plan)
{
	uint64_t weight = plan->nvertices;
	uint32_t i;

	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];

		if (!arc->aside && (arc->spine || arc->span <= LONG))
			weight += 2 * (uint64_t)arc->span;
	}
	return weight;
}

uint32_t
nnv_columns_wanted(const struct nnv_plan *plan)
{
	uint64_t weight = weigh(plan);
	double height = (double)plan->ranks * RANK_HEIGHT;
	double lanes = 1 + (double)weight / 2 / plan->ranks;
	uint32_t n = (uint32_t)sqrt(height / (lanes * LANE_WIDTH));

	if (n < weight / COLUMN_MAX)
		n = (uint32_t)(weight / COLUMN_MAX);
	return n > 1 ? n : 1;
}

/* The first and last rank of what stands in a frame. */
struct extent {
	uint32_t first, last;
};

static void
widen(struct extent *extent, struct extent by)
{
	if (extent->first > by.first)
		extent->first = by.first;
	if (extent->last < by.last)
		extent->last = by.last;
}

/* COST: by rank, what the frames count that are open between it and the one
 * above it. */
static bool
add_frames(const struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_tree *tree, int64_t *cost, struct nnv_arena *arena)
{
	struct extent *extents = NNV_NEW_ARRAY(arena, graph->nmodules,
	    struct extent);
	uint32_t i;

	if (extents == NULL)
		return false;
	for (i = 0; i < graph->nmodules; i++)
		extents[i].first = UINT32_MAX;
	for (i = 0; i < plan->nvertices; i++) {
		uint32_t home = i < graph->nnodes
		    ? nnv_tree_home(tree, graph, i)
		    : plan->fork_home[i - graph->nnodes];

		if (home != NNV_NONE)
			widen(&extents[home],
			    (struct extent){ plan->rank[i], plan->rank[i] });
	}
	/* inner frames come after the outer ones */
	for (i = graph->nmodules; i-- > 0;) {
		if (!tree->drawn[i] || extents[i].first == UINT32_MAX)
			continue;
		if (tree->outer[i] != NNV_NONE)
			widen(&extents[tree->outer[i]], extents[i]);
		cost[extents[i].first + 1] += FRAME;
		cost[extents[i].last + 1] -= FRAME;
	}
	return true;
}

/* By rank, what a break above it cuts: frames, and vertices that feed what is
 * below; how many of it they feed does not matter. NULL: no memory. */
static int64_t *
find_costs(const struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_tree *tree, struct nnv_arena *arena)
{
	int64_t *cost = NNV_NEW_ARRAY(arena, (size_t)plan->ranks + 2, int64_t);
	uint32_t *reach = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t i;

	if (cost == NULL || reach == NULL ||
	    !add_frames(plan, graph, tree, cost, arena))
		return NULL;
	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];

		if (arc->span == 0 || arc->span > LONG || arc->aside)
			continue;
		if (reach[arc->upper] < plan->rank[arc->lower])
			reach[arc->upper] = plan->rank[arc->lower];
	}
	for (i = 0; i < plan->nvertices; i++) {
		if (reach[i] <= plan->rank[i])
			continue;
		cost[plan->rank[i] + 1]++;
		cost[reach[i] + 1]--;
	}
	for (i = 0; i < plan->ranks; i++)
		cost[i + 1] += cost[i];
	return cost;
}

/* The rank before which to break, about HEIGHT ranks below START. */
static uint32_t
find_break(const int64_t *cost, uint32_t start, double height, uint32_t end)
{
	double ideal = start + height, least = INFINITY;
	uint32_t rank = (uint32_t)(ideal - height * 0.35);
	uint32_t last = (uint32_t)(ideal + height * 0.35), best = end;

	if (rank < start + 1)
		rank = start + 1;
	for (; rank <= last && rank < end; rank++) {
		double away = fabs(rank - ideal) / height;
		double bad = (double)cost[rank] + 5 * away;

		if (bad >= least)
			continue;
		least = bad;
		best = rank;
	}
	return best;
}

static void
find_pieces(const struct nnv_plan *plan, uint32_t *first, uint32_t *size)
{
	uint32_t i;

	for (i = 0; i < plan->nvertices; i++)
		first[i] = i;
	for (i = 0; i < plan->narcs; i++) {
		uint32_t a = nnv_plan_group(first, plan->arcs[i].from);
		uint32_t b = nnv_plan_group(first, plan->arcs[i].to);

		if (!plan->arcs[i].aside)
			first[a > b ? a : b] = a > b ? b : a;
	}
	for (i = 0; i < plan->nvertices; i++)
		size[nnv_plan_group(first, i)]++;
}

/* Small pieces that no arrow joins (beginnings and updates of parameters) would
 * all stand in the first column: many of them get columns of their own. */
static bool
set_apart(struct nnv_plan *plan, struct nnv_arena *arena)
{
	uint32_t *first = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t *size = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t i, n = 0, room = APART, filled;

	if (first == NULL || size == NULL)
		return false;
	find_pieces(plan, first, size);
	for (i = 0; i < plan->nvertices; i++)
		n += size[nnv_plan_group(first, i)] <= APART;
	if (n <= APART)
		return true;
	if (room < n / APART_COLUMNS)
		room = n / APART_COLUMNS;
	filled = room;
	for (i = 0; i < plan->nvertices; i++) {
		uint32_t head = nnv_plan_group(first, i);

		if (size[head] > APART)
			continue;
		/* a piece is met at its head */
		if (head == i && filled + size[i] > room) {
			plan->ncolumns++;
			filled = 0;
		}
		if (head == i) {
			filled += size[i];
			plan->column[i] = plan->ncolumns - 1;
		} else {
			plan->column[i] = plan->column[head];
		}
	}
	return true;
}

/* Vertices, sorted by their columns: those of C begin at START[C]. */
static uint32_t *
sort_by_column(const struct nnv_plan *plan, uint32_t *start,
    struct nnv_arena *arena)
{
	uint32_t *sorted = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t i;

	if (sorted == NULL)
		return NULL;
	for (i = 0; i < plan->nvertices; i++)
		start[plan->column[i] + 2]++;
	for (i = 0; i < plan->ncolumns; i++)
		start[i + 2] += start[i + 1];
	for (i = 0; i < plan->nvertices; i++)
		sorted[start[plan->column[i] + 1]++] = i;
	return sorted;
}

/* By vertex, what it weighs in its column: as much as its arrows to others of
 * that column. NULL: no memory. */
static uint32_t *
weigh_vertices(const struct nnv_plan *plan, struct nnv_arena *arena)
{
	uint32_t *weight = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t i;

	if (weight == NULL)
		return NULL;
	for (i = 0; i < plan->nvertices; i++)
		weight[i] = 1;
	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];

		if (!arc->aside && (arc->spine || arc->span <= LONG) &&
		    plan->column[arc->upper] == plan->column[arc->lower])
			weight[arc->lower] += 2 * arc->span;
	}
	return weight;
}

/* Divide the N vertices of a column among as many as it takes, from number AT
 * on, chain by chain; how many these are. PLACE: by chain, where it goes. */
static uint32_t
divide(struct nnv_plan *plan, const uint32_t *vertices, uint32_t n,
    const uint32_t *weight, uint32_t *place, uint32_t at)
{
	uint64_t all = 0, filled = 0;
	uint32_t i, first = at;

	for (i = 0; i < n; i++)
		all += weight[vertices[i]];
	for (i = 0; i < n; i++) {
		uint32_t *to = &place[plan->chain[vertices[i]]];

		if (*to < first || *to == NNV_NONE) {
			if (all > WIDE && filled > WIDE_PART) {
				at++;
				filled = 0;
			}
			*to = at;
		}
		plan->column[vertices[i]] = *to;
		filled += weight[vertices[i]];
	}
	return at + 1 - first;
}

/* What stands side by side is in the way of itself, too: a tensor that
 * thousands take. */
static bool
split_wide(struct nnv_plan *plan, struct nnv_arena *arena)
{
	uint32_t *start = NNV_NEW_ARRAY(arena, (size_t)plan->ncolumns + 2,
	    uint32_t);
	uint32_t *place = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	uint32_t *sorted, *weight, i, at = 0;

	if (start == NULL || place == NULL)
		return false;
	sorted = sort_by_column(plan, start, arena);
	weight = weigh_vertices(plan, arena);
	if (sorted == NULL || weight == NULL)
		return false;
	for (i = 0; i < plan->nvertices; i++)
		place[i] = NNV_NONE;
	for (i = 0; i < plan->ncolumns; i++)
		at += divide(plan, sorted + start[i], start[i + 1] - start[i],
		    weight, place, at);
	plan->ncolumns = at;
	return true;
}

static void
cut_between(struct nnv_plan *plan)
{
	uint32_t i;

	for (i = 0; i < plan->narcs; i++) {
		struct nnv_arc *arc = &plan->arcs[i];

		if (arc->cut ||
		    plan->column[arc->from] == plan->column[arc->to])
			continue;
		arc->cut = true;
		plan->ncut++;
	}
}

bool
nnv_columns_break(struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_tree *tree, uint32_t n, struct nnv_arena *arena)
{
	uint32_t *column = NNV_NEW_ARRAY(arena, plan->ranks, uint32_t);
	int64_t *cost = find_costs(plan, graph, tree, arena);
	uint32_t start = 0, at = 0, rank, i;

	if (column == NULL || cost == NULL)
		return false;
	if (n > plan->ranks / RANKS_MIN)
		n = plan->ranks / RANKS_MIN;
	for (; at + 1 < n && start < plan->ranks; at++) {
		uint32_t stop = find_break(cost, start,
		    (double)(plan->ranks - start) / (n - at), plan->ranks);

		for (rank = start; rank < stop; rank++)
			column[rank] = at;
		start = stop;
	}
	for (rank = start; rank < plan->ranks; rank++)
		column[rank] = at;
	plan->ncolumns = plan->ranks != 0 ? column[plan->ranks - 1] + 1 : 1;
	for (i = 0; i < plan->nvertices; i++)
		plan->column[i] = column[plan->rank[i]];
	if (!set_apart(plan, arena) || !split_wide(plan, arena))
		return false;
	cut_between(plan);
	return true;
}
