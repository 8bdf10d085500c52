/*
 * Fold: twelve encoder layers that are all alike are drawn once, "×12".
 *
 * A run is a row of siblings, neighbours in the order in which they ran, each
 * like the one before (alike.c): one hands its result to the next and to nobody
 * else, or all take the same and give to the same. One that is odd ends the run
 * and may begin another: 5 + 1 + 6. The first of a run stands for all; it keeps
 * what came into it, and what the last one gave leaves it. Its name becomes a
 * range, and what the others weigh and cost is added to it, node by node, so
 * that sums over the drawing stay what they were.
 *
 * Modules are folded from the outside in: once the outer run is one, the runs
 * inside what is left are looked for in a new round. A node's count is the
 * product of the runs around it.
 *
 * Parts that are similar differ in numbers only: stages of a network that grows
 * wider. Where they are wanted they are looked for when nothing that is alike
 * is left. Such a box says from what to what they go, so do the tensors inside
 * of it, and what leaves it has the extents that the last one gave.
 *
 * Parts that use the very same parameters are calls of one thing, not a row of
 * things: they say "×12 calls".
 */
#include "nnviz/pass.h"

#include <assert.h>
#include <stdlib.h>

#include "alike.h"
#include "differ.h"
#include "paths.h"
#include "quotient.h"

struct sibling {
	uint32_t parent, first, module; /* FIRST: of its nodes */
};

struct fold {
	const struct nnv_graph *graph;
	struct nnv_parts parts;
	struct nnv_quotient q;
	struct sibling *siblings; /* modules with nodes, by parent */
	uint32_t nsiblings;
	bool *done;        /* module: folded in this round, or inside */
	uint32_t *repeat;  /* module: it stands for so many; 0 */
	nnv_name *range;   /* module: its new name; none */
	bool *shared;      /* module: they share parameters */
	nnv_name *differs; /* module: what differs; none */
	bool *abreast;     /* module: they stand side by side */
	uint32_t least;
	uint32_t nfolded; /* nodes that another stands for */
	bool failed;
};

static int
by_parent(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;

	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->module > y->module) - (x->module < y->module);
}

/* Modules that hold nodes, those of one parent in the order in which they ran:
 * the first nodes tell. */
static bool
list_siblings(struct fold *f)
{
	const struct nnv_graph *graph = f->graph;
	uint32_t *first = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*first));

	if (first == NULL)
		return false;
	for (uint32_t m = 0; m < graph->nmodules; m++)
		first[m] = NNV_NONE;
	for (uint32_t v = graph->nnodes; v-- > 0;)
		if (nnv_paths_inside(&graph->nodes[v]))
			first[f->parts.home[v]] = v;
	for (uint32_t m = graph->nmodules; m-- > 1;) {
		uint32_t *above = &first[graph->modules[m].parent];

		if (*above > first[m])
			*above = first[m];
		if (first[m] != NNV_NONE && !graph->modules[m].is_phase)
			f->siblings[f->nsiblings++] = (struct sibling){
				graph->modules[m].parent, first[m], m
			};
	}
	nnv_heap_free(first);
	if (f->nsiblings > 0)
		qsort(f->siblings, f->nsiblings, sizeof(*f->siblings),
		    by_parent);
	return true;
}

/* How many siblings, from AT on, are one run. */
static uint32_t
run_length(const struct fold *f, uint32_t at)
{
	const struct sibling *s = &f->siblings[at];
	enum nnv_alike kind = NNV_DIFFERENT, next;
	uint32_t n = 1, before = NNV_NONE;

	while (at + n < f->nsiblings && s[n].parent == s->parent) {
		next = nnv_parts_alike(&f->parts, before, s[n - 1].module,
		    s[n].module);
		if (next == NNV_DIFFERENT || (n > 1 && next != kind))
			break;
		kind = next;
		before = s[n - 1].module;
		n++;
	}
	return n;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether A and B differ in nothing but the letter in which they end, behind a
 * digit: "inception4b", "inception4d". */
static bool
are_lettered(struct nnv_str a, struct nnv_str b)
{
	size_t i = a.n - 1;

	return a.n > 1 && a.n == b.n && memcmp(a.p, b.p, i) == 0 &&
	    is_digit(a.p[i - 1]) && a.p[i] >= 'a' && a.p[i] < b.p[i] &&
	    b.p[i] <= 'z';
}

/* How much of A and B agrees before the numbers in which they end. */
static size_t
stem_of(struct nnv_str a, struct nnv_str b)
{
	size_t i = a.n, j = b.n;

	if (are_lettered(a, b))
		return a.n - 1;
	while (i > 0 && is_digit(a.p[i - 1]))
		i--;
	while (j > 0 && is_digit(b.p[j - 1]))
		j--;
	if (i != j || i == a.n || j == b.n ||
	    (i > 0 && memcmp(a.p, b.p, i) != 0))
		return SIZE_MAX;
	return i;
}

/* Whether A's number is less than B's, behind the same stem. */
static bool
is_less(struct nnv_str a, struct nnv_str b)
{
	return a.n != b.n ? a.n < b.n : a.n > 0 && memcmp(a.p, b.p, a.n) < 0;
}

/* The modules whose names are the ends of a run's: the first and the last, but
 * where it goes round and round, those of the least and the greatest number. */
static void
find_ends(const struct fold *f, uint32_t at, uint32_t n, uint32_t ends[2])
{
	const struct nnv_module *modules = f->graph->modules;
	uint32_t first = f->siblings[at].module, low = first, high = first;
	uint32_t last = f->siblings[at + n - 1].module;

	ends[0] = first;
	ends[1] = last;
	for (uint32_t i = 1; i < n; i++) {
		uint32_t m = f->siblings[at + i].module;
		struct nnv_str name = nnv_graph_text(f->graph, modules[m].name);

		if (stem_of(nnv_graph_text(f->graph, modules[first].name),
			name) == SIZE_MAX)
			return;
		if (is_less(name, nnv_graph_text(f->graph, modules[low].name)))
			low = m;
		if (is_less(nnv_graph_text(f->graph, modules[high].name), name))
			high = m;
	}
	if (modules[low].name == modules[last].name &&
	    modules[high].name == modules[first].name)
		return;
	ends[0] = low;
	ends[1] = high;
}

/* "layer[1-4]", "first…last", or the name they all have. */
static nnv_name
name_range(struct fold *f, uint32_t a, uint32_t b)
{
	const struct nnv_graph *graph = f->graph;
	struct nnv_str x = nnv_graph_text(graph, graph->modules[a].name);
	struct nnv_str y = nnv_graph_text(graph, graph->modules[b].name);
	size_t stem = stem_of(x, y);
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name name = graph->modules[a].name;

	if (name == graph->modules[b].name)
		return name;
	if (stem != SIZE_MAX)
		nnv_text_addf(&text, "%.*s[%.*s-%.*s]",
		    (int)(stem < 200 ? stem : 200), x.p, (int)(x.n - stem),
		    x.p + stem, (int)(y.n - stem), y.p + stem);
	else {
		nnv_text_add(&text, x);
		nnv_text_adds(&text, "\xe2\x80\xa6");
		nnv_text_add(&text, y);
	}
	name = nnv_text_failed(&text)
	    ? NNV_NO_NAME
	    : nnv_names_add(graph->names, nnv_text_str(&text));
	f->failed |= name == NNV_NO_NAME;
	nnv_text_release(&text);
	return name;
}

/* Whether tensor T of part B is used outside of it. */
static bool
leaves(const struct fold *f, uint32_t t, uint32_t b)
{
	const struct nnv_parts *p = &f->parts;
	uint32_t v = f->graph->tensors[t].producer;

	for (uint32_t i = p->links.out_start[v]; i < p->links.out_start[v + 1];
	     i++) {
		const struct nnv_edge *edge = &f->graph->edges[p->links.out[i]];

		if (edge->tensor == t &&
		    (p->place[edge->dst] < p->start[b] ||
			p->place[edge->dst] >= p->end[b]))
			return true;
	}
	return false;
}

/* Put part B onto part A: what enters B disappears, and what leaves it too if
 * it leaves A in the same way. The last one's tensors stay if they are others
 * than A's. */
static void
put_onto(struct fold *f, uint32_t b, uint32_t a, bool abreast, bool is_last)
{
	const struct nnv_parts *p = &f->parts;
	const struct nnv_links *links = &p->links;

	for (uint32_t i = 0; i < p->end[b] - p->start[b]; i++) {
		uint32_t v = p->nodes[p->start[b] + i];
		uint32_t w = p->nodes[p->start[a] + i];

		f->q.into[v] = w;
		for (uint32_t j = 0;
		     j < p->made_start[v + 1] - p->made_start[v]; j++) {
			uint32_t t = p->made[p->made_start[v] + j];
			uint32_t u = p->made[p->made_start[w] + j];

			if (!is_last || !leaves(f, t, b) ||
			    nnv_spec_eq(f->graph->tensors[t].spec,
				f->q.specs[u]))
				f->q.same[t] = u;
		}
		for (uint32_t j = links->in_start[v];
		     j < links->in_start[v + 1]; j++)
			f->q.cut[links->in[j]] = true;
		for (uint32_t j = links->out_start[v];
		     abreast && j < links->out_start[v + 1]; j++)
			f->q.cut[links->out[j]] = true;
		f->nfolded += f->graph->nodes[v].nmembers;
	}
}

/* Count what part A stands for, N of its like, in it and all that is in it. */
static void
count_repeats(struct fold *f, uint32_t a, uint32_t n)
{
	const struct nnv_parts *p = &f->parts;

	assert(n > 0);
	for (uint32_t i = p->start[a]; i < p->end[a]; i++) {
		struct nnv_node *node = &f->q.faces[p->nodes[i]];
		uint32_t before = node->repeat > 0 ? node->repeat : 1;

		node->repeat = before < UINT32_MAX / n ? before * n
						       : UINT32_MAX;
		if (node->self == NNV_NONE ||
		    (node->self != a &&
			f->range[node->self] ==
			    f->graph->modules[node->self].name))
			continue;
		node->leaf = f->range[node->self];
		node->name = NNV_NO_NAME;
		if (node->self == a && f->shared[a]) {
			node->call = 0;
			node->ncalls = n;
		}
	}
}

/* Let what stays of the first part of a row that is not alike in all speak for
 * all parts, node by node and tensor by tensor. */
static void
join_parts(struct fold *f, const struct nnv_row *row)
{
	const struct nnv_parts *p = &f->parts;
	uint32_t a = row->modules[0];

	for (uint32_t i = 0; i < p->end[a] - p->start[a] && !f->failed; i++) {
		uint32_t v = p->nodes[p->start[a] + i];
		uint32_t first = p->made_start[v];

		f->failed |= !nnv_differ_join(row, i, &f->q.faces[v]);
		for (uint32_t j = 0; j < p->made_start[v + 1] - first; j++)
			f->failed |= !nnv_differ_spec(row, i, j,
			    &f->q.specs[p->made[first + j]]);
	}
}

/* In what the parts of a run that is not alike in all differ. */
static void
say_difference(struct fold *f, uint32_t at, uint32_t n)
{
	uint32_t *modules, from;
	struct nnv_row row = { &f->parts, NULL, n };

	if (!f->parts.similar)
		return;
	f->parts.similar = false;
	from = run_length(f, at);
	f->parts.similar = true;
	if (from >= n)
		return;
	modules = nnv_heap_alloc(n, sizeof(*modules));
	if (modules == NULL) {
		f->failed = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		modules[i] = f->siblings[at + i].module;
	row.modules = modules;
	f->differs[modules[0]] = nnv_differ_name(&row);
	f->failed |= f->differs[modules[0]] == NNV_NO_NAME;
	join_parts(f, &row);
	nnv_heap_free(modules);
}

/* What has a number inside of each part of a run from A to LAST has a range of
 * them. */
static void
name_inside(struct fold *f, uint32_t a, uint32_t last)
{
	const struct nnv_parts *p = &f->parts;
	const struct nnv_module *modules = f->graph->modules;

	for (uint32_t i = 0; i < p->end[a] - p->start[a]; i++) {
		uint32_t m = p->home[p->nodes[p->start[a] + i]];
		uint32_t n = p->home[p->nodes[p->start[last] + i]];

		for (; m != a && f->range[m] == NNV_NO_NAME;
		     m = modules[m].parent, n = modules[n].parent)
			f->range[m] = name_range(f, m, n);
	}
}

static void
fold_run(struct fold *f, uint32_t at, uint32_t n)
{
	uint32_t a = f->siblings[at].module, last, ends[2];
	bool abreast = nnv_parts_alike(&f->parts, NNV_NONE, a,
			   f->siblings[at + 1].module) == NNV_ABREAST;

	last = f->siblings[at + n - 1].module;
	f->repeat[a] = n;
	f->abreast[a] = abreast;
	find_ends(f, at, n, ends);
	f->range[a] = name_range(f, ends[0], ends[1]);
	name_inside(f, a, last);
	f->shared[a] = nnv_parts_share(&f->parts, a, last);
	say_difference(f, at, n);
	for (uint32_t i = 0; i < n; i++) {
		f->done[f->siblings[at + i].module] = true;
		if (i > 0)
			put_onto(f, f->siblings[at + i].module, a, abreast,
			    i == n - 1);
	}
	count_repeats(f, a, n);
}

/* Fold every run that is not inside another; parents come first. */
static void
find_runs(struct fold *f)
{
	uint32_t m = 0, at = 0, n;

	while (at < f->nsiblings && !f->failed) {
		for (; m <= f->siblings[at].parent; m++)
			f->done[m] |= m > 0 &&
			    f->done[f->graph->modules[m].parent];
		n = f->done[f->siblings[at].parent] ? 1 : run_length(f, at);
		if (n >= f->least)
			fold_run(f, at, n);
		at += n;
	}
}

/* Modules that stand for several say so; an arena's graph is new, so they are
 * its own. */
static void
name_modules(struct fold *f, struct nnv_graph *to)
{
	for (uint32_t m = 1; m < to->nmodules; m++) {
		struct nnv_module *module = &to->modules[m];

		if (f->range[m] != NNV_NO_NAME)
			module->name = f->range[m];
		if (f->repeat[m] == 0)
			continue;
		module->repeat = f->repeat[m];
		module->differs = f->differs[m];
		module->abreast = f->abreast[m];
		if (f->shared[m]) {
			module->call = 0;
			module->ncalls = f->repeat[m];
		}
	}
	to->hidden[NNV_HIDDEN_REPEATED] += f->nfolded;
}

static bool
prepare(struct fold *f, const struct nnv_graph *graph)
{
	size_t n = graph->nmodules + (size_t)1;

	f->siblings = nnv_heap_alloc(n, sizeof(*f->siblings));
	f->done = nnv_heap_alloc(n, sizeof(*f->done));
	f->repeat = nnv_heap_alloc(n, sizeof(*f->repeat));
	f->range = nnv_heap_alloc(n, sizeof(*f->range));
	f->shared = nnv_heap_alloc(n, sizeof(*f->shared));
	f->differs = nnv_heap_alloc(n, sizeof(*f->differs));
	f->abreast = nnv_heap_alloc(n, sizeof(*f->abreast));
	return f->siblings != NULL && f->done != NULL && f->repeat != NULL &&
	    f->range != NULL && f->shared != NULL && f->differs != NULL &&
	    f->abreast != NULL && list_siblings(f);
}

/* One round; *CHANGED: something was folded. */
static struct nnv_graph *
fold_once(const struct nnv_graph *graph, const struct nnv_fold *what,
    bool *changed, struct nnv_diag *diag)
{
	struct fold f = { .graph = graph, .least = what->least };
	struct nnv_graph *to = NULL;

	if (nnv_parts_init(&f.parts, graph) && nnv_quotient_init(&f.q, graph) &&
	    prepare(&f, graph)) {
		f.q.exact = true;
		f.parts.similar = what->similar;
		find_runs(&f);
		*changed = f.nfolded > 0;
		if (!f.failed)
			to = *changed ? nnv_quotient_make(&f.q, diag)
				      : nnv_graph_share(graph);
	}
	if (to == NULL)
		nnv_fail_memory(diag);
	else if (*changed)
		name_modules(&f, to);
	nnv_quotient_release(&f.q);
	nnv_parts_release(&f.parts);
	nnv_heap_free(f.siblings);
	nnv_heap_free(f.done);
	nnv_heap_free(f.repeat);
	nnv_heap_free(f.range);
	nnv_heap_free(f.shared);
	nnv_heap_free(f.differs);
	nnv_heap_free(f.abreast);
	return to;
}

/* Whether a node is a layer of which the file does not know that it is a
 * module: it has parameters, or stands in a list by its number. */
static bool
is_bare_layer(const struct nnv_graph *graph, const struct nnv_node *node)
{
	struct nnv_str leaf = nnv_graph_text(graph, node->leaf);
	bool number = leaf.n > 0;

	for (size_t i = 0; i < leaf.n; i++)
		number &= is_digit(leaf.p[i]);
	return node->kind == NNV_NODE_OP && node->self == NNV_NONE &&
	    (number || (leaf.n > 0 && node->nparams > 0));
}

/* NNViz's graphs have modules around layers only: rows are looked for among
 * modules, so each such layer becomes one. */
static struct nnv_graph *
with_layers(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct nnv_quotient q;
	struct nnv_graph *to = NULL;

	if (nnv_quotient_init(&q, graph)) {
		q.exact = true;
		to = nnv_quotient_make(&q, diag);
	} else {
		nnv_fail_memory(diag);
	}
	nnv_quotient_release(&q);
	for (uint32_t v = 0; to != NULL && v < to->nnodes; v++) {
		struct nnv_node *node = &to->nodes[v];
		struct nnv_module module = { .parent = node->module,
			.name = node->leaf,
			.type = node->op,
			.phase = node->phase };

		if (is_bare_layer(to, node))
			node->self = nnv_graph_add_module(to, &module);
	}
	if (to == NULL || !to->failed)
		return to;
	nnv_graph_free(to);
	nnv_fail_memory(diag);
	return NULL;
}

static bool
has_bare_layers(const struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (is_bare_layer(graph, &graph->nodes[v]))
			return true;
	return false;
}

/* The first round. */
static struct nnv_graph *
fold_first(const struct nnv_graph *graph, const struct nnv_fold *what,
    bool *changed, struct nnv_diag *diag)
{
	struct nnv_graph *layers, *to = NULL;

	if (what->least >= graph->nnodes || !has_bare_layers(graph))
		return fold_once(graph, what, changed, diag);
	layers = with_layers(graph, diag);
	if (layers != NULL)
		to = fold_once(layers, what, changed, diag);
	nnv_graph_free(layers);
	return to;
}

struct nnv_graph *
nnv_pass_fold(const struct nnv_graph *graph, const struct nnv_fold *what,
    struct nnv_diag *diag)
{
	bool changed = false;
	struct nnv_graph *to = fold_first(graph, what, &changed, diag);

	while (to != NULL && changed) {
		struct nnv_graph *next = fold_once(to, what, &changed, diag);

		nnv_graph_free(to);
		to = next;
	}
	return to;
}
