/*
 * A language is a table: what each ASCII character becomes, NULL where it is
 * copied. Above ASCII a language either takes every valid character, or only
 * those that may be shown (glyph.h). One loop serves them all; it copies what
 * needs no escape in runs.
 */
#include "glyph.h"
#include "nnviz/text.h"

struct language {
	const char *ascii[128];
	bool shown; /* above ASCII: only what may be shown */
};

#define BAD GLYPH_REPLACEMENT

/* What is shown of ASCII's controls, the newline left open. */
#define CONTROLS                                                        \
	['\0'] = BAD, ['\x01'] = BAD, ['\x02'] = BAD, ['\x03'] = BAD,   \
	['\x04'] = BAD, ['\x05'] = BAD, ['\x06'] = BAD, ['\x07'] = BAD, \
	['\x08'] = BAD, ['\t'] = " ", ['\v'] = " ", ['\f'] = " ",       \
	['\r'] = " ", ['\x0e'] = BAD, ['\x0f'] = BAD, ['\x10'] = BAD,   \
	['\x11'] = BAD, ['\x12'] = BAD, ['\x13'] = BAD, ['\x14'] = BAD, \
	['\x15'] = BAD, ['\x16'] = BAD, ['\x17'] = BAD, ['\x18'] = BAD, \
	['\x19'] = BAD, ['\x1a'] = BAD, ['\x1b'] = BAD, ['\x1c'] = BAD, \
	['\x1d'] = BAD, ['\x1e'] = BAD, ['\x1f'] = BAD, ['\x7f'] = BAD

/* What markup makes of ASCII, the newline and the backslash left open. */
#define MARKUP                                                     \
	CONTROLS, ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", \
		  ['"'] = "&quot;"

/* libexpat holds back a ] that may begin "]]>", and Graphviz takes a label
 * that ends in one for broken. */
static const struct language html = { { MARKUP, ['\n'] = " ", [']'] = "&#93;" },
	true };

static const struct language plain = {
	{ MARKUP, ['\n'] = "\\n", ['\\'] = "\\\\" }, true
};

static const struct language terminal = { { CONTROLS, ['\n'] = " " }, true };

/* CommonMark 0.30, section 2.4; a bar ends a cell of GitHub's tables. */
static const struct language markdown = {
	{ MARKUP, ['\n'] = " ", ['\\'] = "\\\\", ['`'] = "\\`", ['*'] = "\\*",
	    ['_'] = "\\_", ['['] = "\\[", [']'] = "\\]", ['~'] = "\\~",
	    ['|'] = "\\|", ['#'] = "\\#", ['!'] = "\\!", ['$'] = "\\$" },
	true
};

/* RFC 4180: inside quotes, a quote is doubled. */
static const struct language csv = {
	{ CONTROLS, ['\n'] = NULL, ['"'] = "\"\"" }, true
};

/* RFC 8259, section 7. */
static const struct language json = {
	{ "\\u0000", "\\u0001", "\\u0002", "\\u0003", "\\u0004", "\\u0005",
	    "\\u0006", "\\u0007", "\\b", "\\t", "\\n", "\\u000b", "\\f", "\\r",
	    "\\u000e", "\\u000f", "\\u0010", "\\u0011", "\\u0012", "\\u0013",
	    "\\u0014", "\\u0015", "\\u0016", "\\u0017", "\\u0018", "\\u0019",
	    "\\u001a", "\\u001b", "\\u001c", "\\u001d", "\\u001e",
	    "\\u001f", ['"'] = "\\\"", ['\\'] = "\\\\" },
	false
};

/* What a character above ASCII becomes, and in *N its bytes. */
static const char *
escape_wide(const struct language *language, const char *p, const char *end,
    size_t *n)
{
	struct glyph glyph;

	if (!language->shown) {
		*n = nnv_utf8_len(p, end);
		if (*n != 0)
			return NULL;
		*n = 1;
		return BAD;
	}
	glyph = nnv_glyph_at(p, end);
	*n = glyph.n;
	switch (glyph.kind) {
	case GLYPH_NEWLINE:
		return language->ascii['\n'];
	case GLYPH_SPACE:
		return " ";
	case GLYPH_BAD:
		return BAD;
	default:
		return NULL;
	}
}

static void
add_escaped(struct nnv_text *text, struct nnv_str s,
    const struct language *language)
{
	size_t at = 0, run = 0, n;

	for (; at < s.n; at += n) {
		unsigned char c = (unsigned char)s.p[at];
		const char *escape;

		n = 1;
		escape = c < 0x80
		    ? language->ascii[c]
		    : escape_wide(language, s.p + at, s.p + s.n, &n);
		if (escape == NULL)
			continue;
		nnv_text_add(text, (struct nnv_str){ s.p + run, at - run });
		nnv_text_adds(text, escape);
		run = at + n;
	}
	if (run < s.n)
		nnv_text_add(text, nnv_str_from(s, run));
}

void
nnv_text_add_json(struct nnv_text *text, struct nnv_str s)
{
	add_escaped(text, s, &json);
}

void
nnv_text_add_html(struct nnv_text *text, struct nnv_str s)
{
	add_escaped(text, s, &html);
}

void
nnv_text_add_plain(struct nnv_text *text, struct nnv_str s)
{
	add_escaped(text, s, &plain);
}

void
nnv_text_add_terminal(struct nnv_text *text, struct nnv_str s)
{
	add_escaped(text, s, &terminal);
}

void
nnv_text_add_markdown(struct nnv_text *text, struct nnv_str s)
{
	add_escaped(text, s, &markdown);
}

void
nnv_text_add_csv(struct nnv_text *text, struct nnv_str s)
{
	bool formula = s.n > 0 && memchr("=+-@\t\r\n", s.p[0], 7) != NULL;
	bool quoted = formula;

	for (size_t i = 0; i < s.n && !quoted; i++)
		quoted = memchr(",\"\n\r;'", s.p[i], 6) != NULL;
	if (quoted)
		nnv_text_addc(text, '"');
	if (formula)
		nnv_text_addc(text, '\'');
	add_escaped(text, s, &csv);
	if (quoted)
		nnv_text_addc(text, '"');
}
