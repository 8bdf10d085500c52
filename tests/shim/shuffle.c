/*
 * Addresses that mean nothing: preloaded, this gives every allocation a place
 * that the clock had a hand in, so that whatever is in the order of addresses
 * is in another order the next time. malloc leaves holes of random sizes. And
 * the date is any.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "shim.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void __libc_free(void *p);

static uint64_t state;

static uint64_t
next(void)
{
	struct timespec t;

	if (state == 0) {
		clock_gettime(CLOCK_REALTIME, &t);
		state = (uint64_t)t.tv_nsec * 2654435769u + 1;
	}
	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

/* Let a hole of a random size be where the next allocation would have been. */
static void
disturb(size_t n)
{
	void *p;

	if (next() % 4 != 0)
		return;
	p = __libc_malloc(next() % 2 != 0 ? n : n + next() % 512);
	if (next() % 8 != 0)
		__libc_free(p);
}

SHIM void *
malloc(size_t n)
{
	disturb(n);
	return __libc_malloc(n);
}

SHIM void *
calloc(size_t count, size_t size)
{
	disturb(size < 65536 && count < 65536 ? count * size : 64);
	return __libc_calloc(count, size);
}

/* Some day before 2004. */
SHIM time_t
time(time_t *out)
{
	time_t t = (time_t)(next() % (1 << 30));

	if (out != NULL)
		*out = t;
	return t;
}
