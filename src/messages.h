/* What a person is told. Used by the command line only. */
#ifndef NNV_MESSAGES_H
#define NNV_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

enum { NNV_PROGRESS = 128 }; /* bytes of a line */

/* What goes to standard error in one run. */
struct nnv_messages {
	bool quiet, verbose;
	bool gradients; /* somebody looks at them */
	size_t nwarned; /* warnings that were printed */
	bool terminal;  /* somebody sees what is written over */
	/* the line of progress that stands there now; or "" */
	char progress[NNV_PROGRESS];
};

/* With quiet and verbose set: whether progress is shown. */
void nnv_messages_init(struct nnv_messages *messages);

/* What is being done, for those who asked. */
void nnv_say(struct nnv_messages *messages, const char *what);

/* A line that is written over by the next one, and at last by nothing. It is
 * cut where the terminal ends: what went on in the next row would stay. */
void nnv_progress(struct nnv_messages *messages, const char *format, ...)
    NNV_PRINTF(2, 3);
void nnv_progress_end(struct nnv_messages *messages);

/* The warnings that are new. */
void nnv_say_warnings(struct nnv_messages *messages,
    const struct nnv_diag *diag);

void nnv_say_failure(const struct nnv_diag *diag);

/* That the file PATH is not as it would be drawn now: REASON is a line, and
 * maybe more of them, harmless already. False: memory is out, and nothing was
 * said. */
bool nnv_say_difference(const char *path, struct nnv_str reason);

#endif
