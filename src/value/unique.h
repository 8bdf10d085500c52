#ifndef NNVIZ_VALUE_UNIQUE_H
#define NNVIZ_VALUE_UNIQUE_H

#include "tree.h"

/*
 * The end of a read: make the keys of every map and the elements of every set
 * distinct. Of equal keys the first place and the last value stay, as in
 * Python, with a warning. Fails where a key cannot be one.
 */
bool nnv_unique_settle(struct nnv_tree *tree, struct nnv_diag *diag);

#endif
