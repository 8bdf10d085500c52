/*
 * Select: what stays, what crosses the border, how paths and names shorten.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

#define OP(key, path, n)                                        \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key \
	"\", \"path\": [" path "], \"op\": \"Op\", \"n_parameters\": " n "}, "

/* A residual block between a stem and a tail, and an input used inside it. */
static const char net[] =
    "{\"nodes\": {"
    "\"x\": {\"node_type\": \"input\", \"name\": \"x\", \"path\": [\"x\"]}, " OP(
	"stem", "\"stem\"", "1") OP("l.0.conv", "\"l\", \"0\", \"conv\"",
	"10") OP("l.0.add", "\"l\", \"0\", \"add\"", "0") OP("l.1.conv",
	"\"l\", \"1\", \"conv\"",
	"20") OP("l.1.add", "\"l\", \"1\", \"add\"", "0") OP("tail", "\"tail\"",
	"5") "\"y\": {\"node_type\": \"output\", \"name\": \"y\", \"path\": "
	     "[\"y\"]}}, \"edges\": ["
	     "[\"x\", \"stem\", \"x\", null], [\"stem\", \"l.0.conv\", \"s\", null], "
	     "[\"stem\", \"l.0.add\", \"s\", null], "
	     "[\"l.0.conv\", \"l.0.add\", \"c\", null], "
	     "[\"x\", \"l.0.add\", \"x\", null], "
	     "[\"l.0.add\", \"l.1.conv\", \"a\", null], "
	     "[\"l.0.add\", \"l.1.add\", \"a\", null], "
	     "[\"l.0.add\", \"tail\", \"a\", null], "
	     "[\"l.1.conv\", \"l.1.add\", \"c\", null], "
	     "[\"l.1.add\", \"tail\", \"a\", null], [\"tail\", \"y\", \"t\", null], "
	     "[\"l.1.add\", \"y\", \"a\", null]], \"metadata\": {\"title\": \"Net\"}}";

static const struct {
	const char *path, *nodes, *edges;
	int parameters;
} cases[] = {
	{ "l.0", "from stem|x|l.0.conv|l.0.add|to l.1 and 1 more|",
	    "from stem>l.0.conv from stem>l.0.add l.0.conv>l.0.add x>l.0.add "
	    "l.0.add>to l.1 and 1 more",
	    10 },
	{ "l.1", "from l.0|l.1.conv|l.1.add|to tail|y|",
	    "from l.0>l.1.conv from l.0>l.1.add l.1.conv>l.1.add "
	    "l.1.add>to tail l.1.add>y",
	    20 },
	{ "l",
	    "from stem|x|l.0.conv|l.0.add|l.1.conv|l.1.add|to tail|"
	    "to tail#2|y|",
	    "from stem>l.0.conv from stem>l.0.add l.0.conv>l.0.add x>l.0.add "
	    "l.0.add>l.1.conv l.0.add>l.1.add l.0.add>to tail "
	    "l.1.conv>l.1.add l.1.add>to tail#2 l.1.add>y",
	    30 },
	{ "tail", "from l|from l#2|tail|y|", "from l>tail from l#2>tail tail>y",
	    5 },
	{ "l.1.conv", "from l.0|l.1.conv|to l.1.add|",
	    "from l.0>l.1.conv l.1.conv>to l.1.add", 20 },
};

/* The keys of the nodes, each with a bar behind it: they hold spaces here. */
static const char *
barred_nodes(const struct nnv_graph *graph, char *buf, size_t size)
{
	size_t n = 0;

	for (uint32_t i = 0; i < graph->nnodes && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s|",
		    workshop_text(graph, graph->nodes[i].key));
	return buf;
}

static void
keeps_a_part_and_its_border(void **state)
{
	char buf[512];
	struct workshop shop;
	struct nnv_graph *graph, *part;
	struct nnv_param_sum sum;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		part = nnv_pass_select(graph, nnv_str(cases[i].path),
		    &shop.diag);
		assert_non_null(part);
		assert_true(workshop_is_sound(part));
		assert_string_equal(barred_nodes(part, buf, sizeof(buf)),
		    cases[i].nodes);
		assert_string_equal(workshop_edges(part, buf, sizeof(buf)),
		    cases[i].edges);
		assert_string_equal(workshop_text(part, part->title),
		    cases[i].path);
		assert_true(nnv_graph_params(part, &sum));
		assert_int_equal(sum.parameters, cases[i].parameters);
		nnv_graph_free(part);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* What is selected is the model: paths and names count from it. */
static void
counts_paths_from_the_part(void **state)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	struct workshop shop;
	struct nnv_graph *graph, *part;
	const struct nnv_node *conv;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	part = nnv_pass_select(graph, NNV_STR("l"), &shop.diag);
	assert_int_equal(part->nmodules, 3);
	assert_int_equal(part->modules[0].parent, NNV_NONE);
	assert_string_equal(workshop_text(part, part->modules[0].name), "l");
	assert_string_equal(workshop_text(part, part->modules[1].name), "0");
	conv = &part->nodes[workshop_node(part, "l.0.conv")];
	nnv_node_path(part, conv, &path);
	assert_string_equal(path.p, "0.conv");
	nnv_text_clear(&path);
	nnv_node_path(part, &part->nodes[0], &path);
	assert_string_equal(path.p, "from stem");
	assert_int_equal(part->nodes[0].kind, NNV_NODE_INPUT);
	nnv_text_release(&path);
	nnv_graph_free(part);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static const struct {
	const char *path, *says;
} unknown[] = {
	{ "l.2", "no layer \"l.2\": nearest are \"l.0\", \"l.1\"" },
	{ "tial", "no layer \"tial\": nearest is \"tail\"" },
	{ "nothing like it", "no layer \"nothing like it\"" },
	{ "x", "no layer \"x\"" },
	{ "", "no layer \"\"" },
	{ "l.", "no layer \"l.\"" },
};

static void
names_what_is_near(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++) {
		nnv_diag_init(&shop.diag, NULL);
		assert_null(nnv_pass_select(graph, nnv_str(unknown[i].path),
		    &shop.diag));
		assert_int_equal(shop.diag.code, NNV_E_USAGE);
		/* The rest may name something that is not that near. */
		shop.diag.text[strlen(unknown[i].says)] = '\0';
		assert_string_equal(shop.diag.text, unknown[i].says);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Two calls of a block, forward and backward; layers know their module. */
static const char phases[] =
    "{\"nnviz_c\": {\"schema\": 1}, \"modules\": {"
    "\"\": {\"name\": \"net\"}, "
    "\"f\": {\"parent\": 0, \"name\": \"f\", \"type\": \"Block\"}, "
    "\"f#2\": {\"parent\": 0, \"name\": \"f\", \"type\": \"Block\"}, "
    "\"backward\": {\"parent\": 0, \"name\": \"backward\", \"is_phase\": true, "
    "\"phase\": \"backward\"}, "
    "\"backward.h\": {\"parent\": 3, \"name\": \"h\", \"phase\": "
    "\"backward\"}, "
    "\"f.l\": {\"parent\": 1, \"name\": \"l\", \"type\": \"Conv\"}}, "
    "\"nodes\": {"
    "\"1\": {\"node_type\": \"op\", \"name\": \"f.l\", \"path\": [\"f\", "
    "\"l\"], \"module\": 1, \"self\": 5}, "
    "\"2\": {\"node_type\": \"op\", \"name\": \"f.m\", \"path\": [\"f\", "
    "\"m\"], \"module\": 2}, "
    "\"3\": {\"node_type\": \"op\", \"name\": \"backward.h.l\", \"path\": "
    "[\"backward\", \"h\", \"l\"], \"module\": 4, \"grad_of\": \"1\", "
    "\"phase\": \"backward\"}}, "
    "\"edges\": [[\"1\", \"2\", \"t\", null], [\"2\", \"3\", \"u\", null]]}";

static void
keeps_all_calls(void **state)
{
	char buf[128];
	struct workshop shop;
	struct nnv_graph *graph, *part;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(phases));
	assert_non_null(graph);
	part = nnv_pass_select(graph, NNV_STR("f"), &shop.diag);
	assert_string_equal(workshop_edges(part, buf, sizeof(buf)),
	    "1>2 2>to backward");
	assert_string_equal(workshop_text(part, part->modules[0].type),
	    "Block");
	nnv_graph_free(part);
	part = nnv_pass_select(graph, NNV_STR("f.l"), &shop.diag);
	assert_string_equal(workshop_edges(part, buf, sizeof(buf)), "1>to f");
	assert_int_equal(part->nodes[0].self, 0);
	assert_string_equal(workshop_text(part, part->modules[0].type), "Conv");
	nnv_graph_free(part);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
looks_below_phases(void **state)
{
	char buf[128];
	struct workshop shop;
	struct nnv_graph *graph, *part;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(phases));
	part = nnv_pass_select(graph, NNV_STR("h"), &shop.diag);
	assert_non_null(part);
	assert_string_equal(workshop_edges(part, buf, sizeof(buf)), "from f>3");
	assert_int_equal(part->nodes[1].grad_of, NNV_NONE);
	assert_int_equal(part->nodes[0].phase, NNV_BACKWARD);
	nnv_graph_free(part);
	part = nnv_pass_select(graph, NNV_STR("h.l"), &shop.diag);
	assert_string_equal(workshop_edges(part, buf, sizeof(buf)), "from f>3");
	nnv_graph_free(part);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Select with memory for N requests. */
static void
select_scarcely(struct workshop *shop, const struct nnv_graph *graph,
    struct nnv_str path, long n)
{
	struct nnv_graph *part;

	nnv_diag_init(&shop->diag, NULL);
	scarce_begin(n);
	part = nnv_pass_select(graph, path, &shop->diag);
	assert_true(part != NULL || shop->diag.code == NNV_E_MEMORY ||
	    shop->diag.code == NNV_E_USAGE);
	nnv_graph_free(part);
}

static void
survives_lack_of_memory(void **state)
{
	static const char *const paths[] = { "l.0", "l.2" };
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	for (int i = 0; i < 2; i++) {
		long n = 0;

		while (select_scarcely(&shop, graph, nnv_str(paths[i]), n),
		    scarce_end())
			n++;
		assert_true(n > 10);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

UNIT_MAIN("select", cmocka_unit_test(keeps_a_part_and_its_border),
    cmocka_unit_test(counts_paths_from_the_part),
    cmocka_unit_test(names_what_is_near), cmocka_unit_test(keeps_all_calls),
    cmocka_unit_test(looks_below_phases),
    cmocka_unit_test(survives_lack_of_memory))
