/*
 * A row of parts that are similar says what it goes through, in as few words as
 * tell it: first what leaves the parts, as the widths and sizes of what flows
 * is how people remember a network's stages, then the hyper-parameters, each
 * once, in which the nodes inside differ. An arrow leads from one number to
 * another; texts that have arrows themselves are set apart by an ellipsis.
 */
#include "differ.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/text.h"

enum { MOST_HYPERS = 2, SHORT = 24 /* bytes of an argument */ };

#define ARROW "\xe2\x86\x92"
#define ELLIPSIS " \xe2\x80\xa6 "
#define DASH "\xe2\x80\x93"

static struct nnv_text *
piece(struct nnv_text *out)
{
	if (out->n != 0)
		nnv_text_adds(out, ", ");
	return out;
}

/* The first tensor that leaves Z, and the one in its place in A. */
static bool
find_exit(const struct nnv_parts *p, uint32_t a, uint32_t z, uint32_t *ta,
    uint32_t *tz)
{
	for (uint32_t i = p->start[z]; i < p->end[z]; i++) {
		uint32_t v = p->nodes[i];
		uint32_t w = p->nodes[p->start[a] + (i - p->start[z])];

		for (uint32_t j = p->links.out_start[v];
		     j < p->links.out_start[v + 1]; j++) {
			const struct nnv_edge
			    *edge = &p->graph->edges[p->links.out[j]];
			uint32_t to = p->place[edge->dst];

			if (to >= p->start[z] && to < p->end[z])
				continue;
			*tz = edge->tensor;
			*ta = p->made[p->made_start[w] + p->ordinal[*tz]];
			return true;
		}
	}
	return false;
}

static void
add_sizes(struct nnv_text *out, const struct nnv_spec *spec)
{
	for (uint32_t i = 2; i < spec->n; i++) {
		if (i > 2)
			nnv_text_adds(out, "\xc3\x97");
		nnv_text_addi(out, spec->shape[i]);
	}
}

static void
add_step(struct nnv_text *out, const char *word, int64_t from, int64_t to)
{
	if (from == to)
		return;
	nnv_text_addf(piece(out), "%s ", word);
	nnv_text_addi(out, from);
	nnv_text_adds(out, ARROW);
	nnv_text_addi(out, to);
}

/* Planes [N, C, H, W, ...] have channels and sizes; else the last extent is
 * that of the vectors, [N, ..., F], and the one before it their number. */
static void
add_extents(struct nnv_text *out, const struct nnv_spec *a,
    const struct nnv_spec *z)
{
	struct nnv_text x = NNV_TEXT_EMPTY, y = NNV_TEXT_EMPTY;
	uint32_t n = a->n;

	if (n == 2 || n == 3) {
		add_step(out, "features", a->shape[n - 1], z->shape[n - 1]);
		if (n == 3)
			add_step(out, "length", a->shape[1], z->shape[1]);
	} else if (n >= 4) {
		add_step(out, "channels", a->shape[1], z->shape[1]);
		add_sizes(&x, a);
		add_sizes(&y, z);
		if (!nnv_str_eq(nnv_text_str(&x), nnv_text_str(&y))) {
			nnv_text_add(piece(out), nnv_text_str(&x));
			nnv_text_adds(out, ARROW);
			nnv_text_add(out, nnv_text_str(&y));
		}
	}
	out->failed |= x.failed || y.failed;
	nnv_text_release(&x);
	nnv_text_release(&y);
}

static void
add_exit(struct nnv_text *out, const struct nnv_parts *p, uint32_t a,
    uint32_t z)
{
	const struct nnv_spec *x, *y;
	uint32_t ta, tz;

	if (!find_exit(p, a, z, &ta, &tz))
		return;
	x = p->graph->tensors[ta].spec;
	y = p->graph->tensors[tz].spec;
	if (x != NULL && y != NULL && x->kind == NNV_SPEC_TENSOR &&
	    y->kind == NNV_SPEC_TENSOR && x->n == y->n)
		add_extents(out, x, y);
}

static nnv_name
find_hyper(const struct nnv_node *node, nnv_name key)
{
	for (uint32_t i = 0; i < node->nhypers; i++)
		if (node->hypers[i].key == key)
			return node->hypers[i].text;
	return NNV_NO_NAME;
}

/* "channels 64 … 128": words that both begin with are said once. */
static void
add_change(struct nnv_text *out, const struct nnv_graph *graph, nnv_name from,
    nnv_name to)
{
	struct nnv_str a = NNV_STR(DASH), z = a;
	size_t word = 0;

	if (from != NNV_NO_NAME)
		a = nnv_graph_text(graph, from);
	if (to != NNV_NO_NAME)
		z = nnv_graph_text(graph, to);
	for (size_t i = 0; i < a.n && i < z.n && a.p[i] == z.p[i]; i++)
		if (a.p[i] == ' ')
			word = i + 1;
	nnv_text_add(out, a);
	nnv_text_adds(out, ELLIPSIS);
	nnv_text_add(out, nnv_str_from(z, word));
}

/* What the extents of results say anyway. */
static bool
is_width(struct nnv_str key)
{
	return nnv_str_eq(key, NNV_STR("channels")) ||
	    nnv_str_eq(key, NNV_STR("features"));
}

static void
add_hypers(struct nnv_text *out, const struct nnv_parts *p, uint32_t a,
    uint32_t z)
{
	const struct nnv_graph *graph = p->graph;
	bool sized = out->n > 0;
	nnv_name said[MOST_HYPERS];
	uint32_t nsaid = 0;

	for (uint32_t i = 0; i < p->end[a] - p->start[a]; i++) {
		const struct nnv_node *x, *y;

		x = &graph->nodes[p->nodes[p->start[a] + i]];
		y = &graph->nodes[p->nodes[p->start[z] + i]];
		for (uint32_t j = 0; j < x->nhypers; j++) {
			nnv_name key = x->hypers[j].key;
			nnv_name other = find_hyper(y, key);
			bool known = sized &&
			    is_width(nnv_graph_text(graph, key));

			for (uint32_t k = 0; k < nsaid; k++)
				known |= said[k] == key;
			if (known || other == x->hypers[j].text)
				continue;
			if (nsaid == MOST_HYPERS)
				return;
			said[nsaid++] = key;
			add_change(piece(out), graph, x->hypers[j].text, other);
		}
	}
}

/* The one argument of X that is another in Y, or NNV_NONE. */
static uint32_t
find_odd(const struct nnv_node *x, const struct nnv_node *y)
{
	uint32_t odd = NNV_NONE;

	if (x->nargs != y->nargs)
		return NNV_NONE;
	for (uint32_t i = 0; i < x->nargs; i++) {
		if (x->args[i].key != y->args[i].key)
			return NNV_NONE;
		if (x->args[i].json == y->args[i].json)
			continue;
		if (odd != NNV_NONE)
			return NNV_NONE;
		odd = i;
	}
	return odd;
}

/* A number as people write it, not with all its digits. */
static void
add_value(struct nnv_text *out, struct nnv_str value)
{
	char text[SHORT + 1], *end;
	double number;

	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	number = strtod(text, &end);
	if (*end == '\0')
		nnv_text_addf(out, "%.4g", number);
	else
		nnv_text_add(out, value);
}

/* "shift_size [0,0] … [3,3]", if all else is the same and both are short; what
 * was passed without a name is called after the op. */
static bool
add_arg(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_node *x, const struct nnv_node *y)
{
	uint32_t i = find_odd(x, y);
	struct nnv_str from, to;

	if (i == NNV_NONE)
		return false;
	from = nnv_graph_text(graph, x->args[i].json);
	to = nnv_graph_text(graph, y->args[i].json);
	if (from.n == 0 || to.n == 0 || from.n > SHORT || to.n > SHORT)
		return false;
	nnv_text_add(out,
	    nnv_graph_text(graph,
		x->args[i].key != NNV_NO_NAME ? x->args[i].key : x->op));
	nnv_text_addc(out, ' ');
	add_value(out, from);
	nnv_text_adds(out, ELLIPSIS);
	add_value(out, to);
	return true;
}

/* What a person passed to the first node that was given something else. Longer
 * arguments are code: that they differ is enough. */
static void
add_args(struct nnv_text *out, const struct nnv_parts *p, uint32_t a,
    uint32_t z)
{
	const struct nnv_graph *graph = p->graph;

	for (uint32_t i = 0; i < p->end[a] - p->start[a]; i++) {
		const struct nnv_node *x, *y;

		x = &graph->nodes[p->nodes[p->start[a] + i]];
		y = &graph->nodes[p->nodes[p->start[z] + i]];
		if (nnv_nodes_same_args(x, y))
			continue;
		if (add_arg(out, graph, x, y))
			return;
		nnv_text_adds(out, "other arguments of ");
		nnv_text_add(out, nnv_graph_text(graph, x->op));
		return;
	}
}

/* Whether the parameters are as many, box by box. */
static bool
same_sizes(const struct nnv_parts *p, uint32_t a, uint32_t z)
{
	const struct nnv_graph *graph = p->graph;

	for (uint32_t i = 0; i < p->end[a] - p->start[a]; i++) {
		const struct nnv_node *x, *y;

		x = &graph->nodes[p->nodes[p->start[a] + i]];
		y = &graph->nodes[p->nodes[p->start[z] + i]];
		if (nnv_node_params(graph, x).parameters !=
		    nnv_node_params(graph, y).parameters)
			return false;
	}
	return true;
}

nnv_name
nnv_differ_name(const struct nnv_parts *p, uint32_t a, uint32_t z)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name name = NNV_NO_NAME;

	add_exit(&text, p, a, z);
	add_hypers(&text, p, a, z);
	if (text.n == 0)
		add_args(&text, p, a, z);
	if (text.n == 0)
		nnv_text_adds(&text,
		    same_sizes(p, a, z) ? "not all alike" : "sizes differ");
	if (!nnv_text_failed(&text))
		name = nnv_names_add(p->graph->names, nnv_text_str(&text));
	nnv_text_release(&text);
	return name;
}

static nnv_name
join_texts(const struct nnv_graph *graph, nnv_name from, nnv_name to)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name both = NNV_NO_NAME;

	add_change(&text, graph, from, to);
	if (!nnv_text_failed(&text))
		both = nnv_names_add(graph->names, nnv_text_str(&text));
	nnv_text_release(&text);
	return both;
}

/* Those of FACE, then what only LAST has. */
static bool
join_hypers(const struct nnv_graph *graph, struct nnv_node *face,
    const struct nnv_node *last)
{
	struct nnv_hyper *hypers = NNV_NEW_ARRAY(graph->arena,
	    (size_t)face->nhypers + last->nhypers, struct nnv_hyper);
	uint32_t n = 0;

	if (hypers == NULL)
		return false;
	for (uint32_t i = 0; i < face->nhypers; i++) {
		nnv_name other = find_hyper(last, face->hypers[i].key);

		hypers[n] = face->hypers[i];
		if (other != hypers[n].text)
			hypers[n].text = join_texts(graph, hypers[n].text,
			    other);
		if (hypers[n++].text == NNV_NO_NAME)
			return false;
	}
	for (uint32_t i = 0; i < last->nhypers; i++) {
		if (find_hyper(face, last->hypers[i].key) != NNV_NO_NAME)
			continue;
		hypers[n].key = last->hypers[i].key;
		hypers[n].text = join_texts(graph, NNV_NO_NAME,
		    last->hypers[i].text);
		if (hypers[n++].text == NNV_NO_NAME)
			return false;
	}
	face->hypers = hypers;
	face->nhypers = n;
	return true;
}

bool
nnv_differ_join(const struct nnv_graph *graph, struct nnv_node *face,
    const struct nnv_node *last)
{
	if (!nnv_nodes_same_args(face, last)) {
		face->args = NULL;
		face->nargs = 0;
	}
	return face->nhypers + last->nhypers == 0 ||
	    join_hypers(graph, face, last);
}
