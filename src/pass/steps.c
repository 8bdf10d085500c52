/*
 * Steps: a recording of a training loop holds the same thing several times.
 *
 * Where one module is the root of the forward pass, each of its calls begins a
 * step. Where there are several (a generator, a discriminator, a loss), the
 * calls at the top are a sequence, and a step is the shortest period of it: the
 * same ops making the same shapes from the same parameters. What else ran goes
 * with its step: gradients with what they are the gradients of, the batch with
 * what uses it, the rest with what ran before it. Construction is everyone's.
 *
 * But two calls are no steps if one takes what the other made, or if both are
 * joined into one result (two views of one picture, the loop of a recurrent
 * net), unless the model was trained in between.
 */
#include "hash.h"
#include "nnviz/pass.h"

/* Kept, whatever the step. */
#define EVERY (NNV_NONE - 1)

struct steps {
	const struct nnv_graph *old;
	struct nnv_graph *graph; /* the new one */
	struct nnv_links links;  /* of the old one */
	uint32_t *units;         /* top modules of the forward pass, in order */
	uint64_t *shape;         /* module -> hash of what ran in it */
	uint32_t *step_of;       /* module at the top -> step, or NNV_NONE */
	uint32_t *begin;         /* step -> its first node */
	uint32_t *step;          /* node -> step or EVERY */
	uint32_t *to;            /* node -> new node */
	uint32_t *tensor;        /* tensor -> new tensor */
	uint32_t nunits, nsteps;
	bool rooted; /* every unit is a call of the one root */
	bool equal;  /* all steps are alike */
};

/* The module at the top around one, or NNV_NONE for the model itself. */
static uint32_t
top_of(const struct nnv_graph *graph, uint32_t module)
{
	while (module != 0 && graph->modules[module].parent != 0)
		module = graph->modules[module].parent;
	return module != 0 ? module : NNV_NONE;
}

static bool
is_root_call(const struct nnv_graph *graph, uint32_t m)
{
	const struct nnv_module *module = &graph->modules[m];

	return m != 0 && module->ncalls > 1 && module->type != NNV_NO_NAME &&
	    module->type == graph->modules[0].type &&
	    module->name == graph->modules[0].name;
}

/* What ran under each module at the top: ops, shapes and parameters. */
static void
find_units(struct steps *s)
{
	const struct nnv_graph *old = s->old;

	s->rooted = true;
	for (uint32_t v = 0; v < old->nnodes; v++) {
		const struct nnv_node *node = &old->nodes[v];
		uint32_t m = top_of(old, node->module);

		if (node->phase != NNV_FORWARD || m == NNV_NONE ||
		    old->modules[m].is_phase)
			continue;
		if (s->shape[m] == 0) {
			s->units[s->nunits++] = m;
			s->shape[m] = nnv_hash_step(7, old->modules[m].name);
			s->rooted &= is_root_call(old, m);
		}
		s->shape[m] = nnv_hash_step(s->shape[m], node->op);
		for (uint32_t p = 0; p < node->nparams; p++)
			s->shape[m] = nnv_hash_step(s->shape[m],
			    node->params[p]);
	}
	for (uint32_t t = 0; t < old->ntensors; t++) {
		uint32_t v = old->tensors[t].producer, m;

		if (v == NNV_NONE || old->nodes[v].phase != NNV_FORWARD)
			continue;
		m = top_of(old, old->nodes[v].module);
		if (m != NNV_NONE)
			s->shape[m] = nnv_hash_step(s->shape[m],
			    nnv_hash_spec(old->tensors[t].spec));
	}
}

static uint64_t
unit_shape(const struct steps *s, uint32_t unit)
{
	return s->shape[s->units[unit]];
}

/* The shortest period of the sequence that repeats it entirely. */
static uint32_t
shortest_period(const struct steps *s)
{
	for (uint32_t period = 1; period <= s->nunits / 2; period++) {
		uint32_t i = period;

		if (s->nunits % period != 0)
			continue;
		while (i < s->nunits &&
		    unit_shape(s, i) == unit_shape(s, i - period))
			i++;
		if (i == s->nunits)
			return period;
	}
	return s->nunits;
}

/* Divide the units into steps. Calls of one root are steps even if they
 * differ, but then they are not drawn as one. */
static void
divide(struct steps *s)
{
	uint32_t period = s->nunits > 0 ? shortest_period(s) : 1;

	s->equal = period < s->nunits && (!s->rooted || period == 1);
	if (s->rooted)
		period = 1;
	s->nsteps = s->nunits / period;
	for (uint32_t i = 0; i < s->nunits; i++)
		s->step_of[s->units[i]] = i / period;
	for (uint32_t k = 0; k < s->nsteps; k++)
		s->begin[k] = NNV_NONE;
	for (uint32_t v = s->old->nnodes; v-- > 0;) {
		uint32_t m = top_of(s->old, s->old->nodes[v].module);

		if (s->old->nodes[v].phase == NNV_FORWARD && m != NNV_NONE &&
		    s->step_of[m] != NNV_NONE)
			s->begin[s->step_of[m]] = v;
	}
}

/* The step of V by itself; POSITION is the step that has begun. */
static uint32_t
own_step(const struct steps *s, uint32_t v, uint32_t position)
{
	const struct nnv_node *node = &s->old->nodes[v];
	uint32_t m = top_of(s->old, node->module);
	uint32_t of = node->grad_of;

	if (node->phase == NNV_INIT)
		return EVERY;
	if (node->phase == NNV_FORWARD && m != NNV_NONE &&
	    s->step_of[m] != NNV_NONE)
		return s->step_of[m];
	if (node->phase == NNV_BACKWARD && of != NNV_NONE && of < v &&
	    s->step[of] != EVERY)
		return s->step[of];
	return position;
}

/* What ran outside (a batch) belongs to the step that first uses it. */
static void
delay(struct steps *s, uint32_t v)
{
	uint32_t first = NNV_NONE;

	if (s->old->nodes[v].phase != NNV_OUTSIDE)
		return;
	for (uint32_t i = s->links.out_start[v]; i < s->links.out_start[v + 1];
	     i++) {
		uint32_t to = s->old->edges[s->links.out[i]].dst;

		if (s->step[to] < first)
			first = s->step[to];
	}
	if (first < s->nsteps && first > s->step[v])
		s->step[v] = first;
}

static void
assign(struct steps *s)
{
	uint32_t position = 0;

	for (uint32_t v = 0; v < s->old->nnodes; v++) {
		while (position + 1 < s->nsteps && v >= s->begin[position + 1])
			position++;
		s->step[v] = own_step(s, v, position);
	}
	for (uint32_t v = s->old->nnodes; v-- > 0;)
		delay(s, v);
}

/* Whether gradients or updates were computed before the second step. */
static bool
was_trained(const struct steps *s)
{
	for (uint32_t v = s->begin[0]; v < s->begin[1]; v++)
		if (s->old->nodes[v].phase == NNV_BACKWARD ||
		    s->old->nodes[v].phase == NNV_OPTIMIZER)
			return true;
	return false;
}

/* Whether data flows from one step into what another computes; FROM is room
 * for a step by node: whose results went into it. */
static bool
are_joined(const struct steps *s, uint32_t *from)
{
	const struct nnv_graph *old = s->old;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		enum nnv_phase phase = old->nodes[v].phase;

		from[v] = phase == NNV_FORWARD ? s->step[v] : NNV_NONE;
		for (uint32_t i = s->links.in_start[v];
		     i < s->links.in_start[v + 1]; i++) {
			const struct nnv_edge
			    *edge = &old->edges[s->links.in[i]];
			uint32_t source = from[edge->src];

			if (old->tensors[edge->tensor].param != NNV_NONE ||
			    source == NNV_NONE ||
			    (phase != NNV_FORWARD && phase != NNV_OUTSIDE))
				continue;
			if (from[v] != NNV_NONE && from[v] != source)
				return true;
			from[v] = source;
		}
	}
	return false;
}

/* What a step takes from another one is its input. */
static struct nnv_node
as_input(const struct steps *s, uint32_t v)
{
	struct nnv_node node = nnv_node_blank(NNV_NODE_INPUT);

	node.phase = NNV_OUTSIDE;
	node.key = s->old->nodes[v].key;
	node.leaf = nnv_graph_name(s->graph, NNV_STR("input"));
	return node;
}

static bool
feeds(const struct steps *s, uint32_t v, uint32_t step)
{
	for (uint32_t i = s->links.out_start[v]; i < s->links.out_start[v + 1];
	     i++) {
		const struct nnv_edge *edge = &s->old->edges[s->links.out[i]];
		const struct nnv_node *to = &s->old->nodes[edge->dst];

		if (s->step[edge->dst] == step && to->phase == NNV_FORWARD &&
		    s->old->tensors[edge->tensor].param == NNV_NONE)
			return true;
	}
	return false;
}

/* Keep one step. */
static void
build(struct steps *s, uint32_t step)
{
	const struct nnv_graph *old = s->old;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		struct nnv_node node = old->nodes[v];
		bool kept = s->step[v] == step || s->step[v] == EVERY;

		s->to[v] = NNV_NONE;
		if (!kept && !feeds(s, v, step))
			continue;
		if (!kept)
			node = as_input(s, v);
		s->to[v] = nnv_graph_add_node(s->graph, &node);
	}
	for (uint32_t v = 0; v < s->graph->nnodes; v++) {
		struct nnv_node *node = &s->graph->nodes[v];

		if (node->grad_of != NNV_NONE)
			node->grad_of = s->to[node->grad_of];
	}
	for (uint32_t t = 0; t < old->ntensors; t++) {
		struct nnv_tensor tensor = old->tensors[t];

		s->tensor[t] = NNV_NONE;
		if (tensor.producer == NNV_NONE ||
		    s->to[tensor.producer] == NNV_NONE)
			continue;
		tensor.producer = s->to[tensor.producer];
		s->tensor[t] = nnv_graph_add_tensor(s->graph, &tensor);
	}
	for (uint32_t e = 0; e < old->nedges; e++) {
		struct nnv_edge edge = old->edges[e];
		enum nnv_node_kind kind;

		edge.src = s->to[edge.src];
		edge.dst = s->to[edge.dst];
		edge.tensor = s->tensor[edge.tensor];
		if (edge.src == NNV_NONE || edge.dst == NNV_NONE ||
		    s->graph->failed)
			continue;
		kind = s->graph->nodes[edge.dst].kind;
		if (kind != NNV_NODE_INPUT)
			nnv_graph_add_edge(s->graph, &edge);
	}
}

/* The one call of the root that is left is the model, in every phase. */
static void
hoist_root(struct steps *s)
{
	struct nnv_graph *graph = s->graph;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t m = graph->nodes[v].module;

		if (is_root_call(graph, m))
			graph->nodes[v].module = graph->modules[m].parent;
	}
	for (uint32_t m = 1; m < graph->nmodules; m++) {
		uint32_t parent = graph->modules[m].parent;

		if (is_root_call(graph, parent))
			graph->modules[m].parent = graph->modules[parent]
						       .parent;
	}
}

/* A module that runs three times in each of two steps runs three times. */
static void
renumber(struct steps *s)
{
	for (uint32_t m = 1; m < s->graph->nmodules; m++) {
		struct nnv_module *module = &s->graph->modules[m];
		uint32_t n = module->ncalls / s->nsteps;

		if (module->ncalls == 0 || module->ncalls % s->nsteps != 0 ||
		    (module->parent != 0 &&
			!s->graph->modules[module->parent].is_phase))
			continue;
		module->call = n > 1 ? (module->call - 1) % n + 1 : 0;
		module->ncalls = n > 1 ? n : 0;
	}
}

static bool
prepare(struct steps *s)
{
	size_t n = s->old->nnodes + (size_t)1, m = s->old->nmodules + (size_t)1;

	s->units = nnv_heap_alloc(m, sizeof(*s->units));
	s->shape = nnv_heap_alloc(m, sizeof(*s->shape));
	s->step_of = nnv_heap_alloc(m, sizeof(*s->step_of));
	s->begin = nnv_heap_alloc(m, sizeof(*s->begin));
	s->step = nnv_heap_alloc(n, sizeof(*s->step));
	s->to = nnv_heap_alloc(n, sizeof(*s->to));
	s->tensor = nnv_heap_alloc(s->old->ntensors + (size_t)1,
	    sizeof(*s->tensor));
	if (s->units == NULL || s->shape == NULL || s->step_of == NULL ||
	    s->begin == NULL || s->step == NULL || s->to == NULL ||
	    s->tensor == NULL || !nnv_links_init(&s->links, s->old))
		return false;
	for (uint32_t i = 0; i < s->old->nmodules; i++)
		s->step_of[i] = NNV_NONE;
	return true;
}

static void
release(struct steps *s)
{
	nnv_heap_free(s->units);
	nnv_heap_free(s->shape);
	nnv_heap_free(s->step_of);
	nnv_heap_free(s->begin);
	nnv_heap_free(s->step);
	nnv_heap_free(s->to);
	nnv_heap_free(s->tensor);
	nnv_links_release(&s->links);
}

/* Which step to keep, counted from 0, or EVERY. */
static uint32_t
choose(struct steps *s, int wanted)
{
	if (wanted == NNV_STEP_ALL || s->nsteps < 2)
		return EVERY;
	if (wanted > 0)
		return (uint32_t)wanted - 1;
	/* s->to is not needed yet */
	if (!s->equal || (!was_trained(s) && are_joined(s, s->to)))
		return EVERY;
	return 0;
}

static bool
find(struct steps *s, int wanted, struct nnv_diag *diag)
{
	uint32_t step;

	if (s->old->level == NNV_LEVEL_OPS) {
		find_units(s);
		divide(s);
		assign(s);
	}
	if (wanted > 1 && (uint32_t)wanted > s->nsteps)
		return nnv_fail(diag, NNV_E_EMPTY,
		    "no step %d: the file "
		    "holds %u",
		    wanted, s->nsteps > 1 ? s->nsteps : 1);
	step = choose(s, wanted);
	if (step == EVERY) {
		s->graph = nnv_graph_share(s->old);
		return true;
	}
	s->graph = nnv_graph_like(s->old);
	if (s->graph != NULL)
		build(s, step);
	if (s->graph == NULL || s->graph->failed)
		return nnv_fail_memory(diag);
	s->graph->nsteps = s->nsteps;
	s->graph->step = wanted > 0 ? (uint32_t)wanted : 0;
	if (s->rooted)
		hoist_root(s);
	else
		renumber(s);
	return true;
}

struct nnv_graph *
nnv_pass_steps(const struct nnv_graph *graph, int step, struct nnv_diag *diag)
{
	struct steps s = { .old = graph };
	bool ok = false;

	if (!prepare(&s))
		nnv_fail_memory(diag);
	else
		ok = find(&s, step, diag);
	release(&s);
	if (ok)
		return s.graph;
	nnv_graph_free(s.graph);
	return NULL;
}
