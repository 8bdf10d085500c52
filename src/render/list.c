/*
 * "nop2" sets every text and believes where things are said to be: all at one
 * point. Then their sizes are known, and each gets its place: rows from the
 * top, in each a box between two notes; around those of a frame its border, and
 * above them its title; the columns side by side. That takes as long as there
 * are boxes, notes and frames, whatever they are.
 */
#include "list.h"

#include <math.h>
#include <string.h>

#include "columns.h"
#include "nnviz/arena.h"
#include "nnviz/draw.h"

/* Points. */
enum { GAP = 22, NOTE_GAP = 14, MARGIN = 11, COLUMN_GAP = 40, HEAD = 7 };

/* A box, and the notes to its left and right, or NULL. */
struct row {
	Agnode_t *node, *from, *to;
	double above, below; /* what frames need that begin or end there */
	double top, bottom;  /* of what is not placed yet around it */
};

struct list {
	Agraph_t *drawing;
	struct row *rows;   /* of the column under way */
	int nrows, deep;    /* frames within each other */
	double left, right; /* what rows need on either side of their middle */
	double title;       /* the widest frame, for its title */
	double x, height;   /* where the next column begins; of the highest */
};

static bool
is_note(Agnode_t *node)
{
	char name[] = "class";
	const char *class = agget(node, name);

	return class != NULL && strcmp(class, NNV_NOTE_CLASS) == 0;
}

static double
width_of(Agnode_t *node)
{
	return node != NULL ? ND_lw(node) + ND_rw(node) : 0;
}

static double
height_of(const struct row *row)
{
	double high = ND_ht(row->node);

	if (row->from != NULL)
		high = fmax(high, ND_ht(row->from));
	return row->to != NULL ? fmax(high, ND_ht(row->to)) : high;
}

static void
find_notes(const struct list *list, struct row *row)
{
	Agedge_t *edge;

	for (edge = agfstin(list->drawing, row->node); edge != NULL;
	     edge = agnxtin(list->drawing, edge))
		if (is_note(agtail(edge)))
			row->from = agtail(edge);
	for (edge = agfstout(list->drawing, row->node); edge != NULL;
	     edge = agnxtout(list->drawing, edge))
		if (is_note(aghead(edge)))
			row->to = aghead(edge);
}

/* A node's rank is the number of its row; that of a note, -1. */
static void
find_rows(struct list *list, Agraph_t *column)
{
	Agnode_t *node;

	list->nrows = list->deep = 0;
	list->left = list->right = list->title = 0;
	for (node = agfstnode(column); node != NULL;
	     node = agnxtnode(column, node)) {
		struct row *row = &list->rows[list->nrows];
		double half = width_of(node) / 2;

		ND_rank(node) = -1;
		if (is_note(node))
			continue;
		ND_rank(node) = list->nrows++;
		*row = (struct row){ .node = node };
		find_notes(list, row);
		list->left = fmax(list->left,
		    half + (row->from != NULL ? NOTE_GAP : 0) +
			width_of(row->from));
		list->right = fmax(list->right,
		    half + (row->to != NULL ? NOTE_GAP : 0) +
			width_of(row->to));
	}
}

static bool
is_frame(Agraph_t *graph)
{
	return strncmp(agnameof(graph), "cluster", 7) == 0;
}

static double
title_height(Agraph_t *frame)
{
	return GD_label(frame) != NULL ? GD_label(frame)->dimen.y + 4 : 0;
}

static void
find_ends(Agraph_t *frame, int *first, int *last)
{
	Agnode_t *node;

	*first = *last = -1;
	for (node = agfstnode(frame); node != NULL;
	     node = agnxtnode(frame, node)) {
		if (ND_rank(node) < 0)
			continue;
		if (*first < 0)
			*first = ND_rank(node);
		*last = ND_rank(node);
	}
}

/* What frames need above and below their rows; counted recursion, as deep as
 * frames are. */
static void
measure_frames(struct list *list, Agraph_t *graph, int depth)
{
	Agraph_t *frame;
	int first, last;

	if (depth > list->deep)
		list->deep = depth;
	for (frame = agfstsubg(graph); frame != NULL;
	     frame = agnxtsubg(frame)) {
		if (!is_frame(frame) || depth == NNV_FRAMES_ALL)
			continue;
		find_ends(frame, &first, &last);
		if (first < 0)
			continue;
		list->rows[first].above += MARGIN + title_height(frame);
		list->rows[last].below += MARGIN;
		if (GD_label(frame) != NULL)
			list->title = fmax(list->title,
			    GD_label(frame)->dimen.x + 12 + 2 * MARGIN * depth);
		measure_frames(list, frame, depth + 1);
	}
}

static void
put_node(Agnode_t *node, double x, double y)
{
	if (node != NULL)
		ND_coord(node) = (pointf){ x, y };
}

static void
put_rows(struct list *list, double middle)
{
	double y = 0;

	for (int i = 0; i < list->nrows; i++) {
		struct row *row = &list->rows[i];
		double half = width_of(row->node) / 2 + NOTE_GAP, center;

		row->top = y;
		y -= row->above;
		center = y - height_of(row) / 2;
		y -= height_of(row) + row->below;
		row->bottom = y;
		y -= GAP;
		put_node(row->node, middle, center);
		put_node(row->from, middle - half - width_of(row->from) / 2,
		    center);
		put_node(row->to, middle + half + width_of(row->to) / 2,
		    center);
	}
	list->height = fmax(list->height, -y - GAP);
}

/* Outer frames come first and take what is outermost. */
static void
put_frames(struct list *list, Agraph_t *graph, boxf around, int depth)
{
	Agraph_t *frame;
	int first, last;

	around.LL.x += MARGIN;
	around.UR.x -= MARGIN;
	for (frame = agfstsubg(graph); frame != NULL;
	     frame = agnxtsubg(frame)) {
		textlabel_t *title = GD_label(frame);
		boxf box = around;

		if (!is_frame(frame) || depth == NNV_FRAMES_ALL)
			continue;
		find_ends(frame, &first, &last);
		if (first < 0)
			continue;
		box.UR.y = list->rows[first].top;
		box.LL.y = list->rows[last].bottom;
		list->rows[first].top -= MARGIN + title_height(frame);
		list->rows[last].bottom += MARGIN;
		GD_bb(frame) = box;
		if (title != NULL) {
			title->pos.x = box.LL.x + title->dimen.x / 2 + 6;
			title->pos.y = box.UR.y - title->dimen.y / 2 - 4;
			title->set = TRUE;
		}
		put_frames(list, frame, box, depth + 1);
	}
}

/* A straight arrow. */
static void
put_edge(Agedge_t *edge, pointf from, pointf to)
{
	bezier *curve;
	double length = hypot(to.x - from.x, to.y - from.y), share;

	if (ED_spl(edge) == NULL || ED_spl(edge)->size == 0 ||
	    ED_spl(edge)->list[0].size < 4)
		return;
	curve = &ED_spl(edge)->list[0];
	curve->ep = to;
	share = curve->eflag && length > 0 ? fmax(0, 1 - HEAD / length) : 1;
	for (int i = 0; i < curve->size; i++) {
		double t = share * i / (curve->size - 1);

		curve->list[i] = (pointf){ from.x + t * (to.x - from.x),
			from.y + t * (to.y - from.y) };
	}
}

/* From side to side where one end is a note, else from the bottom of a box to
 * the top of the next; of several, each beside the one before. */
static void
put_edges(const struct list *list, Agnode_t *tail)
{
	pointf from = ND_coord(tail);
	int nth = 0;

	for (Agedge_t *edge = agfstout(list->drawing, tail); edge != NULL;
	     edge = agnxtout(list->drawing, edge)) {
		Agnode_t *head = aghead(edge);
		pointf to = ND_coord(head);

		if (is_note(head) || is_note(tail)) {
			put_edge(edge, (pointf){ from.x + ND_rw(tail), from.y },
			    (pointf){ to.x - ND_lw(head), to.y });
		} else {
			int steps = (nth + 1) / 2;
			double aside = nth % 2 != 0 ? 6.0 * steps
						    : -6.0 * steps;

			put_edge(edge,
			    (pointf){
				from.x + aside, from.y - ND_ht(tail) / 2 },
			    (pointf){ to.x + aside, to.y + ND_ht(head) / 2 });
			nth++;
		}
	}
}

static void
lay_column(struct list *list, Agraph_t *column)
{
	double inset, width;

	find_rows(list, column);
	measure_frames(list, column, 0);
	inset = MARGIN * list->deep;
	width = fmax(list->left + list->right + 2 * inset, list->title);
	put_rows(list, list->x + inset + list->left);
	put_frames(list, column,
	    (boxf){ { list->x - MARGIN, 0 }, { list->x + width + MARGIN, 0 } },
	    0);
	list->x += width + COLUMN_GAP;
}

/* The page around all, with the title above. */
static void
close_page(const struct list *list)
{
	textlabel_t *title = GD_label(list->drawing);
	double width = list->x - COLUMN_GAP, more = 0;
	boxf page = { { 0, -list->height }, { width, 0 } };

	if (title != NULL) {
		more = fmax(0, (title->dimen.x - width) / 2);
		title->pos = (pointf){ width / 2, title->dimen.y / 2 };
		title->set = TRUE;
		page.UR.y += title->dimen.y;
	}
	page.LL.x -= more;
	page.UR.x += more;
	GD_bb(list->drawing) = page;
}

/* Everything at one point, for "nop2"; for labels without a place it would
 * seek one. */
static bool
set_texts(GVC_t *gvc, Agraph_t *drawing)
{
	static const struct {
		int kind;
		const char *name, *value;
	} places[] = { { AGNODE, "pos", "0,0" },
		{ AGEDGE, "pos", "e,0,0 0,0 0,0 0,0 0,0" },
		{ AGEDGE, "lp", "0,0" }, { AGEDGE, "tail_lp", "0,0" },
		{ AGEDGE, "head_lp", "0,0" }, { AGRAPH, "bb", "0,0,1,1" },
		{ AGRAPH, "lp", "0,0" } };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		agattr(drawing, places[i].kind, (char *)places[i].name,
		    (char *)places[i].value);
	return gvLayout(gvc, drawing, "nop2") == 0;
}

bool
nnv_list_lay(GVC_t *gvc, Agraph_t *drawing)
{
	struct list list = { .drawing = drawing };
	Agraph_t *column = nnv_column_of(drawing, 0);
	Agnode_t *node;

	list.rows = nnv_heap_alloc((size_t)agnnodes(drawing),
	    sizeof(*list.rows));
	if (list.rows == NULL || !set_texts(gvc, drawing)) {
		nnv_heap_free(list.rows);
		return false;
	}
	if (column == NULL)
		lay_column(&list, drawing);
	for (uint32_t i = 0; column != NULL;
	     column = nnv_column_of(drawing, ++i))
		lay_column(&list, column);
	for (node = agfstnode(drawing); node != NULL;
	     node = agnxtnode(drawing, node))
		put_edges(&list, node);
	close_page(&list);
	nnv_heap_free(list.rows);
	return true;
}
