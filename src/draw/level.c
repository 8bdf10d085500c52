/*
 * The backward pass is laid out upside down, as a graph of its own: it would
 * begin level with the inputs, one row above the layers that it belongs to. So
 * the gradients that it ends with are held down to where the first layers are,
 * by arrows that are not seen, and as both passes have one order, and arrows as
 * long as each other's (phases.c), the rest follows. (To hold all pairs makes
 * dot lose arrows between them; where it does even so, a drawing in a hurry
 * holds nothing.)
 */
#include "level.h"

#include "phases.h"

/* A vertex right above V in the layout, or NNV_NONE. */
static uint32_t
find_above(const struct nnv_figure *fig, uint32_t v)
{
	for (uint32_t i = 0; i < fig->plan.narcs; i++) {
		const struct nnv_arc *arc = &fig->plan.arcs[i];

		if (arc->to == v && arc->span == 1 && !arc->cut &&
		    nnv_flow_of(fig, arc) == NNV_FLOW_PLAIN)
			return arc->from;
	}
	return NNV_NONE;
}

/* Let gradient V stand no higher than the forward box that it is of: below
 * what that is below. */
static bool
hold_down(struct nnv_figure *fig, uint32_t v)
{
	uint32_t above = find_above(fig, fig->graph->nodes[v].grad_of);
	Agedge_t *edge;

	if (above == NNV_NONE || fig->plan.column[above] != fig->plan.column[v])
		return true;
	edge = agedge(fig->root, fig->vertices[above], fig->vertices[v], NULL,
	    1);
	if (edge == NULL)
		return false;
	nnv_canvas_set(fig, edge, NNV_E_STYLE, "invis");
	nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "1");
	return true;
}

/* Whether the backward pass ends with V. */
static bool
ends_with(const struct nnv_figure *fig, uint32_t v, const bool *leads)
{
	const struct nnv_node *node = &fig->graph->nodes[v];

	return node->phase == NNV_BACKWARD && !leads[v] &&
	    node->grad_of != NNV_NONE &&
	    fig->graph->nodes[node->grad_of].phase == NNV_FORWARD;
}

/* Each takes a look at all arrows. */
enum { ENDS_MAX = 100 };

bool
nnv_level_draw(struct nnv_figure *fig)
{
	const struct nnv_plan *plan = &fig->plan;
	bool *leads = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, bool);
	uint32_t n = 0;

	if (leads == NULL)
		return false;
	if (!fig->facts.mirrored || fig->style->hurry != 0)
		return true;
	for (uint32_t i = 0; i < plan->narcs; i++)
		leads[plan->arcs[i].from] |= nnv_flow_of(fig, &plan->arcs[i]) ==
		    NNV_FLOW_GRADIENT;
	for (uint32_t v = 0; v < fig->graph->nnodes && n < ENDS_MAX; v++) {
		if (!ends_with(fig, v, leads))
			continue;
		n++;
		if (!hold_down(fig, v))
			return false;
	}
	return true;
}
