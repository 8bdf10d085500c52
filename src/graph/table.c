/*
 * Open addressing with linear probing, at most three quarters full. The keys
 * come from files, so the hash is seeded: the table's own address differs from
 * run to run, and nothing that is visible depends on where a key lands.
 */
#include "nnviz/table.h"

#include "nnviz/arena.h"

struct nnv_table_slot {
	uint64_t key;
	uint32_t value;
	uint32_t used;
};

enum { FIRST_SLOTS = 64 };

/* The finalizer of splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

void
nnv_table_init(struct nnv_table *table)
{
	*table = (struct nnv_table){ .seed = mix((uintptr_t)table) };
}

void
nnv_table_release(struct nnv_table *table)
{
	nnv_heap_free(table->slots);
	nnv_table_init(table);
}

/* The slot that holds KEY, or the free one where it belongs. */
static struct nnv_table_slot *
find(const struct nnv_table *table, uint64_t key)
{
	size_t mask = table->nslots - 1;
	size_t i = mix(key ^ table->seed) & mask;

	while (table->slots[i].used && table->slots[i].key != key)
		i = (i + 1) & mask;
	return &table->slots[i];
}

static bool
grow(struct nnv_table *table)
{
	struct nnv_table bigger = *table;

	bigger.nslots = table->nslots != 0 ? table->nslots * 2 : FIRST_SLOTS;
	bigger.slots = nnv_heap_alloc(bigger.nslots, sizeof(*bigger.slots));
	if (bigger.slots == NULL)
		return false;
	for (size_t i = 0; i < table->nslots; i++)
		if (table->slots[i].used)
			*find(&bigger, table->slots[i].key) = table->slots[i];
	nnv_heap_free(table->slots);
	*table = bigger;
	return true;
}

uint32_t
nnv_table_get(const struct nnv_table *table, uint64_t key)
{
	const struct nnv_table_slot *slot;

	if (table->nslots == 0)
		return NNV_TABLE_NONE;
	slot = find(table, key);
	return slot->used ? slot->value : NNV_TABLE_NONE;
}

uint32_t *
nnv_table_at(struct nnv_table *table, uint64_t key)
{
	struct nnv_table_slot *slot;

	if (table->n >= table->nslots / 4 * 3 && !grow(table)) {
		table->failed = true;
		return NULL;
	}
	slot = find(table, key);
	if (!slot->used) {
		*slot = (struct nnv_table_slot){ key, NNV_TABLE_NONE, 1 };
		table->n++;
	}
	return &slot->value;
}
