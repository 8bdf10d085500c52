/* The tree of modules. A parent stands before its children in the array. */
#include "nnviz/graph.h"

uint32_t
nnv_module_depth(const struct nnv_graph *graph, uint32_t module)
{
	uint32_t depth = 0;

	while (module != 0 && module != NNV_NONE) {
		module = graph->modules[module].parent;
		depth++;
	}
	return depth;
}

bool
nnv_module_within(const struct nnv_graph *graph, uint32_t inner, uint32_t outer)
{
	while (inner > outer && inner != NNV_NONE)
		inner = graph->modules[inner].parent;
	return inner == outer;
}

uint32_t
nnv_module_common(const struct nnv_graph *graph, uint32_t a, uint32_t b)
{
	while (a != b)
		if (a > b)
			a = graph->modules[a].parent;
		else
			b = graph->modules[b].parent;
	return a;
}

/* The ancestor of MODULE that stands UP levels above it. */
static uint32_t
ancestor(const struct nnv_graph *graph, uint32_t module, uint32_t up)
{
	while (up-- > 0)
		module = graph->modules[module].parent;
	return module;
}

enum { PATH_BATCH = 64 };

/*
 * Outermost first, though the links lead outwards: the chain is collected in
 * batches from the outside, which keeps a path of any depth linear enough (one
 * climb for each PATH_BATCH components) without memory of its own.
 */
void
nnv_module_path(const struct nnv_graph *graph, uint32_t module,
    struct nnv_text *out)
{
	uint32_t chain[PATH_BATCH];
	uint32_t depth = nnv_module_depth(graph, module);

	for (uint32_t done = 0; done < depth;) {
		uint32_t n = depth - done < PATH_BATCH ? depth - done
						       : PATH_BATCH;
		uint32_t m = ancestor(graph, module, depth - done - n);

		for (uint32_t i = n; i-- > 0; m = graph->modules[m].parent)
			chain[i] = m;
		for (uint32_t i = 0; i < n; i++) {
			if (done + i > 0)
				nnv_text_addc(out, '.');
			nnv_text_add(out,
			    nnv_graph_text(graph,
				graph->modules[chain[i]].name));
		}
		done += n;
	}
}

void
nnv_node_path(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out)
{
	if (node->name != NNV_NO_NAME) {
		nnv_text_add(out, nnv_graph_text(graph, node->name));
		return;
	}
	nnv_module_path(graph, node->module, out);
	if (node->leaf == NNV_NO_NAME)
		return;
	if (node->module != 0)
		nnv_text_addc(out, '.');
	nnv_text_add(out, nnv_graph_text(graph, node->leaf));
}
