/*
 * Kernels in the cached graph: a table in the order of execution, and at each
 * node the kernels that it was part of. Kernels of one key (the same code run
 * again) spell it once: "like" is the number of the first of them.
 */
#include "graphjson.h"

/* What back ends are called in the file, by value. */
static const char *const backends[] = { "unknown", "cpu", "cuda", "relay",
	NULL };

enum {
	K_KEY,
	K_LIKE,
	K_FILE,
	K_OPS,
	K_BACKEND,
	K_NOPS,
	K_INPUTS,
	K_OUTPUTS,
	K_READ,
	K_WRITTEN,
	K_MACS,
	K_ELEMENTWISE,
	K_TIME,
	NKERNEL
};

static const struct nnv_str fields[NKERNEL] = {
	[K_KEY] = NNV_FIELD("key"),
	[K_LIKE] = NNV_FIELD("like"),
	[K_FILE] = NNV_FIELD("file"),
	[K_OPS] = NNV_FIELD("ops"),
	[K_BACKEND] = NNV_FIELD("backend"),
	[K_NOPS] = NNV_FIELD("n_ops"),
	[K_INPUTS] = NNV_FIELD("inputs"),
	[K_OUTPUTS] = NNV_FIELD("outputs"),
	[K_READ] = NNV_FIELD("read_bytes"),
	[K_WRITTEN] = NNV_FIELD("written_bytes"),
	[K_MACS] = NNV_FIELD("macs"),
	[K_ELEMENTWISE] = NNV_FIELD("elementwise"),
	[K_TIME] = NNV_FIELD("time_ns"),
};

static bool
read_key(struct nnv_cache *cache, const nnv_value *field, uint32_t index,
    struct nnv_kernel *kernel)
{
	uint32_t like = NNV_NONE;

	if (!nnv_cache_text(cache, field[K_KEY], "key", &kernel->key) ||
	    !nnv_cache_index(cache, field[K_LIKE], "like", index, &like))
		return false;
	if (like != NNV_NONE)
		kernel->key = cache->graph->kernels[like].key;
	return true;
}

static bool
read_kernel(struct nnv_cache *cache, nnv_value v, uint32_t index)
{
	struct nnv_kernel *kernel = &cache->graph->kernels[index];
	nnv_value field[NKERNEL];
	int backend = NNV_BACKEND_UNKNOWN;

	*kernel = nnv_kernel_blank();
	if (!nnv_cache_fields(cache, v, fields, NKERNEL, field) ||
	    !read_key(cache, field, index, kernel) ||
	    !nnv_cache_text(cache, field[K_FILE], "file", &kernel->file) ||
	    !nnv_cache_text(cache, field[K_OPS], "ops", &kernel->ops) ||
	    !nnv_cache_word(cache, field[K_BACKEND], "backend", backends,
		&backend))
		return false;
	kernel->backend = (enum nnv_backend)backend;
	return nnv_cache_index(cache, field[K_NOPS], "n_ops", UINT32_MAX,
		   &kernel->nops) &&
	    nnv_cache_index(cache, field[K_INPUTS], "inputs", UINT32_MAX,
		&kernel->ninputs) &&
	    nnv_cache_index(cache, field[K_OUTPUTS], "outputs", UINT32_MAX,
		&kernel->noutputs) &&
	    nnv_cache_count(cache, field[K_READ], "read_bytes",
		&kernel->read) &&
	    nnv_cache_count(cache, field[K_WRITTEN], "written_bytes",
		&kernel->written) &&
	    nnv_cache_count(cache, field[K_MACS], "macs", &kernel->macs) &&
	    nnv_cache_count(cache, field[K_ELEMENTWISE], "elementwise",
		&kernel->elementwise) &&
	    nnv_cache_count(cache, field[K_TIME], "time_ns", &kernel->time);
}

bool
nnv_cache_kernels(struct nnv_cache *cache, nnv_value kernels)
{
	struct nnv_graph *graph = cache->graph;
	size_t n = nnv_value_len(cache->tree, kernels);

	cache->table = "kernels";
	if (!nnv_cache_list(cache, kernels, NULL))
		return false;
	if (n == 0)
		return true;
	graph->kernels = NNV_NEW_ARRAY(graph->arena, n, struct nnv_kernel);
	if (graph->kernels == NULL || n >= UINT32_MAX)
		return nnv_fail_memory(cache->diag);
	for (cache->index = 0; cache->index < n; cache->index++) {
		if (!read_kernel(cache,
			nnv_value_at(cache->tree, kernels, cache->index),
			(uint32_t)cache->index))
			return false;
		graph->nkernels++;
	}
	cache->index = (size_t)NNV_CACHE_NO_INDEX;
	return true;
}

bool
nnv_cache_node_kernels(struct nnv_cache *cache, nnv_value v,
    struct nnv_node *node)
{
	size_t n = nnv_value_len(cache->tree, v);
	uint32_t *list;

	if (!nnv_cache_list(cache, v, "kernels"))
		return false;
	if (n == 0)
		return true;
	list = NNV_NEW_ARRAY(cache->graph->arena, n, uint32_t);
	if (list == NULL)
		return nnv_fail_memory(cache->diag);
	for (size_t i = 0; i < n; i++) {
		nnv_value item = nnv_value_at(cache->tree, v, i);

		if (!nnv_cache_index(cache, item, "kernels",
			cache->graph->nkernels, &list[i]))
			return false;
		if (i > 0 && list[i] <= list[i - 1])
			return nnv_cache_fail(cache, item, "kernels",
			    "ascending indices");
	}
	node->kernels = list;
	node->nkernels = (uint32_t)n;
	return true;
}

static void
put_name(struct nnv_text *out, const struct nnv_graph *graph, const char *field,
    nnv_name name)
{
	if (name == NNV_NO_NAME)
		return;
	nnv_text_addf(out, ",\"%s\":", field);
	nnv_cache_put_text(out, nnv_graph_text(graph, name));
}

static void
put_number(struct nnv_text *out, const char *field, int64_t value)
{
	if (value == NNV_UNKNOWN)
		return;
	nnv_text_addf(out, ",\"%s\":", field);
	nnv_text_addi(out, value);
}

/* FIRST: key -> the first kernel that has it. */
static void
put_kernel(struct nnv_text *out, const struct nnv_graph *graph, uint32_t index,
    struct nnv_table *first)
{
	const struct nnv_kernel *kernel = &graph->kernels[index];
	uint32_t *like = kernel->key == NNV_NO_NAME
	    ? NULL
	    : nnv_table_at(first, kernel->key);

	nnv_text_addf(out, "{\"backend\":\"%s\"", backends[kernel->backend]);
	if (like != NULL && *like != NNV_TABLE_NONE) {
		put_number(out, "like", *like);
	} else {
		put_name(out, graph, "key", kernel->key);
		if (like != NULL)
			*like = index;
	}
	put_name(out, graph, "file", kernel->file);
	put_name(out, graph, "ops", kernel->ops);
	put_number(out, "n_ops", kernel->nops);
	put_number(out, "inputs", kernel->ninputs);
	put_number(out, "outputs", kernel->noutputs);
	put_number(out, "read_bytes", kernel->read);
	put_number(out, "written_bytes", kernel->written);
	put_number(out, "macs", kernel->macs);
	put_number(out, "elementwise", kernel->elementwise);
	put_number(out, "time_ns", kernel->time);
	nnv_text_addc(out, '}');
}

void
nnv_cache_put_kernels(struct nnv_text *out, const struct nnv_graph *graph)
{
	struct nnv_table first;

	if (graph->nkernels == 0)
		return;
	nnv_table_init(&first);
	nnv_text_adds(out, ",\n\"kernels\":[");
	for (uint32_t i = 0; i < graph->nkernels; i++) {
		nnv_text_adds(out, i > 0 ? ",\n" : "\n");
		put_kernel(out, graph, i, &first);
	}
	nnv_text_adds(out, "\n]");
	out->failed |= first.failed;
	nnv_table_release(&first);
}

void
nnv_cache_put_node_kernels(struct nnv_text *out, const struct nnv_node *node)
{
	if (node->nkernels == 0)
		return;
	nnv_text_adds(out, ",\"kernels\":");
	for (uint32_t i = 0; i < node->nkernels; i++) {
		nnv_text_addc(out, i > 0 ? ',' : '[');
		nnv_text_addi(out, node->kernels[i]);
	}
	nnv_text_addc(out, ']');
}
