/*
 * Frames: one cluster a module that deserves it, tinted by depth. Its name is
 * its number and path, for two modules may have one path and Graphviz would
 * draw two clusters of one name in one another's place.
 */
#include <math.h>

#include "figure.h"

#include "fit.h"
#include "label.h"
#include "nnviz/draw.h"

enum { TITLE_MAX = 40, TITLE_PARTS = 8, MARGIN = 11 };

/* Letters of a line of small print, and such lines. */
enum { TYPE_MAX = 120, LINE_MIN = 20, LINES_MAX = 4 };

/* "encoder > layer1.0": with the modules above that were merged into it. */
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
	for (bool first = true; n-- > 0; first = false) {
		struct nnv_str name = nnv_graph_text(fig->graph,
		    fig->graph->modules[parts[n]].name);

		if (!first)
			nnv_text_adds(&fig->text,
			    nnv_is_number(name) ? "." : " \xe2\x96\xb8 ");
		nnv_add_cut(&fig->text, name, TITLE_MAX);
	}
}

static bool
has_type(const struct nnv_figure *fig, const struct nnv_module *module)
{
	/* one that is called after its type says it once */
	return module->type != NNV_NO_NAME &&
	    !nnv_says_same(nnv_graph_text(fig->graph, module->type),
		nnv_graph_text(fig->graph, module->name));
}

/* What a frame says of its module, and of those around it that were merged into
 * it. */
struct title {
	const struct nnv_module *module, *called; /* CALLED: several times */
	uint64_t repeat;
	bool calls; /* all that come again are calls of one */
	bool abreast;
	nnv_name differs;
};

static struct title
title_of(const struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_module *modules = fig->graph->modules;
	struct title t = { &modules[index], &modules[index], 1, true, false,
		NNV_NO_NAME };
	uint32_t m = index;

	do {
		const struct nnv_module *module = &modules[m];

		if (t.called->ncalls <= 1 && module->ncalls > 1)
			t.called = module;
		if (module->repeat > 1 && t.repeat <= UINT32_MAX) {
			t.repeat *= module->repeat;
			t.calls &= module->ncalls > 1 && module->call == 0;
			t.abreast |= module->abreast;
		}
		if (t.differs == NNV_NO_NAME)
			t.differs = module->differs;
		m = module->parent;
	} while (m != NNV_NONE && m != 0 && !fig->tree.drawn[m]);
	return t;
}

static struct nnv_text *
piece(struct nnv_text *out)
{
	nnv_text_adds(out, out->n > 0 ? ", " : "");
	return out;
}

/* "channels 64 … 128, ": no line is broken between two ends, nor in what fits a
 * line as a whole. */
static void
add_step(struct nnv_text *out, struct nnv_str step)
{
	static const struct nnv_str ellipsis = { " \xe2\x80\xa6 ", 5 };
	bool fits = nnv_fit_head(step, LINE_MIN) == step.n;

	for (size_t i = 0; i < step.n; i++)
		if (nnv_str_starts(nnv_str_from(step, i), ellipsis)) {
			nnv_text_adds(out, "\xc2\xa0\xe2\x80\xa6\xc2\xa0");
			i += ellipsis.n - 1;
		} else if (step.p[i] == ' ' && fits && i + 1 < step.n) {
			nnv_text_adds(out, "\xc2\xa0");
		} else {
			nnv_text_addc(out, step.p[i]);
		}
}

/* In what the parts of a row differ. */
static void
add_difference(struct nnv_text *out, struct nnv_str text)
{
	while (text.n > 0) {
		size_t n = 1;

		while (n < text.n &&
		    (text.p[n - 1] != ' ' || n < 2 || text.p[n - 2] != ','))
			n++;
		add_step(out, (struct nnv_str){ text.p, n });
		text = nnv_str_from(text, n);
	}
}

/* "Sequential, channels 64→128, call 2 of 3" */
static void
add_words(const struct nnv_figure *fig, const struct title *t,
    struct nnv_text *out)
{
	const struct nnv_graph *graph = fig->graph;
	struct nnv_str type = nnv_graph_text(graph, t->module->type);

	if (has_type(fig, t->module)) {
		size_t n = nnv_fit_head(type, TITLE_MAX);

		nnv_text_add(out, (struct nnv_str){ type.p, n });
		nnv_text_adds(out, n < type.n ? "\xe2\x80\xa6" : "");
	}
	if (t->abreast)
		nnv_text_adds(piece(out), "in parallel");
	if (t->differs != NNV_NO_NAME)
		add_difference(piece(out), nnv_graph_text(graph, t->differs));
	if (t->called->ncalls > 1 && t->called->call > 0)
		nnv_text_addf(out, "%scall %u of %u",
		    out->n > 0 ? " \xc2\xb7 " : "", t->called->call,
		    t->called->ncalls);
}

/* That in grey, or if BELOW on lines of its own, which are as long as there is
 * ROOM for, but not too short. */
static void
add_type(struct nnv_figure *fig, const struct title *t, bool below, double room)
{
	const struct nnv_style *style = fig->style;
	int size = below ? style->detail_font_size
			 : style->cluster_title_font_size;
	struct nnv_text *text = &fig->text, words = NNV_TEXT_EMPTY;
	double letters = fmax(room / (size * 0.53), LINE_MIN);
	size_t width;
	char color[NNV_COLOR_TEXT];

	add_words(fig, t, &words);
	/* a type is not broken */
	width = t->differs != NNV_NO_NAME && below ? (size_t)letters : TYPE_MAX;
	if (words.n > 0) {
		nnv_color_write(style->secondary, color);
		/* not at the beginning of the next text, where SVG drops a
		 * blank */
		nnv_text_adds(text, below ? "<BR ALIGN=\"LEFT\"/>" : " ");
		nnv_text_addf(text, "<FONT POINT-SIZE=\"%d\" COLOR=\"%s\">%s",
		    size, color, below ? "" : "\xc2\xb7 ");
		nnv_add_wrapped(text, nnv_text_str(&words), width, LINES_MAX,
		    "<BR ALIGN=\"LEFT\"/>");
		nnv_text_adds(text, "</FONT>");
		nnv_text_adds(text, below ? "<BR ALIGN=\"LEFT\"/>" : "");
	}
	text->failed |= words.failed;
	nnv_text_release(&words);
}

/* " ×12": how many of its like it stands for. */
static void
add_repeat(struct nnv_figure *fig, const struct title *t)
{
	if (t->repeat > 1)
		nnv_text_addf(&fig->text, " \xc3\x97%llu%s",
		    (unsigned long long)t->repeat, t->calls ? " calls" : "");
}

/* About how wide a title on one line is. */
static double
title_width(const struct nnv_figure *fig, const struct title *t,
    size_t name_bytes)
{
	struct nnv_str type = nnv_graph_text(fig->graph, t->module->type);
	size_t n = name_bytes + (type.n != 0 ? type.n + 3 : 0) +
	    nnv_graph_text(fig->graph, t->differs).n +
	    (t->module->ncalls > 1 ? 12 : 0);

	return (double)n * fig->style->cluster_title_font_size * 0.53;
}

static void
add_continued(struct nnv_figure *fig)
{
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->secondary, color);
	nnv_text_addf(&fig->text,
	    "\xc2\xa0<FONT COLOR=\"%s\">\xc2\xa0(continued)</FONT>", color);
}

/*
 * ROOM is what there is between the frame's left edge and an arrow that enters
 * the middle of its widest box: a title that is longer takes two lines.
 */
static void
set_title(struct nnv_figure *fig, uint32_t index, double room)
{
	struct title title = title_of(fig, index);
	size_t before;

	nnv_text_clear(&fig->text);
	nnv_text_adds(&fig->text, "<B>");
	before = fig->text.n;
	add_path(fig, index);
	/* a module held by a list has no name of its own: its type says it */
	if (fig->text.n == before)
		nnv_add_cut(&fig->text,
		    nnv_graph_text(fig->graph, title.module->type), TITLE_MAX);
	if (fig->text.n == before)
		nnv_text_adds(&fig->text, "module");
	add_repeat(fig, &title);
	before = fig->text.n - before;
	nnv_text_adds(&fig->text, "</B>");
	if (fig->begun[index])
		add_continued(fig);
	fig->begun[index] = true;
	add_type(fig, &title, title_width(fig, &title, before) + 6 > room,
	    room);
	nnv_canvas_set_html(fig, fig->clusters[index], NNV_G_LABEL);
}

bool
nnv_clusters_title(struct nnv_figure *fig)
{
	uint32_t n = fig->graph->nmodules, i, home;
	double *room = NNV_NEW_ARRAY(&fig->arena, n, double);
	/* no arrow enters from above, and all of the widest box is below */
	bool sideways = nnv_style_sideways(fig->style);

	if (room == NULL)
		return false;
	for (i = 0; i < fig->graph->nnodes; i++) {
		home = nnv_tree_home(&fig->tree, fig->graph, i);
		if (fig->plan.column[i] == fig->column && home != NNV_NONE &&
		    room[home] < fig->widths[i] / 2)
			room[home] = fig->widths[i] / 2;
	}
	/* inner frames come after the outer ones */
	for (i = n; i-- > 0;) {
		if (fig->clusters[i] == NULL)
			continue;
		set_title(fig, i, sideways ? 2 * room[i] : room[i]);
		home = fig->tree.outer[i];
		if (home != NNV_NONE && room[home] < room[i] + MARGIN)
			room[home] = room[i] + MARGIN;
	}
	return true;
}

static void
set_tooltip(struct nnv_figure *fig, uint32_t index)
{
	struct nnv_text path = NNV_TEXT_EMPTY;

	nnv_module_path(fig->graph, index, &path);
	nnv_text_clear(&fig->text);
	nnv_text_add_plain(&fig->text,
	    (struct nnv_str){
		path.p, path.n < NNV_TOOLTIP_MAX ? path.n : NNV_TOOLTIP_MAX });
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
	struct nnv_color fill =
	    tints->colors[tint < tints->n ? tint : tints->n - 1];

	nnv_canvas_set(fig, cluster, NNV_G_STYLE, "rounded,filled");
	nnv_canvas_set_color(fig, cluster, NNV_G_FILLCOLOR, fill);
	nnv_canvas_set_color(fig, cluster, NNV_G_COLOR, style->cluster_line);
	nnv_canvas_set_color(fig, cluster, NNV_G_FONTCOLOR, style->ink);
	nnv_canvas_set_number(fig, cluster, NNV_G_FONTSIZE,
	    style->cluster_title_font_size);
	nnv_canvas_set(fig, cluster, NNV_G_LABELJUST, "l");
	nnv_canvas_set(fig, cluster, NNV_G_LABELLOC, "t");
	nnv_canvas_set(fig, cluster, NNV_G_MARGIN, "11");
	nnv_canvas_set(fig, cluster, NNV_G_BGCOLOR, "");
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "module depth%d%s", tint + 1,
	    fig->graph->modules[index].is_phase ? " " NNV_PHASE_CLASS : "");
	nnv_canvas_set_text(fig, cluster, NNV_G_CLASS);
}

static bool
make_cluster(struct nnv_figure *fig, uint32_t index, struct nnv_diag *diag)
{
	uint32_t outer = fig->tree.outer[index];
	Agraph_t *parent = outer == NNV_NONE ? fig->page : fig->clusters[outer];
	struct nnv_text path = NNV_TEXT_EMPTY;

	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "cluster_m%u_", index);
	nnv_module_path(fig->graph, index, &path);
	nnv_add_slug(&fig->text, nnv_text_str(&path));
	nnv_text_release(&path);
	if (fig->plan.ncolumns > 1)
		nnv_text_addf(&fig->text, "\xc2\xb7%u", fig->column + 1);
	if (nnv_text_failed(&fig->text))
		return nnv_fail_memory(diag);
	fig->clusters[index] = agsubg(parent, fig->text.p, 1);
	if (fig->clusters[index] == NULL)
		return nnv_fail_memory(diag);
	nnv_canvas_set(fig, fig->clusters[index], NNV_G_ID, fig->text.p + 8);
	set_look(fig, index);
	set_tooltip(fig, index);
	return true;
}

/* Mark the frames of the column: those around its vertices. */
static void
find_frames(const struct nnv_figure *fig, bool *here)
{
	const struct nnv_plan *plan = &fig->plan;
	uint32_t n = fig->graph->nnodes, i, frame;

	for (i = 0; i < plan->nvertices; i++) {
		if (plan->column[i] != fig->column)
			continue;
		frame = i < n ? nnv_tree_home(&fig->tree, fig->graph, i)
			      : plan->fork_home[i - n];
		for (; frame != NNV_NONE && !here[frame];
		     frame = fig->tree.outer[frame])
			here[frame] = true;
	}
}

bool
nnv_clusters_draw(struct nnv_figure *fig, struct nnv_diag *diag)
{
	bool *here = NNV_NEW_ARRAY(&fig->arena, fig->graph->nmodules, bool);
	uint32_t i;

	if (here == NULL)
		return nnv_fail_memory(diag);
	find_frames(fig, here);
	for (i = 0; i < fig->graph->nmodules; i++) {
		fig->clusters[i] = NULL;
		if (here[i] && !make_cluster(fig, i, diag))
			return false;
	}
	return true;
}
