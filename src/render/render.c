/*
 * The parent's part: DOT is written here, everything else is made by a child
 * and checked before anybody gets it. libgvc returns 0 when a label was lost,
 * when a file was cut, when cairo ran out of memory: only what it prints and
 * the bytes themselves tell.
 */
#include "nnviz/render.h"

#include "child.h"
#include "format.h"
#include "nnviz/draw.h"
#include "picture.h"
#include "svg.h"

enum { DPI = 96, TIMEOUT = 60, PROBE_TIMEOUT = 20 };

static int
put_text(void *channel, const char *s)
{
	nnv_text_adds(channel, s);
	return 0;
}

static int
flush_nothing(void *channel)
{
	(void)channel;
	return 0;
}

/* agwrite, but into memory: the graph's way of writing is exchanged for it, as
 * Graphviz's own dot renderer does. */
static bool
write_dot(Agraph_t *drawing, struct nnv_text *out, struct nnv_diag *diag)
{
	static const Agiodisc_t to_text = { NULL, put_text, flush_nothing };
	Agiodisc_t *before = drawing->clos->disc.io;
	int status;

	drawing->clos->disc.io = (Agiodisc_t *)&to_text;
	status = agwrite(drawing, out);
	drawing->clos->disc.io = before;
	if (nnv_text_failed(out))
		return nnv_fail_memory(diag);
	return status == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz could not write DOT");
}

static struct nnv_str
next_line(struct nnv_str *text)
{
	const char *end = text->n != 0 ? memchr(text->p, '\n', text->n) : NULL;
	struct nnv_str line = { text->p,
		end != NULL ? (size_t)(end - text->p) : text->n };
	size_t taken = line.n + (end != NULL);

	text->p += taken;
	text->n -= taken;
	return line;
}

/* A line that Graphviz printed. One that begins in "in label of" ends a
 * message of several lines about HTML. */
static bool
hear_line(struct nnv_str line, struct nnv_str *error, struct nnv_diag *diag)
{
	static const struct nnv_str mark = { "Error: ", 7 };
	static const struct nnv_str warning = { "Warning: ", 9 };
	static const struct nnv_str label = { "in label of", 11 };

	if (line.n == 0)
		return true;
	if (nnv_str_starts(line, label))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz could not parse a label: %.*s: %.*s",
		    (int)error->n, error->p, (int)line.n, line.p);
	if (nnv_str_starts(line, mark)) {
		*error = (struct nnv_str){ line.p + mark.n, line.n - mark.n };
		return true;
	}
	if (nnv_str_starts(line, warning))
		nnv_warn(diag, "Graphviz warning", "%.*s",
		    (int)(line.n - warning.n), line.p + warning.n);
	else if (error->n == 0)
		nnv_warn(diag, "Graphviz message", "%.*s", (int)line.n, line.p);
	return true;
}

/* What was printed: false if an error is in it. */
static bool
hear(const struct nnv_text *said, struct nnv_diag *diag)
{
	struct nnv_str rest = nnv_text_str(said), error = { NULL, 0 };

	while (rest.n != 0)
		if (!hear_line(next_line(&rest), &error, diag))
			return false;
	if (error.n == 0)
		return true;
	return nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz: %.*s", (int)error.n,
	    error.p);
}

/* Where NEEDLE first stands in the bytes, or their number. */
static size_t
find(struct nnv_str bytes, struct nnv_str needle)
{
	size_t i;

	for (i = 0; i + needle.n <= bytes.n; i++)
		if (bytes.p[i] == needle.p[0] &&
		    memcmp(bytes.p + i, needle.p, needle.n) == 0)
			return i;
	return bytes.n;
}

/*
 * cairo says when it wrote a file, and heeds no SOURCE_DATE_EPOCH: the date is
 * set to the beginning of 1980, in place. In PDF it is 14 digits, in PostScript
 * the rest of a line.
 */
static void
settle_date(struct nnv_text *bytes)
{
	static const struct nnv_str pdf = { "/CreationDate (D:", 17 };
	static const struct nnv_str ps = { "%%CreationDate: ", 16 };
	struct nnv_str all = nnv_text_str(bytes);
	size_t at;

	if (nnv_str_starts(all, NNV_STR("%PDF-"))) {
		at = find(all, pdf) + pdf.n;
		if (at + 14 <= all.n)
			memcpy(bytes->p + at, "19800101000000", 14);
	} else if (nnv_str_starts(all, NNV_STR("%!PS"))) {
		at = find(all, ps) + ps.n;
		for (; at < all.n && all.p[at] != '\n'; at++)
			bytes->p[at] = '-';
	}
}

static bool
check_picture(const struct nnv_picture_row *row,
    struct nnv_child_result *result, struct nnv_diag *diag)
{
	if (!hear(&result->said, diag))
		return false;
	if (result->failed)
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz could not make %s", row->format.name);
	if (!nnv_picture_complete(row, nnv_text_str(&result->out)))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz made an incomplete %s", row->format.name);
	settle_date(&result->out);
	return true;
}

static const struct nnv_sheet *
sheet_of(Agraph_t *drawing)
{
	return (const struct nnv_sheet *)aggetrec(drawing, (char *)NNV_SHEET,
	    0);
}

static bool
refine(const struct nnv_text *bytes, const struct nnv_sheet *sheet,
    struct nnv_text *out, struct nnv_diag *diag)
{
	if (nnv_svg_refine(nnv_text_str(bytes), sheet, out))
		return true;
	if (nnv_text_failed(out))
		return nnv_fail_memory(diag);
	return nnv_fail(diag, NNV_E_GRAPHVIZ,
	    "Graphviz wrote SVG of an unknown form");
}

static bool
draw_picture(Agraph_t *drawing, const struct nnv_picture_row *row,
    struct nnv_text *out, struct nnv_diag *diag)
{
	const struct nnv_sheet *sheet = sheet_of(drawing);
	struct nnv_picture_job job = { drawing, row,
		sheet != NULL ? sheet->dpi : DPI };
	struct nnv_child_result made = NNV_CHILD_RESULT_EMPTY;
	bool fine;

	fine = nnv_child_run(nnv_picture_work, &job,
		   sheet != NULL ? sheet->timeout : TIMEOUT, &made, diag) &&
	    check_picture(row, &made, diag);
	if (fine && sheet != NULL &&
	    nnv_str_eq(nnv_str(row->format.name), NNV_STR("svg")))
		fine = refine(&made.out, sheet, out, diag);
	else if (fine)
		nnv_text_add(out, nnv_text_str(&made.out));
	nnv_child_result_release(&made);
	if (fine && nnv_text_failed(out))
		return nnv_fail_memory(diag);
	return fine;
}

bool
nnv_render(Agraph_t *drawing, struct nnv_str format, struct nnv_text *out,
    struct nnv_diag *diag)
{
	const struct nnv_picture_row *row = nnv_picture_row(format);

	if (row == NULL)
		return nnv_fail(diag, NNV_E_USAGE, "unknown format \"%.*s\"",
		    (int)format.n, format.p);
	if (nnv_str_eq(format, NNV_STR("dot")))
		return write_dot(drawing, out, diag);
	if (!row->drawn)
		return nnv_fail(diag, NNV_E_USAGE,
		    "\"%s\" is not a format of pictures", row->format.name);
	return draw_picture(drawing, row, out, diag);
}

static bool
is_listed(const struct nnv_text *list, const char *name)
{
	struct nnv_text word = NNV_TEXT_EMPTY;
	struct nnv_str all = nnv_text_str(list);
	bool found;

	nnv_text_addf(&word, " %s ", name);
	found = !nnv_text_failed(&word) &&
	    find(all, nnv_text_str(&word)) < all.n;
	nnv_text_release(&word);
	return found;
}

bool
nnv_picture_probe(bool available[NNV_PICTURE_FORMATS], struct nnv_diag *diag)
{
	struct nnv_child_result list = NNV_CHILD_RESULT_EMPTY;
	const struct nnv_picture_format *format;
	bool fine;
	size_t i;

	fine = nnv_child_run(nnv_picture_list, NULL, PROBE_TIMEOUT, &list,
	    diag);
	for (i = 0; (format = nnv_picture_format(i)) != NULL; i++)
		available[i] = !nnv_picture_row(nnv_str(format->name))->drawn ||
		    is_listed(&list.out, format->name);
	nnv_child_result_release(&list);
	return fine;
}
