/* Whether text can be drawn at all. */
#ifndef NNVIZ_RENDER_FONT_H
#define NNVIZ_RENDER_FONT_H

#include <stdbool.h>

#include <graphviz/gvc.h>

/* Whether some font has a letter for what is written in the drawing. libgvc
 * does not tell: it draws a box for each letter. */
bool nnv_font_found(GVC_t *gvc, Agraph_t *drawing);

#endif
