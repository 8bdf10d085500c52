/*
 * Pages are many drawings on one surface of cairo, which libgvc draws on but
 * does not make.
 */
#include "pens.h"

#include "library.h"

#define PEN(name)                                               \
	{                                                       \
		"cairo_" #name, offsetof(struct nnv_pens, name) \
	}

static const struct nnv_symbol pens_of_cairo[] = {
	PEN(pdf_surface_create_for_stream),
	PEN(pdf_surface_set_size),
	PEN(pdf_surface_add_outline),
	PEN(pdf_surface_set_metadata),
	PEN(surface_finish),
	PEN(surface_status),
	PEN(create),
	PEN(status),
	PEN(save),
	PEN(restore),
	PEN(translate),
	PEN(scale),
	PEN(show_page),
	PEN(tag_begin),
	PEN(tag_end),
	PEN(select_font_face),
	PEN(set_font_size),
	PEN(text_extents),
	PEN(move_to),
	PEN(show_text),
	PEN(set_source_rgb),
	PEN(rectangle),
	PEN(fill),
};

bool
nnv_pens_load(struct nnv_pens *pens, struct nnv_diag *diag)
{
	const char *missing = nnv_library_load("libcairo.so.2", pens_of_cairo,
	    sizeof(pens_of_cairo) / sizeof(*pens_of_cairo), pens);

	return missing == NULL ||
	    nnv_fail(diag, NNV_E_GRAPHVIZ,
		"pages need libcairo.so.2 of version 1.16: there is no %s",
		missing);
}
