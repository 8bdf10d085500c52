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
	NNV_ITEM_BOX, /* a node, a label, a frame */
	NNV_ITEM_LINE /* a piece of an arrow, end to end */
};

struct nnv_item {
	enum nnv_item_kind kind;
	struct nnv_box box; /* of a line: left, bottom is where it begins,
				   right, top where it ends */
	const void *owner;  /* the Graphviz object it is part of */
};

/* An item in a cell, and the next one there. */
struct nnv_sight {
	uint32_t item, next;
};

/* Items, found by the cells that they touch: those of horizontal bands, from
 * left to right. */
struct nnv_scene {
	struct nnv_item *items;
	size_t nitems, cap;
	double bottom, left; /* of the first cell */
	double high, wide;   /* a cell */
	size_t nbands, ncells;
	uint32_t *first; /* by cell: of its sights, counted from 1; 0: none */
	struct nnv_sight *sights;
	size_t nsights, sight_cap;
	bool failed; /* sticky: memory was out */
};

/* Also once there is an index, for what lies within the cells. */
void nnv_scene_add(struct nnv_scene *scene, enum nnv_item_kind kind,
    struct nnv_box box, const void *owner);

/* Lay bands, each so many points HIGH, over all that is added so far: what
 * nnv_scene_next needs. False: no memory. */
bool nnv_scene_index(struct nnv_scene *scene, double high);
void nnv_scene_release(struct nnv_scene *scene);

/* Some of the cells, the last ones included. */
struct nnv_cells {
	size_t band, last_band, cell, last_cell;
};

/*
 * Visit the items that may touch a box. An item that reaches over several bands
 * is given in each of them, unless ONCE is set. NULL at the end.
 */
struct nnv_look {
	struct nnv_cells cells;
	size_t band, cell; /* of the next sight */
	uint32_t sight;
	bool once;
};
struct nnv_look nnv_scene_look(const struct nnv_scene *scene,
    struct nnv_box box);
const struct nnv_item *nnv_scene_next(const struct nnv_scene *scene,
    struct nnv_look *look);

bool nnv_boxes_meet(struct nnv_box a, struct nnv_box b);

/* Whether the line of an item passes through the box; if so *LEFT and *RIGHT
 * are the ends of its part between the box's top and bottom. */
bool nnv_line_meets(const struct nnv_item *line, struct nnv_box box,
    double *left, double *right);

#endif
