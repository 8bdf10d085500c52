/*
 * Hyper-parameters of layers that were recorded as ops.
 *
 * A trace holds no Conv2d(3, 64, 7, stride=2): it holds a multiplication of two
 * operands that were broadcast to [N, Cout, Cin, H, W, kh, kw] and a sum over
 * Cin, kh and kw. So the product's axes tell everything but the stride:
 *
 *	N Cout Cin S.. K..	sum		convolution
 *	N G Cout/G Cin/G S.. K..	scatter-sum	convolution in G groups
 *	N Cin Cout S.. K..	scatter-sum	transposed convolution
 *	N G Cin/G Cout/G S.. K..	scatter-sum	the same in groups
 *	.. Cout Cin		sum		linear, by a matrix of weights
 *
 * S are axes of space, K of the window, as many of each. The op that gathers
 * (reindex) or scatters (reindex_reduce) knows the window's stride from the
 * loader. Where it does not, a stride is told only if no other one fits the
 * shapes (see window.c).
 *
 * Layers without a product, or with several (attention, recurrent ones), are
 * known by what their type or their parameters are called, and told by the
 * shapes of those. What no rule finds is not told: nothing here is guessed.
 */
#include "hyper.h"

#include "window.h"

enum { PRODUCT_MIN = 5, PRODUCT_MAX = 10 };

/* A layer whose ops are looked at. */
struct layer {
	const struct nnv_graph *ops;
	const struct nnv_links *links; /* of ops */
	const uint32_t *made;          /* op -> its first tensor, or NNV_NONE */
	struct nnv_graph *graph;       /* that of the layer */
	struct nnv_node *node;
	const uint32_t *members; /* its ops, in order */
	uint32_t nmembers;
	uint32_t product; /* the only op that multiplies and adds */
	uint32_t nproducts;
	uint32_t gather;      /* the first op that reads by an index */
	uint32_t window;      /* an op that knows a window's stride */
	struct nnv_text text; /* scratch */
};

bool
nnv_hyper_says(struct nnv_str text, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n <= text.n; i++) {
		size_t k = 0;

		while (k < n && (text.p[i + k] | ' ') == (name[k] | ' '))
			k++;
		if (k == n)
			return true;
	}
	return false;
}

void
nnv_hyper_add_extents(struct nnv_text *out, const int64_t *extents, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			nnv_text_adds(out, "\xc3\x97");
		nnv_text_addi(out, extents[i]);
	}
}

void
nnv_hyper_add_change(struct nnv_text *out, int64_t from, int64_t to)
{
	nnv_text_addi(out, from);
	nnv_text_adds(out, "\xe2\x86\x92");
	nnv_text_addi(out, to);
}

/* What scratch holds becomes a hyper-parameter. */
static void
tell(struct layer *l, const char *key)
{
	l->graph->failed |= nnv_text_failed(&l->text);
	nnv_node_add_hyper(l->graph, l->node, key, nnv_text_str(&l->text));
	nnv_text_clear(&l->text);
}

static bool
says(const struct layer *l, const char *name)
{
	return nnv_hyper_says(nnv_graph_text(l->graph, l->node->op), name);
}

static bool
op_starts(const struct layer *l, uint32_t op, const char *name)
{
	return nnv_str_starts(nnv_graph_text(l->ops, l->ops->nodes[op].op),
	    nnv_str(name));
}

/* A tensor's spec with at least one axis, or NULL. */
static const struct nnv_spec *
shaped(const struct nnv_spec *spec)
{
	return spec != NULL && spec->kind == NNV_SPEC_TENSOR && spec->n > 0
	    ? spec
	    : NULL;
}

static const struct nnv_spec *
output_of(const struct layer *l, uint32_t op)
{
	return op == NNV_NONE || l->made[op] == NNV_NONE
	    ? NULL
	    : shaped(l->ops->tensors[l->made[op]].spec);
}

static const struct nnv_spec *
input_of(const struct layer *l, uint32_t op)
{
	uint32_t at = l->links->in_start[op];

	return at == l->links->in_start[op + 1]
	    ? NULL
	    : shaped(l->ops->tensors[l->ops->edges[l->links->in[at]].tensor]
			 .spec);
}

/* The op that adds up what OP multiplied, or NNV_NONE. */
static uint32_t
sum_of(const struct layer *l, uint32_t op)
{
	for (uint32_t i = l->links->out_start[op];
	     i < l->links->out_start[op + 1]; i++) {
		uint32_t user = l->ops->edges[l->links->out[i]].dst;

		if (op_starts(l, user, "reduce.") ||
		    op_starts(l, user, "reindex_reduce"))
			return user;
	}
	return NNV_NONE;
}

/* The first parameter of the layer with N axes that is no buffer. */
static const struct nnv_spec *
param_of(const struct layer *l, uint32_t n)
{
	for (uint32_t i = 0; i < l->node->nparams; i++) {
		const struct nnv_param
		    *param = &l->graph->params[l->node->params[i]];

		if (param->kind != NNV_PARAM_BUFFER &&
		    shaped(param->spec) != NULL && param->spec->n == n)
			return param->spec;
	}
	return NULL;
}

static bool
is_scattered(const struct layer *l)
{
	uint32_t sum = sum_of(l, l->product);

	return sum != NNV_NONE && op_starts(l, sum, "reindex_reduce");
}

static bool
same_extents(const int64_t *a, const int64_t *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Whether a product that is scattered scatters space, not only groups. */
static bool
is_transposed(const struct layer *l, const struct nnv_spec *axes,
    uint32_t space)
{
	uint32_t sum = sum_of(l, l->product);
	const struct nnv_spec *out = output_of(l, sum);

	if (!is_scattered(l))
		return false;
	if (axes->n % 2 == 1 || l->window == sum)
		return true;
	if (l->window != NNV_NONE || out == NULL || out->n != space + 2)
		return false;
	return !same_extents(out->shape + 2, axes->shape + 4, space);
}

/* What the shapes leave open: by the op that knows, or the only fit. */
static void
tell_window(struct layer *l, const int64_t *kernel, uint32_t space,
    const struct nnv_spec *in, const struct nnv_spec *out)
{
	struct nnv_window window = { .n = space };

	for (uint32_t i = 0; i < space; i++)
		window.size[i] = kernel[i];
	if (l->window != NNV_NONE)
		nnv_window_read(l->ops, &l->ops->nodes[l->window], &window);
	else if (in != NULL && out != NULL && in->n == space + 2 &&
	    out->n == space + 2)
		nnv_window_solve(&window, in->shape + 2, out->shape + 2);
	nnv_window_tell(l->graph, l->node, &window);
}

/* The product as a convolution: where its axes say so. */
static bool
tell_convolution(struct layer *l)
{
	const struct nnv_spec *axes = output_of(l, l->product);
	bool grouped = axes->n % 2 == 0, transposed;
	uint32_t at = grouped ? 2 : 1, space = (axes->n - at - 2) / 2;
	int64_t groups = grouped ? axes->shape[1] : 1;
	int64_t outs = axes->shape[at], ins = axes->shape[at + 1];
	const struct nnv_spec *in, *out;

	if (groups < 1 || ins > INT64_MAX / groups || outs > INT64_MAX / groups)
		return false;
	transposed = is_transposed(l, axes, space);
	if (transposed) {
		ins = axes->shape[at];
		outs = axes->shape[at + 1];
	}
	nnv_hyper_add_extents(&l->text, axes->shape + at + 2 + space, space);
	tell(l, "kernel");
	nnv_hyper_add_change(&l->text, ins * groups, outs * groups);
	tell(l, "channels");
	in = l->gather != NNV_NONE ? input_of(l, l->gather) : NULL;
	out = output_of(l, sum_of(l, l->product));
	tell_window(l, axes->shape + at + 2 + space, space,
	    transposed ? NULL : in, out);
	if (groups > 1 && ins == 1)
		nnv_text_adds(&l->text, "depthwise");
	else if (groups > 1)
		nnv_text_addf(&l->text, "groups %lld", (long long)groups);
	tell(l, "groups");
	if (transposed && !says(l, "transpose"))
		nnv_text_adds(&l->text, "transposed");
	tell(l, "transposed");
	return true;
}

/* A product over axes of a window, gathered or scattered by an index. */
static bool
find_convolution(struct layer *l)
{
	const struct nnv_spec *axes;

	if (l->nproducts != 1)
		return false;
	axes = output_of(l, l->product);
	if (axes == NULL || axes->n < PRODUCT_MIN || axes->n > PRODUCT_MAX)
		return false;
	if (l->gather == NNV_NONE && !is_scattered(l))
		return false;
	if (axes->n % 2 == 0 && !is_scattered(l))
		return false;
	return tell_convolution(l);
}

/* Whether SUM is AXES without the one at position AT. */
static bool
is_sum_over(const struct nnv_spec *sum, const struct nnv_spec *axes,
    uint32_t at)
{
	if (sum->n + 1 != axes->n)
		return false;
	for (uint32_t i = 0; i < sum->n; i++)
		if (sum->shape[i] != axes->shape[i + (i >= at)])
			return false;
	return true;
}

/* A matrix of weights, [out, in] or transposed: what is summed over is what
 * comes in. */
static bool
find_linear(struct layer *l)
{
	const struct nnv_spec *weight = param_of(l, 2), *axes, *sum;
	int64_t a, b;

	if (l->nproducts != 1 || weight == NULL)
		return false;
	axes = output_of(l, l->product);
	sum = output_of(l, sum_of(l, l->product));
	if (axes == NULL || sum == NULL || axes->n < 3 || is_scattered(l))
		return false;
	a = axes->shape[axes->n - 2];
	b = axes->shape[axes->n - 1];
	if ((a != weight->shape[0] || b != weight->shape[1]) &&
	    (b != weight->shape[0] || a != weight->shape[1]))
		return false;
	if (is_sum_over(sum, axes, axes->n - 1))
		nnv_hyper_add_change(&l->text, b, a);
	else if (is_sum_over(sum, axes, axes->n - 2))
		nnv_hyper_add_change(&l->text, a, b);
	tell(l, "features");
	return l->node->nhypers > 0;
}

/* Recurrent weights are [gates * hidden, input] and [gates * hidden, hidden],
 * once a layer and direction; their names are the field's. */
static bool
find_recurrent(struct layer *l)
{
	const struct nnv_spec *first_in = NULL, *first_hidden = NULL;
	unsigned long nlayers = 0;
	bool both_ways = false;

	for (uint32_t i = 0; i < l->node->nparams; i++) {
		const struct nnv_param
		    *param = &l->graph->params[l->node->params[i]];
		struct nnv_str name = nnv_graph_text(l->graph, param->name);
		bool hidden = nnv_hyper_says(name, "weight_hh");

		if ((!hidden && !nnv_hyper_says(name, "weight_ih")) ||
		    shaped(param->spec) == NULL || param->spec->n != 2)
			continue;
		both_ways |= nnv_str_ends(name, NNV_STR("_reverse"));
		nlayers += hidden && !nnv_str_ends(name, NNV_STR("_reverse"));
		if (hidden && first_hidden == NULL)
			first_hidden = param->spec;
		if (!hidden && first_in == NULL)
			first_in = param->spec;
	}
	if (first_in == NULL || first_hidden == NULL)
		return false;
	nnv_hyper_add_change(&l->text, first_in->shape[1],
	    first_hidden->shape[1]);
	tell(l, "features");
	if (nlayers > 1)
		nnv_text_addf(&l->text, "%lu layers", nlayers);
	tell(l, "layers");
	if (both_ways)
		nnv_text_adds(&l->text, "both directions");
	tell(l, "directions");
	return true;
}

/* Heads divide the features: some reshape takes [.., E] apart into pieces of
 * E / heads, where [E, E] is what projects the result. */
static bool
find_attention(struct layer *l)
{
	int64_t embed = 0;

	if (!says(l, "attention"))
		return false;
	for (uint32_t i = 0; i < l->node->nparams && embed == 0; i++) {
		const struct nnv_spec
		    *spec = l->graph->params[l->node->params[i]].spec;

		if (shaped(spec) != NULL && spec->n == 2 &&
		    spec->shape[0] == spec->shape[1])
			embed = spec->shape[0];
	}
	for (uint32_t i = 0; i < l->nmembers && embed > 0; i++) {
		const struct nnv_spec *in = input_of(l, l->members[i]);
		const struct nnv_spec *out = output_of(l, l->members[i]);
		int64_t piece;

		if (!op_starts(l, l->members[i], "reshape") || in == NULL ||
		    out == NULL || in->shape[in->n - 1] != embed)
			continue;
		piece = out->shape[out->n - 1];
		if (piece <= 0 || piece >= embed || embed % piece != 0)
			continue;
		nnv_text_addf(&l->text, "heads %lld",
		    (long long)(embed / piece));
		tell(l, "heads");
		break;
	}
	if (embed > 0)
		nnv_text_addf(&l->text, "features %lld", (long long)embed);
	tell(l, "features");
	return embed > 0;
}

static bool
find_embedding(struct layer *l)
{
	const struct nnv_spec *table = param_of(l, 2);

	if (!says(l, "embedding") || table == NULL || l->nproducts > 0)
		return false;
	nnv_hyper_add_extents(&l->text, table->shape, 2);
	tell(l, "table");
	return true;
}

/* Channels, or the shape that is normalized: as its scale and shift have it. */
static bool
find_norm(struct layer *l)
{
	if (!says(l, "norm") || l->nproducts > 0)
		return false;
	for (uint32_t i = 0; i < l->node->nparams; i++) {
		const struct nnv_spec
		    *spec = l->graph->params[l->node->params[i]].spec;

		if (shaped(spec) == NULL)
			continue;
		nnv_text_adds(&l->text,
		    says(l, "layernorm") ? "features " : "channels ");
		nnv_hyper_add_extents(&l->text, spec->shape, spec->n);
		tell(l, "features");
		return true;
	}
	return false;
}

/* Pooling to a given size is told by that; other pooling by its window, which
 * is in the source of a code op or, as the last axes, in what was gathered. */
static bool
find_pooling(struct layer *l)
{
	struct nnv_window window = { .n = 0 };
	const struct nnv_spec *out;

	if (!says(l, "pool") || l->nproducts > 0 || l->nmembers == 0)
		return false;
	out = output_of(l, l->members[l->nmembers - 1]);
	if (says(l, "adaptive") || says(l, "global")) {
		if (out == NULL || out->n < 3)
			return false;
		nnv_text_adds(&l->text, "\xe2\x86\x92");
		nnv_hyper_add_extents(&l->text, out->shape + 2, out->n - 2);
		tell(l, "output");
		return true;
	}
	if (l->window == NNV_NONE)
		return false;
	nnv_window_read(l->ops, &l->ops->nodes[l->window], &window);
	out = output_of(l, l->window);
	if (window.size[0] == 0 && out != NULL && out->n == 2 + 2 * window.n)
		for (uint32_t i = 0; i < window.n; i++)
			window.size[i] = out->shape[2 + window.n + i];
	if (window.size[0] == 0)
		return false;
	nnv_hyper_add_extents(&l->text, window.size, window.n);
	tell(l, "kernel");
	nnv_window_tell(l->graph, l->node, &window);
	return true;
}

/* The first rule that finds something is the one. */
static bool (*const rules[])(struct layer *) = {
	find_recurrent,
	find_attention,
	find_convolution,
	find_linear,
	find_embedding,
	find_norm,
	find_pooling,
};

static void
look_at(struct layer *l)
{
	l->product = l->window = l->gather = NNV_NONE;
	l->nproducts = 0;
	for (uint32_t i = 0; i < l->nmembers; i++) {
		uint32_t op = l->members[i];

		if (l->ops->nodes[op].cost.macs > 0) {
			l->product = op;
			l->nproducts++;
		}
		if (l->gather == NNV_NONE &&
		    nnv_str_eq(nnv_graph_text(l->ops, l->ops->nodes[op].op),
			NNV_STR("reindex")))
			l->gather = op;
		if (l->window == NNV_NONE && l->ops->nodes[op].nhypers > 0)
			l->window = op;
	}
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i](l))
			return;
}

struct lists {
	struct nnv_links links;
	uint32_t *made;
	uint32_t *start; /* layer -> its first member */
	uint32_t *members;
};

/* The members of each layer: counted, then filled in. */
static void
list_members(struct lists *lists, const struct nnv_graph *ops,
    const uint32_t *to, uint32_t nlayers)
{
	for (uint32_t v = 0; v < ops->nnodes; v++)
		lists->start[to[v] + 2]++;
	for (uint32_t l = 0; l < nlayers; l++)
		lists->start[l + 2] += lists->start[l + 1];
	for (uint32_t v = 0; v < ops->nnodes; v++)
		lists->members[lists->start[to[v] + 1]++] = v;
	for (uint32_t v = 0; v < ops->nnodes; v++)
		lists->made[v] = NNV_NONE;
	for (uint32_t t = ops->ntensors; t-- > 0;)
		if (ops->tensors[t].producer != NNV_NONE)
			lists->made[ops->tensors[t].producer] = t;
}

bool
nnv_hyper_layers(const struct nnv_graph *ops, const uint32_t *to,
    struct nnv_graph *layers)
{
	size_t n = ops->nnodes + (size_t)1;
	struct lists lists = { .start = nnv_heap_alloc(layers->nnodes +
				       (size_t)2,
				   sizeof(*lists.start)) };
	struct layer l = { .ops = ops,
		.links = &lists.links,
		.graph = layers,
		.text = NNV_TEXT_EMPTY };
	bool ok;

	lists.made = nnv_heap_alloc(n, sizeof(*lists.made));
	lists.members = nnv_heap_alloc(n, sizeof(*lists.members));
	ok = lists.start != NULL && lists.made != NULL &&
	    lists.members != NULL && nnv_links_init(&lists.links, ops);
	if (ok)
		list_members(&lists, ops, to, layers->nnodes);
	l.made = lists.made;
	for (uint32_t i = 0; ok && i < layers->nnodes; i++) {
		l.node = &layers->nodes[i];
		l.members = lists.members + lists.start[i];
		l.nmembers = lists.start[i + 1] - lists.start[i];
		/* gradients are told by what they are of */
		if (l.node->self != NNV_NONE && l.node->phase != NNV_BACKWARD)
			look_at(&l);
	}
	nnv_links_release(&lists.links);
	nnv_heap_free(lists.start);
	nnv_heap_free(lists.made);
	nnv_heap_free(lists.members);
	nnv_text_release(&l.text);
	return ok && !layers->failed;
}
