/* The files that a run writes. Used by the command line only. */
#ifndef NNV_OUTPUTS_H
#define NNV_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/text.h"
#include "options.h"

enum nnv_output_kind {
	NNV_OUTPUT_WHOLE,  /* -j: the graph as it was read, as JSON */
	NNV_OUTPUT_STATS,  /* --stats: a report beside the drawing */
	NNV_OUTPUT_REPORT, /* a report instead of a drawing */
	NNV_OUTPUT_GRAPH,  /* the graph as drawn, as JSON */
	NNV_OUTPUT_PICTURE,
	NNV_OUTPUT_BOOK,  /* --pages: PDF */
	NNV_OUTPUT_ATLAS, /* a folder: nothing is written but its files: */
	NNV_OUTPUT_FILE
};

struct nnv_output {
	enum nnv_output_kind kind;
	struct nnv_text path; /* "-" is standard output */
	struct nnv_str format;
	struct nnv_text bytes;
};

struct nnv_outputs {
	struct nnv_output *items; /* the pictures first */
	size_t n, cap;
};

/*
 * What is to be written, in which format and under which name. False: it cannot
 * be: a format that does not exist, two outputs of one name, or one that would
 * take the place of the model.
 */
bool nnv_outputs_plan(struct nnv_outputs *outputs,
    const struct nnv_options *options, struct nnv_diag *diag);

/* A file of an atlas, by its item, which takes the bytes. False: it would
 * take the place of the model. */
bool nnv_outputs_add_file(struct nnv_outputs *outputs, size_t atlas,
    const char *name, struct nnv_text *bytes, const char *model,
    struct nnv_diag *diag);

/* Write what is in them: all, or none. */
bool nnv_outputs_write(const struct nnv_outputs *outputs,
    struct nnv_diag *diag);
void nnv_outputs_release(struct nnv_outputs *outputs);

#endif
