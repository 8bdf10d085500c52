/*
 * Growable text, numbers, escapes, UTF-8, the nearest word.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include "nnviz/text.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"
#include "scarce.h"

#define BAD "\xef\xbf\xbd"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

static void
grows_and_terminates(void **state)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	int i;

	(void)state;
	nnv_text_adds(&text, "");
	assert_string_equal(text.p, "");
	for (i = 0; i < 1000; i++) {
		nnv_text_addc(&text, 'a');
		assert_int_equal(text.p[text.n], '\0');
	}
	nnv_text_add(&text, (struct nnv_str){ "b\0c", 3 });
	nnv_text_add(&text, nnv_str(NULL));
	assert_int_equal(nnv_text_str(&text).n, 1003);
	assert_memory_equal(text.p + 999, "ab\0c", 5);
	nnv_text_clear(&text);
	assert_string_equal(text.p, "");
	nnv_text_release(&text);
	assert_null(text.p);
}

static void
formats_any_length(void **state)
{
	struct nnv_text text = NNV_TEXT_EMPTY, once = NNV_TEXT_EMPTY;
	int width;

	(void)state;
	for (width = 0; width < 700; width++) {
		nnv_text_clear(&once);
		nnv_text_addf(&once, "%s%*d|", "", width, 7);
		assert_int_equal(once.n, (width > 1 ? width : 1) + 1);
		assert_int_equal(once.p[once.n - 1], '|');
		assert_int_equal(strlen(once.p), once.n);
		nnv_text_addf(&text, "%s%*d|", "", width, 7);
		assert_int_equal(strlen(text.p), text.n);
	}
	nnv_text_release(&text);
	nnv_text_release(&once);
}

static void
writes_integers(void **state)
{
	static const struct {
		int64_t value;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ -1, "-1" },
		{ 1000, "1000" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	struct nnv_text text = NNV_TEXT_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(cases); i++) {
		nnv_text_clear(&text);
		nnv_text_addi(&text, cases[i].value);
		assert_string_equal(text.p, cases[i].text);
	}
	nnv_text_release(&text);
}

/* The texts are what Python 3.11 prints. */
static void
writes_reals_as_python(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0.0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1.0, "1.0" },
		{ -2.5, "-2.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 0.0001, "0.0001" },
		{ 0.00001, "1e-05" },
		{ 0.000123456, "0.000123456" },
		{ 1.5e-7, "1.5e-07" },
		{ 100000.0, "100000.0" },
		{ 1e15, "1000000000000000.0" },
		{ 9999999999999998.0, "9999999999999998.0" },
		{ 1e16, "1e+16" },
		{ 1e22, "1e+22" },
		{ 1e23, "1e+23" },
		{ 123456789012345.6, "123456789012345.6" },
		{ 1.2345678901234567e+18, "1.2345678901234568e+18" },
		{ 5e-324, "5e-324" },
		{ DBL_MIN, "2.2250738585072014e-308" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ 1e100, "1e+100" },
		{ 0x1p-44, "5.684341886080802e-14" },
		/* the nearest 16 digits read back as the neighbour below */
		{ 0x1p-1017, "7.120236347223045e-307" },
		{ 0x1p-957, "8.209073602596753e-289" },
		{ (double)0.1f, "0.10000000149011612" },
	};
	struct nnv_text text = NNV_TEXT_EMPTY;
	size_t i;

	(void)state;
	for (i = 0; i < LEN(cases); i++) {
		nnv_text_clear(&text);
		nnv_text_add_real(&text, cases[i].value);
		assert_string_equal(text.p, cases[i].text);
	}
	nnv_text_clear(&text);
	nnv_text_add_real(&text, (double)INFINITY);
	nnv_text_add_real(&text, -(double)INFINITY);
	nnv_text_add_real(&text, (double)NAN);
	nnv_text_add_real(&text, -(double)NAN);
	assert_string_equal(text.p, "inf-infnannan");
	nnv_text_release(&text);
}

/* A stream of numbers, the same in every run (Steele and Vigna's mixer). */
static uint64_t
next_random(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static size_t
count_digits(const char *s)
{
	size_t n = 0, zeros = 0;

	for (; *s != '\0' && *s != 'e'; s++) {
		if (*s == '0' && n > 0)
			zeros++;
		if (*s < '1' || *s > '9')
			continue;
		n += zeros + 1;
		zeros = 0;
	}
	return n;
}

/* Whatever the bits: it reads back, and no shorter %g does. */
static void
writes_the_shortest_real(void **state)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	uint64_t seed = 1, bits;
	char shorter[400];
	double value;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		bits = next_random(&seed) >> (i % 3 == 0 ? i % 64 : 0);
		memcpy(&value, &bits, sizeof(value));
		if (!isfinite(value) || value == 0)
			continue;
		nnv_text_clear(&text);
		nnv_text_add_real(&text, value);
		assert_true(strtod(text.p, NULL) == value);
		assert_true(count_digits(text.p) <= 17);
		snprintf(shorter, sizeof(shorter), "%.*g",
		    (int)count_digits(text.p) - 1, value);
		if (count_digits(text.p) > 1)
			assert_true(strtod(shorter, NULL) != value);
	}
	nnv_text_release(&text);
}

typedef void (*escape_fn)(struct nnv_text *text, struct nnv_str s);

static void
check_escape(escape_fn escape, struct nnv_str in, const char *want)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	escape(&text, in);
	nnv_text_adds(&text, "");
	assert_string_equal(text.p, want);
	nnv_text_release(&text);
}

static void
escapes_json(void **state)
{
	(void)state;
	check_escape(nnv_text_add_json, NNV_STR(""), "");
	check_escape(nnv_text_add_json, NNV_STR("a\"b\\c/"), "a\\\"b\\\\c/");
	check_escape(nnv_text_add_json, NNV_STR("a\200b\xc3\xa9\xc3"),
	    "a" BAD "b\xc3\xa9" BAD);
	check_escape(nnv_text_add_json, NNV_STR("<\xe2\x80\xae"),
	    "<\xe2\x80\xae");
	check_escape(nnv_text_add_json, NNV_STR("\b\t\n\f\r"),
	    "\\b\\t\\n\\f\\r");
	check_escape(nnv_text_add_json, NNV_STR("\0\x01\x1f\x7f"),
	    "\\u0000\\u0001\\u001f\x7f");
	check_escape(nnv_text_add_json, NNV_STR("\xe6\xa8\xa1\xff!\xe6"),
	    "\xe6\xa8\xa1" BAD "!" BAD);
	/* data, not looks: nothing valid is lost */
	check_escape(nnv_text_add_json, NNV_STR("\xe2\x80\xae\xef\xbf\xbf"),
	    "\xe2\x80\xae\xef\xbf\xbf");
}

static void
escapes_html(void **state)
{
	(void)state;
	check_escape(nnv_text_add_html, NNV_STR("a<b>&\"c'"),
	    "a&lt;b&gt;&amp;&quot;c'");
	check_escape(nnv_text_add_html, NNV_STR("x[1]"), "x[1&#93;");
	check_escape(nnv_text_add_html, NNV_STR("a\tb\nc\rd\\"), "a b c d\\");
	check_escape(nnv_text_add_html, NNV_STR("\0\x01\x08\x1f\x7f"),
	    BAD BAD BAD BAD BAD);
	check_escape(nnv_text_add_html, NNV_STR("\xc2\x80\xc2\x85\xc2\xa0"),
	    BAD " \xc2\xa0");
	/* override, isolate, noncharacters; line separator; an emoji */
	check_escape(nnv_text_add_html,
	    NNV_STR("\xe2\x80\xae\xe2\x81\xa6"
		    "\xef\xbf\xbe\xef\xbf\xbf\xe2\x80\xa8\xf0\x9f\x98\x80"),
	    BAD BAD BAD BAD " \xf0\x9f\x98\x80");
	/* just outside of what is taken out */
	check_escape(nnv_text_add_html,
	    NNV_STR("\xe2\x80\xaf\xe2\x81\xaa"
		    "\xe2\x80\x8f"),
	    "\xe2\x80\xaf\xe2\x81\xaa\xe2\x80\x8f");
	check_escape(nnv_text_add_html, NNV_STR("\xed\xa0\x80"), BAD BAD BAD);
}

static void
escapes_plain(void **state)
{
	(void)state;
	check_escape(nnv_text_add_plain, NNV_STR("a\\Nb\n\"<c>\t"),
	    "a\\\\Nb\\n&quot;&lt;c&gt; ");
	check_escape(nnv_text_add_plain, NNV_STR("\xe2\x80\xa9\xe2\x80\xad"),
	    "\\n" BAD);
}

static void
escapes_for_terminals(void **state)
{
	(void)state;
	check_escape(nnv_text_add_terminal, NNV_STR("a<\n&\t\"|\\"),
	    "a< & \"|\\");
	check_escape(nnv_text_add_terminal,
	    NNV_STR("\x1b[31m\xc2\x9b\xe2\x80\xae"), BAD "[31m" BAD BAD);
}

static void
escapes_markdown(void **state)
{
	(void)state;
	check_escape(nnv_text_add_markdown, NNV_STR("a|b_c*d`e\n[f](g)"),
	    "a\\|b\\_c\\*d\\`e \\[f\\](g)");
	check_escape(nnv_text_add_markdown, NNV_STR("<b>&\\"),
	    "&lt;b&gt;&amp;\\\\");
}

static void
escapes_csv(void **state)
{
	static const char *const formulas[] = { "=1", "+1", "-1", "@a" };

	(void)state;
	check_escape(nnv_text_add_csv, NNV_STR("layer1.0"), "layer1.0");
	check_escape(nnv_text_add_csv, NNV_STR("a,\"b\""), "\"a,\"\"b\"\"\"");
	check_escape(nnv_text_add_csv, NNV_STR("a\nb"), "\"a\nb\"");
	check_escape(nnv_text_add_csv, NNV_STR("\t=1"), "\"' =1\"");
	for (size_t i = 0; i < sizeof(formulas) / sizeof(*formulas); i++) {
		char expected[8];

		snprintf(expected, sizeof(expected), "\"'%s\"", formulas[i]);
		check_escape(nnv_text_add_csv, nnv_str(formulas[i]), expected);
	}
}

/* No escape, whatever it is fed, writes anything but valid UTF-8. */
static void
escapes_give_valid_utf8(void **state)
{
	static const escape_fn escapes[] = { nnv_text_add_csv,
		nnv_text_add_json, nnv_text_add_html, nnv_text_add_plain };
	struct nnv_text text = NNV_TEXT_EMPTY;
	uint64_t seed = 7, word;
	char in[8];
	int i;

	(void)state;
	for (i = 0; i < 40000; i++) {
		word = next_random(&seed) | (uint64_t)0x80e0 << i % 40;
		memcpy(in, &word, sizeof(in));
		nnv_text_clear(&text);
		escapes[i % 4](&text, (struct nnv_str){ in, sizeof(in) });
		assert_true(nnv_utf8_valid(nnv_text_str(&text)));
		if (i % 4 > 0)
			assert_null(memchr(text.p, '\n', text.n));
		if (i % 4 > 1)
			assert_null(memchr(text.p, '<', text.n));
	}
	nnv_text_release(&text);
}

static bool
fill(long granted)
{
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool refused;
	int i;

	scarce_begin(granted);
	for (i = 0; i < 100; i++) {
		nnv_text_adds(&text, "abc");
		nnv_text_addc(&text, 'd');
		nnv_text_addi(&text, i);
		nnv_text_addf(&text, "%0100d", i);
		nnv_text_add_real(&text, 1e-300 * i);
		nnv_text_add_json(&text, NNV_STR("\"x\""));
	}
	refused = scarce_end();
	assert_int_equal(nnv_text_failed(&text), refused);
	nnv_text_release(&text);
	assert_false(nnv_text_failed(&text));
	return refused;
}

static void
survives_every_lack_of_memory(void **state)
{
	long n = 0;

	(void)state;
	while (fill(n))
		n++;
	assert_true(n > 3);
}

/* Table 3-7 of the Unicode Standard, at its edges. */
static void
knows_utf8(void **state)
{
	static const struct {
		const char *s;
		size_t len;
	} cases[] = {
		{ "a", 1 },
		{ "\x7f", 1 },
		{ "\x80", 0 },
		{ "\xbf", 0 },
		{ "\xc0\x80", 0 },
		{ "\xc1\xbf", 0 },
		{ "\xc2\x80", 2 },
		{ "\xdf\xbf", 2 },
		{ "\xc2\x7f", 0 },
		{ "\xc2\xc0", 0 },
		{ "\xe0\x9f\xbf", 0 },
		{ "\xe0\xa0\x80", 3 },
		{ "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 },
		{ "\xed\xbf\xbf", 0 },
		{ "\xee\x80\x80", 3 },
		{ "\xef\xbf\xbf", 3 },
		{ "\xe1\x80", 0 },
		{ "\xe1\x80\x41", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf0\x90\x80\x80", 4 },
		{ "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 },
		{ "\xf0\x90\x80", 0 },
		{ "\xf0\x90\x80\xc0", 0 },
		{ "\xff", 0 },
		{ "", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < LEN(cases); i++) {
		struct nnv_str s = nnv_str(cases[i].s);

		assert_int_equal(nnv_utf8_len(s.p, s.p + s.n), cases[i].len);
		assert_int_equal(nnv_utf8_valid(s),
		    cases[i].len != 0 || s.n == 0);
	}
}

static void
validates_and_counts(void **state)
{
	struct nnv_str s;
	char buf[40];
	size_t at;

	(void)state;
	/* an invalid byte is found at every place of a run of eight */
	for (at = 0; at < sizeof(buf); at++) {
		memset(buf, 'a', sizeof(buf));
		s = (struct nnv_str){ buf, sizeof(buf) };
		assert_true(nnv_utf8_valid(s));
		buf[at] = (char)0xff;
		assert_false(nnv_utf8_valid(s));
		assert_int_equal(nnv_utf8_count(s), sizeof(buf));
	}
	assert_true(nnv_utf8_valid(nnv_str(NULL)));
	assert_int_equal(nnv_utf8_count(nnv_str(NULL)), 0);
	assert_int_equal(nnv_utf8_count(NNV_STR("\xe6\xa8\xa1\xe5\x9e\x8b.py")),
	    5);
	assert_int_equal(nnv_utf8_count(NNV_STR("\xe6\xa8x")), 3);
}

static size_t
nearest(const char *typed)
{
	static const struct nnv_str words[] = { NNV_STR_INIT("svg"),
		NNV_STR_INIT("pdf"), NNV_STR_INIT("png"), NNV_STR_INIT("dot"),
		NNV_STR_INIT("--collapse"), NNV_STR_INIT("--max-depth"),
		NNV_STR_INIT("dark") };

	return nnv_nearest(nnv_str(typed), words, LEN(words));
}

static void
finds_the_nearest(void **state)
{
	char longer[200];

	(void)state;
	assert_int_equal(nearest("svg"), 0);
	assert_int_equal(nearest("SVG"), 0);
	assert_int_equal(nearest("sgv"), 0);
	assert_int_equal(nearest("pgn"), 2);
	assert_int_equal(nearest("--colapse"), 4);
	assert_int_equal(nearest("--max_dpeth"), 5);
	assert_int_equal(nearest("drak"), 6);
	assert_int_equal(nearest("z"), 7);
	assert_int_equal(nearest(""), 7);
	assert_int_equal(nearest("something-else"), 7);
	assert_int_equal(nnv_nearest(NNV_STR("x"), NULL, 0), 0);
	/* of equally near ones the first */
	assert_int_equal(nearest("pxx"), 1);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(nearest(longer), 7);
}

UNIT_MAIN("text", cmocka_unit_test(grows_and_terminates),
    cmocka_unit_test(formats_any_length), cmocka_unit_test(writes_integers),
    cmocka_unit_test(writes_reals_as_python),
    cmocka_unit_test(writes_the_shortest_real), cmocka_unit_test(escapes_json),
    cmocka_unit_test(escapes_html), cmocka_unit_test(escapes_plain),
    cmocka_unit_test(escapes_for_terminals), cmocka_unit_test(escapes_markdown),
    cmocka_unit_test(escapes_csv), cmocka_unit_test(escapes_give_valid_utf8),
    cmocka_unit_test(survives_every_lack_of_memory),
    cmocka_unit_test(knows_utf8), cmocka_unit_test(validates_and_counts),
    cmocka_unit_test(finds_the_nearest))
