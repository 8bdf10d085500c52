/*
 * The heap is the allocator's, except for what is large: that is mapped, so
 * that it can lie on huge pages. Coming by them costs an eighth of what as many
 * small pages cost, and more than anything that is done with a large array. To
 * grow, a mapping has its pages moved, where an allocator may copy them.
 *
 * A header in front tells which of the two it was.
 *
 * What goes without memory that it asked for may go on without a word, as a
 * text does that is never asked whether it failed. So refusals are counted, for
 * whoever hands out the result.
 *
 * What is out is counted as well, and bounded: where a stranger's file asks for
 * all memory there is, a system does not refuse it, but ends whom it likes.
 */
#define _GNU_SOURCE
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nnviz/arena.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#define HUGE_PAGE ((size_t)2 << 20)

/* Arrays from this size on are mapped: a huge page of which a quarter is used
 * costs less than its 128 small ones, and is not copied when it grows.
 * AddressSanitizer does not look behind the end of a mapping: built for it,
 * none are. */
#ifdef __SANITIZE_ADDRESS__
#define LARGE SIZE_MAX
#else
#define LARGE (HUGE_PAGE / 4)
#endif

union header {
	size_t bytes; /* this header included; from LARGE on they are mapped */
	max_align_t align;
};

static size_t refusals;
static struct {
	size_t used, most; /* bytes; most 0: no bound */
	bool reached;
} bound;

/* Whether SIZE bytes instead of OLD are within the bound. They are counted when
 * they are there. */
static bool
may_have(size_t old, size_t size)
{
	if (bound.most == 0 || size <= old ||
	    (bound.used <= bound.most && size - old <= bound.most - bound.used))
		return true;
	bound.reached = true;
	refusals++;
	return false;
}

static union header *
header_of(void *array)
{
	return array != NULL ? (union header *)array - 1 : NULL;
}

/* So many huge pages as hold SIZE bytes. */
static size_t
round_up(size_t size)
{
	return (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
}

/* A mapping of SIZE bytes, all of them zero. */
static union header *
map(size_t size)
{
	union header *header = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (header == MAP_FAILED)
		return NULL;
#ifdef MADV_HUGEPAGE
	madvise(header, size, MADV_HUGEPAGE);
#endif
	return header;
}

static bool
is_mapped(const union header *header)
{
	return header != NULL && header->bytes >= LARGE;
}

static void
give_back(union header *header)
{
	if (is_mapped(header))
		munmap(header, header->bytes);
	else
		free(header);
}

/* Let a mapping grow to SIZE bytes; NULL leaves it as it was. */
static union header *
remap(union header *header, size_t size)
{
	union header *moved;

#ifdef MREMAP_MAYMOVE
	moved = mremap(header, header->bytes, size, MREMAP_MAYMOVE);
	if (moved == MAP_FAILED)
		return NULL;
#else
	moved = map(size);
	if (moved == NULL)
		return NULL;
	memcpy(moved + 1, header + 1, header->bytes - sizeof(*header));
	give_back(header);
#endif
	return moved;
}

/* The array behind HEADER, which holds OLD bytes, with room for SIZE bytes,
 * both with the header. */
static union header *
resize(union header *header, size_t old, size_t size)
{
	union header *moved;

	if (is_mapped(header))
		return remap(header, size);
	if (size < LARGE)
		return realloc(header, size);
	moved = map(size);
	if (moved == NULL || header == NULL)
		return moved;
	memcpy(moved + 1, header + 1, old - sizeof(*header));
	give_back(header);
	return moved;
}

bool
nnv_heap_grow(void **array, size_t *cap, size_t want, size_t size)
{
	size_t grown = *cap + *cap / 2, bytes, old;
	union header *header = header_of(*array);

	if (want <= *cap)
		return true;
	if (grown < want)
		grown = want;
	if (grown < 16)
		grown = 16;
	if (size == 0 || grown > SIZE_MAX / 2 / size)
		return false;
	bytes = sizeof(*header) + grown * size;
	if (bytes >= LARGE)
		bytes = round_up(bytes);
	assert(bytes >= sizeof(*header));
	old = header != NULL ? header->bytes : 0;
	if (!may_have(old, bytes))
		return false;
	header = resize(header, sizeof(*header) + *cap * size, bytes);
	if (header == NULL) {
		refusals++;
		return false;
	}
	header->bytes = bytes;
	bound.used += bytes - old;
	*array = header + 1;
	*cap = (bytes - sizeof(*header)) / size;
	return true;
}

void *
nnv_heap_alloc(size_t count, size_t size)
{
	union header *header;
	size_t bytes;

	if (size != 0 && count > SIZE_MAX / 2 / size)
		return NULL;
	bytes = sizeof(*header) + count * size;
	if (bytes >= LARGE)
		bytes = round_up(bytes);
	assert(bytes >= sizeof(*header));
	if (!may_have(0, bytes))
		return NULL;
	header = bytes < LARGE ? calloc(1, bytes) : map(bytes);
	if (header == NULL) {
		refusals++;
		return NULL;
	}
	header->bytes = bytes;
	bound.used += bytes;
	return header + 1;
}

void
nnv_heap_bound(size_t most)
{
	bound.most = most;
}

bool
nnv_heap_charge(size_t bytes)
{
	if (!may_have(0, bytes))
		return false;
	bound.used += bytes;
	return true;
}

void
nnv_heap_credit(size_t bytes)
{
	bound.used -= bytes;
}

size_t
nnv_heap_left(void)
{
	if (bound.most == 0)
		return SIZE_MAX;
	return bound.used < bound.most ? bound.most - bound.used : 0;
}

size_t
nnv_heap_reached(void)
{
	return bound.reached ? bound.most : 0;
}

size_t
nnv_memory_installed(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	if (pages <= 0 || size <= 0 || (size_t)pages > SIZE_MAX / (size_t)size)
		return SIZE_MAX;
	return (size_t)pages * (size_t)size;
}

size_t
nnv_heap_refusals(void)
{
	return refusals;
}

void
nnv_heap_free(void *array)
{
	union header *header = header_of(array);

	if (header != NULL)
		bound.used -= header->bytes;
	give_back(header);
}
