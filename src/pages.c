/*
 * A page shows as many levels of its module as stay legible, so that a module
 * that is small enough is drawn in full and its parts need no pages; every
 * module that it shows as one box has a page. What a page needs is taken from
 * what its parent was drawn from, not from the whole model: the cost of all
 * pages is that of the levels of nesting.
 */
#include "pages.h"

#include "nnviz/arena.h"
#include "nnviz/pass.h"
#include "transform.h"

enum {
	LEGIBLE = 40, /* boxes on a page */
	FEW = 8,      /* with less an overview says little */
	LEVELS = 32   /* that are tried */
};

struct planner {
	struct nnv_pages *pages;
	const struct nnv_options *options; /* of the overview */
	struct nnv_options inner;          /* of all other pages */
	uint64_t most;    /* pages */
	uint32_t without; /* boxes whose modules have none for that */
	struct nnv_diag *diag;
};

static struct nnv_plan_page *
add(struct planner *p, uint32_t parent)
{
	struct nnv_pages *pages = p->pages;
	void *items = pages->items;
	struct nnv_plan_page *page;

	if (!nnv_heap_grow(&items, &pages->cap, pages->n + 1,
		sizeof(*pages->items))) {
		nnv_fail_memory(p->diag);
		return NULL;
	}
	pages->items = items;
	page = &pages->items[pages->n++];
	*page = (struct nnv_plan_page){ .parent = parent,
		.child = NNV_NONE,
		.next = NNV_NONE,
		.path = NNV_TEXT_EMPTY,
		.label = NNV_TEXT_EMPTY };
	return page;
}

/* The page at a depth. What is odd about it was said of the overview. */
static struct nnv_graph *
show(const struct planner *p, const struct nnv_graph *chosen,
    const struct nnv_options *options, int depth, bool overview)
{
	struct nnv_options o = *options;
	struct nnv_graph *drawn;
	struct nnv_diag diag;

	o.depth = depth;
	o.depth_given = true;
	o.max_nodes = 0;
	nnv_diag_init(&diag, p->diag->source);
	drawn = nnv_transform_show(chosen, &o, overview ? p->diag : &diag);
	if (drawn == NULL && !overview)
		nnv_fail(p->diag, diag.code, "%s", diag.text);
	return drawn;
}

/* As deep as it is legible, or until it has LEAST boxes; at least a level. */
static struct nnv_graph *
show_legible(struct planner *p, const struct nnv_graph *chosen,
    const struct nnv_options *options, uint32_t least)
{
	struct nnv_graph *best = show(p, chosen, options, 1, false), *next;

	for (int depth = 2; depth < LEVELS && best != NULL; depth++) {
		if (best->nnodes >= least ||
		    !nnv_graph_has(best, NNV_NODE_GROUP))
			break;
		next = show(p, chosen, options, depth, false);
		if (next == NULL || next->nnodes > LEGIBLE) {
			nnv_graph_free(next);
			break;
		}
		nnv_graph_free(best);
		best = next;
	}
	return best;
}

/* What the person asked for, or what tells most at a glance. */
static struct nnv_graph *
show_overview(struct planner *p, const struct nnv_graph *chosen)
{
	const struct nnv_options *o = p->options;

	if (o->depth_given || o->max_nodes > 0)
		return nnv_transform_show(chosen, o, p->diag);
	return show_legible(p, chosen, o, FEW);
}

/* The page of the module called LABEL on page PARENT, made if it is new; or
 * NNV_NONE. */
static uint32_t
page_of(struct planner *p, uint32_t parent, struct nnv_str label,
    uint32_t *last)
{
	struct nnv_pages *pages = p->pages;
	struct nnv_plan_page *page;

	for (uint32_t c = pages->items[parent].child; c != NNV_NONE;
	     c = pages->items[c].next)
		if (nnv_str_eq(nnv_text_str(&pages->items[c].label), label))
			return c;
	if (pages->n >= p->most) {
		p->without++;
		return NNV_NONE;
	}
	page = add(p, parent);
	if (page == NULL)
		return NNV_NONE;
	nnv_text_add(&page->label, label);
	nnv_text_add(&page->path, nnv_text_str(&pages->items[parent].path));
	if (page->path.n != 0)
		nnv_text_addc(&page->path, '.');
	nnv_text_add(&page->path, label);
	if (*last == NNV_NONE)
		pages->items[parent].child = (uint32_t)(pages->n - 1);
	else
		pages->items[*last].next = (uint32_t)(pages->n - 1);
	*last = (uint32_t)(pages->n - 1);
	return *last;
}

/* Pages for what page AT shows as one box. Links are items until all pages
 * have numbers. */
static bool
link_groups(struct planner *p, uint32_t at)
{
	const struct nnv_graph *drawn = p->pages->items[at].drawn;
	uint32_t *links = nnv_heap_alloc(drawn->nnodes + (size_t)1,
	    sizeof(*links));
	struct nnv_text path = NNV_TEXT_EMPTY;
	uint32_t last = NNV_NONE;

	if (links == NULL)
		return nnv_fail_memory(p->diag);
	p->pages->items[at].links = links;
	for (uint32_t v = 0; v < drawn->nnodes; v++) {
		const struct nnv_node *node = &drawn->nodes[v];

		links[v] = NNV_NONE;
		if (node->kind != NNV_NODE_GROUP || node->self == NNV_NONE ||
		    node->repeat > 1 || node->nmembers <= 1)
			continue;
		nnv_text_clear(&path);
		nnv_module_path(drawn, node->self, &path);
		if (path.n != 0 && !nnv_text_failed(&path))
			links[v] = page_of(p, at, nnv_text_str(&path), &last);
	}
	nnv_text_release(&path);
	return p->diag->code == NNV_OK;
}

/* All that is in the module of a page. */
static bool
choose(struct planner *p, uint32_t at)
{
	struct nnv_plan_page *page = &p->pages->items[at];
	const struct nnv_plan_page *parent = &p->pages->items[page->parent];
	struct nnv_graph *part;

	if (nnv_text_failed(&page->path) || nnv_text_failed(&page->label))
		return nnv_fail_memory(p->diag);
	part = nnv_pass_select(parent->chosen, nnv_text_str(&page->label),
	    p->diag);
	if (part == NULL)
		return false;
	part->title = nnv_graph_name(part, nnv_text_str(&page->path));
	part->peak_bytes = NNV_UNKNOWN;
	if (!nnv_graph_trim(part))
		nnv_fail_memory(p->diag);
	else
		page->chosen = nnv_pass_measure(part, p->diag);
	nnv_graph_free(part);
	return page->chosen != NULL;
}

static bool
plan_page(struct planner *p, uint32_t at)
{
	struct nnv_graph *drawn;

	if (at != 0 && !choose(p, at))
		return false;
	drawn = at == 0
	    ? show_overview(p, p->pages->items[0].chosen)
	    : show_legible(p, p->pages->items[at].chosen, &p->inner, LEGIBLE);
	if (drawn == NULL)
		return false;
	p->pages->items[at].drawn = drawn;
	return (nnv_graph_trim(drawn) || nnv_fail_memory(p->diag)) &&
	    link_groups(p, at);
}

/* Number the pages so that children follow their parents. */
static bool
number(struct nnv_pages *pages, struct nnv_diag *diag)
{
	uint32_t at = 0, n = 0;

	pages->order = nnv_heap_alloc(pages->n, sizeof(*pages->order));
	if (pages->order == NULL)
		return nnv_fail_memory(diag);
	while (at != NNV_NONE) {
		pages->order[n++] = at;
		pages->items[at].number = n;
		if (pages->items[at].child != NNV_NONE) {
			at = pages->items[at].child;
			continue;
		}
		while (at != NNV_NONE && pages->items[at].next == NNV_NONE)
			at = pages->items[at].parent;
		if (at != NNV_NONE)
			at = pages->items[at].next;
	}
	for (size_t i = 0; i < pages->n; i++)
		for (uint32_t v = 0; v < pages->items[i].drawn->nnodes; v++) {
			uint32_t *link = &pages->items[i].links[v];

			*link = *link != NNV_NONE ? pages->items[*link].number
						  : 0;
		}
	return true;
}

/* A page that has its children needs all that is in it no more. */
static void
forget(struct nnv_pages *pages, uint32_t at)
{
	nnv_graph_free(pages->items[at].chosen);
	pages->items[at].chosen = NULL;
}

/* Say that there are modules without a page, before any is drawn. */
static bool
tell_limit(const struct planner *p)
{
	unsigned long long most = p->most;

	if (p->without == 0)
		return true;
	if (p->options->strict)
		return nnv_fail(p->diag, NNV_E_LIMIT,
			   "a document of more than %llu pages is over the "
			   "limit",
			   most) ||
		    nnv_limited(p->diag, "pages");
	nnv_warn(p->diag, "pages",
	    "a document has at most %llu pages, so that %u boxes lead to none: "
	    "--limit pages=N allows more, -l PATH draws one of them",
	    most, p->without);
	return true;
}

static bool
plan_all(struct planner *p, const struct nnv_graph *chosen)
{
	struct nnv_pages *pages = p->pages;
	uint32_t open = 0;

	if (add(p, NNV_NONE) == NULL)
		return false;
	pages->items[0].chosen = nnv_graph_share(chosen);
	for (uint32_t at = 0; at < pages->n; at++) {
		if (!plan_page(p, at))
			return false;
		/* pages come in the order of their parents */
		while (at != 0 && open < pages->items[at].parent)
			forget(pages, open++);
	}
	while (open < pages->n)
		forget(pages, open++);
	return true;
}

bool
nnv_pages_plan(struct nnv_pages *pages, const struct nnv_graph *chosen,
    const struct nnv_options *options, uint64_t most, struct nnv_diag *diag)
{
	struct planner p = { .pages = pages,
		.options = options,
		.inner = *options,
		.most = most,
		.diag = diag };

	/* what was said in paths of the model means nothing in its parts */
	p.inner.collapse.n = p.inner.expand.n = p.inner.highlight.n = 0;
	p.inner.from = p.inner.to = p.inner.around = NULL;
	*pages = (struct nnv_pages){ .items = NULL };
	return plan_all(&p, chosen) && tell_limit(&p) && number(pages, diag);
}

void
nnv_pages_release(struct nnv_pages *pages)
{
	for (size_t i = 0; i < pages->n; i++) {
		nnv_text_release(&pages->items[i].path);
		nnv_text_release(&pages->items[i].label);
		nnv_graph_free(pages->items[i].chosen);
		nnv_graph_free(pages->items[i].drawn);
		nnv_heap_free(pages->items[i].links);
	}
	nnv_heap_free(pages->items);
	nnv_heap_free(pages->order);
}
