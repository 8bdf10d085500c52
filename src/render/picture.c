/*
 * In the child, and only here, libgvc runs. What it prints is read by the
 * parent: "Error: ..." is a failure, anything else a warning.
 */
#define _POSIX_C_SOURCE 200809L
#include "picture.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include <graphviz/gvc.h>

#include "child.h"
#include "nnviz/text.h"
#include "place.h"

/* Beyond these a picture of pixels takes minutes and gigabytes, and cairo
 * scales it down without a word. */
static const double side_max = 32000, area_max = 120e6;
/* PDF readers refuse larger pages. */
static const double points_max = 14400;

static void
say(const char *text)
{
	nnv_child_write(2, text, strlen(text));
}

/* The SVG writer copies a link as it is, and so breaks the XML; the writer of
 * image maps reads the escapes of a tooltip twice. */
static void
escape_value(void *object, Agsym_t *attr)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	const char *p;

	for (p = agxget(object, attr); *p != '\0'; p++)
		if (*p == '&')
			nnv_text_adds(&text, "&amp;");
		else
			nnv_text_addc(&text, *p);
	if (text.n != 0 && !nnv_text_failed(&text))
		agxset(object, attr, text.p);
	nnv_text_release(&text);
}

static void
escape_nodes(Agraph_t *drawing, const char *name)
{
	Agsym_t *attr = agattr(drawing, AGNODE, (char *)name, NULL);
	Agnode_t *node;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node))
		escape_value(node, attr);
}

static void
escape_edges(Agraph_t *drawing, Agsym_t *attr)
{
	Agnode_t *node;
	Agedge_t *edge;

	for (node = attr != NULL ? agfstnode(drawing) : NULL; node != NULL;
	     node = agnxtnode(drawing, node))
		for (edge = agfstout(drawing, node); edge != NULL;
		     edge = agnxtout(drawing, edge))
			escape_value(edge, attr);
}

static void
escape_frames(Agraph_t *outer, Agsym_t *attr)
{
	Agraph_t *frame;

	for (frame = attr != NULL ? agfstsubg(outer) : NULL; frame != NULL;
	     frame = agnxtsubg(frame)) {
		escape_value(frame, attr);
		escape_frames(frame, attr);
	}
}

static void
escape_values(const struct nnv_picture_job *job)
{
	Agraph_t *drawing = job->drawing;

	if (job->row->xml)
		escape_nodes(drawing, "URL");
	if (!nnv_str_eq(nnv_str(job->row->format.name), NNV_STR("cmapx")))
		return;
	escape_nodes(drawing, "tooltip");
	escape_edges(drawing, agattr(drawing, AGEDGE, (char *)"tooltip", NULL));
	escape_frames(drawing,
	    agattr(drawing, AGRAPH, (char *)"tooltip", NULL));
}

/* The resolution that was asked for, or what fits. */
static double
fitting_dpi(double width, double height, int wanted)
{
	double dpi = wanted;
	double longest = width > height ? width : height;

	if (longest * dpi / 72 > side_max)
		dpi = side_max * 72 / longest;
	if (width * height * (dpi / 72) * (dpi / 72) > area_max)
		dpi = 72 * sqrt(area_max / (width * height));
	return dpi;
}

static void
set_resolution(const struct nnv_picture_job *job)
{
	boxf box = GD_bb(job->drawing);
	double width = box.UR.x - box.LL.x + 30;
	double height = box.UR.y - box.LL.y + 30, dpi;

	if (job->row->pixels) {
		dpi = fitting_dpi(width, height, job->dpi);
		if (dpi < job->dpi)
			say("Warning: the picture is very large: its "
			    "resolution was lowered\n");
		GD_drawing(job->drawing)->dpi = dpi;
	} else if ((width > points_max || height > points_max) &&
	    nnv_str_eq(nnv_str(job->row->format.name), NNV_STR("pdf")))
		say("Warning: the page is larger than 200 inches: "
		    "some PDF readers will not show all of it\n");
}

/*
 * The root's margin means two things: in layout, points between the frames that
 * stand side by side in it; in rendering, inches around a page.
 */
static bool
lay_out(GVC_t *gvc, Agraph_t *drawing)
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
render(GVC_t *gvc, const struct nnv_picture_job *job, int fd)
{
	char *bytes = NULL;
	unsigned length = 0;

	if (!lay_out(gvc, job->drawing))
		return false;
	nnv_place_labels(job->drawing);
	set_resolution(job);
	if (gvRenderData(gvc, job->drawing, job->row->format.name, &bytes,
		&length) != 0)
		return false;
	return nnv_child_write(fd, bytes, length);
}

bool
nnv_picture_work(void *arg, int fd)
{
	const struct nnv_picture_job *job = arg;
	GVC_t *gvc;

	/* cairo writes the local time into a PDF, in the zone's form */
	setenv("TZ", "UTC0", 1);
	tzset();
	escape_values(job);
	gvc = gvContext();
	return gvc != NULL && render(gvc, job, fd);
}

bool
nnv_picture_list(void *unused, int fd)
{
	GVC_t *gvc = gvContext();
	int n = 0, i;
	char **names;

	(void)unused;
	if (gvc == NULL)
		return false;
	names = gvPluginList(gvc, "device", &n, NULL);
	for (i = 0; i < n; i++)
		if (!nnv_child_write(fd, " ", 1) ||
		    !nnv_child_write(fd, names[i], strlen(names[i])))
			return false;
	return nnv_child_write(fd, " ", 1);
}
