/*
 * A copy has the identities of its drawing, which are sequential: so it is laid
 * out as the drawing itself would be, and what belongs together is found again.
 * Columns hang from one line, or stand on it where the data flows upwards.
 */
#include "columns.h"

#include <stdio.h>
#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/draw.h"
#include "nnviz/text.h"

enum { GAP = 40, NAME = 32 };

/* The identities of a copy: the drawing's for what has a name. */
struct loan {
	Agdisc_t all; /* first */
	Agraph_t *lender;
	IDTYPE nameless;
};

static void *
loan_open(Agraph_t *graph, Agdisc_t *disc)
{
	(void)graph;
	return disc;
}

static long
loan_map(void *state, int kind, char *text, IDTYPE *id, int create)
{
	struct loan *loan = state;
	Agclos_t *clos = loan->lender->clos;

	(void)create;
	if (text != NULL)
		return clos->disc.id->map(clos->state.id, kind, text, id,
		    FALSE);
	*id = 2 * loan->nameless++ + 1;
	return TRUE;
}

static long
loan_alloc(void *state, int kind, IDTYPE id)
{
	(void)state;
	(void)kind;
	(void)id;
	return FALSE;
}

static void
loan_forget(void *state, int kind, IDTYPE id)
{
	(void)state;
	(void)kind;
	(void)id;
}

static char *
loan_print(void *state, int kind, IDTYPE id)
{
	struct loan *loan = state;
	Agclos_t *clos = loan->lender->clos;

	return clos->disc.id->print(clos->state.id, kind, id);
}

static void
loan_note(void *state, int kind, void *object)
{
	(void)state;
	(void)kind;
	(void)object;
}

static void
loan_close(void *state)
{
	nnv_heap_free(state);
}

static const Agiddisc_t loans = {
	.open = loan_open,
	.map = loan_map,
	.alloc = loan_alloc,
	.free = loan_forget,
	.print = loan_print,
	.close = loan_close,
	.idregister = loan_note,
};

static Agraph_t *
open_copy(Agraph_t *drawing)
{
	struct loan *loan = nnv_heap_alloc(1, sizeof(*loan));

	if (loan == NULL)
		return NULL;
	*loan = (struct loan){ { NULL, (Agiddisc_t *)&loans, NULL }, drawing,
		0 };
	return agopen(agnameof(drawing), Agdirected, &loan->all);
}

/* The title is the drawing's, not a column's. */
static void
declare(Agraph_t *drawing, Agraph_t *copy)
{
	static const int kinds[] = { AGRAPH, AGNODE, AGEDGE };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		Agsym_t *attr = NULL;

		while ((attr = agnxtattr(drawing, kinds[i], attr)) != NULL)
			agattr(copy, kinds[i], attr->name, attr->defval);
	}
	agattr(copy, AGRAPH, (char *)"label", (char *)"");
}

/* Both roots have the same attributes in the same order. */
static void
copy_values(void *from, void *to, int kind)
{
	Agraph_t *drawing = agroot(from), *copy = agroot(to);
	Agsym_t *attr = NULL, *same = NULL;

	while ((attr = agnxtattr(drawing, kind, attr)) != NULL &&
	    (same = agnxtattr(copy, kind, same)) != NULL) {
		char *value = agxget(from, attr), *html;

		if (!aghtmlstr(value)) {
			agxset(to, same, value);
			continue;
		}
		html = agstrdup_html(copy, value);
		agxset(to, same, html);
		agstrfree(copy, html);
	}
}

/* Nodes in the drawing's order, each in all the frames around it, but only in
 * so many, from the outermost; counted recursion. */
static bool
copy_frame(Agraph_t *from, Agraph_t *to, int frames)
{
	Agraph_t *root = agroot(to), *frame, *twin;
	Agnode_t *node, *copy;

	for (node = agfstnode(from); node != NULL;
	     node = agnxtnode(from, node)) {
		copy = agnode(root, agnameof(node), TRUE);
		if (copy == NULL)
			return false;
		if (to == root)
			copy_values(node, copy, AGNODE);
		else
			agsubnode(to, copy, TRUE);
	}
	for (frame = frames > 0 ? agfstsubg(from) : NULL; frame != NULL;
	     frame = agnxtsubg(frame)) {
		twin = agsubg(to, agnameof(frame), TRUE);
		if (twin == NULL || !copy_frame(frame, twin, frames - 1))
			return false;
		copy_values(frame, twin, AGRAPH);
	}
	return true;
}

static Agnode_t *
twin_of(Agraph_t *copy, Agnode_t *node)
{
	return agidnode(copy, AGID(node), FALSE);
}

static bool
copy_edges(Agraph_t *column, Agraph_t *copy)
{
	Agraph_t *drawing = agroot(column);
	Agnode_t *node, *head;
	Agedge_t *edge, *twin;

	for (node = agfstnode(column); node != NULL;
	     node = agnxtnode(column, node))
		for (edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge)) {
			head = twin_of(copy, aghead(edge));
			if (head == NULL)
				continue;
			twin = agedge(copy, twin_of(copy, node), head, NULL,
			    TRUE);
			if (twin == NULL)
				return false;
			copy_values(edge, twin, AGEDGE);
		}
	return true;
}

Agraph_t *
nnv_column_copy(Agraph_t *column, int frames)
{
	Agraph_t *copy = open_copy(agroot(column));

	if (copy == NULL)
		return NULL;
	declare(agroot(column), copy);
	if (copy_frame(column, copy, frames) && copy_edges(column, copy))
		return copy;
	agclose(copy);
	return NULL;
}

Agraph_t *
nnv_column_of(Agraph_t *drawing, uint32_t i)
{
	char name[NAME];

	snprintf(name, sizeof(name), NNV_COLUMN "%u", i);
	return agsubg(drawing, name, FALSE);
}

void
nnv_stand_init(struct nnv_stand *stand, Agraph_t *drawing)
{
	char name[] = "rankdir", none[] = "";
	const char *way = agget(drawing, name);
	static char *const places[] = { "pos", "lp", "tail_lp", "head_lp" };

	*stand = (struct nnv_stand){ .drawing = drawing };
	if (way != NULL) {
		stand->flat = strcmp(way, "LR") == 0 || strcmp(way, "RL") == 0;
		stand->far = strcmp(way, "TB") == 0 || strcmp(way, "RL") == 0;
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		agattr(drawing, AGEDGE, places[i], none);
	agattr(drawing, AGNODE, places[0], none);
	agattr(drawing, AGRAPH, places[1], none);
	agattr(drawing, AGRAPH, (char *)"bb", none);
}

/* Where the column's own origin goes. */
static pointf
origin_of(struct nnv_stand *stand, boxf box)
{
	double width = box.UR.x - box.LL.x, height = box.UR.y - box.LL.y;
	double before = stand->next;
	pointf at = { -box.LL.x, -box.LL.y };

	stand->next += (stand->flat ? height : width) + GAP;
	if (stand->flat) {
		at.x -= stand->far ? width : 0;
		at.y -= before + height;
	} else {
		at.x += before;
		at.y -= stand->far ? height : 0;
	}
	return at;
}

static void
add_point(struct nnv_text *text, pointf point, pointf origin)
{
	nnv_text_addf(text, "%.3f,%.3f", point.x + origin.x,
	    point.y + origin.y);
}

static void
set_place(void *object, const char *name, const struct nnv_text *place)
{
	if (place->n != 0 && !nnv_text_failed(place))
		agset(object, (char *)name, place->p);
}

static void
place_label(void *object, const char *name, const textlabel_t *label,
    pointf origin, struct nnv_text *text)
{
	if (label == NULL || !label->set)
		return;
	nnv_text_clear(text);
	add_point(text, label->pos, origin);
	set_place(object, name, text);
}

/* As Graphviz writes it: ends of arrow heads, then the curve's points. */
static void
add_curve(struct nnv_text *text, const bezier *curve, pointf origin)
{
	int i;

	if (curve->sflag) {
		nnv_text_adds(text, "s,");
		add_point(text, curve->sp, origin);
		nnv_text_addc(text, ' ');
	}
	if (curve->eflag) {
		nnv_text_adds(text, "e,");
		add_point(text, curve->ep, origin);
		nnv_text_addc(text, ' ');
	}
	for (i = 0; i < curve->size; i++) {
		nnv_text_adds(text, i != 0 ? " " : "");
		add_point(text, curve->list[i], origin);
	}
}

static void
place_edge(Agedge_t *edge, Agedge_t *twin, pointf origin, struct nnv_text *text)
{
	int i;

	nnv_text_clear(text);
	for (i = 0; ED_spl(twin) != NULL && i < ED_spl(twin)->size; i++) {
		nnv_text_adds(text, i != 0 ? ";" : "");
		add_curve(text, &ED_spl(twin)->list[i], origin);
	}
	set_place(edge, "pos", text);
	place_label(edge, "lp", ED_label(twin), origin, text);
	place_label(edge, "tail_lp", ED_tail_label(twin), origin, text);
	place_label(edge, "head_lp", ED_head_label(twin), origin, text);
}

/* Edges were copied in the order in which they are met again here. */
static void
place_nodes(Agraph_t *column, Agraph_t *copy, pointf origin,
    struct nnv_text *text)
{
	Agraph_t *drawing = agroot(column);
	Agnode_t *node, *twin;
	Agedge_t *edge, *other;

	for (node = agfstnode(column); node != NULL;
	     node = agnxtnode(column, node)) {
		twin = twin_of(copy, node);
		nnv_text_clear(text);
		add_point(text, ND_coord(twin), origin);
		set_place(node, "pos", text);
		other = agfstout(copy, twin);
		for (edge = agfstout(drawing, node);
		     edge != NULL && other != NULL;
		     edge = agnxtout(drawing, edge)) {
			if (AGID(aghead(edge)) != AGID(aghead(other)))
				continue;
			place_edge(edge, other, origin, text);
			other = agnxtout(copy, other);
		}
	}
}

/* Counted recursion, as deep as frames are. */
static void
place_frames(Agraph_t *frame, Agraph_t *twin, pointf origin,
    struct nnv_text *text, int depth)
{
	Agraph_t *inner, *other;

	for (inner = depth < NNV_FRAMES_ALL ? agfstsubg(frame) : NULL;
	     inner != NULL; inner = agnxtsubg(inner)) {
		other = agsubg(twin, agnameof(inner), FALSE);
		if (other == NULL)
			continue;
		nnv_text_clear(text);
		add_point(text, GD_bb(other).LL, origin);
		nnv_text_addc(text, ',');
		add_point(text, GD_bb(other).UR, origin);
		set_place(inner, "bb", text);
		place_label(inner, "lp", GD_label(other), origin, text);
		place_frames(inner, other, origin, text, depth + 1);
	}
}

void
nnv_column_place(struct nnv_stand *stand, Agraph_t *column, Agraph_t *copy)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	pointf origin = origin_of(stand, GD_bb(copy));

	place_nodes(column, copy, origin, &text);
	place_frames(column, copy, origin, &text, 0);
	nnv_text_release(&text);
}
