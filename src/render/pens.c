/*
 * Pages are many drawings on one surface of cairo, which libgvc draws on but
 * does not make. Its plugin has that library loaded anyway; asking for it by
 * name, in the child that wants it, costs other runs nothing and asks for no
 * headers.
 */
#include "pens.h"

#include <dlfcn.h>
#include <string.h>

#define PEN(name)                                               \
	{                                                       \
		"cairo_" #name, offsetof(struct nnv_pens, name) \
	}

static const struct pen {
	const char *name;
	size_t at;
} table[] = {
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

/* ISO C converts no object's pointer to a function's. */
static void
keep(struct nnv_pens *pens, size_t at, const void *symbol)
{
	memcpy((char *)pens + at, &symbol, sizeof(symbol));
}

bool
nnv_pens_load(struct nnv_pens *pens, struct nnv_diag *diag)
{
	void *library = dlopen("libcairo.so.2", RTLD_NOW);

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		void *symbol = library != NULL ? dlsym(library, table[i].name)
					       : NULL;

		if (symbol == NULL)
			return nnv_fail(diag, NNV_E_GRAPHVIZ,
			    "pages need libcairo.so.2 of version 1.16: %s",
			    library != NULL ? table[i].name : "there is none");
		keep(pens, table[i].at, symbol);
	}
	return true;
}
