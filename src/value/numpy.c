/*
 * Scalars of numpy, which turn up in the attributes of traces that a script
 * has worked on. A scalar is pickled as scalar(dtype, bytes), a dtype as
 * dtype("f4", False, True) followed by a state that holds its byte order
 * (numpy 1.26 and 2.1, multiarray/descriptor.c, arraydescr_reduce; scalartypes
 * .c.src, gentype_reduce). The value becomes a plain number or text that
 * remembers its dtype; a dtype is an inert text such as "<f4".
 */
#include <math.h>

#include "decimal.h"
#include "machine.h"
#include "slice.h"

enum {
	DTYPE_ORDER, /* in the text of a dtype: one of < > | */
	DTYPE_LETTER,
	DTYPE_SIZE, /* digits, to the end */
	SIZE_MAX_DIGITS = 9,
	/* what the head of a dtype counts, where names count their row */
	DTYPE_HEAD = PYTHON_ROWS
};

/* The sizes that a letter can have; 0: any. */
static const struct {
	char letter;
	unsigned char sizes[4];
} letters[] = { { 'b', { 1 } }, { 'i', { 1, 2, 4, 8 } },
	{ 'u', { 1, 2, 4, 8 } }, { 'f', { 2, 4, 8 } }, { 'S', { 0 } },
	{ 'U', { 0 } } };

static bool
is_known(char letter, int64_t size)
{
	size_t i, j;

	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (letters[i].letter != letter)
			continue;
		if (letters[i].sizes[0] == 0)
			return true;
		for (j = 0; j < sizeof(letters[i].sizes); j++) {
			if (size != 0 && letters[i].sizes[j] == size)
				return true;
		}
	}
	return false;
}

static bool
is_order(char c)
{
	return c == '<' || c == '>' || c == '|' || c == '=';
}

/* What a dtype's text says. */
struct dtype {
	char order, letter;
	size_t size; /* bytes; of U, characters of four bytes */
};

/* Take apart a name like f8, <f8, |S3. */
static bool
parse_dtype(struct nnv_str name, struct dtype *dtype)
{
	int64_t size;

	dtype->order = '<';
	if (name.n != 0 && is_order(name.p[0])) {
		dtype->order = name.p[0];
		name.p++;
		name.n--;
	}
	if (name.n < 2 || name.n > SIZE_MAX_DIGITS || name.p[1] < '0' ||
	    name.p[1] > '9')
		return false;
	dtype->letter = name.p[0];
	name.p++;
	name.n--;
	if (!nnv_decimal_int(name, &size) || !is_known(dtype->letter, size))
		return false;
	dtype->size = (size_t)size;
	return true;
}

/* A byte has no order; and '=' is that of the machine, which nobody writes. */
static char
order_of(const struct dtype *dtype)
{
	if (dtype->letter == 'S' || dtype->size == 1)
		return dtype->letter == 'U' ? dtype->order : '|';
	return dtype->order == '>' ? '>' : '<';
}

nnv_value
nnv_numpy_dtype(struct nnv_machine *m, nnv_value args)
{
	struct nnv_str name = nnv_value_text(m->tree,
	    nnv_value_at(m->tree, args, 0));
	struct dtype dtype;
	nnv_value v;
	char *text;

	if (name.p == NULL || !parse_dtype(name, &dtype))
		return NNV_NO_VALUE;
	if (name.p[0] != dtype.letter) {
		name.p++;
		name.n--;
	}
	text = nnv_tree_bytes(m->tree, name.n + 1, m->diag);
	if (text == NULL)
		return NNV_NO_VALUE;
	text[DTYPE_ORDER] = order_of(&dtype);
	memcpy(text + DTYPE_LETTER, name.p, name.n);
	v = nnv_tree_add_text(m->tree, NNV_INERT,
	    (struct nnv_str){ text, name.n + 1 }, nnv_machine_at(m), m->diag);
	if (v != NNV_NO_VALUE)
		nnv_tree_record(m->tree, v)[REC_HEAD] |= (uint32_t)DTYPE_HEAD
		    << HEAD_COUNT;
	return v;
}

/* (version, order, subarray, names, fields, ...): a plain type has none of
 * the last three. */
bool
nnv_numpy_build(struct nnv_machine *m, nnv_value v, nnv_value state)
{
	struct nnv_str order = nnv_value_text(m->tree,
	    nnv_value_at(m->tree, state, 1));
	struct dtype dtype = { 0, 0, 0 };
	uint32_t *record;
	size_t i;

	for (i = 2; i < 5; i++) {
		if (nnv_value_kind(m->tree, nnv_value_at(m->tree, state, i)) !=
		    NNV_NULL)
			order.n = 0;
	}
	parse_dtype(nnv_value_text(m->tree, v), &dtype);
	if (order.n != 1 || !is_order(order.p[0]))
		return nnv_machine_fail(m, NNV_E_UNSAFE,
		    "a dtype of numpy that is no number or text");
	dtype.order = order.p[0];
	record = nnv_tree_record(m->tree, v);
	*(char *)(m->tree->words + record[REC_START]) = order_of(&dtype);
	return true;
}

/* The bytes of a scalar as a number, lowest first whatever their order. */
static uint64_t
load(const struct dtype *dtype, struct nnv_str bytes)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	uint64_t value = 0;
	size_t i;

	if (dtype->order != '>')
		return nnv_load_le(p, bytes.n);
	for (i = 0; i < bytes.n; i++)
		value = value << 8 | p[i];
	return value;
}

/* IEEE 754 binary16. */
static double
half(uint64_t bits)
{
	int exponent = (int)(bits >> 10 & 31);
	double fraction = (double)(bits & 1023), value;

	if (exponent == 31)
		value = fraction == 0 ? INFINITY : NAN;
	else if (exponent == 0)
		value = ldexp(fraction, -24);
	else
		value = ldexp(fraction + 1024, exponent - 25);
	return (bits & 0x8000) != 0 ? -value : value;
}

static nnv_value
add_real(struct nnv_machine *m, uint64_t bits, size_t size)
{
	uint32_t word = (uint32_t)bits;
	double value;
	float single;

	if (size == 2) {
		value = half(bits);
	} else if (size == 4) {
		memcpy(&single, &word, sizeof(single));
		value = (double)single;
	} else {
		memcpy(&value, &bits, sizeof(value));
	}
	return nnv_tree_add_real(m->tree, value, nnv_machine_at(m), m->diag);
}

static nnv_value
add_int(struct nnv_machine *m, const struct dtype *dtype, uint64_t bits)
{
	unsigned char bytes[sizeof(bits) + 1] = { 0 };
	size_t i;

	/* an unsigned number is a signed one with a byte of zero more */
	for (i = 0; i < dtype->size; i++)
		bytes[i] = (unsigned char)(bits >> 8 * i);
	return nnv_machine_add_long(m, bytes,
	    dtype->size + (dtype->letter == 'u'));
}

/* Characters of four bytes each, padded with zeros. */
static nnv_value
add_unicode(struct nnv_machine *m, const struct dtype *dtype,
    struct nnv_str bytes)
{
	char *text = nnv_tree_bytes(m->tree, bytes.n, m->diag);
	size_t n = 0, i;

	if (text == NULL)
		return NNV_NO_VALUE;
	for (i = 0; i < bytes.n; i += 4) {
		uint64_t c = load(dtype, (struct nnv_str){ bytes.p + i, 4 });

		if (c > 0x10ffff)
			return NNV_NO_VALUE;
		n = (size_t)(nnv_put_utf8(text + n, (uint32_t)c) - text);
	}
	while (n > 0 && text[n - 1] == '\0')
		n--;
	nnv_tree_trim(m->tree, bytes.n, n);
	return nnv_tree_add_text(m->tree, NNV_TEXT, (struct nnv_str){ text, n },
	    nnv_machine_at(m), m->diag);
}

static nnv_value
add_bytes(struct nnv_machine *m, struct nnv_str bytes)
{
	while (bytes.n > 0 && bytes.p[bytes.n - 1] == '\0')
		bytes.n--;
	return nnv_tree_add_text(m->tree, NNV_BYTES, bytes, nnv_machine_at(m),
	    m->diag);
}

static nnv_value
add_scalar(struct nnv_machine *m, const struct dtype *dtype,
    struct nnv_str bytes)
{
	if (dtype->letter == 'S')
		return add_bytes(m, bytes);
	if (dtype->letter == 'U')
		return add_unicode(m, dtype, bytes);
	if (dtype->letter == 'f')
		return add_real(m, load(dtype, bytes), dtype->size);
	if (dtype->letter == 'b')
		return nnv_tree_add_scalar(m->tree, NNV_BOOL, bytes.p[0] != 0,
		    nnv_machine_at(m), m->diag);
	return add_int(m, dtype, load(dtype, bytes));
}

nnv_value
nnv_numpy_scalar(struct nnv_machine *m, nnv_value args)
{
	nnv_value type = nnv_value_at(m->tree, args, 0), v;
	nnv_value data = nnv_value_at(m->tree, args, 1);
	struct nnv_str bytes = nnv_value_text(m->tree, data);
	struct dtype dtype;

	if (nnv_value_len(m->tree, args) != 2 ||
	    nnv_value_kind(m->tree, type) != NNV_INERT ||
	    nnv_tree_record(m->tree, type)[REC_HEAD] >> HEAD_COUNT !=
		DTYPE_HEAD ||
	    nnv_value_kind(m->tree, data) != NNV_BYTES)
		return NNV_NO_VALUE;
	if (!parse_dtype(nnv_value_text(m->tree, type), &dtype) ||
	    bytes.n != dtype.size * (dtype.letter == 'U' ? 4 : 1))
		return NNV_NO_VALUE;
	v = add_scalar(m, &dtype, bytes);
	if (v == NNV_NO_VALUE || !nnv_tree_note(m->tree, type, m->diag))
		return NNV_NO_VALUE;
	return v;
}
