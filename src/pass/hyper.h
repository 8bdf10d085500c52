/* What a layer's ops tell of its hyper-parameters. Private to src/pass. */
#ifndef NNV_PASS_HYPER_H
#define NNV_PASS_HYPER_H

#include <stdbool.h>

#include "nnviz/graph.h"

/*
 * Give the layers of LAYERS, which were made of the ops of OPS, their
 * hyper-parameters; TO is the layer of each op. False: no memory.
 */
bool nnv_hyper_layers(const struct nnv_graph *ops, const uint32_t *to,
    struct nnv_graph *layers);

/* Extents as people write them: "7×7". */
void nnv_hyper_add_extents(struct nnv_text *out, const int64_t *extents,
    uint32_t n);

/* "3→64" */
void nnv_hyper_add_change(struct nnv_text *out, int64_t from, int64_t to);

/* Whether NAME occurs in TEXT, letters of either case. */
bool nnv_hyper_says(struct nnv_str text, const char *name);

#endif
