/* Colours: parsing, mixing, and how well one reads on another. */
#ifndef NNVIZ_DRAW_COLOR_H
#define NNVIZ_DRAW_COLOR_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/str.h"

struct nnv_color {
	uint8_t r, g, b;
};

enum { NNV_COLOR_TEXT = 8 }; /* "#rrggbb" and its terminator */

/*
 * "#rgb", "#rrggbb", a name of CSS (gray, green, maroon and purple mean what
 * Graphviz takes them for), or a colour of a ColorBrewer scheme as Graphviz
 * writes it, "/set28/3". False: none of these.
 */
bool nnv_color_parse(struct nnv_str text, struct nnv_color *color);

/* The N-th colour, counted on past the end, of a ColorBrewer scheme ("set2",
 * "paired", "dark28"). False: no such scheme. */
bool nnv_color_of_scheme(struct nnv_str scheme, unsigned n,
    struct nnv_color *color);

/* The name of CSS that is nearest to what was typed, or absent. */
struct nnv_str nnv_color_nearest(struct nnv_str name);

void nnv_color_write(struct nnv_color color, char buf[NNV_COLOR_TEXT]);

/* From a (0) to b (1), in sRGB. */
struct nnv_color nnv_color_mix(struct nnv_color a, struct nnv_color b,
    double share);

/* Relative luminance, 0 to 1, and contrast ratio, 1 to 21: WCAG 2.1. */
double nnv_color_luminance(struct nnv_color color);
double nnv_color_contrast(struct nnv_color a, struct nnv_color b);

/* WANT where it reads on FILL at WCAG's level AA (4.5), else the nearest mix
 * of it with black or white that does. */
struct nnv_color nnv_color_readable(struct nnv_color want,
    struct nnv_color fill);

/* The value of a hexadecimal digit, or -1. */
int nnv_hex_digit(char c);

#endif
