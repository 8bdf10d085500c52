/* What the child does: layout and rendering by libgvc. */
#ifndef NNVIZ_RENDER_PICTURE_H
#define NNVIZ_RENDER_PICTURE_H

#include <stdbool.h>

#include <graphviz/cgraph.h>

#include "format.h"

struct nnv_picture_job {
	Agraph_t *drawing;
	const struct nnv_picture_row *row;
	int dpi;
};

/* nnv_child_work of a struct nnv_picture_job: writes the picture. */
bool nnv_picture_work(void *job, int fd);

/* nnv_child_work without argument: writes the names of libgvc's formats, each
 * between blanks. */
bool nnv_picture_list(void *unused, int fd);

#endif
