/*
 * The SVG writer copies a link as it is, and so breaks the XML; the writer of
 * image maps reads the escapes of a tooltip twice. As every "&" becomes
 * "&amp;", each "&amp;" becomes a "&" again.
 */
#include "link.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/text.h"

static const char escape[] = "&amp;";

typedef void change(struct nnv_text *text, const char *value);

static void
add_escaped(struct nnv_text *text, const char *value)
{
	for (; *value != '\0'; value++)
		if (*value == '&')
			nnv_text_adds(text, escape);
		else
			nnv_text_addc(text, *value);
}

static void
add_restored(struct nnv_text *text, const char *value)
{
	for (; *value != '\0'; value++) {
		nnv_text_addc(text, *value);
		if (strncmp(value, escape, sizeof(escape) - 1) == 0)
			value += sizeof(escape) - 2;
	}
}

static void
change_value(void *object, Agsym_t *attr, change *add)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	const char *value = agxget(object, attr);

	if (strchr(value, '&') == NULL)
		return;
	add(&text, value);
	if (text.n != 0 && !nnv_text_failed(&text))
		agxset(object, attr, text.p);
	nnv_text_release(&text);
}

static void
change_nodes(Agraph_t *drawing, const char *name, change *add)
{
	Agsym_t *attr = agattr(drawing, AGNODE, (char *)name, NULL);
	Agnode_t *node;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node))
		change_value(node, attr, add);
}

static void
change_edges(Agraph_t *drawing, Agsym_t *attr, change *add)
{
	Agnode_t *node;
	Agedge_t *edge;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node))
		for (edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge))
			change_value(edge, attr, add);
}

static void
change_frames(Agraph_t *outer, Agsym_t *attr, change *add)
{
	Agraph_t *frame;

	for (frame = attr != NULL ? agfstsubg(outer) : NULL; frame != NULL;
	     frame = agnxtsubg(frame)) {
		change_value(frame, attr, add);
		change_frames(frame, attr, add);
	}
}

static void
change_all(Agraph_t *drawing, const struct nnv_picture_row *row, change *add)
{
	char tooltip[] = "tooltip";

	if (row->xml)
		change_nodes(drawing, "URL", add);
	if (!nnv_str_eq(nnv_str(row->format.name), NNV_STR("cmapx")))
		return;
	change_nodes(drawing, tooltip, add);
	change_edges(drawing, agattr(drawing, AGEDGE, tooltip, NULL), add);
	change_frames(drawing, agattr(drawing, AGRAPH, tooltip, NULL), add);
}

void
nnv_links_escape(Agraph_t *drawing, const struct nnv_picture_row *row)
{
	change_all(drawing, row, add_escaped);
}

void
nnv_links_restore(Agraph_t *drawing, const struct nnv_picture_row *row)
{
	change_all(drawing, row, add_restored);
}

uint32_t
nnv_page_linked(const char *url)
{
	unsigned long page = 0;

	if (nnv_str_starts(nnv_str(url), NNV_STR("page:")))
		page = strtoul(url + 5, NULL, 10);
	return page > 0 && page < NNV_PAGES_NONE ? (uint32_t)(page - 1)
						 : NNV_PAGES_NONE;
}
