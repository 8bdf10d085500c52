/* A drawing that one page holds. Command line only. */
#ifndef NNV_ONEPAGE_H
#define NNV_ONEPAGE_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/style.h"
#include "options.h"

/* What of the chosen part is drawn so that a page shows it legibly; STYLE is
 * given the columns that this takes. A new graph, the caller's to free; NULL:
 * failure. */
struct nnv_graph *nnv_onepage_show(const struct nnv_graph *chosen,
    const struct nnv_options *options, struct nnv_style *style,
    struct nnv_diag *diag);

#endif
