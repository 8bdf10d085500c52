/* Failures and warnings as data. */
#include "nnviz/diag.h"

#include <errno.h>
#include <string.h>

#include "nnviz/str.h"
#include "nnviz/text.h"
#include "unit.h"

#define BAD "\xef\xbf\xbd"

static void
keeps_the_first_failure(void **state)
{
	struct nnv_diag diag;

	(void)state;
	nnv_diag_init(&diag, "x.pkl");
	assert_int_equal(diag.code, NNV_OK);
	assert_false(nnv_fail_at(&diag, NNV_E_SYNTAX, NNV_PLACE_OFFSET(12),
	    "bad opcode 0x%02x", 0xff));
	assert_false(nnv_fail(&diag, NNV_E_MEMORY, "later"));
	assert_false(nnv_fail_memory(&diag));
	assert_int_equal(diag.code, NNV_E_SYNTAX);
	assert_int_equal(diag.place.offset, 12);
	assert_string_equal(diag.text, "bad opcode 0xff");
}

static void
check_line(struct nnv_place place, const char *source, const char *want)
{
	struct nnv_diag diag;
	char line[100];

	nnv_diag_init(&diag, source);
	nnv_fail_at(&diag, NNV_E_SYNTAX, place, "what is wrong");
	nnv_diag_line(&diag, line, sizeof(line));
	assert_string_equal(line, want);
}

static void
writes_a_line(void **state)
{
	struct nnv_place text = { NNV_AT_LINE, 0, 12, 7 };

	(void)state;
	check_line(NNV_PLACE_OFFSET(1234), "m.pkl",
	    "m.pkl: @1234: what is wrong");
	check_line(text, "m.json", "m.json: 12:7: what is wrong");
	check_line(NNV_PLACE_NONE, "m.json", "m.json: what is wrong");
	check_line(NNV_PLACE_NONE, NULL, "what is wrong");
	check_line(NNV_PLACE_OFFSET(UINT64_MAX), NULL,
	    "@18446744073709551615: what is wrong");
	check_line(NNV_PLACE_NONE, "a\nb\x1b[2J",
	    "a b" BAD "[2J: "
	    "what is wrong");
}

static void
makes_text_harmless(void **state)
{
	struct nnv_diag diag;

	(void)state;
	nnv_diag_init(&diag, NULL);
	nnv_fail(&diag, NNV_E_UNSAFE, "a\nb\tc\x1b\x7f\xff%s",
	    "\xe2\x80\xae\xc2\x9b\xe6\xa8\xa1");
	assert_string_equal(diag.text,
	    "a b c" BAD BAD BAD BAD BAD "\xe6\xa8\xa1");
}

/* Whatever the length: bounded, valid UTF-8, an ellipsis where it was cut. */
static void
cuts_between_characters(void **state)
{
	struct nnv_diag diag;
	char s[2000];
	size_t n, lead;

	(void)state;
	for (lead = 0; lead < 3; lead++) {
		for (n = 0; n < 600; n++) {
			memset(s, 'x', lead);
			memset(s + lead, '\xff', n);
			s[lead + n] = '\0';
			nnv_diag_init(&diag, NULL);
			nnv_fail(&diag, NNV_E_SYNTAX, "%s", s);
			assert_true(nnv_utf8_valid(nnv_str(diag.text)));
			if (lead + 3 * n < NNV_DIAG_TEXT)
				assert_int_equal(strlen(diag.text),
				    lead + 3 * n);
			else
				assert_true(nnv_str_ends(nnv_str(diag.text),
				    NNV_STR("...")));
		}
	}
}

static void
line_fits_any_buffer(void **state)
{
	struct nnv_diag diag;
	char line[64];
	size_t size;

	(void)state;
	nnv_diag_init(&diag, "mod\xc3\xa9le.pkl");
	nnv_fail_at(&diag, NNV_E_SYNTAX, NNV_PLACE_OFFSET(7), "\xe6\xa8\xa1");
	for (size = 1; size < sizeof(line); size++) {
		memset(line, '#', sizeof(line));
		nnv_diag_line(&diag, line, size);
		assert_true(strlen(line) < size);
		assert_int_equal(line[size], '#');
		assert_true(nnv_utf8_valid(nnv_str(line)));
		if (size > 3 && size < 20)
			assert_true(nnv_str_ends(nnv_str(line),
			    NNV_STR("...")));
	}
	assert_string_equal(line, "mod\xc3\xa9le.pkl: @7: \xe6\xa8\xa1");
}

static void
explains_system_and_limits(void **state)
{
	struct nnv_diag diag;

	(void)state;
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_fail_system(&diag, ENOENT, "cannot open"));
	assert_int_equal(diag.code, NNV_E_SYSTEM);
	assert_string_equal(diag.text,
	    "cannot open: No such file or directory");
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_fail_memory(&diag));
	assert_int_equal(diag.code, NNV_E_MEMORY);
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_fail_limit(&diag, "input", (size_t)3 << 20));
	assert_int_equal(diag.code, NNV_E_LIMIT);
	assert_string_equal(diag.text, "input larger than the limit of 3 MiB");
	nnv_diag_init(&diag, NULL);
	nnv_fail_limit(&diag, "input", 1000);
	assert_string_equal(diag.text,
	    "input larger than the limit of 1000 bytes");
}

static void
counts_warnings_by_kind(void **state)
{
	char again[] = "trailing";
	struct nnv_diag diag;
	int i;

	(void)state;
	nnv_diag_init(&diag, NULL);
	nnv_warn(&diag, "trailing", "%d bytes", 3);
	nnv_warn(&diag, "duplicate", "key \"a\"");
	for (i = 0; i < 5; i++)
		nnv_warn(&diag, again, "%d bytes", 100);
	assert_int_equal(diag.nwarnings, 2);
	assert_string_equal(diag.warnings[0].text, "3 bytes");
	assert_int_equal(diag.warnings[0].count, 6);
	assert_int_equal(diag.warnings[1].count, 1);
	assert_int_equal(diag.code, NNV_OK);
}

static void
remembers_a_bounded_number_of_kinds(void **state)
{
	static const char kinds[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ";
	char names[sizeof(kinds)][2];
	struct nnv_diag diag;
	size_t i;

	(void)state;
	nnv_diag_init(&diag, NULL);
	for (i = 0; i < sizeof(kinds) - 1; i++) {
		names[i][0] = kinds[i];
		names[i][1] = '\0';
		nnv_warn(&diag, names[i], "w");
	}
	assert_int_equal(diag.nwarnings, NNV_DIAG_WARNINGS);
	assert_string_equal(diag.warnings[NNV_DIAG_WARNINGS - 1].kind, "x");
}

static void
keeps_each_that_is_not_alike(void **state)
{
	struct nnv_diag diag;
	int i;

	(void)state;
	nnv_diag_init(&diag, NULL);
	for (i = 0; i < 3; i++) {
		nnv_warn_each(&diag, "-c", "no \"%c\"", 'a' + i);
		nnv_warn_each(&diag, "-c", "no \"%c\"", 'a' + i);
	}
	assert_int_equal(diag.nwarnings, 3);
	assert_string_equal(diag.warnings[2].text, "no \"c\"");
	assert_int_equal(diag.warnings[2].count, 1);
	for (i = 3; i < NNV_DIAG_WARNINGS + 5; i++)
		nnv_warn_each(&diag, "-c", "no \"%c\"", 'a' + i);
	assert_int_equal(diag.nwarnings, NNV_DIAG_WARNINGS);
	assert_int_equal(diag.warnings[NNV_DIAG_WARNINGS - 1].count, 6);
	nnv_warn_each(&diag, "-e", "no other kind");
	assert_int_equal(diag.nwarnings, NNV_DIAG_WARNINGS);
}

static void
writes_a_warning_on_a_line(void **state)
{
	struct nnv_diag diag;
	char line[100];

	(void)state;
	nnv_diag_init(&diag, "a\nnnviz-c: b\x1b]0;c\a");
	nnv_warn(&diag, "odd", "what is odd");
	nnv_diag_warning(&diag, 0, line, sizeof(line));
	assert_string_equal(line,
	    "a nnviz-c: b" BAD "]0;c" BAD ": warning: what is odd");
	nnv_warn(&diag, "odd", "once more");
	nnv_warn(&diag, "odd", "once more");
	diag.source = NULL;
	nnv_diag_warning(&diag, 0, line, sizeof(line));
	assert_string_equal(line, "-: warning: what is odd (and 2 more)");
	nnv_diag_warning(&diag, 0, line, 12);
	assert_string_equal(line, "-: warni...");
	nnv_diag_warning(&diag, 0, line, 0);
}

static void
adopts_what_is_a_diagnostic(void **state)
{
	struct nnv_diag own, other;

	(void)state;
	nnv_diag_init(&own, "own.pkl");
	nnv_warn(&own, "old", "is forgotten");
	nnv_diag_init(&other, (const char *)1);
	nnv_fail_limit(&other, "input", 7);
	nnv_limited(&other, "input");
	nnv_warn(&other, "odd", "what is odd");
	memcpy(other.warnings[0].text, "\x1b[2J\n\xff", 7);
	assert_true(nnv_diag_adopt(&own, &other));
	assert_string_equal(own.source, "own.pkl");
	assert_int_equal(own.code, NNV_E_LIMIT);
	assert_string_equal(own.limit, "input");
	assert_int_equal(own.nwarnings, 1);
	assert_string_equal(own.warnings[0].kind, "odd");
	assert_string_equal(own.warnings[0].text, BAD "[2J " BAD);
}

/* One field at a time as no diagnostic has it. */
static void
adopts_nothing_else(void **state)
{
	enum { CASES = 6 };
	struct nnv_diag own, other;
	int i;

	(void)state;
	for (i = 0; i < CASES; i++) {
		nnv_diag_init(&own, "own.pkl");
		nnv_diag_init(&other, NULL);
		nnv_warn(&other, "odd", "what is odd");
		if (i == 0)
			memset(&other.code, 0x7f, sizeof(other.code));
		else if (i == 1)
			other.nwarnings = SIZE_MAX;
		else if (i == 2)
			memset(other.text, 'x', sizeof(other.text));
		else if (i == 3)
			memset(other.warnings[0].text, 'x', NNV_DIAG_TEXT);
		else if (i == 4)
			memset(other.warnings[0].kind, 'x', NNV_DIAG_WORD);
		else
			memcpy(other.limit, "a\x1b[2J", 6);
		assert_false(nnv_diag_adopt(&own, &other));
		assert_int_equal(own.code, NNV_OK);
		assert_int_equal(own.nwarnings, 0);
	}
}

UNIT_MAIN("diag", cmocka_unit_test(keeps_the_first_failure),
    cmocka_unit_test(writes_a_line), cmocka_unit_test(makes_text_harmless),
    cmocka_unit_test(cuts_between_characters),
    cmocka_unit_test(line_fits_any_buffer),
    cmocka_unit_test(explains_system_and_limits),
    cmocka_unit_test(counts_warnings_by_kind),
    cmocka_unit_test(writes_a_warning_on_a_line),
    cmocka_unit_test(adopts_what_is_a_diagnostic),
    cmocka_unit_test(adopts_nothing_else),
    cmocka_unit_test(keeps_each_that_is_not_alike),
    cmocka_unit_test(remembers_a_bounded_number_of_kinds))
