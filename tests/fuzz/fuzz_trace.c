/*
 * Traces that are traces: each byte of the input is a choice in building one,
 * so that mutations reach the meaning behind the syntax, which mutated pickles
 * seldom survive. What is usual is cheap (an op, then its variable, stacks that
 * repeat); what is not is a choice too: ids that dangle, repeat, are negative
 * or enormous, cycles, fields missing or of the wrong type, names that mean
 * something to XML, Graphviz or a terminal.
 */
#include "fuzz.h"
#include "road.h"

enum { NODES_MAX = 160, STACKS = 6 };

struct choices {
	const uint8_t *p, *end;
	struct nnv_text json;
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The next choice: 0 to N - 1, and 0 when the input is used up. */
static size_t
choose(struct choices *c, size_t n)
{
	return c->p < c->end ? *c->p++ % n : 0;
}

static void
add(struct choices *c, const char *s)
{
	nnv_text_adds(&c->json, s);
}

/* One of a table of texts that are JSON already. */
static void
add_one_of(struct choices *c, const char *const *table, size_t n)
{
	add(c, table[choose(c, n)]);
}

/* True once in a while, and then something else has been written. */
static bool
is_wrong(struct choices *c)
{
	static const char *const wrong[] = { "null", "true", "-1", "1e300",
		"9223372036854775807", "123456789012345678901234567890", "\"\"",
		"[]", "{}", "[[[[1]]]]", "{\"a\": {\"b\": [null]}}", "NaN",
		"\"[1,\"", "-9223372036854775808", "4294967296", "\"7\"" };
	size_t which = choose(c, 256);

	if (which < 240)
		return false;
	add(c, wrong[which - 240]);
	return true;
}

static void
add_id(struct choices *c, size_t id)
{
	static const char *const odd[] = { "-1", "0", "9223372036854775807",
		"-9223372036854775808", "2147483648", "4294967295",
		"18446744073709551616" };
	size_t which = choose(c, 64);

	if (which >= 64 - COUNT(odd))
		add(c, odd[which - (64 - COUNT(odd))]);
	else if (which == 1 && id > 0)
		nnv_text_addi(&c->json, (int64_t)id - 1);
	else
		nnv_text_addi(&c->json, (int64_t)id);
}

/* Ids of the other kind before ID, now and then of any. */
static void
add_ids(struct choices *c, size_t id, size_t n)
{
	if (is_wrong(c))
		return;
	add(c, "[");
	for (size_t i = 0; i < n; i++) {
		size_t back = 1 + 2 * choose(c, 24);
		bool forward = choose(c, 32) == 31;

		add(c, i > 0 ? ", " : "");
		add_id(c, forward ? id + back : id > back ? id - back : 500);
	}
	add(c, "]");
}

/* One entry of a stack; WHICH keeps stacks alike. */
static void
add_frame(struct choices *c, size_t which)
{
	static const char *const names[] = { "\"net\"", "\"conv1\"",
		"\"layer1\"", "\"0\"", "\"relu\"", "\"grad\"", "\"SGD_init\"",
		"\"SGD\"", "\"\"", "\"_model\"", "\"</svg><script>\"",
		"\"\\\\G]]>\"", "\"a\\u0000\\u202e\\ud800%n\"", "\"a/b.c\"",
		"\"x.py:12\"", "\"Net_init\"" };
	static const char *const types[] = { "\"Net\"", "\"Conv\"",
		"\"Sequential\"", "\"Linear\"", "\"relu\"", "\"Grad\"",
		"\"SGD\"", "\"\"", "\"BatchNorm\"", "\"<B>&#0;</B>\"",
		"\"Adam\"", "\"LSTM\"" };

	if (is_wrong(c))
		return;
	add(c, "{\"name\": ");
	add(c, names[which % COUNT(names)]);
	add(c, ", \"type\": ");
	add(c, types[which % COUNT(types)]);
	add(c, ", \"file_path\": \"/home/me/net.py\", \"lineno\": ");
	nnv_text_addi(&c->json, (int64_t)(which % 97));
	add(c, "}");
}

static void
add_stacks(struct choices *c)
{
	size_t depth = choose(c, STACKS);

	if (is_wrong(c))
		return;
	add(c, "[");
	for (size_t i = 0; i < depth; i++) {
		add(c, i > 0 ? ", " : "");
		add_frame(c, choose(c, 48));
	}
	add(c, "]");
}

static void
add_attr(struct choices *c, const char *key, const char *value)
{
	nnv_text_addf(&c->json, ", \"%s\": ", key);
	if (!is_wrong(c))
		add(c, value);
}

static void
add_var_attrs(struct choices *c)
{
	static const char *const names[] = { "\"\"", "\"conv1.weight\"",
		"\"layer1.0.bn.running_mean\"", "\"fc.bias\"", "\"x\"",
		"\"a.b.c.d.e\"", "\".\"", "\"<>&\\\"'\\\\N\"" };
	static const char *const shapes[] = { "\"[2,3,8,8,]\"", "\"[1,]\"",
		"\"[4,3,3,3,]\"", "\"[0,3,]\"", "\"[4294967296,4294967296,]\"",
		"\"[2,4,3,8,8,3,3,]\"", "\"[]\"", "\"[-1,]\"", "\"[2\"",
		"\"[99999999999999999999,]\"", "\"[2,4,]\"" };
	static const char *const dtypes[] = { "\"float32\"", "\"int32\"",
		"\"bool\"", "\"float16\"", "\"\"", "\"<b>\"" };

	add(c, "{\"is_var\": \"1\"");
	add_attr(c, "name", names[choose(c, COUNT(names))]);
	add_attr(c, "shape", shapes[choose(c, COUNT(shapes))]);
	add_attr(c, "dtype", dtypes[choose(c, COUNT(dtypes))]);
	add_attr(c, "dsize", choose(c, 8) == 7 ? "\"-4\"" : "\"4\"");
	if (choose(c, 16) == 15)
		add_attr(c, "data", "\"[1.0,2.0]\"");
	add(c, "}");
}

static void
add_op_attrs(struct choices *c, size_t id)
{
	static const char *const names[] = { "\"binary.add\"", "\"array\"",
		"\"reindex\"", "\"broadcast_to\"", "\"binary.multiply\"",
		"\"reduce.add\"", "\"reindex_reduce.add\"", "\"getitem\"",
		"\"setitem\"", "\"ternary\"", "\"binary.greater\"", "\"empty\"",
		"\"code\"", "\"reduce.mean\"", "\"unary.exp\"",
		"\"binary.maximum\"", "\"transpose\"", "\"reshape\"",
		"\"fuse_transpose\"", "\"\\u001b[31m\"", "\"\"",
		"\"binary.divide\"", "\"reduce.maximum\"",
		"\"curand_random\"" };

	add(c, "{\"is_var\": \"0\"");
	add_attr(c, "name", names[choose(c, COUNT(names))]);
	if (choose(c, 8) == 7)
		nnv_text_addf(&c->json, ", \"grad_op_id\": \"%zu\"",
		    id / 2 + choose(c, 8));
	add(c, "}");
}

/* Nodes alternate between ops and variables unless the input says otherwise. */
static void
add_node(struct choices *c, size_t id)
{
	bool is_op = (id % 2 == 0) != (choose(c, 32) == 31);

	add(c, id > 1 ? ", \"" : "\"");
	add_id(c, id);
	add(c, "\": ");
	if (is_wrong(c))
		return;
	add(c, "{\"id\": ");
	add_id(c, id);
	add(c, ", \"inputs\": ");
	add_ids(c, id, is_op ? choose(c, 4) : 1);
	add(c, ", \"outputs\": ");
	add_ids(c, id + 4, choose(c, 2));
	add(c, ", \"stacks\": ");
	add_stacks(c);
	if (choose(c, 64) != 63) {
		add(c, ", \"attrs\": ");
		if (is_op)
			add_op_attrs(c, id);
		else
			add_var_attrs(c);
	}
	add(c, "}");
}

static void
add_kernels(struct choices *c)
{
	static const char *const keys[] = { "\"\"",
		"\"[op0:reindex][op1:binary][kh:3][kw:3]\"",
		"\"«op0:reduce«x0:float32«OP:pool«ksize=3,stride=2\"",
		"\"[JIT:1][pad=1][stride=-9999999999]\"" };
	size_t n = choose(c, 6);

	add(c, "}, \"execute_op_info\": {");
	for (size_t i = 0; i < n; i++) {
		nnv_text_addf(&c->json,
		    "%s\"%zu\": {\"fused_ops\": ", i > 0 ? ", " : "", i);
		add_ids(c, 2 * choose(c, NODES_MAX / 2) + 1, choose(c, 5));
		add(c, ", \"jit_key\": ");
		if (!is_wrong(c))
			add_one_of(c, keys, COUNT(keys));
		add(c, ", \"file_path\": \"k.cc\", \"attrs\": {}}");
	}
	add(c, "}}");
}

/* Now and then, a step that is not on the usual road. */
static unsigned
detour(struct choices *c)
{
	size_t step = choose(c, (size_t)2 * ROAD_STEPS);

	return step < ROAD_STEPS ? 1u << step : 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct choices c = { data, data + size, NNV_TEXT_EMPTY };
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;
	unsigned saved = 1u << choose(&c, ROAD_STEPS + 1);
	unsigned taken = ROAD_USUAL | detour(&c) | detour(&c);

	add(&c, "{\"node_data\": {");
	for (size_t id = 1; id == 1 || (c.p < c.end && id < NODES_MAX); id++)
		add_node(&c, id);
	add_kernels(&c);
	if (!nnv_text_failed(&c.json)) {
		graph = road_begin(&road, nnv_text_str(&c.json), &diag);
		/* what is built here is JSON, whatever else it is */
		if (graph == NULL && diag.code == NNV_E_SYNTAX)
			abort();
		road_go(graph, taken, saved);
		road_end(&road);
	}
	nnv_text_release(&c.json);
	return 0;
}
