/*
 * Parameters and buffers: what a model keeps between calls.
 *
 * Jittor names every Var in a module's __dict__ with its dotted path, but a
 * name is no identity: two models repeat names, an optimizer's step makes a new
 * variable of the same name, and a running statistic's name moves to the newest
 * one. So identity is lineage: a variable that construction made and the
 * forward pass uses is one parameter, and a later variable that is computed
 * from it with its shape and name is the same one, updated.
 *
 * What was made before tracing began has an id and nothing else. It is data if
 * a layer has no other data to work on, and a weight of unknown size otherwise.
 */
#include "jittor_trace.h"

/* Last components of the names of what is kept but not trained. */
static const char *const buffers[] = {
	"running_mean",
	"running_var",
	"num_batches_tracked",
};

static bool
is_buffer_name(struct nnv_str name)
{
	for (size_t i = 0; i < sizeof(buffers) / sizeof(*buffers); i++) {
		struct nnv_str suffix = nnv_str(buffers[i]);

		if (nnv_str_ends(name, suffix) &&
		    (name.n == suffix.n ||
			name.p[name.n - suffix.n - 1] == '.'))
			return true;
	}
	return false;
}

static bool
has_user(const struct jt_trace *trace, const struct jt_var *var,
    enum nnv_phase phase)
{
	for (uint32_t u = 0; u < var->nusers; u++)
		if (trace->ops[trace->users[var->first_user + u]].phase ==
		    phase)
			return true;
	return false;
}

static bool
add_param(struct jt_trace *trace, struct jt_var *var, nnv_name name,
    const struct nnv_spec *spec)
{
	struct nnv_str text = nnv_jt_text(trace, name);
	struct nnv_param param = {
		.kind = text.n == 0 || is_buffer_name(text)
		    ? NNV_PARAM_BUFFER
		    : NNV_PARAM_TRAINABLE,
		.name = text.n > 0 ? name : NNV_NO_NAME,
		.count = nnv_spec_elements(spec),
		.spec = spec,
	};

	var->param = nnv_graph_add_param(trace->graph, &param);
	return var->param != NNV_NONE;
}

/* "layers.0.fc.weight" used by a module called "fc". */
static bool
fits_user(const struct jt_trace *trace, const struct jt_var *var)
{
	struct nnv_str name = nnv_jt_text(trace, var->name), module;
	const struct jt_op *user;
	size_t end = name.n;

	while (end > 0 && name.p[end - 1] != '.')
		end--;
	if (end == 0 || var->nusers == 0)
		return false;
	name.n = end - 1;
	user = &trace->ops[trace->users[var->first_user]];
	if (user->frame == NNV_NONE)
		return false;
	module = nnv_jt_text(trace, trace->frames[user->frame].name);
	return nnv_str_ends(name, module);
}

/* Whether construction, or a lazy first use, made VAR for the model. */
static bool
is_made_for_model(const struct jt_trace *trace, const struct jt_var *var)
{
	bool named = nnv_jt_text(trace, var->name).n > 0;
	const struct jt_op *op;

	if (var->producer == NNV_NONE)
		return var->spec != NULL && named;
	op = &trace->ops[var->producer];
	if (op->phase == NNV_INIT)
		return named || has_user(trace, var, NNV_FORWARD);
	return op->phase == NNV_OUTSIDE && op->frame == NNV_NONE &&
	    fits_user(trace, var);
}

/* Whether NEW, made by an op that takes OLD, is OLD brought up to date. */
static bool
is_update(const struct jt_trace *trace, const struct jt_var *new,
    const struct jt_var *old)
{
	struct nnv_str name = nnv_jt_text(trace, old->name);

	if (old->spec == NULL)
		return old->producer == NNV_NONE &&
		    !has_user(trace, new, NNV_FORWARD);
	return old->param != NNV_NONE && old->spec == new->spec &&
	    (name.n == 0 || old->name == new->name);
}

/* VAR, called NAME, as a new version of what its op takes. */
static bool
follow_lineage(struct jt_trace *trace, struct jt_var *var, nnv_name name)
{
	const struct jt_op *op = &trace->ops[var->producer];

	for (uint32_t u = 0; u < op->nuses; u++) {
		struct jt_var
		    *old = &trace->vars[trace->uses[op->first_use + u]];
		struct nnv_param *param;

		if (!is_update(trace, var, old))
			continue;
		if (old->param == NNV_NONE &&
		    !add_param(trace, old, name, var->spec))
			return false;
		var->param = old->param;
		param = &trace->graph->params[var->param];
		if (param->name == NNV_NO_NAME)
			param->name = name;
		if (op->phase == NNV_FORWARD)
			param->kind = NNV_PARAM_BUFFER;
		return true;
	}
	return true;
}

/*
 * The names that variables had before a later version took them: a running
 * statistic is "mean + (batch - mean) * momentum", call after call, and only
 * the last sum still has the name. Last one first, along first operands.
 */
static void
find_past_names(const struct jt_trace *trace, nnv_name *names)
{
	for (uint32_t v = trace->nvars; v-- > 0;) {
		const struct jt_var *var = &trace->vars[v], *old;
		const struct jt_op *op;

		if (nnv_jt_text(trace, var->name).n > 0)
			names[v] = var->name;
		if (names[v] == NNV_NO_NAME || var->producer == NNV_NONE)
			continue;
		op = &trace->ops[var->producer];
		if (op->phase != NNV_FORWARD || op->nuses == 0)
			continue;
		old = &trace->vars[trace->uses[op->first_use]];
		if (old->spec == var->spec && old->spec != NULL &&
		    nnv_jt_text(trace, old->name).n == 0)
			names[old - trace->vars] = names[v];
	}
}

static bool
find_made(struct jt_trace *trace)
{
	nnv_name *names = nnv_heap_alloc(trace->nvars + (size_t)1,
	    sizeof(*names));
	bool ok = names != NULL;

	for (uint32_t v = 0; ok && v < trace->nvars; v++)
		names[v] = NNV_NO_NAME;
	if (ok)
		find_past_names(trace, names);
	for (uint32_t v = 0; ok && v < trace->nvars; v++) {
		struct jt_var *var = &trace->vars[v];

		if (is_made_for_model(trace, var))
			ok = add_param(trace, var, var->name, var->spec);
		else if (var->producer != NNV_NONE && names[v] != NNV_NO_NAME &&
		    trace->ops[var->producer].phase != NNV_INIT)
			ok = follow_lineage(trace, var, names[v]);
	}
	nnv_heap_free(names);
	return ok || nnv_fail_memory(trace->diag);
}

/* Once training updates some parameters, those it leaves alone are frozen. */
static bool
mark_frozen(struct jt_trace *trace)
{
	struct nnv_graph *graph = trace->graph;
	bool *updated = nnv_heap_alloc(graph->nparams + (size_t)1,
	    sizeof(*updated));
	bool any = false;

	if (updated == NULL)
		return nnv_fail_memory(trace->diag);
	for (uint32_t v = 0; v < trace->nvars; v++) {
		const struct jt_var *var = &trace->vars[v];

		if (var->param != NNV_NONE && var->producer != NNV_NONE &&
		    trace->ops[var->producer].phase == NNV_OPTIMIZER) {
			updated[var->param] = true;
			any = true;
		}
	}
	for (uint32_t p = 0; any && p < graph->nparams; p++)
		if (!updated[p] && graph->params[p].kind == NNV_PARAM_TRAINABLE)
			graph->params[p].kind = NNV_PARAM_FROZEN;
	nnv_heap_free(updated);
	return true;
}

/* For telling dangling data from dangling weights, in order of execution. */
struct sorter {
	struct jt_trace *trace;
	bool *inner; /* frame: has frames below it */
	bool *fed;   /* frame: some data has come in */
	bool *live;  /* op: computed from data */
};

static bool
is_data(const struct sorter *s, const struct jt_var *var)
{
	if (var->param != NNV_NONE)
		return false;
	if (var->producer == NNV_NONE)
		return var->is_input;
	return s->live[var->producer] ||
	    s->trace->ops[var->producer].phase == NNV_OUTSIDE;
}

/* A layer's flag; the op's own where it stands in a container. */
static bool *
unit_of(struct sorter *s, uint32_t o)
{
	uint32_t frame = s->trace->ops[o].frame;

	if (frame == NNV_NONE || s->inner[frame] ||
	    s->trace->frames[frame].plain_code)
		return &s->live[o];
	return &s->fed[frame];
}

/* The operand to consider I-th: an index (of a getitem) stands behind what is
 * indexed, and it is the data where both are unknown, as in an embedding. */
static struct jt_var *
operand(const struct sorter *s, const struct jt_op *op, uint32_t i)
{
	struct nnv_str name = nnv_jt_text(s->trace, op->name);

	if (nnv_str_starts(name, NNV_STR("getitem")))
		i = op->nuses - 1 - i;
	return &s->trace->vars[s->trace->uses[op->first_use + i]];
}

static bool
sort_op(struct sorter *s, uint32_t o)
{
	const struct jt_op *op = &s->trace->ops[o];
	bool *unit = unit_of(s, o);

	for (uint32_t i = 0; i < op->nuses; i++)
		s->live[o] |= is_data(s, operand(s, op, i));
	*unit |= s->live[o];
	for (uint32_t i = 0; i < op->nuses; i++) {
		struct jt_var *var = operand(s, op, i);

		if (var->producer != NNV_NONE || var->param != NNV_NONE ||
		    var->is_input)
			continue;
		if (*unit) {
			if (!add_param(s->trace, var, var->name, var->spec))
				return false;
			s->trace->graph->params[var->param]
			    .kind = NNV_PARAM_TRAINABLE;
		} else {
			var->is_input = true;
			*unit = s->live[o] = true;
		}
	}
	return true;
}

static bool
sort_dangling(struct jt_trace *trace)
{
	struct sorter s = { .trace = trace };
	bool ok;

	s.inner = nnv_heap_alloc(trace->nframes + (size_t)1, sizeof(bool));
	s.fed = nnv_heap_alloc(trace->nframes + (size_t)1, sizeof(bool));
	s.live = nnv_heap_alloc(trace->nops + (size_t)1, sizeof(bool));
	ok = s.inner != NULL && s.fed != NULL && s.live != NULL;
	for (uint32_t f = 0; ok && f < trace->nframes; f++)
		if (trace->frames[f].parent != NNV_NONE &&
		    !trace->frames[f].repeated)
			s.inner[trace->frames[f].parent] = true;
	for (uint32_t o = 0; ok && o < trace->nops; o++)
		if (trace->ops[o].phase == NNV_FORWARD)
			ok = sort_op(&s, o);
	nnv_heap_free(s.inner);
	nnv_heap_free(s.fed);
	nnv_heap_free(s.live);
	return ok || nnv_fail_memory(trace->diag);
}

bool
nnv_jt_find_params(struct jt_trace *trace)
{
	return find_made(trace) && mark_frozen(trace) && sort_dangling(trace);
}
