/*
 * The Python objects that plain data travels in.
 *
 * A pickle names a function or class by module and name, puts arguments on the
 * stack and says REDUCE: call it. A few such calls do nothing but wrap plain
 * data: an OrderedDict is a dict, bytes are written as a call of an encoder in
 * old protocols, numpy's scalars are numbers. They are the rows of the table
 * below; what their arguments mean is known here, and nothing is called.
 *
 * A name that is not in the table is refused where it appears, used or not:
 * nobody writes os.system into a file of plain data by accident.
 */
#include "machine.h"

enum {
	FACTORY = 1,   /* a defaultdict may name it */
	TYPE = 2,      /* NEWOBJ may make one */
	ATTRIBUTES = 4 /* BUILD may give it some, which are not data */
};

struct row {
	char module[24], name[16];
	nnv_value (*make)(struct nnv_machine *m, const struct row *row,
	    nnv_value args); /* NULL: never called */
	enum nnv_kind kind;  /* of what is made */
	unsigned int flags;
};

static nnv_value
fail_arguments(struct nnv_machine *m, const struct row *row)
{
	nnv_machine_report(m, NNV_E_UNSAFE,
	    "calls %s.%s in a way that is not known" ONLY_DATA, row->module,
	    row->name);
	return NNV_NO_VALUE;
}

static nnv_value
add_container(struct nnv_machine *m, enum nnv_kind kind)
{
	return nnv_tree_add_container(m->tree, kind, nnv_machine_at(m),
	    m->diag);
}

static nnv_value
argument(const struct nnv_machine *m, nnv_value args, size_t i)
{
	return nnv_value_at(m->tree, args, i);
}

/* Whether V can be iterated over here: a container that is no map. */
static bool
is_iterable(const struct nnv_machine *m, nnv_value v)
{
	enum nnv_kind kind = nnv_value_kind(m->tree, v);

	return kind >= NNV_LIST && kind <= NNV_FROZENSET;
}

/* list(), tuple(x), set([...]): a copy of the elements. */
static nnv_value
make_sequence(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	size_t nargs = nnv_value_len(m->tree, args), n;
	nnv_value from = argument(m, args, 0), v;
	const nnv_value *items;

	if (nargs > 1 || (nargs == 1 && !is_iterable(m, from)))
		return fail_arguments(m, row);
	v = add_container(m, row->kind);
	if (v == NNV_NO_VALUE || nargs == 0)
		return v;
	items = nnv_tree_block(m->tree, from, &n);
	if (!nnv_tree_extend(m->tree, v, items, n, m->diag))
		return NNV_NO_VALUE;
	return v;
}

static bool
put(struct nnv_machine *m, nnv_value map, nnv_value key, nnv_value value)
{
	const nnv_value pair[2] = { key, value };

	return nnv_tree_put(m->tree, map, pair, 1, m->diag);
}

/* The pairs of FROM, a map or a sequence of sequences of two. */
static bool
put_all(struct nnv_machine *m, const struct row *row, nnv_value map,
    nnv_value from)
{
	bool is_map = nnv_value_kind(m->tree, from) == NNV_MAP;
	size_t n = nnv_value_len(m->tree, from), i;

	for (i = 0; i < n; i++) {
		nnv_value value = nnv_value_at(m->tree, from, i), key;

		if (is_map) {
			key = nnv_value_key(m->tree, from, i);
		} else if (is_iterable(m, value) &&
		    nnv_value_len(m->tree, value) == 2) {
			key = nnv_value_at(m->tree, value, 0);
			value = nnv_value_at(m->tree, value, 1);
		} else {
			fail_arguments(m, row);
			return false;
		}
		if (!put(m, map, key, value))
			return false;
	}
	return true;
}

/* dict(), OrderedDict([[key, value], ...]), dict({...}). */
static nnv_value
make_map(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	size_t nargs = nnv_value_len(m->tree, args);
	nnv_value from = argument(m, args, 0), v;

	if (nargs > 1 ||
	    (nargs == 1 && !is_iterable(m, from) &&
		nnv_value_kind(m->tree, from) != NNV_MAP))
		return fail_arguments(m, row);
	v = add_container(m, NNV_MAP);
	if (v == NNV_NO_VALUE)
		return v;
	if (row->flags & ATTRIBUTES)
		nnv_tree_record(m->tree, v)[REC_HEAD] |= HEAD_MADE;
	if (nargs == 1 && !put_all(m, row, v, from))
		return NNV_NO_VALUE;
	return v;
}

static const struct row *row_of(const struct nnv_machine *m, nnv_value v);

/* defaultdict(), defaultdict(list). */
static nnv_value
make_defaultdict(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	size_t nargs = nnv_value_len(m->tree, args);
	nnv_value factory = argument(m, args, 0);
	const struct row *of = row_of(m, factory);

	if (nargs > 1 ||
	    (nargs == 1 && nnv_value_kind(m->tree, factory) != NNV_NULL &&
		(of == NULL || !(of->flags & FACTORY))))
		return fail_arguments(m, row);
	return make_map(m, row, NNV_NO_VALUE);
}

/* Whether V names the encoding latin-1. */
static bool
is_latin1(const struct nnv_machine *m, nnv_value v)
{
	struct nnv_str name = nnv_value_text(m->tree, v);

	return nnv_value_kind(m->tree, v) == NNV_TEXT &&
	    (nnv_str_eq(name, NNV_STR("latin1")) ||
		nnv_str_eq(name, NNV_STR("latin-1")));
}

/* TEXT as bytes, a byte for each of its characters; absent if one is too
 * large for that, or memory is out. */
static struct nnv_str
encode_latin1(struct nnv_machine *m, struct nnv_str text)
{
	char *bytes = nnv_tree_bytes(m->tree, text.n, m->diag);
	size_t n = 0, i;

	if (bytes == NULL)
		return nnv_str(NULL);
	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c > 0xc3)
			return nnv_str(NULL);
		if (c >= 0x80)
			c = (unsigned char)(c << 6 | (text.p[++i] & 0x3f));
		bytes[n++] = (char)c;
	}
	nnv_tree_trim(m->tree, text.n, n);
	return (struct nnv_str){ bytes, n };
}

/* bytes of kind KIND from args (text, "latin-1"). */
static nnv_value
make_encoded(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	nnv_value text = argument(m, args, 0);
	struct nnv_str bytes = nnv_str(NULL);

	if (nnv_value_len(m->tree, args) == 2 &&
	    nnv_value_kind(m->tree, text) == NNV_TEXT &&
	    is_latin1(m, argument(m, args, 1)))
		bytes = encode_latin1(m, nnv_value_text(m->tree, text));
	if (bytes.p == NULL)
		return fail_arguments(m, row);
	return nnv_tree_add_text(m->tree, row->kind, bytes, nnv_machine_at(m),
	    m->diag);
}

/* bytearray(), bytearray(b"..."), bytearray("...", "latin-1"). */
static nnv_value
make_bytearray(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	size_t nargs = nnv_value_len(m->tree, args);
	struct nnv_str bytes = m->tree->input;
	nnv_value from = argument(m, args, 0);

	bytes.n = 0;
	if (nargs == 2)
		return make_encoded(m, row, args);
	if (nargs == 1 && nnv_value_kind(m->tree, from) == NNV_BYTES)
		bytes = nnv_value_text(m->tree, from);
	else if (nargs != 0)
		return fail_arguments(m, row);
	return nnv_tree_add_text(m->tree, row->kind, bytes, nnv_machine_at(m),
	    m->diag);
}

static nnv_value
make_dtype(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	nnv_value v = nnv_numpy_dtype(m, args);

	return v != NNV_NO_VALUE ? v : fail_arguments(m, row);
}

static nnv_value
make_scalar(struct nnv_machine *m, const struct row *row, nnv_value args)
{
	nnv_value v = nnv_numpy_scalar(m, args);

	return v != NNV_NO_VALUE ? v : fail_arguments(m, row);
}

static const struct row rows[] = { { "builtins", "list", make_sequence,
				       NNV_LIST, TYPE | FACTORY },
	{ "builtins", "tuple", make_sequence, NNV_TUPLE, TYPE | FACTORY },
	{ "builtins", "set", make_sequence, NNV_SET, TYPE | FACTORY },
	{ "builtins", "frozenset", make_sequence, NNV_FROZENSET,
	    TYPE | FACTORY },
	{ "builtins", "dict", make_map, NNV_MAP, TYPE | FACTORY },
	{ "builtins", "bytearray", make_bytearray, NNV_BYTEARRAY,
	    TYPE | FACTORY },
	{ "builtins", "int", NULL, NNV_INT, FACTORY },
	{ "builtins", "float", NULL, NNV_REAL, FACTORY },
	{ "builtins", "str", NULL, NNV_TEXT, FACTORY },
	{ "collections", "OrderedDict", make_map, NNV_MAP,
	    TYPE | FACTORY | ATTRIBUTES },
	{ "collections", "defaultdict", make_defaultdict, NNV_MAP, ATTRIBUTES },
	{ "_codecs", "encode", make_encoded, NNV_BYTES, 0 },
	{ "torch", "Size", make_sequence, NNV_TUPLE, TYPE },
	{ "numpy", "dtype", make_dtype, NNV_INERT, 0 },
	{ "numpy.core.multiarray", "scalar", make_scalar, NNV_NULL, 0 } };

enum { NROWS = sizeof(rows) / sizeof(rows[0]) };

static_assert((int)NROWS <= (int)PYTHON_ROWS,
    "the machine has room for every row");

/* Modules that have been renamed. */
static const struct {
	const char *old, *new;
} aliases[] = { { "__builtin__", "builtins" },
	{ "numpy._core.multiarray", "numpy.core.multiarray" } };

static struct nnv_str
current_name(struct nnv_str module)
{
	size_t i;

	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (nnv_str_eq(module, nnv_str(aliases[i].old)))
			return nnv_str(aliases[i].new);
	}
	return module;
}

/* The row that the inert reference V came from, or NULL. */
static const struct row *
row_of(const struct nnv_machine *m, nnv_value v)
{
	size_t row;

	if (nnv_value_kind(m->tree, v) != NNV_INERT)
		return NULL;
	row = nnv_tree_record(m->tree, v)[REC_HEAD] >> HEAD_COUNT;
	return row < NROWS ? &rows[row] : NULL;
}

static int
shown(struct nnv_str s)
{
	return s.n < 100 ? (int)s.n : 100;
}

/* What people take for a trace or a graph. */
static const char *
mistake(struct nnv_str module)
{
	if (nnv_str_starts(module, NNV_STR("torch.")))
		return ": weights of PyTorch hold no graph: nnviz MODEL -j "
		       "saves one";
	if (nnv_str_starts(module, NNV_STR("jittor")))
		return ": a model of Jittor is no trace: "
		       "jittor.dump_trace_data() makes one";
	return "";
}

static bool
fail_name(struct nnv_machine *m, struct nnv_str module, struct nnv_str name)
{
	return nnv_machine_fail(m, NNV_E_UNSAFE,
	    "refers to Python object %.*s.%.*s" ONLY_DATA "%s", shown(module),
	    module.p, shown(name), name.p, mistake(module));
}

/* The reference to ROW: "module.name", with the row's number in its head. */
static nnv_value
add_inert(struct nnv_machine *m, size_t row)
{
	struct nnv_str module = nnv_str(rows[row].module);
	struct nnv_str name = nnv_str(rows[row].name);
	size_t n = module.n + 1 + name.n;
	char *text = nnv_tree_bytes(m->tree, n, m->diag);
	nnv_value v;

	if (text == NULL)
		return NNV_NO_VALUE;
	memcpy(text, module.p, module.n);
	text[module.n] = '.';
	memcpy(text + module.n + 1, name.p, name.n);
	v = nnv_tree_add_text(m->tree, NNV_INERT, (struct nnv_str){ text, n },
	    nnv_machine_at(m), m->diag);
	if (v != NNV_NO_VALUE)
		nnv_tree_record(m->tree, v)[REC_HEAD] |= (uint32_t)row
		    << HEAD_COUNT;
	return v;
}

/* A name is one object, however often it is mentioned. */
static bool
push_name(struct nnv_machine *m, struct nnv_str module, struct nnv_str name)
{
	struct nnv_str current = current_name(module);
	size_t row;

	for (row = 0; row < NROWS; row++) {
		if (nnv_str_eq(current, nnv_str(rows[row].module)) &&
		    nnv_str_eq(name, nnv_str(rows[row].name)))
			break;
	}
	if (row == NROWS)
		return fail_name(m, module, name);
	if (m->inert[row] == 0) {
		nnv_value v = add_inert(m, row);

		if (v == NNV_NO_VALUE)
			return false;
		m->inert[row] = v + 1;
	}
	return nnv_machine_push(m, m->inert[row] - 1);
}

bool
nnv_python_global(struct nnv_machine *m)
{
	struct nnv_str module, name;

	return nnv_line_next(m, &module) && nnv_line_next(m, &name) &&
	    push_name(m, module, name);
}

bool
nnv_python_stack_global(struct nnv_machine *m)
{
	nnv_value module = m->stack[m->n - 2], name = m->stack[m->n - 1];

	m->n -= 2;
	if (nnv_value_kind(m->tree, module) != NNV_TEXT ||
	    nnv_value_kind(m->tree, name) != NNV_TEXT)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "the name of a Python object is %s, not a text",
		    nnv_kind_name(nnv_value_kind(m->tree,
			nnv_value_kind(m->tree, module) != NNV_TEXT ? module
								    : name)));
	return push_name(m, nnv_value_text(m->tree, module),
	    nnv_value_text(m->tree, name));
}

/* An instance of a class of Python 2. */
bool
nnv_python_inst(struct nnv_machine *m)
{
	struct nnv_str module, name;

	return nnv_line_next(m, &module) && nnv_line_next(m, &name) &&
	    fail_name(m, module, name);
}

/* Pop arguments and callable: the row of the callable, or NULL. */
static const struct row *
pop_call(struct nnv_machine *m, nnv_value *args)
{
	nnv_value callable = m->stack[m->n - 2];
	const struct row *row = row_of(m, callable);

	*args = m->stack[m->n - 1];
	m->n -= 2;
	if (row == NULL) {
		nnv_machine_report(m, NNV_E_UNSAFE, "calls %s" ONLY_DATA,
		    nnv_kind_name(nnv_value_kind(m->tree, callable)));
		return NULL;
	}
	if (row->make == NULL || nnv_value_kind(m->tree, *args) != NNV_TUPLE) {
		fail_arguments(m, row);
		return NULL;
	}
	return row;
}

bool
nnv_python_reduce(struct nnv_machine *m)
{
	nnv_value args;
	const struct row *row = pop_call(m, &args);

	return row != NULL && nnv_machine_push(m, row->make(m, row, args));
}

/* What can be changed later is new and empty, whatever the arguments say. */
bool
nnv_python_newobj(struct nnv_machine *m)
{
	nnv_value args;
	const struct row *row = pop_call(m, &args);

	if (row == NULL)
		return false;
	if (!(row->flags & TYPE)) {
		fail_arguments(m, row);
		return false;
	}
	if (row->kind != NNV_TUPLE && row->kind != NNV_FROZENSET)
		args = NNV_NO_VALUE;
	return nnv_machine_push(m, row->make(m, row, args));
}

/* Attributes of a dictionary object, or the byte order of a dtype. */
bool
nnv_python_build(struct nnv_machine *m)
{
	nnv_value state = m->stack[--m->n], v = m->stack[m->n - 1];
	enum nnv_kind kind = nnv_value_kind(m->tree, v);

	if (kind == NNV_INERT && row_of(m, v) == NULL)
		return nnv_numpy_build(m, v, state);
	if (kind == NNV_MAP &&
	    (nnv_tree_record(m->tree, v)[REC_HEAD] & HEAD_MADE) &&
	    nnv_value_kind(m->tree, state) == NNV_MAP)
		return true;
	return nnv_machine_fail(m, NNV_E_UNSAFE,
	    "sets the state of %s" ONLY_DATA, nnv_kind_name(kind));
}
