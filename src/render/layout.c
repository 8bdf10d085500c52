/*
 * dot lays a drawing out as a whole. One in columns is taken apart: each column
 * is copied into a graph of its own and laid out by dot, and the places go back
 * as attributes, moved aside; "nop2" then takes them as they are. (dot's own
 * way of doing that, "pack", crashes with newrank.)
 */
#include "layout.h"

#include "columns.h"

/*
 * The root's margin means two things: in layout, points between the frames that
 * stand side by side in it; in rendering, inches around a page.
 */
static bool
run_dot(GVC_t *gvc, Agraph_t *drawing)
{
	char name[] = "margin", points[] = "12", none[] = "0";
	int status;

	agattr(drawing, AGRAPH, name, none);
	agset(drawing, name, points);
	status = gvLayout(gvc, drawing, "dot");
	agset(drawing, name, none);
	return status == 0;
}

static bool
lay_column(GVC_t *gvc, struct nnv_stand *stand, Agraph_t *column)
{
	Agraph_t *copy = nnv_column_copy(column);
	bool fine = copy != NULL && run_dot(gvc, copy);

	if (fine) {
		nnv_column_place(stand, column, copy);
		gvFreeLayout(gvc, copy);
	}
	if (copy != NULL)
		agclose(copy);
	return fine;
}

bool
nnv_lay_out(GVC_t *gvc, Agraph_t *drawing)
{
	struct nnv_stand stand;
	Agraph_t *column;

	if (nnv_column_of(drawing, 0) == NULL)
		return run_dot(gvc, drawing);
	nnv_stand_init(&stand, drawing);
	for (uint32_t i = 0; (column = nnv_column_of(drawing, i)) != NULL; i++)
		if (!lay_column(gvc, &stand, column))
			return false;
	return gvLayout(gvc, drawing, "nop2") == 0;
}
