/*
 * Forward and backward pass side by side. Gradients flow against the data, so
 * their arrows are laid out the other way round: the backward pass then stands
 * beside the forward pass upside down, and each of its layers level with the
 * one it belongs to, where both have one order. What the forward pass keeps for
 * it (activations) runs across, where it may not move the boxes: an arrow for
 * each pair is enough. So is one where the backward pass adds up what several
 * calls give to the same parameters, against its own order: a box both gives
 * and adds, and arrows of one kind close cycles with those of the other.
 *
 * Updates and beginnings of parameters have no arrows at all. dot would put
 * them all in one row; invisible edges stack them in columns.
 */
#include "phases.h"

#include <math.h>

#include "nnviz/table.h"
#include "turn.h"

static enum nnv_phase
phase_of(const struct nnv_figure *fig, uint32_t vertex)
{
	uint32_t n = fig->graph->nnodes;

	if (vertex >= n)
		vertex = fig->plan.fork_source[vertex - n];
	return fig->graph->nodes[vertex].phase;
}

bool
nnv_is_gradient(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	const struct nnv_edge *edge = &fig->graph->edges[arc->edge];

	return phase_of(fig, edge->src) == NNV_BACKWARD &&
	    phase_of(fig, edge->dst) == NNV_BACKWARD;
}

enum nnv_flow
nnv_flow_of(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	const struct nnv_edge *edge = &fig->graph->edges[arc->edge];
	enum nnv_phase from = phase_of(fig, edge->src);
	enum nnv_phase to = phase_of(fig, edge->dst);

	if (nnv_turn_is_up(fig, arc))
		return NNV_FLOW_UP;
	if (nnv_turn_is_across(fig, arc))
		return NNV_FLOW_ACROSS;
	if (nnv_edge_is_back(fig->graph, edge))
		return NNV_FLOW_BACK;
	if (!fig->facts.mirrored || (to != NNV_BACKWARD && to != NNV_OPTIMIZER))
		return NNV_FLOW_PLAIN;
	if (from != to)
		return NNV_FLOW_SAVED;
	return to == NNV_BACKWARD ? NNV_FLOW_GRADIENT : NNV_FLOW_PLAIN;
}

/* Whether a gradient has a place beside what it is of. What a container adds up
 * by itself is recorded as the gradient of any of those that it came from: the
 * sum at the beginning of a U-Net, as that of its end. */
static bool
has_place(const struct nnv_graph *graph, const struct nnv_node *node)
{
	return node->phase == NNV_BACKWARD && node->grad_of != NNV_NONE &&
	    graph->nodes[node->grad_of].phase == NNV_FORWARD &&
	    (node->self != NNV_NONE || graph->level != NNV_LEVEL_LAYERS);
}

/* By box, the highest of its gradients that have a place, or NNV_NONE. */
static uint32_t *
find_partners(struct nnv_figure *fig)
{
	uint32_t *partner = NNV_NEW_ARRAY(&fig->arena, fig->graph->nnodes,
	    uint32_t);
	uint32_t i;

	for (i = 0; partner != NULL && i < fig->graph->nnodes; i++)
		partner[i] = NNV_NONE;
	for (i = 0; partner != NULL && i < fig->graph->nnodes; i++) {
		const struct nnv_node *node = &fig->graph->nodes[i];
		uint32_t *known;

		if (!has_place(fig->graph, node))
			continue;
		known = &partner[node->grad_of];
		if (*known == NNV_NONE ||
		    fig->plan.rank[i] < fig->plan.rank[*known])
			*known = i;
	}
	return partner;
}

/* Let the higher one of each pair stand no higher than the other; whether any
 * did. */
static bool
lower_pairs(struct nnv_figure *fig, const uint32_t *partner)
{
	struct nnv_plan *plan = &fig->plan;
	bool lowered = false;
	uint32_t i;

	for (i = 0; i < fig->graph->nnodes; i++) {
		uint32_t other = partner[i], low;

		if (other == NNV_NONE || plan->rank[i] == plan->rank[other])
			continue;
		low = plan->rank[i] < plan->rank[other] ? i : other;
		plan->level[low] = plan->rank[low == i ? other : i];
		lowered = true;
	}
	return lowered;
}

/*
 * The backward pass has boxes more: sums where the forward pass splits. The
 * forward pass waits for it there. Where the two have not one order that goes
 * on for ever, and gradients are only never above what they are of.
 */
static bool
level_pairs(struct nnv_figure *fig)
{
	enum { ROUNDS = 24 };
	struct nnv_plan *plan = &fig->plan;
	size_t size = plan->nvertices * sizeof(*plan->level);
	uint32_t *alone = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, uint32_t);
	uint32_t *partner = find_partners(fig);
	int round;

	if (alone == NULL || partner == NULL)
		return false;
	memcpy(alone, plan->level, size);
	for (round = 0; round < ROUNDS && lower_pairs(fig, partner); round++)
		if (!nnv_plan_orient(plan, &fig->arena))
			return false;
	if (round < ROUNDS)
		return true;
	memcpy(plan->level, alone, size);
	return nnv_plan_orient(plan, &fig->arena);
}

/* Each gradient level with the box that it is of, or below. */
static bool
level_gradients(struct nnv_figure *fig)
{
	struct nnv_plan *plan = &fig->plan;
	uint32_t *level = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, uint32_t);
	uint32_t i;

	if (level == NULL)
		return false;
	if (!fig->facts.mirrored)
		return true;
	for (i = 0; i < fig->graph->nnodes; i++) {
		const struct nnv_node *node = &fig->graph->nodes[i];

		if (has_place(fig->graph, node))
			level[i] = plan->rank[node->grad_of];
		else if (node->phase == NNV_FORWARD)
			level[i] = plan->rank[i];
	}
	plan->level = level;
	return nnv_plan_orient(plan, &fig->arena) && level_pairs(fig);
}

bool
nnv_flow_orient(struct nnv_figure *fig)
{
	bool any = false;
	uint32_t i;

	for (i = 0; i < fig->plan.narcs; i++) {
		struct nnv_arc *arc = &fig->plan.arcs[i];
		enum nnv_flow flow = nnv_flow_of(fig, arc);

		any |= flow != NNV_FLOW_PLAIN;
		arc->aside = flow == NNV_FLOW_SAVED ||
		    flow == NNV_FLOW_ACROSS || flow == NNV_FLOW_BACK;
		if (flow != NNV_FLOW_UP && flow != NNV_FLOW_GRADIENT)
			continue;
		arc->upper = arc->to;
		arc->lower = arc->from;
	}
	return !any ||
	    (nnv_plan_orient(&fig->plan, &fig->arena) && level_gradients(fig));
}

/* Drawn in full; more of them are a curtain that nobody reads. */
enum { LOOSE_MAX = 60 };

/* How many lines that makes: one for each pair of boxes. False: no memory. */
static bool
count_loose(const struct nnv_figure *fig, uint32_t *n)
{
	const struct nnv_plan *plan = &fig->plan;
	struct nnv_table pairs;
	bool failed;
	uint32_t i;

	*n = 0;
	nnv_table_init(&pairs);
	for (i = 0; i < plan->narcs && !pairs.failed; i++) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t *seen;

		if (!arc->aside)
			continue;
		seen = nnv_table_at(&pairs, nnv_table_pair(arc->from, arc->to));
		if (seen == NULL)
			break;
		*n += *seen == NNV_TABLE_NONE;
		*seen = 0;
	}
	failed = pairs.failed;
	nnv_table_release(&pairs);
	return !failed;
}

bool
nnv_flow_loosen(struct nnv_figure *fig)
{
	uint32_t i, n;

	if (!count_loose(fig, &n))
		return false;
	if (n == 0 || n > LOOSE_MAX)
		return true;
	for (i = 0; i < fig->plan.narcs; i++)
		fig->plan.arcs[i].loose = fig->plan.arcs[i].aside;
	return nnv_plan_measure(&fig->plan, &fig->arena);
}

static void
set_gradient(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge,
    bool back)
{
	nnv_canvas_set(fig, edge, NNV_E_DIR, "back");
	nnv_canvas_set(fig, edge, NNV_E_STYLE, "dashed");
	nnv_canvas_set(fig, edge, NNV_E_CLASS, "gradient");
	if (arc->to >= fig->graph->nnodes)
		nnv_canvas_set(fig, edge, NNV_E_ARROWTAIL, "none");
	if (!back) {
		if (arc->spine)
			nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "8");
		/* as long as the forward pass is beside it */
		if (arc->spine && arc->span > 1)
			nnv_canvas_set_number(fig, edge, NNV_E_MINLEN,
			    arc->span);
		return;
	}
	nnv_canvas_set(fig, edge, NNV_E_CONSTRAINT, "false");
	nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "0");
	nnv_canvas_set_color(fig, edge, NNV_E_COLOR, fig->style->edge_skip);
}

static void
set_saved(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	bool gradient = phase_of(fig, arc->from) == NNV_BACKWARD;

	nnv_canvas_set(fig, edge, NNV_E_CONSTRAINT, "false");
	nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "0");
	nnv_canvas_set(fig, edge, NNV_E_STYLE, gradient ? "dashed" : "dotted");
	nnv_canvas_set(fig, edge, NNV_E_CLASS, "saved");
	nnv_canvas_set_color(fig, edge, NNV_E_COLOR, fig->style->edge_skip);
	if (arc->to >= fig->graph->nnodes)
		nnv_canvas_set(fig, edge, NNV_E_ARROWHEAD, "none");
}

/* The line as it was laid out, upside down. */
static void
set_up(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	nnv_canvas_set(fig, edge, NNV_E_DIR, "back");
	if (arc->to >= fig->graph->nnodes)
		nnv_canvas_set(fig, edge, NNV_E_ARROWTAIL, "none");
}

/* An arrow of its own, for it is a tensor, but without a say in the layout. */
static void
set_across(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	nnv_canvas_set(fig, edge, NNV_E_CONSTRAINT, "false");
	nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "0");
	nnv_canvas_set(fig, edge, NNV_E_CLASS, "skip");
	nnv_canvas_set_color(fig, edge, NNV_E_COLOR, fig->style->edge_skip);
	if (arc->to >= fig->graph->nnodes)
		nnv_canvas_set(fig, edge, NNV_E_ARROWHEAD, "none");
}

static Agedge_t *
draw_turned(struct nnv_figure *fig, const struct nnv_arc *arc, bool up)
{
	Agnode_t *from = fig->vertices[arc->from];
	Agnode_t *to = fig->vertices[arc->to];
	Agedge_t *edge = up ? agedge(fig->root, to, from, NULL, 1)
			    : agedge(fig->root, from, to, NULL, 1);

	if (edge != NULL && up)
		set_up(fig, arc, edge);
	else if (edge != NULL)
		set_across(fig, arc, edge);
	return edge;
}

/* One line for all between two boxes. */
static Agedge_t *
draw_once(struct nnv_figure *fig, Agnode_t *tail, Agnode_t *head, bool *new)
{
	Agedge_t *edge = agedge(fig->root, tail, head, NULL, 0);

	*new = edge == NULL;
	return edge != NULL ? edge : agedge(fig->root, tail, head, NULL, 1);
}

Agedge_t *
nnv_flow_draw(struct nnv_figure *fig, const struct nnv_arc *arc, bool *new)
{
	enum nnv_flow flow = nnv_flow_of(fig, arc);
	Agnode_t *from = fig->vertices[arc->from];
	Agnode_t *to = fig->vertices[arc->to];
	Agedge_t *edge;

	*new = true;
	if (flow == NNV_FLOW_PLAIN)
		return nnv_is_gradient(fig, arc)
		    ? draw_once(fig, from, to, new)
		    : agedge(fig->root, from, to, NULL, 1);
	if (flow == NNV_FLOW_UP || flow == NNV_FLOW_ACROSS)
		return draw_turned(fig, arc, flow == NNV_FLOW_UP);
	if (flow == NNV_FLOW_GRADIENT || flow == NNV_FLOW_BACK) {
		edge = draw_once(fig, to, from, new);
		if (edge != NULL && *new)
			set_gradient(fig, arc, edge, flow == NNV_FLOW_BACK);
		return edge;
	}
	edge = draw_once(fig, from, to, new);
	if (edge != NULL && *new)
		set_saved(fig, arc, edge);
	return edge;
}

/* The outermost frame around a node, or NNV_NONE. */
static uint32_t
outer_frame(const struct nnv_figure *fig, uint32_t node)
{
	uint32_t frame = nnv_tree_home(&fig->tree, fig->graph, node);

	while (frame != NNV_NONE && fig->tree.outer[frame] != NNV_NONE &&
	    !fig->graph->modules[fig->tree.outer[frame]].is_phase)
		frame = fig->tree.outer[frame];
	return frame;
}

/* Mark the boxes that some arrow holds in their place. */
static uint32_t
find_held(const struct nnv_figure *fig, bool *held)
{
	uint32_t loose = 0;

	for (uint32_t i = 0; i < fig->plan.narcs; i++) {
		const struct nnv_arc *arc = &fig->plan.arcs[i];

		enum nnv_flow flow = nnv_flow_of(fig, arc);

		if (flow != NNV_FLOW_SAVED && flow != NNV_FLOW_BACK)
			held[arc->from] = held[arc->to] = true;
	}
	for (uint32_t i = 0; i < fig->graph->nnodes; i++)
		loose += !held[i];
	return loose;
}

/* Put BELOW under ABOVE. */
static bool
stack(struct nnv_figure *fig, uint32_t above, uint32_t below)
{
	Agedge_t *edge = agedge(fig->root, fig->vertices[above],
	    fig->vertices[below], NULL, 1);

	if (edge != NULL)
		nnv_canvas_set(fig, edge, NNV_E_STYLE, "invis");
	return edge != NULL;
}

bool
nnv_stack_loose(struct nnv_figure *fig)
{
	bool *held = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices, bool);
	uint32_t height = 0, rows, last = NNV_NONE, n;

	if (held == NULL)
		return false;
	n = find_held(fig, held);
	rows = 3 + (uint32_t)sqrt(2.0 * n);
	for (uint32_t i = 0; n > 3 && i < fig->graph->nnodes; i++) {
		bool apart;

		if (held[i])
			continue;
		apart = last != NNV_NONE &&
		    outer_frame(fig, i) != outer_frame(fig, last);
		if (last == NNV_NONE ||
		    fig->plan.column[i] != fig->plan.column[last] ||
		    phase_of(fig, i) != phase_of(fig, last) ||
		    height >= (apart ? rows : 2 * rows))
			height = 0;
		else if (!stack(fig, last, i))
			return false;
		height++;
		last = i;
	}
	return true;
}
