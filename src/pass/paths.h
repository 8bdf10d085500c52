/*
 * Dotted paths as people type them: which modules and nodes they mean.
 *
 * A component may itself hold dots, so text is never split. Instead each module
 * knows how far the text agrees with its own path, which follows from its
 * parent's agreement and its own name: linear, whatever the depth.
 */
#ifndef NNVIZ_PASS_PATHS_H
#define NNVIZ_PASS_PATHS_H

#include "nnviz/graph.h"

struct nnv_paths {
	const struct nnv_graph *graph;
	struct nnv_str text;
	bool within_phases;
	uint32_t *agreed; /* by module: bytes of the text that its path
				   is; NNV_NONE: the paths part */
};

/*
 * Match TEXT against the modules of a graph: from the top, or WITHIN_PHASES,
 * from each module that stands for a phase. False: no memory. The caller
 * releases.
 */
bool nnv_paths_init(struct nnv_paths *paths, const struct nnv_graph *graph,
    struct nnv_str text, bool within_phases);
void nnv_paths_release(struct nnv_paths *paths);

/* Whether the text is the path of a module (never of the model as a whole), or
 * of a node. */
bool nnv_paths_is_module(const struct nnv_paths *paths, uint32_t module);
bool nnv_paths_is_node(const struct nnv_paths *paths,
    const struct nnv_node *node);

/* Whether a node belongs to a module: not an input, output or external. */
bool nnv_paths_inside(const struct nnv_node *node);

/* By module the first one that has the same path, phases and calls apart, into
 * PATH, which is all zero. False: no memory. */
bool nnv_paths_number(const struct nnv_graph *graph, uint32_t *path);

/* Append which two of NAMES are nearest to TEXT, each behind the PREFIX that it
 * is typed with: `: nearest are "a", "b"`, or nothing. They change places. */
void nnv_say_nearest(struct nnv_str text, const char *prefix,
    struct nnv_str *names, size_t nnames, struct nnv_text *out);

/* Append what a message says of the nearest known paths: `: nearest are
 * "layer2.0", "layer2.1"`, or nothing where none is near. False: no memory. */
bool nnv_paths_nearest(const struct nnv_graph *graph, struct nnv_str text,
    struct nnv_text *out);

#endif
