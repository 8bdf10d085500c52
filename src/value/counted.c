/*
 * The instructions whose argument is so many bytes: texts, bytes and long
 * integers. Nearly all of a trace's bytes are texts of up to 255, which
 * pushes.h takes; what it does not is here.
 */
#include "decimal.h"
#include "machine.h"

/* The length of a surrogate at P as UTF-8 would write it, or 0. */
static size_t
surrogate_len(const char *p, const char *end)
{
	return end - p >= 3 && (unsigned char)p[0] == 0xed &&
		(p[1] & 0xe0) == 0xa0 && (p[2] & 0xc0) == 0x80
	    ? 3
	    : 0;
}

bool
nnv_counted_is_text(struct nnv_str text)
{
	const char *p = text.p, *end = text.p + text.n;

	if (nnv_utf8_valid(text))
		return true;
	while (p < end) {
		size_t len = nnv_utf8_len(p, end);

		if (len == 0)
			len = surrogate_len(p, end);
		if (len == 0)
			return false;
		p += len;
	}
	return true;
}

/* The text or bytes that the instruction counts; m->p is set behind it. */
static bool
take_counted(struct nnv_machine *m, const char *what, struct nnv_str *out)
{
	uint64_t n = nnv_load_le(m->op + 1, nnv_opcode_width(*m->op));

	if (n > (size_t)(m->end - m->p))
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "the pickle ends inside %s of %llu bytes" NNV_MACHINE_CUT,
		    what, (unsigned long long)n);
	*out = (struct nnv_str){ (const char *)m->p, (size_t)n };
	m->p += n;
	return true;
}

static bool
fail_text(struct nnv_machine *m)
{
	return nnv_machine_fail(m, NNV_E_SYNTAX, "a string that is not UTF-8");
}

bool
nnv_counted_text(struct nnv_machine *m)
{
	struct nnv_str text;

	if (!take_counted(m, "a string", &text))
		return false;
	if (!nnv_counted_is_text(text))
		return fail_text(m);
	return nnv_machine_push_new(m, (nnv_value)nnv_machine_at(m));
}

bool
nnv_counted_bytes(struct nnv_machine *m)
{
	struct nnv_str bytes;

	if (!take_counted(m, "a bytes object", &bytes))
		return false;
	return nnv_machine_push_new(m, (nnv_value)nnv_machine_at(m));
}

/* A record, not an atom: a bytearray has an identity. */
bool
nnv_counted_bytearray(struct nnv_machine *m)
{
	struct nnv_str bytes;

	if (!take_counted(m, "a bytearray", &bytes))
		return false;
	return nnv_machine_push_new(m,
	    nnv_tree_add_text(m->tree, NNV_BYTEARRAY, bytes, nnv_machine_at(m),
		m->diag));
}

/* As UTF-8, every byte a character. */
static nnv_value
add_latin1(struct nnv_machine *m, struct nnv_str raw)
{
	char *text = nnv_tree_bytes(m->tree, 2 * raw.n, m->diag);
	size_t n = 0, i;

	if (text == NULL)
		return NNV_NO_VALUE;
	for (i = 0; i < raw.n; i++) {
		unsigned char c = (unsigned char)raw.p[i];

		if (c >= 0x80)
			text[n++] = (char)(0xc0 | c >> 6);
		text[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 0x3f));
	}
	nnv_tree_trim(m->tree, 2 * raw.n, n);
	return nnv_tree_add_text(m->tree, NNV_TEXT, (struct nnv_str){ text, n },
	    nnv_machine_at(m), m->diag);
}

nnv_value
nnv_machine_add_string(struct nnv_machine *m, struct nnv_str raw)
{
	if (!nnv_utf8_valid(raw))
		return add_latin1(m, raw);
	return nnv_tree_add_text(m->tree, NNV_TEXT, raw, nnv_machine_at(m),
	    m->diag);
}

bool
nnv_counted_string(struct nnv_machine *m)
{
	struct nnv_str raw;

	if (!take_counted(m, "a string", &raw))
		return false;
	if (nnv_utf8_valid(raw))
		return nnv_machine_push_atom(m);
	return nnv_machine_push(m, add_latin1(m, raw));
}

nnv_value
nnv_machine_add_long(struct nnv_machine *m, const unsigned char *p, size_t n)
{
	char digits[NNV_BIGINT_DIGITS + 1], *text;
	struct nnv_str decimal = { digits, 0 };
	int64_t value;

	decimal.n = nnv_decimal_from_bytes(digits, p, n);
	if (decimal.n == 0) {
		nnv_machine_report(m, NNV_E_LIMIT,
		    "an integer of more than %d digits", NNV_BIGINT_DIGITS);
		return NNV_NO_VALUE;
	}
	if (nnv_decimal_int(decimal, &value))
		return nnv_tree_add_scalar(m->tree, NNV_INT, (uint64_t)value,
		    nnv_machine_at(m), m->diag);
	text = nnv_tree_bytes(m->tree, decimal.n, m->diag);
	if (text == NULL)
		return NNV_NO_VALUE;
	memcpy(text, digits, decimal.n);
	return nnv_tree_add_text(m->tree, NNV_BIGINT,
	    (struct nnv_str){ text, decimal.n }, nnv_machine_at(m), m->diag);
}

static bool
take_long(struct nnv_machine *m, size_t n)
{
	const unsigned char *p = m->p;

	if (n > (size_t)(m->end - p))
		return nnv_machine_fail_end(m, "an integer");
	m->p += n;
	if (*m->op == OP_LONG1 && n <= sizeof(int64_t))
		return nnv_machine_push_atom(m);
	return nnv_machine_push(m, nnv_machine_add_long(m, p, n));
}

bool
nnv_counted_long1(struct nnv_machine *m)
{
	return take_long(m, m->op[1]);
}

bool
nnv_counted_long4(struct nnv_machine *m)
{
	int64_t n = nnv_load_signed(m->op + 1, 4);

	if (n < 0)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "an integer of %d bytes", (int)n);
	return take_long(m, (size_t)n);
}
