/* What libgvc made, checked and made fit to be given away. */
#ifndef NNVIZ_RENDER_FINISH_H
#define NNVIZ_RENDER_FINISH_H

#include "format.h"
#include "nnviz/draw.h"

/*
 * Append the picture MADE to OUT, without the time at which it was made; SVG
 * refined if there is a SHEET. MADE is changed in place. A failure if it is
 * not whole.
 */
bool nnv_picture_finish(const struct nnv_picture_row *row, struct nnv_str made,
    const struct nnv_sheet *sheet, struct nnv_text *out, struct nnv_diag *diag);

#endif
