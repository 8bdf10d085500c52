/* Windows that slide over space. Private to src/pass. */
#ifndef NNV_PASS_WINDOW_H
#define NNV_PASS_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/graph.h"

enum { NNV_WINDOW_AXES = 3 };

/* By axis of space; 0: not known. Padding counts one more, so that 0 is
 * unknown there, too. */
struct nnv_window {
	uint32_t n;
	int64_t size[NNV_WINDOW_AXES], stride[NNV_WINDOW_AXES];
	int64_t padding_plus_1[NNV_WINDOW_AXES], dilation[NNV_WINDOW_AXES];
};

/* What the loader knows of the window of an op; sizes that are not told there
 * stay as they are. */
void nnv_window_read(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_window *window);

/* The strides from the extents of space before and after, where only one is
 * possible. */
void nnv_window_solve(struct nnv_window *window, const int64_t *in,
    const int64_t *out);

/* Whether some stride and padding make OUT of IN on every axis. */
bool nnv_window_fits(const struct nnv_window *window, const int64_t *in,
    const int64_t *out);

/*
 * Add stride, dilation and padding to a node's hyper-parameters where they are
 * known and worth a word: "/2"; "dilation 2"; "pad 0" where that is not what
 * keeps a size.
 */
void nnv_window_tell(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_window *window);

#endif
