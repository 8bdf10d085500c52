/*
 * Phases: what an op was run for.
 *
 * The outermost entry of its stack tells most of it: "X_init" of type X is
 * construction, "grad" is the backward pass, an optimizer's class is the
 * optimizer, "FILE:LINE" is code outside any module, the rest is the forward
 * pass. Three things it does not tell:
 *
 *  - an optimizer held in a global or an attribute runs under "SGD_init", its
 *    construction and its every step alike: such a group is the optimizer if
 *    it consumes gradients or writes parameters again;
 *  - a plain function that takes the model as its first argument becomes the
 *    root of everything, its optimizer's step included: what depends on
 *    gradients and leads to a named variable is the optimizer, and so are the
 *    constants that only it uses;
 *  - a model written as functions has no module: then what is outside is the
 *    forward pass, and the arrays it starts from are its inputs.
 */
#include "jittor_trace.h"

/* Classes of jittor.optim, and optimizers people write under these names. */
static const char *const optimizers[] = {
	"SGD",
	"Adam",
	"AdamW",
	"Adan",
	"RMSprop",
	"Adagrad",
	"Adadelta",
	"Adamax",
	"NAdam",
	"RAdam",
	"LAMB",
	"Lion",
	"LBFGS",
	"Rprop",
	"Optimizer",
};

static bool
is_optimizer(struct nnv_str type)
{
	for (size_t i = 0; i < sizeof(optimizers) / sizeof(*optimizers); i++)
		if (type.n > 0 && *type.p == *optimizers[i] &&
		    nnv_str_eq(type, nnv_str(optimizers[i])))
			return true;
	return false;
}

/* Whether an optimizer's name is on the outermost frame. */
static bool
is_by_optimizer(const struct jt_trace *trace, const struct jt_op *op)
{
	const struct jt_frame *root = nnv_jt_root(trace, op);

	return root != NULL && is_optimizer(nnv_jt_text(trace, root->type));
}

/* "Conv_init" for the type "Conv". */
static bool
is_init(struct nnv_str name, struct nnv_str type)
{
	return nnv_str_ends(name, NNV_STR("_init")) &&
	    nnv_str_eq((struct nnv_str){ name.p, name.n - 5 }, type);
}

static enum nnv_phase
phase_of_root(const struct jt_trace *trace, const struct jt_op *op)
{
	const struct jt_frame *root = nnv_jt_root(trace, op);
	struct nnv_str name, type;

	if (root == NULL || root->plain_code)
		return NNV_OUTSIDE;
	name = nnv_jt_text(trace, root->name);
	type = nnv_jt_text(trace, root->type);
	if (nnv_str_eq(name, NNV_STR("grad")) ||
	    nnv_str_eq(type, NNV_STR("Grad")))
		return NNV_BACKWARD;
	if (is_init(name, type))
		return NNV_INIT;
	if (is_optimizer(type) && trace->frames[op->frame].depth == 1)
		return NNV_OPTIMIZER;
	return NNV_FORWARD;
}

static bool
is_named(const struct jt_trace *trace, const struct jt_var *var)
{
	return nnv_jt_text(trace, var->name).n > 0;
}

/* Whether the op takes something from the backward pass, or from an op that
 * AFTER marks. What uses an updated parameter is the next step's forward pass,
 * not part of the update. */
static bool
takes_gradient(const struct jt_trace *trace, const struct jt_op *op,
    const bool *after)
{
	for (uint32_t u = 0; u < op->nuses; u++) {
		const struct jt_var
		    *var = &trace->vars[trace->uses[op->first_use + u]];
		uint32_t from = var->producer;

		if (from != NNV_NONE &&
		    (trace->ops[from].phase == NNV_BACKWARD ||
			(after[from] && !is_named(trace, var))))
			return true;
	}
	return false;
}

static bool
writes_named(const struct jt_trace *trace, const struct jt_op *op,
    const bool *names)
{
	for (uint32_t i = 0; i < op->nouts; i++) {
		const struct jt_var
		    *var = &trace->vars[trace->outs[op->first_out + i]];

		if (is_named(trace, var) && (names == NULL || names[var->name]))
			return true;
	}
	return false;
}

/* Mark the names of variables that construction made. */
static void
mark_param_names(const struct jt_trace *trace, bool *names)
{
	for (uint32_t v = 0; v < trace->nvars; v++) {
		const struct jt_var *var = &trace->vars[v];
		const struct jt_op *op;

		if (var->producer == NNV_NONE)
			continue;
		op = &trace->ops[var->producer];
		if (op->phase == NNV_INIT && is_named(trace, var) &&
		    !is_by_optimizer(trace, op))
			names[var->name] = true;
	}
}

/* "SGD_init" groups that take steps become the optimizer. */
static bool
promote_optimizers(struct jt_trace *trace, const bool *after)
{
	size_t nnames = trace->graph->names->ntexts + 1;
	bool *names = nnv_heap_alloc(nnames, sizeof(*names));
	bool *steps = nnv_heap_alloc(trace->nframes + (size_t)1,
	    sizeof(*steps));
	bool ok = names != NULL && steps != NULL;

	if (ok) {
		mark_param_names(trace, names);
		for (uint32_t o = 0; o < trace->nops; o++) {
			struct jt_op *op = &trace->ops[o];

			if (op->phase == NNV_INIT &&
			    is_by_optimizer(trace, op) &&
			    (takes_gradient(trace, op, after) ||
				writes_named(trace, op, names)))
				steps[trace->frames[op->frame].root] = true;
		}
		for (uint32_t o = 0; o < trace->nops; o++) {
			struct jt_op *op = &trace->ops[o];

			if (op->phase == NNV_INIT &&
			    steps[trace->frames[op->frame].root])
				op->phase = NNV_OPTIMIZER;
		}
	}
	nnv_heap_free(names);
	nnv_heap_free(steps);
	return ok || nnv_fail_memory(trace->diag);
}

enum { ANY_USER, ALL_USERS };

/* Whether any, or all (and at least one), users of what OP makes belong to the
 * optimizer. */
static bool
feeds_optimizer(const struct jt_trace *trace, const struct jt_op *op, int how)
{
	bool any = false, all = true;

	for (uint32_t i = 0; i < op->nouts; i++) {
		const struct jt_var
		    *var = &trace->vars[trace->outs[op->first_out + i]];

		for (uint32_t u = 0; u < var->nusers; u++) {
			bool is = trace->ops[trace->users[var->first_user + u]]
				      .phase == NNV_OPTIMIZER;

			any |= is;
			all &= is;
		}
	}
	return how == ANY_USER ? any : any && all;
}

/* Last op first: an update is found before what leads to it. */
static void
find_updates(struct jt_trace *trace, const bool *after)
{
	for (uint32_t o = trace->nops; o-- > 0;) {
		struct jt_op *op = &trace->ops[o];

		if (op->phase != NNV_FORWARD && op->phase != NNV_OUTSIDE)
			continue;
		if (after[o] ? writes_named(trace, op, NULL) ||
			    feeds_optimizer(trace, op, ANY_USER)
			     : feeds_optimizer(trace, op, ALL_USERS))
			op->phase = NNV_OPTIMIZER;
	}
}

/* Data, not a number written in the code. */
static bool
makes_data(const struct jt_trace *trace, const struct jt_op *op)
{
	return op->nuses == 0 && op->nouts == 1 &&
	    nnv_str_eq(nnv_jt_text(trace, op->name), NNV_STR("array")) &&
	    nnv_spec_elements(trace->vars[trace->outs[op->first_out]].spec) > 1;
}

static bool
has_phase(const struct jt_trace *trace, enum nnv_phase phase)
{
	for (uint32_t o = 0; o < trace->nops; o++)
		if (trace->ops[o].phase == phase)
			return true;
	return false;
}

/* A model written as functions. */
static void
promote_outside(struct jt_trace *trace)
{
	for (uint32_t o = 0; o < trace->nops; o++) {
		struct jt_op *op = &trace->ops[o];

		if (op->phase == NNV_OUTSIDE && !makes_data(trace, op))
			op->phase = NNV_FORWARD;
	}
}

/* Whether the forward pass takes anything from outside or before the trace. */
static bool
has_input(const struct jt_trace *trace)
{
	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];

		if (op->phase != NNV_FORWARD)
			continue;
		for (uint32_t u = 0; u < op->nuses; u++) {
			uint32_t from =
			    trace->vars[trace->uses[op->first_use + u]]
				.producer;

			if (from == NNV_NONE ||
			    trace->ops[from].phase == NNV_OUTSIDE)
				return true;
		}
	}
	return false;
}

/* Where nothing comes in, the batch was made inside: the outermost arrays of
 * the forward pass are taken for it. */
static void
expel_batch(struct jt_trace *trace)
{
	uint32_t depth = UINT32_MAX;

	for (int round = 0; round < 2; round++) {
		for (uint32_t o = 0; o < trace->nops; o++) {
			struct jt_op *op = &trace->ops[o];
			uint32_t d;

			if (op->phase != NNV_FORWARD || !makes_data(trace, op))
				continue;
			d = op->frame == NNV_NONE
			    ? 0
			    : trace->frames[op->frame].depth;
			if (round == 0 && d < depth)
				depth = d;
			else if (round == 1 && d == depth)
				op->phase = NNV_OUTSIDE;
		}
	}
}

bool
nnv_jt_decide_phases(struct jt_trace *trace)
{
	bool *after = nnv_heap_alloc(trace->nops + (size_t)1, sizeof(*after));

	if (after == NULL)
		return nnv_fail_memory(trace->diag);
	for (uint32_t o = 0; o < trace->nops; o++)
		trace->ops[o].phase = phase_of_root(trace, &trace->ops[o]);
	for (uint32_t o = 0; o < trace->nops; o++)
		after[o] = trace->ops[o].phase != NNV_BACKWARD &&
		    takes_gradient(trace, &trace->ops[o], after);
	if (!promote_optimizers(trace, after)) {
		nnv_heap_free(after);
		return false;
	}
	find_updates(trace, after);
	nnv_heap_free(after);
	trace->has_modules = has_phase(trace, NNV_FORWARD);
	if (!trace->has_modules)
		promote_outside(trace);
	if (!has_input(trace))
		expel_batch(trace);
	return true;
}
