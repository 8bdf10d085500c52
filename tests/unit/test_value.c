/*
 * What one can ask of a value, whichever reader made it; and the parts that
 * both readers stand on.
 */
#include <stdlib.h>

#include "value/decimal.h"
#include "nnviz/sha1.h"

#include "reading.h"

#define PICKLE(literal) nnv_pickle_read, NNV_STR(literal)
#define JSON(literal) nnv_json_read, NNV_STR(literal)

static void
knows_kinds(void **state)
{
	static const enum nnv_kind kinds[] = { NNV_NULL, NNV_BOOL, NNV_INT,
		NNV_BIGINT, NNV_REAL, NNV_TEXT, NNV_BYTES, NNV_BYTEARRAY,
		NNV_LIST, NNV_TUPLE, NNV_SET, NNV_FROZENSET, NNV_MAP,
		NNV_INERT };
	struct reading r;
	nnv_value root;
	size_t i;

	(void)state;
	reading_begin(&r,
	    PICKLE("(N\x88K\x01"
		   "\x8a\x09\0\0\0\0\0\0\0\0\x01"
		   "G\0\0\0\0\0\0\0\0\x8c\0C\0"
		   "\x96\0\0\0\0\0\0\0\0])\x8f(\x91}"
		   "cbuiltins\nlist\nl."));
	root = nnv_tree_root(r.tree);
	assert_int_equal(nnv_value_len(r.tree, root),
	    sizeof(kinds) / sizeof(kinds[0]));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(nnv_value_kind(r.tree,
				     nnv_value_at(r.tree, root, i)),
		    kinds[i]);
	assert_string_equal(nnv_kind_name(NNV_MAP), "a map");
	reading_end(&r);
}

static void
takes_no_value_for_an_answer(void **state)
{
	struct reading r;
	int64_t integer;
	double real;
	bool truth;

	(void)state;
	reading_begin(&r, JSON("{}"));
	assert_int_equal(nnv_value_kind(r.tree, NNV_NO_VALUE), NNV_ABSENT);
	assert_false(nnv_value_int(r.tree, NNV_NO_VALUE, &integer));
	assert_false(nnv_value_real(r.tree, NNV_NO_VALUE, &real));
	assert_false(nnv_value_bool(r.tree, NNV_NO_VALUE, &truth));
	assert_null(nnv_value_text(r.tree, NNV_NO_VALUE).p);
	assert_null(nnv_value_dtype(r.tree, NNV_NO_VALUE).p);
	assert_int_equal(nnv_value_len(r.tree, NNV_NO_VALUE), 0);
	assert_int_equal(nnv_value_at(r.tree, NNV_NO_VALUE, 0), NNV_NO_VALUE);
	assert_int_equal(nnv_value_key(r.tree, NNV_NO_VALUE, 0), NNV_NO_VALUE);
	assert_int_equal(nnv_value_get(r.tree, NNV_NO_VALUE, NNV_STR("a")),
	    NNV_NO_VALUE);
	assert_int_equal(nnv_value_place(r.tree, NNV_NO_VALUE).kind,
	    NNV_NOWHERE);
	assert_false(nnv_value_is_seq(r.tree, NNV_NO_VALUE));
	reading_end(&r);
}

static void
converts_numbers(void **state)
{
	struct reading r;
	nnv_value root;
	int64_t integer = 0;
	double real = 0;
	bool truth = false;

	(void)state;
	reading_begin(&r,
	    JSON("[2.0, 2.5, 3, true, \"4\", 1e300, 9.3e18, -1e3]"));
	root = nnv_tree_root(r.tree);
#define AT(i) nnv_value_at(r.tree, root, (i))
	assert_true(nnv_value_int(r.tree, AT(0), &integer));
	assert_int_equal(integer, 2);
	assert_false(nnv_value_int(r.tree, AT(1), &integer));
	assert_true(nnv_value_real(r.tree, AT(2), &real));
	assert_true(real == 3);
	assert_false(nnv_value_int(r.tree, AT(3), &integer));
	assert_false(nnv_value_real(r.tree, AT(3), &real));
	assert_true(nnv_value_bool(r.tree, AT(3), &truth));
	assert_true(truth);
	assert_false(nnv_value_int(r.tree, AT(4), &integer));
	assert_false(nnv_value_int(r.tree, AT(5), &integer));
	assert_false(nnv_value_int(r.tree, AT(6), &integer));
	assert_true(nnv_value_int(r.tree, AT(7), &integer));
	assert_int_equal(integer, -1000);
	assert_int_equal(AT(8), NNV_NO_VALUE);
#undef AT
	reading_end(&r);
}

/* Maps with the same keys share them; one that differs has its own. */
static void
looks_up_keys(void **state)
{
	static const char text[] = "[{\"id\": 1, \"a key of some length\": 2},"
				   " {\"id\": 3, \"a key of some length\": 4},"
				   " {\"id\": 5, \"a key of soXe length\": 6},"
				   " {\"\": 7}]";
	struct reading r;
	nnv_value root, map;
	int64_t value = 0;

	(void)state;
	reading_begin(&r, JSON(text));
	root = nnv_tree_root(r.tree);
	map = nnv_value_at(r.tree, root, 1);
	assert_true(nnv_value_int(r.tree,
	    nnv_value_get(r.tree, map, NNV_STR("a key of some length")),
	    &value));
	assert_int_equal(value, 4);
	assert_int_equal(nnv_value_get(r.tree, map, NNV_STR("i")),
	    NNV_NO_VALUE);
	assert_int_equal(nnv_value_get(r.tree, map, NNV_STR("idx")),
	    NNV_NO_VALUE);
	map = nnv_value_at(r.tree, root, 2);
	assert_int_equal(nnv_value_get(r.tree, map,
			     NNV_STR("a key of some length")),
	    NNV_NO_VALUE);
	map = nnv_value_at(r.tree, root, 3);
	assert_true(nnv_value_int(r.tree,
	    nnv_value_get(r.tree, map, NNV_STR("")), &value));
	assert_int_equal(value, 7);
	reading_end(&r);
}

/* Two thousand different lists of keys are more than are kept. */
static void
survives_many_shapes(void **state)
{
	enum { MAPS = 2000, LEN = 32 };
	char text[MAPS * LEN + 2];
	struct reading r;
	size_t n = 0, i;

	(void)state;
	text[n++] = '[';
	for (i = 0; i < MAPS; i++)
		n += (size_t)snprintf(text + n, LEN, "{\"k%zu\":%zu,\"b\":0},",
		    i, i);
	text[n - 1] = ']';
	reading_begin(&r, nnv_json_read, (struct nnv_str){ text, n });
	for (i = 0; i < MAPS; i++) {
		nnv_value map = nnv_value_at(r.tree, nnv_tree_root(r.tree), i);
		int64_t value = -1;
		char key[LEN];

		snprintf(key, sizeof(key), "k%zu", i);
		assert_true(nnv_value_int(r.tree,
		    nnv_value_get(r.tree, map, nnv_str(key)), &value));
		assert_int_equal(value, i);
	}
	reading_end(&r);
}

static void
knows_places(void **state)
{
	struct reading r;
	struct nnv_place place;
	nnv_value root;

	(void)state;
	reading_begin(&r, JSON("{\n\t\"\xc3\xa9\": [1,\n {}]}"));
	root = nnv_value_at(r.tree, nnv_tree_root(r.tree), 0);
	place = nnv_value_place(r.tree, root);
	assert_int_equal(place.kind, NNV_AT_LINE);
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 7);
	place = nnv_value_place(r.tree, nnv_value_at(r.tree, root, 1));
	assert_int_equal(place.line, 3);
	assert_int_equal(place.column, 2);
	reading_end(&r);
	reading_begin(&r,
	    PICKLE("\x80\x04]K\x01"
		   "aI5\na."));
	root = nnv_tree_root(r.tree);
	assert_int_equal(nnv_value_place(r.tree, root).kind, NNV_AT_OFFSET);
	assert_int_equal(nnv_value_place(r.tree, root).offset, 2);
	assert_int_equal(nnv_value_place(r.tree, nnv_value_at(r.tree, root, 0))
			     .offset,
	    3);
	assert_int_equal(nnv_value_place(r.tree, nnv_value_at(r.tree, root, 1))
			     .offset,
	    6);
	reading_end(&r);
}

static void
reads_again(void **state)
{
	const struct nnv_tree_limits limits = { (size_t)1 << 20, 8 };
	struct nnv_tree *tree = nnv_tree_new(limits);
	struct nnv_diag diag;

	(void)state;
	assert_non_null(tree);
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_json_read(tree, NNV_STR("[1]"), &diag));
	assert_true(nnv_pickle_read(tree, NNV_STR("}."), &diag));
	assert_int_equal(nnv_value_kind(tree, nnv_tree_root(tree)), NNV_MAP);
	assert_false(nnv_json_read(tree, NNV_STR("["), &diag));
	assert_int_equal(nnv_tree_root(tree), NNV_NO_VALUE);
	nnv_tree_free(tree);
	nnv_tree_free(NULL);
}

static void
writes_any_value(void **state)
{
	(void)state;
	assert_reads(PICKLE("(K\x01\x85NNNC\x02"
			    "a\xffNd."),
	    "{\"[1]\": null, \"null\": null, \"a\xc3\xbf\": null}");
	assert_reads(PICKLE("\x96\x01\0\0\0\0\0\0\0\""
			    "."),
	    "\"\\\"\"");
	assert_reads(PICKLE("]cbuiltins\nset\na."), "[\"builtins.set\"]");
}

static void
writes_a_value_that_holds_itself(void **state)
{
	struct reading r;
	struct nnv_text text = NNV_TEXT_EMPTY;

	(void)state;
	reading_begin(&r,
	    PICKLE("]\x94h\x00"
		   "a."));
	nnv_value_write_json(r.tree, nnv_tree_root(r.tree), 3, &text);
	assert_string_equal(text.p, "[[[null]]]");
	nnv_text_release(&text);
	reading_end(&r);
}

/* Ten times ten times ... the same list: what is written stays bounded. */
static void
writes_only_so_much(void **state)
{
	char file[512] = "]\x94";
	struct reading r;
	size_t n = 2, i, j;

	(void)state;
	for (i = 0; i < 12; i++) {
		file[n++] = '(';
		for (j = 0; j < 10; j++) {
			file[n++] = 'h';
			file[n++] = (char)i;
		}
		file[n++] = 'l';
		file[n++] = '\x94';
	}
	file[n++] = '.';
	reading_begin(&r, nnv_pickle_read, (struct nnv_str){ file, n });
	assert_true(r.done);
	assert_in_range(r.json.n, 1000, 200000);
	reading_end(&r);
}

static void
reads_reals_exactly(void **state)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "0", 0.0 },
		{ "123456789012345678", 123456789012345678.0 },
		{ "1e22", 1e22 },
		{ "1e23", 1e23 },
		{ "8.5e-5", 8.5e-5 },
		{ "4.35", 4.35 },
		{ "2.2250738585072014e-308", 2.2250738585072014e-308 },
		{ "4.9e-324", 4.9e-324 },
		{ "2e-324", 0.0 },
		{ "1.7976931348623157e308", 1.7976931348623157e308 },
		{ "0.000000000000000000000000000001e30", 1.0 },
		{ "1000000000000000000000000000000e-30", 1.0 },
		{ "1e-99999999999999999999", 0.0 },
		{ ".5", 0.5 },
		{ "5.", 5.0 },
	};
	double value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(nnv_decimal_real(nnv_str(cases[i].text), &value));
		if (value != cases[i].value)
			fail_msg("%s gives %.17g", cases[i].text, value);
	}
	assert_true(nnv_decimal_real(NNV_STR("-0"), &value));
	assert_true(value == 0 && 1 / value < 0);
	assert_false(nnv_decimal_real(NNV_STR("."), &value));
	assert_false(nnv_decimal_real(NNV_STR("1e"), &value));
	assert_false(nnv_decimal_real(NNV_STR("1 "), &value));
	assert_false(nnv_decimal_real(NNV_STR(""), &value));
}

/* Whatever %.17g prints, in any of its shapes, comes back. */
static void
reads_back_what_is_printed(void **state)
{
	uint64_t bits = 88172645463325252U;
	int i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		double value, back = 0;
		char text[64];

		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&value, &bits, sizeof(value));
		if (value - value != 0)
			continue;
		snprintf(text, sizeof(text), "%.*g", 1 + i % 17 + i % 2 * 16,
		    value);
		assert_true(nnv_decimal_real(nnv_str(text), &back));
		if (back != strtod(text, NULL))
			fail_msg("%s gives %.17g", text, back);
	}
}

static void
sums(void **state)
{
	/* FIPS 180, and the two lengths around which the padding changes */
	static const struct {
		const char *text;
		unsigned char begins[4];
	} cases[] = {
		{ "", { 0xda, 0x39, 0xa3, 0xee } },
		{ "abc", { 0xa9, 0x99, 0x3e, 0x36 } },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    { 0x84, 0x98, 0x3e, 0x44 } },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		    { 0xc1, 0xc8, 0xbb, 0xdc } },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaa",
		    { 0x00, 0x98, 0xba, 0x82 } },
	};
	unsigned char digest[NNV_SHA1_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		nnv_sha1(nnv_str(cases[i].text), digest);
		assert_memory_equal(digest, cases[i].begins, 4);
	}
}

UNIT_MAIN("value", cmocka_unit_test(knows_kinds),
    cmocka_unit_test(takes_no_value_for_an_answer),
    cmocka_unit_test(converts_numbers), cmocka_unit_test(looks_up_keys),
    cmocka_unit_test(survives_many_shapes), cmocka_unit_test(knows_places),
    cmocka_unit_test(reads_again), cmocka_unit_test(writes_any_value),
    cmocka_unit_test(writes_a_value_that_holds_itself),
    cmocka_unit_test(writes_only_so_much),
    cmocka_unit_test(reads_reals_exactly),
    cmocka_unit_test(reads_back_what_is_printed), cmocka_unit_test(sums))
