/*
 * dot lays a drawing out as a whole. One in columns is taken apart: each column
 * is copied into a graph of its own and laid out by dot, and the places go back
 * as attributes, moved aside; "nop2" then takes them as they are. (dot's own
 * way of doing that, "pack", crashes with newrank.)
 *
 * Among a hundred columns there may be one whose frames dot entangles until it
 * finds no places ("trouble in init_rank"). It is laid out once more, with the
 * outermost frames only, then with none, and what dot said of it is forgotten.
 */
#define _GNU_SOURCE
#include "layout.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "child.h"
#include "columns.h"
#include "list.h"
#include "nnviz/draw.h"
#include "press.h"

enum { CHUNK = 4096 };

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

/* What is printed to standard error goes to a file meanwhile, which may be -1:
 * then it goes where it always does. */
struct aside {
	int file, error;
};

static void
put_aside(struct aside *aside)
{
	aside->file = memfd_create("said", 0);
	aside->error = dup(STDERR_FILENO);
	if (aside->file >= 0 && aside->error >= 0)
		dup2(aside->file, STDERR_FILENO);
}

/* And what was printed is printed, or not. */
static void
take_back(const struct aside *aside, bool print)
{
	char chunk[CHUNK];
	off_t at = 0;
	ssize_t n;

	if (aside->error >= 0)
		dup2(aside->error, STDERR_FILENO);
	while (print && (n = pread(aside->file, chunk, CHUNK, at)) > 0 &&
	    nnv_child_write(STDERR_FILENO, chunk, (size_t)n))
		at += n;
	if (aside->file >= 0)
		close(aside->file);
	if (aside->error >= 0)
		close(aside->error);
}

/* Run dot; false if it says that something is wrong, which is told if this is
 * the LAST attempt. */
static bool
try_dot(GVC_t *gvc, Agraph_t *copy, bool last)
{
	struct aside aside;
	bool fine;

	agreseterrors();
	put_aside(&aside);
	fine = run_dot(gvc, copy) && agerrors() < AGERR;
	take_back(&aside, fine || last);
	return fine;
}

/* With ever fewer frames, until dot finds places for all. */
static bool
lay_column(GVC_t *gvc, struct nnv_stand *stand, Agraph_t *column, bool *whole)
{
	static const int frames[] = { NNV_FRAMES_ALL, 1, 0 };
	size_t i, n = sizeof(frames) / sizeof(frames[0]);
	bool fine = false;

	for (i = 0; i < n && !fine; i++) {
		Agraph_t *copy = nnv_column_copy(column, frames[i]);

		if (copy == NULL)
			return false;
		fine = try_dot(gvc, copy, i + 1 == n);
		if (fine || i + 1 == n)
			nnv_column_place(stand, column, copy);
		gvFreeLayout(gvc, copy);
		agclose(copy);
	}
	*whole = i == 1;
	return fine;
}

/* Without frames if dot finds no places for them. */
static bool
lay_page(GVC_t *gvc, Agraph_t *drawing, struct nnv_diag *diag)
{
	Agraph_t *frame;

	if (try_dot(gvc, drawing, agfstsubg(drawing) == NULL))
		return true;
	gvFreeLayout(gvc, drawing);
	while ((frame = agfstsubg(drawing)) != NULL)
		agdelsubg(drawing, frame);
	nnv_warn(diag, "no frames",
	    "Graphviz could not lay out the frames of a page: it has none");
	return try_dot(gvc, drawing, true);
}

static bool
lay_columns(GVC_t *gvc, Agraph_t *drawing, struct nnv_diag *diag)
{
	struct nnv_stand stand;
	Agraph_t *column;
	uint32_t i, less = 0;
	bool whole;

	nnv_stand_init(&stand, drawing);
	for (i = 0; (column = nnv_column_of(drawing, i)) != NULL; i++) {
		if (!lay_column(gvc, &stand, column, &whole))
			return false;
		less += !whole;
	}
	if (less != 0)
		nnv_warn(diag, "fewer frames",
		    "Graphviz could not lay out the frames of %u of %u "
		    "columns: they have fewer or none",
		    less, i);
	return gvLayout(gvc, drawing, "nop2") == 0;
}

bool
nnv_lay_out(GVC_t *gvc, Agraph_t *drawing, bool last, struct nnv_diag *diag)
{
	const struct nnv_sheet *sheet = nnv_sheet_of(drawing);

	if (sheet != NULL && sheet->listed)
		return nnv_list_lay(gvc, drawing);
	if (nnv_column_of(drawing, 0) != NULL)
		return lay_columns(gvc, drawing, diag);
	return last ? lay_page(gvc, drawing, diag) : run_dot(gvc, drawing);
}
