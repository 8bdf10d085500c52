/*
 * Quotients: what folding, idioms, hiding and merging have in common.
 *
 * A map says of every node which node stands for it. Those that stand become
 * the nodes of the new graph, each where the first that it stands for was; what
 * has parameters hands them to whatever stands for it, and what has costs adds
 * them up, unknown if one is. An edge inside a merged node disappears, unless
 * the map asks for loops, and a tensor that is used several times by one merged
 * node is used once.
 *
 * A node may also stand for nothing: it is left out. What it was given goes to
 * whoever used what it made. Where it has one source and its output is like its
 * input the tensor runs through; where the shape changes a tensor of the new
 * shape comes from the source, marked with what was passed; where it has
 * several sources all of them lead on. What it has and costs is no longer to be
 * seen, but goes into all sums.
 *
 * "Carriers" are the tensors of the new graph in which an old one lives on: one
 * as a rule, several behind a left-out node with several sources, none behind
 * one without. They are found along the edges, so in topological order;
 * left-out nodes that lead to each other give what comes into any of them.
 */
#include "quotient.h"

#include "nnviz/names.h"
#include "nnviz/table.h"

#include "homes.h"
#include "knots.h"

/* Carriers of all tensors: n left-out nodes may multiply edges by n. */
enum { MAX_CARRIERS = 1 << 22 };

struct build {
	struct nnv_quotient *q;
	const struct nnv_graph *from;
	struct nnv_graph *to;
	struct nnv_diag *diag;
	struct nnv_links links;
	uint32_t *nodes;       /* node of FROM -> node of TO */
	uint32_t *order;       /* of FROM */
	bool *merged;          /* node of TO: stands for several */
	bool *leaves;          /* tensor of FROM: used outside its node */
	uint32_t *start, *end; /* by tensor of FROM: its carriers ... */
	uint32_t *carriers;    /* ... in here */
	size_t ncarriers, carrier_cap;
	uint32_t *operands;    /* node of TO -> edges into it so far */
	struct nnv_table seen; /* carrier, node of TO -> anything */
};

bool
nnv_quotient_init(struct nnv_quotient *q, const struct nnv_graph *from)
{
	size_t n = from->nnodes + (size_t)1, nt = from->ntensors + (size_t)1;

	*q = (struct nnv_quotient){ .from = from };
	q->into = nnv_heap_alloc(n, sizeof(*q->into));
	q->faces = nnv_heap_alloc(n, sizeof(*q->faces));
	q->marks = nnv_heap_alloc(n, sizeof(*q->marks));
	q->same = nnv_heap_alloc(nt, sizeof(*q->same));
	q->specs = nnv_heap_alloc(nt, sizeof(void *));
	q->cut = nnv_heap_alloc(from->nedges + (size_t)1, sizeof(*q->cut));
	if (q->into == NULL || q->faces == NULL || q->marks == NULL ||
	    q->same == NULL || q->specs == NULL || q->cut == NULL)
		return false;
	for (uint32_t v = 0; v < from->nnodes; v++) {
		q->into[v] = v;
		q->faces[v] = from->nodes[v];
	}
	for (uint32_t t = 0; t < from->ntensors; t++) {
		q->same[t] = t;
		q->specs[t] = from->tensors[t].spec;
	}
	return true;
}

void
nnv_quotient_release(struct nnv_quotient *q)
{
	nnv_heap_free(q->into);
	nnv_heap_free(q->faces);
	nnv_heap_free(q->marks);
	nnv_heap_free(q->same);
	nnv_heap_free(q->specs);
	nnv_heap_free(q->cut);
}

static void
find_leaving(struct build *b)
{
	const struct nnv_graph *from = b->from;
	const uint32_t *into = b->q->into;

	for (uint32_t t = 0; t < from->ntensors; t++)
		b->leaves[t] = true;
	for (uint32_t e = 0; e < from->nedges; e++)
		b->leaves[from->edges[e].tensor] = false;
	for (uint32_t e = 0; e < from->nedges; e++)
		b->leaves[from->edges[e].tensor] |= into[from->edges[e].src] !=
		    into[from->edges[e].dst];
}

/* What several give together is not known before it is seen what is used. */
static void
add_member(struct build *b, uint32_t v, bool first)
{
	const struct nnv_node *old = &b->from->nodes[v];
	struct nnv_node *node = &b->to->nodes[b->nodes[v]];

	nnv_cost_add(&node->cost, &old->cost);
	node->cost.output_elements = first ? old->cost.output_elements
					   : NNV_UNKNOWN;
	node->cost.output_bytes = first ? old->cost.output_bytes : NNV_UNKNOWN;
	nnv_time_add(&node->time, old->time);
	if (b->q->into[v] != v)
		nnv_behind_join(b->to, node, old->behind);
}

/* The node that stands for V, when the first of those it stands for comes. */
static void
add_standing(struct build *b, uint32_t v)
{
	struct nnv_node node = b->q->faces[v];

	node.cost = nnv_cost_none();
	node.params = NULL;
	node.nparams = 0;
	node.time = NNV_UNKNOWN;
	node.kernels = NULL;
	node.nkernels = 0;
	b->nodes[v] = nnv_graph_add_node(b->to, &node);
}

static void
add_nodes(struct build *b)
{
	const uint32_t *into = b->q->into;

	for (uint32_t v = 0; v < b->from->nnodes; v++)
		b->nodes[v] = NNV_NONE;
	for (uint32_t v = 0; v < b->from->nnodes && !b->to->failed; v++) {
		uint32_t w = into[v];
		bool first;

		if (w == NNV_NONE)
			continue;
		first = b->nodes[w] == NNV_NONE;
		if (first)
			add_standing(b, w);
		b->nodes[v] = b->nodes[w];
		if (b->to->failed)
			return;
		b->merged[b->nodes[w]] |= v != w;
		add_member(b, v, first);
	}
	if (!nnv_params_gather(b->to, b->from, b->nodes))
		return;
	for (uint32_t v = 0; v < b->to->nnodes; v++) {
		struct nnv_node *node = &b->to->nodes[v];

		if (node->grad_of != NNV_NONE)
			node->grad_of = b->nodes[node->grad_of];
		if (node->grad_of == v)
			node->grad_of = NNV_NONE;
	}
}

/* Mark the parameters of what is left out, and add up its costs. */
static void
add_unseen(struct build *b, bool *marks)
{
	struct nnv_unseen *unseen = &b->to->unseen;

	for (uint32_t v = 0; v < b->from->nnodes; v++) {
		const struct nnv_node *old = &b->from->nodes[v];

		if (b->q->into[v] != NNV_NONE)
			continue;
		for (uint32_t i = 0; i < old->nparams; i++)
			marks[old->params[i]] = true;
		nnv_cost_add(&unseen->cost, &old->cost);
		nnv_time_add(&unseen->time, old->time);
	}
}

static bool
find_unseen(struct build *b)
{
	struct nnv_unseen *unseen = &b->to->unseen;
	size_t n = b->from->nparams;
	bool *marks = nnv_heap_alloc(n + 1, sizeof(*marks));
	uint32_t *params = NNV_NEW_ARRAY(b->to->arena, n, uint32_t);

	if (marks == NULL || params == NULL) {
		nnv_heap_free(marks);
		return false;
	}
	for (uint32_t i = 0; i < unseen->nparams; i++)
		marks[unseen->params[i]] = true;
	add_unseen(b, marks);
	unseen->params = params;
	unseen->nparams = 0;
	for (uint32_t p = 0; p < n; p++)
		if (marks[p])
			params[unseen->nparams++] = p;
	nnv_heap_free(marks);
	return true;
}

/* What is left out stays with what is near it. */
static bool
keep_behind(struct build *b)
{
	const uint32_t *into = b->q->into;
	uint32_t *homes = nnv_homes_find(b->q, &b->links, b->order);

	for (uint32_t v = 0; homes != NULL && v < b->from->nnodes; v++)
		if (into[v] == NNV_NONE && homes[v] != NNV_NONE)
			nnv_behind_hide(b->to,
			    &b->to->nodes[b->nodes[homes[v]]],
			    &b->from->nodes[v]);
	nnv_heap_free(homes);
	return homes != NULL && !b->to->failed;
}

static bool
leaves_out(const struct nnv_quotient *q)
{
	for (uint32_t v = 0; v < q->from->nnodes; v++)
		if (q->into[v] == NNV_NONE)
			return true;
	return false;
}

static bool
add_carrier(struct build *b, uint32_t tensor)
{
	if (b->ncarriers >= MAX_CARRIERS)
		return nnv_fail(b->diag, NNV_E_LIMIT,
		    "too many arrows would "
		    "lead past what is left out: more than %d",
		    MAX_CARRIERS);
	if (b->ncarriers == b->carrier_cap &&
	    !nnv_heap_grow((void **)&b->carriers, &b->carrier_cap,
		b->ncarriers + 1, sizeof(*b->carriers)))
		return nnv_fail_memory(b->diag);
	b->carriers[b->ncarriers++] = tensor;
	return true;
}

/* A key that no tensor of the source has: those of the maker are kept. */
static nnv_name
key_past(struct build *b, uint32_t v, uint32_t t)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name key = NNV_NO_NAME;

	nnv_text_add(&text, nnv_graph_text(b->from, b->from->nodes[v].key));
	nnv_text_addc(&text, ':');
	nnv_text_add(&text, nnv_graph_text(b->from, b->from->tensors[t].key));
	if (!nnv_text_failed(&text))
		key = nnv_graph_name(b->to, nnv_text_str(&text));
	nnv_text_release(&text);
	b->to->failed |= key == NNV_NO_NAME;
	return key;
}

/* "reshape, transpose" */
static nnv_name
join_marks(struct build *b, nnv_name before, nnv_name mark)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name both = NNV_NO_NAME;

	if (before == NNV_NO_NAME || mark == NNV_NO_NAME || before == mark)
		return before == NNV_NO_NAME ? mark : before;
	nnv_text_add(&text, nnv_graph_text(b->to, before));
	nnv_text_adds(&text, ", ");
	nnv_text_add(&text, nnv_graph_text(b->to, mark));
	if (!nnv_text_failed(&text))
		both = nnv_graph_name(b->to, nnv_text_str(&text));
	nnv_text_release(&text);
	b->to->failed |= both == NNV_NO_NAME;
	return both;
}

/* Tensor T of left-out node V, whose one source lives on in tensor SOURCE. */
static bool
carry_past(struct build *b, uint32_t t, uint32_t v, uint32_t source)
{
	struct nnv_tensor tensor = b->from->tensors[t];
	const struct nnv_tensor *before = &b->to->tensors[source];
	nnv_name mark = b->q->marks[v];

	if (mark == NNV_NO_NAME &&
	    (tensor.spec == NULL || nnv_spec_eq(tensor.spec, before->spec)))
		return add_carrier(b, source);
	tensor.producer = before->producer;
	tensor.mark = join_marks(b, before->mark, mark);
	tensor.key = key_past(b, v, t);
	source = nnv_graph_add_tensor(b->to, &tensor);
	return source != NNV_NONE && add_carrier(b, source);
}

/* What comes into left-out node V, each tensor once; SEEN: those that have. */
static bool
gather_sources(struct build *b, uint32_t v, struct nnv_table *seen)
{
	uint32_t i = b->links.in_start[v], end = b->links.in_start[v + 1];
	bool ok = true;

	for (; ok && i < end; i++) {
		uint32_t t = b->q->same[b->from->edges[b->links.in[i]].tensor];

		for (uint32_t j = b->start[t]; ok && j < b->end[t]; j++) {
			uint32_t *at = nnv_table_at(seen, b->carriers[j]);

			if (at == NULL)
				ok = nnv_fail_memory(b->diag);
			else if (*at == NNV_TABLE_NONE)
				ok = add_carrier(b, b->carriers[j]);
			if (at != NULL)
				*at = 0;
		}
	}
	return ok;
}

/* The tensors of left-out node V live on in the carriers from FIRST up to
 * LAST. */
static bool
carry_around(struct build *b, uint32_t v, uint32_t first, uint32_t last)
{
	uint32_t i = b->links.out_start[v], end = b->links.out_start[v + 1];
	bool ok = true;

	for (; ok && i < end; i++) {
		uint32_t t = b->from->edges[b->links.out[i]].tensor;

		if (b->start[t] != NNV_NONE)
			continue;
		b->start[t] = first;
		b->end[t] = last;
		if (last - first != 1)
			continue;
		b->start[t] = (uint32_t)b->ncarriers;
		ok = carry_past(b, t, v, b->carriers[first]);
		b->end[t] = (uint32_t)b->ncarriers;
	}
	return ok;
}

/* N left-out nodes that lead to each other, or a single one. */
static bool
carry_knot(struct build *b, const uint32_t *nodes, uint32_t n)
{
	uint32_t first = (uint32_t)b->ncarriers, last;
	struct nnv_table seen;
	bool ok = true;

	nnv_table_init(&seen);
	for (uint32_t i = 0; ok && i < n; i++)
		ok = gather_sources(b, nodes[i], &seen);
	nnv_table_release(&seen);
	last = (uint32_t)b->ncarriers;
	for (uint32_t i = 0; ok && i < n; i++)
		ok = carry_around(b, nodes[i], first, last);
	return ok;
}

/* What leads to a left-out node is carried before what comes from it. */
static bool
carry_past_all(struct build *b)
{
	bool *out = nnv_heap_alloc(b->from->nnodes + (size_t)1, sizeof(*out));
	struct nnv_knots knots = { .n = 0 };
	bool ok = out != NULL;

	for (uint32_t v = 0; ok && v < b->from->nnodes; v++)
		out[v] = b->q->into[v] == NNV_NONE;
	ok = ok && nnv_knots_find(&knots, b->from, &b->links, b->order, out);
	if (!ok)
		nnv_fail_memory(b->diag);
	for (uint32_t i = 0; ok && i < knots.n; i++)
		ok = carry_knot(b, &knots.nodes[knots.start[i]],
		    knots.start[i + 1] - knots.start[i]);
	nnv_knots_release(&knots);
	nnv_heap_free(out);
	return ok;
}

/* A tensor of a node that stands is its own carrier, if anything sees it. */
static bool
carry(struct build *b, uint32_t t)
{
	struct nnv_tensor tensor = b->from->tensors[t];
	uint32_t p = tensor.producer, at;

	if (p != NNV_NONE && b->q->into[p] == NNV_NONE)
		return true;
	b->start[t] = b->end[t] = (uint32_t)b->ncarriers;
	if (b->q->same[t] != t ||
	    (p != NNV_NONE && !b->leaves[t] && b->merged[b->nodes[p]] &&
		!b->q->loops && !b->q->exact))
		return true;
	tensor.spec = b->q->specs[t];
	if (p != NNV_NONE)
		tensor.producer = b->nodes[p];
	at = nnv_graph_add_tensor(b->to, &tensor);
	if (at == NNV_NONE || !add_carrier(b, at))
		return false;
	b->end[t] = (uint32_t)b->ncarriers;
	return true;
}

static bool
find_carriers(struct build *b)
{
	for (uint32_t t = 0; t < b->from->ntensors; t++)
		b->start[t] = b->end[t] = NNV_NONE;
	for (uint32_t t = 0; t < b->from->ntensors; t++)
		if (!carry(b, t))
			return false;
	return !leaves_out(b->q) || carry_past_all(b);
}

/* Whether an edge from CARRIER to DST is there already. */
static bool
is_new(struct build *b, uint32_t carrier, uint32_t dst)
{
	uint32_t *at = nnv_table_at(&b->seen, nnv_table_pair(carrier, dst));
	bool fresh = at != NULL && *at == NNV_TABLE_NONE;

	if (at != NULL)
		*at = 0;
	return fresh;
}

static bool
add_edge(struct build *b, const struct nnv_edge *old, uint32_t carrier)
{
	struct nnv_edge edge = { .dst = b->nodes[old->dst],
		.tensor = carrier,
		.src = b->to->tensors[carrier].producer,
		.operand = old->operand };
	bool plain = b->q->into[old->src] != NNV_NONE && !b->merged[edge.src] &&
	    !b->merged[edge.dst];

	if (b->q->exact)
		return nnv_graph_add_edge(b->to, &edge) != NNV_NONE;
	if (edge.src == edge.dst && b->merged[edge.dst] && !b->q->loops)
		return true;
	/* x * x uses x twice; a merged node uses a tensor once. */
	if (!is_new(b, carrier, edge.dst) && !plain)
		return !b->seen.failed;
	if (b->merged[edge.dst])
		edge.operand = b->operands[edge.dst]++;
	return nnv_graph_add_edge(b->to, &edge) != NNV_NONE;
}

static bool
add_edges(struct build *b)
{
	for (uint32_t e = 0; e < b->from->nedges; e++) {
		const struct nnv_edge *edge = &b->from->edges[e];
		uint32_t t = b->q->same[edge->tensor];

		if (b->q->cut[e] || b->q->into[edge->dst] == NNV_NONE ||
		    b->start[t] == NNV_NONE)
			continue;
		for (uint32_t i = b->start[t]; i < b->end[t]; i++)
			if (!add_edge(b, edge, b->carriers[i]))
				return false;
	}
	return true;
}

static bool
prepare(struct build *b)
{
	size_t n = b->from->nnodes + (size_t)1;
	size_t nt = b->from->ntensors + (size_t)1;

	b->to = nnv_graph_like(b->from);
	b->nodes = nnv_heap_alloc(n, sizeof(*b->nodes));
	b->order = nnv_heap_alloc(n, sizeof(*b->order));
	b->merged = nnv_heap_alloc(n, sizeof(*b->merged));
	b->operands = nnv_heap_alloc(n, sizeof(*b->operands));
	b->leaves = nnv_heap_alloc(nt, sizeof(*b->leaves));
	b->start = nnv_heap_alloc(nt, sizeof(*b->start));
	b->end = nnv_heap_alloc(nt, sizeof(*b->end));
	return b->to != NULL && b->nodes != NULL && b->order != NULL &&
	    b->merged != NULL && b->operands != NULL && b->leaves != NULL &&
	    b->start != NULL && b->end != NULL &&
	    nnv_graph_order(b->from, b->order) != NNV_NONE;
}

static bool
build(struct build *b)
{
	find_leaving(b);
	add_nodes(b);
	if (b->to->failed)
		return false;
	if (leaves_out(b->q) && (!find_unseen(b) || !keep_behind(b)))
		return false;
	return find_carriers(b) && add_edges(b) && !b->to->failed;
}

static void
release(struct build *b)
{
	nnv_heap_free(b->nodes);
	nnv_heap_free(b->order);
	nnv_heap_free(b->merged);
	nnv_heap_free(b->operands);
	nnv_heap_free(b->leaves);
	nnv_heap_free(b->start);
	nnv_heap_free(b->end);
	nnv_heap_free(b->carriers);
	nnv_table_release(&b->seen);
}

struct nnv_graph *
nnv_quotient_make(struct nnv_quotient *q, struct nnv_diag *diag)
{
	struct build b = { .q = q, .from = q->from, .diag = diag };
	bool done = false;

	nnv_table_init(&b.seen);
	if (nnv_links_init(&b.links, q->from)) {
		done = prepare(&b) && build(&b);
		nnv_links_release(&b.links);
	}
	release(&b);
	if (done)
		return b.to;
	nnv_graph_free(b.to);
	nnv_fail_memory(diag);
	return NULL;
}
