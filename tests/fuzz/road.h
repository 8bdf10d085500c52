/*
 * The road from a file to a drawing, for targets whose input becomes a graph:
 * every pass, the cache at each step of it, and the drawing as DOT. A target
 * says only where its bytes come from.
 */
#ifndef NNVIZ_TESTS_ROAD_H
#define NNVIZ_TESTS_ROAD_H

#include <stdlib.h>

#include "nnviz/draw.h"
#include "nnviz/format.h"
#include "nnviz/pass.h"
#include "nnviz/render.h"

/* Names are limited to what a fuzzer's input can have. */
static const struct nnv_load_limits road_limits = {
	.input = 64 << 20, .arena = 64 << 20, .label = 1 << 10
};

/* What a graph needs around it. */
struct road {
	struct nnv_arena arena;
	struct nnv_names names;
};

/* Memory and other limits may stop any step; all else must be explained. */
static inline void
road_explained(const struct nnv_diag *diag)
{
	if (diag->code == NNV_OK || diag->text[0] == '\0')
		abort();
}

/* Save GRAPH into OUT; false where memory is out. */
static inline bool
road_save(const struct nnv_graph *graph, struct nnv_text *out)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, "save");
	return nnv_graph_save(graph, out, &diag) && !nnv_text_failed(out);
}

/* The graph in BYTES, or NULL and what DIAG says; release the road then. */
static inline struct nnv_graph *
road_begin(struct road *road, struct nnv_str bytes, struct nnv_diag *diag)
{
	struct nnv_graph *graph;

	nnv_arena_init(&road->arena, SIZE_MAX);
	nnv_names_init(&road->names);
	nnv_diag_init(diag, "fuzz");
	graph = nnv_graph_new(&road->arena, &road->names);
	if (graph == NULL)
		nnv_fail_memory(diag);
	else if (nnv_graph_load(graph, bytes, NNV_STR("fuzz"), road_limits,
		     diag))
		return graph;
	road_explained(diag);
	nnv_graph_free(graph);
	return NULL;
}

static inline void
road_end(struct road *road)
{
	nnv_names_release(&road->names);
	nnv_arena_release(&road->arena);
}

/* Load a saved graph and save it again: the same bytes, or a limit. It shows
 * what WHOLE does. */
static inline void
road_check_cache(const struct nnv_graph *whole, struct nnv_str saved)
{
	struct nnv_text again = NNV_TEXT_EMPTY;
	struct nnv_text was = NNV_TEXT_EMPTY, now = NNV_TEXT_EMPTY;
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;

	graph = road_begin(&road, saved, &diag);
	if (graph != NULL) {
		if (road_save(graph, &again) &&
		    !nnv_str_eq(saved, nnv_text_str(&again)))
			abort();
		nnv_drawing_note(whole, NULL, &was);
		nnv_drawing_note(graph, NULL, &now);
		if (!nnv_text_failed(&was) && !nnv_text_failed(&now) &&
		    !nnv_str_eq(nnv_text_str(&was), nnv_text_str(&now)))
			abort();
	} else if (diag.code != NNV_E_LIMIT && diag.code != NNV_E_MEMORY &&
	    diag.code != NNV_E_EMPTY)
		abort();
	nnv_text_release(&again);
	nnv_text_release(&was);
	nnv_text_release(&now);
	nnv_graph_free(graph);
	road_end(&road);
}

/* What was written is a graph for Graphviz too, as large as it was. */
static inline void
road_check_dot(Agraph_t *drawing, const struct nnv_text *dot)
{
	Agraph_t *read = agmemread(dot->p);

	if (read == NULL || agnnodes(read) != agnnodes(drawing) ||
	    agnedges(read) != agnedges(drawing))
		abort();
	agclose(read);
}

static inline void
road_draw(const struct nnv_graph *graph)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_text dot = NNV_TEXT_EMPTY;
	Agraph_t *drawing = NULL;
	struct nnv_diag diag;

	nnv_diag_init(&diag, "draw");
	if (style != NULL)
		drawing = nnv_draw(graph, style, &diag);
	if (drawing != NULL && nnv_dot_write(drawing, &dot, &diag))
		road_check_dot(drawing, &dot);
	else if (style != NULL)
		road_explained(&diag);
	nnv_drawing_free(drawing);
	nnv_style_free(style);
	nnv_text_release(&dot);
}

/*
 * The road's steps, in the order of src/transform.c. Some are taken always, as
 * far as the bits of ROAD_USUAL say; the others are detours that a target may
 * choose, and what a person may ask for.
 */
enum {
	ROAD_CALLS,
	ROAD_STEP,
	ROAD_OWNERS,
	ROAD_PHASE,
	ROAD_PRUNE,
	ROAD_GRADIENTS,
	ROAD_LEVEL,
	ROAD_MEASURE,
	ROAD_IDIOMS,
	ROAD_RULES,
	ROAD_SELECT,
	ROAD_HIDE,
	ROAD_PLUMBING,
	ROAD_COLLAPSE,
	ROAD_ROLL,
	ROAD_MERGE,
	ROAD_FOLD,
	ROAD_FOLD_SIMILAR,
	ROAD_FOCUS,
	ROAD_HIGHLIGHT,
	ROAD_STEPS
};

#define ROAD_USUAL                                                       \
	(1u << ROAD_CALLS | 1u << ROAD_STEP | 1u << ROAD_OWNERS |        \
	    1u << ROAD_PHASE | 1u << ROAD_PRUNE | 1u << ROAD_GRADIENTS | \
	    1u << ROAD_LEVEL | 1u << ROAD_MEASURE | 1u << ROAD_HIDE |    \
	    1u << ROAD_COLLAPSE)

static inline struct nnv_graph *
road_detour(const struct nnv_graph *graph, int step, struct nnv_diag *diag)
{
	static const struct nnv_str lit = { "*conv*", 6 };
	const struct nnv_fold alike = { 2, false }, similar = { 2, true };
	const struct nnv_focus near = { NULL, NULL, "*1*", 1, NULL };

	switch (step) {
	case ROAD_IDIOMS:
		return nnv_pass_idioms(graph, diag);
	case ROAD_RULES:
		return nnv_pass_rules(graph,
		    NNV_STR("fold * > Conv* as A\nfold ?* > *u > * as B"),
		    "rules", diag);
	case ROAD_SELECT:
		return nnv_pass_select(graph, NNV_STR("layer1"), diag);
	case ROAD_PLUMBING:
		return nnv_pass_plumbing(graph, diag);
	case ROAD_ROLL:
		return nnv_pass_roll(graph, diag);
	case ROAD_MERGE:
		return nnv_pass_merge(graph, 0.2, diag);
	case ROAD_FOLD:
		return nnv_pass_fold(graph, &alike, diag);
	case ROAD_FOLD_SIMILAR:
		return nnv_pass_fold(graph, &similar, diag);
	case ROAD_FOCUS:
		return nnv_pass_focus(graph, &near, diag);
	default:
		return nnv_pass_highlight(graph, NULL, &lit, 1, diag);
	}
}

/* One step of the road from the file to the drawing. */
static inline struct nnv_graph *
road_pass(const struct nnv_graph *graph, int step, struct nnv_diag *diag)
{
	static const struct nnv_str hidden = { "type:*o*", 8 };
	const struct nnv_collapse collapse = { .depth = 1 };

	switch (step) {
	case ROAD_CALLS:
		return nnv_pass_calls(graph, diag);
	case ROAD_STEP:
		return nnv_pass_steps(graph, 0, diag);
	case ROAD_OWNERS:
		return nnv_pass_owners(graph, diag);
	case ROAD_PHASE:
		return nnv_pass_phase(graph, NNV_ALL_PHASES, diag);
	case ROAD_PRUNE:
		return nnv_pass_prune(graph, NNV_ALL_PHASES, diag);
	case ROAD_GRADIENTS:
		return nnv_pass_gradients(graph, diag);
	case ROAD_LEVEL:
		return nnv_pass_level(graph, diag);
	case ROAD_MEASURE:
		return nnv_pass_measure(graph, diag);
	case ROAD_HIDE:
		return nnv_pass_hide(graph, &hidden, 1, diag);
	case ROAD_COLLAPSE:
		return nnv_pass_collapse(graph, &collapse, diag);
	default:
		return road_detour(graph, step, diag);
	}
}

/* Save GRAPH, load it and save it again. */
static inline void
road_check_saved(const struct nnv_graph *graph)
{
	struct nnv_text cache = NNV_TEXT_EMPTY;

	if (road_save(graph, &cache))
		road_check_cache(graph, nnv_text_str(&cache));
	nnv_text_release(&cache);
}

/*
 * Go the steps of the set TAKEN, bit 1 << step, and draw; GRAPH is freed. SAVED
 * is the set of steps before which the cache is checked, bit ROAD_STEPS being
 * the end: it takes most of the time.
 */
static inline void
road_go(struct nnv_graph *graph, unsigned taken, unsigned saved)
{
	struct nnv_diag diag;

	for (int step = 0; graph != NULL && step < ROAD_STEPS; step++) {
		struct nnv_graph *next;

		if ((taken >> step & 1) == 0)
			continue;
		if ((saved >> step & 1) != 0)
			road_check_saved(graph);
		nnv_diag_init(&diag, "pass");
		next = road_pass(graph, step, &diag);
		if (next == NULL)
			road_explained(&diag);
		nnv_graph_free(graph);
		graph = next;
	}
	if (graph == NULL)
		return;
	if ((saved >> ROAD_STEPS & 1) != 0)
		road_check_saved(graph);
	road_draw(graph);
	nnv_graph_free(graph);
}

#endif
