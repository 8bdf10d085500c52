/*
 * Jittor's traces: pickle.dump(jt.dump_trace_data()).
 *
 * A trace tells of ops and the variables between them, and for each op the
 * stack of modules that called it. It does not tell what the ops were for,
 * which variables are weights, what goes in and what comes out; that is
 * inferred, in this order, each step in a file of its own:
 *
 *	jittor_read.c	records: ops, variables, stack frames, uses
 *	jittor_phase.c	what each op was run for
 *	jittor_param.c	which variables are parameters, which are data
 *	jittor_cost.c	how much arithmetic an op is
 *	jittor_key.c	what kernels tell of ops: windows, zeros
 *	jittor_value.c	what variables held
 *	jittor_kernel.c	what ran as one
 *	jittor_build.c	the graph
 *
 * What a module's calls are, what a layer is, what can be hidden are questions
 * to the graph, not to the format: see src/pass.
 */
#include "jittor.h"

#include "jittor_trace.h"

bool
nnv_jittor_sniff(const struct nnv_tree *tree, nnv_value root)
{
	return nnv_value_kind(tree, root) == NNV_MAP &&
	    nnv_value_get(tree, root, NNV_STR("node_data")) != NNV_NO_VALUE;
}

static bool
load(struct jt_trace *trace, nnv_value node_data)
{
	enum nnv_kind kind = nnv_value_kind(trace->tree, node_data);

	if (kind != NNV_MAP)
		return nnv_fail_at(trace->diag, NNV_E_SCHEMA,
		    nnv_value_place(trace->tree, node_data),
		    "node_data: expected a map of nodes, found %s",
		    nnv_kind_name(kind));
	if (!nnv_jt_read(trace, node_data))
		return false;
	if (trace->nops == 0)
		return nnv_fail(trace->diag, NNV_E_NOTHING, "no operations");
	return nnv_jt_decide_phases(trace) && nnv_jt_find_params(trace) &&
	    nnv_jt_build(trace);
}

bool
nnv_jittor_load(const struct nnv_tree *tree, nnv_value root,
    struct nnv_graph *graph, struct nnv_diag *diag)
{
	struct jt_trace trace;
	bool ok;

	nnv_jt_trace_init(&trace, tree, graph, diag);
	graph->level = NNV_LEVEL_TRACE;
	graph->origin = nnv_graph_name(graph, NNV_STR("jittor"));
	trace.kernels = nnv_value_get(tree, root, NNV_STR("execute_op_info"));
	ok = load(&trace, nnv_value_get(tree, root, NNV_STR("node_data")));
	nnv_jt_trace_release(&trace);
	return ok;
}
