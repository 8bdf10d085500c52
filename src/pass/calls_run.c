/*
 * Runs: each phase's ops in order of execution, cut where the stack of modules
 * changes. Phases do not interrupt each other, as gradients can be taken in the
 * middle of a call.
 *
 * Code outside any module, or a step of the optimizer, is a seam: calls that
 * were open before it may have ended. They have if what follows begins as they
 * began; if it goes on with something else (a decoder after the encoder) it is
 * taken for the same call.
 */
#include "calls.h"

/* The open runs of one phase, outermost first. */
struct open {
	uint32_t *runs;
	uint32_t n;
	uint32_t seam; /* how many seams it has seen */
};

struct runner {
	struct calls *c;
	uint32_t *chain; /* the modules around a node, outermost first */
	uint32_t nchain;
	uint32_t seams;
	struct open open[NNV_NPHASES];
};

/* A new run below PARENT, not yet among its kids; NNV_NONE: no memory. */
static uint32_t
add_run(struct calls *c, uint32_t recorded, uint32_t parent)
{
	struct run run = { .recorded = recorded,
		.parent = parent,
		.first = NNV_NONE,
		.last = NNV_NONE };

	if (c->nruns >= c->run_cap &&
	    !nnv_heap_grow((void **)&c->runs, &c->run_cap, (size_t)c->nruns + 1,
		sizeof(*c->runs))) {
		c->failed = true;
		return NNV_NONE;
	}
	c->runs[c->nruns] = run;
	return c->nruns++;
}

void
nnv_calls_extent(const struct calls *c, uint32_t id, uint32_t *begin,
    uint32_t *end)
{
	if ((id & KID_RUN) != 0) {
		*begin = c->runs[id & ~KID_RUN].begin;
		*end = c->runs[id & ~KID_RUN].end;
	} else {
		*begin = c->place[id];
		*end = *begin + 1;
	}
}

static void
add_kid(struct calls *c, uint32_t run, uint32_t id)
{
	struct run *to;
	uint32_t begin;

	if (c->failed ||
	    (c->nkids >= c->kid_cap &&
		!nnv_heap_grow((void **)&c->kids, &c->kid_cap,
		    (size_t)c->nkids + 1, sizeof(*c->kids)))) {
		c->failed = true;
		return;
	}
	to = &c->runs[run];
	c->kids[c->nkids] = (struct kid){ id, NNV_NONE };
	nnv_calls_extent(c, id, &begin, &to->end);
	if (to->last == NNV_NONE) {
		to->first = c->nkids;
		to->begin = begin;
	} else {
		c->kids[to->last].next = c->nkids;
	}
	to->last = c->nkids++;
	to->nkids++;
	to->period = to->nkids;
}

/* The modules around a node, without module 0. */
static void
find_chain(struct runner *r, const struct nnv_node *node)
{
	const struct nnv_graph *old = r->c->old;
	uint32_t depth = nnv_module_depth(old, node->module);
	uint32_t m = node->module;

	r->nchain = depth;
	for (uint32_t i = depth; i-- > 0; m = old->modules[m].parent)
		r->chain[i] = m;
}

/* Whether the run at LEVEL of the open ones began as this node goes on. */
static bool
begins_again(const struct runner *r, const struct open *open, uint32_t level,
    const struct nnv_node *node)
{
	const struct calls *c = r->c;
	uint32_t first = c->runs[open->runs[level]].first;
	uint32_t id;

	if (first == NNV_NONE)
		return false;
	id = c->kids[first].id;
	if ((id & KID_RUN) != 0)
		return level < r->nchain &&
		    c->runs[id & ~KID_RUN].recorded == r->chain[level];
	return level == r->nchain && c->old->nodes[id].op == node->op;
}

/* How many of the open runs, the phase's outermost included, go on. */
static uint32_t
still_open(struct runner *r, struct open *open, const struct nnv_node *node)
{
	const struct calls *c = r->c;
	uint32_t n = 1;

	while (n < open->n && n <= r->nchain &&
	    c->runs[open->runs[n]].recorded == r->chain[n - 1])
		n++;
	if (open->seam == r->seams)
		return n;
	open->seam = r->seams;
	for (uint32_t level = 0; level < n; level++)
		if (begins_again(r, open, level, node))
			return level;
	return n;
}

/* A run is listed in the one around it when it ends: its extent is known then.
 */
static void
close_runs(struct runner *r, struct open *open, uint32_t n)
{
	while (open->n > n) {
		uint32_t run = open->runs[--open->n];

		add_kid(r->c, r->c->runs[run].parent, KID_RUN | run);
	}
}

static void
open_runs(struct runner *r, struct open *open)
{
	while (open->n < r->nchain + 1 && !r->c->failed) {
		uint32_t parent = open->n == 0 ? TOP : open->runs[open->n - 1];
		uint32_t recorded = open->n == 0 ? 0 : r->chain[open->n - 1];

		open->runs[open->n++] = add_run(r->c, recorded, parent);
	}
}

static void
run_node(struct runner *r, uint32_t v)
{
	const struct nnv_node *node = &r->c->old->nodes[v];
	struct open *open = &r->open[node->phase];

	if (node->phase == NNV_OPTIMIZER ||
	    (node->phase == NNV_OUTSIDE && node->site.file != NNV_NO_NAME))
		r->seams++;
	find_chain(r, node);
	close_runs(r, open, still_open(r, open, node));
	open_runs(r, open);
	if (r->c->failed)
		return;
	add_kid(r->c, open->runs[open->n - 1], v);
}

/* Every op with its phase's in order of execution: a call is a slice. */
static void
find_sequence(struct calls *c)
{
	uint32_t n = 0;

	for (int phase = 0; phase < NNV_NPHASES; phase++)
		for (uint32_t v = 0; v < c->old->nnodes; v++)
			if (c->old->nodes[v].phase == (enum nnv_phase)phase) {
				c->place[v] = n;
				c->sequence[n++] = v;
			}
}

static uint32_t
deepest(const struct nnv_graph *graph)
{
	uint32_t deepest = 0;

	for (uint32_t m = 0; m < graph->nmodules; m++) {
		uint32_t depth = nnv_module_depth(graph, m);

		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

void
nnv_calls_find_runs(struct calls *c)
{
	size_t room = (size_t)deepest(c->old) + 2;
	struct runner r = { .c = c };

	find_sequence(c);
	add_run(c, 0, NNV_NONE);
	r.chain = nnv_heap_alloc(room, sizeof(*r.chain));
	c->failed |= r.chain == NULL;
	for (int phase = 0; phase < NNV_NPHASES; phase++) {
		r.open[phase].runs = nnv_heap_alloc(room, sizeof(uint32_t));
		c->failed |= r.open[phase].runs == NULL;
	}
	for (uint32_t v = 0; v < c->old->nnodes && !c->failed; v++)
		run_node(&r, v);
	for (int phase = 0; phase < NNV_NPHASES; phase++) {
		if (!c->failed)
			close_runs(&r, &r.open[phase], 0);
		nnv_heap_free(r.open[phase].runs);
	}
	nnv_heap_free(r.chain);
}
