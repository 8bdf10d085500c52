/*
 * Interned text: each distinct byte string once, known by a small number. Equal
 * text has an equal name, so comparing names compares texts.
 */
#ifndef NNVIZ_NAMES_H
#define NNVIZ_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/arena.h"
#include "nnviz/str.h"

typedef uint32_t nnv_name;

/* No text at all, as opposed to the empty text. */
#define NNV_NO_NAME ((nnv_name)0)

struct nnv_names_slot {
	uint32_t hash;
	nnv_name name; /* NNV_NO_NAME: free */
};

/* Texts that are asked for again and again skip the hash: see names.c. */
enum { NNV_NAMES_RECENT = 256 };

struct nnv_names {
	struct nnv_arena arena; /* the texts */
	struct nnv_str *texts;  /* by name; [0] is the absent slice */
	size_t ntexts, cap;
	size_t longest;               /* bytes of the longest text */
	struct nnv_names_slot *slots; /* open addressing */
	size_t nslots;    /* a power of two, or 0 before the first */
	uint64_t seed[2]; /* of the hash: against flooding */
	nnv_name recent[NNV_NAMES_RECENT];
	bool failed; /* sticky: memory was out */
};

/*
 * An empty table. The seed differs between tables; nothing visible depends
 * on it because a table is never iterated in hash order.
 */
void nnv_names_init(struct nnv_names *names);
void nnv_names_release(struct nnv_names *names);

/*
 * The name of TEXT, copied on first sight; names count up from 1 in order of
 * first sight. The absent slice gives NNV_NO_NAME; so does a lack of memory,
 * which also sets names->failed.
 */
nnv_name nnv_names_add(struct nnv_names *names, struct nnv_str text);

/*
 * The names of N integers in decimal, to OUT. Faster than one at a time: memory
 * for all is asked for before the first is looked at. False if memory is out,
 * as above.
 */
bool nnv_names_add_ints(struct nnv_names *names, const int64_t *ints, size_t n,
    nnv_name *out);

/* Make room for N more names, so that adding them does not move what is there.
 * Advice: without the memory for it, nothing happens. */
void nnv_names_expect(struct nnv_names *names, size_t n);

/* TEXT is looked up soon: ask for the memory that will be looked at. */
void nnv_names_hint(const struct nnv_names *names, struct nnv_str text);

/* The name of TEXT if it has one already, else NNV_NO_NAME. */
nnv_name nnv_names_find(const struct nnv_names *names, struct nnv_str text);

/* The text of NAME, NUL-terminated behind its end; lives with the table. */
struct nnv_str nnv_names_text(const struct nnv_names *names, nnv_name name);

#endif
