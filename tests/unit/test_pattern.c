/*
 * Patterns: what a path, a glob or a type means, what it opens and closes, and
 * what is left when it is hidden.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"
#include "pass/pattern.h"

#include "starve.h"

#define OP(key, path, op)                                       \
	"\"" key "\": {\"node_type\": \"op\", \"name\": \"" key \
	"\", \"path\": [" path "], \"op\": \"" op               \
	"\", \"n_parameters\": 10}, "

/* x -> a0 -> a1 -> a12 -> d -> y, and x -> d. */
static const char net[] =
    "{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\", "
    "\"path\": [\"x\"]}, " OP("a0", "\"a\", \"0\", \"conv\"", "nn.Conv2d")
	OP("a1", "\"a\", \"1\", \"conv\"", "Conv2d") OP("a12",
	    "\"a\", \"12\", \"drop\"", "Dropout") OP("d", "\"d.e\"",
	    "binary.add") "\"y\": {\"node_type\": \"output\", \"name\": \"y\", "
			  "\"path\": [\"y\"]}}, "
			  "\"edges\": [[\"x\", \"a0\", \"x\", null], "
			  "[\"a0\", \"a1\", \"a0\", null], "
			  "[\"a1\", \"a12\", \"a1\", null], "
			  "[\"a12\", \"d\", \"a12\", null], "
			  "[\"x\", \"d\", \"x\", null], "
			  "[\"d\", \"y\", \"d\", null]], "
			  "\"metadata\": {\"title\": \"Net\"}}";

/* The modules (by path) and nodes that each means. */
static const struct {
	const char *text, *meant;
} meanings[] = {
	{ "a", "a." },
	{ "a.0", "a.0." },
	{ "a.0.conv", "a0" },
	{ "a.*", "a.0. a.1. a.12." },
	{ "*.0", "a.0." },
	{ "a.?", "a.0. a.1." },
	{ "a.[0-1]", "a.0. a.1." },
	{ "a.[0-12]", "a.0. a.1. a.12." },
	{ "a.[1-12]", "a.1. a.12." },
	{ "a.[2-9]", "" },
	{ "a.[!0]", "a.1." },
	{ "a.[!0]*", "a.1. a.12." },
	{ "a.**", "a.0. a.1. a.12. a0 a1 a12" },
	{ "**", "a. a.0. a.1. a.12. x a0 a1 a12 d y" },
	{ "**.conv", "a0 a1" },
	{ "**.*", "a. a.0. a.1. a.12. x a0 a1 a12 d y" },
	{ "*.*.c*v", "a0 a1" },
	{ "**.1*.**", "a1 a12" },
	{ "d.e", "d" },
	{ "d.?", "d" },
	{ "d?e", "" },
	{ "[", "" },
	{ "a.[]", "" },
	{ "", "" },
	{ "*", "a. x y" },
	{ "type:Conv2d", "a0 a1" },
	{ "type:nn.Conv2d", "a0" },
	{ "type:add", "d" },
	{ "type:[CD]*", "a0 a1 a12" },
	{ "type:conv2d", "" },
	{ "type:", "" },
};

static const char *
list_meant(const struct nnv_pattern *pattern, char *buf, size_t size)
{
	const struct nnv_graph *graph = pattern->graph;
	struct nnv_text path = NNV_TEXT_EMPTY;
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t m = 0; m < graph->nmodules; m++) {
		if (!pattern->modules[m])
			continue;
		nnv_text_clear(&path);
		nnv_module_path(graph, m, &path);
		n += (size_t)snprintf(buf + n, size - n, "%s%s.",
		    n > 0 ? " " : "", path.p);
	}
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (pattern->nodes[v])
			n += (size_t)snprintf(buf + n, size - n, "%s%s",
			    n > 0 ? " " : "",
			    workshop_text(graph, graph->nodes[v].key));
	nnv_text_release(&path);
	return buf;
}

static void
means_what_it_says(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;
	struct nnv_pattern pattern;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		assert_true(nnv_pattern_init(&pattern, graph,
		    nnv_str(meanings[i].text), &shop.diag));
		assert_string_equal(list_meant(&pattern, buf, sizeof(buf)),
		    meanings[i].meant);
		assert_int_equal(pattern.found, *meanings[i].meant != '\0');
		nnv_pattern_release(&pattern);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* A star that must be tried everywhere costs a product, not a power. */
static void
takes_no_time_over_stars(void **state)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct workshop shop;
	struct nnv_graph *graph;
	struct nnv_pattern pattern;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	graph->modules[1].name = nnv_graph_name(graph,
	    NNV_STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	for (int i = 0; i < 30; i++)
		nnv_text_adds(&text, "*a");
	nnv_text_adds(&text, "b");
	assert_true(nnv_pattern_init(&pattern, graph, nnv_text_str(&text),
	    &shop.diag));
	assert_false(pattern.found);
	nnv_pattern_release(&pattern);
	nnv_text_clear(&text);
	for (int i = 0; i < 70; i++)
		nnv_text_adds(&text, "**.");
	assert_false(nnv_pattern_init(&pattern, graph, nnv_text_str(&text),
	    &shop.diag));
	assert_int_equal(shop.diag.code, NNV_E_USAGE);
	nnv_pattern_release(&pattern);
	nnv_text_release(&text);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Closed by depth and prefix, opened by pattern: the nodes that remain. */
static const struct {
	int depth;
	const char *closed, *opened, *nodes;
} openings[] = {
	{ 1, NULL, "a", "x a.0 a.1 a.12 d y" },
	{ 0, NULL, "a", "x a.0 a.1 a.12 d y" },
	{ 1, NULL, "a.1", "x a.0 a1 a.12 d y" },
	{ 1, NULL, "a.**", "x a0 a1 a12 d y" },
	{ 1, NULL, "a.[1-12]", "x a.0 a1 a12 d y" },
	{ -1, "a", "a.0", "x a0 a.1 a.12 d y" },
	{ -1, "a.*", "a.1", "x a.0 a1 a.12 d y" },
	{ -1, "a.1", "a.*", "x a0 a.1 a12 d y" },
	{ -1, "a", "a", "x a d y" },
	{ -1, "a", "**", "x a d y" },
	{ 2, "a", NULL, "x a d y" },
	/* of a path, a glob with letters, a type, a glob without and a depth
	 * each yields to those before it, whichever way round they ask */
	{ -1, "a.*", "a.0", "x a0 a.1 a.12 d y" },
	{ -1, "a.0", "a.*", "x a.0 a1 a12 d y" },
	{ -1, "**", "a.*", "x a0 a1 a12 d y" },
	{ -1, "a.*", "**", "x a.0 a.1 a.12 d y" },
	{ 1, NULL, "**", "x a0 a1 a12 d y" },
	{ 1, NULL, "*", "x a.0 a.1 a.12 d y" },
	{ 0, NULL, "*.*", "x a0 a1 a12 d y" },
	/* of two of one kind: letters, sets, ?, components */
	{ -1, "a.*", "a.1*", "x a.0 a1 a12 d y" },
	{ -1, "a.1*", "a.*", "x a0 a.1 a.12 d y" },
	{ -1, "a.*", "a.[0-1]", "x a0 a1 a.12 d y" },
	{ -1, "a.[0-1]", "a.*", "x a.0 a.1 a12 d y" },
	{ -1, "a.?", "a.[1-12]", "x a.0 a1 a12 d y" },
	{ -1, "a.*", "a.?", "x a0 a1 a.12 d y" },
	{ -1, "a.**", "a.*", "x a0 a1 a12 d y" },
	{ -1, "a.*", "a.**", "x a.0 a.1 a.12 d y" },
	/* of equals the wish to close */
	{ -1, "a.*", "a.*", "x a.0 a.1 a.12 d y" },
	{ -1, "a.?", "?.0", "x a.0 a.1 a12 d y" },
	/* what is in a closed module is meant as well */
	{ -1, "a", "a.*", "x a d y" },
	{ -1, "a", "a.1", "x a.0 a1 a.12 d y" },
};

/* The lighter first. */
static const char *const weights[] = { "**", "*", "*.*", "?", "?.*", "[0-1]",
	"[0-1].?", "type:*", "type:?*", "type:[CD]*", "type:C*", "type:Conv2?",
	"type:Conv2d",
	"type:\xd0\xb2\xd0\xb5\xd1\x82\xd0\xb2\xd1\x8c\xd0\xb5\xd0\xb9", "a.**",
	"a.*", "a.?", "a.[0-1]", "a.[0-1].?", "a.1*", "**.conv", "*.conv",
	"*.*.conv", "a", "a.0", "a.0.conv" };

static void
opens_what_is_closed(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph, *drawn;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++) {
		struct nnv_str closed = nnv_str(openings[i].closed);
		struct nnv_str opened = nnv_str(openings[i].opened);
		struct nnv_collapse what = { openings[i].depth, &closed,
			closed.p != NULL, &opened, opened.p != NULL, 0, false };

		drawn = nnv_pass_collapse(graph, &what, &shop.diag);
		assert_non_null(drawn);
		assert_true(workshop_is_sound(drawn));
		assert_string_equal(workshop_nodes(drawn, buf, sizeof(buf)),
		    openings[i].nodes);
		nnv_graph_free(drawn);
	}
	assert_int_equal(shop.diag.nwarnings, 0);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
weighs_patterns(void **state)
{
	struct nnv_pattern pattern;
	struct workshop shop;
	struct nnv_graph *graph;
	uint64_t before = 1;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	assert_non_null(graph);
	for (size_t i = 0; i < sizeof(weights) / sizeof(*weights); i++) {
		assert_true(nnv_pattern_init(&pattern, graph,
		    nnv_str(weights[i]), &shop.diag));
		if (pattern.weight <= before)
			fail_msg("\"%s\" is no heavier than what is before it",
			    weights[i]);
		before = pattern.weight;
		nnv_pattern_release(&pattern);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static const struct {
	const char *pattern, *edges, *warning;
	int hidden, unseen;
} hidings[] = {
	{ "type:Dropout", "x>a0 a0>a1 a1>d x>d d>y", NULL, 1, 10 },
	{ "a.0", "x>a1 a1>a12 a12>d x>d d>y", NULL, 1, 10 },
	{ "a", "x>d x>d d>y", NULL, 3, 30 },
	{ "d.e", "x>a0 a0>a1 a1>a12 a12>y x>y", NULL, 1, 10 },
	{ "**", "x>y", NULL, 4, 40 },
	{ "b", "x>a0 a0>a1 a1>a12 a12>d x>d d>y",
	    "--hide: nothing is called \"b\"", 0, 0 },
	{ "type:Drop", "x>a0 a0>a1 a1>a12 a12>d x>d d>y",
	    "--hide: nothing is called \"type:Drop\"", 0, 0 },
	{ "type:Dropuot", "x>a0 a0>a1 a1>a12 a12>d x>d d>y",
	    "nearest is \"type:Dropout\"", 0, 0 },
	{ "y", "x>a0 a0>a1 a1>a12 a12>d x>d d>y",
	    "--hide: nothing is called \"y\"", 0, 0 },
};

static void
joins_around_what_it_hides(void **state)
{
	struct nnv_param_sum sum;
	struct workshop shop;
	struct nnv_graph *graph, *rest;
	char buf[256];

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(net));
	for (size_t i = 0; i < sizeof(hidings) / sizeof(*hidings); i++) {
		struct nnv_str pattern = nnv_str(hidings[i].pattern);

		nnv_diag_init(&shop.diag, NULL);
		rest = nnv_pass_hide(graph, &pattern, 1, &shop.diag);
		assert_non_null(rest);
		assert_true(workshop_is_sound(rest));
		assert_string_equal(workshop_edges(rest, buf, sizeof(buf)),
		    hidings[i].edges);
		assert_int_equal(rest->hidden[NNV_HIDDEN_ASKED],
		    hidings[i].hidden);
		assert_true(nnv_graph_params(rest, &sum));
		assert_int_equal(sum.parameters, 40);
		assert_int_equal(nnv_unseen_params(rest).parameters,
		    hidings[i].unseen);
		assert_int_equal(shop.diag.nwarnings,
		    hidings[i].warning != NULL);
		if (hidings[i].warning != NULL)
			assert_non_null(strstr(shop.diag.warnings[0].text,
			    hidings[i].warning));
		nnv_graph_free(rest);
	}
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static struct nnv_graph *
hide_inside(const struct nnv_graph *graph, size_t unused, struct nnv_diag *diag)
{
	struct nnv_str pattern = NNV_STR("a.*");

	(void)unused;
	return nnv_pass_hide(graph, &pattern, 1, diag);
}

static void
survives_lack_of_memory(void **state)
{
	(void)state;
	starve(hide_inside, 0, NNV_STR(net), 10);
}

UNIT_MAIN("pattern", cmocka_unit_test(means_what_it_says),
    cmocka_unit_test(takes_no_time_over_stars),
    cmocka_unit_test(opens_what_is_closed), cmocka_unit_test(weighs_patterns),
    cmocka_unit_test(joins_around_what_it_hides),
    cmocka_unit_test(survives_lack_of_memory))
