/*
 * What goes with a drawing: the words that a screen reader says of it, and the
 * style sheet that lets a picture of the light theme turn dark where its reader
 * asked for that. CSS wins over the colours that Graphviz wrote as attributes,
 * so that one rule a category is enough.
 */
#include "figure.h"
#include "number.h"

#include "nnviz/draw.h"

static void
add_rule(struct nnv_text *css, const char *selector, const char *property,
    struct nnv_color color)
{
	char text[NNV_COLOR_TEXT];

	nnv_color_write(color, text);
	nnv_text_addf(css, ".nnviz %s{%s:%s}\n", selector, property, text);
}

/* A box: its shape is a path, or where it has no round corners something
 * else; the outer of two lines stays empty. Arrows have classes of the same
 * names, and so only boxes are meant. */
static void
add_paint(struct nnv_text *css, const char *class,
    const struct nnv_paint *paint)
{
	static const char *const shapes[] = { "path", "polygon", "ellipse" };
	char fill[NNV_COLOR_TEXT], line[NNV_COLOR_TEXT], ink[NNV_COLOR_TEXT];
	size_t i;

	nnv_color_write(paint->fill, fill);
	nnv_color_write(paint->line, line);
	nnv_color_write(paint->text, ink);
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		nnv_text_addf(css,
		    ".nnviz .node.%s:not(.own) %s{stroke:%s}\n"
		    ".nnviz .node.%s:not(.own) %s:not([fill=none])"
		    "{fill:%s}\n",
		    class, shapes[i], line, class, shapes[i], fill);
	nnv_text_addf(css, ".nnviz .node.%s:not(.own) text{fill:%s}\n", class,
	    ink);
}

/* What is said first is bold, the rest pale. */
static void
add_words(struct nnv_text *css, const char *selector,
    const struct nnv_style *style)
{
	char color[NNV_COLOR_TEXT];

	add_rule(css, selector, "fill", style->ink);
	nnv_color_write(style->secondary, color);
	nnv_text_addf(css, ".nnviz %s:not([font-weight]){fill:%s}\n", selector,
	    color);
}

static void
add_frames(struct nnv_text *css, const struct nnv_style *style)
{
	char fill[NNV_COLOR_TEXT], line[NNV_COLOR_TEXT];
	int i;

	nnv_color_write(style->cluster_line, line);
	/* deeper frames have the last tint */
	nnv_color_write(style->cluster_fill.colors[style->cluster_fill.n - 1],
	    fill);
	nnv_text_addf(css, ".nnviz .cluster path{fill:%s;stroke:%s}\n", fill,
	    line);
	for (i = 0; i < style->cluster_fill.n; i++) {
		nnv_color_write(style->cluster_fill.colors[i], fill);
		nnv_text_addf(css, ".nnviz .depth%d path{fill:%s}\n", i + 1,
		    fill);
	}
	add_words(css, ".cluster text", style);
}

static void
add_pale(struct nnv_text *css, const char *class, struct nnv_color pale)
{
	char color[NNV_COLOR_TEXT];

	nnv_color_write(pale, color);
	nnv_text_addf(css,
	    ".nnviz %s path,.nnviz %s polygon{stroke:%s}\n"
	    ".nnviz %s polygon{fill:%s}\n",
	    class, class, color, class, color);
}

static void
add_arrows(struct nnv_text *css, const struct nnv_style *style)
{
	add_rule(css, ".edge path", "stroke", style->default_edge_color);
	add_rule(css, ".edge polygon", "fill", style->default_edge_color);
	add_rule(css, ".edge polygon", "stroke", style->default_edge_color);
	add_rule(css, ".edge text", "fill", style->edge_text);
	add_pale(css, ".skip", style->edge_skip);
	add_pale(css, ".saved", style->edge_skip);
	add_pale(css, ".faded", nnv_faded_edge(style));
	add_rule(css, ".fork ellipse", "fill", style->default_edge_color);
	add_rule(css, ".fork ellipse", "stroke", style->default_edge_color);
}

static void
add_css(struct nnv_text *css, const struct nnv_style *style)
{
	int i;

	nnv_text_adds(css, "@media (prefers-color-scheme:dark){\n");
	add_rule(css, ".graph>polygon:first-of-type", "fill", style->page);
	add_words(css, ".graph>text", style);
	add_frames(css, style);
	add_arrows(css, style);
	for (i = 0; i < NNV_NCATEGORIES; i++)
		add_paint(css, nnv_category_name((enum nnv_category)i),
		    &style->paints[i]);
	nnv_text_adds(css, "}\n");
}

static void
add_title(const struct nnv_figure *fig, struct nnv_text *title)
{
	struct nnv_str model = nnv_graph_text(fig->graph, fig->graph->title);

	if (model.n != 0)
		nnv_text_add(title, model);
	else
		nnv_text_adds(title, "model");
	if (fig->graph->whole == NNV_NO_NAME) {
		nnv_text_adds(title, ", a neural network");
		return;
	}
	nnv_text_adds(title, ", part of ");
	nnv_text_add(title, nnv_graph_text(fig->graph, fig->graph->whole));
}

/* " in 3 frames" */
static void
add_count(struct nnv_text *desc, const char *before, uint32_t n,
    const char *one, const char *many)
{
	nnv_text_addf(desc, "%s %u %s", before, n, n == 1 ? one : many);
}

static void
add_desc(const struct nnv_figure *fig, struct nnv_text *desc)
{
	const struct nnv_param_sum *sum = &fig->facts.params;

	add_count(desc, "A graph of", fig->graph->nnodes, "box", "boxes");
	if (fig->tree.nclusters > 0)
		add_count(desc, " in", fig->tree.nclusters, "frame", "frames");
	add_count(desc, ", joined by", fig->plan.narcs, "arrow", "arrows");
	if (sum->parameters > 0) {
		nnv_text_adds(desc, "; ");
		nnv_add_bound(desc, sum->parameters, sum->at_least);
		nnv_text_adds(desc, " parameters");
	}
}

/* The record beside the graph. The root has no other, and the layout none. */
bool
nnv_sheet_attach(struct nnv_figure *fig, struct nnv_diag *diag)
{
	const struct nnv_style *style = fig->style;
	struct nnv_sheet *sheet = (struct nnv_sheet *)agbindrec(fig->root,
	    (char *)NNV_SHEET, sizeof(*sheet), FALSE);

	if (sheet == NULL)
		return nnv_fail_memory(diag);
	sheet->dpi = style->dpi;
	sheet->timeout = style->timeout;
	sheet->responsive = style->svg_responsive;
	sheet->listed = fig->plan.order != NULL;
	add_title(fig, &sheet->title);
	add_desc(fig, &sheet->desc);
	if (style->dark != NULL)
		add_css(&sheet->css, style->dark);
	if (sheet->title.failed || sheet->desc.failed || sheet->css.failed)
		return nnv_fail_memory(diag);
	return true;
}
