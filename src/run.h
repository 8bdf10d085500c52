/* One model drawn. Used by the command line only. */
#ifndef NNV_RUN_H
#define NNV_RUN_H

#include "options.h"

/* Exit statuses. */
enum { NNV_DONE, NNV_FAILED, NNV_USAGE };

/* Read the model that OPTIONS name, draw it and write what they ask for; what
 * there is to say goes to standard error. PROGRAM is argv[0]. */
int nnv_run(const struct nnv_options *options, const char *program);

/* Say what is wrong with how the program was called, or with a style file; the
 * exit status. */
int nnv_run_misused(const struct nnv_diag *diag);

#endif
