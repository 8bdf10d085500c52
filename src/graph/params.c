/* Parameters: lists of them, and what they add up to, each counted once. */
#include <stdlib.h>

#include "nnviz/graph.h"

static void
sum_add(struct nnv_param_sum *sum, const struct nnv_param *param)
{
	int64_t *total = param->kind == NNV_PARAM_BUFFER ? &sum->buffers
							 : &sum->parameters;

	if (param->count == NNV_UNKNOWN || param->count > INT64_MAX - *total)
		sum->at_least |= param->kind != NNV_PARAM_BUFFER;
	else
		*total += param->count;
}

static struct nnv_param_sum
sum_of(const struct nnv_graph *graph, const uint32_t *params, uint32_t n)
{
	struct nnv_param_sum sum = { 0, 0, false };

	for (uint32_t i = 0; i < n; i++)
		sum_add(&sum, &graph->params[params[i]]);
	return sum;
}

struct nnv_param_sum
nnv_node_params(const struct nnv_graph *graph, const struct nnv_node *node)
{
	return sum_of(graph, node->params, node->nparams);
}

struct nnv_param_sum
nnv_unseen_params(const struct nnv_graph *graph)
{
	return sum_of(graph, graph->unseen.params, graph->unseen.nparams);
}

bool
nnv_graph_params(const struct nnv_graph *graph, struct nnv_param_sum *sum)
{
	bool *seen = nnv_heap_alloc(graph->nparams + (size_t)1, sizeof(*seen));

	if (seen == NULL)
		return false;
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		for (uint32_t i = 0; i < node->nparams; i++)
			seen[node->params[i]] = true;
	}
	for (uint32_t i = 0; i < graph->unseen.nparams; i++)
		seen[graph->unseen.params[i]] = true;
	*sum = (struct nnv_param_sum){ 0, 0, false };
	for (uint32_t p = 0; p < graph->nparams; p++)
		if (seen[p])
			sum_add(sum, &graph->params[p]);
	nnv_heap_free(seen);
	return true;
}

bool
nnv_params_union(struct nnv_graph *graph, const uint32_t **list, uint32_t *n,
    const uint32_t *more, uint32_t nmore)
{
	uint32_t *both, i = 0, j = 0, k = 0;

	if (nmore == 0)
		return true;
	if (*n == 0) {
		*list = more;
		*n = nmore;
		return true;
	}
	both = NNV_NEW_ARRAY(graph->arena, (size_t)*n + nmore, uint32_t);
	if (both == NULL) {
		graph->failed = true;
		return false;
	}
	while (i < *n || j < nmore) {
		uint32_t a = i < *n ? (*list)[i] : NNV_NONE;
		uint32_t b = j < nmore ? more[j] : NNV_NONE;

		both[k++] = a < b ? a : b;
		i += a <= b;
		j += b <= a;
	}
	*list = both;
	*n = k;
	return true;
}

/* One of the two lists of a node. */
struct list {
	const uint32_t *items;
	uint32_t n;
};

static struct list
get_list(const struct nnv_node *node, bool kernels)
{
	return kernels ? (struct list){ node->kernels, node->nkernels }
		       : (struct list){ node->params, node->nparams };
}

static void
set_list(struct nnv_node *node, bool kernels, struct list list)
{
	*(kernels ? &node->kernels : &node->params) = list.items;
	*(kernels ? &node->nkernels : &node->nparams) = list.n;
}

static int
index_cmp(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

uint32_t
nnv_list_sort(uint32_t *items, size_t n)
{
	uint32_t kept = 0;
	size_t i = 1;

	while (i < n && items[i - 1] < items[i])
		i++;
	if (i >= n)
		return (uint32_t)n;
	qsort(items, n, sizeof(*items), index_cmp);
	for (i = 0; i < n; i++)
		if (i == 0 || items[i] != items[kept - 1])
			items[kept++] = items[i];
	return kept;
}

bool
nnv_params_fresh(const struct nnv_graph *graph, const uint32_t *order,
    bool apart, struct nnv_sum *fresh)
{
	unsigned *seen = nnv_heap_alloc(graph->nparams + (size_t)1,
	    sizeof(*seen)); /* in which phases */

	if (seen == NULL)
		return false;
	for (uint32_t i = 0; i < graph->nnodes; i++) {
		const struct nnv_node *node = &graph->nodes[order[i]];
		unsigned phase = apart ? 1u << node->phase : 1;
		struct nnv_sum *sum = &fresh[order[i]];

		*sum = (struct nnv_sum){ 0, false };
		for (uint32_t k = 0; k < node->nparams; k++) {
			uint32_t p = node->params[k];

			if ((seen[p] & phase) == 0 &&
			    graph->params[p].kind != NNV_PARAM_BUFFER)
				nnv_sum_add(sum, graph->params[p].count);
			seen[p] |= phase;
		}
	}
	nnv_heap_free(seen);
	return true;
}

/* The union of all ITEMS, N of them, is the list of NODE, which has that of its
 * first member so far. */
static void
finish_list(struct nnv_graph *graph, struct nnv_node *node, bool kernels,
    uint32_t *items, size_t n)
{
	struct list list = { NULL, nnv_list_sort(items, n) };
	uint32_t *copy;

	if (list.n == get_list(node, kernels).n)
		return;
	copy = NNV_NEW_ARRAY(graph->arena, list.n, uint32_t);
	if (copy == NULL) {
		graph->failed = true;
		return;
	}
	memcpy(copy, items, list.n * sizeof(*items));
	list.items = copy;
	set_list(node, kernels, list);
}

/* Counts stand two ahead in START, so that filling moves them one back. */
static uint32_t *
fill_groups(struct nnv_graph *to, const struct nnv_graph *from,
    const uint32_t *group, bool kernels, size_t *start)
{
	uint32_t *items;

	for (uint32_t v = 0; v < from->nnodes; v++)
		if (group[v] != NNV_NONE)
			start[group[v] + 2] +=
			    get_list(&from->nodes[v], kernels).n;
	for (uint32_t g = 0; g < to->nnodes; g++)
		start[g + 2] += start[g + 1];
	items = nnv_heap_alloc(start[to->nnodes + 1] + 1, sizeof(*items));
	for (uint32_t v = 0; items != NULL && v < from->nnodes; v++) {
		struct list list = get_list(&from->nodes[v], kernels);
		uint32_t g = group[v];

		if (g == NNV_NONE || list.n == 0)
			continue;
		memcpy(items + start[g + 1], list.items,
		    list.n * sizeof(*items));
		start[g + 1] += list.n;
		if (get_list(&to->nodes[g], kernels).n == 0)
			set_list(&to->nodes[g], kernels, list);
	}
	return items;
}

static bool
gather(struct nnv_graph *to, const struct nnv_graph *from,
    const uint32_t *group, bool kernels)
{
	size_t *start = nnv_heap_alloc(to->nnodes + (size_t)2, sizeof(*start));
	uint32_t *items = start != NULL
	    ? fill_groups(to, from, group, kernels, start)
	    : NULL;

	if (items == NULL)
		to->failed = true;
	for (uint32_t g = 0; items != NULL && g < to->nnodes && !to->failed;
	     g++)
		finish_list(to, &to->nodes[g], kernels, items + start[g],
		    start[g + 1] - start[g]);
	nnv_heap_free(start);
	nnv_heap_free(items);
	return !to->failed;
}

bool
nnv_params_gather(struct nnv_graph *to, const struct nnv_graph *from,
    const uint32_t *group)
{
	return gather(to, from, group, false) && gather(to, from, group, true);
}
