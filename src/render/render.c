/*
 * The parent's part: everything is made by a child. cgraph crashes where memory
 * is out, libgvc returns 0 when a label was lost: only what it prints tells.
 */
#include "nnviz/render.h"

#include "book.h"
#include "child.h"
#include "format.h"
#include "picture.h"
#include "wire.h"

enum { PROBE_TIMEOUT = 20 };

/* Whether TEXT complains that an arrow's way between the boxes was not found:
 * the arrow is there, and may cross some. */
static bool
is_of_arrows(struct nnv_str text)
{
	static const char *const marks[] = { "libpath/", "spline", "checkpath",
		"triang" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (nnv_str_find(text, nnv_str(marks[i])) < text.n)
			return true;
	return false;
}

/* What Graphviz says to who wrote it is said to who reads the picture; what we
 * do not know is quoted. */
static void
relay(struct nnv_str text, struct nnv_diag *diag)
{
	if (is_of_arrows(text))
		nnv_warn_each(diag, "arrows",
		    "for some arrows no way around the boxes was found: they "
		    "may cross them");
	else
		nnv_warn(diag, "Graphviz",
		    "something may be odd in the picture: Graphviz says "
		    "\"%.*s\"",
		    (int)text.n, text.p);
}

/* What was printed of, so far. */
struct hearing {
	const struct nnv_book *book; /* or NULL */
	uint32_t page;               /* of it */
	struct nnv_str error;        /* the last one */
};

/* The page that a book is at, of its NPAGES, says the process that draws. */
static bool
hear_page(struct nnv_str line, struct hearing *hearing)
{
	size_t n = sizeof(NNV_BOOK_MARK) - 1;

	if (hearing->book == NULL ||
	    !nnv_str_starts(line, NNV_STR(NNV_BOOK_MARK)))
		return false;
	hearing->page = 0;
	for (; n < line.n && line.p[n] >= '0' && line.p[n] <= '9' &&
	     hearing->page < hearing->book->npages;
	     n++)
		hearing->page = 10 * hearing->page +
		    (uint32_t)(line.p[n] - '0');
	return true;
}

static void
hear_error(struct nnv_str error, struct hearing *hearing)
{
	const struct nnv_book *book = hearing->book;

	hearing->error = error;
	if (book != NULL && book->fault != NULL && hearing->page < book->npages)
		book->fault(book->arg, hearing->page);
}

/* A line that Graphviz printed. One that begins in "in label of" ends a
 * message of several lines about HTML. */
static bool
hear_line(struct nnv_str line, struct hearing *hearing, struct nnv_diag *diag)
{
	const struct nnv_str *error = &hearing->error;
	static const struct nnv_str mark = { "Error: ", 7 };
	static const struct nnv_str warning = { "Warning: ", 9 };
	static const struct nnv_str label = { "in label of", 11 };

	if (line.n == 0 || hear_page(line, hearing))
		return true;
	if (nnv_str_starts(line, label))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz could not parse a label: %.*s: %.*s",
		    (int)error->n, error->p, (int)line.n, line.p);
	if (nnv_str_starts(line, mark)) {
		hear_error(nnv_str_from(line, mark.n), hearing);
		return true;
	}
	if (nnv_str_starts(line, warning))
		relay(nnv_str_from(line, warning.n), diag);
	else if (error->n == 0)
		relay(line, diag);
	return true;
}

/* What was printed: false if an error is in it. */
static bool
hear(const struct nnv_text *said, const struct nnv_book *book,
    struct nnv_diag *diag)
{
	struct nnv_str rest = nnv_text_str(said);
	struct hearing hearing = { .book = book };

	while (rest.n != 0)
		if (!hear_line(nnv_str_take(&rest, '\n'), &hearing, diag))
			return false;
	return hearing.error.n == 0 ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "Graphviz: %.*s",
		(int)hearing.error.n, hearing.error.p);
}

/* A child at work, and who hears of it. */
struct sitting {
	void (*begin)(void *arg); /* or NULL, as all of them */
	void (*finish)(void *arg);
	void (*wait)(void *arg, unsigned ms);
	void *arg;
	const struct nnv_book *book; /* or NULL */
	uint32_t begun;              /* layouts */
	bool told;                   /* whose fault it is */
	struct nnv_child_ear ear;
	struct nnv_wire wire;
};

static void
take(void *arg, struct nnv_str bytes)
{
	struct sitting *sitting = arg;

	nnv_wire_take(&sitting->wire, bytes);
}

/* Time is counted once the drawing is made, and anew once it is laid out: a
 * picture of many pixels takes long however simple its layout is. */
static void
reach(void *arg, enum nnv_frame_kind kind, uint32_t seconds)
{
	struct sitting *sitting = arg;

	if (kind == NNV_FRAME_READY) {
		sitting->begun++;
		if (sitting->begin != NULL)
			sitting->begin(sitting->arg);
	}
	if (kind == NNV_FRAME_ARRANGED && sitting->finish != NULL)
		sitting->finish(sitting->arg);
	nnv_child_limit(&sitting->ear, (int)seconds);
}

/*
 * What Graphviz printed tells more than that it failed: it is heard first, and
 * then what the child itself has to say.
 */
static bool
judge(struct sitting *sitting, const struct nnv_child_result *result,
    struct nnv_diag *diag)
{
	struct nnv_diag own = *diag;

	diag->code = NNV_OK;
	sitting->told = !hear(&result->said, sitting->book, diag);
	if (sitting->told)
		return false;
	diag->code = own.code;
	if (diag->code != NNV_OK)
		return false;
	return (sitting->wire.ended && !sitting->wire.broken &&
		   !result->failed) ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ, "the drawing was not finished");
}

static void
wait(void *arg, unsigned ms)
{
	const struct sitting *sitting = arg;

	if (sitting->wait != NULL)
		sitting->wait(sitting->arg, ms);
}

static bool
check_formats(const struct nnv_picture *pictures, size_t n,
    struct nnv_diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		struct nnv_str name = pictures[i].format;
		const struct nnv_picture_row *row = nnv_picture_row(name);

		if (row == NULL)
			return nnv_fail(diag, NNV_E_USAGE,
			    "unknown format \"%.*s\"", (int)name.n, name.p);
		if (!row->drawn && strcmp(row->format.name, "dot") != 0)
			return nnv_fail(diag, NNV_E_USAGE,
			    "\"%s\" is not a format of pictures",
			    row->format.name);
	}
	return true;
}

/* Let a child work; its pictures or none. */
static bool
sit(struct sitting *sitting, nnv_child_work *work, void *job,
    struct nnv_diag *diag)
{
	struct nnv_child_result result = NNV_CHILD_RESULT_EMPTY;
	struct nnv_wire *wire = &sitting->wire;
	bool fine;

	sitting->ear.take = take;
	sitting->ear.wait = wait;
	sitting->ear.arg = wire->arg = sitting;
	wire->reached = reach;
	wire->diag = diag;
	fine = nnv_child_run(work, job, &sitting->ear, &result, diag) &&
	    judge(sitting, &result, diag);
	nnv_child_result_release(&result);
	for (size_t i = 0; fine && i < wire->npictures; i++)
		if (nnv_text_failed(&wire->pictures[i].bytes))
			fine = nnv_fail_memory(diag);
	for (size_t i = 0; !fine && i < wire->npictures; i++)
		nnv_text_clear(&wire->pictures[i].bytes);
	return fine;
}

bool
nnv_render(const struct nnv_subject *subject, struct nnv_picture *pictures,
    size_t npictures, struct nnv_diag *diag)
{
	struct sitting sitting = { .begin = subject->begin,
		.finish = subject->finish,
		.wait = subject->wait,
		.arg = subject->arg,
		.wire = { .pictures = pictures, .npictures = npictures } };
	struct nnv_picture_job job = { subject, pictures, npictures, diag };

	return check_formats(pictures, npictures, diag) &&
	    sit(&sitting, nnv_picture_work, &job, diag);
}

bool
nnv_render_book(const struct nnv_book *book, bool atlas,
    struct nnv_picture *pictures, struct nnv_diag *diag)
{
	struct sitting sitting = { .begin = book->begin,
		.wait = book->wait,
		.arg = book->arg,
		.book = book,
		.wire = { .pictures = pictures,
		    .npictures = atlas ? book->npages : 1 } };
	struct nnv_book_job job = { book, atlas, diag };
	bool fine = sit(&sitting, nnv_book_work, &job, diag);

	/* what ended the work ended it at the page that was begun last */
	if (!fine && !sitting.told && sitting.begun > 0 &&
	    sitting.begun <= book->npages && book->fault != NULL)
		book->fault(book->arg, sitting.begun - 1);
	return fine;
}

static bool
is_listed(const struct nnv_text *list, const char *name)
{
	struct nnv_text word = NNV_TEXT_EMPTY;
	struct nnv_str all = nnv_text_str(list);
	bool found;

	nnv_text_addf(&word, " %s ", name);
	found = !nnv_text_failed(&word) &&
	    nnv_str_find(all, nnv_text_str(&word)) < all.n;
	nnv_text_release(&word);
	return found;
}

bool
nnv_picture_probe(bool available[NNV_PICTURE_FORMATS], struct nnv_diag *diag)
{
	struct nnv_child_result list = NNV_CHILD_RESULT_EMPTY;
	struct nnv_child_ear ear = { .take = NULL };
	const struct nnv_picture_format *format;
	bool fine;
	size_t i;

	nnv_child_limit(&ear, PROBE_TIMEOUT);
	fine = nnv_child_run(nnv_picture_list, NULL, &ear, &list, diag);
	for (i = 0; (format = nnv_picture_format(i)) != NULL; i++)
		available[i] = !nnv_picture_row(nnv_str(format->name))->drawn ||
		    is_listed(&list.out, format->name);
	nnv_child_result_release(&list);
	return fine;
}
