/*
 * Patterns: which modules and nodes a person means. See pattern.c for the
 * language.
 */
#ifndef NNVIZ_PASS_PATTERN_H
#define NNVIZ_PASS_PATTERN_H

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/text.h"

struct nnv_pattern {
	const struct nnv_graph *graph;
	struct nnv_str text; /* borrowed */
	uint64_t weight;     /* of two patterns the heavier is the more
				      specific; more than 1 */
	bool *modules;       /* by module: it is meant; never the model */
	bool *nodes;         /* by node, of any kind */
	bool found;          /* anything is */
};

/* Match TEXT against a graph. False: no memory, or no pattern. The caller
 * releases in either case. */
bool nnv_pattern_init(struct nnv_pattern *pattern,
    const struct nnv_graph *graph, struct nnv_str text, struct nnv_diag *diag);
void nnv_pattern_release(struct nnv_pattern *pattern);

/* Append what a message says of known paths or types that are near: `: nearest
 * are "layer2.0", "layer2.1"`, or nothing. False: no memory. */
bool nnv_pattern_nearest(const struct nnv_pattern *pattern,
    struct nnv_text *out);

/* The same of types: those of nodes; or those that a pattern may mean, of
 * MODULES too, as it names them: "type:Linear". */
bool nnv_pattern_nearest_type(const struct nnv_graph *graph,
    struct nnv_str name, bool modules, struct nnv_text *out);

/* Warn that OPTION's pattern means nothing here, with what is near. */
bool nnv_pattern_warn(const struct nnv_pattern *pattern, const char *option,
    struct nnv_diag *diag);

/* Whether GLOB, as of "type:GLOB", means a node's op. */
bool nnv_pattern_is_op(struct nnv_str glob, const struct nnv_graph *graph,
    const struct nnv_node *node);

/* Mark the nodes that a pattern means: those of its name or type, those in the
 * modules that it means, and the groups that such a module has gone into.
 * False: no memory. */
bool nnv_pattern_mark(const struct nnv_pattern *pattern, bool *nodes);

#endif
