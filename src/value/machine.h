/*
 * The pickle machine, for the files that hold its instructions: pickle.c the
 * stack, containers and memo, pushes.h what most of a trace is, counted.c and
 * line.c the arguments that are counted bytes or lines of text, repeat.c the
 * maps that come again, python.c and numpy.c the objects that are understood
 * without being made.
 */
#ifndef NNVIZ_VALUE_MACHINE_H
#define NNVIZ_VALUE_MACHINE_H

#include "memo.h"
#include "opcode.h"
#include "repeat.h"
#include "tree.h"

/* How the refusal of a Python object ends. */
#define ONLY_DATA ": only plain data is read"

enum { PYTHON_ROWS = 32 }; /* room for python.c's table */

struct nnv_machine {
	struct nnv_tree *tree;
	struct nnv_diag *diag;
	const unsigned char *start, *end;
	const unsigned char *op;  /* the opcode that runs */
	const unsigned char *p;   /* what follows it */
	struct nnv_reserve space; /* of the stack */
	nnv_value *stack;
	size_t n, cap;
	size_t floor; /* of the topmost mark; 0: there is none */
	struct nnv_memo memo;
	struct nnv_repeats repeats;
	nnv_value inert[PYTHON_ROWS]; /* by row, plus one; 0: not met */
	size_t rested; /* bytes of the input that were given back */
	bool stopped;
};

/* Report a failure of the instruction that runs. */
void nnv_machine_report(struct nnv_machine *m, enum nnv_code code,
    const char *format, ...) NNV_PRINTF(3, 4);

/* The same as a value, false, and a compiler can see that it is. */
#define nnv_machine_fail(m, ...) (nnv_machine_report(m, __VA_ARGS__), false)

/* What a pickle that ends too early is, behind where it ends. */
#define NNV_MACHINE_CUT ": the file is cut short or damaged"

/* "the pickle ends inside WHAT: the file ..."; false. */
static inline bool
nnv_machine_fail_end(struct nnv_machine *m, const char *what)
{
	return nnv_machine_fail(m, NNV_E_SYNTAX,
	    "the pickle ends inside %s" NNV_MACHINE_CUT, what);
}

/* The memo did not take a value; false. */
static inline bool
nnv_machine_fail_memo(struct nnv_machine *m)
{
	return !m->memo.again && nnv_fail_memory(m->diag);
}

/* Push V; false if it is NNV_NO_VALUE, which was reported, or memory is out. */
bool nnv_machine_push(struct nnv_machine *m, nnv_value v);

/* Where the instruction that runs stands in the input. */
static inline size_t
nnv_machine_at(const struct nnv_machine *m)
{
	return (size_t)(m->op - m->start);
}

/* Push the value that the instruction that runs spells out. */
static inline bool
nnv_machine_push_atom(struct nnv_machine *m)
{
	return nnv_machine_push(m, (nnv_value)nnv_machine_at(m));
}

/* Push V, and do the MEMOIZE that nearly always follows in the same go. */
static inline bool
nnv_machine_push_new(struct nnv_machine *m, nnv_value v)
{
	if (m->p < m->end && *m->p == OP_MEMOIZE && v != NNV_NO_VALUE) {
		if (!(v >= m->tree->first
			    ? nnv_memo_add(&m->memo, v)
			    : nnv_memo_put(&m->memo, m->memo.n, v)))
			return nnv_machine_fail_memo(m);
		m->p++;
	}
	return nnv_machine_push(m, v);
}

/*
 * Python 2 strings were bytes, of whatever encoding: UTF-8 if they can be, else
 * latin-1, which anything can be. RAW lies in the input or in the tree.
 */
nnv_value nnv_machine_add_string(struct nnv_machine *m, struct nnv_str raw);

/* An integer of N bytes at P, two's complement, lowest first. */
nnv_value nnv_machine_add_long(struct nnv_machine *m, const unsigned char *p,
    size_t n);

/* counted.c: whether TEXT is UTF-8, with surrogates as Python writes them. */
bool nnv_counted_is_text(struct nnv_str text);

/* counted.c: the instructions with a counted argument. */
bool nnv_counted_text(struct nnv_machine *m);
bool nnv_counted_string(struct nnv_machine *m);
bool nnv_counted_bytes(struct nnv_machine *m);
bool nnv_counted_bytearray(struct nnv_machine *m);
bool nnv_counted_long1(struct nnv_machine *m);
bool nnv_counted_long4(struct nnv_machine *m);

/* line.c: the instructions with a line of text for an argument. */
bool nnv_line_int(struct nnv_machine *m);
bool nnv_line_long(struct nnv_machine *m);
bool nnv_line_float(struct nnv_machine *m);
bool nnv_line_string(struct nnv_machine *m);
bool nnv_line_unicode(struct nnv_machine *m);

/* The next line, without its newline; false if the pickle ends before. */
bool nnv_line_next(struct nnv_machine *m, struct nnv_str *line);

/* A line that is the number of a memo entry. */
bool nnv_line_index(struct nnv_machine *m, size_t *index);

/* python.c: the instructions that speak of Python objects. */
bool nnv_python_global(struct nnv_machine *m);
bool nnv_python_stack_global(struct nnv_machine *m);
bool nnv_python_inst(struct nnv_machine *m);
bool nnv_python_reduce(struct nnv_machine *m);
bool nnv_python_newobj(struct nnv_machine *m);
bool nnv_python_build(struct nnv_machine *m);

/* numpy.c: numpy.dtype(ARGS), the state of one, and scalar(dtype, bytes). */
nnv_value nnv_numpy_dtype(struct nnv_machine *m, nnv_value args);
bool nnv_numpy_build(struct nnv_machine *m, nnv_value dtype, nnv_value state);
nnv_value nnv_numpy_scalar(struct nnv_machine *m, nnv_value args);

#endif
