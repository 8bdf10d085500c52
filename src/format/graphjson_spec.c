/*
 * Specs, both ways: what is known of a value that flows along an edge.
 *
 *	{"spec_type":"tensor","shape":[1,3],"dtype":"torch.float32"}
 *	{"spec_type":"builtin","name":"int"}
 *	{"spec_type":"list","elements":[SPEC,...]}	tuples too
 *	{"spec_type":"map","elements":{"a":SPEC,...}}
 *	{"spec_type":"unknown"}
 *
 * A tensor that stands for a row of them has a second shape, "last".
 * They nest, to a depth that is counted: the readers recurse.
 */
#include "graphjson.h"

static const char *const spec_types[] = {
	[NNV_SPEC_TENSOR] = "tensor",
	[NNV_SPEC_BUILTIN] = "builtin",
	[NNV_SPEC_LIST] = "list",
	[NNV_SPEC_MAP] = "map",
	[NNV_SPEC_UNKNOWN] = "unknown",
};

enum {
	SPEC_TYPE,
	SPEC_SHAPE,
	SPEC_LAST,
	SPEC_DTYPE,
	SPEC_NAME,
	SPEC_ELEMENTS,
	NSPEC
};

static const struct nnv_str spec_fields[NSPEC] = {
	[SPEC_TYPE] = NNV_FIELD("spec_type"),
	[SPEC_SHAPE] = NNV_FIELD("shape"),
	[SPEC_LAST] = NNV_FIELD("last"),
	[SPEC_DTYPE] = NNV_FIELD("dtype"),
	[SPEC_NAME] = NNV_FIELD("name"),
	[SPEC_ELEMENTS] = NNV_FIELD("elements"),
};

static bool
read_extents(struct nnv_cache *cache, nnv_value shape, const char *name,
    const int64_t **out, uint32_t *out_n)
{
	size_t n = nnv_value_len(cache->tree, shape);
	int64_t *extents = NNV_NEW_ARRAY(cache->graph->arena, n, int64_t);

	if (!nnv_cache_list(cache, shape, name))
		return false;
	if (extents == NULL)
		return nnv_fail_memory(cache->diag);
	for (size_t i = 0; i < n; i++) {
		nnv_value extent = nnv_value_at(cache->tree, shape, i);

		if (!nnv_value_int(cache->tree, extent, &extents[i]))
			return nnv_cache_fail(cache, extent, name, "integers");
	}
	*out = extents;
	*out_n = (uint32_t)n;
	return true;
}

static bool
read_shape(struct nnv_cache *cache, const nnv_value *field,
    struct nnv_spec *spec)
{
	uint32_t n = 0;

	if (!read_extents(cache, field[SPEC_SHAPE], "shape", &spec->shape,
		&spec->n))
		return false;
	if (field[SPEC_LAST] == NNV_NO_VALUE)
		return true;
	return read_extents(cache, field[SPEC_LAST], "last", &spec->last, &n) &&
	    (n == spec->n ||
		nnv_cache_fail(cache, field[SPEC_LAST], "last",
		    "as long as shape"));
}

static bool read_spec(struct nnv_cache *cache, nnv_value v, int depth,
    const struct nnv_spec **out);

static bool
read_elements(struct nnv_cache *cache, nnv_value v, int depth,
    struct nnv_spec *spec)
{
	bool map = spec->kind == NNV_SPEC_MAP;
	size_t n = nnv_value_len(cache->tree, v);
	const struct nnv_spec **elements = NNV_NEW_ARRAY(cache->graph->arena, n,
	    const struct nnv_spec *);
	nnv_name *keys = NNV_NEW_ARRAY(cache->graph->arena, map ? n : 0,
	    nnv_name);

	if (v != NNV_NO_VALUE &&
	    (map ? nnv_value_kind(cache->tree, v) != NNV_MAP
		 : !nnv_value_is_seq(cache->tree, v)))
		return nnv_cache_fail(cache, v, "elements",
		    map ? "a map" : "a list");
	if (elements == NULL || keys == NULL)
		return nnv_fail_memory(cache->diag);
	for (size_t i = 0; i < n; i++) {
		if (map &&
		    !nnv_cache_text(cache, nnv_value_key(cache->tree, v, i),
			"elements", &keys[i]))
			return false;
		if (!read_spec(cache, nnv_value_at(cache->tree, v, i),
			depth - 1, &elements[i]))
			return false;
	}
	spec->elements = elements;
	spec->keys = map ? keys : NULL;
	spec->n = (uint32_t)n;
	return true;
}

/* The kind, which NNViz's files always name; an unheard-of one is not known. */
static enum nnv_spec_kind
spec_kind(struct nnv_cache *cache, nnv_value type)
{
	struct nnv_str text = nnv_value_text(cache->tree, type);

	for (int kind = 0; kind <= NNV_SPEC_UNKNOWN; kind++)
		if (nnv_str_eq(text, nnv_str(spec_types[kind])))
			return (enum nnv_spec_kind)kind;
	nnv_warn(cache->diag, "spec",
	    "%s[%zu]: spec_type \"%.*s\" is not known", cache->table,
	    cache->index, text.n < 64 ? (int)text.n : 64,
	    text.p != NULL ? text.p : "");
	return NNV_SPEC_UNKNOWN;
}

static bool
read_spec(struct nnv_cache *cache, nnv_value v, int depth,
    const struct nnv_spec **out)
{
	struct nnv_spec *spec = NNV_NEW(cache->graph->arena, struct nnv_spec);
	nnv_value field[NSPEC];

	if (spec == NULL)
		return nnv_fail_memory(cache->diag);
	if (depth == 0)
		return nnv_fail_at(cache->diag, NNV_E_LIMIT,
		    nnv_value_place(cache->tree, v),
		    "%s[%zu]: a spec nested deeper than %d", cache->table,
		    cache->index, NNV_CACHE_SPEC_DEPTH);
	if (!nnv_cache_fields(cache, v, spec_fields, NSPEC, field))
		return false;
	*out = spec;
	spec->kind = spec_kind(cache, field[SPEC_TYPE]);
	switch (spec->kind) {
	case NNV_SPEC_TENSOR:
		return read_shape(cache, field, spec) &&
		    nnv_cache_text(cache, field[SPEC_DTYPE], "dtype",
			&spec->type);
	case NNV_SPEC_BUILTIN:
		return nnv_cache_text(cache, field[SPEC_NAME], "name",
		    &spec->type);
	case NNV_SPEC_LIST:
	case NNV_SPEC_MAP:
		return read_elements(cache, field[SPEC_ELEMENTS], depth, spec);
	default:
		return true;
	}
}

bool
nnv_cache_spec(struct nnv_cache *cache, nnv_value v,
    const struct nnv_spec **out)
{
	enum nnv_kind kind = nnv_value_kind(cache->tree, v);

	*out = NULL;
	if (kind == NNV_ABSENT || kind == NNV_NULL)
		return true;
	return read_spec(cache, v, NNV_CACHE_SPEC_DEPTH, out);
}

void
nnv_cache_put_text(struct nnv_text *out, struct nnv_str text)
{
	nnv_text_addc(out, '"');
	nnv_text_add_json(out, text);
	nnv_text_addc(out, '"');
}

static void
put_shape(struct nnv_text *out, const char *field, const int64_t *shape,
    uint32_t n)
{
	nnv_text_adds(out, field);
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			nnv_text_addc(out, ',');
		nnv_text_addi(out, shape[i]);
	}
	nnv_text_addc(out, ']');
}

static void put_spec(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_spec *spec, int depth);

static void
put_elements(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_spec *spec, int depth)
{
	bool map = spec->kind == NNV_SPEC_MAP;

	nnv_text_adds(out, ",\"elements\":");
	nnv_text_addc(out, map ? '{' : '[');
	for (uint32_t i = 0; i < spec->n; i++) {
		if (i > 0)
			nnv_text_addc(out, ',');
		if (map) {
			nnv_cache_put_text(out,
			    nnv_graph_text(graph, spec->keys[i]));
			nnv_text_addc(out, ':');
		}
		put_spec(out, graph, spec->elements[i], depth - 1);
	}
	nnv_text_addc(out, map ? '}' : ']');
}

static void
put_spec(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_spec *spec, int depth)
{
	bool tensor = spec->kind == NNV_SPEC_TENSOR;

	if (depth == 0) {
		nnv_text_adds(out, "{\"spec_type\":\"unknown\"}");
		return;
	}
	nnv_text_adds(out, "{\"spec_type\":\"");
	nnv_text_adds(out, spec_types[spec->kind]);
	nnv_text_addc(out, '"');
	if (tensor)
		put_shape(out, ",\"shape\":[", spec->shape, spec->n);
	if (tensor && spec->last != NULL)
		put_shape(out, ",\"last\":[", spec->last, spec->n);
	if (spec->kind == NNV_SPEC_LIST || spec->kind == NNV_SPEC_MAP)
		put_elements(out, graph, spec, depth);
	if (spec->type != NNV_NO_NAME) {
		nnv_text_adds(out, tensor ? ",\"dtype\":" : ",\"name\":");
		nnv_cache_put_text(out, nnv_graph_text(graph, spec->type));
	}
	nnv_text_addc(out, '}');
}

void
nnv_cache_put_spec(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_spec *spec)
{
	if (spec == NULL)
		nnv_text_adds(out, "null");
	else
		put_spec(out, graph, spec, NNV_CACHE_SPEC_DEPTH);
}
