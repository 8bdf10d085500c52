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
	uint32_t parent; /* the entry around it, or NNV_NONE */
	uint32_t root;   /* the outermost entry */
	uint32_t depth;  /* 1 for the outermost */
	nnv_name name, type;
	struct nnv_site site; /* of its first occurrence */
	uint32_t newest;      /* the entry below it that was met last */
	bool plain_code;      /* "file:line": no module */
	bool repeated;        /* the decorator's second entry of one call */
};

/* An entry of node_data. */
struct jt_record {
	int64_t id;
	nnv_value value;
	uint32_t what; /* an op, JT_VAR | variable, or NNV_NONE */
};

struct jt_op {
	int64_t id;
	nnv_name name;        /* "binary.add" */
	uint32_t frame;       /* innermost, or NNV_NONE: no stack */
	struct nnv_site site; /* of the innermost entry */
	enum nnv_phase phase;
	uint32_t first_use, nuses; /* its inputs: a slice of uses[] */
	uint32_t first_out, nouts; /* its outputs: a slice of outs[] */
	int64_t grad_of;           /* an id, or -1 */
};

struct jt_var {
	int64_t id;
	nnv_name name;                   /* "conv1.weight", "" for most */
	const struct nnv_spec *spec;     /* NULL: not in the file */
	int64_t bytes;                   /* of an element, or NNV_UNKNOWN */
	uint32_t producer;               /* op, or NNV_NONE */
	uint32_t param;                  /* of the graph, or NNV_NONE */
	const struct nnv_values *values; /* NULL: not recorded */
	uint32_t first_user, nusers;     /* consumers: a slice of users[] */
	bool is_input; /* a dangling id that is data, not a weight */
};

struct jt_trace {
	const struct nnv_tree *tree;
	struct nnv_graph *graph;
	struct nnv_diag *diag;
	nnv_value kernels;         /* execute_op_info */
	struct jt_record *records; /* by id */
	uint32_t *places;          /* id less the first -> record; or NULL */
	double density;            /* of them: how many to an id */
	struct jt_op *ops;
	struct jt_var *vars;
	struct jt_frame *frames;
	uint32_t *uses;  /* variables, by op */
	uint32_t *outs;  /* variables, by producer, ascending */
	uint32_t *users; /* ops, by variable, ascending */
	uint32_t nrecords, nops, nvars, nframes, nuses;
	size_t op_cap, var_cap, frame_cap, use_cap;
	struct nnv_table before; /* id without a record -> JT_VAR |
					   variable */
	size_t data_read;        /* bytes of recorded values */
	bool has_modules;        /* some op was called by a module */
};

/* Marks a variable among what ids stand for. */
#define JT_VAR UINT32_C(0x80000000)

/* An entry of a stack that was met: maps of one number are the same. */
enum { JT_MET = 256 };
struct jt_met {
	uint32_t same;   /* its number; 0: none */
	uint32_t parent; /* the frame around it */
	uint32_t frame;
};
struct jt_called {
	uint32_t same;
	struct nnv_site site;
};

/* Growing the tree of frames: jittor_stack.c. */
struct jt_stacks {
	struct jt_trace *trace;
	struct nnv_fields fields;  /* of an entry */
	struct nnv_table pairs;    /* (name, type) -> a number for it */
	struct nnv_table children; /* (parent frame, pair) -> frame */
	struct nnv_table lists;    /* long list -> innermost frame */
	uint32_t npairs;
	uint32_t newest; /* outermost frame that was met last */
	nnv_name file;   /* of the last call site */
	struct jt_met met[JT_MET];
	struct jt_called called[JT_MET];
};

void nnv_jt_stacks_init(struct jt_stacks *stacks, struct jt_trace *trace);
void nnv_jt_stacks_release(struct jt_stacks *stacks);

/* The innermost frame of a list of entries, and where it is called from;
 * NNV_NONE for an empty list, or none. */
uint32_t nnv_jt_stack_read(struct jt_stacks *stacks, nnv_value list,
    struct nnv_site *site);

void nnv_jt_trace_init(struct jt_trace *trace, const struct nnv_tree *tree,
    struct nnv_graph *graph, struct nnv_diag *diag);
void nnv_jt_trace_release(struct jt_trace *trace);

/* Read the records: ops, variables, frames, and who uses what. */
bool nnv_jt_read(struct jt_trace *trace, nnv_value node_data);

/* What an id stands for: an op, JT_VAR | a variable, or NNV_NONE. */
uint32_t nnv_jt_find(const struct jt_trace *trace, int64_t id);

/* A decimal integer that is the whole of S, up to 18 characters. */
bool nnv_jt_int(struct nnv_str s, int64_t *out);

/* Summarize what a variable held, the attribute "data", if there is any. */
bool nnv_jt_add_values(struct jt_trace *trace, struct jt_var *var,
    nnv_value data);

/* Decide every op's phase. */
bool nnv_jt_decide_phases(struct jt_trace *trace);

/* Find the parameters and buffers, and tell dangling data from weights. */
bool nnv_jt_find_params(struct jt_trace *trace);

/* Give nodes, NODE_OF each op, what the keys of kernels tell of them: of those
 * that slide a window its stride, padding, ... as hyper-parameters; whether it
 * is a maximum of something and 0. See jittor_key.c. */
bool nnv_jt_read_keys(struct jt_trace *trace, const uint32_t *node_of);

/* Fill the graph's table of kernels, and the lists of its nodes; NODE_OF each
 * op. */
bool nnv_jt_add_kernels(struct jt_trace *trace, const uint32_t *node_of);

/* Fill the graph from a trace that is understood. */
bool nnv_jt_build(struct jt_trace *trace);

/* The arithmetic that one op costs. */
struct nnv_cost nnv_jt_op_cost(const struct jt_trace *trace,
    const struct jt_op *op);

/* An id: an integer, or the decimal text that JSON makes of one. */
bool nnv_jt_id(const struct nnv_tree *tree, nnv_value v, int64_t *id);

static inline struct nnv_str
nnv_jt_text(const struct jt_trace *trace, nnv_name name)
{
	return nnv_graph_text(trace->graph, name);
}

/* Whether the op's stack is rooted in a module (or a phase), not in code. */
static inline const struct jt_frame *
nnv_jt_root(const struct jt_trace *trace, const struct jt_op *op)
{
	return op->frame == NNV_NONE
	    ? NULL
	    : &trace->frames[trace->frames[op->frame].root];
}

#endif
