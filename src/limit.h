/* What a run may cost. Used by the command line only. */
#ifndef NNV_LIMIT_H
#define NNV_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

struct nnv_limits {
	uint64_t input;  /* bytes of an input after unpacking */
	uint64_t memory; /* bytes of all that is kept of it */
	uint64_t depth;  /* nesting of JSON */
	uint64_t label;  /* bytes of a name */
	uint64_t nodes;  /* boxes of a drawing that is laid out */
	uint64_t pages;  /* of --pages, and files of an atlas */
	uint64_t time;   /* seconds of layout; 0: as the style says */
};

void nnv_limits_init(struct nnv_limits *limits);

/*
 * Set one from "NAME=VALUE"; bytes may end in K, M or G. An unknown name, or a
 * value out of its range, is a failure that says what there is.
 */
bool nnv_limits_set(struct nnv_limits *limits, struct nnv_str assignment,
    struct nnv_diag *diag);

/* A row of the table, for help and manual; NULL beyond the last. */
struct nnv_limit_row {
	const char *name, *initial, *help;
	bool bytes;
	uint64_t least, most;
	size_t at; /* in struct nnv_limits */
};
const struct nnv_limit_row *nnv_limits_row(size_t i);

#endif
