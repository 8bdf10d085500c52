/* Reading and writing that goes on after an interruption. */
#ifndef NNVIZ_BASE_RETRY_H
#define NNVIZ_BASE_RETRY_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>

/*
 * Whether a call that just failed is to be made again: it was interrupted, or
 * somebody left the other end of FD non-blocking and it is ready by now.
 */
static inline bool
nnv_should_retry(int fd, short events)
{
	struct pollfd wait = { .fd = fd, .events = events };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

#endif
