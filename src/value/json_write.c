/*
 * A value as JSON. Recursion is counted, and so is what is written: a value
 * that shares a part of itself in a hundred places, and that part another,
 * would otherwise be longer than the universe.
 */
#include <math.h>

#include "tree.h"

static const size_t growth = 64; /* the text, to one byte of input */
static const size_t slack = (size_t)64 << 10;

struct writer {
	const struct nnv_tree *tree;
	struct nnv_text *out;
	size_t end; /* where the text becomes nulls */
};

/* Also when memory is out: then the text does not get longer. */
static bool
is_full(const struct writer *w)
{
	return w->out->n >= w->end || nnv_text_failed(w->out);
}

static void
write_real(struct nnv_text *out, double value)
{
	if (isnan(value))
		nnv_text_adds(out, "NaN");
	else if (isinf(value))
		nnv_text_adds(out, value < 0 ? "-Infinity" : "Infinity");
	else
		nnv_text_add_real(out, value);
}

static void
write_string(struct nnv_text *out, struct nnv_str text)
{
	nnv_text_addc(out, '"');
	nnv_text_add_json(out, text);
	nnv_text_addc(out, '"');
}

/* Every byte is the character of its number, as latin-1 has it. */
static void
write_bytes(struct nnv_text *out, struct nnv_str bytes)
{
	size_t i;

	nnv_text_addc(out, '"');
	for (i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		char wide[2] = { (char)(0xc0 | c >> 6),
			(char)(0x80 | (c & 0x3f)) };
		struct nnv_str one = { c < 0x80 ? &bytes.p[i] : wide,
			c < 0x80 ? 1 : 2 };

		nnv_text_add_json(out, one);
	}
	nnv_text_addc(out, '"');
}

static void write_value(struct writer *w, nnv_value v, size_t depth);

/* A key is a string: one that is none becomes the JSON of it, as a string. */
static void
write_key(struct writer *w, nnv_value key, size_t depth)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	struct writer inner = *w;
	enum nnv_kind kind = nnv_value_kind(w->tree, key);

	/* what is no longer written is null, which is no key */
	if (is_full(w)) {
		nnv_text_adds(w->out, "\"\"");
		return;
	}
	if (kind == NNV_TEXT || kind == NNV_BYTES || kind == NNV_INERT) {
		write_value(w, key, depth);
		return;
	}
	inner.out = &text;
	inner.end = w->end - w->out->n;
	write_value(&inner, key, depth);
	write_string(w->out, nnv_text_str(&text));
	w->out->failed |= nnv_text_failed(&text);
	nnv_text_release(&text);
}

static void
write_container(struct writer *w, nnv_value v, size_t depth)
{
	bool map = nnv_value_kind(w->tree, v) == NNV_MAP;
	size_t n = nnv_value_len(w->tree, v), i;

	nnv_text_addc(w->out, map ? '{' : '[');
	for (i = 0; i < n && !is_full(w); i++) {
		if (i != 0)
			nnv_text_adds(w->out, ", ");
		if (map) {
			write_key(w, nnv_value_key(w->tree, v, i), depth);
			nnv_text_adds(w->out, ": ");
		}
		write_value(w, nnv_value_at(w->tree, v, i), depth);
	}
	nnv_text_addc(w->out, map ? '}' : ']');
}

static void
write_scalar(struct writer *w, nnv_value v, enum nnv_kind kind)
{
	int64_t integer = 0;
	double real = 0;
	bool truth = false;

	switch (kind) {
	case NNV_BOOL:
		nnv_value_bool(w->tree, v, &truth);
		nnv_text_adds(w->out, truth ? "true" : "false");
		break;
	case NNV_INT:
		nnv_value_int(w->tree, v, &integer);
		nnv_text_addi(w->out, integer);
		break;
	case NNV_BIGINT:
		nnv_text_add(w->out, nnv_value_text(w->tree, v));
		break;
	case NNV_REAL:
		nnv_value_real(w->tree, v, &real);
		write_real(w->out, real);
		break;
	default:
		nnv_text_adds(w->out, "null");
	}
}

/* DEPTH containers may still be opened. */
static void
write_value(struct writer *w, nnv_value v, size_t depth)
{
	enum nnv_kind kind = nnv_value_kind(w->tree, v);

	if (is_full(w))
		kind = NNV_NULL;
	switch (kind) {
	case NNV_TEXT:
	case NNV_INERT:
		write_string(w->out, nnv_value_text(w->tree, v));
		break;
	case NNV_BYTES:
	case NNV_BYTEARRAY:
		write_bytes(w->out, nnv_value_text(w->tree, v));
		break;
	case NNV_LIST:
	case NNV_TUPLE:
	case NNV_SET:
	case NNV_FROZENSET:
	case NNV_MAP:
		if (depth != 0)
			write_container(w, v, depth - 1);
		else
			nnv_text_adds(w->out, "null");
		break;
	default:
		write_scalar(w, v, kind);
	}
}

void
nnv_value_write_json(const struct nnv_tree *tree, nnv_value v, size_t depth,
    struct nnv_text *out)
{
	struct writer writer = { tree, out, 0 };

	writer.end = out->n + tree->input.n * growth + slack;
	write_value(&writer, v, depth);
}
