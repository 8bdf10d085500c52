/*
 * What the keys of kernels tell of single ops: how one slides a window over its
 * input, by size, stride, padding and dilation; and which constants are 0.
 *
 * Shapes do not tell, but the kernel that an op was compiled into does. Its
 * jit_key spells every op of the kernel, in the order of fused_ops, each behind
 * "opkeyI:" when there are several:
 *
 *	«opkey1:reindex«Tx:float32«XDIM=4«YDIM=7«OVERFLOW:itof(0x0)
 *	    «INDEX0:i0«INDEX1:i2«INDEX2:i3*2-3+i5*1«INDEX3:i4*2-3+i6*1...
 *
 * INDEXn is where on axis n the element (i0, i1, ...) is read, or by
 * reindex_reduce written. Axes from 2 on are space, and there an index of the
 * form iA*STRIDE-PADDING+iB*DILATION is a window. Pooling is a code op, whose
 * key is its source:
 *
 *	int k3 = i3*2-1;		stride and padding
 *	int k3_ = min(k3 + 3, in0_shape3);	size
 *
 * A constant is an array of one element. Its value is there, in hexadecimal, if
 * it is one of few that are common (ArrayOp::jit_prepare):
 *
 *	«opkey0:array«T:float32«o:0«opkey1:broadcast_to...
 *
 * The keys come from a file: what does not look like this tells nothing.
 */
#include <stdio.h>

#include "jittor_trace.h"

enum {
	WINDOW_AXES = 3,
	FIRST_SPACE = 2,
	DIGITS = 6,
	/* bytes of keys, and ops of kernels, that are looked at: a pickle can
	 * hold one key a million times */
	BUDGET = 1 << 28
};

/* By axis; only the first n are used. */
struct window {
	uint32_t n;
	uint32_t size[WINDOW_AXES], stride[WINDOW_AXES];
	uint32_t padding[WINDOW_AXES], dilation[WINDOW_AXES];
	bool sized;
};

static bool
take(struct nnv_str *s, const char *what)
{
	struct nnv_str word = nnv_str(what);

	if (!nnv_str_starts(*s, word))
		return false;
	*s = nnv_str_from(*s, word.n);
	return true;
}

static bool
take_number(struct nnv_str *s, uint32_t *out)
{
	size_t n = 0;

	*out = 0;
	for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		if (n < DIGITS)
			*out = *out * 10 + (uint32_t)(s->p[n] - '0');
	*s = nnv_str_from(*s, n);
	return n > 0 && n <= DIGITS;
}

/* Past the first WHAT in S, or false. */
static bool
skip_to(struct nnv_str *s, struct nnv_str what)
{
	size_t at = nnv_str_find(*s, what);

	if (at == s->n)
		return false;
	*s = nnv_str_from(*s, at + what.n);
	return true;
}

/* "i3*2-3": the stride, and the padding if there is one. */
static bool
take_step(struct nnv_str *s, uint32_t *stride, uint32_t *padding)
{
	uint32_t axis;

	*stride = 1;
	*padding = 0;
	if (!take(s, "i") || !take_number(s, &axis))
		return false;
	if (take(s, "*") && !take_number(s, stride))
		return false;
	return !take(s, "-") || take_number(s, padding);
}

/* What REST, past a mark, says of an op; REST is what follows the next mark. A
 * kernel of one op may have no mark: then all of it is the op's. */
static struct nnv_str
next_op(struct nnv_str *rest)
{
	struct nnv_str op = *rest, next = op;

	if (skip_to(&next, NNV_STR("opkey"))) {
		op.n = (size_t)(next.p - op.p);
		*rest = next;
	} else {
		*rest = (struct nnv_str){ NULL, 0 };
	}
	return op;
}

/* From the indices of a reindex or reindex_reduce. */
static bool
read_indices(struct nnv_str key, struct window *w)
{
	for (uint32_t axis = FIRST_SPACE; w->n < WINDOW_AXES; axis++) {
		char mark[32];
		uint32_t within;
		int n = snprintf(mark, sizeof(mark),
		    "INDEX%lu:", (unsigned long)axis);

		if (!skip_to(&key, (struct nnv_str){ mark, (size_t)n }) ||
		    !take_step(&key, &w->stride[w->n], &w->padding[w->n]) ||
		    !take(&key, "+i") || !take_number(&key, &within))
			break;
		w->dilation[w->n] = 1;
		if (take(&key, "*") && !take_number(&key, &w->dilation[w->n]))
			break;
		w->n++;
	}
	return w->n > 0;
}

/* From the source of a pooling. */
static bool
read_source(struct nnv_str source, struct window *w)
{
	for (uint32_t axis = FIRST_SPACE; w->n < WINDOW_AXES; axis++) {
		struct nnv_str at = source;
		char mark[48];
		int n = snprintf(mark, sizeof(mark),
		    "int k%lu = ", (unsigned long)axis);

		if (!skip_to(&at, (struct nnv_str){ mark, (size_t)n }) ||
		    !take_step(&at, &w->stride[w->n], &w->padding[w->n]))
			break;
		at = source;
		n = snprintf(mark, sizeof(mark), "int k%lu_ = min(k%lu + ",
		    (unsigned long)axis, (unsigned long)axis);
		if (!skip_to(&at, (struct nnv_str){ mark, (size_t)n }) ||
		    !take_number(&at, &w->size[w->n]))
			break;
		w->dilation[w->n] = 1;
		w->n++;
	}
	w->sized = true;
	return w->n > 0;
}

/* "/2", or "/2×1" where the axes differ. */
static void
add_fact(struct jt_trace *trace, struct nnv_node *node, const char *key,
    const char *before, const struct window *w, const uint32_t *values)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool square = true;

	for (uint32_t i = 1; i < w->n; i++)
		square = square && values[i] == values[0];
	/* a size is always written out, as everybody does */
	if (nnv_str_eq(nnv_str(key), NNV_STR("kernel")))
		square = false;
	nnv_text_adds(&text, before);
	for (uint32_t i = 0; i < (square ? 1 : w->n); i++)
		nnv_text_addf(&text, "%s%lu", i > 0 ? "\xc3\x97" : "",
		    (unsigned long)values[i]);
	trace->graph->failed |= nnv_text_failed(&text);
	nnv_node_add_hyper(trace->graph, node, key, nnv_text_str(&text));
	nnv_text_release(&text);
}

static void
add_facts(struct jt_trace *trace, struct nnv_node *node, const struct window *w)
{
	if (w->sized)
		add_fact(trace, node, "kernel", "", w, w->size);
	add_fact(trace, node, "stride", "/", w, w->stride);
	add_fact(trace, node, "padding", "pad ", w, w->padding);
	add_fact(trace, node, "dilation", "dilation ", w, w->dilation);
}

static bool
is_code(const struct jt_trace *trace, uint32_t op)
{
	return nnv_str_eq(nnv_jt_text(trace, trace->ops[op].name),
	    NNV_STR("code"));
}

static bool
is_array(const struct jt_trace *trace, uint32_t op)
{
	return nnv_str_eq(nnv_jt_text(trace, trace->ops[op].name),
	    NNV_STR("array"));
}

static bool
ends_field(struct nnv_str s)
{
	return s.n == 0 || *s.p == '\xc2' || *s.p == ']';
}

/* Whether an op is the number 0. Fields begin with a guillemet, or stand in
 * brackets in older versions. */
static bool
is_zero(struct nnv_str key)
{
	key = nnv_str_from(key, nnv_str_find(key, NNV_STR(":")));
	if (!take(&key, ":array") ||
	    !(take(&key, "\xc2\xabT:") || take(&key, "[T:")))
		return false;
	while (!ends_field(key))
		key = nnv_str_from(key, 1);
	take(&key, "]");
	return (take(&key, "\xc2\xabo:0") || take(&key, "[o:0")) &&
	    ends_field(key);
}

/* Whether a key tells of an op what its record does not. */
static bool
is_told(const struct jt_trace *trace, uint32_t op)
{
	struct nnv_str name = nnv_jt_text(trace, trace->ops[op].name);

	return nnv_str_eq(name, NNV_STR("code")) ||
	    nnv_str_eq(name, NNV_STR("array")) ||
	    nnv_str_starts(name, NNV_STR("reindex"));
}

/* The op at index AT of a kernel's list; NNV_NONE if it needs no look. */
static uint32_t
told_op(const struct jt_trace *trace, nnv_value fused, size_t at)
{
	int64_t id;
	uint32_t o;

	if (!nnv_value_int(trace->tree, nnv_value_at(trace->tree, fused, at),
		&id) ||
	    id < 0)
		return NNV_NONE;
	o = nnv_jt_find(trace, id);
	if (o == NNV_TABLE_NONE || (o & JT_VAR) != 0 || !is_told(trace, o))
		return NNV_NONE;
	return o;
}

/* How many of N ops it takes to have all that need a look. */
static size_t
up_to_last(const struct jt_trace *trace, nnv_value fused, size_t n)
{
	while (n > 0 && told_op(trace, fused, n - 1) == NNV_NONE)
		n--;
	return n;
}

/* What is read of all kernels, and into what. */
struct keys {
	struct jt_trace *trace;
	const uint32_t *node_of;
	bool *zeros; /* by op: it is the number 0 */
	size_t budget;
};

/* What its KEY tells of an op. */
static void
read_op(struct keys *keys, uint32_t o, struct nnv_str key)
{
	struct jt_trace *trace = keys->trace;
	struct nnv_node *node = &trace->graph->nodes[keys->node_of[o]];
	struct window w = { .n = 0 };

	if (is_array(trace, o))
		keys->zeros[o] |= is_zero(key);
	else if (node->nhypers == 0 &&
	    (is_code(trace, o) ? read_source(key, &w) : read_indices(key, &w)))
		add_facts(trace, node, &w);
}

static void
read_kernel(struct keys *keys, nnv_value kernel)
{
	const struct nnv_tree *tree = keys->trace->tree;
	nnv_value fused = nnv_value_get(tree, kernel, NNV_STR("fused_ops"));
	struct nnv_str rest = nnv_value_text(tree,
	    nnv_value_get(tree, kernel, NNV_STR("jit_key")));
	size_t n = nnv_value_is_seq(tree, fused) ? nnv_value_len(tree, fused)
						 : 0;

	if (rest.n + n >= keys->budget) {
		keys->budget = 0;
		return;
	}
	keys->budget -= rest.n + n;
	n = up_to_last(keys->trace, fused, n);
	if (n == 0)
		return;
	/* what stands in front of the first mark belongs to no op */
	skip_to(&rest, NNV_STR("opkey"));
	for (size_t i = 0; i < n && rest.n > 0; i++) {
		uint32_t o = told_op(keys->trace, fused, i);
		struct nnv_str own = next_op(&rest);

		if (o != NNV_NONE)
			read_op(keys, o, own);
	}
}

/* The op that made input I of op O, or NNV_NONE. */
static uint32_t
maker(const struct jt_trace *trace, uint32_t o, uint32_t i)
{
	const struct jt_op *op = &trace->ops[o];

	return i < op->nuses
	    ? trace->vars[trace->uses[op->first_use + i]].producer
	    : NNV_NONE;
}

/* max(x, 0): the 0 as it is, or spread over the shape of x. */
static bool
is_floored(const struct keys *keys, uint32_t o)
{
	const struct jt_trace *trace = keys->trace;

	for (uint32_t i = 0; i < trace->ops[o].nuses; i++) {
		uint32_t from = maker(trace, o, i);

		if (from != NNV_NONE &&
		    nnv_str_eq(nnv_jt_text(trace, trace->ops[from].name),
			NNV_STR("broadcast_to")))
			from = maker(trace, from, 0);
		if (from != NNV_NONE && keys->zeros[from])
			return true;
	}
	return false;
}

static void
mark_floored(struct keys *keys)
{
	struct jt_trace *trace = keys->trace;
	nnv_name maximum = nnv_names_find(trace->graph->names,
	    NNV_STR("binary.maximum"));

	for (uint32_t o = 0; o < trace->nops; o++)
		if (maximum != NNV_NO_NAME && trace->ops[o].name == maximum)
			trace->graph->nodes[keys->node_of[o]]
			    .floored = is_floored(keys, o);
}

bool
nnv_jt_read_keys(struct jt_trace *trace, const uint32_t *node_of)
{
	struct keys keys = { .trace = trace,
		.node_of = node_of,
		.zeros = nnv_heap_alloc(trace->nops + (size_t)1,
		    sizeof(*keys.zeros)),
		.budget = BUDGET };
	size_t n = nnv_value_kind(trace->tree, trace->kernels) == NNV_MAP
	    ? nnv_value_len(trace->tree, trace->kernels)
	    : 0;

	if (keys.zeros == NULL)
		return nnv_fail_memory(trace->diag);
	for (size_t i = 0; i < n && keys.budget > 0; i++)
		read_kernel(&keys,
		    nnv_value_at(trace->tree, trace->kernels, i));
	mark_floored(&keys);
	nnv_heap_free(keys.zeros);
	return !trace->graph->failed || nnv_fail_memory(trace->diag);
}
