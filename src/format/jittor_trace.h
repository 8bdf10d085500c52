/*
 * A Jittor trace while it is being understood: ops, variables and stack frames
 * in flat arrays, in the order of their ids. Private to src/format/jittor*.c.
 */
#ifndef NNV_FORMAT_JITTOR_TRACE_H
#define NNV_FORMAT_JITTOR_TRACE_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/table.h"
#include "nnviz/value.h"

/* One entry of a stack, as a node of the tree of all stacks. */
struct jt_frame {
	uint32_t parent;	/* the entry around it, or NNV_NONE */
	uint32_t root;		/* the outermost entry */
	uint32_t depth;		/* 1 for the outermost */
	nnv_name name, type;
	struct nnv_site site;	/* of its first occurrence */
	bool plain_code;	/* "file:line": no module */
	bool repeated;		/* the decorator's second entry of one call */
};

struct jt_op {
	int64_t id;
	nnv_name name;		/* "binary.add" */
	uint32_t frame;		/* innermost, or NNV_NONE: no stack */
	struct nnv_site site;	/* of the innermost entry */
	enum nnv_phase phase;
	uint32_t first_use, nuses;	/* its inputs: a slice of uses[] */
	uint32_t first_out, nouts;	/* its outputs: a slice of outs[] */
	int64_t grad_of;	/* an id, or -1 */
	nnv_value inputs;	/* until they are resolved */
};

struct jt_var {
	int64_t id;
	nnv_name name;		/* "conv1.weight", "" for most */
	const struct nnv_spec *spec;	/* NULL: not in the file */
	int64_t bytes;		/* of an element, or NNV_UNKNOWN */
	uint32_t producer;	/* op, or NNV_NONE */
	uint32_t param;		/* of the graph, or NNV_NONE */
	uint32_t first_user, nusers;	/* consumers: a slice of users[] */
	bool is_input;		/* a dangling id that is data, not a weight */
};

struct jt_trace {
	const struct nnv_tree *tree;
	struct nnv_graph *graph;
	struct nnv_diag *diag;
	nnv_value kernels;	/* execute_op_info */
	struct jt_op *ops;
	struct jt_var *vars;
	struct jt_frame *frames;
	uint32_t *uses;		/* variables, by op */
	uint32_t *outs;		/* variables, by producer, ascending */
	uint32_t *users;	/* ops, by variable, ascending */
	uint32_t nops, nvars, nframes, nuses;
	size_t op_cap, var_cap, frame_cap, use_cap;
	struct nnv_table ids;	/* id -> op, or JT_VAR | variable */
	bool has_modules;	/* some op was called by a module */
};

/* Marks a variable among the values of ids. */
#define JT_VAR UINT32_C(0x80000000)

void nnv_jt_trace_init(struct jt_trace *trace, const struct nnv_tree *tree,
    struct nnv_graph *graph, struct nnv_diag *diag);
void nnv_jt_trace_release(struct jt_trace *trace);

/* Read the records: ops, variables, frames, and who uses what. */
bool nnv_jt_read(struct jt_trace *trace, nnv_value node_data);

/* Decide every op's phase. */
bool nnv_jt_decide_phases(struct jt_trace *trace);

/* Find the parameters and buffers, and tell dangling data from weights. */
bool nnv_jt_find_params(struct jt_trace *trace);

/* Give the nodes of ops that slide a window, NODE_OF each op, its stride,
 * padding, ... as hyper-parameters: see jittor_window.c. */
bool nnv_jt_find_windows(struct jt_trace *trace, const uint32_t *node_of);

/* Fill the graph from a trace that is understood. */
bool nnv_jt_build(struct jt_trace *trace);

/* The arithmetic that one op costs. */
struct nnv_cost nnv_jt_op_cost(const struct jt_trace *trace,
    const struct jt_op *op);

static inline struct nnv_str
nnv_jt_text(const struct jt_trace *trace, nnv_name name)
{
	return nnv_graph_text(trace->graph, name);
}

/* Whether the op's stack is rooted in a module (or a phase), not in code. */
static inline const struct jt_frame *
nnv_jt_root(const struct jt_trace *trace, const struct jt_op *op)
{
	return op->frame == NNV_NONE ? NULL
	    : &trace->frames[trace->frames[op->frame].root];
}

#endif
