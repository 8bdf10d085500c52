/*
 * Reading a page of a mapping that the file no longer reaches raises SIGBUS.
 * The handler puts zeros where the rest of the mapping was, notes that it did,
 * and returns, so that the reader goes on: to its parser the file merely ends
 * in rubbish, and who asks nnv_guard_hit afterwards can say why.
 *
 * A handler is given nothing but a number and an address. So here stands the
 * program's one mutable variable at file scope.
 */
#define _DEFAULT_SOURCE
#include "guard.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	volatile uintptr_t from, to; /* the mapping; from 0: none */
	volatile uintptr_t page;     /* bytes of a page, a power of two */
	volatile sig_atomic_t hit;
	struct sigaction before; /* not for the handler */
} guard;

/* Pages from the faulting one on: behind a missing page all are missing. */
static bool
replace_by_zeros(uintptr_t at)
{
	void *from = (void *)(at & ~(guard.page - 1));

	return mmap(from, guard.to - (uintptr_t)from, PROT_READ,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == from;
}

/* Any other SIGBUS is none of ours: returning to it by default kills us. */
static void
handle(int signal_number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;

	(void)context;
	if (at >= guard.from && at < guard.to && replace_by_zeros(at))
		guard.hit = 1;
	else
		signal(signal_number, SIG_DFL);
}

bool
nnv_guard_begin(void *p, size_t n)
{
	struct sigaction action = { .sa_flags = SA_SIGINFO };
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	if (guard.from != 0)
		return false;
	guard.page = page;
	guard.from = (uintptr_t)p;
	guard.to = (guard.from + n + page - 1) & ~(page - 1);
	guard.hit = 0;
	action.sa_sigaction = handle;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, &action, &guard.before) == 0)
		return true;
	guard.from = 0;
	return false;
}

size_t
nnv_guard_covers(const void *p, size_t n)
{
	uintptr_t from = (uintptr_t)p;

	return guard.from != 0 && from >= guard.from && from <= guard.to &&
		n <= guard.to - from
	    ? guard.to - guard.from
	    : 0;
}

bool
nnv_guard_hit(void)
{
	return guard.hit != 0;
}

void
nnv_guard_end(void)
{
	sigaction(SIGBUS, &guard.before, NULL);
	guard.from = 0;
}
