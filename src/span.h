/* What several modules are called together. Used by the command line only. */
#ifndef NNV_SPAN_H
#define NNV_SPAN_H

#include <stdint.h>

#include "nnviz/str.h"
#include "nnviz/text.h"

/*
 * Append one name for N different dotted paths, which are those that it could
 * mean and no others: "[1-35]", "[0-2].bn[1,3]"; or, where that cannot be said,
 * as many of them as are read at a glance: "conv1, bn2, …".
 */
void nnv_span_add(struct nnv_text *out, const struct nnv_str *paths,
    uint32_t n);

#endif
