/*
 * A graph trimmed keeps what its nodes and tensors use, under new numbers, and
 * nothing else.
 */
#include "drafting.h"
#include "unit.h"

static uint32_t
add_param(struct draft *draft, const char *name, int64_t count)
{
	struct nnv_param param = { NNV_PARAM_TRAINABLE, draft_name(draft, name),
		count, NULL };

	return nnv_graph_add_param(draft->graph, &param);
}

static void
keeps_what_is_used(void **state)
{
	static const uint32_t of_node[] = { 1, 3 }, of_hidden[] = { 5 };
	struct nnv_param_sum before, after;
	struct nnv_graph *graph;
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 1);
	graph = draft.graph;
	add_param(&draft, "unused", 1);
	add_param(&draft, "weight", 2);
	add_param(&draft, "unused too", 4);
	add_param(&draft, "bias", 8);
	add_param(&draft, "input", 16);
	add_param(&draft, "hidden", 32);
	graph->nodes[1].params = of_node;
	graph->nodes[1].nparams = 2;
	graph->tensors[0].param = 4;
	graph->unseen.params = of_hidden;
	graph->unseen.nparams = 1;
	before = nnv_node_params(graph, &graph->nodes[1]);
	assert_true(nnv_graph_trim(graph));
	after = nnv_node_params(graph, &graph->nodes[1]);
	assert_int_equal(before.parameters, 10);
	assert_int_equal(after.parameters, 10);
	assert_int_equal(graph->nparams, 4);
	assert_int_equal(graph->params[graph->tensors[0].param].count, 16);
	assert_int_equal(graph->params[graph->unseen.params[0]].count, 32);
	assert_int_equal(graph->tensors[1].param, NNV_NONE);
	/* and it can grow again */
	assert_int_equal(add_param(&draft, "new", 64), 4);
	draft_node(&draft, NNV_NODE_OP, 0, "more", "relu");
	draft_node(&draft, NNV_NODE_OP, 0, "more", "relu");
	assert_false(graph->failed);
	draft_end(&draft);
}

static void
trims_nothing(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	assert_true(nnv_graph_trim(draft.graph));
	assert_int_equal(draft.graph->nnodes, 0);
	assert_int_equal(draft.graph->nmodules, 1);
	draft_end(&draft);
}

UNIT_MAIN("trim", cmocka_unit_test(keeps_what_is_used),
    cmocka_unit_test(trims_nothing))
