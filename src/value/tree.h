/*
 * The inside of a tree, for the files of this room.
 *
 * A value is a 32-bit handle, and there are two sorts of them. Below
 * tree->first, which is the length of the input, a handle is a position in the
 * input: numbers, booleans and most texts stay where they stand, and are
 * decoded when somebody asks (atom.c). They cost no memory at all, and their
 * place is known. From tree->first on, a handle counts 32-bit words of one
 * growing array: there lie the records of what the input does not spell out
 * byte by byte: containers, and texts and numbers that had to be decoded.
 *
 *	record		words
 *	sequence, set	head, place, block (or the only element)
 *	map		head, place, block
 *	text and kin	head, place, length, start
 *	number, null	head, place, low half, high half
 *
 * A block is the elements of a sequence, or key, value, key, value of a map.
 * Maps whose keys are short texts seen together before are shaped (shape.c):
 * the block is the values alone, and the head counts the shape. A noted
 * record is followed by one word more, the value that says its dtype.
 */
#ifndef NNVIZ_VALUE_TREE_H
#define NNVIZ_VALUE_TREE_H

#include <assert.h>

#include "nnviz/reserve.h"
#include "nnviz/value.h"

#include "shape.h"

enum {
	HEAD_KIND = 15,       /* mask: enum nnv_kind */
	HEAD_ONE = 1 << 4,    /* sequence: holds its only element itself */
	HEAD_SHAPED = 1 << 4, /* map: the block is values, see above */
	HEAD_INPUT = 1 << 4,  /* text: start is an offset of the input */
	HEAD_GROWN = 1 << 5,  /* container: the block's room is 2^k elements */
	HEAD_NOTED = 1 << 5,  /* scalar: a dtype follows */
	HEAD_QUEUED = 1 << 6, /* map or set: waits in tree->queue */
	HEAD_MADE = 1 << 7,   /* map: an object, which may have attributes */
	HEAD_COUNT = 8,       /* shift: elements, pairs, or the shape */
	COUNT_MAX = (1 << 24) - 1
};

enum { REC_HEAD, REC_PLACE, REC_BLOCK, REC_LEN = 2, REC_START, REC_NOTE };

enum nnv_syntax { NNV_PICKLE, NNV_JSON };

/*
 * The keys of a large map, all of them integers, in the order of the map: they
 * are needed more than once, and lie all over the input.
 */
enum {
	INT_KEYS = 2,      /* maps they are kept of: nodes and kernels */
	INT_KEYS_MANY = 64 /* that come at a time, for them to be kept */
};
struct nnv_int_keys {
	nnv_value of; /* the map */
	size_t n, cap;
	int64_t *ints;
};

struct nnv_tree {
	struct nnv_tree_limits limits;
	struct nnv_str input; /* borrowed */
	enum nnv_syntax syntax;
	const uint8_t *kinds; /* of an atom, by its first byte */
	uint32_t first;       /* the handle of words[0] */
	uint32_t *words;
	size_t nwords, cap;
	struct nnv_reserve space; /* where the words lie */
	bool bounded;             /* by a limit, not by what can be needed */
	size_t charged;           /* bytes of it that count as of the heap */
	struct nnv_shapes shapes;
	nnv_value *queue; /* maps and sets that may hold a key twice */
	size_t nqueue, queue_cap;
	struct nnv_int_keys keys[INT_KEYS];
	nnv_value root;
};

/* The record of a handle that is not an atom. */
static inline uint32_t *
nnv_tree_record(const struct nnv_tree *tree, nnv_value v)
{
	assert(v >= tree->first && v - tree->first < tree->nwords);
	return tree->words + (v - tree->first);
}

/* Empty the tree and make it ready for values of BYTES. */
bool nnv_tree_begin(struct nnv_tree *tree, struct nnv_str bytes,
    enum nnv_syntax syntax, struct nnv_diag *diag);

/*
 * What follows adds to the tree. PLACE is the offset in the input that messages
 * name. A failure is reported, and gives NNV_NO_VALUE, NULL or false.
 */

/* Room for N bytes that a text will be made of; aligned, zeroed. */
char *nnv_tree_bytes(struct nnv_tree *tree, size_t n, struct nnv_diag *diag);

/* Give back the end of the newest bytes: of N, only USED are needed. */
void nnv_tree_trim(struct nnv_tree *tree, size_t n, size_t used);

/* TEXT lies in the input, or came from nnv_tree_bytes. */
nnv_value nnv_tree_add_text(struct nnv_tree *tree, enum nnv_kind kind,
    struct nnv_str text, size_t place, struct nnv_diag *diag);

/* A null, bool, int or real: BITS is the value, or the bits of the double. */
nnv_value nnv_tree_add_scalar(struct nnv_tree *tree, enum nnv_kind kind,
    uint64_t bits, size_t place, struct nnv_diag *diag);
nnv_value nnv_tree_add_real(struct nnv_tree *tree, double value, size_t place,
    struct nnv_diag *diag);

/* A container that is still empty. */
nnv_value nnv_tree_add_container(struct nnv_tree *tree, enum nnv_kind kind,
    size_t place, struct nnv_diag *diag);

/* A map with the HEAD and the BLOCK that a shaped one has, or had before more
 * was put into it: what is put into one of them is not seen in the other. */
nnv_value nnv_tree_add_alike(struct nnv_tree *tree, uint32_t head,
    uint32_t block, size_t place, struct nnv_diag *diag);

/* Append N elements to a sequence or set. */
bool nnv_tree_extend(struct nnv_tree *tree, nnv_value v, const nnv_value *items,
    size_t n, struct nnv_diag *diag);

/* Append N pairs, key before value, to a map. */
bool nnv_tree_put(struct nnv_tree *tree, nnv_value v, const nnv_value *pairs,
    size_t n, struct nnv_diag *diag);

/* The keys of the map V, if they are integers and were kept; else NULL. */
const struct nnv_int_keys *nnv_tree_int_keys(const struct nnv_tree *tree,
    nnv_value v);

/* Say that the newest record, a text or scalar, is of the DTYPE. */
bool nnv_tree_note(struct nnv_tree *tree, nnv_value dtype,
    struct nnv_diag *diag);

/* OFFSET of the input, as messages name it. */
struct nnv_place nnv_tree_place(const struct nnv_tree *tree, size_t offset);

/* Give a map that has none a shape, in place; false if its keys have none. */
bool nnv_tree_reshape(struct nnv_tree *tree, nnv_value v);

/* Elements of a container that is not a shaped map, or its pairs, *N of them,
 * each two words. */
nnv_value *nnv_tree_block(struct nnv_tree *tree, nnv_value v, size_t *n);

/* Keep only the first N of a container that will not be added to any more. */
void nnv_tree_cut(struct nnv_tree *tree, nnv_value v, size_t n);

#endif
