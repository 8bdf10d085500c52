/*
 * A page after the other in one child: drawn, laid out, rendered, forgotten.
 * The drawing's links "page:N" become links to a place in the PDF, or to
 * another file of the folder.
 */
#define _POSIX_C_SOURCE 200809L
#include "book.h"

#include <unistd.h>

#include "child.h"
#include "finish.h"
#include "heading.h"
#include "link.h"
#include "nnviz/arena.h"
#include "notes.h"
#include "press.h"
#include "sheaf.h"
#include "wire.h"

struct desk {
	const struct nnv_book_job *job;
	GVC_t *gvc;
	struct nnv_sheaf sheaf;
	struct nnv_text sizes; /* of the texts on all pages of a sheaf */
	int fd;
};

/* Say that a page's layout begins: warnings are known, time is counted. */
static bool
announce(const struct desk *desk, Agraph_t *drawing)
{
	const struct nnv_sheet *sheet = nnv_sheet_of(drawing);

	return nnv_wire_send_diag(desk->fd, NNV_FRAME_READY,
	    sheet != NULL ? (uint32_t)sheet->timeout : NNV_TIMEOUT,
	    desk->job->diag);
}

/* Links between pages become names of files. */
static void
resolve(const struct desk *desk, Agraph_t *drawing)
{
	const struct nnv_book *book = desk->job->book;
	char url[] = "URL";
	Agsym_t *attr = agattr(drawing, AGNODE, url, NULL);
	Agnode_t *node;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node)) {
		uint32_t page = nnv_page_linked(agxget(node, attr));

		if (page < book->npages)
			agxset(node, attr, (char *)book->pages[page].file);
	}
}

static bool
send(const struct desk *desk, uint32_t i, const struct nnv_text *bytes)
{
	struct nnv_frame frame = { NNV_FRAME_PICTURE, i, bytes->n };

	return nnv_wire_send(desk->fd, frame, bytes->p);
}

/* Put into what was made of a page, or of all, what it shows. */
static void
add_notes(const struct desk *desk, uint32_t page, const char *format,
    const struct nnv_text *sizes, struct nnv_text *out)
{
	const struct nnv_book *book = desk->job->book;
	struct nnv_text notes = NNV_TEXT_EMPTY;

	if (book->note == NULL)
		return;
	nnv_press_sign(desk->gvc, sizes, &notes);
	book->note(book->arg, page, &notes);
	out->failed |= nnv_text_failed(&notes);
	nnv_notes_put(nnv_str(format), nnv_text_str(&notes), out);
	nnv_text_release(&notes);
}

static bool
send_noted(const struct desk *desk, uint32_t page, const char *format,
    const struct nnv_text *sizes, struct nnv_text *out)
{
	add_notes(desk, desk->job->atlas ? page : NNV_PAGES_NONE, format, sizes,
	    out);
	if (nnv_text_failed(out))
		return nnv_fail_memory(desk->job->diag);
	return send(desk, page, out);
}

/* A page as a file. */
static bool
render_file(const struct desk *desk, Agraph_t *drawing, uint32_t page)
{
	const struct nnv_picture_row *row = nnv_picture_row(NNV_STR("svg"));
	struct nnv_diag *diag = desk->job->diag;
	struct nnv_text plain = NNV_TEXT_EMPTY, out = NNV_TEXT_EMPTY;
	struct nnv_text sizes = NNV_TEXT_EMPTY;
	char bgcolor[] = "bgcolor";
	unsigned length = 0;
	char *bytes = NULL;
	bool fine;

	nnv_press_measure(drawing, &sizes);
	resolve(desk, drawing);
	nnv_links_escape(drawing, row);
	fine = gvRenderData(desk->gvc, drawing, "svg", &bytes, &length) == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz could not make svg");
	fine = fine &&
	    nnv_picture_finish(row, (struct nnv_str){ bytes, length },
		nnv_sheet_of(drawing), &plain, diag) &&
	    nnv_heading_add(nnv_text_str(&plain), desk->job->book, page,
		agget(drawing, bgcolor), &out, diag) &&
	    send_noted(desk, page, "svg", &sizes, &out);
	gvFreeRenderData(bytes);
	nnv_text_release(&sizes);
	nnv_text_release(&plain);
	nnv_text_release(&out);
	return fine;
}

/* What is printed from here on is of this page. */
static void
mark(uint32_t page)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_addf(&text, NNV_BOOK_MARK "%u\n", page);
	if (!nnv_text_failed(&text))
		nnv_child_write(STDERR_FILENO, text.p, text.n);
	nnv_text_release(&text);
}

/* Draw and lay out a page, and put it where it belongs. */
static bool
make_page(struct desk *desk, uint32_t page)
{
	const struct nnv_book *book = desk->job->book;
	struct nnv_diag *diag = desk->job->diag;
	Agraph_t *drawing = book->draw(book->arg, page, diag);
	bool fine;

	if (drawing == NULL)
		return false;
	mark(page);
	fine = announce(desk, drawing) &&
	    nnv_press_arrange(desk->gvc, drawing, true, diag);
	if (fine && desk->job->atlas) {
		fine = render_file(desk, drawing, page);
	} else if (fine) {
		nnv_press_measure(drawing, &desk->sizes);
		fine = nnv_sheaf_add(&desk->sheaf, desk->gvc, drawing, page,
		    diag);
	}
	gvFreeLayout(desk->gvc, drawing);
	book->close(drawing);
	return fine;
}

/* What cairo made of all pages. */
static bool
send_sheaf(struct desk *desk)
{
	const struct nnv_picture_row *row = nnv_picture_row(NNV_STR("pdf"));
	struct nnv_diag *diag = desk->job->diag;
	struct nnv_text out = NNV_TEXT_EMPTY;
	bool fine = nnv_sheaf_end(&desk->sheaf, diag) &&
	    nnv_picture_finish(row, nnv_text_str(&desk->sheaf.bytes), NULL,
		&out, diag) &&
	    send_noted(desk, 0, "pdf", &desk->sizes, &out);

	nnv_text_release(&out);
	return fine;
}

static bool
make_all(struct desk *desk)
{
	const struct nnv_book_job *job = desk->job;

	desk->gvc = nnv_press_context(job->diag);
	if (desk->gvc == NULL)
		return false;
	if (!job->atlas &&
	    !nnv_sheaf_begin(&desk->sheaf, desk->gvc, job->book, job->diag))
		return false;
	for (uint32_t page = 0; page < job->book->npages; page++)
		if (!make_page(desk, page))
			return false;
	return job->atlas || send_sheaf(desk);
}

bool
nnv_book_work(void *job, int fd)
{
	struct desk desk = { .job = job, .fd = fd };
	size_t refusals = nnv_heap_refusals();
	bool fine = make_all(&desk) &&
	    nnv_press_spared(refusals, desk.job->diag);

	nnv_text_release(&desk.sizes);
	return nnv_wire_send_diag(fd, NNV_FRAME_END, 0, desk.job->diag) && fine;
}
