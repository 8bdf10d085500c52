/*
 * Calls: a trace names the module that an op ran under, but not which call of
 * it. A module called twice would be one box with an arrow back to itself, and
 * 36 of 73 real traces would have cycles.
 *
 * The ops of one call are contiguous in the order of execution (Python runs one
 * call at a time), so a call is a run of ops under one module: it ends when
 * something else runs in the same caller (calls_run.c). Two calls in a row
 * leave one run, which shows in its repetition (calls_divide.c). Nothing that
 * runs during a call can also run before it and after it, so collapsing calls,
 * unlike collapsing modules, never makes a cycle.
 *
 * Backward ops are not contiguous. Each is tied to the forward op whose
 * gradient it computes and goes where that went: the tree of calls is mirrored
 * below the backward phase.
 */
#include "calls.h"

#include "mirror.h"
#include "nnviz/pass.h"

enum { MAX_ORDER = 8 }; /* of derivatives that are followed */

/* The model when it runs once; each run of it else. */
static bool
is_model(const struct call *call)
{
	return call->recorded == 0 && call->ncalls == 0;
}

/* Modules for all calls, callers first. What stands for a phase is one module,
 * however often other phases interrupted it. */
static void
make_modules(struct calls *c, struct nnv_table *phases)
{
	struct nnv_module model = c->old->modules[0];

	nnv_graph_add_module(c->graph, &model);
	for (uint32_t i = 0; i < c->ncalls; i++) {
		struct call *call = &c->calls[i];
		struct nnv_module module = c->old->modules[call->recorded];
		uint32_t *at = module.is_phase
		    ? nnv_table_at(phases, call->recorded)
		    : NULL;

		if (is_model(call)) {
			call->module = 0;
			continue;
		}
		if (at != NULL && *at != NNV_TABLE_NONE) {
			call->module = *at;
			continue;
		}
		module.parent = c->calls[call->parent].module;
		if (call->name != NNV_NO_NAME)
			module.name = call->name;
		module.call = call->number;
		module.ncalls = call->ncalls;
		call->module = nnv_graph_add_module(c->graph, &module);
		if (at != NULL)
			*at = call->module;
	}
	c->failed |= phases->failed;
}

/* The node of the forward pass behind a gradient of any order, or NNV_NONE. */
static uint32_t
differentiated(const struct nnv_graph *old, uint32_t v)
{
	for (int order = 0; order < MAX_ORDER; order++) {
		v = old->nodes[v].grad_of;
		if (v == NNV_NONE || old->nodes[v].phase == NNV_FORWARD)
			return v;
		if (old->nodes[v].phase != NNV_BACKWARD)
			return NNV_NONE;
	}
	return NNV_NONE;
}

/* The gradient of what ran outside the model, which is what is minimized. */
static uint32_t
loss_module(struct nnv_mirror *mirror, uint32_t phase)
{
	struct nnv_graph *graph = mirror->graph;
	uint32_t *at = nnv_table_at(&mirror->copies,
	    nnv_table_pair(phase, NNV_NONE));
	struct nnv_module loss = { .parent = phase, .phase = NNV_BACKWARD };

	if (at == NULL) {
		mirror->failed = true;
		return 0;
	}
	if (*at == NNV_TABLE_NONE) {
		loss.name = nnv_graph_name(graph, NNV_STR("loss"));
		loss.type = loss.name;
		*at = nnv_graph_add_module(graph, &loss);
	}
	return *at;
}

/* The new module of node V. */
static uint32_t
module_of(struct calls *c, struct nnv_mirror *mirror, uint32_t v)
{
	const struct nnv_graph *old = c->old;
	uint32_t own = c->calls[c->call_of[v]].module;
	uint32_t forward = differentiated(old, v);
	uint32_t phase = nnv_phase_module(c->graph, own);

	if (old->nodes[v].phase != NNV_BACKWARD || phase == 0 ||
	    forward == NNV_NONE)
		return own;
	return nnv_mirror_copy(mirror, phase,
	    c->calls[c->call_of[forward]].module);
}

/* Whether V is the gradient of nothing in the model, and comes before all that
 * is; LOSS tells those before it. */
static bool
begins_backward(const struct calls *c, uint32_t v, const bool *loss)
{
	if (c->old->nodes[v].phase != NNV_BACKWARD ||
	    differentiated(c->old, v) != NNV_NONE)
		return false;
	for (uint32_t i = c->links.in_start[v]; i < c->links.in_start[v + 1];
	     i++) {
		uint32_t from = c->old->edges[c->links.in[i]].src;

		if (c->old->nodes[from].phase == NNV_BACKWARD && !loss[from])
			return false;
	}
	return true;
}

static void
place_nodes(struct calls *c)
{
	bool *loss = nnv_heap_alloc(c->old->nnodes + (size_t)1, sizeof(*loss));
	struct nnv_mirror mirror;

	nnv_mirror_init(&mirror, c->graph, true);
	mirror.failed = loss == NULL;
	for (uint32_t v = 0; v < c->old->nnodes && !mirror.failed; v++) {
		struct nnv_node node = c->old->nodes[v];

		node.module = module_of(c, &mirror, v);
		loss[v] = c->graph->modules[node.module].is_phase &&
		    begins_backward(c, v, loss);
		if (loss[v])
			node.module = loss_module(&mirror, node.module);
		nnv_graph_add_node(c->graph, &node);
	}
	c->failed |= mirror.failed;
	nnv_mirror_release(&mirror);
	nnv_heap_free(loss);
}

static void
copy_tensors_and_edges(struct calls *c)
{
	for (uint32_t t = 0; t < c->old->ntensors; t++)
		nnv_graph_add_tensor(c->graph, &c->old->tensors[t]);
	for (uint32_t e = 0; e < c->old->nedges; e++)
		nnv_graph_add_edge(c->graph, &c->old->edges[e]);
}

/* Room for everything that is known by node. */
static bool
prepare(struct calls *c)
{
	size_t n = c->old->nnodes + (size_t)1, nparams = 1;

	for (uint32_t v = 0; v < c->old->nnodes; v++)
		nparams += c->old->nodes[v].nparams;
	c->sequence = nnv_heap_alloc(n, sizeof(*c->sequence));
	c->place = nnv_heap_alloc(n, sizeof(*c->place));
	c->call_of = nnv_heap_alloc(n, sizeof(*c->call_of));
	c->makes = nnv_heap_alloc(n, sizeof(*c->makes));
	c->params = nnv_heap_alloc(nparams, sizeof(*c->params));
	return c->sequence != NULL && c->place != NULL && c->call_of != NULL &&
	    c->params != NULL && c->makes != NULL &&
	    nnv_links_init(&c->links, c->old);
}

static void
find_tensors(struct calls *c)
{
	for (uint32_t v = 0; v < c->old->nnodes; v++)
		c->makes[v] = NNV_NONE;
	for (uint32_t t = c->old->ntensors; t-- > 0;)
		if (c->old->tensors[t].producer != NNV_NONE)
			c->makes[c->old->tensors[t].producer] = t;
}

static void
release(struct calls *c)
{
	nnv_heap_free(c->runs);
	nnv_heap_free(c->kids);
	nnv_heap_free(c->calls);
	nnv_heap_free(c->sequence);
	nnv_heap_free(c->place);
	nnv_heap_free(c->call_of);
	nnv_heap_free(c->makes);
	nnv_heap_free(c->params);
	nnv_links_release(&c->links);
}

static void
find_calls(struct calls *c)
{
	struct nnv_table phases;

	find_tensors(c);
	nnv_calls_find_runs(c);
	nnv_calls_divide(c);
	nnv_calls_number(c);
	nnv_calls_rename(c);
	if (c->failed)
		return;
	c->graph->nmodules = 0;
	c->graph->level = NNV_LEVEL_OPS;
	nnv_table_init(&phases);
	make_modules(c, &phases);
	nnv_table_release(&phases);
	if (!c->graph->failed && !c->failed)
		place_nodes(c);
}

struct nnv_graph *
nnv_pass_calls(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct calls c = { .old = graph };

	c.graph = nnv_graph_like(graph);
	if (c.graph == NULL || !prepare(&c)) {
		c.failed = true;
	} else if (graph->level == NNV_LEVEL_TRACE) {
		find_calls(&c);
	} else {
		for (uint32_t v = 0; v < graph->nnodes; v++)
			nnv_graph_add_node(c.graph, &graph->nodes[v]);
	}
	if (!c.failed)
		copy_tensors_and_edges(&c);
	release(&c);
	if (c.failed || c.graph->failed) {
		nnv_graph_free(c.graph);
		nnv_fail_memory(diag);
		return NULL;
	}
	return c.graph;
}
