/*
 * Any bytes as a picture whose notes are looked for, compared with others and
 * told: never a crash, and nothing but plain lines. Any bytes, once they are
 * lines, as notes that are put into a picture: they are found again there.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "compare.h"
#include "nnviz/render.h"
#include "render/notes.h"

static const char ours[] =
    "nnviz-c 0.1.0\ngraphviz 2.43.0\ntext 12345678\ngraph 1\nstyle 2\n"
    "set direction=LR\nmodel Net\tnet.json\nframe a\tBlock\n"
    "node x\tInput\nnode a.c\tConv2d, 3×3, 3→64, 9 parameters\n"
    "node y\tOutput\nedge 0 1\t3×8×8\nedge 1 2\t64×8×8\n";

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* Lines of text, each ended. */
static void
check_told(const struct nnv_text *told)
{
	if (nnv_text_failed(told))
		return;
	require(told->n > 1 && told->p[told->n - 1] == '\n');
	require(nnv_utf8_valid(nnv_text_str(told)));
	for (size_t i = 0; i < told->n; i++)
		require((unsigned char)told->p[i] >= ' ' || told->p[i] == '\n');
}

static void
check_compare(struct nnv_str was, struct nnv_str now)
{
	struct nnv_text told = NNV_TEXT_EMPTY;

	nnv_compare_notes(was, now, &told);
	check_told(&told);
	nnv_text_clear(&told);
	nnv_compare_lines(was, now, &told);
	check_told(&told);
	nnv_text_release(&told);
}

static void
check_found(struct nnv_str bytes)
{
	struct nnv_notes notes;

	if (nnv_notes_find(bytes, &notes)) {
		require(notes.begin <= notes.end && notes.end <= bytes.n);
		check_compare(nnv_text_str(&notes.text), nnv_str(ours));
		check_compare(nnv_str(ours), nnv_text_str(&notes.text));
	}
	nnv_text_release(&notes.text);
}

/* Pictures as small as they get. */
static const struct {
	const char *format;
	struct nnv_str bytes;
} pictures[] = { { "svg", NNV_STR_INIT("<svg>\n</svg>\n") },
	{ "png",
	    NNV_STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\0IEND\xae\x42\x60\x82") },
	{ "ps", NNV_STR_INIT("%!PS-Adobe-3.0\n%%Trailer\n%%EOF\n") },
	{ "pdf",
	    NNV_STR_INIT("%PDF-1.5\n2 0 obj\n<< /Producer (x)\n>>\nendobj\n"
			 "xref\n0 3\n"
			 "trailer\n<< /Size 3\n   /Root 1 0 R\n"
			 "   /Info 2 0 R\n>>\nstartxref\n49\n%%EOF\n") },
	{ "pdf", NNV_STR_INIT("%PDF-1.5\nstartxref\n9\n%%EOF\n") } };

/* LINES as they are written: what is not text replaced, in UTF-8. */
static void
check_put(struct nnv_str lines)
{
	struct nnv_text given = NNV_TEXT_EMPTY, picture = NNV_TEXT_EMPTY;
	struct nnv_notes notes;

	nnv_text_adds(&given, "nnviz-c 0\nstyle 0\nnode x\t");
	nnv_text_add_terminal(&given, lines);
	nnv_text_addc(&given, '\n');
	for (size_t i = 0; i < sizeof(pictures) / sizeof(*pictures); i++) {
		nnv_text_clear(&picture);
		nnv_text_add(&picture, pictures[i].bytes);
		nnv_notes_put(nnv_str(pictures[i].format), nnv_text_str(&given),
		    &picture);
		if (nnv_text_failed(&picture) || nnv_text_failed(&given))
			break;
		require(nnv_notes_find(nnv_text_str(&picture), &notes));
		require(nnv_str_eq(nnv_text_str(&notes.text),
		    nnv_text_str(&given)));
		require(picture.n - (notes.end - notes.begin) ==
		    pictures[i].bytes.n);
		nnv_text_release(&notes.text);
	}
	nnv_text_release(&picture);
	nnv_text_release(&given);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };

	check_found(bytes);
	check_put(bytes);
	if (size != 0)
		check_compare(bytes, nnv_str(ours));
	return 0;
}
