/* Colours by name. */
#ifndef NNVIZ_DRAW_PALETTE_H
#define NNVIZ_DRAW_PALETTE_H

#include <stddef.h>
#include <stdint.h>

struct nnv_named_color {
	const char *name;
	uint32_t rgb; /* 0xrrggbb */
};

/* In byte order of the names, so that it can be searched by halves. */
extern const struct nnv_named_color nnv_named_colors[];
extern const size_t nnv_nnamed_colors;

struct nnv_scheme {
	const char *name;
	uint32_t colors[12]; /* 0xrrggbb */
	unsigned n;
};

/* The qualitative schemes of ColorBrewer, ended by one without a name. */
extern const struct nnv_scheme nnv_schemes[];

#endif
