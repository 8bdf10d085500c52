/*
 * Which format the bytes are in. Containers are opened first; then the first
 * byte tells a pickle from JSON, and what is in it tells the row of the table.
 */
#include "nnviz/format.h"

#include "graphjson.h"
#include "jittor.h"
#include "nnviz/unpack.h"

enum { JSON_DEPTH = 512 };

static const struct format {
	/* Whether it may come pickled: a pickle can hold one value a million
	 * times, which its loader must walk once. */
	bool pickled;
	/* Whether the value looks like this format: cheap, never wrong about
	 * another format's files. */
	bool (*sniff)(const struct nnv_tree *tree, nnv_value root);
	/* Fill the empty GRAPH; nothing in it may point into the tree. */
	bool (*load)(const struct nnv_tree *tree, nnv_value root,
	    struct nnv_graph *graph, struct nnv_diag *diag);
} formats[] = {
	/* of jt.dump_trace_data(), also as JSON */
	{ true, nnv_jittor_sniff, nnv_jittor_load },
	/* that NNViz or nnviz-c saved */
	{ false, nnv_graphjson_sniff, nnv_graphjson_load },
};

enum { NFORMATS = sizeof(formats) / sizeof(*formats) };

/* Whether the first byte of BYTES is one of a SET; no byte is none. */
static bool
starts_with_any(struct nnv_str bytes, struct nnv_str set)
{
	return bytes.n > 0 && memchr(set.p, *bytes.p, set.n) != NULL;
}

/* What follows a byte order mark and white space. */
static struct nnv_str
skip_blank(struct nnv_str bytes)
{
	if (nnv_str_starts(bytes, NNV_STR("\xef\xbb\xbf")))
		bytes = nnv_str_from(bytes, 3);
	while (starts_with_any(bytes, NNV_STR(" \t\r\n")))
		bytes = nnv_str_from(bytes, 1);
	return bytes;
}

/*
 * A pickle starts with PROTO (0x80), or before protocol 2 with what makes the
 * dict that a trace is, or another value: '(' '}' ']' ')'; 'c' names an object,
 * which is worth being refused by name. No JSON starts with any of these.
 */
static bool
read_tree(struct nnv_tree *tree, struct nnv_str bytes, bool *pickled,
    struct nnv_diag *diag)
{
	struct nnv_str text = skip_blank(bytes);

	if (text.n == 0)
		return nnv_fail(diag, NNV_E_EMPTY, "the file is empty");
	*pickled = starts_with_any(bytes, NNV_STR("\x80(}])c"));
	if (*pickled)
		return nnv_pickle_read(tree, bytes, diag);
	if (starts_with_any(text, NNV_STR("{[\"-0123456789tfn")))
		return nnv_json_read(tree, bytes, diag);
	return nnv_fail(diag, NNV_E_SYNTAX,
	    "neither a pickle nor JSON: what is read is made by "
	    "jittor.dump_trace_data() or nnviz MODEL -j");
}

static bool
load_root(struct nnv_graph *graph, const struct nnv_tree *tree, bool pickled,
    struct nnv_diag *diag)
{
	nnv_value root = nnv_tree_root(tree);
	enum nnv_kind kind = nnv_value_kind(tree, root);

	for (size_t i = 0; kind == NNV_MAP && i < NFORMATS; i++)
		if ((formats[i].pickled || !pickled) &&
		    formats[i].sniff(tree, root))
			return formats[i].load(tree, root, graph, diag);
	if (kind == NNV_MAP && nnv_value_len(tree, root) == 0)
		return nnv_fail(diag, NNV_E_EMPTY,
		    "an empty document: neither a trace nor a graph is in it");
	return nnv_fail(diag, NNV_E_SCHEMA,
	    "neither a Jittor trace "
	    "(\"node_data\") nor a saved graph (\"nodes\"): found %s",
	    kind == NNV_MAP ? "a map of other fields" : nnv_kind_name(kind));
}

/* Undo what a loader did before it failed. */
static void
make_empty(struct nnv_graph *graph)
{
	graph->nnodes = graph->ntensors = graph->nedges = 0;
	graph->nmodules = graph->nparams = 0;
	graph->title = graph->source = graph->source_version = NNV_NO_NAME;
	graph->whole = graph->nnviz_version = graph->origin = NNV_NO_NAME;
	memset(graph->hidden, 0, sizeof(graph->hidden));
}

static bool
load_bytes(struct nnv_graph *graph, struct nnv_str bytes,
    struct nnv_load_limits limits, struct nnv_diag *diag)
{
	struct nnv_tree *tree = nnv_tree_new((struct nnv_tree_limits){
	    .arena = limits.arena,
	    .depth = limits.depth != 0 ? limits.depth : JSON_DEPTH });
	bool loaded, pickled = false;

	if (tree == NULL)
		return nnv_fail_memory(diag);
	loaded = read_tree(tree, bytes, &pickled, diag) &&
	    (nnv_tree_charge(tree) || nnv_fail_memory(diag)) &&
	    load_root(graph, tree, pickled, diag);
	nnv_tree_free(tree);
	return loaded;
}

/* A name is copied into tables and pictures, some of them many times. */
static bool
check_names(const struct nnv_graph *graph, size_t most, struct nnv_diag *diag)
{
	if (most == 0 || graph->names->longest <= most)
		return true;
	nnv_fail_limit(diag, "a name", most);
	return nnv_limited(diag, "label");
}

bool
nnv_graph_load(struct nnv_graph *graph, struct nnv_str bytes,
    struct nnv_str name, struct nnv_load_limits limits, struct nnv_diag *diag)
{
	struct nnv_str inside;
	void *heap = NULL;
	bool loaded;

	if (!nnv_unpack(bytes, limits.input, &inside, &heap, diag))
		return false;
	loaded = load_bytes(graph, inside, limits, diag) &&
	    check_names(graph, limits.label, diag);
	nnv_heap_free(heap);
	if (!loaded) {
		make_empty(graph);
		return false;
	}
	if (nnv_graph_text(graph, graph->source).n == 0 && name.n > 0)
		graph->source = nnv_graph_name(graph, name);
	return !graph->failed || nnv_fail_memory(diag);
}
