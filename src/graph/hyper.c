/* Hyper-parameters: short lists of texts, made anew when one is added. */
#include "nnviz/graph.h"

/* Which of the node's hyper-parameters it is, or nhypers. */
static uint32_t
find(const struct nnv_graph *graph, const struct nnv_node *node,
    const char *key)
{
	uint32_t i;

	for (i = 0; i < node->nhypers; i++)
		if (nnv_str_eq(nnv_graph_text(graph, node->hypers[i].key),
			nnv_str(key)))
			break;
	return i;
}

void
nnv_node_add_hyper(struct nnv_graph *graph, struct nnv_node *node,
    const char *key, struct nnv_str text)
{
	uint32_t at = find(graph, node, key);
	struct nnv_hyper *list;

	if (text.n == 0)
		return;
	list = NNV_NEW_ARRAY(graph->arena, node->nhypers + (size_t)1,
	    struct nnv_hyper);
	if (list == NULL) {
		graph->failed = true;
		return;
	}
	if (node->nhypers > 0)
		memcpy(list, node->hypers, node->nhypers * sizeof(*list));
	list[at].key = nnv_graph_name(graph, nnv_str(key));
	list[at].text = nnv_graph_name(graph, text);
	node->hypers = list;
	node->nhypers += at == node->nhypers;
}

struct nnv_str
nnv_node_hyper(const struct nnv_graph *graph, const struct nnv_node *node,
    const char *key)
{
	uint32_t at = find(graph, node, key);

	if (at == node->nhypers)
		return (struct nnv_str){ NULL, 0 };
	return nnv_graph_text(graph, node->hypers[at].text);
}

void
nnv_node_hypers(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out)
{
	for (uint32_t i = 0; i < node->nhypers; i++) {
		struct nnv_str text = nnv_graph_text(graph,
		    node->hypers[i].text);

		/* "3×3 + BatchNorm" */
		if (i > 0)
			nnv_text_adds(out,
			    nnv_str_starts(text, NNV_STR("+ ")) ? " " : ", ");
		nnv_text_add(out, text);
	}
}
