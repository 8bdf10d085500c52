/*
 * From values to records. A dump is {"node_data": {id: node}, ...}; a node is
 * {"id", "inputs", "outputs", "stacks", "attrs"}. Its dictionaries have no
 * order of their own, so records are sorted by id, which is nearly the order of
 * execution. A pickle can share one list among a million nodes: whatever is
 * walked for each node has a bound of its own.
 */
#include <stdlib.h>

#include "jittor_trace.h"

enum {
	MAX_FIELDS = 64,	/* looked at in one record */
	MAX_DIMS = 64,
	SHORT_STACK = 24	/* walked afresh; longer ones are remembered */
};

struct record {
	int64_t id;
	nnv_value value;
};

/* A spec that variables share; NULL: its shape was not understood. */
struct kept {
	const struct nnv_spec *spec;
};

struct reader {
	struct jt_trace *trace;
	struct record *records;
	size_t nrecords;
	struct nnv_table pairs;	/* (name, type) -> a number for the pair */
	struct nnv_table tree;	/* (parent frame, pair) -> frame */
	struct nnv_table long_stacks;	/* list -> innermost frame */
	struct nnv_table specs;	/* (shape text, dtype) -> index in kept */
	struct kept *kept;
	size_t nkept, kept_cap;
	uint32_t npairs;
};

void
nnv_jt_trace_init(struct jt_trace *trace, const struct nnv_tree *tree,
    struct nnv_graph *graph, struct nnv_diag *diag)
{
	*trace = (struct jt_trace){ .tree = tree, .graph = graph,
		.diag = diag };
	nnv_table_init(&trace->ids);
}

void
nnv_jt_trace_release(struct jt_trace *trace)
{
	nnv_heap_free(trace->ops);
	nnv_heap_free(trace->vars);
	nnv_heap_free(trace->frames);
	nnv_heap_free(trace->uses);
	nnv_heap_free(trace->outs);
	nnv_heap_free(trace->users);
	nnv_table_release(&trace->ids);
}

/* A decimal integer that is the whole of S. */
static bool
parse_int(struct nnv_str s, int64_t *out)
{
	size_t i = s.n > 0 && s.p[0] == '-';
	int64_t value = 0;

	if (i == s.n || s.n > 18)
		return false;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		value = value * 10 + (s.p[i] - '0');
	}
	*out = s.p[0] == '-' ? -value : value;
	return true;
}

/* An id: an integer, or the decimal text that JSON makes of one. */
static bool
value_id(const struct nnv_tree *tree, nnv_value v, int64_t *id)
{
	return nnv_value_int(tree, v, id) ||
	    (nnv_value_kind(tree, v) == NNV_TEXT &&
	    parse_int(nnv_value_text(tree, v), id));
}

static int
record_cmp(const void *a, const void *b)
{
	int64_t x = ((const struct record *)a)->id;
	int64_t y = ((const struct record *)b)->id;

	return (x > y) - (x < y);
}

/* The records with a usable id, sorted by it. */
static bool
collect_records(struct reader *r, nnv_value node_data)
{
	const struct nnv_tree *tree = r->trace->tree;
	size_t n = nnv_value_len(tree, node_data);
	bool sorted = true;

	r->records = nnv_heap_alloc(n + 1, sizeof(*r->records));
	if (r->records == NULL)
		return nnv_fail_memory(r->trace->diag);
	for (size_t i = 0; i < n; i++) {
		struct record *at = &r->records[r->nrecords];

		at->value = nnv_value_at(tree, node_data, i);
		if (!value_id(tree, nnv_value_key(tree, node_data, i),
		    &at->id) || nnv_value_kind(tree, at->value) != NNV_MAP) {
			nnv_warn(r->trace->diag, "record",
			    "an entry of node_data is no record under an "
			    "integer id: left out");
			continue;
		}
		sorted &= r->nrecords == 0 || at[-1].id < at->id;
		r->nrecords++;
	}
	if (!sorted)
		qsort(r->records, r->nrecords, sizeof(*r->records),
		    record_cmp);
	return true;
}

/* The fields of a record that matter here. */
struct fields {
	nnv_value inputs, stacks, attrs;
};

static struct fields
record_fields(const struct nnv_tree *tree, nnv_value record)
{
	struct fields f = { NNV_NO_VALUE, NNV_NO_VALUE, NNV_NO_VALUE };
	size_t n = nnv_value_len(tree, record);

	for (size_t i = 0; i < n && i < MAX_FIELDS; i++) {
		struct nnv_str key = nnv_value_text(tree,
		    nnv_value_key(tree, record, i));

		if (nnv_str_eq(key, NNV_STR("inputs")))
			f.inputs = nnv_value_at(tree, record, i);
		else if (nnv_str_eq(key, NNV_STR("stacks")))
			f.stacks = nnv_value_at(tree, record, i);
		else if (nnv_str_eq(key, NNV_STR("attrs")))
			f.attrs = nnv_value_at(tree, record, i);
	}
	return f;
}

/* The texts of an attrs map; absent where it has no such key. */
struct attrs {
	struct nnv_str is_var, name, shape, dtype, dsize, grad_op_id;
};

static struct attrs
record_attrs(const struct nnv_tree *tree, nnv_value map)
{
	struct attrs a = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 },
		{ NULL, 0 }, { NULL, 0 } };
	const struct {
		struct nnv_str key;
		struct nnv_str *to;
	} wanted[] = {
		{ NNV_STR("is_var"), &a.is_var }, { NNV_STR("name"), &a.name },
		{ NNV_STR("shape"), &a.shape }, { NNV_STR("dtype"), &a.dtype },
		{ NNV_STR("dsize"), &a.dsize },
		{ NNV_STR("grad_op_id"), &a.grad_op_id },
	};
	size_t n = nnv_value_len(tree, map);

	for (size_t i = 0; i < n && i < MAX_FIELDS; i++) {
		struct nnv_str key = nnv_value_text(tree,
		    nnv_value_key(tree, map, i));

		for (size_t k = 0; k < sizeof(wanted) / sizeof(*wanted); k++)
			if (nnv_str_eq(key, wanted[k].key))
				*wanted[k].to = nnv_value_text(tree,
				    nnv_value_at(tree, map, i));
	}
	return a;
}

/* "[2,64,112,112,]" as extents; false when it is nothing like that. */
static bool
parse_shape(struct nnv_str s, int64_t *shape, uint32_t *ndim)
{
	size_t start = 1;

	*ndim = 0;
	if (s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] != ',' && s.p[i] != ']')
			continue;
		if (i > start) {
			struct nnv_str item = { s.p + start, i - start };

			if (*ndim == MAX_DIMS ||
			    !parse_int(item, &shape[*ndim]))
				return false;
			(*ndim)++;
		}
		start = i + 1;
	}
	return true;
}

/* One spec for all variables of one shape and dtype. */
static const struct nnv_spec *
read_spec(struct reader *r, const struct attrs *a)
{
	struct nnv_graph *graph = r->trace->graph;
	nnv_name dtype = nnv_graph_name(graph, a->dtype);
	uint32_t *slot = nnv_table_at(&r->specs,
	    nnv_table_pair(nnv_graph_name(graph, a->shape), dtype));
	int64_t shape[MAX_DIMS];
	uint32_t ndim;

	if (slot == NULL)
		return NULL;
	if (*slot != NNV_TABLE_NONE)
		return r->kept[*slot].spec;
	if (r->nkept == r->kept_cap && !nnv_heap_grow((void **)&r->kept,
	    &r->kept_cap, r->nkept + 1, sizeof(*r->kept))) {
		graph->failed = true;
		return NULL;
	}
	r->kept[r->nkept].spec = NULL;
	if (parse_shape(a->shape, shape, &ndim))
		r->kept[r->nkept].spec = nnv_spec_tensor(graph, shape, ndim, dtype);
	else
		nnv_warn(r->trace->diag, "shape",
		    "a variable's shape is not of the form \"[2,3,]\"");
	*slot = (uint32_t)r->nkept++;
	return r->kept[*slot].spec;
}

/* "FILE:LINE" with the entry's own line: code outside any module. */
static bool
is_plain_code(struct nnv_str name, struct nnv_str file, int64_t line)
{
	int64_t tail;

	return name.n > file.n + 1 && nnv_str_starts(name, file) &&
	    name.p[file.n] == ':' &&
	    parse_int((struct nnv_str){ name.p + file.n + 1,
	    name.n - file.n - 1 }, &tail) && tail == line;
}

/*
 * A decorator in jittor/nn.py calls a module's execute through a second entry
 * of the same name and type. Genuine nesting of like-named modules has its call
 * site in the user's own file.
 */
static bool
is_repeated(const struct jt_trace *trace, uint32_t parent,
    const struct jt_frame *frame)
{
	const struct jt_frame *outer;

	if (parent == NNV_NONE)
		return false;
	outer = &trace->frames[parent];
	return outer->name == frame->name && outer->type == frame->type &&
	    nnv_str_ends(nnv_jt_text(trace, frame->site.file),
	    NNV_STR("jittor/nn.py"));
}

/* Append a frame below PARENT; its index, or NNV_NONE: no memory. */
static uint32_t
add_frame(struct reader *r, uint32_t parent, struct jt_frame frame)
{
	struct jt_trace *trace = r->trace;
	uint32_t i = trace->nframes;

	if (i >= trace->frame_cap && !nnv_heap_grow((void **)&trace->frames,
	    &trace->frame_cap, (size_t)i + 1, sizeof(*trace->frames))) {
		trace->graph->failed = true;
		return NNV_NONE;
	}
	frame.parent = parent;
	frame.root = parent == NNV_NONE ? i : trace->frames[parent].root;
	frame.depth = parent == NNV_NONE ? 1 : trace->frames[parent].depth + 1;
	frame.repeated = is_repeated(trace, parent, &frame);
	trace->frames[i] = frame;
	trace->nframes++;
	return i;
}

/* What an entry of a stack says. */
struct entry {
	struct nnv_str name, type, file;
	int64_t line;
};

static struct entry
read_entry(const struct nnv_tree *tree, nnv_value map)
{
	struct entry e = { NNV_STR(""), NNV_STR(""), NNV_STR(""), 0 };
	size_t n = nnv_value_len(tree, map);

	for (size_t i = 0; i < n && i < MAX_FIELDS; i++) {
		struct nnv_str key = nnv_value_text(tree,
		    nnv_value_key(tree, map, i));
		nnv_value v = nnv_value_at(tree, map, i);

		if (nnv_str_eq(key, NNV_STR("name")))
			e.name = nnv_value_text(tree, v);
		else if (nnv_str_eq(key, NNV_STR("type")))
			e.type = nnv_value_text(tree, v);
		else if (nnv_str_eq(key, NNV_STR("file_path")))
			e.file = nnv_value_text(tree, v);
		else if (nnv_str_eq(key, NNV_STR("lineno")) &&
		    (!nnv_value_int(tree, v, &e.line) || e.line < 0 ||
		    e.line >= UINT32_MAX))
			e.line = 0;
	}
	return e;
}

/* One entry of a stack: the frame for it below PARENT. */
static uint32_t
read_frame(struct reader *r, uint32_t parent, nnv_value map,
    struct nnv_site *site)
{
	struct nnv_graph *graph = r->trace->graph;
	struct entry e = read_entry(r->trace->tree, map);
	struct jt_frame frame = {
		.name = nnv_graph_name(graph, e.name),
		.type = nnv_graph_name(graph, e.type),
		.site = { nnv_graph_name(graph, e.file), (uint32_t)e.line },
	};
	uint32_t *pair, *at;

	*site = frame.site;
	pair = nnv_table_at(&r->pairs,
	    nnv_table_pair(frame.name, frame.type));
	if (pair == NULL)
		return NNV_NONE;
	if (*pair == NNV_TABLE_NONE)
		*pair = r->npairs++;
	at = nnv_table_at(&r->tree, nnv_table_pair(parent, *pair));
	if (at == NULL)
		return NNV_NONE;
	if (*at == NNV_TABLE_NONE) {
		frame.plain_code = is_plain_code(e.name, e.file, e.line);
		*at = add_frame(r, parent, frame);
	}
	return *at;
}

/* The innermost frame of a list of entries, NNV_NONE for an empty one. */
static uint32_t
read_stack(struct reader *r, nnv_value stack, struct nnv_site *site)
{
	const struct nnv_tree *tree = r->trace->tree;
	size_t n = nnv_value_len(tree, stack);
	uint32_t frame = NNV_NONE;
	uint32_t *known = NULL;

	if (!nnv_value_is_seq(tree, stack))
		return NNV_NONE;
	if (n > SHORT_STACK) {
		known = nnv_table_at(&r->long_stacks, stack);
		if (known != NULL && *known != NNV_TABLE_NONE) {
			*site = r->trace->frames[*known].site;
			return *known;
		}
	}
	for (size_t i = 0; i < n; i++) {
		nnv_value entry = nnv_value_at(tree, stack, i);

		if (nnv_value_kind(tree, entry) == NNV_MAP)
			frame = read_frame(r, frame, entry, site);
		else
			nnv_warn(r->trace->diag, "stack",
			    "a stack holds %s where a frame should be",
			    nnv_kind_name(nnv_value_kind(tree, entry)));
	}
	if (known != NULL)
		*known = frame;
	return frame;
}

static bool
add_op(struct reader *r, int64_t id, const struct fields *f,
    const struct attrs *a)
{
	struct jt_trace *trace = r->trace;
	struct jt_op op = { .id = id, .inputs = f->inputs, .grad_of = -1 };

	if (trace->nops >= trace->op_cap && !nnv_heap_grow(
	    (void **)&trace->ops, &trace->op_cap, (size_t)trace->nops + 1,
	    sizeof(*trace->ops)))
		return false;
	op.name = nnv_graph_name(trace->graph,
	    a->name.p != NULL ? a->name : NNV_STR("op"));
	op.frame = read_stack(r, f->stacks, &op.site);
	if (a->grad_op_id.p != NULL && !parse_int(a->grad_op_id, &op.grad_of))
		op.grad_of = -1;
	trace->ops[trace->nops++] = op;
	return true;
}

static bool
add_var(struct reader *r, int64_t id, const struct attrs *a)
{
	struct jt_trace *trace = r->trace;
	struct jt_var var = { .id = id, .producer = NNV_NONE,
		.param = NNV_NONE, .bytes = NNV_UNKNOWN };

	if (trace->nvars >= trace->var_cap && !nnv_heap_grow(
	    (void **)&trace->vars, &trace->var_cap, (size_t)trace->nvars + 1,
	    sizeof(*trace->vars)))
		return false;
	if (a != NULL) {
		var.name = nnv_graph_name(trace->graph,
		    a->name.p != NULL ? a->name : NNV_STR(""));
		if (a->shape.p != NULL)
			var.spec = read_spec(r, a);
		if (!parse_int(a->dsize, &var.bytes) || var.bytes < 0)
			var.bytes = NNV_UNKNOWN;
	} else {
		var.name = nnv_graph_name(trace->graph, NNV_STR(""));
	}
	trace->vars[trace->nvars++] = var;
	return true;
}

/* One record becomes an op or a variable. */
static bool
read_record(struct reader *r, const struct record *record)
{
	struct jt_trace *trace = r->trace;
	struct fields f = record_fields(trace->tree, record->value);
	struct attrs a = record_attrs(trace->tree, f.attrs);
	bool is_var = nnv_str_eq(a.is_var, NNV_STR("1"));
	uint32_t *at = nnv_table_at(&trace->ids, (uint64_t)record->id);

	if (at == NULL)
		return false;
	if (*at != NNV_TABLE_NONE) {
		nnv_warn(trace->diag, "duplicate",
		    "id %lld stands twice: the first is kept",
		    (long long)record->id);
		return true;
	}
	if (!is_var && !nnv_str_eq(a.is_var, NNV_STR("0"))) {
		nnv_warn(trace->diag, "is_var", "node %lld does not say "
		    "whether it is an op or a variable: left out",
		    (long long)record->id);
		return true;
	}
	*at = is_var ? JT_VAR | trace->nvars : trace->nops;
	if (!is_var)
		return add_op(r, record->id, &f, &a);
	if (!add_var(r, record->id, &a))
		return false;
	/* The inputs of a variable are its producer; see link_producers. */
	trace->vars[trace->nvars - 1].producer = f.inputs;
	return true;
}

/* A variable's only input is the op that made it. */
static void
link_producers(struct jt_trace *trace)
{
	for (uint32_t v = 0; v < trace->nvars; v++) {
		nnv_value inputs = trace->vars[v].producer;
		uint32_t op = NNV_NONE;
		int64_t id;

		if (nnv_value_len(trace->tree, inputs) > 0 && value_id(
		    trace->tree, nnv_value_at(trace->tree, inputs, 0), &id))
			op = nnv_table_get(&trace->ids, (uint64_t)id);
		trace->vars[v].producer =
		    op != NNV_TABLE_NONE && op < trace->nops ? op : NNV_NONE;
	}
}

static bool
add_use(struct jt_trace *trace, uint32_t var)
{
	if (trace->nuses >= trace->use_cap && !nnv_heap_grow(
	    (void **)&trace->uses, &trace->use_cap, (size_t)trace->nuses + 1,
	    sizeof(*trace->uses)))
		return false;
	trace->uses[trace->nuses++] = var;
	return true;
}

/* The variable that an op names as an input, made up if it has no record:
 * what was executed before tracing began. */
static bool
use_id(struct reader *r, struct jt_op *op, int64_t id)
{
	struct jt_trace *trace = r->trace;
	uint32_t *at = nnv_table_at(&trace->ids, (uint64_t)id);

	if (at == NULL)
		return false;
	if (*at == NNV_TABLE_NONE) {
		*at = JT_VAR | trace->nvars;
		if (!add_var(r, id, NULL))
			return false;
	}
	if ((*at & JT_VAR) == 0) {
		nnv_warn(trace->diag, "op-op", "op %lld takes op %lld as an "
		    "input, not a variable: left out", (long long)op->id,
		    (long long)id);
		return true;
	}
	op->nuses++;
	return add_use(trace, *at & ~JT_VAR);
}

/*
 * Resolve the inputs of every op. Lists can be shared between ops, so that a
 * small file describes any number of edges: honest ones need at least a value
 * each, and never more than the tree holds bytes.
 */
static bool
link_inputs(struct reader *r)
{
	struct jt_trace *trace = r->trace;
	size_t limit = nnv_tree_memory(trace->tree) + 4096;

	for (uint32_t o = 0; o < trace->nops; o++) {
		struct jt_op *op = &trace->ops[o];
		size_t n = nnv_value_len(trace->tree, op->inputs);
		int64_t id;

		op->first_use = trace->nuses;
		if (n > limit - trace->nuses || n > UINT32_MAX / 2)
			return nnv_fail(trace->diag, NNV_E_LIMIT, "the inputs "
			    "of its ops describe more edges than the file has "
			    "bytes");
		for (size_t i = 0; i < n; i++) {
			if (!value_id(trace->tree, nnv_value_at(trace->tree,
			    op->inputs, i), &id))
				nnv_warn(trace->diag, "input", "an input of "
				    "op %lld is no id", (long long)op->id);
			else if (!use_id(r, op, id))
				return nnv_fail_memory(trace->diag);
		}
	}
	return true;
}

/* Index what each op makes and who uses each variable. */
static bool
index_vars(struct jt_trace *trace)
{
	uint32_t at = 0;

	trace->outs = nnv_heap_alloc(trace->nvars + (size_t)1,
	    sizeof(*trace->outs));
	trace->users = nnv_heap_alloc(trace->nuses + (size_t)1,
	    sizeof(*trace->users));
	if (trace->outs == NULL || trace->users == NULL)
		return nnv_fail_memory(trace->diag);
	for (uint32_t u = 0; u < trace->nuses; u++)
		trace->vars[trace->uses[u]].nusers++;
	for (uint32_t v = 0; v < trace->nvars; v++) {
		struct jt_var *var = &trace->vars[v];

		var->first_user = at;
		at += var->nusers;
		var->nusers = 0;
		if (var->producer != NNV_NONE)
			trace->ops[var->producer].nouts++;
	}
	at = 0;
	for (uint32_t o = 0; o < trace->nops; o++) {
		struct jt_op *op = &trace->ops[o];

		op->first_out = at;
		at += op->nouts;
		op->nouts = 0;
		for (uint32_t u = 0; u < op->nuses; u++) {
			struct jt_var *var =
			    &trace->vars[trace->uses[op->first_use + u]];

			trace->users[var->first_user + var->nusers++] = o;
		}
	}
	for (uint32_t v = 0; v < trace->nvars; v++) {
		uint32_t o = trace->vars[v].producer;

		if (o != NNV_NONE)
			trace->outs[trace->ops[o].first_out +
			    trace->ops[o].nouts++] = v;
	}
	return true;
}

static bool
read_all(struct reader *r, nnv_value node_data)
{
	struct jt_trace *trace = r->trace;

	if (!collect_records(r, node_data))
		return false;
	if (r->nrecords >= JT_VAR)
		return nnv_fail(trace->diag, NNV_E_LIMIT,
		    "more than 2^31 nodes");
	for (size_t i = 0; i < r->nrecords; i++)
		if (!read_record(r, &r->records[i]))
			return nnv_fail_memory(trace->diag);
	link_producers(trace);
	if (!link_inputs(r) || !index_vars(trace))
		return false;
	if (trace->graph->failed || r->pairs.failed || r->tree.failed)
		return nnv_fail_memory(trace->diag);
	return true;
}

bool
nnv_jt_read(struct jt_trace *trace, nnv_value node_data)
{
	struct reader r = { .trace = trace };
	bool ok;

	nnv_table_init(&r.pairs);
	nnv_table_init(&r.tree);
	nnv_table_init(&r.long_stacks);
	nnv_table_init(&r.specs);
	ok = read_all(&r, node_data);
	nnv_heap_free(r.records);
	nnv_heap_free(r.kept);
	nnv_table_release(&r.pairs);
	nnv_table_release(&r.tree);
	nnv_table_release(&r.long_stacks);
	nnv_table_release(&r.specs);
	return ok;
}
