/* How much effort the layout may take, decided before it begins. */
#ifndef NNVIZ_DRAW_STRATEGY_H
#define NNVIZ_DRAW_STRATEGY_H

#include <stdbool.h>

#include "nnviz/diag.h"
#include "plan.h"
#include "tree.h"

struct nnv_strategy {
	double nslimit, mclimit; /* dot's; 0: none */
	bool labels;             /* arrows into modules may have real labels,
				   each of which doubles the ranks */
};

/* A warning where it will take long; false where it cannot be done. */
bool nnv_strategy_choose(struct nnv_strategy *strategy,
    const struct nnv_plan *plan, const struct nnv_tree *tree,
    struct nnv_diag *diag);

#endif
