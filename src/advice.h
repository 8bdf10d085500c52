/* What to do about a drawing that is too large. Command line only. */
#ifndef NNV_ADVICE_H
#define NNV_ADVICE_H

#include "nnviz/graph.h"
#include "nnviz/text.h"
#include "options.h"

/*
 * Append to TEXT which options would draw less of CHOSEN (see transform.h) than
 * NOW boxes, and how many boxes each of them: "-d 2 would draw 53".
 */
void nnv_advise(const struct nnv_graph *chosen,
    const struct nnv_options *options, uint32_t now, struct nnv_text *text);

#endif
