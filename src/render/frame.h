/* Frames that grow after the layout. In the child only. */
#ifndef NNVIZ_RENDER_FRAME_H
#define NNVIZ_RENDER_FRAME_H

#include <stdbool.h>

#include <graphviz/gvc.h>

/* One side of a frame. */
struct nnv_side {
	bool flat;   /* its coordinate is y */
	double sign; /* 1: the right or upper one, -1: the other */
};

/* How far out that side of a frame is: its coordinate, times the sign. */
double nnv_frame_border(Agraph_t *frame, const struct nnv_side *side);

/* How far out something in it may be: short of the border, or of its title. */
double nnv_frame_room(Agraph_t *frame, const struct nnv_side *side);

/* Let FRAME, which stands in OUTER, reach so far out on a side, if nothing else
 * is there. Its title goes with the side that it stands at. */
void nnv_frame_grow(Agraph_t *frame, Agraph_t *outer,
    const struct nnv_side *side, double to);

/* Let frames of phases that stand side by side begin on one line, and end on
 * one if they nearly do. */
void nnv_frames_level(Agraph_t *drawing);

#endif
