/*
 * Collapse: which nodes become groups, what groups add up, which edges remain.
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

/* x -> a.b.p -> a.b.q -> a.r -> s -> y, and p -> r, p -> s, and in the file
 * order that mixes s in between. The node "a" has the path of the module. */
static const char net[] =
    "{\"nodes\": {"
    "\"x\": {\"node_type\": \"input\", \"name\": \"x\", \"path\": [\"x\"]}, " OP(
	"p", "\"a\", \"b\", \"p\"", "10") OP("s", "\"s\"", "1") OP("q",
	"\"a\", \"b\", \"q\"",
	"20") OP("r", "\"a\", \"r\"", "30") OP("a", "\"a\"",
	"5") "\"y\": {\"node_type\": \"output\", \"name\": \"y\", \"path\": "
	     "[\"a\", \"y\"]}}, "
	     "\"edges\": [[\"x\", \"p\", \"x\", null], [\"p\", \"q\", \"p\", null], "
	     "[\"q\", \"r\", \"q\", null], [\"p\", \"r\", \"p\", null], "
	     "[\"r\", \"s\", \"r\", null], [\"p\", \"s\", \"p\", null], "
	     "[\"s\", \"a\", \"s\", null], [\"s\", \"a\", \"s\", null], "
	     "[\"a\", \"y\", \"a\", null]], \"metadata\": {\"title\": \"Net\"}}";

enum { MAX_PREFIXES = 3 };

/* What to do with `net`, and what a person must see. */
static const struct {
	int depth;
	const char *prefixes[MAX_PREFIXES];
	const char *nodes, *edges, *warning;
} cases[] = {
	{ -1, { NULL }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    NULL },
	{ 3, { NULL }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    NULL },
	{ 2, { NULL }, "x a.b s r a y",
	    "x>a.b a.b>r a.b>r r>s a.b>s s>a s>a a>y", NULL },
	{ 1, { NULL }, "x a#2 s a y", "x>a#2 a#2>s a#2>s s>a s>a a>y", NULL },
	{ 0, { NULL }, "x Net y", "x>Net Net>y", NULL },
	{ -1, { "a" }, "x a#2 s a y", "x>a#2 a#2>s a#2>s s>a s>a a>y", NULL },
	{ -1, { "a.b" }, "x a.b s r a y",
	    "x>a.b a.b>r a.b>r r>s a.b>s s>a s>a a>y", NULL },
	{ -1, { "a.b", "a" }, "x a#2 s a y", "x>a#2 a#2>s a#2>s s>a s>a a>y",
	    NULL },
	{ 2, { "a" }, "x a#2 s a y", "x>a#2 a#2>s a#2>s s>a s>a a>y", NULL },
	{ 1, { "a.b" }, "x a#2 s a y", "x>a#2 a#2>s a#2>s s>a s>a a>y", NULL },
	{ -1, { "s" }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    "nothing is below \"s\" to collapse" },
	{ -1, { "a.c" }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    "no module \"a.c\": nearest are \"a.b\", \"a.r\"" },
	{ -1, { "" }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    "no module \"\"" },
	{ -1, { "x" }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    "no module \"x\"" },
	{ -1, { "a." }, "x p s q r a y", "x>p p>q q>r p>r r>s p>s s>a s>a a>y",
	    "no module \"a.\"" },
};

static struct nnv_graph *
collapse(struct workshop *shop, const struct nnv_graph *graph, int depth,
    const char *const *prefixes)
{
	struct nnv_str list[MAX_PREFIXES];
	struct nnv_collapse what = { depth, list, 0, NULL, 0, 0, false };

	while (what.nprefixes < MAX_PREFIXES &&
	    prefixes[what.nprefixes] != NULL) {
		list[what.nprefixes] = nnv_str(prefixes[what.nprefixes]);
		what.nprefixes++;
	}
	return nnv_pass_collapse(graph, &what, &shop->diag);
}

static void
groups_by_depth_and_prefix(void **state)
{
	char buf[256];
	struct workshop shop;
	struct nnv_graph *graph, *groups;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		nnv_diag_init(&shop.diag, NULL);
		groups = collapse(&shop, graph, cases[i].depth,
		    cases[i].prefixes);
		assert_non_null(groups);
		assert_true(workshop_is_sound(groups));
		assert_string_equal(workshop_nodes(groups, buf, sizeof(buf)),
		    cases[i].nodes);
		assert_string_equal(workshop_edges(groups, buf, sizeof(buf)),
		    cases[i].edges);
		assert_int_equal(shop.diag.nwarnings, cases[i].warning != NULL);
		if (cases[i].warning != NULL)
			assert_non_null(strstr(shop.diag.warnings[0].text,
			    cases[i].warning));
		nnv_graph_free(groups);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* However a graph is collapsed, it has as many parameters and members. */
static void
conserves_what_it_merges(void **state)
{
	struct nnv_param_sum before, after;
	struct workshop shop;
	struct nnv_graph *graph, *groups;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_true(nnv_graph_params(graph, &before));
	assert_int_equal(before.parameters, 66);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t members = 0;

		groups = collapse(&shop, graph, cases[i].depth,
		    cases[i].prefixes);
		assert_true(nnv_graph_params(groups, &after));
		assert_int_equal(after.parameters, before.parameters);
		for (uint32_t v = 0; v < groups->nnodes; v++)
			members += groups->nodes[v].nmembers;
		assert_int_equal(members, graph->nnodes);
		nnv_graph_free(groups);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Two layers share a weight, one's cost is not known, all are gradients. */
static const char shared[] =
    "{\"nnviz_c\": {\"schema\": 1, "
    "\"counts\": {\"tensors\": 3}}, \"modules\": {"
    "\"\": {\"name\": \"net\", \"type\": \"Net\"}, "
    "\"f\": {\"parent\": 0, \"name\": \"f\", \"type\": \"Block\", \"call\": 1, "
    "\"ncalls\": 2, \"call_sites\": [{\"file\": \"net.py\", \"line\": 7}]}, "
    "\"g\": {\"parent\": 0, \"name\": \"g\", \"phase\": \"backward\"}}, "
    "\"parameters\": [{\"count\": 100}, {\"count\": 10}, {\"kind\": "
    "\"buffer\", \"count\": 1}], \"nodes\": {"
    "\"1\": {\"node_type\": \"op\", \"name\": \"f.l\", \"path\": [\"f\", "
    "\"l\"], \"module\": 1, \"parameters\": [0, 2], \"macs\": 5, "
    "\"output_bytes\": 8}, "
    "\"2\": {\"node_type\": \"op\", \"name\": \"f.m\", \"path\": [\"f\", "
    "\"m\"], \"module\": 1, \"parameters\": [0, 1], \"macs\": 6}, "
    "\"3\": {\"node_type\": \"op\", \"name\": \"g.l\", \"path\": [\"g\", "
    "\"l\"], \"module\": 2, \"grad_of\": \"1\", \"phase\": \"backward\", "
    "\"hidden\": \"constant\"}, "
    "\"4\": {\"node_type\": \"op\", \"name\": \"g.m\", \"path\": [\"g\", "
    "\"m\"], \"module\": 2, \"grad_of\": \"2\", \"phase\": \"backward\", "
    "\"hidden\": \"dead_end\"}}, "
    "\"edges\": [[\"1\", \"2\", \"t\", null], [\"2\", \"3\", \"u\", null], "
    "[\"1\", \"4\", \"t\", null], [\"1\", \"3\", \"t\", null]], "
    "\"tensors\": [{\"tensor\": 2, \"producer\": \"2\", \"key\": \"lost\"}], "
    "\"operands\": [0, 3, 1, 2]}";

static void
adds_up_its_members(void **state)
{
	static const char *const none[] = { NULL };
	struct workshop shop;
	struct nnv_graph *graph, *groups;
	const struct nnv_node *f, *g;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(shared));
	assert_non_null(graph);
	groups = collapse(&shop, graph, 1, none);
	assert_non_null(groups);
	assert_true(workshop_is_sound(groups));
	assert_int_equal(groups->nnodes, 2);
	f = &groups->nodes[0];
	g = &groups->nodes[1];
	assert_int_equal(f->kind, NNV_NODE_GROUP);
	assert_int_equal(f->self, 1);
	assert_int_equal(f->module, 0);
	assert_string_equal(workshop_text(groups, f->leaf), "f");
	assert_string_equal(workshop_text(groups, f->op), "Block");
	assert_int_equal(f->call, 1);
	assert_int_equal(f->ncalls, 2);
	assert_int_equal(f->site.line, 7);
	assert_int_equal(f->nmembers, 2);
	assert_int_equal(f->cost.macs, 11);
	assert_int_equal(f->cost.output_bytes, NNV_UNKNOWN);
	assert_int_equal(f->nparams, 3);
	assert_int_equal(nnv_node_params(groups, f).parameters, 110);
	assert_int_equal(nnv_node_params(groups, f).buffers, 1);
	assert_int_equal(f->grad_of, NNV_NONE);
	assert_int_equal(g->grad_of, 0);
	assert_int_equal(g->phase, NNV_BACKWARD);
	assert_int_equal(g->hide, NNV_SHOWN);
	nnv_graph_free(groups);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* One edge a tensor into a group; what nothing takes at all leaves it. */
static void
merges_edges_by_tensor(void **state)
{
	static const char *const f[] = { "f", NULL };
	static const char *const g[] = { "g", NULL };
	char buf[256];
	struct workshop shop;
	struct nnv_graph *graph, *groups;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(shared));
	groups = collapse(&shop, graph, -1, g);
	assert_string_equal(workshop_edges(groups, buf, sizeof(buf)),
	    "1>2 2>g 1>g");
	assert_int_equal(groups->edges[0].operand, 0);
	assert_int_equal(groups->edges[1].operand, 0);
	assert_int_equal(groups->edges[2].operand, 1);
	assert_int_equal(groups->ntensors, 3);
	nnv_graph_free(groups);
	groups = collapse(&shop, graph, -1, f);
	assert_string_equal(workshop_edges(groups, buf, sizeof(buf)),
	    "f>3 f>4 f>3");
	assert_int_equal(groups->edges[0].operand, 3);
	assert_int_equal(groups->edges[2].operand, 2);
	assert_int_equal(groups->ntensors, 3);
	assert_int_equal(groups->nodes[1].grad_of, 0);
	nnv_graph_free(groups);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* The names of components are not split: "a.b" is one, and is also two. */
static void
matches_names_with_dots(void **state)
{
	static const char json[] = "{\"nodes\": {" OP("1", "\"a.b\", \"c\"",
	    "1") OP("2", "\"a\", \"b\", \"c\"", "2") OP("3", "\"a_b\", \"c\"",
	    "4") "\"y\": {\"node_type\": \"output\", \"name\": \"y\"}}}";
	static const char *const prefixes[] = { "a.b", NULL };
	char buf[64];
	struct workshop shop;
	struct nnv_graph *graph, *groups;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(json));
	groups = collapse(&shop, graph, -1, prefixes);
	assert_string_equal(workshop_nodes(groups, buf, sizeof(buf)),
	    "a.b a.b#2 3 y");
	nnv_graph_free(groups);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Collapse with memory for N requests. */
static void
collapse_scarcely(struct workshop *shop, const struct nnv_graph *graph, long n)
{
	static const char *const prefixes[] = { "a.b", "nowhere", NULL };
	struct nnv_graph *groups;

	nnv_diag_init(&shop->diag, NULL);
	scarce_begin(n);
	groups = collapse(shop, graph, 2, prefixes);
	assert_true(groups != NULL || shop->diag.code == NNV_E_MEMORY);
	nnv_graph_free(groups);
}

static void
survives_lack_of_memory(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;
	long n;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	for (n = 0; collapse_scarcely(&shop, graph, n), scarce_end(); n++)
		;
	assert_true(n > 10);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

UNIT_MAIN("collapse", cmocka_unit_test(groups_by_depth_and_prefix),
    cmocka_unit_test(conserves_what_it_merges),
    cmocka_unit_test(adds_up_its_members),
    cmocka_unit_test(merges_edges_by_tensor),
    cmocka_unit_test(matches_names_with_dots),
    cmocka_unit_test(survives_lack_of_memory))
