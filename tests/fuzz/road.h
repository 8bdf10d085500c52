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

static const struct nnv_load_limits road_limits = { .input = 64 << 20,
	.arena = 64 << 20 };

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

/* Load a saved graph and save it again: the same bytes, or a limit. */
static inline void
road_check_cache(struct nnv_str saved)
{
	struct nnv_text again = NNV_TEXT_EMPTY;
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;

	graph = road_begin(&road, saved, &diag);
	if (graph != NULL) {
		if (road_save(graph, &again) &&
		    !nnv_str_eq(saved, nnv_text_str(&again)))
			abort();
	} else if (diag.code != NNV_E_LIMIT && diag.code != NNV_E_MEMORY &&
	    diag.code != NNV_E_EMPTY)
		abort();
	nnv_text_release(&again);
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

enum { ROAD_STEPS = 8 };

/* One step of the road from the file to the drawing. */
static inline struct nnv_graph *
road_pass(const struct nnv_graph *graph, int step, struct nnv_diag *diag)
{
	static const struct nnv_str hidden = { "type:*o*", 8 };
	const struct nnv_collapse collapse = { .depth = 1 };

	switch (step) {
	case 0:
		return nnv_pass_calls(graph, diag);
	case 1:
		return nnv_pass_steps(graph, 0, diag);
	case 2:
		return nnv_pass_owners(graph, diag);
	case 3:
		return nnv_pass_phase(graph, NNV_ALL_PHASES, diag);
	case 4:
		return nnv_pass_prune(graph, diag);
	case 5:
		return nnv_pass_level(graph, diag);
	case 6:
		return nnv_pass_hide(graph, &hidden, 1, diag);
	default:
		return nnv_pass_collapse(graph, &collapse, diag);
	}
}

/* Go all of it; GRAPH is freed. SAVED is the set of steps, bit 1 << step, at
 * which the cache is checked: it takes most of the time. */
static inline void
road_go(struct nnv_graph *graph, unsigned saved)
{
	struct nnv_text cache = NNV_TEXT_EMPTY;
	struct nnv_diag diag;

	for (int step = 0; graph != NULL; step++) {
		struct nnv_graph *next = NULL;

		nnv_diag_init(&diag, "pass");
		nnv_text_clear(&cache);
		if ((saved >> step & 1) != 0 && road_save(graph, &cache))
			road_check_cache(nnv_text_str(&cache));
		if (step == ROAD_STEPS) {
			road_draw(graph);
		} else {
			next = road_pass(graph, step, &diag);
			if (next == NULL)
				road_explained(&diag);
		}
		nnv_graph_free(graph);
		graph = next;
	}
	nnv_text_release(&cache);
}

#endif
