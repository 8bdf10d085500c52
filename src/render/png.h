/* PNG, packed in less time. In the child only. */
#ifndef NNVIZ_RENDER_PNG_H
#define NNVIZ_RENDER_PNG_H

#include <graphviz/gvc.h>

/* Have libgvc write PNG in this way from now on. */
void nnv_png_offer(GVC_t *gvc);

#endif
