/* Hashes of structure: equal for what is alike. Used in src/pass only. */
#ifndef NNV_PASS_HASH_H
#define NNV_PASS_HASH_H

#include "nnviz/graph.h"

/* One step of a hash over 64-bit words. */
static inline uint64_t
nnv_hash_step(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ (hash >> 29);
}

/* Of the type and shape of a tensor. */
static inline uint64_t
nnv_hash_spec(const struct nnv_spec *spec)
{
	uint64_t hash = 1;

	if (spec == NULL || spec->kind != NNV_SPEC_TENSOR)
		return hash;
	hash = nnv_hash_step(hash, spec->type);
	for (uint32_t i = 0; i < spec->n; i++)
		hash = nnv_hash_step(hash, (uint64_t)spec->shape[i]);
	return hash;
}

#endif
