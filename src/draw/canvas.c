/*
 * The Graphviz graph. Three facts of cgraph shape this file.
 *
 * An attribute that was not declared on the root is ignored without a word: all
 * are declared here, with the defaults of the whole drawing.
 *
 * Whether a string is HTML is a mark on the interned string, so a text of a
 * person's that equals a label of ours would make that label plain, or the text
 * HTML. Labels begin with a tag; what a person wrote never reaches a plain
 * attribute with an unescaped "<".
 *
 * Setting an attribute of the root sets the default of the clusters that are
 * made later: every cluster sets all that it needs.
 */
#include "figure.h"
#include "ids.h"

#include "nnviz/draw.h"

struct declaration {
	int kind;
	char *name;
	char *initial; /* NULL: declared when it is first set, for
				   having an empty one means something */
};

static const struct declaration declarations[NNV_NATTRS] = {
	[NNV_G_BGCOLOR] = { AGRAPH, "bgcolor", "" },
	[NNV_G_CLASS] = { AGRAPH, "class", "" },
	[NNV_G_COLOR] = { AGRAPH, "color", "black" },
	[NNV_G_FILLCOLOR] = { AGRAPH, "fillcolor", "white" },
	[NNV_G_FONTCOLOR] = { AGRAPH, "fontcolor", "black" },
	[NNV_G_FONTNAME] = { AGRAPH, "fontname", "" },
	[NNV_G_FONTSIZE] = { AGRAPH, "fontsize", "10" },
	[NNV_G_ID] = { AGRAPH, "id", "" },
	[NNV_G_LABEL] = { AGRAPH, "label", "" },
	[NNV_G_LABELJUST] = { AGRAPH, "labeljust", "c" },
	[NNV_G_LABELLOC] = { AGRAPH, "labelloc", "t" },
	[NNV_G_MARGIN] = { AGRAPH, "margin", "0" },
	[NNV_G_MCLIMIT] = { AGRAPH, "mclimit", NULL },
	[NNV_G_NEWRANK] = { AGRAPH, "newrank", "true" },
	[NNV_G_NODESEP] = { AGRAPH, "nodesep", "0.25" },
	[NNV_G_NSLIMIT] = { AGRAPH, "nslimit", NULL },
	[NNV_G_PAD] = { AGRAPH, "pad", "0.2" },
	[NNV_G_PENWIDTH] = { AGRAPH, "penwidth", "0.8" },
	[NNV_G_RANKDIR] = { AGRAPH, "rankdir", "TB" },
	[NNV_G_RANKSEP] = { AGRAPH, "ranksep", "0.28" },
	[NNV_G_STYLE] = { AGRAPH, "style", "" },
	[NNV_G_TOOLTIP] = { AGRAPH, "tooltip", "" },
	[NNV_N_CLASS] = { AGNODE, "class", "" },
	[NNV_N_COLOR] = { AGNODE, "color", "black" },
	[NNV_N_FILLCOLOR] = { AGNODE, "fillcolor", "white" },
	[NNV_N_FIXEDSIZE] = { AGNODE, "fixedsize", "false" },
	[NNV_N_FONTCOLOR] = { AGNODE, "fontcolor", "black" },
	[NNV_N_FONTNAME] = { AGNODE, "fontname", "" },
	[NNV_N_FONTSIZE] = { AGNODE, "fontsize", "10" },
	[NNV_N_GROUP] = { AGNODE, "group", "" },
	[NNV_N_HEIGHT] = { AGNODE, "height", "0.3" },
	[NNV_N_ID] = { AGNODE, "id", "" },
	[NNV_N_LABEL] = { AGNODE, "label", "" },
	[NNV_N_MARGIN] = { AGNODE, "margin", "" },
	[NNV_N_PENWIDTH] = { AGNODE, "penwidth", "1.1" },
	[NNV_N_PERIPHERIES] = { AGNODE, "peripheries", "1" },
	[NNV_N_SHAPE] = { AGNODE, "shape", "box" },
	[NNV_N_STYLE] = { AGNODE, "style", "rounded,filled" },
	[NNV_N_TARGET] = { AGNODE, "target", "" },
	[NNV_N_TOOLTIP] = { AGNODE, "tooltip", "" },
	[NNV_N_URL] = { AGNODE, "URL", "" },
	[NNV_N_WIDTH] = { AGNODE, "width", "0.75" },
	[NNV_E_ARROWHEAD] = { AGEDGE, "arrowhead", "normal" },
	[NNV_E_ARROWSIZE] = { AGEDGE, "arrowsize", "0.6" },
	[NNV_E_ARROWTAIL] = { AGEDGE, "arrowtail", NULL },
	[NNV_E_CLASS] = { AGEDGE, "class", "" },
	[NNV_E_COLOR] = { AGEDGE, "color", "black" },
	[NNV_E_CONSTRAINT] = { AGEDGE, "constraint", NULL },
	[NNV_E_DIR] = { AGEDGE, "dir", NULL },
	[NNV_E_FONTCOLOR] = { AGEDGE, "fontcolor", "black" },
	[NNV_E_FONTNAME] = { AGEDGE, "fontname", "" },
	[NNV_E_FONTSIZE] = { AGEDGE, "fontsize", "8" },
	[NNV_E_LABEL] = { AGEDGE, "label", "" },
	[NNV_E_LABELANGLE] = { AGEDGE, "labelangle", "-25" },
	[NNV_E_LABELDISTANCE] = { AGEDGE, "labeldistance", "1" },
	[NNV_E_MINLEN] = { AGEDGE, "minlen", NULL },
	[NNV_E_PENWIDTH] = { AGEDGE, "penwidth", "1" },
	[NNV_E_STYLE] = { AGEDGE, "style", "" },
	[NNV_E_TAILLABEL] = { AGEDGE, "taillabel", "" },
	[NNV_E_TOOLTIP] = { AGEDGE, "tooltip", "" },
	[NNV_E_WEIGHT] = { AGEDGE, "weight", "1" }
};

static Agraph_t *
open_graph(void)
{
	char name[] = "model";
	struct nnv_discipline discipline;
	Agraph_t *graph;

	if (!nnv_discipline_init(&discipline, name))
		return NULL;
	graph = agopen(name, Agdirected, &discipline.all);
	if (graph == NULL)
		nnv_discipline_release(&discipline);
	return graph;
}

bool
nnv_canvas_open(struct nnv_figure *fig, struct nnv_diag *diag)
{
	int i;

	fig->root = open_graph();
	if (fig->root == NULL)
		return nnv_fail_memory(diag);
	for (i = 0; i < NNV_NATTRS; i++) {
		const struct declaration *d = &declarations[i];

		if (d->initial == NULL)
			continue;
		fig->attrs[i] = agattr(fig->root, d->kind, d->name, d->initial);
		if (fig->attrs[i] == NULL)
			return nnv_fail_memory(diag);
	}
	return true;
}

void
nnv_canvas_set(struct nnv_figure *fig, void *object, enum nnv_attr attr,
    const char *value)
{
	/* cgraph takes what it will not change as char * */
	if (fig->attrs[attr] == NULL)
		fig->attrs[attr] = agattr(fig->root, declarations[attr].kind,
		    declarations[attr].name, (char *)"");
	if (fig->attrs[attr] != NULL)
		agxset(object, fig->attrs[attr], (char *)value);
}

void
nnv_canvas_set_color(struct nnv_figure *fig, void *object, enum nnv_attr attr,
    struct nnv_color color)
{
	char text[NNV_COLOR_TEXT];

	nnv_color_write(color, text);
	nnv_canvas_set(fig, object, attr, text);
}

/* Three decimals: a thousandth of an inch or point is below any pixel, and the
 * shortest writing keeps DOT readable. */
void
nnv_canvas_set_number(struct nnv_figure *fig, void *object, enum nnv_attr attr,
    double value)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_add_real(&text,
	    (double)(int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5)) / 1000);
	if (nnv_str_ends(nnv_text_str(&text), NNV_STR(".0")))
		text.p[text.n - 2] = '\0';
	if (!nnv_text_failed(&text))
		nnv_canvas_set(fig, object, attr, text.p);
	fig->text.failed |= text.failed;
	nnv_text_release(&text);
}

void
nnv_canvas_set_text(struct nnv_figure *fig, void *object, enum nnv_attr attr)
{
	if (!nnv_text_failed(&fig->text))
		nnv_canvas_set(fig, object, attr,
		    fig->text.n != 0 ? fig->text.p : "");
}

void
nnv_canvas_set_html(struct nnv_figure *fig, void *object, enum nnv_attr attr)
{
	char *html;

	if (nnv_text_failed(&fig->text) || fig->text.n == 0)
		return;
	html = agstrdup_html(fig->root, fig->text.p);
	agxset(object, fig->attrs[attr], html);
	agstrfree(fig->root, html);
}
