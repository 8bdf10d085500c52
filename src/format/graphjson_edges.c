/*
 * Reading the edges of a cached graph, and the tensors that flow along them.
 *
 * An edge is [source, target, key, spec]. In NNViz's files a tensor is a
 * distinct (source, key), split where its spec differs from edge to edge, and
 * tensors are counted in the order of first use. Files of nnviz-c may say which
 * tensor each edge carries ("edge_tensors") where that order is another, and
 * which operand it is ("operands") where edges into a node do not simply count
 * up; "tensors" tells what edges cannot: names, parameters, and tensors that
 * nothing consumes.
 */
#include "graphjson.h"

enum {
	AHEAD = 8, /* edges that memory is asked for in advance */
	RECENT = 8 /* spellings of specs that are tried first */
};

struct known_spec {
	nnv_name id; /* its text as we write it, of which there is one */
	const struct nnv_spec *spec;
};

/* A spec as it stands in the file. */
struct spelling {
	struct nnv_str source;
	nnv_name name;
};

/* Specs by their text, so that equal ones are one and compare by number. */
struct specs {
	struct nnv_names texts;
	struct nnv_text scratch;
	struct known_spec *known; /* by name of any of its texts */
	size_t cap;
	struct spelling recent[RECENT]; /* an edge's is often that of another */
	size_t oldest;
};

/* What the first edge that leaves a node carries: mostly all that do. */
struct carried {
	nnv_name key, id; /* of the tensor and its spec */
	uint32_t tensor;
};

struct flow {
	struct nnv_cache *cache;
	const struct nnv_cache_flow *file;
	struct specs specs;
	struct carried *carried; /* by node that the file has */
	uint32_t ncarried;
	/* what else nodes give */
	struct nnv_table sources; /* producer, key -> a number */
	uint32_t nsources;
	struct nnv_table tensors; /* that number, spec -> tensor */
};

/* Room for every text that has a name; what is new is not known yet. */
static bool
specs_grow(struct specs *specs, size_t *n)
{
	void *known = specs->known;

	if (!nnv_heap_grow(&known, &specs->cap, specs->texts.ntexts,
		sizeof(*specs->known)))
		return false;
	specs->known = known;
	for (; *n < specs->texts.ntexts; ++*n)
		specs->known[*n] = (struct known_spec){ NNV_NO_NAME, NULL };
	return true;
}

/* The name of what SCRATCH holds. */
static nnv_name
specs_name(struct specs *specs)
{
	if (nnv_text_failed(&specs->scratch))
		return NNV_NO_NAME;
	return nnv_names_add(&specs->texts, nnv_text_str(&specs->scratch));
}

/* The name of the spec at V as it is written in the file. */
static nnv_name
specs_source(struct specs *specs, const struct nnv_tree *tree, nnv_value v)
{
	struct spelling spelling;

	for (size_t i = 0; i < RECENT; i++)
		if (nnv_value_is_spelled(tree, v, specs->recent[i].source))
			return specs->recent[i].name;
	spelling.source = nnv_value_source(tree, v);
	if (spelling.source.p != NULL) {
		spelling.name = nnv_names_add(&specs->texts, spelling.source);
		specs->recent[specs->oldest++ % RECENT] = spelling;
		return spelling.name;
	}
	nnv_text_clear(&specs->scratch);
	nnv_value_write_json(tree, v, NNV_CACHE_ARG_DEPTH, &specs->scratch);
	return specs_name(specs);
}

/*
 * The spec at V. It is looked up by its text as it stands there, and on first
 * sight of that by its text as we write it.
 */
static bool
specs_read(struct flow *flow, nnv_value v, struct known_spec *out)
{
	struct nnv_cache *cache = flow->cache;
	struct specs *specs = &flow->specs;
	size_t n = specs->texts.ntexts;
	nnv_name raw, id;

	raw = specs_source(specs, cache->tree, v);
	if (raw == NNV_NO_NAME)
		return nnv_fail_memory(cache->diag);
	if (raw < n && specs->known[raw].id != NNV_NO_NAME) {
		*out = specs->known[raw];
		return true;
	}
	if (!nnv_cache_spec(cache, v, &out->spec))
		return false;
	nnv_text_clear(&specs->scratch);
	nnv_cache_put_spec(&specs->scratch, cache->graph, out->spec);
	id = specs_name(specs);
	if (id == NNV_NO_NAME || !specs_grow(specs, &n))
		return nnv_fail_memory(cache->diag);
	if (specs->known[id].id == NNV_NO_NAME)
		specs->known[id] = (struct known_spec){ id, out->spec };
	*out = specs->known[raw] = specs->known[id];
	return true;
}

/* The node at one END of an edge; one that is not there is added. */
static bool
read_end(struct flow *flow, nnv_value v, const char *end, uint32_t *out)
{
	struct nnv_cache *cache = flow->cache;
	struct nnv_node node = nnv_node_blank(NNV_NODE_EXTERNAL);
	uint32_t *known;

	if (nnv_value_kind(cache->tree, v) != NNV_TEXT)
		return nnv_cache_fail(cache, v, end, "the key of a node");
	if (!nnv_cache_text(cache, v, end, &node.key))
		return false;
	known = nnv_cache_node(cache, node.key);
	if (known == NULL)
		return nnv_fail_memory(cache->diag);
	if (*known == NNV_NONE) {
		node.leaf = node.key;
		nnv_warn(cache->diag, "edge",
		    "edges[%zu]: %s \"%s\" is not among the nodes",
		    cache->index, end,
		    nnv_graph_text(cache->graph, node.key).p);
		*known = nnv_graph_add_node(cache->graph, &node);
		if (*known == NNV_NONE)
			return nnv_fail_memory(cache->diag);
	}
	*out = *known;
	return true;
}

/* Where the tensor of (SRC, KEY, spec ID) is noted. */
static uint32_t *
tensor_of(struct flow *flow, uint32_t src, nnv_name key, nnv_name id)
{
	struct carried *carried = src < flow->ncarried ? &flow->carried[src]
						       : NULL;
	uint32_t *source;

	if (carried != NULL && carried->id == NNV_NO_NAME)
		*carried = (struct carried){ key, id, NNV_TABLE_NONE };
	if (carried != NULL && carried->key == key && carried->id == id)
		return &carried->tensor;
	source = nnv_table_at(&flow->sources, nnv_table_pair(src, key));
	if (source == NULL)
		return NULL;
	if (*source == NNV_TABLE_NONE)
		*source = flow->nsources++;
	return nnv_table_at(&flow->tensors, nnv_table_pair(*source, id));
}

/* The tensor that the edge tells, made on first sight. */
static bool
find_tensor(struct flow *flow, nnv_value spec, struct nnv_tensor *tensor,
    uint32_t *out)
{
	struct nnv_cache *cache = flow->cache;
	struct known_spec known = { NNV_NO_NAME, NULL };
	uint32_t *found;

	if (!specs_read(flow, spec, &known))
		return false;
	tensor->spec = known.spec;
	found = tensor_of(flow, tensor->producer, tensor->key, known.id);
	if (found == NULL)
		return nnv_fail_memory(cache->diag);
	if (*found == NNV_TABLE_NONE)
		*found = nnv_graph_add_tensor(cache->graph, tensor);
	*out = *found;
	return *out != NNV_NONE || nnv_fail_memory(cache->diag);
}

/* The tensor that "edge_tensors" tells; its first edge describes it. */
static bool
take_tensor(struct flow *flow, nnv_value spec, struct nnv_tensor *tensor,
    uint32_t *out)
{
	struct nnv_cache *cache = flow->cache;
	struct nnv_graph *graph = cache->graph;
	nnv_value index = nnv_value_at(cache->tree, flow->file->edge_tensors,
	    cache->index);
	struct nnv_tensor *known;

	if (!nnv_cache_index(cache, index, "tensor", graph->ntensors, out))
		return false;
	known = &graph->tensors[*out];
	if (known->producer != NNV_NONE)
		return true;
	if (!nnv_cache_spec(cache, spec, &tensor->spec))
		return false;
	*known = *tensor;
	return true;
}

static bool
read_edge(struct flow *flow, nnv_value v)
{
	struct nnv_cache *cache = flow->cache;
	const struct nnv_tree *tree = cache->tree;
	struct nnv_tensor tensor = { .producer = NNV_NONE, .param = NNV_NONE };
	struct nnv_edge edge = { .operand = 0 };
	nnv_value key, spec;
	bool told = flow->file->edge_tensors != NNV_NO_VALUE;

	if (!nnv_value_is_seq(tree, v) || nnv_value_len(tree, v) != 4)
		return nnv_cache_fail(cache, v, NULL,
		    "[source, target, key, spec]");
	key = nnv_value_at(tree, v, 2);
	if (nnv_value_kind(tree, key) == NNV_NULL)
		key = NNV_NO_VALUE;
	spec = nnv_value_at(tree, v, 3);
	if (!read_end(flow, nnv_value_at(tree, v, 0), "source", &edge.src) ||
	    !read_end(flow, nnv_value_at(tree, v, 1), "target", &edge.dst) ||
	    !nnv_cache_text(cache, key, "key", &tensor.key))
		return false;
	tensor.producer = edge.src;
	if (!(told ? take_tensor(flow, spec, &tensor, &edge.tensor)
		   : find_tensor(flow, spec, &tensor, &edge.tensor)))
		return false;
	return nnv_graph_add_edge(cache->graph, &edge) != NNV_NONE ||
	    nnv_fail_memory(cache->diag);
}

/* Edges into a node count up, unless the file says which operands they are. */
static bool
number_operands(struct nnv_cache *cache, nnv_value operands)
{
	struct nnv_graph *graph = cache->graph;
	uint32_t *next = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*next));

	if (next == NULL)
		return nnv_fail_memory(cache->diag);
	for (uint32_t i = 0; i < graph->nedges; i++)
		graph->edges[i].operand = next[graph->edges[i].dst]++;
	nnv_heap_free(next);
	if (operands == NNV_NO_VALUE)
		return true;
	for (uint32_t i = 0; i < graph->nedges; i++)
		if (!nnv_cache_index(cache,
			nnv_value_at(cache->tree, operands, i), NULL,
			UINT32_MAX, &graph->edges[i].operand))
			return false;
	return true;
}

/* [elements, NaN, infinities, minimum, maximum, mean] */
static bool
read_values(struct nnv_cache *cache, nnv_value v, struct nnv_tensor *tensor)
{
	const struct nnv_tree *tree = cache->tree;
	struct nnv_values *values;
	bool ok;

	if (v == NNV_NO_VALUE)
		return true;
	values = NNV_NEW_ARRAY(cache->graph->arena, 1, struct nnv_values);
	if (values == NULL)
		return nnv_fail_memory(cache->diag);
	ok = nnv_value_kind(tree, v) == NNV_LIST &&
	    nnv_value_len(tree, v) == 6 &&
	    nnv_value_int(tree, nnv_value_at(tree, v, 0), &values->count) &&
	    nnv_value_int(tree, nnv_value_at(tree, v, 1), &values->nans) &&
	    nnv_value_int(tree, nnv_value_at(tree, v, 2),
		&values->infinities) &&
	    nnv_value_real(tree, nnv_value_at(tree, v, 3), &values->min) &&
	    nnv_value_real(tree, nnv_value_at(tree, v, 4), &values->max) &&
	    nnv_value_real(tree, nnv_value_at(tree, v, 5), &values->mean) &&
	    values->nans >= 0 && values->infinities >= 0 &&
	    values->nans <= values->count &&
	    values->infinities <= values->count - values->nans;
	tensor->values = values;
	return ok ||
	    nnv_cache_fail(cache, v, "values",
		"three counts and three numbers");
}

enum {
	T_TENSOR,
	T_PRODUCER,
	T_KEY,
	T_SPEC,
	T_NAME,
	T_PARAM,
	T_MARK,
	T_VALUES,
	NTENSOR
};

static const struct nnv_str tensor_fields[NTENSOR] = {
	[T_TENSOR] = NNV_FIELD("tensor"),
	[T_PRODUCER] = NNV_FIELD("producer"),
	[T_KEY] = NNV_FIELD("key"),
	[T_SPEC] = NNV_FIELD("spec"),
	[T_NAME] = NNV_FIELD("name"),
	[T_PARAM] = NNV_FIELD("parameter"),
	[T_MARK] = NNV_FIELD("mark"),
	[T_VALUES] = NNV_FIELD("values"),
};

static bool
read_producer(struct nnv_cache *cache, nnv_value v, uint32_t *producer)
{
	nnv_name key = NNV_NO_NAME;
	const uint32_t *known;

	if (v == NNV_NO_VALUE)
		return true;
	if (!nnv_cache_text(cache, v, "producer", &key))
		return false;
	known = nnv_cache_node(cache, key);
	if (known == NULL)
		return nnv_fail_memory(cache->diag);
	*producer = *known;
	return *producer != NNV_NONE ||
	    nnv_cache_fail(cache, v, "producer", "the key of a node");
}

static bool
read_tensor(struct nnv_cache *cache, nnv_value v)
{
	struct nnv_graph *graph = cache->graph;
	struct nnv_tensor *tensor;
	nnv_value field[NTENSOR];
	uint32_t index = 0;

	if (!nnv_cache_fields(cache, v, tensor_fields, NTENSOR, field))
		return false;
	if (field[T_TENSOR] == NNV_NO_VALUE)
		return nnv_cache_fail(cache, v, "tensor", "an index");
	if (!nnv_cache_index(cache, field[T_TENSOR], "tensor", graph->ntensors,
		&index))
		return false;
	tensor = &graph->tensors[index];
	return read_producer(cache, field[T_PRODUCER], &tensor->producer) &&
	    nnv_cache_text(cache, field[T_KEY], "key", &tensor->key) &&
	    (field[T_SPEC] == NNV_NO_VALUE ||
		nnv_cache_spec(cache, field[T_SPEC], &tensor->spec)) &&
	    nnv_cache_text(cache, field[T_NAME], "name", &tensor->name) &&
	    nnv_cache_text(cache, field[T_MARK], "mark", &tensor->mark) &&
	    read_values(cache, field[T_VALUES], tensor) &&
	    nnv_cache_index(cache, field[T_PARAM], "parameter", graph->nparams,
		&tensor->param);
}

static bool
read_tensors(struct nnv_cache *cache, nnv_value tensors)
{
	size_t n = nnv_value_len(cache->tree, tensors);

	cache->table = "tensors";
	for (cache->index = 0; cache->index < n; cache->index++)
		if (!read_tensor(cache,
			nnv_value_at(cache->tree, tensors, cache->index)))
			return false;
	cache->index = (size_t)NNV_CACHE_NO_INDEX;
	return true;
}

/* Every edge leaves the node that makes its tensor. */
static bool
check_sources(struct nnv_cache *cache)
{
	const struct nnv_graph *graph = cache->graph;

	for (uint32_t i = 0; i < graph->nedges; i++) {
		const struct nnv_edge *edge = &graph->edges[i];

		if (graph->tensors[edge->tensor].producer != edge->src)
			return nnv_fail(cache->diag, NNV_E_SCHEMA,
			    "edges[%lu] has a tensor that another node makes",
			    (unsigned long)i);
	}
	return true;
}

/* Tensors without anything known of them, until there are N. */
static bool
add_blank_tensors(struct nnv_cache *cache, uint32_t n)
{
	struct nnv_tensor blank = { .producer = NNV_NONE, .param = NNV_NONE };

	while (cache->graph->ntensors < n)
		if (nnv_graph_add_tensor(cache->graph, &blank) == NNV_NONE)
			return nnv_fail_memory(cache->diag);
	return true;
}

/* The four lists fit together, before anything is made of them. */
static bool
check_lists(struct nnv_cache *cache, const struct nnv_cache_flow *file)
{
	const struct nnv_tree *tree = cache->tree;
	size_t n = nnv_value_len(tree, file->edges);

	if (!nnv_cache_list(cache, file->edges, "edges") ||
	    !nnv_cache_list(cache, file->edge_tensors, "edge_tensors") ||
	    !nnv_cache_list(cache, file->operands, "operands") ||
	    !nnv_cache_list(cache, file->tensors, "tensors"))
		return false;
	if ((file->edge_tensors != NNV_NO_VALUE &&
		nnv_value_len(tree, file->edge_tensors) != n) ||
	    (file->operands != NNV_NO_VALUE &&
		nnv_value_len(tree, file->operands) != n))
		return nnv_fail(cache->diag, NNV_E_SCHEMA,
		    "edge_tensors and operands are not as long as edges");
	if (file->ntensors > n + nnv_value_len(tree, file->tensors))
		return nnv_fail(cache->diag, NNV_E_SCHEMA,
		    "nnviz_c.counts.tensors: %lu is more than the file tells "
		    "of",
		    (unsigned long)file->ntensors);
	return true;
}

/* An edge will be read soon: its target and its tensor are looked up. */
static void
expect_edge(const struct nnv_cache *cache, nnv_value v)
{
	const struct nnv_tree *tree = cache->tree;
	const struct nnv_names *names = cache->graph->names;

	if (nnv_value_len(tree, v) != 4)
		return;
	nnv_names_hint(names, nnv_value_text(tree, nnv_value_at(tree, v, 1)));
	nnv_names_hint(names, nnv_value_text(tree, nnv_value_at(tree, v, 2)));
}

static bool
read_flow(struct flow *flow)
{
	struct nnv_cache *cache = flow->cache;
	const struct nnv_cache_flow *file = flow->file;
	size_t n = nnv_value_len(cache->tree, file->edges);

	if (file->edge_tensors != NNV_NO_VALUE &&
	    !add_blank_tensors(cache, file->ntensors))
		return false;
	cache->table = "edges";
	nnv_names_expect(cache->graph->names, n);
	for (cache->index = 0; cache->index < n; cache->index++) {
		expect_edge(cache,
		    nnv_value_at(cache->tree, file->edges,
			cache->index + AHEAD));
		if (!read_edge(flow,
			nnv_value_at(cache->tree, file->edges, cache->index)))
			return false;
	}
	cache->index = (size_t)NNV_CACHE_NO_INDEX;
	cache->table = "operands";
	return number_operands(cache, file->operands) &&
	    add_blank_tensors(cache, file->ntensors) &&
	    read_tensors(cache, file->tensors) && check_sources(cache);
}

bool
nnv_cache_edges(struct nnv_cache *cache, const struct nnv_cache_flow *file)
{
	struct flow flow = { .cache = cache,
		.file = file,
		.specs = { .scratch = NNV_TEXT_EMPTY } };
	bool done;

	cache->table = "";
	if (!check_lists(cache, file))
		return false;
	nnv_names_init(&flow.specs.texts);
	nnv_table_init(&flow.sources);
	nnv_table_init(&flow.tensors);
	flow.ncarried = cache->graph->nnodes;
	flow.carried = nnv_heap_alloc(flow.ncarried + (size_t)1,
	    sizeof(*flow.carried));
	done = flow.carried != NULL ? read_flow(&flow)
				    : nnv_fail_memory(cache->diag);
	nnv_heap_free(flow.carried);
	nnv_table_release(&flow.tensors);
	nnv_table_release(&flow.sources);
	nnv_heap_free(flow.specs.known);
	nnv_text_release(&flow.specs.scratch);
	nnv_names_release(&flow.specs.texts);
	return done;
}
