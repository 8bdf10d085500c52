/*
 * What the colours of boxes mean, as chips below the title: the categories, or
 * the modules, depths, phases or dtypes, that occur. Rows are filled evenly.
 */
#include "category.h"
#include "figure.h"
#include "fit.h"

enum { COLUMNS = 5, ENTRIES_MAX = 25, TEXT_MAX = 24 };

struct entry {
	uint32_t key; /* in the order of which they are told */
	uint32_t node;
};

struct legend {
	struct entry entries[ENTRIES_MAX];
	size_t n;
};

/* A box of this key; what finds no room is not told. */
static void
insert(struct legend *legend, uint32_t key, uint32_t node)
{
	size_t i = legend->n;

	for (size_t k = 0; k < legend->n; k++)
		if (legend->entries[k].key == key)
			return;
	if (legend->n == ENTRIES_MAX)
		return;
	while (i > 0 && legend->entries[i - 1].key > key) {
		legend->entries[i] = legend->entries[i - 1];
		i--;
	}
	legend->entries[i] = (struct entry){ key, node };
	legend->n++;
}

static void
collect(const struct nnv_figure *fig, struct legend *legend)
{
	bool by_category = fig->style->color_by == NNV_BY_CATEGORY;

	legend->n = 0;
	for (uint32_t v = 0; v < fig->graph->nnodes; v++) {
		enum nnv_category category = nnv_category_of(fig->graph,
		    &fig->graph->nodes[v]);
		uint32_t key = by_category ? (uint32_t)category
					   : nnv_palette_index(fig, v);

		/* inputs and outputs have a colour of their own */
		if (key != NNV_NONE &&
		    (by_category || category != NNV_TERMINAL))
			insert(legend, key, v);
	}
}

static void
add_text(struct nnv_figure *fig, const struct entry *entry)
{
	const struct nnv_graph *graph = fig->graph;
	const struct nnv_node *node = &graph->nodes[entry->node];
	struct nnv_str text = nnv_str("");

	switch (fig->style->color_by) {
	case NNV_BY_CATEGORY:
		text = entry->key == NNV_TERMINAL
		    ? nnv_str("input, output")
		    : nnv_str(nnv_category_name((enum nnv_category)entry->key));
		break;
	case NNV_BY_MODULE:
		text = nnv_graph_text(graph,
		    graph->modules[nnv_top_module(graph, node)].name);
		break;
	case NNV_BY_DEPTH:
		nnv_text_addf(&fig->text, "depth %u", (unsigned)entry->key);
		break;
	case NNV_BY_PHASE:
		text = nnv_str(nnv_phase_name(node->phase));
		break;
	case NNV_BY_DTYPE:
		text = nnv_str(nnv_dtype_name(entry->key));
		break;
	default:
		break;
	}
	nnv_add_cut(&fig->text, text, TEXT_MAX);
}

static void
add_chip(struct nnv_figure *fig, const struct entry *entry)
{
	const struct nnv_style *style = fig->style;
	struct nnv_paint paint = style->color_by == NNV_BY_CATEGORY
	    ? style->paints[entry->key]
	    : nnv_paint_of_palette(style, entry->key);
	char fill[NNV_COLOR_TEXT], line[NNV_COLOR_TEXT], ink[NNV_COLOR_TEXT];

	nnv_color_write(paint.fill, fill);
	nnv_color_write(paint.line, line);
	nnv_color_write(paint.text, ink);
	nnv_text_addf(&fig->text,
	    "<TD BORDER=\"1\" STYLE=\"ROUNDED\" "
	    "CELLPADDING=\"3\" BGCOLOR=\"%s\" COLOR=\"%s\">"
	    "<FONT POINT-SIZE=\"%d\" COLOR=\"%s\">",
	    fill, line, style->detail_font_size, ink);
	add_text(fig, entry);
	nnv_text_adds(&fig->text, "</FONT></TD>");
}

/* Graphviz gives a table all the width of the cell that it is in, and each of
 * its columns an equal share. Most of them are empty here. */
#define ASIDE "<TD COLSPAN=\"60\"></TD>"

void
nnv_legend_open(struct nnv_figure *fig)
{
	nnv_text_adds(&fig->text,
	    "<TR><TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" "
	    "CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>" ASIDE "<TD>");
}

void
nnv_legend_close(struct nnv_figure *fig)
{
	nnv_text_adds(&fig->text, "</TD>" ASIDE "</TR></TABLE></TD></TR>");
}

/* There are too many kernels for chips, and their numbers are in the boxes. */
static void
add_kernels(struct nnv_figure *fig)
{
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->secondary, color);
	nnv_text_addf(&fig->text,
	    "<TR><TD><FONT POINT-SIZE=\"%d\" COLOR=\"%s\">a colour is a "
	    "kernel; pale boxes ran in several</FONT></TD></TR>",
	    fig->style->detail_font_size, color);
}

void
nnv_legend_add(struct nnv_figure *fig)
{
	struct legend legend;
	size_t rows, columns;

	collect(fig, &legend);
	if (legend.n == 0)
		return;
	if (fig->style->color_by == NNV_BY_CATEGORY &&
	    fig->graph->nkernels > 0) {
		add_kernels(fig);
		return;
	}
	rows = (legend.n + COLUMNS - 1) / COLUMNS;
	columns = (legend.n + rows - 1) / rows;
	nnv_legend_open(fig);
	nnv_text_adds(&fig->text,
	    "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"4\"><TR>");
	for (size_t i = 0; i < legend.n; i++) {
		if (i != 0 && i % columns == 0)
			nnv_text_adds(&fig->text, "</TR><TR>");
		add_chip(fig, &legend.entries[i]);
	}
	nnv_text_adds(&fig->text, "</TR></TABLE>");
	nnv_legend_close(fig);
}
