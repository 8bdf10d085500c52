/*
 * An arena is a list of blocks, and a pointer that walks through the newest. A
 * block is as large as all before it together, within bounds, so that a small
 * model costs one block and a large one few; what does not fit gets a block of
 * its own size. Pieces are never freed one by one, so the list is needed only
 * to release it.
 *
 * Blocks come from the heap, which hands large ones out as fresh pages of the
 * system: zero already, and costing nothing before they are touched.
 *
 * AddressSanitizer sees one block where we see pieces. Built for it, an arena
 * leaves gaps between them, and tells what has not been given out.
 */
#include "nnviz/arena.h"

#include <assert.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GAP = 16 };
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum {
	BLOCK_MIN = 16 << 10,
	BLOCK_MAX = 8 << 20,
	ALIGN = 16 /* suits every type of the language */
};

struct nnv_arena_block {
	struct nnv_arena_block *older;
};

static_assert(sizeof(struct nnv_arena_block) <= ALIGN, "header of a block");
static_assert(_Alignof(max_align_t) <= ALIGN, "alignment of a piece");

void
nnv_arena_init(struct nnv_arena *arena, size_t limit)
{
	*arena = (struct nnv_arena){ .limit = limit };
}

void
nnv_arena_release(struct nnv_arena *arena)
{
	struct nnv_arena_block *block = arena->blocks;

	while (block != NULL) {
		struct nnv_arena_block *older = block->older;

		nnv_heap_free(block);
		block = older;
	}
	nnv_arena_init(arena, arena->limit);
}

/* The size of the next block, which must hold a piece of N bytes. */
static size_t
block_size(const struct nnv_arena *arena, size_t n)
{
	size_t size = arena->used;

	if (size < BLOCK_MIN)
		size = BLOCK_MIN;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	return n > size - ALIGN - GAP ? n + ALIGN + GAP : size;
}

static bool
add_block(struct nnv_arena *arena, size_t n)
{
	struct nnv_arena_block *block;
	size_t size;

	if (n > SIZE_MAX / 2)
		return false;
	size = block_size(arena, n);
	block = nnv_heap_alloc(1, size);
	if (block == NULL)
		return false;
	block->older = arena->blocks;
	arena->blocks = block;
	arena->next = (char *)block + ALIGN;
	arena->end = (char *)block + size;
	ASAN_POISON_MEMORY_REGION(arena->next, size - ALIGN);
	return true;
}

/* Whether the newest block has room for PAD and N bytes. */
static bool
has_room(const struct nnv_arena *arena, size_t pad, size_t n)
{
	size_t room;

	if (arena->next == NULL)
		return false;
	room = (size_t)(arena->end - arena->next);
	return pad + GAP <= room && n <= room - pad - GAP;
}

/* N zeroed bytes that start at a multiple of ALIGNMENT, a power of two. */
static void *
take(struct nnv_arena *arena, size_t n, size_t alignment)
{
	size_t pad = -(uintptr_t)arena->next & (alignment - 1);
	char *piece;

	if (arena->failed)
		return NULL;
	if (n > arena->limit - arena->used)
		goto refuse;
	if (!has_room(arena, pad, n)) {
		if (!add_block(arena, n))
			goto refuse;
		pad = 0;
	}
	if (pad > arena->limit - arena->used - n)
		goto refuse;
	piece = arena->next + pad;
	ASAN_UNPOISON_MEMORY_REGION(piece, n);
	arena->next = piece + n + GAP;
	arena->used += pad + n;
	return piece;
refuse:
	arena->failed = true;
	return NULL;
}

void *
nnv_arena_alloc(struct nnv_arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size) {
		arena->failed = true;
		return NULL;
	}
	return take(arena, count * size, ALIGN);
}

char *
nnv_arena_copy(struct nnv_arena *arena, struct nnv_str s)
{
	char *copy = NULL;

	if (s.n == SIZE_MAX)
		arena->failed = true;
	else
		copy = take(arena, s.n + 1, 1);
	if (copy != NULL && s.n != 0)
		memcpy(copy, s.p, s.n);
	return copy;
}
