/*
 * A private anonymous mapping: the system hands out its pages zeroed and only
 * when they are first written, so that a reservation of the worst case costs
 * no memory. MAP_NORESERVE keeps it from counting as promised.
 *
 * Page faults are most of the price of fresh memory: large reservations ask
 * for huge pages. Small ones do not, because one huge page zeroed in vain
 * costs more than the few faults it saves.
 */
#define _DEFAULT_SOURCE
#include "nnviz/reserve.h"

#include <stdint.h>
#include <sys/mman.h>

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0
#endif

static const size_t least = (size_t)1 << 20;
static const size_t large = (size_t)64 << 20;
static const size_t huge_page = (size_t)2 << 20;

bool
nnv_reserve_take(struct nnv_reserve *reserve, size_t want)
{
	size_t size = want > least ? want : least;
	void *p = MAP_FAILED;

	*reserve = (struct nnv_reserve){ NULL, 0 };
	/* whole huge pages are put where huge pages fit */
	if (size >= large && size < SIZE_MAX - huge_page)
		size = (size + huge_page - 1) & ~(huge_page - 1);
	for (; size >= least; size /= 2) {
		p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p != MAP_FAILED)
			break;
	}
	if (p == MAP_FAILED)
		return false;
#ifdef MADV_HUGEPAGE
	if (size >= large)
		madvise(p, size, MADV_HUGEPAGE);
#endif
	*reserve = (struct nnv_reserve){ p, size };
	return true;
}

void
nnv_reserve_release(struct nnv_reserve *reserve)
{
	if (reserve->p != NULL)
		munmap(reserve->p, reserve->size);
	*reserve = (struct nnv_reserve){ NULL, 0 };
}
