/* Pages of PDF on one surface. */
#ifndef NNVIZ_RENDER_SHEAF_H
#define NNVIZ_RENDER_SHEAF_H

#include <stdbool.h>

#include <graphviz/gvc.h>
#include <graphviz/gvplugin.h>
#include <graphviz/gvplugin_device.h>

#include "nnviz/render.h"
#include "pens.h"

/* A device of libgvc that is its renderer's own kind. */
struct nnv_sheaf_device {
	gvdevice_features_t features;
	gvplugin_installed_t devices[2];
	gvplugin_api_t apis[2];
	gvplugin_library_t library;
};

struct nnv_sheaf {
	struct nnv_sheaf_device device;
	struct nnv_pens pens;
	const struct nnv_book *book;
	void *surface, *context;
	int *outlines; /* by page: cairo's number of it */
	struct nnv_text bytes;
};

bool nnv_sheaf_begin(struct nnv_sheaf *sheaf, GVC_t *gvc,
    const struct nnv_book *book, struct nnv_diag *diag);

/* Add a page: a drawing that is laid out. */
bool nnv_sheaf_add(struct nnv_sheaf *sheaf, GVC_t *gvc, Agraph_t *drawing,
    uint32_t page, struct nnv_diag *diag);

/* After the last: the bytes are whole. */
bool nnv_sheaf_end(struct nnv_sheaf *sheaf, struct nnv_diag *diag);

#endif
