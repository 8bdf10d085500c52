/*
 * Twins: thirty-five blocks of a stage that are the same inside, so that who
 * has looked into one has seen all. They need not stand in a row, nor hand
 * anything to one another, as what is folded does (fold.c).
 *
 * Parts are compared as there, node by node in the order in which they ran.
 * What comes in may come from anywhere, but what is one tensor for the one must
 * be one for the other. A hash of the nodes tells which parts are worth it:
 * each is compared with the first of those that were found to be different so
 * far, so that all together costs no more than reading the graph a few times.
 */
#include "nnviz/pass.h"

#include "nnviz/table.h"

#include "alike.h"
#include "hash.h"
#include "paths.h"

/* Parts of one hash that may be different. */
enum { CHAIN_MAX = 8 };

/* What stands for A in B was last seen in that comparison. */
struct like {
	uint32_t stamp, other;
};

struct twins {
	const struct nnv_graph *graph;
	struct nnv_parts parts;
	uint32_t nparts; /* of the questions, those that are not another's */
	uint32_t *path;  /* by module: number of its path, phases apart */
	uint32_t *owner; /* by module: the part that it is in */
	uint32_t *start; /* by part: its nodes are NODES[start] .. */
	uint32_t *nodes; /* in the order of the graph */
	uint32_t *place; /* by node: where it stands in its part */
	uint32_t *next;  /* by part: of the same hash, and different */
	bool *leaves;    /* by tensor: used outside of its part */
	struct like *module; /* by module */
	struct like *there;  /* by tensor that comes into A: into B */
	struct like *back;   /* the reverse */
	uint32_t stamp;
};

/* The part that each question is about, and each module is in. */
static bool
find_owners(struct twins *t, const uint32_t *modules, uint32_t n,
    uint32_t *part)
{
	const struct nnv_graph *graph = t->graph;
	uint32_t *asked = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*asked));

	if (asked == NULL)
		return false;
	for (uint32_t m = 0; m < graph->nmodules; m++)
		asked[m] = NNV_NONE;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *first = &asked[t->path[modules[i]]];

		if (graph->modules[modules[i]].is_phase)
			first = &asked[modules[i]];
		if (*first == NNV_NONE)
			*first = i;
		part[i] = *first;
	}
	for (uint32_t m = 0; m < graph->nmodules; m++) {
		t->owner[m] = m > 0 ? t->owner[graph->modules[m].parent]
				    : NNV_NONE;
		if (t->owner[m] == NNV_NONE && !graph->modules[m].is_phase)
			t->owner[m] = asked[t->path[m]];
	}
	nnv_heap_free(asked);
	return true;
}

/* The part that node V is in, or NNV_NONE. */
static uint32_t
part_of(const struct twins *t, uint32_t v)
{
	return nnv_paths_inside(&t->graph->nodes[v])
	    ? t->owner[t->parts.home[v]]
	    : NNV_NONE;
}

/* The nodes of each part: count, add up, place. */
static void
sort_nodes(struct twins *t, uint32_t n)
{
	const struct nnv_graph *graph = t->graph;

	/* Counts stand two ahead, so that filling moves them one back. */
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (part_of(t, v) != NNV_NONE)
			t->start[part_of(t, v) + 2]++;
	for (uint32_t i = 0; i < n; i++)
		t->start[i + 2] += t->start[i + 1];
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t i = part_of(t, v);

		if (i == NNV_NONE)
			continue;
		t->nodes[t->start[i + 1]++] = v;
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = t->start[i]; k < t->start[i + 1]; k++)
			t->place[t->nodes[k]] = k - t->start[i];
}

static void
mark_leaving(struct twins *t)
{
	for (uint32_t e = 0; e < t->graph->nedges; e++) {
		const struct nnv_edge *edge = &t->graph->edges[e];

		if (part_of(t, edge->src) != part_of(t, edge->dst))
			t->leaves[edge->tensor] = true;
	}
}

static uint64_t
hash_node(const struct twins *t, uint32_t v)
{
	const struct nnv_parts *p = &t->parts;
	const struct nnv_node *node = &t->graph->nodes[v];
	uint64_t hash = nnv_hash_step(node->op, (uint64_t)node->phase);

	hash = nnv_hash_step(hash, (uint64_t)node->cost.macs);
	hash = nnv_hash_step(hash, node->nmembers);
	hash = nnv_hash_step(hash,
	    p->links.in_start[v + 1] - p->links.in_start[v]);
	for (uint32_t i = 0; i < node->nhypers; i++)
		hash = nnv_hash_step(hash, node->hypers[i].text);
	for (uint32_t i = 0; i < node->nargs; i++)
		hash = nnv_hash_step(hash, node->args[i].json);
	for (uint32_t i = 0; i < node->nparams; i++)
		hash = nnv_hash_step(hash,
		    (uint64_t)t->graph->params[node->params[i]].count);
	for (uint32_t i = p->made_start[v]; i < p->made_start[v + 1]; i++)
		hash = nnv_hash_step(hash,
		    nnv_hash_spec(t->graph->tensors[p->made[i]].spec));
	return hash;
}

static uint64_t
hash_part(const struct twins *t, uint32_t i)
{
	uint64_t hash = t->start[i + 1] - t->start[i];

	for (uint32_t at = t->start[i]; at < t->start[i + 1]; at++)
		hash = nnv_hash_step(hash, hash_node(t, t->nodes[at]));
	return hash;
}

/* Whether M is the top of a part: there may be several, of calls and phases. */
static bool
is_top(const struct twins *t, uint32_t m)
{
	return m == 0 || t->owner[t->graph->modules[m].parent] == NNV_NONE;
}

/* Whether modules stand in the same place of their parts. */
static bool
same_module(struct twins *t, uint32_t a, uint32_t b)
{
	const struct nnv_module *modules = t->graph->modules;

	while (t->module[a].stamp != t->stamp) {
		const struct nnv_module *x = &modules[a], *y = &modules[b];
		bool top = is_top(t, a);

		if (top != is_top(t, b) || x->type != y->type ||
		    x->phase != y->phase || x->call != y->call ||
		    x->ncalls != y->ncalls || x->repeat != y->repeat ||
		    (!top && x->name != y->name))
			return false;
		t->module[a] = (struct like){ t->stamp, b };
		if (top)
			return true;
		a = x->parent;
		b = y->parent;
	}
	return t->module[a].other == b;
}

/* Whether what comes in as tensor X comes into the other as Y everywhere. */
static bool
same_tensor(struct twins *t, uint32_t x, uint32_t y)
{
	struct like *there = &t->there[x], *back = &t->back[y];

	if (there->stamp != t->stamp && back->stamp != t->stamp) {
		*there = (struct like){ t->stamp, y };
		*back = (struct like){ t->stamp, x };
	}
	return there->stamp == t->stamp && there->other == y &&
	    back->stamp == t->stamp && back->other == x;
}

/* Whether edges lead to the same place of parts A and B from the same. */
static bool
same_edge(struct twins *t, uint32_t e, uint32_t a, uint32_t f, uint32_t b)
{
	const struct nnv_graph *graph = t->graph;
	const struct nnv_edge *x = &graph->edges[e], *y = &graph->edges[f];
	const struct nnv_tensor *u = &graph->tensors[x->tensor];
	const struct nnv_tensor *w = &graph->tensors[y->tensor];
	bool inside = part_of(t, x->src) == a;

	if (x->operand != y->operand || u->mark != w->mark ||
	    !nnv_parts_same_extents(&t->parts, x->tensor, y->tensor) ||
	    inside != (part_of(t, y->src) == b))
		return false;
	if (inside)
		return t->place[x->src] == t->place[y->src] &&
		    t->parts.ordinal[x->tensor] == t->parts.ordinal[y->tensor];
	return same_tensor(t, x->tensor, y->tensor);
}

/* Whether the same leaves nodes V and W. */
static bool
same_exits(const struct twins *t, uint32_t v, uint32_t w)
{
	const struct nnv_parts *p = &t->parts;
	uint32_t i = p->made_start[v], j = p->made_start[w];

	for (; i < p->made_start[v + 1]; i++, j++)
		if (t->leaves[p->made[i]] != t->leaves[p->made[j]])
			return false;
	return true;
}

/* Whether two nodes are gradients of the same, as far as it is in the parts. */
static bool
same_origin(const struct twins *t, uint32_t of, uint32_t a, uint32_t like,
    uint32_t b)
{
	bool inside = of != NNV_NONE && part_of(t, of) == a;

	if (inside != (like != NNV_NONE && part_of(t, like) == b))
		return false;
	return !inside || t->place[of] == t->place[like];
}

static bool
same_node(struct twins *t, uint32_t v, uint32_t a, uint32_t w, uint32_t b)
{
	const struct nnv_node *x = &t->graph->nodes[v];
	const struct nnv_node *y = &t->graph->nodes[w];
	const struct nnv_parts *p = &t->parts;
	uint32_t i = p->links.in_start[v], j = p->links.in_start[w];
	bool top = x->self == p->home[v] && is_top(t, p->home[v]);

	if (!nnv_parts_same_node(p, v, w) || x->time != y->time ||
	    (x->behind == NULL) != (y->behind == NULL) ||
	    (x->self == NNV_NONE) != (y->self == NNV_NONE) ||
	    x->call != y->call || x->ncalls != y->ncalls ||
	    (!top && x->leaf != y->leaf) || x->masked != y->masked ||
	    x->floored != y->floored ||
	    !same_module(t, p->home[v], p->home[w]) || !same_exits(t, v, w) ||
	    !same_origin(t, x->grad_of, a, y->grad_of, b) ||
	    p->links.in_start[v + 1] - i != p->links.in_start[w + 1] - j)
		return false;
	for (; i < p->links.in_start[v + 1]; i++, j++)
		if (!same_edge(t, p->links.in[i], a, p->links.in[j], b))
			return false;
	return true;
}

static bool
are_twins(struct twins *t, uint32_t a, uint32_t b)
{
	uint32_t n = t->start[a + 1] - t->start[a];

	if (t->start[b + 1] - t->start[b] != n)
		return false;
	t->stamp++;
	for (uint32_t i = 0; i < n; i++)
		if (!same_node(t, t->nodes[t->start[a] + i], a,
			t->nodes[t->start[b] + i], b))
			return false;
	return n > 0;
}

/* What comes into A by another tensor than into B has no name of its own. */
static void
note_common(const struct twins *t, uint32_t a, uint32_t b, bool *common)
{
	const struct nnv_links *links = &t->parts.links;

	for (uint32_t i = 0; i < t->start[a + 1] - t->start[a]; i++) {
		uint32_t v = t->nodes[t->start[a] + i];
		uint32_t w = t->nodes[t->start[b] + i];
		uint32_t j = links->in_start[v], k = links->in_start[w];

		for (; j < links->in_start[v + 1]; j++, k++) {
			const struct nnv_edge *x = &t->graph
							->edges[links->in[j]];
			const struct nnv_edge *y = &t->graph
							->edges[links->in[k]];

			if (x->tensor != y->tensor)
				common[x->tensor] = false;
		}
	}
}

/* The first twin of part I among those before it, or itself. */
static uint32_t
find_first(struct twins *t, struct nnv_table *table, uint32_t i)
{
	uint32_t *head = nnv_table_at(table, hash_part(t, i)), last = NNV_NONE;
	unsigned length = 0;

	if (head == NULL)
		return NNV_NONE;
	if (*head == NNV_TABLE_NONE) {
		*head = i;
		return i;
	}
	for (uint32_t at = *head; at != NNV_NONE && length < CHAIN_MAX;
	     at = t->next[at], length++) {
		if (are_twins(t, at, i))
			return at;
		last = at;
	}
	if (length < CHAIN_MAX)
		t->next[last] = i;
	return i;
}

static bool
compare(struct twins *t, struct nnv_twins *twins, uint32_t n)
{
	struct nnv_table table;
	bool fine = true;

	sort_nodes(t, n);
	mark_leaving(t);
	nnv_table_init(&table);
	for (uint32_t i = 0; i < n; i++)
		t->next[i] = NNV_NONE;
	for (uint32_t i = 0; i < n && fine; i++) {
		uint32_t part = twins->part[i];

		twins->first[i] = part != i ? twins->first[part]
					    : find_first(t, &table, i);
		fine = twins->first[i] != NNV_NONE;
		if (fine && part == i && twins->first[i] != i)
			note_common(t, twins->first[i], i, twins->common);
	}
	nnv_table_release(&table);
	return fine;
}

static bool
reserve(struct twins *t, uint32_t n)
{
	size_t nn = t->graph->nnodes + (size_t)1;
	size_t nm = t->graph->nmodules + (size_t)1;
	size_t nt = t->graph->ntensors + (size_t)1;

	t->path = nnv_heap_alloc(nm, sizeof(*t->path));
	t->owner = nnv_heap_alloc(nm, sizeof(*t->owner));
	t->module = nnv_heap_alloc(nm, sizeof(*t->module));
	t->start = nnv_heap_alloc(n + (size_t)2, sizeof(*t->start));
	t->next = nnv_heap_alloc(n + (size_t)1, sizeof(*t->next));
	t->nodes = nnv_heap_alloc(nn, sizeof(*t->nodes));
	t->place = nnv_heap_alloc(nn, sizeof(*t->place));
	t->leaves = nnv_heap_alloc(nt, sizeof(*t->leaves));
	t->there = nnv_heap_alloc(nt, sizeof(*t->there));
	t->back = nnv_heap_alloc(nt, sizeof(*t->back));
	return t->path != NULL && t->owner != NULL && t->module != NULL &&
	    t->start != NULL && t->next != NULL && t->nodes != NULL &&
	    t->place != NULL && t->leaves != NULL && t->there != NULL &&
	    t->back != NULL;
}

static void
release(struct twins *t)
{
	nnv_heap_free(t->path);
	nnv_heap_free(t->owner);
	nnv_heap_free(t->module);
	nnv_heap_free(t->start);
	nnv_heap_free(t->next);
	nnv_heap_free(t->nodes);
	nnv_heap_free(t->place);
	nnv_heap_free(t->leaves);
	nnv_heap_free(t->there);
	nnv_heap_free(t->back);
	nnv_parts_release(&t->parts);
}

bool
nnv_twins_find(struct nnv_twins *twins, const struct nnv_graph *graph,
    const uint32_t *modules, uint32_t n, bool shared)
{
	struct twins t = { .graph = graph };
	bool fine;

	twins->part = nnv_heap_alloc(n + (size_t)1, sizeof(*twins->part));
	twins->first = nnv_heap_alloc(n + (size_t)1, sizeof(*twins->first));
	twins->common = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*twins->common));
	if (twins->part == NULL || twins->first == NULL ||
	    twins->common == NULL)
		return false;
	for (uint32_t i = 0; i < graph->ntensors; i++)
		twins->common[i] = true;
	fine = nnv_parts_init(&t.parts, graph) && reserve(&t, n) &&
	    nnv_paths_number(graph, t.path) &&
	    find_owners(&t, modules, n, twins->part);
	for (uint32_t i = 0; fine && i < n; i++)
		twins->first[i] = twins->part[i];
	fine = fine && (!shared || compare(&t, twins, n));
	release(&t);
	return fine;
}

void
nnv_twins_release(struct nnv_twins *twins)
{
	nnv_heap_free(twins->part);
	nnv_heap_free(twins->first);
	nnv_heap_free(twins->common);
}
