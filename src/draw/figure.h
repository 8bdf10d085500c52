/*
 * A drawing under way: the graph, what was found out about it, where its parts
 * stand, and the Graphviz graph that grows.
 */
#ifndef NNVIZ_DRAW_FIGURE_H
#define NNVIZ_DRAW_FIGURE_H

#include <graphviz/cgraph.h>

#include "nnviz/arena.h"
#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "plan.h"
#include "strategy.h"
#include "style.h"
#include "tree.h"

/* Every attribute that is ever written, in the order of the table in canvas.c;
 * Graphviz ignores without a word what is set and was not declared. */
enum nnv_attr {
	NNV_G_BGCOLOR,
	NNV_G_CLASS,
	NNV_G_COLOR,
	NNV_G_FILLCOLOR,
	NNV_G_FONTCOLOR,
	NNV_G_FONTNAME,
	NNV_G_FONTSIZE,
	NNV_G_ID,
	NNV_G_LABEL,
	NNV_G_LABELJUST,
	NNV_G_LABELLOC,
	NNV_G_MARGIN,
	NNV_G_MCLIMIT,
	NNV_G_NEWRANK,
	NNV_G_NODESEP,
	NNV_G_NSLIMIT,
	NNV_G_PAD,
	NNV_G_PENWIDTH,
	NNV_G_RANKDIR,
	NNV_G_RANKSEP,
	NNV_G_STYLE,
	NNV_G_TOOLTIP,
	NNV_N_CLASS,
	NNV_N_COLOR,
	NNV_N_FILLCOLOR,
	NNV_N_FIXEDSIZE,
	NNV_N_FONTCOLOR,
	NNV_N_FONTNAME,
	NNV_N_FONTSIZE,
	NNV_N_GROUP,
	NNV_N_HEIGHT,
	NNV_N_ID,
	NNV_N_LABEL,
	NNV_N_MARGIN,
	NNV_N_PENWIDTH,
	NNV_N_PERIPHERIES,
	NNV_N_SHAPE,
	NNV_N_STYLE,
	NNV_N_TARGET,
	NNV_N_TOOLTIP,
	NNV_N_URL,
	NNV_N_WIDTH,
	NNV_E_ARROWHEAD,
	NNV_E_ARROWSIZE,
	NNV_E_ARROWTAIL,
	NNV_E_CLASS,
	NNV_E_COLOR,
	NNV_E_CONSTRAINT,
	NNV_E_DIR,
	NNV_E_FONTCOLOR,
	NNV_E_FONTNAME,
	NNV_E_FONTSIZE,
	NNV_E_LABEL,
	NNV_E_LABELANGLE,
	NNV_E_LABELDISTANCE,
	NNV_E_MINLEN,
	NNV_E_PENWIDTH,
	NNV_E_STYLE,
	NNV_E_TAILLABEL,
	NNV_E_TOOLTIP,
	NNV_E_WEIGHT,
	NNV_NATTRS
};

/* What the whole graph has in common, said once in the title. */
struct nnv_facts {
	nnv_name dtype; /* of most tensors, or none */
	int64_t batch;  /* hidden from shapes, or NNV_UNKNOWN */
	struct nnv_param_sum params;
	struct nnv_sum macs;
	int64_t most[NNV_NQUANTITIES]; /* of a node */
	int64_t time;                  /* of all nodes, or NNV_UNKNOWN */
	bool mirrored; /* the backward pass beside the forward one */
	/* by node: parameters that none before it in its phase has */
	struct nnv_sum *fresh;
	/* by module right inside of the model: the number of its colour */
	uint32_t *tops;
};

struct nnv_figure {
	const struct nnv_graph *graph;
	const struct nnv_style *style;
	const uint32_t *pages; /* that nodes link to; or NULL */
	struct nnv_arena arena;
	struct nnv_links links;
	struct nnv_facts facts;
	struct nnv_tree tree;
	struct nnv_plan plan;
	struct nnv_strategy strategy;
	Agraph_t *root;
	Agsym_t *attrs[NNV_NATTRS];
	uint32_t column;     /* the one under way */
	Agraph_t *page;      /* what is in no frame of it */
	Agraph_t **clusters; /* by module, of the column; NULL: not there */
	Agraph_t **frames;   /* by vertex: its cluster, or its page */
	bool *begun;         /* by module: part of it is in a column before */
	Agnode_t **vertices; /* nodes, then fork points */
	bool *behind;        /* by vertex: it comes behind the turn; NULL:
				   there is none */
	uint32_t turn;       /* the node where the flow turns */
	double rank_gap;     /* inches */
	double *widths;      /* by vertex: about its box's, in points */
	double *heights;     /* by vertex: of the type of its lines */
	double title_width, title_height; /* about those of the title */
	struct nnv_text text;             /* scratch: a label being made */
};

/* canvas.c: the Graphviz graph, with every attribute declared. */
bool nnv_canvas_open(struct nnv_figure *fig, struct nnv_diag *diag);
/* VALUE is ours, or escaped: see canvas.c. */
void nnv_canvas_set(struct nnv_figure *fig, void *object, enum nnv_attr attr,
    const char *value);
void nnv_canvas_set_color(struct nnv_figure *fig, void *object,
    enum nnv_attr attr, struct nnv_color color);
void nnv_canvas_set_number(struct nnv_figure *fig, void *object,
    enum nnv_attr attr, double value);
/* fig->text, as plain text or as the inside of an HTML-like label. */
void nnv_canvas_set_text(struct nnv_figure *fig, void *object,
    enum nnv_attr attr);
void nnv_canvas_set_html(struct nnv_figure *fig, void *object,
    enum nnv_attr attr);

/* facts.c; false: no memory. */
bool nnv_facts_find(struct nnv_figure *fig);

/* paint.c: whether a colour is meant for boxes of this type or path. */
bool nnv_rule_applies(const struct nnv_rule *rule, struct nnv_str type,
    struct nnv_str path);

/* paint.c: the colours of a node's box. */
struct nnv_paint nnv_paint_of(const struct nnv_figure *fig, uint32_t node);
/* Whether they are others than its category's. */
bool nnv_paint_is_own(const struct nnv_figure *fig, uint32_t node);
/* An arrow that stands back. */
struct nnv_color nnv_faded_edge(const struct nnv_style *style);
/* Ink for small print on it, that still reads. */
struct nnv_color nnv_secondary_on(const struct nnv_paint *paint);

/* quantity.c: what of it a node has, or NNV_UNKNOWN; the most of each into
 * fig->facts; which one the colours tell. */
int64_t nnv_quantity_of(const struct nnv_figure *fig, uint32_t node,
    enum nnv_quantity quantity);
void nnv_quantities_find(struct nnv_figure *fig);
enum nnv_quantity nnv_quantity_of_color(const struct nnv_style *style);
/* A box that has so much where MOST is the most; the least height in inches
 * that tells it; the scale, as a row of the title's table. */
struct nnv_paint nnv_quantity_paint(const struct nnv_figure *fig, int64_t value,
    int64_t most);
double nnv_quantity_height(const struct nnv_figure *fig, uint32_t node);
void nnv_quantity_add_legend(struct nnv_figure *fig);
/* A number for the dtype of what a node gives, or NNV_NONE. */
uint32_t nnv_dtype_index(const struct nnv_figure *fig, uint32_t node);
const char *nnv_dtype_name(uint32_t dtype);

/* legend.c: what the colours mean, as a row of the title's table. */
void nnv_legend_add(struct nnv_figure *fig);
/* Around a table that is such a row, no wider than it need be. */
void nnv_legend_open(struct nnv_figure *fig);
void nnv_legend_close(struct nnv_figure *fig);
/* paint.c: the number of a node's colour in the palette where colours tell
 * modules, depths, phases or dtypes, or NNV_NONE; and its module below the
 * model, or NNV_NONE. */
uint32_t nnv_palette_index(const struct nnv_figure *fig, uint32_t node);
uint32_t nnv_top_module(const struct nnv_graph *graph,
    const struct nnv_node *node);

/* paint.c: number the modules right inside of the model that boxes are in,
 * those of one name alike. False: no memory. */
bool nnv_tops_count(struct nnv_figure *fig);

/* paint.c: the N-th colour for things without a category. */
struct nnv_paint nnv_paint_of_palette(const struct nnv_style *style,
    uint32_t n);

/* spec.c: into fig->text. */
void nnv_add_shape(struct nnv_figure *fig, const struct nnv_spec *spec);
void nnv_add_spec_table(struct nnv_figure *fig, const struct nnv_spec *spec);
/* Whether a spec needs a table. */
bool nnv_spec_is_nested(const struct nnv_spec *spec);
/* Whether nothing of it can be shown. */
bool nnv_spec_is_blank(const struct nnv_spec *spec);

/* label.c: the look, label and tooltip of a node. */
void nnv_label_node(struct nnv_figure *fig, uint32_t node);
void nnv_label_fork(struct nnv_figure *fig, uint32_t vertex);
/* What an input or output carries, where its box says it; else NULL. */
const struct nnv_spec *nnv_terminal_spec(const struct nnv_figure *fig,
    uint32_t node);
/* Path or name as an SVG id and Graphviz name: letters, digits, "._-". */
/* Bytes of a tooltip before they are escaped: dot reads no string of more than
 * 16 KiB, and nobody any of more than this. */
enum { NNV_TOOLTIP_MAX = 2000 };

void nnv_add_slug(struct nnv_text *out, struct nnv_str name);
/* link.c: the node's link to its call site, where the style asks for it. */
void nnv_link_node(struct nnv_figure *fig, uint32_t node);
/* A file of the maker's machine as it may be shown; maybe nothing. */
struct nnv_str nnv_shown_path(const struct nnv_figure *fig, nnv_name file);

/* sheet.c: the record beside the graph. */
bool nnv_sheet_attach(struct nnv_figure *fig, struct nnv_diag *diag);

/* cluster.c, edge.c, title.c; frames of the column that is under way */
bool nnv_clusters_draw(struct nnv_figure *fig, struct nnv_diag *diag);
/* Once all widths are known; false: no memory. */
bool nnv_clusters_title(struct nnv_figure *fig);
bool nnv_edges_draw(struct nnv_figure *fig, struct nnv_diag *diag);
void nnv_title_draw(struct nnv_figure *fig);

#endif
