/* The drawing: a graph and a style become Graphviz nodes, edges, clusters. */
#ifndef NNVIZ_DRAW_H
#define NNVIZ_DRAW_H

#include <graphviz/cgraph.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/style.h"

/*
 * The graph as a Graphviz graph, complete with labels, colours and clusters but
 * not laid out. The same graph and style give the same one, node for node. The
 * caller closes it with nnv_drawing_free. NULL: failure.
 */
Agraph_t *nnv_draw(const struct nnv_graph *graph,
    const struct nnv_style *style, struct nnv_diag *diag);
void nnv_drawing_free(Agraph_t *drawing);

#endif
