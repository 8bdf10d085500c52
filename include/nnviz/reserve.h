/*
 * Address space that costs nothing until it is written: for arrays that grow
 * to an unknown length and must never move.
 */
#ifndef NNVIZ_RESERVE_H
#define NNVIZ_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

struct nnv_reserve {
	void *p;     /* zeroed, page-aligned; NULL: nothing */
	size_t size; /* bytes that may be written from P on */
};

/*
 * Reserve WANT bytes, or the largest half, quarter, ... of it that the system
 * grants (a limit on the address space may forbid more), but no less than a
 * mebibyte. False, and nothing reserved, if even that is refused. The caller
 * checks what it writes against the size it was given.
 */
bool nnv_reserve_take(struct nnv_reserve *reserve, size_t want);

/* Give everything back; the reserve is empty, and may be released again. */
void nnv_reserve_release(struct nnv_reserve *reserve);

#endif
