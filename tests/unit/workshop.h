/*
 * What tests of loaders and passes share: one arena and one table of names, so
 * that names of two graphs can be compared, and graphs from a few lines of
 * JSON.
 */
#ifndef NNVIZ_TESTS_WORKSHOP_H
#define NNVIZ_TESTS_WORKSHOP_H

#include <string.h>

#include "nnviz/format.h"
#include "nnviz/graph.h"

struct workshop {
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_diag diag;
};

static inline void
workshop_open(struct workshop *shop)
{
	nnv_arena_init(&shop->arena, SIZE_MAX);
	nnv_names_init(&shop->names);
	nnv_diag_init(&shop->diag, "test.json");
}

static inline void
workshop_close(struct workshop *shop)
{
	nnv_names_release(&shop->names);
	nnv_arena_release(&shop->arena);
}

/* A graph from JSON, or NULL and what shop->diag says. */
static inline struct nnv_graph *
workshop_load(struct workshop *shop, struct nnv_str json)
{
	struct nnv_load_limits limits = { .input = (size_t)1 << 24,
		.arena = (size_t)1 << 26 };
	struct nnv_graph *graph = nnv_graph_new(&shop->arena, &shop->names);

	nnv_diag_init(&shop->diag, "test.json");
	if (graph != NULL &&
	    nnv_graph_load(graph, json, NNV_STR("test.json"), limits,
		&shop->diag))
		return graph;
	nnv_graph_free(graph);
	return NULL;
}

/* A name of a graph as a C string; "-" where there is none. */
static inline const char *
workshop_text(const struct nnv_graph *graph, nnv_name name)
{
	return name != NNV_NO_NAME ? nnv_graph_text(graph, name).p : "-";
}

/* The node whose key is KEY, or NNV_NONE. */
static inline uint32_t
workshop_node(const struct nnv_graph *graph, const char *key)
{
	for (uint32_t i = 0; i < graph->nnodes; i++)
		if (strcmp(workshop_text(graph, graph->nodes[i].key), key) == 0)
			return i;
	return NNV_NONE;
}

/*
 * All edges, "a>b c>b", in order, into BUF: what most tests want to see.
 */
static inline const char *
workshop_edges(const struct nnv_graph *graph, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < graph->nedges && n < size; i++) {
		const struct nnv_edge *edge = &graph->edges[i];

		n += (size_t)snprintf(buf + n, size - n, "%s%s>%s",
		    i > 0 ? " " : "",
		    workshop_text(graph, graph->nodes[edge->src].key),
		    workshop_text(graph, graph->nodes[edge->dst].key));
	}
	return buf;
}

static inline const char *
workshop_nodes(const struct nnv_graph *graph, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < graph->nnodes && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s",
		    i > 0 ? " " : "",
		    workshop_text(graph, graph->nodes[i].key));
	return buf;
}

/* Every node's path resolves, every link is inside its array. */
static inline bool
workshop_is_sound(const struct nnv_graph *graph)
{
	for (uint32_t m = 0; m < graph->nmodules; m++)
		if (m == 0 ? graph->modules[m].parent != NNV_NONE
			   : graph->modules[m].parent >= m)
			return false;
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		if (node->key == NNV_NO_NAME ||
		    node->module >= graph->nmodules ||
		    (node->self != NNV_NONE && node->self >= graph->nmodules) ||
		    (node->grad_of != NNV_NONE &&
			node->grad_of >= graph->nnodes))
			return false;
		for (uint32_t i = 0; i < node->nparams; i++)
			if (node->params[i] >= graph->nparams ||
			    (i > 0 && node->params[i] <= node->params[i - 1]))
				return false;
	}
	for (uint32_t t = 0; t < graph->ntensors; t++)
		if (graph->tensors[t].producer != NNV_NONE &&
		    graph->tensors[t].producer >= graph->nnodes)
			return false;
	for (uint32_t e = 0; e < graph->nedges; e++) {
		const struct nnv_edge *edge = &graph->edges[e];

		if (edge->src >= graph->nnodes || edge->dst >= graph->nnodes ||
		    edge->tensor >= graph->ntensors ||
		    graph->tensors[edge->tensor].producer != edge->src)
			return false;
	}
	return true;
}

#endif
