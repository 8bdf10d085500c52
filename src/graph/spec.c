/* Specs: what is known of a value on an edge. */
#include "nnviz/graph.h"

const struct nnv_spec *
nnv_spec_tensor(struct nnv_graph *graph, const int64_t *shape, uint32_t ndim,
    nnv_name dtype)
{
	struct nnv_spec *spec = NNV_NEW(graph->arena, struct nnv_spec);
	int64_t *copy = NNV_NEW_ARRAY(graph->arena, ndim, int64_t);

	if (spec == NULL || copy == NULL) {
		graph->failed = true;
		return NULL;
	}
	if (ndim > 0)
		memcpy(copy, shape, ndim * sizeof(*shape));
	*spec = (struct nnv_spec){
		.kind = NNV_SPEC_TENSOR, .type = dtype, .n = ndim, .shape = copy
	};
	return spec;
}

int64_t
nnv_spec_elements(const struct nnv_spec *spec)
{
	int64_t product = 1;

	if (spec == NULL || spec->kind != NNV_SPEC_TENSOR || spec->last != NULL)
		return NNV_UNKNOWN;
	for (uint32_t i = 0; i < spec->n; i++) {
		int64_t extent = spec->shape[i];

		if (extent < 0)
			return NNV_UNKNOWN;
		if (extent == 0)
			return 0;
		if (product > INT64_MAX / extent)
			return NNV_UNKNOWN;
		product *= extent;
	}
	return product;
}

/* Nesting at which two specs count as different without a further look: far
 * beyond what any reader accepts. */
enum { SPEC_DEPTH = 600 };

static bool
same_extents(const int64_t *a, const int64_t *b, uint32_t n)
{
	return a == b || n == 0 ||
	    (a != NULL && b != NULL && memcmp(a, b, n * sizeof(*a)) == 0);
}

static bool
spec_eq(const struct nnv_spec *a, const struct nnv_spec *b, int depth)
{
	if (a == b)
		return true;
	if (a == NULL || b == NULL || depth == 0)
		return false;
	if (a->kind != b->kind || a->type != b->type || a->n != b->n)
		return false;
	if (a->kind == NNV_SPEC_TENSOR)
		return same_extents(a->shape, b->shape, a->n) &&
		    same_extents(a->last, b->last, a->n);
	if (a->kind == NNV_SPEC_MAP && a->n > 0 &&
	    memcmp(a->keys, b->keys, a->n * sizeof(*a->keys)) != 0)
		return false;
	if (a->kind == NNV_SPEC_LIST || a->kind == NNV_SPEC_MAP)
		for (uint32_t i = 0; i < a->n; i++)
			if (!spec_eq(a->elements[i], b->elements[i], depth - 1))
				return false;
	return true;
}

bool
nnv_spec_eq(const struct nnv_spec *a, const struct nnv_spec *b)
{
	return spec_eq(a, b, SPEC_DEPTH);
}
