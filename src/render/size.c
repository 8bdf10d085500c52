/*
 * A page beyond 200 inches is cut by PDF readers: it is scaled to that, which
 * loses nothing, for it can be looked at as near as one likes. (UserUnit, which
 * would keep its size, is ignored by half of the readers.) Pixels beyond 32 767
 * are scaled by cairo without a word, and gigabytes of them take minutes: the
 * resolution is lowered. SVG has no limit, but some programs that turn it into
 * pixels have.
 */
#include "size.h"

#include <math.h>
#include <stdio.h>

#include <graphviz/gvc.h>

#include "columns.h"

static const double side_max = 32000, area_max = 120e6;
static const double viewer_max = 32767;
static const double points_max = 14400;

/* Around the drawing, in points: pad. Times as long as wide: a strip. */
enum { AROUND = 30, STRIP = 4, HINT = 64 };

struct extent {
	double width, height; /* points */
};

static struct extent
extent_of(Agraph_t *drawing)
{
	boxf box = GD_bb(drawing);

	return (struct extent){ box.UR.x - box.LL.x + AROUND,
		box.UR.y - box.LL.y + AROUND };
}

/* A strip would make a page if it were broken; "" for what is none, or is in
 * columns already. */
static void
hint_columns(Agraph_t *drawing, struct extent size, char hint[HINT])
{
	double ratio = size.height > size.width ? size.height / size.width
						: size.width / size.height;

	hint[0] = '\0';
	if (ratio > STRIP && nnv_column_of(drawing, 0) == NULL)
		snprintf(hint, HINT, " (-S columns=%d breaks the strip)",
		    (int)sqrt(ratio));
}

/* The resolution that was asked for, or what fits. */
static double
fitting_dpi(struct extent size, int wanted)
{
	double dpi = wanted;
	double longest = fmax(size.width, size.height);
	double area = size.width * size.height;

	if (longest * dpi / 72 > side_max)
		dpi = side_max * 72 / longest;
	if (area * (dpi / 72) * (dpi / 72) > area_max)
		dpi = 72 * sqrt(area_max / area);
	return dpi;
}

static bool
fit_pixels(Agraph_t *drawing, const struct nnv_picture_row *row, int wanted,
    bool strict, struct nnv_diag *diag)
{
	struct extent size = extent_of(drawing);
	double dpi = fitting_dpi(size, wanted);
	char hint[HINT];

	GD_drawing(drawing)->dpi = dpi;
	if (dpi >= wanted)
		return true;
	if (strict)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "%.0f \xc3\x97 %.0f pixels are more than %s holds; %d dpi "
		    "(-S dpi=%d) would fit",
		    size.width * wanted / 72, size.height * wanted / 72,
		    row->format.name, (int)dpi, (int)dpi);
	hint_columns(drawing, size, hint);
	nnv_warn(diag, NNV_TOO_LARGE " for pixels",
	    "%.0f \xc3\x97 %.0f pixels are more than %s holds: drawn at %d "
	    "dpi, not %d%s",
	    size.width * wanted / 72, size.height * wanted / 72,
	    row->format.name, (int)dpi, wanted, hint);
	return true;
}

static bool
fit_page(Agraph_t *drawing, bool strict, struct nnv_diag *diag)
{
	struct extent size = extent_of(drawing);
	double longest = fmax(size.width, size.height);
	char hint[HINT];

	if (longest <= points_max)
		return true;
	if (strict)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "a page of %.0f \xc3\x97 %.0f inches is more than PDF "
		    "readers show, which is 200",
		    size.width / 72, size.height / 72);
	hint_columns(drawing, size, hint);
	GD_drawing(drawing)->size = (pointf){ points_max - 1, points_max - 1 };
	nnv_warn(diag, NNV_TOO_LARGE " for a page",
	    "a page of %.0f \xc3\x97 %.0f inches is more than PDF readers "
	    "show: scaled to %.0f %%%s",
	    size.width / 72, size.height / 72, 100 * points_max / longest,
	    hint);
	return true;
}

static void
mention_viewers(Agraph_t *drawing, struct nnv_diag *diag)
{
	struct extent size = extent_of(drawing);
	double pixels = fmax(size.width, size.height) * 96 / 72;
	char hint[HINT];

	hint_columns(drawing, size, hint);
	if (pixels > viewer_max)
		nnv_warn(diag, NNV_TOO_LARGE " for viewers",
		    "%.0f \xc3\x97 %.0f pixels: a browser shows it, some other "
		    "programs do not beyond %.0f%s",
		    size.width * 96 / 72, size.height * 96 / 72, viewer_max,
		    hint);
}

bool
nnv_size_fit(Agraph_t *drawing, const struct nnv_picture_row *row, int dpi,
    bool strict, struct nnv_diag *diag)
{
	struct nnv_str name = nnv_str(row->format.name);

	GD_drawing(drawing)->dpi = 0;
	GD_drawing(drawing)->size = (pointf){ 0, 0 };
	if (row->pixels)
		return fit_pixels(drawing, row, dpi, strict, diag);
	if (nnv_str_eq(name, NNV_STR("pdf")))
		return fit_page(drawing, strict, diag);
	if (nnv_str_eq(name, NNV_STR("svg")))
		mention_viewers(drawing, diag);
	return true;
}
