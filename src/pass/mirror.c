#include "mirror.h"

void
nnv_mirror_init(struct nnv_mirror *mirror, struct nnv_graph *graph, bool calls)
{
	*mirror = (struct nnv_mirror){ .graph = graph, .calls = calls };
	nnv_table_init(&mirror->copies);
}

void
nnv_mirror_release(struct nnv_mirror *mirror)
{
	nnv_table_release(&mirror->copies);
}

uint32_t
nnv_phase_module(const struct nnv_graph *graph, uint32_t module)
{
	while (module != 0 && !graph->modules[module].is_phase)
		module = graph->modules[module].parent;
	return module;
}

/* The outermost module around M, M included, that has no copy yet, or NNV_NONE;
 * *PARENT becomes the copy of what is around it. */
static uint32_t
without_copy(const struct nnv_mirror *mirror, uint32_t under, uint32_t m,
    uint32_t *parent)
{
	const struct nnv_module *modules = mirror->graph->modules;
	uint32_t outermost = NNV_NONE;

	for (; m != 0 && !modules[m].is_phase; m = modules[m].parent) {
		uint32_t copy = nnv_table_get(&mirror->copies,
		    nnv_table_pair(under, m));

		if (copy != NNV_TABLE_NONE) {
			*parent = copy;
			return outermost;
		}
		outermost = m;
	}
	*parent = under;
	return outermost;
}

uint32_t
nnv_mirror_copy(struct nnv_mirror *mirror, uint32_t under, uint32_t m)
{
	struct nnv_graph *graph = mirror->graph;
	uint32_t parent, missing;

	while ((missing = without_copy(mirror, under, m, &parent)) !=
	    NNV_NONE) {
		struct nnv_module module = graph->modules[missing];
		uint32_t *at = nnv_table_at(&mirror->copies,
		    nnv_table_pair(under, missing));

		module.parent = parent;
		module.phase = graph->modules[under].phase;
		if (!mirror->calls)
			module.call = module.ncalls = 0;
		if (at == NULL ||
		    (*at = nnv_graph_add_module(graph, &module)) == NNV_NONE) {
			mirror->failed = true;
			return 0;
		}
	}
	return parent;
}
