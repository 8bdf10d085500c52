/*
 * The graph of a trace that is understood: modules from frames, nodes from
 * ops, tensors and edges from variables.
 *
 * A frame is a module, with these exceptions. The single root of the forward
 * pass is the model itself and disappears from paths, in every phase. Frames
 * of plain code, and a decorator's second frame, stand for nothing. Phases
 * other than the forward pass each have a module of their own at the top.
 */

#include "jittor_trace.h"

enum {
	IDS = 64,   /* that are named at a time */
	LEAVES = 64 /* kinds of ops that are remembered */
};

struct leaf {
	nnv_name op, name;
};

struct builder {
	struct jt_trace *trace;
	uint32_t root;        /* the single forward root: a frame or none */
	uint32_t *module;     /* frame -> module, for the phase at hand */
	bool *needed;         /* frame, for the phase at hand */
	uint32_t *node;       /* op -> node */
	uint32_t *input_node; /* variable -> node, for dangling data */
	struct leaf leaves[LEAVES];
	struct nnv_text text; /* scratch */
};

/* The one module that every forward op runs under, or NNV_NONE. */
static uint32_t
single_root(const struct jt_trace *trace)
{
	uint32_t root = NNV_NONE;

	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];
		uint32_t r;

		if (op->phase != NNV_FORWARD)
			continue;
		if (op->frame == NNV_NONE)
			return NNV_NONE;
		r = trace->frames[op->frame].root;
		if (trace->frames[r].plain_code ||
		    (root != NNV_NONE && r != root))
			return NNV_NONE;
		root = r;
	}
	return root;
}

/*
 * What to call a module: its attribute name, without the "_init" of a
 * constructor; its type where it has no name of its own.
 */
static nnv_name
module_name(const struct jt_trace *trace, const struct jt_frame *frame,
    enum nnv_phase phase)
{
	struct nnv_str name = nnv_jt_text(trace, frame->name);
	struct nnv_str type = nnv_jt_text(trace, frame->type);

	if ((phase == NNV_INIT || phase == NNV_OPTIMIZER) &&
	    nnv_str_ends(name, NNV_STR("_init")))
		name.n -= 5;
	if (name.n == 0 || nnv_str_eq(name, NNV_STR("_model")))
		name = type;
	if (name.n == 0)
		name = NNV_STR("module");
	return nnv_graph_name(trace->graph, name);
}

static nnv_name
type_name(const struct jt_trace *trace, const struct jt_frame *frame)
{
	return nnv_jt_text(trace, frame->type).n > 0 ? frame->type
						     : NNV_NO_NAME;
}

static bool
is_grad(const struct jt_trace *trace, const struct jt_frame *frame)
{
	return nnv_str_eq(nnv_jt_text(trace, frame->name), NNV_STR("grad")) ||
	    nnv_str_eq(nnv_jt_text(trace, frame->type), NNV_STR("Grad"));
}

/* Whether the frame is the model itself under another phase. */
static bool
is_model(const struct builder *b, const struct jt_frame *frame,
    enum nnv_phase phase)
{
	const struct jt_trace *trace = b->trace;
	const struct jt_frame *root;

	if (b->root == NNV_NONE)
		return false;
	root = &trace->frames[b->root];
	if (frame->type != root->type)
		return false;
	if (phase == NNV_BACKWARD)
		return frame->name == root->name && frame->parent != NNV_NONE &&
		    is_grad(trace, &trace->frames[frame->parent]);
	return phase == NNV_INIT && frame->parent == NNV_NONE;
}

static uint32_t
add_module(struct builder *b, const struct jt_frame *frame, uint32_t parent,
    enum nnv_phase phase)
{
	struct nnv_module module = {
		.parent = parent,
		.name = module_name(b->trace, frame, phase),
		.type = type_name(b->trace, frame),
		.phase = phase,
		.site = frame->site,
	};

	return nnv_graph_add_module(b->trace->graph, &module);
}

/* "backward" for the first derivative, "backward 2" for the second. */
static uint32_t
add_phase_module(struct builder *b, enum nnv_phase phase, uint32_t order)
{
	struct nnv_module module = { .phase = phase, .is_phase = true };

	nnv_text_clear(&b->text);
	nnv_text_adds(&b->text, nnv_phase_name(phase));
	if (order > 1)
		nnv_text_addf(&b->text, " %u", order);
	module.name = nnv_graph_name(b->trace->graph, nnv_text_str(&b->text));
	return nnv_graph_add_module(b->trace->graph, &module);
}

/* The module for frame F, whose parent's is known. */
static uint32_t
frame_module(struct builder *b, uint32_t f, enum nnv_phase phase, uint32_t top)
{
	const struct jt_trace *trace = b->trace;
	const struct jt_frame *frame = &trace->frames[f];
	uint32_t parent = frame->parent != NNV_NONE ? b->module[frame->parent]
						    : top;

	if (frame->plain_code || frame->repeated || phase == NNV_OUTSIDE)
		return parent;
	if (phase == NNV_BACKWARD && is_grad(trace, frame)) {
		if (frame->depth == 1)
			return top;
		if (is_grad(trace, &trace->frames[frame->parent]))
			return add_phase_module(b, phase, frame->depth);
	}
	if ((phase == NNV_FORWARD && f == b->root) || is_model(b, frame, phase))
		return parent;
	return add_module(b, frame, parent, phase);
}

/* The modules of one phase, which has ops; a frame's parent stands before it.
 */
static void
map_phase(struct builder *b, enum nnv_phase phase)
{
	const struct jt_trace *trace = b->trace;
	uint32_t top = 0;

	memset(b->needed, 0, trace->nframes * sizeof(*b->needed));
	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];

		if (op->phase == phase && op->frame != NNV_NONE)
			b->needed[op->frame] = true;
	}
	if (phase != NNV_FORWARD)
		top = add_phase_module(b, phase, 1);
	for (uint32_t f = trace->nframes; f-- > 0;)
		if (b->needed[f] && trace->frames[f].parent != NNV_NONE)
			b->needed[trace->frames[f].parent] = true;
	for (uint32_t f = 0; f < trace->nframes; f++)
		if (b->needed[f])
			b->module[f] = frame_module(b, f, phase, top);
	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];

		if (op->phase == phase)
			b->node[o] = op->frame != NNV_NONE && trace->has_modules
			    ? b->module[op->frame]
			    : top;
	}
}

/* The model: [0] of the modules, and the title. */
static void
add_model(struct builder *b)
{
	struct nnv_graph *graph = b->trace->graph;
	struct nnv_module model = { .parent = NNV_NONE };

	if (b->root != NNV_NONE) {
		const struct jt_frame *frame = &b->trace->frames[b->root];

		model.name = module_name(b->trace, frame, NNV_FORWARD);
		model.type = type_name(b->trace, frame);
		model.site = frame->site;
		graph->title = model.type != NNV_NO_NAME ? model.type
							 : model.name;
	} else {
		model.name = nnv_graph_name(graph, NNV_STR("model"));
	}
	nnv_graph_add_module(graph, &model);
}

/* "add" for "binary.add", "getitem" for "getitem.bool". */
static nnv_name
short_name(const struct jt_trace *trace, nnv_name op)
{
	static const struct nnv_str families[] = {
		{ "binary.", 7 },
		{ "unary.", 6 },
		{ "reduce.", 7 },
	};
	struct nnv_str text = nnv_jt_text(trace, op);
	const char *dot;

	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		if (text.n > families[i].n && nnv_str_starts(text, families[i]))
			return nnv_graph_name(trace->graph,
			    (struct nnv_str){ text.p + families[i].n,
				text.n - families[i].n });
	dot = memchr(text.p, '.', text.n);
	if (dot == NULL || dot == text.p)
		return op;
	return nnv_graph_name(trace->graph,
	    (struct nnv_str){ text.p, (size_t)(dot - text.p) });
}

/* The short name of OP, found out once for all of its kind. */
static nnv_name
find_leaf(struct builder *b, nnv_name op)
{
	struct leaf *leaf = &b->leaves[op % LEAVES];

	if (leaf->op != op)
		*leaf = (struct leaf){ op, short_name(b->trace, op) };
	return leaf->name;
}

/* The names of ids, in decimal. */
static void
name_ids(struct builder *b, const int64_t *ids, size_t n, nnv_name *names)
{
	struct nnv_graph *graph = b->trace->graph;

	graph->failed |= !nnv_names_add_ints(graph->names, ids, n, names);
}

/* The names of the ids of ops, or of variables, from FROM on: of IDS of them,
 * if there are so many. */
static void
name_ops(struct builder *b, uint32_t from, nnv_name names[IDS])
{
	int64_t ids[IDS];
	uint32_t n = 0;

	while (n < IDS && n < b->trace->nops - from) {
		ids[n] = b->trace->ops[from + n].id;
		n++;
	}
	name_ids(b, ids, n, names);
}

static void
name_vars(struct builder *b, uint32_t from, nnv_name names[IDS])
{
	int64_t ids[IDS];
	uint32_t n = 0;

	while (n < IDS && n < b->trace->nvars - from) {
		ids[n] = b->trace->vars[from + n].id;
		n++;
	}
	name_ids(b, ids, n, names);
}

/* The parameters among the inputs of OP: ascending, each once. */
static bool
list_params(const struct jt_trace *trace, const struct jt_op *op,
    struct nnv_node *node)
{
	uint32_t *list, n = 0;

	for (uint32_t u = 0; u < op->nuses; u++)
		n += trace->vars[trace->uses[op->first_use + u]].param !=
		    NNV_NONE;
	if (n == 0)
		return true;
	list = NNV_NEW_ARRAY(trace->graph->arena, n, uint32_t);
	if (list == NULL)
		return false;
	n = 0;
	for (uint32_t u = 0; u < op->nuses; u++) {
		uint32_t p = trace->vars[trace->uses[op->first_use + u]].param;

		if (p != NNV_NONE)
			list[n++] = p;
	}
	node->params = list;
	node->nparams = nnv_list_sort(list, n);
	return true;
}

/* An Input node for each dangling id that is data. */
static void
add_inputs(struct builder *b)
{
	struct jt_trace *trace = b->trace;

	for (uint32_t v = 0; v < trace->nvars; v++) {
		const struct jt_var *var = &trace->vars[v];
		struct nnv_node node = nnv_node_blank(NNV_NODE_INPUT);

		b->input_node[v] = NNV_NONE;
		if (!var->is_input)
			continue;
		node.phase = NNV_OUTSIDE;
		name_ids(b, &var->id, 1, &node.key);
		node.leaf = nnv_graph_name(trace->graph, NNV_STR("input"));
		b->input_node[v] = nnv_graph_add_node(trace->graph, &node);
	}
}

static bool
add_ops(struct builder *b)
{
	struct jt_trace *trace = b->trace;
	nnv_name keys[IDS];

	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];
		struct nnv_node node = nnv_node_blank(NNV_NODE_OP);

		node.phase = op->phase;
		if (o % IDS == 0)
			name_ops(b, o, keys);
		node.key = keys[o % IDS];
		node.leaf = find_leaf(b, op->name);
		node.module = b->node[o];
		node.op = op->name;
		node.site = op->site;
		node.cost = nnv_jt_op_cost(trace, op);
		if (!list_params(trace, op, &node))
			return false;
		b->node[o] = nnv_graph_add_node(trace->graph, &node);
	}
	return true;
}

/* Forward ops that may be missing: Jittor drops a few where it finds simpler
 * ones, as of a loss that squares. */
static uint32_t
tolerated(const struct jt_trace *trace)
{
	return 1 + trace->nops / 200;
}

/* Tie each backward op to the forward op whose gradient it computes. */
static void
link_gradients(struct builder *b)
{
	struct jt_trace *trace = b->trace;
	uint32_t lost = 0, missing = 0;
	int64_t last = -1;

	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];
		uint32_t to;

		if (op->grad_of < 0)
			continue;
		to = nnv_jt_find(trace, op->grad_of);
		if (to != NNV_TABLE_NONE && (to & JT_VAR) == 0) {
			trace->graph->nodes[b->node[o]].grad_of = b->node[to];
			continue;
		}
		lost++;
		missing += op->grad_of != last;
		last = op->grad_of;
	}
	if (missing > tolerated(trace))
		nnv_warn(trace->diag, "gradient",
		    "%u gradient ops name a "
		    "forward op that is not in the file",
		    lost);
}

static void
add_tensors_and_edges(struct builder *b)
{
	struct jt_trace *trace = b->trace;
	nnv_name keys[IDS];

	for (uint32_t v = 0; v < trace->nvars; v++) {
		const struct jt_var *var = &trace->vars[v];
		struct nnv_tensor tensor = { .param = var->param,
			.spec = var->spec,
			.values = var->values };
		uint32_t t;

		if (v % IDS == 0)
			name_vars(b, v, keys);
		tensor.producer = var->producer != NNV_NONE
		    ? b->node[var->producer]
		    : b->input_node[v];
		if (tensor.producer == NNV_NONE)
			continue;
		tensor.key = keys[v % IDS];
		if (nnv_jt_text(trace, var->name).n > 0)
			tensor.name = var->name;
		t = nnv_graph_add_tensor(trace->graph, &tensor);
		b->input_node[v] = t; /* from here on: variable -> tensor */
	}
	for (uint32_t o = 0; o < trace->nops; o++) {
		const struct jt_op *op = &trace->ops[o];

		for (uint32_t u = 0; u < op->nuses; u++) {
			uint32_t v = trace->uses[op->first_use + u];
			struct nnv_edge edge = { .dst = b->node[o],
				.tensor = b->input_node[v],
				.operand = u };

			if (edge.tensor == NNV_NONE || trace->graph->failed)
				continue;
			edge.src = trace->graph->tensors[edge.tensor].producer;
			nnv_graph_add_edge(trace->graph, &edge);
		}
	}
}

static bool
is_as_recorded(const uint32_t *order, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && order[i] == i)
		i++;
	return i == n;
}

/*
 * What was recorded after its first use, as weights are that a recording did
 * not see being made, goes right before that. Otherwise the user would wait for
 * it, behind what ran later, and a call would seem to be two. ORDER has each
 * node behind its sources, and keeps that.
 */
static bool
advance_late(const struct nnv_graph *graph, uint32_t *order)
{
	uint32_t n = graph->nnodes, at = 0;
	uint32_t *use = nnv_heap_alloc(n + (size_t)1, sizeof(*use));
	uint32_t *start = nnv_heap_alloc(n + (size_t)2, sizeof(*start));
	uint32_t *sorted = nnv_heap_alloc(n + (size_t)1, sizeof(*sorted));
	struct nnv_links links;
	bool ok = use != NULL && start != NULL && sorted != NULL &&
	    nnv_links_init(&links, graph);

	for (uint32_t i = n; ok && i-- > 0;) {
		uint32_t v = order[i], first = v;

		for (uint32_t k = links.out_start[v];
		     k < links.out_start[v + 1]; k++) {
			uint32_t dst = graph->edges[links.out[k]].dst;

			first = use[dst] < first ? use[dst] : first;
		}
		use[v] = first;
		start[first + 1]++;
	}
	for (; ok && at < n; at++)
		start[at + 1] += start[at];
	for (uint32_t i = 0; ok && i < n; i++)
		sorted[start[use[order[i]]]++] = order[i];
	if (ok) {
		memcpy(order, sorted, n * sizeof(*order));
		nnv_links_release(&links);
	}
	nnv_heap_free(use);
	nnv_heap_free(start);
	nnv_heap_free(sorted);
	return ok;
}

/* Ids are nearly in order of execution; make it the order. */
static bool
put_in_order(struct jt_trace *trace)
{
	struct nnv_graph *graph = trace->graph;
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));
	uint32_t placed;
	bool ok;

	if (order == NULL)
		return nnv_fail_memory(trace->diag);
	placed = nnv_graph_order(graph, order);
	if (placed != NNV_NONE && placed < graph->nnodes)
		nnv_warn(trace->diag, "cycle",
		    "%u ops stand on a cycle or "
		    "behind one: a recording never has any",
		    graph->nnodes - placed);
	ok = placed != NNV_NONE &&
	    (placed < graph->nnodes || is_as_recorded(order, placed) ||
		advance_late(graph, order)) &&
	    nnv_graph_reorder(graph, order);
	nnv_heap_free(order);
	return ok || nnv_fail_memory(trace->diag);
}

static bool
build(struct builder *b)
{
	struct jt_trace *trace = b->trace;
	unsigned phases = 0;

	b->root = single_root(trace);
	add_model(b);
	for (uint32_t o = 0; o < trace->nops; o++)
		phases |= 1u << trace->ops[o].phase;
	for (int phase = 0; phase < NNV_NPHASES; phase++)
		if ((phases & 1u << phase) != 0)
			map_phase(b, (enum nnv_phase)phase);
	nnv_names_expect(trace->graph->names,
	    (size_t)trace->nops + trace->nvars);
	add_inputs(b);
	if (!add_ops(b) || trace->graph->failed)
		return nnv_fail_memory(trace->diag);
	nnv_tree_rest(trace->tree);
	if (!nnv_jt_read_keys(trace, b->node))
		return false;
	if (!nnv_jt_add_kernels(trace, b->node))
		return false;
	link_gradients(b);
	add_tensors_and_edges(b);
	if (trace->graph->failed || nnv_text_failed(&b->text))
		return nnv_fail_memory(trace->diag);
	return put_in_order(trace);
}

bool
nnv_jt_build(struct jt_trace *trace)
{
	struct builder b = { .trace = trace, .text = NNV_TEXT_EMPTY };
	size_t nframes = trace->nframes + (size_t)1;
	bool ok;

	b.module = nnv_heap_alloc(nframes, sizeof(*b.module));
	b.needed = nnv_heap_alloc(nframes, sizeof(*b.needed));
	b.node = nnv_heap_alloc(trace->nops + (size_t)1, sizeof(*b.node));
	b.input_node = nnv_heap_alloc(trace->nvars + (size_t)1,
	    sizeof(*b.input_node));
	ok = b.module != NULL && b.needed != NULL && b.node != NULL &&
		b.input_node != NULL
	    ? build(&b)
	    : nnv_fail_memory(trace->diag);
	nnv_heap_free(b.module);
	nnv_heap_free(b.needed);
	nnv_heap_free(b.node);
	nnv_heap_free(b.input_node);
	nnv_text_release(&b.text);
	return ok;
}
