/*
 * The JSON reader.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include <stdlib.h>

#include "reading.h"
#include "scarce.h"

#define JSON(literal) nnv_json_read, NNV_STR(literal)

#define assert_json(literal, json) assert_reads(JSON(literal), json)
#define assert_broken(literal, message) \
	assert_refuses(JSON(literal), NNV_E_SYNTAX, message)

static void
reads_what_it_writes(void **state)
{
	(void)state;
	assert_json("null", "null");
	assert_json(" [true , false]\r\n", "[true, false]");
	assert_json("{\"a\": [{}, [], \"\"], \"b\": {\"c\": -0.5}}",
	    "{\"a\": [{}, [], \"\"], \"b\": {\"c\": -0.5}}");
	assert_json("\xef\xbb\xbf[]", "[]");
	assert_json("[NaN, Infinity, -Infinity]", "[NaN, Infinity, -Infinity]");
}

static void
reads_numbers(void **state)
{
	(void)state;
	assert_json("[0, -0, 1, -12]", "[0, 0, 1, -12]");
	assert_json("9223372036854775807", "9223372036854775807");
	assert_json("-9223372036854775808", "-9223372036854775808");
	assert_json("[1e2, 1.5E-3, 0.1, 5e-324, 1e999]",
	    "[100.0, 0.0015, 0.1, 5e-324, Infinity]");
	assert_json("[2.2250738585072011e-308, 9007199254740993.0]",
	    "[2.225073858507201e-308, 9007199254740992.0]");
	assert_json("0.1000000000000000055511151231257827021181583404541015625",
	    "0.1");
	assert_broken("[01]", "1:3: expected a comma or ']': found '1'");
	assert_broken("[1.]", "1:2: not a number: found '1'");
	assert_broken("[-]", "1:2: not a number: found '-'");
	assert_broken("[+1]", "1:2: expected a value: found '+'");
	assert_broken("[1e+]", "1:2: not a number: found '1'");
	assert_broken("-", "1:1: expected a value: found '-'");
}

/* Numbers with more behind them than is looked at in one go. */
static void
reads_numbers_in_rows(void **state)
{
	(void)state;
	assert_json("[0, 7, 1234567, 12345678, 123456789, \"12345678\"]",
	    "[0, 7, 1234567, 12345678, 123456789, \"12345678\"]");
	assert_json("[1.5, 10.25, 2e3, 2E3, -4, -1234567, 0.5, 0e1, {}, []]",
	    "[1.5, 10.25, 2000.0, 2000.0, -4, -1234567, 0.5, 0.0, {}, []]");
	assert_broken("[1, 01, \"12345678\"]",
	    "1:6: expected a comma or ']': found '1'");
	assert_broken("[12\xc3\xa9, \"12345678\"]",
	    "1:4: expected a comma or ']': found '\xc3\xa9'");
	assert_broken("[12:34, \"12345678\"]",
	    "1:4: expected a comma or ']': found ':'");
	assert_broken("[1., 2, 3, 4, 5, 6]", "1:2: not a number: found '1'");
}

/* One more than halfway between two doubles, a thousand digits behind. */
static void
rounds_by_the_last_digit(void **state)
{
	static const char half[] = "9007199254740993.";
	char text[1100];
	size_t n = sizeof(half) - 1;

	(void)state;
	memcpy(text, half, n);
	memset(text + n, '0', 1000);
	n += 1000;
	assert_reads(nnv_json_read, (struct nnv_str){ text, n },
	    "9007199254740992.0");
	text[n - 1] = '1';
	assert_reads(nnv_json_read, (struct nnv_str){ text, n },
	    "9007199254740994.0");
}

static void
says_when_an_integer_is_too_large(void **state)
{
	struct reading r;

	(void)state;
	reading_begin(&r,
	    JSON("[9223372036854775808, 1e0, 10000000000000000000"
		 "0]"));
	assert_string_equal(r.json.p, "[9.223372036854776e+18, 1.0, 1e+20]");
	assert_int_equal(r.diag.nwarnings, 1);
	assert_int_equal(r.diag.warnings[0].count, 2);
	assert_string_equal(r.diag.warnings[0].text,
	    "the integer 9223372036854775808 is too large: it becomes a real "
	    "number");
	reading_end(&r);
}

static void
reads_texts(void **state)
{
	(void)state;
	assert_json("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	    "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
	assert_json("\"a\\u00e9\\uD83D\\ude00b\"",
	    "\"a\xc3\xa9\xf0\x9f\x98\x80"
	    "b\"");
	assert_json("\"\\ud83d\"", "\"\xef\xbf\xbd\"");
	assert_json("\"\\ude00\\ud83d\"", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_json("\"\\ud83d\\u0041\"",
	    "\"\xef\xbf\xbd"
	    "A\"");
	assert_json("\"\xe8\xae\xa1 and much more than eight\"",
	    "\"\xe8\xae\xa1 and much more than eight\"");
	assert_json("\"\x7f\"", "\"\x7f\"");
	assert_broken("\"\\x41\"",
	    "1:3: an escape that has no meaning: found 'x'");
	assert_broken("\"\\u12G4\"",
	    "1:6: expected four hexadecimal digits: found 'G'");
	assert_broken("[\"\xc3\xa9\xff\"]",
	    "1:4: a string that is not UTF-8: found the byte 0xff");
	assert_broken("\"12345678\xed\xa0\x80\"",
	    "1:10: a string that is not UTF-8: found the byte 0xed");
	assert_broken("\"tab\t\"",
	    "1:5: a string that is not closed: found the byte 0x09");
	assert_broken("[\"abc",
	    "1:6: a string that is not closed: the text ends here");
	assert_broken("\"\\",
	    "1:3: a string that is not closed: the text ends here");
}

static void
refuses_other_grammars(void **state)
{
	(void)state;
	assert_broken("", "1:1: expected a value: the text ends here");
	assert_broken("[1,]", "1:4: expected a value: found ']'");
	assert_broken("[1 2]", "1:4: expected a comma or ']': found '2'");
	assert_broken("[1}", "1:3: expected a comma or ']': found '}'");
	assert_broken("{\"a\":1,}", "1:8: expected a key in quotes: found '}'");
	assert_broken("{a:1}", "1:2: expected a key in quotes: found 'a'");
	assert_broken("{\"a\" 1}", "1:6: expected a colon: found '1'");
	assert_broken("{\n  \"a\": tru\n}", "2:8: expected a value: found 't'");
	assert_broken("[] []", "1:4: expected the end: found '['");
	assert_broken("nullx", "1:5: expected the end: found 'x'");
	assert_broken("['a']", "1:2: expected a value: found '''");
	assert_broken("[1] // no", "1:5: expected the end: found '/'");
	assert_broken("[\x01]", "1:2: expected a value: found the byte 0x01");
	assert_broken("[-Infinit]", "1:2: expected a value: found '-'");
}

static void
counts_depth(void **state)
{
	char text[2 * READING_DEPTH + 3];

	(void)state;
	memset(text, '[', sizeof(text));
	memset(text + READING_DEPTH, ']', READING_DEPTH);
	assert_true(survives(nnv_json_read,
	    (struct nnv_str){ text, (size_t)2 * READING_DEPTH }));
	memset(text, '[', sizeof(text));
	assert_refuses(nnv_json_read,
	    (struct nnv_str){ text, READING_DEPTH + 1 }, NNV_E_LIMIT,
	    "1:33: nested deeper than 32");
}

static void
keeps_the_last_of_equal_keys(void **state)
{
	struct reading r;

	(void)state;
	reading_begin(&r, JSON("[{\"a\": 1, \"b\": 2, \"\\u0061\": 3}]"));
	assert_string_equal(r.json.p, "[{\"a\": 3, \"b\": 2}]");
	assert_int_equal(r.diag.nwarnings, 1);
	assert_string_equal(r.diag.warnings[0].text,
	    "the key \"a\" occurs twice: the last value counts");
	reading_end(&r);
}

/* More keys than have a shape: "0", "1", ..., and "0" again. */
static void
keeps_the_last_of_many(void **state)
{
	enum { N = 5000, LEN = 16 };
	char *text = malloc((size_t)(N + 2) * LEN);
	struct reading r;
	nnv_value root;
	int64_t value = 0;
	size_t n = 0, i;

	(void)state;
	assert_non_null(text);
	text[n++] = '{';
	for (i = 0; i < N; i++)
		n += (size_t)snprintf(text + n, LEN, "\"%zu\":%zu,", i, i);
	n += (size_t)snprintf(text + n, LEN, "\"0\":77}");
	reading_begin(&r, nnv_json_read, (struct nnv_str){ text, n });
	root = nnv_tree_root(r.tree);
	assert_int_equal(nnv_value_len(r.tree, root), N);
	assert_true(nnv_value_int(r.tree, nnv_value_at(r.tree, root, 0),
	    &value));
	assert_int_equal(value, 77);
	assert_true(nnv_value_int(r.tree,
	    nnv_value_get(r.tree, root, NNV_STR("4999")), &value));
	assert_int_equal(value, 4999);
	reading_end(&r);
	free(text);
}

static const char everything[] =
    "{\"name\": \"conv\\u0031\", \"shape\": [1, -2.5e3, 12345678901234567890],"
    " \"x\": {\"name\": null, \"shape\": true, \"x\": false}, \"\xc3\xa9\": "
    "[[], {}, NaN, \"\\ud83d\\ude00 and so on and on\"], \"name\": -1}";

static void
survives_every_cut(void **state)
{
	struct nnv_str all = { everything, sizeof(everything) - 1 };
	size_t n;

	(void)state;
	assert_true(survives(nnv_json_read, all));
	for (n = 0; n < all.n; n++) {
		/* of its own size, so that a sanitizer sees the end */
		char *copy = malloc(n != 0 ? n : 1);

		assert_non_null(copy);
		memcpy(copy, all.p, n);
		assert_false(survives(nnv_json_read,
		    (struct nnv_str){ copy, n }));
		free(copy);
	}
}

static void
survives_every_flip(void **state)
{
	char file[sizeof(everything) - 1];
	size_t i, done = 0;
	int bit;

	(void)state;
	for (i = 0; i < sizeof(file); i++) {
		for (bit = 0; bit < 8; bit++) {
			memcpy(file, everything, sizeof(file));
			file[i] ^= (char)(1 << bit);
			done += survives(nnv_json_read,
			    (struct nnv_str){ file, sizeof(file) });
		}
	}
	assert_in_range(done, 1, sizeof(file) * 8 - 1);
}

static void
survives_a_lack_of_memory(void **state)
{
	const struct nnv_tree_limits limits = { (size_t)1 << 30,
		READING_DEPTH };
	long n, refused = 0;
	bool done = false, short_of_it = true;

	(void)state;
	for (n = 0; short_of_it; n++) {
		struct nnv_diag diag;
		struct nnv_tree *tree;

		nnv_diag_init(&diag, NULL);
		scarce_begin(n);
		tree = nnv_tree_new(limits);
		done = tree != NULL &&
		    nnv_json_read(tree, NNV_STR(everything), &diag);
		short_of_it = scarce_end();
		if (!done && tree != NULL)
			assert_int_equal(diag.code, NNV_E_MEMORY);
		refused += !done;
		nnv_tree_free(tree);
	}
	assert_true(done);
	assert_in_range(refused, 3, 1000);
}

UNIT_MAIN("json", cmocka_unit_test(reads_what_it_writes),
    cmocka_unit_test(reads_numbers), cmocka_unit_test(reads_numbers_in_rows),
    cmocka_unit_test(rounds_by_the_last_digit),
    cmocka_unit_test(says_when_an_integer_is_too_large),
    cmocka_unit_test(reads_texts), cmocka_unit_test(refuses_other_grammars),
    cmocka_unit_test(counts_depth),
    cmocka_unit_test(keeps_the_last_of_equal_keys),
    cmocka_unit_test(keeps_the_last_of_many),
    cmocka_unit_test(survives_every_cut), cmocka_unit_test(survives_every_flip),
    cmocka_unit_test(survives_a_lack_of_memory))
