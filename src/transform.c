/*
 * graph -> graph': one row a transformation, in the order in which they run.
 * A row says when it is wanted and calls one pass of src/pass.
 */
#include "transform.h"

#include "nnviz/arena.h"
#include "nnviz/file.h"
#include "nnviz/pass.h"

struct step {
	/* NULL: always */
	bool (*wanted)(const struct nnv_options *options);
	struct nnv_graph *(*run)(const struct nnv_graph *graph,
	    const struct nnv_options *options, struct nnv_diag *diag);
};

static struct nnv_graph *
find_calls(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_calls(graph, diag);
}

static struct nnv_graph *
choose_step(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	return nnv_pass_steps(graph, o->step, diag);
}

static struct nnv_graph *
find_owners(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_owners(graph, diag);
}

static bool
wants_owners(const struct nnv_options *o)
{
	return (o->phases & (1u << NNV_INIT | 1u << NNV_OPTIMIZER)) != 0;
}

static bool
wants_gradients(const struct nnv_options *o)
{
	return (o->phases & 1u << NNV_BACKWARD) != 0;
}

static bool
wants_only_gradients(const struct nnv_options *o)
{
	return o->phases == 1u << NNV_BACKWARD;
}

static bool
holds(const struct nnv_graph *graph, enum nnv_phase phase)
{
	for (uint32_t v = 0; v < graph->nnodes; v++)
		if (graph->nodes[v].phase == phase)
			return true;
	return false;
}

/* What gradients are of tells what they are: it is kept until that is said. */
static struct nnv_graph *
choose_phases(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	unsigned phases = o->phases;

	if (wants_only_gradients(o) && holds(graph, NNV_BACKWARD))
		phases |= 1u << NNV_FORWARD;
	return nnv_pass_phase(graph, phases, diag);
}

static struct nnv_graph *
find_gradients(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_gradients(graph, diag);
}

static struct nnv_graph *
keep_gradients(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	return nnv_pass_only(graph, o->phases, diag);
}

static bool
wants_pruning(const struct nnv_options *o)
{
	return !o->keep;
}

static struct nnv_graph *
prune(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	return nnv_pass_prune(graph, o->phases, diag);
}

static bool
wants_layers(const struct nnv_options *o)
{
	return !o->ops;
}

static struct nnv_graph *
find_layers(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_level(graph, diag);
}

static struct nnv_graph *
measure(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_measure(graph, diag);
}

static bool
wants_idioms(const struct nnv_options *o)
{
	return o->idioms;
}

static struct nnv_graph *
find_idioms(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_idioms(graph, diag);
}

static bool
wants_rules(const struct nnv_options *o)
{
	return o->rules != NULL;
}

/* Bytes in a file of rules. */
enum { RULES_MAX = 1 << 20 };

static struct nnv_graph *
apply_rules(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	struct nnv_graph *to = NULL;

	const char *model = diag->source;

	/* What is wrong with this file is not said of the model. */
	diag->source = o->rules;
	if (nnv_input_read(&input, o->rules, RULES_MAX, diag)) {
		diag->source = model;
		to = nnv_pass_rules(graph, input.bytes, o->rules, diag);
		if (to == NULL && diag->code == NNV_E_USAGE)
			diag->source = NULL;
	}
	nnv_input_release(&input);
	return to;
}

static bool
wants_selection(const struct nnv_options *o)
{
	return o->layer != NULL;
}

static struct nnv_graph *
choose_layer(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_graph *part = nnv_pass_select(graph, nnv_str(o->layer),
	    diag);

	/* that of the whole is not that of a part */
	if (part != NULL)
		part->peak_bytes = NNV_UNKNOWN;
	return part;
}

/* The values of an option as slices; NULL: no memory. */
static struct nnv_str *
slices(const struct nnv_list *list, struct nnv_diag *diag)
{
	struct nnv_str *items = nnv_heap_alloc(list->n + 1, sizeof(*items));

	if (items == NULL)
		nnv_fail_memory(diag);
	for (size_t i = 0; items != NULL && i < list->n; i++)
		items[i] = nnv_str(list->items[i]);
	return items;
}

static bool
wants_hiding(const struct nnv_options *o)
{
	return o->hide.n > 0;
}

static struct nnv_graph *
hide(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_str *patterns = slices(&o->hide, diag);
	struct nnv_graph *rest = NULL;

	if (patterns != NULL)
		rest = nnv_pass_hide(graph, patterns, o->hide.n, diag);
	nnv_heap_free(patterns);
	return rest;
}

static struct nnv_graph *
collapse(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_str *closed = slices(&o->collapse, diag);
	struct nnv_str *opened = slices(&o->expand, diag);
	/* A budget decides alone, unless a depth is asked for as well. */
	int depth = o->max_nodes > 0 && !o->depth_given ? -1 : o->depth;
	struct nnv_collapse what = { depth, closed, o->collapse.n, opened,
		o->expand.n, o->max_nodes, o->evenly };
	struct nnv_graph *collapsed = NULL;

	if (closed != NULL && opened != NULL)
		collapsed = nnv_pass_collapse(graph, &what, diag);
	nnv_heap_free(closed);
	nnv_heap_free(opened);
	return collapsed;
}

static bool
wants_folding(const struct nnv_options *o)
{
	return o->fold > 0;
}

/* A drawing that is small enough to be read is left as it is: no run in it is
 * as long as that. */
static struct nnv_graph *
fold(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_fold what = { o->fold, false };
	struct nnv_graph *alike, *to;

	if (graph->nnodes <= o->fold_above)
		what.least = UINT32_MAX;
	alike = nnv_pass_fold(graph, &what, diag);
	if (alike == NULL || alike->nnodes <= o->similar_above)
		return alike;
	what.similar = true;
	to = nnv_pass_fold(alike, &what, diag);
	nnv_graph_free(alike);
	return to;
}

static bool
wants_no_plumbing(const struct nnv_options *o)
{
	return !o->plumbing;
}

static struct nnv_graph *
lay_plumbing(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_plumbing(graph, diag);
}

static bool
wants_merging(const struct nnv_options *o)
{
	return o->merge >= 0;
}

static struct nnv_graph *
merge(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	return nnv_pass_merge(graph, o->merge, diag);
}

static bool
wants_rolling(const struct nnv_options *o)
{
	return o->roll;
}

static struct nnv_graph *
roll(const struct nnv_graph *graph, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	(void)o;
	return nnv_pass_roll(graph, diag);
}

static bool
wants_focus(const struct nnv_options *o)
{
	return o->from != NULL || o->to != NULL || o->around != NULL;
}

static struct nnv_graph *
focus(const struct nnv_graph *graph, const struct nnv_graph *whole,
    const struct nnv_options *o, struct nnv_diag *diag)
{
	struct nnv_focus what = { o->from, o->to, o->around, o->hops, whole };

	return nnv_pass_focus(graph, &what, diag);
}

static bool
wants_highlight(const struct nnv_options *o)
{
	return o->highlight.n > 0;
}

static struct nnv_graph *
highlight(const struct nnv_graph *graph, const struct nnv_graph *whole,
    const struct nnv_options *o, struct nnv_diag *diag)
{
	struct nnv_str *patterns = slices(&o->highlight, diag);
	struct nnv_graph *lit = NULL;

	if (patterns != NULL)
		lit = nnv_pass_highlight(graph, whole, patterns, o->highlight.n,
		    diag);
	nnv_heap_free(patterns);
	return lit;
}

/* Which part of the model, and in which form. */
static const struct step choosing[] = {
	{ NULL, find_calls },
	{ NULL, choose_step },
	{ wants_owners, find_owners },
	{ NULL, choose_phases },
	{ wants_pruning, prune },
	{ wants_gradients, find_gradients },
	{ wants_layers, find_layers },
	{ wants_only_gradients, keep_gradients },
	{ NULL, measure },
	{ wants_idioms, find_idioms },
	{ wants_rules, apply_rules },
	{ wants_selection, choose_layer },
	{ wants_selection, measure },
	{ wants_hiding, hide },
	{ wants_no_plumbing, lay_plumbing },
};

/* How much of it. */
static const struct step showing[] = {
	{ NULL, collapse },
	{ wants_rolling, roll },
	{ wants_merging, merge },
	{ wants_folding, fold },
};

/* What a person points at: of what is drawn, or of what WHOLE shows in it. */
static const struct {
	bool (*wanted)(const struct nnv_options *options);
	struct nnv_graph *(*run)(const struct nnv_graph *graph,
	    const struct nnv_graph *whole, const struct nnv_options *options,
	    struct nnv_diag *diag);
} pointing[] = {
	{ wants_focus, focus },
	{ wants_highlight, highlight },
};

/* Values are shown on request only. */
static void
drop_values(struct nnv_graph *graph)
{
	for (uint32_t t = 0; t < graph->ntensors; t++)
		graph->tensors[t].values = NULL;
}

/* Kernels are drawn on request only. */
static void
drop_kernels(struct nnv_graph *graph)
{
	graph->kernels = NULL;
	graph->nkernels = 0;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		graph->nodes[v].nkernels = 0;
}

/* Whether boxes of the file are layers, of which it holds no operations: it is
 * NNViz's, or was saved as it was drawn. */
static bool
holds_layers(const struct nnv_graph *graph)
{
	uint32_t v = 0;

	if (nnv_str_eq(nnv_graph_text(graph, graph->origin), NNV_STR("nnviz")))
		return true;
	while (v < graph->nnodes && graph->nodes[v].self == NNV_NONE)
		v++;
	return v < graph->nnodes;
}

/* What was asked for, and the file does not tell. */
static void
note_absent(const struct nnv_graph *graph, const struct nnv_options *options,
    struct nnv_diag *diag)
{
	uint32_t t = 0;

	while (t < graph->ntensors && graph->tensors[t].values == NULL)
		t++;
	if (options->kernels && graph->nkernels == 0)
		nnv_warn(diag, "no kernels",
		    "--kernels: the file does not tell what ran as one kernel");
	if (options->values && t == graph->ntensors)
		nnv_warn(diag, "no values",
		    "--values: the file does not tell what tensors held");
	if (options->ops && holds_layers(graph))
		nnv_warn(diag, "no ops",
		    "--level ops: the file does not tell what ran inside of "
		    "layers");
	if (options->phases == (1u << NNV_FORWARD | 1u << NNV_BACKWARD) &&
	    !holds(graph, NNV_BACKWARD))
		nnv_warn(diag, "no backward pass",
		    "--phase both: the file holds no backward pass");
}

/* A new graph, even where no step is wanted: one always is. */
static struct nnv_graph *
run_steps(const struct nnv_graph *from, const struct step *steps, size_t nsteps,
    const struct nnv_options *options, struct nnv_diag *diag)
{
	struct nnv_graph *made = NULL;

	for (size_t i = 0; i < nsteps; i++) {
		struct nnv_graph *next;

		if (steps[i].wanted != NULL && !steps[i].wanted(options))
			continue;
		next = steps[i].run(from, options, diag);
		nnv_graph_free(made);
		if (next == NULL)
			return NULL;
		from = made = next;
	}
	return made;
}

struct nnv_graph *
nnv_transform_choose(const struct nnv_graph *whole,
    const struct nnv_options *options, struct nnv_diag *diag)
{
	struct nnv_graph *chosen = run_steps(whole, choosing,
	    sizeof(choosing) / sizeof(*choosing), options, diag);

	if (chosen != NULL)
		note_absent(whole, options, diag);
	return chosen;
}

static struct nnv_graph *
point(struct nnv_graph *drawn, const struct nnv_graph *whole,
    const struct nnv_options *options, struct nnv_diag *diag)
{
	size_t n = sizeof(pointing) / sizeof(*pointing);

	for (size_t i = 0; drawn != NULL && i < n; i++) {
		struct nnv_graph *next;

		if (!pointing[i].wanted(options))
			continue;
		next = pointing[i].run(drawn, whole, options, diag);
		nnv_graph_free(drawn);
		drawn = next;
	}
	return drawn;
}

struct nnv_graph *
nnv_transform_show(const struct nnv_graph *chosen,
    const struct nnv_options *options, struct nnv_diag *diag)
{
	struct nnv_graph *drawn = run_steps(chosen, showing,
	    sizeof(showing) / sizeof(*showing), options, diag);

	drawn = point(drawn, chosen, options, diag);
	if (drawn != NULL && !nnv_graph_find_outputs(drawn, false)) {
		nnv_graph_free(drawn);
		nnv_fail_memory(diag);
		return NULL;
	}
	if (drawn != NULL && !options->kernels)
		drop_kernels(drawn);
	if (drawn != NULL && !options->values)
		drop_values(drawn);
	return drawn;
}
