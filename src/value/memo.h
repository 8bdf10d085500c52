/*
 * The memo of a pickle: values by number, for a pickle to come back to.
 *
 * Writers number what they store from zero up, and MEMOIZE does by definition;
 * but PUT may name any number, and CPython happily allocates a gigabyte for an
 * eight-byte file that names a large one. Here a number must be plausible: no
 * more than the bytes read so far, and some slack.
 */
#ifndef NNVIZ_VALUE_MEMO_H
#define NNVIZ_VALUE_MEMO_H

#include "nnviz/reserve.h"
#include "nnviz/value.h"

enum { MEMO_SLACK = 1 << 20 };

struct nnv_memo {
	struct nnv_reserve space;
	uint32_t *values; /* plus one, so that 0 is none */
	size_t cap;
	size_t n;   /* numbers that have a value */
	size_t top; /* the first of those that never had one */
};

/* For a pickle of SIZE bytes; false if memory is out. */
bool nnv_memo_init(struct nnv_memo *memo, size_t size);
void nnv_memo_release(struct nnv_memo *memo);

/*
 * False if there is no room for INDEX. Fresh memory is not looked at before it
 * is written, because the system would then provide it twice.
 */
static inline bool
nnv_memo_put(struct nnv_memo *memo, size_t index, nnv_value v)
{
	if (index >= memo->cap)
		return false;
	if (index >= memo->top) {
		memo->n++;
		memo->top = index + 1;
	} else {
		memo->n += memo->values[index] == 0;
	}
	memo->values[index] = v + 1;
	return true;
}

/* Store once more, behind all others, the N values from INDEX on. */
static inline bool
nnv_memo_repeat(struct nnv_memo *memo, size_t index, size_t n)
{
	size_t i;

	if (n > memo->cap - memo->n || memo->n != memo->top)
		return false;
	for (i = 0; i < n; i++)
		memo->values[memo->n + i] = memo->values[index + i];
	memo->n = memo->top += n;
	return true;
}

/* NNV_NO_VALUE if there is none. */
static inline nnv_value
nnv_memo_get(const struct nnv_memo *memo, size_t index)
{
	return index < memo->top ? memo->values[index] - 1 : NNV_NO_VALUE;
}

#endif
