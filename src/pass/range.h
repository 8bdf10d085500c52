/* From what to what a row of values goes, said by two of them. See differ.c. */
#ifndef NNVIZ_PASS_RANGE_H
#define NNVIZ_PASS_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/graph.h"

enum { NNV_RANGE_NUMBERS = 8 };

/* What is compared of a value: its numbers, as many as there is room for; two
 * with other words between their numbers cannot be compared. */
struct nnv_numbers {
	double x[NNV_RANGE_NUMBERS];
	uint32_t n;
};

struct nnv_range_end {
	double x;
	size_t id, at; /* AT: it was the at-th value */
};

struct nnv_range {
	size_t n;                   /* values so far */
	size_t first, last, unlike; /* ids; UNLIKE: the last that is not the
				       first value */
	bool differs;               /* not all are the first */
	bool mixed;                 /* some cannot be compared */
	bool rises[NNV_RANGE_NUMBERS], falls[NNV_RANGE_NUMBERS];
	struct nnv_numbers start, before; /* the first value; the one before */
	struct nnv_range_end least[NNV_RANGE_NUMBERS];
	struct nnv_range_end greatest[NNV_RANGE_NUMBERS];
};

/* Begin with no value. */
void nnv_range_init(struct nnv_range *range);

/* The next value of the row, which the caller knows by ID; SAME: it can be
 * compared with the first. */
void nnv_range_add(struct nnv_range *range, size_t id,
    const struct nnv_numbers *numbers, bool same);

/*
 * The two values that stand for all, in ENDS: of a row that only goes one way,
 * number by number, the first and the last, and true; the same two, and false,
 * if some number does; else the least and the greatest, that which comes first
 * first. Both are the same if all values are.
 */
bool nnv_range_ends(const struct nnv_range *range, size_t ends[2]);

/* Between two ends of a range. */
#define NNV_ELLIPSIS " \xe2\x80\xa6 "

/* Texts of a row; begins as { .graph = graph }. */
struct nnv_texts {
	const struct nnv_graph *graph;
	struct nnv_range range;
	struct nnv_str first;
	bool failed; /* no memory */
};

/* The next text of the row: NNV_NO_NAME where there is none, and two where it
 * is a range itself. */
void nnv_texts_add(struct nnv_texts *texts, nnv_name name);

/* The two that stand for all, as nnv_range_ends; a dash is for none. */
void nnv_texts_ends(const struct nnv_texts *texts, struct nnv_str ends[2]);

#endif
