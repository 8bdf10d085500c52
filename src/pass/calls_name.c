/*
 * Numbers and names of calls.
 *
 * A ModuleList leaves no entry on the stack: two lists in one parent give two
 * modules called "0", and "-l layers.0" would find nothing. Parameters know
 * better. They carry the full dotted path, "layers.0.fc1.weight" for the stack
 * "0/fc1", so two runs under one path that use different parameters are two
 * modules, and the stack's components, found again in the parameter's path from
 * the right, tell what each should be called: "layers.0", then "fc1".
 */
#include "calls.h"

/* Calls of one module have one caller, one recorded module, and the same
 * parameters. What runs the model stands for itself. */
static uint64_t
module_key(struct calls *c, const struct call *call)
{
	uint64_t key = nnv_hash_step(7, call->parent);
	uint32_t n;

	key = nnv_hash_step(key, call->recorded);
	if (call->recorded == 0)
		return key;
	return nnv_hash_step(key,
	    nnv_calls_params_hash(c, call->begin, call->end, &n));
}

/* The outermost run of each phase stands for the program, but the forward pass
 * of a model can itself run several times. */
static bool
is_numbered(const struct calls *c, const struct call *call)
{
	if (call->recorded == 0)
		return c->old->nodes[c->sequence[call->begin]].phase ==
		    NNV_FORWARD;
	return !c->old->modules[call->recorded].is_phase;
}

void
nnv_calls_number(struct calls *c)
{
	struct nnv_table counts;

	nnv_table_init(&counts);
	for (uint32_t i = 1; i < c->ncalls && !c->failed; i++) {
		struct call *call = &c->calls[i];
		uint32_t *count;

		if (!is_numbered(c, call))
			continue;
		count = nnv_table_at(&counts, module_key(c, call));
		if (count == NULL) {
			c->failed = true;
			break;
		}
		*count = *count == NNV_TABLE_NONE ? 1 : *count + 1;
		call->number = *count;
	}
	for (uint32_t i = 1; i < c->ncalls && !c->failed; i++) {
		struct call *call = &c->calls[i];
		uint32_t n;

		if (call->number == 0)
			continue;
		n = nnv_table_get(&counts, module_key(c, call));
		if (n > 1)
			call->ncalls = n;
		else
			call->number = 0;
	}
	nnv_table_release(&counts);
}

/* Where the last whole component NAME of TEXT begins, or SIZE_MAX. */
static size_t
find_component(struct nnv_str text, struct nnv_str name, bool at_end)
{
	while (text.n >= name.n) {
		size_t begin = text.n - name.n;

		if (nnv_str_ends(text, name) &&
		    (begin == 0 || text.p[begin - 1] == '.'))
			return begin;
		if (at_end)
			break;
		/* Drop the last component and try again. */
		while (text.n > 0 && text.p[text.n - 1] != '.')
			text.n--;
		if (text.n == 0)
			break;
		text.n--;
	}
	return SIZE_MAX;
}

static struct nnv_str
recorded_name(const struct calls *c, uint32_t call)
{
	return nnv_graph_text(c->old,
	    c->old->modules[c->calls[call].recorded].name);
}

/* Whether a call names a component of paths: not the model, not a phase. */
static bool
is_component(const struct calls *c, uint32_t call)
{
	uint32_t recorded = c->calls[call].recorded;

	return call != TOP && recorded != 0 &&
	    !c->old->modules[recorded].is_phase;
}

enum { MAX_CHAIN = 64 };

/*
 * Match the callers of CALL, from the inside, with components of PATH; END[i]
 * is where the i-th's match ends. How many were matched, 0 if the innermost
 * was not the last component.
 */
static uint32_t
match_chain(const struct calls *c, uint32_t call, struct nnv_str path,
    size_t end[MAX_CHAIN])
{
	uint32_t n = 0;

	for (; n < MAX_CHAIN && is_component(c, call);
	     call = c->calls[call].parent) {
		struct nnv_str name = recorded_name(c, call);
		size_t begin = find_component(path, name, n == 0);

		if (begin == SIZE_MAX)
			break;
		end[n++] = begin + name.n;
		path.n = begin > 0 ? begin - 1 : 0;
		if (begin == 0)
			break;
	}
	return n;
}

/* The name that PATH gives to the chain of callers from CALL outwards. */
static void
apply_path(struct calls *c, uint32_t call, struct nnv_str path)
{
	size_t end[MAX_CHAIN];
	uint32_t n = match_chain(c, call, path, end);
	uint32_t outer = call;

	for (uint32_t i = 0; i < n; i++)
		outer = c->calls[outer].parent;
	/* All that is named must be matched: below the model itself, or below
	 * one of several models, whose parameters do not name it. */
	if (n == 0 ||
	    (is_component(c, outer) && is_component(c, c->calls[outer].parent)))
		return;
	for (uint32_t i = 0; i < n; i++, call = c->calls[call].parent) {
		size_t begin = i + 1 < n ? end[i + 1] + 1 : 0;

		if (c->calls[call].name == NNV_NO_NAME)
			c->calls[call].name = nnv_graph_name(c->graph,
			    (struct nnv_str){ path.p + begin, end[i] - begin });
	}
}

void
nnv_calls_rename(struct calls *c)
{
	for (uint32_t v = 0; v < c->old->nnodes && !c->failed; v++) {
		const struct nnv_node *node = &c->old->nodes[v];

		if (node->phase != NNV_FORWARD)
			continue;
		for (uint32_t p = 0; p < node->nparams; p++) {
			nnv_name name = c->old->params[node->params[p]].name;
			struct nnv_str path = nnv_graph_text(c->old, name);

			while (path.n > 0 && path.p[path.n - 1] != '.')
				path.n--;
			if (path.n == 0)
				continue;
			path.n--;
			apply_path(c, c->call_of[v], path);
		}
	}
}
