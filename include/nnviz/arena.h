/*
 * Memory that is given back all at once. Only base calls the allocator.
 *
 * An arena hands out zeroed, aligned pieces and frees nothing before release.
 * Failure is sticky: after the first refusal every request gives NULL, so a
 * builder may check once, at the end, with nnv_arena_failed.
 */
#ifndef NNVIZ_ARENA_H
#define NNVIZ_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/str.h"

struct nnv_arena_block;

struct nnv_arena {
	struct nnv_arena_block *blocks; /* newest first */
	char *next, *end;               /* what is left of the newest */
	size_t used;                    /* bytes given out, padding included */
	size_t limit; /* never more than this; SIZE_MAX: no limit */
	bool failed;
};

/* An empty arena that refuses to give out more than LIMIT bytes. */
void nnv_arena_init(struct nnv_arena *arena, size_t limit);

/* Give everything back; the arena is empty and usable again. */
void nnv_arena_release(struct nnv_arena *arena);

/*
 * COUNT objects of SIZE bytes, zeroed, aligned for any type; NULL when the
 * product overflows, the limit is reached or memory is out. COUNT 0 gives a
 * pointer that must not be dereferenced.
 */
void *nnv_arena_alloc(struct nnv_arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of the bytes of S, or NULL. */
char *nnv_arena_copy(struct nnv_arena *arena, struct nnv_str s);

/* One zeroed object, or an array of them, of a type. */
#define NNV_NEW(arena, type) ((type *)nnv_arena_alloc((arena), 1, sizeof(type)))
#define NNV_NEW_ARRAY(arena, count, type) \
	((type *)nnv_arena_alloc((arena), (count), sizeof(type)))

static inline bool
nnv_arena_failed(const struct nnv_arena *arena)
{
	return arena->failed;
}

/*
 * The heap, for growable arrays with a shorter life than an arena: room for at
 * least WANT objects of SIZE bytes, growing by half. *CAP is the capacity in
 * objects. False leaves array and capacity as they were. nnv_heap_free(NULL)
 * does nothing.
 */
bool nnv_heap_grow(void **array, size_t *cap, size_t want, size_t size);
void *nnv_heap_alloc(size_t count, size_t size); /* zeroed, or NULL */
void nnv_heap_free(void *array);

/* How often this process, its parents included, was refused memory here: if
 * ever, what it made may lack something. */
size_t nnv_heap_refusals(void);

/*
 * A bound for what this process, its parents included, has out at a time, of
 * heap and arenas together: more is refused. 0, as at first: none. What else is
 * to count is charged, false if that is too much, and credited in the end. LEFT
 * is what may still be had.
 */
void nnv_heap_bound(size_t most);
bool nnv_heap_charge(size_t bytes);
void nnv_heap_credit(size_t bytes);
size_t nnv_heap_left(void);

/* The bound, if anything was refused for it; else 0. */
size_t nnv_heap_reached(void);

/* Bytes of memory that the machine has; SIZE_MAX: unknown. */
size_t nnv_memory_installed(void);

/* Ask for the memory at P before it is needed; any address will do. */
#if defined(__GNUC__)
#define NNV_PREFETCH(p) __builtin_prefetch(p)
#else
#define NNV_PREFETCH(p) ((void)(p))
#endif

#endif
