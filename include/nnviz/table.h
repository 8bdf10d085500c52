/*
 * A hash table from 64-bit keys to 32-bit values: identifiers to indices, pairs
 * of indices to an index. It answers questions and is never iterated.
 */
#ifndef NNVIZ_TABLE_H
#define NNVIZ_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a look-up gives for a key that is not there. */
#define NNV_TABLE_NONE UINT32_MAX

struct nnv_table_slot;

struct nnv_table {
	struct nnv_table_slot *slots;
	size_t nslots; /* 0, or a power of two */
	size_t n;
	uint64_t seed; /* of the hash: against chosen keys */
	bool failed;   /* sticky: memory was out */
};

/* An empty table; no memory is taken before the first put. */
void nnv_table_init(struct nnv_table *table);
void nnv_table_release(struct nnv_table *table);

/* The value under KEY, or NNV_TABLE_NONE. */
uint32_t nnv_table_get(const struct nnv_table *table, uint64_t key);

/*
 * Where the value under KEY stands, added as NNV_TABLE_NONE on first sight; to
 * be read and set at once, as the next call may move it. NULL: out of memory,
 * and table->failed is set.
 */
uint32_t *nnv_table_at(struct nnv_table *table, uint64_t key);

/* A key of two indices. */
static inline uint64_t
nnv_table_pair(uint32_t a, uint32_t b)
{
	return (uint64_t)a << 32 | b;
}

#endif
