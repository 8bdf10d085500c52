/*
 * Memory that runs out when a test says so. A unit that includes this asks the
 * linker to lead all allocations here:
 *
 *	 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 *
 * A sweep makes the first allocation fail, then the second, ... until the
 * subject needs no more than is granted:
 *
 *	for (long n = 0; scarce_begin(n), subject(), scarce_end(); n++)
 *		;
 */
#ifndef NNVIZ_TESTS_SCARCE_H
#define NNVIZ_TESTS_SCARCE_H

#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t n);

static struct {
	bool on, refused;
	long granted; /* this many more, then none */
} scarce;

/* Grant N allocations from now on. */
static inline void
scarce_begin(long n)
{
	scarce.on = true;
	scarce.refused = false;
	scarce.granted = n;
}

/* Grant all again; whether one was refused. */
static inline bool
scarce_end(void)
{
	scarce.on = false;
	return scarce.refused;
}

/* No machine has a tebibyte; a sanitizer would end the program for asking. */
static bool
scarce_grants(size_t count, size_t size)
{
	if (size != 0 && count > ((size_t)1 << 40) / size)
		return false;
	if (!scarce.on || scarce.granted-- > 0)
		return true;
	scarce.granted = 0;
	scarce.refused = true;
	return false;
}

void *
__wrap_malloc(size_t n)
{
	return scarce_grants(n, 1) ? __real_malloc(n) : NULL;
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return scarce_grants(count, size) ? __real_calloc(count, size) : NULL;
}

void *
__wrap_realloc(void *p, size_t n)
{
	return scarce_grants(n, 1) ? __real_realloc(p, n) : NULL;
}

#endif
