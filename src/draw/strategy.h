/* How much effort the layout may take, decided before it begins. */
#ifndef NNVIZ_DRAW_STRATEGY_H
#define NNVIZ_DRAW_STRATEGY_H

#include <stdbool.h>

#include "nnviz/diag.h"
#include "plan.h"
#include "style.h"
#include "tree.h"

struct nnv_strategy {
	double nslimit, mclimit; /* dot's; 0: none */
	bool labels;             /* arrows into modules may have real labels,
				   each of which doubles the ranks */
};

/* Cut long arrows as the style says, or where there are too many of them. */
bool nnv_strategy_cut(struct nnv_plan *plan, const struct nnv_tree *tree,
    const struct nnv_style *style, struct nnv_arena *arena,
    struct nnv_diag *diag);

/* HURRY: the style's. A warning where it will take long; false where it cannot
 * be done. */
bool nnv_strategy_choose(struct nnv_strategy *strategy,
    const struct nnv_plan *plan, const struct nnv_tree *tree, int hurry,
    struct nnv_diag *diag);

#endif
