/* The identities of Graphviz objects: counted, not addresses. */
#ifndef NNVIZ_DRAW_IDS_H
#define NNVIZ_DRAW_IDS_H

#include <graphviz/cgraph.h>

/*
 * cgraph identifies an object by the address of its name unless it is given
 * another discipline, and lays out in the order of identities: with a malloc
 * that shuffles addresses, nine runs gave nine pictures. Here names are
 * numbered in the order in which they are first used.
 */
extern const Agiddisc_t nnv_sequential_ids;

#endif
