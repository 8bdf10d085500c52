/*
 * Any bytes as a name, in every language that names are written in: what comes
 * out is valid UTF-8, says nothing in that language but text, and reads back
 * as what went in, the unshowable replaced.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "nnviz/text.h"
#include "nnviz/value.h"

static void
require(bool holds)
{
	if (!holds)
		abort();
}

/* What nobody may see: controls of ASCII and of C1, overrides of direction. */
static void
check_shown(struct nnv_str s)
{
	require(nnv_utf8_valid(s));
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		unsigned char d = (unsigned char)(i + 1 < s.n ? s.p[i + 1] : 0);
		unsigned char e = (unsigned char)(i + 2 < s.n ? s.p[i + 2] : 0);

		require(c >= 0x20 && c != 0x7f);
		require(c != 0xc2 || d >= 0xa0);
		require(c != 0xe2 || d != 0x80 || e < 0xaa || e > 0xae);
		require(c != 0xe2 || d != 0x81 || e < 0xa6 || e > 0xa9);
	}
}

/* The character that an entity at S stands for, and in *N its bytes. */
static char
entity(struct nnv_str s, size_t *n)
{
	static const struct {
		struct nnv_str name;
		char c;
	} entities[] = { { { "&amp;", 5 }, '&' }, { { "&lt;", 4 }, '<' },
		{ { "&gt;", 4 }, '>' }, { { "&quot;", 6 }, '"' },
		{ { "&#93;", 5 }, ']' } };

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++)
		if (nnv_str_starts(s, entities[i].name)) {
			*n = entities[i].name.n;
			return entities[i].c;
		}
	abort();
}

/* The text that S is in XML; anything but text ends the program. */
static void
read_markup(struct nnv_str s, struct nnv_text *out)
{
	for (size_t i = 0, n = 1; i < s.n; i += n) {
		char c = s.p[i];

		n = 1;
		require(c != '<' && c != '>' && c != '"');
		if (c == '&')
			c = entity((struct nnv_str){ s.p + i, s.n - i }, &n);
		nnv_text_addc(out, c);
	}
}

typedef void escape_fn(struct nnv_text *, struct nnv_str);

/* S escaped; the caller releases it. */
static struct nnv_text
escaped(escape_fn *escape, struct nnv_str s)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	escape(&text, s);
	require(!nnv_text_failed(&text));
	return text;
}

static void
check_html(struct nnv_str s)
{
	struct nnv_text html = escaped(nnv_text_add_html, s);
	struct nnv_text shown = escaped(nnv_text_add_terminal, s);
	struct nnv_text back = NNV_TEXT_EMPTY;

	check_shown(nnv_text_str(&html));
	check_shown(nnv_text_str(&shown));
	require(memchr(html.p != NULL ? html.p : "", ']', html.n) == NULL);
	read_markup(nnv_text_str(&html), &back);
	require(nnv_str_eq(nnv_text_str(&back), nnv_text_str(&shown)));
	nnv_text_release(&back);
	nnv_text_release(&shown);
	nnv_text_release(&html);
}

/* A backslash of Graphviz's only before another, or for a new line. */
static void
check_plain(struct nnv_str s)
{
	struct nnv_text plain = escaped(nnv_text_add_plain, s);
	struct nnv_text back = NNV_TEXT_EMPTY;

	check_shown(nnv_text_str(&plain));
	read_markup(nnv_text_str(&plain), &back);
	for (size_t i = 0; i < plain.n; i++)
		if (plain.p[i] == '\\') {
			i++;
			require(i < plain.n);
			require(plain.p[i] == '\\' || plain.p[i] == 'n');
		}
	nnv_text_release(&back);
	nnv_text_release(&plain);
}

/* S with U+FFFD for each byte that is no part of a character. */
static struct nnv_text
repaired(struct nnv_str s)
{
	struct nnv_text out = NNV_TEXT_EMPTY;

	while (s.n != 0) {
		size_t n = nnv_utf8_len(s.p, s.p + s.n);

		if (n != 0)
			nnv_text_add(&out, (struct nnv_str){ s.p, n });
		else
			nnv_text_adds(&out, "\xef\xbf\xbd");
		s = nnv_str_from(s, n != 0 ? n : 1);
	}
	return out;
}

static void
check_json(struct nnv_str s)
{
	const struct nnv_tree_limits limits = { (size_t)1 << 26, 8 };
	struct nnv_text given = repaired(s);
	struct nnv_text json = NNV_TEXT_EMPTY;
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;

	require(tree != NULL && nnv_utf8_valid(nnv_text_str(&given)));
	nnv_text_addc(&json, '"');
	nnv_text_add_json(&json, s);
	nnv_text_addc(&json, '"');
	nnv_diag_init(&diag, "json");
	require(nnv_json_read(tree, nnv_text_str(&json), &diag));
	require(nnv_str_eq(nnv_value_text(tree, nnv_tree_root(tree)),
	    nnv_text_str(&given)));
	nnv_tree_free(tree);
	nnv_text_release(&json);
	nnv_text_release(&given);
}

/* One field: without quotes nothing that ends one, within them no lone quote;
 * and no formula. */
static void
check_csv(struct nnv_str s)
{
	struct nnv_text csv = escaped(nnv_text_add_csv, s);
	bool quoted = csv.n > 0 && csv.p[0] == '"';
	size_t from = quoted ? 1 : 0, to = quoted ? csv.n - 1 : csv.n;

	require(nnv_utf8_valid(nnv_text_str(&csv)));
	require(!quoted || (csv.n >= 2 && csv.p[csv.n - 1] == '"'));
	require(from >= to || strchr("=+-@\t\r", csv.p[from]) == NULL);
	for (size_t i = from; i < to; i++) {
		require(quoted || strchr(",\"\r\n;", csv.p[i]) == NULL);
		if (csv.p[i] == '"') {
			i++;
			require(i < to && csv.p[i] == '"');
		}
	}
	nnv_text_release(&csv);
}

/* No markup, no new block, and nothing that a cell of a table ends at. */
static void
check_markdown(struct nnv_str s)
{
	struct nnv_text text = escaped(nnv_text_add_markdown, s);

	check_shown(nnv_text_str(&text));
	for (size_t i = 0; i < text.n; i++) {
		require(strchr("<>|`*_[]~$\"", text.p[i]) == NULL);
		if (text.p[i] == '\\')
			i++;
	}
	nnv_text_release(&text);
}

/* A message that quotes it is one line, whatever it says of places. */
static void
check_message(struct nnv_str s)
{
	char line[2 * NNV_DIAG_TEXT];
	struct nnv_diag diag;

	nnv_diag_init(&diag, "a file");
	nnv_fail(&diag, NNV_E_SCHEMA, "found \"%.*s\"", (int)s.n,
	    s.n != 0 ? s.p : "");
	nnv_diag_line(&diag, line, sizeof(line));
	check_shown(nnv_str(line));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str s = { (const char *)data, size };

	check_html(s);
	check_plain(s);
	check_json(s);
	check_csv(s);
	check_markdown(s);
	check_message(s);
	return 0;
}
