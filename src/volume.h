/* A model drawn as pages. Used by the command line only. */
#ifndef NNV_VOLUME_H
#define NNV_VOLUME_H

#include "attempt.h"
#include "nnviz/graph.h"
#include "options.h"
#include "outputs.h"

struct nnv_edition {
	const struct nnv_options *options;
	struct nnv_style *style; /* as it was, at the end */
	const struct nnv_patience *patience;
	uint64_t most; /* pages */
};

/*
 * Draw what was CHOSEN of a model as pages for each output that is a book or an
 * atlas; the files of an atlas are added to OUTPUTS, and its folder is made. A
 * page gets the patience of a drawing: where its layout fails or is late, it is
 * made simpler. Begin is called once a page.
 */
bool nnv_volume_draw(const struct nnv_graph *chosen,
    const struct nnv_edition *edition, struct nnv_outputs *outputs,
    struct nnv_diag *diag);

#endif
