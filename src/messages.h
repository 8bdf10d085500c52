/* What a person is told. Used by the command line only. */
#ifndef NNV_MESSAGES_H
#define NNV_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"

/* What goes to standard error in one run. */
struct nnv_messages {
	bool quiet, verbose;
	bool gradients; /* somebody looks at them */
	size_t nwarned; /* warnings that were printed */
};

/* What is being done, for those who asked. */
void nnv_say(const struct nnv_messages *messages, const char *what);

/* The warnings that are new. */
void nnv_say_warnings(struct nnv_messages *messages,
    const struct nnv_diag *diag);

void nnv_say_failure(const struct nnv_diag *diag);

#endif
