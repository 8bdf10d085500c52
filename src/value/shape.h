/*
 * The key lists that maps have in common.
 *
 * A trace is millions of maps with a few dozen lists of keys between them. A
 * list is kept once; a map that has it stores its values and the list's
 * number. That halves the memory, makes looking up a key a comparison of a few
 * machine words, and proves on the way that no key occurs twice.
 *
 * Only short lists of short texts become shapes, and only so many: a file of
 * other maps gains nothing and loses next to nothing.
 */
#ifndef NNVIZ_VALUE_SHAPE_H
#define NNVIZ_VALUE_SHAPE_H

#include "nnviz/value.h"

enum {
	SHAPE_KEYS = 32,    /* keys of a shape, at most */
	SHAPE_TEXT = 64,    /* bytes of a key, at most */
	SPELLING = 16,      /* bytes of it that are compared at once */
	SHAPES = 1024,      /* lists kept */
	SHAPE_SLOTS = 2048, /* of the hash table; a power of two */
	SHAPE_PROBES = 8    /* then a list counts as not kept */
};

#define NNV_NO_SHAPE UINT32_MAX

/*
 * A text made ready for comparison: its first and last eight bytes as words,
 * which is all of it up to sixteen. A shorter one than eight is all in head.
 */
struct nnv_key {
	struct nnv_str text;
	uint64_t head, tail;
};

/*
 * A key as the file spells it, length and quotes included, if that is up to 16
 * bytes: what is spelled alike is the same text, without being decoded.
 */
struct nnv_spelling {
	uint64_t head, tail, head_mask, tail_mask;
};

struct nnv_shape {
	size_t n;
	struct nnv_key *keys;
	struct nnv_spelling *spellings;
	nnv_value *values; /* the keys as values, from their first map */
};

struct nnv_shapes {
	struct nnv_arena arena;
	struct nnv_shape list[SHAPES];
	uint32_t n;
	uint16_t slots[SHAPE_SLOTS];     /* number + 1; 0 is free */
	uint16_t recent[SHAPE_KEYS + 1]; /* number + 1, by count of keys */
};

void nnv_shapes_init(struct nnv_shapes *shapes);
void nnv_shapes_release(struct nnv_shapes *shapes);

/*
 * The number of the shape whose keys are the N keys of PAIRS (key, value, key,
 * value), noted now if it is new. NNV_NO_SHAPE if they cannot have one.
 */
uint32_t nnv_shape_find(struct nnv_tree *tree, const nnv_value *pairs,
    size_t n);

static inline uint64_t
nnv_key_word(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* Up to seven bytes as a word; two texts of one length differ in it. */
static inline uint64_t
nnv_key_short(const char *p, size_t n)
{
	uint32_t front = 0, back = 0;

	if (n >= sizeof(front)) {
		memcpy(&front, p, sizeof(front));
		memcpy(&back, p + n - sizeof(back), sizeof(back));
	} else if (n != 0) {
		front = (uint32_t)(unsigned char)p[0] |
		    (uint32_t)(unsigned char)p[n / 2] << 8;
		back = (unsigned char)p[n - 1];
	}
	return (uint64_t)back << 32 | front;
}

static inline struct nnv_key
nnv_key(struct nnv_str text)
{
	if (text.n < sizeof(uint64_t))
		return (struct nnv_key){ text, nnv_key_short(text.p, text.n),
			0 };
	return (struct nnv_key){ text, nnv_key_word(text.p),
		nnv_key_word(text.p + text.n - sizeof(uint64_t)) };
}

/* Whether the 16 bytes at P begin with the spelling. */
static inline bool
nnv_spelled(const struct nnv_spelling *spelling, const char *p)
{
	return ((nnv_key_word(p) & spelling->head_mask) ^ spelling->head) ==
	    0 &&
	    ((nnv_key_word(p + 8) & spelling->tail_mask) ^ spelling->tail) == 0;
}

static inline bool
nnv_key_eq(const struct nnv_key *a, const struct nnv_key *b)
{
	if (a->text.n != b->text.n || a->head != b->head || a->tail != b->tail)
		return false;
	return a->text.n <= 2 * sizeof(uint64_t) ||
	    memcmp(a->text.p, b->text.p, a->text.n) == 0;
}

#endif
