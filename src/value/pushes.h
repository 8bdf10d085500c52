/*
 * What a trace mostly consists of: instructions that do nothing but push, one
 * behind the other. Each text, small number, mark, or value of the memo takes
 * a few lines here, where all that a row of them needs is at hand, and none of
 * them fails. One that might, as it is close to the end of the file, damaged,
 * or short of memory, is left for its own function to find out.
 */
#ifndef NNVIZ_VALUE_PUSHES_H
#define NNVIZ_VALUE_PUSHES_H

#include "machine.h"

enum {
	PUSH_WORD = 8, /* bytes of a text that are looked at at a time */
	/* the longest instruction, a text, and what is looked at behind it */
	PUSH_MAX = 2 + 255 + PUSH_WORD
};

/*
 * Whether a text is ASCII that has 8 readable bytes behind its start. One of up
 * to 8 bytes takes one look at those: lengths that vary are hard to predict.
 */
static inline bool
nnv_push_is_ascii(struct nnv_str s)
{
	static const unsigned char high[2 * PUSH_WORD] = { 0x80, 0x80, 0x80,
		0x80, 0x80, 0x80, 0x80, 0x80 };
	const size_t step = PUSH_WORD;
	uint64_t bits = 0;
	size_t at;

	if (s.n <= PUSH_WORD)
		return (nnv_key_word(s.p) &
			   nnv_key_word((const char *)high + PUSH_WORD -
			       s.n)) == 0;
	for (at = 0; at + 4 * step < s.n; at += 4 * step)
		bits |= nnv_key_word(s.p + at) | nnv_key_word(s.p + at + step) |
		    nnv_key_word(s.p + at + 2 * step) |
		    nnv_key_word(s.p + at + 3 * step);
	for (; at + PUSH_WORD < s.n; at += PUSH_WORD)
		bits |= nnv_key_word(s.p + at);
	bits |= nnv_key_word(s.p + s.n - PUSH_WORD);
	return (bits & UINT64_C(0x8080808080808080)) == 0;
}

/* What follows the short text at P, and the MEMOIZE that nearly always comes
 * behind it; NULL: its own function is to look at it. */
static inline const unsigned char *
nnv_push_behind_text(struct nnv_machine *m, const unsigned char *p, nnv_value v)
{
	struct nnv_str text = { (const char *)p + 2, p[1] };

	if (!nnv_push_is_ascii(text) && !nnv_counted_is_text(text))
		return NULL;
	p += 2 + text.n;
	if (*p != OP_MEMOIZE)
		return p;
	return (text.n > 2 ? nnv_memo_add(&m->memo, v)
			   : nnv_memo_put(&m->memo, m->memo.n, v))
	    ? p + 1
	    : NULL;
}

/* The memo's entry INDEX; NNV_NO_VALUE: its own function is to look for it. */
static inline nnv_value
nnv_push_remembered(struct nnv_machine *m, size_t index)
{
	nnv_value v = nnv_memo_get(&m->memo, index);

	m->memo.keeps = m->memo.keeps || !nnv_memo_is_single(&m->memo, v);
	return v;
}

/* Run the instructions from m->p on that do nothing but push, up to the first
 * that does more, or might fail. */
static inline void
nnv_push_all(struct nnv_machine *m)
{
	const unsigned char *p = m->p, *next;
	nnv_value *top = m->stack + m->n, *full = m->stack + m->cap;

	while (m->end - p > PUSH_MAX && top < full) {
		nnv_value v = (nnv_value)(p - m->start);

		switch (*p) {
		case OP_SHORT_BINUNICODE:
			next = nnv_push_behind_text(m, p, v);
			break;
		case OP_BININT1:
			next = p + 2;
			break;
		case OP_BININT2:
			next = p + 3;
			break;
		case OP_BINGET:
			v = nnv_push_remembered(m, p[1]);
			next = v != NNV_NO_VALUE ? p + 2 : NULL;
			break;
		case OP_MARK:
			v = (nnv_value)m->floor;
			m->floor = (size_t)(top + 1 - m->stack);
			next = p + 1;
			break;
		default:
			next = NULL;
			break;
		}
		if (next == NULL)
			break;
		*top++ = v;
		p = next;
	}
	m->p = p;
	m->n = (size_t)(top - m->stack);
}

#endif
