/*
 * Keeps the program alive when a mapped file is truncated by somebody else.
 *
 * One mapping can be under guard at a time.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stddef.h>

/*
 * From now on the N bytes at P, which start on a page, read as zeros where the
 * file behind them has gone. False if another mapping is under guard.
 */
bool nnv_guard_begin(void *p, size_t n);

/* Whether a part of the mapping has gone so far. */
bool nnv_guard_hit(void);

/* Take the guard off, before the mapping is removed. */
void nnv_guard_end(void);

/* The size of the mapping that is guarded, if the N bytes at P lie in it. */
size_t nnv_guard_covers(const void *p, size_t n);

#endif
