/* cairo, as far as pages need it: the library that libgvc's PDF is made by. */
#ifndef NNVIZ_RENDER_PENS_H
#define NNVIZ_RENDER_PENS_H

#include <stdbool.h>

#include "nnviz/diag.h"

/* cairo_text_extents_t */
struct nnv_extents {
	double x_bearing, y_bearing, width, height, x_advance, y_advance;
};

typedef int nnv_pdf_writer(void *closure, const unsigned char *bytes,
    unsigned n);

/* Its functions, by their names behind "cairo_"; surfaces and contexts are
 * pointers. */
struct nnv_pens {
	void *(*pdf_surface_create_for_stream)(nnv_pdf_writer *write,
	    void *closure, double width, double height);
	void (*pdf_surface_set_size)(void *surface, double width,
	    double height);
	int (*pdf_surface_add_outline)(void *surface, int parent,
	    const char *text, const char *link, int flags);
	void (*pdf_surface_set_metadata)(void *surface, int kind,
	    const char *text);
	void (*surface_finish)(void *surface);
	int (*surface_status)(void *surface);
	void *(*create)(void *surface);
	int (*status)(void *context);
	void (*save)(void *context);
	void (*restore)(void *context);
	void (*translate)(void *context, double x, double y);
	void (*scale)(void *context, double x, double y);
	void (*show_page)(void *context);
	void (*tag_begin)(void *context, const char *tag, const char *text);
	void (*tag_end)(void *context, const char *tag);
	void (*select_font_face)(void *context, const char *family, int slant,
	    int weight);
	void (*set_font_size)(void *context, double size);
	void (*text_extents)(void *context, const char *text,
	    struct nnv_extents *extents);
	void (*move_to)(void *context, double x, double y);
	void (*show_text)(void *context, const char *text);
	void (*set_source_rgb)(void *context, double red, double green,
	    double blue);
	void (*rectangle)(void *context, double x, double y, double width,
	    double height);
	void (*fill)(void *context);
};

/* False: there is no such library. */
bool nnv_pens_load(struct nnv_pens *pens, struct nnv_diag *diag);

#endif
