/*
 * dot knows one direction. What comes behind the turn is laid out the other way
 * round, with arrow heads at the tails: it stands on the node of the turn as
 * the encoder hangs from its input, and a U-Net looks like a U. What leads
 * across from one arm to the other may not move the boxes.
 */
#include "turn.h"

#include "nnviz/text.h"

/* The node of that path; NNV_NONE: none. */
static uint32_t
find_node(const struct nnv_graph *graph, struct nnv_str path)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	uint32_t i, found = NNV_NONE;

	for (i = 0; i < graph->nnodes && found == NNV_NONE; i++) {
		nnv_text_clear(&text);
		nnv_node_path(graph, &graph->nodes[i], &text);
		if (nnv_str_eq(nnv_text_str(&text), path))
			found = i;
	}
	nnv_text_release(&text);
	return found;
}

/* Ranks grow along arcs but for those that close a cycle: one sweep over the
 * arcs by rank of their tails would do; without an order of arcs, sweep until
 * nothing is new. Each sweep goes at least a rank further. */
static void
spread(const struct nnv_plan *plan, bool *behind, uint32_t turn)
{
	bool more = true;
	uint32_t i;

	while (more) {
		more = false;
		for (i = 0; i < plan->narcs; i++) {
			const struct nnv_arc *arc = &plan->arcs[i];

			if ((arc->from != turn && !behind[arc->from]) ||
			    arc->to == turn || behind[arc->to])
				continue;
			behind[arc->to] = true;
			more = true;
		}
	}
}

bool
nnv_turn_find(struct nnv_figure *fig, struct nnv_diag *diag)
{
	struct nnv_str path = nnv_str(fig->style->turn);

	fig->behind = NULL;
	if (path.n == 0)
		return true;
	if (fig->facts.mirrored)
		return nnv_fail(diag, NNV_E_USAGE,
		    "a drawing of two phases "
		    "has its turn already: draw one to turn it at \"%.*s\"",
		    (int)path.n, path.p);
	fig->turn = find_node(fig->graph, path);
	if (fig->turn == NNV_NONE)
		return nnv_fail(diag, NNV_E_USAGE, "no box \"%.*s\" to turn at",
		    (int)path.n, path.p);
	fig->behind = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices, bool);
	if (fig->behind == NULL)
		return nnv_fail_memory(diag);
	spread(&fig->plan, fig->behind, fig->turn);
	return true;
}

bool
nnv_turn_is_up(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	return fig->behind != NULL && fig->behind[arc->to] &&
	    (arc->from == fig->turn || fig->behind[arc->from]);
}

bool
nnv_turn_is_across(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	return fig->behind != NULL && fig->behind[arc->to] &&
	    arc->from != fig->turn && !fig->behind[arc->from];
}
