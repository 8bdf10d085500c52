/*
 * Collapse: modules become single nodes.
 *
 * A node has a path, which is that of its module and its own name. With depth
 * D >= 1 a node whose path has more than D components goes into the module that
 * its first D name. With a prefix C it goes into the module that C names,
 * provided its path is longer than that. Where several apply the shortest wins:
 * both are ancestors, so the outermost. Hence one walk over the modules,
 * parents first, settles everything: a module is absorbed into what absorbed
 * its parent, or else into itself if it is D deep or named by a prefix.
 *
 * What a person opens shows its inside, and so does all that is around it; what
 * the depth or a prefix would have closed there is closed one level further in.
 * Prefixes and openings may be patterns; where two mean one module, or a wish
 * to close meets a wish to open something inside, the more specific one counts,
 * and of equals the wish to close.
 *
 * Inputs, outputs and externals never collapse. A node whose own path equals a
 * prefix stays, as there is nothing below it. Depth 0 makes one group of the
 * whole model. A prefix that names nothing changes nothing, with a warning.
 *
 * A group stands where its first member stood. Its parameters are the union of
 * its members', its costs their sums, unknown if one is. Edges inside it
 * disappear; a tensor that enters or leaves it does so by one edge for each
 * node or group at the other end. A tensor keeps its key, so that two that run
 * between the same two groups stay two.
 *
 * Modules here are calls: a module that runs twice is two modules and two
 * groups, so what was acyclic stays so. Where a module holds ops of several
 * calls (a trace before its calls are told apart, many a graph of NNViz's)
 * groups may form cycles, and they are drawn as such.
 */
#include "nnviz/pass.h"

#include "nnviz/table.h"
#include "nnviz/unique.h"

#include "budget.h"
#include "mirror.h"
#include "paths.h"
#include "pattern.h"

/* The wish of a depth or a budget: lighter than that of any pattern. */
enum { BY_SIZE = 1 };

struct collapse {
	const struct nnv_graph *from;
	struct nnv_graph *to;
	struct nnv_diag *diag;
	uint32_t *absorbed; /* module -> the module that absorbs it */
	uint64_t *closed;   /* module -> weight of the wish to close it */
	uint64_t *opened;   /* module -> weight of the wish to open it */
	uint32_t *depths;   /* module -> components of its path */
	uint32_t *groups;   /* module -> node of TO */
	uint32_t *nodes;    /* node of FROM -> node of TO */
	uint32_t *tensors;  /* tensor of FROM -> tensor of TO, if kept */
	uint32_t *operands; /* node of TO -> edges into it so far */
	uint32_t *repeats;  /* module -> how often it stands for its like */
	struct nnv_unique keys;
	struct nnv_table seen; /* tensor, target -> anything */
};

/* The module of which only what is below it can collapse NODE: a node without
 * a leaf has the path of its module. */
static uint32_t
group_of(const struct collapse *c, const struct nnv_node *node)
{
	uint32_t module = node->module;

	if (!nnv_paths_inside(node))
		return NNV_NONE;
	if (node->leaf == NNV_NO_NAME && module != 0)
		module = c->from->modules[module].parent;
	return c->absorbed[module];
}

/* Modules with a node somewhere below them. */
static void
mark_used(const struct nnv_graph *graph, bool *used)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (nnv_paths_inside(&graph->nodes[v]))
			used[graph->nodes[v].module] = true;
	for (uint32_t m = graph->nmodules; m-- > 1;)
		if (used[m])
			used[graph->modules[m].parent] = true;
}

static bool
warn_unmatched(struct collapse *c, const struct nnv_pattern *pattern)
{
	struct nnv_text near = NNV_TEXT_EMPTY;
	bool layer = false, ok = true;
	int len = pattern->text.n < 80 ? (int)pattern->text.n : 80;

	for (uint32_t v = 0; v < c->from->nnodes && !layer; v++)
		layer = nnv_paths_inside(&c->from->nodes[v]) &&
		    pattern->nodes[v];
	if (layer)
		nnv_warn_each(c->diag, "collapse",
		    "nothing is below \"%.*s\" to collapse", len,
		    pattern->text.p);
	else if ((ok = nnv_pattern_nearest(pattern, &near)))
		nnv_warn_each(c->diag, "collapse", "no module \"%.*s\"%s", len,
		    pattern->text.p, near.p);
	nnv_text_release(&near);
	return ok || nnv_fail_memory(c->diag);
}

/* Let the modules that a pattern means have at least its weight in WEIGHTS. */
static bool
apply_pattern(struct collapse *c, struct nnv_str text, uint64_t *weights,
    const bool *used)
{
	struct nnv_pattern pattern;
	bool matched = false;
	bool ok = nnv_pattern_init(&pattern, c->from, text, c->diag);

	for (uint32_t m = 1; ok && m < c->from->nmodules; m++) {
		if (!pattern.modules[m])
			continue;
		if (weights[m] < pattern.weight)
			weights[m] = pattern.weight;
		matched |= used[m];
	}
	if (ok && !matched)
		ok = warn_unmatched(c, &pattern);
	nnv_pattern_release(&pattern);
	return ok;
}

static bool
apply_patterns(struct collapse *c, const struct nnv_collapse *what)
{
	bool *used = nnv_heap_alloc(c->from->nmodules + (size_t)1,
	    sizeof(*used));
	bool ok = true;

	if (used == NULL)
		return nnv_fail_memory(c->diag);
	mark_used(c->from, used);
	for (size_t i = 0; ok && i < what->nprefixes; i++)
		ok = apply_pattern(c, what->prefixes[i], c->closed, used);
	for (size_t i = 0; ok && i < what->nopened; i++)
		ok = apply_pattern(c, what->opened[i], c->opened, used);
	nnv_heap_free(used);
	return ok;
}

/* Of two wishes for one module the heavier counts, and what is opened opens
 * what is around it. */
static void
settle(struct collapse *c)
{
	for (uint32_t m = c->from->nmodules; m-- > 1;) {
		uint64_t *above = &c->opened[c->from->modules[m].parent];

		if (c->opened[m] < c->closed[m])
			c->opened[m] = 0;
		if (*above < c->opened[m])
			*above = c->opened[m];
	}
}

/* Whether phases are drawn apart, each in a module of its own. */
static bool
has_phases(const struct nnv_graph *graph)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (nnv_paths_inside(&graph->nodes[v]) &&
		    nnv_phase_module(graph, graph->nodes[v].module) != 0)
			return true;
	return false;
}

/* What is deep, or does not fit, is to be closed. Phases that are drawn apart
 * are a box each, not one. */
static bool
close_by_size(struct collapse *c, const struct nnv_collapse *what)
{
	const struct nnv_graph *graph = c->from;
	bool *open = nnv_heap_alloc(graph->nmodules + (size_t)1, sizeof(*open));
	bool ok = open != NULL &&
	    (what->most == 0 ||
		nnv_budget_open(graph, what->most, what->evenly, open));
	bool apart = has_phases(graph);

	for (uint32_t m = 0; ok && m < graph->nmodules; m++) {
		c->depths[m] = m == 0 ? 0
				      : c->depths[graph->modules[m].parent] +
			!graph->modules[m].is_phase;
		if (m == 0 && apart)
			continue;
		if (c->closed[m] == 0 &&
		    ((what->depth >= 0 &&
			 c->depths[m] >= (uint32_t)what->depth) ||
			(what->most > 0 && !open[m])))
			c->closed[m] = BY_SIZE;
	}
	nnv_heap_free(open);
	return ok || nnv_fail_memory(c->diag);
}

/* Who absorbs each module: the outermost one that is closed and not opened. */
static bool
decide(struct collapse *c, const struct nnv_collapse *what)
{
	const struct nnv_graph *graph = c->from;

	if (!apply_patterns(c, what))
		return false;
	settle(c);
	if (!close_by_size(c, what))
		return false;
	for (uint32_t m = 0; m < graph->nmodules; m++) {
		uint32_t above = graph->modules[m].parent;

		c->absorbed[m] = m > 0 ? c->absorbed[above] : NNV_NONE;
		if (m > 0 && c->closed[m] < c->closed[above])
			c->closed[m] = c->closed[above];
		if (c->absorbed[m] == NNV_NONE && c->closed[m] > 0 &&
		    c->opened[m] <= c->closed[m])
			c->absorbed[m] = m;
	}
	return true;
}

/* Keys that stay are taken before any group looks for one. */
static bool
reserve_keys(struct collapse *c)
{
	for (uint32_t v = 0; v < c->from->nnodes; v++) {
		const struct nnv_node *node = &c->from->nodes[v];

		if (group_of(c, node) == NNV_NONE &&
		    nnv_unique_take(&c->keys,
			nnv_graph_text(c->from, node->key)) == NNV_NO_NAME)
			return false;
	}
	return true;
}

/* The key of a group: its dotted path, or the model's title. */
static nnv_name
group_key(struct collapse *c, uint32_t module)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	nnv_name key = NNV_NO_NAME;

	nnv_text_adds(&path, "");
	if (module == 0)
		nnv_text_add(&path, nnv_graph_text(c->from, c->from->title));
	else
		nnv_module_path(c->from, module, &path);
	if (!nnv_text_failed(&path))
		key = nnv_unique_take(&c->keys, nnv_text_str(&path));
	nnv_text_release(&path);
	return key;
}

/* The node of a group, still without members, of which FIRST is one. */
static uint32_t
add_group(struct collapse *c, uint32_t module, const struct nnv_node *first)
{
	const struct nnv_module *m = &c->from->modules[module];
	struct nnv_node node = nnv_node_blank(NNV_NODE_GROUP);

	node.key = group_key(c, module);
	node.self = module;
	node.module = module != 0 ? m->parent : 0;
	node.leaf = module != 0 ? m->name : NNV_NO_NAME;
	node.name = module != 0 ? NNV_NO_NAME : c->from->title;
	node.op = m->type;
	node.phase = module != 0 ? m->phase : first->phase;
	node.call = m->call;
	node.ncalls = m->ncalls;
	node.repeat = c->repeats[module] > 1 ? c->repeats[module] : 0;
	node.site = m->site;
	node.nmembers = 0;
	node.cost = nnv_cost_none();
	if (node.key == NNV_NO_NAME)
		return NNV_NONE;
	return nnv_graph_add_node(c->to, &node);
}

/* A member that stands for several in the group is as many of its members,
 * which are hidden as all in it are, not by being folded. */
static void
add_member(struct collapse *c, struct nnv_node *group,
    const struct nnv_node *member)
{
	uint32_t of = group->repeat > 0 ? group->repeat : 1;
	uint32_t times = member->repeat > of ? member->repeat / of : 1;
	uint64_t more = (uint64_t)member->nmembers * times;
	uint32_t *folded = &c->to->hidden[NNV_HIDDEN_REPEATED];
	uint64_t freed = more - member->nmembers;
	bool first = group->nmembers == 0;

	if (more > UINT32_MAX - group->nmembers)
		more = UINT32_MAX - group->nmembers;
	group->nmembers += (uint32_t)more;
	*folded -= freed < *folded ? (uint32_t)freed : *folded;
	nnv_cost_add(&group->cost, &member->cost);
	nnv_time_add(&group->time, member->time);
	nnv_behind_join(c->to, group, member->behind);
	/* A group is hidden if all of it is, for one reason. */
	if (first)
		group->hide = member->hide;
	else if (group->hide != member->hide)
		group->hide = NNV_SHOWN;
}

static bool
make_nodes(struct collapse *c)
{
	for (uint32_t v = 0; v < c->from->nnodes; v++) {
		const struct nnv_node *node = &c->from->nodes[v];
		uint32_t module = group_of(c, node);

		if (module == NNV_NONE) {
			c->nodes[v] = nnv_graph_add_node(c->to, node);
		} else {
			if (c->groups[module] == NNV_NONE)
				c->groups[module] = add_group(c, module, node);
			c->nodes[v] = c->groups[module];
		}
		if (c->nodes[v] == NNV_NONE)
			return false;
		if (module != NNV_NONE)
			add_member(c, &c->to->nodes[c->nodes[v]], node);
	}
	return true;
}

/* Whether a node of the new graph is a group that was made here. */
static bool
is_group(const struct collapse *c, uint32_t node)
{
	uint32_t self = c->to->nodes[node].self;

	return self != NNV_NONE && c->groups[self] == node;
}

/* A gradient of something inside a group is one of the group; a group of
 * gradients is that of a node if all of its members are. */
static bool
link_gradients(struct collapse *c)
{
	bool *mixed = nnv_heap_alloc(c->to->nnodes + (size_t)1, sizeof(*mixed));

	if (mixed == NULL)
		return false;
	for (uint32_t v = 0; v < c->to->nnodes; v++)
		c->to->nodes[v].grad_of = NNV_NONE;
	for (uint32_t v = 0; v < c->from->nnodes; v++) {
		uint32_t of = c->from->nodes[v].grad_of;
		uint32_t self = c->nodes[v];
		uint32_t *link = &c->to->nodes[self].grad_of;

		if (of == NNV_NONE || c->nodes[of] == self || mixed[self])
			continue;
		mixed[self] = *link != NNV_NONE && *link != c->nodes[of];
		*link = mixed[self] ? NNV_NONE : c->nodes[of];
	}
	nnv_heap_free(mixed);
	return true;
}

/* Whether an edge disappears inside a group. */
static bool
is_inside(const struct collapse *c, const struct nnv_edge *edge)
{
	return c->nodes[edge->src] == c->nodes[edge->dst] &&
	    is_group(c, c->nodes[edge->src]);
}

/* Tensors that still run somewhere, those that never did, which leave the
 * drawing, and those of nodes that stayed. */
static bool
keep_tensors(struct collapse *c)
{
	const struct nnv_graph *from = c->from;

	for (uint32_t t = 0; t < from->ntensors; t++)
		c->tensors[t] = 0;
	for (uint32_t e = 0; e < from->nedges; e++)
		if (is_inside(c, &from->edges[e]))
			c->tensors[from->edges[e].tensor] = NNV_NONE;
	for (uint32_t e = 0; e < from->nedges; e++)
		if (!is_inside(c, &from->edges[e]))
			c->tensors[from->edges[e].tensor] = 0;
	for (uint32_t t = 0; t < from->ntensors; t++) {
		struct nnv_tensor tensor = from->tensors[t];

		if (c->tensors[t] == NNV_NONE)
			continue;
		if (tensor.producer != NNV_NONE)
			tensor.producer = c->nodes[tensor.producer];
		c->tensors[t] = nnv_graph_add_tensor(c->to, &tensor);
		if (c->tensors[t] == NNV_NONE)
			return false;
	}
	return true;
}

/* Two plain nodes keep all their edges: x * x uses x twice. At a group, the
 * first edge of a tensor stands for all. */
static bool
add_edge(struct collapse *c, const struct nnv_edge *edge)
{
	struct nnv_edge new = {
		.src = c->nodes[edge->src],
		.dst = c->nodes[edge->dst],
		.tensor = c->tensors[edge->tensor],
		.operand = edge->operand,
	};
	uint32_t *seen;

	if (is_group(c, new.src) || is_group(c, new.dst)) {
		seen = nnv_table_at(&c->seen,
		    nnv_table_pair(new.tensor, new.dst));
		if (seen == NULL)
			return false;
		if (*seen != NNV_TABLE_NONE)
			return true;
		*seen = 0;
	}
	if (is_group(c, new.dst))
		new.operand = c->operands[new.dst]++;
	return nnv_graph_add_edge(c->to, &new) != NNV_NONE;
}

static bool
make_edges(struct collapse *c)
{
	for (uint32_t e = 0; e < c->from->nedges; e++)
		if (!is_inside(c, &c->from->edges[e]) &&
		    !add_edge(c, &c->from->edges[e]))
			return false;
	return true;
}

/* A module that was folded stands for the product of the runs around it. */
static void
find_repeats(struct collapse *c)
{
	for (uint32_t m = 0; m < c->from->nmodules; m++) {
		const struct nnv_module *module = &c->from->modules[m];
		uint64_t n = module->repeat > 1 ? module->repeat : 1;

		if (m > 0)
			n *= c->repeats[module->parent];
		c->repeats[m] = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
	}
}

static bool
prepare(struct collapse *c)
{
	size_t nmodules = c->from->nmodules + (size_t)1;
	size_t nnodes = c->from->nnodes + (size_t)1;
	size_t ntensors = c->from->ntensors + (size_t)1;

	c->to = nnv_graph_like(c->from);
	c->absorbed = nnv_heap_alloc(nmodules, sizeof(*c->absorbed));
	c->closed = nnv_heap_alloc(nmodules, sizeof(*c->closed));
	c->opened = nnv_heap_alloc(nmodules, sizeof(*c->opened));
	c->depths = nnv_heap_alloc(nmodules, sizeof(*c->depths));
	c->groups = nnv_heap_alloc(nmodules, sizeof(*c->groups));
	c->nodes = nnv_heap_alloc(nnodes, sizeof(*c->nodes));
	c->operands = nnv_heap_alloc(nnodes, sizeof(*c->operands));
	c->repeats = nnv_heap_alloc(nmodules, sizeof(*c->repeats));
	c->tensors = nnv_heap_alloc(ntensors, sizeof(*c->tensors));
	if (c->to == NULL || c->absorbed == NULL || c->closed == NULL ||
	    c->opened == NULL || c->depths == NULL || c->groups == NULL ||
	    c->nodes == NULL || c->operands == NULL || c->tensors == NULL ||
	    c->repeats == NULL)
		return false;
	find_repeats(c);
	for (uint32_t m = 0; m < c->from->nmodules; m++)
		c->groups[m] = NNV_NONE;
	return true;
}

struct nnv_graph *
nnv_pass_collapse(const struct nnv_graph *graph,
    const struct nnv_collapse *what, struct nnv_diag *diag)
{
	struct collapse c = { .from = graph, .diag = diag };
	bool done;

	nnv_unique_init(&c.keys, graph->names);
	nnv_table_init(&c.seen);
	done = prepare(&c) && decide(&c, what) && reserve_keys(&c) &&
	    make_nodes(&c) && nnv_params_gather(c.to, graph, c.nodes) &&
	    link_gradients(&c) && keep_tensors(&c) && make_edges(&c);
	nnv_table_release(&c.seen);
	nnv_unique_release(&c.keys);
	nnv_heap_free(c.absorbed);
	nnv_heap_free(c.closed);
	nnv_heap_free(c.opened);
	nnv_heap_free(c.depths);
	nnv_heap_free(c.groups);
	nnv_heap_free(c.nodes);
	nnv_heap_free(c.operands);
	nnv_heap_free(c.repeats);
	nnv_heap_free(c.tensors);
	if (done)
		return c.to;
	nnv_graph_free(c.to);
	nnv_fail_memory(diag);
	return NULL;
}
