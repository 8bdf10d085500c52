#include "figure.h"

#include "nnviz/table.h"
#include "nnviz/text.h"

/*
 * Whether TEXT has the form of PATTERN: * is any run of characters, ? is one.
 * The usual walk with one point of return, linear in practice and never worse
 * than the product of the lengths.
 */
static bool
glob(struct nnv_str pattern, struct nnv_str text)
{
	size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.n &&
		    (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++mark;
		} else
			return false;
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

bool
nnv_rule_applies(const struct nnv_rule *rule, struct nnv_str type,
    struct nnv_str path)
{
	return glob(rule->pattern, type) || glob(rule->pattern, path);
}

/* A pattern is a type's name or a path; whether one applied. */
static bool
apply_rules(const struct nnv_figure *fig, const struct nnv_node *node,
    struct nnv_paint *paint)
{
	struct nnv_str op = nnv_graph_text(fig->graph, node->op);
	struct nnv_text path = NNV_TEXT_EMPTY;
	bool applied = false;
	size_t i;

	if (fig->style->nrules != 0)
		nnv_node_path(fig->graph, node, &path);
	for (i = 0; i < fig->style->nrules; i++) {
		const struct nnv_rule *rule = &fig->style->rules[i];

		if (nnv_rule_applies(rule, op, nnv_text_str(&path))) {
			*paint = rule->paint;
			applied = true;
		}
	}
	nnv_text_release(&path);
	return applied;
}

/* The colour number N of the palette, as a box. */
struct nnv_paint
nnv_paint_of_palette(const struct nnv_style *style, uint32_t n)
{
	static const struct nnv_color black = { 0, 0, 0 };
	struct nnv_paint paint = style->paints[NNV_UNKNOWN_TYPE];

	if (!nnv_color_of_scheme(nnv_str(style->palette), n, &paint.fill))
		return paint;
	paint.line = nnv_color_mix(paint.fill, black, 0.35);
	paint.text = nnv_color_readable(style->ink, paint.fill);
	return paint;
}

/* The module that a box stands for, or is in. */
static uint32_t
own_module(const struct nnv_node *node)
{
	return node->self != NNV_NONE ? node->self : node->module;
}

/* The model, or what stands for one of its phases. */
static bool
is_outermost(const struct nnv_graph *graph, uint32_t module)
{
	return module == 0 || graph->modules[module].is_phase;
}

/* What a person calls the parts of a model: modules right inside of it. */
static bool
is_top(const struct nnv_graph *graph, uint32_t module)
{
	return !is_outermost(graph, module) &&
	    is_outermost(graph, graph->modules[module].parent);
}

uint32_t
nnv_top_module(const struct nnv_graph *graph, const struct nnv_node *node)
{
	uint32_t module = own_module(node);

	while (module != NNV_NONE && !is_outermost(graph, module) &&
	    !is_top(graph, module))
		module = graph->modules[module].parent;
	return module == NNV_NONE || is_outermost(graph, module) ? NNV_NONE
								 : module;
}

/* Counted from the model, or from what stands for the phase. */
static uint32_t
depth_of(const struct nnv_graph *graph, uint32_t module)
{
	uint32_t depth = 0;

	for (; module != NNV_NONE && !is_outermost(graph, module);
	     module = graph->modules[module].parent)
		depth++;
	return depth;
}

bool
nnv_tops_count(struct nnv_figure *fig)
{
	const struct nnv_graph *graph = fig->graph;
	struct nnv_table known;
	uint32_t n = 0;
	bool failed;

	fig->facts.tops = NNV_NEW_ARRAY(&fig->arena, graph->nmodules, uint32_t);
	if (fig->facts.tops == NULL)
		return false;
	nnv_table_init(&known);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t top = nnv_top_module(graph, &graph->nodes[v]);
		uint32_t *number = top != NNV_NONE
		    ? nnv_table_at(&known, graph->modules[top].name)
		    : NULL;

		if (number == NULL)
			continue;
		if (*number == NNV_TABLE_NONE)
			*number = n++;
		fig->facts.tops[top] = *number;
	}
	failed = known.failed;
	nnv_table_release(&known);
	return !failed;
}

uint32_t
nnv_palette_index(const struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_graph *graph = fig->graph;
	const struct nnv_node *node = &graph->nodes[index];
	uint32_t module = nnv_top_module(graph, node);

	switch (fig->style->color_by) {
	case NNV_BY_DTYPE:
		return nnv_dtype_index(fig, index);
	case NNV_BY_MODULE:
		return module != NNV_NONE ? fig->facts.tops[module] : NNV_NONE;
	case NNV_BY_DEPTH:
		return depth_of(graph, own_module(node));
	case NNV_BY_PHASE:
		return (uint32_t)node->phase;
	default:
		return NNV_NONE;
	}
}

static struct nnv_paint
paint_by(const struct nnv_figure *fig, uint32_t index)
{
	enum nnv_quantity quantity = nnv_quantity_of_color(fig->style);
	uint32_t n = nnv_palette_index(fig, index);

	if (quantity != NNV_NO_QUANTITY)
		return nnv_quantity_paint(fig,
		    nnv_quantity_of(fig, index, quantity),
		    fig->facts.most[quantity]);
	if (n != NNV_NONE)
		return nnv_paint_of_palette(fig->style, n);
	return fig->style->paints[NNV_UNKNOWN_TYPE];
}

/* Towards the page, as far as the text still reads. */
static void
fade(struct nnv_paint *paint, struct nnv_color page)
{
	paint->fill = nnv_color_mix(paint->fill, page, 0.6);
	paint->line = nnv_color_mix(paint->line, page, 0.6);
	paint->text = nnv_color_readable(nnv_color_mix(paint->text, page, 0.4),
	    paint->fill);
}

/* Where kernels are shown, what ran in the same one has one colour; what ran in
 * several has none, for that of its category could be taken for a kernel's. */
static bool
is_by_kernel(const struct nnv_figure *fig, const struct nnv_node *node)
{
	return fig->style->color_by == NNV_BY_CATEGORY && node->nkernels > 0;
}

static struct nnv_paint
paint_of_kernel(const struct nnv_figure *fig, const struct nnv_node *node)
{
	return node->nkernels == 1
	    ? nnv_paint_of_palette(fig->style, node->kernels[0])
	    : fig->style->paints[NNV_CONTAINER];
}

struct nnv_paint
nnv_paint_of(const struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_node *node = &fig->graph->nodes[index];
	enum nnv_category category = nnv_category_of(fig->graph, node);
	struct nnv_paint paint;

	if (is_by_kernel(fig, node))
		paint = paint_of_kernel(fig, node);
	else if (fig->style->color_by == NNV_BY_CATEGORY ||
	    category == NNV_TERMINAL)
		paint = fig->style->paints[category];
	else
		paint = paint_by(fig, index);
	apply_rules(fig, node, &paint);
	if (node->faded)
		fade(&paint, fig->style->page);
	return paint;
}

bool
nnv_paint_is_own(const struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_paint ignored;

	return node->faded || is_by_kernel(fig, node) ||
	    (fig->style->color_by != NNV_BY_CATEGORY &&
		nnv_category_of(fig->graph, node) != NNV_TERMINAL) ||
	    apply_rules(fig, node, &ignored);
}

struct nnv_color
nnv_faded_edge(const struct nnv_style *style)
{
	return nnv_color_mix(style->default_edge_color, style->page, 0.65);
}

struct nnv_color
nnv_secondary_on(const struct nnv_paint *paint)
{
	return nnv_color_readable(nnv_color_mix(paint->text, paint->fill, 0.25),
	    paint->fill);
}
