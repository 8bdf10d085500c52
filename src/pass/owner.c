/*
 * Owners: what makes a parameter, and what updates it, belongs to it.
 *
 * An optimizer runs thousands of ops in one flat row, construction runs under
 * the constructors of whatever module called them; neither says which parameter
 * an op is for. The data flow does: an op is for the one parameter that it
 * leads to inside its phase, and the state of an optimizer (a momentum), which
 * construction makes, is for the parameter whose update takes it. So there is a
 * module for each parameter, under a copy of the module of the forward pass
 * that uses it: "layer1.0.conv1.weight" of type "SGD", which collapses with
 * "layer1.0" like anything else. What leads to several parameters (the norm
 * that all gradients are clipped by) stays with the optimizer.
 */
#include "mirror.h"
#include "nnviz/pass.h"

/* An op that is for more than one parameter. */
#define SEVERAL (NNV_NONE - 1)

struct owners {
	const struct nnv_graph *old;
	struct nnv_graph *graph; /* the new one */
	struct nnv_links links;  /* of the old one */
	struct nnv_mirror mirror;
	struct nnv_table leaves; /* (module, parameter) -> module */
	uint32_t *owner;         /* node -> parameter, SEVERAL or NNV_NONE */
	bool *state;             /* node: makes what an optimizer keeps */
	uint32_t *user;          /* parameter -> forward module, or NNV_NONE */
	bool *random;            /* parameter: it is made of random numbers */
	uint32_t *base;          /* node -> module of its phase or optimizer */
	uint32_t optimizer;      /* the only one, NNV_NONE or SEVERAL */
};

static bool
has_owner(enum nnv_phase phase)
{
	return phase == NNV_INIT || phase == NNV_OPTIMIZER;
}

static uint32_t
join(uint32_t a, uint32_t b)
{
	if (a == NNV_NONE || a == b)
		return b;
	return b == NNV_NONE ? a : SEVERAL;
}

/* What op V is for, from what its users are for. */
static void
follow(struct owners *o, uint32_t v)
{
	const struct nnv_graph *old = o->old;
	enum nnv_phase phase = old->nodes[v].phase;

	for (uint32_t i = o->links.out_start[v]; i < o->links.out_start[v + 1];
	     i++) {
		const struct nnv_edge *edge = &old->edges[o->links.out[i]];
		enum nnv_phase to = old->nodes[edge->dst].phase;

		/* what follows an update is not part of it */
		if (old->tensors[edge->tensor].param != NNV_NONE ||
		    (to != phase && to != NNV_OPTIMIZER))
			continue;
		o->owner[v] = join(o->owner[v], o->owner[edge->dst]);
		o->state[v] |= to != phase || o->state[edge->dst];
	}
}

/* Against the order of execution: which parameter each op leads to. */
static void
find_owners(struct owners *o)
{
	const struct nnv_graph *old = o->old;

	for (uint32_t v = 0; v < old->nnodes; v++)
		o->owner[v] = NNV_NONE;
	for (uint32_t t = 0; t < old->ntensors; t++) {
		const struct nnv_tensor *tensor = &old->tensors[t];

		if (tensor->producer != NNV_NONE && tensor->param != NNV_NONE)
			o->owner[tensor->producer] =
			    join(o->owner[tensor->producer], tensor->param);
	}
	for (uint32_t v = old->nnodes; v-- > 0;)
		if (has_owner(old->nodes[v].phase))
			follow(o, v);
}

/* The first module of the forward pass that uses each parameter, and which of
 * them begin as random numbers. */
static void
find_users(struct owners *o)
{
	const struct nnv_graph *old = o->old;

	for (uint32_t p = 0; p < old->nparams; p++)
		o->user[p] = NNV_NONE;
	for (uint32_t v = 0; v < old->nnodes; v++) {
		const struct nnv_node *node = &old->nodes[v];

		for (uint32_t i = 0;
		     node->phase == NNV_FORWARD && i < node->nparams; i++)
			if (o->user[node->params[i]] == NNV_NONE)
				o->user[node->params[i]] = node->module;
		if (node->phase == NNV_INIT && o->owner[v] < old->nparams &&
		    nnv_str_starts(nnv_graph_text(old, node->op),
			NNV_STR("random")))
			o->random[o->owner[v]] = true;
	}
}

/* The outermost module inside the phase's own: an optimizer, perhaps. */
static uint32_t
outermost(const struct nnv_graph *graph, uint32_t module)
{
	uint32_t inner = NNV_NONE;

	while (module != 0 && !graph->modules[module].is_phase) {
		inner = module;
		module = graph->modules[module].parent;
	}
	return inner;
}

/* Whether some module of the forward pass is of that type: a step taken in a
 * function of the model's runs under the model, which is no optimizer. */
static bool
is_model_type(const struct nnv_graph *graph, nnv_name type)
{
	for (uint32_t m = 0; m < graph->nmodules; m++)
		if (graph->modules[m].phase == NNV_FORWARD &&
		    !graph->modules[m].is_phase &&
		    graph->modules[m].type == type)
			return true;
	return false;
}

/* One optimizer needs no name in the paths; of several, each has its own. */
static void
find_optimizers(struct owners *o)
{
	nnv_name name = NNV_NO_NAME;

	o->optimizer = NNV_NONE;
	for (uint32_t v = 0; v < o->old->nnodes; v++) {
		uint32_t m;

		if (o->old->nodes[v].phase != NNV_OPTIMIZER)
			continue;
		m = outermost(o->old, o->old->nodes[v].module);
		if (m == NNV_NONE ||
		    is_model_type(o->old, o->old->modules[m].type))
			continue;
		if (o->optimizer != NNV_NONE && o->old->modules[m].name != name)
			o->optimizer = SEVERAL;
		else if (o->optimizer == NNV_NONE)
			o->optimizer = m;
		name = o->old->modules[m].name;
	}
}

/*
 * Below what a node's parameter is: the phase, or the optimizer, where there
 * are several or it is the state of one. The calls of an optimizer (its steps)
 * are one module: the first, by name.
 */
static bool
find_bases(struct owners *o)
{
	const struct nnv_graph *old = o->old;
	struct nnv_table first;

	nnv_table_init(&first);
	for (uint32_t v = 0; v < old->nnodes; v++) {
		const struct nnv_node *node = &old->nodes[v];
		uint32_t m = outermost(old, node->module), *at;

		o->base[v] = nnv_phase_module(old, node->module);
		if (m == NNV_NONE ||
		    !(o->state[v] ||
			(node->phase == NNV_OPTIMIZER &&
			    o->optimizer == SEVERAL)))
			continue;
		at = nnv_table_at(&first,
		    nnv_table_pair(node->phase, old->modules[m].name));
		if (at == NULL)
			break;
		if (*at == NNV_TABLE_NONE)
			*at = m;
		o->base[v] = *at;
		o->graph->modules[*at].call = 0;
		o->graph->modules[*at].ncalls = 0;
	}
	nnv_table_release(&first);
	return !first.failed;
}

/* "SGD" for an update; "random" or "constant" for a parameter's beginning. */
static nnv_name
leaf_type(struct owners *o, uint32_t v)
{
	const struct nnv_node *node = &o->old->nodes[v];
	uint32_t m = outermost(o->old, node->module);
	nnv_name type = m != NNV_NONE ? o->old->modules[m].type : NNV_NO_NAME;

	if (o->state[v])
		return nnv_graph_name(o->graph, NNV_STR("state"));
	if (node->phase == NNV_INIT)
		return nnv_graph_name(o->graph,
		    o->random[o->owner[v]] ? NNV_STR("random")
					   : NNV_STR("constant"));
	if (type != NNV_NO_NAME && !is_model_type(o->old, type))
		return type;
	return nnv_graph_name(o->graph, NNV_STR("update"));
}

/* The last component of a parameter's name. */
static nnv_name
leaf_name(struct owners *o, uint32_t param)
{
	struct nnv_str name = nnv_graph_text(o->old,
	    o->old->params[param].name);
	struct nnv_str last = nnv_str_behind(name, '.');

	return nnv_graph_name(o->graph,
	    last.n != 0 ? last : NNV_STR("parameter"));
}

/* The module of one parameter's ops, for node V. */
static uint32_t
owner_module(struct owners *o, uint32_t v)
{
	const struct nnv_node *node = &o->old->nodes[v];
	uint32_t param = o->owner[v], user, around, *at;
	struct nnv_module leaf = { .phase = node->phase, .site = node->site };

	if (!has_owner(node->phase) || param >= o->old->nparams ||
	    o->base[v] == 0)
		return node->module;
	user = o->user[param];
	around = nnv_mirror_copy(&o->mirror, o->base[v],
	    user == NNV_NONE ? 0 : user);
	at = nnv_table_at(&o->leaves, nnv_table_pair(around, param));
	if (at == NULL)
		return 0;
	if (*at == NNV_TABLE_NONE) {
		leaf.parent = around;
		leaf.name = leaf_name(o, param);
		leaf.type = leaf_type(o, v);
		*at = nnv_graph_add_module(o->graph, &leaf);
	}
	return *at;
}

/* What makes a parameter has it, as what uses it does. SELF is the list of all
 * parameters: of each, the part that lists it alone. */
static void
give_parameter(const struct owners *o, uint32_t v, struct nnv_node *node,
    const uint32_t *self)
{
	if (node->phase != NNV_INIT || node->nparams > 0 || o->state[v] ||
	    o->owner[v] >= o->old->nparams)
		return;
	node->params = self + o->owner[v];
	node->nparams = 1;
}

static void
build(struct owners *o)
{
	const struct nnv_graph *old = o->old;
	uint32_t *self = NNV_NEW_ARRAY(o->graph->arena, old->nparams + 1,
	    uint32_t);

	o->graph->failed |= self == NULL;
	for (uint32_t p = 0; self != NULL && p < old->nparams; p++)
		self[p] = p;
	for (uint32_t v = 0; v < old->nnodes && self != NULL; v++) {
		struct nnv_node node = old->nodes[v];

		give_parameter(o, v, &node, self);
		node.module = owner_module(o, v);
		nnv_graph_add_node(o->graph, &node);
	}
	for (uint32_t t = 0; t < old->ntensors; t++)
		nnv_graph_add_tensor(o->graph, &old->tensors[t]);
	for (uint32_t e = 0; e < old->nedges; e++)
		nnv_graph_add_edge(o->graph, &old->edges[e]);
}

static bool
prepare(struct owners *o)
{
	size_t n = o->old->nnodes + (size_t)1, np = o->old->nparams + (size_t)1;

	o->owner = nnv_heap_alloc(n, sizeof(*o->owner));
	o->state = nnv_heap_alloc(n, sizeof(*o->state));
	o->base = nnv_heap_alloc(n, sizeof(*o->base));
	o->user = nnv_heap_alloc(np, sizeof(*o->user));
	o->random = nnv_heap_alloc(np, sizeof(*o->random));
	return o->owner != NULL && o->state != NULL && o->base != NULL &&
	    o->user != NULL && o->random != NULL &&
	    nnv_links_init(&o->links, o->old);
}

static void
release(struct owners *o)
{
	nnv_mirror_release(&o->mirror);
	nnv_table_release(&o->leaves);
	nnv_links_release(&o->links);
	nnv_heap_free(o->owner);
	nnv_heap_free(o->state);
	nnv_heap_free(o->base);
	nnv_heap_free(o->user);
	nnv_heap_free(o->random);
}

static bool
find(struct owners *o)
{
	find_owners(o);
	find_users(o);
	find_optimizers(o);
	if (!find_bases(o))
		return false;
	build(o);
	return !o->graph->failed && !o->mirror.failed && !o->leaves.failed;
}

struct nnv_graph *
nnv_pass_owners(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct owners o = { .old = graph };
	bool ok;

	if (graph->drawn)
		return nnv_graph_share(graph);
	o.graph = nnv_graph_like(graph);
	nnv_mirror_init(&o.mirror, o.graph, false);
	nnv_table_init(&o.leaves);
	ok = o.graph != NULL && prepare(&o) && find(&o);
	release(&o);
	if (ok)
		return o.graph;
	nnv_graph_free(o.graph);
	nnv_fail_memory(diag);
	return NULL;
}
