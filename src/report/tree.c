/*
 * The tree of modules: each with what is below it, in the order in which its
 * first node ran, and what all of that costs together.
 *
 * Entries are modules and, behind them, nodes. Every node hangs itself below
 * its module, and that below its parent, unless it hangs there already. What a
 * node costs is added to every module around it; a parameter counts once in
 * each, which a table of (module, parameter) remembers.
 */
#include "nnviz/table.h"
#include "rows.h"

struct tree {
	const struct nnv_graph *graph;
	struct nnv_grid *grid;
	struct nnv_flows flows;
	struct nnv_totals totals;
	uint32_t *first, *last;     /* module -> its entries */
	uint32_t *next;             /* entry -> its next sibling */
	bool *hangs;                /* module */
	struct nnv_row_cost *costs; /* by module */
	struct nnv_row_cost *own;   /* by node */
	struct nnv_table counted;   /* module, parameter */
	struct nnv_text line;       /* scratch */
};

static void
hang(struct tree *t, uint32_t entry, uint32_t module)
{
	if (t->first[module] == NNV_NONE)
		t->first[module] = entry;
	else
		t->next[t->last[module]] = entry;
	t->last[module] = entry;
}

static void
add_params(struct tree *t, uint32_t module, const struct nnv_node *node)
{
	struct nnv_row_cost *cost = &t->costs[module];

	for (uint32_t i = 0; i < node->nparams; i++) {
		const struct nnv_param *param = &t->graph
						     ->params[node->params[i]];
		uint32_t *seen = nnv_table_at(&t->counted,
		    nnv_table_pair(module, node->params[i]));

		if (seen == NULL || *seen != NNV_TABLE_NONE)
			continue;
		*seen = 0;
		nnv_sum_add(param->kind == NNV_PARAM_BUFFER ? &cost->buffers
							    : &cost->parameters,
		    param->count);
	}
}

static void
add_cost(struct tree *t, uint32_t module, const struct nnv_node *node)
{
	struct nnv_row_cost *cost = &t->costs[module];

	add_params(t, module, node);
	if (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP)
		nnv_row_cost_join(cost, &t->own[node - t->graph->nodes]);
}

/* A tensor leaves every module around its node in which not all is that takes
 * it; one that nothing takes leaves all of them. */
static void
add_outputs(struct tree *t)
{
	const struct nnv_graph *graph = t->graph;
	uint32_t *inner = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*inner));

	t->grid->failed |= inner == NULL;
	for (uint32_t i = 0; inner != NULL && i < graph->ntensors; i++)
		inner[i] = NNV_NONE;
	for (uint32_t e = 0; inner != NULL && e < graph->nedges; e++) {
		const struct nnv_edge *edge = &graph->edges[e];
		uint32_t *in = &inner[edge->tensor];
		uint32_t m = graph->nodes[edge->dst].module;

		if (nnv_edge_is_saved(graph, edge) || edge->src == edge->dst)
			continue;
		if (*in == NNV_NONE)
			*in = graph->nodes[edge->src].module;
		*in = nnv_module_common(graph, *in, m);
	}
	for (uint32_t i = 0; inner != NULL && i < graph->ntensors; i++) {
		const struct nnv_tensor *tensor = &graph->tensors[i];
		uint32_t m;

		if (!t->flows.leaves[i])
			continue;
		m = graph->nodes[tensor->producer].module;
		for (; m != 0 && m != inner[i]; m = graph->modules[m].parent) {
			nnv_sum_add(&t->costs[m].bytes,
			    nnv_spec_bytes(graph, tensor->spec));
			nnv_sum_add(&t->costs[m].elements,
			    nnv_spec_count(tensor->spec));
		}
	}
	t->costs[0].bytes = t->totals.output_bytes;
	t->costs[0].elements = t->totals.output_elements;
	nnv_heap_free(inner);
}

/* A node below its module, and all around it. */
static void
add_node(struct tree *t, uint32_t v)
{
	const struct nnv_node *node = &t->graph->nodes[v];
	uint32_t module = node->module;

	hang(t, t->graph->nmodules + v, module);
	add_cost(t, module, node);
	while (module != 0) {
		uint32_t parent = t->graph->modules[module].parent;

		if (!t->hangs[module])
			hang(t, module, parent);
		t->hangs[module] = true;
		module = parent;
		add_cost(t, module, node);
	}
}

/* " ×12", " (call 1 of 2)" */
static void
put_place(struct tree *t, uint32_t repeat, uint32_t call, uint32_t ncalls)
{
	nnv_put_repeat(&t->line, repeat, ncalls > 1 && call == 0);
	if (ncalls > 1 && call > 0)
		nnv_text_addf(&t->line, " (call %lu of %lu)",
		    (unsigned long)call, (unsigned long)ncalls);
}

static void
set_name(struct tree *t, struct nnv_cell *row)
{
	t->grid->failed |= nnv_text_failed(&t->line);
	nnv_cell_text(t->grid, &row[NNV_COL_NAME], nnv_text_str(&t->line));
}

static void
add_module_row(struct tree *t, uint32_t m)
{
	const struct nnv_module *module = &t->graph->modules[m];
	struct nnv_cell *row = nnv_grid_row(t->grid);
	nnv_name name = m == 0 ? t->graph->title : module->name;

	if (row == NULL)
		return;
	nnv_text_clear(&t->line);
	if (name != NNV_NO_NAME)
		nnv_text_add(&t->line, nnv_graph_text(t->graph, name));
	else
		nnv_text_adds(&t->line, "model");
	put_place(t, module->repeat, module->call, module->ncalls);
	set_name(t, row);
	if (module->type != NNV_NO_NAME)
		nnv_cell_text(t->grid, &row[NNV_COL_TYPE],
		    nnv_graph_text(t->graph, module->type));
	nnv_row_count(row, &t->costs[m], &t->totals);
}

static void
add_node_row(struct tree *t, uint32_t v)
{
	const struct nnv_node *node = &t->graph->nodes[v];
	struct nnv_cell *row = nnv_grid_row(t->grid);

	if (row == NULL)
		return;
	nnv_row_describe(t->grid, row, &t->flows, v);
	nnv_text_clear(&t->line);
	if (node->leaf != NNV_NO_NAME)
		nnv_text_add(&t->line, nnv_graph_text(t->graph, node->leaf));
	else
		nnv_node_path(t->graph, node, &t->line);
	put_place(t, node->repeat, node->call, node->ncalls);
	set_name(t, row);
	if (node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP)
		nnv_row_count(row, &t->own[v], &t->totals);
}

static uint32_t
parent_of(const struct tree *t, uint32_t entry)
{
	uint32_t nmodules = t->graph->nmodules;

	return entry < nmodules ? t->graph->modules[entry].parent
				: t->graph->nodes[entry - nmodules].module;
}

/* Depth first: below an entry, else beside it, else beside what is above. DEPTH
 * follows. */
static uint32_t
step(const struct tree *t, uint32_t entry, uint32_t *depth)
{
	if (entry < t->graph->nmodules && t->first[entry] != NNV_NONE) {
		(*depth)++;
		return t->first[entry];
	}
	while (entry != 0) {
		if (t->next[entry] != NNV_NONE)
			return t->next[entry];
		entry = parent_of(t, entry);
		(*depth)--;
	}
	return NNV_NONE;
}

static void
add_rows(struct tree *t)
{
	uint32_t entry = 0, depth = 0, nmodules = t->graph->nmodules;

	while (entry != NNV_NONE && !t->grid->failed) {
		if (entry < nmodules)
			add_module_row(t, entry);
		else
			add_node_row(t, entry - nmodules);
		nnv_grid_nest(t->grid, depth);
		entry = step(t, entry, &depth);
	}
}

static bool
prepare(struct tree *t)
{
	const struct nnv_graph *graph = t->graph;
	size_t nmodules = graph->nmodules + (size_t)1;
	size_t nentries = nmodules + graph->nnodes;

	t->first = nnv_heap_alloc(nmodules, sizeof(*t->first));
	t->last = nnv_heap_alloc(nmodules, sizeof(*t->last));
	t->hangs = nnv_heap_alloc(nmodules, sizeof(*t->hangs));
	t->costs = nnv_heap_alloc(nmodules, sizeof(*t->costs));
	t->next = nnv_heap_alloc(nentries, sizeof(*t->next));
	if (t->first == NULL || t->last == NULL || t->hangs == NULL ||
	    t->costs == NULL || t->next == NULL ||
	    !nnv_graph_totals(graph, &t->totals))
		return false;
	for (size_t m = 0; m < nmodules; m++) {
		t->first[m] = NNV_NONE;
		t->costs[m].time = NNV_UNKNOWN;
		t->costs[m].buffers.at_least = !nnv_graph_tells_buffers(graph);
	}
	for (size_t e = 0; e < nentries; e++)
		t->next[e] = NNV_NONE;
	return nnv_flows_init(&t->flows, graph);
}

static void
release(struct tree *t)
{
	nnv_heap_free(t->first);
	nnv_heap_free(t->last);
	nnv_heap_free(t->hangs);
	nnv_heap_free(t->costs);
	nnv_heap_free(t->next);
	nnv_flows_release(&t->flows);
	nnv_table_release(&t->counted);
	nnv_text_release(&t->line);
}

void
nnv_rows_of_tree(struct nnv_grid *grid, const struct nnv_graph *graph)
{
	struct tree t = {
		.graph = graph, .grid = grid, .line = NNV_TEXT_EMPTY
	};
	uint32_t *order = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*order));

	nnv_table_init(&t.counted);
	if (order != NULL && prepare(&t) &&
	    nnv_graph_order(graph, order) != NNV_NONE &&
	    (t.own = nnv_row_costs(grid, graph, order)) != NULL) {
		for (uint32_t i = 0; i < graph->nnodes; i++)
			add_node(&t, order[i]);
		add_outputs(&t);
		add_rows(&t);
		nnv_row_total(grid, &t.totals, &t.own[graph->nnodes]);
		grid->failed |= t.counted.failed;
	} else {
		grid->failed = true;
	}
	release(&t);
	nnv_heap_free(order);
}
