/*
 * What a style asks for and the graph cannot show: a colour for a type or a
 * path that nothing has, a scale of what is not known of any box. Files of
 * style are for more than one model: only what a person asked for counts.
 */
#include "figure.h"
#include "nnviz/draw.h"
#include "nnviz/text.h"

enum { NAMES_MAX = 4096 };

struct advice {
	const struct nnv_graph *graph;
	const struct nnv_style *style;
	bool used[NNV_STYLE_RULES];
};

static void
find_used(struct advice *advice)
{
	const struct nnv_style *style = advice->style;

	for (uint32_t v = 0; v < advice->graph->nnodes; v++) {
		struct nnv_text path = NNV_TEXT_EMPTY;
		const struct nnv_node *node = &advice->graph->nodes[v];

		nnv_node_path(advice->graph, node, &path);
		for (size_t i = 0; i < style->nrules; i++)
			if (!advice->used[i])
				advice->used[i] =
				    nnv_rule_applies(&style->rules[i],
					nnv_graph_text(advice->graph, node->op),
					nnv_text_str(&path));
		nnv_text_release(&path);
	}
}

/* The type of a box that is nearest to PATTERN, or absent. */
static struct nnv_str
nearest_type(const struct nnv_graph *graph, struct nnv_str pattern)
{
	struct nnv_str *names = nnv_heap_alloc(NAMES_MAX, sizeof(*names));
	struct nnv_str near = nnv_str(NULL);
	size_t n = 0, i;

	if (names == NULL)
		return near;
	for (uint32_t v = 0; v < graph->nnodes && n < NAMES_MAX; v++)
		names[n++] = nnv_graph_text(graph, graph->nodes[v].op);
	i = nnv_nearest(pattern, names, n);
	if (i < n)
		near = names[i];
	nnv_heap_free(names);
	return near;
}

static void
advise_rules(struct advice *advice, struct nnv_diag *diag)
{
	const struct nnv_style *style = advice->style;

	find_used(advice);
	for (size_t i = 0; i < style->nrules; i++) {
		struct nnv_str pattern = style->rules[i].pattern, near;

		if (!style->rules[i].pinned || advice->used[i])
			continue;
		near = nearest_type(advice->graph, pattern);
		nnv_warn(diag, "idle colour",
		    "no box has the type or path of \"color.%.*s\"%s%.*s%s",
		    (int)pattern.n, pattern.p,
		    near.n > 0 ? ": nearest is \"" : "", (int)near.n,
		    near.n > 0 ? near.p : "", near.n > 0 ? "\"" : "");
	}
}

static bool
is_known(const struct advice *advice, enum nnv_quantity quantity)
{
	const struct nnv_figure fig = { .graph = advice->graph,
		.style = advice->style };

	for (uint32_t v = 0; v < advice->graph->nnodes; v++)
		if (nnv_quantity_of(&fig, v, quantity) != NNV_UNKNOWN)
			return true;
	return false;
}

static void
advise_scale(const struct advice *advice, const char *key,
    enum nnv_quantity quantity, struct nnv_diag *diag)
{
	static const char *const names[NNV_NQUANTITIES] = { NULL, "parameters",
		"MACs", "bytes", "times" };

	if (quantity == NNV_NO_QUANTITY || is_known(advice, quantity))
		return;
	nnv_warn(diag, key, "%s: no %s are known of any box%s", key,
	    names[quantity],
	    quantity == NNV_QUANTITY_TIME ? ": --profile reads them" : "");
}

void
nnv_draw_advise(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_diag *diag)
{
	struct advice advice = { .graph = graph, .style = style };

	if (style->nrules != 0)
		advise_rules(&advice, diag);
	advise_scale(&advice, "color_by", nnv_quantity_of_color(style), diag);
	advise_scale(&advice, "size_by", (enum nnv_quantity)style->size_by,
	    diag);
}
