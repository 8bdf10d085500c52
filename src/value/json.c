/*
 * JSON as RFC 8259 has it, strictly, and three words more that Python writes:
 * NaN, Infinity and -Infinity. A byte order mark is skipped, which the RFC
 * allows.
 *
 * A parser of two alternating states: what is next is a value, or what is next
 * comes after one. Values wait on a stack until the bracket closes that they
 * stand in; then they become a container. Open brackets are counted, and lie
 * on a stack of their own of a fixed depth, so that nothing recurses.
 *
 * Short texts without escapes and short numbers stay in the input (tree.h).
 */
#include <math.h>

#include "atom.h"
#include "decimal.h"
#include "shape.h"
#include "slice.h"
#include "unique.h"

/* An open bracket. */
struct level {
	uint32_t at; /* its offset */
	bool map;
	size_t floor; /* the values below are not its own */
};

struct reader {
	struct nnv_tree *tree;
	struct nnv_diag *diag;
	const char *start, *p, *end;
	struct nnv_reserve space; /* of the stack */
	nnv_value *stack;
	size_t n, cap;
	struct level *levels;
	size_t depth;
	bool large; /* an integer was read as a real */
};

static size_t
at(const struct reader *r)
{
	return (size_t)(r->p - r->start);
}

/* Report that the reader stands before what it did not expect. */
static void
report(struct reader *r, const char *what)
{
	struct nnv_place place = nnv_tree_place(r->tree, at(r));
	size_t len = nnv_utf8_len(r->p, r->end);

	if (r->p == r->end)
		nnv_fail_at(r->diag, NNV_E_SYNTAX, place,
		    "%s: the text ends here", what);
	else if (len == 0 || (unsigned char)*r->p < ' ')
		nnv_fail_at(r->diag, NNV_E_SYNTAX, place,
		    "%s: found the byte 0x%02x", what,
		    (unsigned int)(unsigned char)*r->p);
	else
		nnv_fail_at(r->diag, NNV_E_SYNTAX, place, "%s: found '%.*s'",
		    what, (int)len, r->p);
}

static bool
fail(struct reader *r, const char *what)
{
	report(r, what);
	return false;
}

static bool
push(struct reader *r, nnv_value v)
{
	if (v == NNV_NO_VALUE)
		return false;
	if (r->n == r->cap)
		return nnv_fail_memory(r->diag);
	r->stack[r->n++] = v;
	return true;
}

/* Mostly there is none. */
static inline void
skip_space(struct reader *r)
{
	while (r->p < r->end && (unsigned char)*r->p <= ' ' &&
	    (*r->p == ' ' || *r->p == '\n' || *r->p == '\t' || *r->p == '\r'))
		r->p++;
}

/*
 * Texts.
 */

/* At most how many bytes of a word are below the first that BITS are set in;
 * where the machine does not tell, they are looked at one by one. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FIRST_BYTE(bits) ((size_t)__builtin_ctzll(bits) / 8)
#else
#define FIRST_BYTE(bits) ((void)(bits), (size_t)0)
#endif

/* How many bytes at P are of a text and not special, eight at a time. */
static inline size_t
plain_run(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t high = ones << 7;
	const char *from = p;
	uint64_t special;

	while (end - p >= 8) {
		uint64_t word = nnv_key_word(p);
		uint64_t quote = word ^ ones * '"';
		uint64_t slash = word ^ ones * '\\';

		/* a high bit where a byte is zero, a control, or not ASCII */
		quote = (quote - ones) & ~quote;
		slash = (slash - ones) & ~slash;
		special = (quote | slash | (word - ones * ' ') | word) & high;
		if (special != 0)
			return (size_t)(p - from) + FIRST_BYTE(special);
		p += 8;
	}
	return (size_t)(p - from);
}

/* Go on to the quote or backslash that ends what may be copied as it is. */
static bool
skip_plain(struct reader *r)
{
	for (;;) {
		size_t len;

		r->p += plain_run(r->p, r->end);
		while (r->p < r->end && *r->p >= ' ' && *r->p < 0x7f &&
		    *r->p != '"' && *r->p != '\\')
			r->p++;
		if (r->p < r->end && (*r->p == '"' || *r->p == '\\'))
			return true;
		if (r->p == r->end || (unsigned char)*r->p < ' ')
			return fail(r, "a string that is not closed");
		len = nnv_utf8_len(r->p, r->end);
		if (len == 0)
			return fail(r, "a string that is not UTF-8");
		r->p += len;
	}
}

/* Four hexadecimal digits. */
static bool
take_hex(struct reader *r, uint32_t *out)
{
	int i;

	*out = 0;
	for (i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef";
		const char *digit = NULL;

		if (r->p < r->end)
			digit = memchr(digits,
			    *r->p >= 'A' && *r->p <= 'F' ? *r->p | 0x20 : *r->p,
			    sizeof(digits) - 1);
		if (digit == NULL)
			return fail(r, "expected four hexadecimal digits");
		*out = *out << 4 | (uint32_t)(digit - digits);
		r->p++;
	}
	return true;
}

static bool
is_low_surrogate(uint32_t c)
{
	return c >= 0xdc00 && c <= 0xdfff;
}

/* The character behind \u; two of them can be one. Half of a pair that is
 * alone becomes U+FFFD. */
static bool
take_unicode(struct reader *r, char **out)
{
	uint32_t c, low;
	const char *second;

	if (!take_hex(r, &c))
		return false;
	if (c >= 0xd800 && c <= 0xdbff && r->end - r->p >= 2 &&
	    r->p[0] == '\\' && r->p[1] == 'u') {
		second = r->p;
		r->p += 2;
		if (!take_hex(r, &low))
			return false;
		if (is_low_surrogate(low))
			c = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
		else
			r->p = second;
	}
	if (c >= 0xd800 && c <= 0xdfff)
		c = 0xfffd;
	*out = nnv_put_utf8(*out, c);
	return true;
}

static bool
take_escape(struct reader *r, char **out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meaning[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (++r->p == r->end)
		return fail(r, "a string that is not closed");
	if (*r->p == 'u') {
		r->p++;
		return take_unicode(r, out);
	}
	letter = memchr(letters, *r->p, sizeof(letters) - 1);
	if (letter == NULL)
		return fail(r, "an escape that has no meaning");
	*(*out)++ = meaning[letter - letters];
	r->p++;
	return true;
}

/* The bytes to the quote that ends the text at r->p, or to the end. */
static size_t
raw_length(const struct reader *r)
{
	const char *p = r->p;

	while (p < r->end && *p != '"')
		p += *p == '\\' && r->end - p > 1 ? 2 : 1;
	return (size_t)(p - r->p);
}

/* A text with escapes, whose first byte is at r->p: decoded, in the tree. No
 * escape is shorter than what it means. */
static nnv_value
decode(struct reader *r, size_t place)
{
	size_t room = raw_length(r);
	char *text = nnv_tree_bytes(r->tree, room, r->diag), *out = text;
	struct nnv_str decoded = { text, 0 };

	if (text == NULL)
		return NNV_NO_VALUE;
	for (;;) {
		const char *from = r->p;

		if (!skip_plain(r))
			return NNV_NO_VALUE;
		memcpy(out, from, (size_t)(r->p - from));
		out += r->p - from;
		if (*r->p == '"')
			break;
		if (!take_escape(r, &out))
			return NNV_NO_VALUE;
	}
	r->p++;
	decoded.n = (size_t)(out - text);
	nnv_tree_trim(r->tree, room, decoded.n);
	return nnv_tree_add_text(r->tree, NNV_TEXT, decoded, place, r->diag);
}

/* A text of any kind, whose first quote is at r->p. */
static bool
read_any_text(struct reader *r)
{
	size_t place = at(r);
	struct nnv_str text = { ++r->p, 0 };

	if (!skip_plain(r))
		return false;
	if (*r->p == '\\') {
		r->p = text.p;
		return push(r, decode(r, place));
	}
	text.n = (size_t)(r->p++ - text.p);
	if (text.n <= ATOM_TEXT)
		return push(r, (nnv_value)place);
	return push(r,
	    nnv_tree_add_text(r->tree, NNV_TEXT, text, place, r->diag));
}

/* Most texts are short and plain: they end where the first run does. */
static inline bool
read_text(struct reader *r)
{
	const char *first = r->p + 1, *end = r->end;
	size_t n = plain_run(first, end);

	if (n >= (size_t)(end - first) || first[n] != '"' || n > ATOM_TEXT ||
	    r->n == r->cap)
		return read_any_text(r);
	r->stack[r->n++] = (nnv_value)at(r);
	r->p = first + n + 1;
	return true;
}

/*
 * Numbers and words.
 */

static void
warn_large(struct reader *r, struct nnv_str text)
{
	static const char kind[] = "large integer";

	if (r->large)
		nnv_warn(r->diag, kind, "an integer is too large");
	else
		nnv_warn(r->diag, kind,
		    "the integer %.*s is too large: it becomes a real number",
		    text.n < 40 ? (int)text.n : 40, text.p);
	r->large = true;
}

static bool
read_any_number(struct reader *r)
{
	struct nnv_str text = { r->p, 0 };
	size_t place = at(r);
	int64_t value;
	double real_value;
	bool real;

	text.n = nnv_decimal_len((struct nnv_str){ r->p,
				     (size_t)(r->end - r->p) },
	    &real);
	if (text.n == 0)
		return fail(r, "not a number");
	r->p += text.n;
	if (text.n <= (real ? ATOM_NUMBER : ATOM_SURE))
		return push(r, (nnv_value)place);
	if (!real && nnv_decimal_int(text, &value))
		return push(r,
		    nnv_tree_add_scalar(r->tree, NNV_INT, (uint64_t)value,
			place, r->diag));
	if (!real)
		warn_large(r, text);
	nnv_decimal_real(text, &real_value);
	return push(r, nnv_tree_add_real(r->tree, real_value, place, r->diag));
}

/* How many digits are at P, as far as one word of eight bytes tells. */
static inline size_t
digit_run(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word = nnv_key_word(p) ^ ones * '0', other;

	/* a high bit where a byte is 10 or more, and perhaps above it */
	other = (word + ones * (0x80 - 10)) | word;
	other &= ones << 7;
	return other != 0 ? FIRST_BYTE(other) : 0;
}

/* Most numbers are integers of a few digits. */
static inline bool
read_number(struct reader *r)
{
	const char *p = r->p;
	size_t n = r->end - p > 8 ? digit_run(p) : 0;

	if (n == 0 || (n > 1 && *p == '0') || p[n] == '.' ||
	    (p[n] | 0x20) == 'e' || r->n == r->cap)
		return read_any_number(r);
	r->stack[r->n++] = (nnv_value)at(r);
	r->p = p + n;
	return true;
}

static bool
take_word(struct reader *r, const char *word)
{
	struct nnv_str rest = { r->p, (size_t)(r->end - r->p) };

	if (!nnv_str_starts(rest, nnv_str(word)))
		return false;
	r->p += strlen(word);
	return true;
}

static bool
read_word(struct reader *r)
{
	static const struct {
		const char *word;
		double value; /* 0: the word stands for itself */
	} words[] = { { "null", 0 }, { "true", 0 }, { "false", 0 },
		{ "NaN", (double)NAN }, { "Infinity", (double)INFINITY },
		{ "-Infinity", -(double)INFINITY } };
	size_t place = at(r), i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!take_word(r, words[i].word))
			continue;
		if (words[i].value == 0)
			return push(r, (nnv_value)place);
		return push(r,
		    nnv_tree_add_real(r->tree, words[i].value, place, r->diag));
	}
	return fail(r, "expected a value");
}

/*
 * Containers.
 */

static bool
open_level(struct reader *r)
{
	struct level level = { (uint32_t)at(r), *r->p == '{', r->n };

	if (r->depth == r->tree->limits.depth)
		return nnv_fail_at(r->diag, NNV_E_LIMIT,
			   nnv_tree_place(r->tree, at(r)),
			   "nested deeper than %zu", r->tree->limits.depth) ||
		    nnv_limited(r->diag, "depth");
	r->levels[r->depth++] = level;
	r->p++;
	return true;
}

/* The bracket at r->p closes the innermost level. */
static bool
close_level(struct reader *r)
{
	const struct level *level = &r->levels[--r->depth];
	const nnv_value *items = r->stack + level->floor;
	size_t n = r->n - level->floor;
	nnv_value v = nnv_tree_add_container(r->tree,
	    level->map ? NNV_MAP : NNV_LIST, level->at, r->diag);

	r->p++;
	r->n = level->floor;
	if (v == NNV_NO_VALUE)
		return false;
	if (level->map ? !nnv_tree_put(r->tree, v, items, n / 2, r->diag)
		       : !nnv_tree_extend(r->tree, v, items, n, r->diag))
		return false;
	return push(r, v);
}

/* A key and its colon. */
static bool
read_key(struct reader *r)
{
	skip_space(r);
	if (r->p == r->end || *r->p != '"')
		return fail(r, "expected a key in quotes");
	if (!read_text(r))
		return false;
	skip_space(r);
	if (r->p == r->end || *r->p != ':')
		return fail(r, "expected a colon");
	r->p++;
	return true;
}

/* Open brackets, up to a value that is none, or to an empty container. */
static bool
read_value(struct reader *r)
{
	for (;;) {
		char c;

		skip_space(r);
		c = r->p < r->end ? *r->p : '\0';
		if (c == '"')
			return read_text(r);
		if ((c >= '0' && c <= '9') ||
		    (c == '-' && r->end - r->p > 1 && r->p[1] != 'I'))
			return read_number(r);
		if (c != '{' && c != '[')
			return read_word(r);
		if (!open_level(r))
			return false;
		skip_space(r);
		if (r->p < r->end && *r->p == (c == '{' ? '}' : ']'))
			return close_level(r);
		if (c == '{' && !read_key(r))
			return false;
	}
}

/* Close brackets, up to a comma or the end. *MORE: a value follows. */
static bool
read_after(struct reader *r, bool *more)
{
	*more = false;
	while (r->depth != 0) {
		bool map = r->levels[r->depth - 1].map;
		char c;

		skip_space(r);
		c = r->p < r->end ? *r->p : '\0';
		if (c == ',') {
			r->p++;
			*more = true;
			return !map || read_key(r);
		}
		if (c != (map ? '}' : ']'))
			return fail(r,
			    map ? "expected a comma or '}'"
				: "expected a comma or ']'");
		if (!close_level(r))
			return false;
	}
	return true;
}

static bool
read_all(struct reader *r)
{
	bool more = true;

	take_word(r, "\xef\xbb\xbf");
	while (more) {
		if (!read_value(r) || !read_after(r, &more))
			return false;
	}
	skip_space(r);
	if (r->p != r->end)
		return fail(r, "expected the end");
	return true;
}

static bool
begin(struct reader *r, struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag)
{
	*r = (struct reader){ .tree = tree, .diag = diag };
	r->start = r->p = bytes.p;
	r->end = bytes.p + bytes.n;
	if (!nnv_tree_begin(tree, bytes, NNV_JSON, diag))
		return false;
	r->levels = nnv_heap_alloc(tree->limits.depth, sizeof(*r->levels));
	if (r->levels == NULL ||
	    !nnv_reserve_take(&r->space, bytes.n * sizeof(*r->stack)))
		return nnv_fail_memory(diag);
	r->stack = r->space.p;
	r->cap = r->space.size / sizeof(*r->stack);
	return true;
}

bool
nnv_json_read(struct nnv_tree *tree, struct nnv_str bytes,
    struct nnv_diag *diag)
{
	struct reader r;
	nnv_value root = NNV_NO_VALUE;
	bool done = begin(&r, tree, bytes, diag) && read_all(&r);

	if (done)
		root = r.stack[0];
	nnv_heap_free(r.levels);
	nnv_reserve_release(&r.space);
	if (!done || !nnv_unique_settle(tree, diag))
		return false;
	tree->root = root;
	return true;
}
