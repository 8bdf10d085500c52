/*
 * The cached graph: what NNViz writes is read, what is broken is refused by
 * name, and what we write reads back as the same graph.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

/* Whether two graphs are the same, field by field. Both use one table of
 * names, so that names compare as numbers. */
static bool
same_node(const struct nnv_node *a, const struct nnv_node *b)
{
	if (a->nargs != b->nargs || a->nparams != b->nparams ||
	    a->nhypers != b->nhypers || a->nkernels != b->nkernels ||
	    a->time != b->time)
		return false;
	for (uint32_t i = 0; i < a->nkernels; i++)
		if (a->kernels[i] != b->kernels[i])
			return false;
	for (uint32_t i = 0; i < a->nhypers; i++)
		if (a->hypers[i].key != b->hypers[i].key ||
		    a->hypers[i].text != b->hypers[i].text)
			return false;
	for (uint32_t i = 0; i < a->nargs; i++)
		if (a->args[i].key != b->args[i].key ||
		    a->args[i].json != b->args[i].json)
			return false;
	for (uint32_t i = 0; i < a->nparams; i++)
		if (a->params[i] != b->params[i])
			return false;
	return a->kind == b->kind && a->phase == b->phase && a->key == b->key &&
	    a->name == b->name && a->leaf == b->leaf &&
	    a->module == b->module && a->self == b->self && a->op == b->op &&
	    a->full_op == b->full_op && a->call == b->call &&
	    a->ncalls == b->ncalls && a->nmembers == b->nmembers &&
	    a->repeat == b->repeat && a->faded == b->faded &&
	    a->hide == b->hide && a->grad_of == b->grad_of &&
	    a->site.file == b->site.file && a->site.line == b->site.line &&
	    a->cost.macs == b->cost.macs &&
	    a->cost.elementwise == b->cost.elementwise &&
	    a->cost.output_elements == b->cost.output_elements &&
	    a->cost.output_bytes == b->cost.output_bytes &&
	    a->cost.activation_bytes == b->cost.activation_bytes &&
	    a->cost.backward_macs == b->cost.backward_macs;
}

static bool
same_module(const struct nnv_module *a, const struct nnv_module *b)
{
	return a->parent == b->parent && a->name == b->name &&
	    a->type == b->type && a->phase == b->phase &&
	    a->repeat == b->repeat && a->differs == b->differs &&
	    a->is_phase == b->is_phase && a->call == b->call &&
	    a->ncalls == b->ncalls && a->site.file == b->site.file &&
	    a->site.line == b->site.line;
}

static bool
same_kernel(const struct nnv_kernel *a, const struct nnv_kernel *b)
{
	return a->key == b->key && a->file == b->file && a->ops == b->ops &&
	    a->backend == b->backend && a->nops == b->nops &&
	    a->ninputs == b->ninputs && a->noutputs == b->noutputs &&
	    a->read == b->read && a->written == b->written &&
	    a->macs == b->macs && a->elementwise == b->elementwise &&
	    a->time == b->time;
}

static bool
same_values(const struct nnv_values *a, const struct nnv_values *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->count == b->count && a->nans == b->nans &&
	    a->infinities == b->infinities &&
	    (a->count == a->nans + a->infinities ||
		(a->min == b->min && a->max == b->max && a->mean == b->mean));
}

static bool
same_tensor(const struct nnv_tensor *a, const struct nnv_tensor *b)
{
	return a->key == b->key && a->name == b->name &&
	    a->producer == b->producer && a->param == b->param &&
	    a->mark == b->mark && nnv_spec_eq(a->spec, b->spec) &&
	    same_values(a->values, b->values);
}

static bool
same_edge(const struct nnv_edge *a, const struct nnv_edge *b)
{
	return a->src == b->src && a->dst == b->dst && a->tensor == b->tensor &&
	    a->operand == b->operand;
}

static bool
same_param(const struct nnv_param *a, const struct nnv_param *b)
{
	return a->kind == b->kind && a->name == b->name &&
	    a->count == b->count && nnv_spec_eq(a->spec, b->spec);
}

static bool
same_heads(const struct nnv_graph *a, const struct nnv_graph *b)
{
	return a->level == b->level && a->peak_bytes == b->peak_bytes &&
	    a->nsteps == b->nsteps && a->step == b->step &&
	    a->title == b->title && a->source == b->source &&
	    a->source_version == b->source_version &&
	    a->nnviz_version == b->nnviz_version && a->origin == b->origin &&
	    memcmp(a->hidden, b->hidden, sizeof(a->hidden)) == 0 &&
	    a->nnodes == b->nnodes && a->ntensors == b->ntensors &&
	    a->nedges == b->nedges && a->nmodules == b->nmodules &&
	    a->nparams == b->nparams && a->nkernels == b->nkernels;
}

static void
assert_same(const struct nnv_graph *a, const struct nnv_graph *b)
{
	assert_true(same_heads(a, b));
	for (uint32_t i = 0; i < a->nnodes; i++)
		assert_true(same_node(&a->nodes[i], &b->nodes[i]));
	for (uint32_t i = 0; i < a->nmodules; i++)
		assert_true(same_module(&a->modules[i], &b->modules[i]));
	for (uint32_t i = 0; i < a->ntensors; i++)
		assert_true(same_tensor(&a->tensors[i], &b->tensors[i]));
	for (uint32_t i = 0; i < a->nedges; i++)
		assert_true(same_edge(&a->edges[i], &b->edges[i]));
	for (uint32_t i = 0; i < a->nparams; i++)
		assert_true(same_param(&a->params[i], &b->params[i]));
	for (uint32_t i = 0; i < a->nkernels; i++)
		assert_true(same_kernel(&a->kernels[i], &b->kernels[i]));
}

/* Save, load and save again: the same graph, and the same bytes. */
static void
assert_round_trip(struct workshop *shop, const struct nnv_graph *graph)
{
	struct nnv_text once = NNV_TEXT_EMPTY, twice = NNV_TEXT_EMPTY;
	struct nnv_graph *again;

	assert_true(nnv_graph_save(graph, &once, &shop->diag));
	again = workshop_load(shop, nnv_text_str(&once));
	if (again == NULL)
		fail_msg("%s\n%s", shop->diag.text, once.p);
	assert_int_equal(shop->diag.nwarnings, 0);
	assert_same(graph, again);
	assert_true(nnv_graph_save(again, &twice, &shop->diag));
	assert_string_equal(once.p, twice.p);
	nnv_graph_free(again);
	nnv_text_release(&once);
	nnv_text_release(&twice);
}

#define SPEC                                              \
	"{\"spec_type\": \"tensor\", \"shape\": [1, 3], " \
	"\"dtype\": \"torch.float32\"}"

/* As NNViz 1.0 writes: spaces, \u escapes, NaN among the arguments. */
static const char nnviz[] =
    "{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\", \"path\": "
    "[\"x\"]}, \"a_b_fc\": {\"node_type\": \"op\", \"name\": \"a.b.fc\", "
    "\"path\": [\"a\", \"b\", \"fc\"], \"op\": \"Linear\", \"full_op\": "
    "\"torch.nn.Linear\", \"const_args\": [1, [null, \"s\"], -Infinity], "
    "\"const_kwargs\": {\"dim\": 1, \"eps\": NaN}, \"n_parameters\": 12, "
    "\"perc_parameters\": 1.0}, \"\\u5377\": {\"node_type\": \"op\", \"name\": "
    "\"a.\\u5377\", \"path\": [\"a\", \"\\u5377\"], \"op\": \"ReLU\", "
    "\"full_op\": \"\", \"const_args\": [], \"const_kwargs\": {}, "
    "\"n_parameters\": 0, \"perc_parameters\": 0.0}, \"output\": "
    "{\"node_type\": \"output\", \"name\": \"output\", \"path\": [\"output\"]}}, "
    "\"edges\": [[\"x\", \"a_b_fc\", \"x\", " SPEC
    "], [\"a_b_fc\", \"\\u5377\", "
    "\"a_b_fc\", null], [\"a_b_fc\", \"output\", \"a_b_fc\", null], [\"\\u5377\", "
    "\"output\", \"\\u5377\", " SPEC "]], \"metadata\": {\"title\": \"Net\", "
    "\"source\": \"mymodels\", \"source_version\": \"\", \"nnviz_version\": "
    "\"1.0.0\"}}";

static void
reads_what_nnviz_writes(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;
	const struct nnv_node *fc;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(nnviz));
	assert_non_null(graph);
	assert_true(workshop_is_sound(graph));
	assert_int_equal(shop.diag.nwarnings, 0);
	assert_int_equal(graph->level, NNV_LEVEL_LAYERS);
	assert_string_equal(workshop_text(graph, graph->origin), "nnviz");
	assert_string_equal(workshop_text(graph, graph->title), "Net");
	assert_string_equal(workshop_text(graph, graph->source), "mymodels");
	assert_int_equal(graph->nnodes, 4);
	assert_int_equal(graph->nmodules, 3);
	assert_int_equal(graph->ntensors, 3);
	assert_int_equal(graph->nparams, 1);
	assert_int_equal(graph->params[0].count, 12);
	fc = &graph->nodes[1];
	assert_int_equal(fc->name, NNV_NO_NAME);
	assert_string_equal(workshop_text(graph, fc->leaf), "fc");
	assert_int_equal(nnv_module_depth(graph, fc->module), 2);
	assert_int_equal(fc->nargs, 5);
	assert_string_equal(workshop_text(graph, fc->args[1].json),
	    "[null, \"s\"]");
	assert_string_equal(workshop_text(graph, fc->args[2].json),
	    "-Infinity");
	assert_string_equal(workshop_text(graph, fc->args[4].key), "eps");
	assert_string_equal(workshop_text(graph, graph->nodes[2].leaf), "卷");
	assert_ptr_equal(graph->tensors[0].spec, graph->tensors[2].spec);
	assert_int_equal(graph->edges[3].operand, 1);
	assert_round_trip(&shop, graph);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* The file's name stands in where the file names no source. */
static void
names_the_source(void **state)
{
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop,
	    NNV_STR(
		"{\"nodes\": {\"a\": {"
		"\"node_type\": \"op\", \"name\": \"a\", \"path\": [\"a\"]}}}"));
	assert_non_null(graph);
	assert_string_equal(workshop_text(graph, graph->source), "test.json");
	assert_int_equal(graph->nodes[0].nparams, 0);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

static void
tells_tensors_apart(void **state)
{
	static const char json[] =
	    "{\"nodes\": {"
	    "\"a\": {\"node_type\": \"op\", \"name\": \"a\"},"
	    "\"b\": {\"node_type\": \"op\", \"name\": \"b\"}}, \"edges\": ["
	    "[\"a\", \"b\", \"t\", " SPEC "],"
	    "[\"a\", \"b\", \"t\", {\"dtype\":\"torch.float32\",\"shape\":"
	    "[1,3],\"spec_type\":\"tensor\"}]," /* the same, otherwise put */
	    "[\"a\", \"b\", \"t\", null],"
	    "[\"a\", \"b\", \"u\", null],"
	    "[\"b\", \"b\", \"t\", null]]}";
	static const uint32_t tensors[] = { 0, 0, 1, 2, 3 };
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(json));
	assert_non_null(graph);
	assert_int_equal(graph->ntensors, 4);
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(graph->edges[i].tensor, tensors[i]);
	assert_round_trip(&shop, graph);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* What costs NNViz a crash costs us a warning. */
static void
warns_and_goes_on(void **state)
{
	static const char json[] =
	    "{\"nodes\": {"
	    "\"a\": {\"op\": \"Linear\", \"path\": [\"m\", \"a\"]},"
	    "\"b\": {\"node_type\": \"strange\", \"name\": \"b\"}},"
	    "\"edges\": [[\"a\", \"c\", \"a\", {\"spec_type\": \"new\"}],"
	    "[\"c\", \"b\", \"c\", {\"spec_type\": \"unknown\"}]]}";
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = workshop_load(&shop, NNV_STR(json));
	assert_non_null(graph);
	assert_int_equal(shop.diag.nwarnings, 4);
	assert_string_equal(shop.diag.warnings[0].text,
	    "nodes[\"a\"] has no "
	    "node_type that is known: taken as an op");
	assert_int_equal(shop.diag.warnings[0].count, 2);
	assert_string_equal(shop.diag.warnings[1].text,
	    "nodes[\"a\"] has no name");
	assert_string_equal(shop.diag.warnings[2].text,
	    "edges[0]: target \"c\" is not among the nodes");
	assert_string_equal(shop.diag.warnings[3].text,
	    "edges[0]: spec_type \"new\" is not known");
	assert_int_equal(graph->nodes[2].kind, NNV_NODE_EXTERNAL);
	assert_int_equal(graph->tensors[1].spec->kind, NNV_SPEC_UNKNOWN);
	assert_round_trip(&shop, graph);
	nnv_graph_free(graph);
	workshop_close(&shop);
}

/* Every refusal says where and what was found. */
static const struct {
	const char *json, *says;
} broken[] = {
	{ "{}", "an empty document: neither a trace nor a graph is in it" },
	{ "  \n", "the file is empty" },
	{ "hello",
	    "neither a pickle nor JSON: what is read is made by "
	    "jittor.dump_trace_data() or nnviz MODEL -j" },
	{ "[]",
	    "neither a Jittor trace (\"node_data\") nor a saved graph "
	    "(\"nodes\"): found a list" },
	{ "{\"nodes\": {}}", "there are no nodes" },
	{ "{\"nodes\": []}", "nodes: expected a map, found a list" },
	{ "{\"nodes\": {\"c\": 3}}", "nodes[\"c\"]: expected a map, found 3" },
	{ "{\"nodes\": {\"c\": {\"n_parameters\": \"many\"}}}",
	    "nodes[\"c\"].n_parameters: expected an integer, found \"many\"" },
	{ "{\"nodes\": {\"c\": {\"n_parameters\": 1.5}}}",
	    "nodes[\"c\"].n_parameters: expected an integer, found a real number" },
	{ "{\"nodes\": {\"c\": {\"n_parameters\": -1}}}",
	    "nodes[\"c\"].n_parameters: expected a count, found -1" },
	{ "{\"nodes\": {\"c\": {\"n_parameters\": true}}}",
	    "nodes[\"c\"].n_parameters: expected an integer, found a boolean" },
	{ "{\"nodes\": {\"c\": {\"name\": 3}}}",
	    "nodes[\"c\"].name: expected a text, found 3" },
	{ "{\"nodes\": {\"c\": {\"path\": \"a.b\"}}}",
	    "nodes[\"c\"].path: expected a list, found \"a.b\"" },
	{ "{\"nodes\": {\"c\": {\"path\": [\"a\", 1]}}}",
	    "nodes[\"c\"].path: expected a text, found 1" },
	{ "{\"nodes\": {\"c\": {\"const_args\": {}}}}",
	    "nodes[\"c\"].const_args: expected a list, found a map" },
	{ "{\"nodes\": {\"c\": {\"const_kwargs\": []}}}",
	    "nodes[\"c\"].const_kwargs: expected a map, found a list" },
	{ "{\"nodes\": {\"c\": {\"module\": 1}}}",
	    "nodes[\"c\"].module: expected an index below 1, found 1" },
	{ "{\"nodes\": {\"c\": {\"module\": 0, \"path\": [\"a\", \"b\"]}}}",
	    "nodes[\"c\"].path: expected the path of the module, and a name, "
	    "found a list" },
	{ "{\"nodes\": {\"c\": {\"parameters\": [0]}}}",
	    "nodes[\"c\"].parameters: expected an index below 0, found 0" },
	{ "{\"nodes\": {\"c\": {\"phase\": \"sideways\"}}}",
	    "nodes[\"c\"].phase: expected the name of a phase, found "
	    "\"sideways\"" },
	{ "{\"nodes\": {\"c\": {\"source\": [\"a.py\"]}}}",
	    "nodes[\"c\"].source: expected a file and a line, found a list" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": {}}",
	    "edges: expected a list, found a map" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": [[\"c\", \"c\", \"c\"]]}",
	    "edges[0]: expected [source, target, key, spec], found a list" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": [[\"c\", 7, \"c\", null]]}",
	    "edges[0].target: expected the key of a node, found 7" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": [[\"c\", \"c\", \"c\", 7]]}",
	    "edges[0]: expected a map, found 7" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": [[\"c\", \"c\", \"c\", "
	  "{\"spec_type\": \"tensor\", \"shape\": [1, \"n\"]}]]}",
	    "edges[0].shape: expected integers, found \"n\"" },
	{ "{\"nodes\": {\"c\": {}}, \"edges\": [], \"edge_tensors\": [0]}",
	    "edge_tensors and operands are not as long as edges" },
	{ "{\"nnviz_c\": {\"schema\": 2}, \"nodes\": {\"c\": {}}}",
	    "nnviz_c.schema: 2 is newer than 1, which this program reads" },
	{ "{\"nnviz_c\": {}, \"nodes\": {\"c\": {}}}",
	    "nnviz_c.schema: expected a version from 1, found nothing" },
	{ "{\"nnviz_c\": {\"schema\": 1, \"level\": \"deep\"}, \"nodes\": {}}",
	    "nnviz_c.level: expected one of \"trace\", \"ops\", \"layers\", "
	    "found \"deep\"" },
	{ "{\"nnviz_c\": {\"schema\": 1, \"counts\": {\"tensors\": 1}}, "
	  "\"nodes\": {\"c\": {}}}",
	    "nnviz_c.counts.tensors: 1 is more than the file tells of" },
	{ "{\"modules\": {\"\": {}, \"a\": {\"parent\": 1}}, \"nodes\": {}}",
	    "modules[\"a\"].parent: expected an index below 1, found 1" },
	{ "{\"modules\": {\"\": {}, \"a\": {}}, \"nodes\": {}}",
	    "modules[\"a\"].parent: expected an index, found nothing" },
	{ "{\"nodes\": {\"c\": {}}, \"tensors\": [{\"tensor\": 0}]}",
	    "tensors[0].tensor: expected an index below 0, found 0" },
	{ "{\"nodes\": {\"c\": {}}, \"parameters\": [{\"kind\": \"x\"}]}",
	    "parameters[0].kind: expected one of \"trainable\", \"frozen\", "
	    "\"buffer\", found \"x\"" },
};

static void
refuses_by_name(void **state)
{
	struct workshop shop;

	(void)state;
	workshop_open(&shop);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		assert_null(workshop_load(&shop, nnv_str(broken[i].json)));
		assert_string_equal(shop.diag.text, broken[i].says);
	}
	workshop_close(&shop);
}

/* Append TEXT to OUT, N times. */
static void
repeat(struct nnv_text *out, const char *text, int n)
{
	while (n-- > 0)
		nnv_text_adds(out, text);
}

static void
has_limits(void **state)
{
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct workshop shop;

	(void)state;
	workshop_open(&shop);
	nnv_text_adds(&json, "{\"nodes\": {\"c\": {\"path\": [");
	repeat(&json, "\"m\", ", 600);
	nnv_text_adds(&json, "\"c\"]}}}");
	assert_null(workshop_load(&shop, nnv_text_str(&json)));
	assert_int_equal(shop.diag.code, NNV_E_LIMIT);
	assert_string_equal(shop.diag.text,
	    "modules are nested deeper than 512");
	nnv_text_clear(&json);
	nnv_text_adds(&json,
	    "{\"nodes\": {\"c\": {}}, \"edges\": [[\"c\", "
	    "\"c\", \"c\", ");
	repeat(&json, "{\"spec_type\": \"list\", \"elements\": [", 100);
	repeat(&json, "]}", 100);
	nnv_text_adds(&json, "]]}");
	assert_null(workshop_load(&shop, nnv_text_str(&json)));
	assert_int_equal(shop.diag.code, NNV_E_LIMIT);
	assert_string_equal(shop.diag.text,
	    "edges[0]: a spec nested deeper than 64");
	nnv_text_release(&json);
	workshop_close(&shop);
}

/* A pickle may hold one value in many places: a graph is not read from it. */
static void
reads_no_pickled_graph(void **state)
{
	static const char pickle[] = "(dVnodes\n(dVc\n(dss.";
	struct workshop shop;

	(void)state;
	workshop_open(&shop);
	assert_null(workshop_load(&shop, NNV_STR(pickle)));
	assert_int_equal(shop.diag.code, NNV_E_SCHEMA);
	workshop_close(&shop);
}

/* Numbers for random graphs: xorshift64. */
static uint32_t
roll(uint64_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 32) % below;
}

/* One of a few texts, odd ones among them, or none. */
static nnv_name
some_name(struct nnv_graph *graph, uint64_t *seed)
{
	static const char *const texts[] = {
		"",
		"conv1",
		"layer1.0",
		"a\"b\\c",
		"<b>&amp;",
		"卷积",
		"line\nbreak",
		"\xf0\x9f\x94\xa5",
		"#2",
		"true",
	};
	uint32_t i = roll(seed, 11);

	return i == 10 ? NNV_NO_NAME : nnv_graph_name(graph, nnv_str(texts[i]));
}

static const struct nnv_spec *
some_spec(struct nnv_graph *graph, uint64_t *seed, int depth)
{
	struct nnv_spec *spec = NNV_NEW(graph->arena, struct nnv_spec);
	uint32_t n = roll(seed, 4);
	const struct nnv_spec **elements = NNV_NEW_ARRAY(graph->arena, n,
	    const struct nnv_spec *);
	int64_t *shape = NNV_NEW_ARRAY(graph->arena, n, int64_t);
	nnv_name *keys = NNV_NEW_ARRAY(graph->arena, n, nnv_name);

	spec->kind = (enum nnv_spec_kind)roll(seed, NNV_SPEC_UNKNOWN + 1);
	if (spec->kind == NNV_SPEC_TENSOR || spec->kind == NNV_SPEC_BUILTIN)
		spec->type = some_name(graph, seed);
	if (spec->kind == NNV_SPEC_BUILTIN || spec->kind == NNV_SPEC_UNKNOWN ||
	    (spec->kind != NNV_SPEC_TENSOR && depth == 0))
		return spec;
	spec->n = n;
	for (uint32_t i = 0; i < n; i++) {
		char key[16];

		shape[i] = (int64_t)roll(seed, 99) - 1;
		if (spec->kind == NNV_SPEC_TENSOR)
			continue;
		elements[i] = some_spec(graph, seed, depth - 1);
		snprintf(key, sizeof(key), "k%u", i);
		keys[i] = nnv_graph_name(graph, nnv_str(key));
	}
	spec->shape = spec->kind == NNV_SPEC_TENSOR ? shape : NULL;
	spec->elements = elements;
	spec->keys = spec->kind == NNV_SPEC_MAP ? keys : NULL;
	return spec;
}

static const struct nnv_spec *
maybe_spec(struct nnv_graph *graph, uint64_t *seed)
{
	return roll(seed, 3) == 0 ? NULL : some_spec(graph, seed, 2);
}

static struct nnv_site
some_site(struct nnv_graph *graph, uint64_t *seed)
{
	if (roll(seed, 2) == 0)
		return (struct nnv_site){ NNV_NO_NAME, 0 };
	return (struct nnv_site){ some_name(graph, seed), roll(seed, 999) };
}

static int64_t
some_count(uint64_t *seed)
{
	static const int64_t counts[] = { NNV_UNKNOWN, 0, 1, 11689512,
		INT64_C(9007199254740993), INT64_MAX };

	return counts[roll(seed, 6)];
}

static void
add_tables(struct nnv_graph *graph, uint64_t *seed)
{
	uint32_t nmodules = 1 + roll(seed, 6), nparams = roll(seed, 5);

	for (uint32_t i = 0; i < nmodules; i++) {
		struct nnv_module module = {
			.parent = i == 0 ? NNV_NONE : roll(seed, i),
			.name = some_name(graph, seed),
			.type = some_name(graph, seed),
			.phase = (enum nnv_phase)roll(seed, NNV_NPHASES),
			.is_phase = roll(seed, 2),
			.call = roll(seed, 3),
			.ncalls = roll(seed, 3),
			.repeat = roll(seed, 3),
			.differs = some_name(graph, seed),
			.site = some_site(graph, seed),
		};

		/* A component of a path is a text, if an empty one. */
		if (module.name == NNV_NO_NAME && i > 0)
			module.name = nnv_graph_name(graph, NNV_STR(""));
		nnv_graph_add_module(graph, &module);
	}
	for (uint32_t i = 0; i < nparams; i++)
		nnv_graph_add_param(graph,
		    &(struct nnv_param){
			.kind = (enum nnv_param_kind)roll(seed, 3),
			.name = some_name(graph, seed),
			.count = some_count(seed),
			.spec = maybe_spec(graph, seed) });
}

/* Some of one key: the same code run again. */
static void
add_kernels(struct nnv_graph *graph, uint64_t *seed)
{
	uint32_t n = roll(seed, 5);

	graph->kernels = NNV_NEW_ARRAY(graph->arena, n + (size_t)1,
	    struct nnv_kernel);
	assert_non_null(graph->kernels);
	for (uint32_t i = 0; i < n; i++)
		graph->kernels[i] = (struct nnv_kernel){
			.key = some_name(graph, seed),
			.file = some_name(graph, seed),
			.ops = some_name(graph, seed),
			.backend = (enum nnv_backend)roll(seed,
			    NNV_BACKEND_RELAY + 1),
			.nops = roll(seed, 9),
			.ninputs = roll(seed, 9),
			.noutputs = roll(seed, 9),
			.read = some_count(seed),
			.written = some_count(seed),
			.macs = some_count(seed),
			.elementwise = some_count(seed),
			.time = some_count(seed),
		};
	graph->nkernels = n;
}

/* Sometimes nothing finite among them, sometimes nothing recorded. */
static const struct nnv_values *
some_values(struct nnv_graph *graph, uint64_t *seed)
{
	struct nnv_values *values;

	if (roll(seed, 2) == 0)
		return NULL;
	values = NNV_NEW_ARRAY(graph->arena, 1, struct nnv_values);
	assert_non_null(values);
	values->nans = roll(seed, 3);
	values->infinities = roll(seed, 3);
	values->count = values->nans + values->infinities + roll(seed, 3);
	if (values->count == values->nans + values->infinities)
		return values;
	values->min = -(double)roll(seed, 1000) / 3;
	values->max = (double)roll(seed, 1000) * 1e30 / 7;
	values->mean = (values->min + values->max) / 2;
	return values;
}

static const struct nnv_arg *
some_args(struct nnv_graph *graph, uint64_t *seed, uint32_t *n)
{
	static const char *const values[] = { "null", "[1, 2.5, \"x\"]", "NaN",
		"{\"a\": [true, {}]}", "-Infinity", "1e-05" };
	struct nnv_arg *args = NNV_NEW_ARRAY(graph->arena, 4, struct nnv_arg);
	uint32_t positional = roll(seed, 3);

	*n = positional + roll(seed, 3);
	for (uint32_t i = 0; i < *n; i++) {
		char key[16];

		args[i].json = nnv_graph_name(graph,
		    nnv_str(values[roll(seed, 6)]));
		if (i < positional)
			continue;
		snprintf(key, sizeof(key), "arg%u", i);
		args[i].key = nnv_graph_name(graph, nnv_str(key));
	}
	return args;
}

static void
add_nodes(struct nnv_graph *graph, uint64_t *seed, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct nnv_node node = nnv_node_blank((enum nnv_node_kind)
			roll(seed, NNV_NODE_EXTERNAL + 1));
		uint32_t *params = NNV_NEW_ARRAY(graph->arena, graph->nparams,
		    uint32_t);
		uint32_t *kernels = NNV_NEW_ARRAY(graph->arena, graph->nkernels,
		    uint32_t);
		char key[16];

		snprintf(key, sizeof(key), "n%u", i);
		node.key = nnv_graph_name(graph, nnv_str(key));
		node.phase = (enum nnv_phase)roll(seed, NNV_NPHASES);
		node.leaf = some_name(graph, seed);
		node.module = roll(seed, graph->nmodules);
		if (roll(seed, 3) == 0)
			node.name = nnv_graph_name(graph,
			    NNV_STR("what people call it"));
		node.self = roll(seed, 2) == 0 ? NNV_NONE
					       : roll(seed, graph->nmodules);
		node.op = some_name(graph, seed);
		node.full_op = some_name(graph, seed);
		node.call = roll(seed, 3);
		node.ncalls = roll(seed, 3);
		node.nmembers = roll(seed, 3);
		node.repeat = roll(seed, 3);
		node.faded = roll(seed, 2);
		node.hide = (enum nnv_hidden)roll(seed, NNV_NHIDDEN);
		node.grad_of = roll(seed, 3) == 0 ? roll(seed, n) : NNV_NONE;
		node.site = some_site(graph, seed);
		node.cost = (struct nnv_cost){ some_count(seed),
			some_count(seed), some_count(seed), some_count(seed),
			some_count(seed), some_count(seed) };
		node.args = some_args(graph, seed, &node.nargs);
		if (roll(seed, 2) == 0)
			nnv_node_add_hyper(graph, &node, "kernel",
			    NNV_STR("7\xc3\x97"
				    "7"));
		if (roll(seed, 2) == 0)
			nnv_node_add_hyper(graph, &node, "st\"ride",
			    NNV_STR("/2"));
		for (uint32_t p = 0; p < graph->nparams; p++)
			if (roll(seed, 2) == 0)
				params[node.nparams++] = p;
		node.params = params;
		for (uint32_t k = 0; k < graph->nkernels; k++)
			if (roll(seed, 2) == 0)
				kernels[node.nkernels++] = k;
		node.kernels = kernels;
		node.time = some_count(seed);
		nnv_graph_add_node(graph, &node);
	}
}

/* Tensors in any order, some the same to look at, some of no producer and no
 * consumer; operands in any order too. */
static void
add_flow(struct nnv_graph *graph, uint64_t *seed)
{
	uint32_t ntensors = roll(seed, 8), nedges = roll(seed, 16);
	bool ordered = roll(seed, 2);

	for (uint32_t i = 0; i < ntensors; i++)
		nnv_graph_add_tensor(graph,
		    &(struct nnv_tensor){ .key = some_name(graph, seed),
			.name = roll(seed, 2) == 0 ? NNV_NO_NAME
						   : some_name(graph, seed),
			.producer = roll(seed, 4) == 0
			    ? NNV_NONE
			    : roll(seed, graph->nnodes),
			.param = roll(seed, 2) == 0 || graph->nparams == 0
			    ? NNV_NONE
			    : roll(seed, graph->nparams),
			.mark = roll(seed, 4) != 0 ? NNV_NO_NAME
						   : some_name(graph, seed),
			.spec = maybe_spec(graph, seed),
			.values = some_values(graph, seed) });
	for (uint32_t i = 0; i < nedges && ntensors > 0; i++) {
		uint32_t t = ordered ? i % ntensors : roll(seed, ntensors);
		struct nnv_edge edge = { .src = graph->tensors[t].producer,
			.dst = roll(seed, graph->nnodes),
			.tensor = t,
			.operand = roll(seed, 3) };

		if (edge.src != NNV_NONE)
			nnv_graph_add_edge(graph, &edge);
	}
}

static struct nnv_graph *
some_graph(struct workshop *shop, uint64_t seed)
{
	struct nnv_graph *graph = nnv_graph_new(&shop->arena, &shop->names);

	graph->level = (enum nnv_level)roll(&seed, 3);
	graph->nsteps = (uint32_t)roll(&seed, 3);
	graph->step = (uint32_t)roll(&seed, 3);
	graph->title = some_name(graph, &seed);
	graph->source = nnv_graph_name(graph, NNV_STR("resnet.pkl"));
	graph->source_version = some_name(graph, &seed);
	graph->nnviz_version = some_name(graph, &seed);
	graph->origin = some_name(graph, &seed);
	for (int i = 0; i < NNV_NHIDDEN; i++)
		graph->hidden[i] = roll(&seed, 3);
	graph->peak_bytes = some_count(&seed);
	add_tables(graph, &seed);
	add_kernels(graph, &seed);
	add_nodes(graph, &seed, 1 + roll(&seed, 9));
	add_flow(graph, &seed);
	assert_false(graph->failed);
	return graph;
}

static void
round_trip_is_exact(void **state)
{
	struct workshop shop;

	(void)state;
	workshop_open(&shop);
	for (uint64_t seed = 1; seed <= 500; seed++) {
		struct nnv_graph *graph = some_graph(&shop,
		    seed * UINT64_C(0x9e3779b97f4a7c15));

		assert_round_trip(&shop, graph);
		nnv_graph_free(graph);
	}
	workshop_close(&shop);
}

/* What is broken in any byte is refused or read, and never anything else. */
static void
survives_damage(void **state)
{
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct workshop shop;
	struct nnv_graph *graph;

	(void)state;
	workshop_open(&shop);
	graph = some_graph(&shop, 12345);
	assert_true(nnv_graph_save(graph, &json, &shop.diag));
	nnv_graph_free(graph);
	for (size_t i = 0; i < json.n; i++) {
		char was = json.p[i];

		/* Without the last newline it is still all there. */
		graph = workshop_load(&shop, (struct nnv_str){ json.p, i });
		assert_true(graph == NULL || i == json.n - 1);
		nnv_graph_free(graph);
		for (const char *c = "0\"]{9"; *c != '\0'; c++) {
			json.p[i] = *c;
			graph = workshop_load(&shop, nnv_text_str(&json));
			assert_true(graph == NULL || workshop_is_sound(graph));
			nnv_graph_free(graph);
		}
		json.p[i] = was;
	}
	nnv_text_release(&json);
	workshop_close(&shop);
}

/* Load what NNViz wrote and save it, with memory for N requests. */
static void
load_and_save(long n)
{
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct workshop shop;
	struct nnv_graph *graph;

	workshop_open(&shop);
	scarce_begin(n);
	graph = workshop_load(&shop, NNV_STR(nnviz));
	if (graph != NULL && !nnv_graph_save(graph, &json, &shop.diag))
		assert_int_equal(shop.diag.code, NNV_E_MEMORY);
	nnv_graph_free(graph);
	nnv_text_release(&json);
	workshop_close(&shop);
}

static void
survives_lack_of_memory(void **state)
{
	long n;

	(void)state;
	for (n = 0; load_and_save(n), scarce_end(); n++)
		;
	assert_true(n > 10);
}

UNIT_MAIN("graphjson", cmocka_unit_test(reads_what_nnviz_writes),
    cmocka_unit_test(names_the_source), cmocka_unit_test(tells_tensors_apart),
    cmocka_unit_test(warns_and_goes_on), cmocka_unit_test(refuses_by_name),
    cmocka_unit_test(has_limits), cmocka_unit_test(reads_no_pickled_graph),
    cmocka_unit_test(round_trip_is_exact), cmocka_unit_test(survives_damage),
    cmocka_unit_test(survives_lack_of_memory))
