/*
 * A box says first what it is, in bold; beside or below that its name in grey;
 * then, small, what matters (hyper-parameters or arguments, layers inside,
 * which call it is) and what it weighs. What does not fit is in the tooltip.
 */
#include "label.h"

#include "args.h"
#include "fit.h"
#include "number.h"

/* The line around what a person pointed at, to that of others. */
enum { BOLD = 3 };

enum { TYPE_MAX = 40, NAME_MAX = 30, DETAIL_WIDTH = 42, DETAIL_LINES = 3 };

static struct nnv_str
last_part(struct nnv_str op)
{
	struct nnv_str last = nnv_str_behind(op, '.');

	return last.n == 0 ? op : last;
}

/* The part behind the last dot: "binary.add" is an add, but the add of a
 * reduction is a sum, as people call it. */
static struct nnv_str
short_op(struct nnv_str op)
{
	static const struct {
		const char *op, *name;
	} rows[] = { { "add", "sum" }, { "multiply", "prod" },
		{ "maximum", "max" }, { "minimum", "min" },
		{ "logical_and", "all" }, { "logical_or", "any" } };
	size_t i;

	if (nnv_str_starts(op, NNV_STR("reduce.")))
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (nnv_str_eq(last_part(op), nnv_str(rows[i].op)))
				return nnv_str(rows[i].name);
	if (nnv_str_starts(op, NNV_STR("arg")) ||
	    nnv_str_starts(op, NNV_STR("reindex")))
		return op;
	if (nnv_str_starts(op, NNV_STR("getitem.")) ||
	    nnv_str_starts(op, NNV_STR("setitem.")))
		op.n = 7; /* behind the dot is the type of the index */
	return last_part(op);
}

static struct nnv_str
type_of(const struct nnv_figure *fig, const struct nnv_node *node)
{
	struct nnv_str op = nnv_graph_text(fig->graph, node->op);

	switch (node->kind) {
	case NNV_NODE_INPUT:
		return NNV_STR("Input");
	case NNV_NODE_OUTPUT:
		return NNV_STR("Output");
	case NNV_NODE_EXTERNAL:
		return op.n != 0 ? op : NNV_STR("external");
	case NNV_NODE_OP:
		return op.n != 0 ? short_op(op) : NNV_STR("op");
	case NNV_NODE_GROUP:
		break;
	}
	/* the input knows a collapsed module by its name alone */
	return op;
}

/* The sign of an op that is drawn as a small circle, or NULL. */
static const char *
op_sign(const struct nnv_figure *fig, uint32_t index)
{
	static const char plus[] = "+", minus[] = "\xe2\x88\x92";
	static const char times[] = "\xc3\x97", over[] = "\xc3\xb7";
	static const char join[] = "\xe2\x88\xa5";
	static const struct {
		const char *op, *sign;
	} rows[] = { { "add", plus }, { "iadd", plus }, { "add_", plus },
		{ "sub", minus }, { "isub", minus }, { "subtract", minus },
		{ "mul", times }, { "imul", times }, { "multiply", times },
		{ "div", over }, { "truediv", over }, { "divide", over },
		{ "cat", join }, { "concat", join }, { "concatenate", join } };
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_str op = short_op(nnv_graph_text(fig->graph, node->op));
	size_t i;

	if (!fig->style->compact_ops || node->kind != NNV_NODE_OP ||
	    node->nparams != 0 || node->nkernels != 0)
		return NULL;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (nnv_str_eq(op, nnv_str(rows[i].op)))
			/* what is joined is said by the arrows; "+ 1" is not */
			return node->nargs == 0 || rows[i].sign == join
			    ? rows[i].sign
			    : NULL;
	return NULL;
}

bool
nnv_is_number(struct nnv_str s)
{
	size_t i;

	if (s.n != 0 && s.p[0] == '[')
		return true;
	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n != 0;
}

/* Whether MODULE is said by the name of what is below it: it has no frame, or
 * the name below is only a number. */
static bool
is_said(const struct nnv_figure *fig, uint32_t module, struct nnv_str below)
{
	if (module == NNV_NONE || module == 0)
		return false;
	return !fig->tree.drawn[module] || nnv_is_number(below);
}

/* The end of a network is called as its tensor is; "input" says nothing beside
 * "Input". */
static struct nnv_str
end_name(const struct nnv_figure *fig, const struct nnv_node *node)
{
	struct nnv_str name = nnv_graph_text(fig->graph,
	    node->name != NNV_NO_NAME ? node->name : node->leaf);

	if (nnv_str_eq(name, NNV_STR("input")) ||
	    nnv_str_eq(name, NNV_STR("output")))
		name.n = 0;
	return name;
}

/* Whether a name is the op's, or that with a number: functions are called so by
 * who recorded them, "add_1". */
static bool
repeats_op(const struct nnv_figure *fig, const struct nnv_node *node,
    struct nnv_str name)
{
	struct nnv_str op = last_part(nnv_graph_text(fig->graph, node->op));

	if (node->kind != NNV_NODE_OP || op.n == 0 || !nnv_str_starts(name, op))
		return false;
	name = nnv_str_from(name, op.n);
	return name.n == 0 ||
	    (name.n > 1 && name.p[0] == '_' &&
		nnv_is_number(nnv_str_from(name, 1)));
}

enum { NAME_PARTS = 16 };

/* "layer1.0.conv1" as far as no frame around it says it. */
static void
add_node_name(struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_str parts[NAME_PARTS];
	struct nnv_text name = NNV_TEXT_EMPTY;
	uint32_t module = node->module;
	int n = 0, least;

	if (node->kind == NNV_NODE_INPUT || node->kind == NNV_NODE_OUTPUT) {
		parts[n++] = end_name(fig, node);
		module = 0;
	} else if (node->leaf != NNV_NO_NAME) {
		parts[n++] = nnv_graph_text(fig->graph, node->leaf);
	}
	while (n < NAME_PARTS &&
	    is_said(fig, module, n != 0 ? parts[n - 1] : NNV_STR(""))) {
		bool last = fig->tree.drawn[module];

		parts[n++] = nnv_graph_text(fig->graph,
		    fig->graph->modules[module].name);
		module = last ? 0 : fig->graph->modules[module].parent;
	}
	least = n > 1 && repeats_op(fig, node, parts[0]) ? 1 : 0;
	while (n-- > least) {
		nnv_text_add(&name, parts[n]);
		if (n != least && parts[n].n != 0)
			nnv_text_addc(&name, '.');
	}
	if (name.n != 0)
		nnv_add_cut(&fig->text, nnv_text_str(&name), NAME_MAX);
	fig->text.failed |= name.failed;
	nnv_text_release(&name);
}

static void
open_font(struct nnv_figure *fig, int size, struct nnv_color color)
{
	char text[NNV_COLOR_TEXT];

	nnv_color_write(color, text);
	nnv_text_addf(&fig->text, "<FONT POINT-SIZE=\"%d\" COLOR=\"%s\">", size,
	    text);
}

static bool
name_below(const struct nnv_style *style)
{
	if (style->name_place == NNV_NAME_AUTO)
		return nnv_style_sideways(style);
	return style->name_place == NNV_NAME_BELOW;
}

/* Whether the name is the op, whole or shortened, once more. */
static bool
says_op(const struct nnv_figure *fig, uint32_t index, struct nnv_str type,
    struct nnv_str name)
{
	const struct nnv_node *node = &fig->graph->nodes[index];

	return nnv_says_same(type, name) ||
	    (node->kind == NNV_NODE_OP &&
		nnv_str_eq(name,
		    last_part(nnv_graph_text(fig->graph, node->op))));
}

/* The name in grey, unless it repeats the type. */
static void
add_name(struct nnv_figure *fig, uint32_t index, struct nnv_str type,
    const struct nnv_paint *paint)
{
	struct nnv_text *text = &fig->text;
	size_t before = text->n, start;
	int size = (fig->style->node_title_font_size * 5 + 3) / 6;

	nnv_text_adds(text, name_below(fig->style) ? "<BR/>" : "  ");
	open_font(fig, size, nnv_secondary_on(paint));
	start = text->n;
	add_node_name(fig, index);
	if (!nnv_text_failed(text) &&
	    (text->n == start ||
		says_op(fig, index, type,
		    (struct nnv_str){ text->p + start, text->n - start }))) {
		text->n = before;
		text->p[before] = '\0';
		return;
	}
	nnv_text_adds(text, "</FONT>");
}

/* A piece of the small print, separated from what is there. */
static struct nnv_text *
piece(struct nnv_text *details)
{
	if (details->n != 0)
		nnv_text_adds(details, " \xc2\xb7 ");
	return details;
}

static const struct nnv_spec *
spec_of_edge(const struct nnv_figure *fig, uint32_t edge)
{
	uint32_t tensor = fig->graph->edges[edge].tensor;

	return tensor == NNV_NONE ? NULL : fig->graph->tensors[tensor].spec;
}

/* What flows through an input or output, if it is one thing. */
static const struct nnv_spec *
terminal_spec(const struct nnv_figure *fig, uint32_t index)
{
	bool input = fig->graph->nodes[index].kind == NNV_NODE_INPUT;
	const uint32_t *start = input ? fig->links.out_start
				      : fig->links.in_start;
	const uint32_t *edges = input ? fig->links.out : fig->links.in;
	uint32_t i = start[index], end = start[index + 1];
	const struct nnv_spec *spec;

	if (i == end || fig->style->specs == NNV_SPECS_NONE ||
	    !fig->style->show_specs)
		return NULL;
	spec = spec_of_edge(fig, edges[i]);
	if (nnv_spec_is_blank(spec) || nnv_spec_is_nested(spec))
		return NULL;
	for (i++; i < end; i++) {
		const struct nnv_spec *other = spec_of_edge(fig, edges[i]);

		if (other == NULL || !nnv_spec_eq(spec, other))
			return NULL;
	}
	return spec;
}

const struct nnv_spec *
nnv_terminal_spec(const struct nnv_figure *fig, uint32_t index)
{
	enum nnv_node_kind kind = fig->graph->nodes[index].kind;

	return kind == NNV_NODE_INPUT || kind == NNV_NODE_OUTPUT
	    ? terminal_spec(fig, index)
	    : NULL;
}

static void
add_weight(struct nnv_figure *fig, uint32_t index, struct nnv_text *out)
{
	struct nnv_param_sum sum = nnv_node_params(fig->graph,
	    &fig->graph->nodes[index]);
	struct nnv_sum fresh = fig->facts.fresh[index];

	if (!sum.at_least && sum.parameters == 0)
		return;
	piece(out);
	nnv_add_bound(out, sum.parameters, sum.at_least);
	nnv_text_adds(out,
	    sum.parameters == 1 && !sum.at_least ? " param" : " params");
	if (fresh.known == 0 && !fresh.at_least) {
		nnv_text_adds(out, ", shared");
	} else if (sum.parameters > 0 && !fig->facts.params.at_least) {
		nnv_text_adds(out, ", ");
		nnv_add_share(out, fresh.known, fig->facts.params.parameters);
	}
}

/* Those that the style asks for, where they are known and not nothing. */
static void
add_quantities(struct nnv_figure *fig, uint32_t index, struct nnv_text *out)
{
	int64_t macs = nnv_quantity_of(fig, index, NNV_QUANTITY_MACS);
	int64_t bytes = nnv_quantity_of(fig, index, NNV_QUANTITY_BYTES);

	if (fig->style->show_node_macs && macs > 0) {
		nnv_add_count(piece(out), macs);
		nnv_text_adds(out, " MACs");
	}
	if (fig->style->show_node_bytes && bytes > 0)
		nnv_add_bytes(piece(out), bytes);
}

/* "k3"; "k3, k7" for what was computed again; "k3–k12" for all from one to
 * another, "7 of k3–k12" for some of them. What belongs together is not torn
 * apart at the end of a line. */
static void
add_kernels(const struct nnv_node *node, struct nnv_text *out)
{
	enum { LISTED = 2 };
	uint32_t n = node->nkernels;
	uint32_t first = node->kernels[0] + 1, last = node->kernels[n - 1] + 1;

	for (uint32_t i = 0; i < n && n <= LISTED; i++)
		nnv_text_addf(out, "%sk%u", i > 0 ? ",\xc2\xa0" : "",
		    node->kernels[i] + 1);
	if (n <= LISTED)
		return;
	if (last - first + 1 > n)
		nnv_text_addf(out, "%u\xc2\xa0of\xc2\xa0", n);
	nnv_text_addf(out, "k%u\xe2\x80\x93k%u", first, last);
}

/* What is inside a group, by the phase. */
static void
add_members(const struct nnv_figure *fig, const struct nnv_node *node,
    struct nnv_text *out)
{
	const char *word = fig->graph->level == NNV_LEVEL_LAYERS ? "layer"
								 : "op";

	if (fig->graph->level == NNV_LEVEL_LAYERS) {
		if (node->phase == NNV_OPTIMIZER)
			word = "update";
		else if (node->phase == NNV_INIT)
			word = "value";
		else if (node->phase == NNV_OUTSIDE)
			word = "op";
	}
	nnv_text_addf(out, "%u %s%s%s", node->nmembers, word,
	    node->nmembers == 1 ? "" : "s", node->repeat > 1 ? " each" : "");
}

static bool
is_told(const struct nnv_module *module)
{
	return module->abreast || module->differs != NNV_NO_NAME;
}

/* The row that a box stands for, if there is more to say of it than how many
 * there are: its own module, or one around it that holds nothing else. */
static const struct nnv_module *
row_of(const struct nnv_figure *fig, const struct nnv_node *node)
{
	const struct nnv_module *modules = fig->graph->modules;
	uint32_t m = node->module;

	if (node->repeat <= 1)
		return NULL;
	if (node->self != NNV_NONE && is_told(&modules[node->self]))
		return &modules[node->self];
	for (; m != NNV_NONE && m != 0 && !fig->tree.drawn[m] &&
	     fig->tree.count[m] == 1;
	     m = modules[m].parent)
		if (is_told(&modules[m]))
			return &modules[m];
	return NULL;
}

/* How those that the box stands for stand together, and in what they differ,
 * unless its hyper-parameters say so already. */
static void
add_row(struct nnv_figure *fig, const struct nnv_node *node,
    struct nnv_text *out)
{
	const struct nnv_module *row = row_of(fig, node);

	if (row != NULL && row->abreast)
		nnv_text_adds(piece(out), "in parallel");
	if (row != NULL && row->differs != NNV_NO_NAME && node->nhypers == 0)
		nnv_text_add(piece(out),
		    nnv_graph_text(fig->graph, row->differs));
}

/* Which call of its module the node is, or of one around it that has no frame
 * to say so. */
static void
add_call(const struct nnv_figure *fig, const struct nnv_node *node,
    struct nnv_text *out)
{
	const struct nnv_module *modules = fig->graph->modules;
	uint32_t call = node->call, ncalls = node->ncalls;
	uint32_t m = node->module;

	for (; ncalls <= 1 && m != NNV_NONE && !fig->tree.drawn[m];
	     m = modules[m].parent) {
		call = modules[m].call;
		ncalls = modules[m].ncalls;
	}
	if (ncalls > 1 && call > 0)
		nnv_text_addf(piece(out), "call %u of %u", call, ncalls);
}

/* Everything small, as one line of plain text. */
static void
add_details(struct nnv_figure *fig, uint32_t index, struct nnv_text *out)
{
	const struct nnv_node *node = &fig->graph->nodes[index];

	add_row(fig, node, out);
	if (node->kind == NNV_NODE_GROUP && node->nmembers != 0)
		add_members(fig, node, piece(out));
	if (fig->style->show_node_arguments && node->nhypers != 0)
		nnv_node_hypers(fig->graph, node, piece(out));
	if (fig->style->show_node_arguments && node->nargs != 0 &&
	    !nnv_args_are_told(fig->graph, node))
		nnv_add_args(piece(out), fig->graph, node);
	if (fig->style->show_node_params)
		add_weight(fig, index, out);
	add_quantities(fig, index, out);
	if (node->time != NNV_UNKNOWN)
		nnv_add_time(piece(out), node->time);
	if (node->nkernels > 0)
		add_kernels(node, piece(out));
	add_call(fig, node, out);
	if (fig->style->show_node_source && node->full_op != NNV_NO_NAME)
		nnv_text_add(piece(out),
		    nnv_graph_text(fig->graph, node->full_op));
}

static void
add_small_print(struct nnv_figure *fig, uint32_t index,
    const struct nnv_paint *paint)
{
	const struct nnv_spec *spec = nnv_terminal_spec(fig, index);
	struct nnv_text details = NNV_TEXT_EMPTY;
	struct nnv_text *text = &fig->text;

	add_details(fig, index, &details);
	if (details.n != 0 || spec != NULL) {
		nnv_text_adds(text, "<BR/>");
		open_font(fig, fig->style->detail_font_size,
		    nnv_secondary_on(paint));
		if (spec != NULL)
			nnv_add_shape(fig, spec);
		if (details.n != 0 && spec != NULL)
			nnv_text_adds(text, " \xc2\xb7 ");
		if (details.n != 0)
			nnv_add_wrapped(text, nnv_text_str(&details),
			    DETAIL_WIDTH, DETAIL_LINES, "<BR/>");
		nnv_text_adds(text, "</FONT>");
	}
	text->failed |= details.failed;
	nnv_text_release(&details);
}

/* " ×12", unless frames around the box say it: its count is the product of all
 * around it. */
static void
add_repeat(struct nnv_figure *fig, const struct nnv_node *node)
{
	const struct nnv_module *modules = fig->graph->modules;
	bool framed = false;
	uint64_t said = 1;

	for (uint32_t m = node->module; m != 0 && m != NNV_NONE;
	     m = modules[m].parent) {
		framed |= fig->tree.drawn[m];
		if (framed && modules[m].repeat > 1 && said <= node->repeat)
			said *= modules[m].repeat;
	}
	if (node->repeat <= said)
		return;
	nnv_text_addf(&fig->text, " \xc3\x97%u%s",
	    (unsigned)(node->repeat / said),
	    node->ncalls > 1 && node->call == 0 ? " calls" : "");
}

/* The type in bold, or where the input tells none the name; and how many of the
 * kind it stands for. */
static void
add_type(struct nnv_figure *fig, uint32_t index, struct nnv_str type)
{
	size_t before;

	nnv_text_adds(&fig->text, "<B>");
	before = fig->text.n;
	if (type.n != 0)
		nnv_add_cut(&fig->text, type, TYPE_MAX);
	else
		add_node_name(fig, index);
	/* an empty tag would be an error */
	if (fig->text.n == before)
		nnv_text_adds(&fig->text, "module");
	add_repeat(fig, &fig->graph->nodes[index]);
	nnv_text_adds(&fig->text, "</B>");
}

static void
set_label(struct nnv_figure *fig, uint32_t index, const struct nnv_paint *paint)
{
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_str type = type_of(fig, node);

	nnv_text_clear(&fig->text);
	/* letters stand above the middle of their line: a sliver of space above
	 * them brings the text into the middle of the box */
	nnv_text_addf(&fig->text, "<FONT POINT-SIZE=\"%d\"> </FONT><BR/>",
	    (fig->style->node_title_font_size + 5) / 6);
	add_type(fig, index, type);
	if (fig->style->show_node_name && type.n != 0)
		add_name(fig, index, type, paint);
	add_small_print(fig, index, paint);
	/* the text and the margins */
	fig->widths[index] = nnv_label_width(nnv_text_str(&fig->text),
				 fig->style->node_title_font_size) +
	    18;
	fig->heights[index] = nnv_label_height(nnv_text_str(&fig->text),
	    fig->style->node_title_font_size);
	nnv_canvas_set_html(fig, fig->vertices[index], NNV_N_LABEL);
}

struct nnv_str
nnv_shown_path(const struct nnv_figure *fig, nnv_name file)
{
	struct nnv_str path = nnv_graph_text(fig->graph, file);
	struct nnv_str prefix = nnv_str(fig->style->strip_path);

	while (prefix.n != 0 && prefix.p[prefix.n - 1] == '/')
		prefix.n--;
	if (prefix.n != 0 && path.n > prefix.n + 1 &&
	    nnv_str_starts(path, prefix) && path.p[prefix.n] == '/')
		return (struct nnv_str){ path.p + prefix.n + 1,
			path.n - prefix.n - 1 };
	if (path.n == 0 ||
	    (path.p[0] != '/' && memchr(path.p, '\\', path.n) == NULL))
		return path;
	/* never where on the maker's machine it lay */
	return nnv_str_behind(nnv_str_behind(path, '/'), '\\');
}

static void
add_line(struct nnv_text *out, struct nnv_str line)
{
	if (line.n == 0)
		return;
	if (out->n != 0)
		nnv_text_addc(out, '\n');
	nnv_text_add(out, line);
}

/* The shape of what a node makes first. */
static void
add_output(struct nnv_figure *fig, uint32_t index, struct nnv_text *out)
{
	const struct nnv_spec *spec;
	uint32_t i = fig->links.out_start[index];

	if (i == fig->links.out_start[index + 1])
		return;
	spec = spec_of_edge(fig, fig->links.out[i]);
	if (nnv_spec_is_blank(spec))
		return;
	nnv_text_clear(&fig->text);
	nnv_add_shape(fig, spec);
	add_line(out, nnv_text_str(&fig->text));
}

static void
set_tooltip(struct nnv_figure *fig, uint32_t index)
{
	const struct nnv_graph *graph = fig->graph;
	const struct nnv_node *node = &graph->nodes[index];
	struct nnv_text all = NNV_TEXT_EMPTY, line = NNV_TEXT_EMPTY;
	struct nnv_str file = nnv_shown_path(fig, node->site.file);

	add_line(&all, type_of(fig, node));
	nnv_node_path(graph, node, &line);
	add_line(&all, nnv_text_str(&line));
	add_line(&all, nnv_graph_text(graph, node->full_op));
	nnv_text_clear(&line);
	add_details(fig, index, &line);
	add_line(&all, nnv_text_str(&line));
	add_output(fig, index, &all);
	if (file.n != 0) {
		add_line(&all, file);
		nnv_text_addf(&all, ":%u", node->site.line);
	}
	nnv_text_clear(&fig->text);
	nnv_text_add_plain(&fig->text,
	    (struct nnv_str){
		all.p, all.n < NNV_TOOLTIP_MAX ? all.n : NNV_TOOLTIP_MAX });
	nnv_canvas_set_text(fig, fig->vertices[index], NNV_N_TOOLTIP);
	fig->text.failed |= all.failed | line.failed;
	nnv_text_release(&all);
	nnv_text_release(&line);
}

/* "node op convolution forward" */
static void
set_class(struct nnv_figure *fig, uint32_t index)
{
	static const char *const kinds[] = { [NNV_NODE_OP] = "op",
		[NNV_NODE_GROUP] = "group",
		[NNV_NODE_INPUT] = "input",
		[NNV_NODE_OUTPUT] = "output",
		[NNV_NODE_EXTERNAL] = "external" };
	const struct nnv_node *node = &fig->graph->nodes[index];

	nnv_text_clear(&fig->text);
	nnv_text_addf(&fig->text, "%s %s %s%s%s", kinds[node->kind],
	    nnv_category_name(nnv_category_of(fig->graph, node)),
	    nnv_phase_name(node->phase),
	    nnv_paint_is_own(fig, index) ? " own" : "",
	    node->lit ? " lit" : "");
	nnv_canvas_set_text(fig, fig->vertices[index], NNV_N_CLASS);
}

static void
set_circle(struct nnv_figure *fig, uint32_t index, const char *sign)
{
	Agnode_t *node = fig->vertices[index];
	double size = fig->style->node_title_font_size * 0.024;

	nnv_canvas_set(fig, node, NNV_N_SHAPE, "circle");
	nnv_canvas_set(fig, node, NNV_N_FIXEDSIZE, "true");
	nnv_canvas_set_number(fig, node, NNV_N_WIDTH, size);
	nnv_canvas_set_number(fig, node, NNV_N_HEIGHT, size);
	nnv_canvas_set(fig, node, NNV_N_MARGIN, "0");
	nnv_canvas_set(fig, node, NNV_N_STYLE, "filled");
	nnv_canvas_set(fig, node, NNV_N_LABEL, sign);
}

static void
set_box(struct nnv_figure *fig, uint32_t index, const struct nnv_paint *paint)
{
	static const char *const outlines[] = { [NNV_DASHED] = "dashed",
		[NNV_DOTTED] = "dotted",
		[NNV_BOLD] = "bold" };
	const struct nnv_node *node = &fig->graph->nodes[index];
	double height = nnv_quantity_height(fig, index);
	enum nnv_outline outline = node->kind == NNV_NODE_EXTERNAL
	    ? NNV_DASHED
	    : paint->outline;

	if (outline != NNV_SOLID) {
		nnv_text_clear(&fig->text);
		nnv_text_addf(&fig->text, "%s,%s", fig->style->node_style,
		    outlines[outline]);
		nnv_canvas_set_text(fig, fig->vertices[index], NNV_N_STYLE);
	}
	if (height > 0.3)
		nnv_canvas_set_number(fig, fig->vertices[index], NNV_N_HEIGHT,
		    height);
	if (node->kind == NNV_NODE_GROUP)
		nnv_canvas_set(fig, fig->vertices[index], NNV_N_PERIPHERIES,
		    "2");
	set_label(fig, index, paint);
}

void
nnv_label_node(struct nnv_figure *fig, uint32_t index)
{
	Agnode_t *node = fig->vertices[index];
	struct nnv_paint paint = nnv_paint_of(fig, index);
	const char *sign = op_sign(fig, index);

	nnv_canvas_set_color(fig, node, NNV_N_FILLCOLOR, paint.fill);
	nnv_canvas_set_color(fig, node, NNV_N_COLOR, paint.line);
	nnv_canvas_set_color(fig, node, NNV_N_FONTCOLOR, paint.text);
	set_class(fig, index);
	set_tooltip(fig, index);
	nnv_link_node(fig, index);
	if (fig->graph->nodes[index].lit)
		nnv_canvas_set_number(fig, node, NNV_N_PENWIDTH,
		    fig->style->line_width * BOLD);
	if (sign != NULL)
		set_circle(fig, index, sign);
	else
		set_box(fig, index, &paint);
}

/* A point, just wide enough that the arrows seem to leave one place. */
void
nnv_label_fork(struct nnv_figure *fig, uint32_t vertex)
{
	Agnode_t *node = fig->vertices[vertex];
	uint32_t source = fig->plan.fork_source[vertex - fig->graph->nnodes];
	struct nnv_color color = fig->graph->nodes[source].faded
	    ? nnv_faded_edge(fig->style)
	    : fig->style->default_edge_color;

	nnv_canvas_set(fig, node, NNV_N_SHAPE, "point");
	nnv_canvas_set(fig, node, NNV_N_WIDTH, "0.05");
	nnv_canvas_set(fig, node, NNV_N_HEIGHT, "0.05");
	nnv_canvas_set(fig, node, NNV_N_LABEL, "");
	nnv_canvas_set(fig, node, NNV_N_STYLE, "filled");
	nnv_canvas_set(fig, node, NNV_N_CLASS, "fork");
	nnv_canvas_set_color(fig, node, NNV_N_COLOR, color);
	nnv_canvas_set_color(fig, node, NNV_N_FILLCOLOR, color);
}
