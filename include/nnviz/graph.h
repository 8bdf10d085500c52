/*
 * The graph of a network: what every loader gives, every pass takes and gives,
 * and the drawing shows.
 *
 * Flat arrays, linked by index; nothing is ever removed from one: a pass builds
 * a new graph. The order of every array is the order of the input (execution
 * order for a trace), and is the order of everything that is written. Names,
 * specs and lists are immutable and shared between the graphs of one run, which
 * borrow one arena and one table of names.
 *
 *   node     an op, a layer (a module drawn as one op), a collapsed module, an
 *            input or an output
 *   tensor   what one node produces and others consume
 *   edge     one use of a tensor: from its producer (or the group that holds
 *            it) to a consumer
 *   module   one call of a module; a tree, [0] is the model itself
 *   param    a parameter or buffer; nodes list the ones they use
 */
#ifndef NNVIZ_GRAPH_H
#define NNVIZ_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/diag.h"
#include "nnviz/names.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

/* No node, tensor, module or parameter. */
#define NNV_NONE UINT32_MAX

/* A count that the input does not tell. */
#define NNV_UNKNOWN INT64_C(-1)

enum nnv_phase {
	NNV_FORWARD,
	NNV_BACKWARD,
	NNV_OPTIMIZER,
	NNV_INIT,
	NNV_OUTSIDE, /* outside any module: batch, plain loss */
	NNV_NPHASES
};

/* "forward", "backward", ... */
const char *nnv_phase_name(enum nnv_phase phase);

/* The phase called NAME, or NNV_NPHASES. */
enum nnv_phase nnv_phase_named(struct nnv_str name);

/* How finely a graph tells what ran. */
enum nnv_level {
	NNV_LEVEL_TRACE, /* ops as recorded; one module for all calls */
	NNV_LEVEL_OPS,   /* ops; every call of a module is its own */
	NNV_LEVEL_LAYERS /* a module without submodules is one node */
};

enum nnv_spec_kind {
	NNV_SPEC_TENSOR,
	NNV_SPEC_BUILTIN, /* a Python value: int, str, NoneType */
	NNV_SPEC_LIST,    /* lists and tuples */
	NNV_SPEC_MAP,
	NNV_SPEC_UNKNOWN
};

/* What is known of a value that flows along an edge. */
struct nnv_spec {
	enum nnv_spec_kind kind;
	nnv_name type;        /* tensor: dtype; builtin: the type's name */
	uint32_t n;           /* tensor: dimensions; list, map: elements */
	const int64_t *shape; /* tensor: n extents */
	const int64_t *last;  /* tensor that stands for those of a row: SHAPE is
				 that of one end, this of the other; NULL */
	const struct nnv_spec *const *elements; /* list, map: n of them */
	const nnv_name *keys;                   /* map: n of them */
};

/* One argument as the model's author wrote it, as JSON text. */
struct nnv_arg {
	nnv_name key; /* NNV_NO_NAME: positional */
	nnv_name json;
};

/*
 * A hyper-parameter of a layer, as the field writes it: kernel "7×7", channels
 * "3→64", stride "/2", groups "groups 32", features "512→1000". The texts
 * explain themselves: a box shows them joined by ", ".
 */
struct nnv_hyper {
	nnv_name key; /* "kernel" */
	nnv_name text;
};

/* A line of the maker's source code. */
struct nnv_site {
	nnv_name file; /* NNV_NO_NAME: unknown */
	uint32_t line;
};

/* What running it costs; NNV_UNKNOWN where the input does not tell. */
struct nnv_cost {
	int64_t macs;            /* multiply-accumulates */
	int64_t elementwise;     /* other arithmetic, one per output element */
	int64_t output_elements; /* of the tensors that leave it */
	int64_t output_bytes;
	int64_t activation_bytes; /* of the outputs of all that is inside */
	int64_t backward_macs; /* of its gradients; of a gradient that belongs
				  to nothing here, its own */
};

/* Nothing known; nothing yet, to be added to. */
struct nnv_cost nnv_cost_unknown(void);
struct nnv_cost nnv_cost_none(void);

/* Add what adds up: outputs do not, and are left as they are. Unknown where a
 * part is, but for gradients. */
void nnv_cost_add(struct nnv_cost *sum, const struct nnv_cost *more);

/* Why a drawing leaves a node out unless it is asked to keep everything. */
enum nnv_hidden {
	NNV_SHOWN,
	NNV_HIDDEN_CONSTANT,  /* computed from no input */
	NNV_HIDDEN_STATISTIC, /* updates a buffer, reaches no output */
	NNV_HIDDEN_DEAD_END,  /* reaches no output */
	NNV_HIDDEN_ASKED,     /* a person does not want to see it */
	NNV_HIDDEN_REPEATED,  /* one of its like stands for it */
	NNV_NHIDDEN
};

struct nnv_behind; /* opaque: src/graph/behind.c */

enum nnv_node_kind {
	NNV_NODE_OP,    /* an op, or a layer */
	NNV_NODE_GROUP, /* a collapsed module */
	NNV_NODE_INPUT,
	NNV_NODE_OUTPUT,
	NNV_NODE_EXTERNAL /* used, but absent from the input file */
};

struct nnv_node {
	enum nnv_node_kind kind;
	enum nnv_phase phase;
	nnv_name key;          /* identity: unique in the graph */
	nnv_name name;         /* for people: "layer1.0.conv1"; NNV_NO_NAME
				   where it is the dotted path */
	nnv_name leaf;         /* last component of the path; NNV_NO_NAME for
				   a node whose path is empty */
	uint32_t module;       /* the enclosing one: path without the leaf */
	uint32_t self;         /* layer, group: the module that it is drawn
				   for; else NNV_NONE */
	nnv_name op;           /* the type in bold: "Conv2d", "binary.add" */
	nnv_name full_op;      /* "torch.nn.modules.conv.Conv2d", or none */
	uint32_t call, ncalls; /* this is call 1..ncalls of the module; 0, 0
				   where it is called once */
	uint32_t nmembers;     /* ops or layers inside: 1 for a plain node */
	uint32_t repeat;       /* stands for so many of its like in a row, or
				   calls of one module; 0: for itself */
	bool faded;            /* not what a person looks at: drawn pale */
	bool lit;              /* what a person pointed at: drawn bold */
	bool masked;           /* takes a mask made of random numbers, as
				   dropout does */
	bool floored;          /* gives the greater of what it takes and
				   the number 0 */
	enum nnv_hidden hide;  /* why a drawing leaves it out */
	uint32_t grad_of;      /* backward: the forward node, or NNV_NONE */
	struct nnv_site site;  /* where the model calls it */
	struct nnv_cost cost;
	const struct nnv_arg *args;
	uint32_t nargs;
	const struct nnv_hyper *hypers; /* what is known of them, in the
					   order in which they are read */
	uint32_t nhypers;
	const uint32_t *params; /* indices of parameters, ascending */
	uint32_t nparams;
	int64_t time;            /* nanoseconds, its share of its kernels', or
				   NNV_UNKNOWN */
	const uint32_t *kernels; /* that it ran in, or some of it; as
					   params */
	uint32_t nkernels;
	const struct nnv_behind *behind; /* what was hidden there; or NULL */
};

/* What a tensor held when it was recorded. Minimum, maximum and mean are of its
 * finite elements; they mean nothing where there are none. */
struct nnv_values {
	int64_t count; /* of elements, these included: */
	int64_t nans, infinities;
	double min, max, mean;
};

struct nnv_tensor {
	nnv_name key;                /* identity together with the producer's */
	nnv_name name;               /* the maker's: "layer1.0.conv1.weight" */
	uint32_t producer;           /* node, or NNV_NONE */
	uint32_t param;              /* which it is (a version of), or none */
	const struct nnv_spec *spec; /* NULL: nothing known */
	const struct nnv_values *values; /* NULL: not recorded */
	nnv_name mark; /* what it passed on its way that is not
				   drawn: "reshape"; or NNV_NO_NAME */
};

struct nnv_edge {
	uint32_t src, dst; /* nodes */
	uint32_t tensor;
	uint32_t operand; /* which input of dst, from 0 */
};

struct nnv_module {
	uint32_t parent;       /* less than its own index; [0]: NNV_NONE */
	nnv_name name;         /* attribute name: "conv1", "0"; may be "" */
	nnv_name type;         /* class: "Conv", or NNV_NO_NAME */
	enum nnv_phase phase;  /* of the ops below it */
	bool is_phase;         /* stands for a phase as a whole: "backward" */
	uint32_t call, ncalls; /* as of a node */
	uint32_t repeat;       /* as of a node: name then tells the first and
				   the last, "[0-11]" */
	bool abreast;          /* those it stands for take the same and give
				   to the same; else one gives to the next */
	nnv_name differs;      /* in what those it stands for are not alike,
				   "channels 64→384"; NNV_NO_NAME: nothing */
	struct nnv_site site;
};

enum nnv_backend {
	NNV_BACKEND_UNKNOWN,
	NNV_BACKEND_CPU,
	NNV_BACKEND_CUDA,
	NNV_BACKEND_RELAY /* handed to a library */
};

/* "cpu", "cuda", "relay to a library", "?" */
const char *nnv_backend_name(enum nnv_backend backend);

/* Ops that the back end fused and ran as one. The table is in the order of
 * execution; people count kernels from 1. */
struct nnv_kernel {
	nnv_name key;  /* the compiler's, as a profile spells it */
	nnv_name file; /* generated source, without directories */
	nnv_name ops;  /* kinds: "broadcast_to, binary.add" */
	enum nnv_backend backend;
	uint32_t nops;              /* that ran in it, drawn or not */
	uint32_t ninputs, noutputs; /* tensors */
	int64_t read, written;      /* bytes, or NNV_UNKNOWN */
	int64_t macs, elementwise;  /* or NNV_UNKNOWN */
	int64_t time;               /* nanoseconds of one run, or NNV_UNKNOWN */
};

enum nnv_param_kind {
	NNV_PARAM_TRAINABLE,
	NNV_PARAM_FROZEN, /* a parameter that training leaves alone */
	NNV_PARAM_BUFFER  /* running statistics and the like */
};

struct nnv_param {
	enum nnv_param_kind kind;
	nnv_name name;               /* "layer1.0.conv1.weight", or none */
	int64_t count;               /* elements, or NNV_UNKNOWN */
	const struct nnv_spec *spec; /* shape and dtype, or NULL */
};

/* What nodes that a person hid have: no node shows it, but all sums hold it. */
struct nnv_unseen {
	const uint32_t *params; /* ascending indices of parameters */
	uint32_t nparams;
	struct nnv_cost cost; /* outputs apart */
	int64_t time;         /* or NNV_UNKNOWN: none */
};

struct nnv_graph {
	struct nnv_arena *arena; /* borrowed */
	struct nnv_names *names; /* borrowed */
	enum nnv_level level;
	bool drawn; /* not a recording but what was drawn of one: what
				   is to be shown has been chosen */
	struct nnv_node *nodes;
	struct nnv_tensor *tensors;
	struct nnv_edge *edges;
	struct nnv_module *modules;
	struct nnv_param *params;
	struct nnv_kernel *kernels; /* in the arena; never changed */
	uint32_t nnodes, ntensors, nedges, nmodules, nparams, nkernels;
	size_t node_cap, tensor_cap, edge_cap, module_cap, param_cap;
	nnv_name title;  /* of the drawing: the model's type */
	nnv_name whole;  /* what model it is a part of, or none */
	nnv_name source; /* where it was recorded: a file, a package */
	nnv_name source_version;
	nnv_name nnviz_version; /* of the NNViz that wrote it */
	nnv_name origin;        /* the kind of source: "jittor", "nnviz" */
	uint32_t nsteps;        /* of training that were recorded, if
					   not all are here; else 0 */
	uint32_t step;          /* the one that is here, from 1; 0: any,
					   as all are alike */
	int64_t peak_bytes;     /* of tensors that are alive at once, or
				   NNV_UNKNOWN */
	uint32_t hidden[NNV_NHIDDEN]; /* nodes left out, by reason */
	struct nnv_unseen unseen;
	uint32_t sharers; /* who frees it, besides the one who made it */
	bool failed;      /* sticky: memory was out, or 2^32-1 reached */
};

/* An empty graph with no module, or NULL. The arena and the names are
 * borrowed, and must outlive it. */
struct nnv_graph *nnv_graph_new(struct nnv_arena *arena,
    struct nnv_names *names);

/* A graph without nodes, tensors and edges, but with everything else of FROM:
 * modules and parameters (same indices), titles, level, hidden counts. */
struct nnv_graph *nnv_graph_like(const struct nnv_graph *from);

/* The graph itself, to be freed once more: for who has nothing to change in it.
 * Nobody may change it from then on. */
struct nnv_graph *nnv_graph_share(const struct nnv_graph *graph);
void nnv_graph_free(struct nnv_graph *graph);

/* Drop the parameters that nobody uses, and the room that is not. False: no
 * memory, and at most room is lost. */
bool nnv_graph_trim(struct nnv_graph *graph);

/* A node without anything known of it: all links none, all counts unknown. */
struct nnv_node nnv_node_blank(enum nnv_node_kind kind);

/* What none of them have. */
struct nnv_unseen nnv_unseen_none(void);

/* A kernel of which nothing is known. */
struct nnv_kernel nnv_kernel_blank(void);

/*
 * Append a copy; the index, or NNV_NONE when memory is out, which also sets
 * graph->failed: a builder may check that once, at the end.
 */
uint32_t nnv_graph_add_node(struct nnv_graph *graph,
    const struct nnv_node *node);
uint32_t nnv_graph_add_tensor(struct nnv_graph *graph,
    const struct nnv_tensor *tensor);
uint32_t nnv_graph_add_edge(struct nnv_graph *graph,
    const struct nnv_edge *edge);
uint32_t nnv_graph_add_module(struct nnv_graph *graph,
    const struct nnv_module *module);
uint32_t nnv_graph_add_param(struct nnv_graph *graph,
    const struct nnv_param *param);

/* Whether any node is of that kind. */
bool nnv_graph_has(const struct nnv_graph *graph, enum nnv_node_kind kind);

/* A name of the graph's table as text, and text as a name. */
struct nnv_str nnv_graph_text(const struct nnv_graph *graph, nnv_name name);
nnv_name nnv_graph_name(struct nnv_graph *graph, struct nnv_str text);

/* A tensor's spec: a copy of SHAPE in the graph's arena; NULL: no memory. */
const struct nnv_spec *nnv_spec_tensor(struct nnv_graph *graph,
    const int64_t *shape, uint32_t ndim, nnv_name dtype);

/* Add a time to a sum; one that is not known adds nothing. */
void nnv_time_add(int64_t *sum, int64_t more);

/* The product of a tensor spec's extents (1 for a scalar), or NNV_UNKNOWN for
 * other kinds, negative extents, products beyond int64, and a row of tensors
 * that are not alike. */
int64_t nnv_spec_elements(const struct nnv_spec *spec);

/* Equal in structure, shapes and types. */
bool nnv_spec_eq(const struct nnv_spec *a, const struct nnv_spec *b);

/* Components in the path of a module: 0 for [0]. */
uint32_t nnv_module_depth(const struct nnv_graph *graph, uint32_t module);

/* Whether INNER is OUTER or stands below it. */
bool nnv_module_within(const struct nnv_graph *graph, uint32_t inner,
    uint32_t outer);

/* The innermost module around both. */
uint32_t nnv_module_common(const struct nnv_graph *graph, uint32_t a,
    uint32_t b);

/* Append the dotted path of a module: "layer1.0"; nothing for [0]. */
void nnv_module_path(const struct nnv_graph *graph, uint32_t module,
    struct nnv_text *out);

/* Append what people call a node: its name, or its dotted path. */
void nnv_node_path(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out);

/* Add a hyper-parameter to NODE, or give the one of that key another text: a
 * new list, in the graph's arena. An empty TEXT adds nothing. A lack of memory
 * makes the graph failed. */
void nnv_node_add_hyper(struct nnv_graph *graph, struct nnv_node *node,
    const char *key, struct nnv_str text);

/* The text of a hyper-parameter; absent where it is not known. */
struct nnv_str nnv_node_hyper(const struct nnv_graph *graph,
    const struct nnv_node *node, const char *key);

/* Append all of them in a line: "7×7, 3→64, /2". */
void nnv_node_hypers(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out);

/* Put the nodes into ORDER, a permutation of their indices; every link to a
 * node follows. False: no memory, and nothing is changed. */
bool nnv_graph_reorder(struct nnv_graph *graph, const uint32_t *order);

/*
 * Take the maker's directories off every call site: the first of PREFIXES that
 * a path starts with (an empty one keeps paths whole), else everything in front
 * of a Python package, else all but the file's name. False: no memory.
 */
bool nnv_graph_shorten_sites(struct nnv_graph *graph,
    const struct nnv_str *prefixes, size_t nprefixes);

/* Edges by node: those that leave node i are
 * out[out_start[i]] .. out[out_start[i + 1] - 1], in edge order; likewise
 * in. */
struct nnv_links {
	uint32_t *out_start, *out, *in_start, *in;
};

/* False when memory is out; the caller releases. */
bool nnv_links_init(struct nnv_links *links, const struct nnv_graph *graph);
void nnv_links_release(struct nnv_links *links);

/*
 * Nodes in an order in which every edge leads forward, otherwise the order of
 * the input: of the nodes whose sources are placed, the first one is next.
 * ORDER has room for nnodes. Nodes on a cycle or behind one are appended in
 * input order; returns how many nodes were ordered properly, or NNV_NONE when
 * memory is out.
 */
uint32_t nnv_graph_order(const struct nnv_graph *graph, uint32_t *order);

/* Mark the modules (RINGS, one a module) of 2 to MOST nodes that hand on what
 * is given back to them, by way of others. False: no memory. */
bool nnv_graph_find_rings(const struct nnv_graph *graph, uint32_t most,
    bool *rings);

/* Keep with NODE what HIDDEN has, which is not drawn; what is behind another
 * node, which it stands for as well. A lack of memory makes the graph
 * failed. */
void nnv_behind_hide(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_node *hidden);
void nnv_behind_join(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_behind *more);

/* Let graph->unseen be what is behind its nodes. False: no memory. */
bool nnv_graph_find_unseen(struct nnv_graph *graph);

/* Whether an edge takes from the forward pass to the backward pass what it
 * computes with: what is kept for it, not given on. */
bool nnv_edge_is_saved(const struct nnv_graph *graph,
    const struct nnv_edge *edge);

/* Mark the tensors that leave their node: outputs[ntensors]. False: no
 * memory. */
bool nnv_graph_mark_outputs(const struct nnv_graph *graph, bool *outputs);

/* Count the outputs of ops, layers and groups, as far as tensors tell of them;
 * unless AGAIN only those that are not known. With AGAIN, which is for what is
 * not merged yet, also the activations of ops and layers of which they are not
 * known. False: no memory. */
bool nnv_graph_find_outputs(struct nnv_graph *graph, bool again);

/* Elements of parameters, each counted once. */
struct nnv_param_sum {
	int64_t parameters; /* trainable and frozen */
	int64_t buffers;
	bool at_least; /* the size of some is unknown */
};
struct nnv_param_sum nnv_node_params(const struct nnv_graph *graph,
    const struct nnv_node *node);
struct nnv_param_sum nnv_unseen_params(const struct nnv_graph *graph);

/* The same for the union over all nodes of the graph; false: no memory. */
bool nnv_graph_params(const struct nnv_graph *graph, struct nnv_param_sum *sum);

/* A sum of counts, some of which may be unknown. */
struct nnv_sum {
	int64_t known; /* of those that are known */
	bool at_least; /* some are not */
};

/* Add a count, or that one is NNV_UNKNOWN. */
void nnv_sum_add(struct nnv_sum *sum, int64_t count);

/*
 * The parameters, buffers apart, that no node before it in ORDER has, for each
 * node: fresh[nnodes]; if APART, no node of its phase. False: no memory.
 */
bool nnv_params_fresh(const struct nnv_graph *graph, const uint32_t *order,
    bool apart, struct nnv_sum *fresh);

/* The whole graph: what its ops, layers and groups add up to, parameters once
 * each. FLOPs are 2 x MACs + elementwise. */
struct nnv_totals {
	struct nnv_sum trainable, frozen, buffers; /* elements */
	struct nnv_sum parameter_bytes;            /* buffers not included */
	struct nnv_sum macs, elementwise, activation_bytes, backward_macs;
	bool has_backward; /* some node tells of its gradients */
	struct nnv_sum output_elements, output_bytes; /* of the whole */
};

/* False: no memory. */
bool nnv_graph_totals(const struct nnv_graph *graph, struct nnv_totals *totals);

/* Whether the kind of input tells of buffers; else there may be any number. */
bool nnv_graph_tells_buffers(const struct nnv_graph *graph);

/* "float32" is "torch.float32" to PyTorch and NNViz. */
struct nnv_str nnv_dtype_short(struct nnv_str dtype);

/* Bytes of an element of a dtype, which may be short, or NNV_UNKNOWN. */
int64_t nnv_dtype_size(struct nnv_str dtype);

/* Elements of all tensors in a spec, 0 for a Python value; or NNV_UNKNOWN; and
 * their bytes. */
int64_t nnv_spec_count(const struct nnv_spec *spec);
int64_t nnv_spec_bytes(const struct nnv_graph *graph,
    const struct nnv_spec *spec);

/* Sort the numbers of things, and keep each once; how many are left. */
uint32_t nnv_list_sort(uint32_t *items, size_t n);

/* The union of two ascending lists of parameters (or of kernels), in the
 * graph's arena (or one of the two lists itself); false: no memory. */
bool nnv_params_union(struct nnv_graph *graph, const uint32_t **list,
    uint32_t *n, const uint32_t *more, uint32_t nmore);

/*
 * Give each node of TO the parameters and the kernels of all nodes of FROM that
 * it stands for: GROUP is one of TO's nodes, or NNV_NONE, for each of FROM's.
 * Takes n log n where a union after the other would take the square. False: no
 * memory, and TO has failed.
 */
bool nnv_params_gather(struct nnv_graph *to, const struct nnv_graph *from,
    const uint32_t *group);

#endif
