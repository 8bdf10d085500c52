/* Hyper-parameters: short lists of texts, made anew when one is added. */
#include "nnviz/graph.h"

void
nnv_node_add_hyper(struct nnv_graph *graph, struct nnv_node *node,
    const char *key, struct nnv_str text)
{
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
	list[node->nhypers].key = nnv_graph_name(graph, nnv_str(key));
	list[node->nhypers].text = nnv_graph_name(graph, text);
	node->hypers = list;
	node->nhypers++;
}

struct nnv_str
nnv_node_hyper(const struct nnv_graph *graph, const struct nnv_node *node,
    const char *key)
{
	for (uint32_t i = 0; i < node->nhypers; i++)
		if (nnv_str_eq(nnv_graph_text(graph, node->hypers[i].key),
			nnv_str(key)))
			return nnv_graph_text(graph, node->hypers[i].text);
	return (struct nnv_str){ NULL, 0 };
}

void
nnv_node_hypers(const struct nnv_graph *graph, const struct nnv_node *node,
    struct nnv_text *out)
{
	for (uint32_t i = 0; i < node->nhypers; i++) {
		if (i > 0)
			nnv_text_adds(out, ", ");
		nnv_text_add(out, nnv_graph_text(graph, node->hypers[i].text));
	}
}
