/* What the child does: drawing, and layout and rendering by libgvc. */
#ifndef NNVIZ_RENDER_PICTURE_H
#define NNVIZ_RENDER_PICTURE_H

#include <stdbool.h>

#include "nnviz/render.h"

struct nnv_picture_job {
	const struct nnv_subject *subject;
	const struct nnv_picture *pictures; /* in formats that are known */
	size_t npictures;
	struct nnv_diag *diag;
};

/* nnv_child_work of a struct nnv_picture_job: sends frames, the last of which
 * is NNV_FRAME_END. */
bool nnv_picture_work(void *job, int fd);

/* nnv_child_work without argument: writes the names of libgvc's formats, each
 * between blanks. */
bool nnv_picture_list(void *unused, int fd);

#endif
