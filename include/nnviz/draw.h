/* The drawing: a graph and a style become Graphviz nodes, edges, clusters. */
#ifndef NNVIZ_DRAW_H
#define NNVIZ_DRAW_H

#include <stdbool.h>

#include <graphviz/cgraph.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/style.h"
#include "nnviz/text.h"

/*
 * The graph as a Graphviz graph, complete with labels, colours and clusters but
 * not laid out. The same graph and style give the same one, node for node. The
 * caller closes it with nnv_drawing_free. NULL: failure.
 */
Agraph_t *nnv_draw(const struct nnv_graph *graph, const struct nnv_style *style,
    struct nnv_diag *diag);
void nnv_drawing_free(Agraph_t *drawing);

/* The same as a page among others: node i links to page PAGES[i], counted from
 * 1, unless that is 0: its URL is "page:N", for who renders it to resolve. */
Agraph_t *nnv_draw_page(const struct nnv_graph *graph,
    const struct nnv_style *style, const uint32_t *pages,
    struct nnv_diag *diag);

/* A drawing's, in points, and that of the smallest type in it. */
struct nnv_size {
	double width, height;
	double type;
};

/* About how large the drawing will be, found without a layout: the same on
 * every machine. False: failure. */
bool nnv_draw_measure(const struct nnv_graph *graph,
    const struct nnv_style *style, struct nnv_size *size,
    struct nnv_diag *diag);

/* Warn of what a person asked the style for and the graph has not: a colour
 * for a type that no box has, a scale of what is not known. */
void nnv_draw_advise(const struct nnv_graph *graph,
    const struct nnv_style *style, struct nnv_diag *diag);

/*
 * Append what a drawing of the graph shows as lines of text that depend on
 * nothing else, their digest first: see src/draw/notes.c. STYLE may be NULL.
 */
void nnv_drawing_note(const struct nnv_graph *graph,
    const struct nnv_style *style, struct nnv_text *out);

/* A page, and the path of the module that it shows: empty for the overview. */
struct nnv_noted {
	const struct nnv_graph *graph;
	struct nnv_str path;
};

/* The same of a drawing of several pages. */
void nnv_pages_note(const struct nnv_noted *pages, size_t n,
    const struct nnv_style *style, struct nnv_text *out);

/*
 * What belongs to a drawing but not to Graphviz's language: a record of the
 * root graph, found by aggetrec under this name.
 */
#define NNV_SHEET "nnviz"

/*
 * A drawing in columns consists of subgraphs of this name and a number from 0,
 * with nothing between them: each is to be laid out for itself, and they are to
 * stand side by side in this order.
 */
#define NNV_COLUMN "column"

/* A word in the class of each frame that stands for a phase. */
#define NNV_PHASE_CLASS "phase"

/* The class of a note that names where an arrow leads. */
#define NNV_NOTE_CLASS "reference"

struct nnv_sheet {
	Agrec_t header;        /* cgraph's; first */
	int dpi;               /* pixels an inch, for pictures of pixels */
	int timeout;           /* seconds that layout and rendering may take */
	bool responsive;       /* SVG without a size of its own */
	bool listed;           /* boxes stand below each other, in the order of
				  each column, with an arrow from one to the
				  next; what is of NNV_NOTE_CLASS beside them */
	struct nnv_text title; /* plain text: what it shows, in a line */
	struct nnv_text desc;  /* plain text: what there is to know of it */
	struct nnv_text css;   /* for SVG; or empty */
};

#endif
