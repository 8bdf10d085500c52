/*
 * Frames are read as they come, and a picture's bytes go straight to where they
 * are wanted: they are in memory once.
 *
 * A fault in the libraries that draw may let a stranger speak for the child,
 * and is to gain him nothing: what comes is taken for bytes, and the first that
 * are no frame of ours are the last that are heard.
 */
#include "wire.h"

#include <string.h>

#include "child.h"

enum { SECONDS_MAX = 1 << 30 };

bool
nnv_wire_send(int fd, struct nnv_frame frame, const char *bytes)
{
	return nnv_child_write(fd, (const char *)&frame, sizeof(frame)) &&
	    nnv_child_write(fd, bytes, frame.length);
}

bool
nnv_wire_send_diag(int fd, enum nnv_frame_kind kind, uint32_t value,
    const struct nnv_diag *diag)
{
	struct nnv_frame frame = { kind, value, sizeof(*diag) };

	return nnv_wire_send(fd, frame, (const char *)diag);
}

/* At most LENGTH bytes off the front of BYTES. */
static struct nnv_str
split(struct nnv_str *bytes, uint64_t length)
{
	struct nnv_str part = { bytes->p,
		bytes->n < length ? bytes->n : (size_t)length };

	bytes->p += part.n;
	bytes->n -= part.n;
	return part;
}

/* The beginning of a frame is complete: can it be one of ours? */
static bool
is_known(const struct nnv_wire *wire)
{
	if (wire->frame.kind == NNV_FRAME_PICTURE)
		return wire->frame.value < wire->npictures;
	return wire->frame.value <= SECONDS_MAX &&
	    (wire->frame.kind == NNV_FRAME_READY ||
		wire->frame.kind == NNV_FRAME_ARRANGED ||
		wire->frame.kind == NNV_FRAME_END) &&
	    wire->frame.length == sizeof(wire->note);
}

static void
take_head(struct nnv_wire *wire, struct nnv_str *bytes)
{
	struct nnv_str part = split(bytes, sizeof(wire->frame) - wire->nhead);

	memcpy((char *)&wire->frame + wire->nhead, part.p, part.n);
	wire->nhead += part.n;
	if (wire->nhead < sizeof(wire->frame))
		return;
	wire->left = wire->frame.length;
	wire->broken = !is_known(wire);
}

static void
finish(struct nnv_wire *wire)
{
	wire->nhead = 0;
	if (wire->frame.kind == NNV_FRAME_PICTURE)
		return;
	wire->broken = !nnv_diag_adopt(wire->diag, &wire->note);
	if (wire->broken)
		return;
	if (wire->frame.kind == NNV_FRAME_END)
		wire->ended = true;
	else if (wire->reached != NULL)
		wire->reached(wire->arg, wire->frame.kind, wire->frame.value);
}

void
nnv_wire_take(struct nnv_wire *wire, struct nnv_str bytes)
{
	while (bytes.n != 0 && !wire->broken) {
		struct nnv_str part;

		if (wire->nhead < sizeof(wire->frame)) {
			take_head(wire, &bytes);
		} else {
			part = split(&bytes, wire->left);
			if (wire->frame.kind == NNV_FRAME_PICTURE)
				nnv_text_add(&wire->pictures[wire->frame.value]
						  .bytes,
				    part);
			else
				memcpy((char *)&wire->note +
					(wire->frame.length - wire->left),
				    part.p, part.n);
			wire->left -= part.n;
		}
		if (wire->nhead == sizeof(wire->frame) && wire->left == 0 &&
		    !wire->broken)
			finish(wire);
	}
}
