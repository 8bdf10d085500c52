/*
 * SVG is given room above the drawing by a larger viewBox; nothing in it moves.
 * The line is plain text: whoever shows it knows how wide its words are.
 */
#include "heading.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD = 30, MARGIN = 14, FONT = 9, LEAST_WIDTH = 360 };

static const char grey[] = "#6b7785";

/* The drawing's place, and the page's. */
struct area {
	double left, top, width, height;
};

/* Where NEEDLE begins, or NULL. */
static const char *
find(struct nnv_str text, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = 0; i + n <= text.n; i++)
		if (memcmp(text.p + i, needle, n) == 0)
			return text.p + i;
	return NULL;
}

/* From FROM up to TO, which is somewhere behind it. */
static struct nnv_str
between(const char *from, const char *to)
{
	return (struct nnv_str){ from, (size_t)(to - from) };
}

static bool
read_area(const char *box, struct area *area)
{
	double *const fields[] = { &area->left, &area->top, &area->width,
		&area->height };
	char *end = (char *)box;

	for (size_t i = 0; i < 4; i++) {
		const char *at = end;

		*fields[i] = strtod(at, &end);
		if (end == at)
			return false;
	}
	return *end == '"';
}

/* Room for the line, and as much width as it needs, about. */
static struct area
extend(struct area area, const struct nnv_book *book, uint32_t page)
{
	double letters = 0, extra;

	for (; page < book->npages; page = book->pages[page].parent)
		letters += (double)nnv_utf8_count(nnv_str(book->pages[page]
							      .label)) +
		    3;
	extra = letters * FONT * 0.56 + 120;
	extra = (extra < LEAST_WIDTH ? LEAST_WIDTH : extra) - area.width;
	if (extra > 0) {
		area.left -= extra / 2;
		area.width += extra;
	}
	area.top -= HEAD;
	area.height += HEAD;
	return area;
}

/* The root element with the page's size. ROOT begins with "<svg". */
static void
add_root(struct nnv_text *out, struct nnv_str root, struct area area)
{
	const char *width = find(root, " width=\""),
		   *box = find(root, " viewBox=\"");
	const char *rest = box + 10;

	while (*rest != '"')
		rest++;
	nnv_text_add(out, between(root.p, width != NULL ? width : box));
	if (width != NULL)
		nnv_text_addf(out, " width=\"%.0fpt\" height=\"%.0fpt\"",
		    area.width, area.height);
	nnv_text_addf(out, " viewBox=\"%.2f %.2f %.2f %.2f", area.left,
	    area.top, area.width, area.height);
	nnv_text_add(out, between(rest, root.p + root.n));
}

/* Words that lead to a page. */
static void
add_link(struct nnv_text *out, const struct nnv_book *book, uint32_t page,
    const char *words)
{
	nnv_text_addf(out, "<a xlink:href=\"%s\">", book->pages[page].file);
	nnv_text_add_html(out, nnv_str(words));
	nnv_text_adds(out, "</a>");
}

static void
add_path(struct nnv_text *out, const struct nnv_book *book, uint32_t page)
{
	uint32_t chain[NNV_PAGES_DEEP] = { page }, n = 0;

	for (; page < book->npages && n < NNV_PAGES_DEEP;
	     page = book->pages[page].parent)
		chain[n++] = page;
	while (n-- > 1) {
		add_link(out, book, chain[n], book->pages[chain[n]].label);
		nnv_text_adds(out, " \xe2\x80\xba ");
	}
	nnv_text_adds(out, "<tspan font-weight=\"bold\">");
	nnv_text_add_html(out, nnv_str(book->pages[chain[0]].label));
	nnv_text_adds(out, "</tspan>");
}

static void
add_number(struct nnv_text *out, const struct nnv_book *book, uint32_t page)
{
	if (page > 0) {
		add_link(out, book, page - 1, "\xe2\x80\xb9");
		nnv_text_addc(out, ' ');
	}
	nnv_text_addf(out, "%u / %u", page + 1, book->npages);
	if (page + 1 < book->npages) {
		nnv_text_addc(out, ' ');
		add_link(out, book, page + 1, "\xe2\x80\xba");
	}
}

/* The page's colour behind the line, which is part of the drawing for a theme
 * that follows the reader's, and the line. */
static void
add_line(struct nnv_text *out, const struct nnv_book *book, uint32_t page,
    const char *color, struct area area)
{
	double right = area.left + area.width, bottom = area.top + area.height;
	double base = area.top + 19, rule = area.top + HEAD - 2;

	if (color != NULL && color[0] == '#')
		nnv_text_addf(out,
		    "<g class=\"graph\"><polygon fill=\"%s\" "
		    "stroke=\"none\" points=\"%.2f,%.2f %.2f,%.2f "
		    "%.2f,%.2f %.2f,%.2f\"/></g>\n",
		    color, area.left, area.top, right, area.top, right, bottom,
		    area.left, bottom);
	nnv_text_addf(out,
	    "<g class=\"heading\" font-size=\"%d\" fill=\"%s\">\n"
	    "<text x=\"%.2f\" y=\"%.2f\">",
	    FONT, grey, area.left + MARGIN, base);
	add_path(out, book, page);
	nnv_text_addf(out,
	    "</text>\n<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"end\">",
	    right - MARGIN, base);
	add_number(out, book, page);
	nnv_text_addf(out,
	    "</text>\n<path stroke=\"%s\" stroke-width=\"0.4\" "
	    "d=\"M%.2f,%.2f H%.2f\"/>\n</g>\n",
	    grey, area.left + MARGIN, rule, right - MARGIN);
}

bool
nnv_heading_add(struct nnv_str svg, const struct nnv_book *book, uint32_t page,
    const char *color, struct nnv_text *out, struct nnv_diag *diag)
{
	const char *root = find(svg, "<svg "), *box, *body;
	const char *end = root != NULL
	    ? memchr(root, '>', svg.n - (size_t)(root - svg.p))
	    : NULL;
	struct area area;

	body = find(svg, "<g id=\"graph0\"");
	box = end != NULL ? find(between(root, end), " viewBox=\"") : NULL;
	if (box == NULL || body == NULL || body < end ||
	    !read_area(box + 10, &area))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz wrote SVG of an unknown form");
	area = extend(area, book, page);
	nnv_text_add(out, between(svg.p, root));
	add_root(out, between(root, end), area);
	nnv_text_add(out, between(end, body));
	add_line(out, book, page, color, area);
	nnv_text_add(out, between(body, svg.p + svg.n));
	return !nnv_text_failed(out) || nnv_fail_memory(diag);
}
