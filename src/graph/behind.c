/*
 * What is hidden stays with the box that handed it something, or else with the
 * one that it handed something to: where a drawing shows some boxes only, its
 * sums hold what is hidden among them. Boxes that become one put what is behind
 * them together, at no cost: trees, which graphs share.
 */
#include "nnviz/graph.h"

struct nnv_behind {
	const struct nnv_behind *more[2]; /* or NULL */
	const uint32_t *params;           /* ascending */
	uint32_t nparams;
	struct nnv_cost cost; /* outputs apart */
	int64_t time;
};

static struct nnv_behind *
new_behind(struct nnv_graph *graph)
{
	struct nnv_behind *behind = NNV_NEW(graph->arena, struct nnv_behind);

	if (behind == NULL) {
		graph->failed = true;
		return NULL;
	}
	*behind = (struct nnv_behind){ .cost = nnv_cost_none(),
		.time = NNV_UNKNOWN };
	return behind;
}

void
nnv_behind_join(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_behind *more)
{
	struct nnv_behind *both;

	if (node->behind == NULL || more == NULL) {
		node->behind = more != NULL ? more : node->behind;
		return;
	}
	both = new_behind(graph);
	if (both == NULL)
		return;
	both->more[0] = node->behind;
	both->more[1] = more;
	node->behind = both;
}

void
nnv_behind_hide(struct nnv_graph *graph, struct nnv_node *node,
    const struct nnv_node *hidden)
{
	struct nnv_behind *behind = new_behind(graph);

	if (behind == NULL)
		return;
	behind->more[0] = hidden->behind;
	behind->params = hidden->params;
	behind->nparams = hidden->nparams;
	behind->cost = hidden->cost;
	behind->time = hidden->time;
	nnv_behind_join(graph, node, behind);
}

/* What is still to be visited of a tree; it may be as deep as it is large. */
struct stack {
	const struct nnv_behind **items;
	size_t n, cap;
};

static bool
push(struct stack *stack, const struct nnv_behind *behind)
{
	if (behind == NULL)
		return true;
	if (stack->n == stack->cap &&
	    !nnv_heap_grow((void **)&stack->items, &stack->cap, stack->n + 1,
		sizeof(void *)))
		return false;
	stack->items[stack->n++] = behind;
	return true;
}

static bool
add_tree(struct nnv_graph *graph, const struct nnv_behind *root,
    struct stack *stack, bool *marks)
{
	bool ok = push(stack, root);

	while (ok && stack->n > 0) {
		const struct nnv_behind *behind = stack->items[--stack->n];

		nnv_cost_add(&graph->unseen.cost, &behind->cost);
		nnv_time_add(&graph->unseen.time, behind->time);
		for (uint32_t i = 0; i < behind->nparams; i++)
			marks[behind->params[i]] = true;
		ok = push(stack, behind->more[0]) &&
		    push(stack, behind->more[1]);
	}
	return ok;
}

bool
nnv_graph_find_unseen(struct nnv_graph *graph)
{
	bool *marks = nnv_heap_alloc(graph->nparams + (size_t)1,
	    sizeof(*marks));
	uint32_t *params = NNV_NEW_ARRAY(graph->arena, graph->nparams,
	    uint32_t);
	struct stack stack = { NULL, 0, 0 };
	bool ok = marks != NULL && params != NULL;

	graph->unseen = nnv_unseen_none();
	for (uint32_t v = 0; ok && v < graph->nnodes; v++)
		ok = add_tree(graph, graph->nodes[v].behind, &stack, marks);
	for (uint32_t p = 0; ok && p < graph->nparams; p++)
		if (marks[p])
			params[graph->unseen.nparams++] = p;
	graph->unseen.params = params;
	nnv_heap_free(stack.items);
	nnv_heap_free(marks);
	return ok;
}
