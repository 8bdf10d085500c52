/* What changed between two files of one name. Used by main only. */
#ifndef NNV_COMPARE_H
#define NNV_COMPARE_H

#include "nnviz/str.h"
#include "nnviz/text.h"

/*
 * Append why two pictures differ, by the notes in them (see src/draw/notes.c):
 * one line that says whether it is the model, the style, or who drew it, and a
 * few more, each with a newline, that say what of it. WAS may be anything.
 */
void nnv_compare_notes(struct nnv_str was, struct nnv_str now,
    struct nnv_text *out);

/* The same of two files of text: where the first of their differences is. */
void nnv_compare_lines(struct nnv_str was, struct nnv_str now,
    struct nnv_text *out);

#endif
