/* Arguments of a layer or op as its author would write them in Python. */
#ifndef NNVIZ_DRAW_ARGS_H
#define NNVIZ_DRAW_ARGS_H

#include "nnviz/graph.h"
#include "nnviz/text.h"

/* Append "1, [7, 7], mode=row": plain text, to be escaped. */
void nnv_add_args(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_node *node);

#endif
