/*
 * Who is killed takes nobody along: a child would lay out for another minute
 * what no one will look at.
 */
#define _GNU_SOURCE
#include "nnviz/process.h"

#include <signal.h>
#include <unistd.h>

#ifdef __linux__

#include <sys/prctl.h>

void
nnv_process_follow(pid_t parent, int signal_number)
{
	prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0);
	/* it may have ended before we asked */
	if (getppid() != parent)
		raise(signal_number);
}

#else

void
nnv_process_follow(pid_t parent, int signal_number)
{
	(void)parent;
	(void)signal_number;
}

#endif
