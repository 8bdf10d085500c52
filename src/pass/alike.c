/*
 * Parts are compared node by node, in the order in which they stand: what was
 * made by the same code stands in the same order. Nothing is searched for, so a
 * comparison costs no more than reading both. What counts is what a drawing
 * shows: types, hyper-parameters, arguments, costs, shapes, sizes of parameters
 * and how all is joined. Parts that are only similar may differ in numbers: in
 * the extents of their tensors, in hyper-parameters, arguments and costs, and
 * in what is a name because it has a number in a list.
 *
 * What comes into a part from outside either is the same tensor in both, or
 * comes to the second part from the first: then the parts are links of a chain,
 * and the first must give to nobody else.
 */
#include "alike.h"

#include "nnviz/arena.h"

/* The module that a node is drawn for, or else the one that it is in. */
static uint32_t
home_of(const struct nnv_graph *graph, const struct nnv_node *node)
{
	if (node->self != NNV_NONE && node->self != 0 &&
	    graph->modules[node->self].parent == node->module)
		return node->self;
	return node->module;
}

/* Ranks: a module, then all below it, in the order of the graph. */
static bool
rank_modules(struct nnv_parts *p)
{
	const struct nnv_graph *graph = p->graph;
	size_t n = graph->nmodules + (size_t)1;
	uint32_t *size = nnv_heap_alloc(n, sizeof(*size));
	uint32_t *next = nnv_heap_alloc(n, sizeof(*next));
	bool ok = size != NULL && next != NULL;

	for (uint32_t m = graph->nmodules; ok && m-- > 0;) {
		size[m]++;
		if (m > 0)
			size[graph->modules[m].parent] += size[m];
	}
	for (uint32_t m = 0; ok && m < graph->nmodules; m++) {
		uint32_t parent = graph->modules[m].parent;

		p->rank[m] = m > 0 ? next[parent] : 0;
		if (m > 0)
			next[parent] += size[m];
		next[m] = p->rank[m] + 1;
	}
	nnv_heap_free(size);
	nnv_heap_free(next);
	return ok;
}

/* Sort nodes by the rank of their home: count, add up, place. */
static bool
sort_nodes(struct nnv_parts *p)
{
	const struct nnv_graph *graph = p->graph;
	uint32_t *at = nnv_heap_alloc(graph->nmodules + (size_t)2, sizeof(*at));

	if (at == NULL)
		return false;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		at[p->rank[p->home[v]] + 1]++;
	for (uint32_t r = 0; r < graph->nmodules; r++)
		at[r + 1] += at[r];
	for (uint32_t m = 0; m < graph->nmodules; m++) {
		p->start[m] = at[p->rank[m]];
		p->end[m] = at[p->rank[m] + 1];
	}
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		p->place[v] = at[p->rank[p->home[v]]]++;
		p->nodes[p->place[v]] = v;
	}
	/* What is below a module follows it. */
	for (uint32_t m = graph->nmodules; m-- > 1;) {
		uint32_t parent = graph->modules[m].parent;

		if (p->end[parent] < p->end[m])
			p->end[parent] = p->end[m];
	}
	nnv_heap_free(at);
	return true;
}

/* Sort tensors by producer, and number those of each. */
static void
number_tensors(struct nnv_parts *p)
{
	const struct nnv_graph *graph = p->graph;
	uint32_t *start = p->made_start;

	/* Counts stand two ahead, so that filling moves them one back. */
	for (uint32_t t = 0; t < graph->ntensors; t++)
		if (graph->tensors[t].producer != NNV_NONE)
			start[graph->tensors[t].producer + 2]++;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		start[v + 2] += start[v + 1];
	for (uint32_t t = 0; t < graph->ntensors; t++) {
		uint32_t v = graph->tensors[t].producer;

		if (v == NNV_NONE)
			continue;
		p->made[start[v + 1]++] = t;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++)
		for (uint32_t i = start[v]; i < start[v + 1]; i++)
			p->ordinal[p->made[i]] = i - start[v];
}

bool
nnv_parts_init(struct nnv_parts *p, const struct nnv_graph *graph)
{
	size_t n = graph->nnodes + (size_t)1, nm = graph->nmodules + (size_t)1;

	*p = (struct nnv_parts){ .graph = graph };
	p->home = nnv_heap_alloc(n, sizeof(*p->home));
	p->nodes = nnv_heap_alloc(n, sizeof(*p->nodes));
	p->place = nnv_heap_alloc(n, sizeof(*p->place));
	p->rank = nnv_heap_alloc(nm, sizeof(*p->rank));
	p->start = nnv_heap_alloc(nm, sizeof(*p->start));
	p->end = nnv_heap_alloc(nm, sizeof(*p->end));
	p->made_start = nnv_heap_alloc(n + 2, sizeof(*p->made_start));
	p->made = nnv_heap_alloc(graph->ntensors + (size_t)1, sizeof(*p->made));
	p->ordinal = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*p->ordinal));
	if (p->home == NULL || p->nodes == NULL || p->place == NULL ||
	    p->rank == NULL || p->start == NULL || p->end == NULL ||
	    p->made_start == NULL || p->made == NULL || p->ordinal == NULL ||
	    !nnv_links_init(&p->links, graph))
		return false;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		p->home[v] = home_of(graph, &graph->nodes[v]);
	number_tensors(p);
	return rank_modules(p) && sort_nodes(p);
}

void
nnv_parts_release(struct nnv_parts *p)
{
	nnv_heap_free(p->home);
	nnv_heap_free(p->nodes);
	nnv_heap_free(p->place);
	nnv_heap_free(p->rank);
	nnv_heap_free(p->start);
	nnv_heap_free(p->end);
	nnv_heap_free(p->made_start);
	nnv_heap_free(p->made);
	nnv_heap_free(p->ordinal);
	nnv_links_release(&p->links);
}

static bool
holds(const struct nnv_parts *p, uint32_t module, uint32_t v)
{
	return module != NNV_NONE && p->place[v] >= p->start[module] &&
	    p->place[v] < p->end[module];
}

static bool
same_spec(const struct nnv_parts *p, const struct nnv_spec *a,
    const struct nnv_spec *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	if (p->similar)
		return a->kind == b->kind && a->type == b->type && a->n == b->n;
	return nnv_spec_eq(a, b);
}

bool
nnv_nodes_same_args(const struct nnv_node *a, const struct nnv_node *b)
{
	if (a->nargs != b->nargs)
		return false;
	for (uint32_t i = 0; i < a->nargs; i++)
		if (a->args[i].key != b->args[i].key ||
		    a->args[i].json != b->args[i].json)
			return false;
	return true;
}

static bool
same_args(const struct nnv_parts *p, const struct nnv_node *a,
    const struct nnv_node *b)
{
	if (p->similar)
		return true;
	if (!nnv_nodes_same_args(a, b) || a->nhypers != b->nhypers)
		return false;
	for (uint32_t i = 0; i < a->nhypers; i++)
		if (a->hypers[i].key != b->hypers[i].key ||
		    a->hypers[i].text != b->hypers[i].text)
			return false;
	return true;
}

static bool
same_params(const struct nnv_parts *p, const struct nnv_node *a,
    const struct nnv_node *b)
{
	const struct nnv_graph *graph = p->graph;

	if (a->nparams != b->nparams)
		return false;
	for (uint32_t i = 0; i < a->nparams; i++) {
		const struct nnv_param *x = &graph->params[a->params[i]];
		const struct nnv_param *y = &graph->params[b->params[i]];

		if (x->kind != y->kind ||
		    (!p->similar && x->count != y->count) ||
		    !same_spec(p, x->spec, y->spec))
			return false;
	}
	return true;
}

static bool
same_cost(const struct nnv_parts *p, const struct nnv_node *a,
    const struct nnv_node *b)
{
	return p->similar ||
	    (a->cost.macs == b->cost.macs &&
		a->cost.elementwise == b->cost.elementwise &&
		a->cost.output_bytes == b->cost.output_bytes);
}

static bool
same_kind(const struct nnv_node *a, const struct nnv_node *b)
{
	return a->kind == b->kind && a->phase == b->phase && a->op == b->op &&
	    a->full_op == b->full_op && a->nmembers == b->nmembers &&
	    a->repeat == b->repeat && a->hide == b->hide &&
	    a->faded == b->faded && a->lit == b->lit;
}

static bool
is_number(struct nnv_str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i > 0 && i == s.n;
}

static bool
same_name(const struct nnv_parts *p, nnv_name a, nnv_name b)
{
	return a == b ||
	    (p->similar && is_number(nnv_graph_text(p->graph, a)) &&
		is_number(nnv_graph_text(p->graph, b)));
}

/* Whether nodes of parts A and B stand in the same place there. */
static bool
same_home(const struct nnv_parts *p, uint32_t va, uint32_t a, uint32_t vb,
    uint32_t b)
{
	const struct nnv_graph *graph = p->graph;
	const struct nnv_node *x = &graph->nodes[va], *y = &graph->nodes[vb];
	uint32_t ha = p->home[va], hb = p->home[vb];

	if (p->rank[ha] - p->rank[a] != p->rank[hb] - p->rank[b] ||
	    graph->modules[ha].type != graph->modules[hb].type)
		return false;
	/* The parts themselves may be called as they like. */
	if (ha == a)
		return x->self == ha ? y->self == hb : x->leaf == y->leaf;
	return same_name(p, x->leaf, y->leaf) &&
	    same_name(p, graph->modules[ha].name, graph->modules[hb].name);
}

struct pair {
	uint32_t before, a, b;
	uint32_t handed; /* edges from A to B */
};

/* Whether X and Y leave from the same place of parts A and B. */
static bool
same_place(const struct nnv_parts *p, const struct nnv_edge *x, uint32_t a,
    const struct nnv_edge *y, uint32_t b)
{
	return holds(p, a, x->src) && holds(p, b, y->src) &&
	    p->place[x->src] - p->start[a] == p->place[y->src] - p->start[b] &&
	    p->ordinal[x->tensor] == p->ordinal[y->tensor];
}

/* Whether edges that enter A and B at the same place come from the same. */
static bool
same_source(const struct nnv_parts *p, struct pair *pair, uint32_t ea,
    uint32_t eb)
{
	const struct nnv_graph *graph = p->graph;
	const struct nnv_edge *x = &graph->edges[ea], *y = &graph->edges[eb];

	if (x->operand != y->operand ||
	    graph->tensors[x->tensor].mark != graph->tensors[y->tensor].mark ||
	    !same_spec(p, graph->tensors[x->tensor].spec,
		graph->tensors[y->tensor].spec))
		return false;
	if (holds(p, pair->b, y->src))
		return same_place(p, x, pair->a, y, pair->b);
	if (!holds(p, pair->a, y->src))
		return x->tensor == y->tensor;
	pair->handed++;
	/* The first of a row takes from anywhere. */
	if (pair->before == NNV_NONE)
		return !holds(p, pair->a, x->src);
	return same_place(p, x, pair->before, y, pair->a);
}

/* Whether nodes make the same, one by one. */
static bool
same_results(const struct nnv_parts *p, uint32_t va, uint32_t vb)
{
	const struct nnv_tensor *tensors = p->graph->tensors;
	uint32_t i = p->made_start[va], j = p->made_start[vb];

	if (p->made_start[va + 1] - i != p->made_start[vb + 1] - j)
		return false;
	for (; i < p->made_start[va + 1]; i++, j++)
		if (!same_spec(p, tensors[p->made[i]].spec,
			tensors[p->made[j]].spec))
			return false;
	return true;
}

bool
nnv_parts_same_node(const struct nnv_parts *p, uint32_t v, uint32_t w)
{
	const struct nnv_node *x = &p->graph->nodes[v];
	const struct nnv_node *y = &p->graph->nodes[w];

	return same_kind(x, y) && same_cost(p, x, y) && same_args(p, x, y) &&
	    same_params(p, x, y) && same_results(p, v, w);
}

static bool
same_node(const struct nnv_parts *p, struct pair *pair, uint32_t va,
    uint32_t vb)
{
	uint32_t i = p->links.in_start[va], j = p->links.in_start[vb];

	if (!nnv_parts_same_node(p, va, vb) ||
	    !same_home(p, va, pair->a, vb, pair->b) ||
	    p->links.in_start[va + 1] - i != p->links.in_start[vb + 1] - j)
		return false;
	for (; i < p->links.in_start[va + 1]; i++, j++)
		if (!same_source(p, pair, p->links.in[i], p->links.in[j]))
			return false;
	return true;
}

bool
nnv_parts_same_extents(const struct nnv_parts *p, uint32_t t, uint32_t u)
{
	const struct nnv_spec *a = p->graph->tensors[t].spec;
	const struct nnv_spec *b = p->graph->tensors[u].spec;

	return a == NULL || b == NULL ? a == b : nnv_spec_eq(a, b);
}

/* The next edge that leads from A's nodes out of it and not into EXCEPT, from
 * edge *I of node *V on; or NULL. */
static const struct nnv_edge *
next_exit(const struct nnv_parts *p, uint32_t a, uint32_t except, uint32_t *v,
    uint32_t *i)
{
	for (; *v < p->end[a]; (*v)++, *i = 0) {
		uint32_t node = p->nodes[*v], start = p->links.out_start[node];

		while (start + *i < p->links.out_start[node + 1]) {
			const struct nnv_edge *edge =
			    &p->graph->edges[p->links.out[start + (*i)++]];

			if (!holds(p, a, edge->dst) &&
			    !holds(p, except, edge->dst))
				return edge;
		}
	}
	return NULL;
}

static bool
gives_to_others(const struct nnv_parts *p, uint32_t a, uint32_t b)
{
	uint32_t v = p->start[a], i = 0;

	return next_exit(p, a, b, &v, &i) != NULL;
}

static bool
give_to_the_same(const struct nnv_parts *p, uint32_t a, uint32_t b)
{
	uint32_t va = p->start[a], vb = p->start[b], ia = 0, ib = 0;
	const struct nnv_edge *x, *y;

	do {
		x = next_exit(p, a, NNV_NONE, &va, &ia);
		y = next_exit(p, b, NNV_NONE, &vb, &ib);
		if (x == NULL || y == NULL)
			return x == y;
		/* Arrows of the one stand for those of the other. */
		if (!nnv_parts_same_extents(p, x->tensor, y->tensor))
			return false;
	} while (x->dst == y->dst && va - p->start[a] == vb - p->start[b] &&
	    p->ordinal[x->tensor] == p->ordinal[y->tensor]);
	return false;
}

enum nnv_alike
nnv_parts_alike(const struct nnv_parts *p, uint32_t before, uint32_t a,
    uint32_t b)
{
	uint32_t n = p->end[a] - p->start[a];
	struct pair pair = { before, a, b, 0 };

	if (n == 0 || p->end[b] - p->start[b] != n ||
	    p->graph->modules[a].type != p->graph->modules[b].type ||
	    p->graph->modules[a].repeat != p->graph->modules[b].repeat)
		return NNV_DIFFERENT;
	for (uint32_t i = 0; i < n; i++)
		if (!same_node(p, &pair, p->nodes[p->start[a] + i],
			p->nodes[p->start[b] + i]))
			return NNV_DIFFERENT;
	if (pair.handed > 0)
		return gives_to_others(p, a, b) ? NNV_DIFFERENT : NNV_IN_A_ROW;
	return give_to_the_same(p, a, b) ? NNV_ABREAST : NNV_DIFFERENT;
}

bool
nnv_parts_share(const struct nnv_parts *p, uint32_t a, uint32_t b)
{
	bool any = false;

	for (uint32_t i = 0; i < p->end[a] - p->start[a]; i++) {
		const struct nnv_node
		    *x = &p->graph->nodes[p->nodes[p->start[a] + i]];
		const struct nnv_node
		    *y = &p->graph->nodes[p->nodes[p->start[b] + i]];

		for (uint32_t j = 0; j < x->nparams; j++)
			if (x->params[j] != y->params[j])
				return false;
		any |= x->nparams > 0;
	}
	return any;
}
