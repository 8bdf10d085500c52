/*
 * Arenas and the heap.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#include "nnviz/arena.h"

#include "nnviz/diag.h"
#include "unit.h"
#include "scarce.h"

static bool
is_zero(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != 0)
			return false;
	}
	return true;
}

static void
gives_zeroed_aligned_pieces(void **state)
{
	struct nnv_arena arena;
	size_t n;

	(void)state;
	nnv_arena_init(&arena, SIZE_MAX);
	for (n = 1; n < 200000; n = n * 3 / 2 + 1) {
		char *p = nnv_arena_alloc(&arena, n, 1);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_true(is_zero(p, n));
		memset(p, 0xa5, n);
	}
	nnv_arena_release(&arena);
}

static void
keeps_pieces_apart(void **state)
{
	enum { N = 20000 };
	struct nnv_arena arena;
	uint32_t **pieces;
	uint32_t i;

	(void)state;
	nnv_arena_init(&arena, SIZE_MAX);
	pieces = NNV_NEW_ARRAY(&arena, N, uint32_t *);
	for (i = 0; i < N; i++) {
		pieces[i] = NNV_NEW(&arena, uint32_t);
		*pieces[i] = i;
	}
	for (i = 0; i < N; i++)
		assert_int_equal(*pieces[i], i);
	assert_true(arena.used >= N * (sizeof(uint32_t *) + 4));
	nnv_arena_release(&arena);
	assert_int_equal(arena.used, 0);
}

static void
copies_text(void **state)
{
	struct nnv_arena arena;
	char *p;

	(void)state;
	nnv_arena_init(&arena, SIZE_MAX);
	p = nnv_arena_copy(&arena, (struct nnv_str){ "a\0bc", 3 });
	assert_memory_equal(p, "a\0b", 4);
	p = nnv_arena_copy(&arena, nnv_str(NULL));
	assert_string_equal(p, "");
	assert_non_null(nnv_arena_alloc(&arena, 0, 8));
	nnv_arena_release(&arena);
}

static void
fails_for_good_at_its_limit(void **state)
{
	struct nnv_arena arena;
	char *p;

	(void)state;
	nnv_arena_init(&arena, 100);
	p = nnv_arena_alloc(&arena, 10, 10);
	assert_non_null(p);
	memset(p, 1, 100);
	assert_false(nnv_arena_failed(&arena));
	assert_null(nnv_arena_alloc(&arena, 1, 1));
	assert_true(nnv_arena_failed(&arena));
	assert_null(nnv_arena_alloc(&arena, 0, 1));
	assert_null(nnv_arena_copy(&arena, NNV_STR("")));
	nnv_arena_release(&arena);
	assert_false(nnv_arena_failed(&arena));
	assert_non_null(nnv_arena_alloc(&arena, 100, 1));
	assert_null(nnv_arena_alloc(&arena, 1, 1));
	nnv_arena_release(&arena);
}

static void
refuses_what_overflows(void **state)
{
	static const size_t sizes[][2] = {
		{ SIZE_MAX, 1 },
		{ SIZE_MAX / 2 + 1, 2 },
		{ 2, SIZE_MAX },
		{ SIZE_MAX / 2, 1 },
		{ SIZE_MAX - 15, 1 },
	};
	struct nnv_arena arena;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		nnv_arena_init(&arena, SIZE_MAX);
		assert_non_null(nnv_arena_alloc(&arena, 1, 1));
		assert_null(nnv_arena_alloc(&arena, sizes[i][0], sizes[i][1]));
		assert_true(nnv_arena_failed(&arena));
		nnv_arena_release(&arena);
	}
	nnv_arena_init(&arena, SIZE_MAX);
	assert_null(nnv_arena_copy(&arena, (struct nnv_str){ "", SIZE_MAX }));
	assert_true(nnv_arena_failed(&arena));
	nnv_arena_release(&arena);
}

static void
survives_every_lack_of_memory(void **state)
{
	struct nnv_arena arena;
	bool refused = true;
	long n;
	int i;

	(void)state;
	for (n = 0; refused; n++) {
		nnv_arena_init(&arena, SIZE_MAX);
		scarce_begin(n);
		for (i = 0; i < 100; i++) {
			char *p = nnv_arena_alloc(&arena, 100, 100);

			assert_int_equal(p == NULL, nnv_arena_failed(&arena));
		}
		refused = scarce_end();
		assert_int_equal(refused, nnv_arena_failed(&arena));
		nnv_arena_release(&arena);
	}
	assert_true(n > 2);
}

static void
heap_grows_and_keeps(void **state)
{
	void *array = NULL;
	size_t cap = 0, i, moves = 0, before;

	(void)state;
	for (i = 0; i < 100000; i++) {
		before = cap;
		assert_true(nnv_heap_grow(&array, &cap, i + 1, 4));
		moves += cap != before;
		assert_true(cap > i);
		((uint32_t *)array)[i] = (uint32_t)i;
	}
	for (i = 0; i < 100000; i++)
		assert_int_equal(((uint32_t *)array)[i], i);
	assert_true(moves < 40);
	nnv_heap_free(array);
	nnv_heap_free(NULL);
}

static void
heap_refusal_changes_nothing(void **state)
{
	void *array = NULL, *before;
	size_t cap = 0;

	(void)state;
	assert_true(nnv_heap_grow(&array, &cap, 3, 8));
	before = array;
	assert_false(nnv_heap_grow(&array, &cap, SIZE_MAX / 8 + 1, 8));
	assert_false(nnv_heap_grow(&array, &cap, SIZE_MAX, 8));
	scarce_begin(0);
	assert_false(nnv_heap_grow(&array, &cap, 1000, 8));
	assert_null(nnv_heap_alloc(1, 1));
	assert_true(scarce_end());
	assert_ptr_equal(array, before);
	assert_true(cap >= 3 && cap < 1000);
	nnv_heap_free(array);
}

static void
heap_gives_zeroed_memory(void **state)
{
	char *p = nnv_heap_alloc(1000, 7);

	(void)state;
	assert_non_null(p);
	assert_true(is_zero(p, 7000));
	nnv_heap_free(p);
	p = nnv_heap_alloc(0, 7);
	assert_non_null(p);
	nnv_heap_free(p);
	assert_null(nnv_heap_alloc(SIZE_MAX / 2, 3));
}

/* Arrays large enough to be mapped, from small ones on. */
static void
heap_keeps_large_arrays(void **state)
{
	enum { N = 6 << 20 };
	void *array = NULL;
	uint64_t *zeros;
	size_t cap = 0, i;

	(void)state;
	for (i = 0; i < N; i++) {
		assert_true(nnv_heap_grow(&array, &cap, i + 1, 8));
		((uint64_t *)array)[i] = i;
	}
	assert_int_equal((uintptr_t)array % 16, 0);
	for (i = 0; i < N; i++)
		if (((uint64_t *)array)[i] != i)
			fail_msg("lost at %zu", i);
	zeros = nnv_heap_alloc(N, sizeof(*zeros));
	assert_non_null(zeros);
	assert_true(is_zero((char *)zeros, N * sizeof(*zeros)));
	memset(zeros, 0xa5, N * sizeof(*zeros));
	nnv_heap_free(array);
	array = zeros;
	cap = N;
	assert_true(nnv_heap_grow(&array, &cap, N + 1, sizeof(*zeros)));
	assert_true(cap > N);
	assert_int_equal(((unsigned char *)array)[N * sizeof(*zeros) - 1],
	    0xa5);
	assert_false(nnv_heap_grow(&array, &cap, SIZE_MAX / 32, 8));
	nnv_heap_free(array);
}

/* What is out counts, however it came and went; what is refused does not. */
static void
keeps_to_a_bound(void **state)
{
	enum { LARGE = 5 << 20, MOST = 16 << 20 };
	void *array = NULL, *others[2];
	size_t cap = 0, left, i;
	struct nnv_arena arena;
	struct nnv_diag diag;

	(void)state;
	assert_int_equal(nnv_heap_left(), SIZE_MAX);
	nnv_heap_bound(MOST);
	left = nnv_heap_left();
	for (i = 0; i < 3; i++) {
		others[0] = nnv_heap_alloc(1, LARGE);
		others[1] = nnv_heap_alloc(10, 10);
		assert_true(nnv_heap_grow(&array, &cap, 1000, 1));
		assert_true(nnv_heap_grow(&array, &cap, LARGE, 1));
		assert_true(nnv_heap_left() <= left - (size_t)2 * LARGE);
		nnv_heap_free(others[0]);
		nnv_heap_free(others[1]);
		nnv_heap_free(array);
		array = NULL;
		cap = 0;
		assert_int_equal(nnv_heap_left(), left);
	}
	assert_true(nnv_heap_charge(LARGE));
	assert_int_equal(nnv_heap_left(), left - LARGE);
	assert_int_equal(nnv_heap_reached(), 0);
	assert_false(nnv_heap_charge(left));
	nnv_heap_credit(LARGE);
	assert_null(nnv_heap_alloc(1, MOST + 1));
	assert_true(nnv_heap_grow(&array, &cap, LARGE, 1));
	assert_false(nnv_heap_grow(&array, &cap, MOST, 1));
	assert_int_equal(nnv_heap_reached(), MOST);
	nnv_arena_init(&arena, SIZE_MAX);
	for (i = 0; i < MOST / 4096 && !nnv_arena_failed(&arena); i++)
		nnv_arena_alloc(&arena, 1, 4096);
	assert_true(nnv_arena_failed(&arena));
	nnv_arena_release(&arena);
	nnv_heap_free(array);
	assert_int_equal(nnv_heap_left(), left);
	nnv_diag_init(&diag, NULL);
	nnv_fail_memory(&diag);
	assert_int_equal(diag.code, NNV_E_LIMIT);
	assert_string_equal(diag.text,
	    "the model needs more memory than the limit of 16 MiB");
	assert_string_equal(diag.limit, "memory");
	nnv_heap_bound(0);
	assert_true(nnv_memory_installed() > LARGE);
}

UNIT_MAIN("arena", cmocka_unit_test(gives_zeroed_aligned_pieces),
    cmocka_unit_test(keeps_pieces_apart), cmocka_unit_test(copies_text),
    cmocka_unit_test(fails_for_good_at_its_limit),
    cmocka_unit_test(refuses_what_overflows),
    cmocka_unit_test(survives_every_lack_of_memory),
    cmocka_unit_test(heap_grows_and_keeps),
    cmocka_unit_test(heap_keeps_large_arrays),
    cmocka_unit_test(heap_refusal_changes_nothing),
    cmocka_unit_test(heap_gives_zeroed_memory),
    cmocka_unit_test(keeps_to_a_bound))
