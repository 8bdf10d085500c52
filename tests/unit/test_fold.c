/*
 * Fold: what is a run, what ends one, and what is said of it.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"

#include "net.h"
#include "starve.h"

/* A node in a block of its own. */
#define OP(key, block, op)                                                 \
	"\"" key                                                           \
	"\": {\"node_type\": \"op\", \"name\": \"f\", \"path\": [\"" block \
	"\", \"f\"], \"op\": \"" op "\"}, "
#define CALL(key, block, arg)                                              \
	"\"" key                                                           \
	"\": {\"node_type\": \"op\", \"name\": \"f\", \"path\": [\"" block \
	"\", \"f\"], \"op\": \"roll\", \"const_args\": [" arg "]}, "
#define CHAIN(a, b, c) OP("a", "b0", a) OP("b", "b1", b) OP("c", "b2", c)
#define ROW(w, x, y, z)   \
	EDGE("x", "a", w) \
	", " EDGE("a", "b", x) ", " EDGE("b", "c", y) ", " EDGE("c", "y", z)
#define ROW2(x, y, z)                                                          \
	EDGE("x", "a", "2, 4")                                                 \
	", " EDGE("a", "a2", x) ", " EDGE("a2", "b", x) ", " EDGE("b", "b2",   \
	    y) ", " EDGE("b2", "c", y) ", " EDGE("c", "c2", z) ", " EDGE("c2", \
	    "y", z)
#define GROWS NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 8", "2, 16", "2, 32"))

/* What each becomes; NAME, COUNT and DIFFERS: of the block of node FACE. */
static const struct {
	const char *net;
	struct nnv_fold what;
	const char *nodes, *edges, *face, *name;
	uint32_t repeat;
	const char *differs;
} cases[] = {
	/* a row of three */
	{ NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 3, false }, "x a y", "x>a a>y", "a", "b[0-2]", 3, "-" },
	/* too short */
	{ NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 4, false }, "x a b c y", "x>a a>b b>c c>y", "a", "b0", 0, "-" },
	/* an odd one ends the run */
	{ NET(CHAIN("f", "f", "g"), ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 2, false }, "x a c y", "x>a a>c c>y", "a", "b[0-1]", 2, "-" },
	{ NET(CHAIN("f", "f", "g"), ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 2, true }, "x a c y", "x>a a>c c>y", "a", "b[0-1]", 2, "-" },
	/* what is used elsewhere too is no link of a chain */
	{ NET(CHAIN("f", "f", "f"),
	      ROW("2, 4", "2, 4", "2, 4", "2, 4") ", " EDGE("a", "y", "2, 4")),
	    { 2, false }, "x a b y", "x>a a>b b>y a>y", "b", "b[1-2]", 2, "-" },
	/* abreast */
	{ NET(OP("a", "b0", "f") OP("b", "b1", "f") OP("s", "s", "add"),
	      EDGE("x", "a", "4") ", " EDGE("x", "b", "4") ", " EDGE("a", "s",
		  "4") ", " EDGE("b", "s", "4") ", " EDGE("s", "y", "4")),
	    { 2, false }, "x a s y", "x>a a>s s>y", "a", "b[0-1]", 2, "-" },
	/* abreast, but of other shapes: one arrow cannot stand for both */
	{ NET(OP("a", "b0", "f") OP("b", "b1", "f") OP("s", "s", "add"),
	      EDGE("x", "a", "4") ", " EDGE("x", "b", "4") ", " EDGE("a", "s",
		  "4") ", " EDGE("b", "s", "8") ", " EDGE("s", "y", "4")),
	    { 2, true }, "x a b s y", "x>a x>b a>s b>s s>y", "a", "b0", 0,
	    "-" },
	/* one that grows is not alike, but similar */
	{ GROWS, { 2, false }, "x a b c y", "x>a a>b b>c c>y", "a", "b0", 0,
	    "-" },
	{ GROWS, { 2, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "features 8\xe2\x86\x92"
	    "32" },
	/* planes; and those whose number of axes differs are not even that */
	{ NET(CHAIN("f", "f", "f"),
	      ROW("1, 3, 8, 8", "1, 4, 8, 8", "1, 8, 4, 4", "1, 16, 2, 2")),
	    { 2, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "channels 4\xe2\x86\x92"
	    "16, 8\xc3\x97"
	    "8\xe2\x86\x92"
	    "2\xc3\x97"
	    "2" },
	{ NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 4", "8", "8")), { 2, true },
	    "x a b c y", "x>a a>b b>c c>y", "a", "b0", 0, "-" },
	/* arguments */
	{ NET(CALL("a", "b0", "1") CALL("b", "b1", "2") CALL("c", "b2", "3"),
	      ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 3, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "roll 1 \xe2\x80\xa6 3" },
	/* what goes to and fro: the least and the greatest, as they come */
	{ NET(CALL("a", "b0", "2") CALL("b", "b1", "3") CALL("c", "b2", "1"),
	      ROW("2, 4", "2, 4", "2, 4", "2, 4")),
	    { 3, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "roll 3 \xe2\x80\xa6 1" },
	{ NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 4", "2, 8", "2, 4")),
	    { 3, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "features 4 \xe2\x80\xa6 8" },
	/* one number goes to and fro, another one does not */
	{ NET(CHAIN("f", "f", "f"),
	      ROW("1, 3, 8, 8", "1, 8, 8, 8", "1, 4, 4, 4", "1, 6, 2, 2")),
	    { 2, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "channels 8 \xe2\x80\xa6 6, 8\xc3\x97"
	    "8 \xe2\x80\xa6 2\xc3\x97"
	    "2" },
	{ NET(CHAIN("f", "f", "f"), ROW("2, 4", "2, 8", "2, 2", "2, 4")),
	    { 3, true }, "x a y", "x>a a>y", "a", "b[0-2]", 3,
	    "features 8 \xe2\x80\xa6 2" },
};

static void
folds_runs(void **state)
{
	struct workshop shop;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nnv_graph *graph = workshop_load(&shop,
				     nnv_str(cases[i].net)),
				 *to;
		const struct nnv_module *block;

		assert_non_null(graph);
		to = nnv_pass_fold(graph, &cases[i].what, &shop.diag);
		assert_non_null(to);
		assert_true(workshop_is_sound(to));
		assert_string_equal(workshop_nodes(to, buf, sizeof(buf)),
		    cases[i].nodes);
		assert_string_equal(workshop_edges(to, buf, sizeof(buf)),
		    cases[i].edges);
		block = &to->modules[to->nodes[workshop_node(to, cases[i].face)]
					 .module];
		assert_string_equal(workshop_text(to, block->name),
		    cases[i].name);
		assert_int_equal(block->repeat, cases[i].repeat);
		assert_string_equal(workshop_text(to, block->differs),
		    cases[i].differs);
		nnv_graph_free(to);
		nnv_graph_free(graph);
	}
	workshop_close(&shop);
}

/* What enters is the first one's, what leaves the last one's. */
static void
keeps_both_ends(void **state)
{
	struct nnv_fold what = { 2, true };
	struct workshop shop;
	struct nnv_graph *graph, *to;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(GROWS));
	assert_non_null(graph);
	to = nnv_pass_fold(graph, &what, &shop.diag);
	assert_non_null(to);
	assert_int_equal(to->nedges, 2);
	assert_int_equal(to->tensors[to->edges[0].tensor].spec->shape[1], 4);
	assert_int_equal(to->tensors[to->edges[1].tensor].spec->shape[1], 32);
	assert_int_equal(to->hidden[NNV_HIDDEN_REPEATED], 2);
	nnv_graph_free(to);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

#define TWO(key, block)                                                     \
	OP(key, block, "f")                                                 \
	"\"" key                                                            \
	"2\": {\"node_type\": \"op\", \"name\": \"g\", \"path\": [\"" block \
	"\", \"g\"], \"op\": \"g\"}, "

/* What flows inside of a row that grows is as wide as in all of its parts; in
 * one that comes back it is said even of what leaves as it entered. */
static void
tells_both_shapes(void **state)
{
	static const struct {
		const char *net;
		int64_t first, last, leaves;
	} rows[] = {
		{ NET(TWO("a", "b0") TWO("b", "b1") TWO("c", "b2"),
		      ROW2("2, 8", "2, 16", "2, 32")),
		    8, 32, 32 },
		{ NET(TWO("a", "b0") TWO("b", "b1") TWO("c", "b2"),
		      ROW2("2, 8", "2, 32", "2, 8")),
		    8, 32, 8 },
	};
	struct nnv_fold what = { 2, true };
	struct workshop shop;

	(void)state;
	workshop_open(&shop);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct nnv_graph *graph = workshop_load(&shop,
				     nnv_str(rows[i].net)),
				 *to;
		const struct nnv_spec *inside, *out;
		char buf[256];

		assert_non_null(graph);
		to = nnv_pass_fold(graph, &what, &shop.diag);
		assert_non_null(to);
		assert_true(workshop_is_sound(to));
		assert_string_equal(workshop_edges(to, buf, sizeof(buf)),
		    "x>a a>a2 a2>y");
		inside = to->tensors[to->edges[1].tensor].spec;
		assert_int_equal(inside->shape[1], rows[i].first);
		assert_non_null(inside->last);
		assert_int_equal(inside->last[1], rows[i].last);
		assert_int_equal(nnv_spec_elements(inside), NNV_UNKNOWN);
		out = to->tensors[to->edges[2].tensor].spec;
		assert_int_equal(out->shape[1], rows[i].leaves);
		assert_null(out->last);
		nnv_graph_free(to);
		nnv_graph_free(graph);
	}
	workshop_close(&shop);
}

static struct nnv_graph *
fold_similar(const struct nnv_graph *graph, size_t least, struct nnv_diag *diag)
{
	struct nnv_fold what = { (uint32_t)least, true };

	return nnv_pass_fold(graph, &what, diag);
}

static void
survives_lack_of_memory(void **state)
{
	(void)state;
	starve(fold_similar, 2, NNV_STR(GROWS), 20);
}

UNIT_MAIN("fold", cmocka_unit_test(folds_runs),
    cmocka_unit_test(keeps_both_ends), cmocka_unit_test(tells_both_shapes),
    cmocka_unit_test(survives_lack_of_memory))
