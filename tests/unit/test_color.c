/*
 * Colours: how they are written, that text reads on them, and that categories
 * stay apart also for those who do not see all of them.
 *
 * How a colour-blind person sees a colour: the matrices of Machado, Oliveira
 * and Fernandes ("A Physiologically-based Model for Simulation of Color Vision
 * Deficiency", 2009) for complete protanopia, deuteranopia and tritanopia, in
 * linear RGB. How far apart two colours are: their distance in CIE L*a*b*,
 * of which 2.3 is just noticeable.
 */
#include "draw/color.h"

#include <math.h>
#include <stdio.h>

#include "draw/style.h"
#include "unit.h"

static struct nnv_color
color(const char *text)
{
	struct nnv_color c = { 0, 0, 0 };

	if (!nnv_color_parse(nnv_str(text), &c))
		fail_msg("'%s' is no colour", text);
	return c;
}

static void
reads_every_way_of_writing(void **state)
{
	static const char *const wrong[] = { "", "#", "#12", "#12345",
		"#1234567", "#gggggg", "redd", "Red.", "/", "/set1", "/set1/",
		"/set1/0", "/set1/x", "/nothing/1", "/set1/100" };
	struct nnv_color ignored;
	char text[NNV_COLOR_TEXT];
	size_t i;

	(void)state;
	assert_int_equal(color("#0af").g, 0xaa);
	assert_int_equal(color("#00AAff").g, 0xaa);
	assert_int_equal(color("aliceblue").r, 0xf0);
	assert_int_equal(color("AliceBlue").r, 0xf0);
	assert_int_equal(color("yellowgreen").r, 0x9a);
	assert_int_equal(color("gray").r, 0xc0);
	assert_int_equal(color("/set13/2").b, 0xb8);
	assert_int_equal(color("/dark28/1").r, 0x1b);
	nnv_color_write(color("#1a2B3c"), text);
	assert_string_equal(text, "#1a2b3c");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (nnv_color_parse(nnv_str(wrong[i]), &ignored))
			fail_msg("'%s' is taken for a colour", wrong[i]);
}

static void
measures_contrast(void **state)
{
	(void)state;
	assert_true(fabs(nnv_color_contrast(color("black"), color("white")) -
			21) < 1e-9);
	assert_true(fabs(nnv_color_contrast(color("#777777"), color("white")) -
			4.48) < 0.01);
	assert_true(nnv_color_contrast(nnv_color_readable(color("#eeeeee"),
					   color("white")),
			color("white")) >= 4.5);
	assert_true(nnv_color_contrast(nnv_color_readable(color("#333333"),
					   color("#000022")),
			color("#000022")) >= 4.5);
	assert_int_equal(nnv_color_readable(color("navy"), color("white")).b,
	    0x80);
}

static void
knows_types(void **state)
{
	static const struct {
		const char *type;
		enum nnv_category category;
	} rows[] = { { "Conv", NNV_CONVOLUTION }, { "Conv2d", NNV_CONVOLUTION },
		{ "ConvTranspose", NNV_CONVOLUTION },
		{ "conv_transpose2d", NNV_CONVOLUTION },
		{ "Linear", NNV_LINEAR }, { "Bilinear", NNV_LINEAR },
		{ "matmul", NNV_LINEAR }, { "BatchNorm", NNV_NORMALISATION },
		{ "LayerNorm", NNV_NORMALISATION },
		{ "InstanceNorm2d", NNV_NORMALISATION },
		{ "ReLU", NNV_ACTIVATION }, { "relu", NNV_ACTIVATION },
		{ "leaky_relu", NNV_ACTIVATION }, { "ReLU6", NNV_ACTIVATION },
		{ "Softmax", NNV_ACTIVATION }, { "SiLU", NNV_ACTIVATION },
		{ "tanh", NNV_ACTIVATION }, { "GELU", NNV_ACTIVATION },
		{ "Pool", NNV_POOLING }, { "MaxPool2d", NNV_POOLING },
		{ "AdaptiveAvgPool2d", NNV_POOLING },
		{ "adaptive_avg_pool2d", NNV_POOLING },
		{ "MultiheadAttention", NNV_ATTENTION },
		{ "TransformerEncoderLayer", NNV_ATTENTION },
		{ "GRU", NNV_RECURRENT }, { "LSTM", NNV_RECURRENT },
		{ "LSTMCell", NNV_RECURRENT }, { "RNN", NNV_RECURRENT },
		{ "Embedding", NNV_EMBEDDING }, { "Dropout", NNV_DROPOUT },
		{ "StochasticDepth", NNV_DROPOUT },
		{ "ZeroPad2d", NNV_PADDING }, { "pad", NNV_PADDING },
		{ "binary.add", NNV_ELEMENTWISE }, { "add", NNV_ELEMENTWISE },
		{ "unary.exp", NNV_ELEMENTWISE },
		{ "reduce.mean", NNV_REDUCTION }, { "mean", NNV_REDUCTION },
		{ "reshape", NNV_SHAPE }, { "getitem", NNV_SHAPE },
		{ "setitem", NNV_SHAPE }, { "cat", NNV_SHAPE },
		{ "Flatten", NNV_SHAPE }, { "CrossEntropyLoss", NNV_LOSS },
		{ "MSELoss", NNV_LOSS },
		{ "BottleneckBlock", NNV_UNKNOWN_TYPE },
		{ "", NNV_UNKNOWN_TYPE }, { "Normal", NNV_UNKNOWN_TYPE } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum nnv_category got =
		    nnv_category_of_type(nnv_str(rows[i].type));

		if (got != rows[i].category)
			fail_msg("%s is %s", rows[i].type,
			    nnv_category_name(got));
	}
}

static const double sights[][9] = { { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
	{ 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216,
	    -0.003882, -0.048116, 1.051998 },
	{ 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413,
	    -0.011820, 0.042940, 0.968881 },
	{ 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602,
	    0.004733, 0.691367, 0.303900 } };

static double
linear(double x)
{
	x /= 255;
	return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4);
}

static double
curve(double t)
{
	return t > 0.008856 ? pow(t, 1 / 3.0) : 7.787 * t + 16 / 116.0;
}

static void
to_lab(struct nnv_color c, const double *sight, double lab[3])
{
	double in[3] = { linear(c.r), linear(c.g), linear(c.b) }, seen[3];
	double x, y, z;
	size_t i;

	for (i = 0; i < 3; i++) {
		seen[i] = sight[3 * i] * in[0] + sight[3 * i + 1] * in[1] +
		    sight[3 * i + 2] * in[2];
		seen[i] = seen[i] < 0 ? 0 : seen[i] > 1 ? 1 : seen[i];
	}
	x = 0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2];
	y = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2];
	z = 0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2];
	lab[0] = 116 * curve(y) - 16;
	lab[1] = 500 * (curve(x / 0.95047) - curve(y));
	lab[2] = 200 * (curve(y) - curve(z / 1.08883));
}

static double
distance(struct nnv_color a, struct nnv_color b, const double *sight)
{
	double p[3], q[3];

	to_lab(a, sight, p);
	to_lab(b, sight, q);
	return sqrt((p[0] - q[0]) * (p[0] - q[0]) +
	    (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2]));
}

static struct nnv_style *
load(const char *name)
{
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	assert_true(nnv_style_search(style, NNV_STR("styles"), &diag));
	if (!nnv_style_load(style, nnv_str(name), &diag))
		fail_msg("%s: %s", name, diag.text);
	return style;
}

/* Two categories differ if their fills or their lines do. */
static void
keeps_apart(const struct nnv_style *style, const char *name, double least)
{
	static const enum nnv_category which[] = { NNV_CONVOLUTION, NNV_LINEAR,
		NNV_NORMALISATION, NNV_ACTIVATION, NNV_POOLING, NNV_ATTENTION,
		NNV_RECURRENT, NNV_EMBEDDING, NNV_CONTAINER };
	size_t n = sizeof(which) / sizeof(which[0]), i, j, k;

	for (k = 0; k < sizeof(sights) / sizeof(sights[0]); k++)
		for (i = 0; i < n; i++)
			for (j = i + 1; j < n; j++) {
				const struct nnv_paint
				    *a = &style->paints[which[i]];
				const struct nnv_paint
				    *b = &style->paints[which[j]];
				double fill = distance(a->fill, b->fill,
				    sights[k]);
				double line = distance(a->line, b->line,
				    sights[k]);

				if (fill < least && line < least)
					fail_msg("%s: %s and %s, sight %zu: "
						 "%.1f, %.1f",
					    name, nnv_category_name(which[i]),
					    nnv_category_name(which[j]), k,
					    fill, line);
			}
}

static void
keeps_categories_apart_for_the_colour_blind(void **state)
{
	struct nnv_style *style;

	(void)state;
	style = load("light");
	keeps_apart(style, "light", 15);
	nnv_style_free(style);
	style = load("dark");
	keeps_apart(style, "dark", 15);
	nnv_style_free(style);
	style = load("colorblind");
	keeps_apart(style, "colorblind", 16);
	nnv_style_free(style);
}

static void
reads_in_every_style(void **state)
{
	static const char *const names[] = { "light", "dark", "print",
		"colorblind", "nnviz", "blueprint" };
	size_t i;
	int c, t;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct nnv_style *style = load(names[i]);

		for (c = 0; c < NNV_NCATEGORIES; c++)
			if (nnv_color_contrast(style->paints[c].fill,
				style->paints[c].text) < 4.5)
				fail_msg("%s: %s", names[i],
				    nnv_category_name((enum nnv_category)c));
		for (t = 0; t < style->cluster_fill.n; t++) {
			struct nnv_color fill = style->cluster_fill.colors[t];

			assert_true(nnv_color_contrast(fill, style->ink) >=
			    4.5);
			assert_true(nnv_color_contrast(fill,
					style->secondary) >= 4.5);
			if (nnv_color_contrast(fill, style->edge_text) < 4.5)
				fail_msg("%s: shapes on tint %d", names[i], t);
		}
		assert_true(nnv_color_contrast(style->page, style->secondary) >=
		    4.5);
		assert_true(nnv_color_contrast(style->page, style->edge_text) >=
		    4.5);
		nnv_style_free(style);
	}
}

UNIT_MAIN("color", cmocka_unit_test(reads_every_way_of_writing),
    cmocka_unit_test(measures_contrast), cmocka_unit_test(knows_types),
    cmocka_unit_test(keeps_categories_apart_for_the_colour_blind),
    cmocka_unit_test(reads_in_every_style))
