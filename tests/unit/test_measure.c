/*
 * Hyper-parameters and quantities: of layers made of ops, whose axes tell, and
 * of layers of which only type, shapes and a count are known.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>

#include "nnviz/pass.h"
#include "nnviz/report.h"

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

enum { AXES = 10 };

/* A layer of a trace: x is gathered (or not), multiplied with a weight over
 * AXES, and summed (or scattered) to OUT. Shapes end with 0. */
struct layer {
	const char *type, *sum;
	int64_t in[AXES], axes[AXES], out[AXES];
	const char *stride; /* of who gathers; ">" before: of the sum */
	const char *expected;
};

static const struct layer layers[] = {
	{ "Conv", "reduce.add", { 2, 3, 8, 8 }, { 2, 16, 3, 4, 4, 3, 3 },
	    { 2, 16, 4, 4 }, "/2",
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "16, /2" },
	/* no kernel tells the stride: 1 is the only one that fits */
	{ "Conv", "reduce.add", { 2, 3, 8, 8 }, { 2, 16, 3, 8, 8, 3, 3 },
	    { 2, 16, 8, 8 }, NULL,
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "16" },
	{ "Conv", "reduce.add", { 2, 3, 56, 56 }, { 2, 16, 3, 28, 28, 3, 3 },
	    { 2, 16, 28, 28 }, NULL,
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "16, /2" },
	/* of one position nobody knows the stride */
	{ "Conv", "reduce.add", { 2, 3, 2, 2 }, { 2, 16, 3, 1, 1, 3, 3 },
	    { 2, 16, 1, 1 }, NULL,
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "16" },
	{ "Conv1d", "reduce.add", { 2, 3, 9 }, { 2, 8, 3, 9, 5 }, { 2, 8, 9 },
	    "/1",
	    "5, 3\xe2\x86\x92"
	    "8" },
	{ "Conv3d", "reduce.add", { 2, 3, 9, 9, 9 },
	    { 2, 8, 3, 9, 9, 9, 1, 3, 3 }, { 2, 8, 9, 9, 9 }, "/1",
	    "1\xc3\x97"
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "8" },
	/* N G Cout/G Cin/G H W kh kw */
	{ "Conv", "reindex_reduce.add", { 2, 64, 8, 8 },
	    { 2, 32, 4, 2, 8, 8, 3, 3 }, { 2, 128, 8, 8 }, "/1",
	    "3\xc3\x97"
	    "3, 64\xe2\x86\x92"
	    "128, groups 32" },
	{ "Conv", "reindex_reduce.add", { 2, 32, 8, 8 },
	    { 2, 32, 2, 1, 4, 4, 3, 3 }, { 2, 64, 4, 4 }, "/2",
	    "3\xc3\x97"
	    "3, 32\xe2\x86\x92"
	    "64, /2, depthwise" },
	/* transposed: N Cin Cout H W kh kw, with H and W of the input */
	{ "ConvTranspose", "reindex_reduce.add", { 1, 16, 4, 4 },
	    { 1, 16, 8, 4, 4, 2, 2 }, { 1, 8, 8, 8 }, ">/2",
	    "2\xc3\x97"
	    "2, 16\xe2\x86\x92"
	    "8, /2" },
	{ "Up", "reindex_reduce.add", { 1, 16, 4, 4 },
	    { 1, 4, 4, 2, 4, 4, 2, 2 }, { 1, 8, 8, 8 }, ">/2",
	    "2\xc3\x97"
	    "2, 16\xe2\x86\x92"
	    "8, /2, groups 4, transposed" },
	/* without an index no window slides: this is no convolution */
	{ "Outer", "reduce.add", { 2, 3, 8, 8 }, { 2, 16, 3, 8, 8, 3, 3 },
	    { 2, 16, 8, 8 }, "-", "" },
};

static uint32_t
rank(const int64_t *shape)
{
	uint32_t n = 0;

	while (n < AXES && shape[n] != 0)
		n++;
	return n;
}

/* An op of the layer, the module [1], and what it gives. */
static uint32_t
add_op(struct nnv_graph *graph, const char *op, const int64_t *shape)
{
	struct nnv_node node = nnv_node_blank(NNV_NODE_OP);
	struct nnv_tensor tensor = { .param = NNV_NONE };
	char key[16];

	snprintf(key, sizeof(key), "%u", graph->nnodes);
	node.key = node.leaf = nnv_graph_name(graph, nnv_str(key));
	node.op = nnv_graph_name(graph, nnv_str(op));
	node.module = 1;
	node.cost = (struct nnv_cost){ 0 };
	tensor.producer = nnv_graph_add_node(graph, &node);
	tensor.key = node.key;
	tensor.spec = nnv_spec_tensor(graph, shape, rank(shape),
	    nnv_graph_name(graph, NNV_STR("float32")));
	nnv_graph_add_tensor(graph, &tensor);
	return tensor.producer;
}

static void
connect(struct nnv_graph *graph, uint32_t src, uint32_t dst)
{
	nnv_graph_add_edge(graph,
	    &(struct nnv_edge){ .src = src, .dst = dst, .tensor = src });
}

static struct nnv_graph *
trace_of(struct workshop *shop, const struct layer *l)
{
	struct nnv_graph *graph = nnv_graph_new(&shop->arena, &shop->names);
	struct nnv_module root = { .parent = NNV_NONE }, self = { .parent = 0 };
	bool gathers = l->stride == NULL || *l->stride != '-';
	uint32_t x, from, product, sum, teller;

	if (graph == NULL)
		return NULL;
	graph->level = NNV_LEVEL_OPS;
	self.name = nnv_graph_name(graph, NNV_STR("layer"));
	self.type = nnv_graph_name(graph, nnv_str(l->type));
	nnv_graph_add_module(graph, &root);
	nnv_graph_add_module(graph, &self);
	x = add_op(graph, "array", l->in);
	from = add_op(graph, gathers ? "reindex" : "broadcast_to", l->axes);
	product = add_op(graph, "binary.multiply", l->axes);
	sum = add_op(graph, l->sum, l->out);
	if (graph->failed) {
		nnv_graph_free(graph);
		return NULL;
	}
	graph->nodes[x].module = 0;
	graph->nodes[product].cost.macs = 1;
	teller = l->stride != NULL && *l->stride == '>' ? sum : from;
	if (l->stride != NULL && gathers)
		nnv_node_add_hyper(graph, &graph->nodes[teller], "stride",
		    nnv_str(l->stride + (teller == sum)));
	connect(graph, x, from);
	connect(graph, from, product);
	connect(graph, product, sum);
	return graph;
}

static void
axes_tell_convolutions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(layers) / sizeof(*layers); i++) {
		struct nnv_text text = NNV_TEXT_EMPTY;
		struct workshop shop;
		struct nnv_graph *ops, *graph;
		uint32_t v;

		workshop_open(&shop);
		ops = trace_of(&shop, &layers[i]);
		graph = nnv_pass_level(ops, &shop.diag);
		assert_non_null(graph);
		v = workshop_node(graph, "layer");
		assert_int_not_equal(v, NNV_NONE);
		nnv_text_adds(&text, "");
		nnv_node_hypers(graph, &graph->nodes[v], &text);
		assert_string_equal(text.p, layers[i].expected);
		nnv_text_release(&text);
		nnv_graph_free(graph);
		nnv_graph_free(ops);
		workshop_close(&shop);
	}
}

/* A layer of NNViz's: what is told of it, and what follows. */
static const struct {
	const char *type, *in, *out;
	long params;
	const char *hypers;
	int64_t macs, elementwise;
} known[] = {
	{ "Conv2d", "1,3,224,224", "1,64,112,112", 9408,
	    "7\xc3\x97"
	    "7, 3\xe2\x86\x92"
	    "64, /2",
	    118013952, 0 },
	{ "Conv2d", "2,3,8,8", "2,16,8,8", 448,
	    "3\xc3\x97"
	    "3, 3\xe2\x86\x92"
	    "16",
	    55296, 2048 },
	{ "Conv2d", "1,32,8,8", "1,32,8,8", 288,
	    "3\xc3\x97"
	    "3, 32\xe2\x86\x92"
	    "32, depthwise",
	    18432, 0 },
	{ "Conv2d", "1,64,8,8", "1,128,8,8", 2304,
	    "3\xc3\x97"
	    "3, 64\xe2\x86\x92"
	    "128, groups 32",
	    147456, 0 },
	{ "ConvTranspose2d", "1,16,4,4", "1,8,8,8", 520,
	    "2\xc3\x97"
	    "2, 16\xe2\x86\x92"
	    "8, /2",
	    8192, 512 },
	/* no window has seven weights that are a square */
	{ "Conv2d", "1,3,8,8", "1,16,8,8", 336, "", NNV_UNKNOWN, NNV_UNKNOWN },
	{ "Linear", "4,512", "4,1000", 513000,
	    "512\xe2\x86\x92"
	    "1000",
	    2048000, 4000 },
	{ "Linear", "4,512", "4,1000", 512000,
	    "512\xe2\x86\x92"
	    "1000",
	    2048000, 0 },
	{ "Linear", "4,512", "4,1000", 7, "", NNV_UNKNOWN, NNV_UNKNOWN },
	{ "BatchNorm2d", "1,64,8,8", "1,64,8,8", 128, "channels 64", 0, 4096 },
	{ "LayerNorm", "1,8,96", "1,8,96", 192, "features 96", 0, 768 },
	{ "Embedding", "2,5", "2,5,32", 1600,
	    "50\xc3\x97"
	    "32",
	    0, 0 },
	{ "MaxPool2d", "1,8,4,4", "1,8,2,2", 0, "", 0, NNV_UNKNOWN },
	{ "AdaptiveAvgPool2d", "1,8,4,4", "1,8,1,1", 0,
	    "\xe2\x86\x92"
	    "1\xc3\x97"
	    "1",
	    0, 128 },
	{ "matmul", "2,3,4", "2,3,5", 0, "", 120, 0 },
	{ "ReLU", "2,3", "2,3", 0, "", 0, 6 },
	{ "flatten", "2,3,4", "2,12", 0, "", 0, 0 },
	{ "MyOwn", "2,3", "2,3", 0, "", NNV_UNKNOWN, NNV_UNKNOWN },
};

static struct nnv_graph *
load_layer(struct workshop *shop, const char *type, const char *in,
    const char *out, long params)
{
	char json[1024];

	snprintf(json, sizeof(json),
	    "{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\"}, "
	    "\"a\": {\"node_type\": \"op\", \"name\": \"a\", \"op\": \"%s\", "
	    "\"n_parameters\": %ld}, "
	    "\"y\": {\"node_type\": \"output\", \"name\": \"y\"}}, "
	    "\"edges\": [[\"x\", \"a\", \"x\", {\"spec_type\": \"tensor\", "
	    "\"shape\": [%s], \"dtype\": \"torch.float32\"}], "
	    "[\"a\", \"y\", \"a\", {\"spec_type\": \"tensor\", \"shape\": "
	    "[%s], \"dtype\": \"torch.float32\"}]]}",
	    type, params, in, out);
	return workshop_load(shop, nnv_str(json));
}

static void
counts_tell_layers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct nnv_text text = NNV_TEXT_EMPTY;
		struct workshop shop;
		struct nnv_graph *whole, *graph;
		const struct nnv_node *node;

		workshop_open(&shop);
		whole = load_layer(&shop, known[i].type, known[i].in,
		    known[i].out, known[i].params);
		assert_non_null(whole);
		graph = nnv_pass_measure(whole, &shop.diag);
		assert_non_null(graph);
		node = &graph->nodes[workshop_node(graph, "a")];
		nnv_text_adds(&text, "");
		nnv_node_hypers(graph, node, &text);
		assert_string_equal(text.p, known[i].hypers);
		assert_int_equal(node->cost.macs, known[i].macs);
		assert_int_equal(node->cost.elementwise, known[i].elementwise);
		nnv_text_release(&text);
		nnv_graph_free(graph);
		nnv_graph_free(whole);
		workshop_close(&shop);
	}
}

/* In and out are alive together: 6 and 12 floats. */
static void
peak_is_of_what_is_alive(void **state)
{
	struct workshop shop;
	struct nnv_graph *whole, *graph;

	(void)state;
	workshop_open(&shop);
	whole = load_layer(&shop, "MyOwn", "2,3", "2,6", 0);
	graph = nnv_pass_measure(whole, &shop.diag);
	assert_non_null(graph);
	assert_int_equal(graph->peak_bytes, 72);
	assert_int_equal(graph->nodes[1].cost.output_elements, 12);
	assert_int_equal(graph->nodes[1].cost.output_bytes, 48);
	assert_int_equal(graph->nodes[1].cost.activation_bytes, 48);
	nnv_graph_free(graph);
	nnv_graph_free(whole);
	/* what is not known is not counted as nothing */
	whole = workshop_load(&shop,
	    NNV_STR("{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": "
		    "\"x\"}, \"y\": {\"node_type\": \"output\", \"name\": "
		    "\"y\"}}, \"edges\": [[\"x\", \"y\", \"x\", null]]}"));
	graph = nnv_pass_measure(whole, &shop.diag);
	assert_int_equal(graph->peak_bytes, NNV_UNKNOWN);
	nnv_graph_free(graph);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

static void
sums_say_what_is_missing(void **state)
{
	struct nnv_sum sum = { 0, false };

	(void)state;
	nnv_sum_add(&sum, 3);
	assert_false(sum.at_least);
	nnv_sum_add(&sum, NNV_UNKNOWN);
	nnv_sum_add(&sum, 4);
	assert_true(sum.at_least);
	assert_int_equal(sum.known, 7);
	nnv_sum_add(&sum, INT64_MAX);
	assert_int_equal(sum.known, 7);
	assert_int_equal(nnv_dtype_size(NNV_STR("torch.bfloat16")), 2);
	assert_int_equal(nnv_dtype_size(NNV_STR("float128")), NNV_UNKNOWN);
}

/* Level, measure and every report, with memory for N requests. */
static void
work(long n)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct nnv_graph *ops, *graph = NULL, *measured = NULL;
	struct workshop shop;
	bool done;

	workshop_open(&shop);
	scarce_begin(n);
	ops = trace_of(&shop, &layers[0]);
	if (ops != NULL)
		graph = nnv_pass_level(ops, &shop.diag);
	if (graph != NULL)
		measured = nnv_pass_measure(graph, &shop.diag);
	for (size_t i = 0; measured != NULL && nnv_report_format(i) != NULL;
	     i++) {
		done = nnv_report(measured, nnv_str(nnv_report_format(i)->name),
		    NNV_STR("macs"), &text, &shop.diag);
		assert_int_equal(done, shop.diag.code == NNV_OK);
		if (!done)
			assert_int_equal(shop.diag.code, NNV_E_MEMORY);
		if (!done)
			break;
	}
	nnv_text_release(&text);
	nnv_graph_free(measured);
	nnv_graph_free(graph);
	nnv_graph_free(ops);
	workshop_close(&shop);
}

static void
survives_lack_of_memory(void **state)
{
	long n;

	(void)state;
	for (n = 0; work(n), scarce_end(); n++)
		;
	assert_true(n > 30);
}

UNIT_MAIN("measure", cmocka_unit_test(axes_tell_convolutions),
    cmocka_unit_test(counts_tell_layers),
    cmocka_unit_test(peak_is_of_what_is_alive),
    cmocka_unit_test(sums_say_what_is_missing),
    cmocka_unit_test(survives_lack_of_memory))
