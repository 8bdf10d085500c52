/*
 * Concatenations and splits. A trace knows neither: to join tensors Jittor
 * makes an empty one and sets its pieces one after another, and to split one it
 * gets its pieces, handing on what it got them from.
 *
 * A chain of setitems is a concatenation if the pieces fill the result: all
 * axes but one agree, and along that one they add up. Getitems of one tensor,
 * directly or through the tensor that another of them hands on, are a split if
 * they leave nothing of it: their pieces add up along an axis as well, or are
 * as many as an axis is long that they lack. Several results, no other source:
 * merging closes no cycle. Items of a list are no pieces of a tensor.
 *
 * The gradient of a concatenation is a split as well: of what comes in each
 * setitem gets its own piece, and hands on the rest with zeros in its place.
 */
#include "idiom.h"

#include "nnviz/arena.h"

/* Pieces of one tensor: nobody concatenates more, and a chain is followed from
 * each of its links. */
enum { PIECES_MAX = 4096 };

/* The ops that make pieces, the last one first. */
struct pieces {
	uint32_t nodes[PIECES_MAX];
	uint32_t n;
};

static bool
is_op(const struct nnv_idioms *idioms, uint32_t v, const char *op)
{
	const struct nnv_graph *graph = idioms->graph;

	return nnv_idioms_is_free(idioms, v) &&
	    nnv_str_eq(nnv_graph_text(graph, graph->nodes[v].op), nnv_str(op));
}

static bool
is_getitem(const struct nnv_idioms *idioms, uint32_t v)
{
	return is_op(idioms, v, "getitem") || is_op(idioms, v, "getitem.bool");
}

static const struct nnv_spec *
spec_of_edge(const struct nnv_idioms *idioms, uint32_t e)
{
	return idioms->graph->tensors[idioms->graph->edges[e].tensor].spec;
}

/* The one spec of what NODE gives; NULL: it gives several, or none. */
static const struct nnv_spec *
result_of(const struct nnv_idioms *idioms, uint32_t v)
{
	uint32_t i = idioms->links.out_start[v];
	const struct nnv_spec *spec = NULL;

	for (; i < idioms->links.out_start[v + 1]; i++) {
		const struct nnv_spec *next = spec_of_edge(idioms,
		    idioms->links.out[i]);

		if (next == NULL || (spec != NULL && !nnv_spec_eq(spec, next)))
			return NULL;
		spec = next;
	}
	return spec != NULL && spec->kind == NNV_SPEC_TENSOR ? spec : NULL;
}

/* Along which axis WHOLE extends PIECE, which it equals in all others;
 * WHOLE->n: none. */
static uint32_t
axis_between(const struct nnv_spec *whole, const struct nnv_spec *piece)
{
	uint32_t axis = whole->n;

	if (piece == NULL || piece->kind != NNV_SPEC_TENSOR ||
	    piece->n != whole->n)
		return whole->n;
	for (uint32_t i = 0; i < whole->n; i++) {
		if (whole->shape[i] == piece->shape[i])
			continue;
		if (axis != whole->n || piece->shape[i] > whole->shape[i])
			return whole->n;
		axis = i;
	}
	return axis;
}

/* A chain of setitems, gathered from its end. */
struct chain {
	const struct nnv_spec *whole;
	uint32_t axis;
	int64_t filled; /* along the axis */
};

/* Take setitem V into the chain: *BASE is the node that it continues, or
 * NNV_NONE. */
static bool
take_piece(const struct nnv_idioms *idioms, struct chain *chain, uint32_t v,
    uint32_t *base)
{
	uint32_t edges[2], n = nnv_idioms_inputs(idioms, v, edges, 2), axis;
	const struct nnv_spec *piece;

	*base = NNV_NONE;
	if (n == 0 || n > 2)
		return false;
	piece = spec_of_edge(idioms, edges[n - 1]);
	if (n == 2) {
		const struct nnv_spec *before = spec_of_edge(idioms, edges[0]);

		if (before == NULL || !nnv_spec_eq(before, chain->whole))
			return false;
		*base = idioms->graph->edges[edges[0]].src;
	}
	axis = axis_between(chain->whole, piece);
	if (axis == chain->whole->n ||
	    (chain->axis != NNV_NONE && chain->axis != axis) ||
	    chain->filled > chain->whole->shape[axis])
		return false;
	chain->axis = axis;
	chain->filled += piece->shape[axis];
	return true;
}

/* Whether only setitem NEXT continues V, and nothing else before LAST, the end
 * of the chain, sees what it has filled. */
static bool
continues(const struct nnv_idioms *idioms, uint32_t v, uint32_t next,
    uint32_t last)
{
	const struct nnv_graph *graph = idioms->graph;

	for (uint32_t i = idioms->links.out_start[v];
	     i < idioms->links.out_start[v + 1]; i++) {
		uint32_t to = graph->edges[idioms->links.out[i]].dst;

		if (to != next &&
		    (graph->nodes[to].phase != NNV_BACKWARD ||
			idioms->position[to] < idioms->position[last]))
			return false;
	}
	return true;
}

static bool
match_concat(const struct nnv_idioms *idioms, uint32_t last,
    struct pieces *pieces)
{
	struct chain chain = { result_of(idioms, last), NNV_NONE, 0 };
	uint32_t v = last, base;

	pieces->n = 0;
	if (chain.whole == NULL)
		return false;
	while (pieces->n < PIECES_MAX && is_op(idioms, v, "setitem") &&
	    idioms->graph->nodes[v].module ==
		idioms->graph->nodes[last].module) {
		pieces->nodes[pieces->n++] = v;
		if (!take_piece(idioms, &chain, v, &base))
			return false;
		if (chain.filled == chain.whole->shape[chain.axis])
			return pieces->n > 1;
		if (base == NNV_NONE || !continues(idioms, base, v, last))
			return false;
		v = base;
	}
	return false;
}

void
nnv_idioms_concat(struct nnv_idioms *idioms)
{
	struct pieces *pieces = nnv_heap_alloc(1, sizeof(*pieces));

	idioms->failed |= pieces == NULL;
	/* From the end, so that a chain is found by its last link. */
	for (uint32_t v = idioms->graph->nnodes; pieces != NULL && v-- > 0;)
		if (is_op(idioms, v, "setitem") &&
		    match_concat(idioms, v, pieces))
			nnv_idioms_take(idioms, pieces->nodes, pieces->n,
			    NNV_STR("concat"));
	nnv_heap_free(pieces);
}

/* The edge of getitem V's only input, or NNV_NONE. */
static uint32_t
input_of(const struct nnv_idioms *idioms, uint32_t v)
{
	uint32_t edge;

	return nnv_idioms_inputs(idioms, v, &edge, 1) == 1 ? edge : NNV_NONE;
}

/* Whether V hands on a gradient with zeros where a piece was. */
static bool
is_rest(const struct nnv_idioms *idioms, uint32_t v)
{
	const struct nnv_node *node = &idioms->graph->nodes[v];
	const struct nnv_spec *whole, *rest;
	uint32_t edge;

	if (node->phase != NNV_BACKWARD || node->hide != NNV_SHOWN ||
	    !is_op(idioms, v, "setitem"))
		return false;
	edge = input_of(idioms, v);
	whole = edge != NNV_NONE ? spec_of_edge(idioms, edge) : NULL;
	rest = result_of(idioms, v);
	return whole != NULL && rest != NULL && nnv_spec_eq(whole, rest);
}

/* The tensor of which getitem V gets a piece: its input, or what a getitem
 * before it handed on. */
static uint32_t
source_of(const struct nnv_idioms *idioms, const uint32_t *source, uint32_t v)
{
	const struct nnv_graph *graph = idioms->graph;
	uint32_t edge = input_of(idioms, v), before;
	const struct nnv_spec *spec;

	if (edge == NNV_NONE)
		return NNV_NONE;
	before = graph->edges[edge].src;
	spec = spec_of_edge(idioms, edge);
	if (source[before] != NNV_NONE &&
	    (is_getitem(idioms, before) || is_rest(idioms, before)) &&
	    graph->nodes[before].module == graph->nodes[v].module &&
	    spec != NULL && graph->tensors[source[before]].spec != NULL &&
	    nnv_spec_eq(spec, graph->tensors[source[before]].spec))
		return source[before];
	return graph->edges[edge].tensor;
}

/* What getitem V gets, leaving aside what it hands on to another getitem of
 * SOURCE; NULL: nothing, or several. */
static const struct nnv_spec *
piece_of(const struct nnv_idioms *idioms, const uint32_t *source, uint32_t v)
{
	const struct nnv_spec *piece = NULL;

	for (uint32_t i = idioms->links.out_start[v];
	     i < idioms->links.out_start[v + 1]; i++) {
		uint32_t e = idioms->links.out[i];
		uint32_t dst = idioms->graph->edges[e].dst;
		const struct nnv_spec *next = spec_of_edge(idioms, e);

		if (source[dst] == source[v])
			continue;
		if (next == NULL ||
		    (piece != NULL && !nnv_spec_eq(piece, next)))
			return NULL;
		piece = next;
	}
	return piece;
}

/* How much of WHOLE along AXIS a piece has: 1, if it lacks that axis; 0: it is
 * no piece of it. */
static int64_t
share_of(const struct nnv_spec *whole, const struct nnv_spec *piece,
    uint32_t axis)
{
	bool lacks;

	if (piece == NULL || piece->kind != NNV_SPEC_TENSOR ||
	    piece->n > whole->n || piece->n + 1 < whole->n)
		return 0;
	lacks = piece->n < whole->n;
	for (uint32_t i = 0; i < whole->n; i++)
		if (i != axis &&
		    whole->shape[i] != piece->shape[i - (lacks && i > axis)])
			return 0;
	return lacks ? 1 : piece->shape[axis];
}

/* Whether the pieces of these getitems are all of WHOLE. */
static bool
is_whole(const struct nnv_idioms *idioms, const uint32_t *source,
    const struct pieces *pieces, const struct nnv_spec *whole)
{
	if (whole == NULL || whole->kind != NNV_SPEC_TENSOR)
		return false;
	for (uint32_t axis = 0; axis < whole->n; axis++) {
		int64_t left = whole->shape[axis], share = 1;

		for (uint32_t i = 0; i < pieces->n && share > 0; i++) {
			if (!is_getitem(idioms, pieces->nodes[i]))
				continue;
			share = share_of(whole,
			    piece_of(idioms, source, pieces->nodes[i]), axis);
			left = share <= left ? left - share : -1;
		}
		if (share > 0 && left == 0)
			return true;
	}
	return false;
}

/* Whether only those that have its source see what V hands on. */
static bool
is_among_them(const struct nnv_idioms *idioms, const uint32_t *source,
    uint32_t v)
{
	for (uint32_t i = idioms->links.out_start[v];
	     i < idioms->links.out_start[v + 1]; i++)
		if (source[idioms->graph->edges[idioms->links.out[i]].dst] !=
		    source[v])
			return false;
	return true;
}

/* Gather the getitems that have one source, the newest first. NEXT[v] is the
 * one before v. */
static void
take_split(struct nnv_idioms *idioms, const uint32_t *source,
    const uint32_t *next, uint32_t last, struct pieces *pieces)
{
	const struct nnv_graph *graph = idioms->graph;
	uint32_t n = 0;

	pieces->n = 0;
	for (uint32_t v = last; v != NNV_NONE; v = next[v]) {
		if (pieces->n == PIECES_MAX ||
		    graph->nodes[v].module != graph->nodes[last].module)
			return;
		if (is_getitem(idioms, v))
			n++;
		else if (!is_among_them(idioms, source, v))
			return;
		pieces->nodes[pieces->n++] = v;
	}
	if (n > 1 &&
	    is_whole(idioms, source, pieces, graph->tensors[source[last]].spec))
		nnv_idioms_take(idioms, pieces->nodes, pieces->n,
		    NNV_STR("split"));
}

void
nnv_idioms_split(struct nnv_idioms *idioms)
{
	const struct nnv_graph *graph = idioms->graph;
	uint32_t *source = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*source));
	uint32_t *next = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*next));
	uint32_t *last = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*last));
	struct pieces *pieces = nnv_heap_alloc(1, sizeof(*pieces));

	idioms->failed |= source == NULL || next == NULL || last == NULL ||
	    pieces == NULL;
	for (uint32_t t = 0; !idioms->failed && t < graph->ntensors; t++)
		last[t] = NNV_NONE;
	for (uint32_t v = 0; !idioms->failed && v < graph->nnodes; v++) {
		source[v] = NNV_NONE;
		if (is_getitem(idioms, v) || is_rest(idioms, v))
			source[v] = source_of(idioms, source, v);
		if (source[v] == NNV_NONE)
			continue;
		next[v] = last[source[v]];
		last[source[v]] = v;
	}
	for (uint32_t t = 0; !idioms->failed && t < graph->ntensors; t++)
		if (last[t] != NNV_NONE)
			take_split(idioms, source, next, last[t], pieces);
	nnv_heap_free(source);
	nnv_heap_free(next);
	nnv_heap_free(last);
	nnv_heap_free(pieces);
}
