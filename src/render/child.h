/* Work that may crash, exit or never end, in a process of its own. */
#ifndef NNVIZ_RENDER_CHILD_H
#define NNVIZ_RENDER_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/text.h"

/* What the child does: its result goes through nnv_child_write to FD. What it
 * prints is caught. False: it failed, and has printed why. */
typedef bool nnv_child_work(void *arg, int fd);

/* Begins a line on what it prints that is no message, but from us. */
enum { NNV_CHILD_MARK = '\001' };

/* Who listens to a child, and how long. */
struct nnv_child_ear {
	/* what it wrote, in pieces; NULL: it is kept in the result */
	void (*take)(void *arg, struct nnv_str bytes);
	/* several times a second, with the milliseconds since the beginning;
	 * or NULL */
	void (*wait)(void *arg, unsigned ms);
	void *arg;
	int seconds;   /* 0: it may take for ever */
	int64_t begun; /* of the monotonic clock, in ms, when that was said */
	int64_t used;  /* ms of processor time until then */
	int pid;       /* 0: it does not run yet */
};

/*
 * It may take so many SECONDS from now on; may be called from take. They are of
 * the processor's time, so that what else the machine does decides nothing, as
 * long as the child gets a fair share of it; four times as many have passed at
 * the most.
 */
void nnv_child_limit(struct nnv_child_ear *ear, int seconds);

/* What came of a child; the caller releases the texts. */
struct nnv_child_result {
	struct nnv_text out;  /* what it wrote, if nobody takes it */
	struct nnv_text said; /* what it printed, but for an endless rest */
	bool failed;          /* WORK returned false */
};

#define NNV_CHILD_RESULT_EMPTY \
	((struct nnv_child_result){ NNV_TEXT_EMPTY, NNV_TEXT_EMPTY, false })

void nnv_child_result_release(struct nnv_child_result *result);

/*
 * Run WORK(ARG) in a child. False, with a message, when it crashed, exited on
 * its own account or took longer than it may.
 */
bool nnv_child_run(nnv_child_work *work, void *arg, struct nnv_child_ear *ear,
    struct nnv_child_result *result, struct nnv_diag *diag);

/* All of the bytes to FD; false: it was refused. For the child. */
bool nnv_child_write(int fd, const char *bytes, size_t n);

#endif
