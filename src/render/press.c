#define _POSIX_C_SOURCE 200809L
#include "press.h"

#include <stdlib.h>
#include <time.h>

#include "bow.h"
#include "font.h"
#include "fontlist.h"
#include "frame.h"
#include "layout.h"
#include "nnviz/arena.h"
#include "nnviz/sha1.h"
#include "place.h"
#include "png.h"
#include "ruler.h"

GVC_t *
nnv_press_context(struct nnv_diag *diag)
{
	GVC_t *gvc;

	/* cairo writes the local time into a PDF, in the zone's form */
	setenv("TZ", "UTC0", 1);
	tzset();
	nnv_fontlist_open();
	gvc = gvContext();
	if (gvc == NULL) {
		nnv_fail_memory(diag);
		return NULL;
	}
	nnv_ruler_lay(gvc);
	nnv_png_offer(gvc);
	return gvc;
}

bool
nnv_press_arrange(GVC_t *gvc, Agraph_t *drawing, bool last,
    struct nnv_diag *diag)
{
	if (!nnv_font_found(gvc, drawing))
		nnv_warn(diag, "fonts",
		    "no font was found: text is drawn as boxes, install one "
		    "such as fonts-liberation");
	if (!nnv_lay_out(gvc, drawing, last, diag))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz could not lay the drawing out");
	nnv_bows_draw_in(drawing);
	nnv_frames_level(drawing);
	nnv_place_labels(drawing);
	return true;
}

const struct nnv_sheet *
nnv_sheet_of(Agraph_t *drawing)
{
	return (const struct nnv_sheet *)aggetrec(drawing, (char *)NNV_SHEET,
	    0);
}

void
nnv_press_measure(Agraph_t *drawing, struct nnv_text *sizes)
{
	for (Agnode_t *node = agfstnode(drawing); node != NULL;
	     node = agnxtnode(drawing, node))
		if (ND_label(node) != NULL)
			nnv_text_addf(sizes, "%.1f %.1f\n",
			    ND_label(node)->dimen.x, ND_label(node)->dimen.y);
}

void
nnv_press_sign(GVC_t *gvc, const struct nnv_text *sizes, struct nnv_text *notes)
{
	unsigned char digest[NNV_SHA1_SIZE];

	notes->failed |= nnv_text_failed(sizes);
	nnv_sha1(nnv_text_str(sizes), digest);
	nnv_text_addf(notes, "nnviz-c %s\ngraphviz %s\ntext %02x%02x%02x%02x\n",
	    NNV_VERSION, gvcVersion(gvc), digest[0], digest[1], digest[2],
	    digest[3]);
}

bool
nnv_press_spared(size_t refusals, struct nnv_diag *diag)
{
	return nnv_heap_refusals() == refusals || nnv_fail_memory(diag);
}
