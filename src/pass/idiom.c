/*
 * Idioms: what a person calls softmax is five ops in a trace.
 *
 * A table of terms (see term.c) over the names of ops says what an idiom looks
 * like, and where structure is not enough a condition on shapes decides: a
 * multiplication over one axis more than its sum has is a product of matrices,
 * over seven axes behind a window a convolution. Larger idioms come first, so
 * that a loss is not taken for the softmax in it; what is made of other idioms
 * (attention is two matrix products about a softmax) is looked for in a second
 * round over what the first one made. What no term describes stays as it is.
 *
 * An occurrence lies in one module and ends in one op; what the ops before it
 * make is used inside it, or by gradients, which come after its end. So nothing
 * can lead out of it and back, and merging it closes no cycle. Normalisation
 * may let its statistics out to any op that comes after its end, and a loss
 * what it is computed from. The new node has the name of the idiom, and the
 * parameters and costs of what it stands for.
 *
 * The mask of a dropout is computed from no input: it is a constant, which
 * drawings leave out. What takes one is marked before that, as masked.
 */
#include "idiom.h"

#include <assert.h>

#include "nnviz/arena.h"
#include "nnviz/pass.h"
#include "window.h"

enum { ROOTS = 2 }; /* ops that a row's term may end in */

struct row {
	const char *name, *term;
	bool (*holds)(const struct nnv_idioms *idioms,
	    const struct nnv_match *match); /* or NULL */
	bool may_leak;
};

/* What the first tensor that leaves NODE is like; NULL: nothing known. */
static const struct nnv_spec *
result_of(const struct nnv_idioms *idioms, uint32_t v)
{
	uint32_t i = idioms->links.out_start[v];
	const struct nnv_spec *spec = NULL;

	if (i < idioms->links.out_start[v + 1])
		spec = idioms->graph
			   ->tensors[idioms->graph->edges[idioms->links.out[i]]
					 .tensor]
			   .spec;
	return spec != NULL && spec->kind == NNV_SPEC_TENSOR ? spec : NULL;
}

/* The tensor that a term calls X. */
static const struct nnv_spec *
named(const struct nnv_idioms *idioms, const struct nnv_match *match, char x)
{
	uint32_t t = match->names[x - 'a'];
	const struct nnv_spec *spec = t != NNV_NONE
	    ? idioms->graph->tensors[t].spec
	    : NULL;

	return spec != NULL && spec->kind == NNV_SPEC_TENSOR ? spec : NULL;
}

/* A sum over one of three axes: rows by columns. */
static bool
is_matmul(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	const struct nnv_spec *sum = result_of(idioms, match->nodes[0]);
	const struct nnv_spec *product = result_of(idioms, match->nodes[1]);

	return sum != NULL && product != NULL && sum->n == 2 && product->n == 3;
}

static bool
is_batched(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	const struct nnv_spec *sum = result_of(idioms, match->nodes[0]);
	const struct nnv_spec *product = result_of(idioms, match->nodes[1]);

	return sum != NULL && product != NULL && sum->n > 2 &&
	    product->n == sum->n + 1;
}

/* A mask of random numbers lies over what NODE multiplies. */
static bool
is_masked(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return idioms->graph->nodes[match->nodes[0]].masked;
}

static bool
is_masked_first(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return idioms->graph->nodes[match->nodes[1]].masked;
}

static bool
is_floored(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return idioms->graph->nodes[match->nodes[0]].floored;
}

/* [N, Cout, Cin, H, W, kh, kw] */
static bool
is_conv(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	const struct nnv_spec *sum = result_of(idioms, match->nodes[0]);
	const struct nnv_spec *product = result_of(idioms, match->nodes[1]);

	return sum != NULL && product != NULL && sum->n == 4 && product->n == 7;
}

static bool
has_param(const struct nnv_idioms *idioms, uint32_t v, bool buffer)
{
	const struct nnv_node *node = &idioms->graph->nodes[v];

	for (uint32_t i = 0; i < node->nparams; i++) {
		const struct nnv_param *p = &idioms->graph
						 ->params[node->params[i]];

		if ((p->kind == NNV_PARAM_BUFFER) == buffer)
			return true;
	}
	return false;
}

/* Running statistics in both halves: scale, then shift. */
static bool
has_statistics(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return has_param(idioms, match->nodes[0], true) &&
	    has_param(idioms, match->nodes[1], true);
}

static bool
has_weights(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return has_param(idioms, match->nodes[0], false) &&
	    has_param(idioms, match->nodes[1], false);
}

/* Indices into a table of vectors. */
static bool
is_lookup(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	const struct nnv_spec *x = named(idioms, match, 'x');
	const struct nnv_spec *y = result_of(idioms, match->nodes[0]);
	struct nnv_str dtype;

	if (x == NULL || y == NULL || y->n != x->n + 1 ||
	    !has_param(idioms, match->nodes[0], false))
		return false;
	dtype = nnv_graph_text(idioms->graph, x->type);
	return nnv_str_starts(dtype, NNV_STR("int")) ||
	    nnv_str_starts(dtype, NNV_STR("uint"));
}

/* Jittor's pooling is a program of its own, which tells the window. */
static bool
has_window(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	return nnv_node_hyper(idioms->graph,
		   &idioms->graph->nodes[match->nodes[0]], "kernel")
		   .n != 0;
}

/* The mean of each plane. */
static bool
is_global_pool(const struct nnv_idioms *idioms, const struct nnv_match *match)
{
	const struct nnv_spec *x = named(idioms, match, 'x');
	const struct nnv_spec *y = result_of(idioms, match->nodes[0]);

	return x != NULL && y != NULL && x->n == 4 && y->n >= 2 &&
	    x->shape[2] * x->shape[3] > 1 && y->shape[0] == x->shape[0] &&
	    y->shape[1] == x->shape[1] &&
	    nnv_spec_elements(y) == x->shape[0] * x->shape[1];
}

/* 1 / sqrt(max(mean(x x) - m m, 0) + e), times a weight. */
#define ROOT                                                    \
	"unary.sqrt(binary.add(binary.maximum(binary.subtract(" \
	"reduce.mean(binary.multiply(x,x)),binary.multiply("    \
	"m:reduce.mean(x),m)))))"

/* The targets that are a class at all are those between two bounds, which are
 * constants, or arrays if the loss is computed outside of all modules. */
#define CROSS_ENTROPY(low, high)                                            \
	"binary.divide(reduce.mean(binary.multiply(binary.subtract("        \
	"unary.log(reduce.add(unary.exp(s:binary.subtract(x,broadcast_to("  \
	"reduce.maximum(x)))))),reduce.add(binary.multiply(s,binary.equal(" \
	"index(t:broadcast_to(y)),t)))),c:unary.cast(binary.bitwise_and("   \
	"binary.greater_equal(y" low "),binary.less(y" high "))))),"        \
	"reduce.mean(c))"

/* x (1 + CURVE) / 2, which people and libraries write in three orders. */
#define GELU(curve)                                                            \
	{ "gelu", "binary.multiply(binary.multiply(binary.add(" curve "),x))", \
		NULL, false },                                                 \
	    { "gelu",                                                          \
		    "binary.multiply(binary.multiply(x),binary.add(" curve     \
		    "))",                                                      \
		    NULL, false },                                             \
	{                                                                      \
		"gelu",                                                        \
		    "binary.multiply(x,binary.multiply(binary.add(" curve      \
		    ")))",                                                     \
		    NULL, false                                                \
	}

/* The approximation: tanh(a (x + b x^3)). */
#define TANH(cube) \
	"unary.tanh(binary.multiply(binary.add(x,binary.multiply(" cube "))))"

static const struct row first_round[] = {
	{ "cross_entropy", CROSS_ENTROPY("", ""), NULL, true },
	{ "cross_entropy", CROSS_ENTROPY(",a", ",b"), NULL, true },
	{ "binary_cross_entropy",
	    "reduce.mean(unary.negative(binary.add(binary.multiply(t,unary.log("
	    "binary.maximum(x))),binary.multiply(binary.subtract(t),unary.log("
	    "binary.maximum(binary.subtract(x)))))))",
	    NULL, true },
	{ "layer_norm",
	    "binary.add(binary.multiply(x,d:binary.divide(broadcast_to(" ROOT
	    "))),binary.subtract(binary.multiply(broadcast_to(m),d)))",
	    NULL, true },
	{ "batch_norm",
	    "binary.add(binary.multiply(x,broadcast_to(d:binary.divide(" ROOT
	    "))),broadcast_to(binary.subtract(binary.multiply(m,d))))",
	    NULL, true },
	{ "batch_norm", "binary.add(binary.multiply(x))", has_statistics,
	    false },
	{ "mse_loss", "reduce.mean(binary.multiply(d:binary.subtract(x,y),d))",
	    NULL, true },
	{ "mse_loss", "reduce.mean(binary.pow(binary.subtract(x,y)))", NULL,
	    true },
	{ "softmax",
	    "binary.divide(e:unary.exp(binary.subtract(x,broadcast_to("
	    "reduce.maximum(x)))),broadcast_to(reduce.add(e)))",
	    NULL, false },
	{ "log_softmax",
	    "binary.subtract(s:binary.subtract(x,broadcast_to(reduce.maximum("
	    "x))),broadcast_to(unary.log(reduce.add(unary.exp(s)))))",
	    NULL, false },
	GELU("unary.erf(binary.divide|binary.multiply(x))"),
	GELU(TANH("binary.pow(x)")),
	GELU(TANH("binary.multiply(binary.multiply(x,x),x)")),
	{ "leaky_relu", "ternary(binary.greater(x),x,binary.multiply(x))", NULL,
	    false },
	{ "relu", "ternary(binary.greater(x),x)", NULL, false },
	{ "relu", "binary.maximum(x)", is_floored, false },
	{ "silu", "binary.multiply(x,unary.sigmoid(x))", NULL, false },
	{ "sigmoid", "binary.divide(binary.add(unary.exp(unary.negative(x))))",
	    NULL, false },
	{ "tanh", "unary.tanh(x)", NULL, false },
	{ "sigmoid", "unary.sigmoid(x)", NULL, false },
	{ "dropout", "binary.divide|binary.multiply(binary.multiply(x))",
	    is_masked_first, false },
	{ "dropout", "binary.multiply(binary.divide|binary.multiply(x))",
	    is_masked, false },
	{ "dropout", "ternary(x)", is_masked, false },
	{ "dropout", "binary.multiply(x)", is_masked, false },
	{ "conv", "reduce.add(binary.multiply(reindex(x)))", is_conv, false },
	{ "bmm", "reduce.add(binary.multiply(broadcast_to(x),broadcast_to(y)))",
	    is_batched, false },
	{ "matmul",
	    "reduce.add(binary.multiply(broadcast_to(x),broadcast_to(y)))",
	    is_matmul, false },
	{ "matmul", "reduce.add(binary.multiply(broadcast_to(x)))", is_matmul,
	    false },
	{ "avg_pool", "reduce.mean(reindex(x))", NULL, false },
	{ "max_pool", "reduce.maximum(reindex(x))", NULL, false },
	{ "pool", "code(x)", has_window, false },
	{ "global_avg_pool", "reduce.mean(x)", is_global_pool, false },
	{ "embedding", "getitem(x)", is_lookup, false },
};

#define PRODUCT "matmul|bmm("
#define ATTENTION(scores)                                                     \
	{ "attention", PRODUCT "softmax(" scores "),v)", NULL, false },       \
	{                                                                     \
		"attention", PRODUCT "dropout(softmax(" scores ")),v)", NULL, \
		    false                                                     \
	}

static const struct row second_round[] = {
	{ "linear", "binary.add(matmul(x))", has_weights, false },
	{ "log_softmax", "unary.log(softmax(x))", NULL, false },
	ATTENTION(PRODUCT "binary.divide|truediv(q),k)"),
	ATTENTION(PRODUCT "binary.multiply(q),k)"),
	ATTENTION("binary.divide|truediv(" PRODUCT "q,k))"),
	ATTENTION("binary.multiply(" PRODUCT "q,k))"),
	ATTENTION("binary.add|add(" PRODUCT "q,k),m)"),
	ATTENTION("binary.add|add(binary.divide|truediv(" PRODUCT "q,k)),m)"),
	ATTENTION("binary.add|add(binary.multiply(" PRODUCT "q,k)),m)"),
	ATTENTION(PRODUCT "q,k)"),
};

bool
nnv_idioms_init(struct nnv_idioms *idioms, const struct nnv_graph *graph)
{
	size_t n = graph->nnodes + (size_t)1;
	uint32_t *order = nnv_heap_alloc(n, sizeof(*order));
	bool ok;

	*idioms = (struct nnv_idioms){ .graph = graph };
	nnv_unique_init(&idioms->keys, graph->names);
	idioms->position = nnv_heap_alloc(n, sizeof(*idioms->position));
	idioms->ops = nnv_heap_alloc(n, sizeof(*idioms->ops));
	ok = order != NULL && idioms->position != NULL && idioms->ops != NULL &&
	    nnv_links_init(&idioms->links, graph) &&
	    nnv_quotient_init(&idioms->q, graph) &&
	    nnv_graph_order(graph, order) != NNV_NONE;
	for (uint32_t i = 0; ok && i < graph->nnodes; i++) {
		idioms->position[order[i]] = i;
		idioms->ops[i] = graph->nodes[i].op;
	}
	nnv_heap_free(order);
	return ok;
}

void
nnv_idioms_release(struct nnv_idioms *idioms)
{
	nnv_heap_free(idioms->position);
	nnv_heap_free(idioms->ops);
	nnv_links_release(&idioms->links);
	nnv_quotient_release(&idioms->q);
	nnv_unique_release(&idioms->keys);
}

/* Of its window a box says what is worth a word, as that of a layer does. */
static void
tell_window(struct nnv_graph *graph, struct nnv_node *node)
{
	struct nnv_window window = { .n = 0 };
	struct nnv_str kernel = nnv_node_hyper(graph, node, "kernel");

	if (kernel.n == 0)
		return;
	nnv_window_read(graph, node, &window);
	node->nhypers = 0;
	nnv_node_add_hyper(graph, node, "kernel", kernel);
	nnv_window_tell(graph, node, &window);
}

static struct nnv_graph *
make(struct nnv_idioms *idioms, struct nnv_diag *diag)
{
	struct nnv_graph *graph = nnv_quotient_make(&idioms->q, diag);
	nnv_name pool = nnv_names_find(idioms->graph->names, NNV_STR("pool"));

	for (uint32_t v = 0; graph != NULL && v < graph->nnodes; v++)
		if (pool != NNV_NO_NAME && graph->nodes[v].op == pool)
			tell_window(graph, &graph->nodes[v]);
	if (graph == NULL || !graph->failed)
		return graph;
	nnv_graph_free(graph);
	nnv_fail_memory(diag);
	return NULL;
}

struct nnv_graph *
nnv_idioms_make(struct nnv_idioms *idioms, struct nnv_diag *diag)
{
	if (idioms->failed) {
		nnv_fail_memory(diag);
		return NULL;
	}
	if (idioms->found == 0)
		return nnv_graph_share(idioms->graph);
	return make(idioms, diag);
}

bool
nnv_idioms_is_free(const struct nnv_idioms *idioms, uint32_t v)
{
	const struct nnv_node *node = &idioms->graph->nodes[v];

	return node->kind == NNV_NODE_OP && idioms->q.into[v] == v &&
	    idioms->q.faces[v].op == node->op;
}

uint32_t
nnv_idioms_inputs(const struct nnv_idioms *idioms, uint32_t v, uint32_t *edges,
    uint32_t max)
{
	const struct nnv_graph *graph = idioms->graph;
	uint32_t n = 0;

	for (uint32_t i = idioms->links.in_start[v];
	     i < idioms->links.in_start[v + 1]; i++) {
		uint32_t e = idioms->links.in[i];

		if (graph->nodes[graph->edges[e].src].hide ==
		    NNV_HIDDEN_CONSTANT)
			continue;
		if (n < max)
			edges[n] = e;
		n++;
	}
	return n;
}

static bool
is_member(const struct nnv_match *match, uint32_t v)
{
	for (uint32_t i = 0; i < match->n; i++)
		if (match->nodes[i] == v)
			return true;
	return false;
}

bool
nnv_idioms_is_closed(const struct nnv_idioms *idioms,
    const struct nnv_match *match, bool may_leak)
{
	const struct nnv_graph *graph = idioms->graph;
	const struct nnv_links *links = &idioms->links;
	uint32_t end = idioms->position[match->nodes[0]];

	for (uint32_t i = 1; i < match->n; i++) {
		uint32_t v = match->nodes[i];

		for (uint32_t j = links->out_start[v];
		     v != match->nodes[0] && j < links->out_start[v + 1]; j++) {
			uint32_t to = graph->edges[links->out[j]].dst;
			bool allowed = may_leak ||
			    graph->nodes[to].phase == NNV_BACKWARD;

			if (!is_member(match, to) &&
			    (!allowed || idioms->position[to] < end))
				return false;
		}
	}
	return true;
}

/* The first key that is made has to differ from all that there are. */
static bool
take_keys(struct nnv_idioms *idioms)
{
	const struct nnv_graph *graph = idioms->graph;

	for (uint32_t v = 0; idioms->found == 0 && v < graph->nnodes; v++)
		if (nnv_unique_take(&idioms->keys,
			nnv_graph_text(graph, graph->nodes[v].key)) ==
		    NNV_NO_NAME)
			return false;
	return true;
}

/* "layer1_0_softmax", where no other node has it. */
static nnv_name
make_key(struct nnv_idioms *idioms, uint32_t module, struct nnv_str name)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name key = NNV_NO_NAME;

	nnv_module_path(idioms->graph, module, &text);
	if (text.n > 0)
		nnv_text_addc(&text, '.');
	nnv_text_add(&text, name);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '.')
			text.p[i] = '_';
	if (!nnv_text_failed(&text) && take_keys(idioms))
		key = nnv_unique_take(&idioms->keys, nnv_text_str(&text));
	nnv_text_release(&text);
	return key;
}

void
nnv_idioms_take(struct nnv_idioms *idioms, const uint32_t *nodes, uint32_t n,
    struct nnv_str name)
{
	uint32_t last = nodes[0];
	struct nnv_node *face = &idioms->q.faces[last];

	face->op = nnv_names_add(idioms->graph->names, name);
	face->full_op = NNV_NO_NAME;
	face->leaf = face->op;
	face->name = NNV_NO_NAME;
	face->key = make_key(idioms, face->module, name);
	idioms->failed |= face->op == NNV_NO_NAME || face->key == NNV_NO_NAME;
	for (uint32_t i = 0; i < n; i++)
		idioms->q.into[nodes[i]] = last;
	idioms->found++;
}

/* The ops that a term may end in, "a|b(...": those that occur. */
static uint32_t
read_roots(const struct nnv_idioms *idioms, const char *term,
    nnv_name roots[ROOTS])
{
	uint32_t n = 0;
	nnv_name name;

	while (*term != '(') {
		size_t len = strcspn(term, "|(");

		name = nnv_names_find(idioms->graph->names,
		    (struct nnv_str){ term, len });
		assert(n < ROOTS);
		if (name != NNV_NO_NAME)
			roots[n++] = name;
		term += len + (term[len] == '|');
	}
	return n;
}

/* Rows are many, and nodes that a row is about few: they are found by looking
 * at nothing but ops. */
static void
find_row(struct nnv_idioms *idioms, const struct row *row)
{
	nnv_name roots[ROOTS] = { NNV_NO_NAME };
	struct nnv_match match;

	if (read_roots(idioms, row->term, roots) == 0)
		return;
	for (uint32_t v = 0; v < idioms->graph->nnodes && !idioms->failed; v++)
		if ((idioms->ops[v] == roots[0] ||
			idioms->ops[v] == roots[1]) &&
		    nnv_idioms_is_free(idioms, v) &&
		    nnv_term_matches(idioms, row->term, v, &match) &&
		    nnv_idioms_is_closed(idioms, &match, row->may_leak) &&
		    (row->holds == NULL || row->holds(idioms, &match)))
			nnv_idioms_take(idioms, match.nodes, match.n,
			    nnv_str(row->name));
}

static void
find_first(struct nnv_idioms *idioms)
{
	for (size_t i = 0; i < sizeof(first_round) / sizeof(*first_round); i++)
		find_row(idioms, &first_round[i]);
	nnv_idioms_concat(idioms);
	nnv_idioms_split(idioms);
}

static void
find_second(struct nnv_idioms *idioms)
{
	for (size_t i = 0; i < sizeof(second_round) / sizeof(*second_round);
	     i++)
		find_row(idioms, &second_round[i]);
}

/* The second round looks at what the first one made; where that is nothing, at
 * the same graph. */
struct nnv_graph *
nnv_pass_idioms(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct nnv_graph *ideas = NULL, *to = NULL;
	struct nnv_idioms idioms;
	bool ok = nnv_idioms_init(&idioms, graph);

	if (ok)
		find_first(&idioms);
	if (ok && (idioms.failed || idioms.found > 0)) {
		ideas = nnv_idioms_make(&idioms, diag);
		nnv_idioms_release(&idioms);
		if (ideas == NULL)
			return NULL;
		ok = nnv_idioms_init(&idioms, ideas);
	}
	if (ok) {
		find_second(&idioms);
		to = nnv_idioms_make(&idioms, diag);
	} else {
		nnv_fail_memory(diag);
	}
	nnv_idioms_release(&idioms);
	nnv_graph_free(ideas);
	return to;
}
