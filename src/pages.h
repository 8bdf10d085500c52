/* A model as pages: an overview, and a page each for the modules that it and
 * others show as one box. Used by the command line only. */
#ifndef NNV_PAGES_H
#define NNV_PAGES_H

#include "nnviz/graph.h"
#include "nnviz/text.h"
#include "options.h"

struct nnv_plan_page {
	uint32_t parent, child, next; /* pages, or NNV_NONE; child: the first */
	uint32_t last;                /* child, if there is one */
	uint32_t ntwins;              /* modules that it stands for */
	struct nnv_text path;         /* dotted, of the first of these; empty
					 for the overview */
	struct nnv_text name;         /* of all of these: "layer3.[1-35]" */
	struct nnv_text label;        /* what they are called on its parent */
	struct nnv_graph *chosen;     /* all that is in the module */
	struct nnv_graph *drawn;      /* what the page shows of it */
	uint32_t *links;              /* by node of that: page, from 1, or 0 */
	uint32_t number;              /* of the page, from 1 */
};

struct nnv_pages {
	struct nnv_plan_page *items; /* parents before their children */
	size_t n, cap;
	uint32_t *order; /* items by number: order[0] is the overview */
};

/*
 * Plan at most so many pages of what was CHOSEN of a model: numbered so that
 * the pages of a module's parts follow its own. Where there are more modules it
 * is a warning, or a failure if the options are strict.
 */
bool nnv_pages_plan(struct nnv_pages *pages, const struct nnv_graph *chosen,
    const struct nnv_options *options, uint64_t most, struct nnv_diag *diag);
void nnv_pages_release(struct nnv_pages *pages);

#endif
