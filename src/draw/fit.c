#include "fit.h"

size_t
nnv_fit_head(struct nnv_str text, size_t max)
{
	const char *p = text.p, *end;
	size_t n;

	if (text.n == 0)
		return 0;
	for (end = p + text.n; p < end && max > 0; max--) {
		n = nnv_utf8_len(p, end);
		p += n != 0 ? n : 1;
	}
	return (size_t)(p - text.p);
}

void
nnv_add_cut(struct nnv_text *out, struct nnv_str text, size_t max)
{
	if (nnv_fit_head(text, max) == text.n) {
		nnv_text_add_html(out, text);
		return;
	}
	nnv_text_add_html(out,
	    (struct nnv_str){ text.p, nnv_fit_head(text, max - 1) });
	nnv_text_adds(out, "\xe2\x80\xa6");
}

static const struct nnv_str between = { " \xc2\xb7 ", 4 };
static const struct nnv_str dot = { "\xc2\xb7 ", 3 };

/* Where a line of at most WIDTH characters ends: behind its last piece, else
 * behind its last blank or comma, if that is not too near to its beginning. */
static size_t
line_end(struct nnv_str text, size_t width)
{
	size_t n = nnv_fit_head(text, width), i;

	if (n == text.n)
		return n;
	for (i = n; i > n / 3 && i >= between.n; i--)
		if (memcmp(text.p + i - between.n, between.p, between.n) == 0)
			return i;
	for (i = n; i > n / 3; i--)
		/* a number keeps its unit */
		if ((text.p[i - 1] == ' ' || text.p[i - 1] == ',') &&
		    text.p[i] != '%')
			return i;
	return n;
}

void
nnv_add_wrapped(struct nnv_text *out, struct nnv_str text, size_t width,
    size_t lines, const char *line_break)
{
	while (lines-- > 1 && nnv_fit_head(text, width) < text.n) {
		size_t n = line_end(text, width);
		struct nnv_str line = { text.p, n };

		if (nnv_str_ends(line, between))
			line.n -= between.n;
		nnv_text_add_html(out, line);
		nnv_text_adds(out, line_break);
		text = nnv_str_from(text, n);
		/* a line begins with no blank and no separator */
		while (text.n != 0 && *text.p == ' ')
			text = nnv_str_from(text, 1);
		if (nnv_str_starts(text, dot))
			text = nnv_str_from(text, dot.n);
	}
	nnv_add_cut(out, text, width);
}

/* The number in a tag's POINT-SIZE="N"; 0: there is none. */
static double
font_size(struct nnv_str tag)
{
	static const struct nnv_str mark = { "POINT-SIZE=\"", 12 };
	double size = 0;
	size_t i;

	for (i = 0; i + mark.n <= tag.n; i++)
		if (memcmp(tag.p + i, mark.p, mark.n) == 0)
			break;
	for (i += mark.n; i < tag.n && tag.p[i] >= '0' && tag.p[i] <= '9'; i++)
		size = size * 10 + (tag.p[i] - '0');
	return size;
}

/* What begins with P up to the END that closes it. */
static struct nnv_str
enclosed(const char *p, const char *limit, char end)
{
	const char *last = memchr(p, end, (size_t)(limit - p));

	return (struct nnv_str){ p,
		last != NULL ? (size_t)(last + 1 - p) : (size_t)(limit - p) };
}

double
nnv_label_width(struct nnv_str html, double size)
{
	const char *p = html.p, *limit = html.p + html.n;
	double width = 0, most = 0, now = size;

	while (p < limit) {
		struct nnv_str piece = { p, 1 };

		if (*p == '<') {
			piece = enclosed(p, limit, '>');
			if (nnv_str_starts(piece, NNV_STR("<BR")))
				width = 0;
			else if (nnv_str_starts(piece, NNV_STR("<FONT")))
				now = font_size(piece);
			else if (nnv_str_starts(piece, NNV_STR("</FONT")))
				now = size;
			now = now > 0 ? now : size;
		} else {
			if (*p == '&')
				piece = enclosed(p, limit, ';');
			/* the rest of a character adds nothing */
			if (((unsigned char)*p & 0xc0) != 0x80)
				width += now / 2;
		}
		most = width > most ? width : most;
		p += piece.n;
	}
	return most;
}

double
nnv_label_height(struct nnv_str html, double size)
{
	const char *p = html.p, *limit = html.p + html.n;
	double height = 0, line = 0, now = size;

	for (; p < limit; p++) {
		struct nnv_str tag;

		if (*p != '<') {
			line = line < now ? now : line;
			continue;
		}
		tag = enclosed(p, limit, '>');
		if (nnv_str_starts(tag, NNV_STR("<BR"))) {
			height += line;
			line = 0;
		} else if (nnv_str_starts(tag, NNV_STR("<FONT"))) {
			now = font_size(tag);
		} else if (nnv_str_starts(tag, NNV_STR("</FONT"))) {
			now = size;
		}
		now = now > 0 ? now : size;
		p += tag.n - 1;
	}
	return height + line;
}

/* The next letter that counts, of ASCII in lower case; 0 at the end. */
static int
next_letter(struct nnv_str *rest)
{
	int c = 0;

	while (rest->n != 0 && (c = (unsigned char)*rest->p) == '_') {
		*rest = nnv_str_from(*rest, 1);
		c = 0;
	}
	if (rest->n != 0)
		*rest = nnv_str_from(*rest, 1);
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool
nnv_says_same(struct nnv_str a, struct nnv_str b)
{
	int c;

	do {
		c = next_letter(&a);
		if (c != next_letter(&b))
			return false;
	} while (c != 0);
	return true;
}

/* Half an em a character is right for digits and lower case, and a little much
 * for most text: labels placed by it keep clear of what they stand beside. */
double
nnv_text_width(struct nnv_str text, double size)
{
	return (double)nnv_utf8_count(text) * size * 0.56;
}
