/*
 * bytes -> value -> graph: the model, what a profiler measured of it, and where
 * it was written.
 */
#include "reading.h"

#include <string.h>

#include "nnviz/file.h"
#include "nnviz/format.h"
#include "nnviz/profile.h"

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* NNViz takes the names of models, "resnet18" or "models:resnet18". */
static bool
is_name_of_model(const char *path)
{
	struct nnv_file_id id;

	return strcmp(path, "-") != 0 && strchr(path, '/') == NULL &&
	    (strchr(path, '.') == NULL || strchr(path, ':') != NULL) &&
	    !nnv_file_identify(path, &id);
}

static bool
read_model(struct nnv_graph *graph, const char *path,
    const struct nnv_limits *limits, struct nnv_diag *diag)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	bool ok;

	if (is_name_of_model(path))
		return nnv_fail(diag, NNV_E_SYSTEM,
		    "no such file: a model is read from the file of a trace "
		    "or a graph");
	ok = nnv_input_read(&input, path, limits->input, diag) &&
	    nnv_graph_load(graph, input.bytes, nnv_str(base_name(path)),
		(struct nnv_load_limits){ limits->input, limits->memory,
		    limits->depth, limits->label },
		diag) &&
	    nnv_input_check(&input, diag);
	nnv_input_release(&input);
	return ok;
}

/* Bytes of a profile: it has a row a kernel. */
enum { PROFILE_MAX = 256 << 20 };

/* --profile tells how long kernels took. */
static bool
read_profile(struct nnv_graph *graph, const char *path, struct nnv_diag *diag)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	const char *model;
	bool ok;

	if (path == NULL)
		return true;
	model = diag->source;
	diag->source = path;
	ok = nnv_input_read(&input, path, PROFILE_MAX, diag) &&
	    nnv_profile_join(graph, input.bytes, diag);
	nnv_input_release(&input);
	if (ok)
		diag->source = model;
	return ok;
}

static bool
shorten_sites(struct nnv_graph *graph, const struct nnv_list *list,
    struct nnv_diag *diag)
{
	struct nnv_str *prefixes = nnv_heap_alloc(list->n + 1,
	    sizeof(*prefixes));
	bool ok;

	if (prefixes == NULL)
		return nnv_fail_memory(diag);
	for (size_t i = 0; i < list->n; i++)
		prefixes[i] = nnv_str(list->items[i]);
	ok = nnv_graph_shorten_sites(graph, prefixes, list->n) ||
	    nnv_fail_memory(diag);
	nnv_heap_free(prefixes);
	return ok;
}

bool
nnv_read(struct nnv_graph *graph, const struct nnv_options *options,
    const struct nnv_limits *limits, struct nnv_diag *diag)
{
	return read_model(graph, options->model, limits, diag) &&
	    read_profile(graph, options->profile, diag) &&
	    shorten_sites(graph, &options->strip, diag);
}
