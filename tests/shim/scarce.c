/*
 * Memory that runs out: preloaded, this refuses the allocation of number
 * NNVIZ_FAIL_AT and all that follow. With NNVIZ_FAIL_ONCE only that one. The
 * child of a fork goes on counting where its parent was.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "shim.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *p, size_t n);

static long number, refused_at;
static bool once;

__attribute__((constructor)) static void
begin(void)
{
	const char *at = getenv("NNVIZ_FAIL_AT");

	refused_at = at != NULL ? strtol(at, NULL, 10) : 0;
	once = getenv("NNVIZ_FAIL_ONCE") != NULL;
	number = 0;
}

static bool
is_refused(void)
{
	if (refused_at == 0)
		return false;
	number++;
	return once ? number == refused_at : number >= refused_at;
}

SHIM void *
malloc(size_t n)
{
	return is_refused() ? NULL : __libc_malloc(n);
}

SHIM void *
calloc(size_t count, size_t size)
{
	return is_refused() ? NULL : __libc_calloc(count, size);
}

SHIM void *
realloc(void *p, size_t n)
{
	return is_refused() ? NULL : __libc_realloc(p, n);
}
