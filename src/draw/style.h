/* The style as the room draws with it. */
#ifndef NNVIZ_DRAW_STYLE_H
#define NNVIZ_DRAW_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "category.h"
#include "color.h"
#include "nnviz/arena.h"
#include "nnviz/style.h"
#include "nnviz/text.h"

enum nnv_outline { NNV_SOLID, NNV_DASHED, NNV_DOTTED, NNV_BOLD };

/* How boxes of a category look. */
struct nnv_paint {
	struct nnv_color fill, line, text;
	enum nnv_outline outline;
};

/* A colour that was asked for by "color.PATTERN=...". */
struct nnv_rule {
	struct nnv_str pattern;
	struct nnv_paint paint;
	bool pinned; /* by a person, not by a file */
};

/* The values of keys that choose one of a few words, in the words' order. */
enum nnv_specs { NNV_SPECS_CHANGES, NNV_SPECS_ALL, NNV_SPECS_NONE };
enum nnv_batch { NNV_BATCH_AUTO, NNV_BATCH_HIDE, NNV_BATCH_SHOW };
enum nnv_long_arrows { NNV_LONG_AUTO, NNV_LONG_DRAW, NNV_LONG_CUT };
enum nnv_direction { NNV_TB, NNV_LR, NNV_BT, NNV_RL };
enum nnv_name_place { NNV_NAME_AUTO, NNV_NAME_BESIDE, NNV_NAME_BELOW };
enum nnv_color_by {
	NNV_BY_CATEGORY,
	NNV_BY_MODULE,
	NNV_BY_DEPTH,
	NNV_BY_PHASE,
	NNV_BY_NOTHING,
	NNV_BY_PARAMS,
	NNV_BY_MACS,
	NNV_BY_BYTES,
	NNV_BY_TIME,
	NNV_BY_DTYPE
};

/* What a scale measures; also the words of size_by, in their order. */
enum nnv_quantity {
	NNV_NO_QUANTITY,
	NNV_QUANTITY_PARAMS,
	NNV_QUANTITY_MACS,
	NNV_QUANTITY_BYTES,
	NNV_QUANTITY_TIME,
	NNV_NQUANTITIES
};

enum { NNV_CLUSTER_TINTS = 8, NNV_STYLE_RULES = 1024, NNV_STYLE_DIRS = 8 };

struct nnv_tints {
	struct nnv_color colors[NNV_CLUSTER_TINTS];
	int n;
};

struct nnv_style {
	struct nnv_arena arena; /* the texts */

	/* NNViz's keys */
	const char *fontname;
	struct nnv_color default_edge_color;
	const char *node_style, *node_margin;
	double edge_thickness;
	int graph_title_font_size, node_title_font_size;
	int cluster_title_font_size;
	bool show_title, show_specs, show_node_name, show_node_params;
	bool show_node_arguments, show_node_source, show_clusters;
	bool show_node_macs, show_node_bytes;

	/* what is shown */
	int specs, batch, long_arrows, direction, name_place, color_by;
	int size_by;
	double size_most; /* inches of the tallest box */
	struct nnv_tints color_ramp;
	bool legend, fork_points, compact_ops, skip_dashed;
	const char *palette, *turn;

	/* sizes: inches, points */
	double rank_gap, node_gap, arrow_size, line_width;
	int detail_font_size, edge_font_size;

	/* colours of what is no box */
	struct nnv_color page, ink, secondary, edge_skip, edge_text;
	struct nnv_tints cluster_fill;
	struct nnv_color cluster_line;
	bool transparent;

	/* pictures */
	int dpi, timeout, hurry, columns;
	bool svg_responsive;
	const char *source_url, *strip_path;

	struct nnv_paint paints[NNV_NCATEGORIES];
	struct nnv_rule *rules;
	size_t nrules, rule_cap;

	unsigned char *pinned; /* by row: set by a person, not by a file */
	struct nnv_str dirs[NNV_STYLE_DIRS];
	size_t ndirs;
	unsigned nfiles;        /* that were asked for, one in another */
	struct nnv_style *dark; /* for a theme that follows the reader's */
	struct nnv_str theme;   /* its name, without where it lies */
};

/* Whether the data flows from side to side. */
static inline bool
nnv_style_sideways(const struct nnv_style *style)
{
	return style->direction == NNV_LR || style->direction == NNV_RL;
}

/* Append a line "set KEY=VALUE" for each key that shows and is not as it is
 * where nobody sets one, in the order of the table; THEMED begins those that
 * the theme sets, not a person. */
void nnv_style_list(const struct nnv_style *style, const char *themed,
    struct nnv_text *out);

#endif
