/*
 * The cached graph as JSON: what its files share. The schema is described in
 * graphjson_save.c and published as man/nnviz-graph.schema.json.
 */
#ifndef NNVIZ_FORMAT_GRAPHJSON_H
#define NNVIZ_FORMAT_GRAPHJSON_H

#include "nnviz/graph.h"
#include "nnviz/names.h"
#include "nnviz/table.h"
#include "nnviz/text.h"
#include "nnviz/value.h"

enum {
	NNV_CACHE_SCHEMA = 1,      /* the version that is written */
	NNV_CACHE_DEPTH = 512,     /* modules inside each other */
	NNV_CACHE_SPEC_DEPTH = 64, /* lists and maps inside each other */
	NNV_CACHE_ARG_DEPTH = 512  /* as deep as JSON is read */
};

/* Whether a tree holds a cached graph, and how it is read: see nnv_format. */
bool nnv_graphjson_sniff(const struct nnv_tree *tree, nnv_value root);
bool nnv_graphjson_load(const struct nnv_tree *tree, nnv_value root,
    struct nnv_graph *graph, struct nnv_diag *diag);

/* What enums are called in the file, by value, ended by NULL. */
extern const char *const nnv_cache_levels[];
extern const char *const nnv_cache_hidden[];
extern const char *const nnv_cache_param_kinds[];

/*
 * Reading. The reader knows at which record of which table it is, so that a
 * message can say `nodes["conv1"].n_parameters` at every depth.
 */
/* Which of the fields that are asked for each key of a shape is. */
enum { NNV_CACHE_KEYS = 32, NNV_CACHE_SHAPES = 32 };
struct nnv_cache_shape {
	const struct nnv_str *names; /* that are asked for */
	uint32_t shape;              /* 0: free */
	uint8_t at[NNV_CACHE_KEYS];  /* UINT8_MAX: none of them */
};

struct nnv_cache {
	const struct nnv_tree *tree;
	struct nnv_graph *graph;
	struct nnv_diag *diag;
	bool ours;          /* it has what nnviz-c adds */
	const char *table;  /* "nodes", "edges", ... */
	struct nnv_str key; /* of the record, in a table with keys */
	size_t index;       /* of the record, in a list */
	uint32_t *nodes;    /* key, a name -> node, or NNV_NONE */
	size_t node_cap;
	struct nnv_table children; /* parent, name -> module, from paths */
	uint32_t *depths;          /* of modules */
	size_t depth_cap;
	struct nnv_cache_shape shapes[NNV_CACHE_SHAPES];
};

enum { NNV_CACHE_NO_INDEX = -1 };

/* Say what stands at V, a FIELD of the record at hand (NULL: the record), and
 * what was expected there; always false. */
bool nnv_cache_fail(struct nnv_cache *cache, nnv_value v, const char *field,
    const char *expected);

/* Put the values of the fields NAMES of the record V into OUT; NNV_NO_VALUE
 * for what is not there or null. Fails where V is not a map. */
bool nnv_cache_fields(struct nnv_cache *cache, nnv_value v,
    const struct nnv_str *names, size_t n, nnv_value *out);

/* One row of such a list of fields. */
#define NNV_FIELD(name)                  \
	{                                \
		(name), sizeof(name) - 1 \
	}

/* What a field holds; where there is none *OUT stays as it is. Counts are from
 * 0, an index is below LIMIT, a word is one of WORDS. */
bool nnv_cache_text(struct nnv_cache *cache, nnv_value v, const char *field,
    nnv_name *out);
bool nnv_cache_count(struct nnv_cache *cache, nnv_value v, const char *field,
    int64_t *out);
bool nnv_cache_index(struct nnv_cache *cache, nnv_value v, const char *field,
    uint32_t limit, uint32_t *out);
bool nnv_cache_flag(struct nnv_cache *cache, nnv_value v, const char *field,
    bool *out);
bool nnv_cache_word(struct nnv_cache *cache, nnv_value v, const char *field,
    const char *const *words, int *out);

/* Whether V is a list, or nothing at all; otherwise fails. */
bool nnv_cache_list(struct nnv_cache *cache, nnv_value v, const char *field);

/* A file and a line as ["model.py", 12]. */
bool nnv_cache_site(struct nnv_cache *cache, nnv_value v, const char *field,
    struct nnv_site *out);

/* A spec in the graph's arena; null gives NULL. */
bool nnv_cache_spec(struct nnv_cache *cache, nnv_value v,
    const struct nnv_spec **out);

/* The tables, in the order in which they are read. */
bool nnv_cache_kernels(struct nnv_cache *cache, nnv_value kernels);
bool nnv_cache_nodes(struct nnv_cache *cache, nnv_value nodes);

/* Indices into the table of parameters, each once and ascending. */
bool nnv_cache_param_list(struct nnv_cache *cache, nnv_value v,
    const uint32_t **params, uint32_t *nparams);

/* Where the node of a KEY is noted, which is NNV_NONE at first; NULL: no
 * memory. */
uint32_t *nnv_cache_node(struct nnv_cache *cache, nnv_name key);

/* The kernels that a node was part of. */
bool nnv_cache_node_kernels(struct nnv_cache *cache, nnv_value v,
    struct nnv_node *node);

/* The module NAME below PARENT, appended on first sight; NNV_NONE and a
 * failure where paths are too long. */
uint32_t nnv_cache_child(struct nnv_cache *cache, uint32_t parent,
    nnv_name name);

/* What is said of edges and tensors, in four places. */
struct nnv_cache_flow {
	nnv_value edges;        /* [source, target, key, spec], ... */
	nnv_value edge_tensors; /* a tensor for each edge, or nothing */
	nnv_value operands;     /* likewise */
	nnv_value tensors;      /* what edges do not tell of tensors */
	uint32_t ntensors;      /* 0: as many as the edges have */
};
bool nnv_cache_edges(struct nnv_cache *cache,
    const struct nnv_cache_flow *flow);

/* Writing: the table of kernels, and those of a node; nothing for none. */
void nnv_cache_put_kernels(struct nnv_text *out, const struct nnv_graph *graph);
void nnv_cache_put_node_kernels(struct nnv_text *out,
    const struct nnv_node *node);

/* Writing: a string with its quotes, and a spec ("null" for NULL). */
void nnv_cache_put_text(struct nnv_text *out, struct nnv_str text);
void nnv_cache_put_spec(struct nnv_text *out, const struct nnv_graph *graph,
    const struct nnv_spec *spec);

#endif
