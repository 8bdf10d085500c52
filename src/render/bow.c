/*
 * dot keeps boxes within frames but not curves: the skip of a residual block
 * bows past everything it leads round, and touches the block's border or
 * swings across it. The part of the curve that is farther out than both its
 * ends is pressed together until there is air. Where a box would be in its way
 * then, the frame is widened instead, if there is room; else the curve is cut
 * off flat.
 */
#include "bow.h"

#include <stdbool.h>
#include <string.h>

#include "curve.h"
#include "frame.h"

enum { STEPS = 8, CLUSTERS_DEEP = 200, POINTS_MAX = 400 };

static const double air = 6;

/* How far out a curve may go on a side of its frame, times the side's sign. */
struct limit {
	struct nnv_side side;
	double most;
};

static double
out(const struct nnv_side *side, pointf p)
{
	return side->sign * (side->flat ? p.y : p.x);
}

static void
set_out(const struct nnv_side *side, pointf *p, double value)
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
farthest(const bezier *curve, const struct nnv_side *side)
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
press(bezier *curve, const struct limit *limit, double most)
{
	const struct nnv_side *side = &limit->side;
	double from = out(side, curve->list[0]);
	double end = out(side, curve->list[curve->size - 1]);
	double share;
	int i;

	from = end > from ? end : from;
	if (limit->most <= from)
		return;
	share = (limit->most - from) / (most - from);
	for (i = 0; i < curve->size; i++) {
		double at = out(side, curve->list[i]);

		if (at > from)
			set_out(side, &curve->list[i],
			    from + (at - from) * share);
	}
}

/* What is farther out than it may be, cut off: flat, but as steep before. */
static void
flatten(bezier *curve, const struct limit *limit)
{
	for (int i = 1; i + 1 < curve->size; i++)
		if (out(&limit->side, curve->list[i]) > limit->most)
			set_out(&limit->side, &curve->list[i], limit->most);
}

static void
draw_in(bezier *curve, Agraph_t *frame, Agedge_t *edge,
    const struct limit *limit, bool flat)
{
	double most = farthest(curve, &limit->side);
	size_t size = (size_t)curve->size * sizeof(pointf);
	pointf before[POINTS_MAX];

	if (most <= limit->most || curve->size > POINTS_MAX)
		return;
	memcpy(before, curve->list, size);
	if (flat)
		flatten(curve, limit);
	else
		press(curve, limit, most);
	if (hits(curve, frame, edge))
		memcpy(curve->list, before, size);
}

/* The frame in FRAME that holds both ends of EDGE, or NULL. */
static Agraph_t *
inner_frame(Agraph_t *frame, Agedge_t *edge)
{
	int i;

	for (i = 1; i <= GD_n_cluster(frame); i++)
		if (agsubnode(GD_clust(frame)[i], agtail(edge), FALSE) !=
			NULL &&
		    agsubnode(GD_clust(frame)[i], aghead(edge), FALSE) != NULL)
			return GD_clust(frame)[i];
	return NULL;
}

/* Let FRAME hold a curve that is so far out, and what frames in it are to hold
 * it: each has its border, and maybe its title, beyond the one in it. */
static void
widen(Agraph_t *frame, Agraph_t *outer, Agedge_t *edge,
    const struct nnv_side *side, double most)
{
	Agraph_t *chain[CLUSTERS_DEEP];
	double border, to;
	int n = 0;

	do
		chain[n++] = frame;
	while (n < CLUSTERS_DEEP && (frame = inner_frame(frame, edge)) != NULL);
	to = nnv_frame_border(chain[n - 1], side);
	if (most > to - 2)
		to = most + air;
	while (--n > 0) {
		border = nnv_frame_border(chain[n - 1], side);
		to += border - nnv_frame_room(chain[n - 1], side);
		to = to > border ? to : border;
	}
	nnv_frame_grow(chain[0], outer, side, to);
}

static void
draw_edge_in(Agraph_t *frame, Agraph_t *outer, Agedge_t *edge)
{
	static const struct nnv_side sides[] = { { false, 1 }, { false, -1 },
		{ true, 1 }, { true, -1 } };
	int i;
	size_t j, nsides = sizeof(sides) / sizeof(sides[0]);

	for (i = 0; ED_spl(edge) != NULL && i < ED_spl(edge)->size; i++) {
		bezier *curve = &ED_spl(edge)->list[i];

		for (j = 0; j < nsides; j++) {
			struct limit limit = { sides[j],
				nnv_frame_border(frame, &sides[j]) - air };

			draw_in(curve, frame, edge, &limit, false);
		}
		for (j = 0; j < nsides; j++)
			widen(frame, outer, edge, &sides[j],
			    farthest(curve, &sides[j]));
		for (j = 0; j < nsides; j++) {
			struct limit limit = { sides[j],
				nnv_frame_border(frame, &sides[j]) - air };

			if (farthest(curve, &sides[j]) > limit.most + air - 2)
				draw_in(curve, frame, edge, &limit, true);
		}
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
