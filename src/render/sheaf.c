/*
 * Every page is as large as its drawing, with a line above it: where it belongs
 * on the left, each step a link; its number on the right, with links to its
 * neighbours. Links lead to destinations, which may be on pages to come.
 *
 * libgvc ends the surface that it is given for PDF after one page; for its
 * renderer's own kind, which has no device, it does not. A device without an
 * engine of its own is that.
 */
#include "sheaf.h"

#include <stdlib.h>
#include <string.h>

#include "link.h"
#include "nnviz/arena.h"

enum { MARGIN = 14, HEAD = 30, BASELINE = 19, LEAST_WIDTH = 360, FONT = 9 };

/* What readers show: 200 inches. */
enum { POINTS_MAX = 14400 };

/* A drawing with its pad, and how wide the page is. */
struct extent {
	double pad, width, height, whole;
};

static const char separator[] = " \xe2\x80\xba ";

/* Of cairo. */
enum { OUTLINE_OPEN = 1, META_TITLE = 0, META_CREATOR = 4 };

/* Tables that libgvc keeps pointers to. */
static void
add_device(struct nnv_sheaf_device *device, GVC_t *gvc)
{
	device->features = (gvdevice_features_t){ GVRENDER_DOES_MAPS |
		    GVRENDER_DOES_MAP_RECTANGLE,
		{ 0, 0 }, { 0, 0 }, { 72, 72 } };
	device->devices[0] = (gvplugin_installed_t){ 0, "nnviz:cairo", 0, NULL,
		&device->features };
	device->devices[1] = (gvplugin_installed_t){ 0, NULL, 0, NULL, NULL };
	device->apis[0] = (gvplugin_api_t){ API_device, device->devices };
	device->apis[1] = (gvplugin_api_t){ (api_t)0, NULL };
	device->library = (gvplugin_library_t){ (char *)"nnviz", device->apis };
	gvAddLibrary(gvc, &device->library);
}

static int
keep(void *text, const unsigned char *bytes, unsigned n)
{
	nnv_text_add(text, (struct nnv_str){ (const char *)bytes, n });
	return 0;
}

bool
nnv_sheaf_begin(struct nnv_sheaf *sheaf, GVC_t *gvc,
    const struct nnv_book *book, struct nnv_diag *diag)
{
	*sheaf = (struct nnv_sheaf){ .book = book, .bytes = NNV_TEXT_EMPTY };
	if (!nnv_pens_load(&sheaf->pens, diag))
		return false;
	add_device(&sheaf->device, gvc);
	sheaf->outlines = nnv_heap_alloc(book->npages,
	    sizeof(*sheaf->outlines));
	if (sheaf->outlines == NULL)
		return nnv_fail_memory(diag);
	sheaf->surface = sheaf->pens.pdf_surface_create_for_stream(keep,
	    &sheaf->bytes, LEAST_WIDTH, LEAST_WIDTH);
	sheaf->context = sheaf->pens.create(sheaf->surface);
	sheaf->pens.pdf_surface_set_metadata(sheaf->surface, META_TITLE,
	    book->pages[0].label);
	sheaf->pens.pdf_surface_set_metadata(sheaf->surface, META_CREATOR,
	    "nnviz-c");
	return true;
}

/* The numbers behind "#" in a colour; white for another word. */
static void
set_color(struct nnv_sheaf *sheaf, const char *color)
{
	unsigned long rgb = 0xffffff;

	if (color != NULL && color[0] == '#' && strlen(color) == 7)
		rgb = strtoul(color + 1, NULL, 16);
	sheaf->pens.set_source_rgb(sheaf->context,
	    (double)(rgb >> 16 & 255) / 255, (double)(rgb >> 8 & 255) / 255,
	    (double)(rgb & 255) / 255);
}

static void
set_font(struct nnv_sheaf *sheaf, bool bold)
{
	sheaf->pens.select_font_face(sheaf->context, "Liberation Sans", 0,
	    bold);
	sheaf->pens.set_font_size(sheaf->context, FONT);
	set_color(sheaf, bold ? "#6b7785" : "#8592a0");
}

static double
width_of(struct nnv_sheaf *sheaf, const char *text)
{
	struct nnv_extents extents;

	sheaf->pens.text_extents(sheaf->context, text, &extents);
	return extents.x_advance;
}

/* An area that leads to a page. */
static void
add_link(struct nnv_sheaf *sheaf, boxf area, uint32_t page)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_addf(&text, "rect=[%.2f %.2f %.2f %.2f] dest='page%u'",
	    area.LL.x, area.LL.y, area.UR.x - area.LL.x, area.UR.y - area.LL.y,
	    page + 1);
	if (!nnv_text_failed(&text)) {
		sheaf->pens.tag_begin(sheaf->context, "Link", text.p);
		sheaf->pens.tag_end(sheaf->context, "Link");
	}
	nnv_text_release(&text);
}

/* Words at X, which lead to a page if there is one; where they end. */
static double
put(struct nnv_sheaf *sheaf, double x, const char *words, uint32_t page)
{
	double end = x + width_of(sheaf, words);

	sheaf->pens.move_to(sheaf->context, x, BASELINE);
	sheaf->pens.show_text(sheaf->context, words);
	if (page < sheaf->book->npages)
		add_link(sheaf,
		    (boxf){ { x, BASELINE - FONT }, { end, BASELINE + 4 } },
		    page);
	return end;
}

/* From the overview down to the page; X: where they begin. */
static double
put_path(struct nnv_sheaf *sheaf, double x, uint32_t page, bool last)
{
	const struct nnv_page *p = &sheaf->book->pages[page];
	uint32_t chain[NNV_PAGES_DEEP], n = 0;

	for (; p->parent < page && n < NNV_PAGES_DEEP;
	     page = p->parent, p = &sheaf->book->pages[page])
		chain[n++] = page;
	set_font(sheaf, last && n == 0);
	x = put(sheaf, x, sheaf->book->pages[page].label,
	    n != 0 ? page : NNV_PAGES_NONE);
	while (n-- > 0) {
		set_font(sheaf, false);
		x = put(sheaf, x, separator, NNV_PAGES_NONE);
		set_font(sheaf, last && n == 0);
		x = put(sheaf, x, sheaf->book->pages[chain[n]].label,
		    n != 0 ? chain[n] : NNV_PAGES_NONE);
	}
	return x;
}

static void
put_number(struct nnv_sheaf *sheaf, double right, uint32_t page)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	double x;

	nnv_text_addf(&text, "%u / %u", page + 1, sheaf->book->npages);
	set_font(sheaf, false);
	if (!nnv_text_failed(&text)) {
		x = right - width_of(sheaf, text.p) - 24;
		if (page > 0)
			put(sheaf, x, "\xe2\x80\xb9", page - 1);
		put(sheaf, x + 12, text.p, NNV_PAGES_NONE);
		if (page + 1 < sheaf->book->npages)
			put(sheaf, right - 4, "\xe2\x80\xba", page + 1);
	}
	nnv_text_release(&text);
}

/* How wide the line above is, about, before there is a page to write it on. */
static double
head_width(const struct nnv_sheaf *sheaf, uint32_t page)
{
	const struct nnv_page *pages = sheaf->book->pages;
	double letters = 0;

	for (; page < sheaf->book->npages; page = pages[page].parent)
		letters += (double)nnv_utf8_count(nnv_str(pages[page].label)) +
		    3;
	return letters * FONT * 0.56 + 120;
}

/* The drawing's boxes that lead to pages, by our links instead of its own.
 * LEFT, TOP: where it stands. */
static void
link_boxes(struct nnv_sheaf *sheaf, Agraph_t *drawing, double left, double top)
{
	boxf all = GD_bb(drawing);
	char url[] = "URL", none[] = "";
	Agsym_t *attr = agattr(drawing, AGNODE, url, NULL);
	Agnode_t *node;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node)) {
		uint32_t page = nnv_page_linked(agxget(node, attr));
		pointf at = ND_coord(node);
		double x = left + at.x - all.LL.x, y = top + all.UR.y - at.y;

		if (page >= sheaf->book->npages)
			continue;
		agxset(node, attr, none);
		add_link(sheaf,
		    (boxf){ { x - ND_lw(node), y - ND_ht(node) / 2 },
			{ x + ND_rw(node), y + ND_ht(node) / 2 } },
		    page);
	}
}

/* Where links lead, and the line of the outline that leads here. */
static void
mark_page(struct nnv_sheaf *sheaf, uint32_t page)
{
	const struct nnv_page *p = &sheaf->book->pages[page];
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_addf(&text, "name='page%u' x=0 y=0", page + 1);
	if (!nnv_text_failed(&text)) {
		sheaf->pens.tag_begin(sheaf->context, "cairo.dest", text.p);
		sheaf->pens.tag_end(sheaf->context, "cairo.dest");
	}
	nnv_text_clear(&text);
	nnv_text_addf(&text, "dest='page%u'", page + 1);
	if (!nnv_text_failed(&text))
		sheaf->outlines[page] =
		    sheaf->pens.pdf_surface_add_outline(sheaf->surface,
			p->parent < page ? sheaf->outlines[p->parent] : 0,
			p->label, text.p, page == 0 ? OUTLINE_OPEN : 0);
	nnv_text_release(&text);
}

/* A rule below the line, and the page's colour behind it. */
static void
paint_head(struct nnv_sheaf *sheaf, Agraph_t *drawing, double width,
    double height)
{
	char bgcolor[] = "bgcolor";

	set_color(sheaf, agget(drawing, bgcolor));
	sheaf->pens.rectangle(sheaf->context, 0, 0, width, height);
	sheaf->pens.fill(sheaf->context);
	set_color(sheaf, "#9aa7b4");
	sheaf->pens.rectangle(sheaf->context, MARGIN, HEAD - 2,
	    width - 2 * MARGIN, 0.4);
	sheaf->pens.fill(sheaf->context);
}

/* Draw at LEFT, below the head. */
static bool
paint_drawing(struct nnv_sheaf *sheaf, GVC_t *gvc, Agraph_t *drawing,
    double left, struct nnv_diag *diag)
{
	bool fine;

	sheaf->pens.save(sheaf->context);
	sheaf->pens.translate(sheaf->context, left, HEAD);
	fine = gvRenderContext(gvc, drawing, "nnviz", sheaf->context) == 0;
	sheaf->pens.restore(sheaf->context);
	return fine ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz could not make a page");
}

/* How much of its size a page keeps that would be larger than readers show;
 * negative: that is a failure. */
static double
fit(const struct nnv_book *book, uint32_t page, double width, double height,
    struct nnv_diag *diag)
{
	double longest = width > height ? width : height;

	if (longest <= POINTS_MAX)
		return 1;
	if (book->strict) {
		nnv_fail(diag, NNV_E_LIMIT,
		    "page %u of %.0f \xc3\x97 %.0f inches is more than PDF "
		    "readers show, which is 200",
		    page + 1, width / 72, height / 72);
		return -1;
	}
	nnv_warn(diag, NNV_TOO_LARGE " for a page",
	    "page %u of %.0f \xc3\x97 %.0f inches is more than PDF readers "
	    "show: scaled to %.0f %%",
	    page + 1, width / 72, height / 72, 100 * POINTS_MAX / longest);
	return POINTS_MAX / longest;
}

/* The line above, and below it what the page shows. */
static bool
paint_page(struct nnv_sheaf *sheaf, GVC_t *gvc, Agraph_t *drawing,
    uint32_t page, const struct extent *size, struct nnv_diag *diag)
{
	double left = (size->whole - size->width) / 2;

	mark_page(sheaf, page);
	paint_head(sheaf, drawing, size->whole, size->height + HEAD);
	put_path(sheaf, MARGIN, page, true);
	put_number(sheaf, size->whole - MARGIN, page);
	link_boxes(sheaf, drawing, left + size->pad, HEAD + size->pad);
	return paint_drawing(sheaf, gvc, drawing, left, diag);
}

bool
nnv_sheaf_add(struct nnv_sheaf *sheaf, GVC_t *gvc, Agraph_t *drawing,
    uint32_t page, struct nnv_diag *diag)
{
	char pad_name[] = "pad";
	const char *pad_text = agget(drawing, pad_name);
	double pad = pad_text != NULL ? strtod(pad_text, NULL) * 72 : 4;
	boxf box = GD_bb(drawing);
	struct extent size = { pad, box.UR.x - box.LL.x + 2 * pad,
		box.UR.y - box.LL.y + 2 * pad, head_width(sheaf, page) };
	double scale;
	bool fine;

	if (size.whole < LEAST_WIDTH)
		size.whole = LEAST_WIDTH;
	if (size.whole < size.width)
		size.whole = size.width;
	scale = fit(sheaf->book, page, size.whole, size.height + HEAD, diag);
	if (scale < 0)
		return false;
	GD_drawing(drawing)->dpi = 72;
	sheaf->pens.pdf_surface_set_size(sheaf->surface, scale * size.whole,
	    scale * (size.height + HEAD));
	sheaf->pens.save(sheaf->context);
	sheaf->pens.scale(sheaf->context, scale, scale);
	fine = paint_page(sheaf, gvc, drawing, page, &size, diag);
	sheaf->pens.restore(sheaf->context);
	if (!fine)
		return false;
	sheaf->pens.show_page(sheaf->context);
	if (sheaf->pens.status(sheaf->context) != 0)
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "cairo could not make a page: status %d",
		    sheaf->pens.status(sheaf->context));
	return true;
}

bool
nnv_sheaf_end(struct nnv_sheaf *sheaf, struct nnv_diag *diag)
{
	sheaf->pens.surface_finish(sheaf->surface);
	if (nnv_text_failed(&sheaf->bytes))
		return nnv_fail_memory(diag);
	return sheaf->pens.surface_status(sheaf->surface) == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "cairo could not finish the pages");
}
