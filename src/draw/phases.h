/* How arrows run where several phases are drawn. Used in src/draw only. */
#ifndef NNVIZ_DRAW_PHASES_H
#define NNVIZ_DRAW_PHASES_H

#include "figure.h"

enum nnv_flow {
	NNV_FLOW_PLAIN,
	NNV_FLOW_UP,       /* behind the turn */
	NNV_FLOW_ACROSS,   /* from before the turn to behind it */
	NNV_FLOW_GRADIENT, /* within the backward pass, beside others */
	NNV_FLOW_BACK,     /* within it, to what ran before */
	NNV_FLOW_SAVED     /* kept by one phase for another */
};

/* What an arc is in this drawing: mostly plain where one phase is drawn. */
enum nnv_flow nnv_flow_of(const struct nnv_figure *fig,
    const struct nnv_arc *arc);

/* Rank the plan as it will be drawn. False: no memory. */
bool nnv_flow_orient(struct nnv_figure *fig);

/* Keep arrows that run across out of the estimate of what the layout costs, if
 * they are few: the boxes at their ends will stand about level. False: no
 * memory. */
bool nnv_flow_loosen(struct nnv_figure *fig);

/* Whether it leads from gradient to gradient: such arrows are dashed. */
bool nnv_is_gradient(const struct nnv_figure *fig, const struct nnv_arc *arc);

/* The arrow of an arc: a gradient leads up, beside the forward pass that leads
 * down. *NEW is false where an arrow that is drawn already stands for it. NULL:
 * no memory. */
Agedge_t *nnv_flow_draw(struct nnv_figure *fig, const struct nnv_arc *arc,
    bool *new);

/* Stack the boxes that no arrow touches, in order, in columns. */
bool nnv_stack_loose(struct nnv_figure *fig);

#endif
