/*
 * What an op costs, from the shapes alone.
 *
 * Jittor has no convolution and no matrix product: it multiplies two broadcast
 * operands over all axes and adds up. So the elements of a multiply that feeds
 * reduce.add or reindex_reduce.add are multiply-accumulates, exactly; other
 * arithmetic is one operation an output element (an input element for a
 * reduction); moving data about is none.
 */
#include "jittor_trace.h"

struct family {
	const char *prefix;
	enum { MOVES, COMPUTES, REDUCES } what;
};

/* The first prefix that fits decides; what is not here computes. */
static const struct family families[] = {
	{ "array", MOVES },
	{ "empty", MOVES },
	{ "broadcast_to", MOVES },
	{ "reshape", MOVES },
	{ "transpose", MOVES },
	{ "clone", MOVES },
	{ "fuse_transpose", MOVES },
	{ "copy", MOVES },
	{ "tape", MOVES },
	{ "reindex_reduce", REDUCES },
	{ "reindex", MOVES },
	{ "getitem", MOVES },
	{ "setitem", MOVES },
	{ "index", MOVES },
	{ "candidate", MOVES },
	{ "where", MOVES },
	{ "random", MOVES },
	{ "unary.cast", MOVES },
	{ "reduce.", REDUCES },
};

static const struct family *
family_of(struct nnv_str name)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (name.n > 0 && *name.p == *families[i].prefix &&
		    nnv_str_starts(name, nnv_str(families[i].prefix)))
			return &families[i];
	return NULL;
}

static int64_t
elements(const struct jt_trace *trace, const uint32_t *vars, uint32_t n)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		int64_t count = nnv_spec_elements(trace->vars[vars[i]].spec);

		if (count == NNV_UNKNOWN || sum > INT64_MAX - count)
			return NNV_UNKNOWN;
		sum += count;
	}
	return sum;
}

static int64_t
output_bytes(const struct jt_trace *trace, const struct jt_op *op)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < op->nouts; i++) {
		const struct jt_var
		    *var = &trace->vars[trace->outs[op->first_out + i]];
		int64_t count = nnv_spec_elements(var->spec);

		if (count == NNV_UNKNOWN || var->bytes == NNV_UNKNOWN ||
		    (count > 0 && var->bytes > (INT64_MAX - sum) / count))
			return NNV_UNKNOWN;
		sum += count * var->bytes;
	}
	return sum;
}

/* Whether OP multiplies and some user of the product only adds it up. */
static bool
feeds_sum(const struct jt_trace *trace, const struct jt_op *op)
{
	if (!nnv_str_eq(nnv_jt_text(trace, op->name),
		NNV_STR("binary.multiply")))
		return false;
	for (uint32_t i = 0; i < op->nouts; i++) {
		const struct jt_var
		    *var = &trace->vars[trace->outs[op->first_out + i]];

		for (uint32_t u = 0; u < var->nusers; u++) {
			struct nnv_str user = nnv_jt_text(trace,
			    trace->ops[trace->users[var->first_user + u]].name);

			if (nnv_str_eq(user, NNV_STR("reduce.add")) ||
			    nnv_str_eq(user, NNV_STR("reindex_reduce.add")))
				return true;
		}
	}
	return false;
}

/* Whether OP adds up what a multiply made: that is counted there. */
static bool
sums_product(const struct jt_trace *trace, const struct jt_op *op)
{
	uint32_t from;

	if (op->nuses == 0)
		return false;
	from = trace->vars[trace->uses[op->first_use]].producer;
	return from != NNV_NONE && feeds_sum(trace, &trace->ops[from]);
}

struct nnv_cost
nnv_jt_op_cost(const struct jt_trace *trace, const struct jt_op *op)
{
	const struct family *family = family_of(nnv_jt_text(trace, op->name));
	int64_t made = elements(trace, trace->outs + op->first_out, op->nouts);
	struct nnv_cost cost = nnv_cost_unknown();

	cost.macs = cost.elementwise = 0;
	cost.output_elements = made;
	cost.output_bytes = output_bytes(trace, op);

	if (feeds_sum(trace, op))
		cost.macs = made;
	else if (family == NULL || family->what == COMPUTES)
		cost.elementwise = made;
	else if (family->what == REDUCES && !sums_product(trace, op))
		cost.elementwise = op->nuses > 0
		    ? elements(trace, trace->uses + op->first_use, 1)
		    : 0;
	return cost;
}
