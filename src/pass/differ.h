/* In what parts of a model that are only similar differ. See fold.c. */
#ifndef NNVIZ_PASS_DIFFER_H
#define NNVIZ_PASS_DIFFER_H

#include "nnviz/graph.h"

#include "alike.h"

/* Parts of a row that are similar: modules, in their order. */
struct nnv_row {
	const struct nnv_parts *parts;
	const uint32_t *modules;
	uint32_t n;
};

/*
 * From what to what a row goes: the extents of what its parts give, then
 * hyper-parameters, "channels 64→384", or else the argument in which nodes
 * differ, or that they do. NNV_NO_NAME: no memory.
 */
nnv_name nnv_differ_name(const struct nnv_row *row);

/*
 * Let FACE, which is like the I-th node of the first part, speak for that of
 * all: hyper-parameters that differ become "64→128 … 256→512", arguments that
 * differ disappear. False: no memory.
 */
bool nnv_differ_join(const struct nnv_row *row, uint32_t i,
    struct nnv_node *face);

/* What the J-th tensor of the I-th node is in all parts: extents that differ
 * have two ends; of what is no tensor and differs nothing is known. False: no
 * memory. */
bool nnv_differ_spec(const struct nnv_row *row, uint32_t i, uint32_t j,
    const struct nnv_spec **spec);

#endif
