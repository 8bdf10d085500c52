/*
 * Two calls in a row leave one run. They show in its repetition: the run is the
 * same sequence, in ops, shapes and inner runs, two or more times over. But a
 * loop inside one call looks the same, so there must be a further sign:
 *
 *  - a layer (no inner runs) that has parameters uses all of them anew in each
 *    repetition, or those of another module of the same path (two lists have
 *    each a "0"; the parameters' own paths tell); without parameters, more than
 *    one op must repeat, as a layer of a single op says nothing by doing it
 *    twice;
 *  - in a container no repetition may take anything from another: siblings are
 *    calls, a chain is taken for the container's own loop, whose inner calls
 *    are numbered in any case.
 */
#include <assert.h>

#include "calls.h"

/* The parameters that sequence[BEGIN..END) uses, ascending, each once, in
 * c->params; how many. */
static uint32_t
list_params(struct calls *c, uint32_t begin, uint32_t end)
{
	uint32_t n = 0;

	for (uint32_t i = begin; i < end; i++) {
		const struct nnv_node *node = &c->old->nodes[c->sequence[i]];

		for (uint32_t p = 0; p < node->nparams; p++)
			c->params[n++] = node->params[p];
	}
	return nnv_list_sort(c->params, n);
}

uint64_t
nnv_calls_params_hash(struct calls *c, uint32_t begin, uint32_t end,
    uint32_t *n)
{
	uint64_t hash = 3;

	*n = list_params(c, begin, end);
	for (uint32_t i = 0; i < *n; i++)
		hash = nnv_hash_step(hash, c->params[i]);
	return hash;
}

/* Ops of the same kind that make the same shape are alike. */
static uint64_t
node_shape(const struct calls *c, uint32_t v)
{
	uint64_t hash = nnv_hash_step(2, c->old->nodes[v].op);

	return c->makes[v] == NNV_NONE
	    ? hash
	    : nnv_hash_step(hash,
		  nnv_hash_spec(c->old->tensors[c->makes[v]].spec));
}

/* The kids of a run, in order, with their shapes. */
struct list {
	uint32_t *ids;
	uint64_t *shapes;
	uint32_t *fail; /* of the prefix function */
};

static void
list_kids(struct calls *c, uint32_t run, const struct list *list)
{
	uint32_t n = 0;

	for (uint32_t k = c->runs[run].first; k != NNV_NONE;
	     k = c->kids[k].next, n++) {
		uint32_t id = c->kids[k].id;

		list->ids[n] = id;
		list->shapes[n] = (id & KID_RUN) != 0
		    ? c->runs[id & ~KID_RUN].shape
		    : node_shape(c, id);
	}
}

/* The shortest period that divides the run: n less the longest border, by the
 * prefix function (Knuth, Morris, Pratt 1977). */
static uint32_t
shortest_period(const struct list *list, uint32_t n)
{
	uint32_t *fail = list->fail, k = 0;

	fail[0] = 0;
	for (uint32_t i = 1; i < n; i++) {
		while (k > 0 && list->shapes[i] != list->shapes[k])
			k = fail[k - 1];
		if (list->shapes[i] == list->shapes[k])
			k++;
		fail[i] = k;
	}
	k = n - fail[n - 1];
	return n % k == 0 ? k : n;
}

/* Whether some node of [begin, end) takes a tensor from elsewhere in its run.
 */
static bool
takes_from_run(const struct calls *c, const struct run *run, uint32_t begin,
    uint32_t end)
{
	for (uint32_t i = begin; i < end; i++) {
		uint32_t v = c->sequence[i];

		for (uint32_t k = c->links.in_start[v];
		     k < c->links.in_start[v + 1]; k++) {
			uint32_t from =
			    c->place[c->old->edges[c->links.in[k]].src];

			if (from >= run->begin && from < run->end &&
			    (from < begin || from >= end))
				return true;
		}
	}
	return false;
}

/* The module that the first parameter in [begin, end) belongs to by its name:
 * "layers.0" of "layers.0.weight". */
static struct nnv_str
owner(struct calls *c, uint32_t begin, uint32_t end)
{
	struct nnv_str name = { NULL, 0 };

	if (list_params(c, begin, end) > 0)
		name = nnv_graph_text(c->old,
		    c->old->params[c->params[0]].name);
	while (name.n > 0 && name.p[name.n - 1] != '.')
		name.n--;
	return name;
}

/* Repetitions of a run. */
struct repeats {
	const struct run *run;
	const struct list *list;
	uint32_t period;
};

static void
repetition(const struct calls *c, const struct repeats *r, uint32_t i,
    uint32_t *begin, uint32_t *end)
{
	uint32_t unused;

	nnv_calls_extent(c, r->list->ids[i], begin, &unused);
	nnv_calls_extent(c, r->list->ids[i + r->period - 1], &unused, end);
}

/* Whether every repetition uses the same parameters, or each those of a module
 * of its own; *NPARAMS is how many. */
static bool
agree_on_params(struct calls *c, const struct repeats *r, uint32_t *nparams)
{
	struct nnv_str before = { NULL, 0 };
	uint64_t first = 0;

	for (uint32_t i = 0; i < r->run->nkids; i += r->period) {
		uint32_t begin, end;
		uint64_t hash;
		struct nnv_str module;

		repetition(c, r, i, &begin, &end);
		hash = nnv_calls_params_hash(c, begin, end, nparams);
		module = owner(c, begin, end);
		if (i == 0)
			first = hash;
		else if (hash != first &&
		    (module.n == 0 || nnv_str_eq(module, before)))
			return false;
		before = module;
	}
	return true;
}

/* Whether the repetitions of PERIOD kids are calls. */
static bool
are_calls(struct calls *c, const struct run *run, const struct list *list,
    uint32_t period)
{
	struct repeats r = { run, list, period };
	bool layer = true;
	uint32_t nparams = 0;

	for (uint32_t i = 0; i < period; i++)
		layer &= (list->ids[i] & KID_RUN) == 0;
	if (!agree_on_params(c, &r, &nparams))
		return false;
	for (uint32_t i = 0; !layer && i < run->nkids; i += period) {
		uint32_t begin, end;

		repetition(c, &r, i, &begin, &end);
		if (takes_from_run(c, run, begin, end))
			return false;
	}
	return period > 1 || (layer && nparams > 0);
}

static void
examine(struct calls *c, uint32_t r, const struct list *list)
{
	struct run *run = &c->runs[r];
	uint64_t shape = nnv_hash_step(5, run->recorded);
	uint32_t period;

	list_kids(c, r, list);
	for (uint32_t i = 0; i < run->nkids; i++)
		shape = nnv_hash_step(shape, list->shapes[i]);
	run->shape = shape;
	if (run->nkids < 2 || r == TOP ||
	    c->old->modules[run->recorded].is_phase)
		return;
	period = shortest_period(list, run->nkids);
	if (period < run->nkids && are_calls(c, run, list, period))
		run->period = period;
}

static uint32_t
add_call(struct calls *c, uint32_t recorded, uint32_t parent)
{
	struct call call = {
		.recorded = recorded, .parent = parent, .module = NNV_NONE
	};

	if (c->ncalls >= c->call_cap &&
	    !nnv_heap_grow((void **)&c->calls, &c->call_cap,
		(size_t)c->ncalls + 1, sizeof(*c->calls))) {
		c->failed = true;
		return NNV_NONE;
	}
	c->calls[c->ncalls] = call;
	return c->ncalls++;
}

/* Something still to be listed, and the call that it belongs to. */
struct pending {
	uint32_t id;
	uint32_t call;
};

/* Add the calls of a run, and put its kids on the stack, the first on top. */
static uint32_t
expand(struct calls *c, uint32_t r, uint32_t parent, uint32_t *ids,
    struct pending *stack)
{
	const struct run *run = &c->runs[r];
	uint32_t n = 0, first = c->ncalls, unused;
	uint32_t period = run->period > 0 ? run->period : 1;

	assert(period > 0);
	for (uint32_t k = run->first; k != NNV_NONE; k = c->kids[k].next)
		ids[n++] = c->kids[k].id;
	for (uint32_t i = 0; i < n && !c->failed; i += period) {
		uint32_t call = add_call(c, run->recorded, parent);

		if (call == NNV_NONE)
			break;
		nnv_calls_extent(c, ids[i], &c->calls[call].begin, &unused);
		nnv_calls_extent(c, ids[i + period - 1], &unused,
		    &c->calls[call].end);
	}
	for (uint32_t i = 0; i < n; i++)
		stack[i] = (struct pending){ ids[n - 1 - i],
			first + (n - 1 - i) / period };
	return n;
}

/* List the calls of all runs, callers first. */
static void
list_calls(struct calls *c, uint32_t *ids)
{
	struct pending *stack = nnv_heap_alloc(c->nkids + (size_t)2,
	    sizeof(*stack));
	uint32_t n = 0;

	if (stack == NULL) {
		c->failed = true;
		return;
	}
	stack[n++] = (struct pending){ KID_RUN | TOP, NNV_NONE };
	while (n > 0 && !c->failed) {
		struct pending at = stack[--n];

		if ((at.id & KID_RUN) == 0)
			c->call_of[at.id] = at.call;
		else
			n += expand(c, at.id & ~KID_RUN, at.call, ids,
			    stack + n);
	}
	nnv_heap_free(stack);
}

void
nnv_calls_divide(struct calls *c)
{
	size_t room = c->nkids + (size_t)1;
	struct list list;

	if (c->failed)
		return;
	list.ids = nnv_heap_alloc(room, sizeof(*list.ids));
	list.shapes = nnv_heap_alloc(room, sizeof(*list.shapes));
	list.fail = nnv_heap_alloc(room, sizeof(*list.fail));
	if (list.ids != NULL && list.shapes != NULL && list.fail != NULL) {
		/* An inner run stands behind the one around it. */
		for (uint32_t r = c->nruns; r-- > 0;)
			examine(c, r, &list);
		list_calls(c, list.ids);
	} else {
		c->failed = true;
	}
	nnv_heap_free(list.ids);
	nnv_heap_free(list.shapes);
	nnv_heap_free(list.fail);
}
