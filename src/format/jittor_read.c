/*
 * From values to records. A dump is {"node_data": {id: node}, ...}; a node is
 * {"id", "inputs", "outputs", "stacks", "attrs"}. Its dictionaries have no
 * order of their own, so records are sorted by id, which is nearly the order of
 * execution. Each is read once, front to back, as a trace is larger than any
 * cache of the machine: what it names is noted by number until all are known.
 */
#include <stdlib.h>

#include "jittor_trace.h"

enum {
	MAX_DIMS = 64,
	SPREAD = 8,     /* ids to a record, at most, for a table of them */
	AHEAD = 12,     /* records that memory is asked for in advance */
	RESTS = 1 << 16 /* records between rests of the input */
};

/* A spec that variables share; NULL: its shape was not understood. */
struct kept {
	const struct nnv_spec *spec;
};

struct reader {
	struct jt_trace *trace;
	struct jt_stacks stacks;
	struct nnv_fields fields, attrs; /* of a record */
	struct nnv_table specs;          /* (shape, dtype) -> index in kept */
	struct kept *kept;
	size_t nkept, kept_cap;
	int64_t *missing; /* ids that are named and have no record */
	size_t nmissing, missing_cap;
	size_t budget;    /* uses that the file may describe */
	size_t ninputs;   /* of ops and variables */
	size_t nlost;     /* of them, those that name no record */
	size_t norphans;  /* variables whose op has no record */
	nnv_name no_name; /* of most variables */
};

void
nnv_jt_trace_init(struct jt_trace *trace, const struct nnv_tree *tree,
    struct nnv_graph *graph, struct nnv_diag *diag)
{
	*trace = (struct jt_trace){
		.tree = tree, .graph = graph, .diag = diag
	};
	nnv_table_init(&trace->before);
}

void
nnv_jt_trace_release(struct jt_trace *trace)
{
	nnv_heap_free(trace->records);
	nnv_heap_free(trace->places);
	nnv_heap_free(trace->ops);
	nnv_heap_free(trace->vars);
	nnv_heap_free(trace->frames);
	nnv_heap_free(trace->uses);
	nnv_heap_free(trace->outs);
	nnv_heap_free(trace->users);
	nnv_table_release(&trace->before);
}

bool
nnv_jt_int(struct nnv_str s, int64_t *out)
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

bool
nnv_jt_id(const struct nnv_tree *tree, nnv_value v, int64_t *id)
{
	return nnv_value_int(tree, v, id) ||
	    (nnv_value_kind(tree, v) == NNV_TEXT &&
		nnv_jt_int(nnv_value_text(tree, v), id));
}

static int
record_cmp(const void *a, const void *b)
{
	int64_t x = ((const struct jt_record *)a)->id;
	int64_t y = ((const struct jt_record *)b)->id;

	return (x > y) - (x < y);
}

static void
warn_twice(struct jt_trace *trace, int64_t id)
{
	nnv_warn(trace->diag, "duplicate",
	    "id %lld stands twice: the first is kept", (long long)id);
}

/* Keep the first of the records of one id. */
static void
drop_duplicates(struct jt_trace *trace)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < trace->nrecords; i++) {
		const struct jt_record *record = &trace->records[i];

		if (kept > 0 && trace->records[kept - 1].id == record->id)
			warn_twice(trace, record->id);
		else
			trace->records[kept++] = *record;
	}
	trace->nrecords = kept;
}

/*
 * Put the records into order by their ids, which lie within SPREAD from FIRST
 * on: each has a place, and no id is compared with another.
 */
static bool
place_records(struct jt_trace *trace, int64_t first, size_t spread)
{
	struct jt_record *sorted = nnv_heap_alloc(trace->nrecords + (size_t)1,
	    sizeof(*sorted));
	uint32_t n = 0;

	trace->places = nnv_heap_alloc(spread + 1, sizeof(*trace->places));
	if (sorted == NULL || trace->places == NULL) {
		nnv_heap_free(sorted);
		return nnv_fail_memory(trace->diag);
	}
	memset(trace->places, 0xff, (spread + 1) * sizeof(*trace->places));
	for (uint32_t i = 0; i < trace->nrecords; i++) {
		int64_t id = trace->records[i].id;
		uint32_t *place = &trace
				       ->places[(uint64_t)id - (uint64_t)first];

		if (*place != NNV_NONE)
			warn_twice(trace, id);
		else
			*place = i;
	}
	for (size_t at = 0; at <= spread; at++)
		if (trace->places[at] != NNV_NONE) {
			sorted[n] = trace->records[trace->places[at]];
			trace->places[at] = n++;
		}
	nnv_heap_free(trace->records);
	trace->records = sorted;
	trace->nrecords = n;
	return true;
}

/* Put the records into order by their ids, and each id once. Ids are of 64
 * bits: what lies between two may not fit in their type. */
static bool
sort_records(struct jt_trace *trace)
{
	struct jt_record *records = trace->records;
	uint32_t n = trace->nrecords;
	int64_t min = INT64_MAX, max = INT64_MIN;
	uint64_t spread;

	for (uint32_t i = 0; i < n; i++) {
		min = records[i].id < min ? records[i].id : min;
		max = records[i].id > max ? records[i].id : max;
	}
	spread = (uint64_t)max - (uint64_t)min;
	if (n == 0)
		return true;
	if (spread / SPREAD < n)
		return place_records(trace, min, (size_t)spread);
	qsort(records, n, sizeof(*records), record_cmp);
	drop_duplicates(trace);
	trace->density = (trace->nrecords - 1) / (double)spread;
	return true;
}

/* The records with a usable id, sorted by it. */
static bool
collect_records(struct jt_trace *trace, nnv_value node_data)
{
	const struct nnv_tree *tree = trace->tree;
	const int64_t *ids = nnv_value_int_keys(tree, node_data);
	size_t n = nnv_value_len(tree, node_data);

	if (n >= JT_VAR)
		return nnv_fail(trace->diag, NNV_E_LIMIT,
		    "more than 2^31 nodes");
	trace->records = nnv_heap_alloc(n + 1, sizeof(*trace->records));
	if (trace->records == NULL)
		return nnv_fail_memory(trace->diag);
	for (size_t i = 0; i < n; i++) {
		struct jt_record *at = &trace->records[trace->nrecords];

		nnv_value_expect(tree,
		    ids != NULL ? nnv_value_at(tree, node_data, i + AHEAD)
				: nnv_value_key(tree, node_data, i + AHEAD));
		at->what = NNV_NONE;
		at->value = nnv_value_at(tree, node_data, i);
		if (ids != NULL)
			at->id = ids[i];
		if ((ids == NULL &&
			!nnv_jt_id(tree, nnv_value_key(tree, node_data, i),
			    &at->id)) ||
		    nnv_value_kind(tree, at->value) != NNV_MAP)
			nnv_warn(trace->diag, "record",
			    "an entry of node_data is no record under an "
			    "integer id: left out");
		else
			trace->nrecords++;
	}
	return sort_records(trace);
}

/* The place of an ID among the records from LOW up to HIGH, or NNV_NONE. */
static uint32_t
search(const struct jt_trace *trace, uint32_t low, uint32_t high, int64_t id)
{
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (trace->records[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < trace->nrecords && trace->records[low].id == id ? low
								     : NNV_NONE;
}

/*
 * The record of an ID, or NNV_NONE. Where ids lie far apart they count up
 * nearly evenly: where it would stand if they did is a good place to start
 * from, in steps that double.
 */
static uint32_t
find_record(const struct jt_trace *trace, int64_t id)
{
	const struct jt_record *records = trace->records;
	uint32_t last = trace->nrecords - 1, step = 1, at, from;

	if (trace->nrecords == 0 || id < records[0].id || id > records[last].id)
		return NNV_NONE;
	if (trace->places != NULL)
		return trace->places[(uint64_t)id - (uint64_t)records[0].id];
	at = (uint32_t)(((double)id - (double)records[0].id) * trace->density);
	at = from = at < last ? at : last;
	if (records[at].id == id)
		return at;
	if (records[at].id < id) {
		while (last - at > step && records[at].id < id) {
			from = at;
			at += step;
			step *= 2;
		}
		return search(trace, from,
		    records[at].id < id ? last + 1 : at + 1, id);
	}
	while (at > step && records[at].id > id) {
		from = at;
		at -= step;
		step *= 2;
	}
	return search(trace, records[at].id > id ? 0 : at, from + 1, id);
}

uint32_t
nnv_jt_find(const struct jt_trace *trace, int64_t id)
{
	uint32_t at = find_record(trace, id);

	if (at != NNV_NONE && trace->records[at].what != NNV_NONE)
		return trace->records[at].what;
	return nnv_table_get(&trace->before, (uint64_t)id);
}

/* The fields of a record that matter here, and the texts of its attributes,
 * absent where it has none. */
enum { F_INPUTS, F_STACKS, F_ATTRS, NFIELDS };
enum { A_IS_VAR, A_NAME, A_SHAPE, A_DTYPE, A_DSIZE, A_GRAD, A_DATA, NATTRS };

static void
init_fields(struct reader *r)
{
	static const struct nnv_str fields[] = {
		[F_INPUTS] = NNV_STR_INIT("inputs"),
		[F_STACKS] = NNV_STR_INIT("stacks"),
		[F_ATTRS] = NNV_STR_INIT("attrs"),
	};
	static const struct nnv_str attrs[] = {
		[A_IS_VAR] = NNV_STR_INIT("is_var"),
		[A_NAME] = NNV_STR_INIT("name"),
		[A_SHAPE] = NNV_STR_INIT("shape"),
		[A_DTYPE] = NNV_STR_INIT("dtype"),
		[A_DSIZE] = NNV_STR_INIT("dsize"),
		[A_GRAD] = NNV_STR_INIT("grad_op_id"),
		[A_DATA] = NNV_STR_INIT("data"),
	};

	r->fields.keys = fields;
	r->fields.n = NFIELDS;
	r->attrs.keys = attrs;
	r->attrs.n = NATTRS;
}

static struct nnv_str
text_of(const struct reader *r, nnv_value v)
{
	return v != NNV_NO_VALUE ? nnv_value_text(r->trace->tree, v)
				 : nnv_str(NULL);
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
			    !nnv_jt_int(item, &shape[*ndim]))
				return false;
			(*ndim)++;
		}
		start = i + 1;
	}
	return true;
}

/* One spec for all variables of one shape and dtype. */
static const struct nnv_spec *
read_spec(struct reader *r, struct nnv_str text, struct nnv_str type)
{
	struct nnv_graph *graph = r->trace->graph;
	nnv_name dtype = nnv_graph_name(graph, type);
	uint32_t *slot = nnv_table_at(&r->specs,
	    nnv_table_pair(nnv_graph_name(graph, text), dtype));
	int64_t shape[MAX_DIMS];
	uint32_t ndim;

	if (slot == NULL)
		return NULL;
	if (*slot != NNV_TABLE_NONE)
		return r->kept[*slot].spec;
	if (r->nkept == r->kept_cap &&
	    !nnv_heap_grow((void **)&r->kept, &r->kept_cap, r->nkept + 1,
		sizeof(*r->kept))) {
		graph->failed = true;
		return NULL;
	}
	r->kept[r->nkept].spec = NULL;
	if (parse_shape(text, shape, &ndim))
		r->kept[r->nkept].spec = nnv_spec_tensor(graph, shape, ndim,
		    dtype);
	else
		nnv_warn(r->trace->diag, "shape",
		    "a variable's shape is not of the form \"[2,3,]\"");
	*slot = (uint32_t)r->nkept++;
	return r->kept[*slot].spec;
}

/* Give an id without a record a number behind those of records. */
static bool
note_missing(struct reader *r, int64_t id, uint32_t *at)
{
	if (!nnv_heap_grow((void **)&r->missing, &r->missing_cap,
		r->nmissing + 1, sizeof(*r->missing)))
		return false;
	*at = r->trace->nrecords + (uint32_t)r->nmissing;
	r->missing[r->nmissing++] = id;
	return true;
}

/*
 * Note what the ops and variables that a list of ids names are. A file can
 * share a list between ops, and so describe any number of edges: honest ones
 * need at least a value each, and never more than the tree holds bytes.
 */
static bool
note_inputs(struct reader *r, struct jt_op *op, nnv_value list)
{
	struct jt_trace *trace = r->trace;
	size_t n = nnv_value_len(trace->tree, list);
	int64_t id;

	op->first_use = trace->nuses;
	if (n > r->budget - trace->nuses)
		return nnv_fail(trace->diag, NNV_E_LIMIT,
		    "the inputs of its "
		    "ops describe more edges than the file has bytes");
	if (!nnv_heap_grow((void **)&trace->uses, &trace->use_cap,
		trace->nuses + n, sizeof(*trace->uses)))
		return nnv_fail_memory(trace->diag);
	for (size_t i = 0; i < n; i++) {
		uint32_t at;

		if (!nnv_jt_id(trace->tree, nnv_value_at(trace->tree, list, i),
			&id)) {
			nnv_warn(trace->diag, "input",
			    "an input of op %lld "
			    "is no id",
			    (long long)op->id);
			continue;
		}
		at = find_record(trace, id);
		r->ninputs++;
		r->nlost += at == NNV_NONE;
		if (at == NNV_NONE && !note_missing(r, id, &at))
			return nnv_fail_memory(trace->diag);
		trace->uses[trace->nuses++] = at;
	}
	op->nuses = trace->nuses - op->first_use;
	return true;
}

static bool
add_op(struct reader *r, int64_t id, const nnv_value *fields,
    const nnv_value *attrs)
{
	struct jt_trace *trace = r->trace;
	struct jt_op op = { .id = id, .grad_of = -1 };
	struct nnv_str name = text_of(r, attrs[A_NAME]);

	if (!nnv_heap_grow((void **)&trace->ops, &trace->op_cap,
		(size_t)trace->nops + 1, sizeof(*trace->ops)))
		return nnv_fail_memory(trace->diag);
	op.name = nnv_graph_name(trace->graph,
	    name.p != NULL ? name : NNV_STR("op"));
	op.frame = nnv_jt_stack_read(&r->stacks, fields[F_STACKS], &op.site);
	if (attrs[A_GRAD] != NNV_NO_VALUE &&
	    !nnv_jt_int(text_of(r, attrs[A_GRAD]), &op.grad_of))
		op.grad_of = -1;
	if (!note_inputs(r, &op, fields[F_INPUTS]))
		return false;
	trace->ops[trace->nops++] = op;
	return true;
}

/* Append a variable of which nothing is known; NULL: no memory. */
static struct jt_var *
add_var(struct reader *r, int64_t id)
{
	struct jt_trace *trace = r->trace;

	if (trace->nvars >= JT_VAR - 1 ||
	    !nnv_heap_grow((void **)&trace->vars, &trace->var_cap,
		(size_t)trace->nvars + 1, sizeof(*trace->vars))) {
		nnv_fail_memory(trace->diag);
		return NULL;
	}
	trace->vars[trace->nvars] = (struct jt_var){ .id = id,
		.name = r->no_name,
		.producer = NNV_NONE,
		.param = NNV_NONE,
		.bytes = NNV_UNKNOWN };
	return &trace->vars[trace->nvars++];
}

/* The record of the op that made a variable: its only input. */
static uint32_t
note_producer(struct reader *r, nnv_value inputs)
{
	const struct jt_trace *trace = r->trace;
	uint32_t at;
	int64_t id;

	if (nnv_value_len(trace->tree, inputs) == 0 ||
	    !nnv_jt_id(trace->tree, nnv_value_at(trace->tree, inputs, 0), &id))
		return NNV_NONE;
	at = find_record(trace, id);
	r->ninputs++;
	r->nlost += at == NNV_NONE;
	r->norphans += at == NNV_NONE;
	return at;
}

static bool
read_var(struct reader *r, int64_t id, const nnv_value *fields,
    const nnv_value *attrs)
{
	struct jt_trace *trace = r->trace;
	struct jt_var *var = add_var(r, id);
	struct nnv_str name = text_of(r, attrs[A_NAME]);
	struct nnv_str shape = text_of(r, attrs[A_SHAPE]);

	if (var == NULL)
		return false;
	if (name.n > 0)
		var->name = nnv_graph_name(trace->graph, name);
	if (shape.p != NULL)
		var->spec = read_spec(r, shape, text_of(r, attrs[A_DTYPE]));
	if (!nnv_jt_int(text_of(r, attrs[A_DSIZE]), &var->bytes) ||
	    var->bytes < 0)
		var->bytes = NNV_UNKNOWN;
	var->producer = note_producer(r, fields[F_INPUTS]);
	return nnv_jt_add_values(trace, var, attrs[A_DATA]);
}

/* One record becomes an op or a variable. */
static bool
read_record(struct reader *r, struct jt_record *record)
{
	struct jt_trace *trace = r->trace;
	nnv_value fields[NNV_FIELDS], attrs[NNV_FIELDS];
	struct nnv_str is_var;

	nnv_value_fields(trace->tree, record->value, &r->fields, fields);
	nnv_value_fields(trace->tree, fields[F_ATTRS], &r->attrs, attrs);
	is_var = text_of(r, attrs[A_IS_VAR]);
	if (nnv_str_eq(is_var, NNV_STR("1"))) {
		record->what = JT_VAR | trace->nvars;
		return read_var(r, record->id, fields, attrs);
	}
	if (nnv_str_eq(is_var, NNV_STR("0"))) {
		record->what = trace->nops;
		return add_op(r, record->id, fields, attrs);
	}
	nnv_warn(trace->diag, "is_var",
	    "node %lld does not say whether it is "
	    "an op or a variable: left out",
	    (long long)record->id);
	return true;
}

static void
link_producers(struct jt_trace *trace)
{
	for (uint32_t v = 0; v < trace->nvars; v++) {
		uint32_t *producer = &trace->vars[v].producer;

		if (*producer != NNV_NONE)
			*producer = trace->records[*producer].what;
		if (*producer != NNV_NONE && (*producer & JT_VAR) != 0)
			*producer = NNV_NONE;
	}
}

/* What a use that was noted is; made up if it has no record: a variable that
 * was there before tracing began. NNV_NONE: no memory. */
static uint32_t
resolve_use(struct reader *r, uint32_t use)
{
	struct jt_trace *trace = r->trace;
	uint32_t *at;
	int64_t id;

	if (use < trace->nrecords && trace->records[use].what != NNV_NONE)
		return trace->records[use].what;
	id = use < trace->nrecords ? trace->records[use].id
				   : r->missing[use - trace->nrecords];
	at = nnv_table_at(&trace->before, (uint64_t)id);
	if (at == NULL) {
		nnv_fail_memory(trace->diag);
		return NNV_NONE;
	}
	if (*at == NNV_TABLE_NONE) {
		if (add_var(r, id) == NULL)
			return NNV_NONE;
		*at = JT_VAR | (trace->nvars - 1);
	}
	return *at;
}

/* Make variables of what every op was noted to use. */
static bool
link_inputs(struct reader *r)
{
	struct jt_trace *trace = r->trace;
	uint32_t kept = 0;

	for (uint32_t o = 0; o < trace->nops; o++) {
		struct jt_op *op = &trace->ops[o];
		uint32_t end = op->first_use + op->nuses;
		uint32_t u = op->first_use;

		for (op->first_use = kept; u < end; u++) {
			uint32_t what = resolve_use(r, trace->uses[u]);

			if (what == NNV_NONE)
				return false;
			if ((what & JT_VAR) != 0)
				trace->uses[kept++] = what & ~JT_VAR;
			else
				nnv_warn(trace->diag, "op-op",
				    "op %lld takes "
				    "op %lld as an input, not a variable: left "
				    "out",
				    (long long)op->id,
				    (long long)trace->ops[what].id);
		}
		op->nuses = kept - op->first_use;
	}
	trace->nuses = kept;
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
			struct jt_var
			    *var = &trace->vars[trace->uses[op->first_use + u]];

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

/* Ops that name an output, and no variable has them as its producer. */
static size_t
count_fruitless(const struct jt_trace *trace)
{
	static const struct nnv_str key = NNV_STR_INIT("outputs");
	struct nnv_fields fields = { .keys = &key, .n = 1 };
	size_t n = 0;

	for (uint32_t i = 0; i < trace->nrecords; i++) {
		uint32_t o = trace->records[i].what;
		nnv_value outputs[NNV_FIELDS];
		int64_t id;

		if (o >= trace->nops || trace->ops[o].nouts != 0)
			continue;
		nnv_value_fields(trace->tree, trace->records[i].value, &fields,
		    outputs);
		n += nnv_value_len(trace->tree, outputs[0]) != 0 &&
		    nnv_jt_id(trace->tree,
			nnv_value_at(trace->tree, outputs[0], 0), &id) &&
		    find_record(trace, id) == NNV_NONE;
	}
	return n;
}

/*
 * What a model had before it was recorded has no record, and is an input of
 * ops all the same: that is no damage. But an op and what it makes are recorded
 * together.
 */
static void
warn_of_gaps(const struct reader *r)
{
	const struct jt_trace *trace = r->trace;
	size_t gaps = r->norphans + count_fruitless(trace);

	if (r->nlost > 0 && gaps > 1 + trace->nrecords / (size_t)200)
		nnv_warn(trace->diag, "gaps",
		    "%zu of %zu inputs refer to nodes that are not in the "
		    "file: the recording seems incomplete",
		    r->nlost, r->ninputs);
}

/* Ids are in no order of the file's, which is larger than any cache. */
static void
expect_records(const struct jt_trace *trace, uint32_t i)
{
	uint32_t left = trace->nrecords - i;

	if (left > 2 * AHEAD)
		nnv_value_expect(trace->tree,
		    trace->records[i + 2 * AHEAD].value);
	if (left > AHEAD)
		nnv_value_expect_input(trace->tree,
		    trace->records[i + AHEAD].value);
}

static bool
read_all(struct reader *r, nnv_value node_data)
{
	struct jt_trace *trace = r->trace;

	if (!collect_records(trace, node_data))
		return false;
	for (uint32_t i = 0; i < trace->nrecords; i++) {
		if (i % RESTS == 0)
			nnv_tree_rest(trace->tree);
		expect_records(trace, i);
		if (!read_record(r, &trace->records[i]))
			return false;
	}
	link_producers(trace);
	if (!link_inputs(r) || !index_vars(trace))
		return false;
	warn_of_gaps(r);
	return !(trace->graph->failed || r->specs.failed ||
		   r->stacks.pairs.failed || r->stacks.children.failed ||
		   r->stacks.lists.failed) ||
	    nnv_fail_memory(trace->diag);
}

bool
nnv_jt_read(struct jt_trace *trace, nnv_value node_data)
{
	size_t budget = nnv_tree_memory(trace->tree) + 4096;
	struct reader r = {
		.trace = trace,
		.budget = budget < JT_VAR ? budget : JT_VAR - 1,
		.no_name = nnv_graph_name(trace->graph, NNV_STR("")),
	};
	bool ok;

	init_fields(&r);
	nnv_jt_stacks_init(&r.stacks, trace);
	nnv_table_init(&r.specs);
	ok = read_all(&r, node_data);
	nnv_jt_stacks_release(&r.stacks);
	nnv_table_release(&r.specs);
	nnv_heap_free(r.kept);
	nnv_heap_free(r.missing);
	return ok;
}
