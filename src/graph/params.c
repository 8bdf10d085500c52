/* Parameters: lists of them, and what they add up to, each counted once. */
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
