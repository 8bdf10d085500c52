/*
 * Select: one part of a model, drawn as if it were the whole.
 *
 * The path is that of modules (all calls of one share it) or of nodes. What
 * lies at or below stays; it becomes the model, and paths count from it. What
 * crosses its border becomes an Input or an Output, one for each tensor, named
 * after the other end: "from layer1", "to layer2.1". That is the outermost
 * module that holds nothing of the selection, so that the border of a block
 * speaks of the blocks beside it and not of ops inside them. An input or output
 * of the whole model stays the node that it is.
 *
 * A pattern may mean several parts; those stay in the modules that they are in,
 * as no one of them can be the model.
 *
 * Where phases stand as top-level modules, a path that is not found from the
 * top is looked for below each of them: "layer2" is also "backward.layer2".
 */
#include "nnviz/pass.h"

#include "nnviz/table.h"
#include "nnviz/unique.h"

#include "paths.h"
#include "pattern.h"
#include "select.h"

struct selection {
	const struct nnv_graph *from;
	struct nnv_graph *to;
	struct nnv_paths paths;
	uint32_t *roots;     /* module -> the selected one that holds it */
	uint32_t *modules;   /* module of FROM -> module of TO */
	uint32_t *nodes;     /* node of FROM -> node of TO */
	uint32_t *tensors;   /* tensor of FROM -> tensor of TO */
	uint32_t *outputs;   /* tensor of FROM -> its Output in TO */
	const bool *common;  /* tensors of FROM that have a name where they
				come in; NULL: all, and where they go out */
	bool *selected;      /* nodes of FROM */
	bool *holds;         /* modules of FROM that hold some of them */
	uint32_t *use_start; /* edges by tensor, as struct nnv_links has */
	uint32_t *uses;      /* them by node */
	unsigned phases;     /* a bit for each that is selected */
	struct nnv_unique keys;
};

/* Mark what lies at or below the path; whether there is anything. */
static bool
mark(struct selection *s)
{
	const struct nnv_graph *graph = s->from;
	bool found = false;

	for (uint32_t m = 0; m < graph->nmodules; m++) {
		uint32_t parent = graph->modules[m].parent;

		s->roots[m] = parent != NNV_NONE ? s->roots[parent] : NNV_NONE;
		if (s->roots[m] == NNV_NONE &&
		    nnv_paths_is_module(&s->paths, m))
			s->roots[m] = m;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		s->selected[v] = nnv_paths_inside(node) &&
		    (s->roots[node->module] != NNV_NONE ||
			nnv_paths_is_node(&s->paths, node));
		found |= s->selected[v];
	}
	return found;
}

static bool
fail_unknown(struct selection *s, struct nnv_str path, struct nnv_diag *diag)
{
	struct nnv_text near = NNV_TEXT_EMPTY;
	struct nnv_pattern pattern;

	if (nnv_pattern_init(&pattern, s->from, path, diag) &&
	    nnv_pattern_nearest(&pattern, &near))
		nnv_fail(diag, NNV_E_USAGE, "no layer \"%.*s\"%s",
		    path.n < 80 ? (int)path.n : 80, path.n > 0 ? path.p : "",
		    near.p);
	else
		nnv_fail_memory(diag);
	nnv_pattern_release(&pattern);
	nnv_text_release(&near);
	return false;
}

/* Select the nodes that a pattern means, or that lie in what it means. */
static bool
find_pattern(struct selection *s, struct nnv_str text, bool *found,
    struct nnv_diag *diag)
{
	struct nnv_pattern pattern;
	bool ok = nnv_pattern_init(&pattern, s->from, text, diag);

	for (uint32_t m = 0; ok && m < s->from->nmodules; m++)
		s->roots[m] = 0;
	ok = ok &&
	    (nnv_pattern_mark(&pattern, s->selected) || nnv_fail_memory(diag));
	*found = false;
	for (uint32_t v = 0; ok && v < s->from->nnodes; v++) {
		s->selected[v] &= nnv_paths_inside(&s->from->nodes[v]);
		*found |= s->selected[v];
	}
	nnv_pattern_release(&pattern);
	return ok;
}

static bool
find(struct selection *s, struct nnv_str path, struct nnv_diag *diag)
{
	bool found = false;

	if (!nnv_paths_init(&s->paths, s->from, path, false))
		return nnv_fail_memory(diag);
	if (mark(s))
		return true;
	nnv_paths_release(&s->paths);
	if (!nnv_paths_init(&s->paths, s->from, path, true))
		return nnv_fail_memory(diag);
	if (mark(s))
		return true;
	return find_pattern(s, path, &found, diag) &&
	    (found || fail_unknown(s, path, diag));
}

/* The first node that is selected by itself: it describes the new model where
 * no module does. */
static const struct nnv_node *
first_selected(const struct selection *s)
{
	uint32_t v = 0;

	while (v < s->from->nnodes - 1 && !s->selected[v])
		v++;
	return &s->from->nodes[v];
}

/* The model is what was selected: a module, or the node that stands for one or
 * for itself. It is not a call of anything. */
static struct nnv_module
new_model(const struct selection *s)
{
	const struct nnv_node *node = first_selected(s);
	uint32_t root = s->roots[node->module];
	struct nnv_module model = { .name = node->leaf,
		.type = node->op,
		.phase = node->phase,
		.site = node->site };

	if (root == NNV_NONE && node->self != NNV_NONE)
		root = s->roots[node->self];
	if (root != NNV_NONE)
		model = s->from->modules[root];
	model.parent = NNV_NONE;
	model.is_phase = false;
	model.call = model.ncalls = 0;
	return model;
}

/* All calls of the selected module are the new model together. */
static bool
make_modules(struct selection *s)
{
	struct nnv_module module = new_model(s);

	if (nnv_graph_add_module(s->to, &module) == NNV_NONE)
		return false;
	for (uint32_t m = 0; m < s->from->nmodules; m++) {
		uint32_t root = s->roots[m];

		s->modules[m] = 0;
		if (root == NNV_NONE || root == m)
			continue;
		module = s->from->modules[m];
		module.parent = s->modules[module.parent];
		s->modules[m] = nnv_graph_add_module(s->to, &module);
		if (s->modules[m] == NNV_NONE)
			return false;
	}
	return true;
}

/* A name without the path of the selection in front. */
static nnv_name
relative_name(struct selection *s, nnv_name name)
{
	struct nnv_str text = nnv_graph_text(s->from, name);
	struct nnv_str path = s->paths.text;

	if (!nnv_str_starts(text, path) || text.n <= path.n + 1 ||
	    text.p[path.n] != '.')
		return name;
	return nnv_graph_name(s->to,
	    (struct nnv_str){ text.p + path.n + 1, text.n - path.n - 1 });
}

static uint32_t
add_copy(struct selection *s, uint32_t v)
{
	struct nnv_node node = s->from->nodes[v];

	node.name = relative_name(s, node.name);
	node.module = s->selected[v] ? s->modules[node.module] : 0;
	if (node.self != NNV_NONE)
		node.self = s->roots[node.self] != NNV_NONE
		    ? s->modules[node.self]
		    : NNV_NONE;
	return nnv_graph_add_node(s->to, &node);
}

static void
find_holders(struct selection *s)
{
	const struct nnv_graph *graph = s->from;

	for (uint32_t v = 0; v < graph->nnodes; v++) {
		uint32_t m = graph->nodes[v].module;

		if (!s->selected[v])
			continue;
		for (; m != NNV_NONE && !s->holds[m];
		     m = graph->modules[m].parent)
			s->holds[m] = true;
	}
}

/* Put the path of node OUTER into OUT, as far as it leads away from what is
 * selected. */
static bool
put_away(const struct selection *s, const struct nnv_node *outer,
    struct nnv_text *out)
{
	const struct nnv_graph *graph = s->from;
	uint32_t m = outer->module, above;

	nnv_text_clear(out);
	nnv_text_adds(out, "");
	if (s->holds[m]) {
		nnv_node_path(graph, outer, out);
		return !nnv_text_failed(out);
	}
	while ((above = graph->modules[m].parent) != NNV_NONE &&
	    !s->holds[above])
		m = above;
	nnv_module_path(graph, m, out);
	return !nnv_text_failed(out);
}

/* A node at the border, for one tensor that node FROM gives; it may have no
 * label. It is of the phase that FROM is of, if anything inside is: a gradient
 * that comes in belongs to the backward pass. */
static uint32_t
add_border(struct selection *s, enum nnv_node_kind kind, uint32_t from,
    struct nnv_str label)
{
	enum nnv_phase phase = s->from->nodes[from].phase;
	struct nnv_node node = nnv_node_blank(kind);

	node.key = nnv_unique_take(&s->keys,
	    label.n > 0 ? label : NNV_STR("border"));
	if (label.n > 0)
		node.leaf = nnv_graph_name(s->to, label);
	node.phase = (s->phases >> phase & 1) != 0 ? phase
						   : s->to->modules[0].phase;
	if (node.key == NNV_NO_NAME || s->to->failed)
		return NNV_NONE;
	return nnv_graph_add_node(s->to, &node);
}

/* Whether tensor T has a name where it comes in, and any where it goes out. */
static bool
is_named(const struct selection *s, uint32_t t)
{
	return s->common == NULL || s->common[t];
}

static bool
names_outputs(const struct selection *s)
{
	return s->common == NULL;
}

/* The Input for a tensor that SRC gives. */
static uint32_t
add_input(struct selection *s, uint32_t src, bool named)
{
	struct nnv_text away = NNV_TEXT_EMPTY, label = NNV_TEXT_EMPTY;
	uint32_t node = NNV_NONE;

	if (!named)
		return add_border(s, NNV_NODE_INPUT, src, NNV_STR(""));
	if (put_away(s, &s->from->nodes[src], &away)) {
		nnv_text_adds(&label, "from ");
		nnv_text_add(&label, nnv_text_str(&away));
		if (!nnv_text_failed(&label))
			node = add_border(s, NNV_NODE_INPUT, src,
			    nnv_text_str(&label));
	}
	nnv_text_release(&away);
	nnv_text_release(&label);
	return node;
}

/* Whether an edge comes in, and whether one goes out. */
static bool
enters(const struct selection *s, const struct nnv_edge *edge)
{
	return !s->selected[edge->src] && s->selected[edge->dst];
}

static bool
leaves(const struct selection *s, const struct nnv_edge *edge)
{
	return s->selected[edge->src] && !s->selected[edge->dst];
}

/* Keys that stay are taken before any border node looks for one. */
static bool
reserve_keys(struct selection *s)
{
	for (uint32_t v = 0; v < s->from->nnodes; v++)
		if ((s->selected[v] || !nnv_paths_inside(&s->from->nodes[v])) &&
		    nnv_unique_take(&s->keys,
			nnv_graph_text(s->from, s->from->nodes[v].key)) ==
			NNV_NO_NAME)
			return false;
	return true;
}

static bool
copy_tensor(struct selection *s, uint32_t t, uint32_t producer)
{
	struct nnv_tensor tensor = s->from->tensors[t];

	tensor.producer = producer;
	s->tensors[t] = nnv_graph_add_tensor(s->to, &tensor);
	return s->tensors[t] != NNV_NONE;
}

/* What comes in, in the order of its first use. */
static bool
make_inputs(struct selection *s)
{
	for (uint32_t e = 0; e < s->from->nedges; e++) {
		const struct nnv_edge *edge = &s->from->edges[e];
		uint32_t node = s->nodes[edge->src];

		if (!enters(s, edge) || s->tensors[edge->tensor] != NNV_NONE)
			continue;
		if (nnv_paths_inside(&s->from->nodes[edge->src]) ||
		    !is_named(s, edge->tensor))
			node = add_input(s, edge->src,
			    is_named(s, edge->tensor));
		else if (node == NNV_NONE)
			s->nodes[edge->src] = node = add_copy(s, edge->src);
		if (node == NNV_NONE || !copy_tensor(s, edge->tensor, node))
			return false;
	}
	return true;
}

static bool
make_inside(struct selection *s)
{
	const struct nnv_graph *from = s->from;

	for (uint32_t v = 0; v < from->nnodes; v++)
		if (s->selected[v]) {
			s->nodes[v] = add_copy(s, v);
			if (s->nodes[v] == NNV_NONE)
				return false;
		}
	for (uint32_t t = 0; t < from->ntensors; t++) {
		uint32_t p = from->tensors[t].producer;

		if (p != NNV_NONE && s->selected[p] &&
		    !copy_tensor(s, t, s->nodes[p]))
			return false;
	}
	return true;
}

/* The names of the places that tensors go to, while they are counted. */
struct goal {
	struct nnv_text label; /* of the first */
	uint32_t more;         /* others beside it */
};

/* Count the places that tensor T goes to outside. */
static bool
count_goals(struct selection *s, uint32_t t, struct goal *goal)
{
	const struct nnv_graph *from = s->from;
	struct nnv_text away = NNV_TEXT_EMPTY;
	struct nnv_names seen;
	bool ok = true;

	nnv_names_init(&seen);
	for (uint32_t i = s->use_start[t]; ok && i < s->use_start[t + 1]; i++) {
		const struct nnv_edge *edge = &from->edges[s->uses[i]];
		const struct nnv_node *dst = &from->nodes[edge->dst];

		if (!leaves(s, edge) || !nnv_paths_inside(dst))
			continue;
		ok = put_away(s, dst, &away) &&
		    nnv_names_add(&seen, nnv_text_str(&away)) != NNV_NO_NAME;
		if (ok && seen.ntexts == 2 && goal->label.n == 0)
			nnv_text_add(&goal->label, nnv_text_str(&away));
	}
	goal->more = seen.ntexts > 2 ? (uint32_t)(seen.ntexts - 2) : 0;
	nnv_names_release(&seen);
	nnv_text_release(&away);
	return ok;
}

/* The Output for tensor T. */
static uint32_t
add_output(struct selection *s, uint32_t t)
{
	struct goal goal = { NNV_TEXT_EMPTY, 0 };
	struct nnv_text label = NNV_TEXT_EMPTY;
	uint32_t node = NNV_NONE;

	if (!names_outputs(s))
		return add_border(s, NNV_NODE_OUTPUT,
		    s->from->tensors[t].producer, NNV_STR(""));
	if (count_goals(s, t, &goal)) {
		nnv_text_adds(&label, "to ");
		nnv_text_add(&label, nnv_text_str(&goal.label));
		if (goal.more > 0)
			nnv_text_addf(&label, " and %lu more",
			    (unsigned long)goal.more);
		if (!nnv_text_failed(&label))
			node = add_border(s, NNV_NODE_OUTPUT,
			    s->from->tensors[t].producer, nnv_text_str(&label));
	}
	nnv_text_release(&goal.label);
	nnv_text_release(&label);
	return node;
}

/* The node that an edge which leaves leads to, and whether the edge is the
 * first that does. */
static uint32_t
output_of(struct selection *s, const struct nnv_edge *edge, bool *first)
{
	bool own = names_outputs(s) &&
	    !nnv_paths_inside(&s->from->nodes[edge->dst]);
	uint32_t *node = own ? &s->nodes[edge->dst] : &s->outputs[edge->tensor];

	*first = own || *node == NNV_NONE;
	if (*node == NNV_NONE)
		*node = own ? add_copy(s, edge->dst)
			    : add_output(s, edge->tensor);
	return *node;
}

static bool
make_edges(struct selection *s)
{
	for (uint32_t e = 0; e < s->from->nedges; e++) {
		struct nnv_edge edge = s->from->edges[e];
		bool out = leaves(s, &edge), wanted = s->selected[edge.dst];

		edge.dst = out ? output_of(s, &edge, &wanted)
			       : s->nodes[edge.dst];
		if (!wanted)
			continue;
		if (out &&
		    (!names_outputs(s) ||
			nnv_paths_inside(&s->from
					      ->nodes[s->from->edges[e].dst])))
			edge.operand = 0;
		edge.tensor = s->tensors[edge.tensor];
		edge.src = s->to->tensors[edge.tensor].producer;
		if (edge.dst == NNV_NONE ||
		    nnv_graph_add_edge(s->to, &edge) == NNV_NONE)
			return false;
	}
	return true;
}

static void
link_gradients(struct selection *s)
{
	for (uint32_t v = 0; v < s->to->nnodes; v++) {
		uint32_t *of = &s->to->nodes[v].grad_of;

		if (*of != NNV_NONE)
			*of = s->nodes[*of];
	}
}

static uint32_t *
new_map(size_t n)
{
	uint32_t *map = nnv_heap_alloc(n + 1, sizeof(*map));

	for (size_t i = 0; map != NULL && i < n; i++)
		map[i] = NNV_NONE;
	return map;
}

/* Sort the edges by tensor, keeping their order. */
static void
list_uses(struct selection *s)
{
	const struct nnv_graph *from = s->from;
	uint32_t *start = s->use_start;

	/* Counts stand two ahead, so that filling moves them one back. */
	for (uint32_t e = 0; e < from->nedges; e++)
		start[from->edges[e].tensor + 2]++;
	for (uint32_t t = 0; t < from->ntensors; t++)
		start[t + 2] += start[t + 1];
	for (uint32_t e = 0; e < from->nedges; e++)
		s->uses[start[from->edges[e].tensor + 1]++] = e;
}

static bool
prepare(struct selection *s)
{
	const struct nnv_graph *from = s->from;

	s->to = nnv_graph_like(from);
	s->roots = new_map(from->nmodules);
	s->modules = new_map(from->nmodules);
	s->nodes = new_map(from->nnodes);
	s->tensors = new_map(from->ntensors);
	s->outputs = new_map(from->ntensors);
	s->selected = nnv_heap_alloc(from->nnodes + (size_t)1,
	    sizeof(*s->selected));
	s->holds = nnv_heap_alloc(from->nmodules + (size_t)1,
	    sizeof(*s->holds));
	s->use_start = nnv_heap_alloc(from->ntensors + (size_t)2,
	    sizeof(*s->use_start));
	s->uses = new_map(from->nedges);
	if (s->to == NULL || s->roots == NULL || s->modules == NULL ||
	    s->nodes == NULL || s->tensors == NULL || s->outputs == NULL ||
	    s->selected == NULL || s->holds == NULL || s->use_start == NULL ||
	    s->uses == NULL)
		return false;
	list_uses(s);
	/* The counts of what is hidden were those of the whole. */
	memset(s->to->hidden, 0, sizeof(s->to->hidden));
	s->to->unseen = nnv_unseen_none();
	s->to->nmodules = 0;
	return true;
}

static bool
build(struct selection *s)
{
	find_holders(s);
	for (uint32_t v = 0; v < s->from->nnodes; v++)
		if (s->selected[v])
			s->phases |= 1u << s->from->nodes[v].phase;
	if (!make_modules(s) || !reserve_keys(s) || !make_inputs(s) ||
	    !make_inside(s) || !make_edges(s))
		return false;
	link_gradients(s);
	return nnv_graph_find_unseen(s->to) && !s->to->failed;
}

static struct nnv_graph *
finish(struct selection *s, bool done)
{
	nnv_paths_release(&s->paths);
	nnv_unique_release(&s->keys);
	nnv_heap_free(s->roots);
	nnv_heap_free(s->modules);
	nnv_heap_free(s->nodes);
	nnv_heap_free(s->tensors);
	nnv_heap_free(s->outputs);
	nnv_heap_free(s->selected);
	nnv_heap_free(s->holds);
	nnv_heap_free(s->use_start);
	nnv_heap_free(s->uses);
	if (done)
		return s->to;
	nnv_graph_free(s->to);
	return NULL;
}

struct nnv_graph *
nnv_keep_nodes(const struct nnv_graph *graph, const bool *kept,
    struct nnv_diag *diag)
{
	struct selection s = { .from = graph };
	bool done;

	nnv_unique_init(&s.keys, graph->names);
	done = prepare(&s);
	for (uint32_t m = 0; done && m < graph->nmodules; m++)
		s.roots[m] = 0;
	for (uint32_t v = 0; done && v < graph->nnodes; v++)
		s.selected[v] = kept[v] && nnv_paths_inside(&graph->nodes[v]);
	done = (done && build(&s)) || nnv_fail_memory(diag);
	return finish(&s, done);
}

struct nnv_graph *
nnv_pass_select(const struct nnv_graph *graph, struct nnv_str path,
    struct nnv_diag *diag)
{
	return nnv_pass_example(graph, path, NULL, diag);
}

struct nnv_graph *
nnv_pass_example(const struct nnv_graph *graph, struct nnv_str path,
    const bool *common, struct nnv_diag *diag)
{
	struct selection s = { .from = graph, .common = common };
	bool done = false;

	nnv_unique_init(&s.keys, graph->names);
	if (!prepare(&s))
		nnv_fail_memory(diag);
	else if (find(&s, path, diag)) {
		if (graph->whole == NNV_NO_NAME)
			s.to->whole = graph->title;
		s.to->title = nnv_graph_name(s.to, path);
		done = build(&s) || nnv_fail_memory(diag);
	}
	return finish(&s, done);
}
