/*
 * Growable text, and the escapes of every language that text is written in.
 *
 * Failure is sticky: a buffer that could not grow ignores what follows, so a
 * writer appends freely and checks nnv_text_failed once.
 */
#ifndef NNVIZ_TEXT_H
#define NNVIZ_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

struct nnv_text {
	char *p; /* NUL-terminated once anything was added */
	size_t n, cap;
	bool failed;
};

#define NNV_TEXT_EMPTY ((struct nnv_text){ NULL, 0, 0, false })

void nnv_text_release(struct nnv_text *text);
void nnv_text_clear(struct nnv_text *text); /* empty, memory kept */

void nnv_text_add(struct nnv_text *text, struct nnv_str s);
void nnv_text_addc(struct nnv_text *text, char c);
void nnv_text_adds(struct nnv_text *text, const char *s);
void nnv_text_addi(struct nnv_text *text, int64_t value); /* decimal */
void nnv_text_addf(struct nnv_text *text, const char *format, ...)
    NNV_PRINTF(2, 3);

/* The shortest decimal that reads back as VALUE, as Python's repr writes it:
 * 0.1, 1e-05, 1e+22, inf, nan. Never depends on the locale. */
void nnv_text_add_real(struct nnv_text *text, double value);

/*
 * The escapes, one per language. Input is UTF-8; each invalid byte becomes
 * U+FFFD. In all but JSON, which people do not read, so do control characters,
 * what XML cannot hold, and the overrides of writing direction (U+202A-202E,
 * U+2066-2069): a name must not reorder the text around it.
 */
/* Inside a JSON string, quotes not included; non-ASCII stays UTF-8. */
void nnv_text_add_json(struct nnv_text *text, struct nnv_str s);
/* Inside a Graphviz HTML-like label, as running text: & < > " ] and controls;
 * a newline or tab is a space. The same escape serves XML and HTML. */
void nnv_text_add_html(struct nnv_text *text, struct nnv_str s);
/* A plain Graphviz attribute with escape sequences (tooltip, plain label):
 * what add_html does, and \ doubled; a newline stays one, as \n. */
void nnv_text_add_plain(struct nnv_text *text, struct nnv_str s);
/* A line on a terminal: what it would obey is replaced, a newline a space. */
void nnv_text_add_terminal(struct nnv_text *text, struct nnv_str s);
/* Running text of Markdown, also inside a cell of a table. */
void nnv_text_add_markdown(struct nnv_text *text, struct nnv_str s);
/* A whole field of CSV, in quotes where it needs them (RFC 4180). What a
 * spreadsheet would take for a formula gets a ' in front. */
void nnv_text_add_csv(struct nnv_text *text, struct nnv_str s);

static inline bool
nnv_text_failed(const struct nnv_text *text)
{
	return text->failed;
}

static inline struct nnv_str
nnv_text_str(const struct nnv_text *text)
{
	return (struct nnv_str){ text->p, text->n };
}

/*
 * UTF-8: the length in bytes (1-4) of the valid, shortest-form, non-surrogate
 * sequence that starts at P, or 0 when there is none before END.
 */
size_t nnv_utf8_len(const char *p, const char *end);

/* Whether all of S is valid UTF-8. */
bool nnv_utf8_valid(struct nnv_str s);

/* Characters in S, counting an invalid byte as one. */
size_t nnv_utf8_count(struct nnv_str s);

/*
 * Which of the N candidates is nearest to TYPED by edit distance (insertion,
 * deletion, substitution, transposition), for "did you mean"; the first such
 * index, or N where none is near enough to be meant: within a third of TYPED's
 * length, at least 2, and with something in common. Case is not an edit, nor
 * is _ for -.
 */
size_t nnv_nearest(struct nnv_str typed, const struct nnv_str *candidates,
    size_t n);

#endif
