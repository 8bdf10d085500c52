/*
 * Inputs. What the bytes hold decides which format they are read as, not the
 * name of the file.
 */
#ifndef NNVIZ_FORMAT_H
#define NNVIZ_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/str.h"
#include "nnviz/text.h"
#include "nnviz/value.h"

struct nnv_load_limits {
	size_t input; /* bytes after unpacking */
	size_t arena; /* bytes of values */
	size_t depth; /* nesting of JSON; 0: as deep as is usual */
	size_t label; /* bytes of a name; 0: any */
};

/*
 * BYTES (a pickle or JSON, perhaps packed) as a graph, which stays empty on
 * failure. NAME is the file's name for people, without directories; it becomes
 * the graph's source where the input names none.
 */
bool nnv_graph_load(struct nnv_graph *graph, struct nnv_str bytes,
    struct nnv_str name, struct nnv_load_limits limits, struct nnv_diag *diag);

/*
 * The graph as cached JSON: NNViz's schema and our additions, one node, edge or
 * module a line, a final newline. It reloads into an equal graph. False when
 * memory is out, and for more than 4 GiB, which nothing would read.
 */
bool nnv_graph_save(const struct nnv_graph *graph, struct nnv_text *out,
    struct nnv_diag *diag);

#endif
