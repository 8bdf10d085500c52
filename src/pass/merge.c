/*
 * Merge what is small (after IDLMAV): a node that holds less than a share of
 * all parameters joins the one before it, which lists it.
 *
 * It must be the only one that its source gives to, and have no other source,
 * so that forks and joins stay; inputs and outputs stay, too, and so do frames:
 * both lie in one module. Chains of small nodes all go into the first.
 */
#include "nnviz/pass.h"

#include "nnviz/arena.h"

#include "paths.h"
#include "quotient.h"

struct merge {
	const struct nnv_graph *graph;
	struct nnv_links links;
	struct nnv_quotient q;
	int64_t most; /* parameters of a small node */
};

static bool
is_small(const struct merge *m, uint32_t v)
{
	struct nnv_param_sum sum = nnv_node_params(m->graph,
	    &m->graph->nodes[v]);

	return !sum.at_least && sum.parameters <= m->most;
}

/* The one source that gives to V alone, or NNV_NONE. */
static uint32_t
only_source(const struct merge *m, uint32_t v)
{
	const struct nnv_links *links = &m->links;
	uint32_t i = links->in_start[v], u;

	if (i == links->in_start[v + 1])
		return NNV_NONE;
	u = m->graph->edges[links->in[i]].src;
	for (; i < links->in_start[v + 1]; i++)
		if (m->graph->edges[links->in[i]].src != u)
			return NNV_NONE;
	for (i = links->out_start[u]; i < links->out_start[u + 1]; i++)
		if (m->graph->edges[links->out[i]].dst != v)
			return NNV_NONE;
	return u;
}

/* Bytes of a list that is long enough; what joins beyond is an ellipsis. */
enum { LIST_MAX = 200 };

/* "+ BatchNorm + relu", in the small print of what takes them. */
static bool
list_in(struct merge *m, uint32_t u, const struct nnv_node *node)
{
	struct nnv_node *face = &m->q.faces[u];
	struct nnv_str before = nnv_node_hyper(m->graph, face, "merged");
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct nnv_graph names = *m->graph;

	face->nmembers += node->nmembers;
	if (before.n > LIST_MAX)
		return true;
	nnv_text_add(&text, before);
	nnv_text_adds(&text, before.n > 0 ? " + " : "+ ");
	if (text.n > LIST_MAX)
		nnv_text_adds(&text, "\xe2\x80\xa6");
	else
		nnv_text_add(&text,
		    nnv_graph_text(m->graph,
			node->op != NNV_NO_NAME ? node->op : node->leaf));
	if (!nnv_text_failed(&text))
		nnv_node_add_hyper(&names, face, "merged", nnv_text_str(&text));
	names.failed |= nnv_text_failed(&text);
	nnv_text_release(&text);
	return !names.failed;
}

/* Let V join its source if it may. */
static bool
join(struct merge *m, uint32_t v)
{
	const struct nnv_node *node = &m->graph->nodes[v];
	uint32_t u;

	if (!nnv_paths_inside(node) || !is_small(m, v))
		return true;
	u = only_source(m, v);
	if (u == NNV_NONE || !nnv_paths_inside(&m->graph->nodes[u]) ||
	    m->graph->nodes[u].module != node->module ||
	    m->graph->nodes[u].phase != node->phase)
		return true;
	m->q.into[v] = m->q.into[u];
	return list_in(m, m->q.into[u], node);
}

/* Sources come first; what lies on a cycle, or behind one, stays as it is. */
static struct nnv_graph *
merge(struct merge *m, uint32_t *order, struct nnv_diag *diag)
{
	uint32_t n = nnv_graph_order(m->graph, order);

	if (n == NNV_NONE)
		return NULL;
	for (uint32_t i = 0; i < n; i++)
		if (!join(m, order[i]))
			return NULL;
	return nnv_quotient_make(&m->q, diag);
}

/* A share of what there is, which may be more than a double tells exactly. */
static int64_t
part(int64_t all, double share)
{
	return share < 1 ? (int64_t)((double)all * share) : all;
}

struct nnv_graph *
nnv_pass_merge(const struct nnv_graph *graph, double share,
    struct nnv_diag *diag)
{
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));
	struct merge m = { .graph = graph };
	struct nnv_param_sum sum;
	struct nnv_graph *to = NULL;

	if (order != NULL && nnv_quotient_init(&m.q, graph) &&
	    nnv_links_init(&m.links, graph) && nnv_graph_params(graph, &sum)) {
		m.most = part(sum.parameters, share);
		to = merge(&m, order, diag);
	}
	if (to == NULL)
		nnv_fail_memory(diag);
	nnv_links_release(&m.links);
	nnv_quotient_release(&m.q);
	nnv_heap_free(order);
	return to;
}
