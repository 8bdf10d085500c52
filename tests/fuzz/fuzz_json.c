/*
 * Any bytes as JSON: read or refused, never a crash; and what was read, once
 * written, reads back and is then written in the same bytes.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "nnviz/value.h"

enum { DEPTH = 512 };

static const struct nnv_tree_limits limits = { 64 << 20, DEPTH };

/* Read BYTES and write them again into OUT; false if they were refused. */
static bool
rewrite(struct nnv_str bytes, struct nnv_text *out)
{
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;
	bool ok;

	if (tree == NULL)
		return false;
	nnv_diag_init(&diag, "json");
	ok = nnv_json_read(tree, bytes, &diag);
	if (ok)
		nnv_value_write_json(tree, nnv_tree_root(tree), DEPTH, out);
	else if (diag.code == NNV_OK)
		abort();
	nnv_tree_free(tree);
	return ok && !nnv_text_failed(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };
	struct nnv_text once = NNV_TEXT_EMPTY, twice = NNV_TEXT_EMPTY;

	if (rewrite(bytes, &once)) {
		if (!rewrite(nnv_text_str(&once), &twice))
			abort();
		if (!nnv_str_eq(nnv_text_str(&once), nnv_text_str(&twice)))
			abort();
	}
	nnv_text_release(&once);
	nnv_text_release(&twice);
	return 0;
}
