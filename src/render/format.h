/* The formats of pictures. */
#ifndef NNVIZ_RENDER_FORMAT_H
#define NNVIZ_RENDER_FORMAT_H

#include <stdbool.h>

#include "nnviz/render.h"

struct nnv_picture_row {
	struct nnv_picture_format format;
	const char *head, *tail; /* what a complete file begins with,
					   and ends with but for some bytes */
	bool pixels;             /* its size is bounded */
	bool xml;                /* & in links is written &amp; */
	bool drawn;              /* by libgvc, after layout */
};

/* The row of that format, or NULL. */
const struct nnv_picture_row *nnv_picture_row(struct nnv_str name);

/* Whether BYTES look like a whole file of the format. */
bool nnv_picture_complete(const struct nnv_picture_row *row,
    struct nnv_str bytes);

#endif
