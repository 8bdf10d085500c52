/*
 * Quantities as colour and as height: parameters, MACs, bytes of activations,
 * time.
 *
 * A network's layers differ by factors of thousands, so colour goes by decades:
 * the largest is the darkest, a thousandth of it or less the palest, and what
 * costs nothing at all is as pale. Height has to compare as lengths do, so it
 * grows in proportion. What is not known has no place on either scale, and is
 * dashed.
 */
#include <math.h>

#include "figure.h"
#include "number.h"

enum { DECADES = 3 };

int64_t
nnv_quantity_of(const struct nnv_figure *fig, uint32_t index,
    enum nnv_quantity quantity)
{
	const struct nnv_node *node = &fig->graph->nodes[index];
	struct nnv_param_sum sum;

	if (node->kind != NNV_NODE_OP && node->kind != NNV_NODE_GROUP)
		return NNV_UNKNOWN;
	switch (quantity) {
	case NNV_QUANTITY_MACS:
		return node->cost.macs;
	case NNV_QUANTITY_BYTES:
		return node->cost.activation_bytes;
	case NNV_QUANTITY_TIME:
		return node->time;
	case NNV_QUANTITY_PARAMS:
		break;
	default:
		return NNV_UNKNOWN;
	}
	sum = nnv_node_params(fig->graph, node);
	return sum.at_least ? NNV_UNKNOWN : sum.parameters;
}

enum nnv_quantity
nnv_quantity_of_color(const struct nnv_style *style)
{
	switch (style->color_by) {
	case NNV_BY_PARAMS:
		return NNV_QUANTITY_PARAMS;
	case NNV_BY_MACS:
		return NNV_QUANTITY_MACS;
	case NNV_BY_BYTES:
		return NNV_QUANTITY_BYTES;
	case NNV_BY_TIME:
		return NNV_QUANTITY_TIME;
	default:
		return NNV_NO_QUANTITY;
	}
}

void
nnv_quantities_find(struct nnv_figure *fig)
{
	for (int q = 0; q < NNV_NQUANTITIES; q++) {
		int64_t *most = &fig->facts.most[q];

		*most = 0;
		for (uint32_t i = 0; i < fig->graph->nnodes; i++) {
			int64_t value = nnv_quantity_of(fig, i,
			    (enum nnv_quantity)q);

			*most = value > *most ? value : *most;
		}
	}
}

/* Between the two of the ramp's colours that are nearest. */
static struct nnv_color
on_ramp(const struct nnv_tints *ramp, double at)
{
	double place = at * (ramp->n - 1);
	int below = (int)place;

	if (below >= ramp->n - 1)
		return ramp->colors[ramp->n - 1];
	return nnv_color_mix(ramp->colors[below], ramp->colors[below + 1],
	    place - below);
}

struct nnv_paint
nnv_quantity_paint(const struct nnv_figure *fig, int64_t value, int64_t most)
{
	static const struct nnv_color black = { 0, 0, 0 };
	static const struct nnv_color white = { 255, 255, 255 };
	static const struct nnv_color ink = { 0x1f, 0x29, 0x33 };
	struct nnv_paint paint = fig->style->paints[NNV_UNKNOWN_TYPE];
	double at;

	if (value == NNV_UNKNOWN) {
		paint.outline = NNV_DASHED;
		return paint;
	}
	at = value > 0 && most > 0
	    ? 1 + log10((double)value / (double)most) / DECADES
	    : 0;
	paint.fill = on_ramp(&fig->style->color_ramp, at > 0 ? at : 0);
	paint.line = nnv_color_mix(paint.fill, black, 0.35);
	paint.text = nnv_color_readable(nnv_color_luminance(paint.fill) > 0.18
		? ink
		: white,
	    paint.fill);
	return paint;
}

double
nnv_quantity_height(const struct nnv_figure *fig, uint32_t index)
{
	enum nnv_quantity quantity = (enum nnv_quantity)fig->style->size_by;
	int64_t value = nnv_quantity_of(fig, index, quantity);
	int64_t most = fig->facts.most[quantity];

	if (value <= 0 || most <= 0)
		return 0;
	return fig->style->size_most * (double)value / (double)most;
}

static void
add_swatch(struct nnv_figure *fig, int64_t value, int64_t most,
    const char *before)
{
	struct nnv_paint paint = nnv_quantity_paint(fig, value, most);
	char fill[NNV_COLOR_TEXT], ink[NNV_COLOR_TEXT];

	nnv_color_write(paint.fill, fill);
	nnv_color_write(paint.text, ink);
	nnv_text_addf(&fig->text,
	    "<TD WIDTH=\"56\" BGCOLOR=\"%s\"><FONT POINT-SIZE=\"%d\" "
	    "COLOR=\"%s\">%s",
	    fill, fig->style->detail_font_size, ink, before);
	nnv_add_count(&fig->text, value);
	nnv_text_adds(&fig->text, "</FONT></TD>");
}

void
nnv_quantity_add_legend(struct nnv_figure *fig)
{
	static const char *const names[NNV_NQUANTITIES] = {
		[NNV_QUANTITY_PARAMS] = "parameters",
		[NNV_QUANTITY_MACS] = "MACs",
		[NNV_QUANTITY_BYTES] = "bytes of activations",
		[NNV_QUANTITY_TIME] = "time in ns",
	};
	enum nnv_quantity quantity = nnv_quantity_of_color(fig->style);
	int64_t most = fig->facts.most[quantity];
	char secondary[NNV_COLOR_TEXT];

	if (names[quantity] == NULL || most <= 0)
		return;
	nnv_color_write(fig->style->secondary, secondary);
	nnv_text_adds(&fig->text, "<TR><TD HEIGHT=\"5\"></TD></TR>");
	nnv_legend_open(fig);
	nnv_text_addf(&fig->text,
	    "<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
	    "CELLSPACING=\"0\" CELLPADDING=\"3\"><TR>"
	    "<TD><FONT POINT-SIZE=\"%d\" COLOR=\"%s\">%s </FONT></TD>",
	    fig->style->detail_font_size, secondary, names[quantity]);
	add_swatch(fig, most / 1000, most, "\xe2\x89\xa4 ");
	add_swatch(fig, most / 100, most, "");
	add_swatch(fig, most / 10, most, "");
	add_swatch(fig, most, most, "");
	nnv_text_adds(&fig->text, "</TR></TABLE>");
	nnv_legend_close(fig);
}

/* The dtype of the first tensor that a node gives, or none. */
static nnv_name
dtype_of(const struct nnv_figure *fig, uint32_t index)
{
	for (uint32_t i = fig->links.out_start[index];
	     i < fig->links.out_start[index + 1]; i++) {
		uint32_t tensor = fig->graph->edges[fig->links.out[i]].tensor;
		const struct nnv_spec *spec = fig->graph->tensors[tensor].spec;

		if (spec != NULL && spec->kind == NNV_SPEC_TENSOR)
			return spec->type;
	}
	return NNV_NO_NAME;
}

/* In the order of their colours. */
static const char *const dtypes[] = { "float32", "float16", "bfloat16",
	"float64", "int64", "int32", "int16", "int8", "uint8", "bool" };

enum { NDTYPES = sizeof(dtypes) / sizeof(*dtypes) };

uint32_t
nnv_dtype_index(const struct nnv_figure *fig, uint32_t index)
{
	struct nnv_str dtype = nnv_dtype_short(nnv_graph_text(fig->graph,
	    dtype_of(fig, index)));

	for (uint32_t i = 0; i < NDTYPES; i++)
		if (nnv_str_eq(dtype, nnv_str(dtypes[i])))
			return i;
	return NNV_NONE;
}

const char *
nnv_dtype_name(uint32_t dtype)
{
	return dtypes[dtype];
}
