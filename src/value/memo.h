/*
 * The memo of a pickle: values by number, for a pickle to come back to.
 *
 * Writers number what they store from zero up, and MEMOIZE does by definition;
 * but PUT may name any number, and CPython happily allocates a gigabyte for an
 * eight-byte file that names a large one. Here a number must be plausible: no
 * more than the bytes read so far, and some slack.
 *
 * A trace of Jittor's stores every text it ever writes, fifty for a node, and
 * comes back to none: each was made anew. Only the empty text and those of one
 * character CPython has once. So, while nothing else was ever asked for, only
 * the first 65536 entries are kept, and of the rest those texts. Where that
 * proves wrong, the pickle is read once more, and all are kept.
 */
#ifndef NNVIZ_VALUE_MEMO_H
#define NNVIZ_VALUE_MEMO_H

#include "nnviz/reserve.h"
#include "nnviz/value.h"

enum {
	MEMO_SLACK = 1 << 20,
	MEMO_SURE = 1 << 16 /* entries that are kept in any case */
};

/* An entry beyond those, with its number. */
struct nnv_memo_late {
	uint32_t index, value;
};

struct nnv_memo {
	struct nnv_reserve space;
	const unsigned char *start; /* the pickle */
	size_t size;
	uint32_t *values;  /* plus one, so that 0 is none */
	size_t cap, dense; /* entries there is room for, and are kept */
	size_t n;          /* numbers that have a value */
	size_t top;        /* the first of those that never had one */
	struct nnv_memo_late *late;
	size_t nlate, late_cap;
	bool keeps; /* all of them */
	bool drops; /* some were not kept */
	bool again; /* one of those was asked for: begin anew, and keep all */
};

/* For the pickle BYTES; false if memory is out. */
bool nnv_memo_init(struct nnv_memo *memo, struct nnv_str bytes);
void nnv_memo_release(struct nnv_memo *memo);

/* Whether V is a text that CPython has only once, however often it is made. */
bool nnv_memo_is_single(const struct nnv_memo *memo, nnv_value v);

/* The same for a number from memo->dense on. */
bool nnv_memo_put_late(struct nnv_memo *memo, size_t index, nnv_value v);
bool nnv_memo_repeat_late(struct nnv_memo *memo, size_t index, size_t n);
nnv_value nnv_memo_get_late(struct nnv_memo *memo, size_t index);

/*
 * False if there is no room for INDEX, or memo->again. Fresh memory is not
 * looked at before it is written, because the system would then provide it
 * twice.
 */
static inline bool
nnv_memo_put(struct nnv_memo *memo, size_t index, nnv_value v)
{
	if (index >= memo->dense)
		return nnv_memo_put_late(memo, index, v);
	if (index >= memo->top) {
		memo->n++;
		memo->top = index + 1;
	} else {
		memo->n += memo->values[index] == 0;
	}
	memo->values[index] = v + 1;
	return true;
}

/* Store under the next number a value that is surely no single text. */
static inline bool
nnv_memo_add(struct nnv_memo *memo, nnv_value v)
{
	if (!memo->drops)
		return nnv_memo_put(memo, memo->n, v);
	memo->n = memo->top += 1;
	return true;
}

/* Store once more, behind all others, the N values from INDEX on. */
static inline bool
nnv_memo_repeat(struct nnv_memo *memo, size_t index, size_t n)
{
	size_t i;

	if (n > memo->cap - memo->n || memo->n != memo->top)
		return false;
	if (!memo->drops && n <= memo->dense - memo->n)
		for (i = 0; i < n; i++)
			memo->values[memo->n + i] = memo->values[index + i];
	else if (!memo->drops)
		return nnv_memo_repeat_late(memo, index, n);
	memo->n = memo->top += n;
	return true;
}

/* NNV_NO_VALUE if there is none, or memo->again. */
static inline nnv_value
nnv_memo_get(struct nnv_memo *memo, size_t index)
{
	if (index >= memo->dense)
		return nnv_memo_get_late(memo, index);
	return index < memo->top ? memo->values[index] - 1 : NNV_NO_VALUE;
}

#endif
