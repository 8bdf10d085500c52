/* Finding runs of ops that are one idea to a person. See idiom.c. */
#ifndef NNVIZ_PASS_IDIOM_H
#define NNVIZ_PASS_IDIOM_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/table.h"
#include "nnviz/unique.h"

#include "quotient.h"

enum { NNV_MATCH_MAX = 48, NNV_MATCH_NAMES = 26 };

/* The nodes that one occurrence of a pattern takes, its last one first. */
struct nnv_match {
	uint32_t nodes[NNV_MATCH_MAX];
	uint32_t n;
	uint32_t names[NNV_MATCH_NAMES]; /* 'a'..'z' -> tensor, or NNV_NONE */
};

/* One round over a graph. */
struct nnv_idioms {
	const struct nnv_graph *graph;
	struct nnv_links links;
	uint32_t *position; /* by node: in an order along the edges */
	nnv_name *ops;      /* by node */
	struct nnv_quotient q;
	struct nnv_unique keys;
	uint32_t found;
	bool failed;
};

/* False: no memory. The caller releases in either case. */
bool nnv_idioms_init(struct nnv_idioms *idioms, const struct nnv_graph *graph);
void nnv_idioms_release(struct nnv_idioms *idioms);

/* The graph with what was found merged, or shared where nothing was; NULL:
 * failure. Once. */
struct nnv_graph *nnv_idioms_make(struct nnv_idioms *idioms,
    struct nnv_diag *diag);

/* Whether no other idiom has taken a node, and it is an op. */
bool nnv_idioms_is_free(const struct nnv_idioms *idioms, uint32_t node);

/* The edges into NODE that do not come from constants: how many, and the first
 * MAX of them in operand order. */
uint32_t nnv_idioms_inputs(const struct nnv_idioms *idioms, uint32_t node,
    uint32_t *edges, uint32_t max);

/* Whether all that MATCH's nodes but the last one make is used inside, or, if
 * it MAY LEAK, behind the last one. */
bool nnv_idioms_is_closed(const struct nnv_idioms *idioms,
    const struct nnv_match *match, bool may_leak);

/* Make one node, called NAME, of N nodes, the last one first. */
void nnv_idioms_take(struct nnv_idioms *idioms, const uint32_t *nodes,
    uint32_t n, struct nnv_str name);

/* term.c: whether TERM describes what made the first tensor of NODE. */
bool nnv_term_matches(const struct nnv_idioms *idioms, const char *term,
    uint32_t node, struct nnv_match *match);

/* slices.c: concatenations and splits, whose length varies. */
void nnv_idioms_concat(struct nnv_idioms *idioms);
void nnv_idioms_split(struct nnv_idioms *idioms);

#endif
