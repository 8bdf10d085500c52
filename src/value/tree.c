#include "tree.h"

#include <math.h>

#include "atom.h"
#include "decimal.h"
#include "slice.h"

/* Beyond, handles would leave too few words to the containers; and what is
 * reserved for each byte of the input, all of it together, is no overflow. */
static const size_t input_max = SIZE_MAX / 64 < (size_t)3 << 30
    ? SIZE_MAX / 64
    : (size_t)3 << 30;

/* What the values of a file may cost: see nnv_tree_limits. */
static const size_t bytes_for_each = 24;
static const size_t bytes_at_least = (size_t)1 << 20;

struct nnv_tree *
nnv_tree_new(struct nnv_tree_limits limits)
{
	struct nnv_tree *tree = nnv_heap_alloc(1, sizeof(*tree));

	if (tree == NULL)
		return NULL;
	tree->limits = limits;
	tree->kinds = nnv_atom_pickle_kinds;
	tree->root = NNV_NO_VALUE;
	nnv_shapes_init(&tree->shapes);
	return tree;
}

static void
clear(struct nnv_tree *tree)
{
	nnv_reserve_release(&tree->space);
	nnv_heap_credit(tree->charged);
	tree->charged = 0;
	nnv_shapes_release(&tree->shapes);
	nnv_heap_free(tree->queue);
	tree->queue = NULL;
	tree->nqueue = tree->queue_cap = 0;
	for (size_t i = 0; i < INT_KEYS; i++)
		nnv_heap_free(tree->keys[i].ints);
	memset(tree->keys, 0, sizeof(tree->keys));
	tree->words = NULL;
	tree->nwords = tree->cap = 0;
	tree->input = nnv_str(NULL);
	tree->first = 0;
	tree->root = NNV_NO_VALUE;
}

void
nnv_tree_free(struct nnv_tree *tree)
{
	if (tree == NULL)
		return;
	clear(tree);
	nnv_heap_free(tree);
}

bool
nnv_tree_begin(struct nnv_tree *tree, struct nnv_str bytes,
    enum nnv_syntax syntax, struct nnv_diag *diag)
{
	size_t want;

	clear(tree);
	if (bytes.n > input_max)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "a file of %zu bytes: at most %zu are read", bytes.n,
		    input_max);
	want = bytes.n * bytes_for_each + bytes_at_least;
	if (want > tree->limits.arena)
		want = tree->limits.arena;
	tree->bounded = want > nnv_heap_left();
	if (tree->bounded)
		want = nnv_heap_left();
	tree->bounded |= want == tree->limits.arena;
	if (!nnv_reserve_take(&tree->space, want))
		return nnv_fail_memory(diag);
	if (want > tree->space.size)
		want = tree->space.size;
	tree->input = bytes;
	tree->syntax = syntax;
	tree->kinds = syntax == NNV_PICKLE ? nnv_atom_pickle_kinds
					   : nnv_atom_json_kinds;
	tree->first = (uint32_t)bytes.n;
	tree->words = tree->space.p;
	tree->cap = want / sizeof(*tree->words);
	if (tree->cap > NNV_NO_VALUE - tree->first)
		tree->cap = NNV_NO_VALUE - tree->first;
	return true;
}

/* N words more, zeroed. */
static uint32_t *
take(struct nnv_tree *tree, size_t n, struct nnv_diag *diag)
{
	uint32_t *words = tree->words + tree->nwords;

	if (n > tree->cap - tree->nwords) {
		if (tree->bounded)
			nnv_fail_bound(diag, tree->limits.arena);
		else
			nnv_fail(diag, NNV_E_LIMIT,
			    "the values need more than %zu MiB of memory",
			    tree->cap * sizeof(*words) >> 20);
		return NULL;
	}
	tree->nwords += n;
	return words;
}

/* The handle of a new record of N words, the first two of which are set. */
static nnv_value
take_record(struct nnv_tree *tree, uint32_t head, size_t place, size_t n,
    struct nnv_diag *diag)
{
	uint32_t *record = take(tree, n, diag);

	if (record == NULL)
		return NNV_NO_VALUE;
	record[REC_HEAD] = head;
	record[REC_PLACE] = (uint32_t)place;
	return tree->first + (uint32_t)(record - tree->words);
}

static size_t
words_for(size_t bytes)
{
	return bytes / sizeof(uint32_t) + (bytes % sizeof(uint32_t) != 0);
}

char *
nnv_tree_bytes(struct nnv_tree *tree, size_t n, struct nnv_diag *diag)
{
	return (char *)take(tree, words_for(n), diag);
}

void
nnv_tree_trim(struct nnv_tree *tree, size_t n, size_t used)
{
	tree->nwords -= words_for(n) - words_for(used);
}

static bool
is_within(struct nnv_str text, const char *p, size_t n)
{
	return (uintptr_t)text.p >= (uintptr_t)p &&
	    (uintptr_t)text.p <= (uintptr_t)p + n;
}

nnv_value
nnv_tree_add_text(struct nnv_tree *tree, enum nnv_kind kind,
    struct nnv_str text, size_t place, struct nnv_diag *diag)
{
	bool input = is_within(text, tree->input.p, tree->input.n);
	nnv_value v = take_record(tree,
	    (uint32_t)kind | (input ? HEAD_INPUT : 0U), place, REC_START + 1,
	    diag);
	uint32_t *record;

	if (v == NNV_NO_VALUE)
		return v;
	record = nnv_tree_record(tree, v);
	record[REC_LEN] = (uint32_t)text.n;
	if (input)
		record[REC_START] = (uint32_t)(text.p - tree->input.p);
	else
		record[REC_START] = (uint32_t)((uint32_t *)(uintptr_t)text.p -
		    tree->words);
	return v;
}

nnv_value
nnv_tree_add_scalar(struct nnv_tree *tree, enum nnv_kind kind, uint64_t bits,
    size_t place, struct nnv_diag *diag)
{
	nnv_value v = take_record(tree, (uint32_t)kind, place, 4, diag);

	if (v != NNV_NO_VALUE)
		memcpy(nnv_tree_record(tree, v) + 2, &bits, sizeof(bits));
	return v;
}

nnv_value
nnv_tree_add_real(struct nnv_tree *tree, double value, size_t place,
    struct nnv_diag *diag)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return nnv_tree_add_scalar(tree, NNV_REAL, bits, place, diag);
}

nnv_value
nnv_tree_add_container(struct nnv_tree *tree, enum nnv_kind kind, size_t place,
    struct nnv_diag *diag)
{
	return take_record(tree, (uint32_t)kind, place, REC_BLOCK + 1, diag);
}

/* Nothing writes to the block of a shaped map: see unshape. */
nnv_value
nnv_tree_add_alike(struct nnv_tree *tree, uint32_t head, uint32_t block,
    size_t place, struct nnv_diag *diag)
{
	nnv_value v = take_record(tree, head, place, REC_BLOCK + 1, diag);

	if (v != NNV_NO_VALUE)
		nnv_tree_record(tree, v)[REC_BLOCK] = block;
	return v;
}

bool
nnv_tree_note(struct nnv_tree *tree, nnv_value dtype, struct nnv_diag *diag)
{
	uint32_t *note = take(tree, 1, diag);

	if (note == NULL)
		return false;
	*note = dtype;
	note[-REC_NOTE] |= HEAD_NOTED;
	return true;
}

static size_t
power_of_two(size_t n)
{
	size_t power = 1;

	while (power < n)
		power *= 2;
	return power;
}

static size_t
count_of(const uint32_t *record)
{
	return record[REC_HEAD] >> HEAD_COUNT;
}

static void
set_count(uint32_t *record, size_t count)
{
	record[REC_HEAD] &= (1U << HEAD_COUNT) - 1;
	record[REC_HEAD] |= (uint32_t)count << HEAD_COUNT;
}

/*
 * The block of a container that holds OLD words, with room for NEW ones. The
 * first block is as large as what comes first, which is mostly all; later ones
 * are powers of two, so that the room of a block follows from its filling.
 */
static uint32_t *
make_room(struct nnv_tree *tree, uint32_t *record, size_t old, size_t new,
    struct nnv_diag *diag)
{
	bool grown = (record[REC_HEAD] & HEAD_GROWN) != 0;
	uint32_t *from = old == 1 ? &record[REC_BLOCK]
				  : tree->words + record[REC_BLOCK];
	uint32_t *block;

	if (old > 1 && new <= (grown ? power_of_two(old) : old))
		return from;
	block = take(tree, old != 0 ? power_of_two(new) : new, diag);
	if (block == NULL)
		return NULL;
	if (old != 0) {
		memcpy(block, from, old * sizeof(*block));
		record[REC_HEAD] |= HEAD_GROWN;
	}
	record[REC_BLOCK] = (uint32_t)(block - tree->words);
	return block;
}

static bool
fail_count(const uint32_t *record, struct nnv_diag *diag)
{
	return nnv_fail_at(diag, NNV_E_LIMIT,
	    NNV_PLACE_OFFSET(record[REC_PLACE]), "%s of more than %d elements",
	    nnv_kind_name((enum nnv_kind)(record[REC_HEAD] & HEAD_KIND)),
	    COUNT_MAX);
}

/* Remember that the keys or elements of V were not compared yet. */
static bool
queue(struct nnv_tree *tree, nnv_value v, struct nnv_diag *diag)
{
	uint32_t *record = nnv_tree_record(tree, v);
	void *array = tree->queue;

	if (record[REC_HEAD] & HEAD_QUEUED)
		return true;
	if (!nnv_heap_grow(&array, &tree->queue_cap, tree->nqueue + 1,
		sizeof(*tree->queue)))
		return nnv_fail_memory(diag);
	tree->queue = array;
	tree->queue[tree->nqueue++] = v;
	record[REC_HEAD] |= HEAD_QUEUED;
	return true;
}

/* What Python cannot hash. Tuples are looked into later, by unique.c. */
static bool
check_keys(const struct nnv_tree *tree, const nnv_value *keys, size_t n,
    size_t stride, struct nnv_diag *diag)
{
	size_t i;

	for (i = 0; i < n; i++) {
		enum nnv_kind kind = nnv_value_kind(tree, keys[i * stride]);

		if (kind == NNV_LIST || kind == NNV_MAP || kind == NNV_SET ||
		    kind == NNV_BYTEARRAY)
			return nnv_fail_at(diag, NNV_E_SYNTAX,
			    nnv_value_place(tree, keys[i * stride]),
			    "%s is used as a key", nnv_kind_name(kind));
	}
	return true;
}

static bool
is_set(uint32_t head)
{
	return (head & HEAD_KIND) == NNV_SET ||
	    (head & HEAD_KIND) == NNV_FROZENSET;
}

bool
nnv_tree_extend(struct nnv_tree *tree, nnv_value v, const nnv_value *items,
    size_t n, struct nnv_diag *diag)
{
	uint32_t *record = nnv_tree_record(tree, v), *block;
	size_t old = count_of(record);

	if (n == 0)
		return true;
	if (n > COUNT_MAX - old)
		return fail_count(record, diag);
	if (is_set(record[REC_HEAD]) &&
	    (!check_keys(tree, items, n, 1, diag) || !queue(tree, v, diag)))
		return false;
	if (old + n == 1) {
		record[REC_BLOCK] = items[0];
		record[REC_HEAD] |= HEAD_ONE;
	} else {
		block = make_room(tree, record, old, old + n, diag);
		if (block == NULL)
			return false;
		record[REC_HEAD] &= ~(uint32_t)HEAD_ONE;
		memcpy(block + old, items, n * sizeof(*items));
	}
	set_count(record, old + n);
	return true;
}

/* Give a map that is empty a shape; false if its keys have none. */
static bool
put_shaped(struct nnv_tree *tree, uint32_t *record, const nnv_value *pairs,
    size_t n, struct nnv_diag *diag)
{
	uint32_t shape = nnv_shape_find(tree, pairs, n), *block;
	size_t i;

	if (shape == NNV_NO_SHAPE)
		return false;
	block = take(tree, n, diag);
	if (block == NULL)
		return false;
	for (i = 0; i < n; i++)
		block[i] = pairs[2 * i + 1];
	record[REC_BLOCK] = (uint32_t)(block - tree->words);
	record[REC_HEAD] |= HEAD_SHAPED;
	set_count(record, shape);
	return true;
}

/* Write out the keys of a map that gets more of them than its shape has. */
static bool
unshape(struct nnv_tree *tree, uint32_t *record, struct nnv_diag *diag)
{
	const struct nnv_shape *shape = &tree->shapes.list[count_of(record)];
	const uint32_t *values = tree->words + record[REC_BLOCK];
	uint32_t *block = take(tree, 2 * shape->n, diag);
	size_t i;

	if (block == NULL)
		return false;
	for (i = 0; i < shape->n; i++) {
		block[2 * i] = shape->values[i];
		block[2 * i + 1] = values[i];
	}
	record[REC_BLOCK] = (uint32_t)(block - tree->words);
	record[REC_HEAD] &= ~(uint32_t)HEAD_SHAPED;
	set_count(record, shape->n);
	return true;
}

/* Where the keys of the map V, OLD of which were put already, are kept; NULL:
 * nowhere. */
static struct nnv_int_keys *
keys_of(struct nnv_tree *tree, nnv_value v, size_t old, size_t n)
{
	struct nnv_int_keys *keys = &tree->keys[0];

	for (size_t i = 0; i < INT_KEYS; i++) {
		if (old != 0 && tree->keys[i].of == v && tree->keys[i].n == old)
			return &tree->keys[i];
		if (tree->keys[i].n < keys->n)
			keys = &tree->keys[i];
	}
	if (old != 0 || n < INT_KEYS_MANY)
		return NULL;
	keys->of = v;
	keys->n = 0;
	return keys;
}

/* Keep the keys of N PAIRS more, if the map V is one whose keys are kept. */
static void
keep_keys(struct nnv_tree *tree, nnv_value v, size_t old,
    const nnv_value *pairs, size_t n)
{
	struct nnv_int_keys *keys = keys_of(tree, v, old, n);
	void *ints = keys != NULL ? keys->ints : NULL;

	if (keys == NULL)
		return;
	if (!nnv_heap_grow(&ints, &keys->cap, old + n, sizeof(*keys->ints))) {
		keys->n = 0;
		return;
	}
	keys->ints = ints;
	for (size_t i = 0; i < n; i++)
		if (nnv_value_kind(tree, pairs[2 * i]) != NNV_INT ||
		    !nnv_value_int(tree, pairs[2 * i], &keys->ints[old + i])) {
			keys->n = 0;
			return;
		}
	keys->n = old + n;
}

const struct nnv_int_keys *
nnv_tree_int_keys(const struct nnv_tree *tree, nnv_value v)
{
	for (size_t i = 0; i < INT_KEYS; i++)
		if (tree->keys[i].of == v && tree->keys[i].n != 0 &&
		    tree->keys[i].n == nnv_value_len(tree, v))
			return &tree->keys[i];
	return NULL;
}

bool
nnv_tree_put(struct nnv_tree *tree, nnv_value v, const nnv_value *pairs,
    size_t n, struct nnv_diag *diag)
{
	uint32_t *record = nnv_tree_record(tree, v), *block;
	size_t old;

	if (n == 0)
		return true;
	if (record[REC_HEAD] & HEAD_SHAPED) {
		if (!unshape(tree, record, diag))
			return false;
	} else if (count_of(record) == 0 && n > 1) {
		if (put_shaped(tree, record, pairs, n, diag))
			return true;
	}
	old = count_of(record);
	if (n > COUNT_MAX - old)
		return fail_count(record, diag);
	if (!check_keys(tree, pairs, n, 2, diag) || !queue(tree, v, diag))
		return false;
	block = make_room(tree, record, 2 * old, 2 * (old + n), diag);
	if (block == NULL)
		return false;
	memcpy(block + 2 * old, pairs, 2 * n * sizeof(*pairs));
	set_count(record, old + n);
	keep_keys(tree, v, old, pairs, n);
	return true;
}

bool
nnv_tree_reshape(struct nnv_tree *tree, nnv_value v)
{
	uint32_t *record = nnv_tree_record(tree, v);
	uint32_t *block = tree->words + record[REC_BLOCK];
	size_t n = count_of(record), i;
	uint32_t shape = nnv_shape_find(tree, block, n);

	if (shape == NNV_NO_SHAPE)
		return false;
	for (i = 0; i < n; i++)
		block[i] = block[2 * i + 1];
	record[REC_HEAD] |= HEAD_SHAPED;
	set_count(record, shape);
	return true;
}

nnv_value *
nnv_tree_block(struct nnv_tree *tree, nnv_value v, size_t *n)
{
	uint32_t *record;

	*n = 0;
	if (v < tree->first)
		return NULL;
	record = nnv_tree_record(tree, v);
	*n = count_of(record);
	if ((record[REC_HEAD] & HEAD_KIND) != NNV_MAP &&
	    (record[REC_HEAD] & HEAD_ONE))
		return record + REC_BLOCK;
	return tree->words + record[REC_BLOCK];
}

void
nnv_tree_cut(struct nnv_tree *tree, nnv_value v, size_t n)
{
	uint32_t *record = nnv_tree_record(tree, v);

	set_count(record, n);
	if ((record[REC_HEAD] & HEAD_KIND) == NNV_MAP || n != 1)
		return;
	record[REC_BLOCK] = tree->words[record[REC_BLOCK]];
	record[REC_HEAD] |= HEAD_ONE;
}

bool
nnv_tree_charge(struct nnv_tree *tree)
{
	size_t bytes = tree->nwords * sizeof(*tree->words);

	if (!nnv_heap_charge(bytes))
		return false;
	tree->charged += bytes;
	return true;
}

size_t
nnv_tree_memory(const struct nnv_tree *tree)
{
	return sizeof(*tree) + tree->nwords * sizeof(*tree->words) +
	    tree->shapes.arena.used + tree->queue_cap * sizeof(*tree->queue);
}
