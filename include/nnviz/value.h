/*
 * A value read from a pickle or from JSON: null, booleans, numbers, text,
 * bytes, sequences, mappings and inert references, in one tree.
 *
 * Values are 32-bit handles into a tree that owns them. The tree borrows the
 * input's bytes (texts are slices of them wherever possible), so the input must
 * outlive it. Sharing is kept: a list that a pickle holds twice is one handle.
 * A pickle can hold itself: walk to a fixed depth, or count.
 */
#ifndef NNVIZ_VALUE_H
#define NNVIZ_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/diag.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

typedef uint32_t nnv_value;

/* No value: what a failed look-up gives. Every accessor takes it. */
#define NNV_NO_VALUE UINT32_MAX

enum nnv_kind {
	NNV_ABSENT, /* the kind of NNV_NO_VALUE */
	NNV_NULL,
	NNV_BOOL,
	NNV_INT,    /* fits int64_t */
	NNV_BIGINT, /* decimal text, see nnv_value_text */
	NNV_REAL,
	NNV_TEXT, /* UTF-8; a surrogate is kept as WTF-8 */
	NNV_BYTES,
	NNV_BYTEARRAY,
	NNV_LIST,
	NNV_TUPLE,
	NNV_SET,
	NNV_FROZENSET,
	NNV_MAP,  /* a dict, in insertion order */
	NNV_INERT /* a name of Python's that was never looked up */
};

struct nnv_tree; /* opaque: src/value/tree.h */

/*
 * What a file may cost at most. The arena is reserved as addresses, not as
 * memory; a file gets 24 bytes of it for each of its own and a mebibyte, or
 * less if the limit says so.
 */
struct nnv_tree_limits {
	size_t arena; /* bytes of values, beside the input */
	size_t depth; /* nesting of JSON */
};

/* An empty tree, or NULL when memory is out. It can be read into repeatedly;
 * each read, also one that fails, replaces what was there. */
struct nnv_tree *nnv_tree_new(struct nnv_tree_limits limits);
void nnv_tree_free(struct nnv_tree *tree);

/* Read BYTES as a pickle of protocol 0 to 5; see src/value/pickle.c. Bytes
 * behind STOP are accepted with a warning, jt.save's trailer is verified. */
bool nnv_pickle_read(struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag);

/* Read BYTES as JSON (UTF-8, Python's NaN and Infinity accepted); see
 * src/value/json.c. */
bool nnv_json_read(struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag);

/* What the last successful read gave. */
nnv_value nnv_tree_root(const struct nnv_tree *tree);

enum nnv_kind nnv_value_kind(const struct nnv_tree *tree, nnv_value v);

/* "an integer", "a list", ...: for messages. Static text. */
const char *nnv_kind_name(enum nnv_kind kind);

/* The value if it is of the kind (a real that is integral counts as an
 * integer, an integer as a real; booleans count as neither); else false. */
bool nnv_value_int(const struct nnv_tree *tree, nnv_value v, int64_t *out);
bool nnv_value_real(const struct nnv_tree *tree, nnv_value v, double *out);
bool nnv_value_bool(const struct nnv_tree *tree, nnv_value v, bool *out);

/* The text of a TEXT, BYTES, BYTEARRAY or BIGINT, or "module.name" of an
 * INERT; the absent slice for other kinds. Lives as long as tree and input. */
struct nnv_str nnv_value_text(const struct nnv_tree *tree, nnv_value v);

/* Elements of a sequence or set, pairs of a map, 0 for the rest. */
size_t nnv_value_len(const struct nnv_tree *tree, nnv_value v);

/* The I-th element of a sequence or set, or the I-th value of a map. */
nnv_value nnv_value_at(const struct nnv_tree *tree, nnv_value v, size_t i);

/* The I-th key of a map. */
nnv_value nnv_value_key(const struct nnv_tree *tree, nnv_value v, size_t i);

/* The keys of V in the order of the map, if it is one of the largest and they
 * are all integers: then they were kept. Else NULL. */
const int64_t *nnv_value_int_keys(const struct nnv_tree *tree, nnv_value v);

/* A number that only maps with the same keys and values have in common; 0 for
 * what is no map or has no such number. Good for what was found out about one
 * map, and holds for others. */
uint32_t nnv_value_same(const struct nnv_tree *tree, nnv_value v);

/* A number that only maps with the same keys in the same order have in common,
 * or 0. */
uint32_t nnv_value_shape(const struct nnv_tree *tree, nnv_value v);

/* A container as its JSON spells it; the absent slice for everything else. */
struct nnv_str nnv_value_source(const struct nnv_tree *tree, nnv_value v);

/* Whether SOURCE, which was given for another container, is also that of V. */
bool nnv_value_is_spelled(const struct nnv_tree *tree, nnv_value v,
    struct nnv_str source);

/* The value under the text KEY of a map, or NNV_NO_VALUE. Linear in the map's
 * length: for records of a few fields, not for tables. Fast where many maps
 * have the same few keys: then their texts are not looked at. */
nnv_value nnv_value_get(const struct nnv_tree *tree, nnv_value v,
    struct nnv_str key);

/*
 * A few keys to be looked up in very many maps: what their places are is
 * remembered for the maps that were seen together with the same keys, which
 * are nearly all maps of a trace. Good for one tree only.
 */
enum { NNV_FIELDS = 8, NNV_FIELDS_KNOWN = 16 };
struct nnv_fields {
	const struct nnv_str *keys; /* borrowed; n of them, up to NNV_FIELDS */
	size_t n;
	struct {
		uint32_t shape; /* plus one; 0: free */
		uint8_t at[NNV_FIELDS];
	} known[NNV_FIELDS_KNOWN];
};

/* Set OUT[i] to the value under keys[i] of a map, or NNV_NO_VALUE; of a map
 * with a great many keys, only the first 64 are looked at. */
void nnv_value_fields(const struct nnv_tree *tree, nnv_value v,
    struct nnv_fields *fields, nnv_value *out);

/*
 * Hints for who visits very many values in an order that is not the file's, and
 * would wait for memory at each: V is looked at soon, so fetch what describes
 * it and its parts; and, some visits later, when that has come, the bytes of
 * the input that it was read from. They change nothing.
 */
void nnv_value_expect(const struct nnv_tree *tree, nnv_value v);
void nnv_value_expect_input(const struct nnv_tree *tree, nnv_value v);

/* Hint: what was looked at of the input will not be again for a while. */
void nnv_tree_rest(const struct nnv_tree *tree);

/* Whether v is NULL, which costs less than to ask for its kind. */
bool nnv_value_is_null(const struct nnv_tree *tree, nnv_value v);

/* Whether v is a LIST or TUPLE. */
bool nnv_value_is_seq(const struct nnv_tree *tree, nnv_value v);

/* The dtype of a scalar of numpy's, as numpy's dtype.str writes it ("<f4",
 * "|S2"), or the absent slice for a value that is none. */
struct nnv_str nnv_value_dtype(const struct nnv_tree *tree, nnv_value v);

/* Where in the input the value began, for messages; line and column are
 * computed on demand from the bytes that were read. */
struct nnv_place nnv_value_place(const struct nnv_tree *tree, nnv_value v);

/* Bytes of memory that the tree holds, for the benchmark. */
size_t nnv_tree_memory(const struct nnv_tree *tree);

/* Count the values as of the heap, whose bound they share with what is made of
 * them, until the tree is freed; false: they are too much. */
bool nnv_tree_charge(struct nnv_tree *tree);

/*
 * Write v as compact JSON (", " and ": " as Python's json.dumps separates).
 * NaN and infinities are written as Python does. Tuples and sets are arrays,
 * bytes and inert names are strings, keys that are not text are their JSON as
 * text. A value nested deeper than DEPTH is written as null, so that a value
 * that holds itself ends; and so is all that is left once the text is 64 times
 * as long as the input, which only a value that shares parts of itself without
 * end can reach.
 */
void nnv_value_write_json(const struct nnv_tree *tree, nnv_value v,
    size_t depth, struct nnv_text *out);

#endif
