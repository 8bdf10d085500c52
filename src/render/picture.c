/*
 * In the child, and only here, libgvc runs. What it prints is read by the
 * parent: "Error: ..." is a failure, anything else a warning.
 */
#include "picture.h"

#include <graphviz/gvc.h>

#include "child.h"
#include "finish.h"
#include "link.h"
#include "nnviz/arena.h"
#include "nnviz/text.h"
#include "notes.h"
#include "press.h"
#include "size.h"
#include "wire.h"

/* A drawing on its way to pictures. */
struct easel {
	const struct nnv_picture_job *job;
	Agraph_t *drawing;
	const struct nnv_sheet *sheet; /* or NULL */
	GVC_t *gvc;
	int fd;
	struct nnv_text notes; /* for pictures that carry some */
};

static const struct nnv_picture_row *
row_of(const struct nnv_picture *picture)
{
	return nnv_picture_row(picture->format);
}

static bool
send(const struct easel *easel, size_t i, const struct nnv_text *bytes)
{
	struct nnv_frame frame = { NNV_FRAME_PICTURE, (uint32_t)i, bytes->n };

	return nnv_wire_send(easel->fd, frame, bytes->p);
}

/* The laid-out drawing in one format. */
static bool
render(const struct easel *easel, const struct nnv_picture_row *row,
    struct nnv_text *out)
{
	struct nnv_diag *diag = easel->job->diag;
	unsigned length = 0;
	char *bytes = NULL;
	bool fine;

	if (!nnv_size_fit(easel->drawing, row,
		easel->sheet != NULL ? easel->sheet->dpi : NNV_DPI,
		easel->job->subject->strict, diag))
		return false;
	nnv_links_escape(easel->drawing, row);
	fine = gvRenderData(easel->gvc, easel->drawing, row->format.name,
		   &bytes, &length) == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz could not make %s",
		row->format.name);
	nnv_links_restore(easel->drawing, row);
	fine = fine &&
	    nnv_picture_finish(row, (struct nnv_str){ bytes, length },
		easel->sheet, out, diag);
	gvFreeRenderData(bytes);
	if (fine)
		nnv_notes_put(nnv_str(row->format.name),
		    nnv_text_str(&easel->notes), out);
	return fine && (!nnv_text_failed(out) || nnv_fail_memory(diag));
}

/* Make and send the pictures that are laid out, or those that are not. */
static bool
make(const struct easel *easel, bool drawn)
{
	const struct nnv_picture_job *job = easel->job;
	struct nnv_text out = NNV_TEXT_EMPTY;
	bool fine = true;
	size_t i;

	for (i = 0; i < job->npictures && fine; i++) {
		const struct nnv_picture_row *row = row_of(&job->pictures[i]);

		if (row->drawn != drawn)
			continue;
		nnv_text_clear(&out);
		fine = (drawn ? render(easel, row, &out)
			      : nnv_dot_write(easel->drawing, &out,
				    job->diag)) &&
		    send(easel, i, &out);
	}
	nnv_text_release(&out);
	return fine;
}

static bool
wants_layout(const struct nnv_picture_job *job)
{
	size_t i;

	for (i = 0; i < job->npictures; i++)
		if (row_of(&job->pictures[i])->drawn)
			return true;
	return false;
}

/* Who draws, and what is drawn, if any picture says it. */
static bool
make_notes(struct easel *easel)
{
	const struct nnv_picture_job *job = easel->job;
	const struct nnv_subject *subject = job->subject;
	struct nnv_text *out = &easel->notes, sizes = NNV_TEXT_EMPTY;
	bool any = false;

	for (size_t i = 0; i < job->npictures; i++)
		any |= nnv_notes_fit(job->pictures[i].format);
	if (!any || subject->note == NULL)
		return true;
	nnv_press_measure(easel->drawing, &sizes);
	nnv_press_sign(easel->gvc, &sizes, out);
	nnv_text_release(&sizes);
	subject->note(subject->arg, out);
	return !nnv_text_failed(out) || nnv_fail_memory(job->diag);
}

/* One layout serves all formats. */
static bool
make_all(struct easel *easel)
{
	struct nnv_diag *diag = easel->job->diag;
	uint32_t seconds = easel->sheet != NULL
	    ? (uint32_t)easel->sheet->timeout
	    : NNV_TIMEOUT;

	if (!make(easel, false))
		return false;
	if (!wants_layout(easel->job))
		return true;
	if (!nnv_wire_send_diag(easel->fd, NNV_FRAME_READY, seconds, diag))
		return false;
	easel->gvc = nnv_press_context(diag);
	if (easel->gvc == NULL)
		return false;
	return nnv_press_arrange(easel->gvc, easel->drawing, false, diag) &&
	    nnv_wire_send_diag(easel->fd, NNV_FRAME_ARRANGED, NNV_TIMEOUT,
		diag) &&
	    make_notes(easel) && make(easel, true);
}

bool
nnv_picture_work(void *arg, int fd)
{
	const struct nnv_picture_job *job = arg;
	const struct nnv_subject *subject = job->subject;
	struct easel easel = { .job = job, .fd = fd };
	size_t refusals = nnv_heap_refusals();
	bool fine;

	easel.drawing = subject->draw(subject->arg, job->diag);
	if (easel.drawing != NULL)
		easel.sheet = nnv_sheet_of(easel.drawing);
	fine = easel.drawing != NULL && make_all(&easel);
	nnv_text_release(&easel.notes);
	fine = fine && nnv_press_spared(refusals, job->diag);
	return nnv_wire_send_diag(fd, NNV_FRAME_END, 0, job->diag) && fine;
}

bool
nnv_picture_list(void *unused, int fd)
{
	GVC_t *gvc = gvContext();
	int n = 0, i;
	char **names;

	(void)unused;
	if (gvc == NULL)
		return false;
	names = gvPluginList(gvc, "device", &n, NULL);
	for (i = 0; i < n; i++)
		if (!nnv_child_write(fd, " ", 1) ||
		    !nnv_child_write(fd, names[i], strlen(names[i])))
			return false;
	return nnv_child_write(fd, " ", 1);
}
