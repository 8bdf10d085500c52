/* Layout and rendering: a drawing becomes the bytes of a picture. */
#ifndef NNVIZ_RENDER_H
#define NNVIZ_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <graphviz/cgraph.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

struct nnv_picture_format {
	const char *name; /* "svg": what -T takes, and the suffix */
	const char *help;
};

/*
 * The I-th format that this program knows how to write, NULL beyond the last.
 * "json", "atlas" and "dot" are among them; the first two are not rendered by
 * nnv_render. Whether the
 * installed libgvc can write it too, nnv_picture_probe tells.
 */
const struct nnv_picture_format *nnv_picture_format(size_t i);

/* That format called NAME, in any case ("SVG", "jpeg" for jpg), or NULL. */
const struct nnv_picture_format *nnv_picture_named(struct nnv_str name);

/* Whether pictures of that format are text, fit for a terminal. */
bool nnv_picture_is_text(struct nnv_str name);

enum { NNV_PICTURE_FORMATS = 20 }; /* at most */

/* Ask the installed libgvc: available[i] for the I-th format. False: it could
 * not be asked. */
bool nnv_picture_probe(bool available[NNV_PICTURE_FORMATS],
    struct nnv_diag *diag);

/* How the kinds of warning begin that tell of a picture that was too large for
 * its format. */
#define NNV_TOO_LARGE "too large"

/* What is drawn, by whom, and who is told. */
struct nnv_subject {
	/* The drawing; it need not be closed. NULL: failure. Called in another
	 * process, whose changes to memory are lost. */
	Agraph_t *(*draw)(void *arg, struct nnv_diag *diag);
	/* The layout begins: the drawing's warnings are in the diagnostic. Or
	 * NULL. */
	void (*begin)(void *arg);
	/* It is done: the pictures are made of it. Or NULL. */
	void (*finish)(void *arg);
	/* Several times a second, with the milliseconds that have passed. Or
	 * NULL. */
	void (*wait)(void *arg, unsigned ms);
	/* What the drawing shows, as lines of text: they go into pictures, as
	 * notes for a later run. Or NULL. In the other process, too. */
	void (*note)(void *arg, struct nnv_text *out);
	void *arg;
	bool strict; /* a picture that no reader can show whole is a failure,
			not made smaller with a warning */
};

/* A picture that is wanted, and its bytes once it is there. */
struct nnv_picture {
	struct nnv_str format;
	struct nnv_text bytes; /* complete and checked, or empty */
};

/*
 * Draw, lay out once, and render every picture; "dot" is written without
 * layout. A label that Graphviz cannot parse, a crash, an exit or an endless
 * layout inside of it are failures like any other; what it complains about
 * otherwise becomes warnings. All pictures are made or none.
 */
bool nnv_render(const struct nnv_subject *subject, struct nnv_picture *pictures,
    size_t npictures, struct nnv_diag *diag);

enum { NNV_PAGES_DEEP = 64 }; /* that lie within each other and are told */
#define NNV_PAGES_NONE UINT32_MAX

struct nnv_page {
	const char *label; /* what it is called on its parent */
	uint32_t parent;   /* before it; NNV_PAGES_NONE for the first */
	const char *file;  /* what it is called as a file: of characters that
			      need no escape in a link */
};

/* A model as pages that link to each other. */
struct nnv_book {
	const struct nnv_page *pages;
	uint32_t npages;
	/* The drawing of a page, as nnv_draw_page gives it; the rest is as of a
	 * subject, BEGIN being called for each page. */
	Agraph_t *(*draw)(void *arg, uint32_t page, struct nnv_diag *diag);
	void (*close)(Agraph_t *drawing); /* once it is rendered */
	/* What a page shows, or all for NNV_PAGES_NONE, as of a subject. */
	void (*note)(void *arg, uint32_t page, struct nnv_text *out);
	void (*begin)(void *arg);
	void (*wait)(void *arg, unsigned ms);
	/* Called before nnv_render_book fails, for each page whose layout
	 * Graphviz failed at, or that was given up. Or NULL. */
	void (*fault)(void *arg, uint32_t page);
	void *arg;
	bool strict; /* as of a subject */
};

/*
 * Draw the pages, each above a line that says where it belongs: as one PDF with
 * an outline, appended to PICTURES[0]; or, if ATLAS, each as SVG, appended to
 * PICTURES[page]. As nnv_render otherwise.
 */
bool nnv_render_book(const struct nnv_book *book, bool atlas,
    struct nnv_picture *pictures, struct nnv_diag *diag);

/* Notes in a picture: the lines of nnv_subject.note, and before them who drew
 * it: "nnviz-c VERSION", "graphviz VERSION" and "text DIGEST", of the sizes
 * that its fonts gave to texts. */
struct nnv_notes {
	struct nnv_text text;
	size_t begin, end; /* of the bytes that would be missing without */
};

/* Find them in the bytes of any file; false: there are none. The caller
 * releases the text. */
bool nnv_notes_find(struct nnv_str picture, struct nnv_notes *notes);

/* Append the drawing to OUT as DOT, in this process. */
bool nnv_dot_write(Agraph_t *drawing, struct nnv_text *out,
    struct nnv_diag *diag);

#endif
