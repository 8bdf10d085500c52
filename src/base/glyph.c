#include "glyph.h"

#include <stdint.h>

#include "nnviz/text.h"

/* The code point of the valid sequence of N bytes at P. */
static uint32_t
decode(const char *p, size_t n)
{
	static const unsigned char mask[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t point = (unsigned char)p[0] & mask[n];
	size_t i;

	for (i = 1; i < n; i++)
		point = point << 6 | ((unsigned char)p[i] & 0x3f);
	return point;
}

static enum glyph_kind
classify(uint32_t point)
{
	if (point == '\n' || point == '\r' || point == 0x85 ||
	    point == 0x2028 || point == 0x2029)
		return GLYPH_NEWLINE;
	if (point == '\t' || point == '\v' || point == '\f')
		return GLYPH_SPACE;
	/* C0, DEL, C1: unwelcome in XML, obeyed by terminals */
	if (point < 0x20 || (point >= 0x7f && point < 0xa0))
		return GLYPH_BAD;
	/* embeddings, overrides, isolates: they reorder what is around them */
	if ((point >= 0x202a && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069))
		return GLYPH_BAD;
	/* outside the Char production of XML 1.0 */
	if (point == 0xfffe || point == 0xffff)
		return GLYPH_BAD;
	return GLYPH_TEXT;
}

struct glyph
nnv_glyph_at(const char *p, const char *end)
{
	size_t n = nnv_utf8_len(p, end);

	if (n == 0)
		return (struct glyph){ GLYPH_BAD, 1 };
	return (struct glyph){ classify(decode(p, n)), n };
}
