#include "nnviz/text.h"

#include <stdio.h>

#include "glyph.h"
#include "nnviz/arena.h"

void
nnv_text_release(struct nnv_text *text)
{
	nnv_heap_free(text->p);
	*text = NNV_TEXT_EMPTY;
}

void
nnv_text_clear(struct nnv_text *text)
{
	text->n = 0;
	text->failed = false;
	if (text->p != NULL)
		text->p[0] = '\0';
}

/* Room for N more bytes and the terminator, or the text has failed. */
static bool
reserve(struct nnv_text *text, size_t n)
{
	void *p = text->p;

	if (text->failed)
		return false;
	if (n < text->cap - text->n)
		return true;
	if (n >= SIZE_MAX - text->n ||
	    !nnv_heap_grow(&p, &text->cap, text->n + n + 1, 1)) {
		text->failed = true;
		return false;
	}
	text->p = p;
	return true;
}

void
nnv_text_add(struct nnv_text *text, struct nnv_str s)
{
	if (!reserve(text, s.n))
		return;
	if (s.n != 0)
		memcpy(text->p + text->n, s.p, s.n);
	text->n += s.n;
	text->p[text->n] = '\0';
}

void
nnv_text_addc(struct nnv_text *text, char c)
{
	if (!reserve(text, 1))
		return;
	text->p[text->n++] = c;
	text->p[text->n] = '\0';
}

void
nnv_text_adds(struct nnv_text *text, const char *s)
{
	nnv_text_add(text, nnv_str(s));
}

void
nnv_text_addi(struct nnv_text *text, int64_t value)
{
	/* the negative of INT64_MIN exists only unsigned */
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char digits[20], *p = digits + sizeof(digits);

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		*--p = '-';
	nnv_text_add(text,
	    (struct nnv_str){ p, (size_t)(digits + sizeof(digits) - p) });
}

/* Write at the end; the length that was wanted, or negative. */
static int
format_tail(struct nnv_text *text, const char *format, va_list args)
{
	size_t room = text->cap - text->n;
	int n = vsnprintf(text->p + text->n, room, format, args);

	if (n >= 0 && (size_t)n < room)
		text->n += (size_t)n;
	else
		text->p[text->n] = '\0';
	return n;
}

void
nnv_text_addf(struct nnv_text *text, const char *format, ...)
{
	va_list args;
	size_t before = text->n;
	int n;

	if (!reserve(text, 64))
		return;
	va_start(args, format);
	n = format_tail(text, format, args);
	va_end(args);
	if (n < 0)
		text->failed = true;
	if (n <= 0 || text->n != before || !reserve(text, (size_t)n))
		return;
	va_start(args, format);
	format_tail(text, format, args);
	va_end(args);
}
