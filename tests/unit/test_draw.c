/*
 * Drawings, looked at as DOT before layout: what is drawn of what, and that no
 * name in the input can mean more than itself.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include "nnviz/draw.h"

#include <stdio.h>
#include <stdlib.h>

#include "draw/number.h"
#include "drafting.h"
#include "scarce.h"
#include "unit.h"

static void
draws(struct draft *draft)
{
	if (!draft_render(draft, "dot"))
		fail_msg("%s", draft->diag.text);
}

static size_t
count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)) != NULL; text++)
		n++;
	return n;
}

static void
draws_a_residual_network(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 2);
	draws(&draft);
	assert_true(draft_says(&draft, "digraph model {"));
	assert_true(draft_says(&draft, "<B>Net</B>"));
	assert_true(draft_says(&draft, "newrank=true"));
	/* a frame for the list and for each block */
	assert_int_equal(count(draft.out.p, "subgraph "), 3);
	/* what enters a block splits inside of it: one point each */
	assert_int_equal(count(draft.out.p, "shape=point"), 2);
	assert_int_equal(count(draft.out.p, "class=skip"), 2);
	/* sums are small circles */
	assert_int_equal(count(draft.out.p, "shape=circle"), 2);
	assert_true(draft_says(&draft, "label=\"+\""));
	/* said in the title, and so on no arrow */
	assert_true(draft_says(&draft, "float32 \xc2\xb7 batch 2"));
	assert_false(draft_says(&draft, "taillabel=\"2\xc3\x97"));
	/* 10 boxes, 2 points; 1 + 2 * (1 + 3 + 2) arrows */
	assert_int_equal(count(draft.out.p, " -> "), 13);
	draft_end(&draft);
}

static void
draws_without_frames(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 2);
	assert_true(draft_style(&draft, "show_clusters=false"));
	draws(&draft);
	assert_int_equal(count(draft.out.p, "subgraph"), 0);
	assert_int_equal(count(draft.out.p, "shape=point"), 0);
	assert_true(draft_says(&draft, "layers.1.conv"));
	draft_end(&draft);
}

static void
merges_what_says_nothing(void **state)
{
	struct draft draft;
	uint32_t a, b, module, tensor, last;

	(void)state;
	draft_begin(&draft);
	a = draft_module(&draft, 0, "features", "Sequential");
	b = draft_module(&draft, a, "0", "Block");
	draft_node(&draft, NNV_NODE_INPUT, 0, "x", "");
	tensor = draft_tensor(&draft, 0, NULL);
	draft_edge(&draft, tensor,
	    draft_node(&draft, NNV_NODE_OP, b, "conv", "Conv2d"));
	tensor = draft_tensor(&draft, 1, NULL);
	draft_edge(&draft, tensor,
	    draft_node(&draft, NNV_NODE_OP, b, "act", "ReLU"));
	module = draft_module(&draft, 0, "head", "Sequential");
	tensor = draft_tensor(&draft, 2, NULL);
	last = draft_node(&draft, NNV_NODE_OP, module, "0", "Linear");
	draft_edge(&draft, tensor, last);
	draws(&draft);
	assert_int_equal(count(draft.out.p, "subgraph "), 1);
	assert_true(draft_says(&draft, "<B>features.0</B>"));
	assert_true(draft_says(&draft, ">head.0</FONT>"));
	draft_end(&draft);
}

/*
 * A text that is equal to one of our labels, one that Graphviz would take for
 * a port, an HTML tag, an entity, an escape, an attribute.
 */
static void
escapes_what_people_write(void **state)
{
	static const char *const evil[] = { "<B>Conv2d</B>", "a<b", "a&b",
		"&lt;", "\\N", "\\G\\E", "a\"b", "a:b:n", "->", "digraph",
		"node", "x\ny", "\x01\x7f", "\xff\xfe", "]; c [label=\"", "<",
		">", "<>", "%0", "%d%s", "", " ", "\xe5\xb1\x82",
		"\xf0\x9f\x98\x80", "--", "<TABLE><TR><TD>x</TD></TR></TABLE>",
		"cluster_1", "fork@0" };
	size_t n = sizeof(evil) / sizeof(evil[0]), i, j;
	struct draft draft;
	uint32_t module, tensor = NNV_NONE;

	(void)state;
	draft_begin(&draft);
	draft.graph->title = draft_name(&draft, "<i>&\\T");
	draft.graph->source = draft_name(&draft, "/home/a<b>/c&\"d.pkl");
	for (i = 0; i < n; i++) {
		module = draft_module(&draft, 0, evil[i], evil[n - 1 - i]);
		for (j = 0; j < 2; j++) {
			uint32_t node = draft_node(&draft, NNV_NODE_OP, module,
			    evil[(i + j) % n], evil[i]);

			draft.graph->nodes[node].site = (struct nnv_site){
				draft_name(&draft, evil[i]), 7
			};
			draft.graph->nodes[node].full_op = draft_name(&draft,
			    evil[j]);
			if (tensor != NNV_NONE)
				draft_edge(&draft, tensor, node);
			tensor = draft_tensor(&draft, node,
			    draft_image(&draft, 1, 1));
		}
	}
	assert_true(draft_style(&draft, "source_url=https://h/{file}?a=1&b"));
	assert_true(draft_style(&draft, "legend=true"));
	assert_true(draft_style(&draft, "show_node_source=true"));
	/* a label that cannot be parsed would be an error */
	if (!draft_render(&draft, "svg"))
		fail_msg("%s", draft.diag.text);
	assert_int_equal(draft.diag.nwarnings, 0);
	assert_false(draft_says(&draft, "/home"));
	assert_true(draft_says(&draft, "c&amp;&quot;d.pkl"));
	assert_true(draft_says(&draft, "&lt;B&gt;Conv2d&lt;/B&gt;"));
	assert_int_equal(count(draft.out.p, "class=\"node op"), 2 * n);
	assert_int_equal(count(draft.out.p, "class=\"cluster"), n);
	draft_end(&draft);
}

static void
draws_tables_of_nested_specs(void **state)
{
	struct draft draft;
	const struct nnv_spec *image, *parts[3], *inner[40];
	struct nnv_spec *list, *map;
	nnv_name keys[3];
	size_t i;

	(void)state;
	draft_begin(&draft);
	image = draft_image(&draft, 3, 4);
	for (i = 0; i < 40; i++)
		inner[i] = i < 30 ? image : draft_image(&draft, (int64_t)i, 4);
	list = NNV_NEW(&draft.arena, struct nnv_spec);
	*list = (struct nnv_spec){
		.kind = NNV_SPEC_LIST, .n = 40, .elements = inner
	};
	keys[0] = draft_name(&draft, "a<b>&");
	keys[1] = draft_name(&draft, "");
	keys[2] = draft_name(&draft, "\xff");
	parts[0] = list;
	parts[1] = parts[2] = image;
	map = NNV_NEW(&draft.arena, struct nnv_spec);
	*map = (struct nnv_spec){
		.kind = NNV_SPEC_MAP, .n = 3, .elements = parts, .keys = keys
	};
	draft_node(&draft, NNV_NODE_OP, 0, "split", "Splitter");
	draft_node(&draft, NNV_NODE_OP, 0, "merge", "Merger");
	draft_edge(&draft, draft_tensor(&draft, 0, map), 1);
	draws(&draft);
	assert_true(draft_says(&draft, "a&lt;b&gt;&amp;"));
	assert_true(draft_says(&draft,
	    "0\xe2\x80\x93"
	    "29"));
	assert_true(draft_says(&draft, "\xe2\x80\xa6 1 more"));
	if (!draft_render(&draft, "svg"))
		fail_msg("%s", draft.diag.text);
	draft_end(&draft);
}

static void
shows_shapes_where_they_change(void **state)
{
	static const struct {
		const char *style;
		size_t labels;
	} rows[] = { /* where the second block's convolution widens it */
		{ "specs=changes", 1 }, { "specs=none", 0 },
		{ "show_specs=false", 0 }, { "specs=all", 13 - 4 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct draft draft;

		draft_begin(&draft);
		draft_residual(&draft, 2);
		assert_true(draft_style(&draft, rows[i].style));
		draws(&draft);
		if (count(draft.out.p, "taillabel=\"") +
			count(draft.out.p, "label=\" ") !=
		    rows[i].labels)
			fail_msg("%s: %zu and %zu", rows[i].style,
			    count(draft.out.p, "taillabel=\""),
			    count(draft.out.p, "label=\" "));
		draft_end(&draft);
	}
}

static void
colours_by_rule_and_reason(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 1);
	assert_true(draft_style(&draft, "color.layers.0.conv=#123456"));
	assert_true(draft_style(&draft, "color.Batch*=#654321"));
	draws(&draft);
	assert_true(draft_says(&draft, "fillcolor=\"#123456\""));
	assert_true(draft_says(&draft, "fillcolor=\"#654321\""));
	assert_true(draft_style(&draft, "color_by=depth"));
	draws(&draft);
	assert_true(draft_says(&draft, "own"));
	draft_end(&draft);
}

static void
says_where_there_is_nothing(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	assert_false(draft_render(&draft, "dot"));
	assert_int_equal(draft.diag.code, NNV_E_EMPTY);
	draft_end(&draft);
}

/* A long chain, whose first tensor is used again at its end. */
static void
names_what_leads_too_far(void **state)
{
	struct draft draft;
	uint32_t module, i, first, tensor;

	(void)state;
	draft_begin(&draft);
	module = draft_module(&draft, 0, "body", "Sequential");
	draft_node(&draft, NNV_NODE_OP, module, "begin", "Conv2d");
	first = tensor = draft_tensor(&draft, 0, draft_image(&draft, 2, 2));
	for (i = 1; i < 30; i++) {
		draft_node(&draft, NNV_NODE_OP, module,
		    i == 29 ? "end" : "step", "ReLU");
		draft_edge(&draft, tensor, i);
		tensor = draft_tensor(&draft, i, draft_image(&draft, 2, 2));
	}
	draft_edge(&draft, first, 29);
	draws(&draft);
	assert_int_equal(count(draft.out.p, "class=reference"), 0);
	assert_int_equal(count(draft.out.p, " -> "), 30);
	assert_true(draft_style(&draft, "long_arrows=cut"));
	draws(&draft);
	assert_int_equal(count(draft.out.p, "class=reference"), 2);
	assert_int_equal(count(draft.out.p, " -> "), 31);
	assert_true(draft_says(&draft, ">to end</FONT>"));
	assert_true(draft_says(&draft, ">from begin</FONT>"));
	assert_true(draft_says(&draft, "URL=\"#body.end\""));
	draft_end(&draft);
}

static void
turns_at_a_node(void **state)
{
	struct draft draft;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 2);
	assert_true(draft_style(&draft, "turn=layers.0.add"));
	draws(&draft);
	/* the point, two out of it, three in the chain, the output */
	assert_int_equal(count(draft.out.p, "dir=back"), 7);
	assert_true(draft_says(&draft, "\"layers.1.bn\" -> \"layers.1.conv\""));
	/* a module ends in its last box */
	assert_true(draft_style(&draft, "turn=layers.0"));
	draws(&draft);
	assert_int_equal(count(draft.out.p, "dir=back"), 7);
	assert_true(draft_style(&draft, "turn=nowhere"));
	assert_false(draft_render(&draft, "dot"));
	assert_non_null(strstr(draft.diag.text,
	    "no box or module \"nowhere\""));
	draft_end(&draft);
}

/* A cycle, a loop, a double arrow: traces that merge calls have them. */
static void
draws_cycles(void **state)
{
	struct draft draft;
	uint32_t i, tensor;

	(void)state;
	draft_begin(&draft);
	for (i = 0; i < 4; i++)
		draft_node(&draft, NNV_NODE_OP, 0, "a", "ReLU");
	for (i = 0; i < 4; i++) {
		tensor = draft_tensor(&draft, i, draft_image(&draft, 2, 2));
		draft_edge(&draft, tensor, (i + 1) % 4);
		draft_edge(&draft, tensor, (i + 1) % 4);
		draft_edge(&draft, tensor, i);
	}
	draws(&draft);
	assert_int_equal(count(draft.out.p, " -> "), 12);
	if (!draft_render(&draft, "svg"))
		fail_msg("%s", draft.diag.text);
	draft_end(&draft);
}

/* Draw and write DOT, in this process, with N allocations of ours, and no
 * more. */
static bool
draw_scarcely(struct draft *draft, long n)
{
	Agraph_t *drawing;
	bool fine;

	nnv_diag_init(&draft->diag, NULL);
	nnv_text_release(&draft->out);
	scarce_begin(n);
	drawing = nnv_draw(draft->graph, draft->style, &draft->diag);
	fine = drawing != NULL &&
	    nnv_dot_write(drawing, &draft->out, &draft->diag);
	nnv_drawing_free(drawing);
	if (!scarce_end())
		return false;
	assert_false(fine);
	assert_int_equal(draft->diag.code, NNV_E_MEMORY);
	return true;
}

static void
survives_without_memory(void **state)
{
	struct draft draft;
	long n = 0;

	(void)state;
	draft_begin(&draft);
	draft_residual(&draft, 2);
	assert_true(draft_style(&draft, "color.Re*=red"));
	assert_true(draft_style(&draft, "legend=true"));
	while (draw_scarcely(&draft, n))
		n++;
	assert_true(n > 20);
	draft_end(&draft);
}

static void
writes_counts(void **state)
{
	static const struct {
		int64_t count;
		const char *text;
	} rows[] = { { 0, "0" }, { 999, "999" }, { 1000, "1.00K" },
		{ 9408, "9.41K" }, { 999994, "999.99K" }, { 999995, "1.00M" },
		{ 11689512, "11.69M" }, { 999994999, "999.99M" },
		{ 999995000, "1.00G" }, { INT64_MAX, "9.22E" } };
	static const struct {
		int64_t part, total;
		const char *text;
	} shares[] = { { 9408, 11689512, "0.08 %" }, { 1, 1000000, "<0.01 %" },
		{ 5, 5, "100 %" }, { 1, 3, "33.33 %" }, { 0, 5, "" },
		{ 5, 0, "" }, { INT64_MAX / 2, INT64_MAX, "50.00 %" } };
	struct nnv_text text = NNV_TEXT_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		nnv_text_clear(&text);
		nnv_add_count(&text, rows[i].count);
		assert_string_equal(text.p, rows[i].text);
	}
	for (i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		nnv_text_clear(&text);
		nnv_add_share(&text, shares[i].part, shares[i].total);
		assert_string_equal(text.p, shares[i].text);
	}
	nnv_text_release(&text);
}

UNIT_MAIN("draw", cmocka_unit_test(draws_a_residual_network),
    cmocka_unit_test(draws_without_frames),
    cmocka_unit_test(merges_what_says_nothing),
    cmocka_unit_test(escapes_what_people_write),
    cmocka_unit_test(draws_tables_of_nested_specs),
    cmocka_unit_test(shows_shapes_where_they_change),
    cmocka_unit_test(colours_by_rule_and_reason),
    cmocka_unit_test(says_where_there_is_nothing),
    cmocka_unit_test(names_what_leads_too_far),
    cmocka_unit_test(turns_at_a_node), cmocka_unit_test(draws_cycles),
    cmocka_unit_test(survives_without_memory), cmocka_unit_test(writes_counts))
