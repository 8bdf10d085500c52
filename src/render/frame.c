/*
 * dot makes a frame as large as what is in it. Afterwards there may be reason
 * for more, and room.
 */
#include "frame.h"

#include <string.h>

#include "nnviz/draw.h"

enum { AIR = 6 };

/* The coordinate of BOX that is its border on that side. */
static double *
border(boxf *box, const struct nnv_side *side)
{
	pointf *corner = side->sign > 0 ? &box->UR : &box->LL;

	return side->flat ? &corner->y : &corner->x;
}

double
nnv_frame_border(Agraph_t *frame, const struct nnv_side *side)
{
	boxf box = GD_bb(frame);

	return side->sign * *border(&box, side);
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

/* Whether the frame's title stands right inside of that side: at the top left,
 * unless the data flows up or to the left. */
static bool
holds_title(Agraph_t *frame, const struct nnv_side *side)
{
	const textlabel_t *title = GD_label(frame);
	double to_middle;

	if (title == NULL || !title->set)
		return false;
	to_middle = nnv_frame_border(frame, side) -
	    side->sign * (side->flat ? title->pos.y : title->pos.x);
	return to_middle <
	    (side->flat ? title->dimen.y : title->dimen.x) / 2 + 2 * AIR;
}

double
nnv_frame_room(Agraph_t *frame, const struct nnv_side *side)
{
	const textlabel_t *title = GD_label(frame);

	if (side->flat && holds_title(frame, side))
		return side->sign * title->pos.y - title->dimen.y / 2;
	return nnv_frame_border(frame, side) - AIR;
}

void
nnv_frame_grow(Agraph_t *frame, Agraph_t *outer, const struct nnv_side *side,
    double to)
{
	textlabel_t *title = GD_label(frame);
	double more = to - nnv_frame_border(frame, side);
	boxf box = GD_bb(frame);

	*border(&box, side) = side->sign * to;
	if (more <= 0 || to > nnv_frame_room(outer, side) ||
	    is_taken(frame, outer, box))
		return;
	if (holds_title(frame, side))
		*(side->flat ? &title->pos.y : &title->pos.x) += side->sign *
		    more;
	GD_bb(frame) = box;
}

static bool
is_phase(Agraph_t *frame)
{
	char name[] = "class";
	const char *class = agget(frame, name);

	return class != NULL && strstr(class, NNV_PHASE_CLASS) != NULL;
}

/* Let frames of phases reach as far as the farthest of them on a side, if they
 * nearly do. */
static void
level(Agraph_t *drawing, const struct nnv_side *side, double near)
{
	double most = 0;
	bool any = false;
	int i;

	for (i = 1; i <= GD_n_cluster(drawing); i++) {
		Agraph_t *frame = GD_clust(drawing)[i];
		double reach = nnv_frame_border(frame, side);

		if (!is_phase(frame) || (any && reach <= most))
			continue;
		most = reach;
		any = true;
	}
	for (i = 1; i <= GD_n_cluster(drawing); i++) {
		Agraph_t *frame = GD_clust(drawing)[i];

		if (is_phase(frame) &&
		    nnv_frame_border(frame, side) > most - near)
			nnv_frame_grow(frame, drawing, side, most);
	}
}

/* In front of the first gradients there may be an input, and its arrow. */
void
nnv_frames_level(Agraph_t *drawing)
{
	static const struct {
		const char *way;
		struct nnv_side begin;
		double near;
	} rows[] = { { "TB", { true, 1 }, 120 }, { "BT", { true, -1 }, 120 },
		{ "LR", { false, -1 }, 180 }, { "RL", { false, 1 }, 180 } };
	char name[] = "rankdir";
	const char *way = agget(drawing, name);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nnv_side end = rows[i].begin;

		if (way == NULL || strcmp(way, rows[i].way) != 0)
			continue;
		end.sign = -end.sign;
		level(drawing, &rows[i].begin, rows[i].near);
		level(drawing, &end, 24);
	}
}
