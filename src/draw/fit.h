/* Text made to fit: cut, or wrapped and cut. */
#ifndef NNVIZ_DRAW_FIT_H
#define NNVIZ_DRAW_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/str.h"
#include "nnviz/text.h"

/* Bytes of the first MAX characters. */
size_t nnv_fit_head(struct nnv_str text, size_t max);

/* Append TEXT for an HTML-like label, at most MAX characters of it, the last
 * being an ellipsis where it was cut. */
void nnv_add_cut(struct nnv_text *out, struct nnv_str text, size_t max);

/* The same in at most LINES lines of WIDTH characters, separated by BREAK and
 * broken after a comma or blank where there is one. */
void nnv_add_wrapped(struct nnv_text *out, struct nnv_str text, size_t width,
    size_t lines, const char *line_break);

/* Whether two names are one but for capitals and underscores, as those of a
 * class and of what is made of it often are: "BatchNorm", "batch_norm". */
bool nnv_says_same(struct nnv_str a, struct nnv_str b);

/* About how wide TEXT is at a font size, in points. */
double nnv_text_width(struct nnv_str text, double size);

/* About how wide an HTML-like label is whose text has that size where it says
 * no other: its longest line, in points. */
double nnv_label_width(struct nnv_str html, double size);

/* The sum of the sizes of its lines' largest type, in points. */
double nnv_label_height(struct nnv_str html, double size);

#endif
