/*
 * What a drawing shows, told in lines, so that it can be compared with that of
 * another day without Graphviz, fonts and pixels having a say:
 *
 *	graph DIGEST		of all lines below, whole
 *	style DIGEST		of the lines that begin in "set"
 *	theme NAME
 *	set KEY=VALUE		a style key that is not as it is initially
 *	by KEY=VALUE		the same, of the theme's; "set" in the digest
 *	model NAME TAB WORDS
 *	frame PATH TAB WORDS	a module with boxes in it
 *	node PATH TAB WORDS	a box
 *	edge I J TAB WORDS	an arrow, from the I-th node to the J-th, from 0
 *	more N M		boxes and arrows beyond those listed
 *
 * The words are facts of the graph, whichever of them the style shows; nothing
 * of what no style shows is among them: ids, orders of operands, directories.
 * Lines are cut where they are long and few where there are many, but the
 * digest is of everything. Pages follow each other, and nodes are counted
 * through all of them; the page's path is before the names on it.
 */
#include "nnviz/draw.h"

#include "nnviz/sha1.h"
#include "style.h"

enum {
	NAME_MAX = 160,
	WORDS_MAX = 160,
	FRAMES_MAX = 500,
	NODES_MAX = 2000,
	EDGES_MAX = 4000,
	SPEC_DEPTH = 4,
	SPEC_MAX = 2000
};

struct notes {
	const struct nnv_graph *graph;
	struct nnv_text *out;
	struct nnv_text name, words; /* of the line that is being made */
	struct nnv_str page;         /* whose it is; empty: the first's */
	uint32_t nframes, nedges;    /* listed so far */
	uint32_t more_nodes, more_edges;
	unsigned char digest[NNV_SHA1_SIZE];
};

static void
add_hex(struct nnv_text *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nnv_text_addf(out, "%02x", bytes[i]);
}

/* The digest of the lines so far and this one. */
static void
chain(struct notes *notes, const char *tag)
{
	unsigned char next[NNV_SHA1_SIZE];
	struct nnv_text all = NNV_TEXT_EMPTY;

	nnv_text_add(&all,
	    (struct nnv_str){
		(const char *)notes->digest, sizeof(notes->digest) });
	nnv_text_addf(&all, "%s %zu ", tag, notes->name.n);
	nnv_text_add(&all, nnv_text_str(&notes->name));
	nnv_text_add(&all, nnv_text_str(&notes->words));
	nnv_sha1(nnv_text_str(&all), next);
	memcpy(notes->digest, next, sizeof(next));
	notes->out->failed |= nnv_text_failed(&all);
	nnv_text_release(&all);
}

/* A text on one line, at most MAX bytes of it and a digest of the rest. */
static void
add_short(struct nnv_text *out, const struct nnv_text *text, size_t max)
{
	struct nnv_str s = nnv_text_str(text);
	unsigned char digest[NNV_SHA1_SIZE];

	while (s.n > max || (s.n < text->n && (s.p[s.n] & 0xc0) == 0x80))
		s.n = s.n > max ? max : s.n - 1;
	nnv_text_add_terminal(out, s);
	if (s.n == text->n)
		return;
	nnv_sha1(nnv_text_str(text), digest);
	nnv_text_adds(out, "\xe2\x80\xa6#");
	add_hex(out, digest, 4);
}

/* End a line; it is LISTED, or only known by the digest. */
static void
end_line(struct notes *notes, const char *tag, bool listed)
{
	notes->out->failed |= notes->name.failed;
	notes->out->failed |= notes->words.failed;
	chain(notes, tag);
	if (listed && !notes->out->failed) {
		nnv_text_addf(notes->out, "%s ", tag);
		add_short(notes->out, &notes->name, NAME_MAX);
		nnv_text_addc(notes->out, '\t');
		add_short(notes->out, &notes->words, WORDS_MAX);
		nnv_text_addc(notes->out, '\n');
	}
	nnv_text_clear(&notes->name);
	nnv_text_clear(&notes->words);
}

/* Begin a line of something on the page. */
static void
begin_line(struct notes *notes)
{
	nnv_text_add(&notes->name, notes->page);
	if (notes->page.n != 0)
		nnv_text_adds(&notes->name, ": ");
}

/* Another word, behind a comma. */
static struct nnv_text *
word(struct notes *notes)
{
	if (notes->words.n != 0)
		nnv_text_adds(&notes->words, ", ");
	return &notes->words;
}

static void
add_name(struct notes *notes, nnv_name name)
{
	if (name != NNV_NO_NAME)
		nnv_text_add(word(notes), nnv_graph_text(notes->graph, name));
}

static void
add_count(struct notes *notes, int64_t count, const char *what)
{
	if (count <= 0)
		return;
	nnv_text_addi(word(notes), count);
	nnv_text_addf(&notes->words, " %s%s", what, count == 1 ? "" : "s");
}

/* The file's name, without where it lay. */
static void
add_file(struct notes *notes, nnv_name file)
{
	struct nnv_str path = nnv_graph_text(notes->graph, file);

	nnv_text_add(word(notes),
	    nnv_str_behind(nnv_str_behind(path, '/'), '\\'));
}

static void
add_call(struct notes *notes, uint32_t call, uint32_t ncalls, uint32_t repeat)
{
	if (ncalls > 1)
		nnv_text_addf(word(notes), "call %u of %u", call, ncalls);
	if (repeat > 1)
		nnv_text_addf(word(notes), "\xc3\x97%u", repeat);
}

static void
add_extents(const int64_t *shape, uint32_t n, struct nnv_text *out)
{
	for (uint32_t i = 0; i < n; i++) {
		nnv_text_adds(out, i > 0 ? "\xc3\x97" : "");
		nnv_text_addi(out, shape[i]);
	}
}

/* "64×56×56 float32", "[2×3 int32, int]" */
static void
add_spec(const struct nnv_graph *graph, const struct nnv_spec *spec, int depth,
    struct nnv_text *out)
{
	bool nested = spec->kind == NNV_SPEC_LIST || spec->kind == NNV_SPEC_MAP;

	if (depth == SPEC_DEPTH || out->n > SPEC_MAX) {
		nnv_text_adds(out, "\xe2\x80\xa6");
		return;
	}
	if (spec->kind == NNV_SPEC_TENSOR)
		add_extents(spec->shape, spec->n, out);
	if (spec->kind == NNV_SPEC_TENSOR && spec->last != NULL) {
		nnv_text_adds(out, " \xe2\x80\xa6 ");
		add_extents(spec->last, spec->n, out);
	}
	if (spec->type != NNV_NO_NAME) {
		nnv_text_adds(out, spec->n > 0 ? " " : "");
		nnv_text_add(out, nnv_graph_text(graph, spec->type));
	}
	nnv_text_adds(out, nested ? "[" : "");
	for (uint32_t i = 0; nested && i < spec->n && out->n <= SPEC_MAX; i++) {
		nnv_text_adds(out, i > 0 ? ", " : "");
		if (spec->kind == NNV_SPEC_MAP) {
			nnv_text_add(out, nnv_graph_text(graph, spec->keys[i]));
			nnv_text_adds(out, ": ");
		}
		add_spec(graph, spec->elements[i], depth + 1, out);
	}
	nnv_text_adds(out, nested ? "]" : "");
}

static void
note_model(struct notes *notes)
{
	const struct nnv_graph *graph = notes->graph;
	uint32_t hidden = 0;

	for (int i = NNV_SHOWN + 1; i < NNV_NHIDDEN; i++)
		hidden += graph->hidden[i];
	nnv_text_add(&notes->name, nnv_graph_text(graph, graph->title));
	add_name(notes, graph->whole);
	add_file(notes, graph->source);
	add_name(notes, graph->source_version);
	add_count(notes, hidden, "hidden op");
	if (graph->nsteps > 1)
		nnv_text_addf(word(notes), "step %u of %u", graph->step,
		    graph->nsteps);
	end_line(notes, "model", true);
}

/* The modules that boxes lie in, from the outside in; [0] is the model. */
static void
note_frames(struct notes *notes)
{
	const struct nnv_graph *graph = notes->graph;
	bool *used = nnv_heap_alloc(graph->nmodules, sizeof(*used));

	if (used == NULL) {
		notes->out->failed = true;
		return;
	}
	for (uint32_t v = 0; v < graph->nnodes; v++)
		for (uint32_t m = graph->nodes[v].module;
		     m != NNV_NONE && !used[m]; m = graph->modules[m].parent)
			used[m] = true;
	for (uint32_t m = 1; m < graph->nmodules; m++) {
		const struct nnv_module *module = &graph->modules[m];

		if (!used[m])
			continue;
		begin_line(notes);
		nnv_module_path(graph, m, &notes->name);
		add_name(notes, module->type);
		add_name(notes, module->differs);
		if (module->abreast)
			nnv_text_adds(word(notes), "abreast");
		add_call(notes, module->call, module->ncalls, module->repeat);
		end_line(notes, "frame", notes->nframes++ < FRAMES_MAX);
	}
	nnv_heap_free(used);
}

static void
add_quantities(struct notes *notes, const struct nnv_node *node)
{
	struct nnv_param_sum sum = nnv_node_params(notes->graph, node);

	add_count(notes, sum.parameters, "parameter");
	add_count(notes, node->cost.macs, "MAC");
	add_count(notes, node->cost.output_bytes, "byte");
	add_count(notes, node->time, "ns in it");
	add_count(notes, node->nkernels, "kernel");
	for (uint32_t i = 0; i < node->nkernels; i++)
		nnv_text_addf(&notes->words, "%s%u", i > 0 ? "," : " ",
		    node->kernels[i] + 1);
}

static void
note_node(struct notes *notes, const struct nnv_node *node, bool listed)
{
	static const char *const kinds[] = { [NNV_NODE_INPUT] = "Input",
		[NNV_NODE_OUTPUT] = "Output",
		[NNV_NODE_EXTERNAL] = "external",
		[NNV_NODE_GROUP] = "collapsed" };
	const struct nnv_graph *graph = notes->graph;

	begin_line(notes);
	nnv_node_path(graph, node, &notes->name);
	if (node->kind != NNV_NODE_OP)
		nnv_text_adds(word(notes), kinds[node->kind]);
	add_name(notes, node->op);
	if (node->nhypers > 0)
		nnv_node_hypers(graph, node, word(notes));
	for (uint32_t i = 0; i < node->nargs; i++) {
		add_name(notes, node->args[i].key);
		add_name(notes, node->args[i].json);
	}
	add_call(notes, node->call, node->ncalls, node->repeat);
	if (node->kind == NNV_NODE_GROUP)
		add_count(notes, node->nmembers, "layer");
	add_quantities(notes, node);
	if (node->phase != NNV_FORWARD)
		nnv_text_adds(word(notes), nnv_phase_name(node->phase));
	if (node->faded)
		nnv_text_adds(word(notes), "pale");
	if (node->lit)
		nnv_text_adds(word(notes), "bold");
	if (node->site.file != NNV_NO_NAME) {
		add_file(notes, node->site.file);
		nnv_text_addf(&notes->words, ":%u", node->site.line);
	}
	if (node->full_op != node->op)
		add_name(notes, node->full_op);
	end_line(notes, "node", listed);
}

static void
note_edge(struct notes *notes, const struct nnv_edge *edge, uint32_t first,
    bool listed)
{
	const struct nnv_tensor *tensor = edge->tensor != NNV_NONE
	    ? &notes->graph->tensors[edge->tensor]
	    : NULL;

	nnv_text_addf(&notes->name, "%u %u", first + edge->src,
	    first + edge->dst);
	if (tensor != NULL && tensor->spec != NULL)
		add_spec(notes->graph, tensor->spec, 0, word(notes));
	if (tensor != NULL) {
		add_name(notes, tensor->mark);
		if (tensor->values != NULL)
			nnv_text_addf(word(notes),
			    "%g to %g, mean %g, not finite: %lld",
			    tensor->values->min, tensor->values->max,
			    tensor->values->mean,
			    (long long)tensor->values->nans +
				(long long)tensor->values->infinities);
	}
	end_line(notes, "edge", listed);
}

/* The graph, of which the nodes count from FIRST on; how many were listed. */
static uint32_t
note_graph(struct notes *notes, const struct nnv_graph *graph, uint32_t first)
{
	uint32_t nodes = NODES_MAX - first;

	notes->graph = graph;
	if (nodes > graph->nnodes)
		nodes = graph->nnodes;
	note_model(notes);
	note_frames(notes);
	for (uint32_t v = 0; v < graph->nnodes; v++)
		note_node(notes, &graph->nodes[v], v < nodes);
	for (uint32_t e = 0; e < graph->nedges; e++) {
		const struct nnv_edge *edge = &graph->edges[e];
		bool listed = notes->nedges < EDGES_MAX && edge->src < nodes &&
		    edge->dst < nodes;

		notes->nedges += listed;
		notes->more_edges += !listed;
		note_edge(notes, edge, first, listed);
	}
	notes->more_nodes += graph->nnodes - nodes;
	return nodes;
}

static void
add_digest(struct nnv_text *out, const char *tag, const unsigned char *digest)
{
	nnv_text_addf(out, "%s ", tag);
	add_hex(out, digest, NNV_SHA1_SIZE);
	nnv_text_addc(out, '\n');
}

void
nnv_pages_note(const struct nnv_noted *pages, size_t n,
    const struct nnv_style *style, struct nnv_text *out)
{
	struct nnv_text lines = NNV_TEXT_EMPTY, keys = NNV_TEXT_EMPTY;
	struct notes notes = { .out = &lines };
	uint32_t listed = 0;
	unsigned char digest[NNV_SHA1_SIZE];

	for (size_t i = 0; i < n; i++) {
		notes.page = pages[i].path;
		listed += note_graph(&notes, pages[i].graph, listed);
	}
	if (notes.more_nodes != 0 || notes.more_edges != 0)
		nnv_text_addf(&lines, "more %u %u\n", notes.more_nodes,
		    notes.more_edges);
	add_digest(out, "graph", notes.digest);
	if (style != NULL) {
		nnv_style_list(style, "set", &keys);
		nnv_sha1(nnv_text_str(&keys), digest);
		add_digest(out, "style", digest);
		nnv_text_adds(out, "theme ");
		nnv_text_add_terminal(out,
		    style->theme.n != 0 ? style->theme : NNV_STR("light"));
		nnv_text_addc(out, '\n');
		nnv_style_list(style, "by", out);
	}
	nnv_text_add(out, nnv_text_str(&lines));
	out->failed |= lines.failed;
	out->failed |= keys.failed;
	nnv_text_release(&notes.name);
	nnv_text_release(&notes.words);
	nnv_text_release(&lines);
	nnv_text_release(&keys);
}

void
nnv_drawing_note(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_text *out)
{
	const struct nnv_noted page = { graph, { NULL, 0 } };

	nnv_pages_note(&page, 1, style, out);
}
