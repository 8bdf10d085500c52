/*
 * Bytes in, a tree and its JSON out: what the units of the room value share.
 */
#ifndef NNVIZ_TESTS_READING_H
#define NNVIZ_TESTS_READING_H

#include <stdio.h>
#include <string.h>

#include "nnviz/value.h"

#include "unit.h"

enum { READING_DEPTH = 32 };

struct reading {
	struct nnv_tree *tree;
	struct nnv_diag diag;
	struct nnv_text json; /* of the root, as write_json has it */
	bool done;
};

typedef bool reader_fn(struct nnv_tree *, struct nnv_str, struct nnv_diag *);

static inline void
reading_begin(struct reading *r, reader_fn *read, struct nnv_str bytes)
{
	const struct nnv_tree_limits limits = { (size_t)1 << 30,
		READING_DEPTH };

	nnv_diag_init(&r->diag, NULL);
	r->json = NNV_TEXT_EMPTY;
	r->tree = nnv_tree_new(limits);
	assert_non_null(r->tree);
	r->done = read(r->tree, bytes, &r->diag);
	assert_int_equal(r->done, r->diag.code == NNV_OK);
	if (r->done)
		nnv_value_write_json(r->tree, nnv_tree_root(r->tree),
		    READING_DEPTH, &r->json);
	else
		assert_int_equal(nnv_tree_root(r->tree), NNV_NO_VALUE);
}

static inline void
reading_end(struct reading *r)
{
	nnv_text_release(&r->json);
	nnv_tree_free(r->tree);
}

/* The bytes read as a value whose JSON is EXPECTED. */
static inline void
assert_reads(reader_fn *read, struct nnv_str bytes, const char *expected)
{
	struct reading r;

	reading_begin(&r, read, bytes);
	if (!r.done)
		fail_msg("refused: %s", r.diag.text);
	assert_string_equal(r.json.p, expected);
	reading_end(&r);
}

/* They are refused, with a message "PLACE: TEXT" for people. */
static inline void
assert_refuses(reader_fn *read, struct nnv_str bytes, enum nnv_code code,
    const char *message)
{
	struct reading r;
	char line[2 * NNV_DIAG_TEXT];

	reading_begin(&r, read, bytes);
	if (r.done)
		fail_msg("read as %s", r.json.p);
	nnv_diag_line(&r.diag, line, sizeof(line));
	assert_string_equal(line, message);
	assert_int_equal(r.diag.code, code);
	reading_end(&r);
}

/* Whatever they are, they are read or refused. */
static inline bool
survives(reader_fn *read, struct nnv_str bytes)
{
	struct reading r;
	bool done;

	reading_begin(&r, read, bytes);
	done = r.done;
	reading_end(&r);
	return done;
}

#endif
