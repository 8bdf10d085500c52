/*
 * A page shows as many levels of its module as stay legible, so that a module
 * that is small enough is drawn in full and its parts need no pages; every
 * module that it shows as one box has a page. Where not all is legible, runs of
 * parts that are alike are drawn once, which shows more levels of them. Modules
 * that are the same inside share one page, and a module is shown in all phases
 * at once. What a page needs is taken from what its parent was drawn from, not
 * from the whole model: the cost of all pages is that of the levels of nesting.
 */
#include "pages.h"

#include "nnviz/arena.h"
#include "nnviz/pass.h"
#include "nnviz/table.h"
#include "span.h"
#include "transform.h"

enum {
	LEGIBLE = 40, /* boxes on a page */
	FEW = 8,      /* with less an overview says little */
	LEVELS = 32,  /* that are tried */
	RUN = 3,      /* parts in a row that are drawn once */
	BORDERS = 4   /* inputs of one place that are a box each */
};

struct planner {
	struct nnv_pages *pages;
	const struct nnv_options *options; /* of the overview */
	struct nnv_options inner;          /* of all other pages */
	uint32_t borders;                  /* of one place, a box each */
	uint64_t most;                     /* pages */
	uint32_t without; /* boxes whose modules have none for that */
	struct nnv_diag *diag;
};

/* What a page shows, and the same with nothing folded or left out: what stands
 * for others there, or for nothing, is known by its key. */
struct view {
	struct nnv_graph *drawn, *plain;
};

/* The modules that a page shows as a box each: questions to the twins. */
struct boxes {
	uint32_t *modules; /* by question: of what the page is drawn from */
	uint32_t *asked;   /* by node of the plain graph: which question */
	uint32_t *next;    /* by question: the next of its twins' parts */
	uint32_t *last;    /* by question, of the first twin: its last one */
	uint32_t *page;    /* by question, of the first twin */
	uint32_t n;
	struct nnv_twins twins;
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
		.name = NNV_TEXT_EMPTY,
		.label = NNV_TEXT_EMPTY,
		.ntwins = 1 };
	return page;
}

/* What is odd about a page was said of the overview. */
static struct nnv_graph *
show_quietly(const struct planner *p, const struct nnv_graph *chosen,
    const struct nnv_options *options)
{
	struct nnv_diag diag;
	struct nnv_graph *drawn;

	nnv_diag_init(&diag, p->diag->source);
	drawn = nnv_transform_show(chosen, options, &diag);
	if (drawn == NULL)
		nnv_fail(p->diag, diag.code, "%s", diag.text);
	return drawn;
}

static struct nnv_graph *
show_depth(const struct planner *p, const struct nnv_graph *chosen,
    struct nnv_options *options, int depth)
{
	struct nnv_graph *drawn, *bundled;

	options->depth = depth;
	options->depth_given = true;
	options->max_nodes = 0;
	drawn = show_quietly(p, chosen, options);
	if (drawn == NULL)
		return NULL;
	bundled = nnv_pass_bundle(drawn, p->borders, p->diag);
	nnv_graph_free(drawn);
	return bundled;
}

/* As deep as it is legible, or until it has LEAST boxes; at least a level.
 * OPTIONS become those that do it. */
static struct nnv_graph *
show_legible(struct planner *p, const struct nnv_graph *chosen,
    struct nnv_options *options, uint32_t least)
{
	struct nnv_graph *best = show_depth(p, chosen, options, 1), *next;

	for (int depth = 2; depth < LEVELS && best != NULL; depth++) {
		if (best->nnodes >= least ||
		    !nnv_graph_has(best, NNV_NODE_GROUP))
			break;
		next = show_depth(p, chosen, options, depth);
		if (next == NULL || next->nnodes > LEGIBLE) {
			options->depth = depth - 1;
			nnv_graph_free(next);
			break;
		}
		nnv_graph_free(best);
		best = next;
	}
	return best;
}

/* Whether a node stands for several. */
static bool
has_runs(const struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].repeat > 1)
			return true;
	return false;
}

/* Whether the model is one box, which leads nowhere. */
static bool
is_closed(const struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].kind == NNV_NODE_GROUP &&
		    graph->nodes[v].self == 0)
			return true;
	return false;
}

/* What the person asked for, or what tells most at a glance. */
static struct nnv_graph *
show_overview(struct planner *p, const struct nnv_graph *chosen,
    struct nnv_options *o)
{
	struct nnv_graph *drawn;

	if (!o->depth_given && o->max_nodes == 0)
		return show_legible(p, chosen, o, FEW);
	drawn = nnv_transform_show(chosen, o, p->diag);
	if (drawn == NULL || !is_closed(drawn))
		return drawn;
	nnv_graph_free(drawn);
	return show_depth(p, chosen, o, 1);
}

/* All of it, or else what is legible of it with runs drawn once. */
static struct nnv_graph *
show_inner(struct planner *p, const struct nnv_graph *chosen,
    struct nnv_options *o)
{
	struct nnv_graph *drawn = show_legible(p, chosen, o, LEGIBLE), *folded;
	struct nnv_options other = *o;

	if (drawn == NULL || o->fold_given ||
	    (drawn->nnodes <= LEGIBLE && !nnv_graph_has(drawn, NNV_NODE_GROUP)))
		return drawn;
	other.fold = RUN;
	other.fold_above = 0;
	other.similar_above = UINT32_MAX;
	folded = show_legible(p, chosen, &other, LEGIBLE);
	if (folded == NULL || has_runs(folded)) {
		nnv_graph_free(drawn);
		*o = other;
		return folded;
	}
	nnv_graph_free(folded);
	return drawn;
}

/* What page AT shows. */
static bool
show(struct planner *p, uint32_t at, struct view *view)
{
	const struct nnv_graph *chosen = p->pages->items[at].chosen;
	struct nnv_options o = at == 0 ? *p->options : p->inner;

	/* what goes into the model and comes out of it is told one by one */
	p->borders = at == 0 ? UINT32_MAX : BORDERS;
	view->drawn = at == 0 ? show_overview(p, chosen, &o)
			      : show_inner(p, chosen, &o);
	if (view->drawn == NULL)
		return false;
	if (!has_runs(view->drawn) && o.from == NULL && o.to == NULL &&
	    o.around == NULL) {
		view->plain = nnv_graph_share(view->drawn);
		return true;
	}
	o.fold = 0;
	o.from = o.to = o.around = NULL;
	o.highlight.n = 0;
	view->plain = show_quietly(p, chosen, &o);
	return view->plain != NULL;
}

/* Append the path of a module, without the phase that it is in. */
static void
add_path(const struct nnv_graph *graph, uint32_t module, struct nnv_text *out)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	struct nnv_str text;
	uint32_t top = module;

	nnv_module_path(graph, module, &path);
	text = nnv_text_str(&path);
	while (top != 0 && graph->modules[top].parent != 0)
		top = graph->modules[top].parent;
	if (top != module && graph->modules[top].is_phase)
		text = nnv_str_from(text,
		    nnv_graph_text(graph, graph->modules[top].name).n + 1);
	out->failed |= nnv_text_failed(&path);
	nnv_text_add(out, text);
	nnv_text_release(&path);
}

static bool
init_boxes(struct boxes *boxes, const struct nnv_graph *plain)
{
	size_t n = plain->nnodes + (size_t)1;

	*boxes = (struct boxes){
		.modules = nnv_heap_alloc(n, sizeof(*boxes->modules)),
		.asked = nnv_heap_alloc(n, sizeof(*boxes->asked)),
		.next = nnv_heap_alloc(n, sizeof(*boxes->next)),
		.last = nnv_heap_alloc(n, sizeof(*boxes->last)),
		.page = nnv_heap_alloc(n, sizeof(*boxes->page)),
	};
	return boxes->modules != NULL && boxes->asked != NULL &&
	    boxes->next != NULL && boxes->last != NULL && boxes->page != NULL;
}

static void
release_boxes(struct boxes *boxes)
{
	nnv_heap_free(boxes->modules);
	nnv_heap_free(boxes->asked);
	nnv_heap_free(boxes->next);
	nnv_heap_free(boxes->last);
	nnv_heap_free(boxes->page);
	nnv_twins_release(&boxes->twins);
}

/* Ask about what is drawn as a box and holds more than one. */
static void
list_boxes(struct boxes *boxes, const struct nnv_graph *plain)
{
	for (uint32_t v = 0; v < plain->nnodes; v++) {
		const struct nnv_node *node = &plain->nodes[v];

		boxes->asked[v] = NNV_NONE;
		if (node->kind != NNV_NODE_GROUP || node->self == NNV_NONE ||
		    node->self == 0 || node->nmembers <= 1)
			continue;
		boxes->modules[boxes->n] = node->self;
		boxes->asked[v] = boxes->n++;
	}
}

/* Chain the parts that are twins, each part once. */
static void
chain_twins(struct boxes *boxes)
{
	for (uint32_t i = 0; i < boxes->n; i++) {
		uint32_t first = boxes->twins.first[i];

		boxes->next[i] = NNV_NONE;
		if (boxes->twins.part[i] != i)
			continue;
		if (first != i)
			boxes->next[boxes->last[first]] = i;
		boxes->last[first] = i;
	}
}

/* What the modules of a page are called together, and how many they are. */
static uint32_t
name_twins(const struct boxes *boxes, uint32_t first,
    const struct nnv_graph *graph, struct nnv_text *label)
{
	struct nnv_text all = NNV_TEXT_EMPTY;
	struct nnv_str *paths, rest;
	uint32_t n = 0;

	for (uint32_t i = first; i != NNV_NONE; i = boxes->next[i], n++) {
		add_path(graph, boxes->modules[i], &all);
		nnv_text_addc(&all, '\0');
	}
	paths = nnv_heap_alloc(n + (size_t)1, sizeof(*paths));
	label->failed |= paths == NULL || nnv_text_failed(&all);
	rest = nnv_text_str(&all);
	for (uint32_t i = 0; !label->failed && i < n; i++)
		paths[i] = nnv_str_take(&rest, '\0');
	if (!label->failed)
		nnv_span_add(label, paths, n);
	nnv_heap_free(paths);
	nnv_text_release(&all);
	return n;
}

/* Append WORDS behind what a path is below. */
static void
extend(struct nnv_text *path, const struct nnv_text *above,
    const struct nnv_text *words)
{
	nnv_text_add(path, nnv_text_str(above));
	if (path->n != 0)
		nnv_text_addc(path, '.');
	nnv_text_add(path, nnv_text_str(words));
}

/* All that is in the first of the modules of a page, called PATH there. */
static bool
choose(struct planner *p, struct nnv_plan_page *page,
    const struct nnv_text *path, const bool *common)
{
	const struct nnv_plan_page *parent = &p->pages->items[page->parent];
	struct nnv_graph *part;

	if (nnv_text_failed(path) || nnv_text_failed(&page->path) ||
	    nnv_text_failed(&page->name) || nnv_text_failed(&page->label))
		return nnv_fail_memory(p->diag);
	part = nnv_pass_example(parent->chosen, nnv_text_str(path),
	    page->ntwins > 1 ? common : NULL, p->diag);
	if (part == NULL)
		return false;
	part->title = nnv_graph_name(part, nnv_text_str(&page->name));
	part->peak_bytes = NNV_UNKNOWN;
	if (!nnv_graph_trim(part))
		nnv_fail_memory(p->diag);
	else
		page->chosen = nnv_pass_measure(part, p->diag);
	nnv_graph_free(part);
	return page->chosen != NULL;
}

/* Make the page of question FIRST and its twins. */
static bool
make_page(struct planner *p, uint32_t at, struct boxes *boxes, uint32_t first)
{
	struct nnv_pages *pages = p->pages;
	struct nnv_text path = NNV_TEXT_EMPTY;
	struct nnv_plan_page *page = add(p, at), *parent;
	bool fine;

	if (page == NULL)
		return false;
	parent = &pages->items[at];
	boxes->page[first] = (uint32_t)(pages->n - 1);
	add_path(parent->chosen, boxes->modules[first], &path);
	page->ntwins = name_twins(boxes, first, parent->chosen, &page->label);
	extend(&page->path, &parent->path, &path);
	extend(&page->name, &parent->name, &page->label);
	if (parent->child == NNV_NONE)
		parent->child = boxes->page[first];
	else
		pages->items[parent->last].next = boxes->page[first];
	parent->last = boxes->page[first];
	fine = choose(p, page, &path, boxes->twins.common);
	nnv_text_release(&path);
	return fine;
}

/* Pages for what page AT shows as a box. */
static bool
make_pages(struct planner *p, uint32_t at, struct boxes *boxes)
{
	for (uint32_t i = 0; i < boxes->n; i++) {
		boxes->page[i] = NNV_NONE;
		if (boxes->twins.first[i] != i)
			continue;
		if (p->pages->n < p->most) {
			if (!make_page(p, at, boxes, i))
				return false;
		} else {
			p->without++;
		}
	}
	return true;
}

/* Whether modules that are the same inside may share a page: not where it shows
 * what was measured of each. */
static bool
may_share(const struct planner *p)
{
	const struct nnv_options *o = p->options;

	return !(o->fold_given && o->fold == 0) && !o->values && !o->kernels;
}

/* Links are items until all pages have numbers. */
static bool
link_boxes(struct planner *p, const struct view *view,
    const struct boxes *boxes, uint32_t *links)
{
	struct nnv_table keys;
	bool fine = true;

	nnv_table_init(&keys);
	for (uint32_t v = 0; v < view->plain->nnodes && fine; v++) {
		uint32_t *at = nnv_table_at(&keys, view->plain->nodes[v].key);

		fine = at != NULL || nnv_fail_memory(p->diag);
		if (fine)
			*at = v;
	}
	for (uint32_t v = 0; v < view->drawn->nnodes && fine; v++) {
		uint32_t w = nnv_table_get(&keys, view->drawn->nodes[v].key);
		uint32_t i = w != NNV_TABLE_NONE ? boxes->asked[w] : NNV_NONE;

		links[v] = i == NNV_NONE ? NNV_NONE
					 : boxes->page[boxes->twins.first[i]];
	}
	nnv_table_release(&keys);
	return fine;
}

static bool
link_page(struct planner *p, uint32_t at, const struct view *view)
{
	uint32_t *links = nnv_heap_alloc(view->drawn->nnodes + (size_t)1,
	    sizeof(*links));
	struct boxes boxes;
	bool fine = init_boxes(&boxes, view->plain) && links != NULL;

	p->pages->items[at].links = links;
	if (fine)
		list_boxes(&boxes, view->plain);
	fine = (fine &&
		   nnv_twins_find(&boxes.twins, p->pages->items[at].chosen,
		       boxes.modules, boxes.n, may_share(p))) ||
	    nnv_fail_memory(p->diag);
	if (fine)
		chain_twins(&boxes);
	fine = fine && make_pages(p, at, &boxes) &&
	    link_boxes(p, view, &boxes, links);
	release_boxes(&boxes);
	return fine;
}

static bool
plan_page(struct planner *p, uint32_t at)
{
	struct nnv_plan_page *page;
	struct view view = { NULL, NULL };
	bool fine = show(p, at, &view);

	page = &p->pages->items[at];
	page->drawn = view.drawn;
	if (fine) {
		/* what it stands for is said in its title */
		if (page->ntwins > 1)
			view.drawn->modules[0].repeat = page->ntwins;
		fine = (nnv_graph_trim(view.drawn) ||
			   nnv_fail_memory(p->diag)) &&
		    link_page(p, at, &view);
	}
	nnv_graph_free(view.plain);
	/* what its children need of it they have */
	page = &p->pages->items[at];
	nnv_graph_free(page->chosen);
	page->chosen = NULL;
	return fine;
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

	if (add(p, NNV_NONE) == NULL)
		return false;
	pages->items[0].chosen = nnv_graph_share(chosen);
	for (uint32_t at = 0; at < pages->n; at++)
		if (!plan_page(p, at))
			return false;
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
		nnv_text_release(&pages->items[i].name);
		nnv_text_release(&pages->items[i].label);
		nnv_graph_free(pages->items[i].chosen);
		nnv_graph_free(pages->items[i].drawn);
		nnv_heap_free(pages->items[i].links);
	}
	nnv_heap_free(pages->items);
	nnv_heap_free(pages->order);
}
