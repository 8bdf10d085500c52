/*
 * Roll: all calls of a module are one node or one frame, and data that comes
 * back to it leads back to it.
 *
 * Two modules are calls of one if they stand in the same place, have one name
 * and type, and are known to be called more than once; and so is, inside them,
 * what has one name, type and call. Their nodes are paired in the order in
 * which they stand; where a later call did something else, that stays for
 * itself.
 */
#include "nnviz/pass.h"

#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/table.h"

#include "quotient.h"

/* Kinds of places; no index of ours comes near them. */
enum { MODULES = INT32_MAX - 3, LAYERS, OPS, TENSORS };

struct roll {
	const struct nnv_graph *graph;
	struct nnv_quotient q;
	uint32_t *first;         /* module -> its first call, or itself */
	uint32_t *ordinal;       /* node -> which of its module's own it is */
	struct nnv_table seen;   /* place, kind -> the first there */
	struct nnv_table places; /* place, kind -> how many there */
	struct nnv_table pairs;  /* two numbers -> one that stands for them */
	uint32_t npairs;
};

/* One number for two: the same for the same ones. */
static uint32_t
pair(struct roll *r, uint32_t a, uint32_t b)
{
	uint32_t *at = nnv_table_at(&r->pairs, nnv_table_pair(a, b));

	if (at == NULL)
		return r->npairs;
	if (*at == NNV_TABLE_NONE)
		*at = r->npairs++;
	return *at;
}

/* The first that was seen with this key. */
static uint32_t
first_with(struct roll *r, uint32_t a, uint32_t b, uint32_t self)
{
	uint32_t *at = nnv_table_at(&r->seen, nnv_table_pair(a, b));

	if (at == NULL)
		return self;
	if (*at == NNV_TABLE_NONE)
		*at = self;
	return *at;
}

/* Which of the modules of one name and type in one place M is; all calls of one
 * are the same. */
static uint32_t
which(struct roll *r, uint32_t m, uint32_t kind)
{
	const struct nnv_module *module = &r->graph->modules[m];
	uint32_t *at;

	if (module->ncalls > 1)
		return 0;
	at = nnv_table_at(&r->places, nnv_table_pair(module->parent, kind));
	if (at == NULL)
		return 0;
	*at = *at == NNV_TABLE_NONE ? 0 : *at + 1;
	return *at;
}

static void
find_modules(struct roll *r)
{
	const struct nnv_graph *graph = r->graph;

	for (uint32_t m = 1; m < graph->nmodules; m++) {
		const struct nnv_module *module = &graph->modules[m];
		uint32_t kind = pair(r, module->name, module->type);

		kind = pair(r, kind, which(r, m, kind));
		r->first[m] = first_with(r,
		    pair(r, MODULES, r->first[module->parent]), kind, m);
	}
}

/* Number the nodes of each module. */
static void
number_nodes(struct roll *r, uint32_t *count)
{
	const struct nnv_graph *graph = r->graph;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		r->ordinal[v] = count[graph->nodes[v].module]++;
}

static void
roll_node(struct roll *r, uint32_t v)
{
	const struct nnv_node *node = &r->graph->nodes[v];
	uint32_t self = node->self, w, place;

	if (node->kind != NNV_NODE_OP && node->kind != NNV_NODE_GROUP)
		return;
	if (self != NNV_NONE) {
		w = first_with(r, pair(r, LAYERS, r->first[self]), 0, v);
	} else {
		place = pair(r, pair(r, r->ordinal[v], node->op), node->leaf);
		w = first_with(r, pair(r, OPS, r->first[node->module]), place,
		    v);
	}
	if (w == v || r->graph->nodes[w].op != node->op ||
	    r->graph->nodes[w].kind != node->kind)
		return;
	r->q.into[v] = w;
	r->q.faces[w].repeat += r->q.faces[w].repeat > 0 ? 1 : 2;
	r->q.faces[w].call = 0;
	r->q.faces[w].ncalls = r->q.faces[w].repeat;
}

static void
count_calls(struct roll *r, struct nnv_graph *to)
{
	for (uint32_t m = 1; m < to->nmodules; m++) {
		struct nnv_module *module = &to->modules[r->first[m]];

		if (r->first[m] == m)
			continue;
		module->repeat += module->repeat > 0 ? 1 : 2;
		module->call = 0;
		module->ncalls = module->repeat;
	}
}

/* What a later call gives is what the first one gave, so that one arrow leads
 * on from both, unless it is of another shape. ORDINAL, by node, is scratch. */
static void
roll_tensors(struct roll *r, uint32_t *ordinal)
{
	const struct nnv_graph *graph = r->graph;

	memset(ordinal, 0, graph->nnodes * sizeof(*ordinal));
	for (uint32_t t = 0; t < graph->ntensors; t++) {
		const struct nnv_tensor *tensor = &graph->tensors[t], *other;
		uint32_t v = tensor->producer, first;

		if (v == NNV_NONE)
			continue;
		first = first_with(r,
		    pair(r, pair(r, TENSORS, r->q.into[v]), tensor->mark),
		    ordinal[v]++, t);
		other = &graph->tensors[first];
		if (tensor->spec == NULL || other->spec == NULL
			? tensor->spec == other->spec
			: nnv_spec_eq(tensor->spec, other->spec))
			r->q.same[t] = first;
	}
}

static struct nnv_graph *
roll(struct roll *r, uint32_t *count, struct nnv_diag *diag)
{
	struct nnv_graph *to = NULL;

	find_modules(r);
	number_nodes(r, count);
	for (uint32_t v = 0; v < r->graph->nnodes; v++)
		roll_node(r, v);
	roll_tensors(r, r->ordinal);
	r->q.loops = true;
	if (!r->seen.failed && !r->pairs.failed && !r->places.failed)
		to = nnv_quotient_make(&r->q, diag);
	if (to != NULL)
		count_calls(r, to);
	return to;
}

struct nnv_graph *
nnv_pass_roll(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	size_t nm = graph->nmodules + (size_t)1;
	uint32_t *count = nnv_heap_alloc(nm, sizeof(*count));
	struct roll r = { .graph = graph };
	struct nnv_graph *to = NULL;

	nnv_table_init(&r.seen);
	nnv_table_init(&r.pairs);
	nnv_table_init(&r.places);
	r.first = nnv_heap_alloc(nm, sizeof(*r.first));
	r.ordinal = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*r.ordinal));
	if (count != NULL && r.first != NULL && r.ordinal != NULL &&
	    nnv_quotient_init(&r.q, graph))
		to = roll(&r, count, diag);
	if (to == NULL)
		nnv_fail_memory(diag);
	nnv_quotient_release(&r.q);
	nnv_table_release(&r.seen);
	nnv_table_release(&r.pairs);
	nnv_table_release(&r.places);
	nnv_heap_free(r.first);
	nnv_heap_free(r.ordinal);
	nnv_heap_free(count);
	return to;
}
