/* One setting of a style: a row of the table of keys, and how it is read. */
#ifndef NNVIZ_DRAW_SETTING_H
#define NNVIZ_DRAW_SETTING_H

#include "nnviz/text.h"
#include "style.h"

enum nnv_setting_kind {
	NNV_SET_BOOL,   /* bool */
	NNV_SET_INT,    /* int, in the range "MIN..MAX" of wants */
	NNV_SET_REAL,   /* double, likewise */
	NNV_SET_CHOICE, /* int: which of the words "a|b|c" of wants */
	NNV_SET_COLOR,  /* struct nnv_color */
	NNV_SET_TINTS,  /* struct nnv_tints */
	NNV_SET_PAINT,  /* struct nnv_paint */
	NNV_SET_FONT,   /* const char *: a list of families */
	NNV_SET_BOX,    /* const char *: Graphviz's words for a box */
	NNV_SET_MARGIN, /* const char *: "X,Y" inches */
	NNV_SET_SCHEME, /* const char *: a scheme of ColorBrewer */
	NNV_SET_TEXT    /* const char *: anything printable */
};

struct nnv_setting {
	struct nnv_style_key key; /* .kind says what is wanted, in words */
	enum nnv_setting_kind kind;
	size_t offset; /* of its field in struct nnv_style */
};

/* Read VALUE into the row's field. False, and the field as it was: it is not
 * what the row wants, or memory is out (then style->arena has failed). */
bool nnv_setting_read(const struct nnv_setting *row, struct nnv_str value,
    struct nnv_style *style);

/* Append the row's field as nnv_setting_read would read it. */
void nnv_setting_write(const struct nnv_setting *row,
    const struct nnv_style *style, struct nnv_text *out);

/* Read "FILL [LINE [TEXT]] [dashed|dotted|bold]"; what is left out
 * follows from the fill. */
bool nnv_paint_read(struct nnv_str value, struct nnv_paint *paint);
void nnv_paint_write(const struct nnv_paint *paint, struct nnv_text *out);

#endif
