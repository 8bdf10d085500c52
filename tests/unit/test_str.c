/*
 * Searching slices, and taking them apart.
 */
#include "nnviz/str.h"

#include <stdlib.h>

#include "unit.h"

/* By definition: the first place of NEEDLE, or the last, or S.n. */
static size_t
place_of(struct nnv_str s, struct nnv_str needle, bool last)
{
	size_t found = s.n, i;

	for (i = 0; i + needle.n <= s.n; i++)
		if (memcmp(s.p + i, needle.p, needle.n) == 0 &&
		    (last || found == s.n))
			found = i;
	return found;
}

static void
finds_what_is_there(void **state)
{
	static const struct {
		const char *s, *needle;
		size_t first, last;
	} cases[] = {
		{ "abcabc", "abc", 0, 3 },
		{ "abcabc", "c", 2, 5 },
		{ "aab", "ab", 1, 1 },
		{ "aaaa", "aa", 0, 2 },
		{ "abc", "abc", 0, 0 },
		{ "abc", "abcd", 3, 3 },
		{ "abc", "bd", 3, 3 },
		{ "", "a", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nnv_str s = nnv_str(cases[i].s);
		struct nnv_str needle = nnv_str(cases[i].needle);

		assert_int_equal(nnv_str_find(s, needle), cases[i].first);
		assert_int_equal(nnv_str_find_last(s, needle), cases[i].last);
	}
	assert_int_equal(nnv_str_find(nnv_str(NULL), NNV_STR("a")), 0);
	assert_int_equal(nnv_str_find_last(nnv_str(NULL), NNV_STR("a")), 0);
	assert_int_equal(nnv_str_find(NNV_STR("a\0b\0"), NNV_STR("\0")), 1);
	assert_int_equal(nnv_str_find_last(NNV_STR("a\0b\0"), NNV_STR("\0")),
	    3);
}

static void
assert_found(struct nnv_str s, struct nnv_str needle)
{
	assert_int_equal(nnv_str_find(s, needle), place_of(s, needle, false));
	assert_int_equal(nnv_str_find_last(s, needle),
	    place_of(s, needle, true));
}

/* Every piece of WORD is looked for in it, and in its beginnings. */
static void
look_for_pieces(struct nnv_str word)
{
	for (size_t from = 0; from < word.n; from++)
		for (size_t to = from + 1; to <= word.n; to++) {
			struct nnv_str piece = { word.p + from, to - from };

			for (size_t n = 0; n <= word.n; n++)
				assert_found((struct nnv_str){ word.p, n },
				    piece);
		}
}

/* Words of two letters: starts that are wrong, and ends that are not there. A
 * word ends where its memory does. */
static void
finds_as_defined(void **state)
{
	enum { LETTERS = 7 };

	(void)state;
	for (unsigned bits = 0; bits < 1u << LETTERS; bits++) {
		char *word = malloc(LETTERS);

		assert_non_null(word);
		for (size_t i = 0; i < LETTERS; i++)
			word[i] = bits >> i & 1 ? 'b' : 'a';
		look_for_pieces((struct nnv_str){ word, LETTERS });
		free(word);
	}
}

static void
takes_apart(void **state)
{
	struct nnv_str all = NNV_STR("one\n\ntwo"), rest = all, line;

	(void)state;
	line = nnv_str_take(&rest, '\n');
	assert_true(nnv_str_eq(line, NNV_STR("one")));
	line = nnv_str_take(&rest, '\n');
	assert_true(line.n == 0 && line.p == all.p + 4);
	line = nnv_str_take(&rest, '\n');
	assert_true(nnv_str_eq(line, NNV_STR("two")));
	assert_true(rest.n == 0 && rest.p == all.p + all.n);
	line = nnv_str_take(&rest, '\n');
	assert_true(line.n == 0 && rest.p == all.p + all.n);

	/* an end at the very end leaves nothing behind it */
	rest = NNV_STR("x=");
	line = nnv_str_take(&rest, '=');
	assert_true(nnv_str_eq(line, NNV_STR("x")) && rest.n == 0);
	assert_ptr_equal(rest.p, line.p + 2);

	rest = nnv_str(NULL);
	assert_null(nnv_str_take(&rest, '=').p);
	assert_null(rest.p);
}

static void
finds_the_last_part(void **state)
{
	static const struct {
		const char *s, *behind;
	} cases[] = { { "a/b/c.txt", "c.txt" }, { "c.txt", "c.txt" },
		{ "/c", "c" }, { "a/", "" }, { "", "" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(nnv_str_eq(nnv_str_behind(nnv_str(cases[i].s), '/'),
		    nnv_str(cases[i].behind)));
	assert_null(nnv_str_behind(nnv_str(NULL), '/').p);
}

static void
trims_both_ends(void **state)
{
	struct nnv_str s = nnv_str_trim(NNV_STR(" \t\n\v\f\ra  b \r\n"));

	(void)state;
	assert_true(nnv_str_eq(s, NNV_STR("a  b")));
	assert_int_equal(nnv_str_trim(NNV_STR(" \n ")).n, 0);
	assert_int_equal(nnv_str_trim(NNV_STR("\x08z\x0e")).n, 3);
	assert_null(nnv_str_trim(nnv_str(NULL)).p);
}

UNIT_MAIN("str", cmocka_unit_test(finds_what_is_there),
    cmocka_unit_test(finds_as_defined), cmocka_unit_test(takes_apart),
    cmocka_unit_test(finds_the_last_part), cmocka_unit_test(trims_both_ends))
