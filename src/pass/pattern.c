/*
 * The language in which a person points at parts of a model:
 *
 *	layer1.0.conv1	a dotted path, as drawn
 *	layer1.*	globs: * within one component, ** any number of them
 *			(but at the end at least one), ? one character, [abc]
 *			[a-z] [!a] one of a set, [0-11] a number from 0 to 11
 *	type:Batch*	whatever is a BatchNorm: modules by their class, nodes
 *			by their op, with or without what stands before its
 *			last dot
 *
 * A text that is the path of something means that and nothing else, whatever
 * characters it holds. Otherwise a glob is matched against all modules at once:
 * every module carries the set of positions in the pattern that its path can
 * have led to, which follows from its parent's set and its own name. So the
 * cost is modules times components, however deep they nest. A name that holds
 * dots counts as several components.
 *
 * Of two patterns that mean the same thing but ask for different things the
 * more specific wins, that is the heavier: a path, a longer one before a
 * shorter one; then a glob with letters; a type; a glob without letters, as
 * "**". Of two of one kind it is the one with more letters, characters that
 * stand for themselves, dots apart; then with more sets; then with more "?";
 * then with more components that are not "**".
 */
#include "pattern.h"

#include "nnviz/names.h"

#include "paths.h"

enum { MAX_PARTS = 63 };

/* The kind of a pattern weighs more than all that is counted in it. */
enum kind { ANY_GLOB = 1, TYPE, GLOB, PATH };

/* Bits of a weight: the kind, letters, sets, "?" and components. */
enum { ONES_AT = 8, SETS_AT = 16, LETTERS_AT = 24, KIND_AT = 60, MOST = 255 };

/* Positions in a glob: bit i says that the parts before i are used up. */
typedef uint64_t positions;

struct glob {
	struct nnv_str parts[MAX_PARTS];
	unsigned nparts;
};

static const struct nnv_str type_prefix = NNV_STR_INIT("type:");

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The number at S, and how long it is; 0: none, or too large to be one. */
static size_t
read_number(struct nnv_str s, uint32_t *value)
{
	uint64_t number = 0;
	size_t n = 0;

	while (n < s.n && is_digit(s.p[n]) && number < UINT32_MAX)
		number = number * 10 + (uint64_t)(s.p[n++] - '0');
	*value = (uint32_t)number;
	return number < UINT32_MAX ? n : 0;
}

/* Whether SET is "0-11". */
static bool
is_range(struct nnv_str set, uint32_t *low, uint32_t *high)
{
	size_t n = read_number(set, low);

	if (n == 0 || n >= set.n || set.p[n] != '-')
		return false;
	set = nnv_str_from(set, n + 1);
	return set.n > 0 && read_number(set, high) == set.n;
}

static struct nnv_str
first_character(struct nnv_str s)
{
	size_t n = s.n > 0 ? nnv_utf8_len(s.p, s.p + s.n) : 0;

	return (struct nnv_str){ s.p, n > 0 ? n : s.n > 0 };
}

/* Whether C is in a set: "abc", "a-z", "!a". Order of bytes is order of code
 * points in UTF-8. */
static bool
in_set(struct nnv_str set, struct nnv_str c)
{
	bool negated = set.n > 0 && *set.p == '!', found = false;

	if (negated)
		set = nnv_str_from(set, 1);
	while (set.n > 0) {
		struct nnv_str low = first_character(set), high = low;

		set = nnv_str_from(set, low.n);
		if (set.n > 1 && *set.p == '-') {
			high = first_character(nnv_str_from(set, 1));
			set = nnv_str_from(set, 1 + high.n);
		}
		found |= nnv_str_cmp(c, low) >= 0 && nnv_str_cmp(c, high) <= 0;
	}
	return found != negated;
}

/* How many bytes at NAME + AT a bracket takes; 0: it does not match. A number
 * is taken whole, never its tail. */
static size_t
take_bracket(struct nnv_str set, struct nnv_str name, size_t at)
{
	struct nnv_str rest = nnv_str_from(name, at), c = first_character(rest);
	uint32_t low, high, number;
	size_t n;

	if (!is_range(set, &low, &high))
		return rest.n > 0 && in_set(set, c) ? c.n : 0;
	n = read_number(rest, &number);
	if (n == 0 || (at > 0 && is_digit(name.p[at - 1])))
		return 0;
	return number >= low && number <= high ? n : 0;
}

/* Let the item at GLOB + *G take what it can of NAME at *N. */
static bool
take(struct nnv_str glob, size_t *g, struct nnv_str name, size_t *n)
{
	const char *close = NULL;
	size_t taken;

	if (*g == glob.n)
		return false;
	if (glob.p[*g] == '[')
		close = memchr(glob.p + *g, ']', glob.n - *g);
	if (close != NULL) {
		struct nnv_str set = nnv_str_from(glob, *g + 1);

		set.n = (size_t)(close - set.p);
		taken = take_bracket(set, name, *n);
		*g += taken > 0 ? set.n + 2 : 0;
	} else if (glob.p[*g] == '?') {
		taken = first_character(nnv_str_from(name, *n)).n;
		*g += taken > 0;
	} else {
		taken = *n < name.n && glob.p[*g] == name.p[*n];
		*g += taken;
	}
	*n += taken;
	return taken > 0;
}

/* Whether NAME is what GLOB says. On failure only the last star may take one
 * character more: what an earlier one took is as good as anything else. */
static bool
matches(struct nnv_str glob, struct nnv_str name)
{
	size_t g = 0, n = 0, star = SIZE_MAX, since = 0;

	while (g < glob.n || n < name.n) {
		if (g < glob.n && glob.p[g] == '*') {
			star = ++g;
			since = n;
		} else if (!take(glob, &g, name, &n)) {
			if (star == SIZE_MAX || since >= name.n)
				return false;
			g = star;
			n = ++since;
		}
	}
	return true;
}

static bool
is_deep(struct nnv_str part)
{
	return nnv_str_eq(part, NNV_STR("**"));
}

/* Split S at its next dot: the part before it; *S: the rest, or absent. */
static struct nnv_str
next_part(struct nnv_str *s)
{
	const char *dot = s->n > 0 ? memchr(s->p, '.', s->n) : NULL;
	struct nnv_str part = *s;

	if (dot == NULL) {
		*s = (struct nnv_str){ NULL, 0 };
		return part;
	}
	part.n = (size_t)(dot - s->p);
	*s = nnv_str_from(*s, part.n + 1);
	return part;
}

static bool
split(struct glob *glob, struct nnv_str text, struct nnv_diag *diag)
{
	glob->nparts = 0;
	while (text.p != NULL) {
		if (glob->nparts == MAX_PARTS)
			return nnv_fail(diag, NNV_E_USAGE,
			    "a pattern of more "
			    "than %d components",
			    MAX_PARTS);
		glob->parts[glob->nparts++] = next_part(&text);
	}
	return true;
}

/* A ** may stand for nothing, but not at the end. */
static positions
skip_deep(const struct glob *glob, positions at)
{
	for (unsigned i = 0; i + 1 < glob->nparts; i++)
		if ((at >> i & 1) != 0 && is_deep(glob->parts[i]))
			at |= (positions)1 << (i + 1);
	return at;
}

static positions
step_part(const struct glob *glob, positions at, struct nnv_str name)
{
	positions next = 0;

	for (unsigned i = 0; i < glob->nparts; i++) {
		if ((at >> i & 1) == 0)
			continue;
		if (is_deep(glob->parts[i]))
			next |= (positions)3 << i;
		else if (matches(glob->parts[i], name))
			next |= (positions)1 << (i + 1);
	}
	return skip_deep(glob, next);
}

static positions
step(const struct glob *glob, positions at, struct nnv_str name)
{
	do {
		at = step_part(glob, at, next_part(&name));
	} while (name.p != NULL);
	return at;
}

static bool
is_whole(const struct glob *glob, positions at)
{
	return (at >> glob->nparts & 1) != 0;
}

static bool
is_top(const struct nnv_graph *graph, uint32_t module, bool within_phases)
{
	return within_phases ? graph->modules[module].is_phase : module == 0;
}

static void
match_modules(struct nnv_pattern *p, const struct glob *glob, positions *at,
    bool within_phases)
{
	const struct nnv_graph *graph = p->graph;

	for (uint32_t m = 0; m < graph->nmodules; m++) {
		const struct nnv_module *module = &graph->modules[m];

		if (is_top(graph, m, within_phases))
			at[m] = skip_deep(glob, 1);
		else if (module->parent != NNV_NONE)
			at[m] = step(glob, at[module->parent],
			    nnv_graph_text(graph, module->name));
		p->modules[m] = is_whole(glob, at[m]);
		p->found |= p->modules[m];
	}
}

static bool
match_glob(struct nnv_pattern *p, const struct glob *glob, bool within_phases)
{
	const struct nnv_graph *graph = p->graph;
	positions *at = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*at));

	if (at == NULL)
		return false;
	match_modules(p, glob, at, within_phases);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		p->nodes[v] = node->leaf != NNV_NO_NAME &&
		    is_whole(glob,
			step(glob, at[node->module],
			    nnv_graph_text(graph, node->leaf)));
		p->found |= p->nodes[v];
	}
	nnv_heap_free(at);
	return true;
}

/* "Conv2d" is also "torch.nn.Conv2d", "add" also "binary.add". */
static bool
is_type(struct nnv_str glob, struct nnv_str type)
{
	size_t dot = type.n;

	if (type.n == 0)
		return false;
	while (dot > 0 && type.p[dot - 1] != '.')
		dot--;
	return matches(glob, type) ||
	    (dot < type.n && matches(glob, nnv_str_from(type, dot)));
}

bool
nnv_pattern_is_op(struct nnv_str glob, const struct nnv_graph *graph,
    const struct nnv_node *node)
{
	return is_type(glob, nnv_graph_text(graph, node->op)) ||
	    is_type(glob, nnv_graph_text(graph, node->full_op));
}

/* A bracket at the beginning of GLOB that is closed, whole; else nothing. */
static size_t
length_of_set(struct nnv_str glob)
{
	const char *close = NULL;

	if (glob.n > 0 && *glob.p == '[')
		close = memchr(glob.p, ']', glob.n);
	return close != NULL ? (size_t)(close - glob.p) + 1 : 0;
}

static uint64_t
at_most(uint64_t n)
{
	return n < MOST ? n : MOST;
}

/* What a glob is made of, as a weight without its kind. */
static uint64_t
count(struct nnv_str glob)
{
	uint64_t letters = 0, sets = 0, ones = 0;

	while (glob.n > 0) {
		size_t set = length_of_set(glob);

		if (set > 0)
			sets++;
		else if (*glob.p == '?')
			ones++;
		else if (*glob.p != '*' && *glob.p != '.')
			/* not the bytes that go on with a character */
			letters += ((unsigned char)*glob.p & 0xc0) != 0x80;
		glob = nnv_str_from(glob, set > 0 ? set : 1);
	}
	return letters << LETTERS_AT | at_most(sets) << SETS_AT |
	    at_most(ones) << ONES_AT;
}

static uint64_t
weigh_type(struct nnv_str glob)
{
	return (uint64_t)TYPE << KIND_AT | count(glob);
}

static uint64_t
weigh_glob(struct nnv_str text, const struct glob *glob)
{
	uint64_t weight = count(text);
	enum kind kind = weight >> LETTERS_AT > 0 ? GLOB : ANY_GLOB;

	for (unsigned i = 0; i < glob->nparts; i++)
		weight += !is_deep(glob->parts[i]);
	return (uint64_t)kind << KIND_AT | weight;
}

static void
match_type(struct nnv_pattern *p)
{
	const struct nnv_graph *graph = p->graph;
	struct nnv_str glob = nnv_str_from(p->text, type_prefix.n);

	p->weight = weigh_type(glob);
	for (uint32_t m = 1; m < graph->nmodules; m++) {
		p->modules[m] = is_type(glob,
		    nnv_graph_text(graph, graph->modules[m].type));
		p->found |= p->modules[m];
	}
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		p->nodes[v] = nnv_pattern_is_op(glob, graph, &graph->nodes[v]);
		p->found |= p->nodes[v];
	}
}

static bool
match_path(struct nnv_pattern *p, bool within_phases)
{
	const struct nnv_graph *graph = p->graph;
	struct nnv_paths paths;
	bool ok = nnv_paths_init(&paths, graph, p->text, within_phases);

	p->weight = (uint64_t)PATH << KIND_AT | p->text.n;
	for (uint32_t m = 1; ok && m < graph->nmodules; m++) {
		p->modules[m] = nnv_paths_is_module(&paths, m);
		p->found |= p->modules[m];
	}
	for (uint32_t v = 0; ok && v < graph->nnodes; v++) {
		p->nodes[v] = nnv_paths_is_node(&paths, &graph->nodes[v]);
		p->found |= p->nodes[v];
	}
	nnv_paths_release(&paths);
	return ok;
}

static bool
is_glob(struct nnv_str text)
{
	return memchr(text.p, '*', text.n) != NULL ||
	    memchr(text.p, '?', text.n) != NULL ||
	    memchr(text.p, '[', text.n) != NULL;
}

static bool
try_globs(struct nnv_pattern *p, struct nnv_diag *diag)
{
	struct glob glob;

	if (!split(&glob, p->text, diag))
		return false;
	p->weight = weigh_glob(p->text, &glob);
	if (!match_glob(p, &glob, false) ||
	    (!p->found && !match_glob(p, &glob, true)))
		return nnv_fail_memory(diag);
	return true;
}

bool
nnv_pattern_init(struct nnv_pattern *p, const struct nnv_graph *graph,
    struct nnv_str text, struct nnv_diag *diag)
{
	*p = (struct nnv_pattern){ .graph = graph, .text = text };
	p->modules = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*p->modules));
	p->nodes = nnv_heap_alloc(graph->nnodes + (size_t)1, sizeof(*p->nodes));
	if (p->modules == NULL || p->nodes == NULL || !match_path(p, false) ||
	    (!p->found && !match_path(p, true)))
		return nnv_fail_memory(diag);
	if (!p->found && nnv_str_starts(text, type_prefix))
		match_type(p);
	else if (!p->found && text.n > 0 && is_glob(text))
		return try_globs(p, diag);
	return true;
}

void
nnv_pattern_release(struct nnv_pattern *p)
{
	nnv_heap_free(p->modules);
	nnv_heap_free(p->nodes);
}

/* By module: the node that it is, or has gone into; NNV_NONE: it is open. */
static void
find_holders(const struct nnv_graph *graph, uint32_t *holder)
{
	for (uint32_t m = 0; m < graph->nmodules; m++)
		holder[m] = NNV_NONE;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].self != NNV_NONE)
			holder[graph->nodes[v].self] = v;
	for (uint32_t m = 1; m < graph->nmodules; m++)
		if (holder[m] == NNV_NONE)
			holder[m] = holder[graph->modules[m].parent];
}

bool
nnv_pattern_mark(const struct nnv_pattern *p, bool *nodes)
{
	const struct nnv_graph *graph = p->graph;
	size_t n = graph->nmodules + (size_t)1;
	uint32_t *holder = nnv_heap_alloc(n, sizeof(*holder));
	bool *covered = nnv_heap_alloc(n, sizeof(*covered));
	bool ok = holder != NULL && covered != NULL;

	if (ok)
		find_holders(graph, holder);
	for (uint32_t v = 0; ok && v < graph->nnodes; v++)
		nodes[v] = p->nodes[v];
	for (uint32_t m = 0; ok && m < graph->nmodules; m++) {
		covered[m] = p->modules[m] ||
		    (m > 0 && covered[graph->modules[m].parent]);
		if (p->modules[m] && holder[m] != NNV_NONE)
			nodes[holder[m]] = true;
	}
	for (uint32_t v = 0; ok && v < graph->nnodes; v++)
		nodes[v] |= covered[graph->nodes[v].module];
	nnv_heap_free(holder);
	nnv_heap_free(covered);
	return ok;
}

static void
add_type(const struct nnv_graph *graph, nnv_name type, struct nnv_names *known)
{
	if (type != NNV_NO_NAME)
		nnv_names_add(known, nnv_graph_text(graph, type));
}

bool
nnv_pattern_nearest_type(const struct nnv_graph *graph, struct nnv_str name,
    bool modules, struct nnv_text *out)
{
	struct nnv_names known;
	bool ok;

	nnv_names_init(&known);
	nnv_text_adds(out, "");
	for (uint32_t m = 1; modules && m < graph->nmodules; m++)
		add_type(graph, graph->modules[m].type, &known);
	for (uint32_t v = 0; v < graph->nnodes; v++)
		add_type(graph, graph->nodes[v].op, &known);
	if (known.ntexts > 1)
		nnv_say_nearest(name, modules ? type_prefix.p : "",
		    known.texts + 1, known.ntexts - 1, out);
	ok = !known.failed && !nnv_text_failed(out);
	nnv_names_release(&known);
	return ok;
}

bool
nnv_pattern_nearest(const struct nnv_pattern *p, struct nnv_text *out)
{
	bool ok = nnv_str_starts(p->text, type_prefix)
	    ? nnv_pattern_nearest_type(p->graph,
		  nnv_str_from(p->text, type_prefix.n), true, out)
	    : nnv_paths_nearest(p->graph, p->text, out);

	if (ok && out->n == 0)
		nnv_text_adds(out, ": -T tree lists what there is");
	return ok && !nnv_text_failed(out);
}

bool
nnv_pattern_warn(const struct nnv_pattern *p, const char *option,
    struct nnv_diag *diag)
{
	struct nnv_text near = NNV_TEXT_EMPTY;
	bool ok = nnv_pattern_nearest(p, &near);

	if (ok)
		nnv_warn_each(diag, option, "%s: nothing is called \"%.*s\"%s",
		    option, p->text.n < 80 ? (int)p->text.n : 80,
		    p->text.n > 0 ? p->text.p : "", near.p);
	nnv_text_release(&near);
	return ok || nnv_fail_memory(diag);
}
