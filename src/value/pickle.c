/*
 * The pickle machine. A pickle is a program for a machine with a stack, a memo
 * and some seventy one-byte instructions (CPython, Lib/pickletools.py): push a
 * number, push an empty list, append what is on top to what is below. It ends
 * with STOP, and what is then on top is what was pickled.
 *
 * The same machine can import any Python function and call it, so that reading
 * a pickle in Python is running a program of the file's author. Here nothing
 * is imported or called. An instruction is one of three classes: plain data is
 * supported; the few Python objects that plain data travels in are recognised
 * by name and understood without being made (python.c); everything else is
 * refused, even where its result would be thrown away.
 *
 * Most instructions of a trace push a text and store it in the memo. Pushing
 * costs no memory in the tree, because a value that is spelled out in the file
 * stays there (tree.h). Marks lie on the stack too: a mark is the floor that
 * was valid below it.
 *
 * Nothing recurses and nothing looks back, so time is linear in the input; the
 * keys of maps are compared at the end (unique.c).
 */
#include <stdio.h>

#include "nnviz/file.h"

#include "machine.h"
#include "nnviz/sha1.h"
#include "pushes.h"
#include "unique.h"

enum {
	PROTOCOL = 5,   /* the newest that exists */
	REST = 16 << 20 /* bytes behind the machine that stay in memory */
};

struct instruction {
	const char *name;
	bool (*run)(struct nnv_machine *m);
	uint8_t args;  /* bytes of its argument that are always there */
	uint8_t takes; /* values it needs on the stack */
};

void
nnv_machine_report(struct nnv_machine *m, enum nnv_code code,
    const char *format, ...)
{
	char text[NNV_DIAG_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	nnv_fail_at(m->diag, code, NNV_PLACE_OFFSET(nnv_machine_at(m)), "%s",
	    text);
}

bool
nnv_machine_push(struct nnv_machine *m, nnv_value v)
{
	if (v == NNV_NO_VALUE)
		return false;
	if (m->n == m->cap)
		return nnv_fail_memory(m->diag);
	m->stack[m->n++] = v;
	return true;
}

/*
 * The stack.
 */

static bool
run_mark(struct nnv_machine *m)
{
	if (!nnv_machine_push(m, (nnv_value)m->floor))
		return false;
	m->floor = m->n;
	return true;
}

/*
 * Drop the topmost mark and what is above it: *N values, which stay readable
 * where they are until something is pushed.
 */
static bool
pop_mark(struct nnv_machine *m, const nnv_value **items, size_t *n)
{
	*items = m->stack + m->floor;
	*n = m->n - m->floor;
	if (m->floor == 0)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "there is no mark on the stack");
	m->n = m->floor - 1;
	m->floor = m->stack[m->n];
	return true;
}

static bool
run_pop(struct nnv_machine *m)
{
	const nnv_value *items;
	size_t n;

	if (m->n == m->floor)
		return pop_mark(m, &items, &n);
	m->n--;
	return true;
}

static bool
run_pop_mark(struct nnv_machine *m)
{
	const nnv_value *items;
	size_t n;

	return pop_mark(m, &items, &n);
}

static bool
run_dup(struct nnv_machine *m)
{
	return nnv_machine_push(m, m->stack[m->n - 1]);
}

/* A name of Python's may wait in a list for somebody to ignore it; a pickle
 * that is nothing else is not plain data. */
static bool
run_stop(struct nnv_machine *m)
{
	nnv_value root = m->stack[m->n - 1];
	struct nnv_str name = nnv_value_text(m->tree, root);

	if (nnv_value_kind(m->tree, root) == NNV_INERT)
		return nnv_machine_fail(m, NNV_E_UNSAFE,
		    "refers to Python object %.*s" ONLY_DATA, (int)name.n,
		    name.p);
	m->stopped = true;
	return false;
}

/*
 * Containers.
 */

static nnv_value
add_container(struct nnv_machine *m, enum nnv_kind kind)
{
	return nnv_tree_add_container(m->tree, kind, nnv_machine_at(m),
	    m->diag);
}

static bool
run_empty_list(struct nnv_machine *m)
{
	return nnv_machine_push_new(m, add_container(m, NNV_LIST));
}

static bool
run_empty_dict(struct nnv_machine *m)
{
	const struct nnv_repeat *repeat = nnv_repeat_find(m);

	if (repeat != NULL)
		return nnv_repeat_push(m, repeat);
	return nnv_machine_push_new(m, add_container(m, NNV_MAP));
}

static bool
run_empty_set(struct nnv_machine *m)
{
	return nnv_machine_push_new(m, add_container(m, NNV_SET));
}

/* A container of N ITEMS, which are the top of the stack, in their place. */
static bool
push_sequence(struct nnv_machine *m, enum nnv_kind kind, const nnv_value *items,
    size_t n)
{
	nnv_value v = add_container(m, kind);

	if (v == NNV_NO_VALUE ||
	    !nnv_tree_extend(m->tree, v, items, n, m->diag))
		return false;
	return nnv_machine_push_new(m, v);
}

static bool
run_marked_sequence(struct nnv_machine *m, enum nnv_kind kind)
{
	const nnv_value *items;
	size_t n;

	return pop_mark(m, &items, &n) && push_sequence(m, kind, items, n);
}

static bool
run_list(struct nnv_machine *m)
{
	return run_marked_sequence(m, NNV_LIST);
}

static bool
run_tuple(struct nnv_machine *m)
{
	return run_marked_sequence(m, NNV_TUPLE);
}

static bool
run_frozenset(struct nnv_machine *m)
{
	return run_marked_sequence(m, NNV_FROZENSET);
}

static bool
run_short_tuple(struct nnv_machine *m)
{
	size_t n = *m->op - OP_TUPLE1 + 1U;

	m->n -= n;
	return push_sequence(m, NNV_TUPLE, m->stack + m->n, n);
}

/* The value on top, if it is of the KIND that N items can be added to. CPython
 * does not look when there are none, and neither is anything done then. */
static bool
target(struct nnv_machine *m, enum nnv_kind kind, size_t n, nnv_value *v)
{
	enum nnv_kind is;

	*v = NNV_NO_VALUE;
	if (m->n == m->floor)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "there is nothing on the stack to add to");
	*v = m->stack[m->n - 1];
	is = nnv_value_kind(m->tree, *v);
	if (is != kind && n != 0)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "adds to %s as if it were %s", nnv_kind_name(is),
		    nnv_kind_name(kind));
	return true;
}

static bool
put_pairs(struct nnv_machine *m, nnv_value map, const nnv_value *items,
    size_t n)
{
	if (n % 2 != 0)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "a key without a value");
	return nnv_tree_put(m->tree, map, items, n / 2, m->diag);
}

static bool
run_dict(struct nnv_machine *m)
{
	const nnv_value *items;
	size_t n;
	nnv_value v;

	if (!pop_mark(m, &items, &n))
		return false;
	v = add_container(m, NNV_MAP);
	return v != NNV_NO_VALUE && put_pairs(m, v, items, n) &&
	    nnv_machine_push_new(m, v);
}

static bool
run_append(struct nnv_machine *m)
{
	nnv_value v;

	m->n--;
	return target(m, NNV_LIST, 1, &v) &&
	    nnv_tree_extend(m->tree, v, m->stack + m->n, 1, m->diag);
}

static bool
run_marked_extend(struct nnv_machine *m, enum nnv_kind kind)
{
	const nnv_value *items;
	nnv_value v;
	size_t n;

	return pop_mark(m, &items, &n) && target(m, kind, n, &v) &&
	    (n == 0 || nnv_tree_extend(m->tree, v, items, n, m->diag));
}

static bool
run_appends(struct nnv_machine *m)
{
	return run_marked_extend(m, NNV_LIST);
}

static bool
run_additems(struct nnv_machine *m)
{
	return run_marked_extend(m, NNV_SET);
}

static bool
run_setitem(struct nnv_machine *m)
{
	nnv_value v;

	m->n -= 2;
	return target(m, NNV_MAP, 2, &v) && put_pairs(m, v, m->stack + m->n, 2);
}

static bool
run_setitems(struct nnv_machine *m)
{
	const nnv_value *items;
	nnv_value v;
	size_t n;

	if (!pop_mark(m, &items, &n) || !target(m, NNV_MAP, n, &v))
		return false;
	if (n == 0)
		return true;
	if (!put_pairs(m, v, items, n))
		return false;
	nnv_repeat_note(m, v);
	return true;
}

/*
 * The memo.
 */

static bool
memo_put(struct nnv_machine *m, size_t index)
{
	if (index > nnv_machine_at(m) + MEMO_SLACK)
		return nnv_machine_fail(m, NNV_E_LIMIT,
		    "memo index %zu is beyond what the file can hold", index);
	m->repeats.off |= index != m->memo.n;
	return nnv_memo_put(&m->memo, index, m->stack[m->n - 1]) ||
	    nnv_machine_fail_memo(m);
}

static bool
memo_get(struct nnv_machine *m, size_t index)
{
	nnv_value v = nnv_memo_get(&m->memo, index);

	if (m->memo.again)
		return false;
	m->memo.keeps = m->memo.keeps || !nnv_memo_is_single(&m->memo, v);
	if (v == NNV_NO_VALUE)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "memo index %zu was never stored", index);
	return nnv_machine_push(m, v);
}

static bool
run_memoize(struct nnv_machine *m)
{
	return memo_put(m, m->memo.n);
}

static bool
run_put(struct nnv_machine *m)
{
	size_t index;

	return nnv_line_index(m, &index) && memo_put(m, index);
}

static bool
run_binput(struct nnv_machine *m)
{
	return memo_put(m, m->op[1]);
}

static bool
run_long_binput(struct nnv_machine *m)
{
	return memo_put(m, (size_t)nnv_load_le(m->op + 1, 4));
}

static bool
run_get(struct nnv_machine *m)
{
	size_t index;

	return nnv_line_index(m, &index) && memo_get(m, index);
}

static bool
run_binget(struct nnv_machine *m)
{
	return memo_get(m, m->op[1]);
}

static bool
run_long_binget(struct nnv_machine *m)
{
	return memo_get(m, (size_t)nnv_load_le(m->op + 1, 4));
}

/*
 * What says something about the pickle, and what is refused.
 */

static bool
run_proto(struct nnv_machine *m)
{
	if (m->op[1] > PROTOCOL)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "pickle protocol %d: the newest that is known is %d",
		    m->op[1], PROTOCOL);
	return true;
}

/* What lies well behind will not be looked at for a while. */
static void
rest(struct nnv_machine *m)
{
	size_t at = nnv_machine_at(m);

	if (at - m->rested < 2 * (size_t)REST)
		return;
	nnv_input_rest((struct nnv_str){
	    (const char *)m->start + m->rested, at - REST - m->rested });
	m->rested = at - REST;
}

/* A frame is a hint for reading from a file in pieces. */
static bool
run_frame(struct nnv_machine *m)
{
	uint64_t n = nnv_load_le(m->op + 1, 8);

	if (n > (size_t)(m->end - m->p))
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "the pickle ends inside a frame of "
		    "%llu bytes" NNV_MACHINE_CUT,
		    (unsigned long long)n);
	rest(m);
	return true;
}

static bool
run_object(struct nnv_machine *m)
{
	return nnv_machine_fail(m, NNV_E_UNSAFE,
	    "makes a Python object" ONLY_DATA);
}

static bool
run_extension(struct nnv_machine *m)
{
	return nnv_machine_fail(m, NNV_E_UNSAFE,
	    "refers to a registered Python object" ONLY_DATA);
}

static bool
run_persistent(struct nnv_machine *m)
{
	return nnv_machine_fail(m, NNV_E_UNSAFE,
	    "refers to an object outside the file" ONLY_DATA);
}

static const struct instruction instructions[256] = {
	/* plain data */
	[OP_NONE] = { "NONE", nnv_machine_push_atom, 0, 0 },
	[OP_NEWTRUE] = { "NEWTRUE", nnv_machine_push_atom, 0, 0 },
	[OP_NEWFALSE] = { "NEWFALSE", nnv_machine_push_atom, 0, 0 },
	[OP_INT] = { "INT", nnv_line_int, 0, 0 },
	[OP_LONG] = { "LONG", nnv_line_long, 0, 0 },
	[OP_BININT] = { "BININT", nnv_machine_push_atom, 4, 0 },
	[OP_BININT1] = { "BININT1", nnv_machine_push_atom, 1, 0 },
	[OP_BININT2] = { "BININT2", nnv_machine_push_atom, 2, 0 },
	[OP_LONG1] = { "LONG1", nnv_counted_long1, 1, 0 },
	[OP_LONG4] = { "LONG4", nnv_counted_long4, 4, 0 },
	[OP_FLOAT] = { "FLOAT", nnv_line_float, 0, 0 },
	[OP_BINFLOAT] = { "BINFLOAT", nnv_machine_push_atom, 8, 0 },
	[OP_STRING] = { "STRING", nnv_line_string, 0, 0 },
	[OP_BINSTRING] = { "BINSTRING", nnv_counted_string, 4, 0 },
	[OP_SHORT_BINSTRING] = { "SHORT_BINSTRING", nnv_counted_string, 1, 0 },
	[OP_UNICODE] = { "UNICODE", nnv_line_unicode, 0, 0 },
	[OP_BINUNICODE] = { "BINUNICODE", nnv_counted_text, 4, 0 },
	[OP_SHORT_BINUNICODE] = { "SHORT_BINUNICODE", nnv_counted_text, 1, 0 },
	[OP_BINUNICODE8] = { "BINUNICODE8", nnv_counted_text, 8, 0 },
	[OP_BINBYTES] = { "BINBYTES", nnv_counted_bytes, 4, 0 },
	[OP_SHORT_BINBYTES] = { "SHORT_BINBYTES", nnv_counted_bytes, 1, 0 },
	[OP_BINBYTES8] = { "BINBYTES8", nnv_counted_bytes, 8, 0 },
	[OP_BYTEARRAY8] = { "BYTEARRAY8", nnv_counted_bytearray, 8, 0 },
	[OP_EMPTY_LIST] = { "EMPTY_LIST", run_empty_list, 0, 0 },
	[OP_LIST] = { "LIST", run_list, 0, 0 },
	[OP_APPEND] = { "APPEND", run_append, 0, 2 },
	[OP_APPENDS] = { "APPENDS", run_appends, 0, 0 },
	[OP_EMPTY_TUPLE] = { "EMPTY_TUPLE", nnv_machine_push_atom, 0, 0 },
	[OP_TUPLE] = { "TUPLE", run_tuple, 0, 0 },
	[OP_TUPLE1] = { "TUPLE1", run_short_tuple, 0, 1 },
	[OP_TUPLE2] = { "TUPLE2", run_short_tuple, 0, 2 },
	[OP_TUPLE3] = { "TUPLE3", run_short_tuple, 0, 3 },
	[OP_EMPTY_DICT] = { "EMPTY_DICT", run_empty_dict, 0, 0 },
	[OP_DICT] = { "DICT", run_dict, 0, 0 },
	[OP_SETITEM] = { "SETITEM", run_setitem, 0, 3 },
	[OP_SETITEMS] = { "SETITEMS", run_setitems, 0, 0 },
	[OP_EMPTY_SET] = { "EMPTY_SET", run_empty_set, 0, 0 },
	[OP_ADDITEMS] = { "ADDITEMS", run_additems, 0, 0 },
	[OP_FROZENSET] = { "FROZENSET", run_frozenset, 0, 0 },
	/* the machine itself */
	[OP_PROTO] = { "PROTO", run_proto, 1, 0 },
	[OP_FRAME] = { "FRAME", run_frame, 8, 0 },
	[OP_STOP] = { "STOP", run_stop, 0, 1 },
	[OP_MARK] = { "MARK", run_mark, 0, 0 },
	[OP_POP] = { "POP", run_pop, 0, 0 },
	[OP_POP_MARK] = { "POP_MARK", run_pop_mark, 0, 0 },
	[OP_DUP] = { "DUP", run_dup, 0, 1 },
	[OP_GET] = { "GET", run_get, 0, 0 },
	[OP_BINGET] = { "BINGET", run_binget, 1, 0 },
	[OP_LONG_BINGET] = { "LONG_BINGET", run_long_binget, 4, 0 },
	[OP_PUT] = { "PUT", run_put, 0, 1 },
	[OP_BINPUT] = { "BINPUT", run_binput, 1, 1 },
	[OP_LONG_BINPUT] = { "LONG_BINPUT", run_long_binput, 4, 1 },
	[OP_MEMOIZE] = { "MEMOIZE", run_memoize, 0, 1 },
	/* Python objects, some of them */
	[OP_GLOBAL] = { "GLOBAL", nnv_python_global, 0, 0 },
	[OP_STACK_GLOBAL] = { "STACK_GLOBAL", nnv_python_stack_global, 0, 2 },
	[OP_REDUCE] = { "REDUCE", nnv_python_reduce, 0, 2 },
	[OP_NEWOBJ] = { "NEWOBJ", nnv_python_newobj, 0, 2 },
	[OP_BUILD] = { "BUILD", nnv_python_build, 0, 2 },
	/* and the rest of them */
	[OP_INST] = { "INST", nnv_python_inst, 0, 0 },
	[OP_OBJ] = { "OBJ", run_object, 0, 0 },
	[OP_NEWOBJ_EX] = { "NEWOBJ_EX", run_object, 0, 0 },
	[OP_EXT1] = { "EXT1", run_extension, 1, 0 },
	[OP_EXT2] = { "EXT2", run_extension, 2, 0 },
	[OP_EXT4] = { "EXT4", run_extension, 4, 0 },
	[OP_PERSID] = { "PERSID", run_persistent, 0, 0 },
	[OP_BINPERSID] = { "BINPERSID", run_persistent, 0, 0 },
	[OP_NEXT_BUFFER] = { "NEXT_BUFFER", run_persistent, 0, 0 },
	[OP_READONLY_BUFFER] = { "READONLY_BUFFER", run_persistent, 0, 0 }
};

/* Why the instruction at m->op cannot run. */
static bool
refuse(struct nnv_machine *m, const struct instruction *instruction)
{
	if (instruction->run == NULL)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "0x%02x is no instruction of a pickle", *m->op);
	if ((size_t)(m->end - m->op) <= instruction->args)
		return nnv_machine_fail_end(m, instruction->name);
	return nnv_machine_fail(m, NNV_E_SYNTAX,
	    "%s needs %d values on the stack: there are %zu", instruction->name,
	    instruction->takes, m->n - m->floor);
}

static bool
run(struct nnv_machine *m)
{
	const struct instruction *instruction;
	const unsigned char *const end = m->end;

	for (;;) {
		nnv_push_all(m);
		m->op = m->p;
		if (m->op == end)
			return nnv_machine_fail(m, NNV_E_SYNTAX,
			    "the pickle ends without STOP" NNV_MACHINE_CUT);
		instruction = &instructions[*m->op];
		if (instruction->run == NULL ||
		    (size_t)(end - m->op) <= instruction->args ||
		    (instruction->takes != 0 &&
			m->n - m->floor < instruction->takes))
			return refuse(m, instruction);
		m->p += 1 + instruction->args;
		if (!instruction->run(m))
			return m->stopped;
	}
}

/*
 * jt.save writes, behind the pickle, the SHA-1 of the pickle and eight letters
 * (jittor 1.3, python/jittor/__init__.py, save and load).
 */
static bool
check_rest(struct nnv_machine *m)
{
	static const char mark[] = "HCAJSLHD";
	struct nnv_str all = m->tree->input, sum;
	size_t rest = (size_t)(m->end - m->p);
	unsigned char digest[NNV_SHA1_SIZE];

	if (rest >= NNV_SHA1_SIZE + sizeof(mark) - 1 &&
	    nnv_str_ends(all, nnv_str(mark))) {
		all.n -= NNV_SHA1_SIZE + sizeof(mark) - 1;
		rest -= NNV_SHA1_SIZE + sizeof(mark) - 1;
		sum = (struct nnv_str){ all.p + all.n, NNV_SHA1_SIZE };
		nnv_sha1(all, digest);
		if (memcmp(digest, sum.p, sum.n) != 0)
			return nnv_fail_at(m->diag, NNV_E_SYNTAX,
			    NNV_PLACE_OFFSET(all.n),
			    "checksum differs: the file is damaged");
	}
	if (rest != 0)
		nnv_warn(m->diag, "bytes behind the pickle",
		    "%zu bytes behind the end of the pickle are not read",
		    rest);
	return true;
}

static bool
begin(struct nnv_machine *m, struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag)
{
	*m = (struct nnv_machine){ .tree = tree, .diag = diag };
	m->start = m->p = m->op = (const unsigned char *)bytes.p;
	m->end = m->start + bytes.n;
	if (!nnv_tree_begin(tree, bytes, NNV_PICKLE, diag))
		return false;
	if (!nnv_memo_init(&m->memo, bytes) ||
	    !nnv_reserve_take(&m->space, bytes.n * sizeof(*m->stack)))
		return nnv_fail_memory(diag);
	m->stack = m->space.p;
	m->cap = m->space.size / sizeof(*m->stack);
	return true;
}

/* *AGAIN: the memo did not keep what was asked for. It was set before: it is to
 * keep all. */
static bool
read_once(struct nnv_tree *tree, struct nnv_str bytes, bool *again,
    struct nnv_diag *diag)
{
	struct nnv_machine m;
	bool done = begin(&m, tree, bytes, diag);

	m.memo.keeps = *again;
	done = done && run(&m);
	if (done)
		tree->root = m.stack[m.n - 1];
	done = done && check_rest(&m);
	nnv_memo_release(&m.memo);
	nnv_reserve_release(&m.space);
	*again = m.memo.again;
	return done;
}

bool
nnv_pickle_read(struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag)
{
	bool again = false, done = read_once(tree, bytes, &again, diag);

	if (again)
		done = read_once(tree, bytes, &again, diag);
	if (done && nnv_unique_settle(tree, diag))
		return true;
	tree->root = NNV_NO_VALUE;
	return false;
}
