/*
 * A letter that no font has is drawn as a box with its number in it, as wide as
 * the box of any other. So where a narrow letter is as wide as a wide one, and
 * as one that is in no font, of a private range of Unicode, none has a font.
 * The latter is asked last: all fonts are searched for it.
 */
#include "font.h"

#include <math.h>

#define NARROW "iiiiiiii"
#define WIDE "WWWWWWWW"
/* U+E2D3 */
#define NOWHERE                                            \
	"\xee\x8b\x93\xee\x8b\x93\xee\x8b\x93\xee\x8b\x93" \
	"\xee\x8b\x93\xee\x8b\x93\xee\x8b\x93\xee\x8b\x93"

static Agnode_t *
add(Agraph_t *graph, char *text)
{
	char label[] = "label", empty[] = "";
	Agnode_t *node = agnode(graph, NULL, TRUE);

	if (node != NULL)
		agsafeset(node, label, text, empty);
	return node;
}

/* What arrows of the drawing have by default. */
static char *
given(Agraph_t *drawing, char *name, char *otherwise)
{
	Agsym_t *symbol = agattr(drawing, AGEDGE, name, NULL);

	return symbol != NULL ? symbol->defval : otherwise;
}

/* Whether two texts are as wide in the font of the drawing's arrows: a size
 * that is in use already costs next to nothing. */
static bool
are_alike(GVC_t *gvc, Agraph_t *drawing, char *a, char *b)
{
	char name[] = "fonts", family[] = "fontname", size[] = "fontsize";
	char no_family[] = "", some_size[] = "8";
	Agraph_t *graph = agopen(name, Agdirected, NULL);
	Agnode_t *first, *second;
	bool alike = false;

	if (graph == NULL)
		return false;
	agattr(graph, AGNODE, family, given(drawing, family, no_family));
	agattr(graph, AGNODE, size, given(drawing, size, some_size));
	first = add(graph, a);
	second = add(graph, b);
	if (first != NULL && second != NULL &&
	    gvLayout(gvc, graph, "dot") == 0) {
		alike = fabs(ND_label(first)->dimen.x -
			    ND_label(second)->dimen.x) < 0.01;
		gvFreeLayout(gvc, graph);
	}
	agclose(graph);
	return alike;
}

bool
nnv_font_found(GVC_t *gvc, Agraph_t *drawing)
{
	char narrow[] = NARROW, wide[] = WIDE, nowhere[] = NOWHERE;

	return !are_alike(gvc, drawing, narrow, wide) ||
	    !are_alike(gvc, drawing, narrow, nowhere);
}
