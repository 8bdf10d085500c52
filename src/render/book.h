/* What the child does where a model is drawn as pages. */
#ifndef NNVIZ_RENDER_BOOK_H
#define NNVIZ_RENDER_BOOK_H

#include <stdbool.h>

#include "nnviz/render.h"

/* Begins a line, on what the process prints, that tells the page it is at. */
#define NNV_BOOK_MARK "\001page " /* NNV_CHILD_MARK at first */

struct nnv_book_job {
	const struct nnv_book *book;
	bool atlas; /* an SVG a page, not one PDF */
	struct nnv_diag *diag;
};

/* nnv_child_work of a struct nnv_book_job: sends frames. */
bool nnv_book_work(void *job, int fd);

#endif
