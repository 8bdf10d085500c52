/* The lines of a box. */
#ifndef NNVIZ_DRAW_LABEL_H
#define NNVIZ_DRAW_LABEL_H

#include "figure.h"

/* Whether a name is a number in a list: "0", and "[0-11]" for several. It is
 * said with the name of the list, "layers.0". */
bool nnv_is_number(struct nnv_str name);

#endif
