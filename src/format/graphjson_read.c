/*
 * Fields of records: every value of a file goes through one of these, which
 * accept what is meant and otherwise name the place and what was found there.
 */
#include "graphjson.h"

#include <stdio.h>

const char *const nnv_cache_levels[] = {
	[NNV_LEVEL_TRACE] = "trace",
	[NNV_LEVEL_OPS] = "ops",
	[NNV_LEVEL_LAYERS] = "layers",
	NULL,
};

const char *const nnv_cache_hidden[] = {
	[NNV_SHOWN] = "shown",
	[NNV_HIDDEN_CONSTANT] = "constant",
	[NNV_HIDDEN_STATISTIC] = "statistic",
	[NNV_HIDDEN_DEAD_END] = "dead_end",
	[NNV_HIDDEN_ASKED] = "asked",
	[NNV_HIDDEN_REPEATED] = "repeated",
	NULL,
};

const char *const nnv_cache_param_kinds[] = {
	[NNV_PARAM_TRAINABLE] = "trainable",
	[NNV_PARAM_FROZEN] = "frozen",
	[NNV_PARAM_BUFFER] = "buffer",
	NULL,
};

/* "an integer", or the text itself where it is short enough to be shown. */
static void
describe(const struct nnv_tree *tree, nnv_value v, char *buf, size_t size)
{
	struct nnv_str text = nnv_value_text(tree, v);
	int64_t number;

	if (nnv_value_kind(tree, v) == NNV_ABSENT)
		snprintf(buf, size, "nothing");
	else if (nnv_value_kind(tree, v) == NNV_TEXT && text.n < 32)
		snprintf(buf, size, "\"%.*s\"", (int)text.n, text.p);
	else if (nnv_value_int(tree, v, &number))
		snprintf(buf, size, "%lld", (long long)number);
	else
		snprintf(buf, size, "%s",
		    nnv_kind_name(nnv_value_kind(tree, v)));
}

/* `nodes["conv1"]`, `edges[7]`, or the table alone. */
static void
describe_record(const struct nnv_cache *cache, char *buf, size_t size)
{
	int n = cache->key.n < 80 ? (int)cache->key.n : 80;

	if (cache->key.p != NULL)
		snprintf(buf, size, "%s[\"%.*s\"]", cache->table, n,
		    cache->key.p);
	else if (cache->index != (size_t)NNV_CACHE_NO_INDEX)
		snprintf(buf, size, "%s[%zu]", cache->table, cache->index);
	else
		snprintf(buf, size, "%s", cache->table);
}

bool
nnv_cache_fail(struct nnv_cache *cache, nnv_value v, const char *field,
    const char *expected)
{
	char record[128], found[64];

	describe_record(cache, record, sizeof(record));
	describe(cache->tree, v, found, sizeof(found));
	return nnv_fail_at(cache->diag, NNV_E_SCHEMA,
	    nnv_value_place(cache->tree, v), "%s%s%s: expected %s, found %s",
	    record, field != NULL && *record != '\0' ? "." : "",
	    field != NULL ? field : "", expected, found);
}

/* Which of N names the text KEY is; n: none. Writers keep one order, so it is
 * mostly the NEXT one. */
static size_t
find_field(struct nnv_str key, const struct nnv_str *names, size_t n,
    size_t next)
{
	for (size_t k = 0; k < n; k++, next++) {
		next = next < n ? next : 0;
		if (nnv_str_eq(key, names[next]))
			return next;
	}
	return n;
}

/* Where the fields NAMES are in maps of the shape of V, which has NKEYS keys;
 * NULL: it has none, or too many. */
static const uint8_t *
find_shape(struct nnv_cache *cache, nnv_value v, size_t nkeys,
    const struct nnv_str *names, size_t n)
{
	uint32_t shape = nnv_value_shape(cache->tree, v);
	struct nnv_cache_shape *known = &cache
					     ->shapes[shape % NNV_CACHE_SHAPES];
	size_t at = 0;

	if (shape == 0 || nkeys > NNV_CACHE_KEYS || n >= UINT8_MAX)
		return NULL;
	if (known->shape == shape && known->names == names)
		return known->at;
	known->shape = shape;
	known->names = names;
	for (size_t i = 0; i < nkeys; i++) {
		at = find_field(nnv_value_text(cache->tree,
				    nnv_value_key(cache->tree, v, i)),
		    names, n, at);
		known->at[i] = at < n ? (uint8_t)at : UINT8_MAX;
	}
	return known->at;
}

bool
nnv_cache_fields(struct nnv_cache *cache, nnv_value v,
    const struct nnv_str *names, size_t n, nnv_value *out)
{
	const struct nnv_tree *tree = cache->tree;
	size_t nkeys = nnv_value_len(tree, v), at = 0;
	const uint8_t *known = find_shape(cache, v, nkeys, names, n);

	for (size_t i = 0; i < n; i++)
		out[i] = NNV_NO_VALUE;
	if (nnv_value_kind(tree, v) != NNV_MAP)
		return nnv_cache_fail(cache, v, NULL, "a map");
	for (size_t i = 0; i < nkeys; i++) {
		nnv_value value = nnv_value_at(tree, v, i);

		at = known != NULL ? known[i]
				   : find_field(nnv_value_text(tree,
						    nnv_value_key(tree, v, i)),
					 names, n, at);
		if (at < n && !nnv_value_is_null(tree, value))
			out[at] = value;
	}
	return true;
}

bool
nnv_cache_text(struct nnv_cache *cache, nnv_value v, const char *field,
    nnv_name *out)
{
	if (v == NNV_NO_VALUE)
		return true;
	if (nnv_value_kind(cache->tree, v) != NNV_TEXT)
		return nnv_cache_fail(cache, v, field, "a text");
	*out = nnv_graph_name(cache->graph, nnv_value_text(cache->tree, v));
	return *out != NNV_NO_NAME || nnv_fail_memory(cache->diag);
}

bool
nnv_cache_count(struct nnv_cache *cache, nnv_value v, const char *field,
    int64_t *out)
{
	int64_t count;

	if (v == NNV_NO_VALUE)
		return true;
	if (!nnv_value_int(cache->tree, v, &count))
		return nnv_cache_fail(cache, v, field, "an integer");
	if (count < 0)
		return nnv_cache_fail(cache, v, field, "a count");
	*out = count;
	return true;
}

bool
nnv_cache_index(struct nnv_cache *cache, nnv_value v, const char *field,
    uint32_t limit, uint32_t *out)
{
	char expected[48];
	int64_t index;

	if (v == NNV_NO_VALUE)
		return true;
	if (!nnv_value_int(cache->tree, v, &index))
		return nnv_cache_fail(cache, v, field, "an integer");
	if (index < 0 || index >= limit) {
		snprintf(expected, sizeof(expected), "an index below %lu",
		    (unsigned long)limit);
		return nnv_cache_fail(cache, v, field, expected);
	}
	*out = (uint32_t)index;
	return true;
}

bool
nnv_cache_flag(struct nnv_cache *cache, nnv_value v, const char *field,
    bool *out)
{
	if (v == NNV_NO_VALUE || nnv_value_bool(cache->tree, v, out))
		return true;
	return nnv_cache_fail(cache, v, field, "true or false");
}

bool
nnv_cache_word(struct nnv_cache *cache, nnv_value v, const char *field,
    const char *const *words, int *out)
{
	struct nnv_str word = nnv_value_text(cache->tree, v);
	char expected[128] = "one of";
	size_t n = strlen(expected);

	if (v == NNV_NO_VALUE)
		return true;
	for (int i = 0; words[i] != NULL; i++)
		if (nnv_value_kind(cache->tree, v) == NNV_TEXT &&
		    nnv_str_eq(word, nnv_str(words[i]))) {
			*out = i;
			return true;
		}
	for (int i = 0; words[i] != NULL && n < sizeof(expected); i++)
		n += (size_t)snprintf(expected + n, sizeof(expected) - n,
		    "%s \"%s\"", i > 0 ? "," : "", words[i]);
	return nnv_cache_fail(cache, v, field, expected);
}

bool
nnv_cache_list(struct nnv_cache *cache, nnv_value v, const char *field)
{
	if (v == NNV_NO_VALUE || nnv_value_is_seq(cache->tree, v))
		return true;
	return nnv_cache_fail(cache, v, field, "a list");
}

bool
nnv_cache_site(struct nnv_cache *cache, nnv_value v, const char *field,
    struct nnv_site *out)
{
	const struct nnv_tree *tree = cache->tree;
	nnv_value file;

	if (v == NNV_NO_VALUE)
		return true;
	if (!nnv_value_is_seq(tree, v) || nnv_value_len(tree, v) != 2)
		return nnv_cache_fail(cache, v, field, "a file and a line");
	file = nnv_value_at(tree, v, 0);
	if (nnv_value_kind(tree, file) == NNV_NULL)
		file = NNV_NO_VALUE;
	return nnv_cache_text(cache, file, field, &out->file) &&
	    nnv_cache_index(cache, nnv_value_at(tree, v, 1), field, UINT32_MAX,
		&out->line);
}
