/*
 * The plan is made before Graphviz sees anything.
 *
 * Fork points. A tensor that several nodes of one module consume, and that
 * comes from outside it, enters once and splits inside: the skip of a residual
 * block then stays in the block's frame instead of swinging round it.
 *
 * Many arrows from one box to another (of the levels of a U-Net that is drawn
 * as two boxes) would be a river that nobody follows, and take dot hours: they
 * are one, which says how many it stands for.
 *
 * Ranks. As in rank.c; an arc that leads down more than one rank is a skip.
 *
 * Chains. The longest path through the graph is the main path; what is left is
 * cut into longest paths again. Chains are kept straight, skips are not. Arcs
 * of the backward pass that lead back have no part in ranks and chains.
 *
 * Cost. dot turns an arc over k ranks into k - 1 virtual vertices; its time
 * grows with their number and with how many stand side by side.
 */
#include "plan.h"

#include <math.h>

#include "nnviz/table.h"
#include "rank.h"

/* Arrows between two boxes that are followed with the eye. */
enum { FORKS_DEEP = 64, FEW = 8 };

/* The arcs of one tensor of one node, while they are sorted into frames. */
struct planner {
	const struct nnv_graph *graph;
	const struct nnv_links *links;
	const struct nnv_tree *tree;
	struct nnv_plan *plan;
	uint32_t *next; /* by edge: the next one of the same tensor */
	bool forks;
};

static uint32_t
home_of(const struct planner *p, uint32_t vertex)
{
	return vertex < p->graph->nnodes
	    ? nnv_tree_home(p->tree, p->graph, vertex)
	    : p->plan->fork_home[vertex - p->graph->nnodes];
}

static void
add_arc(struct planner *p, uint32_t from, uint32_t to, uint32_t edge)
{
	struct nnv_arc *arc = &p->plan->arcs[p->plan->narcs++];
	uint32_t frame = nnv_tree_common(p->tree, home_of(p, from),
	    home_of(p, to));

	arc->depth = frame != NNV_NONE ? p->tree->depth[frame] : 0;
	arc->from = arc->upper = from;
	arc->to = arc->lower = to;
	arc->edge = edge;
	arc->several = 1;
	arc->alike = true;
}

static uint32_t
home_of_edge(const struct planner *p, uint32_t edge)
{
	return nnv_tree_home(p->tree, p->graph, p->graph->edges[edge].dst);
}

/* From the list that begins at *FIRST, move to *TAKEN the edges into FRAME, as
 * seen from HOME; how many different nodes they lead to, and the innermost
 * frame around all of them. */
static uint32_t
take_frame(struct planner *p, uint32_t home, uint32_t frame, uint32_t *first,
    uint32_t *taken)
{
	uint32_t *at = first, *end = taken;
	uint32_t last = NNV_NONE, different = 0;

	while (*at != NNV_NONE) {
		uint32_t edge = *at;

		if (nnv_tree_entered(p->tree, home, home_of_edge(p, edge)) !=
		    frame) {
			at = &p->next[edge];
			continue;
		}
		different += p->graph->edges[edge].dst != last;
		last = p->graph->edges[edge].dst;
		*at = p->next[edge];
		*end = edge;
		end = &p->next[edge];
	}
	*end = NNV_NONE;
	return different;
}

static uint32_t
common_frame(const struct planner *p, uint32_t list)
{
	uint32_t frame = home_of_edge(p, list);

	for (list = p->next[list]; list != NNV_NONE; list = p->next[list])
		frame = nnv_tree_common(p->tree, frame, home_of_edge(p, list));
	return frame;
}

static uint32_t
add_fork(struct planner *p, uint32_t home, uint32_t source)
{
	struct nnv_plan *plan = p->plan;

	plan->fork_home[plan->nforks] = home;
	plan->fork_source[plan->nforks] = source;
	return p->graph->nnodes + plan->nforks++;
}

bool
nnv_edge_is_back(const struct nnv_graph *graph, const struct nnv_edge *edge)
{
	return edge->src > edge->dst &&
	    graph->nodes[edge->src].phase == NNV_BACKWARD &&
	    graph->nodes[edge->dst].phase == NNV_BACKWARD;
}

/* Whether a phase keeps the tensor for a later one, or the backward pass for
 * what it adds up, which is drawn as one pale arrow for each pair of boxes. */
static bool
is_saved(const struct planner *p, uint32_t edge)
{
	const struct nnv_edge *e = &p->graph->edges[edge];
	enum nnv_phase to = p->graph->nodes[e->dst].phase;

	return nnv_edge_is_back(p->graph, e) ||
	    (p->graph->nodes[e->src].phase != to &&
		(to == NNV_BACKWARD || to == NNV_OPTIMIZER));
}

/* Draw the edges of LIST from the vertex FROM, which stands in HOME. Each call
 * goes at least one frame deeper. */
static void
branch(struct planner *p, uint32_t from, uint32_t home, uint32_t list,
    int depth)
{
	while (list != NNV_NONE) {
		uint32_t edge = list, taken, fork, inside;
		uint32_t frame = nnv_tree_entered(p->tree, home,
		    home_of_edge(p, edge));

		if (frame == NNV_NONE || !p->forks || depth == FORKS_DEEP ||
		    is_saved(p, edge)) {
			list = p->next[edge];
			add_arc(p, from, p->graph->edges[edge].dst, edge);
			continue;
		}
		if (take_frame(p, home, frame, &list, &taken) < 2) {
			for (; taken != NNV_NONE; taken = p->next[taken])
				add_arc(p, from, p->graph->edges[taken].dst,
				    taken);
			continue;
		}
		inside = common_frame(p, taken);
		fork = add_fork(p, inside, p->graph->edges[edge].src);
		add_arc(p, from, fork, edge);
		branch(p, fork, inside, taken, depth + 1);
	}
}

/* The edges that leave NODE, tensor by tensor in order of first use. */
static bool
branch_node(struct planner *p, uint32_t node, struct nnv_table *last,
    uint32_t *firsts)
{
	const struct nnv_links *links = p->links;
	uint32_t nfirsts = 0, i;

	for (i = links->out_start[node]; i < links->out_start[node + 1]; i++) {
		uint32_t edge = links->out[i];
		uint32_t *slot = nnv_table_at(last,
		    nnv_table_pair(node, p->graph->edges[edge].tensor));

		if (slot == NULL)
			return false;
		if (*slot == NNV_TABLE_NONE)
			firsts[nfirsts++] = edge;
		else
			p->next[*slot] = edge;
		*slot = edge;
		p->next[edge] = NNV_NONE;
	}
	for (i = 0; i < nfirsts; i++)
		branch(p, node, nnv_tree_home(p->tree, p->graph, node),
		    firsts[i], 0);
	return true;
}

/* Every fork point joins at least two edges into one, and so at most as many
 * of them exist as there are edges. */
static bool
find_arcs(struct planner *p, struct nnv_arena *arena)
{
	uint32_t nedges = p->graph->nedges, node;
	uint32_t *firsts = NNV_NEW_ARRAY(arena, nedges, uint32_t);
	struct nnv_plan *plan = p->plan;
	struct nnv_table last;
	bool fine;

	p->next = NNV_NEW_ARRAY(arena, nedges, uint32_t);
	plan->fork_home = NNV_NEW_ARRAY(arena, nedges, uint32_t);
	plan->fork_source = NNV_NEW_ARRAY(arena, nedges, uint32_t);
	plan->arcs = NNV_NEW_ARRAY(arena, 2 * (size_t)nedges, struct nnv_arc);
	if (nnv_arena_failed(arena))
		return false;
	nnv_table_init(&last);
	for (node = 0, fine = true; node < p->graph->nnodes && fine; node++)
		fine = branch_node(p, node, &last, firsts);
	nnv_table_release(&last);
	plan->nvertices = p->graph->nnodes + plan->nforks;
	return fine;
}

static const struct nnv_spec *
spec_of(const struct nnv_graph *graph, const struct nnv_arc *arc)
{
	uint32_t tensor = graph->edges[arc->edge].tensor;

	return tensor == NNV_NONE ? NULL : graph->tensors[tensor].spec;
}

/* Count at the first arc from one vertex to another, FIRST[i] of arc i, all of
 * them. False: no memory. */
static bool
count_parallel(const struct planner *p, uint32_t *first)
{
	struct nnv_plan *plan = p->plan;
	struct nnv_table table;

	nnv_table_init(&table);
	for (uint32_t i = 0; i < plan->narcs && !table.failed; i++) {
		struct nnv_arc *arc = &plan->arcs[i], *one;
		uint32_t *slot = nnv_table_at(&table,
		    nnv_table_pair(arc->from, arc->to));

		if (slot == NULL)
			break;
		if (*slot == NNV_TABLE_NONE)
			*slot = i;
		first[i] = *slot;
		if (*slot == i)
			continue;
		one = &plan->arcs[*slot];
		one->several++;
		one->alike = one->alike &&
		    nnv_spec_eq(spec_of(p->graph, one), spec_of(p->graph, arc));
	}
	nnv_table_release(&table);
	return !table.failed;
}

/* Let one arc stand for many. */
static bool
join_parallel(struct planner *p, struct nnv_arena *arena)
{
	struct nnv_plan *plan = p->plan;
	uint32_t *first = NNV_NEW_ARRAY(arena, plan->narcs, uint32_t);
	uint32_t n = 0;

	if (first == NULL || !count_parallel(p, first))
		return false;
	for (uint32_t i = 0; i < plan->narcs; i++) {
		struct nnv_arc arc = plan->arcs[i];

		if (first[i] != i) {
			/* where the first one is now */
			if (plan->arcs[first[first[i]]].several == 1)
				plan->arcs[n++] = arc;
			continue;
		}
		if (arc.several <= FEW)
			arc.several = 1;
		first[i] = n;
		plan->arcs[n++] = arc;
	}
	plan->narcs = n;
	return true;
}

/* Whether an arc can be left out: the boxes keep their places without it. */
static bool
is_spare(const struct nnv_arc *arc, uint32_t span)
{
	return arc->span > span && !arc->spine && !arc->loose;
}

/* dot's time grows with the square of a column: SIZES are added up so. */
static uint64_t
join_columns(const uint64_t *sizes, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += (double)sizes[i] * (double)sizes[i];
	return (uint64_t)sqrt(sum);
}

/* CHANGE: by rank, arcs that begin to pass there less those that end to. */
static void
add_up(const struct nnv_plan *plan, uint32_t span, struct nnv_effort *cost,
    int64_t *change, uint64_t *sizes)
{
	int64_t passing = 0;
	uint32_t i;

	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t a, b;

		if (arc->cut || arc->loose || is_spare(arc, span))
			continue;
		cost->pieces += arc->span;
		sizes[plan->column[arc->from]] += 2 * (uint64_t)arc->span;
		if (arc->span < 2)
			continue;
		cost->virtuals += arc->span - 1;
		cost->bends += (uint64_t)arc->span * arc->span;
		a = plan->rank[arc->upper];
		b = plan->rank[arc->lower];
		change[(a < b ? a : b) + 1]++;
		change[a < b ? b : a]--;
	}
	for (i = 0; i < plan->ranks; i++) {
		passing += change[i];
		if (passing > (int64_t)cost->width)
			cost->width = (uint32_t)passing;
	}
}

bool
nnv_plan_estimate(const struct nnv_plan *plan, uint32_t span,
    struct nnv_effort *cost, struct nnv_arena *arena)
{
	int64_t *change = NNV_NEW_ARRAY(arena, (size_t)plan->ranks + 1,
	    int64_t);
	uint64_t *sizes = NNV_NEW_ARRAY(arena, plan->ncolumns, uint64_t);

	if (nnv_arena_failed(arena))
		return false;
	*cost = (struct nnv_effort){ .virtuals = plan->nvertices };
	for (uint32_t i = 0; i < plan->nvertices; i++)
		sizes[plan->column[i]]++;
	add_up(plan, span, cost, change, sizes);
	cost->simplex = join_columns(sizes, plan->ncolumns);
	return true;
}

/* How far arcs lead, and what that costs. */
bool
nnv_plan_measure(struct nnv_plan *plan, struct nnv_arena *arena)
{
	uint32_t i;

	plan->ranks = 0;
	for (i = 0; i < plan->nvertices; i++)
		if (plan->rank[i] + 1 > plan->ranks)
			plan->ranks = plan->rank[i] + 1;
	for (i = 0; i < plan->narcs; i++) {
		struct nnv_arc *arc = &plan->arcs[i];
		uint32_t a = plan->rank[arc->upper];
		uint32_t b = plan->rank[arc->lower];

		arc->span = b > a ? b - a : arc->aside ? a - b : 0;
	}
	return nnv_plan_estimate(plan, UINT32_MAX, &plan->effort, arena);
}

bool
nnv_plan_orient(struct nnv_plan *plan, struct nnv_arena *arena)
{
	return nnv_ranks_find(plan, arena) && nnv_plan_measure(plan, arena);
}

/* By vertex, the arc from the rank just above that ends the longest path, of
 * several the one that was drawn first. */
static void
find_ups(const struct nnv_plan *plan, uint32_t *up)
{
	uint32_t i;

	for (i = 0; i < plan->nvertices; i++)
		up[i] = NNV_NONE;
	for (i = 0; i < plan->narcs; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t best = up[arc->to];

		if (arc->span == 1 &&
		    (best == NNV_NONE ||
			plan->height[arc->from] >
			    plan->height[plan->arcs[best].from]))
			up[arc->to] = i;
	}
}

/* The vertices from the lowest rank up; of one rank in input order. */
static void
sort_by_rank(const struct nnv_plan *plan, uint32_t *start, uint32_t *sorted)
{
	uint32_t i;

	for (i = 0; i < plan->nvertices; i++)
		start[plan->ranks - plan->rank[i]]++;
	for (i = 0; i < plan->ranks; i++)
		start[i + 1] += start[i];
	for (i = 0; i < plan->nvertices; i++)
		sorted[start[plan->ranks - 1 - plan->rank[i]]++] = i;
}

static bool
find_chains(struct nnv_plan *plan, struct nnv_arena *arena)
{
	size_t n = plan->nvertices;
	uint32_t *up = NNV_NEW_ARRAY(arena, n, uint32_t);
	uint32_t *sorted = NNV_NEW_ARRAY(arena, n, uint32_t);
	uint32_t *start = NNV_NEW_ARRAY(arena, (size_t)plan->ranks + 1,
	    uint32_t);
	uint32_t i, nchains = 0;

	plan->chain = NNV_NEW_ARRAY(arena, n, uint32_t);
	if (nnv_arena_failed(arena))
		return false;
	find_ups(plan, up);
	sort_by_rank(plan, start, sorted);
	for (i = 0; i < n; i++)
		plan->chain[i] = NNV_NONE;
	for (i = 0; i < n; i++) {
		uint32_t vertex = sorted[i];

		if (plan->chain[vertex] != NNV_NONE)
			continue;
		plan->chain[vertex] = nchains;
		while (up[vertex] != NNV_NONE) {
			struct nnv_arc *arc = &plan->arcs[up[vertex]];

			if (plan->chain[arc->from] != NNV_NONE)
				break;
			arc->spine = true;
			vertex = arc->from;
			plan->chain[vertex] = nchains;
		}
		nchains++;
	}
	return true;
}

/* Put the arcs that lead back behind those that hold boxes in their places, and
 * count only the latter. */
static bool
put_back_last(struct nnv_plan *plan, const struct nnv_graph *graph,
    struct nnv_arena *arena)
{
	struct nnv_arc *back = NNV_NEW_ARRAY(arena, plan->narcs,
	    struct nnv_arc);
	uint32_t n = 0, held = 0;

	if (back == NULL)
		return false;
	for (uint32_t i = 0; i < plan->narcs; i++) {
		struct nnv_arc arc = plan->arcs[i];

		if (nnv_edge_is_back(graph, &graph->edges[arc.edge]))
			back[n++] = arc;
		else
			plan->arcs[held++] = arc;
	}
	if (n > 0)
		memcpy(plan->arcs + held, back, n * sizeof(*back));
	plan->narcs = held;
	return true;
}

static bool
stand_in_one(struct nnv_plan *plan, struct nnv_arena *arena)
{
	plan->column = NNV_NEW_ARRAY(arena, plan->nvertices, uint32_t);
	return plan->column != NULL;
}

bool
nnv_plan_init(struct nnv_plan *plan, const struct nnv_graph *graph,
    const struct nnv_links *links, const struct nnv_tree *tree, bool forks,
    struct nnv_arena *arena)
{
	struct planner planner = { graph, links, tree, plan, NULL, forks };
	uint32_t narcs;
	bool fine;

	*plan = (struct nnv_plan){ .ncolumns = 1 };
	if (!find_arcs(&planner, arena) || !join_parallel(&planner, arena))
		return false;
	narcs = plan->narcs;
	if (!put_back_last(plan, graph, arena))
		return false;
	fine = nnv_ranks_find(plan, arena) && stand_in_one(plan, arena) &&
	    nnv_plan_measure(plan, arena) && find_chains(plan, arena);
	plan->narcs = narcs;
	return fine && nnv_plan_measure(plan, arena);
}

bool
nnv_plan_cut(struct nnv_plan *plan, uint32_t span, struct nnv_arena *arena)
{
	uint32_t i;

	for (i = 0; i < plan->narcs; i++) {
		struct nnv_arc *arc = &plan->arcs[i];

		if (arc->cut || !is_spare(arc, span))
			continue;
		arc->cut = true;
		plan->ncut++;
	}
	return nnv_plan_measure(plan, arena);
}
