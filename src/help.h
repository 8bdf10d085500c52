/* What --help prints. Used by main only. */
#ifndef NNV_HELP_H
#define NNV_HELP_H

#include <stdbool.h>
#include <stdio.h>

/* A line, for who used the program in a way that it does not understand. */
void nnv_usage_print(FILE *to);

/* The options; in full, also the keys of the style and the limits. */
void nnv_help_print(FILE *to, bool in_full);

#endif
