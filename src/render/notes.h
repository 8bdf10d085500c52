/* Notes in a picture: what it shows and who drew it, for a later run. */
#ifndef NNVIZ_RENDER_NOTES_H
#define NNVIZ_RENDER_NOTES_H

#include <stdbool.h>

#include "nnviz/str.h"
#include "nnviz/text.h"

/* Whether pictures of that format carry notes. */
bool nnv_notes_fit(struct nnv_str format);

/* Put NOTES, lines of UTF-8, into a picture of that format. One that has not
 * the form that it is known to have stays as it is. */
void nnv_notes_put(struct nnv_str format, struct nnv_str notes,
    struct nnv_text *picture);

#endif
