/* What the graph tells of itself: modules around modules, lists, dtypes. */
#include <stdio.h>

#include "nnviz/graph.h"

#include "unit.h"
#include "workshop.h"

#define OP(key, path)                                           \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key \
	"\", \"path\": [" path "], \"op\": \"op\"}"

/* Modules a, a.b, a.b.c, a.d and e. */
static const char net[] = "{\"nodes\": {" OP("p",
    "\"a\", \"b\", \"c\", \"p\"") ", " OP("q",
    "\"a\", \"d\", \"q\"") ", " OP("r",
    "\"e\", \"r\"") "}, "
		    "\"edges\": [], \"metadata\": {\"title\": \"Net\"}}";

/* The number of the module of that path. */
static uint32_t
module_of(const struct nnv_graph *graph, const char *path)
{
	uint32_t found = NNV_NONE;

	for (uint32_t m = 0; m < graph->nmodules; m++) {
		struct nnv_text text = NNV_TEXT_EMPTY;

		nnv_module_path(graph, m, &text);
		if (nnv_str_eq(nnv_text_str(&text), nnv_str(path)))
			found = m;
		nnv_text_release(&text);
	}
	assert_int_not_equal(found, NNV_NONE);
	return found;
}

static void
knows_what_is_around(void **state)
{
	static const struct {
		const char *a, *b, *common;
	} cases[] = { { "a.b.c", "a.d", "a" }, { "a.b.c", "a.b", "a.b" },
		{ "a.d", "a.d", "a.d" }, { "a.b.c", "e", "" },
		{ "", "a.b.c", "" }, { "", "", "" } };
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t a = module_of(graph, cases[i].a);
		uint32_t b = module_of(graph, cases[i].b);
		uint32_t common = module_of(graph, cases[i].common);

		assert_int_equal(nnv_module_common(graph, a, b), common);
		assert_int_equal(nnv_module_common(graph, b, a), common);
		assert_true(nnv_module_within(graph, a, common));
		assert_int_equal(nnv_module_within(graph, common, a),
		    a == common);
	}
	assert_false(nnv_module_within(graph, NNV_NONE, 0));
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
sorts_lists(void **state)
{
	uint32_t list[] = { 7, 3, 7, 0, 3, 9, UINT32_MAX };
	static const uint32_t sorted[] = { 0, 3, 7, 9, UINT32_MAX };

	(void)state;
	assert_int_equal(nnv_list_sort(list, 7), 5);
	assert_memory_equal(list, sorted, sizeof(sorted));
	/* twice is once */
	assert_int_equal(nnv_list_sort(list, 5), 5);
	assert_memory_equal(list, sorted, sizeof(sorted));
	assert_int_equal(nnv_list_sort(NULL, 0), 0);
}

static void
shortens_dtypes(void **state)
{
	(void)state;
	assert_true(nnv_str_eq(nnv_dtype_short(NNV_STR("torch.int8")),
	    NNV_STR("int8")));
	assert_true(nnv_str_eq(nnv_dtype_short(NNV_STR("int8")),
	    NNV_STR("int8")));
	assert_null(nnv_dtype_short(nnv_str(NULL)).p);
}

static void
knows_kinds(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	assert_true(nnv_graph_has(graph, NNV_NODE_OP));
	assert_false(nnv_graph_has(graph, NNV_NODE_GROUP));
	nnv_graph_free(graph);
	workshop_close(&shop);
}

#define EDGE(src, dst) "[\"" src "\", \"" dst "\", \"" src "\", null]"

/* p, q and r in a row: a holds the ends, b the middle; c holds all. */
static const char row[] = "{\"nodes\": {" OP("p",
    "\"c\", \"a\", \"p\"") ", " OP("q", "\"c\", \"b\", \"q\"") ", " OP("r",
    "\"c\", \"a\", \"r\"") "}, \"edges\": [" EDGE("p", "q") ", " EDGE("q",
    "r") "], \"metadata\": {\"title\": \"Net\"}}";

static void
finds_rings(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;
	bool rings[4] = { false };

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(row));
	assert_non_null(graph);
	assert_int_equal(graph->nmodules, 4);
	assert_true(nnv_graph_find_rings(graph, 2, rings));
	for (uint32_t m = 0; m < 4; m++)
		assert_int_equal(rings[m], m == module_of(graph, "c.a"));
	/* too large */
	assert_true(nnv_graph_find_rings(graph, 1, rings));
	assert_false(rings[module_of(graph, "c.a")]);
	/* what stands between them gives nothing back */
	graph->edges[1].src = workshop_node(graph, "p");
	assert_true(nnv_graph_find_rings(graph, 2, rings));
	assert_false(rings[module_of(graph, "c.a")]);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

UNIT_MAIN("graph", cmocka_unit_test(finds_rings),
    cmocka_unit_test(knows_what_is_around), cmocka_unit_test(knows_kinds),
    cmocka_unit_test(sorts_lists), cmocka_unit_test(shortens_dtypes))
