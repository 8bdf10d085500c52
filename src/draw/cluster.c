/*
 * Frames: one cluster a module that deserves it, tinted by depth. Its name is
 * its number and path, for two modules may have one path and Graphviz would
 * draw two clusters of one name in one another's place.
 */
#include "figure.h"
#include "fit.h"

enum { TITLE_MAX = 40, TITLE_PARTS = 8 };

/* "layer1 > 0": the modules above that were merged into this one. */
static void
add_path(struct nnv_figure *fig, uint32_t module)
{
	uint32_t parts[TITLE_PARTS];
	int n = 0;

	do {
		parts[n++] = module;
		module = fig->graph->modules[module].parent;
	} while (n < TITLE_PARTS && module != NNV_NONE && module != 0 &&
	    !fig->tree.drawn[module]);
	while (n-- > 0) {
		nnv_add_cut(&fig->text, nnv_graph_text(fig->graph,
		    fig->graph->modules[parts[n]].name), TITLE_MAX);
		if (n != 0)
			nnv_text_adds(&fig->text, " \xe2\x96\xb8 ");
	}
}

static void
add_type(struct nnv_figure *fig, const struct nnv_module *module)
{
	struct nnv_text *text = &fig->text;
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->secondary, color);
	nnv_text_addf(text, "<FONT COLOR=\"%s\">", color);
	nnv_text_adds(text, " ");
	if (module->type != NNV_NO_NAME) {
		nnv_text_adds(text, "\xc2\xb7 ");
		nnv_add_cut(text, nnv_graph_text(fig->graph, module->type),
		    TITLE_MAX);
	}
	if (module->ncalls > 1)
		nnv_text_addf(text, " \xc2\xb7 call %u of %u", module->call,
		    module->ncalls);
	nnv_text_adds(text, "</FONT>");
}

static void
set_title(struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_module *module = &fig->graph->modules[index];
	size_t before;

	nnv_text_clear(&fig->text);
	nnv_text_adds(&fig->text, "<B>");
	before = fig->text.n;
	add_path(fig, index);
	/* a module held by a list has no name of its own: its type says it */
	if (fig->text.n == before)
		nnv_add_cut(&fig->text, nnv_graph_text(fig->graph,
		    module->type), TITLE_MAX);
	if (fig->text.n == before)
		nnv_text_adds(&fig->text, "module");
	nnv_text_adds(&fig->text, "</B>");
	add_type(fig, module);
	nnv_canvas_set_html(fig, fig->clusters[index], NNV_G_LABEL);
}

static void
set_tooltip(struct nnv_figure *fig, uint32_t index)
{
	struct nnv_text path = NNV_TEXT_EMPTY;

	nnv_module_path(fig->graph, index, &path);
	nnv_text_clear(&fig->text);
	nnv_text_add_plain(&fig->text, nnv_text_str(&path));
	nnv_canvas_set_text(fig, fig->clusters[index], NNV_G_TOOLTIP);
	fig->text.failed |= path.failed;
	nnv_text_release(&path);
}

static void
set_look(struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_style *style = fig->style;
	const struct nnv_tints *tints = &style->cluster_fill;
	Agraph_t *cluster = fig->clusters[index];
	int tint = (int)fig->tree.depth[index] - 1;
	struct nnv_color fill = tints->colors[tint < tints->n ? tint :
	    tints->n - 1];

	nnv_canvas_set(fig, cluster, NNV_G_STYLE, "rounded,filled");
	nnv_canvas_set_color(fig, cluster, NNV_G_FILLCOLOR, fill);
	nnv_canvas_set_color(fig, cluster, NNV_G_COLOR, style->cluster_line);
	nnv_canvas_set_color(fig, cluster, NNV_G_FONTCOLOR, style->ink);
	nnv_canvas_set_number(fig, cluster, NNV_G_FONTSIZE,
	    style->cluster_title_font_size);
	nnv_canvas_set(fig, cluster, NNV_G_LABELJUST, "l");
	nnv_canvas_set(fig, cluster, NNV_G_LABELLOC, "t");
	nnv_canvas_set(fig, cluster, NNV_G_MARGIN, "8");
	nnv_canvas_set(fig, cluster, NNV_G_BGCOLOR, "");
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "module depth%d", tint + 1);
	nnv_canvas_set_text(fig, cluster, NNV_G_CLASS);
}

static bool
make_cluster(struct nnv_figure *fig, uint32_t index, struct nnv_diag *diag)
{
	uint32_t outer = fig->tree.outer[index];
	Agraph_t *parent = outer == NNV_NONE ? fig->root :
	    fig->clusters[outer];
	struct nnv_text path = NNV_TEXT_EMPTY;

	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "cluster_%u_", index);
	nnv_module_path(fig->graph, index, &path);
	nnv_add_slug(&fig->text, nnv_text_str(&path));
	nnv_text_release(&path);
	if (nnv_text_failed(&fig->text))
		return nnv_fail_memory(diag);
	fig->clusters[index] = agsubg(parent, fig->text.p, 1);
	if (fig->clusters[index] == NULL)
		return nnv_fail_memory(diag);
	nnv_canvas_set(fig, fig->clusters[index], NNV_G_ID, fig->text.p + 8);
	set_look(fig, index);
	set_title(fig, index);
	set_tooltip(fig, index);
	return true;
}

bool
nnv_clusters_draw(struct nnv_figure *fig, struct nnv_diag *diag)
{
	uint32_t i;

	for (i = 0; i < fig->graph->nmodules; i++)
		if (fig->tree.drawn[i] && !make_cluster(fig, i, diag))
			return false;
	return true;
}
