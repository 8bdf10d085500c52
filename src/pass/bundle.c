/*
 * Bundle: a part of a training step gives fifty tensors to the optimizer, and a
 * layer of a dense net takes what all before it made. A box for each is wider
 * than any page, so where there are many they become one: those that have the
 * same name, "to optimizer, 50 tensors", and those that lead to one box alone,
 * "from layer1 and 22 more". Arrows from one box to such a one are one as well;
 * it says nothing of a shape, as they have many.
 */
#include "nnviz/pass.h"

#include "nnviz/table.h"

#include "quotient.h"

struct bundle {
	const struct nnv_graph *graph;
	struct nnv_quotient q;
	struct nnv_links links;
	uint32_t most;
	uint32_t *count; /* by node: borders that it stands for; 0: none */
	bool failed;
};

static bool
is_border(const struct nnv_node *node)
{
	return node->kind == NNV_NODE_INPUT || node->kind == NNV_NODE_OUTPUT;
}

/* The one box that a border is joined with, or NNV_NONE. */
static uint32_t
neighbour(const struct bundle *b, uint32_t v)
{
	bool input = b->graph->nodes[v].kind == NNV_NODE_INPUT;
	const uint32_t *start = input ? b->links.out_start : b->links.in_start;
	const uint32_t *edges = input ? b->links.out : b->links.in;
	uint32_t one = NNV_NONE;

	for (uint32_t i = start[v]; i < start[v + 1]; i++) {
		const struct nnv_edge *edge = &b->graph->edges[edges[i]];
		uint32_t other = input ? edge->dst : edge->src;

		if (one != NNV_NONE && one != other)
			return NNV_NONE;
		one = other;
	}
	return one;
}

/* What borders have in common that may become one: their name, or their
 * NEIGHBOUR; the kind and the phase are below. NNV_NONE: nothing. */
static uint32_t
common(const struct bundle *b, uint32_t v, bool by_name)
{
	const struct nnv_node *node = &b->graph->nodes[v];

	if (!is_border(node) || b->q.into[v] != v || b->count[v] > 0)
		return NNV_NONE;
	return by_name ? node->leaf : neighbour(b, v);
}

static uint64_t
key_of(const struct bundle *b, uint32_t v, uint32_t what)
{
	const struct nnv_node *node = &b->graph->nodes[v];

	return nnv_table_pair(what,
	    (uint32_t)node->kind * NNV_NPHASES + (uint32_t)node->phase);
}

/* Append what a bundle of N is called, the first of which is node V. */
static void
name_bundle(struct bundle *b, uint32_t v, uint32_t n, bool by_name)
{
	struct nnv_node *face = &b->q.faces[v];
	struct nnv_text text = NNV_TEXT_EMPTY;

	if (face->leaf != NNV_NO_NAME)
		nnv_text_add(&text, nnv_graph_text(b->graph, face->leaf));
	if (!by_name && face->leaf != NNV_NO_NAME)
		nnv_text_addf(&text, " and %u more", n - 1);
	else
		nnv_text_addf(&text, "%s%u tensors", text.n > 0 ? ", " : "", n);
	b->failed |= nnv_text_failed(&text);
	if (!b->failed)
		face->leaf = nnv_names_add(b->graph->names,
		    nnv_text_str(&text));
	b->failed |= face->leaf == NNV_NO_NAME;
	face->name = NNV_NO_NAME;
	nnv_text_release(&text);
}

/* Merge what has the same in common, if it is many. */
static void
merge(struct bundle *b, bool by_name)
{
	const struct nnv_graph *graph = b->graph;
	uint32_t *first = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*first));
	uint32_t *n = nnv_heap_alloc(graph->nnodes + (size_t)1, sizeof(*n));
	struct nnv_table table;

	nnv_table_init(&table);
	b->failed |= first == NULL || n == NULL;
	for (uint32_t v = 0; v < graph->nnodes && !b->failed; v++) {
		uint32_t what = common(b, v, by_name), *at;

		first[v] = NNV_NONE;
		if (what == NNV_NONE)
			continue;
		at = nnv_table_at(&table, key_of(b, v, what));
		b->failed |= at == NULL;
		if (at != NULL && *at == NNV_TABLE_NONE)
			*at = v;
		first[v] = at != NULL ? *at : NNV_NONE;
		if (at != NULL)
			n[*at]++;
	}
	for (uint32_t v = 0; v < graph->nnodes && !b->failed; v++) {
		if (first[v] == NNV_NONE || n[first[v]] <= b->most)
			continue;
		b->q.into[v] = first[v];
		if (first[v] == v) {
			b->count[v] = n[v];
			name_bundle(b, v, n[v], by_name);
		}
	}
	nnv_table_release(&table);
	nnv_heap_free(first);
	nnv_heap_free(n);
}

/* How many edges use each tensor. */
static uint32_t *
count_uses(const struct nnv_graph *graph)
{
	uint32_t *uses = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*uses));

	for (uint32_t e = 0; uses != NULL && e < graph->nedges; e++)
		uses[graph->edges[e].tensor]++;
	return uses;
}

/* One arrow between two boxes of which one is a bundle. */
static void
cut_parallels(struct bundle *b)
{
	const struct nnv_graph *graph = b->graph;
	uint32_t *uses = count_uses(graph);
	struct nnv_table table;

	nnv_table_init(&table);
	b->failed |= uses == NULL;
	for (uint32_t e = 0; e < graph->nedges && !b->failed; e++) {
		const struct nnv_edge *edge = &graph->edges[e];
		uint32_t src = b->q.into[edge->src];
		uint32_t dst = b->q.into[edge->dst], *at;

		if (b->count[src] == 0 && b->count[dst] == 0)
			continue;
		at = nnv_table_at(&table, nnv_table_pair(src, dst));
		b->failed |= at == NULL;
		if (at == NULL || *at == NNV_TABLE_NONE) {
			if (at != NULL)
				*at = e;
			continue;
		}
		b->q.cut[e] = true;
		/* a shape that is said elsewhere is that of this tensor */
		if (uses[graph->edges[*at].tensor] == 1)
			b->q.specs[graph->edges[*at].tensor] = NULL;
	}
	nnv_table_release(&table);
	nnv_heap_free(uses);
}

static bool
has_many(const struct nnv_graph *graph, uint32_t most)
{
	uint32_t n = 0;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		n += is_border(&graph->nodes[v]);
	return n > most;
}

struct nnv_graph *
nnv_pass_bundle(const struct nnv_graph *graph, uint32_t most,
    struct nnv_diag *diag)
{
	struct bundle b = { .graph = graph, .most = most };
	struct nnv_graph *to = NULL;

	if (!has_many(graph, most))
		return nnv_graph_share(graph);
	b.count = nnv_heap_alloc(graph->nnodes + (size_t)1, sizeof(*b.count));
	b.failed = !nnv_quotient_init(&b.q, graph) || b.count == NULL;
	if (b.failed || !nnv_links_init(&b.links, graph)) {
		nnv_fail_memory(diag);
	} else {
		merge(&b, true);
		merge(&b, false);
		if (!b.failed)
			cut_parallels(&b);
		if (!b.failed)
			to = nnv_quotient_make(&b.q, diag);
		else
			nnv_fail_memory(diag);
		nnv_links_release(&b.links);
	}
	nnv_quotient_release(&b.q);
	nnv_heap_free(b.count);
	return to;
}
