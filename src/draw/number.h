/* Counts as people read them. */
#ifndef NNVIZ_DRAW_NUMBER_H
#define NNVIZ_DRAW_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "nnviz/graph.h"
#include "nnviz/text.h"

/* 512, 9.41K, 1.00M (of 999 995), 11.69M; COUNT is not negative. */
void nnv_add_count(struct nnv_text *out, int64_t count);

/* The same, as a lower bound if AT_LEAST: "≥9.41K"; a lower bound of 0 says
 * nothing, and is "?". */
void nnv_add_bound(struct nnv_text *out, int64_t count, bool at_least);

/* PART of TOTAL: "0.08 %", "<0.01 %", "100 %"; nothing where there is no
 * total or no part. */
void nnv_add_share(struct nnv_text *out, int64_t part, int64_t total);

/* "6.1 MiB", as tables have it. */
void nnv_add_bytes(struct nnv_text *out, int64_t bytes);

/* "12.3 µs": a time in nanoseconds. */
void nnv_add_time(struct nnv_text *out, int64_t ns);

/* "\\n-0.07 ... 0.07, mean 0.01, 3 NaN, 1 infinite", a line of a tooltip;
 * nothing for NULL. */
void nnv_add_values(struct nnv_text *out, const struct nnv_values *values);

#endif
