/* A flow that turns: an encoder leads down, its decoder up beside it. */
#ifndef NNVIZ_DRAW_TURN_H
#define NNVIZ_DRAW_TURN_H

#include "figure.h"

/*
 * Find the node that the style's key "turn" names, by its path or that of a
 * module that ends in it, and what comes behind it; nothing if the key is
 * empty. False: there is none, which names what is near, or no memory.
 */
bool nnv_turn_find(struct nnv_figure *fig, struct nnv_diag *diag);

/* Whether an arc runs behind the turn, and so up; whether it runs from the
 * part before the turn across to the part behind it. */
bool nnv_turn_is_up(const struct nnv_figure *fig, const struct nnv_arc *arc);
bool nnv_turn_is_across(const struct nnv_figure *fig,
    const struct nnv_arc *arc);

#endif
