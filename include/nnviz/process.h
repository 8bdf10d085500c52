/* This process among others. */
#ifndef NNVIZ_PROCESS_H
#define NNVIZ_PROCESS_H

#include <sys/types.h>

/*
 * In a process that PARENT began, for its sake alone: end by SIGNAL_NUMBER when
 * PARENT ends, however that comes. Where the system cannot tell (it is Linux
 * that can), the process goes on until it notices that nobody listens.
 */
void nnv_process_follow(pid_t parent, int signal_number);

#endif
