/* From a drawing to one that can be rendered, in the child only. */
#ifndef NNVIZ_RENDER_PRESS_H
#define NNVIZ_RENDER_PRESS_H

#include <stdbool.h>

#include <graphviz/gvc.h>

#include "nnviz/diag.h"
#include "nnviz/draw.h"

enum { NNV_DPI = 96, NNV_TIMEOUT = 60 };

/* A context; from now on nothing depends on the time zone. NULL: failure. */
GVC_t *nnv_press_context(struct nnv_diag *diag);

/* Lay out, and put what the layout gave no room where there is some. A drawing
 * that nobody will try to make simpler is the LAST one: it has no frames if dot
 * finds no places for them. */
bool nnv_press_arrange(GVC_t *gvc, Agraph_t *drawing, bool last,
    struct nnv_diag *diag);

/* Append the sizes of all texts in boxes, which their fonts decided. */
void nnv_press_measure(Agraph_t *drawing, struct nnv_text *sizes);

/* Who draws, and with fonts of which SIZES: the first lines of notes. */
void nnv_press_sign(GVC_t *gvc, const struct nnv_text *sizes,
    struct nnv_text *notes);

/* Whether no memory was refused since there were so many REFUSALS: otherwise
 * what was made may lack something, and it is a failure. */
bool nnv_press_spared(size_t refusals, struct nnv_diag *diag);

/* What belongs to a drawing; or NULL. */
const struct nnv_sheet *nnv_sheet_of(Agraph_t *drawing);

#endif
