/*
 * Maps that a pickle spells out again and again.
 *
 * A trace tells for each of its nodes the stack of modules that called it, a
 * map for each of them: the same hundred and fifty bytes a million times. Maps
 * of nothing but texts and numbers are remembered with the bytes that made
 * them. Where the same bytes come again, they make another map with the same
 * keys and values, which are neither read nor stored again.
 */
#ifndef NNVIZ_VALUE_REPEAT_H
#define NNVIZ_VALUE_REPEAT_H

#include "nnviz/value.h"

enum { REPEATS = 512 }; /* a power of two */

struct nnv_repeat {
	uint32_t start, len;  /* the bytes of the input; len 0: none */
	uint32_t head, block; /* of the map's record */
	uint32_t memo, nmemo; /* the entries of the memo that they store */
	uint32_t patience;    /* with others, before it gives way */
};

struct nnv_repeats {
	struct nnv_repeat slots[REPEATS];
	bool off; /* as the file chooses numbers of the memo */
};

struct nnv_machine;

/* The map that the bytes from the running EMPTY_DICT on make, if it is known;
 * or NULL. */
const struct nnv_repeat *nnv_repeat_find(struct nnv_machine *m);

/* Push another like it, and go on behind its bytes. */
bool nnv_repeat_push(struct nnv_machine *m, const struct nnv_repeat *repeat);

/* Remember the map V, which the running SETITEMS completes, if it can be. */
void nnv_repeat_note(struct nnv_machine *m, nnv_value v);

#endif
