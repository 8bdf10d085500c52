/*
 * Only formats of this table are ever asked of libgvc: some of those that it
 * offers open a window, or write files of their own.
 */
#include "format.h"

#include <string.h>

enum { TAIL_WITHIN = 32 };

#define ROW(name, help, head, tail, pixels, xml, drawn)        \
	{                                                      \
		{ name, help }, head, tail, pixels, xml, drawn \
	}

static const struct nnv_picture_row table[] = {
	ROW("pdf", "Portable Document Format", "%PDF-", "%%EOF", false, false,
	    true),
	ROW("svg", "Scalable Vector Graphics", "<?xml", "</svg>", false, true,
	    true),
	ROW("png", "Portable Network Graphics", "\x89PNG\r\n", "IEND", true,
	    false, true),
	ROW("dot", "Graphviz, before layout", NULL, NULL, false, false, false),
	ROW("json", "the graph as drawn, to be read again", NULL, NULL, false,
	    false, false),
	ROW("atlas", "a folder of linked SVG, a page a module", NULL, NULL,
	    false, false, false),
	ROW("svgz", "SVG, packed", "\x1f\x8b", NULL, false, true, true),
	ROW("eps", "Encapsulated PostScript", "%!PS-Adobe", "%%EOF", false,
	    false, true),
	ROW("ps", "PostScript", "%!PS-Adobe", "%%EOF", false, false, true),
	ROW("jpg", "JPEG", "\xff\xd8\xff", "\xff\xd9", true, false, true),
	ROW("webp", "WebP", "RIFF", NULL, true, false, true),
	ROW("gif", "GIF", "GIF8", ";", true, false, true),
	ROW("bmp", "Windows bitmap", "BM", NULL, true, false, true),
	ROW("tiff", "TIFF", "II*", NULL, true, false, true),
	ROW("xdot", "Graphviz, after layout", "digraph", "}", false, false,
	    true),
	ROW("plain", "Graphviz's coordinates as text", "graph", "stop", false,
	    false, true),
	ROW("cmapx", "HTML image map", "<map", "</map>", true, true, true)
};

enum { NROWS = sizeof(table) / sizeof(table[0]) };

const struct nnv_picture_format *
nnv_picture_format(size_t i)
{
	return i < NROWS ? &table[i].format : NULL;
}

/* What files of a format are called too. */
static struct nnv_str
alias(struct nnv_str name)
{
	if (nnv_str_same(name, NNV_STR("jpeg")))
		return NNV_STR("jpg");
	if (nnv_str_same(name, NNV_STR("tif")))
		return NNV_STR("tiff");
	return name;
}

const struct nnv_picture_row *
nnv_picture_row(struct nnv_str name)
{
	size_t i;

	name = alias(name);
	for (i = 0; i < NROWS; i++)
		if (nnv_str_same(name, nnv_str(table[i].format.name)))
			return &table[i];
	return NULL;
}

const struct nnv_picture_format *
nnv_picture_named(struct nnv_str name)
{
	const struct nnv_picture_row *row = nnv_picture_row(name);

	return row != NULL ? &row->format : NULL;
}

bool
nnv_picture_is_text(struct nnv_str name)
{
	static const char *const texts[] = { "svg", "dot", "json", "eps", "ps",
		"xdot", "plain", "cmapx" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (nnv_str_same(name, nnv_str(texts[i])))
			return true;
	return false;
}

static bool
ends_near(struct nnv_str bytes, struct nnv_str tail)
{
	size_t from = bytes.n > TAIL_WITHIN ? bytes.n - TAIL_WITHIN : 0;
	size_t i;

	for (i = bytes.n; i >= from + tail.n; i--)
		if (memcmp(bytes.p + i - tail.n, tail.p, tail.n) == 0)
			return true;
	return false;
}

bool
nnv_picture_complete(const struct nnv_picture_row *row, struct nnv_str bytes)
{
	if (bytes.n == 0)
		return false;
	if (row->head != NULL && !nnv_str_starts(bytes, nnv_str(row->head)))
		return false;
	return row->tail == NULL || ends_near(bytes, nnv_str(row->tail));
}
