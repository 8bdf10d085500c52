/* Several models, each in a process. Used by main only. */
#ifndef NNV_BATCH_H
#define NNV_BATCH_H

#include "options.h"

/*
 * nnv_run for every model of OPTIONS, so many at once as they say. What each
 * has to say comes in the order of the models and in one piece. Two that would
 * write the same file are refused before anything is written. The worst status
 * of all.
 */
int nnv_batch_run(const struct nnv_options *options, const char *program);

#endif
