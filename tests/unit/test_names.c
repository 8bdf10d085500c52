/*
 * Interned text.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include "nnviz/names.h"

#include <stdio.h>

#include "unit.h"
#include "scarce.h"

static struct nnv_str
number(char *buf, size_t size, unsigned i)
{
	int n = snprintf(buf, size, "layer%u.conv", i);

	return (struct nnv_str){ buf, (size_t)n };
}

static void
counts_from_one_in_order(void **state)
{
	struct nnv_names names;

	(void)state;
	nnv_names_init(&names);
	assert_int_equal(nnv_names_add(&names, NNV_STR("conv")), 1);
	assert_int_equal(nnv_names_add(&names, NNV_STR("bn")), 2);
	assert_int_equal(nnv_names_add(&names, NNV_STR("conv")), 1);
	assert_int_equal(nnv_names_add(&names, NNV_STR("con")), 3);
	assert_int_equal(nnv_names_add(&names, NNV_STR("")), 4);
	assert_false(names.failed);
	nnv_names_release(&names);
	assert_int_equal(nnv_names_add(&names, NNV_STR("bn")), 1);
	nnv_names_release(&names);
}

static void
tells_absent_from_empty(void **state)
{
	struct nnv_names names;
	nnv_name empty;

	(void)state;
	nnv_names_init(&names);
	assert_int_equal(nnv_names_find(&names, NNV_STR("")), NNV_NO_NAME);
	assert_int_equal(nnv_names_add(&names, nnv_str(NULL)), NNV_NO_NAME);
	assert_false(names.failed);
	empty = nnv_names_add(&names, NNV_STR(""));
	assert_int_not_equal(empty, NNV_NO_NAME);
	assert_string_equal(nnv_names_text(&names, empty).p, "");
	assert_null(nnv_names_text(&names, NNV_NO_NAME).p);
	assert_int_equal(nnv_names_find(&names, nnv_str(NULL)), NNV_NO_NAME);
	nnv_names_release(&names);
}

static void
finds_without_adding(void **state)
{
	struct nnv_names names;

	(void)state;
	nnv_names_init(&names);
	assert_int_equal(nnv_names_add(&names, NNV_STR("relu")), 1);
	assert_int_equal(nnv_names_find(&names, NNV_STR("relu")), 1);
	assert_int_equal(nnv_names_find(&names, NNV_STR("gelu")), NNV_NO_NAME);
	assert_int_equal(nnv_names_add(&names, NNV_STR("gelu")), 2);
	nnv_names_release(&names);
}

static void
compares_bytes_not_strings(void **state)
{
	struct nnv_names names;
	nnv_name a, b;

	(void)state;
	nnv_names_init(&names);
	a = nnv_names_add(&names, (struct nnv_str){ "a\0b", 3 });
	b = nnv_names_add(&names, (struct nnv_str){ "a\0c", 3 });
	assert_int_not_equal(a, b);
	assert_int_equal(nnv_names_text(&names, a).n, 3);
	assert_memory_equal(nnv_names_text(&names, a).p, "a\0b", 4);
	/* zero bytes of padding must not count */
	assert_int_not_equal(nnv_names_add(&names, NNV_STR("x")),
	    nnv_names_add(&names, (struct nnv_str){ "x\0", 2 }));
	nnv_names_release(&names);
}

static void
keeps_many(void **state)
{
	enum { N = 100000 };
	struct nnv_names names;
	struct nnv_str first;
	char buf[40];
	unsigned i;

	(void)state;
	nnv_names_init(&names);
	for (i = 0; i < N; i++) {
		assert_int_equal(nnv_names_add(&names,
				     number(buf, sizeof(buf), i)),
		    i + 1);
		if (i == 0)
			first = nnv_names_text(&names, 1);
	}
	for (i = 0; i < N; i++) {
		struct nnv_str s = number(buf, sizeof(buf), i);

		assert_int_equal(nnv_names_find(&names, s), i + 1);
		assert_string_equal(nnv_names_text(&names, i + 1).p, buf);
	}
	/* texts do not move while the table grows */
	assert_ptr_equal(first.p, nnv_names_text(&names, 1).p);
	nnv_names_release(&names);
}

static void
is_keyed_anew(void **state)
{
	struct nnv_names a, b;

	(void)state;
	nnv_names_init(&a);
	nnv_names_init(&b);
	assert_memory_not_equal(a.seed, b.seed, sizeof(a.seed));
	nnv_names_release(&a);
	nnv_names_release(&b);
}

/* Names got before memory ran out stay good; later ones are no names. */
static bool
add_some(long granted)
{
	struct nnv_names names;
	nnv_name got[600];
	char buf[40];
	bool refused;
	unsigned i;

	nnv_names_init(&names);
	scarce_begin(granted);
	for (i = 0; i < 600; i++)
		got[i] = nnv_names_add(&names, number(buf, sizeof(buf), i));
	refused = scarce_end();
	assert_int_equal(names.failed, refused);
	for (i = 0; i < 600; i++) {
		struct nnv_str s = number(buf, sizeof(buf), i);

		assert_int_equal(nnv_names_find(&names, s), got[i]);
		assert_true(got[i] == NNV_NO_NAME || got[i] == i + 1);
	}
	assert_int_equal(got[599] == NNV_NO_NAME, refused);
	nnv_names_release(&names);
	return refused;
}

static void
survives_every_lack_of_memory(void **state)
{
	long n = 0;

	(void)state;
	while (add_some(n))
		n++;
	assert_true(n > 3);
}

static void
names_integers(void **state)
{
	enum { N = 1000 };
	static int64_t ints[N];
	static nnv_name names[N];
	struct nnv_names table;
	char text[32];

	(void)state;
	nnv_names_init(&table);
	names[0] = nnv_names_add(&table, NNV_STR("-7"));
	nnv_names_expect(&table, N);
	assert_true(nnv_str_eq(nnv_names_text(&table, names[0]),
	    NNV_STR("-7")));
	for (int i = 0; i < N; i++)
		ints[i] = (int64_t)(i - 10) * (i < 500 ? 1 : 9999999999);
	ints[997] = INT64_MIN;
	ints[998] = INT64_MAX;
	ints[999] = -7;
	assert_true(nnv_names_add_ints(&table, ints, N, names));
	for (int i = 0; i < N; i++) {
		snprintf(text, sizeof(text), "%lld", (long long)ints[i]);
		assert_true(nnv_str_eq(nnv_names_text(&table, names[i]),
		    nnv_str(text)));
		assert_int_equal(nnv_names_add(&table, nnv_str(text)),
		    names[i]);
	}
	assert_int_equal(names[999], 1);
	assert_int_equal(names[3], 1);
	nnv_names_release(&table);
}

UNIT_MAIN("names", cmocka_unit_test(names_integers),
    cmocka_unit_test(counts_from_one_in_order),
    cmocka_unit_test(tells_absent_from_empty),
    cmocka_unit_test(finds_without_adding),
    cmocka_unit_test(compares_bytes_not_strings), cmocka_unit_test(keeps_many),
    cmocka_unit_test(is_keyed_anew),
    cmocka_unit_test(survives_every_lack_of_memory))
