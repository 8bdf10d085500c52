/* The graph's arrays: making, growing, freeing. */
#include "nnviz/graph.h"

static const char *const phase_names[NNV_NPHASES] = {
	[NNV_FORWARD] = "forward",
	[NNV_BACKWARD] = "backward",
	[NNV_OPTIMIZER] = "optimizer",
	[NNV_INIT] = "init",
	[NNV_OUTSIDE] = "outside",
};

const char *
nnv_phase_name(enum nnv_phase phase)
{
	return phase < NNV_NPHASES ? phase_names[phase] : "unknown";
}

enum nnv_phase
nnv_phase_named(struct nnv_str name)
{
	int phase;

	for (phase = 0; phase < NNV_NPHASES; phase++)
		if (nnv_str_eq(name, nnv_str(phase_names[phase])))
			break;
	return (enum nnv_phase)phase;
}

struct nnv_unseen
nnv_unseen_none(void)
{
	return (struct nnv_unseen){ NULL, 0, nnv_cost_none(), NNV_UNKNOWN };
}

struct nnv_graph *
nnv_graph_new(struct nnv_arena *arena, struct nnv_names *names)
{
	struct nnv_graph *graph = nnv_heap_alloc(1, sizeof(*graph));

	if (graph != NULL) {
		graph->arena = arena;
		graph->peak_bytes = NNV_UNKNOWN;
		graph->unseen = nnv_unseen_none();
		graph->names = names;
	}
	return graph;
}

/* Room for N objects of SIZE bytes in an array that is empty, and one more. */
static bool
reserve_array(void *array, size_t *cap, uint32_t n, size_t size)
{
	void *grown = NULL;

	if (!nnv_heap_grow(&grown, cap, (size_t)n + 1, size))
		return false;
	memcpy(array, &grown, sizeof(grown));
	return true;
}

/* Room for as much as FROM holds: few passes make more of it. What is never
 * used costs nothing. */
static bool
reserve(struct nnv_graph *graph, const struct nnv_graph *from)
{
	return reserve_array(&graph->nodes, &graph->node_cap, from->nnodes,
		   sizeof(*graph->nodes)) &&
	    reserve_array(&graph->tensors, &graph->tensor_cap, from->ntensors,
		sizeof(*graph->tensors)) &&
	    reserve_array(&graph->edges, &graph->edge_cap, from->nedges,
		sizeof(*graph->edges)) &&
	    reserve_array(&graph->modules, &graph->module_cap, from->nmodules,
		sizeof(*graph->modules)) &&
	    reserve_array(&graph->params, &graph->param_cap, from->nparams,
		sizeof(*graph->params));
}

struct nnv_graph *
nnv_graph_like(const struct nnv_graph *from)
{
	struct nnv_graph *graph = nnv_graph_new(from->arena, from->names);

	if (graph == NULL)
		return NULL;
	graph->level = from->level;
	graph->drawn = from->drawn;
	graph->title = from->title;
	graph->whole = from->whole;
	graph->source = from->source;
	graph->source_version = from->source_version;
	graph->nnviz_version = from->nnviz_version;
	graph->origin = from->origin;
	graph->peak_bytes = from->peak_bytes;
	graph->kernels = from->kernels;
	graph->nkernels = from->nkernels;
	graph->nsteps = from->nsteps;
	graph->step = from->step;
	memcpy(graph->hidden, from->hidden, sizeof(graph->hidden));
	graph->unseen = from->unseen;
	if (!reserve(graph, from)) {
		nnv_graph_free(graph);
		return NULL;
	}
	graph->nmodules = from->nmodules;
	graph->nparams = from->nparams;
	if (from->nmodules > 0)
		memcpy(graph->modules, from->modules,
		    from->nmodules * sizeof(*from->modules));
	if (from->nparams > 0)
		memcpy(graph->params, from->params,
		    from->nparams * sizeof(*from->params));
	return graph;
}

struct nnv_graph *
nnv_graph_share(const struct nnv_graph *graph)
{
	/* that it is shared is all that changes */
	struct nnv_graph *same = (struct nnv_graph *)(uintptr_t)graph;

	same->sharers++;
	return same;
}

void
nnv_graph_free(struct nnv_graph *graph)
{
	if (graph == NULL || graph->sharers-- > 0)
		return;
	nnv_heap_free(graph->nodes);
	nnv_heap_free(graph->tensors);
	nnv_heap_free(graph->edges);
	nnv_heap_free(graph->modules);
	nnv_heap_free(graph->params);
	nnv_heap_free(graph);
}

bool
nnv_graph_has(const struct nnv_graph *graph, enum nnv_node_kind kind)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].kind == kind)
			return true;
	return false;
}

struct nnv_node
nnv_node_blank(enum nnv_node_kind kind)
{
	return (struct nnv_node){
		.kind = kind,
		.self = NNV_NONE,
		.nmembers = 1,
		.grad_of = NNV_NONE,
		.time = NNV_UNKNOWN,
		.cost = nnv_cost_unknown(),
	};
}

struct nnv_kernel
nnv_kernel_blank(void)
{
	return (struct nnv_kernel){
		.key = NNV_NO_NAME,
		.file = NNV_NO_NAME,
		.ops = NNV_NO_NAME,
		.read = NNV_UNKNOWN,
		.written = NNV_UNKNOWN,
		.macs = NNV_UNKNOWN,
		.elementwise = NNV_UNKNOWN,
		.time = NNV_UNKNOWN,
	};
}

void
nnv_time_add(int64_t *sum, int64_t more)
{
	if (more == NNV_UNKNOWN)
		return;
	if (*sum == NNV_UNKNOWN)
		*sum = 0;
	*sum = more > INT64_MAX - *sum ? INT64_MAX : *sum + more;
}

const char *
nnv_backend_name(enum nnv_backend backend)
{
	static const char *const names[] = {
		[NNV_BACKEND_UNKNOWN] = "?",
		[NNV_BACKEND_CPU] = "cpu",
		[NNV_BACKEND_CUDA] = "cuda",
		[NNV_BACKEND_RELAY] = "relay to a library",
	};

	return names[backend];
}

/*
 * Make room for one more of the N objects in *ARRAY; its index, or NNV_NONE.
 * The arrays differ in type only, so they grow as bytes.
 */
static uint32_t
make_room(struct nnv_graph *graph, void **array, uint32_t n, size_t *cap,
    size_t size)
{
	if (n == NNV_NONE - 1 ||
	    (n >= *cap && !nnv_heap_grow(array, cap, (size_t)n + 1, size))) {
		graph->failed = true;
		return NNV_NONE;
	}
	return n;
}

/* One definition for the five arrays, which differ only in their types. */
#define DEFINE_ADD(object, array, count, capacity)                  \
	uint32_t nnv_graph_add_##object(struct nnv_graph *graph,    \
	    const struct nnv_##object *object)                      \
	{                                                           \
		void *grown = graph->array;                         \
		uint32_t i = make_room(graph, &grown, graph->count, \
		    &graph->capacity, sizeof(*object));             \
                                                                    \
		graph->array = grown;                               \
		if (i != NNV_NONE) {                                \
			graph->array[i] = *object;                  \
			graph->count++;                             \
		}                                                   \
		return i;                                           \
	}

DEFINE_ADD(node, nodes, nnodes, node_cap)
DEFINE_ADD(tensor, tensors, ntensors, tensor_cap)
DEFINE_ADD(edge, edges, nedges, edge_cap)
DEFINE_ADD(module, modules, nmodules, module_cap)
DEFINE_ADD(param, params, nparams, param_cap)

struct nnv_str
nnv_graph_text(const struct nnv_graph *graph, nnv_name name)
{
	return nnv_names_text(graph->names, name);
}

nnv_name
nnv_graph_name(struct nnv_graph *graph, struct nnv_str text)
{
	nnv_name name = nnv_names_add(graph->names, text);

	if (graph->names->failed)
		graph->failed = true;
	return name;
}
