/*
 * A picture is the same if all but its notes is: they tell what no reader of it
 * sees, such as who drew it. Where it is not, the notes of both say why: the
 * model, the style, or who drew it. A graph in JSON needs no notes, and a text
 * is compared by lines.
 */
#include "check.h"

#include "compare.h"
#include "messages.h"
#include "nnviz/arena.h"
#include "nnviz/draw.h"
#include "nnviz/file.h"
#include "nnviz/format.h"
#include "nnviz/render.h"

/* Bytes of a picture. */
static const size_t file_max = (size_t)1 << 30;

/* One file, and what it would be now. */
struct pair {
	struct nnv_str was, now;
	const struct nnv_output *output;
	const struct nnv_graph *drawn;
	const struct nnv_limits *limits;
	struct nnv_text *reason;
};

/* BYTES without NOTES. */
static struct nnv_text
without(struct nnv_str bytes, const struct nnv_notes *notes)
{
	struct nnv_text rest = NNV_TEXT_EMPTY;

	nnv_text_add(&rest, (struct nnv_str){ bytes.p, notes->begin });
	nnv_text_add(&rest, nnv_str_from(bytes, notes->end));
	return rest;
}

/* Whether all but the notes is the same. What is compared may be a stranger's,
 * and large: nothing is copied that is longer than ours. */
static bool
same_rest(const struct pair *pair, const struct nnv_notes *was,
    const struct nnv_notes *now)
{
	struct nnv_text a, b;
	bool same;

	if (pair->was.n - (was->end - was->begin) !=
	    pair->now.n - (now->end - now->begin))
		return false;
	a = without(pair->was, was);
	b = without(pair->now, now);
	same = nnv_str_eq(nnv_text_str(&a), nnv_text_str(&b));
	pair->reason->failed |= a.failed || b.failed;
	nnv_text_release(&a);
	nnv_text_release(&b);
	return same;
}

static bool
same_picture(const struct pair *pair)
{
	struct nnv_notes was, now;
	bool same, noted = nnv_notes_find(pair->was, &was);

	nnv_notes_find(pair->now, &now);
	same = same_rest(pair, &was, &now);
	if (was.text.failed || now.text.failed)
		pair->reason->failed = true;
	else if (!same && now.text.n == 0)
		nnv_text_addf(pair->reason,
		    "%.*s has no notes, which would tell why\n",
		    (int)pair->output->format.n, pair->output->format.p);
	else if (!same && !noted)
		nnv_text_adds(pair->reason,
		    "no picture of this program, or without its notes, which "
		    "would tell why\n");
	else if (!same)
		nnv_compare_notes(nnv_text_str(&was.text),
		    nnv_text_str(&now.text), pair->reason);
	nnv_text_release(&was.text);
	nnv_text_release(&now.text);
	return same;
}

/* The notes that a picture of the graph in BYTES would carry. */
static bool
note_graph(const struct pair *pair, struct nnv_text *notes,
    struct nnv_diag *diag)
{
	const struct nnv_load_limits limits = { pair->limits->input,
		pair->limits->memory, pair->limits->depth,
		pair->limits->label };
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_graph *graph;
	bool fine;

	nnv_arena_init(&arena, SIZE_MAX);
	nnv_names_init(&names);
	graph = nnv_graph_new(&arena, &names);
	fine = graph != NULL &&
	    nnv_graph_load(graph, pair->was, NNV_STR(""), limits, diag);
	if (fine)
		nnv_drawing_note(graph, NULL, notes);
	nnv_graph_free(graph);
	nnv_names_release(&names);
	nnv_arena_release(&arena);
	return fine;
}

static void
explain_graph(const struct pair *pair)
{
	struct nnv_text was = NNV_TEXT_EMPTY, now = NNV_TEXT_EMPTY;
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	nnv_drawing_note(pair->drawn, NULL, &now);
	if (!note_graph(pair, &was, &diag))
		nnv_text_addf(pair->reason, "no graph: %s\n", diag.text);
	else if (was.n != 0 &&
	    nnv_str_eq(nnv_text_str(&was), nnv_text_str(&now)))
		nnv_compare_lines(pair->was, pair->now, pair->reason);
	else
		nnv_compare_notes(nnv_text_str(&was), nnv_text_str(&now),
		    pair->reason);
	pair->reason->failed |= was.failed;
	pair->reason->failed |= now.failed;
	nnv_text_release(&was);
	nnv_text_release(&now);
}

/* Whether the format is text, of which a line tells something. */
static bool
is_text(struct nnv_str format)
{
	static const char *const texts[] = { "dot", "xdot", "plain", "cmapx" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (nnv_str_eq(format, nnv_str(texts[i])))
			return true;
	return false;
}

static bool
same(const struct pair *pair)
{
	const struct nnv_output *output = pair->output;

	if (nnv_str_eq(pair->was, pair->now))
		return true;
	if (output->kind == NNV_OUTPUT_GRAPH)
		explain_graph(pair);
	else if (output->kind != NNV_OUTPUT_BOOK &&
	    output->kind != NNV_OUTPUT_FILE &&
	    (output->kind != NNV_OUTPUT_PICTURE || is_text(output->format)))
		nnv_compare_lines(pair->was, pair->now, pair->reason);
	else
		return same_picture(pair);
	return false;
}

static bool
check(const struct nnv_output *output, const struct nnv_graph *drawn,
    const struct nnv_limits *limits)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	struct nnv_text reason = NNV_TEXT_EMPTY;
	struct pair pair = { .now = nnv_text_str(&output->bytes),
		.output = output,
		.drawn = drawn,
		.limits = limits,
		.reason = &reason };
	struct nnv_diag diag;
	bool fine;

	nnv_diag_init(&diag, output->path.p);
	if (!nnv_input_read(&input, output->path.p, file_max, &diag)) {
		nnv_say_failure(&diag);
		return false;
	}
	pair.was = input.bytes;
	fine = same(&pair);
	if (nnv_text_failed(&reason) || nnv_heap_refusals() != 0 ||
	    (!fine &&
		!nnv_say_difference(output->path.p, nnv_text_str(&reason)))) {
		nnv_fail_memory(&diag);
		nnv_say_failure(&diag);
	}
	nnv_text_release(&reason);
	nnv_input_release(&input);
	return fine && diag.code == NNV_OK;
}

bool
nnv_check(const struct nnv_outputs *outputs, const struct nnv_graph *drawn,
    const struct nnv_limits *limits)
{
	bool fine = true;

	/* of an atlas its files are checked, which follow */
	for (size_t i = 0; i < outputs->n; i++)
		if (outputs->items[i].kind != NNV_OUTPUT_ATLAS)
			fine &= check(&outputs->items[i], drawn, limits);
	return fine;
}
