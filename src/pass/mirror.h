/*
 * Copies of the tree of modules below another phase: where the gradients, the
 * update or the making of "layer1.0.conv1" are drawn is a module of that path
 * below the phase's own.
 */
#ifndef NNV_PASS_MIRROR_H
#define NNV_PASS_MIRROR_H

#include "nnviz/graph.h"
#include "nnviz/table.h"

struct nnv_mirror {
	struct nnv_graph *graph; /* borrowed: gains the copies */
	bool calls;              /* copies are calls, as what they copy */
	bool failed;             /* sticky: memory was out */
	struct nnv_table copies; /* (under, module) -> copy */
};

void nnv_mirror_init(struct nnv_mirror *mirror, struct nnv_graph *graph,
    bool calls);
void nnv_mirror_release(struct nnv_mirror *mirror);

/* The copy of module M below UNDER, made with all that is around it; UNDER
 * itself for the model and for what stands for a phase. The copies are of the
 * phase of UNDER. */
uint32_t nnv_mirror_copy(struct nnv_mirror *mirror, uint32_t under, uint32_t m);

/* The module that stands for the phase around a module: itself, where it is
 * one; 0 where there is none. */
uint32_t nnv_phase_module(const struct nnv_graph *graph, uint32_t module);

#endif
