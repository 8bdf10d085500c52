/*
 * What the other rooms ask of a value.
 */
#include <math.h>

#include "nnviz/file.h"

#include "atom.h"
#include "decimal.h"
#include "slice.h"
#include "tree.h"

/* A file can share a map of many keys among many records. */
enum { FIELDS_AMONG = 64 };

/* What is fetched of a value in one go, of both the records that begin with its
 * own and the input: about a node of a trace. */
enum { CACHE_LINE = 64, EXPECT_RECORDS = 256, EXPECT_INPUT = 576 };

static bool
is_atom(const struct nnv_tree *tree, nnv_value v)
{
	return v < tree->first;
}

nnv_value
nnv_tree_root(const struct nnv_tree *tree)
{
	return tree->root;
}

enum nnv_kind
nnv_value_kind(const struct nnv_tree *tree, nnv_value v)
{
	if (is_atom(tree, v))
		return nnv_atom_kind(tree, v);
	if (v == NNV_NO_VALUE)
		return NNV_ABSENT;
	return (enum nnv_kind)(nnv_tree_record(tree, v)[REC_HEAD] & HEAD_KIND);
}

bool
nnv_value_is_null(const struct nnv_tree *tree, nnv_value v)
{
	if (is_atom(tree, v))
		return tree->kinds[(unsigned char)tree->input.p[v]] == NNV_NULL;
	return nnv_value_kind(tree, v) == NNV_NULL;
}

const char *
nnv_kind_name(enum nnv_kind kind)
{
	static const char *const names[] = { [NNV_ABSENT] = "nothing",
		[NNV_NULL] = "null",
		[NNV_BOOL] = "a boolean",
		[NNV_INT] = "an integer",
		[NNV_BIGINT] = "a large integer",
		[NNV_REAL] = "a real number",
		[NNV_TEXT] = "a text",
		[NNV_BYTES] = "bytes",
		[NNV_BYTEARRAY] = "a bytearray",
		[NNV_LIST] = "a list",
		[NNV_TUPLE] = "a tuple",
		[NNV_SET] = "a set",
		[NNV_FROZENSET] = "a frozenset",
		[NNV_MAP] = "a map",
		[NNV_INERT] = "a reference to Python" };

	return names[kind];
}

/* The 64 bits of a scalar's record. */
static uint64_t
scalar_bits(const struct nnv_tree *tree, nnv_value v)
{
	uint64_t bits;

	memcpy(&bits, nnv_tree_record(tree, v) + 2, sizeof(bits));
	return bits;
}

static int64_t
get_int(const struct nnv_tree *tree, nnv_value v)
{
	return is_atom(tree, v) ? nnv_atom_int(tree, v)
				: (int64_t)scalar_bits(tree, v);
}

static double
get_real(const struct nnv_tree *tree, nnv_value v)
{
	uint64_t bits;
	double value;

	if (is_atom(tree, v))
		return nnv_atom_real(tree, v);
	bits = scalar_bits(tree, v);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

bool
nnv_value_int(const struct nnv_tree *tree, nnv_value v, int64_t *out)
{
	static const double beyond = 9223372036854775808.0; /* 2^63 */
	enum nnv_kind kind;
	double value;

	if (is_atom(tree, v) && tree->syntax == NNV_JSON &&
	    nnv_decimal_short(nnv_str_from(tree->input, v), out) != 0)
		return true;
	kind = nnv_value_kind(tree, v);
	if (kind == NNV_INT) {
		*out = get_int(tree, v);
		return true;
	}
	if (kind != NNV_REAL)
		return false;
	value = get_real(tree, v);
	if (!(value >= -beyond && value < beyond) || value != floor(value))
		return false;
	*out = (int64_t)value;
	return true;
}

bool
nnv_value_real(const struct nnv_tree *tree, nnv_value v, double *out)
{
	switch (nnv_value_kind(tree, v)) {
	case NNV_REAL:
		*out = get_real(tree, v);
		return true;
	case NNV_INT:
		*out = (double)get_int(tree, v);
		return true;
	case NNV_BIGINT:
		return nnv_decimal_real(nnv_value_text(tree, v), out);
	default:
		return false;
	}
}

bool
nnv_value_bool(const struct nnv_tree *tree, nnv_value v, bool *out)
{
	if (nnv_value_kind(tree, v) != NNV_BOOL)
		return false;
	*out = is_atom(tree, v) ? nnv_atom_bool(tree, v)
				: scalar_bits(tree, v) != 0;
	return true;
}

struct nnv_str
nnv_value_text(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record;
	struct nnv_str text;

	if (v == NNV_NO_VALUE)
		return nnv_str(NULL);
	if (nnv_tree_text(tree, v, &text))
		return text;
	switch (nnv_value_kind(tree, v)) {
	case NNV_BYTES:
		if (is_atom(tree, v))
			return nnv_atom_text(tree, v);
		break;
	case NNV_BYTEARRAY:
	case NNV_BIGINT:
	case NNV_INERT:
		break;
	default:
		return nnv_str(NULL);
	}
	record = nnv_tree_record(tree, v);
	return nnv_record_text(tree, record);
}

/* The record of V if it is a container with something to look at. */
static const uint32_t *
container(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record;
	enum nnv_kind kind;

	if (is_atom(tree, v) || v == NNV_NO_VALUE)
		return NULL;
	record = nnv_tree_record(tree, v);
	kind = (enum nnv_kind)(record[REC_HEAD] & HEAD_KIND);
	return kind >= NNV_LIST && kind <= NNV_MAP ? record : NULL;
}

static bool
is_map(const uint32_t *record)
{
	return (record[REC_HEAD] & HEAD_KIND) == NNV_MAP;
}

/* The shape of a map, or NULL if it has none. */
static const struct nnv_shape *
shape_of(const struct nnv_tree *tree, const uint32_t *record)
{
	if (!is_map(record) || !(record[REC_HEAD] & HEAD_SHAPED))
		return NULL;
	return &tree->shapes.list[record[REC_HEAD] >> HEAD_COUNT];
}

static size_t
length(const struct nnv_tree *tree, const uint32_t *record)
{
	const struct nnv_shape *shape = shape_of(tree, record);

	return shape != NULL ? shape->n : record[REC_HEAD] >> HEAD_COUNT;
}

size_t
nnv_value_len(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record = container(tree, v);

	return record != NULL ? length(tree, record) : 0;
}

nnv_value
nnv_value_at(const struct nnv_tree *tree, nnv_value v, size_t i)
{
	const uint32_t *record = container(tree, v), *block;

	if (record == NULL || i >= length(tree, record))
		return NNV_NO_VALUE;
	block = tree->words + record[REC_BLOCK];
	if (is_map(record))
		return record[REC_HEAD] & HEAD_SHAPED ? block[i]
						      : block[2 * i + 1];
	return record[REC_HEAD] & HEAD_ONE ? record[REC_BLOCK] : block[i];
}

nnv_value
nnv_value_key(const struct nnv_tree *tree, nnv_value v, size_t i)
{
	const uint32_t *record = container(tree, v);
	const struct nnv_shape *shape;

	if (record == NULL || !is_map(record) || i >= length(tree, record))
		return NNV_NO_VALUE;
	shape = shape_of(tree, record);
	if (shape != NULL)
		return shape->values[i];
	return tree->words[record[REC_BLOCK] + 2 * i];
}

const int64_t *
nnv_value_int_keys(const struct nnv_tree *tree, nnv_value v)
{
	const struct nnv_int_keys *keys = nnv_tree_int_keys(tree, v);

	return keys != NULL ? keys->ints : NULL;
}

uint32_t
nnv_value_same(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record = container(tree, v);

	return record != NULL && shape_of(tree, record) != NULL
	    ? record[REC_BLOCK] + 1
	    : 0;
}

uint32_t
nnv_value_shape(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record = container(tree, v);

	return record != NULL && shape_of(tree, record) != NULL
	    ? (record[REC_HEAD] >> HEAD_COUNT) + 1
	    : 0;
}

/* The end of the text that begins at the quote P. */
static const char *
skip_quoted(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

struct nnv_str
nnv_value_source(const struct nnv_tree *tree, nnv_value v)
{
	const char *end = tree->input.p + tree->input.n, *from, *p;
	size_t depth = 0;

	if (tree->syntax != NNV_JSON || container(tree, v) == NULL)
		return nnv_str(NULL);
	from = p = tree->input.p + nnv_tree_record(tree, v)[REC_PLACE];
	do {
		if (*p == '"') {
			p = skip_quoted(p, end);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	} while (depth != 0 && p < end);
	return (struct nnv_str){ from, (size_t)(p - from) };
}

bool
nnv_value_is_spelled(const struct nnv_tree *tree, nnv_value v,
    struct nnv_str source)
{
	size_t place;

	if (source.p == NULL || tree->syntax != NNV_JSON ||
	    container(tree, v) == NULL)
		return false;
	place = nnv_tree_record(tree, v)[REC_PLACE];
	return source.n <= tree->input.n - place &&
	    memcmp(tree->input.p + place, source.p, source.n) == 0;
}

/* In a map that has no shape, among the first MOST pairs. */
static nnv_value
search(const struct nnv_tree *tree, const uint32_t *record, struct nnv_str key,
    size_t most)
{
	const uint32_t *block = tree->words + record[REC_BLOCK];
	size_t n = record[REC_HEAD] >> HEAD_COUNT, i;
	struct nnv_str text;

	for (i = 0; i < n && i < most; i++) {
		if (nnv_tree_text(tree, block[2 * i], &text) &&
		    nnv_str_eq(text, key))
			return block[2 * i + 1];
	}
	return NNV_NO_VALUE;
}

/* Which key of a shape it is; shape->n if it has none like it. */
static size_t
shape_index(const struct nnv_shape *shape, struct nnv_str key)
{
	struct nnv_key wanted = nnv_key(key);
	size_t i;

	for (i = 0; i < shape->n; i++)
		if (nnv_key_eq(&wanted, &shape->keys[i]))
			break;
	return i;
}

nnv_value
nnv_value_get(const struct nnv_tree *tree, nnv_value v, struct nnv_str key)
{
	const uint32_t *record = container(tree, v);
	const struct nnv_shape *shape;
	size_t i;

	if (record == NULL || !is_map(record))
		return NNV_NO_VALUE;
	shape = shape_of(tree, record);
	if (shape == NULL)
		return search(tree, record, key, SIZE_MAX);
	i = shape_index(shape, key);
	return i < shape->n ? tree->words[record[REC_BLOCK] + i] : NNV_NO_VALUE;
}

/* Where the fields are in maps of the SHAPE; UINT8_MAX: nowhere. */
static const uint8_t *
shape_fields(const struct nnv_tree *tree, uint32_t number,
    struct nnv_fields *fields)
{
	const struct nnv_shape *shape = &tree->shapes.list[number];
	uint32_t slot = number % NNV_FIELDS_KNOWN;
	uint8_t *at = fields->known[slot].at;
	size_t i, found;

	if (fields->known[slot].shape == number + 1)
		return at;
	fields->known[slot].shape = number + 1;
	for (i = 0; i < fields->n; i++) {
		found = shape_index(shape, fields->keys[i]);
		at[i] = found < shape->n ? (uint8_t)found : UINT8_MAX;
	}
	return at;
}

void
nnv_value_fields(const struct nnv_tree *tree, nnv_value v,
    struct nnv_fields *fields, nnv_value *out)
{
	const uint32_t *record = container(tree, v), *block;
	const uint8_t *at;
	size_t i;

	for (i = 0; i < fields->n; i++)
		out[i] = NNV_NO_VALUE;
	if (record == NULL || !is_map(record))
		return;
	if (shape_of(tree, record) == NULL) {
		for (i = 0; i < fields->n; i++)
			out[i] = search(tree, record, fields->keys[i],
			    FIELDS_AMONG);
		return;
	}
	at = shape_fields(tree, record[REC_HEAD] >> HEAD_COUNT, fields);
	block = tree->words + record[REC_BLOCK];
	for (i = 0; i < fields->n; i++)
		if (at[i] != UINT8_MAX)
			out[i] = block[at[i]];
}

void
nnv_value_expect(const struct nnv_tree *tree, nnv_value v)
{
	const char *p;

	if (v == NNV_NO_VALUE)
		return;
	if (is_atom(tree, v)) {
		NNV_PREFETCH(tree->input.p + v);
		return;
	}
	p = (const char *)nnv_tree_record(tree, v);
	for (size_t at = 0; at < EXPECT_RECORDS; at += CACHE_LINE)
		NNV_PREFETCH(p + at);
}

void
nnv_value_expect_input(const struct nnv_tree *tree, nnv_value v)
{
	size_t from, at;

	if (v == NNV_NO_VALUE)
		return;
	from = is_atom(tree, v) ? v : nnv_tree_record(tree, v)[REC_PLACE];
	for (at = 0; at < EXPECT_INPUT && at < tree->input.n - from;
	     at += CACHE_LINE)
		NNV_PREFETCH(tree->input.p + from + at);
}

void
nnv_tree_rest(const struct nnv_tree *tree)
{
	nnv_input_rest(tree->input);
}

bool
nnv_value_is_seq(const struct nnv_tree *tree, nnv_value v)
{
	enum nnv_kind kind = nnv_value_kind(tree, v);

	return kind == NNV_LIST || kind == NNV_TUPLE;
}

struct nnv_str
nnv_value_dtype(const struct nnv_tree *tree, nnv_value v)
{
	const uint32_t *record;
	enum nnv_kind kind = nnv_value_kind(tree, v);

	if (is_atom(tree, v) || kind < NNV_BOOL || kind > NNV_BYTES)
		return nnv_str(NULL);
	record = nnv_tree_record(tree, v);
	if (!(record[REC_HEAD] & HEAD_NOTED))
		return nnv_str(NULL);
	return nnv_value_text(tree, record[REC_NOTE]);
}

struct nnv_place
nnv_tree_place(const struct nnv_tree *tree, size_t offset)
{
	struct nnv_place place = { NNV_AT_LINE, offset, 1, 1 };
	struct nnv_str line = tree->input;
	const char *newline;

	if (tree->syntax == NNV_PICKLE)
		return NNV_PLACE_OFFSET(offset);
	line.n = offset;
	while (line.n != 0 &&
	    (newline = memchr(line.p, '\n', line.n)) != NULL) {
		line.n -= (size_t)(newline + 1 - line.p);
		line.p = newline + 1;
		place.line++;
	}
	place.column = (uint32_t)nnv_utf8_count(line) + 1;
	return place;
}

struct nnv_place
nnv_value_place(const struct nnv_tree *tree, nnv_value v)
{
	if (v == NNV_NO_VALUE)
		return NNV_PLACE_NONE;
	return nnv_tree_place(tree,
	    is_atom(tree, v) ? v : nnv_tree_record(tree, v)[REC_PLACE]);
}
