/* The identities of Graphviz objects: counted, not addresses. */
#ifndef NNVIZ_DRAW_IDS_H
#define NNVIZ_DRAW_IDS_H

#include <stdbool.h>

#include <graphviz/cgraph.h>

struct nnv_ids;

/*
 * cgraph identifies an object by the address of its name unless it is given
 * another discipline, and lays out in the order of identities: with a malloc
 * that shuffles addresses, nine runs gave nine pictures. Here names are
 * numbered in the order in which they are first used.
 *
 * To be given to agopen as &discipline.all, with ids made before: where memory
 * is out within agopen, cgraph forgets what it has. The graph owns the ids once
 * it is open.
 */
struct nnv_discipline {
	Agdisc_t all; /* first */
	struct nnv_ids *ids;
};

/* Identities of a graph that will be called ROOT; false: no memory. */
bool nnv_discipline_init(struct nnv_discipline *discipline, const char *root);

/* For identities that no graph has taken. */
void nnv_discipline_release(struct nnv_discipline *discipline);

#endif
