/* Finding the calls of modules: private to src/pass/calls*.c. */
#ifndef NNV_PASS_CALLS_H
#define NNV_PASS_CALLS_H

#include "hash.h"
#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/table.h"

/* The run, and the call, that stands for the program that ran the model. */
#define TOP UINT32_C(0)

/* Marks a run among the kids of a run; the others are nodes. */
#define KID_RUN UINT32_C(0x80000000)

/* What ran under one module without interruption: nodes and inner runs. */
struct run {
	uint32_t recorded;    /* module of the old graph */
	uint32_t parent;      /* NNV_NONE for TOP */
	uint32_t first, last; /* kids: a list in kids[], or NNV_NONE */
	uint32_t nkids;
	uint32_t period;     /* kids of one call: nkids where it is one */
	uint32_t begin, end; /* its nodes: a slice of sequence[] */
	uint64_t shape;      /* hash of all that is below it */
};

struct kid {
	uint32_t id; /* node, or KID_RUN | run */
	uint32_t next;
};

/* One call of a module. A caller stands before what it calls, and calls of one
 * caller stand in the order of execution. */
struct call {
	uint32_t recorded;
	uint32_t parent;
	uint32_t begin, end;
	uint32_t number, ncalls; /* 1..n where called n > 1 times */
	uint32_t module;         /* of the new graph */
	nnv_name name;           /* a better one, told by a parameter's */
};

struct calls {
	const struct nnv_graph *old;
	struct nnv_graph *graph; /* the new one */
	struct nnv_links links;  /* of the old one */
	struct run *runs;
	struct kid *kids;
	struct call *calls;
	uint32_t *sequence; /* nodes by phase, then by order of execution */
	uint32_t *place;    /* node -> where it stands in sequence[] */
	uint32_t *call_of;  /* node -> call */
	uint32_t *makes;    /* node -> the first tensor it makes, or none */
	uint32_t *params;   /* scratch: room for every use of one */
	uint32_t nruns, nkids, ncalls;
	size_t run_cap, kid_cap, call_cap;
	bool failed; /* sticky: memory was out */
};

/* Cut the order of execution into runs. */
void nnv_calls_find_runs(struct calls *c);

/* Find the runs that are one call after another, and list all calls. */
void nnv_calls_divide(struct calls *c);

/* Number the calls of each module; modules that only share a path are told
 * apart by their parameters. */
void nnv_calls_number(struct calls *c);

/* Names that parameters tell: "layers.0" for a stack entry "0". */
void nnv_calls_rename(struct calls *c);

/* The nodes of a kid: a slice of sequence[]. */
void nnv_calls_extent(const struct calls *c, uint32_t id, uint32_t *begin,
    uint32_t *end);

/* A hash of the parameters that sequence[BEGIN..END) uses, and how many there
 * are. */
uint64_t nnv_calls_params_hash(struct calls *c, uint32_t begin, uint32_t end,
    uint32_t *n);

#endif
