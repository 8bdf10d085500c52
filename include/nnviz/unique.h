/*
 * Names that must differ: keys of nodes, keys of a JSON object. The first that
 * bears a text keeps it, later ones are "text#2", "text#3".
 */
#ifndef NNVIZ_UNIQUE_H
#define NNVIZ_UNIQUE_H

#include "nnviz/names.h"
#include "nnviz/str.h"
#include "nnviz/table.h"

struct nnv_unique {
	struct nnv_names *names; /* borrowed */
	struct nnv_table taken;  /* name -> bearers of it so far */
};

/* Nothing is taken; what is given out is added to NAMES. */
void nnv_unique_init(struct nnv_unique *unique, struct nnv_names *names);
void nnv_unique_release(struct nnv_unique *unique);

/* TEXT, or TEXT with a number; taken from now on. NNV_NO_NAME: no memory. */
nnv_name nnv_unique_take(struct nnv_unique *unique, struct nnv_str text);

#endif
