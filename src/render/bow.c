/*
 * dot keeps boxes within frames but not curves: the skip of a residual block
 * bows past everything it leads round, and touches the block's border or
 * swings across it. The part of the curve that is farther out than both its
 * ends is pressed together until there is air. Where a box would be in its way
 * then, the frame is widened instead, if there is room.
 */
#include "bow.h"

#include <stdbool.h>
#include <string.h>

#include "curve.h"

enum { STEPS = 8, CLUSTERS_DEEP = 200, POINTS_MAX = 400 };

static const double air = 6;

/* One side of a frame. */
struct side {
	bool flat;    /* its coordinate is y */
	double sign;  /* 1: the right or upper one, -1: the other */
	double limit; /* as far out as a curve may go, times sign */
};

static double
out(const struct side *side, pointf p)
{
	return side->sign * (side->flat ? p.y : p.x);
}

static void
set_out(const struct side *side, pointf *p, double value)
{
	if (side->flat)
		p->y = side->sign * value;
	else
		p->x = side->sign * value;
}

/* Point I of those that a curve is made of here, STEPS of them for each of its
 * parts. */
static pointf
sample(const bezier *curve, int i)
{
	return nnv_curve_point(curve->list + (ptrdiff_t)3 * (i / STEPS),
	    (double)(i % STEPS) / STEPS);
}

static int
nsamples(const bezier *curve)
{
	return (curve->size - 1) / 3 * STEPS;
}

static double
farthest(const bezier *curve, const struct side *side)
{
	double most = out(side, curve->list[0]);
	int i;

	for (i = 0; i < nsamples(curve); i++) {
		double at = out(side, sample(curve, i));

		most = at > most ? at : most;
	}
	return most;
}

static bool
is_in(Agnode_t *node, pointf p)
{
	pointf at = ND_coord(node);

	return p.x > at.x - ND_lw(node) - 2 && p.x < at.x + ND_rw(node) + 2 &&
	    p.y > at.y - ND_ht(node) / 2 - 2 &&
	    p.y < at.y + ND_ht(node) / 2 + 2;
}

/* Whether the curve runs over a box in FRAME that is none of its ends. */
static bool
hits(const bezier *curve, Agraph_t *frame, Agedge_t *edge)
{
	Agnode_t *node;
	int i;

	for (node = agfstnode(frame); node != NULL;
	     node = agnxtnode(frame, node)) {
		if (AGID(node) == AGID(agtail(edge)) ||
		    AGID(node) == AGID(aghead(edge)))
			continue;
		for (i = 0; i < nsamples(curve); i++)
			if (is_in(node, sample(curve, i)))
				return true;
	}
	return false;
}

/* What is farther out than both ends of the curve, so much nearer. */
static void
press(bezier *curve, const struct side *side, double most)
{
	double from = out(side, curve->list[0]);
	double end = out(side, curve->list[curve->size - 1]);
	double share;
	int i;

	from = end > from ? end : from;
	if (side->limit <= from)
		return;
	share = (side->limit - from) / (most - from);
	for (i = 0; i < curve->size; i++) {
		double at = out(side, curve->list[i]);

		if (at > from)
			set_out(side, &curve->list[i],
			    from + (at - from) * share);
	}
}

static bool
overlap(boxf a, boxf b)
{
	return a.LL.x < b.UR.x && a.UR.x > b.LL.x && a.LL.y < b.UR.y &&
	    a.UR.y > b.LL.y;
}

/* Whether anything but FRAME and what is in it reaches into BOX. */
static bool
is_taken(Agraph_t *frame, Agraph_t *outer, boxf box)
{
	Agnode_t *node;
	int i;

	for (i = 1; i <= GD_n_cluster(outer); i++)
		if (GD_clust(outer)[i] != frame &&
		    overlap(GD_bb(GD_clust(outer)[i]), box))
			return true;
	for (node = agfstnode(outer); node != NULL;
	     node = agnxtnode(outer, node)) {
		pointf at = ND_coord(node);
		boxf taken = { { at.x - ND_lw(node), at.y - ND_ht(node) / 2 },
			{ at.x + ND_rw(node), at.y + ND_ht(node) / 2 } };

		if (overlap(taken, box) &&
		    agsubnode(frame, node, FALSE) == NULL)
			return true;
	}
	return false;
}

/* The coordinate of BOX that is its border on that side. */
static double *
border(boxf *box, const struct side *side)
{
	pointf *corner = side->sign > 0 ? &box->UR : &box->LL;

	return side->flat ? &corner->y : &corner->x;
}

/* How far out something in FRAME may be. Its title stands at the top. */
static double
room_in(Agraph_t *frame, const struct side *side)
{
	const textlabel_t *title = GD_label(frame);
	boxf box = GD_bb(frame);

	if (side->flat && side->sign > 0 && title != NULL && title->set)
		return title->pos.y - title->dimen.y / 2;
	return side->sign * *border(&box, side) - air;
}

/* Up to a curve that is so far out, with the title if it is at the top. */
static void
widen(Agraph_t *frame, Agraph_t *outer, const struct side *side, double most)
{
	boxf box = GD_bb(frame);
	double *to = border(&box, side), from = *to;

	*to = side->sign * (most + air);
	if (most <= side->sign * from - 2 ||
	    most + air > room_in(outer, side) || is_taken(frame, outer, box))
		return;
	GD_bb(frame) = box;
	if (side->flat && side->sign > 0 && GD_label(frame) != NULL)
		GD_label(frame)->pos.y += *to - from;
}

static void
draw_in(bezier *curve, Agraph_t *frame, Agedge_t *edge, const struct side *side)
{
	double most = farthest(curve, side);
	pointf before[POINTS_MAX];

	if (most <= side->limit || curve->size > POINTS_MAX)
		return;
	memcpy(before, curve->list, (size_t)curve->size * sizeof(before[0]));
	press(curve, side, most);
	if (hits(curve, frame, edge))
		memcpy(curve->list, before,
		    (size_t)curve->size * sizeof(before[0]));
}

static void
draw_edge_in(Agraph_t *frame, Agraph_t *outer, Agedge_t *edge)
{
	boxf box = GD_bb(frame);
	const struct side sides[] = { { false, 1, box.UR.x - air },
		{ false, -1, -(box.LL.x + air) }, { true, 1, box.UR.y - air },
		{ true, -1, -(box.LL.y + air) } };
	int i;
	size_t j;

	for (i = 0; ED_spl(edge) != NULL && i < ED_spl(edge)->size; i++) {
		bezier *curve = &ED_spl(edge)->list[i];

		for (j = 0; j < sizeof(sides) / sizeof(sides[0]); j++)
			draw_in(curve, frame, edge, &sides[j]);
		for (j = 0; j < sizeof(sides) / sizeof(sides[0]); j++)
			widen(frame, outer, &sides[j],
			    farthest(curve, &sides[j]));
	}
}

/* Counted recursion: cgraph has no other order of subgraphs. */
static void
draw_frames_in(Agraph_t *graph, int depth)
{
	Agraph_t *root = agroot(graph);
	Agnode_t *node;
	Agedge_t *edge;
	int i;

	for (i = 1; i <= GD_n_cluster(graph) && depth < CLUSTERS_DEEP; i++) {
		Agraph_t *frame = GD_clust(graph)[i];

		for (node = agfstnode(frame); node != NULL;
		     node = agnxtnode(frame, node))
			for (edge = agfstout(root, node); edge != NULL;
			     edge = agnxtout(root, edge))
				if (agsubnode(frame, aghead(edge), FALSE) !=
				    NULL)
					draw_edge_in(frame, graph, edge);
		draw_frames_in(frame, depth + 1);
	}
}

void
nnv_bows_draw_in(Agraph_t *drawing)
{
	draw_frames_in(drawing, 0);
}
