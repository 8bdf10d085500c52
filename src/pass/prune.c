/*
 * Pruning: leave out the nodes that an earlier pass found to be constants,
 * updates of statistics or dead ends, and count them.
 *
 * Their parameters are the model's all the same. Those of a constant (a
 * position table that is sliced before it is added) go to whatever uses the
 * constant; those of an update go to a node that is left in its module.
 */
#include "nnviz/pass.h"

struct prune {
	const struct nnv_graph *old;
	struct nnv_graph *graph;
	unsigned phases;        /* of which the hidden are counted */
	struct nnv_links links; /* of the old one */
	uint32_t *to;           /* node -> new node, or NNV_NONE */
	uint32_t *tensor;       /* tensor -> new tensor */
	uint32_t *heir;         /* module -> first new node in it */
};

static bool
is_hidden(const struct prune *p, uint32_t v)
{
	return p->old->nodes[v].hide != NNV_SHOWN;
}

static bool
is_counted(const struct prune *p, uint32_t v)
{
	return (p->phases >> p->old->nodes[v].phase & 1) != 0;
}

/* What a caption counts: the ops that are left out, and of the updates only
 * the one that writes the statistic. */
static void
count_hidden(struct prune *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		enum nnv_hidden why = old->nodes[v].hide;

		if (!is_counted(p, v))
			continue;
		if (why == NNV_HIDDEN_CONSTANT || why == NNV_HIDDEN_DEAD_END)
			p->graph->hidden[why]++;
	}
	for (uint32_t t = 0; t < old->ntensors; t++) {
		uint32_t v = old->tensors[t].producer;

		/* without a name it is what nobody uses */
		if (v != NNV_NONE && is_counted(p, v) &&
		    (old->tensors[t].param != NNV_NONE ||
			p->links.out_start[v] == p->links.out_start[v + 1]) &&
		    old->nodes[v].hide == NNV_HIDDEN_STATISTIC)
			p->graph->hidden[NNV_HIDDEN_STATISTIC]++;
	}
}

static void
add_nodes(struct prune *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t m = 0; m < old->nmodules; m++)
		p->heir[m] = NNV_NONE;
	for (uint32_t v = 0; v < old->nnodes; v++) {
		p->to[v] = is_hidden(p, v)
		    ? NNV_NONE
		    : nnv_graph_add_node(p->graph, &old->nodes[v]);
		if (p->to[v] != NNV_NONE && old->nodes[v].kind == NNV_NODE_OP &&
		    p->heir[old->nodes[v].module] == NNV_NONE)
			p->heir[old->nodes[v].module] = p->to[v];
	}
	for (uint32_t v = 0; v < p->graph->nnodes; v++) {
		struct nnv_node *node = &p->graph->nodes[v];

		if (node->grad_of != NNV_NONE)
			node->grad_of = p->to[node->grad_of];
	}
}

static void
inherit(struct prune *p, uint32_t heir, const struct nnv_node *from)
{
	struct nnv_node *node = &p->graph->nodes[heir];

	nnv_params_union(p->graph, &node->params, &node->nparams, from->params,
	    from->nparams);
}

/* Parameters of constants go along the edges until something is shown; the
 * nodes are a scratch copy whose lists may grow. */
static void
pass_on(struct prune *p, struct nnv_node *nodes)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		if (!is_hidden(p, v) || nodes[v].nparams == 0)
			continue;
		for (uint32_t i = p->links.out_start[v];
		     i < p->links.out_start[v + 1]; i++) {
			uint32_t to = old->edges[p->links.out[i]].dst;

			if (p->to[to] != NNV_NONE)
				inherit(p, p->to[to], &nodes[v]);
			else
				nnv_params_union(p->graph, &nodes[to].params,
				    &nodes[to].nparams, nodes[v].params,
				    nodes[v].nparams);
		}
	}
}

/* The rest stays in its module, or in the nearest one around it. */
static void
stay_in_module(struct prune *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		uint32_t m = old->nodes[v].module;

		if (!is_hidden(p, v) || old->nodes[v].nparams == 0 ||
		    old->nodes[v].hide == NNV_HIDDEN_CONSTANT)
			continue;
		while (m != 0 && p->heir[m] == NNV_NONE)
			m = old->modules[m].parent;
		if (p->heir[m] != NNV_NONE)
			inherit(p, p->heir[m], &old->nodes[v]);
	}
}

static bool
hand_down(struct prune *p)
{
	size_t n = p->old->nnodes;
	struct nnv_node *nodes = nnv_heap_alloc(n + 1, sizeof(*nodes));

	if (nodes == NULL)
		return false;
	if (n > 0)
		memcpy(nodes, p->old->nodes, n * sizeof(*nodes));
	pass_on(p, nodes);
	stay_in_module(p);
	nnv_heap_free(nodes);
	return true;
}

static void
add_tensors_and_edges(struct prune *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t t = 0; t < old->ntensors; t++) {
		struct nnv_tensor tensor = old->tensors[t];

		p->tensor[t] = NNV_NONE;
		if (tensor.producer == NNV_NONE ||
		    p->to[tensor.producer] == NNV_NONE)
			continue;
		tensor.producer = p->to[tensor.producer];
		p->tensor[t] = nnv_graph_add_tensor(p->graph, &tensor);
	}
	for (uint32_t e = 0; e < old->nedges; e++) {
		struct nnv_edge edge = old->edges[e];

		edge.src = p->to[edge.src];
		edge.dst = p->to[edge.dst];
		edge.tensor = p->tensor[edge.tensor];
		if (edge.src != NNV_NONE && edge.dst != NNV_NONE &&
		    edge.tensor != NNV_NONE)
			nnv_graph_add_edge(p->graph, &edge);
	}
}

struct nnv_graph *
nnv_pass_prune(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag)
{
	struct prune p = {
		.old = graph, .phases = phases, .graph = nnv_graph_like(graph)
	};
	bool ok;

	p.to = nnv_heap_alloc(graph->nnodes + (size_t)1, sizeof(*p.to));
	p.tensor = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*p.tensor));
	p.heir = nnv_heap_alloc(graph->nmodules + (size_t)1, sizeof(*p.heir));
	ok = p.graph != NULL && p.to != NULL && p.tensor != NULL &&
	    p.heir != NULL && nnv_links_init(&p.links, graph);
	if (ok) {
		count_hidden(&p);
		add_nodes(&p);
		ok = hand_down(&p);
		add_tensors_and_edges(&p);
		nnv_links_release(&p.links);
		ok = ok && !p.graph->failed;
	}
	nnv_heap_free(p.to);
	nnv_heap_free(p.tensor);
	nnv_heap_free(p.heir);
	if (ok)
		return p.graph;
	nnv_graph_free(p.graph);
	nnv_fail_memory(diag);
	return NULL;
}
