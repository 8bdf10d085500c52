/*
 * Terms: how idioms are written down.
 *
 *	term = name | [name ":"] op {"|" op} "(" [term {"," term}] ")"
 *
 * A name is one small letter: it stands for a tensor, whatever that is where it
 * occurs first and the same tensor after that. An op is compared as the trace
 * writes it. Operands that are constants are not counted: a trace does not tell
 * their values, and a drawing leaves them out. Where an op of two operands may
 * have them in either order both are tried.
 *
 * The terms are our own (the table in idiom.c): they are read as they are
 * matched, and the longest takes a hundred steps.
 */
#include "idiom.h"

#include <assert.h>

enum { MAX_OPERANDS = 4 };

struct matcher {
	const struct nnv_idioms *idioms;
	struct nnv_match *match;
	uint32_t module; /* of all nodes of a match */
};

static bool
is_name(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Behind the term at P. */
static const char *
skip_term(const char *p)
{
	int depth = 0;

	for (; *p != '\0'; p++) {
		depth += (*p == '(') - (*p == ')');
		if (depth < 0 || (depth == 0 && *p == ','))
			break;
	}
	return p;
}

/* Whether OP is among the alternatives at P; *END: the parenthesis behind. */
static bool
is_op(const char *p, struct nnv_str op, const char **end)
{
	bool found = false;

	while (*p != '(') {
		size_t n = 0;

		while (p[n] != '|' && p[n] != '(')
			n++;
		found |= nnv_str_eq(op, (struct nnv_str){ p, n });
		p += n + (p[n] == '|');
	}
	*end = p;
	return found;
}

static bool
is_commutative(struct nnv_str op)
{
	static const char *const ops[] = { "binary.add", "binary.multiply",
		"binary.maximum", "binary.minimum", "add", "mul" };

	for (size_t i = 0; i < sizeof(ops) / sizeof(*ops); i++)
		if (nnv_str_eq(op, nnv_str(ops[i])))
			return true;
	return false;
}

static bool match_tensor(struct matcher *m, const char *p, uint32_t tensor);

/* Match the operands at P, "a,b)", with tensors, the first and the last of them
 * changing places if SWAPPED. */
static bool
match_operands(struct matcher *m, const char *p, const uint32_t *tensors,
    uint32_t n, bool swapped)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = swapped ? n - 1 - i : i;

		if (*p == ')' || !match_tensor(m, p, tensors[at]))
			return false;
		p = skip_term(p);
		p += *p == ',';
	}
	return *p == ')';
}

static bool
match_inputs(struct matcher *m, const char *p, uint32_t v)
{
	const struct nnv_graph *graph = m->idioms->graph;
	struct nnv_str op = nnv_graph_text(graph, graph->nodes[v].op);
	uint32_t edges[MAX_OPERANDS];
	uint32_t n = nnv_idioms_inputs(m->idioms, v, edges, MAX_OPERANDS);
	struct nnv_match before = *m->match;

	if (n > MAX_OPERANDS)
		return false;
	for (uint32_t i = 0; i < n; i++)
		edges[i] = graph->edges[edges[i]].tensor;
	if (match_operands(m, p, edges, n, false))
		return true;
	if (n != 2 || !is_commutative(op))
		return false;
	*m->match = before;
	return match_operands(m, p, edges, n, true);
}

static bool
match_node(struct matcher *m, const char *p, uint32_t v)
{
	const struct nnv_graph *graph = m->idioms->graph;
	const struct nnv_node *node = &graph->nodes[v];
	const char *operands;

	if (!nnv_idioms_is_free(m->idioms, v) || node->module != m->module ||
	    !is_op(p, nnv_graph_text(graph, node->op), &operands))
		return false;
	assert(m->match->n < NNV_MATCH_MAX);
	m->match->nodes[m->match->n++] = v;
	return match_inputs(m, operands + 1, v);
}

static bool
match_tensor(struct matcher *m, const char *p, uint32_t tensor)
{
	uint32_t *name = NULL;

	if (is_name(p[0]) && (p[1] == ':' || p[1] == ',' || p[1] == ')')) {
		name = &m->match->names[*p - 'a'];
		if (*name != NNV_NONE)
			return *name == tensor;
		if (p[1] == ':') {
			uint32_t v = m->idioms->graph->tensors[tensor].producer;

			if (v == NNV_NONE || !match_node(m, p + 2, v))
				return false;
		}
		*name = tensor;
		return true;
	}
	tensor = m->idioms->graph->tensors[tensor].producer;
	return tensor != NNV_NONE && match_node(m, p, tensor);
}

bool
nnv_term_matches(const struct nnv_idioms *idioms, const char *term,
    uint32_t node, struct nnv_match *match)
{
	struct matcher m = { idioms, match, idioms->graph->nodes[node].module };

	match->n = 0;
	for (int i = 0; i < NNV_MATCH_NAMES; i++)
		match->names[i] = NNV_NONE;
	return match_node(&m, term, node);
}
