/* What the child tells its parent while it draws: frames through the pipe. */
#ifndef NNVIZ_RENDER_WIRE_H
#define NNVIZ_RENDER_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/render.h"

enum nnv_frame_kind {
	NNV_FRAME_READY,    /* the layout begins: a diagnostic */
	NNV_FRAME_ARRANGED, /* the layout is done: a diagnostic */
	NNV_FRAME_PICTURE,  /* a part of a picture */
	NNV_FRAME_END       /* all was done, or not: a diagnostic */
};

/* What comes before the bytes of a frame. */
struct nnv_frame {
	uint32_t kind;
	uint32_t value; /* READY, ARRANGED: seconds that there are from now
				   on; PICTURE: which */
	uint64_t length;
};

/* Send a frame through FD; false: it was refused. */
bool nnv_wire_send(int fd, struct nnv_frame frame, const char *bytes);

/* Send a diagnostic, as it is in memory: the parent is the same program. */
bool nnv_wire_send_diag(int fd, enum nnv_frame_kind kind, uint32_t value,
    const struct nnv_diag *diag);

/* The other end: bytes come in pieces of any size. */
struct nnv_wire {
	struct nnv_picture *pictures;
	size_t npictures;
	struct nnv_diag *diag; /* what all but PICTURE replace */
	/* called when READY has come, and ARRANGED */
	void (*reached)(void *arg, enum nnv_frame_kind kind, uint32_t seconds);
	void *arg;

	struct nnv_frame frame; /* the one that is coming */
	size_t nhead;           /* bytes of it that have come */
	uint64_t left;          /* bytes behind it that have not */
	struct nnv_diag note;   /* as much of one as has come */
	bool ended;             /* END has come */
	bool broken;            /* what came cannot be from us */
};

void nnv_wire_take(struct nnv_wire *wire, struct nnv_str bytes);

#endif
