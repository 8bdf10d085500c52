/*
 * Phases: what of a recording is drawn, where it begins and where it ends, and
 * what of it a person does not want to see.
 *
 * The forward pass takes tensors from outside: those become Input nodes, unless
 * they are parameters. It leaves tensors behind: one that nothing of the
 * forward pass uses, or that code outside the model uses (a loss), becomes an
 * Output node, with three exceptions. A new version of a parameter or a running
 * statistic is the model's own affair; what is computed from no input is a
 * constant; and an op that makes two tensors of which one is used (an index and
 * a value, an item and the rest) leaves a by-product, not an output.
 *
 * Other phases have no inputs and outputs of their own: gradients come from and
 * go to the parameters of the modules they are drawn in.
 */
#include "mirror.h"
#include "nnviz/pass.h"
#include "only.h"

struct phases {
	const struct nnv_graph *old;
	struct nnv_graph *graph; /* the new one */
	struct nnv_links links;  /* of the old one */
	unsigned set;
	bool *live;       /* node: computed from an input */
	bool *reaches;    /* node: leads to an output */
	bool *updates;    /* node: leads to a parameter only */
	bool *masked;     /* node: takes a mask of random numbers */
	uint32_t *stack;  /* nodes to go on from */
	uint32_t *to;     /* node -> new node */
	uint32_t *source; /* tensor -> new node that gives it */
	uint32_t *tensor; /* tensor -> new tensor */
};

static bool
is_kept(const struct phases *p, uint32_t v)
{
	return (p->set >> p->old->nodes[v].phase & 1) != 0;
}

/* Whether an edge takes a parameter from one phase to another. Parameters
 * are what modules have, not what flows between them. */
static bool
is_of_params(const struct phases *p, const struct nnv_edge *edge)
{
	return p->old->tensors[edge->tensor].param != NNV_NONE &&
	    p->old->nodes[edge->src].phase != p->old->nodes[edge->dst].phase;
}

/* Whether an edge brings data into the drawing. */
static bool
comes_in(const struct phases *p, const struct nnv_edge *edge)
{
	return is_kept(p, edge->dst) && !is_kept(p, edge->src) &&
	    p->old->tensors[edge->tensor].param == NNV_NONE;
}

/* What a graph that was saved as it was drawn says of a group, since what is in
 * it is not seen any more. */
static bool
is_hidden_group(const struct nnv_node *node)
{
	return node->kind == NNV_NODE_GROUP && node->hide != NNV_SHOWN;
}

/* What is no constant though it is computed from nothing: an input, and in
 * other phases than the forward pass what the drawing is about. */
static bool
is_source(const struct phases *p, uint32_t v)
{
	const struct nnv_node *node = &p->old->nodes[v];

	if (is_hidden_group(node) && node->hide == NNV_HIDDEN_CONSTANT)
		return false;
	return is_kept(p, v) &&
	    (node->kind != NNV_NODE_OP || node->phase == NNV_INIT ||
		(node->phase == NNV_OUTSIDE &&
		    p->links.in_start[v] == p->links.in_start[v + 1]));
}

static bool
takes_data(const struct phases *p, uint32_t v)
{
	for (uint32_t i = p->links.in_start[v]; i < p->links.in_start[v + 1];
	     i++)
		if (comes_in(p, &p->old->edges[p->links.in[i]]))
			return true;
	return false;
}

/* What descends from data, in whatever order the file lists it. Without any
 * input nothing can be told to be constant. */
static void
find_live(struct phases *p)
{
	const struct nnv_graph *old = p->old;
	uint32_t n = 0;

	for (uint32_t v = 0; v < old->nnodes; v++) {
		p->live[v] = is_source(p, v) || takes_data(p, v);
		if (p->live[v])
			p->stack[n++] = v;
	}
	for (uint32_t v = 0; n == 0 && v < old->nnodes; v++)
		p->live[v] = true;
	while (n > 0) {
		uint32_t v = p->stack[--n];

		for (uint32_t i = p->links.out_start[v];
		     i < p->links.out_start[v + 1]; i++) {
			const struct nnv_edge
			    *edge = &old->edges[p->links.out[i]];

			if (p->live[edge->dst] || !is_kept(p, edge->dst) ||
			    is_of_params(p, edge))
				continue;
			p->live[edge->dst] = true;
			p->stack[n++] = edge->dst;
		}
	}
}

/* Mark the constants that are computed from what is marked, and what takes
 * them. */
static void
spread_constants(struct phases *p)
{
	uint32_t n = 0;

	for (uint32_t v = 0; v < p->old->nnodes; v++)
		if (p->masked[v])
			p->stack[n++] = v;
	while (n > 0) {
		uint32_t v = p->stack[--n];

		for (uint32_t i = p->links.out_start[v];
		     i < p->links.out_start[v + 1]; i++) {
			uint32_t to = p->old->edges[p->links.out[i]].dst;

			if (p->masked[to] || !is_kept(p, to))
				continue;
			p->masked[to] = true;
			if (!p->live[to])
				p->stack[n++] = to;
		}
	}
}

/* Whether an op makes a mask of numbers. */
static bool
makes_mask(const struct nnv_graph *graph, uint32_t v)
{
	static const char *const ops[] = { "binary.greater",
		"binary.greater_equal", "binary.less", "binary.less_equal",
		"unary.floor" };
	struct nnv_str op = nnv_graph_text(graph, graph->nodes[v].op);

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (nnv_str_eq(op, nnv_str(ops[i])))
			return true;
	return false;
}

/* What takes a constant mask that was made of random numbers, as a dropout
 * does: marked are first the numbers, then the masks, then their users. */
static void
find_masked(struct phases *p)
{
	const struct nnv_graph *old = p->old;
	nnv_name op = nnv_names_find(old->names, NNV_STR("random"));

	if (op == NNV_NO_NAME)
		return;
	for (uint32_t v = 0; v < old->nnodes; v++)
		p->masked[v] = old->nodes[v].op == op && is_kept(p, v) &&
		    !p->live[v];
	spread_constants(p);
	for (uint32_t v = 0; v < old->nnodes; v++)
		p->masked[v] = p->masked[v] && !p->live[v] &&
		    makes_mask(old, v);
	spread_constants(p);
}

/* Who uses a tensor. */
struct users {
	bool kept, outside, any;
};

static struct users
users_of(const struct phases *p, uint32_t v, uint32_t tensor)
{
	struct users users = { false, false, false };

	for (uint32_t i = p->links.out_start[v]; i < p->links.out_start[v + 1];
	     i++) {
		const struct nnv_edge *edge = &p->old->edges[p->links.out[i]];
		enum nnv_phase phase = p->old->nodes[edge->dst].phase;

		if (edge->tensor != tensor)
			continue;
		users.any = true;
		users.kept |= is_kept(p, edge->dst) && phase != NNV_BACKWARD &&
		    phase != NNV_OPTIMIZER;
		users.outside |= !is_kept(p, edge->dst) && phase == NNV_OUTSIDE;
	}
	return users;
}

static bool
is_op(const struct phases *p, uint32_t v, const char *op)
{
	const struct nnv_graph *old = p->old;

	return nnv_str_eq(nnv_graph_text(old, old->nodes[v].op), nnv_str(op));
}

/* The edge into V that comes from such an op, or NNV_NONE. */
static uint32_t
edge_from(const struct phases *p, uint32_t v, const char *op)
{
	for (uint32_t i = p->links.in_start[v]; i < p->links.in_start[v + 1];
	     i++)
		if (is_op(p, p->old->edges[p->links.in[i]].src, op))
			return p->links.in[i];
	return NNV_NONE;
}

/* Whether V takes what a constant is, the very tensor that CONSTANT brings. */
static bool
takes(const struct phases *p, uint32_t v, const struct nnv_edge *constant)
{
	for (uint32_t i = p->links.in_start[v]; i < p->links.in_start[v + 1];
	     i++)
		if (p->old->edges[p->links.in[i]].tensor == constant->tensor)
			return !p->live[constant->src];
	return false;
}

/*
 * s + (x - s) c, a row of numbers that nobody uses, where s is constant: a
 * running mean. It has a name in most traces, by which it is known; this is for
 * those that have no modules, and so no names.
 */
static bool
is_running_mean(const struct phases *p, const struct nnv_tensor *tensor)
{
	const struct nnv_edge *edges = p->old->edges;
	uint32_t v = tensor->producer, product, difference;

	if (!is_op(p, v, "binary.add") || tensor->spec == NULL ||
	    tensor->spec->n != 1 ||
	    p->links.out_start[v] != p->links.out_start[v + 1])
		return false;
	product = edge_from(p, v, "binary.multiply");
	if (product == NNV_NONE)
		return false;
	difference = edge_from(p, edges[product].src, "binary.subtract");
	for (uint32_t i = p->links.in_start[v];
	     difference != NNV_NONE && i < p->links.in_start[v + 1]; i++)
		if (takes(p, edges[difference].src, &edges[p->links.in[i]]))
			return true;
	return false;
}

/* Whether tensor T leaves the forward pass. */
static bool
is_output(const struct phases *p, uint32_t t)
{
	const struct nnv_tensor *tensor = &p->old->tensors[t];
	uint32_t v = tensor->producer;
	struct users users;

	if (v == NNV_NONE || !is_kept(p, v) || !p->live[v] ||
	    tensor->param != NNV_NONE ||
	    p->old->nodes[v].phase != NNV_FORWARD ||
	    p->old->nodes[v].kind != NNV_NODE_OP || is_running_mean(p, tensor))
		return false;
	users = users_of(p, v, t);
	if (!users.any) /* a by-product where its op is used otherwise */
		return p->links.out_start[v] == p->links.out_start[v + 1];
	return users.outside || !users.kept;
}

/* Whether a node is wanted for itself. What makes and updates parameters is
 * wanted for them, or for what another phase does with it. */
static bool
is_end(const struct phases *p, uint32_t v)
{
	const struct nnv_node *node = &p->old->nodes[v];

	if (is_hidden_group(node))
		return false;
	if (node->kind != NNV_NODE_OP || p->updates[v])
		return node->kind != NNV_NODE_OP || node->phase != NNV_FORWARD;
	if (node->phase != NNV_INIT && node->phase != NNV_OPTIMIZER)
		return node->phase != NNV_FORWARD;
	for (uint32_t i = p->links.out_start[v]; i < p->links.out_start[v + 1];
	     i++)
		if (p->old->nodes[p->old->edges[p->links.out[i]].dst].phase !=
		    node->phase)
			return true;
	return false;
}

/* Mark what leads to what is marked. */
static void
spread_back(struct phases *p, bool *marks)
{
	uint32_t n = 0;

	for (uint32_t v = 0; v < p->old->nnodes; v++)
		if (marks[v] && is_kept(p, v))
			p->stack[n++] = v;
	while (n > 0) {
		uint32_t v = p->stack[--n];

		for (uint32_t i = p->links.in_start[v];
		     i < p->links.in_start[v + 1]; i++) {
			uint32_t from = p->old->edges[p->links.in[i]].src;

			if (marks[from])
				continue;
			marks[from] = true;
			if (is_kept(p, from))
				p->stack[n++] = from;
		}
	}
}

/* What leads to an output. */
static void
find_reaching(struct phases *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t t = 0; t < old->ntensors; t++) {
		uint32_t v = old->tensors[t].producer;

		if (v == NNV_NONE)
			continue;
		p->reaches[v] |= is_output(p, t);
		p->updates[v] |= old->tensors[t].param != NNV_NONE ||
		    is_running_mean(p, &old->tensors[t]);
	}
	for (uint32_t v = 0; v < old->nnodes; v++)
		p->reaches[v] |= is_end(p, v);
	spread_back(p, p->updates);
	spread_back(p, p->reaches);
}

static enum nnv_hidden
reason_to_hide(const struct phases *p, uint32_t v)
{
	if (is_hidden_group(&p->old->nodes[v]))
		return p->old->nodes[v].hide;
	if (!p->live[v])
		return NNV_HIDDEN_CONSTANT;
	if (p->reaches[v])
		return NNV_SHOWN;
	return p->updates[v] ? NNV_HIDDEN_STATISTIC : NNV_HIDDEN_DEAD_END;
}

static const char *
end_word(enum nnv_node_kind kind)
{
	return kind == NNV_NODE_INPUT ? "input" : "output";
}

/* A name for the N-th of several like "input": "input_1". */
static nnv_name
numbered(struct nnv_graph *graph, const char *what, uint32_t n)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name name;

	nnv_text_addf(&text, "%s_%u", what, n);
	name = nnv_graph_name(graph, nnv_text_str(&text));
	graph->failed |= nnv_text_failed(&text);
	nnv_text_release(&text);
	return name;
}

/* An Input or Output node for a tensor: called as it is, or after what it
 * is. It gets its key from number_ends. */
static uint32_t
add_end(struct phases *p, enum nnv_node_kind kind, uint32_t t)
{
	struct nnv_node node = nnv_node_blank(kind);

	node.key = NNV_NO_NAME;
	node.leaf = nnv_graph_name(p->graph, nnv_str(end_word(kind)));
	node.name = p->old->tensors[t].name;
	node.phase = NNV_FORWARD;
	return nnv_graph_add_node(p->graph, &node);
}

/* An Input node for each tensor that the forward pass takes from elsewhere. */
static void
add_inputs(struct phases *p)
{
	for (uint32_t e = 0; e < p->old->nedges; e++) {
		const struct nnv_edge *edge = &p->old->edges[e];

		if (comes_in(p, edge) &&
		    p->old->nodes[edge->dst].phase == NNV_FORWARD &&
		    p->source[edge->tensor] == NNV_NONE)
			p->source[edge->tensor] = add_end(p, NNV_NODE_INPUT,
			    edge->tensor);
	}
}

static void
add_nodes(struct phases *p)
{
	for (uint32_t v = 0; v < p->old->nnodes; v++) {
		struct nnv_node node = p->old->nodes[v];

		p->to[v] = NNV_NONE;
		if (!is_kept(p, v))
			continue;
		node.hide = reason_to_hide(p, v);
		node.masked |= p->masked[v];
		p->to[v] = nnv_graph_add_node(p->graph, &node);
	}
	for (uint32_t v = 0; v < p->graph->nnodes; v++) {
		struct nnv_node *node = &p->graph->nodes[v];

		if (node->grad_of != NNV_NONE)
			node->grad_of = p->to[node->grad_of];
	}
	for (uint32_t t = 0; t < p->old->ntensors; t++) {
		uint32_t v = p->old->tensors[t].producer;

		if (v != NNV_NONE && p->to[v] != NNV_NONE)
			p->source[t] = p->to[v];
	}
}

static void
add_tensors_and_edges(struct phases *p)
{
	const struct nnv_graph *old = p->old;

	for (uint32_t t = 0; t < old->ntensors; t++) {
		struct nnv_tensor tensor = old->tensors[t];

		p->tensor[t] = NNV_NONE;
		if (p->source[t] == NNV_NONE)
			continue;
		tensor.producer = p->source[t];
		p->tensor[t] = nnv_graph_add_tensor(p->graph, &tensor);
	}
	for (uint32_t e = 0; e < old->nedges; e++) {
		struct nnv_edge edge = old->edges[e];

		if (is_of_params(p, &edge))
			continue;
		edge.src = p->source[edge.tensor];
		edge.dst = p->to[edge.dst];
		edge.tensor = p->tensor[edge.tensor];
		if (edge.src != NNV_NONE && edge.dst != NNV_NONE)
			nnv_graph_add_edge(p->graph, &edge);
	}
}

static void
add_outputs(struct phases *p)
{
	for (uint32_t t = 0; t < p->old->ntensors; t++) {
		struct nnv_edge edge = { .src = p->source[t],
			.tensor = p->tensor[t] };

		if (p->graph->failed || !is_output(p, t))
			continue;
		edge.dst = add_end(p, NNV_NODE_OUTPUT, t);
		nnv_graph_add_edge(p->graph, &edge);
	}
}

/* Several inputs are numbered, from the first on, or have the number that the
 * recording gave them; one is no more than that. Keys of a recording stay. */
static void
number_ends(struct nnv_graph *graph, enum nnv_node_kind kind)
{
	const char *word = end_word(kind);
	nnv_name plain = nnv_graph_name(graph, nnv_str(word));
	bool several;
	uint32_t n = 0;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		n += graph->nodes[v].kind == kind &&
		    graph->nodes[v].leaf == plain;
	several = n > 1;
	n = 0;
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];

		if (node->kind != kind || node->leaf != plain)
			continue;
		n++;
		if (several && node->key != NNV_NO_NAME &&
		    nnv_str_starts(nnv_graph_text(graph, node->key),
			nnv_str(word)))
			node->leaf = node->key;
		else if (several)
			node->leaf = numbered(graph, word, n);
		if (node->key == NNV_NO_NAME)
			node->key = node->leaf;
	}
}

/* Whether phases stand beside a forward pass that has no module of its own. */
static bool
has_bare_forward(const struct nnv_graph *graph)
{
	bool any = false;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t m = nnv_phase_module(graph, graph->nodes[v].module);

		if (m != 0 && graph->modules[m].phase == NNV_FORWARD)
			return false;
		any |= m != 0;
	}
	return any;
}

/*
 * Beside other phases the forward pass is a phase too: a module "forward" takes
 * in what stood at the top. It must stand before its children in the array, so
 * every module moves up by one.
 */
static void
wrap_forward(struct nnv_graph *graph)
{
	struct nnv_module forward = { .phase = NNV_FORWARD,
		.is_phase = true,
		.name = nnv_graph_name(graph, NNV_STR("forward")) };

	if (nnv_graph_add_module(graph, &forward) == NNV_NONE)
		return;
	memmove(graph->modules + 2, graph->modules + 1,
	    (graph->nmodules - (size_t)2) * sizeof(*graph->modules));
	graph->modules[1] = forward;
	for (uint32_t m = 2; m < graph->nmodules; m++) {
		struct nnv_module *module = &graph->modules[m];

		if (module->parent != 0)
			module->parent++;
		else if (module->phase == NNV_FORWARD)
			module->parent = 1;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];

		if (node->module != 0)
			node->module++;
		else if (node->phase == NNV_FORWARD &&
		    node->kind == NNV_NODE_OP)
			node->module = 1;
		if (node->self != NNV_NONE)
			node->self += node->self != 0;
	}
}

static bool
prepare(struct phases *p)
{
	size_t n = p->old->nnodes + (size_t)1;
	size_t nt = p->old->ntensors + (size_t)1;

	p->live = nnv_heap_alloc(n, sizeof(*p->live));
	p->reaches = nnv_heap_alloc(n, sizeof(*p->reaches));
	p->updates = nnv_heap_alloc(n, sizeof(*p->updates));
	p->masked = nnv_heap_alloc(n, sizeof(*p->masked));
	p->stack = nnv_heap_alloc(n, sizeof(*p->stack));
	p->to = nnv_heap_alloc(n, sizeof(*p->to));
	p->source = nnv_heap_alloc(nt, sizeof(*p->source));
	p->tensor = nnv_heap_alloc(nt, sizeof(*p->tensor));
	if (p->live == NULL || p->reaches == NULL || p->updates == NULL ||
	    p->masked == NULL || p->stack == NULL || p->to == NULL ||
	    p->source == NULL || p->tensor == NULL ||
	    !nnv_links_init(&p->links, p->old))
		return false;
	for (uint32_t t = 0; t < p->old->ntensors; t++)
		p->source[t] = NNV_NONE;
	return true;
}

static void
release(struct phases *p)
{
	nnv_heap_free(p->live);
	nnv_heap_free(p->reaches);
	nnv_heap_free(p->updates);
	nnv_heap_free(p->masked);
	nnv_heap_free(p->stack);
	nnv_heap_free(p->to);
	nnv_heap_free(p->source);
	nnv_heap_free(p->tensor);
	nnv_links_release(&p->links);
}

/* "init, forward": the phases that the graph holds and that can be asked for,
 * or that nothing is in any of them. */
static void
list_phases(const struct nnv_graph *graph, struct nnv_text *out)
{
	unsigned set = 0;

	for (uint32_t v = 0; v < graph->nnodes; v++)
		set |= 1u << graph->nodes[v].phase;
	if ((set & ~(1u << NNV_OUTSIDE)) != 0)
		set &= ~(1u << NNV_OUTSIDE);
	for (int phase = 0; phase < NNV_NPHASES; phase++)
		if ((set >> phase & 1) != 0) {
			if (out->n > 0)
				nnv_text_adds(out, ", ");
			nnv_text_adds(out,
			    nnv_phase_name((enum nnv_phase)phase));
		}
}

static bool
fail_empty(const struct phases *p, struct nnv_diag *diag)
{
	struct nnv_text held = NNV_TEXT_EMPTY;
	const char *wanted = "such";

	list_phases(p->old, &held);
	for (int phase = 0; phase < NNV_NPHASES; phase++)
		if (p->set == 1u << phase)
			wanted = nnv_phase_name((enum nnv_phase)phase);
	if (held.n == 0)
		nnv_fail(diag, NNV_E_NOTHING, "no operations");
	else
		nnv_fail(diag, NNV_E_EMPTY,
		    "no %s operations: the file "
		    "holds %s: see --phase",
		    wanted, held.p);
	nnv_text_release(&held);
	return false;
}

static bool
select_phases(struct phases *p, struct nnv_diag *diag)
{
	bool several = (p->set & (p->set - 1)) != 0;

	find_live(p);
	find_masked(p);
	find_reaching(p);
	add_inputs(p);
	add_nodes(p);
	if (p->graph->nnodes == 0 && !p->graph->failed)
		return fail_empty(p, diag);
	add_tensors_and_edges(p);
	add_outputs(p);
	number_ends(p->graph, NNV_NODE_INPUT);
	number_ends(p->graph, NNV_NODE_OUTPUT);
	if (several && has_bare_forward(p->graph))
		wrap_forward(p->graph);
	else
		nnv_phase_hoist(p->graph);
	return !p->graph->failed || nnv_fail_memory(diag);
}

struct nnv_graph *
nnv_pass_phase(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag)
{
	struct phases p = { .old = graph, .set = phases };
	bool ok = false;

	if (nnv_phase_all_wanted(graph, phases))
		return nnv_graph_share(graph);
	p.graph = nnv_graph_like(graph);
	if (p.graph == NULL || !prepare(&p))
		nnv_fail_memory(diag);
	else
		ok = select_phases(&p, diag);
	release(&p);
	if (ok)
		return p.graph;
	nnv_graph_free(p.graph);
	return NULL;
}
