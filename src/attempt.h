/* Drawing within a time that a person waits. Used by main only. */
#ifndef NNV_ATTEMPT_H
#define NNV_ATTEMPT_H

#include <stdbool.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/render.h"
#include "nnviz/style.h"

enum { NNV_ATTEMPTS = 4 }; /* each simpler: hurry=0, 1, ... */

struct nnv_patience {
	unsigned seconds; /* in all; 0: one attempt, as the style says */
	unsigned last;    /* for the last attempt, when all else failed */
	bool strict;      /* no picture is made smaller to fit */
	void (*begin)(void *arg);             /* called before each layout */
	void (*finish)(void *arg);            /* and behind one that is done */
	void (*wait)(void *arg, unsigned ms); /* and while all goes on */
	void *arg;
};

struct nnv_pictures {
	struct nnv_picture *items;
	size_t n;
};

/*
 * Draw GRAPH as pictures: as well as it can be, or simpler where that takes too
 * long; a warning says so. Sets "hurry" and "timeout" of the style.
 */
bool nnv_attempt(const struct nnv_graph *graph, struct nnv_style *style,
    const struct nnv_patience *patience, struct nnv_pictures *pictures,
    struct nnv_diag *diag);

#endif
