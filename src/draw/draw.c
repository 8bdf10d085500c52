/*
 * A graph and a style become a Graphviz graph. The order of everything in it
 * is the order of the graph's arrays: modules outside in, nodes, fork points,
 * arrows; the title last, because what is set on the root is inherited by what
 * is made later.
 */
#include "nnviz/draw.h"

#include "extent.h"
#include "figure.h"
#include "nnviz/unique.h"
#include "phases.h"
#include "turn.h"

/* What a drawing may take beside what Graphviz takes. */
static const size_t arena_max = (size_t)1 << 32;

/* Longer names read no better, and dot refuses one of a megabyte. */
enum { SLUG_MAX = 200 };

void
nnv_add_slug(struct nnv_text *out, struct nnv_str name)
{
	size_t i;

	if (name.n > SLUG_MAX)
		name.n = SLUG_MAX;
	/* an id of XML does not begin with a digit */
	if (name.n != 0 && !(name.p[0] >= 'a' && name.p[0] <= 'z') &&
	    !(name.p[0] >= 'A' && name.p[0] <= 'Z') && name.p[0] != '_')
		nnv_text_addc(out, '_');
	for (i = 0; i < name.n; i++) {
		char c = name.p[i];

		nnv_text_addc(out,
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '.' || c == '-'
			? c
			: '_');
	}
}

static void
set_graph_defaults(struct nnv_figure *fig)
{
	static const char *const directions[] = { "TB", "LR", "BT", "RL" };
	const struct nnv_style *style = fig->style;
	Agraph_t *root = fig->root;

	nnv_canvas_set(fig, root, NNV_G_RANKDIR, directions[style->direction]);
	fig->rank_gap = style->rank_gap;
	nnv_canvas_set_number(fig, root, NNV_G_NODESEP, style->node_gap);
	nnv_canvas_set(fig, root, NNV_G_FONTNAME, style->fontname);
	if (fig->strategy.nslimit > 0)
		nnv_canvas_set_number(fig, root, NNV_G_NSLIMIT,
		    fig->strategy.nslimit);
	if (fig->strategy.mclimit > 0)
		nnv_canvas_set_number(fig, root, NNV_G_MCLIMIT,
		    fig->strategy.mclimit);
	if (style->transparent)
		nnv_canvas_set(fig, root, NNV_G_BGCOLOR, "transparent");
	else
		nnv_canvas_set_color(fig, root, NNV_G_BGCOLOR, style->page);
}

/* Make VALUE what a node or edge has unless it says otherwise. */
static void
set_default(struct nnv_figure *fig, int kind, enum nnv_attr attr,
    const char *value)
{
	agattr(fig->root, kind, fig->attrs[attr]->name, (char *)value);
}

static void
set_default_number(struct nnv_figure *fig, int kind, enum nnv_attr attr,
    double value)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_addf(&text, "%g", value);
	if (!nnv_text_failed(&text))
		set_default(fig, kind, attr, text.p);
	nnv_text_release(&text);
}

static void
set_defaults(struct nnv_figure *fig)
{
	const struct nnv_style *style = fig->style;
	char color[NNV_COLOR_TEXT];

	set_graph_defaults(fig);
	set_default(fig, AGNODE, NNV_N_FONTNAME, style->fontname);
	set_default(fig, AGNODE, NNV_N_STYLE, style->node_style);
	set_default(fig, AGNODE, NNV_N_MARGIN, style->node_margin);
	set_default_number(fig, AGNODE, NNV_N_FONTSIZE,
	    style->node_title_font_size);
	set_default_number(fig, AGNODE, NNV_N_PENWIDTH, style->line_width);
	set_default(fig, AGEDGE, NNV_E_FONTNAME, style->fontname);
	set_default_number(fig, AGEDGE, NNV_E_FONTSIZE, style->edge_font_size);
	set_default_number(fig, AGEDGE, NNV_E_PENWIDTH, style->edge_thickness);
	set_default_number(fig, AGEDGE, NNV_E_ARROWSIZE, style->arrow_size);
	nnv_color_write(style->default_edge_color, color);
	set_default(fig, AGEDGE, NNV_E_COLOR, color);
	nnv_color_write(style->edge_text, color);
	set_default(fig, AGEDGE, NNV_E_FONTCOLOR, color);
}

/* The name is the id, but for the sign before a number: "#" ends a URL. Slugs
 * are ASCII, and so the other sign is in no name. */
static void
set_id(struct nnv_figure *fig, Agnode_t *node)
{
	struct nnv_text id = NNV_TEXT_EMPTY;
	const char *p = fig->text.p;

	for (; *p != '\0'; p++)
		if (*p == '#' || *p == '@')
			nnv_text_adds(&id, "\xc2\xb7");
		else
			nnv_text_addc(&id, *p);
	if (!nnv_text_failed(&id))
		nnv_canvas_set(fig, node, NNV_N_ID, id.p);
	fig->text.failed |= id.failed;
	nnv_text_release(&id);
}

/* A vertex called NAME, in its frame, with its chain. */
static bool
make_vertex(struct nnv_figure *fig, uint32_t vertex, uint32_t home,
    struct nnv_str name, struct nnv_diag *diag)
{
	Agnode_t *node;

	nnv_text_clear(&fig->text);
	nnv_text_add(&fig->text, name);
	if (nnv_text_failed(&fig->text))
		return nnv_fail_memory(diag);
	fig->frames[vertex] = home == NNV_NONE ? fig->page
					       : fig->clusters[home];
	node = agnode(fig->frames[vertex], fig->text.p, 1);
	if (node == NULL)
		return nnv_fail_memory(diag);
	fig->vertices[vertex] = node;
	set_id(fig, node);
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "c%u", fig->plan.chain[vertex]);
	nnv_canvas_set_text(fig, node, NNV_N_GROUP);
	return true;
}

static bool
draw_node(struct nnv_figure *fig, uint32_t i, struct nnv_unique *unique,
    struct nnv_diag *diag)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	nnv_name name;

	nnv_node_path(fig->graph, &fig->graph->nodes[i], &path);
	nnv_text_clear(&fig->text);
	nnv_add_slug(&fig->text,
	    path.n != 0 ? nnv_text_str(&path)
			: nnv_graph_text(fig->graph, fig->graph->nodes[i].key));
	nnv_text_release(&path);
	name = nnv_unique_take(unique,
	    fig->text.n != 0 ? nnv_text_str(&fig->text) : NNV_STR("_"));
	if (name == NNV_NO_NAME)
		return nnv_fail_memory(diag);
	if (!make_vertex(fig, i, nnv_tree_home(&fig->tree, fig->graph, i),
		nnv_names_text(unique->names, name), diag))
		return false;
	nnv_label_node(fig, i);
	return true;
}

static bool
draw_fork(struct nnv_figure *fig, uint32_t fork, struct nnv_diag *diag)
{
	uint32_t vertex = fig->graph->nnodes + fork;
	struct nnv_text name = NNV_TEXT_EMPTY;
	bool fine;

	nnv_text_addf(&name, "fork@%u", fork);
	fine = !nnv_text_failed(&name)
	    ? make_vertex(fig, vertex, fig->plan.fork_home[fork],
		  nnv_text_str(&name), diag)
	    : nnv_fail_memory(diag);
	nnv_text_release(&name);
	if (fine)
		nnv_label_fork(fig, vertex);
	return fine;
}

static bool
draw_vertices(struct nnv_figure *fig, struct nnv_unique *unique,
    struct nnv_diag *diag)
{
	const uint32_t *column = fig->plan.column, *order = fig->plan.order;
	uint32_t n = fig->graph->nnodes, i;
	bool fine = true;

	for (i = 0; i < n && fine; i++) {
		uint32_t node = order != NULL ? order[i] : i;

		if (column[node] == fig->column)
			fine = draw_node(fig, node, unique, diag);
	}
	for (i = 0; i < fig->plan.nforks && fine; i++)
		if (column[n + i] == fig->column)
			fine = draw_fork(fig, i, diag);
	return fine;
}

/* A column is a subgraph of its own; one alone is the drawing itself. */
static bool
open_column(struct nnv_figure *fig, struct nnv_diag *diag)
{
	fig->page = fig->root;
	if (fig->plan.ncolumns == 1)
		return true;
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, NNV_COLUMN "%u", fig->column);
	if (!nnv_text_failed(&fig->text))
		fig->page = agsubg(fig->root, fig->text.p, 1);
	return (!nnv_text_failed(&fig->text) && fig->page != NULL) ||
	    nnv_fail_memory(diag);
}

/* Frames, boxes and fork points, column by column. */
static bool
draw_columns(struct nnv_figure *fig, struct nnv_diag *diag)
{
	struct nnv_names names;
	struct nnv_unique unique;
	bool fine = true;

	nnv_names_init(&names);
	nnv_unique_init(&unique, &names);
	for (fig->column = 0; fig->column < fig->plan.ncolumns && fine;
	     fig->column++) {
		fine = open_column(fig, diag) && nnv_clusters_draw(fig, diag) &&
		    draw_vertices(fig, &unique, diag);
		if (fine && !nnv_clusters_title(fig))
			fine = nnv_fail_memory(diag);
	}
	nnv_unique_release(&unique);
	nnv_names_release(&names);
	return fine;
}

/* Everything that is known before the first Graphviz object. */
static bool
prepare(struct nnv_figure *fig, struct nnv_diag *diag)
{
	const struct nnv_style *style = fig->style;

	if (!nnv_links_init(&fig->links, fig->graph) || !nnv_facts_find(fig) ||
	    !nnv_tree_init(&fig->tree, fig->graph, style->show_clusters,
		&fig->arena) ||
	    !nnv_plan_init(&fig->plan, fig->graph, &fig->links, &fig->tree,
		style->fork_points && !nnv_strategy_lists(style), &fig->arena))
		return nnv_fail_memory(diag);
	fig->clusters = NNV_NEW_ARRAY(&fig->arena, fig->graph->nmodules,
	    Agraph_t *);
	fig->begun = NNV_NEW_ARRAY(&fig->arena, fig->graph->nmodules, bool);
	fig->frames = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices,
	    Agraph_t *);
	fig->widths = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices, double);
	fig->heights = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices, double);
	fig->vertices = NNV_NEW_ARRAY(&fig->arena, fig->plan.nvertices,
	    Agnode_t *);
	if (nnv_arena_failed(&fig->arena))
		return nnv_fail_memory(diag);
	if (!nnv_turn_find(fig, diag))
		return false;
	if (!nnv_flow_orient(fig) || !nnv_flow_loosen(fig))
		return nnv_fail_memory(diag);
	if (fig->tree.ndeep != 0)
		nnv_warn(diag, "deep frames",
		    "%u modules within more than %d others have no frames: -l "
		    "draws one of them",
		    fig->tree.ndeep, NNV_FRAMES_DEEP);
	return nnv_strategy_shape(fig, diag) && nnv_strategy_choose(fig, diag);
}

static bool
build(struct nnv_figure *fig, struct nnv_diag *diag)
{
	if (!prepare(fig, diag) || !nnv_canvas_open(fig, diag) ||
	    !nnv_sheet_attach(fig, diag))
		return false;
	set_defaults(fig);
	if (!draw_columns(fig, diag) || !nnv_edges_draw(fig, diag))
		return false;
	nnv_title_draw(fig);
	return !nnv_text_failed(&fig->text) || nnv_fail_memory(diag);
}

Agraph_t *
nnv_draw(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_diag *diag)
{
	return nnv_draw_page(graph, style, NULL, diag);
}

static bool
fail_empty(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	bool hidden = false;

	for (int i = NNV_SHOWN + 1; i < NNV_NHIDDEN; i++)
		hidden |= graph->hidden[i] != 0;
	return nnv_fail(diag, NNV_E_EMPTY, "nothing to draw%s",
	    hidden ? ": all of it reaches no output, or comes from no input: "
		     "--keep draws that"
		   : "");
}

/* False: failure, and there is no drawing. To be closed in either case. */
static bool
open_figure(struct nnv_figure *fig, struct nnv_diag *diag)
{
	if (fig->graph->nnodes == 0)
		return fail_empty(fig->graph, diag);
	nnv_arena_init(&fig->arena, arena_max);
	if (build(fig, diag))
		return true;
	nnv_drawing_free(fig->root);
	fig->root = NULL;
	return false;
}

/* The drawing stays. */
static void
close_figure(struct nnv_figure *fig)
{
	nnv_text_release(&fig->text);
	nnv_links_release(&fig->links);
	nnv_arena_release(&fig->arena);
}

Agraph_t *
nnv_draw_page(const struct nnv_graph *graph, const struct nnv_style *style,
    const uint32_t *pages, struct nnv_diag *diag)
{
	struct nnv_figure fig = { .graph = graph,
		.style = style,
		.pages = pages,
		.text = NNV_TEXT_EMPTY };

	open_figure(&fig, diag);
	close_figure(&fig);
	return fig.root;
}

bool
nnv_draw_measure(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_size *size, struct nnv_diag *diag)
{
	struct nnv_figure fig = {
		.graph = graph, .style = style, .text = NNV_TEXT_EMPTY
	};
	bool fine = open_figure(&fig, diag) &&
	    (nnv_extent_find(&fig, size) || nnv_fail_memory(diag));

	nnv_drawing_free(fig.root);
	close_figure(&fig);
	return fine;
}

void
nnv_drawing_free(Agraph_t *drawing)
{
	struct nnv_sheet *sheet;

	if (drawing == NULL)
		return;
	sheet = (struct nnv_sheet *)aggetrec(drawing, (char *)NNV_SHEET, 0);
	if (sheet != NULL) {
		nnv_text_release(&sheet->title);
		nnv_text_release(&sheet->desc);
		nnv_text_release(&sheet->css);
	}
	agclose(drawing);
}
