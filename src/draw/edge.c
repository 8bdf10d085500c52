/*
 * Arrows. The chains of the plan are kept straight by weight and group, skips
 * are lighter and bear no weight. A shape stands beside the beginning of its
 * arrow as a tail label, which costs the layout nothing but has no room of its
 * own. Where an arrow crosses a frame there may be none: there it is a real
 * label, which doubles the ranks of the whole graph and so is left out of large
 * drawings; and so is a table.
 */
#include <math.h>

#include "figure.h"
#include "fit.h"
#include "level.h"
#include "number.h"
#include "phases.h"
#include "stubs.h"
#include "turn.h"

enum { CLUSTER_MARGIN = 11, MARK_MAX = 24, ALIKE_MAX = 32 };

static const struct nnv_spec *
spec_of(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	uint32_t tensor = fig->graph->edges[arc->edge].tensor;

	return tensor == NNV_NONE ? NULL : fig->graph->tensors[tensor].spec;
}

/* Whether NODE passes on what it gets: the shape was said further up. */
static bool
repeats(const struct nnv_figure *fig, uint32_t node,
    const struct nnv_spec *spec)
{
	uint32_t i;

	for (i = fig->links.in_start[node]; i < fig->links.in_start[node + 1];
	     i++) {
		uint32_t tensor = fig->graph->edges[fig->links.in[i]].tensor;
		const struct nnv_spec *in = tensor == NNV_NONE
		    ? NULL
		    : fig->graph->tensors[tensor].spec;

		if (in != NULL && nnv_spec_eq(in, spec))
			return true;
	}
	return false;
}

/* What the tensor passed on its way that is not drawn; said once, where the
 * arrow leaves the node. */
static nnv_name
mark_of(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	uint32_t tensor = fig->graph->edges[arc->edge].tensor;

	if (tensor == NNV_NONE || arc->from >= fig->graph->nnodes)
		return NNV_NO_NAME;
	return fig->graph->tensors[tensor].mark;
}

/* Whether the shape already stands beside an arrow of the same node: of this
 * tensor, or of another one like it; if MARKED, of another with its mark. */
static bool
is_said(const struct nnv_figure *fig, const struct nnv_arc *arc,
    const bool *said, bool marked)
{
	const struct nnv_links *links = &fig->links;
	const struct nnv_edge *edges = fig->graph->edges;
	uint32_t node = edges[arc->edge].src, i, n = 0;

	for (i = links->out_start[node];
	     i < links->out_start[node + 1] && n < ALIKE_MAX; i++, n++) {
		uint32_t t = edges[links->out[i]].tensor;

		if (t == NNV_NONE || !said[t])
			continue;
		if (marked &&
		    (t == edges[arc->edge].tensor ||
			fig->graph->tensors[t].mark != mark_of(fig, arc)))
			continue;
		if (nnv_spec_eq(fig->graph->tensors[t].spec, spec_of(fig, arc)))
			return true;
	}
	return false;
}

static bool
wants_label(const struct nnv_figure *fig, const struct nnv_arc *arc,
    const bool *said)
{
	const struct nnv_spec *spec = spec_of(fig, arc);

	if (!fig->style->show_specs || nnv_spec_is_blank(spec))
		return false;
	switch (fig->style->specs) {
	case NNV_SPECS_NONE:
		return false;
	case NNV_SPECS_ALL:
		return arc->from < fig->graph->nnodes;
	default:
		break;
	}
	if (arc->from >= fig->graph->nnodes || is_said(fig, arc, said, false))
		return false;
	if (nnv_terminal_spec(fig, arc->from) != NULL)
		return false;
	if (arc->to < fig->graph->nnodes &&
	    nnv_terminal_spec(fig, arc->to) != NULL)
		return false;
	return !repeats(fig, arc->from, spec);
}

static uint32_t
home_of(const struct nnv_figure *fig, uint32_t vertex)
{
	if (vertex < fig->graph->nnodes)
		return nnv_tree_home(&fig->tree, fig->graph, vertex);
	return fig->plan.fork_home[vertex - fig->graph->nnodes];
}

/* How many frames the arrow leaves: the label stands outside them all. */
static int
frames_left(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	uint32_t frame = home_of(fig, arc->from);
	uint32_t common = nnv_tree_common(&fig->tree, frame,
	    home_of(fig, arc->to));
	int n = 0;

	for (; frame != common; frame = fig->tree.outer[frame])
		n++;
	return n;
}

/* Where the data flows sideways, a shape needs its own width between ranks. */
static void
note_width(struct nnv_figure *fig)
{
	double inches = (nnv_text_width(nnv_text_str(&fig->text),
			     fig->style->edge_font_size) +
			    10) /
	    72;

	if (nnv_style_sideways(fig->style) && inches > fig->rank_gap)
		fig->rank_gap = inches;
}

/* Beside the line, at right angles to it; in polar coordinates about the
 * tail, distance in units of 10 points, angle against the arrow's direction. */
static void
place_label(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	double size = fig->style->edge_font_size;
	double half = nnv_text_width(nnv_text_str(&fig->text), size) / 2;
	double along, across, left = frames_left(fig, arc) * CLUSTER_MARGIN;
	bool flat = nnv_style_sideways(fig->style);

	along = left + (flat ? half + 5 : size * 1.1);
	across = flat ? size * 0.8 : half + 4;
	nnv_canvas_set_number(fig, edge, NNV_E_LABELDISTANCE,
	    sqrt(along * along + across * across) / 10);
	nnv_canvas_set_number(fig, edge, NNV_E_LABELANGLE,
	    atan2(across, along) * (180 / 3.14159265358979));
	nnv_canvas_set_text(fig, edge, NNV_E_TAILLABEL);
}

static bool
crosses_frame(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	return home_of(fig, arc->from) != home_of(fig, arc->to);
}

/* To the left, with air before it. */
#define NEXT_LINE "\\l "

static void
add_escaped(struct nnv_text *out, struct nnv_str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n') {
			nnv_text_adds(out, NEXT_LINE);
			continue;
		}
		if (text.p[i] == '\\')
			nnv_text_addc(out, '\\');
		nnv_text_addc(out, text.p[i]);
	}
}

/* "64×56, reshape" into fig->text, or on LINES lines; names in it have been
 * escaped as HTML, which Graphviz understands in plain labels too, but for the
 * backslash. */
static void
add_words(struct nnv_figure *fig, const struct nnv_spec *spec, nnv_name mark,
    size_t lines)
{
	struct nnv_text words = NNV_TEXT_EMPTY;

	/* a little air between line and text */
	nnv_text_adds(&words, lines > 1 ? " " : "");
	nnv_text_clear(&fig->text);
	if (spec != NULL)
		nnv_add_shape(fig, spec);
	add_escaped(&words, nnv_text_str(&fig->text));
	if (spec != NULL && mark != NNV_NO_NAME)
		nnv_text_adds(&words, lines > 1 ? NEXT_LINE : ", ");
	nnv_text_clear(&fig->text);
	nnv_add_wrapped(&fig->text, nnv_graph_text(fig->graph, mark), MARK_MAX,
	    lines > 1 ? lines - 1 : 1, "\n");
	add_escaped(&words, nnv_text_str(&fig->text));
	nnv_text_clear(&fig->text);
	nnv_text_add(&fig->text, nnv_text_str(&words));
	fig->text.failed |= words.failed;
	nnv_text_release(&words);
}

/* Whether the arrow is one of several that come together from side to side: the
 * shapes beside their beginnings would lie over each other. */
static bool
joins(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	return !arc->spine && arc->span == 1 && arc->to < fig->graph->nnodes &&
	    fig->links.in_start[arc->to + 1] - fig->links.in_start[arc->to] > 1;
}

/* SPEC: NULL where the shape is not to be said. */
static void
set_label(struct nnv_figure *fig, const struct nnv_arc *arc,
    const struct nnv_spec *spec, Agedge_t *edge)
{
	nnv_name mark = mark_of(fig, arc);

	if (nnv_spec_is_nested(spec)) {
		nnv_text_clear(&fig->text);
		nnv_add_spec_table(fig, spec);
		nnv_canvas_set_html(fig, edge, NNV_E_LABEL);
		return;
	}
	/* of an arrow that was turned round, the tail is the head */
	if (nnv_turn_is_up(fig, arc) ||
	    (fig->strategy.labels &&
		(mark != NNV_NO_NAME || crosses_frame(fig, arc) ||
		    joins(fig, arc)))) {
		add_words(fig, spec, mark, 3);
		if (mark != NNV_NO_NAME)
			nnv_text_adds(&fig->text, "\\l");
		nnv_canvas_set_text(fig, edge, NNV_E_LABEL);
		return;
	}
	add_words(fig, spec, mark, 1);
	note_width(fig);
	place_label(fig, arc, edge);
}

/* "12 tensors of 64×56×56" */
static void
set_several(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	const struct nnv_spec *spec = spec_of(fig, arc);
	struct nnv_text shape = NNV_TEXT_EMPTY;

	if (arc->alike && fig->style->show_specs &&
	    fig->style->specs != NNV_SPECS_NONE && !nnv_spec_is_blank(spec) &&
	    !nnv_spec_is_nested(spec)) {
		add_words(fig, spec, NNV_NO_NAME, 1);
		nnv_text_adds(&shape, " of ");
		nnv_text_add(&shape, nnv_text_str(&fig->text));
	}
	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "%u tensors", arc->several);
	nnv_text_add(&fig->text, nnv_text_str(&shape));
	fig->text.failed |= shape.failed;
	nnv_text_release(&shape);
	note_width(fig);
	place_label(fig, arc, edge);
	nnv_canvas_set_number(fig, edge, NNV_E_PENWIDTH,
	    2 * fig->style->edge_thickness);
}

static void
set_look(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	bool skip = arc->span != 1 && !arc->spine;

	if (skip) {
		nnv_canvas_set_color(fig, edge, NNV_E_COLOR,
		    fig->style->edge_skip);
		nnv_canvas_set(fig, edge, NNV_E_WEIGHT, "0");
		nnv_canvas_set(fig, edge, NNV_E_CLASS, "skip");
		if (fig->style->skip_dashed)
			nnv_canvas_set(fig, edge, NNV_E_STYLE, "dashed");
	} else if (arc->spine) {
		nnv_canvas_set(fig, edge, NNV_E_WEIGHT,
		    fig->plan.chain[arc->from] == 0 ? "12" : "4");
		/* as long as the backward pass is beside it */
		if (arc->span > 1 && fig->plan.level != NULL)
			nnv_canvas_set_number(fig, edge, NNV_E_MINLEN,
			    arc->span);
	}
	/* the line goes on behind a fork point, the arrow does not end there */
	if (arc->to >= fig->graph->nnodes)
		nnv_canvas_set(fig, edge, NNV_E_ARROWHEAD, "none");
}

static const struct nnv_values *
values_of(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	uint32_t tensor = fig->graph->edges[arc->edge].tensor;

	return tensor == NNV_NONE ? NULL : fig->graph->tensors[tensor].values;
}

/* What is no number is the news. */
static void
set_alarm(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	const struct nnv_values *values = values_of(fig, arc);

	if (values == NULL || values->nans + values->infinities == 0)
		return;
	nnv_canvas_set(fig, edge, NNV_E_COLOR, "#dc2626");
	nnv_canvas_set(fig, edge, NNV_E_PENWIDTH, "2");
	nnv_canvas_set(fig, edge, NNV_E_CLASS, "nan");
}

static bool
is_faded(const struct nnv_figure *fig, uint32_t vertex)
{
	uint32_t n = fig->graph->nnodes;

	return fig->graph
	    ->nodes[vertex < n ? vertex : fig->plan.fork_source[vertex - n]]
	    .faded;
}

/* What leads to or from a box that stands back stands back with it; what leads
 * to a fork point, as its tensor does. */
static void
set_faded(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	const struct nnv_style *style = fig->style;

	if (!is_faded(fig, arc->from) && !is_faded(fig, arc->to))
		return;
	nnv_canvas_set_color(fig, edge, NNV_E_COLOR, nnv_faded_edge(style));
	nnv_canvas_set_color(fig, edge, NNV_E_FONTCOLOR,
	    nnv_color_mix(style->edge_text, style->page, 0.5));
	nnv_canvas_set(fig, edge, NNV_E_CLASS, "faded");
}

/* An arrow's tooltip says what flows where. */
static void
set_tooltip(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge)
{
	const struct nnv_graph *graph = fig->graph;
	const struct nnv_edge *e = &graph->edges[arc->edge];
	const struct nnv_spec *spec = spec_of(fig, arc);
	struct nnv_text ends = NNV_TEXT_EMPTY;

	nnv_node_path(graph, &graph->nodes[e->src], &ends);
	nnv_text_adds(&ends, " \xe2\x86\x92 ");
	if (arc->to < graph->nnodes)
		nnv_node_path(graph, &graph->nodes[arc->to], &ends);
	nnv_text_clear(&fig->text);
	nnv_text_add_plain(&fig->text,
	    (struct nnv_str){
		ends.p, ends.n < NNV_TOOLTIP_MAX ? ends.n : NNV_TOOLTIP_MAX });
	if (!nnv_spec_is_blank(spec)) {
		nnv_text_adds(&fig->text, "\\n");
		nnv_add_shape(fig, spec);
	}
	nnv_add_values(&fig->text, values_of(fig, arc));
	nnv_canvas_set_text(fig, edge, NNV_E_TOOLTIP);
	fig->text.failed |= ends.failed;
	nnv_text_release(&ends);
}

/* Whether a line between gradients is drawn for more than one of them. */
static bool
stands_for_several(const struct nnv_figure *fig, const struct nnv_arc *arc)
{
	const struct nnv_edge *edges = fig->graph->edges;
	const struct nnv_edge *edge = &edges[arc->edge];
	const uint32_t *start = fig->links.out_start;

	if (!nnv_is_gradient(fig, arc))
		return false;
	for (uint32_t i = start[edge->src]; i < start[edge->src + 1]; i++) {
		const struct nnv_edge *other = &edges[fig->links.out[i]];

		if (other->dst == edge->dst && other->tensor != edge->tensor)
			return true;
	}
	return false;
}

/* Shape and mark, where there is something to say. */
static void
draw_label(struct nnv_figure *fig, const struct nnv_arc *arc, Agedge_t *edge,
    bool *said)
{
	uint32_t tensor = fig->graph->edges[arc->edge].tensor;
	bool shape = wants_label(fig, arc, said) &&
	    !stands_for_several(fig, arc);

	if (arc->several > 1) {
		set_several(fig, arc, edge);
		return;
	}
	if (!shape &&
	    (mark_of(fig, arc) == NNV_NO_NAME || is_said(fig, arc, said, true)))
		return;
	set_label(fig, arc, shape ? spec_of(fig, arc) : NULL, edge);
	said[tensor] |= shape;
}

static bool
draw_arc(struct nnv_figure *fig, const struct nnv_arc *arc, bool *said)
{
	enum nnv_flow flow = nnv_flow_of(fig, arc);
	bool new;
	Agedge_t *edge = nnv_flow_draw(fig, arc, &new);

	if (edge == NULL)
		return false;
	if (!new)
		return true;
	set_tooltip(fig, arc, edge);
	if (nnv_is_gradient(fig, arc)) {
		nnv_canvas_set(fig, edge, NNV_E_STYLE, "dashed");
		nnv_canvas_set(fig, edge, NNV_E_CLASS, "gradient");
	}
	if (flow == NNV_FLOW_PLAIN || (flow == NNV_FLOW_UP && arc->spine))
		set_look(fig, arc, edge);
	set_faded(fig, arc, edge);
	set_alarm(fig, arc, edge);
	if (flow == NNV_FLOW_PLAIN || flow == NNV_FLOW_UP)
		draw_label(fig, arc, edge, said);
	return true;
}

bool
nnv_edges_draw(struct nnv_figure *fig, struct nnv_diag *diag)
{
	bool *said = NNV_NEW_ARRAY(&fig->arena, fig->graph->ntensors, bool);
	uint32_t i;

	if (said == NULL)
		return nnv_fail_memory(diag);
	for (i = 0; i < fig->plan.narcs; i++)
		if (!fig->plan.arcs[i].cut &&
		    !draw_arc(fig, &fig->plan.arcs[i], said))
			return nnv_fail_memory(diag);
	nnv_canvas_set_number(fig, fig->root, NNV_G_RANKSEP, fig->rank_gap);
	return (nnv_stubs_draw(fig) &&
		   (fig->plan.order != NULL ||
		       (nnv_level_draw(fig) && nnv_stack_loose(fig)))) ||
	    nnv_fail_memory(diag);
}
