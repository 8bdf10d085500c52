/*
 * The instructions of protocol 0, whose argument is a line of text: numbers as
 * Python prints them, texts in two sorts of escapes.
 */
#include <math.h>

#include "decimal.h"
#include "machine.h"
#include "slice.h"

bool
nnv_line_next(struct nnv_machine *m, struct nnv_str *line)
{
	const char *p = (const char *)m->p;
	const char *newline = m->p < m->end
	    ? memchr(p, '\n', (size_t)(m->end - m->p))
	    : NULL;

	if (newline == NULL)
		return nnv_machine_fail_end(m, "a line");
	*line = (struct nnv_str){ p, (size_t)(newline - p) };
	m->p = (const unsigned char *)newline + 1;
	return true;
}

/*
 * Numbers.
 */

bool
nnv_line_index(struct nnv_machine *m, size_t *index)
{
	struct nnv_str line;
	int64_t value;

	if (!nnv_line_next(m, &line))
		return false;
	if (!nnv_decimal_int(nnv_str_trim(line), &value) || value < 0)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "\"%.*s\" is no index of the memo",
		    line.n < 40 ? (int)line.n : 40, line.p);
	*index = (size_t)value;
	return true;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* S, digits of BASE and nothing else, as a number that fits. */
static bool
parse_digits(struct nnv_str s, int base, int64_t *out)
{
	size_t i;

	*out = 0;
	for (i = 0; i < s.n; i++) {
		int digit = digit_value(s.p[i]);

		if (digit >= base || *out > (INT64_MAX - digit) / base)
			return false;
		*out = *out * base + digit;
	}
	return s.n != 0;
}

/* An integer as C writes them: 0x10 is sixteen and 010 is eight. */
static bool
parse_int(struct nnv_str s, int64_t *out)
{
	bool negative = s.n != 0 && s.p[0] == '-';
	struct nnv_str digits = s;
	int base = 8;

	if (s.n != 0 && (s.p[0] == '-' || s.p[0] == '+'))
		digits = nnv_str_from(s, 1);
	if (digits.n < 2 || digits.p[0] != '0')
		return nnv_decimal_int(s, out);
	if (digits.p[1] == 'x' || digits.p[1] == 'X') {
		digits = nnv_str_from(digits, 2);
		base = 16;
	}
	if (!parse_digits(digits, base, out))
		return false;
	*out = negative ? -*out : *out;
	return true;
}

/* The digits of S, which is a decimal integer; or the absent slice. */
static struct nnv_str
bigint_digits(struct nnv_str s)
{
	size_t i;

	if (s.n != 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		s.p++;
		s.n--;
	}
	while (s.n > 1 && s.p[0] == '0') {
		s.p++;
		s.n--;
	}
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return nnv_str(NULL);
	}
	return s.n != 0 ? s : nnv_str(NULL);
}

/* An integer that does not fit, as the digits it is written with. */
static bool
push_bigint(struct nnv_machine *m, struct nnv_str s)
{
	struct nnv_str digits = bigint_digits(s), text;
	bool negative = s.n != 0 && s.p[0] == '-';
	char *p;

	if (digits.p == NULL)
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "\"%.*s\" is no integer", s.n < 40 ? (int)s.n : 40, s.p);
	if (digits.n > NNV_BIGINT_DIGITS)
		return nnv_machine_fail(m, NNV_E_LIMIT,
		    "an integer of %zu digits: at most %d are read", digits.n,
		    NNV_BIGINT_DIGITS);
	text.n = digits.n + negative;
	text.p = p = nnv_tree_bytes(m->tree, text.n, m->diag);
	if (p == NULL)
		return false;
	p[0] = '-';
	memcpy(p + negative, digits.p, digits.n);
	return nnv_machine_push(m,
	    nnv_tree_add_text(m->tree, NNV_BIGINT, text, nnv_machine_at(m),
		m->diag));
}

static bool
push_scalar(struct nnv_machine *m, enum nnv_kind kind, int64_t value)
{
	return nnv_machine_push(m,
	    nnv_tree_add_scalar(m->tree, kind, (uint64_t)value,
		nnv_machine_at(m), m->diag));
}

/* Booleans are the integers 00 and 01, told from others by their two digits. */
bool
nnv_line_int(struct nnv_machine *m)
{
	struct nnv_str line;
	int64_t value;

	if (!nnv_line_next(m, &line))
		return false;
	if (!parse_int(nnv_str_trim(line), &value))
		return push_bigint(m, nnv_str_trim(line));
	if (line.n == 2 && (value == 0 || value == 1))
		return push_scalar(m, NNV_BOOL, value);
	return push_scalar(m, NNV_INT, value);
}

bool
nnv_line_long(struct nnv_machine *m)
{
	struct nnv_str line;
	int64_t value;

	if (!nnv_line_next(m, &line))
		return false;
	if (nnv_str_ends(line, NNV_STR("L")))
		line.n--;
	line = nnv_str_trim(line);
	if (!nnv_decimal_int(line, &value))
		return push_bigint(m, line);
	return push_scalar(m, NNV_INT, value);
}

static bool
equals_ignoring_case(struct nnv_str s, const char *word)
{
	size_t i;

	for (i = 0; i < s.n && word[i] != '\0'; i++) {
		if ((s.p[i] | 0x20) != word[i])
			return false;
	}
	return i == s.n && word[i] == '\0';
}

/* What Python calls the reals that have no digits. */
static bool
parse_special(struct nnv_str s, double *out)
{
	bool negative = s.n != 0 && s.p[0] == '-';

	if (s.n != 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		s.p++;
		s.n--;
	}
	if (equals_ignoring_case(s, "inf") ||
	    equals_ignoring_case(s, "infinity"))
		*out = INFINITY;
	else if (equals_ignoring_case(s, "nan"))
		*out = NAN;
	else
		return false;
	if (negative)
		*out = -*out;
	return true;
}

bool
nnv_line_float(struct nnv_machine *m)
{
	struct nnv_str line;
	double value;

	if (!nnv_line_next(m, &line))
		return false;
	line = nnv_str_trim(line);
	if (!nnv_decimal_real(line, &value) && !parse_special(line, &value))
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "\"%.*s\" is no real number",
		    line.n < 40 ? (int)line.n : 40, line.p);
	return nnv_machine_push(m,
	    nnv_tree_add_real(m->tree, value, nnv_machine_at(m), m->diag));
}

/*
 * Texts. Both decoders read from IN, which they advance, and write to *OUT,
 * where there is room for twice what was read.
 */

struct cursor {
	const char *p, *end;
};

/* Up to MOST digits of BASE; how many. */
static size_t
take_digits(struct cursor *in, int base, size_t most, uint32_t *value)
{
	size_t n = 0;

	*value = 0;
	while (n < most && in->p < in->end && digit_value(*in->p) < base) {
		*value = *value * (uint32_t)base +
		    (uint32_t)digit_value(*in->p);
		in->p++;
		n++;
	}
	return n;
}

/* What follows a backslash in a Python 2 string. */
static bool
take_escape(struct cursor *in, char **out)
{
	static const char letters[] = "abtnvfr";
	static const char meaning[] = "\a\b\t\n\v\f\r";
	const char *letter;
	uint32_t value;
	char c;

	if (in->p == in->end)
		return false;
	if (take_digits(in, 8, 3, &value) != 0) {
		*(*out)++ = (char)value;
		return true;
	}
	c = *in->p++;
	letter = memchr(letters, c, sizeof(letters) - 1);
	if (letter != NULL) {
		*(*out)++ = meaning[letter - letters];
	} else if (c == '\\' || c == '\'' || c == '"') {
		*(*out)++ = c;
	} else if (c == 'x') {
		if (take_digits(in, 16, 2, &value) != 2)
			return false;
		*(*out)++ = (char)value;
	} else if (c != '\n') {
		*(*out)++ = '\\';
		*(*out)++ = c;
	}
	return true;
}

static bool
decode_string(struct cursor *in, char **out)
{
	while (in->p < in->end) {
		char c = *in->p++;

		if (c != '\\')
			*(*out)++ = c;
		else if (!take_escape(in, out))
			return false;
	}
	return true;
}

/* Raw-unicode-escape: latin-1, and \uXXXX and \UXXXXXXXX, and no other. */
static bool
decode_unicode(struct cursor *in, char **out)
{
	while (in->p < in->end) {
		uint32_t c = (unsigned char)*in->p++;
		size_t digits = 0;

		if (c == '\\' && in->p < in->end)
			digits = *in->p == 'u' ? 4 : *in->p == 'U' ? 8 : 0;
		if (digits != 0) {
			in->p++;
			if (take_digits(in, 16, digits, &c) != digits ||
			    c > 0x10ffff)
				return false;
		} else if (c == '\\' && in->p < in->end) {
			/* what it stands before is not looked at again */
			*(*out)++ = '\\';
			c = (unsigned char)*in->p++;
		}
		*out = nnv_put_utf8(*out, c);
	}
	return true;
}

/* RAW decoded, in the tree; or the absent slice, and the failure reported. */
static struct nnv_str
decode(struct nnv_machine *m, struct nnv_str raw,
    bool (*decoder)(struct cursor *in, char **out))
{
	struct cursor in = { raw.p, raw.p + raw.n };
	char *p = nnv_tree_bytes(m->tree, 2 * raw.n, m->diag), *out = p;

	if (p == NULL)
		return nnv_str(NULL);
	if (!decoder(&in, &out)) {
		nnv_machine_report(m, NNV_E_SYNTAX,
		    "a string with an escape that has no meaning");
		return nnv_str(NULL);
	}
	nnv_tree_trim(m->tree, 2 * raw.n, (size_t)(out - p));
	return (struct nnv_str){ p, (size_t)(out - p) };
}

bool
nnv_line_string(struct nnv_machine *m)
{
	struct nnv_str line;

	if (!nnv_line_next(m, &line))
		return false;
	if (line.n < 2 || line.p[0] != line.p[line.n - 1] ||
	    (line.p[0] != '\'' && line.p[0] != '"'))
		return nnv_machine_fail(m, NNV_E_SYNTAX,
		    "a string without quotes around it");
	line = (struct nnv_str){ line.p + 1, line.n - 2 };
	if (line.n != 0 && memchr(line.p, '\\', line.n) != NULL)
		line = decode(m, line, decode_string);
	return line.p != NULL &&
	    nnv_machine_push(m, nnv_machine_add_string(m, line));
}

static bool
is_plain(struct nnv_str line)
{
	size_t i;

	for (i = 0; i < line.n; i++) {
		if (line.p[i] == '\\' || (unsigned char)line.p[i] >= 0x80)
			return false;
	}
	return true;
}

bool
nnv_line_unicode(struct nnv_machine *m)
{
	struct nnv_str line;

	if (!nnv_line_next(m, &line))
		return false;
	if (!is_plain(line))
		line = decode(m, line, decode_unicode);
	return line.p != NULL &&
	    nnv_machine_push(m,
		nnv_tree_add_text(m->tree, NNV_TEXT, line, nnv_machine_at(m),
		    m->diag));
}
