/* Rules: what a person's lines mean, and what is said of wrong ones. */
#include <stdio.h>

#include "nnviz/pass.h"

#include "unit.h"
#include "workshop.h"

#define OP(key, op)                                             \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key \
	"\", \"path\": [\"" key "\"], \"op\": \"" op "\"}, "
#define EDGE(src, dst) "[\"" src "\", \"" dst "\", \"" src "\", null]"

/* A convolution, normalised and activated, twice; the second skips. */
static const char net[] =
    "{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\", "
    "\"path\": [\"x\"]}, " OP("c", "Conv") OP("n", "Norm") OP("r",
	"relu") OP("d", "Conv") OP("o", "Norm") OP("s",
	"add") "\"y\": {\"node_type\": \"output\", \"name\": \"y\", \"path\": [\"y\"]}}, "
	       "\"edges\": [" EDGE("x", "c") ", " EDGE("c", "n") ", " EDGE("n",
		   "r") ", " EDGE("r", "d") ", " EDGE("d", "o") ", " EDGE("o",
		   "s") ", " EDGE("r", "s") ", " EDGE("s",
		   "y") "], \"metadata\": {\"title\": \"Net\"}}";

/* The types of what comes out. */
static const struct {
	const char *rules, *types;
} cases[] = {
	{ "", "Conv Norm relu Conv Norm add" },
	{ "# nothing\n\n \t\n", "Conv Norm relu Conv Norm add" },
	{ "fold Conv > Norm as CN", "CN relu CN add" },
	{ "\tfold  Conv > Norm > relu as Block # one\r\n",
	    "Block Conv Norm add" },
	{ "fold Conv > Norm > relu as Block\nfold Conv > Norm as CN",
	    "Block CN add" },
	/* what one took the next leaves alone */
	{ "fold Conv > Norm as CN\nfold Conv > Norm > relu as Block",
	    "CN relu CN add" },
	/* its result goes two ways */
	{ "fold relu > Conv as RC", "Conv Norm relu Conv Norm add" },
	{ "fold Norm > add as NA", "Conv Norm relu Conv NA" },
	{ "fold C* > N* as CN", "CN relu CN add" },
	/* a chain of its own kind: from the first on, what is left stays */
	{ "fold * > * as Two", "Two relu Two add" },
	{ "fold * > * > * as Three", "Three Three" },
	/* beside a rule that matches nothing */
	{ "fold Conf > Norm as X\nfold Conv > Norm as CN", "CN relu CN add" },
	/* a chain of one is another name */
	{ "fold add as sum", "Conv Norm relu Conv Norm sum" },
};

static const char *
types_of(const struct nnv_graph *graph, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t v = 0; v < graph->nnodes && n < size; v++)
		if (graph->nodes[v].kind == NNV_NODE_OP ||
		    graph->nodes[v].kind == NNV_NODE_GROUP)
			n += (size_t)snprintf(buf + n, size - n, "%s%s",
			    n > 0 ? " " : "",
			    workshop_text(graph, graph->nodes[v].op));
	return buf;
}

static void
applies_rules_in_order(void **state)
{
	struct workshop shop;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nnv_graph *graph = workshop_load(&shop, nnv_str(net));
		struct nnv_graph *to;

		assert_non_null(graph);
		to = nnv_pass_rules(graph, nnv_str(cases[i].rules), "my.rules",
		    &shop.diag);
		assert_non_null(to);
		assert_true(workshop_is_sound(to));
		assert_string_equal(types_of(to, buf, sizeof(buf)),
		    cases[i].types);
		nnv_graph_free(to);
		nnv_graph_free(graph);
	}
	workshop_close(&shop);
}

static const struct {
	const char *rules, *first, *second;
} silent[] = {
	{ "fold Conv > Norm as CN", NULL, NULL },
	{ "fold Conf > Norm as CN",
	    "my.rules:1: nothing is of type \"Conf\": nearest is \"Conv\"",
	    NULL },
	{ "\nfold Conv > norm as CN",
	    "my.rules:2: nothing is of type \"norm\": nearest is \"Norm\"",
	    NULL },
	{ "fold Zebra as Z\n# x\nfold Conv > adt as CN",
	    "my.rules:1: nothing is of type \"Zebra\"",
	    "my.rules:3: nothing is of type \"adt\": nearest is \"add\"" },
	{ "fold Norm > Conv as X",
	    "my.rules:1: no such chain is left: each must give all that it "
	    "makes to the next",
	    NULL },
	{ "fold Conv > Norm as CN\nfold Norm > relu as NR",
	    "my.rules:2: no such chain is left: each must give all that it "
	    "makes to the next",
	    NULL },
};

static void
warns_of_what_finds_nothing(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph, *to;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, nnv_str(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(silent) / sizeof(*silent); i++) {
		const char *said[2] = { silent[i].first, silent[i].second };
		size_t n = (said[0] != NULL) + (said[1] != NULL);

		nnv_diag_init(&shop.diag, NULL);
		to = nnv_pass_rules(graph, nnv_str(silent[i].rules), "my.rules",
		    &shop.diag);
		assert_non_null(to);
		assert_int_equal(shop.diag.nwarnings, n);
		for (size_t w = 0; w < n; w++)
			assert_string_equal(shop.diag.warnings[w].text,
			    said[w]);
		nnv_graph_free(to);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

#define FOUR "a > a > a > a > "

static const struct {
	const char *rules, *message;
} wrong[] = {
	{ "fold", "my.rules:1: expected a type at the end of the line" },
	{ "\n\njoin A as B", "my.rules:3: expected \"fold\", found \"join\"" },
	{ "# \xc3\xa4\nfold A as B\xff", "my.rules:2: not UTF-8" },
	{ "fold A B", "my.rules:1: expected \">\" or \"as\", found \"B\"" },
	{ "fold A > # B",
	    "my.rules:1: expected a type at the end of the line" },
	{ "fold A as", "my.rules:1: expected a name at the end of the line" },
	{ "fold A as B C", "my.rules:1: expected nothing more, found \"C\"" },
	{ "fold " FOUR FOUR FOUR FOUR "a as b",
	    "my.rules:1: a chain of more than 16" },
};

static void
refuses_what_is_no_rule(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, nnv_str(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		nnv_diag_init(&shop.diag, NULL);
		assert_null(nnv_pass_rules(graph, nnv_str(wrong[i].rules),
		    "my.rules", &shop.diag));
		assert_int_equal(shop.diag.code, NNV_E_USAGE);
		assert_string_equal(shop.diag.text, wrong[i].message);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

UNIT_MAIN("rules", cmocka_unit_test(applies_rules_in_order),
    cmocka_unit_test(warns_of_what_finds_nothing),
    cmocka_unit_test(refuses_what_is_no_rule))
