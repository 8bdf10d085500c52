/*
 * Ranks are the longest path from a source, as an approximation of those that
 * dot will choose. What that leaves too high is lowered afterwards: a source,
 * to what first needs it; and what takes its part of a tensor that everybody
 * takes (the steps of a recurrent network, what each layer of a decoder asks of
 * the encoder), to where the part is used, in the same frame. The long arrows
 * are then those of the common tensor, and each part stands beside its own.
 */
#include "rank.h"

/* Arcs by vertex: those that leave v are out[start[v]] .. out[start[v+1]-1]. */
struct fan {
	uint32_t *start, *arcs;
};

static bool
fan_out(const struct nnv_plan *plan, struct fan *fan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;
	uint32_t i;

	fan->start = NNV_NEW_ARRAY(arena, n + 2, uint32_t);
	fan->arcs = NNV_NEW_ARRAY(arena, plan->narcs, uint32_t);
	if (nnv_arena_failed(arena))
		return false;
	for (i = 0; i < plan->narcs; i++)
		if (!plan->arcs[i].aside)
			fan->start[plan->arcs[i].upper + 2]++;
	for (i = 0; i < n; i++)
		fan->start[i + 2] += fan->start[i + 1];
	for (i = 0; i < plan->narcs; i++)
		if (!plan->arcs[i].aside)
			fan->arcs[fan->start[plan->arcs[i].upper + 1]++] = i;
	return true;
}

/*
 * Kahn's order. In a graph with cycles (a trace in which a module that is
 * called twice is one node) the first vertex left over is taken as if nothing
 * led to it, until all are placed.
 */
struct order {
	uint32_t *queue, *waiting;
	bool *placed;
	uint32_t n;
};

static void
place(struct order *order, uint32_t vertex)
{
	order->placed[vertex] = true;
	order->queue[order->n++] = vertex;
}

static void
settle(struct nnv_plan *plan, const struct fan *fan, struct order *order,
    uint32_t vertex)
{
	uint32_t i;

	for (i = fan->start[vertex]; i < fan->start[vertex + 1]; i++) {
		const struct nnv_arc *arc = &plan->arcs[fan->arcs[i]];

		if (order->placed[arc->lower])
			continue; /* leads up: closes a cycle */
		if (plan->rank[arc->lower] < plan->rank[vertex] + 1)
			plan->rank[arc->lower] = plan->rank[vertex] + 1;
		if (--order->waiting[arc->lower] == 0)
			place(order, arc->lower);
	}
}

static bool
find_ranks(struct nnv_plan *plan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;
	struct order order = { NNV_NEW_ARRAY(arena, n, uint32_t),
		NNV_NEW_ARRAY(arena, n, uint32_t),
		NNV_NEW_ARRAY(arena, n, bool), 0 };
	struct fan fan;
	uint32_t i, done = 0;

	plan->rank = NNV_NEW_ARRAY(arena, n, uint32_t);
	if (!fan_out(plan, &fan, arena))
		return false;
	for (i = 0; plan->level != NULL && i < n; i++)
		plan->rank[i] = plan->level[i];
	for (i = 0; i < plan->narcs; i++)
		order.waiting[plan->arcs[i].lower] += !plan->arcs[i].aside;
	for (i = 0; i < n; i++)
		if (order.waiting[i] == 0)
			place(&order, i);
	for (i = 0; done < n;) {
		while (done < order.n)
			settle(plan, &fan, &order, order.queue[done++]);
		while (i < n && order.placed[i])
			i++;
		if (i < n && done == order.n)
			place(&order, i);
	}
	return true;
}

/* A constant, a second input: what nothing leads to stands right above what
 * first needs it, as dot will put it too. */
static bool
lower_sources(struct nnv_plan *plan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;
	bool *fed = NNV_NEW_ARRAY(arena, n, bool);
	uint32_t *first = NNV_NEW_ARRAY(arena, n, uint32_t);
	uint32_t i;

	if (nnv_arena_failed(arena))
		return false;
	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t rank = plan->rank[arc->lower];

		if (arc->aside)
			continue;
		fed[arc->lower] = true;
		if (first[arc->upper] == 0 || first[arc->upper] > rank)
			first[arc->upper] = rank;
	}
	for (i = 0; i < n; i++)
		if (!fed[i] && first[i] > 1 &&
		    (plan->level == NULL || plan->level[i] == 0))
			plan->rank[i] = first[i] - 1;
	return true;
}

/*
 * Lowering. Vertices that arcs of one rank hold together move as one: a group.
 * It goes down to the nearest vertex that it feeds, if its arcs get shorter by
 * that: the more frames hold both ends, the more an arc counts. One that no
 * frame holds counts nothing if it is one of many from its tensor; of several,
 * it holds nobody.
 */
enum { COMMON = 6, PASSES = 16 };

struct group {
	uint32_t slack; /* how far it could go */
	int64_t pull;   /* arcs that get shorter, less those that get longer */
};

struct lowering {
	struct nnv_plan *plan;
	uint32_t *fan;   /* by vertex: arcs that leave it */
	uint32_t *group; /* by vertex: another one of its group, or itself */
	struct group *groups; /* by vertex that stands for its group */
};

static uint32_t
weight_of(const struct lowering *l, const struct nnv_arc *arc)
{
	return arc->depth == 0 && l->fan[arc->upper] >= COMMON ? 0
							       : 1 + arc->depth;
}

static void
group_vertices(struct lowering *l)
{
	const struct nnv_plan *plan = l->plan;
	uint32_t i;

	for (i = 0; i < plan->nvertices; i++) {
		l->group[i] = i;
		l->groups[i] = (struct group){ UINT32_MAX, 0 };
	}
	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t a, b;

		if (arc->aside || (arc->depth == 0 && l->fan[arc->upper] > 1) ||
		    plan->rank[arc->lower] != plan->rank[arc->upper] + 1)
			continue;
		a = nnv_plan_group(l->group, arc->upper);
		b = nnv_plan_group(l->group, arc->lower);
		/* the lower number, so that the order decides nothing */
		l->group[a > b ? a : b] = a > b ? b : a;
	}
}

static void
weigh_groups(struct lowering *l)
{
	const struct nnv_plan *plan = l->plan;
	uint32_t i;

	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t a = nnv_plan_group(l->group, arc->upper);
		uint32_t b = nnv_plan_group(l->group, arc->lower);
		uint32_t from = plan->rank[arc->upper];
		uint32_t to = plan->rank[arc->lower];

		if (arc->aside || a == b || to <= from)
			continue;
		if (l->groups[a].slack > to - from - 1)
			l->groups[a].slack = to - from - 1;
		l->groups[a].pull += weight_of(l, arc);
		l->groups[b].pull -= weight_of(l, arc);
	}
}

/* All at once, for nothing that goes down is in the way of what is above it. */
static bool
move_groups(struct lowering *l)
{
	bool moved = false;
	uint32_t i;

	for (i = 0; i < l->plan->nvertices; i++) {
		const struct group *g = &l->groups[nnv_plan_group(l->group, i)];

		if (g->pull <= 0 || g->slack == 0 || g->slack == UINT32_MAX)
			continue;
		l->plan->rank[i] += g->slack;
		moved = true;
	}
	return moved;
}

static bool
lower_groups(struct nnv_plan *plan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;
	struct lowering l = { plan, NNV_NEW_ARRAY(arena, n, uint32_t),
		NNV_NEW_ARRAY(arena, n, uint32_t),
		NNV_NEW_ARRAY(arena, n, struct group) };
	int pass = 0;

	if (nnv_arena_failed(arena))
		return false;
	for (uint32_t i = 0; i < plan->narcs; i++)
		l.fan[plan->arcs[i].upper]++;
	while (pass++ < PASSES) {
		group_vertices(&l);
		weigh_groups(&l);
		if (!move_groups(&l))
			break;
	}
	return true;
}

bool
nnv_ranks_find(struct nnv_plan *plan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;

	plan->height = NNV_NEW_ARRAY(arena, n, uint32_t);
	if (!find_ranks(plan, arena))
		return false;
	if (n != 0)
		memcpy(plan->height, plan->rank, n * sizeof(*plan->height));
	return lower_sources(plan, arena) &&
	    (plan->level != NULL || lower_groups(plan, arena));
}
