/*
 * Equal keys.
 *
 * A reader appends pairs and does not look back; nothing depends on a map
 * before the whole file is read. Then each map is settled, in the cheapest way
 * that proves its keys distinct:
 *
 *	a shape's keys were compared once, when the shape was new (shape.c);
 *	integers that rise or fall all the way need one look, others that lie
 *	close together a bit each: so are the node tables of traces;
 *	all other keys are written in a canonical form, self-delimiting bytes
 *	that are equal if and only if Python calls the keys equal, and the
 *	forms are interned. The hash behind that is base's, which a hostile
 *	file cannot make collide.
 *
 * Python's rules: 1 == 1.0 == True, and a NaN equals only itself. Two are not
 * followed, because no trace has such keys: a frozenset equals only itself,
 * and a real from 2^63 on equals no integer.
 *
 * A pickle can use one long key in a million maps, or a tuple that contains
 * itself many times over: what is written is counted, and limited.
 */
#include "unique.h"

#include "nnviz/names.h"

enum {
	KEY_DEPTH = 32,      /* tuples in tuples */
	KEY_SLACK = 1 << 20, /* what is allowed beside the input's length */
	WORK_FACTOR = 64,    /* bytes of canonical forms, to one of input */
	MEMORY_FACTOR = 8,   /* of different ones */
	SPREAD = 64,         /* integers close enough for a bit each */
	AHEAD = 16           /* keys that memory is asked for in advance */
};

/* Where the holder of a name was met last. */
struct seen {
	nnv_value map;
	uint32_t at;
};

struct unique {
	struct nnv_tree *tree;
	struct nnv_diag *diag;
	struct nnv_names names; /* the canonical forms */
	struct seen *seen;      /* by name */
	size_t seen_cap;
	struct nnv_text form;
	size_t work; /* bytes of forms that may still be written */
	bool warned;
};

static bool
fail_work(struct unique *u)
{
	return nnv_fail(u->diag, NNV_E_LIMIT,
	    "the keys of the maps in this file take too long to compare");
}

static void
add_tagged(struct nnv_text *form, char tag, const void *p, size_t n)
{
	nnv_text_addc(form, tag);
	nnv_text_add(form, (struct nnv_str){ p, n });
}

static void
add_counted(struct nnv_text *form, char tag, struct nnv_str text)
{
	add_tagged(form, tag, &text.n, sizeof(text.n));
	nnv_text_add(form, text);
}

static void
add_number(struct unique *u, nnv_value key)
{
	double real = 0;
	int64_t value;
	bool truth = false;

	if (nnv_value_bool(u->tree, key, &truth)) {
		value = truth;
		add_tagged(&u->form, 'i', &value, sizeof(value));
	} else if (nnv_value_int(u->tree, key, &value)) {
		add_tagged(&u->form, 'i', &value, sizeof(value));
	} else {
		nnv_value_real(u->tree, key, &real);
		if (real == real)
			add_tagged(&u->form, 'r', &real, sizeof(real));
		else
			add_tagged(&u->form, 'v', &key, sizeof(key));
	}
}

static bool add_form(struct unique *u, nnv_value key, int depth);

static bool
add_tuple(struct unique *u, nnv_value key, int depth)
{
	size_t n = nnv_value_len(u->tree, key), i;

	if (depth == KEY_DEPTH)
		return nnv_fail_at(u->diag, NNV_E_LIMIT,
		    nnv_value_place(u->tree, key),
		    "a key of tuples nested deeper than %d", KEY_DEPTH);
	add_tagged(&u->form, '(', &n, sizeof(n));
	for (i = 0; i < n; i++) {
		if (!add_form(u, nnv_value_at(u->tree, key, i), depth + 1))
			return false;
	}
	return true;
}

/* Append the canonical form of KEY, which may be part of a key. */
static bool
add_form(struct unique *u, nnv_value key, int depth)
{
	enum nnv_kind kind = nnv_value_kind(u->tree, key);
	struct nnv_str text = nnv_value_text(u->tree, key);

	if (u->form.n + text.n > u->work ||
	    u->form.n + text.n > u->tree->input.n + KEY_SLACK)
		return fail_work(u);
	switch (kind) {
	case NNV_NULL:
		nnv_text_addc(&u->form, '0');
		return true;
	case NNV_BOOL:
	case NNV_INT:
	case NNV_REAL:
		add_number(u, key);
		return true;
	case NNV_BIGINT:
	case NNV_TEXT:
	case NNV_BYTES:
	case NNV_INERT:
		add_counted(&u->form, (char)('A' + kind), text);
		return true;
	case NNV_TUPLE:
		return add_tuple(u, key, depth);
	case NNV_FROZENSET:
		add_tagged(&u->form, 'v', &key, sizeof(key));
		return true;
	default:
		return nnv_fail_at(u->diag, NNV_E_SYNTAX,
		    nnv_value_place(u->tree, key), "%s is used as a key",
		    nnv_kind_name(kind));
	}
}

/* The name of the canonical form of KEY, or NNV_NO_NAME and a failure. */
static nnv_name
name_key(struct unique *u, nnv_value key)
{
	void *array = u->seen;
	nnv_name name;

	nnv_text_clear(&u->form);
	if (!add_form(u, key, 0))
		return NNV_NO_NAME;
	name = nnv_text_failed(&u->form)
	    ? NNV_NO_NAME
	    : nnv_names_add(&u->names, nnv_text_str(&u->form));
	if (name == NNV_NO_NAME ||
	    !nnv_heap_grow(&array, &u->seen_cap, u->names.ntexts + 1,
		sizeof(*u->seen))) {
		nnv_fail_memory(u->diag);
		return NNV_NO_NAME;
	}
	u->seen = array;
	u->work -= u->form.n;
	if (u->names.arena.used / MEMORY_FACTOR >
	    u->tree->input.n + KEY_SLACK) {
		fail_work(u);
		return NNV_NO_NAME;
	}
	return name;
}

static void
warn(struct unique *u, nnv_value key)
{
	static const char kind[] = "duplicate key";
	struct nnv_str text = nnv_value_text(u->tree, key);

	if (u->warned || text.p == NULL)
		nnv_warn(u->diag, kind,
		    "a key occurs twice: the last value counts");
	else
		nnv_warn(u->diag, kind,
		    "the key \"%.*s\" occurs twice: the last value counts",
		    text.n < 100 ? (int)text.n : 100, text.p);
	u->warned = true;
}

/* Move what is distinct to the front of a block of N entries of V, each of
 * STRIDE words, the first of which is the key. */
static bool
compact(struct unique *u, nnv_value v, nnv_value *block, size_t n,
    size_t stride)
{
	size_t kept = 0, i;

	for (i = 0; i < n; i++) {
		nnv_value *entry = block + i * stride;
		size_t known = u->names.ntexts;
		nnv_name name = name_key(u, *entry);

		if (name == NNV_NO_NAME)
			return false;
		if (name < known && u->seen[name].map == v) {
			entry[0] = block[u->seen[name].at * stride];
			memcpy(block + u->seen[name].at * stride, entry,
			    stride * sizeof(*entry));
			if (stride > 1)
				warn(u, entry[0]);
			continue;
		}
		u->seen[name] = (struct seen){ v, (uint32_t)kept };
		memmove(block + kept++ * stride, entry,
		    stride * sizeof(*entry));
	}
	if (kept < n)
		nnv_tree_cut(u->tree, v, kept);
	return true;
}

/* What is known of the keys of a map, if they are integers. */
struct range {
	int64_t min, max;
	bool monotone;
};

/* Read the N keys of a map into KEYS; false if one is no integer. */
static bool
read_keys(const struct nnv_tree *tree, const nnv_value *block, size_t n,
    int64_t *keys)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (n - i > AHEAD)
			nnv_value_expect(tree, block[2 * (i + AHEAD)]);
		if (nnv_value_kind(tree, block[2 * i]) != NNV_INT)
			return false;
		nnv_value_int(tree, block[2 * i], &keys[i]);
	}
	return true;
}

static struct range
range_of(const int64_t *keys, size_t n)
{
	struct range range = { keys[0], keys[0], false };
	size_t rises = 0, falls = 0, i;

	for (i = 1; i < n; i++) {
		rises += keys[i] > keys[i - 1];
		falls += keys[i] < keys[i - 1];
		if (keys[i] < range.min)
			range.min = keys[i];
		if (keys[i] > range.max)
			range.max = keys[i];
	}
	range.monotone = rises == n - 1 || falls == n - 1;
	return range;
}

/* Whether N integers within RANGE differ, by a bit for each. */
static bool
bits_differ(const int64_t *keys, size_t n, const struct range *range)
{
	uint64_t spread = (uint64_t)range->max - (uint64_t)range->min;
	unsigned char *bits = nnv_heap_alloc((size_t)spread / 8 + 1, 1);
	bool differ = bits != NULL;
	size_t i;

	for (i = 0; i < n && differ; i++) {
		uint64_t at = (uint64_t)keys[i] - (uint64_t)range->min;

		differ = (bits[at / 8] >> at % 8 & 1) == 0;
		bits[at / 8] |= (unsigned char)(1 << at % 8);
	}
	nnv_heap_free(bits);
	return differ;
}

/* Whether integers are easily seen to differ. */
static bool
all_differ(const int64_t *keys, size_t n)
{
	struct range range = range_of(keys, n);

	return range.monotone ||
	    (((uint64_t)range.max - (uint64_t)range.min) / SPREAD < n &&
		bits_differ(keys, n, &range));
}

/* Whether the keys of the map V are integers that are easily seen to differ. */
static bool
ints_differ(const struct nnv_tree *tree, nnv_value v, const nnv_value *block,
    size_t n)
{
	const struct nnv_int_keys *kept = nnv_tree_int_keys(tree, v);
	int64_t *keys;
	bool differ;

	if (kept != NULL)
		return all_differ(kept->ints, n);
	if (n == 0 || nnv_value_kind(tree, block[0]) != NNV_INT)
		return false;
	keys = nnv_heap_alloc(n, sizeof(*keys));
	differ = keys != NULL && read_keys(tree, block, n, keys) &&
	    all_differ(keys, n);
	nnv_heap_free(keys);
	return differ;
}

static bool
settle(struct unique *u, nnv_value v)
{
	enum nnv_kind kind = nnv_value_kind(u->tree, v);
	nnv_value *block;
	size_t n;

	if (kind == NNV_MAP && nnv_tree_reshape(u->tree, v))
		return true;
	block = nnv_tree_block(u->tree, v, &n);
	if (kind == NNV_MAP && ints_differ(u->tree, v, block, n))
		return true;
	return compact(u, v, block, n, kind == NNV_MAP ? 2 : 1);
}

bool
nnv_unique_settle(struct nnv_tree *tree, struct nnv_diag *diag)
{
	struct unique u = { .tree = tree, .diag = diag };
	bool settled = true;
	size_t i;

	u.form = NNV_TEXT_EMPTY;
	u.work = (tree->input.n + KEY_SLACK) * WORK_FACTOR;
	nnv_names_init(&u.names);
	for (i = 0; i < tree->nqueue && settled; i++)
		settled = settle(&u, tree->queue[i]);
	nnv_names_release(&u.names);
	nnv_text_release(&u.form);
	nnv_heap_free(u.seen);
	nnv_heap_free(tree->queue);
	tree->queue = NULL;
	tree->nqueue = tree->queue_cap = 0;
	return settled;
}
