/* The graph as text to read and to calculate with: tables and a tree. */
#ifndef NNVIZ_REPORT_H
#define NNVIZ_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "nnviz/diag.h"
#include "nnviz/graph.h"
#include "nnviz/str.h"
#include "nnviz/text.h"

struct nnv_report_format {
	const char *name; /* "csv": what -T takes, and the suffix */
	const char *help;
	bool terminal; /* to be read at once: standard output by default */
};

/* The I-th format, NULL beyond the last; and that called NAME, in any case, or
 * NULL. */
const struct nnv_report_format *nnv_report_format(size_t i);
const struct nnv_report_format *nnv_report_named(struct nnv_str name);

enum { NNV_REPORT_FORMATS = 8 }; /* at most */

/* The I-th thing that rows can be sorted by, "parameters"; NULL beyond the
 * last. Numbers are sorted with the largest first. */
const char *nnv_report_key(size_t i);

/*
 * A row for each kernel, in the order of execution, where the graph has any, or
 * for each tensor with values (the tree is of modules always); else a row for
 * each node that would be drawn, in order of execution or sorted by one of the
 * keys (absent: not sorted; the tree never is), and totals at the foot. What is
 * not known is "?", a sum of which a part is not known begins with "≥".
 * Appended to OUT; false: no memory, an unknown format or key.
 */
bool nnv_report(const struct nnv_graph *graph, struct nnv_str format,
    struct nnv_str sort, struct nnv_text *out, struct nnv_diag *diag);

#endif
