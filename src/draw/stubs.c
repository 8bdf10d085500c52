/*
 * In a dense block every layer feeds all later ones; drawn, that is a curtain
 * of parallel lines that nobody follows with a finger, and it takes minutes.
 * An arrow over many ranks is better read as "from denselayer3" where it ends
 * and "to denselayer9" where it begins, as on circuit diagrams; in pictures
 * that can have links the notes lead there.
 */
#include "stubs.h"

#include "fit.h"
#include "label.h"
#include "nnviz/draw.h"

enum { NAMES_MAX = 3, NAME_MAX = 28 };

/* The arcs that were cut, by one of their ends. */
struct ends {
	uint32_t *first; /* by vertex: an arc, or NNV_NONE */
	uint32_t *next;  /* by arc: the next one of that vertex */
	bool out;
};

static bool
collect(struct nnv_figure *fig, struct ends *ends)
{
	const struct nnv_plan *plan = &fig->plan;
	uint32_t i;

	ends->first = NNV_NEW_ARRAY(&fig->arena, plan->nvertices, uint32_t);
	ends->next = NNV_NEW_ARRAY(&fig->arena, plan->narcs, uint32_t);
	if (nnv_arena_failed(&fig->arena))
		return false;
	for (i = 0; i < plan->nvertices; i++)
		ends->first[i] = NNV_NONE;
	/* backwards, so that the lists are in order */
	for (i = plan->narcs; i-- > 0;) {
		const struct nnv_arc *arc = &plan->arcs[i];
		uint32_t vertex = ends->out ? arc->from : arc->to;

		if (!arc->cut)
			continue;
		ends->next[i] = ends->first[vertex];
		ends->first[vertex] = i;
	}
	return true;
}

/* The node at the other end of an arc: of a fork point, the one whose tensor
 * it is or, downwards, the first that gets it. */
static uint32_t
other_end(const struct nnv_figure *fig, uint32_t arc, bool out)
{
	const struct nnv_edge *edge = &fig->graph
					   ->edges[fig->plan.arcs[arc].edge];

	return out ? edge->dst : edge->src;
}

static uint32_t
home_of(const struct nnv_figure *fig, uint32_t vertex)
{
	uint32_t n = fig->graph->nnodes;

	return vertex < n ? nnv_tree_home(&fig->tree, fig->graph, vertex)
			  : fig->plan.fork_home[vertex - n];
}

/* What of PATH lies behind SHARED. */
static struct nnv_str
behind(struct nnv_str path, const struct nnv_text *shared)
{
	if (shared->n == 0 || path.n <= shared->n + 1 ||
	    !nnv_str_starts(path, nnv_text_str(shared)) ||
	    path.p[shared->n] != '.')
		return path;
	return nnv_str_from(path, shared->n + 1);
}

static bool
begins_with_number(struct nnv_str path)
{
	struct nnv_str part = path;

	for (part.n = 0; part.n < path.n && path.p[part.n] != '.';)
		part.n++;
	return nnv_is_number(part);
}

/* A node's path, without what it shares with the frame that holds both ends,
 * but with that frame's name where the rest begins with a number. */
static void
add_name(struct nnv_figure *fig, uint32_t node, uint32_t home)
{
	struct nnv_text path = NNV_TEXT_EMPTY, shared = NNV_TEXT_EMPTY;
	uint32_t common = nnv_tree_common(&fig->tree, home,
	    nnv_tree_home(&fig->tree, fig->graph, node));
	struct nnv_str name;

	nnv_node_path(fig->graph, &fig->graph->nodes[node], &path);
	if (common != NNV_NONE)
		nnv_module_path(fig->graph, common, &shared);
	name = behind(nnv_text_str(&path), &shared);
	while (common != NNV_NONE && common != 0 && begins_with_number(name)) {
		common = fig->graph->modules[common].parent;
		nnv_text_clear(&shared);
		nnv_module_path(fig->graph, common, &shared);
		name = behind(nnv_text_str(&path), &shared);
	}
	nnv_add_cut(&fig->text, name.n != 0 ? name : NNV_STR("?"), NAME_MAX);
	fig->text.failed |= path.failed | shared.failed;
	nnv_text_release(&path);
	nnv_text_release(&shared);
}

/* "from a, b, c and 5 more" */
static void
add_names(struct nnv_figure *fig, const struct ends *ends, uint32_t vertex)
{
	uint32_t arc, n = 0, home = home_of(fig, vertex);

	nnv_text_adds(&fig->text, ends->out ? "to " : "from ");
	for (arc = ends->first[vertex]; arc != NNV_NONE;
	     arc = ends->next[arc]) {
		if (n < NAMES_MAX) {
			nnv_text_adds(&fig->text, n != 0 ? "<BR/>" : "");
			add_name(fig, other_end(fig, arc, ends->out), home);
		}
		n++;
	}
	if (n > NAMES_MAX)
		nnv_text_addf(&fig->text, "<BR/>and %u more", n - NAMES_MAX);
}

static void
set_note(struct nnv_figure *fig, const struct ends *ends, uint32_t vertex,
    Agnode_t *note)
{
	uint32_t node = other_end(fig, ends->first[vertex], ends->out);
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->edge_text, color);
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "<FONT POINT-SIZE=\"%d\" COLOR=\"%s\">",
	    fig->style->edge_font_size, color);
	add_names(fig, ends, vertex);
	nnv_text_adds(&fig->text, "</FONT>");
	nnv_canvas_set_html(fig, note, NNV_N_LABEL);
	nnv_canvas_set(fig, note, NNV_N_SHAPE, "plaintext");
	nnv_canvas_set(fig, note, NNV_N_PERIPHERIES, "0");
	nnv_canvas_set(fig, note, NNV_N_STYLE, "");
	nnv_canvas_set(fig, note, NNV_N_MARGIN, "0.03,0.01");
	nnv_canvas_set(fig, note, NNV_N_WIDTH, "0");
	nnv_canvas_set(fig, note, NNV_N_HEIGHT, "0");
	nnv_canvas_set(fig, note, NNV_N_CLASS, NNV_NOTE_CLASS);
	nnv_text_clear(&fig->text);
	nnv_text_adds(&fig->text, "#");
	nnv_text_adds(&fig->text,
	    agxget(fig->vertices[node], fig->attrs[NNV_N_ID]));
	nnv_canvas_set_text(fig, note, NNV_N_URL);
}

static Agnode_t *
make_note(struct nnv_figure *fig, uint32_t vertex, bool out)
{
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "%s@%u", out ? "to" : "from", vertex);
	return nnv_text_failed(&fig->text)
	    ? NULL
	    : agnode(fig->frames[vertex], fig->text.p, 1);
}

/* Whether the vertex's own chain goes on at the other end. */
static bool
is_main(const struct nnv_figure *fig, const struct ends *ends, uint32_t vertex)
{
	uint32_t arc = ends->first[vertex];

	while (arc != NNV_NONE && !fig->plan.arcs[arc].spine)
		arc = ends->next[arc];
	return arc != NNV_NONE;
}

/* A note beside its box is in the way of nothing below; many of them are, of
 * the arrows of a dense block. */
static bool
stand_beside(const struct nnv_figure *fig)
{
	return fig->plan.ncut <= fig->graph->nnodes / 4;
}

static bool
draw_note(struct nnv_figure *fig, const struct ends *ends, uint32_t vertex)
{
	Agnode_t *note = make_note(fig, vertex, ends->out);
	Agnode_t *node = fig->vertices[vertex];
	Agedge_t *edge;

	if (note == NULL)
		return false;
	set_note(fig, ends, vertex, note);
	edge = ends->out ? agedge(fig->root, node, note, NULL, 1)
			 : agedge(fig->root, note, node, NULL, 1);
	if (edge == NULL)
		return false;
	if (is_main(fig, ends, vertex))
		nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "4");
	else {
		if (stand_beside(fig))
			nnv_canvas_set(fig, edge, NNV_E_MINLEN, "0");
		nnv_canvas_set_color(fig, edge, NNV_E_COLOR,
		    fig->style->edge_skip);
		nnv_canvas_set(fig, edge, NNV_E_CLASS, "skip");
	}
	if (ends->out)
		nnv_canvas_set(fig, edge, NNV_E_ARROWHEAD, "none");
	return true;
}

static bool
draw_side(struct nnv_figure *fig, bool out)
{
	struct ends ends = { .out = out };
	uint32_t i;

	if (!collect(fig, &ends))
		return false;
	for (i = 0; i < fig->plan.nvertices; i++)
		if (ends.first[i] != NNV_NONE && !draw_note(fig, &ends, i))
			return false;
	return true;
}

bool
nnv_stubs_draw(struct nnv_figure *fig)
{
	if (fig->plan.ncut == 0)
		return true;
	return draw_side(fig, true) && draw_side(fig, false);
}
