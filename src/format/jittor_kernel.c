/*
 * Kernels: what really ran.
 *
 * Jittor fuses ops: execute_op_info lists, in the order of execution, which ops
 * were compiled into one kernel, its jit_key (the whole specification of the
 * code; a profile names its rows by it) and the source that was generated. An
 * op that is cheap to repeat can be in several kernels.
 *
 * What a kernel reads is what its ops use and do not make themselves. It writes
 * what is used by an op in a kernel that does not make it again, and what
 * nothing uses. Arithmetic is that of its ops, as often as they ran.
 */
#include <stdlib.h>

#include "jittor_trace.h"

enum {
	MAX_OPS = 1 << 24,  /* in all kernels: a pickle can hold one list
				   a million times */
	MAX_KEYS = 1 << 28, /* bytes of keys, likewise */
	MAX_LOOKED = 64,    /* kernels of a user that are looked at */
	AHEAD = 8,          /* kernels that memory is asked for in advance */
	OPS_AHEAD = 16      /* and ops */
};

/* The fields of a kernel that matter here. */
enum { F_OPS, F_KEY, F_FILE, NFIELDS };

/* A kernel in the file. */
struct exec {
	int64_t order;
	nnv_value value, key, file;
};

/* Which op is in which kernel. */
struct member {
	uint32_t op, kernel;
};

struct kernels {
	struct jt_trace *trace;
	struct nnv_graph *graph;
	const uint32_t *node_of;   /* op -> node */
	struct nnv_fields fields;  /* of a kernel */
	struct nnv_table backends; /* key -> backend: many kernels share one */
	struct exec *execs;
	struct member *members; /* by kernel, then as fused */
	uint32_t *first;        /* op -> its kernels: a slice of of_op[] */
	uint32_t *of_op;        /* kernels by op, ascending */
	uint32_t *seen_op;      /* op -> the last kernel it was seen in, + 1 */
	uint32_t *seen_var;     /* likewise */
	uint32_t nexecs, nmembers;
	size_t member_cap, keys;
	uint32_t lost; /* ops that are not in the file */
};

static int
exec_cmp(const void *a, const void *b)
{
	const struct exec *x = a, *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

/* The records under their keys, in the order of execution. */
static bool
collect(struct kernels *k, nnv_value map)
{
	const struct nnv_tree *tree = k->trace->tree;
	const int64_t *keys = nnv_value_int_keys(tree, map);
	size_t n = nnv_value_len(tree, map);

	k->execs = nnv_heap_alloc(n + 1, sizeof(*k->execs));
	if (k->execs == NULL || n > UINT32_MAX / 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct exec *exec = &k->execs[k->nexecs];

		exec->value = nnv_value_at(tree, map, i);
		if (keys != NULL)
			exec->order = keys[i];
		if ((keys == NULL &&
			!nnv_jt_id(tree, nnv_value_key(tree, map, i),
			    &exec->order)) ||
		    nnv_value_kind(tree, exec->value) != NNV_MAP)
			nnv_warn(k->trace->diag, "kernel",
			    "an entry of "
			    "execute_op_info is no kernel under an integer: "
			    "left out");
		else
			k->nexecs++;
	}
	qsort(k->execs, k->nexecs, sizeof(*k->execs), exec_cmp);
	return true;
}

static bool
add_member(struct kernels *k, uint32_t op, uint32_t kernel)
{
	if (k->seen_op[op] == kernel + 1)
		return true;
	k->seen_op[op] = kernel + 1;
	if (k->nmembers >= k->member_cap &&
	    !nnv_heap_grow((void **)&k->members, &k->member_cap,
		(size_t)k->nmembers + 1, sizeof(*k->members)))
		return false;
	k->members[k->nmembers++] = (struct member){ op, kernel };
	return true;
}

/* The ops of one kernel; and what else of it is read later. */
static bool
read_ops(struct kernels *k, uint32_t kernel)
{
	const struct nnv_tree *tree = k->trace->tree;
	struct exec *exec = &k->execs[kernel];
	nnv_value fields[NNV_FIELDS], list;
	size_t n;

	nnv_value_fields(tree, exec->value, &k->fields, fields);
	exec->key = fields[F_KEY];
	exec->file = fields[F_FILE];
	list = fields[F_OPS];
	n = nnv_value_kind(tree, list) == NNV_LIST ? nnv_value_len(tree, list)
						   : 0;
	for (size_t i = 0; i < n; i++) {
		int64_t id;
		uint32_t op;

		if (k->nmembers >= MAX_OPS)
			return nnv_fail(k->trace->diag, NNV_E_LIMIT,
			    "kernels of more than %d ops in all", MAX_OPS);
		op = nnv_value_int(tree, nnv_value_at(tree, list, i), &id)
		    ? nnv_jt_find(k->trace, id)
		    : NNV_NONE;
		if (op == NNV_NONE || (op & JT_VAR) != 0)
			k->lost++;
		else if (!add_member(k, op, kernel))
			return nnv_fail_memory(k->trace->diag);
	}
	return true;
}

static bool
contains(struct nnv_str text, struct nnv_str part)
{
	return nnv_str_find(text, part) < text.n;
}

/* The end of a key lists how it is compiled; "relay0:1" there hands the work to
 * a library. Nothing is compiled where there is no key. */
static enum nnv_backend
backend_of(struct nnv_str key)
{
	static const struct nnv_str relay = { "relay", 5 };
	struct nnv_str s = key;

	while ((s = nnv_str_from(s, nnv_str_find(s, relay))).n > 8) {
		if (s.p[5] >= '0' && s.p[5] <= '9' && s.p[6] == ':' &&
		    s.p[7] != '0')
			return NNV_BACKEND_RELAY;
		s = nnv_str_from(s, relay.n);
	}
	if (contains(key, NNV_STR("JIT_cuda:1")))
		return NNV_BACKEND_CUDA;
	return contains(key, NNV_STR("JIT_cpu:1")) ? NNV_BACKEND_CPU
						   : NNV_BACKEND_UNKNOWN;
}

/* The backend that a key tells of; each is looked through once. */
static enum nnv_backend
find_backend(struct kernels *k, nnv_name key)
{
	uint32_t *known;

	if (key == NNV_NO_NAME)
		return NNV_BACKEND_UNKNOWN;
	known = nnv_table_at(&k->backends, key);
	if (known == NULL) {
		k->graph->failed = true;
		return NNV_BACKEND_UNKNOWN;
	}
	if (*known == NNV_TABLE_NONE)
		*known = (uint32_t)backend_of(nnv_graph_text(k->graph, key));
	return (enum nnv_backend) * known;
}

/* A text of a kernel: interned, without the directories of a path. */
static nnv_name
read_text(struct kernels *k, nnv_value v, bool path)
{
	struct nnv_str text = nnv_value_text(k->trace->tree, v);

	if (path)
		text = nnv_str_behind(text, '/');
	if (text.n == 0 || text.n > MAX_KEYS - k->keys)
		return NNV_NO_NAME;
	k->keys += text.n;
	return nnv_graph_name(k->graph, text);
}

/* Kernels by op: counted, then laid out, then filled, all in order. */
static bool
index_members(struct kernels *k)
{
	uint32_t nops = k->trace->nops;

	k->of_op = NNV_NEW_ARRAY(k->graph->arena, k->nmembers + (size_t)1,
	    uint32_t);
	if (k->of_op == NULL)
		return nnv_fail_memory(k->trace->diag);
	for (uint32_t i = 0; i < k->nmembers; i++)
		k->first[k->members[i].op + 2]++;
	for (uint32_t o = 0; o < nops; o++)
		k->first[o + 2] += k->first[o + 1];
	for (uint32_t i = 0; i < k->nmembers; i++)
		k->of_op[k->first[k->members[i].op + 1]++] = k->members[i]
								 .kernel;
	return true;
}

static bool
is_in(const struct kernels *k, uint32_t op, uint32_t kernel)
{
	uint32_t low = k->first[op], high = k->first[op + 1];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (k->of_op[middle] < kernel)
			low = middle + 1;
		else
			high = middle;
	}
	return low < k->first[op + 1] && k->of_op[low] == kernel;
}

/* Whether some user of VAR runs where its producer OP does not run again. */
static bool
is_stored(const struct kernels *k, const struct jt_var *var, uint32_t op)
{
	for (uint32_t u = 0; u < var->nusers; u++) {
		uint32_t user = k->trace->users[var->first_user + u];
		uint32_t from = k->first[user], to = k->first[user + 1];

		if (to - from > MAX_LOOKED)
			return true;
		for (; from < to; from++)
			if (!is_in(k, op, k->of_op[from]))
				return true;
	}
	return var->nusers == 0;
}

static void
add_bytes(const struct jt_var *var, int64_t *sum)
{
	int64_t count = nnv_spec_elements(var->spec);

	if (*sum == NNV_UNKNOWN || count == NNV_UNKNOWN ||
	    var->bytes == NNV_UNKNOWN ||
	    (count > 0 && var->bytes > (INT64_MAX - *sum) / count))
		*sum = NNV_UNKNOWN;
	else
		*sum += count * var->bytes;
}

static void
add_known(int64_t *sum, int64_t more)
{
	*sum = *sum == NNV_UNKNOWN || more == NNV_UNKNOWN ||
		more > INT64_MAX - *sum
	    ? NNV_UNKNOWN
	    : *sum + more;
}

/* What one op adds to what its kernel reads, writes and computes. */
static void
add_op(struct kernels *k, uint32_t o, uint32_t kernel)
{
	struct jt_trace *trace = k->trace;
	struct nnv_kernel *to = &k->graph->kernels[kernel];
	const struct jt_op *op = &trace->ops[o];
	struct nnv_cost cost = k->graph->nodes[k->node_of[o]].cost;

	for (uint32_t u = 0; u < op->nuses; u++) {
		uint32_t v = trace->uses[op->first_use + u];
		const struct jt_var *var = &trace->vars[v];

		if (k->seen_var[v] == kernel + 1 ||
		    (var->producer != NNV_NONE &&
			is_in(k, var->producer, kernel)))
			continue;
		k->seen_var[v] = kernel + 1;
		to->ninputs++;
		add_bytes(var, &to->read);
	}
	for (uint32_t i = 0; i < op->nouts; i++) {
		const struct jt_var
		    *var = &trace->vars[trace->outs[op->first_out + i]];

		if (k->of_op[k->first[o]] != kernel || !is_stored(k, var, o))
			continue;
		to->noutputs++;
		add_bytes(var, &to->written);
	}
	add_known(&to->macs, cost.macs);
	add_known(&to->elementwise, cost.elementwise);
	to->nops++;
}

/* "broadcast_to, multiply, reduce.add": each once, in order, and not all of a
 * very long list. */
static void
name_ops(struct kernels *k, uint32_t begin, uint32_t end, struct nnv_text *text)
{
	enum { SHOWN = 8 };
	nnv_name shown[SHOWN];
	uint32_t n = 0;

	nnv_text_clear(text);
	for (uint32_t i = begin; i < end; i++) {
		nnv_name name = k->trace->ops[k->members[i].op].name;
		uint32_t at = 0;

		while (at < n && shown[at] != name)
			at++;
		if (at < n)
			continue;
		if (n == SHOWN) {
			nnv_text_adds(text, ", ...");
			break;
		}
		nnv_text_adds(text, n > 0 ? ", " : "");
		nnv_text_add(text, nnv_graph_text(k->graph, name));
		shown[n++] = name;
	}
}

/* The op of member AT will be added soon. */
static void
expect_op(const struct kernels *k, uint32_t at)
{
	const struct jt_trace *trace = k->trace;
	const struct jt_op *op;

	if (at >= k->nmembers)
		return;
	op = &trace->ops[k->members[at].op];
	NNV_PREFETCH(&k->graph->nodes[k->node_of[op - trace->ops]].cost);
	if (op->nouts > 0)
		NNV_PREFETCH(&trace->vars[trace->outs[op->first_out]]);
}

static bool
describe(struct kernels *k)
{
	struct nnv_text ops = NNV_TEXT_EMPTY;
	uint32_t at = 0;

	for (uint32_t i = 0; i < k->nexecs; i++) {
		struct nnv_kernel *kernel = &k->graph->kernels[i];
		uint32_t begin = at;

		if (k->nexecs - i > AHEAD) {
			nnv_value_expect(k->trace->tree,
			    k->execs[i + AHEAD].key);
			nnv_value_expect_input(k->trace->tree,
			    k->execs[i + AHEAD].file);
		}
		kernel->key = read_text(k, k->execs[i].key, false);
		kernel->file = read_text(k, k->execs[i].file, true);
		kernel->backend = find_backend(k, kernel->key);
		kernel->time = NNV_UNKNOWN;
		for (; at < k->nmembers && k->members[at].kernel == i; at++) {
			expect_op(k, at + OPS_AHEAD);
			add_op(k, k->members[at].op, i);
		}
		name_ops(k, begin, at, &ops);
		kernel->ops = ops.n > 0
		    ? nnv_graph_name(k->graph, nnv_text_str(&ops))
		    : NNV_NO_NAME;
	}
	k->graph->failed |= nnv_text_failed(&ops);
	nnv_text_release(&ops);
	return !k->graph->failed || nnv_fail_memory(k->trace->diag);
}

static bool
build(struct kernels *k)
{
	for (uint32_t i = 0; i < k->nexecs; i++)
		if (!read_ops(k, i))
			return false;
	if (k->lost > 0)
		nnv_warn(k->trace->diag, "kernel op",
		    "%u ops of kernels are "
		    "not in the file",
		    k->lost);
	k->graph->kernels = NNV_NEW_ARRAY(k->graph->arena,
	    k->nexecs + (size_t)1, struct nnv_kernel);
	if (k->graph->kernels == NULL)
		return nnv_fail_memory(k->trace->diag);
	k->graph->nkernels = k->nexecs;
	if (!index_members(k) || !describe(k))
		return false;
	for (uint32_t o = 0; o < k->trace->nops; o++) {
		struct nnv_node *node = &k->graph->nodes[k->node_of[o]];

		node->kernels = k->of_op + k->first[o];
		node->nkernels = k->first[o + 1] - k->first[o];
	}
	return true;
}

bool
nnv_jt_add_kernels(struct jt_trace *trace, const uint32_t *node_of)
{
	static const struct nnv_str fields[] = {
		[F_OPS] = NNV_STR_INIT("fused_ops"),
		[F_KEY] = NNV_STR_INIT("jit_key"),
		[F_FILE] = NNV_STR_INIT("file_path"),
	};
	struct kernels k = {
		.trace = trace, .graph = trace->graph, .node_of = node_of
	};
	size_t nops = trace->nops;
	bool ok = true;

	if (trace->kernels == NNV_NO_VALUE)
		return true;
	if (nnv_value_kind(trace->tree, trace->kernels) != NNV_MAP) {
		nnv_warn(trace->diag, "kernels",
		    "execute_op_info is no map: "
		    "left out");
		return true;
	}
	k.fields.keys = fields;
	k.fields.n = NFIELDS;
	nnv_table_init(&k.backends);
	k.first = nnv_heap_alloc(nops + 3, sizeof(*k.first));
	k.seen_op = nnv_heap_alloc(nops + 1, sizeof(*k.seen_op));
	k.seen_var = nnv_heap_alloc(trace->nvars + (size_t)1,
	    sizeof(*k.seen_var));
	if (k.first == NULL || k.seen_op == NULL || k.seen_var == NULL ||
	    !collect(&k, trace->kernels))
		ok = nnv_fail_memory(trace->diag);
	ok = ok && build(&k);
	nnv_table_release(&k.backends);
	nnv_heap_free(k.execs);
	nnv_heap_free(k.members);
	nnv_heap_free(k.first);
	nnv_heap_free(k.seen_op);
	nnv_heap_free(k.seen_var);
	return ok;
}
