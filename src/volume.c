/*
 * Pages are planned here and drawn in a child. What they are called as files
 * comes from the model, and must not lead out of the folder: of a path only
 * letters, digits, "_", and "-" and dots that are not the first are kept: what
 * begins with them hides from "ls", or is an option to it. Nor is a file called
 * as Windows calls a device, whatever the suffix, for folders are passed on.
 */
#include "volume.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/draw.h"
#include "nnviz/file.h"
#include "pages.h"

/* Boxes of a page that is broken if it is so many times as long as wide. */
enum { MANY = 60, STRIP = 6 };

/* Times that all pages are drawn. */
enum { ROUNDS = 12 };

enum { NAME_MAX_BYTES = 120, LABEL_MAX = 48 };

/* How much simpler a page is drawn, and the round in which it failed last. */
struct haste {
	unsigned hurry;
	uint32_t round;
};

struct volume {
	struct nnv_pages plan;
	struct nnv_style *style;
	const struct nnv_patience *patience;
	struct nnv_page *pages;  /* by number */
	struct nnv_text *files;  /* by number */
	struct nnv_text *labels; /* by number */
	struct haste *haste;     /* by number */
	uint32_t n;
	uint32_t round;  /* of drawing all pages, from 1 */
	uint32_t failed; /* page, in this round; or n */
	bool stuck;      /* it cannot be drawn simpler */
	const char *model;
	bool checked; /* nothing is written */
};

/* Set a key of the style to a number. */
static bool
set(const struct volume *v, const char *key, unsigned value,
    struct nnv_diag *diag)
{
	char text[64];

	snprintf(text, sizeof(text), "%s=%u", key, value);
	return nnv_style_set(v->style, nnv_str(text), diag);
}

/* How a page is laid out that failed so many times. */
static bool
set_haste(const struct volume *v, uint32_t page, struct nnv_diag *diag)
{
	unsigned hurry = v->haste[page].hurry, seconds = v->patience->seconds;

	if (seconds == 0)
		return true;
	for (unsigned i = 0; i <= hurry; i++)
		seconds = (seconds + 1) / 2;
	if (hurry == NNV_ATTEMPTS - 1)
		seconds = v->patience->last;
	return set(v, "hurry", hurry, diag) && set(v, "timeout", seconds, diag);
}

/* Into how many columns a page is broken that has many boxes and would be a
 * strip; 0: none, or as the style says. -1: failure. */
static int
columns_of(const struct volume *v, const struct nnv_graph *drawn,
    struct nnv_diag *diag)
{
	struct nnv_size size;
	struct nnv_diag told;
	double ratio;

	if (drawn->nnodes < MANY || nnv_style_columns(v->style) != 0)
		return 0;
	/* what there is to warn of is told when it is drawn */
	nnv_diag_init(&told, diag->source);
	if (!nnv_draw_measure(drawn, v->style, &size, &told)) {
		nnv_fail(diag, told.code, "%s", told.text);
		return -1;
	}
	ratio = size.height > size.width ? size.height / size.width
					 : size.width / size.height;
	return ratio < STRIP ? 0 : (int)sqrt(ratio);
}

/* In the child: what is set here is set for this page alone. */
static Agraph_t *
draw(void *arg, uint32_t page, struct nnv_diag *diag)
{
	const struct volume *v = arg;
	const struct nnv_plan_page *p = &v->plan.items[v->plan.order[page]];
	int columns = columns_of(v, p->drawn, diag);
	Agraph_t *drawing;

	if (columns < 0 || !set_haste(v, page, diag) ||
	    (columns > 0 && !set(v, "columns", (unsigned)columns, diag)))
		return NULL;
	drawing = nnv_draw_page(p->drawn, v->style, p->links, diag);
	if ((columns == 0 || set(v, "columns", 0, diag)) &&
	    (v->haste[page].hurry == 0 || set(v, "hurry", 0, diag)))
		return drawing;
	nnv_drawing_free(drawing);
	return NULL;
}

static void
note_all(const struct volume *v, struct nnv_text *out)
{
	struct nnv_noted *pages = nnv_heap_alloc(v->n, sizeof(*pages));

	if (pages == NULL) {
		out->failed = true;
		return;
	}
	for (uint32_t i = 0; i < v->n; i++) {
		const struct nnv_plan_page *p = &v->plan
						     .items[v->plan.order[i]];

		pages[i] = (struct nnv_noted){ p->drawn,
			nnv_text_str(&p->name) };
	}
	nnv_pages_note(pages, v->n, v->style, out);
	nnv_heap_free(pages);
}

static void
note(void *arg, uint32_t page, struct nnv_text *out)
{
	const struct volume *v = arg;

	if (page == NNV_PAGES_NONE)
		note_all(v, out);
	else
		nnv_drawing_note(v->plan.items[v->plan.order[page]].drawn,
		    v->style, out);
}

static void
begin(void *arg)
{
	const struct volume *v = arg;

	v->patience->begin(v->patience->arg);
}

static void
wait(void *arg, unsigned ms)
{
	const struct volume *v = arg;

	v->patience->wait(v->patience->arg, ms);
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/* Whether a page before I is called FILE, capitals or not: some file systems
 * do not tell them apart. */
static bool
is_taken(const struct volume *v, uint32_t i, const struct nnv_text *file)
{
	for (uint32_t k = 0; k < i; k++)
		if (nnv_str_same(nnv_text_str(&v->files[k]),
			nnv_text_str(file)))
			return true;
	return false;
}

/* "aux", "com1.conv": a name up to its first dot. */
static bool
is_device(struct nnv_str name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul" };
	struct nnv_str stem = nnv_str_take(&name, '.'), port = stem;

	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (nnv_str_same(stem, nnv_str(devices[i])))
			return true;
	port.n = 3;
	return stem.n == 4 && stem.p[3] >= '0' && stem.p[3] <= '9' &&
	    (nnv_str_same(port, NNV_STR("com")) ||
		nnv_str_same(port, NNV_STR("lpt")));
}

/* The file of the I-th page: "layer1.0.svg", or "layer1.0-2.svg". */
static bool
name_file(struct volume *v, uint32_t i, struct nnv_str path)
{
	struct nnv_text *file = &v->files[i];

	if (path.n > NAME_MAX_BYTES)
		path.n = NAME_MAX_BYTES;
	for (unsigned again = 1; again == 1 || is_taken(v, i, file); again++) {
		nnv_text_clear(file);
		if (i == 0)
			nnv_text_adds(file, "index");
		if (is_device(path))
			nnv_text_addc(file, '_');
		for (size_t k = 0; k < path.n; k++)
			nnv_text_addc(file,
			    is_plain(path.p[k]) &&
				    (k > 0 ||
					(path.p[k] != '.' && path.p[k] != '-'))
				? path.p[k]
				: '_');
		if (again > 1)
			nnv_text_addf(file, "-%u", again);
		nnv_text_adds(file, ".svg");
		if (nnv_text_failed(file))
			return false;
	}
	return true;
}

/* As many characters of NAME as a line above a page has room for. */
static bool
add_label(struct nnv_text *label, struct nnv_str name)
{
	size_t n = 0, count = 0, length;

	while (n < name.n && count < LABEL_MAX) {
		length = nnv_utf8_len(name.p + n, name.p + name.n);
		n += length != 0 ? length : 1;
		count++;
	}
	nnv_text_add_terminal(label, (struct nnv_str){ name.p, n });
	if (n < name.n)
		nnv_text_adds(label, "\xe2\x80\xa6");
	if (name.n == 0)
		nnv_text_adds(label, "model");
	return !nnv_text_failed(label);
}

/* The overview is called after the model, a page as on its parent's. */
static bool
name_page(struct volume *v, uint32_t i)
{
	const struct nnv_plan_page *p = &v->plan.items[v->plan.order[i]];
	const struct nnv_graph *drawn = p->drawn;
	struct nnv_str name = { NULL, 0 };

	if (i != 0)
		name = nnv_text_str(&p->label);
	else if (drawn->title != NNV_NO_NAME)
		name = nnv_graph_text(drawn, drawn->title);
	if (!add_label(&v->labels[i], name))
		return false;
	if (p->ntwins > 1)
		nnv_text_addf(&v->labels[i], " \xc3\x97%u", p->ntwins);
	return !nnv_text_failed(&v->labels[i]);
}

/* Room for what is known of each page. */
static bool
reserve(struct volume *v)
{
	v->pages = nnv_heap_alloc(v->n, sizeof(*v->pages));
	v->files = nnv_heap_alloc(v->n, sizeof(*v->files));
	v->labels = nnv_heap_alloc(v->n, sizeof(*v->labels));
	v->haste = nnv_heap_alloc(v->n, sizeof(*v->haste));
	for (uint32_t i = 0; i < v->n; i++) {
		if (v->files != NULL)
			v->files[i] = NNV_TEXT_EMPTY;
		if (v->labels != NULL)
			v->labels[i] = NNV_TEXT_EMPTY;
	}
	return v->pages != NULL && v->files != NULL && v->labels != NULL &&
	    v->haste != NULL;
}

/* The pages by their numbers. */
static bool
bind(struct volume *v, struct nnv_diag *diag)
{
	v->n = (uint32_t)v->plan.n;
	if (!reserve(v))
		return nnv_fail_memory(diag);
	for (uint32_t i = 0; i < v->n; i++) {
		const struct nnv_plan_page *p = &v->plan
						     .items[v->plan.order[i]];

		if (!name_file(v, i, nnv_text_str(&p->path)) ||
		    !name_page(v, i))
			return nnv_fail_memory(diag);
		v->pages[i] = (struct nnv_page){ v->labels[i].p,
			i == 0 ? NNV_PAGES_NONE
			       : v->plan.items[p->parent].number - 1,
			v->files[i].p };
	}
	return true;
}

/* Give the pictures of an atlas their files. */
static bool
add_files(struct volume *v, struct nnv_outputs *outputs, size_t atlas,
    struct nnv_picture *pictures, struct nnv_diag *diag)
{
	if (!v->checked &&
	    !nnv_directory_make(outputs->items[atlas].path.p, diag))
		return false;
	for (uint32_t i = 0; i < v->n; i++) {
		if (!nnv_outputs_add_file(outputs, atlas, v->files[i].p,
			&pictures[i].bytes, v->model, diag))
			return false;
	}
	return true;
}

/* A page failed: it is drawn simpler in the next round. */
static void
fault(void *arg, uint32_t page)
{
	struct volume *v = arg;
	struct haste *haste = &v->haste[page];

	v->failed = page;
	if (haste->round == v->round)
		return;
	haste->round = v->round;
	if (haste->hurry + 1 < NNV_ATTEMPTS)
		haste->hurry++;
	else
		v->stuck = true;
}

/* Whether another round may do better. */
static bool
may_retry(const struct volume *v, const struct nnv_diag *diag)
{
	return v->patience->seconds != 0 && v->failed < v->n && !v->stuck &&
	    v->round < ROUNDS &&
	    (diag->code == NNV_E_GRAPHVIZ || diag->code == NNV_E_LATE);
}

/* Say which page it was. */
static void
name_page_of_failure(const struct volume *v, struct nnv_diag *diag)
{
	char text[NNV_DIAG_TEXT];

	if (v->failed >= v->n ||
	    (diag->code != NNV_E_GRAPHVIZ && diag->code != NNV_E_LATE))
		return;
	memcpy(text, diag->text, sizeof(text));
	nnv_diag_forget(diag);
	nnv_fail(diag, NNV_E_GRAPHVIZ, "page %u, %s: %s", v->failed + 1,
	    v->labels[v->failed].p, text);
}

/* All pages, those at which Graphviz fails drawn simpler each time. */
static bool
render_all(struct volume *v, const struct nnv_book *book, bool atlas,
    struct nnv_picture *pictures, struct nnv_diag *diag)
{
	char text[NNV_DIAG_TEXT] = "";
	uint32_t page = 0;

	for (v->round = 1;; v->round++) {
		v->failed = v->n;
		v->stuck = false;
		if (nnv_render_book(book, atlas, pictures, diag))
			break;
		if (!may_retry(v, diag)) {
			name_page_of_failure(v, diag);
			return false;
		}
		if (text[0] == '\0') {
			memcpy(text, diag->text, sizeof(text));
			page = v->failed;
		}
		nnv_diag_forget(diag);
	}
	if (text[0] != '\0')
		nnv_warn(diag, "fault",
		    "page %u, %s, was made simpler after a fault (%s)",
		    page + 1, v->labels[page].p, text);
	return true;
}

static bool
render_output(struct volume *v, struct nnv_outputs *outputs, size_t at,
    struct nnv_diag *diag)
{
	struct nnv_book book = { .pages = v->pages,
		.npages = v->n,
		.draw = draw,
		.close = nnv_drawing_free,
		.note = note,
		.begin = begin,
		.wait = wait,
		.fault = fault,
		.arg = v,
		.strict = v->patience->strict };
	bool atlas = outputs->items[at].kind == NNV_OUTPUT_ATLAS, fine;
	struct nnv_picture *pictures = nnv_heap_alloc(v->n, sizeof(*pictures));

	if (pictures == NULL)
		return nnv_fail_memory(diag);
	for (uint32_t i = 0; i < v->n; i++)
		pictures[i].bytes = NNV_TEXT_EMPTY;
	fine = render_all(v, &book, atlas, pictures, diag);
	if (fine && atlas)
		fine = add_files(v, outputs, at, pictures, diag);
	else if (fine) {
		outputs->items[at].bytes = pictures[0].bytes;
		pictures[0].bytes = NNV_TEXT_EMPTY;
	}
	for (uint32_t i = 0; i < v->n; i++)
		nnv_text_release(&pictures[i].bytes);
	nnv_heap_free(pictures);
	return fine;
}

static void
release(struct volume *v)
{
	for (uint32_t i = 0; v->files != NULL && i < v->n; i++)
		nnv_text_release(&v->files[i]);
	for (uint32_t i = 0; v->labels != NULL && i < v->n; i++)
		nnv_text_release(&v->labels[i]);
	nnv_heap_free(v->files);
	nnv_heap_free(v->labels);
	nnv_heap_free(v->haste);
	nnv_heap_free(v->pages);
	nnv_pages_release(&v->plan);
}

bool
nnv_volume_draw(const struct nnv_graph *chosen,
    const struct nnv_edition *edition, struct nnv_outputs *outputs,
    struct nnv_diag *diag)
{
	const struct nnv_options *options = edition->options;
	struct volume v = { .style = edition->style,
		.patience = edition->patience,
		.model = options->model,
		.checked = options->check.n > 0 };
	size_t noutputs = outputs->n;
	bool fine = true, planned = false;

	for (size_t i = 0; i < noutputs && fine; i++) {
		if (outputs->items[i].kind != NNV_OUTPUT_BOOK &&
		    outputs->items[i].kind != NNV_OUTPUT_ATLAS)
			continue;
		if (!planned)
			fine = nnv_pages_plan(&v.plan, chosen, options,
				   edition->most, diag) &&
			    bind(&v, diag);
		planned = true;
		fine = fine && render_output(&v, outputs, i, diag);
	}
	release(&v);
	return fine;
}
