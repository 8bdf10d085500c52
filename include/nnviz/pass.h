/*
 * Transformations: each takes a graph and gives a new one, and leaves the old
 * one as it was; where there is nothing to do the new one may be the old one,
 * shared. The caller frees both. NULL means failure, with a message.
 * Every pass conserves parameters: what it merges it adds up, each once.
 */
#ifndef NNVIZ_PASS_H
#define NNVIZ_PASS_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/str.h"

/*
 * Give every call of a module its own module: NNV_LEVEL_TRACE to
 * NNV_LEVEL_OPS. A graph of another level is copied.
 */
struct nnv_graph *nnv_pass_calls(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/* Every step of a recording that holds several; else, steps are counted from
 * 1, and 0 is the first one if all are alike, or else every step. */
#define NNV_STEP_ALL (-1)

/*
 * Keep one step of a training loop that was recorded several times round. A
 * step that is not there is a failure.
 */
struct nnv_graph *nnv_pass_steps(const struct nnv_graph *graph, int step,
    struct nnv_diag *diag);

/*
 * Give every parameter's making and update a module of its own, below a copy
 * of the module that uses it: "layer1.0.conv1.weight" of type "SGD".
 */
struct nnv_graph *nnv_pass_owners(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/* A set of phases: bit 1 << phase. */
#define NNV_ALL_PHASES ((1u << NNV_NPHASES) - 1)

/*
 * Keep the nodes of the given phases. Tensors that come from elsewhere become
 * Input nodes, those that leave become Output nodes; parameters do not. Where
 * only one phase is kept its top-level module disappears from the paths.
 */
struct nnv_graph *nnv_pass_phase(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag);

/* Hide what is computed from no input and no parameter, and what reaches no
 * output; the new graph's hidden[] counts what it is of the given phases. */
struct nnv_graph *nnv_pass_prune(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag);

/*
 * Tie every gradient to a node of the forward pass, and let that tell what its
 * gradients cost; gradients have no parameters. To be run on ops, while both
 * passes are there.
 */
struct nnv_graph *nnv_pass_gradients(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/* Keep the nodes of the given phases and what is between them, without inputs
 * and outputs of other phases. */
struct nnv_graph *nnv_pass_only(const struct nnv_graph *graph, unsigned phases,
    struct nnv_diag *diag);

/* Draw each call of a module without submodules as one node:
 * NNV_LEVEL_OPS to NNV_LEVEL_LAYERS. */
struct nnv_graph *nnv_pass_level(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/*
 * Keep what lies at or below the dotted PATH, which becomes the model; paths
 * are relative to it. Boundary tensors become Input and Output nodes named
 * after where they come from and go to. An unknown path is a failure that
 * names the nearest ones.
 */
struct nnv_graph *nnv_pass_select(const struct nnv_graph *graph,
    struct nnv_str path, struct nnv_diag *diag);

/*
 * Parts of a model, by the modules that were asked for. A part is all that has
 * the path of its module, in any phase and call. Two are twins if a person who
 * looks into both sees no difference but names of what is around them.
 */
struct nnv_twins {
	uint32_t *part;  /* by question: the first one with that path */
	uint32_t *first; /* by question: the first one that is its twin, or
			    itself */
	bool *common;    /* by tensor: what comes in by it comes to all twins */
};

/* Ask for N modules; unless SHARED no part has a twin but itself. False: no
 * memory. The caller releases in either case. */
bool nnv_twins_find(struct nnv_twins *twins, const struct nnv_graph *graph,
    const uint32_t *modules, uint32_t n, bool shared);
void nnv_twins_release(struct nnv_twins *twins);

/* As nnv_pass_select for the first of several twins: of what comes in only that
 * has a name which is COMMON, and nothing of what goes out. */
struct nnv_graph *nnv_pass_example(const struct nnv_graph *graph,
    struct nnv_str path, const bool *common, struct nnv_diag *diag);

/*
 * Leave out the nodes that patterns mean (a dotted path, a glob, "type:NAME")
 * and join what they were given with what used them; hidden[] counts them, and
 * "unseen" holds what they have. A pattern that means nothing is warned about.
 */
struct nnv_graph *nnv_pass_hide(const struct nnv_graph *graph,
    const struct nnv_str *patterns, size_t npatterns, struct nnv_diag *diag);

/*
 * Measure what the input did not: quantities and hyper-parameters of layers
 * known by type, shapes and parameters only, what nodes give, and
 * graph->peak_bytes. To be run before layers are collapsed.
 */
struct nnv_graph *nnv_pass_measure(const struct nnv_graph *graph,
    struct nnv_diag *diag);

struct nnv_collapse {
	int depth; /* -1: all levels; 0: the model as one group */
	const struct nnv_str *prefixes; /* patterns: dotted paths, ... */
	size_t nprefixes;
	const struct nnv_str *opened; /* patterns of what stays open */
	size_t nopened;
	uint32_t most; /* nodes of the drawing, as far as that
					   can be; 0: as many as it takes */
	bool evenly;   /* then modules of one parent that are made alike are
			  all opened or none of them */
};

/* Replace modules by groups: deeper than a depth, or below a prefix; the
 * outermost wins. What is opened shows one level more. See collapse.c for the
 * rules. */
struct nnv_graph *nnv_pass_collapse(const struct nnv_graph *graph,
    const struct nnv_collapse *what, struct nnv_diag *diag);

struct nnv_fold {
	uint32_t least; /* siblings that are a run: 2 or more */
	bool similar;   /* they may differ in numbers: extents,
				   hyper-parameters */
};

/*
 * Draw runs of siblings that are alike as one, which says how many it stands
 * for, and what differs; hidden[] counts the nodes that this saves.
 */
struct nnv_graph *nnv_pass_fold(const struct nnv_graph *graph,
    const struct nnv_fold *what, struct nnv_diag *diag);

/*
 * Draw runs of ops that are one idea (softmax, a product of matrices,
 * attention, concatenation) as one node called after it.
 */
struct nnv_graph *nnv_pass_idioms(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/*
 * Draw chains of layers as one node, as a person's rules say, one a line:
 *
 *	fold Conv > BatchNorm > relu as ConvBNReLU	# a comment
 *
 * SOURCE names the rules in messages.
 */
struct nnv_graph *nnv_pass_rules(const struct nnv_graph *graph,
    struct nnv_str rules, const char *source, struct nnv_diag *diag);

/* Turn what only reshapes or copies into words beside its arrow. */
struct nnv_graph *nnv_pass_plumbing(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/* Let nodes that hold no more than SHARE (0 to 1) of all parameters join the
 * one before them, which lists them; never inputs, outputs, forks and joins. */
struct nnv_graph *nnv_pass_merge(const struct nnv_graph *graph, double share,
    struct nnv_diag *diag);

/* Draw all calls of a module as one; edges may lead back. */
struct nnv_graph *nnv_pass_roll(const struct nnv_graph *graph,
    struct nnv_diag *diag);

/* Patterns over what is drawn; each may be NULL. */
struct nnv_focus {
	const char *from, *to; /* what lies between */
	const char *around;
	uint32_t hops; /* edges from AROUND that are followed */
	/* What the graph was made of, in which all is seen that groups hold,
	 * modules having the same indices; or NULL: nothing else is meant than
	 * what the graph tells itself. */
	const struct nnv_graph *whole;
};

/* Draw more than MOST Inputs or Outputs of one name, or that lead to one box
 * alone, as one, and the arrows from one box to such a one. What they are of
 * is said of none; so for drawings only. */
struct nnv_graph *nnv_pass_bundle(const struct nnv_graph *graph, uint32_t most,
    struct nnv_diag *diag);

/* Keep what lies between two places or around one; what crosses the border
 * becomes Inputs and Outputs, and what lies at AROUND is lit. An unknown place
 * is a failure that names the nearest ones. */
struct nnv_graph *nnv_pass_focus(const struct nnv_graph *graph,
    const struct nnv_focus *what, struct nnv_diag *diag);

/* Make everything pale but what leads to and from what patterns mean, WHOLE as
 * above. A pattern that means nothing is warned about; if all do nothing is
 * pale. */
struct nnv_graph *nnv_pass_highlight(const struct nnv_graph *graph,
    const struct nnv_graph *whole, const struct nnv_str *patterns,
    size_t npatterns, struct nnv_diag *diag);

#endif
