/* The columns of a drawing: each copied, and put beside the one before. In the
 * child only. */
#ifndef NNVIZ_RENDER_COLUMNS_H
#define NNVIZ_RENDER_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include <graphviz/gvc.h>

/* Where the next column goes. */
struct nnv_stand {
	Agraph_t *drawing;
	double next; /* points from the beginning of the first */
	bool flat;   /* columns lie below each other: they are rows */
	bool far;    /* they begin at the far end: the right, or the bottom */
};

/* Column I of a drawing, or NULL. */
Agraph_t *nnv_column_of(Agraph_t *drawing, uint32_t i);

/* As deep as frames are drawn, and more. */
enum { NNV_FRAMES_ALL = 1000 };

/* A graph of its own with what the column holds, under the same identities, but
 * only with so many FRAMES within each other; the caller closes it. NULL: no
 * memory. */
Agraph_t *nnv_column_copy(Agraph_t *column, int frames);

void nnv_stand_init(struct nnv_stand *stand, Agraph_t *drawing);

/* Write the places of COPY, which is laid out, to COLUMN as attributes for
 * "nop2", beside all columns before. */
void nnv_column_place(struct nnv_stand *stand, Agraph_t *column,
    Agraph_t *copy);

#endif
