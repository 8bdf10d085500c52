/* Links and tooltips, as the writer of a format wants them. */
#ifndef NNVIZ_RENDER_LINK_H
#define NNVIZ_RENDER_LINK_H

#include <graphviz/cgraph.h>

#include "format.h"

/* Before and after a format is written: the drawing's links and tooltips are
 * escaped as it needs it, and as they were. */
void nnv_links_escape(Agraph_t *drawing, const struct nnv_picture_row *row);
void nnv_links_restore(Agraph_t *drawing, const struct nnv_picture_row *row);

/* The page that a link "page:N" leads to, from 0; NNV_PAGES_NONE: no such
 * link. */
uint32_t nnv_page_linked(const char *url);

#endif
