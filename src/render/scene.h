/* Where everything stands after layout, and what is near a place. */
#ifndef NNVIZ_RENDER_SCENE_H
#define NNVIZ_RENDER_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Points, y upwards: Graphviz's. */
struct nnv_box {
	double left, bottom, right, top;
};

enum nnv_item_kind {
	NNV_ITEM_BOX, /* a node, a label: nothing may stand on it */
	NNV_ITEM_LINE /* a piece of an arrow, end to end */
};

struct nnv_item {
	enum nnv_item_kind kind;
	struct nnv_box box; /* of a line: left, bottom is where it begins,
				   right, top where it ends */
	const void *owner;  /* the Graphviz object it is part of */
};

/* Items, found by the horizontal bands that they touch. */
struct nnv_scene {
	struct nnv_item *items;
	size_t nitems, cap;
	double bottom; /* of the lowest band */
	size_t nbands;
	uint32_t *start, *found; /* found[start[b]] ..: items of band b */
	bool failed;             /* sticky: memory was out */
};

void nnv_scene_add(struct nnv_scene *scene, enum nnv_item_kind kind,
    struct nnv_box box, const void *owner);

/* Once all is added: what nnv_scene_next needs. False: no memory. */
bool nnv_scene_index(struct nnv_scene *scene);
void nnv_scene_release(struct nnv_scene *scene);

/*
 * Visit the items that may touch BOX; *AT begins as 0. NULL at the end. An item
 * that reaches over several bands may be given several times.
 */
const struct nnv_item *nnv_scene_next(const struct nnv_scene *scene,
    struct nnv_box box, size_t *at);

bool nnv_boxes_meet(struct nnv_box a, struct nnv_box b);

/* Whether the line of an item passes through the box; if so *LEFT and *RIGHT
 * are the ends of its part between the box's top and bottom. */
bool nnv_line_meets(const struct nnv_item *line, struct nnv_box box,
    double *left, double *right);

#endif
