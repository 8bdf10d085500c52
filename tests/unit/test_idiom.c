/*
 * Idioms: what a term means, and what keeps ops from being one.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"

#include "net.h"
#include "starve.h"

#define OP(key, path, op)                                       \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key \
	"\", \"path\": [" path "\"" key "\"], \"op\": \"" op "\"}, "

/* x - max - log(sum(exp(x - max))): its ops, and all arrows but those into r */
#define LOG_SOFTMAX                    \
	OP("m", "", "reduce.maximum")  \
	OP("b", "", "broadcast_to")    \
	OP("s", "", "binary.subtract") \
	OP("e", "", "unary.exp")       \
	OP("a", "", "reduce.add")      \
	OP("l", "", "unary.log")       \
	OP("c", "", "broadcast_to") OP("r", "", "binary.subtract")
#define LOGITS                                                                 \
	EDGE("x", "m", "2, 8")                                                 \
	", " EDGE("m", "b", "2, 1") ", " EDGE("x", "s", "2, 8") ", " EDGE("b", \
	    "s", "2, 8") ", " EDGE("s", "e", "2, 8") ", " EDGE("e", "a",       \
	    "2, 8") ", " EDGE("a", "l", "2, 1") ", " EDGE("l", "c", "2, 1")
#define PRODUCT                     \
	OP("b", "", "broadcast_to") \
	OP("c", "", "broadcast_to") \
	OP("m", "", "binary.multiply") OP("s", "", "reduce.add")
#define TIMES(product, sum)                              \
	EDGE("b", "m", product)                          \
	", " EDGE("c", "m", product) ", " EDGE("m", "s", \
	    product) ", " EDGE("s", "y", sum)

/* What each becomes. */
static const struct {
	const char *net, *nodes, *edges;
} cases[] = {
	/* relu */
	{ NET(OP("g", "", "binary.greater") OP("t", "", "ternary"),
	      EDGE("x", "g", "2") ", " EDGE("g", "t", "2") ", " EDGE("x", "t",
		  "2") ", " EDGE("t", "y", "2")),
	    "x relu y", "x>relu relu>y" },
	/* the comparison is used elsewhere too */
	{ NET(OP("g", "", "binary.greater") OP("t", "", "ternary"),
	      EDGE("x", "g", "2") ", " EDGE("g", "t", "2") ", " EDGE("x", "t",
		  "2") ", " EDGE("t", "y", "2") ", " EDGE("g", "y", "2")),
	    "x g t y", "x>g g>t x>t t>y g>y" },
	/* it compares something else */
	{ NET(OP("h", "", "h") OP("g", "", "binary.greater")
		  OP("t", "", "ternary"),
	      EDGE("x", "h", "2") ", " EDGE("h", "g", "2") ", " EDGE("g", "t",
		  "2") ", " EDGE("x", "t", "2") ", " EDGE("t", "y", "2")),
	    "x h g t y", "x>h h>g g>t x>t t>y" },
	/* in two modules */
	{ NET(OP("g", "\"a\", ", "binary.greater") OP("t", "", "ternary"),
	      EDGE("x", "g", "2") ", " EDGE("g", "t", "2") ", " EDGE("x", "t",
		  "2") ", " EDGE("t", "y", "2")),
	    "x g t y", "x>g g>t x>t t>y" },
	/* operands in either order */
	{ NET(OP("s", "", "unary.sigmoid") OP("m", "", "binary.multiply"),
	      EDGE("x", "s", "2") ", " EDGE("s", "m", "2") ", " EDGE("x", "m",
		  "2") ", " EDGE("m", "y", "2")),
	    "x silu y", "x>silu silu>y" },
	/* x * x is no silu, and no mean square error */
	{ NET(OP("m", "", "binary.multiply"),
	      EDGE("x", "m", "2") ", " EDGE("x", "m", "2") ", " EDGE("m", "y",
		  "2")),
	    "x m y", "x>m x>m m>y" },
	/* pieces that fill the result */
	{ NET(OP("a", "", "setitem") OP("b", "", "setitem"),
	      EDGE("x", "a", "2, 1") ", " EDGE("a", "b", "2, 2") ", " EDGE("x",
		  "b", "2, 1") ", " EDGE("b", "y", "2, 2")),
	    "x concat y", "x>concat concat>y" },
	/* and that leave a gap */
	{ NET(OP("a", "", "setitem") OP("b", "", "setitem"),
	      EDGE("x", "a", "2, 1") ", " EDGE("a", "b", "2, 3") ", " EDGE("x",
		  "b", "2, 1") ", " EDGE("b", "y", "2, 3")),
	    "x a b y", "x>a a>b x>b b>y" },
	/* pieces of one tensor, the second got from what the first handed on */
	{ NET(OP("a", "", "getitem") OP("b", "", "getitem")
		  OP("p", "", "binary.add"),
	      EDGE("x", "a", "4") ", " EDGE("a", "p",
		  "2") ", "
		       "[\"a\", \"b\", "
		       "\"rest\", {\"spec_type\": \"tensor\", \"shape\": [4], "
		       "\"dtype\": \"float32\"}], " EDGE("b", "p",
			   "2") ", " EDGE("p", "y", "2")),
	    "x split p y", "x>split split>p split>p p>y" },
	/* the log of the softmax of x */
	{ NET(LOG_SOFTMAX,
	      LOGITS ", " EDGE("s", "r", "2, 8") ", " EDGE("c", "r",
		  "2, 8") ", " EDGE("r", "y", "2, 8")),
	    "x log_softmax y", "x>log_softmax log_softmax>y" },
	/* the other way round it is the negative of one */
	{ NET(LOG_SOFTMAX,
	      LOGITS ", " EDGE("c", "r", "2, 8") ", " EDGE("s", "r",
		  "2, 8") ", " EDGE("r", "y", "2, 8")),
	    "x m b s e a l c r y",
	    "x>m m>b x>s b>s s>e e>a a>l l>c c>r s>r r>y" },
	/* 1 / (1 + exp(-x)) */
	{ NET(OP("n", "", "unary.negative") OP("e", "", "unary.exp")
		  OP("p", "", "binary.add") OP("d", "", "binary.divide"),
	      EDGE("x", "n", "2") ", " EDGE("n", "e", "2") ", " EDGE("e", "p",
		  "2") ", " EDGE("p", "d", "2") ", " EDGE("d", "y", "2")),
	    "x sigmoid y", "x>sigmoid sigmoid>y" },
	/* without the sign it is none */
	{ NET(OP("e", "", "unary.exp") OP("p", "", "binary.add")
		  OP("d", "", "binary.divide"),
	      EDGE("x", "e", "2") ", " EDGE("e", "p", "2") ", " EDGE("p", "d",
		  "2") ", " EDGE("d", "y", "2")),
	    "x e p d y", "x>e e>p p>d d>y" },
	/* [5, 2, 3] by [5, 3, 4] */
	{ NET(OP("v", "", "v") PRODUCT,
	      EDGE("x", "v", "5, 2, 3") ", " EDGE("x", "b",
		  "5, 2, 3") ", " EDGE("v", "c",
		  "5, 3, 4") ", " TIMES("5, 2, 4, 3", "5, 2, 4")),
	    "x v bmm y", "x>v x>bmm v>bmm bmm>y" },
	/* [2, 3] by [3, 4] */
	{ NET(OP("v", "", "v") PRODUCT,
	      EDGE("x", "v", "2, 3") ", " EDGE("x", "b", "2, 3") ", " EDGE("v",
		  "c", "3, 4") ", " TIMES("2, 4, 3", "2, 4")),
	    "x v matmul y", "x>v x>matmul v>matmul matmul>y" },
	/* a sum over two axes is neither */
	{ NET(OP("v", "", "v") PRODUCT,
	      EDGE("x", "v", "5, 2, 3") ", " EDGE("x", "b",
		  "5, 2, 3") ", " EDGE("v", "c",
		  "5, 3, 4") ", " TIMES("5, 2, 4, 3", "5, 2")),
	    "x v b c m s y", "x>v x>b v>c b>m c>m m>s s>y" },
};

static void
finds_what_terms_say(void **state)
{
	struct workshop shop;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct nnv_graph *graph = workshop_load(&shop,
				     nnv_str(cases[i].net)),
				 *ideas;

		assert_non_null(graph);
		ideas = nnv_pass_idioms(graph, &shop.diag);
		assert_non_null(ideas);
		assert_true(workshop_is_sound(ideas));
		assert_string_equal(workshop_nodes(ideas, buf, sizeof(buf)),
		    cases[i].nodes);
		assert_string_equal(workshop_edges(ideas, buf, sizeof(buf)),
		    cases[i].edges);
		nnv_graph_free(ideas);
		nnv_graph_free(graph);
	}
	workshop_close(&shop);
}

/* What has nothing in it that a pass looks for is not copied. */
static void
shares_what_has_none(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph, *ideas, *laid;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop,
	    NNV_STR(NET(OP("m", "", "binary.multiply"),
		EDGE("x", "m", "2") ", " EDGE("m", "y", "2"))));
	assert_non_null(graph);
	ideas = nnv_pass_idioms(graph, &shop.diag);
	assert_ptr_equal(ideas, graph);
	laid = nnv_pass_plumbing(ideas, &shop.diag);
	assert_ptr_equal(laid, graph);
	nnv_graph_free(ideas);
	nnv_graph_free(laid);
	assert_true(workshop_is_sound(graph));
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static struct nnv_graph *
find_idioms(const struct nnv_graph *graph, size_t unused, struct nnv_diag *diag)
{
	(void)unused;
	return nnv_pass_idioms(graph, diag);
}

static void
survives_lack_of_memory(void **state)
{
	(void)state;
	starve(find_idioms, 0, nnv_str(cases[8].net), 20);
}

UNIT_MAIN("idiom", cmocka_unit_test(finds_what_terms_say),
    cmocka_unit_test(shares_what_has_none),
    cmocka_unit_test(survives_lack_of_memory))
