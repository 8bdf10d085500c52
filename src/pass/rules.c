/*
 * Rules: idioms that a person writes down.
 *
 *	rule = "fold" TYPE {">" TYPE} "as" NAME
 *
 * A TYPE is that of a layer or op, a glob as of "type:". A chain matches where
 * each gives all that it makes to the next one and to nobody else; what comes
 * in beside the chain may come from anywhere. So nothing leads out of the
 * middle, and merging closes no cycle. Rules apply in their order, and what one
 * has taken the next ones leave alone. Where the links of a chain lie in
 * several modules, the new node lies in the one around them all. A rule that
 * finds nothing is warned about, with types that are near.
 */
#include "nnviz/pass.h"

#include <assert.h>

#include "idiom.h"
#include "pattern.h"

enum { MAX_LINKS = 16 };

struct rule {
	struct nnv_str types[MAX_LINKS];
	uint32_t ntypes;
	struct nnv_str name;
};

struct line {
	struct nnv_str rest;
	unsigned number;
	const char *source;
	struct nnv_diag *diag;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of the line; nothing at its end or at a comment. */
static struct nnv_str
next_word(struct line *line)
{
	struct nnv_str *s = &line->rest, word;

	while (s->n > 0 && is_blank(*s->p)) {
		s->p++;
		s->n--;
	}
	word = *s;
	if (word.n > 0 && *word.p == '#')
		s->n = 0;
	for (word.n = 0; word.n < s->n && !is_blank(word.p[word.n]);)
		word.n++;
	s->p += word.n;
	s->n -= word.n;
	return word;
}

static bool
fail_rule(const struct line *line, const char *expected, struct nnv_str found)
{
	if (found.n == 0)
		return nnv_fail(line->diag, NNV_E_USAGE,
		    "%s:%u: expected %s at the end of the line", line->source,
		    line->number, expected);
	return nnv_fail(line->diag, NNV_E_USAGE,
	    "%s:%u: expected %s, found \"%.*s\"", line->source, line->number,
	    expected, found.n < 80 ? (int)found.n : 80, found.p);
}

/* TYPE > TYPE ... as NAME */
static bool
read_chain(struct line *line, struct rule *rule)
{
	struct nnv_str word;

	do {
		if (rule->ntypes == MAX_LINKS)
			return nnv_fail(line->diag, NNV_E_USAGE,
			    "%s:%u: a chain of more than %d", line->source,
			    line->number, MAX_LINKS);
		word = next_word(line);
		if (word.n == 0)
			return fail_rule(line, "a type", word);
		rule->types[rule->ntypes++] = word;
		word = next_word(line);
	} while (nnv_str_eq(word, NNV_STR(">")));
	if (!nnv_str_eq(word, NNV_STR("as")))
		return fail_rule(line, "\">\" or \"as\"", word);
	rule->name = next_word(line);
	if (rule->name.n == 0)
		return fail_rule(line, "a name", rule->name);
	word = next_word(line);
	return word.n == 0 || fail_rule(line, "nothing more", word);
}

/* Read a line; RULE has no types if there is none in it. */
static bool
read_rule(struct line *line, struct rule *rule)
{
	struct nnv_str word = next_word(line);

	rule->ntypes = 0;
	if (word.n == 0)
		return true;
	if (!nnv_str_eq(word, NNV_STR("fold")))
		return fail_rule(line, "\"fold\"", word);
	return read_chain(line, rule);
}

/* The node to which V gives all, or NNV_NONE. */
static uint32_t
only_user(const struct nnv_idioms *idioms, uint32_t v)
{
	uint32_t i = idioms->links.out_start[v], user = NNV_NONE;

	for (; i < idioms->links.out_start[v + 1]; i++) {
		uint32_t to = idioms->graph->edges[idioms->links.out[i]].dst;

		if (user != NNV_NONE && user != to)
			return NNV_NONE;
		user = to;
	}
	return user;
}

/* The last of a match comes first. */
static bool
match_chain(const struct nnv_idioms *idioms, const struct rule *rule,
    uint32_t v, struct nnv_match *match)
{
	const struct nnv_graph *graph = idioms->graph;

	match->n = rule->ntypes;
	for (uint32_t i = 0; i < rule->ntypes; i++) {
		if (v == NNV_NONE || !nnv_idioms_is_free(idioms, v) ||
		    !nnv_pattern_is_op(rule->types[i], graph, &graph->nodes[v]))
			return false;
		match->nodes[rule->ntypes - 1 - i] = v;
		v = only_user(idioms, v);
	}
	return true;
}

static void
fold_chain(struct nnv_idioms *idioms, const struct rule *rule,
    const struct nnv_match *match)
{
	struct nnv_node *face;

	assert(match->n > 0);
	face = &idioms->q.faces[match->nodes[0]];
	face->nmembers = 0;
	for (uint32_t i = 0; i < match->n; i++) {
		const struct nnv_node *node = &idioms->graph
						   ->nodes[match->nodes[i]];

		face->module = nnv_module_common(idioms->graph, face->module,
		    node->module);
		face->nmembers += node->nmembers;
	}
	face->kind = NNV_NODE_GROUP;
	face->self = NNV_NONE;
	face->call = face->ncalls = 0;
	face->nargs = face->nhypers = 0;
	nnv_idioms_take(idioms, match->nodes, match->n, rule->name);
}

static void
apply_rule(struct nnv_idioms *idioms, const struct rule *rule)
{
	struct nnv_match match;

	for (uint32_t v = 0; v < idioms->graph->nnodes && !idioms->failed; v++)
		if (match_chain(idioms, rule, v, &match))
			fold_chain(idioms, rule, &match);
}

static bool
has_type(const struct nnv_graph *graph, struct nnv_str type)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (nnv_pattern_is_op(type, graph, &graph->nodes[v]))
			return true;
	return false;
}

/* Say why a rule found nothing: the first type that does not occur, or that
 * there is no such chain of them. */
static bool
warn_rule(const struct nnv_graph *graph, const struct rule *rule,
    const struct line *line)
{
	struct nnv_text near = NNV_TEXT_EMPTY;
	struct nnv_str type;
	uint32_t i = 0;
	bool ok = true;

	while (i < rule->ntypes && has_type(graph, rule->types[i]))
		i++;
	if (i == rule->ntypes) {
		nnv_warn_each(line->diag, "rule",
		    "%s:%u: no such chain is left: each must give all that it "
		    "makes to the next",
		    line->source, line->number);
		return true;
	}
	type = rule->types[i];
	ok = nnv_pattern_nearest_type(graph, type, false, &near);
	if (ok)
		nnv_warn_each(line->diag, "rule",
		    "%s:%u: nothing is of type \"%.*s\"%s", line->source,
		    line->number, type.n < 80 ? (int)type.n : 80, type.p,
		    near.p);
	nnv_text_release(&near);
	return ok || nnv_fail_memory(line->diag);
}

static bool
apply_rules(struct nnv_idioms *idioms, struct nnv_str rules, const char *source,
    struct nnv_diag *diag)
{
	struct line line = { .source = source, .diag = diag };
	struct rule rule;
	uint32_t found;

	while (rules.n > 0) {
		line.rest = nnv_str_take(&rules, '\n');
		line.number++;
		if (!nnv_utf8_valid(line.rest))
			return nnv_fail(diag, NNV_E_USAGE, "%s:%u: not UTF-8",
			    source, line.number);
		if (!read_rule(&line, &rule))
			return false;
		found = idioms->found;
		if (rule.ntypes > 0)
			apply_rule(idioms, &rule);
		if (rule.ntypes > 0 && idioms->found == found &&
		    !idioms->failed && !warn_rule(idioms->graph, &rule, &line))
			return false;
	}
	return true;
}

struct nnv_graph *
nnv_pass_rules(const struct nnv_graph *graph, struct nnv_str rules,
    const char *source, struct nnv_diag *diag)
{
	struct nnv_graph *to = NULL;
	struct nnv_idioms idioms;

	if (!nnv_idioms_init(&idioms, graph))
		nnv_fail_memory(diag);
	else if (apply_rules(&idioms, rules, source, diag))
		to = nnv_idioms_make(&idioms, diag);
	nnv_idioms_release(&idioms);
	return to;
}
