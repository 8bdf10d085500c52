/*
 * A row of parts that are similar says what it goes through, in as few words as
 * tell it: first what leaves the parts, as the widths and sizes of what flows
 * is how people remember a network's stages, then the hyper-parameters, each
 * once, in which the nodes inside differ. An arrow leads from one number to
 * another, where the row goes one way; an ellipsis stands between the least and
 * the greatest of what goes to and fro, and between texts that have arrows
 * themselves. See range.c.
 */
#include "differ.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/arena.h"
#include "nnviz/text.h"

#include "range.h"

enum { MOST_HYPERS = 2, SHORT = 24 /* bytes of an argument */ };

#define ARROW "\xe2\x86\x92"

static const struct nnv_node *
node_of(const struct nnv_row *row, uint32_t part, uint32_t i)
{
	const struct nnv_parts *p = row->parts;

	return &p->graph->nodes[p->nodes[p->start[row->modules[part]] + i]];
}

static uint32_t
nodes_in(const struct nnv_row *row)
{
	return row->parts->end[row->modules[0]] -
	    row->parts->start[row->modules[0]];
}

static struct nnv_text *
piece(struct nnv_text *out)
{
	if (out->n != 0)
		nnv_text_adds(out, ", ");
	return out;
}

/* The first tensor that leaves the last part: which node of a part makes it,
 * and which of that node's it is. */
static bool
find_exit(const struct nnv_row *row, uint32_t *node, uint32_t *ordinal)
{
	const struct nnv_parts *p = row->parts;
	uint32_t z = row->modules[row->n - 1];

	for (uint32_t i = p->start[z]; i < p->end[z]; i++) {
		uint32_t v = p->nodes[i];

		for (uint32_t j = p->links.out_start[v];
		     j < p->links.out_start[v + 1]; j++) {
			const struct nnv_edge
			    *edge = &p->graph->edges[p->links.out[j]];
			uint32_t to = p->place[edge->dst];

			if (to >= p->start[z] && to < p->end[z])
				continue;
			*node = i - p->start[z];
			*ordinal = p->ordinal[edge->tensor];
			return true;
		}
	}
	return false;
}

static void
add_sizes(struct nnv_text *out, const int64_t *shape, uint32_t n)
{
	for (uint32_t i = 2; i < n; i++) {
		if (i > 2)
			nnv_text_adds(out, "\xc3\x97");
		nnv_text_addi(out, shape[i]);
	}
}

/* What tensors of a row are. */
struct extents {
	const int64_t *from, *to;
	uint32_t n;
	const char *way; /* between the two */
};

static void
add_step(struct nnv_text *out, const char *word, const struct extents *e,
    uint32_t i)
{
	if (e->from[i] == e->to[i])
		return;
	nnv_text_addf(piece(out), "%s ", word);
	nnv_text_addi(out, e->from[i]);
	nnv_text_adds(out, e->way);
	nnv_text_addi(out, e->to[i]);
}

/* Planes [N, C, H, W, ...] have channels and sizes; else the last extent is
 * that of the vectors, [N, ..., F], and the one before it their number. */
static void
add_extents(struct nnv_text *out, const struct extents *e)
{
	struct nnv_text x = NNV_TEXT_EMPTY, y = NNV_TEXT_EMPTY;

	if (e->n == 2 || e->n == 3) {
		add_step(out, "features", e, e->n - 1);
		if (e->n == 3)
			add_step(out, "length", e, 1);
	} else if (e->n >= 4) {
		add_step(out, "channels", e, 1);
		add_sizes(&x, e->from, e->n);
		add_sizes(&y, e->to, e->n);
		if (!nnv_str_eq(nnv_text_str(&x), nnv_text_str(&y))) {
			nnv_text_add(piece(out), nnv_text_str(&x));
			nnv_text_adds(out, e->way);
			nnv_text_add(out, nnv_text_str(&y));
		}
	}
	out->failed |= x.failed || y.failed;
	nnv_text_release(&x);
	nnv_text_release(&y);
}

static const struct nnv_spec *
spec_of(const struct nnv_row *row, uint32_t part, uint32_t i, uint32_t j)
{
	const struct nnv_parts *p = row->parts;
	uint32_t v = p->nodes[p->start[row->modules[part]] + i];

	return p->graph->tensors[p->made[p->made_start[v] + j]].spec;
}

static void
add_shape(struct nnv_range *range, size_t id, const int64_t *shape,
    const int64_t *first, uint32_t n)
{
	struct nnv_numbers numbers = { .n = n };

	if (n > NNV_RANGE_NUMBERS)
		numbers.n = NNV_RANGE_NUMBERS;
	for (uint32_t i = 0; i < numbers.n; i++)
		numbers.x[i] = (double)shape[i];
	nnv_range_add(range, id, &numbers,
	    n <= NNV_RANGE_NUMBERS ||
		memcmp(shape, first, n * sizeof(*shape)) == 0);
}

/* What a tensor of each part is; false: it is none, or they have not as many
 * extents. */
static bool
find_extents(const struct nnv_row *row, uint32_t i, uint32_t j,
    struct extents *e)
{
	const struct nnv_spec *first = spec_of(row, 0, i, j), *spec;
	const int64_t *shapes[2];
	struct nnv_range range;
	size_t ends[2];

	nnv_range_init(&range);
	for (uint32_t k = 0; k < row->n; k++) {
		spec = spec_of(row, k, i, j);
		if (spec == NULL || spec->kind != NNV_SPEC_TENSOR ||
		    spec->n != first->n)
			return false;
		add_shape(&range, 2 * (size_t)k, spec->shape, first->shape,
		    spec->n);
		if (spec->last != NULL)
			add_shape(&range, 2 * (size_t)k + 1, spec->last,
			    first->shape, spec->n);
	}
	e->way = nnv_range_ends(&range, ends) ? ARROW : NNV_ELLIPSIS;
	for (int k = 0; k < 2; k++) {
		spec = spec_of(row, (uint32_t)(ends[k] / 2), i, j);
		shapes[k] = ends[k] % 2 != 0 ? spec->last : spec->shape;
	}
	e->from = shapes[0];
	e->to = shapes[1];
	e->n = first->n;
	return true;
}

bool
nnv_differ_spec(const struct nnv_row *row, uint32_t i, uint32_t j,
    const struct nnv_spec **spec)
{
	const struct nnv_spec *first = spec_of(row, 0, i, j);
	struct nnv_spec *both;
	struct extents e;
	uint32_t k = 1;

	*spec = first;
	while (k < row->n && nnv_spec_eq(first, spec_of(row, k, i, j)))
		k++;
	if (k == row->n)
		return true;
	*spec = NULL;
	if (!find_extents(row, i, j, &e))
		return true;
	both = NNV_NEW(row->parts->graph->arena, struct nnv_spec);
	if (both == NULL)
		return false;
	*both = *first;
	both->shape = e.from;
	both->last = e.to;
	*spec = both;
	return true;
}

static void
add_exit(struct nnv_text *out, const struct nnv_row *row)
{
	uint32_t i, j;
	struct extents e;

	if (find_exit(row, &i, &j) && find_extents(row, i, j, &e))
		add_extents(out, &e);
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
add_change(struct nnv_text *out, struct nnv_str a, struct nnv_str z)
{
	size_t word = 0;

	for (size_t i = 0; i < a.n && i < z.n && a.p[i] == z.p[i]; i++)
		if (a.p[i] == ' ')
			word = i + 1;
	nnv_text_add(out, a);
	nnv_text_adds(out, NNV_ELLIPSIS);
	nnv_text_add(out, nnv_str_from(z, word));
}

/* From what to what a hyper-parameter of the I-th node goes. */
static bool
find_change(const struct nnv_row *row, uint32_t i, nnv_name key,
    struct nnv_str ends[2])
{
	const struct nnv_graph *graph = row->parts->graph;
	struct nnv_texts texts = { .graph = graph };

	for (uint32_t k = 0; k < row->n; k++)
		nnv_texts_add(&texts, find_hyper(node_of(row, k, i), key));
	nnv_texts_ends(&texts, ends);
	return !texts.failed;
}

/* What the extents of results say anyway. */
static bool
is_width(struct nnv_str key)
{
	return nnv_str_eq(key, NNV_STR("channels")) ||
	    nnv_str_eq(key, NNV_STR("features"));
}

static void
add_hypers(struct nnv_text *out, const struct nnv_row *row)
{
	const struct nnv_graph *graph = row->parts->graph;
	bool sized = out->n > 0;
	nnv_name said[MOST_HYPERS];
	uint32_t nsaid = 0;

	for (uint32_t i = 0; i < nodes_in(row); i++) {
		const struct nnv_node *x = node_of(row, 0, i);

		for (uint32_t j = 0; j < x->nhypers; j++) {
			nnv_name key = x->hypers[j].key;
			struct nnv_str ends[2];
			bool known = sized &&
			    is_width(nnv_graph_text(graph, key));

			for (uint32_t k = 0; k < nsaid; k++)
				known |= said[k] == key;
			if (known)
				continue;
			out->failed |= !find_change(row, i, key, ends);
			if (nnv_str_eq(ends[0], ends[1]))
				continue;
			if (nsaid == MOST_HYPERS)
				return;
			said[nsaid++] = key;
			add_change(piece(out), ends[0], ends[1]);
		}
	}
}

/* The first part in which the I-th node was given something else than in the
 * first part; 0: there is none. */
static uint32_t
find_unlike(const struct nnv_row *row, uint32_t i)
{
	const struct nnv_node *x = node_of(row, 0, i);

	for (uint32_t k = 1; k < row->n; k++)
		if (!nnv_nodes_same_args(x, node_of(row, k, i)))
			return k;
	return 0;
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

/* Add argument ODD of all nodes of a part that are like the I-th, where all
 * else is as in the first part; there may be several in a part. */
static bool
add_part(const struct nnv_row *row, uint32_t part, uint32_t i, uint32_t odd,
    struct nnv_texts *texts)
{
	const struct nnv_node *like = node_of(row, 0, i);

	for (uint32_t j = 0; j < nodes_in(row); j++) {
		const struct nnv_node *x = node_of(row, 0, j);
		const struct nnv_node *y = node_of(row, part, j);

		if (x->op != like->op || x->nargs <= odd ||
		    x->args[odd].key != like->args[odd].key)
			continue;
		if (!nnv_nodes_same_args(x, y) && find_odd(x, y) != odd)
			return false;
		nnv_texts_add(texts, y->args[odd].json);
	}
	return true;
}

/* The ends of argument ODD of the I-th node, and of those of its op. */
static bool
find_args(const struct nnv_row *row, uint32_t i, uint32_t odd,
    struct nnv_str ends[2])
{
	struct nnv_texts texts = { .graph = row->parts->graph };

	for (uint32_t k = 0; k < row->n; k++)
		if (!add_part(row, k, i, odd, &texts))
			return false;
	nnv_texts_ends(&texts, ends);
	return !texts.failed;
}

/* "shift_size [0,0] … [3,3]", if all else is the same and both are short; what
 * was passed without a name is called after the op. */
static bool
add_arg(struct nnv_text *out, const struct nnv_row *row, uint32_t i,
    uint32_t unlike)
{
	const struct nnv_node *x = node_of(row, 0, i);
	uint32_t odd = find_odd(x, node_of(row, unlike, i));
	struct nnv_str ends[2];

	if (odd == NNV_NONE || !find_args(row, i, odd, ends))
		return false;
	if (ends[0].n == 0 || ends[1].n == 0 || ends[0].n > SHORT ||
	    ends[1].n > SHORT)
		return false;
	nnv_text_add(out,
	    nnv_graph_text(row->parts->graph,
		x->args[odd].key != NNV_NO_NAME ? x->args[odd].key : x->op));
	nnv_text_addc(out, ' ');
	add_value(out, ends[0]);
	nnv_text_adds(out, NNV_ELLIPSIS);
	add_value(out, ends[1]);
	return true;
}

/* What a person passed to the first node that was given something else. Longer
 * arguments are code: that they differ is enough. */
static void
add_args(struct nnv_text *out, const struct nnv_row *row)
{
	for (uint32_t i = 0; i < nodes_in(row); i++) {
		uint32_t unlike = find_unlike(row, i);

		if (unlike == 0)
			continue;
		if (add_arg(out, row, i, unlike))
			return;
		nnv_text_adds(out, "other arguments of ");
		nnv_text_add(out,
		    nnv_graph_text(row->parts->graph, node_of(row, 0, i)->op));
		return;
	}
}

static int64_t
params_of(const struct nnv_row *row, uint32_t part, uint32_t i)
{
	return nnv_node_params(row->parts->graph, node_of(row, part, i))
	    .parameters;
}

/* Whether the parameters are as many, box by box. */
static bool
same_sizes(const struct nnv_row *row)
{
	for (uint32_t i = 0; i < nodes_in(row); i++)
		for (uint32_t k = 1; k < row->n; k++)
			if (params_of(row, 0, i) != params_of(row, k, i))
				return false;
	return true;
}

nnv_name
nnv_differ_name(const struct nnv_row *row)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name name = NNV_NO_NAME;

	add_exit(&text, row);
	add_hypers(&text, row);
	if (text.n == 0)
		add_args(&text, row);
	if (text.n == 0)
		nnv_text_adds(&text,
		    same_sizes(row) ? "not all alike" : "sizes differ");
	if (!nnv_text_failed(&text))
		name = nnv_names_add(row->parts->graph->names,
		    nnv_text_str(&text));
	nnv_text_release(&text);
	return name;
}

/* What the I-th node of all parts is. */
static nnv_name
join_texts(const struct nnv_row *row, uint32_t i, nnv_name key)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name both = NNV_NO_NAME;
	struct nnv_str ends[2];

	text.failed |= !find_change(row, i, key, ends);
	if (nnv_str_eq(ends[0], ends[1]))
		nnv_text_add(&text, ends[0]);
	else
		add_change(&text, ends[0], ends[1]);
	if (!nnv_text_failed(&text))
		both = nnv_names_add(row->parts->graph->names,
		    nnv_text_str(&text));
	nnv_text_release(&text);
	return both;
}

/* How many hyper-parameters the first part does not have, at most. */
static size_t
count_others(const struct nnv_row *row, uint32_t i)
{
	size_t n = 0;

	for (uint32_t k = 1; k < row->n; k++) {
		const struct nnv_node *other = node_of(row, k, i);

		for (uint32_t j = 0; j < other->nhypers; j++)
			n += find_hyper(node_of(row, 0, i),
				 other->hypers[j].key) == NNV_NO_NAME;
	}
	return n;
}

/* Those of FACE, then what only others have. */
static bool
join_hypers(const struct nnv_row *row, uint32_t i, struct nnv_node *face)
{
	struct nnv_hyper *hypers = NNV_NEW_ARRAY(row->parts->graph->arena,
	    face->nhypers + count_others(row, i), struct nnv_hyper);
	struct nnv_node all = { .nhypers = 0 };

	if (hypers == NULL)
		return false;
	all.hypers = hypers;
	for (uint32_t k = 0; k < row->n; k++) {
		const struct nnv_node *node = node_of(row, k, i);

		for (uint32_t j = 0; j < node->nhypers; j++) {
			struct nnv_hyper *hyper = &hypers[all.nhypers];
			nnv_name key = node->hypers[j].key;

			if (find_hyper(&all, key) != NNV_NO_NAME)
				continue;
			hyper->key = key;
			hyper->text = join_texts(row, i, key);
			if (hyper->text == NNV_NO_NAME)
				return false;
			all.nhypers++;
		}
	}
	face->hypers = hypers;
	face->nhypers = all.nhypers;
	return true;
}

bool
nnv_differ_join(const struct nnv_row *row, uint32_t i, struct nnv_node *face)
{
	if (find_unlike(row, i) != 0) {
		face->args = NULL;
		face->nargs = 0;
	}
	return join_hypers(row, i, face);
}
