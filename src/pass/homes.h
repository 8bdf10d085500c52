/* Where what is left out is at home. */
#ifndef NNVIZ_PASS_HOMES_H
#define NNVIZ_PASS_HOMES_H

#include "nnviz/graph.h"

#include "quotient.h"

/* By node that is left out: the one that stays with which it is to be counted,
 * or NNV_NONE; of others, itself. ORDER leads along the edges. The caller's to
 * free; NULL: no memory. */
uint32_t *nnv_homes_find(const struct nnv_quotient *q,
    const struct nnv_links *links, const uint32_t *order);

#endif
