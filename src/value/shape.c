#include "shape.h"

#include "atom.h"
#include "slice.h"

void
nnv_shapes_init(struct nnv_shapes *shapes)
{
	nnv_arena_init(&shapes->arena, SIZE_MAX);
	shapes->n = 0;
	memset(shapes->slots, 0, sizeof(shapes->slots));
	memset(shapes->recent, 0, sizeof(shapes->recent));
}

void
nnv_shapes_release(struct nnv_shapes *shapes)
{
	nnv_arena_release(&shapes->arena);
	nnv_shapes_init(shapes);
}

/* The text of V as a key, if that is what it can be. */
static inline bool
get_key(const struct nnv_tree *tree, nnv_value v, struct nnv_key *key)
{
	struct nnv_str text;

	if (!nnv_tree_text(tree, v, &text) || text.n > SHAPE_TEXT)
		return false;
	*key = nnv_key(text);
	return true;
}

/* The bytes of a text's spelling: of the length or quotes in front, behind. */
static size_t
spelling_len(const struct nnv_tree *tree, nnv_value v, struct nnv_str text)
{
	const char *p = tree->input.p + v;

	if (v >= tree->first)
		return SIZE_MAX;
	return (size_t)(text.p - p) + text.n + (tree->syntax == NNV_JSON);
}

/* How V, the text of a key, is spelled; or what nothing is spelled like. */
static struct nnv_spelling
spell(const struct nnv_tree *tree, nnv_value v, struct nnv_str text)
{
	struct nnv_spelling spelling = { 1, 1, 0, 0 };
	unsigned char mask[SPELLING] = { 0 };
	const char *p = tree->input.p + v;
	size_t n = spelling_len(tree, v, text);

	if (n > SPELLING || tree->input.n - v < SPELLING)
		return spelling;
	memset(mask, 0xff, n);
	spelling.head_mask = nnv_key_word((const char *)mask);
	spelling.tail_mask = nnv_key_word((const char *)mask + SPELLING / 2);
	spelling.head = nnv_key_word(p) & spelling.head_mask;
	spelling.tail = nnv_key_word(p + SPELLING / 2) & spelling.tail_mask;
	return spelling;
}

/* Whether the keys of PAIRS, as many as the shape has, are its keys. */
static bool
matches(const struct nnv_tree *tree, const struct nnv_shape *shape,
    const nnv_value *pairs)
{
	const size_t inside = tree->input.n < SPELLING
	    ? 0
	    : tree->input.n - SPELLING + 1;
	struct nnv_key key;
	size_t i;

	for (i = 0; i < shape->n; i++) {
		nnv_value v = pairs[2 * i];

		if (v == shape->values[i] ||
		    (v < inside &&
			nnv_spelled(&shape->spellings[i], tree->input.p + v)))
			continue;
		if (!get_key(tree, v, &key) ||
		    !nnv_key_eq(&key, &shape->keys[i]))
			return false;
	}
	return true;
}

/*
 * A weak hash is enough: what collides too often is not kept, so that nobody
 * gains by making it collide.
 */
static uint32_t
hash_keys(const struct nnv_key *keys, size_t n)
{
	uint64_t hash = n;
	size_t i;

	for (i = 0; i < n; i++) {
		hash ^= keys[i].head + keys[i].tail * 31 + keys[i].text.n;
		hash *= UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

static bool
all_differ(const struct nnv_key *keys, size_t n)
{
	size_t i, j;

	for (i = 1; i < n; i++) {
		for (j = 0; j < i; j++) {
			if (nnv_key_eq(&keys[i], &keys[j]))
				return false;
		}
	}
	return true;
}

/* A new shape; its number, or NNV_NO_SHAPE if no more are kept. */
static uint32_t
add_shape(struct nnv_tree *tree, const struct nnv_key *keys,
    const nnv_value *pairs, size_t n)
{
	struct nnv_shapes *shapes = &tree->shapes;
	struct nnv_shape shape = { n, NULL, NULL, NULL };
	size_t i;

	if (shapes->n == SHAPES || !all_differ(keys, n))
		return NNV_NO_SHAPE;
	shape.keys = NNV_NEW_ARRAY(&shapes->arena, n, struct nnv_key);
	shape.spellings = NNV_NEW_ARRAY(&shapes->arena, n, struct nnv_spelling);
	shape.values = NNV_NEW_ARRAY(&shapes->arena, n, nnv_value);
	if (nnv_arena_failed(&shapes->arena))
		return NNV_NO_SHAPE;
	memcpy(shape.keys, keys, n * sizeof(*keys));
	for (i = 0; i < n; i++) {
		shape.values[i] = pairs[2 * i];
		shape.spellings[i] = spell(tree, pairs[2 * i], keys[i].text);
	}
	shapes->list[shapes->n] = shape;
	return shapes->n++;
}

/* Look the keys up in the hash table; note them where they are missing. */
static uint32_t
look_up(struct nnv_tree *tree, const struct nnv_key *keys,
    const nnv_value *pairs, size_t n)
{
	struct nnv_shapes *shapes = &tree->shapes;
	uint32_t at = hash_keys(keys, n), number;
	int probe;

	for (probe = 0; probe < SHAPE_PROBES; probe++, at++) {
		uint16_t *slot = &shapes->slots[at % SHAPE_SLOTS];

		if (*slot == 0) {
			number = add_shape(tree, keys, pairs, n);
			if (number != NNV_NO_SHAPE)
				*slot = (uint16_t)(number + 1);
			return number;
		}
		number = *slot - 1U;
		if (shapes->list[number].n == n &&
		    matches(tree, &shapes->list[number], pairs))
			return number;
	}
	return NNV_NO_SHAPE;
}

uint32_t
nnv_shape_find(struct nnv_tree *tree, const nnv_value *pairs, size_t n)
{
	struct nnv_shapes *shapes = &tree->shapes;
	struct nnv_key keys[SHAPE_KEYS];
	uint32_t number;
	size_t i;

	if (n == 0 || n > SHAPE_KEYS)
		return NNV_NO_SHAPE;
	number = shapes->recent[n] - 1U;
	if (shapes->recent[n] != 0 &&
	    matches(tree, &shapes->list[number], pairs))
		return number;
	for (i = 0; i < n; i++) {
		if (!get_key(tree, pairs[2 * i], &keys[i]))
			return NNV_NO_SHAPE;
	}
	number = look_up(tree, keys, pairs, n);
	if (number != NNV_NO_SHAPE)
		shapes->recent[n] = (uint16_t)(number + 1);
	return number;
}
