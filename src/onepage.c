/*
 * What a page can show. A drawing fits if its smallest type is still legible
 * when all of it is scaled down to the page, in as many columns as serve that
 * best. Of what fits, that is drawn which leaves out least:
 *
 *	everything, box by box;
 *	everything, but what comes again is drawn once, ×12;
 *	the same for what differs in numbers only, as stages that grow wider do;
 *	of that, the heaviest modules, as many as there is room for.
 *
 * Modules that are made alike are opened together, for what is drawn alike is
 * taken for alike, unless much more could be shown of one than of all.
 *
 * Nothing is laid out for this: sizes are estimates, which depend on no font,
 * so that the same model is drawn alike everywhere.
 */
#include "onepage.h"

#include <stdio.h>

#include "nnviz/draw.h"
#include "nnviz/pass.h"
#include "transform.h"

/* Points: what A4 and Letter both have within margins of 1 cm; columns. */
enum { PAGE_WIDTH = 540, PAGE_HEIGHT = 735, COLUMNS_MAX = 5 };

/* The smallest type that is read without effort, in points; how much larger it
 * has to be to make one more column worth the reader's jump. */
static const double legible = 6, worthwhile = 1.08;

/* The least share of boxes that is left where all that is alike looks alike. */
static const double even_share = 0.75;

/* Boxes of the widest level that is drawn though it fits no page: a model of
 * one closed box says nothing. */
enum { LEVEL_MAX = 300 };

struct onepage {
	const struct nnv_options *options;
	struct nnv_style *style;
	struct nnv_diag *diag;
	bool free;   /* to choose the columns */
	bool evenly; /* open what is alike together */
	bool told;   /* what there is to warn of in what was asked for */
	struct nnv_graph *best; /* of what does not fit */
	double best_type;
	int best_columns;
};

static bool
set_columns(struct onepage *p, int columns)
{
	char text[32];

	if (!p->free)
		return true;
	snprintf(text, sizeof(text), "columns=%d", columns);
	return nnv_style_set(p->style, nnv_str(text), p->diag);
}

/* How large the smallest type is on the page; negative: failure. */
static double
type_on_page(struct onepage *p, const struct nnv_graph *drawn)
{
	bool turned = nnv_style_is_sideways(p->style);
	double width = turned ? PAGE_HEIGHT : PAGE_WIDTH;
	double height = turned ? PAGE_WIDTH : PAGE_HEIGHT, scale = 1;
	struct nnv_size size;
	struct nnv_diag diag;

	/* what there is to warn of is said of what is drawn in the end */
	nnv_diag_init(&diag, p->diag->source);
	if (!nnv_draw_measure(drawn, p->style, &size, &diag)) {
		nnv_fail(p->diag, diag.code, "%s", diag.text);
		return -1;
	}
	if (scale > width / size.width)
		scale = width / size.width;
	if (scale > height / size.height)
		scale = height / size.height;
	return scale * size.type;
}

/* The type in as many columns as serve it best, which the style is left with;
 * negative: failure. */
static double
best_type(struct onepage *p, const struct nnv_graph *drawn)
{
	int columns = 1, most = p->free ? COLUMNS_MAX : 1;
	double best = 0, type;

	for (int n = 1; n <= most; n++) {
		if (!set_columns(p, n))
			return -1;
		type = type_on_page(p, drawn);
		if (type < 0)
			return -1;
		if (type <= best * worthwhile)
			continue;
		best = type;
		columns = n;
	}
	return set_columns(p, columns) ? best : -1;
}

/* Whether the model, or a pass of it, is one box. */
static bool
is_closed(const struct nnv_graph *drawn)
{
	for (uint32_t v = 0; v < drawn->nnodes; v++) {
		uint32_t self = drawn->nodes[v].self;

		if (drawn->nodes[v].kind == NNV_NODE_GROUP &&
		    (self == 0 || drawn->modules[self].is_phase))
			return true;
	}
	return false;
}

/* Whether it fits. If not it is kept, or freed: of several the most legible is
 * kept, as long as it shows anything. */
static bool
fits(struct onepage *p, struct nnv_graph *drawn)
{
	double type = best_type(p, drawn);

	if (type >= legible)
		return true;
	if (type > p->best_type && !is_closed(drawn)) {
		nnv_graph_free(p->best);
		p->best = drawn;
		p->best_type = type;
		p->best_columns = nnv_style_columns(p->style);
		return false;
	}
	nnv_graph_free(drawn);
	return false;
}

/* As asked for, but folded already, with so many boxes; 0: with all, DEPTH
 * levels of them. NULL: failure. */
static struct nnv_graph *
show(struct onepage *p, const struct nnv_graph *folded, uint32_t most,
    int depth)
{
	struct nnv_options o = *p->options;
	struct nnv_graph *drawn;
	struct nnv_diag diag;

	o.depth = depth;
	o.depth_given = true;
	o.max_nodes = most;
	o.evenly = p->evenly;
	o.fold = 0;
	nnv_diag_init(&diag, p->diag->source);
	drawn = nnv_transform_show(folded, &o, p->told ? &diag : p->diag);
	if (drawn == NULL && p->told)
		nnv_fail(p->diag, diag.code, "%s", diag.text);
	p->told = true;
	return drawn;
}

/* All that is in the graph, if a page holds so much. NULL: it does not, or
 * failure. */
static struct nnv_graph *
show_all(struct onepage *p, const struct nnv_graph *folded)
{
	struct nnv_graph *drawn = show(p, folded, 0, -1);

	if (drawn == NULL)
		return NULL;
	if (drawn->nnodes > p->options->max_nodes) {
		nnv_graph_free(drawn);
		return NULL;
	}
	return fits(p, drawn) ? drawn : NULL;
}

/* As many of the heaviest modules as a page holds. NULL: failure, or there is
 * nothing that fits. */
static struct nnv_graph *
show_heaviest(struct onepage *p, const struct nnv_graph *folded)
{
	uint32_t most = p->options->max_nodes, n;

	while (most > 0) {
		struct nnv_graph *drawn = show(p, folded, most, -1);

		if (drawn == NULL)
			return NULL;
		n = drawn->nnodes;
		if (is_closed(drawn)) {
			nnv_graph_free(drawn);
			break;
		}
		if (fits(p, drawn))
			return drawn;
		/* inputs and outputs are not counted among them */
		most = (n < most ? n : most) - 1;
	}
	return NULL;
}

/* The same, evenly if that shows nearly as much. */
static struct nnv_graph *
show_evenly(struct onepage *p, const struct nnv_graph *folded)
{
	struct nnv_graph *even, *other;
	int columns;

	p->evenly = true;
	even = show_heaviest(p, folded);
	columns = nnv_style_columns(p->style);
	p->evenly = false;
	if (p->diag->code != NNV_OK)
		return even;
	other = show_heaviest(p, folded);
	if (even == NULL || p->diag->code != NNV_OK ||
	    (other != NULL && even->nnodes < even_share * other->nnodes)) {
		nnv_graph_free(even);
		return other;
	}
	nnv_graph_free(other);
	if (set_columns(p, columns))
		return even;
	nnv_graph_free(even);
	return NULL;
}

/* What comes again once; SIMILAR: also what differs in numbers only. */
static struct nnv_graph *
fold(const struct onepage *p, const struct nnv_graph *graph, bool similar)
{
	struct nnv_fold what = { 2, similar };

	if (p->options->fold_given)
		what.least = p->options->fold;
	return nnv_pass_fold(graph, &what, p->diag);
}

/* Whether rows may be drawn as one: a person may want it otherwise, or speak of
 * modules by their names. */
static bool
may_fold(const struct onepage *p, bool similar)
{
	const struct nnv_options *o = p->options;

	if (o->collapse.n > 0 || o->expand.n > 0)
		return false;
	if (!o->fold_given)
		return true;
	return o->fold > 0 && (!similar || o->similar_above != UINT32_MAX);
}

/* Of what fits no page, what is the most legible; or one level. */
static struct nnv_graph *
show_something(struct onepage *p, const struct nnv_graph *folded)
{
	struct nnv_graph *drawn = p->best;

	p->best = NULL;
	if (drawn != NULL)
		return set_columns(p, p->best_columns) ? drawn : NULL;
	drawn = show(p, folded, 0, 1);
	if (drawn != NULL && drawn->nnodes > LEVEL_MAX) {
		nnv_graph_free(drawn);
		drawn = show(p, folded, 0, 0);
	}
	if (drawn == NULL || best_type(p, drawn) >= 0)
		return drawn;
	nnv_graph_free(drawn);
	return NULL;
}

/* The drawing of GRAPH, of what is folded in it, or of what is folded further
 * in that. NULL: failure. */
static struct nnv_graph *
choose(struct onepage *p, const struct nnv_graph *graph, int nfolded)
{
	struct nnv_graph *drawn = show_all(p, graph), *folded;

	if (drawn != NULL || p->diag->code != NNV_OK)
		return drawn;
	if (nfolded < 2 && may_fold(p, nfolded > 0)) {
		folded = fold(p, graph, nfolded > 0);
		if (folded != NULL)
			drawn = choose(p, folded, nfolded + 1);
		nnv_graph_free(folded);
		return drawn;
	}
	drawn = show_evenly(p, graph);
	if (drawn != NULL || p->diag->code != NNV_OK)
		return drawn;
	return show_something(p, graph);
}

struct nnv_graph *
nnv_onepage_show(const struct nnv_graph *chosen,
    const struct nnv_options *options, struct nnv_style *style,
    struct nnv_diag *diag)
{
	struct onepage p = { .options = options,
		.style = style,
		.diag = diag,
		.free = nnv_style_columns(style) == 0 };
	struct nnv_graph *drawn = choose(&p, chosen, 0);

	nnv_graph_free(p.best);
	return drawn;
}
