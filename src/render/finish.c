/*
 * What libgvc made becomes what is written. It returns 0 also when a file was
 * cut, or when cairo ran out of memory: only the bytes themselves tell. What
 * differs from run to run in them, or is broken, is set right in place; SVG is
 * written anew (svg.c).
 */
#include "finish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "svg.h"

/*
 * cairo says when it wrote a file, and heeds no SOURCE_DATE_EPOCH: the date is
 * set to the beginning of 1980, in place. In PDF it is 14 digits, in PostScript
 * the rest of a line.
 */
static void
settle_date(struct nnv_str all)
{
	static const struct nnv_str pdf = { "/CreationDate (D:", 17 };
	static const struct nnv_str ps = { "%%CreationDate: ", 16 };
	char *bytes = (char *)all.p;
	size_t at;

	if (nnv_str_starts(all, NNV_STR("%PDF-"))) {
		at = nnv_str_find(all, pdf) + pdf.n;
		if (at + 14 <= all.n)
			memcpy(bytes + at, "19800101000000", 14);
	} else if (nnv_str_starts(all, NNV_STR("%!PS"))) {
		at = nnv_str_find(all, ps) + ps.n;
		for (; at < all.n && bytes[at] != '\n'; at++)
			bytes[at] = '-';
	}
}

/* Whether the object NUMBER stands at OFFSET, as a table says. */
static bool
stands_at(struct nnv_str all, unsigned long offset, unsigned long number)
{
	char head[32];
	int n = snprintf(head, sizeof(head), "%lu 0 obj", number);

	return offset <= all.n && all.n - offset >= (size_t)n &&
	    memcmp(all.p + offset, head, (size_t)n) == 0;
}

/*
 * Of a link cairo 1.16 may list an object that it never writes, and readers
 * call the file damaged. In the table of objects, twenty bytes each, such a one
 * is marked as free: a reference to it is nothing.
 */
static void
settle_objects(struct nnv_str all)
{
	enum { ENTRY = 20 };
	size_t tail = all.n > 64 ? all.n - 64 : 0, at;
	unsigned long from, n, i;
	char *end;

	at = tail +
	    nnv_str_find(nnv_str_from(all, tail), NNV_STR("startxref\n"));
	if (at == all.n)
		return;
	from = strtoul(all.p + at + 10, NULL, 10);
	if (from >= at ||
	    !nnv_str_starts((struct nnv_str){ all.p + from, at - from },
		NNV_STR("xref\n0 ")))
		return;
	n = strtoul(all.p + from + 7, &end, 10);
	at = (size_t)(end + 1 - all.p);
	for (i = 1; i < n && at + (i + 1) * ENTRY <= all.n; i++) {
		char *entry = (char *)all.p + at + i * ENTRY;

		if (entry[17] == 'n' &&
		    !stands_at(all, strtoul(entry, NULL, 10), i))
			memcpy(entry, "0000000000 65535 f", 18);
	}
}

bool
nnv_picture_finish(const struct nnv_picture_row *row, struct nnv_str made,
    const struct nnv_sheet *sheet, struct nnv_text *out, struct nnv_diag *diag)
{
	if (!nnv_picture_complete(row, made))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz made an incomplete %s", row->format.name);
	settle_date(made);
	if (nnv_str_starts(made, NNV_STR("%PDF-")))
		settle_objects(made);
	if (sheet == NULL ||
	    !nnv_str_eq(nnv_str(row->format.name), NNV_STR("svg")))
		nnv_text_add(out, made);
	else if (!nnv_svg_refine(made, sheet, out) && !nnv_text_failed(out))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz wrote SVG of an unknown form");
	return !nnv_text_failed(out) || nnv_fail_memory(diag);
}
