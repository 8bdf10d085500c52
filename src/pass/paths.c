/* Dotted paths as people type them. */
#include "paths.h"

#include "nnviz/table.h"

/* How much of TEXT is agreed upon once NAME follows AGREED bytes of it. */
static uint32_t
agree(struct nnv_str text, uint32_t agreed, bool first, struct nnv_str name)
{
	struct nnv_str rest;

	if (agreed == NNV_NONE)
		return NNV_NONE;
	rest = nnv_str_from(text, agreed);
	if (!first) {
		if (rest.n == 0 || *rest.p != '.')
			return NNV_NONE;
		rest = nnv_str_from(rest, 1);
	}
	if (!nnv_str_starts(rest, name))
		return NNV_NONE;
	return (uint32_t)(text.n - rest.n + name.n);
}

/* Whether paths are counted from MODULE. */
static bool
is_top(const struct nnv_graph *graph, uint32_t module, bool within_phases)
{
	return within_phases ? graph->modules[module].is_phase : module == 0;
}

bool
nnv_paths_init(struct nnv_paths *paths, const struct nnv_graph *graph,
    struct nnv_str text, bool within_phases)
{
	uint32_t *agreed = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*agreed));

	*paths = (struct nnv_paths){ graph, text, within_phases, agreed };
	if (agreed == NULL || text.n >= NNV_NONE)
		return false;
	for (uint32_t m = 0; m < graph->nmodules; m++) {
		const struct nnv_module *module = &graph->modules[m];

		if (is_top(graph, m, within_phases))
			agreed[m] = 0;
		else if (module->parent == NNV_NONE)
			agreed[m] = NNV_NONE;
		else
			agreed[m] = agree(text, agreed[module->parent],
			    is_top(graph, module->parent, within_phases),
			    nnv_graph_text(graph, module->name));
	}
	return true;
}

void
nnv_paths_release(struct nnv_paths *paths)
{
	nnv_heap_free(paths->agreed);
}

/* The top itself has agreed on nothing, and an empty text means nothing. */
bool
nnv_paths_is_module(const struct nnv_paths *paths, uint32_t module)
{
	return paths->text.n > 0 && paths->agreed[module] == paths->text.n;
}

bool
nnv_paths_is_node(const struct nnv_paths *paths, const struct nnv_node *node)
{
	const struct nnv_graph *graph = paths->graph;
	uint32_t agreed = paths->agreed[node->module];
	bool first = is_top(graph, node->module, paths->within_phases);

	return paths->text.n > 0 && node->leaf != NNV_NO_NAME &&
	    agree(paths->text, agreed, first,
		nnv_graph_text(graph, node->leaf)) == paths->text.n;
}

bool
nnv_paths_inside(const struct nnv_node *node)
{
	return node->kind == NNV_NODE_OP || node->kind == NNV_NODE_GROUP;
}

/* Add the dotted path of a module, or of a node where there is one. */
static bool
add_path(const struct nnv_graph *graph, uint32_t module, nnv_name leaf,
    struct nnv_text *scratch, struct nnv_names *known)
{
	nnv_text_clear(scratch);
	nnv_module_path(graph, module, scratch);
	if (leaf != NNV_NO_NAME) {
		if (module != 0)
			nnv_text_addc(scratch, '.');
		nnv_text_add(scratch, nnv_graph_text(graph, leaf));
	}
	if (scratch->n > 0)
		nnv_names_add(known, nnv_text_str(scratch));
	return !nnv_text_failed(scratch) && !known->failed;
}

/* Every path that a person might mean, once, in the order of the graph. */
static bool
collect(const struct nnv_graph *graph, struct nnv_names *known)
{
	struct nnv_text scratch = NNV_TEXT_EMPTY;
	bool ok = true;

	for (uint32_t m = 1; ok && m < graph->nmodules; m++)
		ok = add_path(graph, m, NNV_NO_NAME, &scratch, known);
	for (uint32_t v = 0; ok && v < graph->nnodes; v++)
		if (nnv_paths_inside(&graph->nodes[v]))
			ok = add_path(graph, graph->nodes[v].module,
			    graph->nodes[v].leaf, &scratch, known);
	nnv_text_release(&scratch);
	return ok;
}

void
nnv_say_nearest(struct nnv_str text, const char *prefix, struct nnv_str *paths,
    size_t npaths, struct nnv_text *out)
{
	size_t best = nnv_nearest(text, paths, npaths), next;
	struct nnv_str nearest;

	/* a module of which all was merged is still called so */
	if (best < npaths && nnv_str_eq(paths[best], text)) {
		paths[best] = paths[--npaths];
		best = nnv_nearest(text, paths, npaths);
	}
	if (best == npaths)
		return;
	nearest = paths[best];
	paths[best] = paths[npaths - 1];
	next = nnv_nearest(text, paths, npaths - 1);
	nnv_text_addf(out, ": nearest %s \"%s",
	    next < npaths - 1 ? "are" : "is", prefix);
	nnv_text_add(out, nearest);
	if (next < npaths - 1) {
		nnv_text_addf(out, "\", \"%s", prefix);
		nnv_text_add(out, paths[next]);
	}
	nnv_text_addc(out, '"');
}

bool
nnv_paths_nearest(const struct nnv_graph *graph, struct nnv_str text,
    struct nnv_text *out)
{
	struct nnv_names known;
	bool ok;

	nnv_names_init(&known);
	nnv_text_adds(out, "");
	ok = collect(graph, &known);
	/* texts[0] stands for no text. */
	if (ok && known.ntexts > 1)
		nnv_say_nearest(text, "", known.texts + 1, known.ntexts - 1,
		    out);
	nnv_names_release(&known);
	return ok && !nnv_text_failed(out);
}

bool
nnv_paths_number(const struct nnv_graph *graph, uint32_t *path)
{
	struct nnv_table table;
	bool fine = true;

	nnv_table_init(&table);
	for (uint32_t m = 1; m < graph->nmodules && fine; m++) {
		const struct nnv_module *module = &graph->modules[m];
		uint32_t *at;

		path[m] = path[module->parent];
		if (module->is_phase)
			continue;
		at = nnv_table_at(&table,
		    nnv_table_pair(path[m], module->name));
		fine = at != NULL;
		if (fine && *at == NNV_TABLE_NONE)
			*at = m;
		if (fine)
			path[m] = *at;
	}
	nnv_table_release(&table);
	return fine;
}
