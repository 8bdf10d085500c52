/*
 * A type's name is known by a word in it. PyTorch and Jittor spell one thing
 * many ways (Conv, Conv2d, conv_transpose1d, ConvBnReLU2d; ReLU, relu, relu_),
 * so a name is first broken into lower-case words, without digits of
 * dimension and underscores: "AdaptiveAvgPool2d" is "adaptiveavgpool". The
 * table then looks for a stretch of letters, the more telling rows first:
 * "relu" must not be found in "prelu" by accident, but "batchnorm" may stand
 * anywhere. A row that begins with "=" wants the whole name.
 */
#include "category.h"

#include <string.h>

enum { TYPE_MAX = 64 };

static const char *const names[NNV_NCATEGORIES] = {
	[NNV_CONVOLUTION] = "convolution",
	[NNV_LINEAR] = "linear",
	[NNV_NORMALISATION] = "normalisation",
	[NNV_ACTIVATION] = "activation",
	[NNV_POOLING] = "pooling",
	[NNV_ATTENTION] = "attention",
	[NNV_RECURRENT] = "recurrent",
	[NNV_EMBEDDING] = "embedding",
	[NNV_DROPOUT] = "dropout",
	[NNV_PADDING] = "padding",
	[NNV_ELEMENTWISE] = "elementwise",
	[NNV_SHAPE] = "shape",
	[NNV_REDUCTION] = "reduction",
	[NNV_LOSS] = "loss",
	[NNV_TERMINAL] = "terminal",
	[NNV_CONTAINER] = "container",
	[NNV_GRADIENT] = "gradient",
	[NNV_OPTIMISER] = "optimizer",
	[NNV_UNKNOWN_TYPE] = "unknown"
};

struct row {
	enum nnv_category category;
	const char *words; /* separated by blanks */
};

static const struct row rows[] = {
	/* more telling than the words inside them */
	{ NNV_LOSS, "loss crossentropy divergence" },
	{ NNV_RECURRENT,
	    "=lstm =gru =rnn lstmcell grucell rnncell lstmbase "
	    "grubase rnnbase =rnntanh =rnnrelu" },
	{ NNV_ATTENTION,
	    "attention transformer =mha selfattn =attn "
	    "scaleddotproduct" },
	{ NNV_EMBEDDING, "embedding positionalencoding" },
	{ NNV_DROPOUT, "dropout stochasticdepth droppath dropblock" },
	{ NNV_ACTIVATION,
	    "logsoftmax softmax softmin softplus softsign "
	    "softshrink hardshrink tanhshrink hardtanh hardswish "
	    "hardsigmoid logsigmoid leakyrelu threshold" },
	{ NNV_NORMALISATION,
	    "batchnorm layernorm groupnorm instancenorm "
	    "rmsnorm weightnorm spectralnorm localresponsenorm "
	    "normalize =norm =bn =ln" },
	{ NNV_POOLING, "pool" },
	{ NNV_PADDING,
	    "reflectpad replicatepad replicationpad reflectionpad "
	    "zeropad constantpad circularpad =pad padding" },
	{ NNV_CONVOLUTION, "conv" },
	{ NNV_ACTIVATION,
	    "relu =elu gelu selu silu celu swish mish sigmoid "
	    "=tanh =glu swiglu geglu" },
	{ NNV_LINEAR,
	    "linear bilinear =matmul =bmm =mm =addmm =baddbmm "
	    "=einsum =dense =fullyconnected" },

	/* ops */
	{ NNV_REDUCTION,
	    "=reduce reduce. =mean =sum =prod =amax =amin =argmax "
	    "=argmin =max =min =norm =std =var =any =all =logsumexp "
	    "arg.reduce argreduce cumsum =topk" },
	{ NNV_ELEMENTWISE,
	    "binary. unary. ternary =ternary =add =sub =mul "
	    "=div =truediv =floordiv =mod =pow =sqrt =rsqrt =exp =log "
	    "=abs =neg =clamp =clip =where =iadd =isub =imul =itruediv "
	    "=subtract =multiply =divide =maximum =minimum =eq =ne =lt =gt "
	    "=le =ge =sin =cos =erf =reciprocal =square =round =floor "
	    "=ceil =lerp =addcmul =sign =logicaland =logicalor =logicalnot "
	    "=maskedfill =scale" },
	{ NNV_SHAPE,
	    "reshape transpose permute flatten unfold =fold reindex "
	    "broadcast getitem setitem =view squeeze =concat =cat "
	    "concatenate =stack =hstack =vstack =split =chunk =size "
	    "=getattr =expand =repeat =slice =select =gather =scatter "
	    "=contiguous =roll =index =clone =copy =tile =unbind =narrow "
	    "swapaxes movedim =flip =to =float =half =type =identity "
	    "interpolate upsample pixelshuffle pixelunshuffle =resize "
	    "=arange =zeros =ones =empty =full =array =code =dim =shape "
	    "channelshuffle =meshgrid =safeclip fuse.transpose" },
	{ NNV_OPTIMISER, "=sgd =adam =adamw =rmsprop =adagrad =optimizer" }
};

const char *
nnv_category_name(enum nnv_category category)
{
	return names[category];
}

enum nnv_category
nnv_category_named(struct nnv_str name)
{
	int i;

	if (nnv_str_eq(name, NNV_STR("normalization")))
		return NNV_NORMALISATION;
	if (nnv_str_eq(name, NNV_STR("optimiser")))
		return NNV_OPTIMISER;
	for (i = 0; i < NNV_NCATEGORIES; i++)
		if (nnv_str_eq(name, nnv_str(names[i])))
			break;
	return (enum nnv_category)i;
}

/* Lower-case letters and dots, the rest left out. */
static size_t
fold(struct nnv_str type, char out[TYPE_MAX])
{
	size_t i, n = 0;

	for (i = 0; i < type.n && n < TYPE_MAX; i++) {
		char c = type.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || c == '.')
			out[n++] = c;
	}
	return n;
}

static bool
matches(struct nnv_str type, struct nnv_str word)
{
	if (word.p[0] == '=')
		return nnv_str_eq(type, nnv_str_from(word, 1));
	return nnv_str_find(type, word) < type.n;
}

static bool
row_has(const struct row *row, struct nnv_str type)
{
	const char *p = row->words;

	while (*p != '\0') {
		const char *blank = strchr(p, ' ');
		size_t n = blank != NULL ? (size_t)(blank - p) : strlen(p);

		if (matches(type, (struct nnv_str){ p, n }))
			return true;
		p += n + (blank != NULL);
	}
	return false;
}

enum nnv_category
nnv_category_of_type(struct nnv_str type)
{
	char folded[TYPE_MAX];
	struct nnv_str text = { folded, fold(type, folded) };
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (row_has(&rows[i], text))
			return rows[i].category;
	return NNV_UNKNOWN_TYPE;
}

/* A group is a container whatever its type is called, but for the modules that
 * people think of as one layer. */
static enum nnv_category
category_of_group(enum nnv_category category)
{
	if (category == NNV_ATTENTION || category == NNV_RECURRENT)
		return category;
	return NNV_CONTAINER;
}

enum nnv_category
nnv_category_of(const struct nnv_graph *graph, const struct nnv_node *node)
{
	enum nnv_category category;

	if (node->kind == NNV_NODE_INPUT || node->kind == NNV_NODE_OUTPUT)
		return NNV_TERMINAL;
	if (node->phase == NNV_BACKWARD)
		return NNV_GRADIENT;
	if (node->phase == NNV_OPTIMIZER)
		return NNV_OPTIMISER;
	category = nnv_category_of_type(nnv_graph_text(graph, node->op));
	if (node->kind == NNV_NODE_GROUP)
		return category_of_group(category);
	return category;
}
