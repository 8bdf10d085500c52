/* How much effort the layout may take, decided before it begins. */
#ifndef NNVIZ_DRAW_STRATEGY_H
#define NNVIZ_DRAW_STRATEGY_H

#include <stdbool.h>

#include "nnviz/diag.h"

struct nnv_figure;
struct nnv_style;

struct nnv_strategy {
	double nslimit, mclimit; /* dot's; 0: none */
	bool labels;             /* arrows into modules may have real labels,
				   each of which doubles the ranks */
};

/* Whether boxes are to be listed, not laid out. */
bool nnv_strategy_lists(const struct nnv_style *style);

/* Break the plan into columns and cut long arrows, as the style says or where
 * it is too much to lay out in one; warnings say so. */
bool nnv_strategy_shape(struct nnv_figure *fig, struct nnv_diag *diag);

/* fig->strategy. A warning where it takes long; false where it cannot be
 * done. */
bool nnv_strategy_choose(struct nnv_figure *fig, struct nnv_diag *diag);

#endif
