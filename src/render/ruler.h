/* Texts are measured once. */
#ifndef NNVIZ_RENDER_RULER_H
#define NNVIZ_RENDER_RULER_H

#include <graphviz/gvc.h>

/*
 * Remember what the context's texts measure, in the child only, and once.
 * Where this Graphviz does not let that be done, each is measured again.
 */
void nnv_ruler_lay(GVC_t *gvc);

#endif
