/*
 * Any bytes as a pickle: read or refused, never a crash; and what was read can
 * be written as JSON, which reads back. The values are written to a depth of 2
 * because a pickle that shares its lists is exponentially longer than itself.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "nnviz/value.h"

enum { DEPTH = 2 };

static const struct nnv_tree_limits limits = { 64 << 20, 512 };

static void
check_json(struct nnv_str json)
{
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;

	nnv_diag_init(&diag, "json");
	if (tree != NULL && !nnv_json_read(tree, json, &diag) &&
	    diag.code != NNV_E_LIMIT && diag.code != NNV_E_MEMORY)
		abort();
	nnv_tree_free(tree);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct nnv_diag diag;

	if (tree == NULL)
		return 0;
	nnv_diag_init(&diag, "pickle");
	if (nnv_pickle_read(tree, bytes, &diag)) {
		nnv_value_write_json(tree, nnv_tree_root(tree), DEPTH, &json);
		if (!nnv_text_failed(&json))
			check_json(nnv_text_str(&json));
	} else if (diag.code == NNV_OK)
		abort();
	nnv_text_release(&json);
	nnv_tree_free(tree);
	return 0;
}
