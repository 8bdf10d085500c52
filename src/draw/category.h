/*
 * What a layer or an op is for, known by its type's name: what it is coloured
 * by, so that one type has one colour in every drawing and at every depth.
 */
#ifndef NNVIZ_DRAW_CATEGORY_H
#define NNVIZ_DRAW_CATEGORY_H

#include "nnviz/graph.h"
#include "nnviz/str.h"

enum nnv_category {
	NNV_CONVOLUTION,
	NNV_LINEAR,
	NNV_NORMALISATION,
	NNV_ACTIVATION,
	NNV_POOLING,
	NNV_ATTENTION,
	NNV_RECURRENT,
	NNV_EMBEDDING,
	NNV_DROPOUT,
	NNV_PADDING,
	NNV_ELEMENTWISE,
	NNV_SHAPE,
	NNV_REDUCTION,
	NNV_LOSS,
	NNV_TERMINAL, /* input or output */
	NNV_CONTAINER,
	NNV_GRADIENT,
	NNV_OPTIMISER,
	NNV_UNKNOWN_TYPE,
	NNV_NCATEGORIES
};

/* "convolution", ...: the word in style keys, CSS classes and the legend. */
const char *nnv_category_name(enum nnv_category category);

/* The category of that name; American spellings too; else NNV_NCATEGORIES. */
enum nnv_category nnv_category_named(struct nnv_str name);

/* The category of a type or op: "Conv2d", "binary.add", "relu_"; else
 * NNV_UNKNOWN_TYPE. */
enum nnv_category nnv_category_of_type(struct nnv_str type);

/* The category of a node as it is drawn. */
enum nnv_category nnv_category_of(const struct nnv_graph *graph,
    const struct nnv_node *node);

#endif
