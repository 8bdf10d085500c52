/*
 * Reading the nodes of a cached graph.
 *
 * The path places a node: all but its last component name the module, which is
 * made on first sight; where the file has modules of its own, "module" counts
 * and the path only tells the leaf. Joined names are never split: a component
 * may hold dots.
 */
#include "graphjson.h"

enum {
	N_TYPE,
	N_NAME,
	N_PATH,
	N_OP,
	N_FULL_OP,
	N_ARGS,
	N_KWARGS,
	N_HYPER,
	N_NPARAMS,
	N_PARAMS,
	N_KERNELS,
	N_TIME,
	N_MODULE,
	N_SELF,
	N_PHASE,
	N_CALL,
	N_NCALLS,
	N_MEMBERS,
	N_REPEAT,
	N_FADED,
	N_LIT,
	N_MASKED,
	N_FLOORED,
	N_HIDDEN,
	N_GRAD_OF,
	N_SOURCE,
	N_MACS,
	N_ELEMENTWISE,
	N_OUTPUT_ELEMENTS,
	N_OUTPUT_BYTES,
	N_ACTIVATION_BYTES,
	N_BACKWARD_MACS,
	N_EXTERNAL,
	NNODE
};

static const struct nnv_str node_fields[NNODE] = {
	[N_TYPE] = NNV_FIELD("node_type"),
	[N_NAME] = NNV_FIELD("name"),
	[N_PATH] = NNV_FIELD("path"),
	[N_OP] = NNV_FIELD("op"),
	[N_FULL_OP] = NNV_FIELD("full_op"),
	[N_ARGS] = NNV_FIELD("const_args"),
	[N_KWARGS] = NNV_FIELD("const_kwargs"),
	[N_HYPER] = NNV_FIELD("hyper"),
	[N_NPARAMS] = NNV_FIELD("n_parameters"),
	[N_PARAMS] = NNV_FIELD("parameters"),
	[N_KERNELS] = NNV_FIELD("kernels"),
	[N_TIME] = NNV_FIELD("time_ns"),
	[N_MODULE] = NNV_FIELD("module"),
	[N_SELF] = NNV_FIELD("self"),
	[N_PHASE] = NNV_FIELD("phase"),
	[N_CALL] = NNV_FIELD("call"),
	[N_NCALLS] = NNV_FIELD("ncalls"),
	[N_MEMBERS] = NNV_FIELD("members"),
	[N_REPEAT] = NNV_FIELD("repeat"),
	[N_FADED] = NNV_FIELD("faded"),
	[N_LIT] = NNV_FIELD("lit"),
	[N_MASKED] = NNV_FIELD("masked"),
	[N_FLOORED] = NNV_FIELD("floored"),
	[N_HIDDEN] = NNV_FIELD("hidden"),
	[N_GRAD_OF] = NNV_FIELD("grad_of"),
	[N_SOURCE] = NNV_FIELD("source"),
	[N_MACS] = NNV_FIELD("macs"),
	[N_ELEMENTWISE] = NNV_FIELD("elementwise"),
	[N_OUTPUT_ELEMENTS] = NNV_FIELD("output_elements"),
	[N_OUTPUT_BYTES] = NNV_FIELD("output_bytes"),
	[N_ACTIVATION_BYTES] = NNV_FIELD("activation_bytes"),
	[N_BACKWARD_MACS] = NNV_FIELD("backward_macs"),
	[N_EXTERNAL] = NNV_FIELD("external"),
};

/* The kind; what NNViz would refuse is an op, with a warning. */
static bool
read_kind(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	static const struct {
		struct nnv_str type;
		enum nnv_node_kind kind;
	} kinds[] = {
		{ NNV_FIELD("op"), NNV_NODE_OP },
		{ NNV_FIELD("collapsed"), NNV_NODE_GROUP },
		{ NNV_FIELD("input"), NNV_NODE_INPUT },
		{ NNV_FIELD("output"), NNV_NODE_OUTPUT },
	};
	struct nnv_str type = nnv_value_text(cache->tree, field[N_TYPE]);
	bool external = false, known = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (nnv_str_eq(type, kinds[i].type)) {
			node->kind = kinds[i].kind;
			known = true;
		}
	if (!known)
		nnv_warn(cache->diag, "node_type",
		    "nodes[\"%.*s\"] has no "
		    "node_type that is known: taken as an op",
		    cache->key.n < 80 ? (int)cache->key.n : 80, cache->key.p);
	if (!nnv_cache_flag(cache, field[N_EXTERNAL], "external", &external))
		return false;
	if (external)
		node->kind = NNV_NODE_EXTERNAL;
	return true;
}

/* Component I of a path. */
static bool
component(struct nnv_cache *cache, nnv_value path, size_t i, nnv_name *out)
{
	return nnv_cache_text(cache, nnv_value_at(cache->tree, path, i), "path",
	    out);
}

/* The module is told; the path is one component longer, or as long. */
static bool
place_by_module(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	size_t n = nnv_value_len(cache->tree, field[N_PATH]);
	size_t depth;

	if (!nnv_cache_index(cache, field[N_MODULE], "module",
		cache->graph->nmodules, &node->module))
		return false;
	depth = cache->depths[node->module];
	if (n == depth)
		return true;
	if (n != depth + 1)
		return nnv_cache_fail(cache, field[N_PATH], "path",
		    "the path of the module, and a name");
	return component(cache, field[N_PATH], depth, &node->leaf);
}

/* Only the path is told. What it leads to is a module for a collapsed node. */
static bool
place_by_path(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	size_t n = nnv_value_len(cache->tree, field[N_PATH]);
	nnv_name name = NNV_NO_NAME;

	for (size_t i = 0; i + 1 < n; i++) {
		if (!component(cache, field[N_PATH], i, &name))
			return false;
		node->module = nnv_cache_child(cache, node->module, name);
		if (node->module == NNV_NONE)
			return false;
	}
	if (n > 0 && !component(cache, field[N_PATH], n - 1, &node->leaf))
		return false;
	if (n > 0 && node->kind == NNV_NODE_GROUP)
		node->self = nnv_cache_child(cache, node->module, node->leaf);
	return n == 0 || node->kind != NNV_NODE_GROUP || node->self != NNV_NONE;
}

static bool
read_place(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	if (!nnv_cache_list(cache, field[N_PATH], "path"))
		return false;
	if (field[N_MODULE] == NNV_NO_VALUE)
		return place_by_path(cache, field, node);
	return place_by_module(cache, field, node) &&
	    nnv_cache_index(cache, field[N_SELF], "self",
		cache->graph->nmodules, &node->self);
}

/* Whether NAME is the components of PATH joined by dots. */
static bool
is_joined(const struct nnv_tree *tree, nnv_value path, struct nnv_str name)
{
	size_t n = nnv_value_len(tree, path);

	for (size_t i = 0; i < n; i++) {
		struct nnv_str part = nnv_value_text(tree,
		    nnv_value_at(tree, path, i));

		if (i > 0) {
			if (!nnv_str_starts(name, NNV_STR(".")))
				return false;
			name = nnv_str_from(name, 1);
		}
		if (!nnv_str_starts(name, part))
			return false;
		name = nnv_str_from(name, part.n);
	}
	return name.n == 0;
}

/* A name of its own is kept only where it says more than the path. */
static bool
read_name(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	struct nnv_str name = nnv_value_text(cache->tree, field[N_NAME]);

	if (field[N_NAME] == NNV_NO_VALUE) {
		nnv_warn(cache->diag, "name", "nodes[\"%.*s\"] has no name",
		    cache->key.n < 80 ? (int)cache->key.n : 80, cache->key.p);
		if (nnv_value_len(cache->tree, field[N_PATH]) == 0)
			node->name = node->key;
		return true;
	}
	if (nnv_value_kind(cache->tree, field[N_NAME]) == NNV_TEXT &&
	    is_joined(cache->tree, field[N_PATH], name))
		return true;
	return nnv_cache_text(cache, field[N_NAME], "name", &node->name);
}

static bool
add_arg(struct nnv_cache *cache, nnv_value v, struct nnv_text *text,
    struct nnv_arg *arg)
{
	nnv_text_clear(text);
	nnv_value_write_json(cache->tree, v, NNV_CACHE_ARG_DEPTH, text);
	if (nnv_text_failed(text))
		return nnv_fail_memory(cache->diag);
	arg->json = nnv_graph_name(cache->graph, nnv_text_str(text));
	return arg->json != NNV_NO_NAME || nnv_fail_memory(cache->diag);
}

static bool
fill_args(struct nnv_cache *cache, nnv_value list, nnv_value map,
    struct nnv_arg *args)
{
	size_t nlist = nnv_value_len(cache->tree, list);
	size_t nmap = nnv_value_len(cache->tree, map);
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i < nlist; i++)
		ok = add_arg(cache, nnv_value_at(cache->tree, list, i), &text,
		    &args[i]);
	for (size_t i = 0; ok && i < nmap; i++)
		ok = nnv_cache_text(cache, nnv_value_key(cache->tree, map, i),
			 "const_kwargs", &args[nlist + i].key) &&
		    add_arg(cache, nnv_value_at(cache->tree, map, i), &text,
			&args[nlist + i]);
	nnv_text_release(&text);
	return ok;
}

/* Positional arguments, then those by name; any JSON, kept as text. */
static bool
read_args(struct nnv_cache *cache, nnv_value list, nnv_value map,
    struct nnv_node *node)
{
	size_t n = nnv_value_len(cache->tree, list) +
	    nnv_value_len(cache->tree, map);
	struct nnv_arg *args;

	if (!nnv_cache_list(cache, list, "const_args"))
		return false;
	if (map != NNV_NO_VALUE && nnv_value_kind(cache->tree, map) != NNV_MAP)
		return nnv_cache_fail(cache, map, "const_kwargs", "a map");
	if (n == 0)
		return true;
	args = NNV_NEW_ARRAY(cache->graph->arena, n, struct nnv_arg);
	if (args == NULL)
		return nnv_fail_memory(cache->diag);
	node->args = args;
	node->nargs = (uint32_t)n;
	return fill_args(cache, list, map, args);
}

/* {"kernel": "7×7", ...}, in that order. */
static bool
read_hypers(struct nnv_cache *cache, nnv_value map, struct nnv_node *node)
{
	size_t n = nnv_value_len(cache->tree, map);
	struct nnv_hyper *hypers;

	if (map != NNV_NO_VALUE && nnv_value_kind(cache->tree, map) != NNV_MAP)
		return nnv_cache_fail(cache, map, "hyper", "a map");
	if (n == 0)
		return true;
	hypers = NNV_NEW_ARRAY(cache->graph->arena, n, struct nnv_hyper);
	if (hypers == NULL)
		return nnv_fail_memory(cache->diag);
	for (size_t i = 0; i < n; i++)
		if (!nnv_cache_text(cache, nnv_value_key(cache->tree, map, i),
			"hyper", &hypers[i].key) ||
		    !nnv_cache_text(cache, nnv_value_at(cache->tree, map, i),
			"hyper", &hypers[i].text))
			return false;
	node->hypers = hypers;
	node->nhypers = (uint32_t)n;
	return true;
}

/* NNViz counts parameters for each node: they are one of its own. */
static bool
own_param(struct nnv_cache *cache, nnv_value v, struct nnv_node *node)
{
	struct nnv_param param = { .kind = NNV_PARAM_TRAINABLE };
	uint32_t *list;

	if (!nnv_cache_count(cache, v, "n_parameters", &param.count))
		return false;
	if (param.count == 0)
		return true;
	list = NNV_NEW(cache->graph->arena, uint32_t);
	if (list == NULL)
		return nnv_fail_memory(cache->diag);
	*list = nnv_graph_add_param(cache->graph, &param);
	node->params = list;
	node->nparams = 1;
	return *list != NNV_NONE || nnv_fail_memory(cache->diag);
}

bool
nnv_cache_param_list(struct nnv_cache *cache, nnv_value v,
    const uint32_t **params, uint32_t *nparams)
{
	size_t n = nnv_value_len(cache->tree, v);
	uint32_t *list;

	if (!nnv_cache_list(cache, v, "parameters"))
		return false;
	list = NNV_NEW_ARRAY(cache->graph->arena, n, uint32_t);
	if (list == NULL)
		return nnv_fail_memory(cache->diag);
	for (size_t i = 0; i < n; i++) {
		nnv_value item = nnv_value_at(cache->tree, v, i);

		if (!nnv_cache_index(cache, item, "parameters",
			cache->graph->nparams, &list[i]))
			return false;
		if (i > 0 && list[i] <= list[i - 1])
			return nnv_cache_fail(cache, item, "parameters",
			    "ascending indices");
	}
	*params = n > 0 ? list : NULL;
	*nparams = (uint32_t)n;
	return true;
}

static bool
read_params(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	int64_t sum = 0;

	if (field[N_PARAMS] == NNV_NO_VALUE && !cache->ours)
		return own_param(cache, field[N_NPARAMS], node);
	return nnv_cache_count(cache, field[N_NPARAMS], "n_parameters", &sum) &&
	    nnv_cache_param_list(cache, field[N_PARAMS], &node->params,
		&node->nparams);
}

static bool
read_cost(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_cost *cost)
{
	return nnv_cache_count(cache, field[N_MACS], "macs", &cost->macs) &&
	    nnv_cache_count(cache, field[N_ELEMENTWISE], "elementwise",
		&cost->elementwise) &&
	    nnv_cache_count(cache, field[N_OUTPUT_ELEMENTS], "output_elements",
		&cost->output_elements) &&
	    nnv_cache_count(cache, field[N_OUTPUT_BYTES], "output_bytes",
		&cost->output_bytes) &&
	    nnv_cache_count(cache, field[N_ACTIVATION_BYTES],
		"activation_bytes", &cost->activation_bytes) &&
	    nnv_cache_count(cache, field[N_BACKWARD_MACS], "backward_macs",
		&cost->backward_macs);
}

/* What nnviz-c adds to a node. */
static bool
read_added(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_node *node)
{
	int phase = NNV_FORWARD, hide = NNV_SHOWN;

	if (field[N_PHASE] != NNV_NO_VALUE) {
		phase = nnv_phase_named(nnv_value_text(cache->tree,
		    field[N_PHASE]));
		if (phase == NNV_NPHASES)
			return nnv_cache_fail(cache, field[N_PHASE], "phase",
			    "the name of a phase");
	}
	if (!nnv_cache_word(cache, field[N_HIDDEN], "hidden", nnv_cache_hidden,
		&hide))
		return false;
	if (!nnv_cache_flag(cache, field[N_FADED], "faded", &node->faded) ||
	    !nnv_cache_flag(cache, field[N_LIT], "lit", &node->lit) ||
	    !nnv_cache_flag(cache, field[N_MASKED], "masked", &node->masked) ||
	    !nnv_cache_flag(cache, field[N_FLOORED], "floored", &node->floored))
		return false;
	node->phase = (enum nnv_phase)phase;
	node->hide = (enum nnv_hidden)hide;
	return nnv_cache_index(cache, field[N_CALL], "call", UINT32_MAX,
		   &node->call) &&
	    nnv_cache_index(cache, field[N_NCALLS], "ncalls", UINT32_MAX,
		&node->ncalls) &&
	    nnv_cache_index(cache, field[N_MEMBERS], "members", UINT32_MAX,
		&node->nmembers) &&
	    nnv_cache_index(cache, field[N_REPEAT], "repeat", UINT32_MAX,
		&node->repeat) &&
	    nnv_cache_site(cache, field[N_SOURCE], "source", &node->site);
}

/* A forward node may come later in the file: until all are read, the link is
 * the name of its key. */
static bool
read_grad_of(struct nnv_cache *cache, nnv_value v, struct nnv_node *node)
{
	nnv_name key = NNV_NO_NAME;

	if (v == NNV_NO_VALUE)
		return true;
	if (!nnv_cache_text(cache, v, "grad_of", &key))
		return false;
	node->grad_of = key;
	return true;
}

static bool
resolve_grad_of(struct nnv_cache *cache)
{
	struct nnv_graph *graph = cache->graph;

	for (uint32_t i = 0; i < graph->nnodes; i++) {
		struct nnv_node *node = &graph->nodes[i];
		nnv_name key = node->grad_of;
		const uint32_t *known;

		if (key == NNV_NONE)
			continue;
		known = nnv_cache_node(cache, key);
		if (known == NULL)
			return nnv_fail_memory(cache->diag);
		node->grad_of = *known;
		if (node->grad_of == NNV_NONE)
			nnv_warn(cache->diag, "grad_of",
			    "grad_of \"%s\" is not among the nodes",
			    nnv_graph_text(graph, key).p);
	}
	return true;
}

/* Names are numbers without gaps: a table of them is an array. */
uint32_t *
nnv_cache_node(struct nnv_cache *cache, nnv_name key)
{
	size_t n = cache->node_cap;
	void *nodes = cache->nodes;

	if (key >= n) {
		if (!nnv_heap_grow(&nodes, &cache->node_cap,
			cache->graph->names->ntexts, sizeof(*cache->nodes)))
			return NULL;
		cache->nodes = nodes;
		memset(cache->nodes + n, 0xff,
		    (cache->node_cap - n) * sizeof(*cache->nodes));
	}
	return &cache->nodes[key];
}

static bool
read_node(struct nnv_cache *cache, nnv_value v, nnv_name key)
{
	struct nnv_node node = nnv_node_blank(NNV_NODE_OP);
	uint32_t *known = nnv_cache_node(cache, key);
	nnv_value field[NNODE];

	if (known == NULL)
		return nnv_fail_memory(cache->diag);
	if (*known != NNV_NONE) {
		nnv_warn(cache->diag, "key", "nodes[\"%s\"] occurs twice",
		    nnv_graph_text(cache->graph, key).p);
		return true;
	}
	*known = cache->graph->nnodes;
	node.key = key;
	return nnv_cache_fields(cache, v, node_fields, NNODE, field) &&
	    read_kind(cache, field, &node) && read_place(cache, field, &node) &&
	    read_name(cache, field, &node) &&
	    nnv_cache_text(cache, field[N_OP], "op", &node.op) &&
	    nnv_cache_text(cache, field[N_FULL_OP], "full_op", &node.full_op) &&
	    read_args(cache, field[N_ARGS], field[N_KWARGS], &node) &&
	    read_hypers(cache, field[N_HYPER], &node) &&
	    read_params(cache, field, &node) &&
	    nnv_cache_node_kernels(cache, field[N_KERNELS], &node) &&
	    nnv_cache_count(cache, field[N_TIME], "time_ns", &node.time) &&
	    read_added(cache, field, &node) &&
	    read_cost(cache, field, &node.cost) &&
	    read_grad_of(cache, field[N_GRAD_OF], &node) &&
	    (nnv_graph_add_node(cache->graph, &node) != NNV_NONE ||
		nnv_fail_memory(cache->diag));
}

bool
nnv_cache_nodes(struct nnv_cache *cache, nnv_value nodes)
{
	const struct nnv_tree *tree = cache->tree;
	size_t n = nnv_value_len(tree, nodes);

	cache->table = "nodes";
	if (nnv_value_kind(tree, nodes) != NNV_MAP)
		return nnv_cache_fail(cache, nodes, NULL, "a map");
	if (n == 0)
		return nnv_fail_at(cache->diag, NNV_E_EMPTY,
		    nnv_value_place(tree, nodes), "there are no nodes");
	nnv_names_expect(cache->graph->names, n);
	for (size_t i = 0; i < n; i++) {
		nnv_value v = nnv_value_key(tree, nodes, i);
		nnv_name key = NNV_NO_NAME;

		cache->key = nnv_value_text(tree, v);
		if (!nnv_cache_text(cache, v, "key", &key) ||
		    !read_node(cache, nnv_value_at(tree, nodes, i), key))
			return false;
	}
	cache->key = (struct nnv_str){ NULL, 0 };
	return resolve_grad_of(cache);
}
