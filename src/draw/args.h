/* Arguments of a layer or op as its author would write them in Python. */
#ifndef NNVIZ_DRAW_ARGS_H
#define NNVIZ_DRAW_ARGS_H

#include <stdbool.h>

#include "nnviz/graph.h"
#include "nnviz/text.h"

/* Whether hyper-parameters say the same: to what size a pooling pools. */
bool nnv_args_are_told(const struct nnv_graph *graph,
    const struct nnv_node *node);

/* Append "[7, 7], start_dim=1, mode=row": plain text, to be escaped. */
void nnv_add_args(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_node *node);

#endif
