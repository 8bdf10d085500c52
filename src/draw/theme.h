/* Style files: lines of assignments. */
#ifndef NNVIZ_DRAW_THEME_H
#define NNVIZ_DRAW_THEME_H

#include "style.h"

/* "KEY = VALUE" without the blanks around either; false: there is no "=" or
 * nothing before it. */
bool nnv_assignment_split(struct nnv_str line, struct nnv_str *key,
    struct nnv_str *value);

/* One assignment; style.c. What is pinned wins over what is not. */
bool nnv_style_assign(struct nnv_style *style, struct nnv_str key,
    struct nnv_str value, bool pin, struct nnv_diag *diag);

#endif
