/*
 * Every key is a row of one table: name, what it wants, the initial value as a
 * person would write it, help. The initial style is that table read from top
 * to bottom; a style file and the command line are further assignments.
 *
 * Who wins: the command line over a file, whatever the order, because a row
 * that a person has set is pinned; of two assignments of one rank the later.
 */
#include "style.h"

#include <stdio.h>

#include "hint.h"
#include "nnviz/text.h"
#include "setting.h"
#include "theme.h"

#define ROW(field, kind, wants, initial, help)          \
	{                                               \
		{ #field, wants, initial, help }, kind, \
		    offsetof(struct nnv_style, field)   \
	}
#define PAINT_OF(name, category, initial, help)                             \
	{                                                                   \
		{ name, "fill [line [text]] [dashed|dotted|bold]", initial, \
			help },                                             \
		    NNV_SET_PAINT,                                          \
		    offsetof(struct nnv_style, paints[category])            \
	}
#define PAINT(name, category, initial) \
	PAINT_OF(name, category, initial, "boxes of this category")

#define YES_NO "true|false"

static const struct nnv_setting table[] = {
	/* NNViz's */
	ROW(fontname, NNV_SET_FONT, "font families",
	    "Liberation Sans,Arial,Helvetica,sans-serif", "font of all text"),
	PAINT_OF("default_node_color", NNV_UNKNOWN_TYPE,
	    "#f3f4f6 #6b7280 #1f2937", "boxes of which the type says nothing"),
	ROW(default_edge_color, NNV_SET_COLOR, "colour", "#7b8794", "arrows"),
	ROW(node_style, NNV_SET_BOX, "Graphviz node styles", "rounded,filled",
	    "style of boxes"),
	ROW(node_margin, NNV_SET_MARGIN, "X,Y inches", "0.13,0.04",
	    "space around the text of a box"),
	ROW(edge_thickness, NNV_SET_REAL, "0..20", "1.1",
	    "width of arrows in points"),
	ROW(graph_title_font_size, NNV_SET_INT, "4..200", "20",
	    "the drawing's title, in points"),
	ROW(node_title_font_size, NNV_SET_INT, "4..200", "12",
	    "the type in a box, in points"),
	ROW(cluster_title_font_size, NNV_SET_INT, "4..200", "10",
	    "a module's name, in points"),
	ROW(show_title, NNV_SET_BOOL, YES_NO, "true",
	    "model, file and totals above the drawing"),
	ROW(show_specs, NNV_SET_BOOL, YES_NO, "true",
	    "shapes beside the arrows"),
	ROW(show_node_name, NNV_SET_BOOL, YES_NO, "true",
	    "a layer's name in its box"),
	ROW(show_node_params, NNV_SET_BOOL, YES_NO, "true",
	    "how many parameters it has"),
	ROW(show_node_macs, NNV_SET_BOOL, YES_NO, "false",
	    "how many multiply-accumulates it takes"),
	ROW(show_node_bytes, NNV_SET_BOOL, YES_NO, "false",
	    "bytes of activations"),
	ROW(show_node_arguments, NNV_SET_BOOL, YES_NO, "true",
	    "its hyper-parameters or arguments"),
	ROW(show_node_source, NNV_SET_BOOL, YES_NO, "false",
	    "the full name of its type"),
	ROW(show_clusters, NNV_SET_BOOL, YES_NO, "true",
	    "frames around modules"),

	/* what is shown */
	ROW(specs, NNV_SET_CHOICE, "changes|all|none", "changes",
	    "which arrows say their shape"),
	ROW(batch, NNV_SET_CHOICE, "auto|hide|show", "auto",
	    "whether shapes hold the batch; auto: not where all begin with it"),
	ROW(long_arrows, NNV_SET_CHOICE, "auto|draw|cut", "auto",
	    "over 20 ranks: draw, or name the ends; auto: if too many"),
	ROW(columns, NNV_SET_INT, "0..500", "0",
	    "break a long drawing into so many columns; 0: if it must be"),
	ROW(direction, NNV_SET_CHOICE, "TB|LR|BT|RL", "TB",
	    "where the data flows"),
	ROW(turn, NNV_SET_TEXT, "a node's name, or nothing", "",
	    "the flow turns back at this node"),
	ROW(name_place, NNV_SET_CHOICE, "auto|beside|below", "auto",
	    "where a box says its name; auto: beside, below in LR and RL"),
	ROW(color_by, NNV_SET_CHOICE,
	    "category|module|depth|phase|none|params|macs|bytes|time|dtype",
	    "category", "what the colour of a box tells"),
	ROW(color_ramp, NNV_SET_TINTS, "colours from little to much",
	    "#f7fbff #c6dbef #6baed6 #2171b5 #08306b",
	    "scale of color_by=params, macs, bytes and time"),
	ROW(size_by, NNV_SET_CHOICE, "none|params|macs|bytes|time", "none",
	    "what the height of a box tells"),
	ROW(size_most, NNV_SET_REAL, "0..20", "1.6",
	    "inches of the tallest box with size_by"),
	ROW(palette, NNV_SET_SCHEME,
	    "accent|dark2|paired|pastel1|pastel2|set1|set2|set3", "set3",
	    "colours of modules, depths and phases"),
	ROW(legend, NNV_SET_BOOL, YES_NO, "false",
	    "explain the colours below the title"),
	ROW(fork_points, NNV_SET_BOOL, YES_NO, "true",
	    "where a tensor splits inside a module, split one arrow"),
	ROW(compact_ops, NNV_SET_BOOL, YES_NO, "true",
	    "draw +, \xc3\x97 and the like as small circles"),

	/* sizes */
	ROW(rank_gap, NNV_SET_REAL, "0..10", "0.28", "inches between ranks"),
	ROW(node_gap, NNV_SET_REAL, "0..10", "0.25",
	    "inches between neighbours"),
	ROW(arrow_size, NNV_SET_REAL, "0..5", "0.6", "size of arrow heads"),
	ROW(line_width, NNV_SET_REAL, "0..10", "1.1",
	    "width of a box's line in points"),
	ROW(detail_font_size, NNV_SET_INT, "4..200", "8",
	    "small print in a box, in points"),
	ROW(edge_font_size, NNV_SET_INT, "4..200", "8",
	    "shapes beside the arrows, in points"),

	/* colours of what is no box */
	ROW(page, NNV_SET_COLOR, "colour", "#ffffff", "background"),
	ROW(transparent, NNV_SET_BOOL, YES_NO, "false", "no background"),
	ROW(ink, NNV_SET_COLOR, "colour", "#1f2933", "title, module names"),
	ROW(secondary, NNV_SET_COLOR, "colour", "#52606d", "small print"),
	ROW(edge_skip, NNV_SET_COLOR, "colour", "#a9b4c0",
	    "arrows that skip over others"),
	ROW(skip_dashed, NNV_SET_BOOL, YES_NO, "false",
	    "dash the arrows that skip"),
	ROW(edge_text, NNV_SET_COLOR, "colour", "#566270",
	    "shapes beside the arrows"),
	ROW(cluster_fill, NNV_SET_TINTS, "colours from the outermost in",
	    "#f8fafc #f1f5f9 #e8eef5", "inside of modules' frames"),
	ROW(cluster_line, NNV_SET_COLOR, "colour", "#cbd5e1",
	    "modules' frames"),

	/* pictures */
	ROW(dpi, NNV_SET_INT, "24..1200", "144", "pixels an inch"),
	ROW(hurry, NNV_SET_INT, "0..3", "0",
	    "how much simpler a layout is made than it could be"),
	ROW(timeout, NNV_SET_INT, "1..86400", "60",
	    "seconds of processor time that a layout may take"),
	ROW(svg_responsive, NNV_SET_BOOL, YES_NO, "false",
	    "SVG that fills its place in a page"),
	ROW(source_url, NNV_SET_TEXT, "URL with {file} and {line}", "",
	    "boxes link to where they are called"),
	ROW(strip_path, NNV_SET_TEXT, "directory", "",
	    "cut this from the beginning of paths"),

	PAINT("color.convolution", NNV_CONVOLUTION, "#dbeafe #3b82f6 #1e3a8a"),
	PAINT("color.linear", NNV_LINEAR, "#dcfce7 #15803d #14532d"),
	PAINT("color.normalisation", NNV_NORMALISATION,
	    "#eef2f6 #94a3b8 #334155"),
	PAINT("color.activation", NNV_ACTIVATION, "#fef3c7 #eab308 #713f12"),
	PAINT("color.pooling", NNV_POOLING, "#ede9fe #6d28d9 #4c1d95"),
	PAINT("color.attention", NNV_ATTENTION, "#fbcfe8 #9d174d #831843"),
	PAINT("color.recurrent", NNV_RECURRENT, "#ccfbf1 #134e4a #134e4a"),
	PAINT("color.embedding", NNV_EMBEDDING, "#e0f2fe #38bdf8 #0c4a6e"),
	PAINT("color.dropout", NNV_DROPOUT, "#f5f5f4 #d6d3d1 #57534e dashed"),
	PAINT("color.padding", NNV_PADDING, "#f1f5f9 #94a3b8 #475569 dotted"),
	PAINT("color.elementwise", NNV_ELEMENTWISE, "#ffffff #475569 #1f2933"),
	PAINT("color.shape", NNV_SHAPE, "#f8fafc #94a3b8 #475569"),
	PAINT("color.reduction", NNV_REDUCTION, "#fae8ff #86198f #701a75"),
	PAINT("color.loss", NNV_LOSS, "#fecdd3 #fb7185 #881337"),
	PAINT("color.terminal", NNV_TERMINAL, "#1f2933 #1f2933 #ffffff"),
	PAINT("color.container", NNV_CONTAINER, "#e8edf4 #64748b #1e293b"),
	PAINT("color.gradient", NNV_GRADIENT, "#ffedd5 #ea580c #7c2d12"),
	PAINT("color.optimizer", NNV_OPTIMISER, "#ecfccb #65a30d #365314"),
	PAINT("color.unknown", NNV_UNKNOWN_TYPE, "#f3f4f6 #6b7280 #1f2937")
};

enum { NROWS = sizeof(table) / sizeof(table[0]), ARENA_MAX = 1 << 24 };

struct nnv_style *
nnv_style_new(void)
{
	struct nnv_style *style = nnv_heap_alloc(1, sizeof(*style));
	bool fine = style != NULL;
	size_t i;

	if (style == NULL)
		return NULL;
	nnv_arena_init(&style->arena, ARENA_MAX);
	for (i = 0; i < NROWS && fine; i++)
		fine = nnv_setting_read(&table[i],
		    nnv_str(table[i].key.initial), style);
	style->pinned = nnv_arena_alloc(&style->arena, NROWS, 1);
	if (!fine || style->pinned == NULL) {
		nnv_style_free(style);
		return NULL;
	}
	return style;
}

void
nnv_style_free(struct nnv_style *style)
{
	if (style == NULL)
		return;
	nnv_style_free(style->dark);
	nnv_heap_free(style->rules);
	nnv_arena_release(&style->arena);
	nnv_heap_free(style);
}

int
nnv_style_columns(const struct nnv_style *style)
{
	return style->columns;
}

bool
nnv_style_is_sideways(const struct nnv_style *style)
{
	return nnv_style_sideways(style);
}

const struct nnv_style_key *
nnv_style_key(size_t i)
{
	return i < NROWS ? &table[i].key : NULL;
}

static size_t
find_row(struct nnv_str name)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		if (nnv_str_eq(name, nnv_str(table[i].key.name)))
			break;
	return i;
}

static bool
unknown_key(struct nnv_str name, struct nnv_diag *diag)
{
	struct nnv_str keys[NROWS + 1];
	size_t i;

	for (i = 0; i < NROWS; i++)
		keys[i] = nnv_str(table[i].key.name);
	keys[NROWS] = NNV_STR("theme");
	return nnv_hint_key(name, keys, NROWS + 1, diag);
}

static bool
set_row(struct nnv_style *style, size_t i, struct nnv_str value, bool pin,
    struct nnv_diag *diag)
{
	if (style->pinned[i] && !pin)
		return true;
	if (nnv_setting_read(&table[i], value, style)) {
		style->pinned[i] = pin;
		return true;
	}
	if (nnv_arena_failed(&style->arena))
		return nnv_fail_memory(diag);
	return nnv_hint_value(&table[i], value, diag);
}

static bool
bad_paint(struct nnv_str pattern, struct nnv_str value, struct nnv_diag *diag)
{
	const struct nnv_setting
	    *any = &table[find_row(NNV_STR("color.unknown"))];
	struct nnv_setting row = *any;
	char name[64];

	snprintf(name, sizeof(name), "color.%.*s", (int)pattern.n, pattern.p);
	row.key.name = name;
	return nnv_hint_value(&row, value, diag);
}

/* "color.PATTERN": a type or a path of modules with * and ?. */
static bool
add_rule(struct nnv_style *style, struct nnv_str pattern, struct nnv_str value,
    bool pinned, struct nnv_diag *diag)
{
	struct nnv_rule rule = { .pinned = pinned };
	void *rules = style->rules;

	if (!nnv_paint_read(value, &rule.paint))
		return bad_paint(pattern, value, diag);
	if (style->nrules == NNV_STYLE_RULES)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "more than %d colours in a style", NNV_STYLE_RULES);
	rule.pattern.p = nnv_arena_copy(&style->arena, pattern);
	rule.pattern.n = pattern.n;
	if (rule.pattern.p == NULL ||
	    !nnv_heap_grow(&rules, &style->rule_cap, style->nrules + 1,
		sizeof(rule)))
		return nnv_fail_memory(diag);
	style->rules = rules;
	style->rules[style->nrules++] = rule;
	return true;
}

/* The row of "color.CATEGORY", also as people spell it ("Convolution"). */
static size_t
category_row(struct nnv_str category)
{
	char name[40] = "color.";
	size_t i;

	if (category.n >= sizeof(name) - 6)
		return NROWS;
	for (i = 0; i < category.n; i++) {
		char c = category.p[i];

		name[6 + i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	if (nnv_category_named((struct nnv_str){ name + 6, category.n }) ==
	    NNV_NCATEGORIES)
		return NROWS;
	i = (size_t)nnv_category_named((struct nnv_str){
	    name + 6, category.n });
	memcpy(name + 6, nnv_category_name((enum nnv_category)i),
	    strlen(nnv_category_name((enum nnv_category)i)) + 1);
	return find_row(nnv_str(name));
}

bool
nnv_style_assign(struct nnv_style *style, struct nnv_str key,
    struct nnv_str value, bool pin, struct nnv_diag *diag)
{
	static const struct nnv_str prefix = { "color.", 6 };
	size_t i = find_row(key);

	if (nnv_str_eq(key, NNV_STR("theme")))
		return nnv_style_load(style, value, diag);
	if (i == NROWS && nnv_str_starts(key, prefix) && key.n > prefix.n) {
		struct nnv_str rest = nnv_str_from(key, prefix.n);

		i = category_row(rest);
		if (i == NROWS)
			return add_rule(style, rest, value, pin, diag);
	}
	if (i == NROWS)
		return unknown_key(key, diag);
	return set_row(style, i, value, pin, diag);
}

bool
nnv_style_set(struct nnv_style *style, struct nnv_str assignment,
    struct nnv_diag *diag)
{
	struct nnv_str key, value;

	if (!nnv_assignment_split(assignment, &key, &value)) {
		size_t i = find_row(assignment);

		return nnv_fail(diag, NNV_E_USAGE,
		    "a style is KEY=VALUE: \"%.*s\"%s%s", (int)assignment.n,
		    assignment.p, i < NROWS ? ": it wants " : "",
		    i < NROWS ? table[i].key.kind : "");
	}
	return nnv_style_assign(style, key, value, true, diag);
}

/* How the lines of a list begin: "set dark.". */
struct lead {
	const char *tag, *themed, *prefix;
};

/* "set PREFIX.KEY=VALUE", on one line whatever is in it. */
static void
list_key(const struct lead *lead, bool pinned, struct nnv_str key,
    const struct nnv_text *value, struct nnv_text *out)
{
	nnv_text_addf(out, "%s %s", pinned ? lead->tag : lead->themed,
	    lead->prefix);
	nnv_text_add_terminal(out, key);
	nnv_text_addc(out, '=');
	nnv_text_add_terminal(out, nnv_text_str(value));
	nnv_text_addc(out, '\n');
	out->failed |= nnv_text_failed(value);
}

static void
list(const struct nnv_style *style, const struct nnv_style *initial,
    const struct lead *lead, struct nnv_text *out)
{
	struct nnv_text is = NNV_TEXT_EMPTY, was = NNV_TEXT_EMPTY;
	size_t i;

	for (i = 0; i < NROWS; i++) {
		/* how long a layout may take does not show */
		if (table[i].offset == offsetof(struct nnv_style, timeout))
			continue;
		nnv_text_clear(&is);
		nnv_text_clear(&was);
		nnv_setting_write(&table[i], style, &is);
		nnv_setting_write(&table[i], initial, &was);
		if (!nnv_str_eq(nnv_text_str(&is), nnv_text_str(&was)))
			list_key(lead, style->pinned[i],
			    nnv_str(table[i].key.name), &is, out);
	}
	for (i = 0; i < style->nrules; i++) {
		nnv_text_clear(&is);
		nnv_text_clear(&was);
		nnv_paint_write(&style->rules[i].paint, &is);
		nnv_text_adds(&was, "color.");
		nnv_text_add(&was, style->rules[i].pattern);
		list_key(lead, style->rules[i].pinned, nnv_text_str(&was), &is,
		    out);
	}
	nnv_text_release(&is);
	nnv_text_release(&was);
}

void
nnv_style_list(const struct nnv_style *style, const char *themed,
    struct nnv_text *out)
{
	const struct lead lead = { "set", themed, "" };
	const struct lead dark = { "set", themed, "dark." };
	struct nnv_style *initial = nnv_style_new();

	if (initial == NULL) {
		out->failed = true;
		return;
	}
	list(style, initial, &lead, out);
	if (style->dark != NULL)
		list(style->dark, initial, &dark, out);
	nnv_style_free(initial);
}
