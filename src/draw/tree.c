/*
 * Frames follow the modules, but a frame that would hold one thing says
 * nothing: a module whose only content is another module is merged into that
 * one, and one that holds a single node becomes part of the node's name. What
 * is not drawn is passed over on the way from a node to the frame around it.
 * A frame says that what is in it stands together: a small module with others
 * between its first node and its last gets none.
 */
#include "tree.h"

/* Nodes in a module that gets no frame as others stand between them. */
enum { RING_MAX = 8 };

static bool
allocate(struct nnv_tree *tree, uint32_t n, struct nnv_arena *arena)
{
	tree->count = NNV_NEW_ARRAY(arena, n, uint32_t);
	tree->drawn = NNV_NEW_ARRAY(arena, n, bool);
	tree->home = NNV_NEW_ARRAY(arena, n, uint32_t);
	tree->outer = NNV_NEW_ARRAY(arena, n, uint32_t);
	tree->depth = NNV_NEW_ARRAY(arena, n, uint32_t);
	tree->nclusters = tree->ndeep = 0;
	tree->ends = NNV_NONE;
	return !nnv_arena_failed(arena);
}

/* Children come after their parents, so one walk back adds everything up.
 * KIDS and DIRECT count the non-empty parts of a module. */
static void
count_nodes(struct nnv_tree *tree, const struct nnv_graph *graph,
    uint32_t *direct, uint32_t *kids)
{
	uint32_t i, parent;

	for (i = 0; i < graph->nnodes; i++)
		if (graph->nodes[i].module != NNV_NONE)
			direct[graph->nodes[i].module]++;
	for (i = graph->nmodules; i-- > 0;) {
		tree->count[i] += direct[i];
		parent = graph->modules[i].parent;
		if (tree->count[i] == 0 || parent == NNV_NONE)
			continue;
		tree->count[parent] += tree->count[i];
		kids[parent]++;
	}
}

static bool
wants_frame(const struct nnv_graph *graph, uint32_t module, uint32_t count,
    bool chain)
{
	if (module == 0 || count == 0)
		return false;
	if (graph->modules[module].is_phase)
		return true;
	return count > 1 && !chain;
}

bool
nnv_tree_init(struct nnv_tree *tree, const struct nnv_graph *graph, bool frames,
    struct nnv_arena *arena)
{
	uint32_t n = graph->nmodules, i;
	uint32_t *direct = NNV_NEW_ARRAY(arena, n, uint32_t);
	uint32_t *kids = NNV_NEW_ARRAY(arena, n, uint32_t);
	bool *rings = NNV_NEW_ARRAY(arena, n, bool);

	if (!allocate(tree, n, arena) ||
	    !nnv_graph_find_rings(graph, RING_MAX, rings))
		return false;
	count_nodes(tree, graph, direct, kids);
	for (i = 0; i < n; i++) {
		uint32_t parent = graph->modules[i].parent;
		uint32_t above = parent == NNV_NONE ? NNV_NONE
						    : tree->home[parent];
		bool wanted = frames && !rings[i] &&
		    wants_frame(graph, i, tree->count[i],
			direct[i] == 0 && kids[i] == 1);

		tree->drawn[i] = wanted &&
		    (above == NNV_NONE || tree->depth[above] < NNV_FRAMES_DEEP);
		tree->ndeep += wanted && !tree->drawn[i];
		tree->outer[i] = above;
		tree->home[i] = tree->drawn[i] ? i : above;
		tree->depth[i] = (parent == NNV_NONE ? 0
						     : tree->depth[parent]) +
		    tree->drawn[i];
		tree->nclusters += tree->drawn[i];
		if (tree->drawn[i] && graph->modules[i].is_phase &&
		    graph->modules[i].phase == NNV_FORWARD)
			tree->ends = i;
	}
	return true;
}

uint32_t
nnv_tree_home(const struct nnv_tree *tree, const struct nnv_graph *graph,
    uint32_t node)
{
	const struct nnv_node *of = &graph->nodes[node];

	if (of->module == 0 && tree->ends != NNV_NONE &&
	    (of->kind == NNV_NODE_INPUT || of->kind == NNV_NODE_OUTPUT))
		return tree->ends;
	return of->module == NNV_NONE ? NNV_NONE : tree->home[of->module];
}

uint32_t
nnv_tree_common(const struct nnv_tree *tree, uint32_t a, uint32_t b)
{
	while (a != b) {
		if (a == NNV_NONE || b == NNV_NONE)
			return NNV_NONE;
		/* an outer frame has the smaller index */
		if (a > b)
			a = tree->outer[a];
		else
			b = tree->outer[b];
	}
	return a;
}

uint32_t
nnv_tree_entered(const struct nnv_tree *tree, uint32_t outer, uint32_t inner)
{
	uint32_t common = nnv_tree_common(tree, outer, inner);
	uint32_t entered = NNV_NONE;

	for (; inner != common; inner = tree->outer[inner])
		entered = inner;
	return entered;
}
