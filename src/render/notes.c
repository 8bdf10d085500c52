/*
 * A picture carries notes where its format has a place for them that no reader
 * shows: SVG has <metadata>, PNG a chunk of text, PDF an incremental update
 * with a longer Info dictionary, PostScript comments. Each is written so that
 * it can be found, and taken out, without understanding the rest of the file:
 *
 *	SVG	<metadata class="nnviz-notes"> ... </metadata>, at the end
 *	PNG	iTXt with the keyword "nnviz-c notes", before IEND
 *	PDF	from the comment "%nnviz-c notes" on, behind %%EOF
 *	PS	a comment "%nnviz-c notes" and those behind it
 *
 * Who reads them reads any file: nothing in it is believed but its bytes.
 */
#include "notes.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "nnviz/render.h"

static const struct nnv_str open_svg = { "<metadata class=\"nnviz-notes\">\n",
	31 };
static const struct nnv_str close_svg = { "</metadata>\n", 12 };
static const struct nnv_str comment = { "%nnviz-c notes\n", 15 };
/* A note may end in these words, but begins with others. */
static const struct nnv_str comment_line = { "\n%nnviz-c notes\n", 16 };
static const struct nnv_str png_head = { "\x89PNG\r\n\x1a\n", 8 };
/* keyword, its end, not compressed, no language, no translation */
static const struct nnv_str png_text = { "iTXtnnviz-c notes\0\0\0\0\0", 22 };

enum { PNG_FRAME = 12 }; /* of a chunk: length, type and check */

/* Where NEEDLE first stands at FROM or behind it, or the number of bytes. */
static size_t
find(struct nnv_str bytes, size_t from, struct nnv_str needle)
{
	if (from >= bytes.n)
		return bytes.n;
	return from + nnv_str_find(nnv_str_from(bytes, from), needle);
}

/* Put MORE into the text before AT. */
static void
splice(struct nnv_text *text, size_t at, const struct nnv_text *more)
{
	size_t behind = text->n - at;

	nnv_text_add(text, nnv_text_str(more));
	text->failed |= nnv_text_failed(more);
	if (nnv_text_failed(text) || more->n == 0)
		return;
	memmove(text->p + at + more->n, text->p + at, behind);
	memcpy(text->p + at, more->p, more->n);
}

static void
put_svg(struct nnv_str notes, struct nnv_text *picture)
{
	size_t at = nnv_str_find_last(nnv_text_str(picture), NNV_STR("</svg>"));
	struct nnv_text more = NNV_TEXT_EMPTY;

	if (at == picture->n)
		return;
	nnv_text_add(&more, open_svg);
	while (notes.n != 0) {
		struct nnv_str line = nnv_str_take(&notes, '\n');
		struct nnv_str key = nnv_str_take(&line, '\t');

		nnv_text_add_html(&more, key);
		/* the escape would make a blank of it */
		if (line.p != key.p + key.n)
			nnv_text_addc(&more, '\t');
		nnv_text_add_html(&more, line);
		nnv_text_addc(&more, '\n');
	}
	nnv_text_add(&more, close_svg);
	splice(picture, at, &more);
	nnv_text_release(&more);
}

static void
add_be(struct nnv_text *out, size_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		nnv_text_addc(out, (char)(unsigned char)(value >> shift));
}

static void
put_png(struct nnv_str notes, struct nnv_text *picture)
{
	struct nnv_text more = NNV_TEXT_EMPTY;

	if (picture->n < PNG_FRAME || notes.n > INT32_MAX / 2)
		return;
	add_be(&more, png_text.n - 4 + notes.n);
	nnv_text_add(&more, png_text);
	nnv_text_add(&more, notes);
	if (!nnv_text_failed(&more))
		add_be(&more,
		    crc32(0, (const Bytef *)more.p + 4, (uInt)(more.n - 4)));
	splice(picture, picture->n - PNG_FRAME, &more);
	nnv_text_release(&more);
}

static void
add_comments(struct nnv_text *out, struct nnv_str notes)
{
	nnv_text_add(out, comment);
	while (notes.n != 0) {
		nnv_text_adds(out, "% ");
		nnv_text_add(out, nnv_str_take(&notes, '\n'));
		nnv_text_addc(out, '\n');
	}
}

static void
put_ps(struct nnv_str notes, struct nnv_text *picture)
{
	size_t at = nnv_str_find_last(nnv_text_str(picture), NNV_STR("%%EOF"));
	struct nnv_text more = NNV_TEXT_EMPTY;

	if (at == picture->n)
		return;
	add_comments(&more, notes);
	splice(picture, at, &more);
	nnv_text_release(&more);
}

/* What an update of a PDF has to know of what it updates. */
struct pdf {
	struct nnv_str all;
	size_t xref;         /* where its table begins */
	size_t nobjects;     /* and as many has it */
	struct nnv_str root; /* "12 0 R" */
	size_t info;         /* the number of the Info dictionary */
	struct nnv_str said; /* what is in it */
};

/* The number behind KEY, which stands behind FROM; 0: there is none. */
static size_t
number_behind(struct nnv_str all, size_t from, struct nnv_str key)
{
	size_t at = find(all, from, key) + key.n, value = 0;

	while (at < all.n && (all.p[at] == ' ' || all.p[at] == '\n'))
		at++;
	for (; at < all.n && all.p[at] >= '0' && all.p[at] <= '9' &&
	     value < SIZE_MAX / 100;
	     at++)
		value = value * 10 + (size_t)(all.p[at] - '0');
	return value;
}

/* Where the object of that NUMBER says its dictionary's first entry. */
static bool
find_info(struct pdf *pdf)
{
	struct nnv_text head = NNV_TEXT_EMPTY;
	size_t from, to;

	nnv_text_addf(&head, "\n%zu 0 obj\n<<", pdf->info);
	if (nnv_text_failed(&head))
		return false;
	from = find(pdf->all, 0, nnv_text_str(&head)) + head.n;
	nnv_text_release(&head);
	to = find(pdf->all, from, NNV_STR(">>\nendobj"));
	if (from >= pdf->all.n || to >= pdf->all.n)
		return false;
	pdf->said = (struct nnv_str){ pdf->all.p + from, to - from };
	return true;
}

/* False: not in the form that cairo 1.16 gives it. */
static bool
read_pdf(struct pdf *pdf)
{
	size_t at = nnv_str_find_last(pdf->all, NNV_STR("startxref")), end;
	size_t trailer;

	if (at == pdf->all.n)
		return false;
	pdf->xref = number_behind(pdf->all, at, NNV_STR("startxref"));
	trailer = nnv_str_find_last(pdf->all, NNV_STR("trailer\n<<"));
	if (pdf->xref > at || trailer >= at ||
	    memcmp(pdf->all.p + pdf->xref, "xref", 4) != 0)
		return false;
	pdf->nobjects = number_behind(pdf->all, trailer, NNV_STR("/Size "));
	pdf->info = number_behind(pdf->all, trailer, NNV_STR("/Info "));
	pdf->root.p = pdf->all.p + find(pdf->all, trailer, NNV_STR("/Root "));
	end = find(pdf->all, (size_t)(pdf->root.p - pdf->all.p),
	    NNV_STR("R\n"));
	pdf->root.n = end + 1 - (size_t)(pdf->root.p - pdf->all.p);
	return pdf->nobjects != 0 && pdf->info != 0 && end < at &&
	    find_info(pdf);
}

/* The lines before the first key, in one. */
static void
add_summary(struct nnv_text *out, struct nnv_str notes)
{
	const char *between = "";

	while (notes.n != 0) {
		struct nnv_str line = nnv_str_take(&notes, '\n');

		nnv_text_adds(out, between);
		nnv_text_add(out, line);
		if (nnv_str_starts(line, NNV_STR("style ")))
			break;
		between = ", ";
	}
}

/* The Info dictionary once more, and longer; and a stream of the notes. */
static void
add_update(struct nnv_text *out, const struct pdf *pdf, struct nnv_str notes)
{
	size_t base = pdf->all.n, info, stream, xref;

	nnv_text_add(out, comment);
	info = base + out->n;
	nnv_text_addf(out, "%zu 0 obj\n<<", pdf->info);
	nnv_text_add(out, pdf->said);
	nnv_text_adds(out, "   /NnvizDigest (");
	add_summary(out, notes);
	nnv_text_addf(out, ")\n   /NnvizNotes %zu 0 R\n>>\nendobj\n",
	    pdf->nobjects);
	stream = base + out->n;
	nnv_text_addf(out, "%zu 0 obj\n<< /Length %zu >>\nstream\n",
	    pdf->nobjects, notes.n);
	nnv_text_add(out, notes);
	nnv_text_adds(out, "\nendstream\nendobj\n");
	xref = base + out->n;
	nnv_text_addf(out,
	    "xref\n%zu 1\n%010zu 00000 n \n%zu 1\n%010zu 00000 n \n"
	    "trailer\n<< /Size %zu\n   ",
	    pdf->info, info, pdf->nobjects, stream, pdf->nobjects + 1);
	nnv_text_add(out, pdf->root);
	nnv_text_addf(out,
	    "\n   /Info %zu 0 R\n   /Prev %zu\n>>\nstartxref\n%zu\n%%%%EOF\n",
	    pdf->info, pdf->xref, xref);
}

/* A PDF whose table is of another form gets comments, and its end again. */
static void
put_pdf(struct nnv_str notes, struct nnv_text *picture)
{
	struct pdf pdf = { .all = nnv_text_str(picture) };
	struct nnv_text more = NNV_TEXT_EMPTY;

	if (picture->n == 0 || picture->p[picture->n - 1] != '\n')
		nnv_text_addc(picture, '\n');
	pdf.all = nnv_text_str(picture);
	if (read_pdf(&pdf)) {
		add_update(&more, &pdf, notes);
	} else {
		add_comments(&more, notes);
		nnv_text_addf(&more, "startxref\n%zu\n%%%%EOF\n", pdf.xref);
	}
	splice(picture, picture->n, &more);
	nnv_text_release(&more);
}

static const struct {
	const char *format;
	void (*put)(struct nnv_str notes, struct nnv_text *picture);
} rows[] = { { "svg", put_svg }, { "pdf", put_pdf }, { "png", put_png },
	{ "eps", put_ps }, { "ps", put_ps } };

enum { NROWS = sizeof(rows) / sizeof(*rows) };

bool
nnv_notes_fit(struct nnv_str format)
{
	for (size_t i = 0; i < NROWS; i++)
		if (nnv_str_eq(format, nnv_str(rows[i].format)))
			return true;
	return false;
}

void
nnv_notes_put(struct nnv_str format, struct nnv_str notes,
    struct nnv_text *picture)
{
	if (notes.n == 0)
		return;
	for (size_t i = 0; i < NROWS; i++)
		if (nnv_str_eq(format, nnv_str(rows[i].format)))
			rows[i].put(notes, picture);
}

/* The length of the chunk at AT, or 0 when it is not all there. */
static size_t
chunk_at(struct nnv_str bytes, size_t at)
{
	const unsigned char *p = (const unsigned char *)bytes.p + at;
	size_t n;

	if (bytes.n - at < PNG_FRAME)
		return 0;
	n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	return n <= bytes.n - at - PNG_FRAME ? n + PNG_FRAME : 0;
}

static bool
find_png(struct nnv_str bytes, struct nnv_notes *notes)
{
	size_t at, n;

	for (at = png_head.n; (n = chunk_at(bytes, at)) != 0; at += n)
		if (n >= png_text.n + 8 &&
		    memcmp(bytes.p + at + 4, png_text.p, png_text.n) == 0) {
			notes->begin = at;
			notes->end = at + n;
			nnv_text_add(&notes->text,
			    (struct nnv_str){ bytes.p + at + 4 + png_text.n,
				n - PNG_FRAME + 4 - png_text.n });
			return true;
		}
	return false;
}

/* The text that S is in XML; what it is not stays as it is. */
static void
read_markup(struct nnv_str s, struct nnv_text *out)
{
	static const struct {
		struct nnv_str name;
		char c;
	} entities[] = { { { "&amp;", 5 }, '&' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' }, { { "&quot;", 6 }, '"' },
		{ { "&#93;", 5 }, ']' } };

	while (s.n != 0) {
		size_t n = 1, i;
		char c = *s.p;

		for (i = 0; c == '&' && i < 5; i++)
			if (nnv_str_starts(s, entities[i].name)) {
				n = entities[i].name.n;
				c = entities[i].c;
				break;
			}
		nnv_text_addc(out, c);
		s = nnv_str_from(s, n);
	}
}

static bool
find_svg(struct nnv_str bytes, struct nnv_notes *notes)
{
	size_t begin = nnv_str_find_last(bytes, open_svg), end;

	if (begin == bytes.n)
		return false;
	end = find(bytes, begin, close_svg);
	if (end == bytes.n)
		return false;
	notes->begin = begin;
	notes->end = end + close_svg.n;
	begin += open_svg.n;
	read_markup((struct nnv_str){ bytes.p + begin, end - begin },
	    &notes->text);
	return true;
}

/* A comment of ours, and those that follow it. */
static bool
find_comments(struct nnv_str bytes, struct nnv_notes *notes)
{
	struct nnv_str rest;

	notes->begin = nnv_str_find_last(bytes, comment_line);
	if (notes->begin == bytes.n)
		return false;
	notes->begin++;
	rest = (struct nnv_str){ bytes.p + notes->begin + comment.n,
		bytes.n - notes->begin - comment.n };
	while (nnv_str_starts(rest, NNV_STR("% "))) {
		struct nnv_str line = nnv_str_take(&rest, '\n');

		nnv_text_add(&notes->text, nnv_str_from(line, 2));
		nnv_text_addc(&notes->text, '\n');
	}
	notes->end = (size_t)(rest.p - bytes.p);
	return true;
}

static bool
find_pdf(struct nnv_str bytes, struct nnv_notes *notes)
{
	static const struct nnv_str stream = { "\nstream\n", 8 };
	size_t from, to;

	if (!find_comments(bytes, notes))
		return false;
	from = find(bytes, notes->begin, stream) + stream.n;
	to = from < bytes.n ? find(bytes, from, NNV_STR("\nendstream"))
			    : bytes.n;
	notes->end = bytes.n;
	if (notes->text.n == 0 && to < bytes.n)
		nnv_text_add(&notes->text,
		    (struct nnv_str){ bytes.p + from, to - from });
	return true;
}

bool
nnv_notes_find(struct nnv_str picture, struct nnv_notes *notes)
{
	*notes = (struct nnv_notes){ .text = NNV_TEXT_EMPTY };
	if (nnv_str_starts(picture, png_head))
		return find_png(picture, notes);
	if (nnv_str_starts(picture, NNV_STR("%PDF-")))
		return find_pdf(picture, notes);
	if (nnv_str_starts(picture, NNV_STR("%!PS")))
		return find_comments(picture, notes);
	return find_svg(picture, notes);
}
