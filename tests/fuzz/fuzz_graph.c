/*
 * Any bytes as a trace or a graph: loaded or refused, never a crash. What was
 * loaded goes through every pass, is saved at each step, and what was saved
 * loads and is saved again in the same bytes.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "nnviz/format.h"
#include "nnviz/pass.h"

static const struct nnv_load_limits limits = { 64 << 20, 64 << 20 };

/* Memory and other limits may stop any step; all else must be explained. */
static void
explained(const struct nnv_diag *diag)
{
	if (diag->code == NNV_OK || diag->text[0] == '\0')
		abort();
}

/* Save GRAPH into OUT; false where memory is out. */
static bool
save(const struct nnv_graph *graph, struct nnv_text *out)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, "save");
	return nnv_graph_save(graph, out, &diag) && !nnv_text_failed(out);
}

/* Load a saved graph and save it again: the same bytes, or a limit. */
static void
check_cache(struct nnv_str saved)
{
	struct nnv_text again = NNV_TEXT_EMPTY;
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_graph *graph;
	struct nnv_diag diag;

	nnv_arena_init(&arena, SIZE_MAX);
	nnv_names_init(&names);
	nnv_diag_init(&diag, "cache");
	graph = nnv_graph_new(&arena, &names);
	if (graph != NULL &&
	    nnv_graph_load(graph, saved, NNV_STR("fuzz"), limits, &diag)) {
		if (save(graph, &again) &&
		    !nnv_str_eq(saved, nnv_text_str(&again)))
			abort();
	} else if (diag.code != NNV_E_LIMIT && diag.code != NNV_E_MEMORY &&
	    diag.code != NNV_E_EMPTY)
		abort();
	nnv_text_release(&again);
	nnv_graph_free(graph);
	nnv_names_release(&names);
	nnv_arena_release(&arena);
}

/* One step of the road from the file to the drawing. */
static struct nnv_graph *
pass(const struct nnv_graph *graph, int step, struct nnv_diag *diag)
{
	const struct nnv_collapse collapse = { .depth = 1 };

	switch (step) {
	case 0:
		return nnv_pass_calls(graph, diag);
	case 1:
		return nnv_pass_phase(graph, NNV_ALL_PHASES, diag);
	case 2:
		return nnv_pass_prune(graph, diag);
	case 3:
		return nnv_pass_level(graph, diag);
	default:
		return nnv_pass_collapse(graph, &collapse, diag);
	}
}

static void
run_passes(struct nnv_graph *graph)
{
	struct nnv_text saved = NNV_TEXT_EMPTY;
	struct nnv_diag diag;

	for (int step = 0; graph != NULL; step++) {
		struct nnv_graph *next = NULL;

		nnv_diag_init(&diag, "pass");
		nnv_text_clear(&saved);
		if (save(graph, &saved))
			check_cache(nnv_text_str(&saved));
		if (step < 5) {
			next = pass(graph, step, &diag);
			if (next == NULL)
				explained(&diag);
		}
		nnv_graph_free(graph);
		graph = next;
	}
	nnv_text_release(&saved);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_graph *graph;
	struct nnv_diag diag;

	nnv_arena_init(&arena, SIZE_MAX);
	nnv_names_init(&names);
	nnv_diag_init(&diag, "fuzz");
	graph = nnv_graph_new(&arena, &names);
	if (graph != NULL &&
	    nnv_graph_load(graph, bytes, NNV_STR("fuzz"), limits, &diag)) {
		run_passes(graph);
	} else {
		explained(&diag);
		nnv_graph_free(graph);
	}
	nnv_names_release(&names);
	nnv_arena_release(&arena);
	return 0;
}
