/*
 * dot writes a cluster's title into its corner, though an arrow may enter right
 * there, puts a tail label at an angle from the arrow's end, whatever is in
 * that place, and lets a flat arrow run through the label beside it. After the
 * layout everything has coordinates, and all three can be done better: a title
 * slides along the upper edge to the first gap between the arrows, for which
 * its frame may grow; a label tries places along its arrow, on either side, and
 * takes the one where it hides least and can be taken for no other arrow's.
 */
#include "place.h"

#include <math.h>

#include <graphviz/gvc.h>

#include "curve.h"
#include "frame.h"
#include "nnviz/arena.h"
#include "scene.h"

/* What is in the way of labels. */
struct view {
	Agraph_t *drawing;
	struct nnv_scene scene, frames;
};

enum {
	BAND = 24,
	FRAME_BAND = 200,
	STEPS = 8, /* straight pieces of a Bezier curve */
	CLUSTERS_DEEP = 200,
	TITLE_AIR = 4, /* points, of both sides */
	FRAME_AIR = 6,
	WIDEN_MOST = 72,
	PLACES = 40, /* along an arrow */
	TAIL_PLACES = 12,
	TALL = 15, /* what has two lines */
	NEAR = 4   /* what a reader takes for beside it */
};

static struct nnv_box
box_around(pointf center, double width, double height)
{
	return (struct nnv_box){ center.x - width / 2, center.y - height / 2,
		center.x + width / 2, center.y + height / 2 };
}

static struct nnv_box
label_box(const textlabel_t *label)
{
	return box_around(label->pos, label->dimen.x, label->dimen.y);
}

static void
add_curve(struct nnv_scene *scene, const bezier *curve, const void *owner)
{
	pointf from = curve->list[0], to;
	int i, step;

	for (i = 0; i + 3 < curve->size; i += 3)
		for (step = 1; step <= STEPS; step++) {
			to = nnv_curve_point(curve->list + i,
			    (double)step / STEPS);
			nnv_scene_add(scene, NNV_ITEM_LINE,
			    (struct nnv_box){ from.x, from.y, to.x, to.y },
			    owner);
			from = to;
		}
	if (curve->eflag)
		nnv_scene_add(scene, NNV_ITEM_LINE,
		    (struct nnv_box){
			from.x, from.y, curve->ep.x, curve->ep.y },
		    owner);
}

/* A table has a place of its own. */
static bool
can_move(const textlabel_t *label)
{
	return label != NULL && label->set && !label->html;
}

static void
add_edge(struct nnv_scene *scene, Agedge_t *edge, bool labels)
{
	int i;

	if (ED_spl(edge) != NULL)
		for (i = 0; i < ED_spl(edge)->size; i++)
			add_curve(scene, &ED_spl(edge)->list[i], edge);
	if (ED_label(edge) != NULL && ED_label(edge)->set &&
	    (labels || !can_move(ED_label(edge))))
		nnv_scene_add(scene, NNV_ITEM_BOX, label_box(ED_label(edge)),
		    edge);
}

/* Boxes and arrows, and LABELS too, or only those that stay where they are. */
static void
add_all(struct nnv_scene *scene, Agraph_t *drawing, bool labels)
{
	Agnode_t *node;
	Agedge_t *edge;

	for (node = agfstnode(drawing); node != NULL;
	     node = agnxtnode(drawing, node)) {
		pointf at = ND_coord(node);

		nnv_scene_add(scene, NNV_ITEM_BOX,
		    (struct nnv_box){ at.x - ND_lw(node),
			at.y - ND_ht(node) / 2, at.x + ND_rw(node),
			at.y + ND_ht(node) / 2 },
		    node);
		for (edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge))
			add_edge(scene, edge, labels);
	}
}

/* The right end of what stands in the way of BOX, or its left if nothing. */
static double
obstacle(const struct nnv_scene *scene, struct nnv_box box)
{
	const struct nnv_item *item;
	double end = box.left, left, right;
	struct nnv_look look = nnv_scene_look(scene, box);

	while ((item = nnv_scene_next(scene, &look)) != NULL) {
		if (item->kind == NNV_ITEM_BOX) {
			left = item->box.left;
			right = nnv_boxes_meet(item->box, box) ? item->box.right
							       : end;
		} else if (!nnv_line_meets(item, box, &left, &right))
			continue;
		end = right > end ? right : end;
	}
	return end;
}

/* Where the title's left end may be: in its corner, or behind the arrows that
 * are in the way, be it outside of the frame. */
static double
first_gap(const struct nnv_scene *scene, const textlabel_t *title, double most)
{
	double width = title->dimen.x + TITLE_AIR;
	double x = title->pos.x - width / 2;

	while (x < most) {
		struct nnv_box box = { x, title->pos.y - title->dimen.y / 2,
			x + width, title->pos.y + title->dimen.y / 2 };
		double end = obstacle(scene, box);

		if (end <= x)
			break;
		x = end + 1;
	}
	return x;
}

/* The left end of what stands in the way of the title in its corner. */
static double
first_obstacle(const struct nnv_scene *scene, const textlabel_t *title)
{
	struct nnv_box box = label_box(title);
	const struct nnv_item *item;
	double first = box.right, left, right;
	struct nnv_look look = nnv_scene_look(scene, box);

	while ((item = nnv_scene_next(scene, &look)) != NULL) {
		if (item->kind == NNV_ITEM_BOX)
			left = nnv_boxes_meet(item->box, box) ? item->box.left
							      : first;
		else if (!nnv_line_meets(item, box, &left, &right))
			continue;
		first = left < first ? left : first;
	}
	return first;
}

/* Whether the frame, which stands in OUTER, has grown to reach TO on a side. */
static bool
widen(const struct nnv_scene *scene, Agraph_t *cluster, Agraph_t *outer,
    const struct nnv_side *side, double to)
{
	boxf frame = GD_bb(cluster);
	double from = nnv_frame_border(cluster, side);
	struct nnv_box strip = { frame.UR.x, frame.LL.y, to + FRAME_AIR,
		frame.UR.y };

	if (side->sign < 0) {
		strip.left = -to - FRAME_AIR;
		strip.right = frame.LL.x;
	}
	if (to > from + WIDEN_MOST || obstacle(scene, strip) > strip.left)
		return false;
	nnv_frame_grow(cluster, outer, side, to);
	return nnv_frame_border(cluster, side) >= to;
}

/* Slide the title along the cluster's upper edge. Where no gap is wide enough
 * the frame is made wider, and where there is no room the title stays in its
 * corner. */
static void
place_title(const struct nnv_scene *scene, Agraph_t *cluster, Agraph_t *outer)
{
	static const struct nnv_side right = { false, 1 }, left = { false, -1 };
	textlabel_t *title = GD_label(cluster);
	double width = title->dimen.x + TITLE_AIR, most = GD_bb(cluster).UR.x;
	double x = first_gap(scene, title, most);

	if (x + width + 3 > most &&
	    !widen(scene, cluster, outer, &right, x + width + 3)) {
		x = first_obstacle(scene, title) - 1 - width;
		if (!widen(scene, cluster, outer, &left, 3 - x))
			return;
	}
	title->pos.x = x + width / 2;
}

/* Counted recursion: cgraph has no other order of subgraphs. */
static void
place_titles(struct nnv_scene *scene, Agraph_t *graph, int depth)
{
	int i;

	for (i = 1; i <= GD_n_cluster(graph) && depth < CLUSTERS_DEEP; i++) {
		Agraph_t *cluster = GD_clust(graph)[i];

		if (GD_label(cluster) != NULL && GD_label(cluster)->set)
			place_title(scene, cluster, graph);
		place_titles(scene, cluster, depth + 1);
	}
}

/* Where frames and their titles stand now. */
static void
add_frames(struct view *view, Agraph_t *graph, int depth)
{
	int i;

	for (i = 1; i <= GD_n_cluster(graph) && depth < CLUSTERS_DEEP; i++) {
		Agraph_t *cluster = GD_clust(graph)[i];

		boxf frame = GD_bb(cluster);

		if (GD_label(cluster) != NULL && GD_label(cluster)->set)
			nnv_scene_add(&view->scene, NNV_ITEM_BOX,
			    label_box(GD_label(cluster)), cluster);
		nnv_scene_add(&view->frames, NNV_ITEM_BOX,
		    (struct nnv_box){
			frame.LL.x, frame.LL.y, frame.UR.x, frame.UR.y },
		    cluster);
		add_frames(view, cluster, depth + 1);
	}
}

/* Whether BOX goes beyond the inside of FRAME while it also touches it: a label
 * across a frame's line is hard to read. */
static bool
straddles(struct nnv_box box, struct nnv_box frame)
{
	bool inside = box.left >= frame.left && box.right <= frame.right &&
	    box.bottom >= frame.bottom && box.top <= frame.top;

	return nnv_boxes_meet(box, frame) && !inside;
}

static int
count_straddled(const struct nnv_scene *frames, struct nnv_box box)
{
	struct nnv_look look = nnv_scene_look(frames, box);
	const struct nnv_item *item;
	int n = 0;

	look.once = true;
	while ((item = nnv_scene_next(frames, &look)) != NULL)
		n += straddles(box, item->box);
	return n;
}

/* What a label of this box would hide, or be hidden by; and arrows so near that
 * it might be theirs. */
static double
badness(const struct view *view, struct nnv_box box, Agedge_t *edge)
{
	const struct nnv_box around = { box.left - NEAR, box.bottom - NEAR,
		box.right + NEAR, box.top + NEAR };
	struct nnv_look look = nnv_scene_look(&view->scene, around);
	const struct nnv_item *item;
	double bad = 12.0 * count_straddled(&view->frames, box), left, right;
	boxf page = GD_bb(view->drawing);

	while ((item = nnv_scene_next(&view->scene, &look)) != NULL) {
		if (item->kind == NNV_ITEM_BOX) {
			if (nnv_boxes_meet(item->box, box))
				bad += 50;
			else if (item->owner != agtail(edge) &&
			    nnv_boxes_meet(item->box, around))
				bad += 2;
		} else if (nnv_line_meets(item, box, &left, &right))
			bad += item->owner == edge ? 10 : 8;
		else if (item->owner != edge &&
		    nnv_line_meets(item, around, &left, &right))
			bad += 2;
	}
	if (box.left < page.LL.x || box.right > page.UR.x ||
	    box.bottom < page.LL.y || box.top > page.UR.y)
		bad += 30;
	return bad;
}

/* The point at LENGTH along the arrow, and its direction there; false: the
 * arrow is shorter. */
static bool
walk(Agedge_t *edge, double length, pointf *at, pointf *direction)
{
	const bezier *curve = &ED_spl(edge)->list[0];
	pointf from = curve->list[0], to;
	int i, step;

	for (i = 0; i + 3 < curve->size; i += 3)
		for (step = 1; step <= STEPS; step++) {
			double dx, dy, piece;

			to = nnv_curve_point(curve->list + i,
			    (double)step / STEPS);
			dx = to.x - from.x;
			dy = to.y - from.y;
			piece = sqrt(dx * dx + dy * dy);
			if (piece > 0 && length <= piece) {
				*direction = (pointf){ dx / piece, dy / piece };
				at->x = from.x + direction->x * length;
				at->y = from.y + direction->y * length;
				return true;
			}
			length -= piece;
			from = to;
		}
	return false;
}

/* Beside the arrow: as far from it as half of the label reaches towards it. */
static pointf
beside(pointf at, pointf direction, const textlabel_t *label, int side)
{
	pointf normal = { -direction.y * side, direction.x * side };
	double reach = fabs(normal.x) * label->dimen.x / 2 +
	    fabs(normal.y) * label->dimen.y / 2 + 2;

	return (pointf){ at.x + normal.x * reach, at.y + normal.y * reach };
}

/* Where LABEL, which is the arrow's, is best: where it is, or at one of so many
 * PLACES along the arrow. */
static void
place_beside(struct view *view, Agedge_t *edge, textlabel_t *label, int places)
{
	/* two lines reach farther back */
	double start = label->dimen.y > TALL ? label->dimen.y / 2 + 6 : 9;
	pointf best = label->pos, at, direction;
	double least = badness(view, label_box(label), edge) + 1;
	int i, side;

	for (i = 0; i < places && least > 0; i++) {
		if (!walk(edge, start + i * 4, &at, &direction))
			break;
		/* right of what leads down, above what leads right */
		for (side = 1; side >= -1; side -= 2) {
			pointf place = beside(at, direction, label, side);
			struct nnv_box box = box_around(place, label->dimen.x,
			    label->dimen.y);
			double bad = i * 0.2 + (side < 0) * 0.5 +
			    badness(view, box, edge);

			if (bad < least) {
				least = bad;
				best = place;
			}
		}
	}
	label->pos = best;
	nnv_scene_add(&view->scene, NNV_ITEM_BOX, label_box(label), edge);
}

/* Shapes that stand at the beginning of their arrows, or those that stand
 * beside them. */
static void
place_shapes(struct view *view, bool tails)
{
	Agraph_t *drawing = view->drawing;
	Agnode_t *node;
	Agedge_t *edge;

	for (node = agfstnode(drawing); node != NULL;
	     node = agnxtnode(drawing, node))
		for (edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge)) {
			textlabel_t *label = tails ? ED_tail_label(edge)
						   : ED_label(edge);

			if (label == NULL || (!tails && !can_move(label)) ||
			    ED_spl(edge) == NULL || ED_spl(edge)->size == 0)
				continue;
			place_beside(view, edge, label,
			    tails ? TAIL_PLACES : PLACES);
		}
}

static void
hold(boxf *page, const textlabel_t *label)
{
	struct nnv_box box;

	if (label == NULL || !label->set)
		return;
	box = label_box(label);
	page->LL.x = fmin(page->LL.x, box.left);
	page->LL.y = fmin(page->LL.y, box.bottom);
	page->UR.x = fmax(page->UR.x, box.right);
	page->UR.y = fmax(page->UR.y, box.top);
}

/* dot takes no account of what stands at the beginning of an arrow: the page
 * grows for it, with its title in the middle. */
static void
hold_all(Agraph_t *drawing)
{
	textlabel_t *title = GD_label(drawing);
	boxf before = GD_bb(drawing), page = before;

	for (Agnode_t *node = agfstnode(drawing); node != NULL;
	     node = agnxtnode(drawing, node))
		for (Agedge_t *edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge)) {
			hold(&page, ED_tail_label(edge));
			hold(&page, ED_label(edge));
		}
	if (title != NULL && title->set)
		title->pos.x += (page.LL.x - before.LL.x + page.UR.x -
				    before.UR.x) /
		    2;
	GD_bb(drawing) = page;
}

void
nnv_place_labels(Agraph_t *drawing)
{
	struct view view = { .drawing = drawing };

	add_all(&view.scene, drawing, true);
	if (nnv_scene_index(&view.scene, BAND))
		place_titles(&view.scene, drawing, 0);
	nnv_scene_release(&view.scene);
	add_all(&view.scene, drawing, false);
	add_frames(&view, drawing, 0);
	if (nnv_scene_index(&view.scene, BAND) &&
	    nnv_scene_index(&view.frames, FRAME_BAND)) {
		place_shapes(&view, true);
		place_shapes(&view, false);
	}
	nnv_scene_release(&view.scene);
	nnv_scene_release(&view.frames);
	hold_all(drawing);
}
