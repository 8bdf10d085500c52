/*
 * What a character of foreign text does to the text around it: the one place
 * that decides what may be shown, for messages and for labels alike.
 */
#ifndef GLYPH_H
#define GLYPH_H

#include <stddef.h>

enum glyph_kind {
	GLYPH_TEXT,    /* shown as it is */
	GLYPH_NEWLINE, /* LF, CR, NEL, U+2028, U+2029 */
	GLYPH_SPACE,   /* tab and its kin */
	GLYPH_BAD      /* invalid, control, noncharacter, bidi override */
};

struct glyph {
	enum glyph_kind kind;
	size_t n; /* bytes it takes in the input, at least one */
};

/* U+FFFD, the replacement character, which stands for what is not shown. */
#define GLYPH_REPLACEMENT "\xef\xbf\xbd"

/* The character at P, which is before END. */
struct glyph nnv_glyph_at(const char *p, const char *end);

#endif
