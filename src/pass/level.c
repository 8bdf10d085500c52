/*
 * Layers: what people call one box. A call of a module that calls no other is
 * drawn as one node, with the module's type, its parameters, and what its ops
 * cost; ops that a container runs itself (the addition of a residual block)
 * stay ops beside its layers.
 *
 * Here nodes also get the keys that a person can read: their paths.
 */
#include "hyper.h"
#include "nnviz/pass.h"
#include "nnviz/table.h"
#include "nnviz/unique.h"

struct level {
	const struct nnv_graph *old;
	struct nnv_graph *graph;
	bool *container;  /* module: something runs below it */
	uint32_t *layer;  /* module -> its new node */
	uint32_t *to;     /* node -> new node */
	uint32_t *tensor; /* tensor -> new tensor */
	bool *leaves;     /* tensor: used outside its layer */
	bool *mixed;      /* new node: gradient of several layers */
	bool *gives;      /* node: some tensor of it is used */
	struct nnv_unique keys;
	struct nnv_text text; /* scratch */
};

static void
find_containers(struct level *l)
{
	const struct nnv_graph *old = l->old;

	l->container[0] = true;
	for (uint32_t m = 0; m < old->nmodules; m++)
		l->container[m] |= old->modules[m].is_phase;
	for (uint32_t v = 0; v < old->nnodes; v++) {
		uint32_t m = old->nodes[v].module;

		while (m != 0) {
			m = old->modules[m].parent;
			if (l->container[m])
				break;
			l->container[m] = true;
		}
	}
}

static bool
in_layer(const struct level *l, const struct nnv_node *node)
{
	return node->kind == NNV_NODE_OP && !l->container[node->module];
}

/* The layer's node, with nothing of its ops yet. */
static struct nnv_node
blank_layer(struct level *l, uint32_t m)
{
	const struct nnv_module *module = &l->old->modules[m];
	struct nnv_node node = nnv_node_blank(NNV_NODE_OP);

	node.phase = module->phase;
	node.leaf = module->name;
	node.module = module->parent;
	node.self = m;
	node.op = module->type != NNV_NO_NAME ? module->type : module->name;
	node.call = module->call;
	node.ncalls = module->ncalls;
	node.cost = nnv_cost_none();
	/* told by its outputs, not by what its ops pass to each other */
	node.cost.activation_bytes = NNV_UNKNOWN;
	return node;
}

/* "layer1_0_conv1" */
static nnv_name
make_key(struct level *l, const struct nnv_node *node)
{
	nnv_name key;

	nnv_text_clear(&l->text);
	nnv_module_path(l->old, node->module, &l->text);
	if (l->text.n > 0)
		nnv_text_addc(&l->text, '.');
	nnv_text_add(&l->text, nnv_graph_text(l->old, node->leaf));
	for (size_t i = 0; i < l->text.n; i++)
		if (l->text.p[i] == '.')
			l->text.p[i] = '_';
	key = nnv_unique_take(&l->keys,
	    l->text.n > 0 ? nnv_text_str(&l->text) : NNV_STR("node"));
	l->graph->failed |= key == NNV_NO_NAME;
	return key;
}

static void
add_member(struct nnv_node *layer, const struct nnv_node *op)
{
	if (layer->site.file == NNV_NO_NAME)
		layer->site = op->site;
	nnv_cost_add(&layer->cost, &op->cost);
	nnv_time_add(&layer->time, op->time);
}

static uint32_t
add_node(struct level *l, struct nnv_node node)
{
	node.key = make_key(l, &node);
	return nnv_graph_add_node(l->graph, &node);
}

/* A layer of gradients is that of a layer if all of its ops are that know. */
static void
link_gradients(struct level *l)
{
	for (uint32_t v = 0; v < l->graph->nnodes; v++)
		l->graph->nodes[v].grad_of = NNV_NONE;
	for (uint32_t v = 0; v < l->old->nnodes; v++) {
		uint32_t of = l->old->nodes[v].grad_of;
		uint32_t *link = &l->graph->nodes[l->to[v]].grad_of;

		if (of == NNV_NONE || l->to[of] == l->to[v])
			continue;
		if (*link == NNV_NONE)
			*link = l->to[of];
		else if (*link != l->to[of])
			l->mixed[l->to[v]] = true;
	}
	for (uint32_t v = 0; v < l->graph->nnodes; v++)
		if (l->mixed[v])
			l->graph->nodes[v].grad_of = NNV_NONE;
}

/* The gradient of a layer is told by what tells the layer. */
static void
describe_gradients(struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];
		const struct nnv_node *of;

		if (node->phase != NNV_BACKWARD || node->grad_of == NNV_NONE)
			continue;
		of = &graph->nodes[node->grad_of];
		if (node->self == NNV_NONE || node->op != of->op)
			continue;
		node->hypers = of->hypers;
		node->nhypers = of->nhypers;
	}
}

static void
add_nodes(struct level *l)
{
	const struct nnv_graph *old = l->old;

	for (uint32_t m = 0; m < old->nmodules; m++)
		l->layer[m] = NNV_NONE;
	for (uint32_t v = 0; v < old->nnodes && !l->graph->failed; v++) {
		const struct nnv_node *node = &old->nodes[v];
		uint32_t m = node->module;

		if (!in_layer(l, node)) {
			l->to[v] = add_node(l, *node);
			continue;
		}
		if (l->layer[m] == NNV_NONE)
			l->layer[m] = add_node(l, blank_layer(l, m));
		l->to[v] = l->layer[m];
		if (!l->graph->failed)
			add_member(&l->graph->nodes[l->to[v]], node);
	}
	if (!l->graph->failed && nnv_params_gather(l->graph, old, l->to))
		link_gradients(l);
}

/* Tensors that another node uses; that nothing uses but a single op made; and
 * that nothing here uses, which leave for another phase, unless their op gives
 * others that are used, or they were only kept for a person to see. */
static void
find_leaving(struct level *l)
{
	const struct nnv_graph *old = l->old;

	for (uint32_t e = 0; e < old->nedges; e++) {
		l->leaves[old->edges[e].tensor] |= l->to[old->edges[e].src] !=
		    l->to[old->edges[e].dst];
		l->gives[old->edges[e].src] = true;
	}
	for (uint32_t t = 0; t < old->ntensors; t++) {
		uint32_t v = old->tensors[t].producer;

		if (v != NNV_NONE &&
		    (!in_layer(l, &old->nodes[v]) ||
			(!l->gives[v] && old->nodes[v].hide == NNV_SHOWN)))
			l->leaves[t] = true;
	}
}

static void
add_tensors(struct level *l)
{
	const struct nnv_graph *old = l->old;

	for (uint32_t t = 0; t < old->ntensors; t++) {
		struct nnv_tensor tensor = old->tensors[t];

		l->tensor[t] = NNV_NONE;
		if (tensor.producer == NNV_NONE || !l->leaves[t])
			continue;
		tensor.producer = l->to[tensor.producer];
		l->tensor[t] = nnv_graph_add_tensor(l->graph, &tensor);
	}
}

/* One edge for each tensor that a layer takes, however many ops use it; an op
 * that takes a tensor twice (x times x) keeps both. */
static void
add_edges(struct level *l)
{
	const struct nnv_graph *old = l->old;
	struct nnv_table seen;

	nnv_table_init(&seen);
	for (uint32_t e = 0; e < old->nedges; e++) {
		struct nnv_edge edge = old->edges[e];
		bool layer = in_layer(l, &old->nodes[edge.dst]);
		uint32_t *at;

		edge.src = l->to[edge.src];
		edge.dst = l->to[edge.dst];
		edge.tensor = l->tensor[edge.tensor];
		if (edge.src == edge.dst || edge.tensor == NNV_NONE)
			continue;
		at = nnv_table_at(&seen, nnv_table_pair(edge.dst, edge.tensor));
		if (at == NULL)
			break;
		if (layer && *at != NNV_TABLE_NONE)
			continue;
		*at = 1;
		nnv_graph_add_edge(l->graph, &edge);
	}
	l->graph->failed |= seen.failed;
	nnv_table_release(&seen);
}

static bool
prepare(struct level *l)
{
	const struct nnv_graph *old = l->old;
	size_t n = old->nnodes + (size_t)1, nt = old->ntensors + (size_t)1;
	size_t nm = old->nmodules + (size_t)1;

	l->container = nnv_heap_alloc(nm, sizeof(*l->container));
	l->layer = nnv_heap_alloc(nm, sizeof(*l->layer));
	l->to = nnv_heap_alloc(n, sizeof(*l->to));
	l->gives = nnv_heap_alloc(n, sizeof(*l->gives));
	l->mixed = nnv_heap_alloc(n, sizeof(*l->mixed));
	l->tensor = nnv_heap_alloc(nt, sizeof(*l->tensor));
	l->leaves = nnv_heap_alloc(nt, sizeof(*l->leaves));
	return l->container != NULL && l->layer != NULL && l->to != NULL &&
	    l->gives != NULL && l->mixed != NULL && l->tensor != NULL &&
	    l->leaves != NULL;
}

static void
release(struct level *l)
{
	nnv_heap_free(l->container);
	nnv_heap_free(l->layer);
	nnv_heap_free(l->to);
	nnv_heap_free(l->gives);
	nnv_heap_free(l->mixed);
	nnv_heap_free(l->tensor);
	nnv_heap_free(l->leaves);
	nnv_unique_release(&l->keys);
	nnv_text_release(&l->text);
}

/* A graph that is drawn by layers already stays as it is. */
static void
find_layers(struct level *l)
{
	const struct nnv_graph *old = l->old;

	if (old->level == NNV_LEVEL_LAYERS) {
		for (uint32_t v = 0; v < old->nnodes; v++)
			nnv_graph_add_node(l->graph, &old->nodes[v]);
		for (uint32_t t = 0; t < old->ntensors; t++)
			nnv_graph_add_tensor(l->graph, &old->tensors[t]);
		for (uint32_t e = 0; e < old->nedges; e++)
			nnv_graph_add_edge(l->graph, &old->edges[e]);
		return;
	}
	l->graph->level = NNV_LEVEL_LAYERS;
	find_containers(l);
	add_nodes(l);
	if (l->graph->failed)
		return;
	if (!nnv_hyper_layers(old, l->to, l->graph)) {
		l->graph->failed = true;
		return;
	}
	describe_gradients(l->graph);
	find_leaving(l);
	add_tensors(l);
	add_edges(l);
}

struct nnv_graph *
nnv_pass_level(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct level l = { .old = graph,
		.text = NNV_TEXT_EMPTY,
		.graph = nnv_graph_like(graph) };
	bool ok;

	nnv_unique_init(&l.keys, graph->names);
	ok = l.graph != NULL && prepare(&l);
	if (ok) {
		find_layers(&l);
		ok = !l.graph->failed && !nnv_text_failed(&l.text);
	}
	release(&l);
	if (ok)
		return l.graph;
	nnv_graph_free(l.graph);
	nnv_fail_memory(diag);
	return NULL;
}
