/*
 * What a graph that was drawn by layers tells of its layers, though nobody
 * measured them: NNViz writes a type, the shapes around it and how many
 * parameters it has. (What tensors need in memory is told by peak.c.)
 *
 * A convolution from Cin to Cout channels in G groups has
 *
 *	Cout (Cin / G AREA + BIAS)	parameters, BIAS 0 or 1
 *
 * of which Cin, Cout and the sum are known. The first of no groups, one group a
 * channel (depthwise) and then ever more groups for which AREA is that of a
 * square window that fits the shapes is taken; where none is, nothing is told.
 * Multiply-accumulates are weights times positions, whichever it is.
 */
#include "hyper.h"
#include "nnviz/pass.h"
#include "peak.h"
#include "window.h"

struct measure {
	struct nnv_graph *graph;
	struct nnv_links links;
	struct nnv_node *node;           /* at hand */
	const struct nnv_spec *in, *out; /* its first tensors, or NULL */
	int64_t params;                  /* or NNV_UNKNOWN */
	struct nnv_text text;            /* scratch */
};

static void
tell(struct measure *m, const char *key)
{
	m->graph->failed |= nnv_text_failed(&m->text);
	nnv_node_add_hyper(m->graph, m->node, key, nnv_text_str(&m->text));
	nnv_text_clear(&m->text);
}

static int64_t
times(int64_t a, int64_t b)
{
	if (a < 0 || b < 0 || (b > 0 && a > INT64_MAX / b))
		return NNV_UNKNOWN;
	return a * b;
}

/* The side of a window of AREA in SPACE dimensions, or 0. */
static int64_t
root(int64_t area, uint32_t space)
{
	for (int64_t side = 1; side <= 64; side++) {
		int64_t power = side;

		for (uint32_t i = 1; i < space; i++)
			power *= side;
		if (power == area)
			return side;
		if (power > area)
			break;
	}
	return 0;
}

/* A convolution as it might be. */
struct guess {
	uint32_t space;
	bool transposed;
	int64_t ins, outs; /* channels */
	int64_t groups, side;
	bool bias;
};

/* Whether GROUPS explain the parameters and the shapes. */
static bool
fits_groups(const struct measure *m, struct guess *guess, int64_t groups)
{
	int64_t inner = guess->transposed ? guess->outs : guess->ins;
	int64_t outer = guess->transposed ? guess->ins : guess->outs;

	if (guess->ins % groups != 0 || guess->outs % groups != 0)
		return false;
	for (int bias = 0; bias < 2; bias++) {
		int64_t weights = m->params - (bias != 0 ? guess->outs : 0);
		int64_t per_area = outer * (inner / groups);
		struct nnv_window window = { .n = guess->space };

		if (weights <= 0 || weights % per_area != 0)
			continue;
		guess->side = root(weights / per_area, guess->space);
		for (uint32_t i = 0; i < guess->space; i++)
			window.size[i] = guess->side;
		if (guess->side == 0 ||
		    !nnv_window_fits(&window,
			(guess->transposed ? m->out : m->in)->shape + 2,
			(guess->transposed ? m->in : m->out)->shape + 2))
			continue;
		guess->groups = groups;
		guess->bias = bias != 0;
		return true;
	}
	return false;
}

enum { CHANNELS_MAX = 1 << 20, GROUPS_TRIED = 4096 };

static bool
explain(const struct measure *m, struct guess *guess)
{
	guess->ins = m->in->shape[1];
	guess->outs = m->out->shape[1];
	if (guess->ins < 1 || guess->outs < 1 || guess->ins > CHANNELS_MAX ||
	    guess->outs > CHANNELS_MAX)
		return false;
	if (fits_groups(m, guess, 1) || fits_groups(m, guess, guess->ins))
		return true;
	for (int64_t groups = 2; groups <= GROUPS_TRIED && groups < guess->ins;
	     groups++)
		if (fits_groups(m, guess, groups))
			return true;
	return false;
}

static void
tell_convolution(struct measure *m, const struct guess *guess)
{
	struct nnv_window window = { .n = guess->space };

	for (uint32_t i = 0; i < guess->space; i++)
		window.size[i] = guess->side;
	nnv_hyper_add_extents(&m->text, window.size, guess->space);
	tell(m, "kernel");
	nnv_hyper_add_change(&m->text, guess->ins, guess->outs);
	tell(m, "channels");
	nnv_window_solve(&window,
	    (guess->transposed ? m->out : m->in)->shape + 2,
	    (guess->transposed ? m->in : m->out)->shape + 2);
	nnv_window_tell(m->graph, m->node, &window);
	if (guess->groups > 1 && guess->groups == guess->ins)
		nnv_text_adds(&m->text, "depthwise");
	else if (guess->groups > 1)
		nnv_text_addf(&m->text, "groups %lld",
		    (long long)guess->groups);
	tell(m, "groups");
}

/* Conv2d, ConvTranspose1d, ...: the digit is the dimensions of space. */
static void
measure_convolution(struct measure *m)
{
	struct nnv_str type = nnv_graph_text(m->graph, m->node->op);
	struct guess guess = { .transposed = nnv_hyper_says(type,
				   "transpose") };
	const struct nnv_spec *at;
	int64_t positions;

	if (m->in == NULL || m->out == NULL || m->params == NNV_UNKNOWN ||
	    m->in->n < 3 || m->in->n > 2 + NNV_WINDOW_AXES ||
	    m->in->n != m->out->n)
		return;
	guess.space = m->in->n - 2;
	if (!explain(m, &guess))
		return;
	tell_convolution(m, &guess);
	at = guess.transposed ? m->in : m->out;
	positions = at->shape[0];
	for (uint32_t i = 2; i < at->n; i++)
		positions = times(positions, at->shape[i]);
	m->node->cost.macs = times(positions,
	    m->params - (guess.bias ? guess.outs : 0));
	m->node->cost.elementwise = guess.bias ? nnv_spec_elements(m->out) : 0;
}

/* [.., in] to [.., out] by in x out weights, and out more if biased. */
static void
measure_linear(struct measure *m)
{
	int64_t ins, outs, weights;

	if (m->in == NULL || m->out == NULL || m->params == NNV_UNKNOWN ||
	    m->in->n == 0 || m->out->n == 0)
		return;
	ins = m->in->shape[m->in->n - 1];
	outs = m->out->shape[m->out->n - 1];
	weights = times(ins, outs);
	if (weights == NNV_UNKNOWN || outs > INT64_MAX - weights ||
	    (m->params != weights && m->params != weights + outs))
		return;
	nnv_hyper_add_change(&m->text, ins, outs);
	tell(m, "features");
	m->node->cost.macs = times(nnv_spec_elements(m->out), ins);
	m->node->cost.elementwise = m->params > weights
	    ? nnv_spec_elements(m->out)
	    : 0;
}

static void
measure_elementwise(struct measure *m)
{
	m->node->cost.macs = 0;
	m->node->cost.elementwise = nnv_spec_elements(m->out);
}

static void
measure_move(struct measure *m)
{
	m->node->cost.macs = 0;
	m->node->cost.elementwise = 0;
}

/* One scale and one shift a channel, or an element of what is normalized. */
static void
measure_norm(struct measure *m)
{
	measure_elementwise(m);
	if (m->params <= 0 || m->params % 2 != 0 || m->in == NULL ||
	    m->in->n < 2)
		return;
	if (m->params / 2 == m->in->shape[1])
		nnv_text_addf(&m->text, "channels %lld",
		    (long long)m->params / 2);
	else if (m->params / 2 == m->in->shape[m->in->n - 1])
		nnv_text_addf(&m->text, "features %lld",
		    (long long)m->params / 2);
	tell(m, "features");
}

/* Pooling adds and compares; how often, its window would have to tell. */
static void
measure_pooling(struct measure *m)
{
	struct nnv_str type = nnv_graph_text(m->graph, m->node->op);

	m->node->cost.macs = 0;
	if (!nnv_hyper_says(type, "adaptive") || m->out == NULL ||
	    m->out->n < 3)
		return;
	nnv_text_adds(&m->text, "\xe2\x86\x92");
	nnv_hyper_add_extents(&m->text, m->out->shape + 2, m->out->n - 2);
	tell(m, "output");
	for (uint32_t i = 2; i < m->out->n; i++)
		if (m->out->shape[i] != 1)
			return;
	m->node->cost.elementwise = nnv_spec_elements(m->in);
}

/* One operation for each element that is summed. */
static void
measure_reduction(struct measure *m)
{
	m->node->cost.macs = 0;
	m->node->cost.elementwise = nnv_spec_elements(m->in);
}

static void
measure_embedding(struct measure *m)
{
	int64_t dim;

	measure_move(m);
	if (m->out == NULL || m->out->n == 0 || m->params <= 0)
		return;
	dim = m->out->shape[m->out->n - 1];
	if (dim < 1 || m->params % dim != 0)
		return;
	nnv_hyper_add_extents(&m->text, (int64_t[]){ m->params / dim, dim }, 2);
	tell(m, "table");
}

/* [.., n, k] times [.., k, m]. */
static void
measure_product(struct measure *m)
{
	if (m->in != NULL && m->in->n > 0)
		m->node->cost.macs = times(nnv_spec_elements(m->out),
		    m->in->shape[m->in->n - 1]);
	m->node->cost.elementwise = 0;
}

/* Types of layers and names of functions, in the words of PyTorch. A type that
 * is not here costs what nobody knows. */
static const struct {
	const char *types; /* between blanks */
	void (*measure)(struct measure *m);
} rules[] = {
	{ " Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d "
	  "ConvTranspose3d ",
	    measure_convolution },
	{ " Linear NonDynamicallyQuantizableLinear ", measure_linear },
	{ " BatchNorm1d BatchNorm2d BatchNorm3d LayerNorm GroupNorm "
	  "InstanceNorm1d InstanceNorm2d InstanceNorm3d LayerNorm2d "
	  "FrozenBatchNorm2d SyncBatchNorm ",
	    measure_norm },
	{ " MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d "
	  "AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d "
	  "AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d max_pool2d "
	  "avg_pool2d adaptive_avg_pool2d adaptive_max_pool2d ",
	    measure_pooling },
	{ " Embedding ", measure_embedding },
	{ " matmul bmm mm ", measure_product },
	{ " mean sum ", measure_reduction },
	{ " ReLU ReLU6 LeakyReLU PReLU ELU CELU SELU GELU SiLU Mish Sigmoid "
	  "Tanh Softplus Hardswish Hardsigmoid Hardtanh Softmax LogSoftmax "
	  "relu relu_ relu6 leaky_relu elu gelu silu mish sigmoid tanh "
	  "softplus hardswish hardsigmoid softmax log_softmax clamp add add_ "
	  "iadd sub isub mul mul_ imul div truediv neg abs exp log sqrt rsqrt "
	  "pow ",
	    measure_elementwise },
	{ " Identity Dropout Dropout1d Dropout2d Dropout3d AlphaDropout "
	  "dropout Flatten flatten Unflatten reshape view permute transpose "
	  "contiguous getitem getattr cat concat stack squeeze unsqueeze "
	  "chunk split to size expand pad PixelShuffle clone detach ",
	    measure_move },
};

static bool
has_word(const char *words, struct nnv_str word)
{
	for (const char *p = words; *p != '\0'; p++)
		if (*p == ' ' && word.n > 0 &&
		    strncmp(p + 1, word.p, word.n) == 0 && p[1 + word.n] == ' ')
			return true;
	return false;
}

/* The first tensor among some edges of a node, as a spec with axes. */
static const struct nnv_spec *
first_tensor(const struct nnv_graph *graph, const uint32_t *edges,
    uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		const struct nnv_spec
		    *spec = graph->tensors[graph->edges[edges[i]].tensor].spec;

		if (spec != NULL && spec->kind == NNV_SPEC_TENSOR)
			return spec;
	}
	return NULL;
}

static void
measure_node(struct measure *m, uint32_t v)
{
	struct nnv_param_sum sum;
	struct nnv_str type;

	m->node = &m->graph->nodes[v];
	type = nnv_graph_text(m->graph, m->node->op);
	if (m->node->kind != NNV_NODE_OP || m->node->cost.macs != NNV_UNKNOWN ||
	    m->node->nhypers > 0)
		return;
	sum = nnv_node_params(m->graph, m->node);
	m->params = sum.at_least ? NNV_UNKNOWN : sum.parameters;
	m->in = first_tensor(m->graph, m->links.in, m->links.in_start[v],
	    m->links.in_start[v + 1]);
	m->out = first_tensor(m->graph, m->links.out, m->links.out_start[v],
	    m->links.out_start[v + 1]);
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (has_word(rules[i].types, type)) {
			rules[i].measure(m);
			break;
		}
}

struct nnv_graph *
nnv_pass_measure(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct measure m = { .graph = nnv_graph_like(graph),
		.text = NNV_TEXT_EMPTY };
	bool ok = m.graph != NULL;

	for (uint32_t i = 0; ok && i < graph->nnodes; i++)
		nnv_graph_add_node(m.graph, &graph->nodes[i]);
	for (uint32_t i = 0; ok && i < graph->ntensors; i++)
		nnv_graph_add_tensor(m.graph, &graph->tensors[i]);
	for (uint32_t i = 0; ok && i < graph->nedges; i++)
		nnv_graph_add_edge(m.graph, &graph->edges[i]);
	ok = ok && !m.graph->failed && nnv_links_init(&m.links, m.graph);
	if (ok &&
	    nnv_str_eq(nnv_graph_text(graph, graph->origin), NNV_STR("nnviz")))
		for (uint32_t v = 0; v < graph->nnodes; v++)
			measure_node(&m, v);
	/* A tensor of what was drawn may have passed what was left out, so that
	 * its shape is no longer what its node gives. */
	ok = ok && nnv_graph_find_outputs(m.graph, !graph->drawn) &&
	    (graph->drawn || nnv_peak_find(m.graph));
	ok = ok && !m.graph->failed;
	nnv_links_release(&m.links);
	nnv_text_release(&m.text);
	if (ok)
		return m.graph;
	nnv_graph_free(m.graph);
	nnv_fail_memory(diag);
	return NULL;
}
