/*
 * The text of a value, where it matters how fast that is; and a character as
 * text.
 */
#ifndef NNVIZ_VALUE_SLICE_H
#define NNVIZ_VALUE_SLICE_H

#include "atom.h"
#include "opcode.h"

/* The slice of a text record, or of one of its kin. */
static inline struct nnv_str
nnv_record_text(const struct nnv_tree *tree, const uint32_t *record)
{
	const char *base = record[REC_HEAD] & HEAD_INPUT
	    ? tree->input.p + record[REC_START]
	    : (const char *)(tree->words + record[REC_START]);

	return (struct nnv_str){ base, record[REC_LEN] };
}

/* Whether V is a TEXT; *OUT is its slice. */
static inline bool
nnv_tree_text(const struct nnv_tree *tree, nnv_value v, struct nnv_str *out)
{
	const unsigned char *p;
	const uint32_t *record;

	if (v < tree->first) {
		p = (const unsigned char *)tree->input.p + v;
		if (tree->kinds[*p] != NNV_TEXT)
			return false;
		if (*p == OP_SHORT_BINUNICODE)
			*out = (struct nnv_str){ (const char *)p + 2, p[1] };
		else
			*out = nnv_atom_text(tree, v);
		return true;
	}
	record = nnv_tree_record(tree, v);
	if ((record[REC_HEAD] & HEAD_KIND) != NNV_TEXT)
		return false;
	*out = nnv_record_text(tree, record);
	return true;
}

/* Write C as UTF-8, up to four bytes; where they end. A surrogate is written
 * as if it were a character. */
static inline char *
nnv_put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
		return out;
	}
	if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
	} else {
		if (c < 0x10000) {
			*out++ = (char)(0xe0 | c >> 12);
		} else {
			*out++ = (char)(0xf0 | c >> 18);
			*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

#endif
