/*
 * A pass with ever more memory, until it has enough: at any lack it says so and
 * gives nothing.
 */
#ifndef NNVIZ_TESTS_STARVE_H
#define NNVIZ_TESTS_STARVE_H

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

typedef struct nnv_graph *starved_pass(const struct nnv_graph *graph,
    size_t which, struct nnv_diag *diag);

/* The pass, on the net JSON, which asks for more than LEAST blocks. */
static inline void
starve(starved_pass *pass, size_t which, struct nnv_str json, long least)
{
	struct workshop shop;
	struct nnv_graph *graph, *to;
	long n = 0;

	workshop_open(&shop);
	graph = workshop_load(&shop, json);
	assert_non_null(graph);
	do {
		nnv_diag_init(&shop.diag, NULL);
		graph->arena->failed = false;
		graph->names->failed = false;
		scarce_begin(n++);
		to = pass(graph, which, &shop.diag);
		nnv_graph_free(to);
		assert_true(to != NULL || shop.diag.code == NNV_E_MEMORY);
	} while (scarce_end());
	assert_true(n > least);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

#endif
