/*
 * Views: what a budget opens, what lies between and around, what is merged,
 * rolled and turned into words, and what all of them conserve.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"

#include "starve.h"

#define OP(key, path, op, n)                                                 \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key              \
	"\", \"path\": [" path "], \"op\": \"" op "\", \"n_parameters\": " n \
	"}, "
#define EDGE(src, dst) "[\"" src "\", \"" dst "\", \"" src "\", null]"

/* x -> c -> n -> r -> p -> q -> s -> y with r -> s beside; b holds p and q. */
static const char net[] =
    "{\"nodes\": {\"x\": {\"node_type\": \"input\", "
    "\"name\": \"x\", \"path\": [\"x\"]}, " OP("c", "\"a\", \"c\"", "Conv2d",
	"900") OP("n", "\"a\", \"n\"", "BatchNorm2d", "4") OP("r",
	"\"a\", \"r\"", "reshape", "0") OP("p", "\"b\", \"p\"", "Linear", "90")
	OP("q", "\"b\", \"q\"", "Linear", "6") OP("s", "\"s\"", "add",
	    "0") "\"y\": {\"node_type\": \"output\", "
		 "\"name\": \"y\", \"path\": [\"y\"]}}, "
		 "\"edges\": [" EDGE("x", "c") ", " EDGE("c",
		     "n") ", " EDGE("n", "r") ", " EDGE("r", "p") ", " EDGE("p",
		     "q") ", " EDGE("q", "s") ", " EDGE("r", "s") ", " EDGE("s",
		     "y") "], "
			  "\"metadata\": {\"title\": "
			  "\"Net\"}}";

enum view { BUDGET, FOCUS, MERGE, ROLL, PLUMBING, HIGHLIGHT };

static const struct {
	enum view view;
	uint32_t number; /* of nodes, of hops, per mille */
	const char *from, *to, *around;
	const char *edges;
} cases[] = {
	{ BUDGET, 1, NULL, NULL, NULL, "x>Net Net>y" },
	{ BUDGET, 4, NULL, NULL, NULL, "x>Net Net>y" },
	{ BUDGET, 5, NULL, NULL, NULL, "x>a a>b b>s a>s s>y" },
	{ BUDGET, 6, NULL, NULL, NULL, "x>a a>p p>q q>s a>s s>y" },
	{ BUDGET, 7, NULL, NULL, NULL, "x>c c>n n>r r>b b>s r>s s>y" },
	{ BUDGET, 8, NULL, NULL, NULL, "x>c c>n n>r r>p p>q q>s r>s s>y" },
	{ FOCUS, 0, "a.r", NULL, NULL, "from n>r r>p p>q q>s r>s s>y" },
	{ FOCUS, 0, NULL, "a.n", NULL, "x>c c>n n>to r" },
	{ FOCUS, 0, "b", "b", NULL, "from a>p p>q q>to s" },
	{ FOCUS, 0, "type:BatchNorm*", "b.p", NULL,
	    "from c>n n>r r>p p>to q r>to s" },
	{ FOCUS, 0, NULL, NULL, "b.q", "from p>q q>to s" },
	{ FOCUS, 1, NULL, NULL, "b.q", "from a>p p>q q>s from a>s s>y" },
	{ MERGE, 10, NULL, NULL, NULL, "x>c c>p p>s c>s s>y" },
	{ MERGE, 0, NULL, NULL, NULL, "x>c c>n n>p p>q q>s n>s s>y" },
	{ MERGE, 1000, NULL, NULL, NULL, "x>c c>p p>s c>s s>y" },
	{ PLUMBING, 0, NULL, NULL, NULL, "x>c c>n n>p p>q q>s n>s s>y" },
	{ ROLL, 0, NULL, NULL, NULL, "x>c c>n n>r r>p p>q q>s r>s s>y" },
	{ HIGHLIGHT, 0, "b.q", NULL, NULL, "x>c c>n n>r r>p p>q q>s r>s s>y" },
};

static struct nnv_graph *
view(const struct nnv_graph *graph, size_t i, struct nnv_diag *diag)
{
	struct nnv_collapse budget = {
		.depth = -1, .most = cases[i].number, NULL
	};
	struct nnv_focus focus = { cases[i].from, cases[i].to, cases[i].around,
		cases[i].number, NULL };
	struct nnv_str from = nnv_str(cases[i].from);

	switch (cases[i].view) {
	case BUDGET:
		return nnv_pass_collapse(graph, &budget, diag);
	case FOCUS:
		return nnv_pass_focus(graph, &focus, diag);
	case MERGE:
		return nnv_pass_merge(graph, cases[i].number / 1000.0, diag);
	case ROLL:
		return nnv_pass_roll(graph, diag);
	case PLUMBING:
		return nnv_pass_plumbing(graph, diag);
	default:
		return nnv_pass_highlight(graph, NULL, &from, 1, diag);
	}
}

static void
shows_what_is_asked(void **state)
{
	struct nnv_param_sum sum;
	struct workshop shop;
	struct nnv_graph *graph, *drawn;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		drawn = view(graph, i, &shop.diag);
		assert_non_null(drawn);
		assert_true(workshop_is_sound(drawn));
		assert_string_equal(workshop_edges(drawn, buf, sizeof(buf)),
		    cases[i].edges);
		assert_true(nnv_graph_params(drawn, &sum));
		assert_true(cases[i].view == FOCUS || sum.parameters == 1000);
		nnv_graph_free(drawn);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
survives_lack_of_memory(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		starve(view, i, NNV_STR(net), 10);
}

/* What is lit leads to the place or comes from it; the rest is pale. */
static void
lights_the_way(void **state)
{
	struct nnv_str place = NNV_STR("b.p");
	struct workshop shop;
	struct nnv_graph *graph, *lit;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	lit = nnv_pass_highlight(graph, NULL, &place, 1, &shop.diag);
	for (uint32_t v = 0; v < lit->nnodes; v++)
		assert_false(lit->nodes[v].faded);
	nnv_graph_free(lit);
	/* A second branch: y takes what r made, too. */
	graph->edges[6].dst = workshop_node(graph, "y");
	lit = nnv_pass_highlight(graph, NULL, &place, 1, &shop.diag);
	assert_false(lit->nodes[workshop_node(lit, "s")].faded);
	nnv_graph_free(lit);
	place = NNV_STR("s");
	graph->edges[5].dst = workshop_node(graph, "y");
	lit = nnv_pass_highlight(graph, NULL, &place, 1, &shop.diag);
	assert_true(lit->nodes[workshop_node(lit, "p")].faded);
	assert_false(lit->nodes[workshop_node(lit, "y")].faded);
	nnv_graph_free(lit);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* A box tells what joined it in one list, which is saved as one. */
static void
lists_what_it_merges(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph, *merged;
	struct nnv_node *node;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	merged = nnv_pass_merge(graph, 0.01, &shop.diag);
	assert_non_null(merged);
	node = &merged->nodes[workshop_node(merged, "c")];
	assert_int_equal(node->nhypers, 1);
	assert_true(nnv_str_eq(nnv_node_hyper(merged, node, "merged"),
	    NNV_STR("+ BatchNorm2d + reshape")));
	nnv_graph_free(merged);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
refuses_unknown_places(void **state)
{
	struct nnv_focus nowhere = { .from = "b.r" };
	struct nnv_focus backwards = { .from = "b", .to = "a" };
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_null(nnv_pass_focus(graph, &nowhere, &shop.diag));
	assert_int_equal(shop.diag.code, NNV_E_USAGE);
	assert_non_null(strstr(shop.diag.text, "nothing is called \"b.r\""));
	nnv_diag_init(&shop.diag, NULL);
	assert_null(nnv_pass_focus(graph, &backwards, &shop.diag));
	assert_non_null(strstr(shop.diag.text, "nothing lies between"));
	nnv_graph_free(graph);
	workshop_close(&shop);
}

UNIT_MAIN("views", cmocka_unit_test(shows_what_is_asked),
    cmocka_unit_test(lights_the_way), cmocka_unit_test(lists_what_it_merges),
    cmocka_unit_test(refuses_unknown_places),
    cmocka_unit_test(survives_lack_of_memory))
