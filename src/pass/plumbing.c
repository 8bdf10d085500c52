/*
 * Plumbing: what moves or renames numbers without computing any becomes a word
 * beside the arrow that it stood on.
 *
 * Only a node with one source, without parameters, is plumbing, so that nothing
 * is lost but the box. What an input is put through stays: the input would show
 * another shape than it has.
 */
#include "nnviz/pass.h"

#include "nnviz/arena.h"

#include "paths.h"
#include "quotient.h"

static const char *const ops[] = { "Flatten", "Identity", "Unflatten",
	"broadcast_to", "cast", "clone", "contiguous", "copy", "detach",
	"expand", "flatten", "float", "fuse_transpose", "half", "identity",
	"int", "long", "movedim", "permute", "reshape", "squeeze", "swapaxes",
	"to", "transpose", "type_as", "unflatten", "unsqueeze", "view" };

static bool
is_plumbing(struct nnv_str op)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (nnv_str_eq(op, nnv_str(ops[i])))
			return true;
	return false;
}

/* What people call it: how a back end does it is not their concern. */
static struct nnv_str
word_for(struct nnv_str op)
{
	if (nnv_str_eq(op, NNV_STR("fuse_transpose")))
		return NNV_STR("transpose");
	if (nnv_str_eq(op, NNV_STR("broadcast_to")))
		return NNV_STR("broadcast");
	return op;
}

static uint32_t
source_of(const struct nnv_graph *graph, const struct nnv_links *links,
    uint32_t v)
{
	return graph->edges[links->in[links->in_start[v]]].src;
}

/* Make plumbing a mark; whether it is some. */
static bool
mark_node(struct nnv_quotient *q, const struct nnv_links *links, uint32_t v,
    bool *failed)
{
	const struct nnv_node *node = &q->from->nodes[v];
	/* "unary.cast" is a cast */
	struct nnv_str op = nnv_str_behind(nnv_graph_text(q->from, node->op),
	    '.');

	if (node->kind != NNV_NODE_OP || node->nparams > 0 ||
	    !is_plumbing(op) ||
	    links->in_start[v + 1] - links->in_start[v] != 1 ||
	    links->out_start[v + 1] == links->out_start[v] ||
	    !nnv_paths_inside(&q->from->nodes[source_of(q->from, links, v)]))
		return false;
	q->into[v] = NNV_NONE;
	q->marks[v] = nnv_names_add(q->from->names, word_for(op));
	*failed |= q->marks[v] == NNV_NO_NAME;
	return true;
}

struct nnv_graph *
nnv_pass_plumbing(const struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct nnv_graph *to = NULL;
	struct nnv_links links;
	struct nnv_quotient q;
	bool ok = nnv_quotient_init(&q, graph), failed = false, any = false;

	if (ok && nnv_links_init(&links, graph)) {
		for (uint32_t v = 0; v < graph->nnodes; v++)
			any |= mark_node(&q, &links, v, &failed);
		nnv_links_release(&links);
		if (!failed)
			to = any ? nnv_quotient_make(&q, diag)
				 : nnv_graph_share(graph);
	}
	if (to == NULL)
		nnv_fail_memory(diag);
	nnv_quotient_release(&q);
	return to;
}
