#include "setting.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 32 };

/* The next word of TEXT, which loses it; blanks and commas separate words. */
static struct nnv_str
next_word(struct nnv_str *text)
{
	struct nnv_str word;
	size_t i = 0;

	while (text->n != 0 &&
	    (*text->p == ' ' || *text->p == '\t' || *text->p == ',')) {
		text->p++;
		text->n--;
	}
	while (i < text->n && text->p[i] != ' ' && text->p[i] != '\t' &&
	    text->p[i] != ',')
		i++;
	word = (struct nnv_str){ text->p, i };
	text->p += i;
	text->n -= i;
	return word;
}

static bool
read_bool(struct nnv_str value, bool *out)
{
	static const char *const words[] = { "false", "true", "no", "yes",
		"off", "on", "0", "1" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (nnv_str_same(value, nnv_str(words[i]))) {
			*out = i % 2 != 0;
			return true;
		}
	return false;
}

/* A decimal number without sign or exponent: what strtod takes beyond that
 * (hexadecimal, infinity) is no size of anything. */
static bool
read_number(struct nnv_str value, double *out)
{
	char copy[NUMBER_MAX], *end;
	size_t i;

	if (value.n == 0 || value.n >= sizeof(copy))
		return false;
	for (i = 0; i < value.n; i++) {
		copy[i] = value.p[i];
		if ((copy[i] < '0' || copy[i] > '9') && copy[i] != '.')
			return false;
	}
	copy[i] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0';
}

/* Within "MIN..MAX". */
static bool
in_range(double value, const char *range)
{
	char *dots;
	double min = (double)strtol(range, &dots, 10);

	return value >= min && value <= (double)strtol(dots + 2, NULL, 10);
}

static bool
read_int(struct nnv_str value, const char *range, int *out)
{
	double number;

	if (memchr(value.p, '.', value.n) != NULL ||
	    !read_number(value, &number) || !in_range(number, range))
		return false;
	*out = (int)number;
	return true;
}

static bool
read_choice(struct nnv_str value, const char *words, int *out)
{
	const char *p = words, *bar;
	int i;

	for (i = 0; p != NULL; i++, p = bar != NULL ? bar + 1 : NULL) {
		bar = strchr(p, '|');
		if (nnv_str_same(value,
			(struct nnv_str){
			    p, bar != NULL ? (size_t)(bar - p) : strlen(p) })) {
			*out = i;
			return true;
		}
	}
	return false;
}

static bool
read_tints(struct nnv_str value, struct nnv_tints *out)
{
	struct nnv_tints tints = { .n = 0 };
	struct nnv_str word;

	while (word = next_word(&value), word.n != 0) {
		if (tints.n == NNV_CLUSTER_TINTS ||
		    !nnv_color_parse(word, &tints.colors[tints.n++]))
			return false;
	}
	if (tints.n == 0)
		return false;
	*out = tints;
	return true;
}

/* A line that stands out from the fill, and ink that reads on it. */
static void
complete_paint(struct nnv_paint *paint, int given)
{
	static const struct nnv_color black = { 0, 0, 0 };
	static const struct nnv_color white = { 255, 255, 255 };
	static const struct nnv_color ink = { 0x1f, 0x29, 0x33 };
	bool pale = nnv_color_luminance(paint->fill) > 0.18;

	if (given < 2)
		paint->line = nnv_color_mix(paint->fill, pale ? black : white,
		    0.45);
	if (given < 3)
		paint->text = nnv_color_readable(ink, paint->fill);
}

bool
nnv_paint_read(struct nnv_str value, struct nnv_paint *paint)
{
	struct nnv_paint read = { .outline = NNV_SOLID };
	struct nnv_color *colors[3] = { &read.fill, &read.line, &read.text };
	struct nnv_str word;
	int n = 0, outline;

	while (word = next_word(&value), word.n != 0) {
		if (read_choice(word, "solid|dashed|dotted|bold", &outline))
			read.outline = (enum nnv_outline)outline;
		else if (n == 3 || !nnv_color_parse(word, colors[n++]))
			return false;
	}
	if (n == 0)
		return false;
	complete_paint(&read, n);
	*paint = read;
	return true;
}

static bool
keep_text(struct nnv_str value, struct nnv_style *style, const char **out)
{
	char *copy = nnv_arena_copy(&style->arena, value);

	if (copy == NULL)
		return false;
	*out = copy;
	return true;
}

static bool
read_text(struct nnv_str value, struct nnv_style *style, const char **out)
{
	size_t i;

	for (i = 0; i < value.n; i++)
		if ((unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f)
			return false;
	return keep_text(value, style, out);
}

static bool
read_scheme(struct nnv_str value, struct nnv_style *style, const char **out)
{
	struct nnv_color color;

	return nnv_color_of_scheme(value, 0, &color) &&
	    keep_text(value, style, out);
}

/* A family's name reaches Graphviz as it is: nothing in it may mean more. */
static bool
read_font(struct nnv_str value, struct nnv_style *style, const char **out)
{
	size_t i;

	for (i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && c != ' ' && c != ',' &&
		    c != '-' && c != '_' && c != '.')
			return false;
	}
	return value.n != 0 && keep_text(value, style, out);
}

static bool
read_box(struct nnv_str value, struct nnv_style *style, const char **out)
{
	struct nnv_str rest = value, word;
	int which;
	size_t i;

	/* they reach Graphviz as they are, which knows no capitals */
	for (i = 0; i < value.n; i++)
		if (value.p[i] >= 'A' && value.p[i] <= 'Z')
			return false;
	while (word = next_word(&rest), word.n != 0)
		if (!read_choice(word,
			"rounded|filled|solid|dashed|dotted|bold", &which))
			return false;
	return value.n != 0 && keep_text(value, style, out);
}

static bool
read_margin(struct nnv_str value, struct nnv_style *style, const char **out)
{
	struct nnv_str rest = value, x = next_word(&rest);
	struct nnv_str y = next_word(&rest);
	double number;

	if (!read_number(x, &number) || !in_range(number, "0..4"))
		return false;
	if (y.n != 0 && (!read_number(y, &number) || !in_range(number, "0..4")))
		return false;
	return next_word(&rest).n == 0 && keep_text(value, style, out);
}

static bool
read_real(struct nnv_str value, const char *range, double *out)
{
	double number;

	if (!read_number(value, &number) || !in_range(number, range))
		return false;
	*out = number;
	return true;
}

bool
nnv_setting_read(const struct nnv_setting *row, struct nnv_str value,
    struct nnv_style *style)
{
	void *field = (char *)style + row->offset;

	switch (row->kind) {
	case NNV_SET_BOOL:
		return read_bool(value, field);
	case NNV_SET_INT:
		return read_int(value, row->key.kind, field);
	case NNV_SET_REAL:
		return read_real(value, row->key.kind, field);
	case NNV_SET_CHOICE:
		return read_choice(value, row->key.kind, field);
	case NNV_SET_COLOR:
		return nnv_color_parse(value, field);
	case NNV_SET_TINTS:
		return read_tints(value, field);
	case NNV_SET_PAINT:
		return nnv_paint_read(value, field);
	case NNV_SET_FONT:
		return read_font(value, style, field);
	case NNV_SET_BOX:
		return read_box(value, style, field);
	case NNV_SET_MARGIN:
		return read_margin(value, style, field);
	case NNV_SET_SCHEME:
		return read_scheme(value, style, field);
	case NNV_SET_TEXT:
		return read_text(value, style, field);
	}
	return false;
}

/* The I-th of the words of "a|b|c". */
static void
write_choice(const char *words, int i, struct nnv_text *out)
{
	for (; i > 0 && strchr(words, '|') != NULL; i--)
		words = strchr(words, '|') + 1;
	nnv_text_add(out, (struct nnv_str){ words, strcspn(words, "|") });
}

static void
write_color(struct nnv_color color, struct nnv_text *out)
{
	char text[NNV_COLOR_TEXT];

	nnv_color_write(color, text);
	nnv_text_adds(out, text);
}

static void
write_tints(const struct nnv_tints *tints, struct nnv_text *out)
{
	int i;

	for (i = 0; i < tints->n; i++) {
		nnv_text_adds(out, i > 0 ? " " : "");
		write_color(tints->colors[i], out);
	}
}

void
nnv_paint_write(const struct nnv_paint *paint, struct nnv_text *out)
{
	write_color(paint->fill, out);
	nnv_text_addc(out, ' ');
	write_color(paint->line, out);
	nnv_text_addc(out, ' ');
	write_color(paint->text, out);
	if (paint->outline != NNV_SOLID) {
		nnv_text_addc(out, ' ');
		write_choice("solid|dashed|dotted|bold", (int)paint->outline,
		    out);
	}
}

void
nnv_setting_write(const struct nnv_setting *row, const struct nnv_style *style,
    struct nnv_text *out)
{
	const void *field = (const char *)style + row->offset;

	switch (row->kind) {
	case NNV_SET_BOOL:
		nnv_text_adds(out, *(const bool *)field ? "true" : "false");
		break;
	case NNV_SET_INT:
		nnv_text_addi(out, *(const int *)field);
		break;
	case NNV_SET_REAL:
		nnv_text_add_real(out, *(const double *)field);
		break;
	case NNV_SET_CHOICE:
		write_choice(row->key.kind, *(const int *)field, out);
		break;
	case NNV_SET_COLOR:
		write_color(*(const struct nnv_color *)field, out);
		break;
	case NNV_SET_TINTS:
		write_tints(field, out);
		break;
	case NNV_SET_PAINT:
		nnv_paint_write(field, out);
		break;
	case NNV_SET_FONT:
	case NNV_SET_BOX:
	case NNV_SET_MARGIN:
	case NNV_SET_SCHEME:
	case NNV_SET_TEXT:
		nnv_text_adds(out, *(const char *const *)field);
		break;
	}
}
