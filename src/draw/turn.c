/*
 * dot knows one direction. What comes behind the turn is laid out the other way
 * round, with arrow heads at the tails: it stands on the node of the turn as
 * the encoder hangs from its input, and a U-Net looks like a U. What leads
 * across from one arm to the other may not move the boxes.
 */
#include "turn.h"

#include "nnviz/text.h"

/* The module of that path; NNV_NONE: none. */
static uint32_t
find_module(const struct nnv_graph *graph, struct nnv_str path)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	uint32_t i, found = NNV_NONE;

	for (i = 1; i < graph->nmodules && found == NNV_NONE; i++) {
		nnv_text_clear(&text);
		nnv_module_path(graph, i, &text);
		if (nnv_str_eq(nnv_text_str(&text), path))
			found = i;
	}
	nnv_text_release(&text);
	return found;
}

/* The node of that path, or the last one in the module of that path; NNV_NONE:
 * none. */
static uint32_t
find_node(const struct nnv_graph *graph, struct nnv_str path)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	uint32_t i, found = NNV_NONE, module;

	for (i = 0; i < graph->nnodes && found == NNV_NONE; i++) {
		nnv_text_clear(&text);
		nnv_node_path(graph, &graph->nodes[i], &text);
		if (nnv_str_eq(nnv_text_str(&text), path))
			found = i;
	}
	nnv_text_release(&text);
	module = found == NNV_NONE ? find_module(graph, path) : NNV_NONE;
	for (i = 0; module != NNV_NONE && i < graph->nnodes; i++)
		if (nnv_module_within(graph, graph->nodes[i].module, module))
			found = i;
	return found;
}

/* Of N nodes and modules, the name at I in the figure's arena. */
static struct nnv_str
name_at(struct nnv_figure *fig, uint32_t i)
{
	const struct nnv_graph *graph = fig->graph;
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct nnv_str name = NNV_STR("");
	const char *copy = NULL;

	if (i < graph->nnodes)
		nnv_node_path(graph, &graph->nodes[i], &text);
	else
		nnv_module_path(graph, i - graph->nnodes, &text);
	if (!nnv_text_failed(&text) && text.n > 0)
		copy = nnv_arena_copy(&fig->arena, nnv_text_str(&text));
	if (copy != NULL)
		name = (struct nnv_str){ copy, text.n };
	nnv_text_release(&text);
	return name;
}

static bool
fail_nowhere(struct nnv_figure *fig, struct nnv_str path, struct nnv_diag *diag)
{
	uint32_t n = fig->graph->nnodes + fig->graph->nmodules;
	struct nnv_str *names = NNV_NEW_ARRAY(&fig->arena, n, struct nnv_str);
	size_t nearest;

	if (names == NULL)
		return nnv_fail_memory(diag);
	for (uint32_t i = 0; i < n; i++)
		names[i] = name_at(fig, i);
	nearest = nnv_nearest(path, names, n);
	if (nearest == n)
		return nnv_fail(diag, NNV_E_USAGE,
		    "no box or module \"%.*s\" to turn at", (int)path.n,
		    path.p);
	return nnv_fail(diag, NNV_E_USAGE,
	    "no box or module \"%.*s\" to turn at: did you mean \"%.*s\"?",
	    (int)path.n, path.p, (int)names[nearest].n, names[nearest].p);
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
		return fail_nowhere(fig, path, diag);
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
