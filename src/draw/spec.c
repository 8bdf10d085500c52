/* Specs of tensors as text, nested ones as small framed tables. */
#include "figure.h"
#include "fit.h"

enum { ROWS_MAX = 10, TABLES_DEEP = 4, CELL_MAX = 32 };

bool
nnv_spec_is_nested(const struct nnv_spec *spec)
{
	return spec != NULL && spec->n != 0 &&
	    (spec->kind == NNV_SPEC_LIST || spec->kind == NNV_SPEC_MAP);
}

bool
nnv_spec_is_blank(const struct nnv_spec *spec)
{
	return spec == NULL || spec->kind == NNV_SPEC_UNKNOWN;
}

static void
add_dtype(struct nnv_figure *fig, nnv_name dtype)
{
	nnv_add_cut(&fig->text,
	    nnv_dtype_short(nnv_graph_text(fig->graph, dtype)), CELL_MAX);
}

static void
add_extents(struct nnv_figure *fig, const int64_t *shape, uint32_t n)
{
	uint32_t i = 0;

	/* A batch of single values is shown as what it is. */
	if (n > 1 && fig->facts.batch != NNV_UNKNOWN &&
	    shape[0] == fig->facts.batch)
		i = 1;
	if (i == n)
		nnv_text_adds(&fig->text, "scalar");
	for (; i < n; i++) {
		nnv_text_addi(&fig->text, shape[i]);
		if (i + 1 < n)
			nnv_text_adds(&fig->text, "\xc3\x97");
	}
}

void
nnv_add_shape(struct nnv_figure *fig, const struct nnv_spec *spec)
{
	switch (spec->kind) {
	case NNV_SPEC_TENSOR:
		add_extents(fig, spec->shape, spec->n);
		if (spec->last != NULL) {
			nnv_text_adds(&fig->text, " \xe2\x80\xa6 ");
			add_extents(fig, spec->last, spec->n);
		}
		if (spec->type != NNV_NO_NAME &&
		    spec->type != fig->facts.dtype) {
			nnv_text_addc(&fig->text, ' ');
			add_dtype(fig, spec->type);
		}
		break;
	case NNV_SPEC_BUILTIN:
		nnv_add_cut(&fig->text, nnv_graph_text(fig->graph, spec->type),
		    CELL_MAX);
		break;
	case NNV_SPEC_LIST:
		nnv_text_adds(&fig->text,
		    spec->n != 0 ? "[\xe2\x80\xa6]" : "[ ]");
		break;
	case NNV_SPEC_MAP:
		nnv_text_adds(&fig->text,
		    spec->n != 0 ? "{\xe2\x80\xa6}" : "{ }");
		break;
	case NNV_SPEC_UNKNOWN:
		nnv_text_adds(&fig->text, "?");
		break;
	}
}

/* How many elements from I on are equal: one row says them all. */
static uint32_t
run_length(const struct nnv_spec *spec, uint32_t i)
{
	uint32_t n = 1;

	if (spec->kind == NNV_SPEC_MAP)
		return 1;
	while (i + n < spec->n &&
	    nnv_spec_eq(spec->elements[i], spec->elements[i + n]))
		n++;
	return n;
}

static void
add_key(struct nnv_figure *fig, const struct nnv_spec *spec, uint32_t i,
    uint32_t run)
{
	struct nnv_text *text = &fig->text;
	char color[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->edge_text, color);
	nnv_text_addf(text, "<TR><TD ALIGN=\"RIGHT\"><FONT COLOR=\"%s\">",
	    color);
	if (spec->kind == NNV_SPEC_MAP) {
		struct nnv_str key = nnv_graph_text(fig->graph, spec->keys[i]);

		nnv_add_cut(text, key.n != 0 ? key : NNV_STR("''"), CELL_MAX);
	} else if (run > 1)
		nnv_text_addf(text, "%u\xe2\x80\x93%u", i, i + run - 1);
	else
		nnv_text_addf(text, "%u", i);
	nnv_text_adds(text, "</FONT></TD><TD ALIGN=\"LEFT\">");
}

static void add_table(struct nnv_figure *fig, const struct nnv_spec *spec,
    int depth);

static void
add_rows(struct nnv_figure *fig, const struct nnv_spec *spec, int depth)
{
	uint32_t i = 0, run;
	int rows = 0;

	for (; i < spec->n && rows < ROWS_MAX; i += run, rows++) {
		const struct nnv_spec *element = spec->elements[i];

		run = run_length(spec, i);
		add_key(fig, spec, i, run);
		if (nnv_spec_is_nested(element) && depth + 1 < TABLES_DEEP)
			add_table(fig, element, depth + 1);
		else
			nnv_add_shape(fig, element);
		nnv_text_adds(&fig->text, "</TD></TR>");
	}
	if (i < spec->n)
		nnv_text_addf(&fig->text,
		    "<TR><TD COLSPAN=\"2\">"
		    "\xe2\x80\xa6 %u more</TD></TR>",
		    spec->n - i);
}

/* Counted recursion: DEPTH stays below TABLES_DEEP. */
static void
add_table(struct nnv_figure *fig, const struct nnv_spec *spec, int depth)
{
	char line[NNV_COLOR_TEXT];

	nnv_color_write(fig->style->cluster_line, line);
	nnv_text_addf(&fig->text,
	    "<TABLE BORDER=\"1\" CELLBORDER=\"0\" "
	    "CELLSPACING=\"0\" CELLPADDING=\"2\" STYLE=\"ROUNDED\" "
	    "COLOR=\"%s\">",
	    line);
	add_rows(fig, spec, depth);
	nnv_text_adds(&fig->text, "</TABLE>");
}

void
nnv_add_spec_table(struct nnv_figure *fig, const struct nnv_spec *spec)
{
	/* an empty column between the arrow's line and the frame */
	nnv_text_adds(&fig->text,
	    "<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
	    "CELLSPACING=\"0\" CELLPADDING=\"0\"><TR>"
	    "<TD WIDTH=\"6\"></TD><TD CELLPADDING=\"3\">");
	add_table(fig, spec, 0);
	nnv_text_adds(&fig->text, "</TD></TR></TABLE>");
}
