/* Graphs made by hand, to be drawn. */
#ifndef NNVIZ_TESTS_DRAFTING_H
#define NNVIZ_TESTS_DRAFTING_H

#include <string.h>

#include "nnviz/draw.h"
#include "nnviz/graph.h"
#include "nnviz/render.h"

/* A graph with what it borrows, a style, and what came of them. */
struct draft {
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_graph *graph;
	struct nnv_style *style;
	struct nnv_diag diag;
	struct nnv_text out;
};

static inline nnv_name
draft_name(struct draft *draft, const char *text)
{
	return nnv_graph_name(draft->graph, nnv_str(text));
}

static inline uint32_t
draft_module(struct draft *draft, uint32_t parent, const char *name,
    const char *type)
{
	struct nnv_module module = { .parent = parent,
		.name = draft_name(draft, name),
		.type = draft_name(draft, type) };

	return nnv_graph_add_module(draft->graph, &module);
}

static inline void
draft_begin(struct draft *draft)
{
	nnv_arena_init(&draft->arena, (size_t)1 << 26);
	nnv_names_init(&draft->names);
	nnv_diag_init(&draft->diag, NULL);
	draft->graph = nnv_graph_new(&draft->arena, &draft->names);
	draft->graph->title = draft_name(draft, "Net");
	draft->style = nnv_style_new();
	draft->out = NNV_TEXT_EMPTY;
	draft_module(draft, NNV_NONE, "", "Net");
}

static inline void
draft_end(struct draft *draft)
{
	nnv_text_release(&draft->out);
	nnv_style_free(draft->style);
	nnv_graph_free(draft->graph);
	nnv_names_release(&draft->names);
	nnv_arena_release(&draft->arena);
}

/* A node called LEAF in a module, of the type OP. */
static inline uint32_t
draft_node(struct draft *draft, enum nnv_node_kind kind, uint32_t module,
    const char *leaf, const char *op)
{
	struct nnv_node node = nnv_node_blank(kind);
	char key[32] = "n";
	size_t i = draft->graph->nnodes, n = 1;

	do {
		key[n++] = (char)('0' + i % 10);
		i /= 10;
	} while (i != 0);
	key[n] = '\0';
	node.key = draft_name(draft, key);
	node.leaf = draft_name(draft, leaf);
	node.op = draft_name(draft, op);
	node.module = module;
	node.nmembers = 1;
	return nnv_graph_add_node(draft->graph, &node);
}

static inline uint32_t
draft_tensor(struct draft *draft, uint32_t producer,
    const struct nnv_spec *spec)
{
	struct nnv_tensor tensor = { .producer = producer,
		.param = NNV_NONE,
		.spec = spec,
		.key = draft->graph->nodes[producer].key };

	return nnv_graph_add_tensor(draft->graph, &tensor);
}

static inline void
draft_edge(struct draft *draft, uint32_t tensor, uint32_t dst)
{
	struct nnv_edge edge = { draft->graph->tensors[tensor].producer, dst,
		tensor, 0 };

	nnv_graph_add_edge(draft->graph, &edge);
}

/* A float32 tensor of 2 x CHANNELS x SIDE x SIDE. */
static inline const struct nnv_spec *
draft_image(struct draft *draft, int64_t channels, int64_t side)
{
	int64_t shape[4] = { 2, channels, side, side };

	return nnv_spec_tensor(draft->graph, shape, 4,
	    draft_name(draft, "float32"));
}

/*
 * Input, then BLOCKS residual blocks in a module each: a convolution, a
 * normalisation, an activation, the sum with what entered; then Output.
 */
static inline void
draft_residual(struct draft *draft, int blocks)
{
	uint32_t node, tensor, entered, layers;
	int i;

	layers = draft_module(draft, 0, "layers", "Sequential");
	node = draft_node(draft, NNV_NODE_INPUT, 0, "input", "");
	tensor = draft_tensor(draft, node, draft_image(draft, 3, 8));
	for (i = 0; i < blocks; i++) {
		static const char *const chain[][2] = { { "conv", "Conv2d" },
			{ "bn", "BatchNorm2d" }, { "relu", "ReLU" },
			{ "add", "add" } };
		char name[2] = { (char)('0' + i % 10), '\0' };
		uint32_t block = draft_module(draft, layers, name, "Block");
		size_t k;

		entered = tensor;
		for (k = 0; k < 4; k++) {
			node = draft_node(draft, NNV_NODE_OP, block,
			    chain[k][0], chain[k][1]);
			draft_edge(draft, tensor, node);
			tensor = draft_tensor(draft, node,
			    draft_image(draft, 3 + i, 8));
		}
		draft_edge(draft, entered, node);
	}
	node = draft_node(draft, NNV_NODE_OUTPUT, 0, "output", "");
	draft_edge(draft, tensor, node);
}

static inline Agraph_t *
draft_draw(void *draft, struct nnv_diag *diag)
{
	return nnv_draw(((struct draft *)draft)->graph,
	    ((struct draft *)draft)->style, diag);
}

/* Draw and render into out, NUL-terminated; false: diag says why not. */
static inline bool
draft_render(struct draft *draft, const char *format)
{
	struct nnv_subject subject = { .draw = draft_draw, .arg = draft };
	struct nnv_picture picture = { nnv_str(format), NNV_TEXT_EMPTY };
	bool fine = nnv_render(&subject, &picture, 1, &draft->diag);

	nnv_text_release(&draft->out);
	draft->out = picture.bytes;
	return fine;
}

static inline bool
draft_says(const struct draft *draft, const char *text)
{
	return draft->out.p != NULL && strstr(draft->out.p, text) != NULL;
}

static inline bool
draft_style(struct draft *draft, const char *assignment)
{
	return nnv_style_set(draft->style, nnv_str(assignment), &draft->diag);
}

#endif
