/*
 * Reading a cached graph: the document, its metadata, modules and parameters.
 *
 * NNViz 1.0 writes nodes, edges and metadata, and paths stand for modules. What
 * nnviz-c adds to that is described in graphjson_save.c; a file has it if it
 * has "nnviz_c". Nothing of the file is trusted: every index is checked against
 * its table, a module's parent stands before it, and paths, specs and the
 * number of tensors have limits.
 */
#include "graphjson.h"

bool
nnv_graphjson_sniff(const struct nnv_tree *tree, nnv_value root)
{
	enum nnv_kind nodes = nnv_value_kind(tree,
	    nnv_value_get(tree, root, NNV_STR("nodes")));
	enum nnv_kind added = nnv_value_kind(tree,
	    nnv_value_get(tree, root, NNV_STR("nnviz_c")));

	return nodes != NNV_ABSENT || added != NNV_ABSENT;
}

/* The document. */
enum {
	TOP_ADDED,
	TOP_METADATA,
	TOP_MODULES,
	TOP_PARAMS,
	TOP_UNSEEN,
	TOP_KERNELS,
	TOP_NODES,
	TOP_EDGES,
	TOP_TENSORS,
	TOP_EDGE_TENSORS,
	TOP_OPERANDS,
	NTOP
};

static const struct nnv_str top_fields[NTOP] = {
	[TOP_ADDED] = NNV_FIELD("nnviz_c"),
	[TOP_METADATA] = NNV_FIELD("metadata"),
	[TOP_MODULES] = NNV_FIELD("modules"),
	[TOP_PARAMS] = NNV_FIELD("parameters"),
	[TOP_UNSEEN] = NNV_FIELD("unseen"),
	[TOP_KERNELS] = NNV_FIELD("kernels"),
	[TOP_NODES] = NNV_FIELD("nodes"),
	[TOP_EDGES] = NNV_FIELD("edges"),
	[TOP_TENSORS] = NNV_FIELD("tensors"),
	[TOP_EDGE_TENSORS] = NNV_FIELD("edge_tensors"),
	[TOP_OPERANDS] = NNV_FIELD("operands"),
};

enum { META_TITLE, META_SOURCE, META_SOURCE_VERSION, META_NNVIZ, NMETA };

static const struct nnv_str meta_fields[NMETA] = {
	[META_TITLE] = NNV_FIELD("title"),
	[META_SOURCE] = NNV_FIELD("source"),
	[META_SOURCE_VERSION] = NNV_FIELD("source_version"),
	[META_NNVIZ] = NNV_FIELD("nnviz_version"),
};

static bool
read_metadata(struct nnv_cache *cache, nnv_value metadata)
{
	struct nnv_graph *graph = cache->graph;
	nnv_value field[NMETA];

	cache->table = "metadata";
	if (metadata == NNV_NO_VALUE)
		return true;
	return nnv_cache_fields(cache, metadata, meta_fields, NMETA, field) &&
	    nnv_cache_text(cache, field[META_TITLE], "title", &graph->title) &&
	    nnv_cache_text(cache, field[META_SOURCE], "source",
		&graph->source) &&
	    nnv_cache_text(cache, field[META_SOURCE_VERSION], "source_version",
		&graph->source_version) &&
	    nnv_cache_text(cache, field[META_NNVIZ], "nnviz_version",
		&graph->nnviz_version);
}

/* What nnviz-c says of the file as a whole. */
enum {
	ADD_SCHEMA,
	ADD_ORIGIN,
	ADD_LEVEL,
	ADD_WHOLE,
	ADD_STEPS,
	ADD_STEP,
	ADD_HIDDEN,
	ADD_COUNTS,
	ADD_TOTALS,
	NADD
};

static const struct nnv_str add_fields[NADD] = {
	[ADD_SCHEMA] = NNV_FIELD("schema"),
	[ADD_ORIGIN] = NNV_FIELD("origin"),
	[ADD_LEVEL] = NNV_FIELD("level"),
	[ADD_WHOLE] = NNV_FIELD("part_of"),
	[ADD_STEPS] = NNV_FIELD("steps"),
	[ADD_STEP] = NNV_FIELD("step"),
	[ADD_HIDDEN] = NNV_FIELD("hidden"),
	[ADD_COUNTS] = NNV_FIELD("counts"),
	[ADD_TOTALS] = NNV_FIELD("totals"),
};

static bool
read_schema(struct nnv_cache *cache, nnv_value v)
{
	int64_t schema = 0;

	if (!nnv_cache_count(cache, v, "schema", &schema))
		return false;
	if (schema < 1)
		return nnv_cache_fail(cache, v, "schema", "a version from 1");
	if (schema > NNV_CACHE_SCHEMA)
		return nnv_fail_at(cache->diag, NNV_E_SCHEMA,
		    nnv_value_place(cache->tree, v),
		    "nnviz_c.schema: %lld is newer than %d, which this program "
		    "reads",
		    (long long)schema, NNV_CACHE_SCHEMA);
	return true;
}

static bool
read_hidden(struct nnv_cache *cache, nnv_value hidden)
{
	struct nnv_str names[NNV_NHIDDEN];
	nnv_value field[NNV_NHIDDEN];

	for (int i = 0; i < NNV_NHIDDEN; i++)
		names[i] = nnv_str(nnv_cache_hidden[i]);
	cache->table = "nnviz_c.hidden";
	if (hidden == NNV_NO_VALUE)
		return true;
	if (!nnv_cache_fields(cache, hidden, names, NNV_NHIDDEN, field))
		return false;
	for (int i = 0; i < NNV_NHIDDEN; i++)
		if (!nnv_cache_index(cache, field[i], nnv_cache_hidden[i],
			UINT32_MAX, &cache->graph->hidden[i]))
			return false;
	return true;
}

/* Of the counts, which are for people, only one is needed: tensors that
 * neither an edge nor a line tells of do not show otherwise. */
static bool
read_counts(struct nnv_cache *cache, nnv_value counts, uint32_t *ntensors)
{
	static const struct nnv_str names[] = { NNV_FIELD("tensors") };
	nnv_value field;

	cache->table = "nnviz_c.counts";
	return counts == NNV_NO_VALUE ||
	    (nnv_cache_fields(cache, counts, names, 1, &field) &&
		nnv_cache_index(cache, field, "tensors", UINT32_MAX, ntensors));
}

/* Of the totals only the peak cannot be added up again: it is that of layers
 * which may be collapsed here. */
static bool
read_totals(struct nnv_cache *cache, nnv_value totals)
{
	static const struct nnv_str names[] = { NNV_FIELD("peak_bytes") };
	nnv_value field;

	cache->table = "nnviz_c.totals";
	return totals == NNV_NO_VALUE ||
	    (nnv_cache_fields(cache, totals, names, 1, &field) &&
		nnv_cache_count(cache, field, "peak_bytes",
		    &cache->graph->peak_bytes));
}

static bool
read_added(struct nnv_cache *cache, nnv_value added, uint32_t *ntensors)
{
	struct nnv_graph *graph = cache->graph;
	nnv_value field[NADD];
	int level = NNV_LEVEL_LAYERS;

	cache->ours = added != NNV_NO_VALUE;
	graph->level = NNV_LEVEL_LAYERS;
	if (!cache->ours) {
		graph->origin = nnv_graph_name(graph, NNV_STR("nnviz"));
		return true;
	}
	cache->table = "nnviz_c";
	if (!nnv_cache_fields(cache, added, add_fields, NADD, field) ||
	    !read_schema(cache, field[ADD_SCHEMA]) ||
	    !nnv_cache_text(cache, field[ADD_ORIGIN], "origin",
		&graph->origin) ||
	    !nnv_cache_word(cache, field[ADD_LEVEL], "level", nnv_cache_levels,
		&level) ||
	    !nnv_cache_text(cache, field[ADD_WHOLE], "part_of",
		&graph->whole) ||
	    !nnv_cache_index(cache, field[ADD_STEPS], "steps", UINT32_MAX,
		&graph->nsteps) ||
	    !nnv_cache_index(cache, field[ADD_STEP], "step", UINT32_MAX,
		&graph->step))
		return false;
	graph->level = (enum nnv_level)level;
	return read_hidden(cache, field[ADD_HIDDEN]) &&
	    read_counts(cache, field[ADD_COUNTS], ntensors) &&
	    read_totals(cache, field[ADD_TOTALS]);
}

/* Append a module whose parent is one; NNV_NONE and a failure otherwise. */
static uint32_t
add_module(struct nnv_cache *cache, const struct nnv_module *module)
{
	struct nnv_graph *graph = cache->graph;
	uint32_t depth = module->parent == NNV_NONE
	    ? 0
	    : cache->depths[module->parent] + 1;
	void *depths = cache->depths;
	bool room = nnv_heap_grow(&depths, &cache->depth_cap,
	    (size_t)graph->nmodules + 1, sizeof(*cache->depths));

	cache->depths = depths;
	if (depth > NNV_CACHE_DEPTH) {
		nnv_fail(cache->diag, NNV_E_LIMIT,
		    "modules are nested deeper than %d", NNV_CACHE_DEPTH);
		return NNV_NONE;
	}
	if (!room || nnv_graph_add_module(graph, module) == NNV_NONE) {
		nnv_fail_memory(cache->diag);
		return NNV_NONE;
	}
	cache->depths[graph->nmodules - 1] = depth;
	return graph->nmodules - 1;
}

uint32_t
nnv_cache_child(struct nnv_cache *cache, uint32_t parent, nnv_name name)
{
	uint32_t *known = nnv_table_at(&cache->children,
	    nnv_table_pair(parent, name));

	if (known == NULL) {
		nnv_fail_memory(cache->diag);
		return NNV_NONE;
	}
	if (*known == NNV_TABLE_NONE)
		*known = add_module(cache,
		    &(struct nnv_module){ .parent = parent, .name = name });
	return *known;
}

enum {
	MOD_PARENT,
	MOD_NAME,
	MOD_TYPE,
	MOD_PHASE,
	MOD_IS_PHASE,
	MOD_CALL,
	MOD_NCALLS,
	MOD_REPEAT,
	MOD_ABREAST,
	MOD_DIFFERS,
	MOD_SITES,
	NMOD
};

static const struct nnv_str module_fields[NMOD] = {
	[MOD_PARENT] = NNV_FIELD("parent"),
	[MOD_NAME] = NNV_FIELD("name"),
	[MOD_TYPE] = NNV_FIELD("type"),
	[MOD_PHASE] = NNV_FIELD("phase"),
	[MOD_IS_PHASE] = NNV_FIELD("is_phase"),
	[MOD_CALL] = NNV_FIELD("call"),
	[MOD_NCALLS] = NNV_FIELD("ncalls"),
	[MOD_REPEAT] = NNV_FIELD("repeat"),
	[MOD_ABREAST] = NNV_FIELD("abreast"),
	[MOD_DIFFERS] = NNV_FIELD("differs"),
	[MOD_SITES] = NNV_FIELD("call_sites"),
};

static bool
read_phase(struct nnv_cache *cache, nnv_value v, enum nnv_phase *phase)
{
	if (v == NNV_NO_VALUE)
		return true;
	*phase = nnv_phase_named(nnv_value_text(cache->tree, v));
	return *phase != NNV_NPHASES ||
	    nnv_cache_fail(cache, v, "phase", "the name of a phase");
}

/* A list of objects, as there might be several; one is known to the graph. */
static bool
read_call_sites(struct nnv_cache *cache, nnv_value v, struct nnv_site *site)
{
	static const struct nnv_str names[] = { NNV_FIELD("file"),
		NNV_FIELD("line") };
	nnv_value field[2];

	if (!nnv_cache_list(cache, v, "call_sites"))
		return false;
	if (nnv_value_len(cache->tree, v) == 0)
		return true;
	return nnv_cache_fields(cache, nnv_value_at(cache->tree, v, 0), names,
		   2, field) &&
	    nnv_cache_text(cache, field[0], "call_sites", &site->file) &&
	    nnv_cache_index(cache, field[1], "call_sites", UINT32_MAX,
		&site->line);
}

static bool
read_parent(struct nnv_cache *cache, nnv_value v, uint32_t *parent)
{
	if (cache->graph->nmodules == 0)
		return v == NNV_NO_VALUE ||
		    nnv_cache_fail(cache, v, "parent",
			"none, as the first one is the model");
	if (v == NNV_NO_VALUE)
		return nnv_cache_fail(cache, v, "parent", "an index");
	return nnv_cache_index(cache, v, "parent", cache->graph->nmodules,
	    parent);
}

static bool
read_module(struct nnv_cache *cache, nnv_value v)
{
	struct nnv_module module = { .parent = NNV_NONE };
	nnv_value field[NMOD];

	return nnv_cache_fields(cache, v, module_fields, NMOD, field) &&
	    read_parent(cache, field[MOD_PARENT], &module.parent) &&
	    nnv_cache_text(cache, field[MOD_NAME], "name", &module.name) &&
	    nnv_cache_text(cache, field[MOD_TYPE], "type", &module.type) &&
	    read_phase(cache, field[MOD_PHASE], &module.phase) &&
	    nnv_cache_flag(cache, field[MOD_IS_PHASE], "is_phase",
		&module.is_phase) &&
	    nnv_cache_index(cache, field[MOD_CALL], "call", UINT32_MAX,
		&module.call) &&
	    nnv_cache_index(cache, field[MOD_NCALLS], "ncalls", UINT32_MAX,
		&module.ncalls) &&
	    nnv_cache_index(cache, field[MOD_REPEAT], "repeat", UINT32_MAX,
		&module.repeat) &&
	    nnv_cache_flag(cache, field[MOD_ABREAST], "abreast",
		&module.abreast) &&
	    nnv_cache_text(cache, field[MOD_DIFFERS], "differs",
		&module.differs) &&
	    read_call_sites(cache, field[MOD_SITES], &module.site) &&
	    add_module(cache, &module) != NNV_NONE;
}

static bool
read_modules(struct nnv_cache *cache, nnv_value modules)
{
	size_t n = nnv_value_len(cache->tree, modules);

	cache->table = "modules";
	if (modules != NNV_NO_VALUE &&
	    nnv_value_kind(cache->tree, modules) != NNV_MAP)
		return nnv_cache_fail(cache, modules, NULL, "a map");
	for (size_t i = 0; i < n; i++) {
		cache->key = nnv_value_text(cache->tree,
		    nnv_value_key(cache->tree, modules, i));
		if (!read_module(cache, nnv_value_at(cache->tree, modules, i)))
			return false;
	}
	cache->key = (struct nnv_str){ NULL, 0 };
	if (n > 0)
		return true;
	/* NNViz's title is the class of the model. */
	return add_module(cache,
		   &(struct nnv_module){ .parent = NNV_NONE,
		       .name = nnv_graph_name(cache->graph, NNV_STR("")),
		       .type = cache->graph->title }) != NNV_NONE;
}

enum { PARAM_NAME, PARAM_KIND, PARAM_COUNT, PARAM_SPEC, NPARAM };

static const struct nnv_str param_fields[NPARAM] = {
	[PARAM_NAME] = NNV_FIELD("name"),
	[PARAM_KIND] = NNV_FIELD("kind"),
	[PARAM_COUNT] = NNV_FIELD("count"),
	[PARAM_SPEC] = NNV_FIELD("spec"),
};

static bool
read_param(struct nnv_cache *cache, nnv_value v)
{
	struct nnv_param param = { .count = NNV_UNKNOWN };
	int kind = NNV_PARAM_TRAINABLE;
	nnv_value field[NPARAM];

	if (!nnv_cache_fields(cache, v, param_fields, NPARAM, field) ||
	    !nnv_cache_text(cache, field[PARAM_NAME], "name", &param.name) ||
	    !nnv_cache_word(cache, field[PARAM_KIND], "kind",
		nnv_cache_param_kinds, &kind) ||
	    !nnv_cache_count(cache, field[PARAM_COUNT], "count",
		&param.count) ||
	    !nnv_cache_spec(cache, field[PARAM_SPEC], &param.spec))
		return false;
	param.kind = (enum nnv_param_kind)kind;
	return nnv_graph_add_param(cache->graph, &param) != NNV_NONE ||
	    nnv_fail_memory(cache->diag);
}

static bool
read_params(struct nnv_cache *cache, nnv_value params)
{
	size_t n = nnv_value_len(cache->tree, params);

	cache->table = "parameters";
	if (!nnv_cache_list(cache, params, NULL))
		return false;
	for (cache->index = 0; cache->index < n; cache->index++)
		if (!read_param(cache,
			nnv_value_at(cache->tree, params, cache->index)))
			return false;
	cache->index = (size_t)NNV_CACHE_NO_INDEX;
	return true;
}

/* What nodes had that were hidden. */
static bool
read_unseen(struct nnv_cache *cache, nnv_value v)
{
	static const struct nnv_str names[] = { NNV_FIELD("parameters"),
		NNV_FIELD("macs"), NNV_FIELD("elementwise"),
		NNV_FIELD("activation_bytes"), NNV_FIELD("backward_macs"),
		NNV_FIELD("time_ns") };
	enum { PARAMS, MACS, ELEMENTWISE, BYTES, BACKWARD, TIME, NFIELDS };
	struct nnv_unseen *unseen = &cache->graph->unseen;
	struct nnv_cost *cost = &unseen->cost;
	nnv_value field[NFIELDS];

	cache->table = "unseen";
	if (v == NNV_NO_VALUE)
		return true;
	*cost = nnv_cost_unknown();
	return nnv_cache_fields(cache, v, names, NFIELDS, field) &&
	    nnv_cache_param_list(cache, field[PARAMS], &unseen->params,
		&unseen->nparams) &&
	    nnv_cache_count(cache, field[MACS], "macs", &cost->macs) &&
	    nnv_cache_count(cache, field[ELEMENTWISE], "elementwise",
		&cost->elementwise) &&
	    nnv_cache_count(cache, field[BYTES], "activation_bytes",
		&cost->activation_bytes) &&
	    nnv_cache_count(cache, field[BACKWARD], "backward_macs",
		&cost->backward_macs) &&
	    nnv_cache_count(cache, field[TIME], "time_ns", &unseen->time);
}

static bool
read_document(struct nnv_cache *cache, nnv_value root)
{
	struct nnv_cache_flow flow = { .ntensors = 0 };
	nnv_value top[NTOP];

	if (!nnv_cache_fields(cache, root, top_fields, NTOP, top))
		return false;
	flow.edges = top[TOP_EDGES];
	flow.edge_tensors = top[TOP_EDGE_TENSORS];
	flow.operands = top[TOP_OPERANDS];
	flow.tensors = top[TOP_TENSORS];
	return read_added(cache, top[TOP_ADDED], &flow.ntensors) &&
	    read_metadata(cache, top[TOP_METADATA]) &&
	    read_modules(cache, top[TOP_MODULES]) &&
	    read_params(cache, top[TOP_PARAMS]) &&
	    read_unseen(cache, top[TOP_UNSEEN]) &&
	    nnv_cache_kernels(cache, top[TOP_KERNELS]) &&
	    nnv_cache_nodes(cache, top[TOP_NODES]) &&
	    nnv_cache_edges(cache, &flow);
}

/* Whether it was drawn: it is no recording any more, or, as the cache of a
 * graph of NNViz has the level of a drawing too, it was measured. */
static bool
was_drawn(const struct nnv_graph *graph)
{
	bool drawn = nnv_graph_tells_buffers(graph) ||
	    graph->hidden[NNV_HIDDEN_ASKED] > 0;

	for (uint32_t v = 0; v < graph->nnodes && !drawn; v++)
		drawn = graph->nodes[v].cost.output_bytes != NNV_UNKNOWN;
	return drawn && graph->level != NNV_LEVEL_TRACE;
}

bool
nnv_graphjson_load(const struct nnv_tree *tree, nnv_value root,
    struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct nnv_cache cache = { .tree = tree,
		.graph = graph,
		.diag = diag,
		.table = "",
		.index = (size_t)NNV_CACHE_NO_INDEX };
	bool done;

	nnv_table_init(&cache.children);
	done = read_document(&cache, root);
	graph->drawn = done && was_drawn(graph);
	nnv_table_release(&cache.children);
	nnv_heap_free(cache.nodes);
	nnv_heap_free(cache.depths);
	return done && (!graph->failed || nnv_fail_memory(diag));
}
