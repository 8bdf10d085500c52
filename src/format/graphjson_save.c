/*
 * Writing the cached graph.
 *
 * "nodes", "edges" and "metadata" are what NNViz 1.0 writes and reads:
 *
 *	"nodes": {KEY: {"node_type","name","path","op","full_op","const_args",
 *	    "const_kwargs","n_parameters","perc_parameters"}, ...}
 *	"edges": [[SOURCE, TARGET, KEY, SPEC], ...]
 *
 * It ignores what it does not know, so everything else is added beside that:
 *
 *	nnviz_c		version of the schema, kind of source, level, counts
 *	modules		by unique dotted path, in order; "parent" is an index
 *	parameters	once each; a node lists the indices of those it uses
 *	nodes		module (an index), self, phase, call, hidden, ...
 *	tensors		what edges do not tell of them
 *	edge_tensors, operands
 *			which tensor an edge carries and which operand it is;
 *			absent where the order of the edges tells (see
 *			graphjson_edges.c)
 *
 * Nothing unknown is written, and nothing that is what a reader assumes: plain
 * ops stay short. One record is one line, in the order of the graph, so that
 * two caches can be compared line by line, and the same graph is the same
 * bytes.
 */
#include "graphjson.h"
#include "nnviz/format.h"
#include "nnviz/unique.h"

/* As much as the program reads. */
#define MAX_BYTES ((size_t)4 << 30)

struct writer {
	struct nnv_text *out;
	const struct nnv_graph *graph;
	int64_t total; /* parameters of the whole graph */
	struct nnv_totals totals;
	uint32_t *chain;          /* room for the longest path of modules */
	uint32_t *first_edge;     /* of each tensor, or NNV_NONE */
	uint32_t *operands;       /* edges into each node so far */
	struct nnv_table guesses; /* source, key -> tensor */
	bool first;               /* the next record is its table's first */
	bool too_large;
};

/* `,"field":` within a record. */
static void
put_field(struct writer *w, const char *field)
{
	nnv_text_adds(w->out, ",\"");
	nnv_text_adds(w->out, field);
	nnv_text_adds(w->out, "\":");
}

static void
put_name(struct writer *w, const char *field, nnv_name name)
{
	if (name == NNV_NO_NAME)
		return;
	put_field(w, field);
	nnv_cache_put_text(w->out, nnv_graph_text(w->graph, name));
}

static void
put_word(struct writer *w, const char *field, const char *word)
{
	put_field(w, field);
	nnv_cache_put_text(w->out, nnv_str(word));
}

/* A number, unless it is what a reader assumes. */
static void
put_number(struct writer *w, const char *field, int64_t value, int64_t assumed)
{
	if (value == assumed)
		return;
	put_field(w, field);
	nnv_text_addi(w->out, value);
}

/* Start a table, a record in it, and end it. */
static void
open_table(struct writer *w, const char *name, char bracket)
{
	nnv_text_adds(w->out, ",\n\"");
	nnv_text_adds(w->out, name);
	nnv_text_adds(w->out, "\":");
	nnv_text_addc(w->out, bracket);
	w->first = true;
}

/*
 * A module's name is written once for each node below it, so that a small file
 * of long names could become any size. What could not be read back is not
 * written: a failed text ignores all that follows.
 */
static void
next_record(struct writer *w)
{
	if (w->out->n > MAX_BYTES && !nnv_text_failed(w->out)) {
		w->too_large = true;
		w->out->failed = true;
	}
	nnv_text_adds(w->out, w->first ? "\n" : ",\n");
	w->first = false;
}

static void
close_table(struct writer *w, char bracket)
{
	nnv_text_addc(w->out, '\n');
	nnv_text_addc(w->out, bracket);
}

static void
put_hidden(struct writer *w)
{
	const char *between = "";

	put_field(w, "hidden");
	nnv_text_addc(w->out, '{');
	for (int i = 0; i < NNV_NHIDDEN; i++)
		if (w->graph->hidden[i] != 0) {
			nnv_text_addf(w->out, "%s\"%s\":%lu", between,
			    nnv_cache_hidden[i],
			    (unsigned long)w->graph->hidden[i]);
			between = ",";
		}
	nnv_text_addc(w->out, '}');
}

/* A sum that is one: no part of it is unknown. */
static void
put_sum(struct writer *w, const char *field, struct nnv_sum sum)
{
	if (!sum.at_least)
		put_number(w, field, sum.known, NNV_UNKNOWN);
}

/* What the whole graph costs, for people and programs; the peak is read. */
static void
put_totals(struct writer *w)
{
	const struct nnv_totals *t = &w->totals;

	put_field(w, "totals");
	nnv_text_adds(w->out, "{\"nodes\":");
	nnv_text_addi(w->out, w->graph->nnodes);
	put_sum(w, "trainable", t->trainable);
	put_sum(w, "frozen", t->frozen);
	put_sum(w, "buffers", t->buffers);
	put_sum(w, "parameter_bytes", t->parameter_bytes);
	put_sum(w, "macs", t->macs);
	put_sum(w, "elementwise", t->elementwise);
	put_sum(w, "output_elements", t->output_elements);
	put_sum(w, "output_bytes", t->output_bytes);
	put_sum(w, "activation_bytes", t->activation_bytes);
	if (t->has_backward)
		put_sum(w, "backward_macs", t->backward_macs);
	put_number(w, "peak_bytes", w->graph->peak_bytes, NNV_UNKNOWN);
	nnv_text_addc(w->out, '}');
}

static void
put_added(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;

	nnv_text_addf(w->out, "{\n\"nnviz_c\":{\"schema\":%d",
	    NNV_CACHE_SCHEMA);
	put_name(w, "origin", graph->origin);
	put_word(w, "level", nnv_cache_levels[graph->level]);
	put_name(w, "part_of", graph->whole);
	put_number(w, "steps", w->graph->nsteps, 0);
	put_number(w, "step", w->graph->step, 0);
	put_hidden(w);
	put_field(w, "counts");
	nnv_text_addf(w->out,
	    "{\"nodes\":%lu,\"edges\":%lu,\"tensors\":%lu,"
	    "\"modules\":%lu,\"parameters\":",
	    (unsigned long)graph->nnodes, (unsigned long)graph->nedges,
	    (unsigned long)graph->ntensors, (unsigned long)graph->nmodules);
	nnv_text_addi(w->out, w->total);
	nnv_text_addc(w->out, '}');
	put_totals(w);
	nnv_text_addc(w->out, '}');
}

static void
put_metadata(struct writer *w)
{
	const struct {
		const char *field;
		nnv_name name;
	} fields[] = {
		{ "title", w->graph->title },
		{ "source", w->graph->source },
		{ "source_version", w->graph->source_version },
		{ "nnviz_version", w->graph->nnviz_version },
	};
	const char *between = "";

	nnv_text_adds(w->out, ",\n\"metadata\":{");
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (fields[i].name == NNV_NO_NAME)
			continue;
		nnv_text_addf(w->out, "%s\"%s\":", between, fields[i].field);
		nnv_cache_put_text(w->out,
		    nnv_graph_text(w->graph, fields[i].name));
		between = ",";
	}
	nnv_text_addc(w->out, '}');
}

static void
put_call_site(struct writer *w, struct nnv_site site)
{
	if (site.file == NNV_NO_NAME && site.line == 0)
		return;
	put_field(w, "call_sites");
	nnv_text_adds(w->out, "[{");
	if (site.file != NNV_NO_NAME) {
		nnv_text_adds(w->out, "\"file\":");
		nnv_cache_put_text(w->out, nnv_graph_text(w->graph, site.file));
		nnv_text_addc(w->out, ',');
	}
	nnv_text_addf(w->out, "\"line\":%lu}]", (unsigned long)site.line);
}

static void
put_call(struct writer *w, uint32_t call, uint32_t ncalls)
{
	put_number(w, "call", call, 0);
	put_number(w, "ncalls", ncalls, 0);
}

static void
put_flag(struct writer *w, const char *name, bool flag)
{
	if (!flag)
		return;
	put_field(w, name);
	nnv_text_adds(w->out, "true");
}

/* No field is sure to be there, so the comma before the first that is becomes
 * the brace. */
static void
put_module(struct writer *w, const struct nnv_module *module)
{
	size_t brace = w->out->n;

	put_number(w, "parent",
	    module->parent == NNV_NONE ? -1 : (int64_t)module->parent, -1);
	put_name(w, "name", module->name);
	put_name(w, "type", module->type);
	if (module->phase != NNV_FORWARD)
		put_word(w, "phase", nnv_phase_name(module->phase));
	if (module->is_phase) {
		put_field(w, "is_phase");
		nnv_text_adds(w->out, "true");
	}
	put_call(w, module->call, module->ncalls);
	put_number(w, "repeat", module->repeat, 0);
	put_flag(w, "abreast", module->abreast);
	put_name(w, "differs", module->differs);
	put_call_site(w, module->site);
	if (w->out->n == brace)
		nnv_text_addc(w->out, '{');
	else if (!nnv_text_failed(w->out))
		w->out->p[brace] = '{';
	nnv_text_addc(w->out, '}');
}

/* Keyed by path, for people: two calls of a module share one, so it is made
 * unique. */
static bool
put_modules(struct writer *w)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	struct nnv_names names;
	struct nnv_unique keys;
	nnv_name key = NNV_NO_NAME;

	nnv_names_init(&names);
	nnv_unique_init(&keys, &names);
	open_table(w, "modules", '{');
	for (uint32_t m = 0; m < w->graph->nmodules; m++) {
		nnv_text_clear(&path);
		nnv_text_adds(&path, "");
		nnv_module_path(w->graph, m, &path);
		if (!nnv_text_failed(&path))
			key = nnv_unique_take(&keys, nnv_text_str(&path));
		if (nnv_text_failed(&path) || key == NNV_NO_NAME)
			break;
		next_record(w);
		nnv_cache_put_text(w->out, nnv_names_text(&names, key));
		nnv_text_addc(w->out, ':');
		put_module(w, &w->graph->modules[m]);
	}
	close_table(w, '}');
	nnv_text_release(&path);
	nnv_unique_release(&keys);
	nnv_names_release(&names);
	return w->graph->nmodules == 0 || key != NNV_NO_NAME;
}

static void
put_indices(struct writer *w, const uint32_t *indices, uint32_t n)
{
	nnv_text_addc(w->out, '[');
	for (uint32_t i = 0; i < n; i++) {
		nnv_text_adds(w->out, i > 0 ? "," : "");
		nnv_text_addi(w->out, indices[i]);
	}
	nnv_text_addc(w->out, ']');
}

/* What belongs to nodes that were hidden, if that is anything. */
static void
put_unseen(struct writer *w)
{
	const struct nnv_unseen *unseen = &w->graph->unseen;
	const struct nnv_cost *cost = &unseen->cost;

	if (unseen->nparams == 0 && cost->macs == 0 && cost->elementwise == 0 &&
	    cost->activation_bytes == 0 && unseen->time == NNV_UNKNOWN)
		return;
	nnv_text_adds(w->out, ",\n\"unseen\":{\"parameters\":");
	put_indices(w, unseen->params, unseen->nparams);
	put_number(w, "macs", cost->macs, NNV_UNKNOWN);
	put_number(w, "elementwise", cost->elementwise, NNV_UNKNOWN);
	put_number(w, "activation_bytes", cost->activation_bytes, NNV_UNKNOWN);
	put_number(w, "backward_macs", cost->backward_macs, NNV_UNKNOWN);
	put_number(w, "time_ns", unseen->time, NNV_UNKNOWN);
	nnv_text_addc(w->out, '}');
}

static void
put_params(struct writer *w)
{
	open_table(w, "parameters", '[');
	for (uint32_t i = 0; i < w->graph->nparams; i++) {
		const struct nnv_param *param = &w->graph->params[i];

		next_record(w);
		nnv_text_addf(w->out, "{\"kind\":\"%s\"",
		    nnv_cache_param_kinds[param->kind]);
		put_name(w, "name", param->name);
		put_number(w, "count", param->count, NNV_UNKNOWN);
		if (param->spec != NULL) {
			put_field(w, "spec");
			nnv_cache_put_spec(w->out, w->graph, param->spec);
		}
		nnv_text_addc(w->out, '}');
	}
	close_table(w, ']');
}

/* The name that people see, which NNViz requires, and the path. */
static void
put_path(struct writer *w, const struct nnv_node *node)
{
	const struct nnv_graph *graph = w->graph;
	uint32_t depth = 0;

	put_field(w, "path");
	nnv_text_addc(w->out, '[');
	for (uint32_t m = node->module; m != 0 && m != NNV_NONE;
	     m = graph->modules[m].parent)
		w->chain[depth++] = m;
	for (uint32_t i = depth; i-- > 0;) {
		nnv_cache_put_text(w->out,
		    nnv_graph_text(graph, graph->modules[w->chain[i]].name));
		if (i > 0 || node->leaf != NNV_NO_NAME)
			nnv_text_addc(w->out, ',');
	}
	if (node->leaf != NNV_NO_NAME)
		nnv_cache_put_text(w->out, nnv_graph_text(graph, node->leaf));
	nnv_text_addc(w->out, ']');
}

static void
put_display_name(struct writer *w, const struct nnv_node *node)
{
	const struct nnv_graph *graph = w->graph;
	uint32_t depth = 0;

	if (node->name != NNV_NO_NAME) {
		put_name(w, "name", node->name);
		return;
	}
	put_field(w, "name");
	nnv_text_addc(w->out, '"');
	for (uint32_t m = node->module; m != 0 && m != NNV_NONE;
	     m = graph->modules[m].parent)
		w->chain[depth++] = m;
	for (uint32_t i = depth; i-- > 0;) {
		nnv_text_add_json(w->out,
		    nnv_graph_text(graph, graph->modules[w->chain[i]].name));
		if (i > 0 || node->leaf != NNV_NO_NAME)
			nnv_text_addc(w->out, '.');
	}
	nnv_text_add_json(w->out, nnv_graph_text(graph, node->leaf));
	nnv_text_addc(w->out, '"');
}

static void
put_args(struct writer *w, const struct nnv_node *node, bool named)
{
	const char *between = "";

	put_field(w, named ? "const_kwargs" : "const_args");
	nnv_text_addc(w->out, named ? '{' : '[');
	for (uint32_t i = 0; i < node->nargs; i++) {
		const struct nnv_arg *arg = &node->args[i];

		if ((arg->key != NNV_NO_NAME) != named)
			continue;
		nnv_text_adds(w->out, between);
		between = ",";
		if (named) {
			nnv_cache_put_text(w->out,
			    nnv_graph_text(w->graph, arg->key));
			nnv_text_addc(w->out, ':');
		}
		nnv_text_add(w->out, nnv_graph_text(w->graph, arg->json));
	}
	nnv_text_addc(w->out, named ? '}' : ']');
}

static void
put_hypers(struct writer *w, const struct nnv_node *node)
{
	if (node->nhypers == 0)
		return;
	put_field(w, "hyper");
	for (uint32_t i = 0; i < node->nhypers; i++) {
		const struct nnv_hyper *hyper = &node->hypers[i];

		nnv_text_addc(w->out, i > 0 ? ',' : '{');
		nnv_cache_put_text(w->out,
		    nnv_graph_text(w->graph, hyper->key));
		nnv_text_addc(w->out, ':');
		nnv_cache_put_text(w->out,
		    nnv_graph_text(w->graph, hyper->text));
	}
	nnv_text_addc(w->out, '}');
}

/* How many, for NNViz and for people; which, for us. */
static void
put_node_params(struct writer *w, const struct nnv_node *node)
{
	struct nnv_param_sum sum = nnv_node_params(w->graph, node);
	double total = w->total > 0 ? (double)w->total : 1.0;

	if (!sum.at_least || sum.parameters > 0) {
		put_field(w, "n_parameters");
		nnv_text_addi(w->out, sum.parameters);
		put_field(w, "perc_parameters");
		nnv_text_add_real(w->out, (double)sum.parameters / total);
	}
	if (nnv_graph_tells_buffers(w->graph))
		put_number(w, "n_buffers", sum.buffers, NNV_UNKNOWN);
	if (sum.at_least) {
		put_field(w, "n_parameters_at_least");
		nnv_text_adds(w->out, "true");
	}
	if (node->nparams == 0)
		return;
	put_field(w, "parameters");
	put_indices(w, node->params, node->nparams);
}

static void
put_source(struct writer *w, struct nnv_site site)
{
	if (site.file == NNV_NO_NAME && site.line == 0)
		return;
	put_field(w, "source");
	nnv_text_addc(w->out, '[');
	if (site.file == NNV_NO_NAME)
		nnv_text_adds(w->out, "null");
	else
		nnv_cache_put_text(w->out, nnv_graph_text(w->graph, site.file));
	nnv_text_addf(w->out, ",%lu]", (unsigned long)site.line);
}

/* Nothing, where it does not hold. */
/* What NNViz does not know. */
static void
put_node_added(struct writer *w, const struct nnv_node *node)
{
	put_number(w, "module", node->module, NNV_NONE);
	put_number(w, "self", node->self, NNV_NONE);
	if (node->phase != NNV_FORWARD)
		put_word(w, "phase", nnv_phase_name(node->phase));
	put_call(w, node->call, node->ncalls);
	put_number(w, "members", node->nmembers, 1);
	put_number(w, "repeat", node->repeat, 0);
	put_flag(w, "faded", node->faded);
	put_flag(w, "lit", node->lit);
	put_flag(w, "masked", node->masked);
	put_flag(w, "floored", node->floored);
	if (node->hide != NNV_SHOWN)
		put_word(w, "hidden", nnv_cache_hidden[node->hide]);
	if (node->grad_of != NNV_NONE)
		put_name(w, "grad_of", w->graph->nodes[node->grad_of].key);
	put_source(w, node->site);
	put_number(w, "macs", node->cost.macs, NNV_UNKNOWN);
	put_number(w, "elementwise", node->cost.elementwise, NNV_UNKNOWN);
	put_number(w, "output_elements", node->cost.output_elements,
	    NNV_UNKNOWN);
	put_number(w, "output_bytes", node->cost.output_bytes, NNV_UNKNOWN);
	put_number(w, "activation_bytes", node->cost.activation_bytes,
	    NNV_UNKNOWN);
	put_number(w, "backward_macs", node->cost.backward_macs, NNV_UNKNOWN);
	put_flag(w, "external", node->kind == NNV_NODE_EXTERNAL);
}

static void
put_node(struct writer *w, const struct nnv_node *node)
{
	static const char *const types[] = {
		[NNV_NODE_OP] = "op",
		[NNV_NODE_GROUP] = "collapsed",
		[NNV_NODE_INPUT] = "input",
		[NNV_NODE_OUTPUT] = "output",
		[NNV_NODE_EXTERNAL] = "input",
	};
	bool counted = node->kind == NNV_NODE_OP ||
	    node->kind == NNV_NODE_GROUP || node->nparams > 0;

	nnv_cache_put_text(w->out, nnv_graph_text(w->graph, node->key));
	nnv_text_adds(w->out, ":{\"node_type\":\"");
	nnv_text_adds(w->out, types[node->kind]);
	nnv_text_addc(w->out, '"');
	put_display_name(w, node);
	put_path(w, node);
	put_name(w, "op", node->op);
	put_name(w, "full_op", node->full_op);
	if (node->nargs > 0) {
		put_args(w, node, false);
		put_args(w, node, true);
	}
	put_hypers(w, node);
	if (counted)
		put_node_params(w, node);
	nnv_cache_put_node_kernels(w->out, node);
	put_number(w, "time_ns", node->time, NNV_UNKNOWN);
	put_node_added(w, node);
	nnv_text_addc(w->out, '}');
}

static void
put_nodes(struct writer *w)
{
	open_table(w, "nodes", '{');
	for (uint32_t i = 0; i < w->graph->nnodes; i++) {
		next_record(w);
		put_node(w, &w->graph->nodes[i]);
	}
	close_table(w, '}');
}

static void
put_key_or_null(struct writer *w, nnv_name key)
{
	if (key == NNV_NO_NAME)
		nnv_text_adds(w->out, "null");
	else
		nnv_cache_put_text(w->out, nnv_graph_text(w->graph, key));
}

static void
put_edges(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;

	open_table(w, "edges", '[');
	for (uint32_t i = 0; i < graph->nedges; i++) {
		const struct nnv_edge *edge = &graph->edges[i];
		const struct nnv_tensor *tensor = &graph->tensors[edge->tensor];

		next_record(w);
		nnv_text_addc(w->out, '[');
		nnv_cache_put_text(w->out,
		    nnv_graph_text(graph, graph->nodes[edge->src].key));
		nnv_text_addc(w->out, ',');
		nnv_cache_put_text(w->out,
		    nnv_graph_text(graph, graph->nodes[edge->dst].key));
		nnv_text_addc(w->out, ',');
		put_key_or_null(w, tensor->key);
		nnv_text_addc(w->out, ',');
		nnv_cache_put_spec(w->out, graph, tensor->spec);
		nnv_text_addc(w->out, ']');
	}
	close_table(w, ']');
}

/* [elements, NaN, infinities, minimum, maximum, mean] */
static void
put_values(struct writer *w, const struct nnv_values *values)
{
	if (values == NULL)
		return;
	put_field(w, "values");
	nnv_text_addc(w->out, '[');
	nnv_text_addi(w->out, values->count);
	nnv_text_addc(w->out, ',');
	nnv_text_addi(w->out, values->nans);
	nnv_text_addc(w->out, ',');
	nnv_text_addi(w->out, values->infinities);
	nnv_text_addc(w->out, ',');
	nnv_text_add_real(w->out, values->min);
	nnv_text_addc(w->out, ',');
	nnv_text_add_real(w->out, values->max);
	nnv_text_addc(w->out, ',');
	nnv_text_add_real(w->out, values->mean);
	nnv_text_addc(w->out, ']');
}

/* A tensor of which the edges do not tell all. */
static void
put_tensor(struct writer *w, uint32_t index)
{
	const struct nnv_graph *graph = w->graph;
	const struct nnv_tensor *tensor = &graph->tensors[index];
	uint32_t edge = w->first_edge[index];
	bool told = edge != NNV_NONE;

	next_record(w);
	nnv_text_addf(w->out, "{\"tensor\":%lu", (unsigned long)index);
	if (tensor->producer != NNV_NONE &&
	    (!told || graph->edges[edge].src != tensor->producer))
		put_name(w, "producer", graph->nodes[tensor->producer].key);
	if (!told) {
		put_name(w, "key", tensor->key);
		if (tensor->spec != NULL) {
			put_field(w, "spec");
			nnv_cache_put_spec(w->out, graph, tensor->spec);
		}
	}
	put_name(w, "name", tensor->name);
	put_number(w, "parameter", tensor->param, NNV_NONE);
	put_name(w, "mark", tensor->mark);
	put_values(w, tensor->values);
	nnv_text_addc(w->out, '}');
}

static void
put_tensors(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;

	open_table(w, "tensors", '[');
	for (uint32_t i = 0; i < graph->ntensors; i++) {
		const struct nnv_tensor *tensor = &graph->tensors[i];
		uint32_t edge = w->first_edge[i];

		if (edge == NNV_NONE || tensor->name != NNV_NO_NAME ||
		    tensor->param != NNV_NONE || tensor->mark != NNV_NO_NAME ||
		    tensor->values != NULL ||
		    graph->edges[edge].src != tensor->producer)
			put_tensor(w, i);
	}
	close_table(w, ']');
}

/* Whether counting tensors in the order of their first edge gives the indices
 * that they have; a reader does nothing else. False if memory is out, too,
 * which only makes the file longer. */
static bool
tensors_are_implied(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;
	uint32_t next = 0;

	for (uint32_t i = 0; i < graph->nedges; i++) {
		const struct nnv_edge *edge = &graph->edges[i];
		uint32_t *known = nnv_table_at(&w->guesses,
		    nnv_table_pair(edge->src,
			graph->tensors[edge->tensor].key));

		if (known == NULL)
			return false;
		if (*known == NNV_TABLE_NONE)
			*known = next++;
		if (*known != edge->tensor)
			return false;
	}
	return true;
}

static bool
operands_are_implied(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;

	for (uint32_t i = 0; i < graph->nedges; i++)
		if (w->operands[graph->edges[i].dst]++ !=
		    graph->edges[i].operand)
			return false;
	return true;
}

enum { NUMBERS_A_LINE = 32 };

/* A number for each edge. */
static void
put_numbers(struct writer *w, const char *name, bool operand)
{
	open_table(w, name, '[');
	for (uint32_t i = 0; i < w->graph->nedges; i++) {
		const struct nnv_edge *edge = &w->graph->edges[i];

		if (i % NUMBERS_A_LINE == 0)
			next_record(w);
		else
			nnv_text_addc(w->out, ',');
		nnv_text_addi(w->out, operand ? edge->operand : edge->tensor);
	}
	close_table(w, ']');
}

static void
put_document(struct writer *w)
{
	put_added(w);
	put_metadata(w);
	if (!put_modules(w))
		w->out->failed = true;
	put_params(w);
	put_unseen(w);
	nnv_cache_put_kernels(w->out, w->graph);
	put_nodes(w);
	put_edges(w);
	put_tensors(w);
	if (!tensors_are_implied(w))
		put_numbers(w, "edge_tensors", false);
	if (!operands_are_implied(w))
		put_numbers(w, "operands", true);
	nnv_text_adds(w->out, "\n}\n");
}

static uint32_t
longest_path(const struct nnv_graph *graph, uint32_t *depths)
{
	uint32_t longest = 0;

	for (uint32_t m = 1; m < graph->nmodules; m++) {
		depths[m] = depths[graph->modules[m].parent] + 1;
		if (depths[m] > longest)
			longest = depths[m];
	}
	return longest;
}

/* What the writer needs beside the graph. */
static bool
prepare(struct writer *w)
{
	const struct nnv_graph *graph = w->graph;
	struct nnv_param_sum sum;
	uint32_t *depths = nnv_heap_alloc(graph->nmodules + (size_t)1,
	    sizeof(*depths));

	if (depths == NULL || !nnv_graph_params(graph, &sum) ||
	    !nnv_graph_totals(graph, &w->totals)) {
		nnv_heap_free(depths);
		return false;
	}
	w->total = sum.parameters;
	w->chain = nnv_heap_alloc(longest_path(graph, depths) + (size_t)1,
	    sizeof(*w->chain));
	nnv_heap_free(depths);
	w->first_edge = nnv_heap_alloc(graph->ntensors + (size_t)1,
	    sizeof(*w->first_edge));
	w->operands = nnv_heap_alloc(graph->nnodes + (size_t)1,
	    sizeof(*w->operands));
	if (w->chain == NULL || w->first_edge == NULL || w->operands == NULL)
		return false;
	for (uint32_t i = 0; i < graph->ntensors; i++)
		w->first_edge[i] = NNV_NONE;
	for (uint32_t i = graph->nedges; i-- > 0;)
		w->first_edge[graph->edges[i].tensor] = i;
	return true;
}

bool
nnv_graph_save(const struct nnv_graph *graph, struct nnv_text *out,
    struct nnv_diag *diag)
{
	struct writer w = { .out = out, .graph = graph };
	bool ready;

	nnv_table_init(&w.guesses);
	ready = prepare(&w);
	if (ready)
		put_document(&w);
	nnv_table_release(&w.guesses);
	nnv_heap_free(w.chain);
	nnv_heap_free(w.first_edge);
	nnv_heap_free(w.operands);
	if (w.too_large)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "the graph is larger than %zu bytes of JSON", MAX_BYTES);
	return (ready && !nnv_text_failed(out)) || nnv_fail_memory(diag);
}
