/*
 * Phases side by side: whose gradients are whose, what they cost and give, what
 * is left of one phase alone; copies of modules; and which step of several is
 * drawn.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"
#include "pass/mirror.h"

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

#define BOTH (1u << NNV_FORWARD | 1u << NNV_BACKWARD)

#define NODE(key, module, path, rest)                                        \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key "\", "       \
	"\"op\": \"o\", \"module\": " module ", \"path\": [" path ", \"" key \
	"\"]" rest "}"
#define FORE(key, module)                       \
	NODE(key, module, "\"forward\", \"f\"", \
	    ", \"macs\": 0, \"parameters\": [0]")
#define BACK(key, module, path, rest)                   \
	NODE(key, module, "\"backward\", \"" path "\"", \
	    ", \"phase\": \"backward\"" rest)
#define SPEC "{\"spec_type\": \"tensor\", \"shape\": [3], \"dtype\": \"int8\"}"
#define EDGE(src, dst, key) "[\"" src "\", \"" dst "\", \"" key "\", " SPEC "]"
#define LOOSE(number, producer)                                     \
	"{\"tensor\": " number ", \"producer\": \"" producer "\", " \
	"\"key\": \"t" number "\", \"spec\": " SPEC "}"
#define MODULE(key, parent, name, rest) \
	"\"" key "\": {\"parent\": " parent ", \"name\": \"" name "\"" rest "}"
#define CALLED(n) ", \"type\": \"F\", \"call\": " n ", \"ncalls\": 2"
#define GRADIENT ", \"phase\": \"backward\""
#define AND ", "

/*
 * A layer f that is called twice, and its gradients: of the second call's by
 * the recording, of the first call's by path alone. The gradient "l" is of a
 * loss that is not here. Call 1 keeps a tensor for the backward pass, and makes
 * one that nothing takes.
 */
static const char passes[] =
    /* clang-format off */
    "{\"nnviz_c\": {\"schema\": 1, \"level\": \"trace\", "
    "\"counts\": {\"tensors\": 9}}, "
    "\"modules\": {\"\": {\"name\": \"net\", \"type\": \"Net\"}, "
    /* 1 to 3 */
    MODULE("forward", "0", "forward", ", \"is_phase\": true") AND
    MODULE("f", "1", "f", CALLED("1")) AND
    MODULE("f#2", "1", "f", CALLED("2")) AND
    /* 4 to 7 */
    MODULE("backward", "0", "backward", ", \"is_phase\": true" GRADIENT) AND
    MODULE("b", "4", "f", CALLED("1") GRADIENT) AND
    MODULE("b#2", "4", "f", CALLED("2") GRADIENT) AND
    MODULE("loss", "4", "loss", GRADIENT)
    "}, \"parameters\": [{\"count\": 5}], "
    "\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\"}, "
    "\"y\": {\"node_type\": \"output\", \"name\": \"y\"}, "
    FORE("p", "2") AND
    FORE("q", "3") AND
    BACK("l", "7", "loss", ", \"macs\": 7") AND
    BACK("dq", "6", "f",
	", \"macs\": 20, \"grad_of\": \"q\", \"parameters\": [0]") AND
    BACK("dp", "5", "f", ", \"macs\": 10, \"parameters\": [0]")
    "}, \"edges\": ["
    EDGE("x", "p", "x") AND EDGE("p", "q", "p") AND
    EDGE("p", "dp", "kept") AND EDGE("l", "dq", "l") AND
    EDGE("dq", "dp", "dq") AND EDGE("q", "y", "q")
    "], \"tensors\": ["
    LOOSE("6", "dp") AND LOOSE("7", "p") AND LOOSE("8", "dp")
    "]}";
/* clang-format on */

static const struct nnv_node *
node(const struct nnv_graph *graph, const char *key)
{
	uint32_t v = workshop_node(graph, key);

	assert_int_not_equal(v, NNV_NONE);
	return &graph->nodes[v];
}

static void
ties_gradients(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole, *tied;

	(void)state;
	workshop_open(&shop);
	whole = workshop_load(&shop, NNV_STR(passes));
	assert_non_null(whole);
	tied = nnv_pass_gradients(whole, &shop.diag);
	assert_non_null(tied);
	assert_true(workshop_is_sound(tied));
	/* by the recording, and by path and call */
	assert_int_equal(node(tied, "dq")->grad_of, workshop_node(tied, "q"));
	assert_int_equal(node(tied, "dp")->grad_of, workshop_node(tied, "p"));
	assert_int_equal(node(tied, "p")->cost.backward_macs, 10);
	assert_int_equal(node(tied, "q")->cost.backward_macs, 20);
	/* what belongs to nothing is its own */
	assert_int_equal(node(tied, "l")->grad_of, NNV_NONE);
	assert_int_equal(node(tied, "l")->cost.backward_macs, 7);
	assert_int_equal(node(tied, "dp")->cost.backward_macs, NNV_UNKNOWN);
	/* parameters are those of the layers */
	assert_int_equal(node(tied, "dq")->nparams, 0);
	assert_int_equal(node(tied, "q")->nparams, 1);
	nnv_graph_free(tied);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

/* However it is folded, the sum is that of the backward pass. */
static void
conserves_gradients(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole, *tied;

	(void)state;
	workshop_open(&shop);
	whole = workshop_load(&shop, NNV_STR(passes));
	tied = nnv_pass_gradients(whole, &shop.diag);
	assert_non_null(tied);
	for (int depth = -1; depth <= 1; depth++) {
		struct nnv_collapse what = { .depth = depth };
		struct nnv_graph *groups = nnv_pass_collapse(tied, &what,
		    &shop.diag);
		struct nnv_totals totals;

		assert_non_null(groups);
		assert_true(nnv_graph_totals(groups, &totals));
		assert_int_equal(totals.backward_macs.known, 37);
		assert_int_equal(totals.macs.known, 37);
		/* the phases are a box each, not one */
		if (depth == 0)
			assert_int_equal(groups->nnodes, 4);
		nnv_graph_free(groups);
	}
	nnv_graph_free(tied);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

static void
leaves_one_phase(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole, *only;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	whole = workshop_load(&shop, NNV_STR(passes));
	only = nnv_pass_only(whole, 1u << NNV_BACKWARD, &shop.diag);
	assert_non_null(only);
	assert_true(workshop_is_sound(only));
	assert_string_equal(workshop_nodes(only, buf, sizeof(buf)), "l dq dp");
	assert_string_equal(workshop_edges(only, buf, sizeof(buf)),
	    "l>dq dq>dp");
	assert_int_equal(node(only, "dq")->grad_of, NNV_NONE);
	/* the phase is no component of a path any more */
	assert_int_equal(nnv_module_depth(only, node(only, "dq")->module), 1);
	nnv_graph_free(only);
	only = nnv_pass_only(whole, BOTH, &shop.diag);
	assert_int_equal(only->nnodes, whole->nnodes);
	assert_int_equal(only->ntensors, whole->ntensors);
	assert_int_equal(nnv_module_depth(only, node(only, "dq")->module), 2);
	nnv_graph_free(only);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

static void
tells_what_leaves(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole, *groups;
	struct nnv_collapse what = { .depth = 0 };
	struct nnv_totals totals;

	(void)state;
	workshop_open(&shop);
	whole = workshop_load(&shop, NNV_STR(passes));
	assert_true(nnv_graph_find_outputs(whole, true));
	/* neither what is kept nor a by-product */
	assert_int_equal(node(whole, "p")->cost.output_elements, 3);
	assert_int_equal(node(whole, "p")->cost.output_bytes, 3);
	/* two gradients of parameters, which nothing here takes */
	assert_int_equal(node(whole, "dp")->cost.output_bytes, 6);
	assert_true(nnv_graph_totals(whole, &totals));
	assert_int_equal(totals.output_bytes.known, 9);
	groups = nnv_pass_collapse(whole, &what, &shop.diag);
	assert_true(nnv_graph_find_outputs(groups, false));
	assert_int_equal(node(groups, "forward")->cost.output_bytes, 3);
	assert_int_equal(node(groups, "backward")->cost.output_bytes, 6);
	assert_true(nnv_graph_totals(groups, &totals));
	assert_int_equal(totals.output_bytes.known, 9);
	nnv_graph_free(groups);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

static void
copies_modules_once(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;
	struct nnv_mirror mirror;
	uint32_t n, copy;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(passes));
	n = graph->nmodules;
	assert_int_equal(nnv_phase_module(graph, 3), 1);
	assert_int_equal(nnv_phase_module(graph, 4), 4);
	assert_int_equal(nnv_phase_module(graph, 0), 0);
	nnv_mirror_init(&mirror, graph, true);
	/* the model and what stands for a phase are no modules to copy */
	assert_int_equal(nnv_mirror_copy(&mirror, 4, 0), 4);
	assert_int_equal(nnv_mirror_copy(&mirror, 4, 1), 4);
	copy = nnv_mirror_copy(&mirror, 4, 3);
	assert_int_equal(copy, n);
	assert_int_equal(graph->modules[copy].parent, 4);
	assert_int_equal(graph->modules[copy].phase, NNV_BACKWARD);
	assert_int_equal(graph->modules[copy].call, 2);
	assert_int_equal(nnv_mirror_copy(&mirror, 4, 3), copy);
	assert_int_equal(graph->nmodules, n + 1);
	/* below another module it is another copy; the first call one more */
	assert_int_equal(nnv_mirror_copy(&mirror, 7, 3), n + 1);
	assert_int_equal(nnv_mirror_copy(&mirror, 4, 2), n + 2);
	assert_false(mirror.failed);
	nnv_mirror_release(&mirror);
	/* updates belong to parameters, not to calls */
	nnv_mirror_init(&mirror, graph, false);
	copy = nnv_mirror_copy(&mirror, 4, 3);
	assert_int_equal(graph->modules[copy].call, 0);
	assert_int_equal(graph->modules[copy].ncalls, 0);
	nnv_mirror_release(&mirror);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

#define CALL(key, n)            \
	MODULE(key, "0", "net", \
	    ", \"type\": \"Net\", \"call\": " n ", \"ncalls\": 3")
#define STEP(n, does)                                                      \
	"\"f" n "\": {\"node_type\": \"op\", \"name\": \"f\", \"path\": [" \
	"\"net\", \"f" n "\"], \"module\": " n ", \"op\": \"" does "\"}, " \
	"\"u" n "\": {\"node_type\": \"op\", \"name\": \"u\", \"path\": [" \
	"\"u" n "\"], \"module\": 0, \"op\": \"sgd\", "                    \
	"\"phase\": \"optimizer\"}"

/* Three steps of a loop, and what the third one does. */
/* clang-format off */
#define LOOP(does)                                                            \
	"{\"nnviz_c\": {\"schema\": 1, \"level\": \"ops\", "                  \
	"\"counts\": {\"tensors\": 3}}, "                                     \
	"\"modules\": {\"\": {\"name\": \"net\", \"type\": \"Net\"}, "        \
	CALL("net", "1") AND CALL("net#2", "2") AND CALL("net#3", "3")        \
	"}, \"parameters\": [], \"nodes\": {"                                 \
	STEP("1", "a") AND STEP("2", "a") AND STEP("3", does)                 \
	"}, \"edges\": [" EDGE("f1", "u1", "a") AND EDGE("f2", "u2", "b") AND \
	EDGE("f3", "u3", "c") "]}"
/* clang-format on */

static const char *
step(struct workshop *shop, struct nnv_str json, int wanted, char *buf,
    size_t size)
{
	struct nnv_graph *whole = workshop_load(shop, json), *some;

	assert_non_null(whole);
	some = nnv_pass_steps(whole, wanted, &shop->diag);
	buf[0] = '\0';
	if (some != NULL) {
		assert_true(workshop_is_sound(some));
		workshop_nodes(some, buf, size);
		snprintf(buf + strlen(buf), size - strlen(buf), " of %u",
		    some->nsteps);
	}
	nnv_graph_free(some);
	nnv_graph_free(whole);
	return buf;
}

static void
chooses_a_step(void **state)
{
	static const struct nnv_str alike = NNV_STR_INIT(LOOP("a"));
	static const struct nnv_str other = NNV_STR_INIT(LOOP("b"));
	struct workshop shop;
	char buf[128];

	(void)state;
	workshop_open(&shop);
	assert_string_equal(step(&shop, alike, 0, buf, sizeof(buf)),
	    "f1 u1 of 3");
	assert_string_equal(step(&shop, alike, 2, buf, sizeof(buf)),
	    "f2 u2 of 3");
	assert_string_equal(step(&shop, alike, 3, buf, sizeof(buf)),
	    "f3 u3 of 3");
	assert_string_equal(step(&shop, alike, NNV_STEP_ALL, buf, sizeof(buf)),
	    "f1 u1 f2 u2 f3 u3 of 0");
	assert_string_equal(step(&shop, alike, 4, buf, sizeof(buf)), "");
	assert_string_equal(shop.diag.text, "no step 4: the file holds 3");
	/* one that differs cannot stand for all */
	assert_string_equal(step(&shop, other, 0, buf, sizeof(buf)),
	    "f1 u1 f2 u2 f3 u3 of 0");
	assert_string_equal(step(&shop, other, 3, buf, sizeof(buf)),
	    "f3 u3 of 3");
	workshop_close(&shop);
}

static void
survives_lack_of_memory(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole;

	(void)state;
	workshop_open(&shop);
	whole = workshop_load(&shop, NNV_STR(passes));
	for (int pass = 0; pass < 2; pass++) {
		struct nnv_graph *to = NULL;

		for (long n = 0; to == NULL; n++) {
			nnv_diag_init(&shop.diag, "test.json");
			scarce_begin(n);
			to = pass == 0 ? nnv_pass_gradients(whole, &shop.diag)
				       : nnv_pass_only(whole,
					     1u << NNV_BACKWARD, &shop.diag);
			scarce_end();
			if (to == NULL)
				assert_int_equal(shop.diag.code, NNV_E_MEMORY);
			assert_true(n < 1000);
		}
		assert_true(workshop_is_sound(to));
		nnv_graph_free(to);
	}
	nnv_graph_free(whole);
	workshop_close(&shop);
}

UNIT_MAIN("phase", cmocka_unit_test(ties_gradients),
    cmocka_unit_test(conserves_gradients), cmocka_unit_test(leaves_one_phase),
    cmocka_unit_test(tells_what_leaves), cmocka_unit_test(copies_modules_once),
    cmocka_unit_test(chooses_a_step), cmocka_unit_test(survives_lack_of_memory))
