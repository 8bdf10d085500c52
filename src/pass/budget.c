/*
 * A budget of nodes is spent on what matters most: beginning with the model,
 * the heaviest closed module is opened as long as there is room for what is in
 * it.
 *
 * Weight is the share of all parameters plus the share of all MACs, so that
 * both an embedding and a convolution count. One that does not fit stays
 * closed, and the next one is tried. Opening costs a module's own nodes and one
 * for each module in it, less the one that it was; what holds a single thing is
 * free, but is not opened if what is in it tells less than itself. Of equals
 * the first one wins, so the same model is always drawn alike.
 *
 * A reader takes what is drawn alike for alike, and what is not for something
 * else. Where that is asked for, modules that are made alike, whatever their
 * sizes, are opened together or not at all. The passes of a module always are,
 * and a pass as a whole is not closed where the model is open.
 *
 * A small module that hands something on and is given it back (a graph that
 * knows no calls holds both of a block's in one) would be a box with an arrow
 * round to itself: it is not closed where what is around it is open.
 */
#include "budget.h"

#include "nnviz/arena.h"
#include "nnviz/table.h"

#include "hash.h"
#include "paths.h"

/* Nodes in one that is not closed for that. */
enum { SMALL = 8 };

struct part {
	uint32_t direct; /* nodes in it, not in a module of it */
	uint32_t kids;   /* modules in it that hold nodes */
	double weight;
	uint64_t form; /* the same for what is made alike */
	bool decided;
};

struct budget {
	const struct nnv_graph *graph;
	bool evenly;
	struct part *parts;
	bool *merged;         /* modules that are never closed on their own */
	uint32_t *kid, *next; /* lists of modules: first in it, next beside */
	uint32_t *twin;       /* the next that is made alike, in a ring */
	uint32_t *heap;
	uint32_t nheap;
};

static void
weigh(struct budget *b)
{
	const struct nnv_graph *graph = b->graph;
	double macs = 1, params = 1;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		macs += node->cost.macs > 0 ? (double)node->cost.macs : 0;
		params += (double)nnv_node_params(graph, node).parameters;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];
		struct part *part = &b->parts[node->module];

		part->direct++;
		part->form = nnv_hash_step(part->form, node->op);
		part->weight += (double)nnv_node_params(graph, node)
				    .parameters /
		    params;
		if (node->cost.macs > 0)
			part->weight += (double)node->cost.macs / macs;
	}
}

/* Let what is in a module count for the one around it. */
static void
merge(struct budget *b, uint32_t m, uint32_t parent)
{
	uint32_t *last = &b->kid[m];

	while (*last != NNV_NONE)
		last = &b->next[*last];
	*last = b->kid[parent];
	b->kid[parent] = b->kid[m];
	b->parts[parent].direct += b->parts[m].direct;
	b->parts[parent].kids += b->parts[m].kids;
}

/* Inner modules count for the outer ones, and are listed in them. */
static void
nest(struct budget *b)
{
	const struct nnv_graph *graph = b->graph;

	for (uint32_t m = 0; m < graph->nmodules; m++)
		b->kid[m] = b->next[m] = NNV_NONE;
	for (uint32_t m = graph->nmodules; m-- > 1;) {
		uint32_t parent = graph->modules[m].parent;

		if (b->parts[m].direct == 0 && b->parts[m].kids == 0)
			continue;
		b->parts[parent].weight += b->parts[m].weight;
		b->parts[m].form = nnv_hash_step(b->parts[m].form,
		    graph->modules[m].type);
		b->parts[parent].form = nnv_hash_step(b->parts[parent].form,
		    b->parts[m].form);
		if (b->merged[m]) {
			merge(b, m, parent);
			continue;
		}
		b->parts[parent].kids++;
		b->next[m] = b->kid[parent];
		b->kid[parent] = m;
	}
}

static uint32_t
inside_of(const struct budget *b, uint32_t m)
{
	return b->parts[m].direct + b->parts[m].kids;
}

/* The set that module M is in, by its first one. */
static uint32_t
set_of(uint32_t *set, uint32_t m)
{
	while (set[m] != m)
		m = set[m] = set[set[m]];
	return m;
}

/* Make one ring of those of X and Y. */
static void
join(struct budget *b, uint32_t *set, uint32_t x, uint32_t y)
{
	uint32_t one = set_of(set, x), other = set_of(set, y);
	uint32_t next = b->twin[x];

	if (one == other)
		return;
	set[one < other ? other : one] = one < other ? one : other;
	b->twin[x] = b->twin[y];
	b->twin[y] = next;
}

/* Join module M to the first one that was found under KEY. */
static bool
join_first(struct budget *b, uint32_t *set, struct nnv_table *first,
    uint64_t key, uint32_t m)
{
	uint32_t *at = nnv_table_at(first, key);

	if (at == NULL)
		return false;
	if (*at == NNV_TABLE_NONE)
		*at = m;
	join(b, set, *at, m);
	return true;
}

/* Modules of one parent that are made alike are a ring of twins. */
static bool
join_alike(struct budget *b, uint32_t *set)
{
	const struct nnv_graph *graph = b->graph;
	struct nnv_table first;
	bool ok = true;

	nnv_table_init(&first);
	for (uint32_t m = 1; ok && m < graph->nmodules; m++) {
		uint32_t parent = graph->modules[m].parent;

		if (b->merged[m] || inside_of(b, m) == 0)
			continue;
		while (b->merged[parent])
			parent = graph->modules[parent].parent;
		ok = join_first(b, set, &first,
		    nnv_hash_step(b->parts[m].form, parent), m);
	}
	nnv_table_release(&first);
	return ok;
}

/* So are the passes of one module. */
static bool
join_passes(struct budget *b, uint32_t *set, const uint32_t *path)
{
	struct nnv_table first;
	bool ok = true;

	nnv_table_init(&first);
	for (uint32_t m = 1; ok && m < b->graph->nmodules; m++)
		if (!b->merged[m] && inside_of(b, m) > 0)
			ok = join_first(b, set, &first, path[m], m);
	nnv_table_release(&first);
	return ok;
}

/* Find who is opened together. */
static bool
find_twins(struct budget *b)
{
	size_t n = b->graph->nmodules + (size_t)1;
	uint32_t *set = nnv_heap_alloc(n, sizeof(*set));
	uint32_t *path = nnv_heap_alloc(n, sizeof(*path));
	bool ok = set != NULL && path != NULL;

	for (uint32_t m = 0; ok && m < n; m++)
		set[m] = b->twin[m] = m;
	ok = ok && nnv_paths_number(b->graph, path) &&
	    join_passes(b, set, path) && (!b->evenly || join_alike(b, set));
	nnv_heap_free(set);
	nnv_heap_free(path);
	return ok;
}

static bool
is_heavier(const struct budget *b, uint32_t x, uint32_t y)
{
	double wx = b->parts[x].weight, wy = b->parts[y].weight;

	return wx > wy || (wx == wy && x < y);
}

static void
push(struct budget *b, uint32_t m)
{
	uint32_t i = b->nheap++;

	for (; i > 0 && is_heavier(b, m, b->heap[(i - 1) / 2]); i = (i - 1) / 2)
		b->heap[i] = b->heap[(i - 1) / 2];
	b->heap[i] = m;
}

static uint32_t
pop(struct budget *b)
{
	uint32_t top = b->heap[0], last = b->heap[--b->nheap], i = 0;

	for (;;) {
		uint32_t kid = 2 * i + 1;

		if (kid >= b->nheap)
			break;
		if (kid + 1 < b->nheap &&
		    is_heavier(b, b->heap[kid + 1], b->heap[kid]))
			kid++;
		if (!is_heavier(b, b->heap[kid], last))
			break;
		b->heap[i] = b->heap[kid];
		i = kid;
	}
	b->heap[i] = last;
	return top;
}

/* Decide on module M, and on those that are alike; how many nodes are shown. */
static uint64_t
decide(struct budget *b, uint32_t m, uint64_t shown, uint32_t most, bool *open)
{
	uint64_t after = shown;
	uint32_t k = m;

	do
		after += (uint64_t)inside_of(b, k) - 1;
	while ((k = b->twin[k]) != m);
	do {
		b->parts[k].decided = true;
		open[k] = after <= most;
		for (uint32_t kid = b->kid[k]; open[k] && kid != NNV_NONE;
		     kid = b->next[kid])
			push(b, kid);
	} while ((k = b->twin[k]) != m);
	return after <= most ? after : shown;
}

/* Whether module M, which holds nothing but KID, says more of itself as a box:
 * not than a row, which says how long it is, nor than what has a type. */
static bool
tells_more(const struct nnv_graph *graph, uint32_t m, uint32_t kid)
{
	const struct nnv_module *outer = &graph->modules[m];
	const struct nnv_module *inner = &graph->modules[kid];

	return !outer->is_phase && inner->repeat <= 1 &&
	    (outer->type != NNV_NO_NAME || inner->type == NNV_NO_NAME);
}

static void
spend(struct budget *b, uint32_t most, bool *open)
{
	/* The model as one node. */
	uint64_t shown = 1;

	push(b, 0);
	while (b->nheap > 0) {
		uint32_t m = pop(b);

		if (!b->parts[m].decided)
			shown = decide(b, m, shown, most, open);
	}
	/* inner modules come after the outer ones */
	for (uint32_t m = b->graph->nmodules; m-- > 1;)
		if (inside_of(b, m) == 1 && b->kid[m] != NNV_NONE &&
		    !open[b->kid[m]] && tells_more(b->graph, m, b->kid[m]))
			open[m] = false;
	for (uint32_t m = 1; m < b->graph->nmodules; m++)
		if (b->merged[m])
			open[m] = open[b->graph->modules[m].parent];
}

bool
nnv_budget_open(const struct nnv_graph *graph, uint32_t most, bool evenly,
    bool *open)
{
	size_t n = graph->nmodules + (size_t)1;
	struct budget b = { .graph = graph, .evenly = evenly };
	bool ok;

	b.parts = nnv_heap_alloc(n, sizeof(*b.parts));
	b.merged = nnv_heap_alloc(n, sizeof(*b.merged));
	b.kid = nnv_heap_alloc(n, sizeof(*b.kid));
	b.next = nnv_heap_alloc(n, sizeof(*b.next));
	b.twin = nnv_heap_alloc(n, sizeof(*b.twin));
	b.heap = nnv_heap_alloc(n, sizeof(*b.heap));
	ok = b.parts != NULL && b.merged != NULL && b.kid != NULL &&
	    b.next != NULL && b.twin != NULL && b.heap != NULL;
	ok = ok && nnv_graph_find_rings(graph, SMALL, b.merged);
	for (uint32_t m = 1; ok && m < graph->nmodules; m++)
		b.merged[m] |= graph->modules[m].is_phase;
	if (ok && graph->nmodules > 0) {
		weigh(&b);
		nest(&b);
		ok = find_twins(&b);
		if (ok)
			spend(&b, most, open);
	}
	nnv_heap_free(b.parts);
	nnv_heap_free(b.merged);
	nnv_heap_free(b.kid);
	nnv_heap_free(b.next);
	nnv_heap_free(b.twin);
	nnv_heap_free(b.heap);
	return ok;
}
