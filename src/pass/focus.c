/*
 * Focus: what lies between two places, or around one; and what leads to and
 * from a place, with everything else drawn pale.
 *
 * A place is a pattern over what is drawn: if it means something inside a
 * collapsed module, that group is the place. Of modules the graph knows where
 * they have gone; what became of ops is found in the graph that it was made of,
 * by the modules that they were in. What crosses the border of what is
 * kept becomes an Input or an Output, as select does it. Between means on some
 * way along the edges from the one to the other, both included.
 */
#include "nnviz/pass.h"

#include "nnviz/arena.h"

#include "paths.h"
#include "pattern.h"
#include "quotient.h"
#include "select.h"

struct focus {
	const struct nnv_graph *graph, *whole;
	struct nnv_links links;
	struct nnv_diag *diag;
	uint32_t *queue;
	uint32_t *steps; /* node -> steps from the places; NNV_NONE: far */
};

static bool
focus_init(struct focus *f, const struct nnv_graph *graph,
    const struct nnv_graph *whole, struct nnv_diag *diag)
{
	size_t n = graph->nnodes + (size_t)1;

	*f = (struct focus){ .graph = graph, .whole = whole, .diag = diag };
	f->queue = nnv_heap_alloc(n, sizeof(*f->queue));
	f->steps = nnv_heap_alloc(n, sizeof(*f->steps));
	return (f->queue != NULL && f->steps != NULL &&
		   nnv_links_init(&f->links, graph)) ||
	    nnv_fail_memory(diag);
}

static void
focus_release(struct focus *f)
{
	nnv_heap_free(f->queue);
	nnv_heap_free(f->steps);
	nnv_links_release(&f->links);
}

/* A place that does not exist: nothing can be drawn of it. */
static bool
fail_place(struct focus *f, const struct nnv_pattern *pattern,
    const char *option)
{
	struct nnv_text near = NNV_TEXT_EMPTY;
	struct nnv_str text = pattern->text;

	if (nnv_pattern_nearest(pattern, &near))
		nnv_fail(f->diag, NNV_E_USAGE,
		    "%s: nothing is called \"%.*s\"%s", option,
		    text.n < 80 ? (int)text.n : 80, text.n > 0 ? text.p : "",
		    near.p);
	else
		nnv_fail_memory(f->diag);
	nnv_text_release(&near);
	return false;
}

/* By module: the group that it has become, or NNV_NONE. NULL: no memory. */
static uint32_t *
find_groups(const struct nnv_graph *graph, bool *any)
{
	uint32_t *groups = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*groups));

	for (uint32_t m = 0; groups != NULL && m < graph->nmodules; m++)
		groups[m] = NNV_NONE;
	*any = false;
	for (uint32_t v = 0; groups != NULL && v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		if (node->kind != NNV_NODE_GROUP || node->self == NNV_NONE)
			continue;
		groups[node->self] = v;
		*any = true;
	}
	return groups;
}

/* Mark the groups that hold what is marked in WHOLE. */
static void
mark_groups(const struct focus *f, const uint32_t *groups, const bool *inside,
    bool *nodes)
{
	for (uint32_t v = 0; v < f->whole->nnodes; v++) {
		uint32_t m = f->whole->nodes[v].module;

		if (!inside[v] || !nnv_paths_inside(&f->whole->nodes[v]))
			continue;
		while (m != NNV_NONE && groups[m] == NNV_NONE)
			m = f->whole->modules[m].parent;
		if (m != NNV_NONE)
			nodes[groups[m]] = true;
	}
}

/* Mark the groups in which there is something that TEXT means. */
static bool
mark_inside(struct focus *f, struct nnv_str text, bool *nodes)
{
	bool any, ok;
	uint32_t *groups = find_groups(f->graph, &any);
	struct nnv_pattern pattern;
	bool *inside;

	if (groups == NULL || !any || f->whole == NULL) {
		nnv_heap_free(groups);
		return groups != NULL || nnv_fail_memory(f->diag);
	}
	inside = nnv_heap_alloc(f->whole->nnodes + (size_t)1, sizeof(*inside));
	ok = nnv_pattern_init(&pattern, f->whole, text, f->diag) &&
	    ((inside != NULL && nnv_pattern_mark(&pattern, inside)) ||
		nnv_fail_memory(f->diag));
	if (ok)
		mark_groups(f, groups, inside, nodes);
	nnv_pattern_release(&pattern);
	nnv_heap_free(inside);
	nnv_heap_free(groups);
	return ok;
}

/* Mark the nodes of a place. One that does not exist is a failure, unless all
 * is drawn anyway: then it is a warning. */
static bool
mark_place(struct focus *f, struct nnv_str text, const char *option,
    bool optional, bool *nodes)
{
	struct nnv_pattern pattern;
	bool found = false;
	bool ok = nnv_pattern_init(&pattern, f->graph, text, f->diag) &&
	    (nnv_pattern_mark(&pattern, nodes) || nnv_fail_memory(f->diag)) &&
	    mark_inside(f, text, nodes);

	for (uint32_t v = 0; ok && v < f->graph->nnodes; v++)
		found |= nodes[v];
	if (ok && !found)
		ok = optional ? nnv_pattern_warn(&pattern, option, f->diag)
			      : fail_place(f, &pattern, option);
	nnv_pattern_release(&pattern);
	return ok;
}

/* Queue what is one step further than V. */
static void
step(struct focus *f, uint32_t v, bool forward, uint32_t *tail)
{
	const uint32_t *start = forward ? f->links.out_start
					: f->links.in_start;
	const uint32_t *edges = forward ? f->links.out : f->links.in;

	for (uint32_t i = start[v]; i < start[v + 1]; i++) {
		const struct nnv_edge *edge = &f->graph->edges[edges[i]];
		uint32_t to = forward ? edge->dst : edge->src;

		if (f->steps[to] != NNV_NONE)
			continue;
		f->steps[to] = f->steps[v] + 1;
		f->queue[(*tail)++] = to;
	}
}

/* Count the steps from PLACE, along the edges, against them or both, up to
 * MOST. */
static void
walk(struct focus *f, const bool *place, bool ahead, bool back, uint32_t most)
{
	uint32_t head = 0, tail = 0;

	for (uint32_t v = 0; v < f->graph->nnodes; v++) {
		f->steps[v] = place[v] ? 0 : NNV_NONE;
		if (place[v])
			f->queue[tail++] = v;
	}
	while (head < tail) {
		uint32_t v = f->queue[head++];

		if (f->steps[v] >= most)
			continue;
		if (ahead)
			step(f, v, true, &tail);
		if (back)
			step(f, v, false, &tail);
	}
}

/* Where a person asked to walk from, which way, and how far. */
struct journey {
	const char *option, *place; /* place NULL: the option was not given */
	bool ahead, back;
	uint32_t most;
	bool *lit; /* by node: it is the place; or NULL */
};

/* Keep of KEPT what a journey reaches. */
static bool
keep_reached(struct focus *f, const struct journey *j, bool *kept)
{
	bool *place = nnv_heap_alloc(f->graph->nnodes + (size_t)1,
	    sizeof(*place));
	bool ok = place != NULL || nnv_fail_memory(f->diag);

	ok = ok && mark_place(f, nnv_str(j->place), j->option, false, place);
	if (ok)
		walk(f, place, j->ahead, j->back, j->most);
	for (uint32_t v = 0; ok && v < f->graph->nnodes; v++) {
		kept[v] &= f->steps[v] != NNV_NONE;
		if (j->lit != NULL)
			j->lit[v] = place[v];
	}
	nnv_heap_free(place);
	return ok;
}

/* Keep what lies on all of the ways that were asked for; LIT: what a person
 * wants to see the surroundings of. */
static bool
keep_between(struct focus *f, const struct nnv_focus *what, bool *kept,
    bool *lit)
{
	const struct journey journeys[] = {
		{ "--from", what->from, true, false, NNV_NONE, NULL },
		{ "--to", what->to, false, true, NNV_NONE, NULL },
		{ "--around", what->around, true, true, what->hops, lit },
	};
	bool ok = true;

	for (uint32_t v = 0; v < f->graph->nnodes; v++)
		kept[v] = true;
	for (size_t i = 0; i < sizeof(journeys) / sizeof(*journeys); i++)
		if (ok && journeys[i].place != NULL)
			ok = keep_reached(f, &journeys[i], kept);
	return ok;
}

/* The graph itself, but that what is in LIT is. */
static struct nnv_graph *
light_up(const struct nnv_graph *graph, const bool *lit, struct nnv_diag *diag)
{
	struct nnv_quotient q = { .from = NULL };
	struct nnv_graph *to = NULL;

	if (nnv_quotient_init(&q, graph)) {
		for (uint32_t v = 0; v < graph->nnodes; v++)
			q.faces[v].lit |= lit[v];
		to = nnv_quotient_make(&q, diag);
	} else {
		nnv_fail_memory(diag);
	}
	nnv_quotient_release(&q);
	return to;
}

static struct nnv_graph *
keep(const struct nnv_graph *graph, const bool *kept, const bool *lit,
    struct nnv_diag *diag)
{
	struct nnv_graph *bright = light_up(graph, lit, diag), *part = NULL;

	if (bright != NULL)
		part = nnv_keep_nodes(bright, kept, diag);
	nnv_graph_free(bright);
	for (uint32_t v = 0; part != NULL && v < graph->nnodes; v++)
		if (!kept[v] && nnv_paths_inside(&graph->nodes[v]))
			part->hidden[NNV_HIDDEN_ASKED] += graph->nodes[v]
							      .nmembers;
	return part;
}

/* Whether there is anything to draw. */
static bool
is_empty(const struct focus *f, const bool *kept)
{
	for (uint32_t v = 0; v < f->graph->nnodes; v++)
		if (kept[v] && nnv_paths_inside(&f->graph->nodes[v]))
			return false;
	return true;
}

/* Say that nothing lies there, and whether something would the other way. */
static bool
fail_between(struct focus *f, const struct nnv_focus *what, bool *kept)
{
	struct nnv_focus back = { .from = what->to, .to = what->from };

	if (what->around == NULL && what->from != NULL && what->to != NULL &&
	    keep_between(f, &back, kept, NULL) && !is_empty(f, kept))
		return nnv_fail(f->diag, NNV_E_USAGE,
		    "nothing lies between --from and --to: "
		    "the data flows from \"%.80s\" to \"%.80s\"",
		    what->to, what->from);
	return nnv_fail(f->diag, NNV_E_USAGE,
	    "nothing lies between --from and --to");
}

struct nnv_graph *
nnv_pass_focus(const struct nnv_graph *graph, const struct nnv_focus *what,
    struct nnv_diag *diag)
{
	size_t n = graph->nnodes + (size_t)1;
	bool *kept = nnv_heap_alloc(n, sizeof(*kept));
	bool *lit = nnv_heap_alloc(n, sizeof(*lit));
	struct nnv_graph *part = NULL;
	struct focus f;
	bool ok = focus_init(&f, graph, what->whole, diag) &&
	    ((kept != NULL && lit != NULL) || nnv_fail_memory(diag));

	ok = ok && keep_between(&f, what, kept, lit);
	if (ok && is_empty(&f, kept))
		ok = fail_between(&f, what, kept);
	if (ok)
		part = keep(graph, kept, lit, diag);
	focus_release(&f);
	nnv_heap_free(kept);
	nnv_heap_free(lit);
	return part;
}

/* Light what leads to and from PLACE. */
static void
light(struct focus *f, const bool *place, bool *lit)
{
	walk(f, place, true, false, NNV_NONE);
	for (uint32_t v = 0; v < f->graph->nnodes; v++)
		lit[v] |= f->steps[v] != NNV_NONE;
	walk(f, place, false, true, NNV_NONE);
	for (uint32_t v = 0; v < f->graph->nnodes; v++)
		lit[v] |= f->steps[v] != NNV_NONE;
}

static bool
light_all(struct focus *f, const struct nnv_str *patterns, size_t npatterns,
    bool *place, bool *lit)
{
	bool ok = true;

	for (size_t i = 0; ok && i < npatterns; i++) {
		ok = mark_place(f, patterns[i], "--highlight", true, place);
		if (ok)
			light(f, place, lit);
	}
	return ok;
}

struct nnv_graph *
nnv_pass_highlight(const struct nnv_graph *graph, const struct nnv_graph *whole,
    const struct nnv_str *patterns, size_t npatterns, struct nnv_diag *diag)
{
	size_t n = graph->nnodes + (size_t)1;
	bool *lit = nnv_heap_alloc(n, sizeof(*lit));
	bool *place = nnv_heap_alloc(n, sizeof(*place));
	struct nnv_graph *to = NULL;
	struct nnv_quotient q = { .from = NULL };
	struct focus f;
	bool any = false;
	bool ok = focus_init(&f, graph, whole, diag) &&
	    ((lit != NULL && place != NULL && nnv_quotient_init(&q, graph)) ||
		nnv_fail_memory(diag));

	if (ok && light_all(&f, patterns, npatterns, place, lit)) {
		for (uint32_t v = 0; v < graph->nnodes; v++)
			any |= lit[v];
		for (uint32_t v = 0; v < graph->nnodes; v++) {
			q.faces[v].faded = any && !lit[v];
			q.faces[v].lit = place[v];
		}
		to = nnv_quotient_make(&q, diag);
	}
	nnv_quotient_release(&q);
	focus_release(&f);
	nnv_heap_free(lit);
	nnv_heap_free(place);
	return to;
}
