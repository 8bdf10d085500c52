/*
 * What a trace means: phases, parameters, inputs and outputs, calls, layers.
 * Each case is a recording in a few lines:
 *
 *	ID=OP(INPUT,...) STACK -> ID:NAME[SHAPE] ...
 *
 * where STACK is "name:Type/name:Type", an empty one "-", and code outside any
 * module "train.py:3". NAME may be empty.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdio.h>
#include <stdlib.h>

#include "nnviz/pass.h"
#include "nnviz/text.h"

#include "unit.h"
#include "scarce.h"
#include "workshop.h"

/* One stack entry; "file.py:12" is code. */
static void
write_frame(struct nnv_text *json, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n);
	size_t name = colon != NULL ? (size_t)(colon - p) : n;
	bool code = colon != NULL && colon[1] >= '0' && colon[1] <= '9';
	int line = code ? atoi(colon + 1) : 7;

	nnv_text_adds(json, "{\"name\": \"");
	nnv_text_add(json, (struct nnv_str){ p, code ? n : name });
	nnv_text_adds(json, "\", \"type\": \"");
	if (!code)
		nnv_text_add(json, (struct nnv_str){ colon + 1, n - name - 1 });
	nnv_text_adds(json, "\", \"file_path\": \"");
	nnv_text_add(json,
	    code ? (struct nnv_str){ p, name } : NNV_STR("net.py"));
	nnv_text_addf(json, "\", \"lineno\": %d}", line);
}

static void
write_stack(struct nnv_text *json, const char *p, size_t n)
{
	nnv_text_adds(json, "\"stacks\": [");
	while (n > 0 && *p != '-') {
		const char *slash = memchr(p, '/', n);
		size_t part = slash != NULL ? (size_t)(slash - p) : n;

		write_frame(json, p, part);
		if (slash == NULL)
			break;
		nnv_text_addc(json, ',');
		p = slash + 1;
		n -= part + 1;
	}
	nnv_text_adds(json, "], ");
}

/* "3=binary.add(1,2) m:M" */
static int
write_op(struct nnv_text *json, const char *line)
{
	const char *name = strchr(line, '=') + 1;
	const char *open = strchr(name, '('), *close = strchr(open, ')');
	const char *stack = close + 2, *end = strchr(stack, ' ');
	const char *grad = strchr(stack, '^');
	int id = atoi(line);

	nnv_text_addf(json, "\"%d\": {\"inputs\": [", id);
	nnv_text_add(json,
	    (struct nnv_str){ open + 1, (size_t)(close - open - 1) });
	nnv_text_adds(json, "], \"outputs\": [], ");
	if (grad != NULL && grad < end)
		end = grad;
	write_stack(json, stack, (size_t)(end - stack));
	nnv_text_adds(json, "\"attrs\": {\"is_var\": \"0\", \"name\": \"");
	nnv_text_add(json, (struct nnv_str){ name, (size_t)(open - name) });
	if (grad != NULL && end == grad)
		nnv_text_addf(json, "\", \"grad_op_id\": \"%d", atoi(grad + 1));
	nnv_text_adds(json, "\"}}");
	return id;
}

/* "4:fc.weight[2,3]" */
static void
write_var(struct nnv_text *json, const char *p, int producer)
{
	const char *name = strchr(p, ':') + 1, *open = strchr(name, '[');
	const char *close = strchr(open, ']');

	nnv_text_addf(json,
	    ", \"%d\": {\"inputs\": [%d], \"outputs\": [], "
	    "\"stacks\": [], \"attrs\": {\"is_var\": \"1\", \"name\": \"",
	    atoi(p), producer);
	nnv_text_add(json, (struct nnv_str){ name, (size_t)(open - name) });
	nnv_text_adds(json,
	    "\", \"dtype\": \"float32\", \"dsize\": \"4\", "
	    "\"shape\": \"[");
	nnv_text_add(json,
	    (struct nnv_str){ open + 1, (size_t)(close - open - 1) });
	nnv_text_adds(json, ",]\"}}");
}

static struct nnv_graph *
record(struct workshop *shop, const char *const *lines)
{
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct nnv_graph *graph;

	nnv_text_adds(&json, "{\"node_data\": {");
	for (size_t i = 0; lines[i] != NULL; i++) {
		const char *var = strstr(lines[i], "-> ");
		int id;

		if (i > 0)
			nnv_text_adds(&json, ",\n");
		id = write_op(&json, lines[i]);
		while (var != NULL && (var = strchr(var, ' ')) != NULL)
			write_var(&json, ++var, id);
	}
	nnv_text_adds(&json, "}, \"execute_op_info\": {}}");
	graph = workshop_load(shop, nnv_text_str(&json));
	nnv_text_release(&json);
	return graph;
}

/* All passes up to layers, or ops; NULL where one fails. */
static struct nnv_graph *
prepare(struct workshop *shop, const struct nnv_graph *whole, unsigned phases,
    bool layers)
{
	struct nnv_graph *a = nnv_pass_calls(whole, &shop->diag), *b;

	b = a != NULL ? nnv_pass_phase(a, phases, &shop->diag) : NULL;
	nnv_graph_free(a);
	a = b != NULL ? nnv_pass_prune(b, phases, &shop->diag) : NULL;
	nnv_graph_free(b);
	if (a == NULL || !layers)
		return a;
	b = nnv_pass_level(a, &shop->diag);
	nnv_graph_free(a);
	return b;
}

/* "input>fc fc>output": edges between people's names of nodes. */
static void
describe(const struct nnv_graph *graph, struct nnv_text *out)
{
	for (uint32_t e = 0; e < graph->nedges; e++) {
		if (e > 0)
			nnv_text_addc(out, ' ');
		nnv_text_add(out,
		    nnv_graph_text(graph,
			graph->nodes[graph->edges[e].src].key));
		nnv_text_addc(out, '>');
		nnv_text_add(out,
		    nnv_graph_text(graph,
			graph->nodes[graph->edges[e].dst].key));
	}
}

static void
assert_draws(const char *const *lines, unsigned phases, bool layers,
    const char *edges)
{
	struct workshop shop;
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct nnv_graph *whole, *drawn;

	workshop_open(&shop);
	whole = record(&shop, lines);
	assert_non_null(whole);
	assert_true(workshop_is_sound(whole));
	drawn = prepare(&shop, whole, phases, layers);
	assert_non_null(drawn);
	assert_true(workshop_is_sound(drawn));
	describe(drawn, &text);
	assert_string_equal(text.p != NULL ? text.p : "", edges);
	nnv_text_release(&text);
	nnv_graph_free(drawn);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

#define FORWARD (1u << NNV_FORWARD)
#define BACKWARD (1u << NNV_BACKWARD)
#define INIT_WB                                                           \
	"1=random() Net_init:Net/Linear_init:Linear -> 2:fc.weight[3,4]", \
	    "3=random() Net_init:Net/Linear_init:Linear -> 4:fc.bias[4]"
#define LINEAR(a, x, w, b, stack)                                     \
#a "1=broadcast_to(" #x ") " stack " -> " #a "2:[2,3,4]",     \
	    #a "3=broadcast_to(" #w ") " stack " -> " #a "4:[2,3,4]", \
	    #a "5=binary.multiply(" #a "2," #a "4) " stack " -> " #a  \
	       "6:[2,3,4]",                                           \
	    #a "7=reduce.add(" #a "6) " stack " -> " #a "8:[2,4]",    \
	    #a "9=binary.add(" #a "8," #b ") " stack " -> " #a "10:[2,4]"

/* A layer, its input and its output; the root is the model itself. */
static void
draws_a_layer(void **state)
{
	const char *const net[] = { INIT_WB, "5=array() main.py:3 -> 6:[2,3]",
		LINEAR(1, 6, 2, 4, "net:Net/fc:Linear"), NULL };

	(void)state;
	assert_draws(net, FORWARD, true, "input>fc fc>output");
	assert_draws(net, FORWARD, false,
	    "input>11 11>15 15>17 17>19 "
	    "19>output");
}

/* Two calls in a row leave one run; each call is a node. */
static void
tells_calls_apart(void **state)
{
	const char *const twice[] = { INIT_WB, "5=array() main.py:3 -> 6:[2,3]",
		LINEAR(1, 6, 2, 4, "net:Net/fc:Linear"),
		LINEAR(2, 110, 2, 4, "net:Net/fc:Linear"), NULL };
	const char *const apart[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net/act:Act -> 12:[2,3]",
		"13=unary.tanh(12) net:Net -> 14:[2,3]",
		"15=unary.exp(14) net:Net/act:Act -> 16:[2,3]", NULL };

	(void)state;
	assert_draws(twice, FORWARD, true, "input>fc fc>fc#2 fc#2>output");
	assert_draws(apart, FORWARD, true,
	    "input>act act>tanh tanh>act#2 act#2>output");
}

/* The same op twice in one layer is no second call. */
static void
keeps_a_layer_whole(void **state)
{
	const char *const net[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net/act:Act -> 12:[2,3]",
		"13=unary.exp(12) net:Net/act:Act -> 14:[2,3]",
		"15=unary.sqrt(14) net:Net/last:Last -> 16:[2,3]", NULL };

	(void)state;
	assert_draws(net, FORWARD, true, "input>act act>last last>output");
}

/* Two lists in one parent both have a "0": parameters tell them apart, and
 * name them. */
static void
names_items_of_lists(void **state)
{
	const char *const net[] = { "1=random() Net_init:Net -> 2:a.0.w[2,3]",
		"3=random() Net_init:Net -> 4:b.0.w[2,3]",
		"5=array() main.py:3 -> 6:[2,3]",
		"11=binary.add(6,2) net:Net/0:Add -> 12:[2,3]",
		"13=binary.add(12,4) net:Net/0:Add -> 14:[2,3]", NULL };

	(void)state;
	assert_draws(net, FORWARD, true, "input>a_0 a_0>b_0 b_0>output");
}

/* A decorator's second entry is none; genuine nesting is kept. */
static void
drops_a_decorator(void **state)
{
	const char *const nested[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net/in:In/in:In -> 12:[2,3]",
		"13=unary.exp(12) net:Net/in:In -> 14:[2,3]", NULL };

	(void)state;
	assert_draws(nested, FORWARD, true,
	    "input>in_in in_in>in_exp in_exp>output");
}

/* Constants, updates of statistics and dead ends are not drawn. */
static void
hides_what_nobody_wants(void **state)
{
	const char *const net[] = {
		"1=random() Net_init:Net -> 2:bn.running_mean[3]",
		"5=array() main.py:3 -> 6:[2,3]", "7=array() net:Net -> 8:[1]",
		"11=binary.add(6,8) net:Net -> 12:[2,3]",
		"13=reduce.mean(12) net:Net -> 14:[3]",
		"15=binary.add(2,14) net:Net -> 16:bn.running_mean[3]",
		"17=unary.exp(12) net:Net -> 18:[2,3]", NULL
	};

	(void)state;
	assert_draws(net, FORWARD, true, "input>add add>exp exp>output");
}

/* The second tensor of an op whose first is used is no output. */
static void
ignores_by_products(void **state)
{
	const char *const net[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=getitem(6) net:Net -> 12:[2,1] 13:[2,3]",
		"15=unary.exp(12) net:Net -> 16:[2,1]", NULL };

	(void)state;
	assert_draws(net, FORWARD, true,
	    "input>getitem getitem>exp exp>output");
}

/* A function that uses what the model gives does not swallow its output. */
static void
ends_before_the_loss(void **state)
{
	const char *const net[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net -> 12:[2,3]",
		"13=unary.tanh(12) net:Net -> 14:[2,3]",
		"15=reduce.mean(14) main.py:9 -> 16:[1]", NULL };

	(void)state;
	assert_draws(net, FORWARD, true, "input>exp exp>tanh tanh>output");
}

/* Gradient ops stand in the modules whose gradient they compute. */
static void
mirrors_the_backward_pass(void **state)
{
	const char *const net[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net/a:A -> 12:[2,3]",
		"13=unary.tanh(12) net:Net/b:B -> 14:[2,3]",
		"15=array() grad:Grad/net:Net/b:B^13 -> 16:[2,3]",
		"17=binary.multiply(16,14) grad:Grad/net:Net/b:B^13"
		" -> 18:[2,3]",
		"19=binary.multiply(18,12) grad:Grad/net:Net/a:A^11"
		" -> 20:[2,3]",
		NULL };

	(void)state;
	assert_draws(net, BACKWARD, true, "b>a");
}

/* Functions without modules: what is outside is the model, and the arrays it
 * starts from are its inputs. */
static void
draws_functions(void **state)
{
	const char *const net[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) main.py:4 -> 12:[2,3]",
		"13=reduce.mean(12) main.py:5 -> 14:[1]", NULL };

	(void)state;
	assert_draws(net, FORWARD, true, "input>exp exp>mean mean>output");
}

/* An optimizer's step under "SGD_init", and one inside the model's own root. */
static void
finds_the_optimizer(void **state)
{
	const char *const global[] = { INIT_WB,
		"5=array() main.py:3 -> 6:[2,3]",
		"11=binary.multiply(6,2) net:Net -> 12:[3,4]",
		"21=unary.neg(12) grad:Grad/net:Net^11 -> 22:[3,4]",
		"23=binary.subtract(2,22) SGD_init:SGD -> 24:fc.weight[3,4]",
		NULL };
	const char *const inside[] = { INIT_WB,
		"5=array() main.py:3 -> 6:[2,3]",
		"11=binary.multiply(6,2) :Net -> 12:[3,4]",
		"21=unary.neg(12) grad:Grad/:Net^11 -> 22:[3,4]",
		"31=array() :Net -> 32:[1]",
		"33=binary.multiply(22,32) :Net -> 34:[3,4]",
		"35=binary.subtract(2,34) :Net -> 36:fc.weight[3,4]", NULL };

	(void)state;
	assert_draws(global, FORWARD, true, "input>multiply multiply>output");
	assert_draws(inside, FORWARD, true, "input>multiply multiply>output");
}

struct expected {
	int64_t parameters, buffers;
	bool at_least;
};

static void
assert_params(const char *const *lines, struct expected want)
{
	struct workshop shop;
	struct nnv_param_sum sum;
	struct nnv_graph *whole, *drawn;

	workshop_open(&shop);
	whole = record(&shop, lines);
	assert_non_null(whole);
	drawn = prepare(&shop, whole, FORWARD, true);
	assert_non_null(drawn);
	assert_true(nnv_graph_params(drawn, &sum));
	assert_int_equal(sum.parameters, want.parameters);
	assert_int_equal(sum.buffers, want.buffers);
	assert_int_equal(sum.at_least, want.at_least);
	nnv_graph_free(drawn);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

/* Once each, whatever is updated, tied or unnamed. */
static void
counts_parameters_once(void **state)
{
	const char *const updated[] = { INIT_WB,
		"5=array() main.py:3 -> 6:[2,3]",
		LINEAR(1, 6, 2, 4, "net:Net/fc:Linear"),
		"21=unary.neg(110) grad:Grad/net:Net^19 -> 22:[3,4]",
		"23=binary.subtract(2,22) opt:SGD -> 24:fc.weight[3,4]",
		LINEAR(3, 110, 24, 4, "net:Net/fc2:Linear"), NULL };
	const char *const statistic[] = { "1=random() Net_init:Net -> 2:[3]",
		"5=array() main.py:3 -> 6:[2,3]",
		"11=unary.exp(6) net:Net/bn:BN -> 12:[2,3]",
		"13=reduce.mean(12) net:Net/bn:BN -> 14:[3]",
		"15=binary.add(2,14) net:Net/bn:BN -> 16:bn.running_mean[3]",
		"17=unary.tanh(12) net:Net -> 18:[2,3]", NULL };
	const char *const dangling[] = {
		LINEAR(1, 90, 91, 92, "net:Net/fc:Linear"), NULL
	};

	(void)state;
	assert_params(updated, (struct expected){ 16, 0, false });
	assert_params(statistic, (struct expected){ 0, 3, false });
	assert_params(dangling, (struct expected){ 0, 0, true });
}

/* A trace that cannot be: cycles, loops, ids that name the wrong thing. */
static void
survives_nonsense(void **state)
{
	const char *const cycle[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=binary.add(6,14) net:Net -> 12:[2,3]",
		"13=unary.exp(12) net:Net -> 14:[2,3]",
		"15=unary.exp(14) net:Net -> 16:[2,3]", NULL };
	const char *const op_as_input[] = { "5=array() main.py:3 -> 6:[2,3]",
		"11=binary.add(6,5,5,11,9999999) net:Net -> 12:[2,3]", NULL };

	(void)state;
	assert_draws(cycle, FORWARD, true,
	    "input>add exp>add add>exp exp>exp#2 exp#2>output");
	assert_draws(op_as_input, FORWARD, true, "input>add add>output");
}

/* The first module called NAME of the type TYPE, or NNV_NONE. */
static uint32_t
find_module(const struct nnv_graph *graph, const char *name, const char *type)
{
	for (uint32_t m = 0; m < graph->nmodules; m++)
		if (strcmp(workshop_text(graph, graph->modules[m].name),
			name) == 0 &&
		    strcmp(workshop_text(graph, graph->modules[m].type),
			type) == 0)
			return m;
	return NNV_NONE;
}

/* An update gets a module of its own, below that of the parameter's user; a
 * step that was not recorded is refused. */
static void
finds_owners_and_steps(void **state)
{
	const char *const updated[] = { INIT_WB,
		"5=array() main.py:3 -> 6:[2,3]",
		LINEAR(1, 6, 2, 4, "net:Net/fc:Linear"),
		"21=unary.neg(110) grad:Grad/net:Net^19 -> 22:[3,4]",
		"23=binary.subtract(2,22) opt:SGD -> 24:fc.weight[3,4]", NULL };
	struct workshop shop;
	struct nnv_graph *whole, *calls, *owned;
	uint32_t m;

	(void)state;
	workshop_open(&shop);
	whole = record(&shop, updated);
	calls = nnv_pass_calls(whole, &shop.diag);
	assert_non_null(calls);
	owned = nnv_pass_owners(calls, &shop.diag);
	assert_non_null(owned);
	assert_true(workshop_is_sound(owned));
	assert_int_equal(owned->nnodes, calls->nnodes);
	m = find_module(owned, "weight", "SGD");
	assert_int_not_equal(m, NNV_NONE);
	assert_string_equal(workshop_text(owned,
				owned->modules[owned->modules[m].parent].name),
	    "fc");
	nnv_graph_free(owned);
	assert_null(nnv_pass_steps(calls, 9, &shop.diag));
	assert_int_not_equal(shop.diag.code, NNV_OK);
	nnv_graph_free(calls);
	nnv_graph_free(whole);
	workshop_close(&shop);
}

/* Out of memory anywhere: one failure, no crash, no leak. */
static void
survives_scarcity(void **state)
{
	const char *const net[] = { INIT_WB, "5=array() main.py:3 -> 6:[2,3]",
		LINEAR(1, 6, 2, 4, "net:Net/fc:Linear"),
		LINEAR(2, 110, 2, 4, "net:Net/fc:Linear"),
		"31=unary.neg(210) grad:Grad/net:Net/fc:Linear^29"
		" -> 32:[3,4]",
		NULL };
	bool refused = true;

	(void)state;
	for (long n = 0; refused; n++) {
		struct workshop shop;
		struct nnv_graph *whole, *drawn = NULL;

		workshop_open(&shop);
		whole = record(&shop, net);
		assert_non_null(whole);
		scarce_begin(n);
		drawn = prepare(&shop, whole, NNV_ALL_PHASES, true);
		refused = scarce_end();
		if (drawn == NULL)
			assert_int_equal(shop.diag.code, NNV_E_MEMORY);
		else
			assert_true(workshop_is_sound(drawn));
		assert_true(drawn != NULL || refused);
		nnv_graph_free(drawn);
		nnv_graph_free(whole);
		workshop_close(&shop);
	}
}

UNIT_MAIN("trace", cmocka_unit_test(draws_a_layer),
    cmocka_unit_test(tells_calls_apart), cmocka_unit_test(keeps_a_layer_whole),
    cmocka_unit_test(names_items_of_lists), cmocka_unit_test(drops_a_decorator),
    cmocka_unit_test(hides_what_nobody_wants),
    cmocka_unit_test(ignores_by_products),
    cmocka_unit_test(ends_before_the_loss),
    cmocka_unit_test(mirrors_the_backward_pass),
    cmocka_unit_test(draws_functions), cmocka_unit_test(finds_the_optimizer),
    cmocka_unit_test(counts_parameters_once),
    cmocka_unit_test(finds_owners_and_steps),
    cmocka_unit_test(survives_nonsense), cmocka_unit_test(survives_scarcity))
