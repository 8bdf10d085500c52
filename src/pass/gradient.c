/*
 * Gradients: which node of the forward pass each node of the backward pass
 * works for, and what that costs.
 *
 * A recording ties a gradient to the operation that it is of. Where it does
 * not, or that operation is not here, the gradient belongs to what the forward
 * pass ran in the module of the same path, and of the same call if there are
 * several. Of what belongs to nothing (the gradient of a loss that was written
 * outside the model) the costs are its own. So the costs of gradients add up to
 * those of the backward pass, wherever modules are collapsed later.
 *
 * A gradient uses the weights that the forward pass used, but has none: they
 * would be drawn twice, and some of them not at all, as a bias is not needed
 * for its gradient.
 */
#include "nnviz/pass.h"
#include "nnviz/table.h"

enum { MAX_ORDER = 8 }; /* of derivatives that are followed */

struct gradients {
	struct nnv_graph *graph; /* the new one */
	uint32_t *next;          /* module -> another call of that path */
	uint32_t *twin;          /* backward module -> forward module */
	uint32_t *first;         /* module -> its first forward node */
	struct nnv_table calls;  /* parent, name -> first forward module */
	bool any;                /* there are gradients */
};

static bool
computes(const struct nnv_node *node, enum nnv_phase phase)
{
	return node->phase == phase && node->kind == NNV_NODE_OP;
}

/* The node of the forward pass that V is the gradient of, by the recording. */
static uint32_t
recorded(const struct nnv_graph *graph, uint32_t v)
{
	for (int order = 0; order < MAX_ORDER; order++) {
		v = graph->nodes[v].grad_of;
		if (v == NNV_NONE || computes(&graph->nodes[v], NNV_FORWARD))
			return v;
	}
	return NNV_NONE;
}

/* The first node in or below each module of the forward pass. */
static void
find_first(struct gradients *g)
{
	const struct nnv_graph *graph = g->graph;

	for (uint32_t m = 0; m < graph->nmodules; m++)
		g->first[m] = NNV_NONE;
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t m = graph->nodes[v].module;

		g->any |= graph->nodes[v].phase == NNV_BACKWARD;
		if (!computes(&graph->nodes[v], NNV_FORWARD))
			continue;
		while (m != NNV_NONE && g->first[m] == NNV_NONE) {
			g->first[m] = v;
			m = graph->modules[m].parent;
		}
	}
}

/* Modules of the forward pass by what is around them and their name. */
static void
list_calls(struct gradients *g)
{
	const struct nnv_graph *graph = g->graph;

	for (uint32_t m = graph->nmodules; m-- > 1;) {
		const struct nnv_module *module = &graph->modules[m];
		uint32_t *at;

		g->next[m] = NNV_NONE;
		if (module->phase != NNV_FORWARD || g->first[m] == NNV_NONE)
			continue;
		at = nnv_table_at(&g->calls,
		    nnv_table_pair(module->parent, module->name));
		if (at == NULL)
			return;
		if (*at != NNV_TABLE_NONE)
			g->next[m] = *at;
		*at = m;
	}
}

/* The module of that name and call below PARENT; its first call, where the
 * calls of gradients are not told apart. */
static uint32_t
find_call(const struct gradients *g, uint32_t parent,
    const struct nnv_module *like)
{
	uint32_t first = nnv_table_get(&g->calls,
	    nnv_table_pair(parent, like->name));

	for (uint32_t m = first; m != NNV_NONE; m = g->next[m])
		if (g->graph->modules[m].call == like->call)
			return m;
	return first;
}

/* The forward pass is the model, or a phase among others. */
static uint32_t
forward_root(const struct nnv_graph *graph)
{
	for (uint32_t m = 1; m < graph->nmodules; m++)
		if (graph->modules[m].is_phase &&
		    graph->modules[m].phase == NNV_FORWARD)
			return m;
	return 0;
}

/* A module stands behind what is around it. */
static void
find_twins(struct gradients *g)
{
	const struct nnv_graph *graph = g->graph;
	uint32_t root = forward_root(graph);

	g->twin[0] = NNV_NONE;
	for (uint32_t m = 1; m < graph->nmodules; m++) {
		const struct nnv_module *module = &graph->modules[m];

		g->twin[m] = NNV_NONE;
		if (module->phase != NNV_BACKWARD)
			continue;
		if (module->is_phase)
			g->twin[m] = root;
		else if (g->twin[module->parent] != NNV_NONE)
			g->twin[m] = find_call(g, g->twin[module->parent],
			    module);
	}
}

/* What node V works for; the backward pass as a whole is no module. */
static uint32_t
belongs_to(const struct gradients *g, uint32_t v)
{
	const struct nnv_graph *graph = g->graph;
	uint32_t of = recorded(graph, v), m = graph->nodes[v].module;

	if (of != NNV_NONE)
		return of;
	return graph->modules[m].is_phase || g->twin[m] == NNV_NONE
	    ? NNV_NONE
	    : g->first[g->twin[m]];
}

static void
tie(struct gradients *g)
{
	struct nnv_graph *graph = g->graph;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (computes(&graph->nodes[v], NNV_FORWARD))
			graph->nodes[v].cost.backward_macs = 0;
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];
		uint32_t of;

		if (!computes(node, NNV_BACKWARD))
			continue;
		node->params = NULL;
		node->nparams = 0;
		of = belongs_to(g, v);
		if (node->grad_of == NNV_NONE)
			node->grad_of = of;
		if (of != NNV_NONE)
			nnv_time_add(&graph->nodes[of].cost.backward_macs,
			    node->cost.macs);
		else if (node->cost.macs > 0)
			node->cost.backward_macs = node->cost.macs;
	}
}

static bool
copy(struct nnv_graph *to, const struct nnv_graph *from)
{
	for (uint32_t v = 0; v < from->nnodes; v++)
		nnv_graph_add_node(to, &from->nodes[v]);
	for (uint32_t t = 0; t < from->ntensors; t++)
		nnv_graph_add_tensor(to, &from->tensors[t]);
	for (uint32_t e = 0; e < from->nedges; e++)
		nnv_graph_add_edge(to, &from->edges[e]);
	return !to->failed;
}

struct nnv_graph *
nnv_pass_gradients(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct gradients g = { .graph = NULL };
	size_t n = graph->nmodules + (size_t)1;
	bool ok;

	if (graph->drawn)
		return nnv_graph_share(graph);
	g.graph = nnv_graph_like(graph);
	nnv_table_init(&g.calls);
	g.next = nnv_heap_alloc(n, sizeof(*g.next));
	g.twin = nnv_heap_alloc(n, sizeof(*g.twin));
	g.first = nnv_heap_alloc(n, sizeof(*g.first));
	ok = g.graph != NULL && g.next != NULL && g.twin != NULL &&
	    g.first != NULL && copy(g.graph, graph);
	if (ok) {
		find_first(&g);
		list_calls(&g);
		find_twins(&g);
		if (g.any)
			tie(&g);
		ok = !g.calls.failed;
	}
	nnv_table_release(&g.calls);
	nnv_heap_free(g.next);
	nnv_heap_free(g.twin);
	nnv_heap_free(g.first);
	if (ok)
		return g.graph;
	nnv_graph_free(g.graph);
	nnv_fail_memory(diag);
	return NULL;
}
