/*
 * Paths are taken apart at their dots. A component is the same in all of them,
 * or ends in a number behind the same letters; numbers that follow one another
 * become a range. As the paths are different they are all that a name means if
 * there are as many as it could mean.
 */
#include "span.h"

#include <stdlib.h>

#include "nnviz/arena.h"

enum {
	PARTS_MAX = 32, /* components of a path */
	RUNS_MAX = 4,   /* ranges of a component */
	DIGITS_MAX = 9, /* of a number */
	LISTED_MAX = 32 /* bytes of paths one by one */
};

/* A component of a path without the number in which it ends; NUMBER is -1
 * where there is none. */
struct piece {
	struct nnv_str stem;
	long number;
};

static struct piece
take_apart(struct nnv_str s)
{
	size_t i = s.n;
	struct piece piece = { s, -1 };

	while (i > 0 && s.p[i - 1] >= '0' && s.p[i - 1] <= '9')
		i--;
	/* what "007" ends in is written in another way */
	if (i == s.n || s.n - i > DIGITS_MAX || (s.p[i] == '0' && s.n - i > 1))
		return piece;
	piece.stem.n = i;
	piece.number = 0;
	for (; i < s.n; i++)
		piece.number = piece.number * 10 + (s.p[i] - '0');
	return piece;
}

static int
by_number(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sort numbers, and keep each once; how many are left. */
static uint32_t
sort(long *numbers, uint32_t n)
{
	uint32_t left = 0;

	qsort(numbers, n, sizeof(*numbers), by_number);
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || numbers[i] != numbers[left - 1])
			numbers[left++] = numbers[i];
	return left;
}

/* Append "[1-3,5]"; false: there are too many gaps. */
static bool
add_numbers(struct nnv_text *out, const long *numbers, uint32_t n)
{
	unsigned runs = 0;

	nnv_text_addc(out, '[');
	for (uint32_t i = 0, end; i < n && runs <= RUNS_MAX; i = end, runs++) {
		end = i + 1;
		while (end < n && numbers[end] == numbers[end - 1] + 1)
			end++;
		nnv_text_addf(out, "%s%ld", runs > 0 ? "," : "", numbers[i]);
		if (end - i > 1)
			nnv_text_addf(out, "-%ld", numbers[end - 1]);
	}
	nnv_text_addc(out, ']');
	return runs <= RUNS_MAX;
}

/* Append what a component of all paths, the next of each in RESTS, is called.
 * Returns how many it means, or 0: it has no name. */
static uint32_t
add_component(struct nnv_text *out, struct nnv_str *rests, uint32_t n,
    long *numbers)
{
	struct nnv_str first = nnv_str_take(&rests[0], '.');
	struct piece piece = take_apart(first);
	bool same = true;

	numbers[0] = piece.number;
	for (uint32_t i = 1; i < n; i++) {
		struct nnv_str s = nnv_str_take(&rests[i], '.');
		struct piece other = take_apart(s);

		same &= nnv_str_eq(s, first);
		if (!nnv_str_eq(other.stem, piece.stem) ||
		    (piece.number < 0) != (other.number < 0))
			return 0;
		numbers[i] = other.number;
	}
	if (same) {
		nnv_text_add(out, first);
		return 1;
	}
	nnv_text_add(out, piece.stem);
	n = sort(numbers, n);
	return add_numbers(out, numbers, n) ? n : 0;
}

static bool
add_range(struct nnv_text *out, struct nnv_str *rests, uint32_t n,
    long *numbers)
{
	uint64_t meant = 1;

	for (unsigned part = 0; part < PARTS_MAX && rests[0].n > 0; part++) {
		if (part > 0)
			nnv_text_addc(out, '.');
		for (uint32_t i = 0; i < n; i++)
			if (rests[i].n == 0)
				return false;
		meant *= add_component(out, rests, n, numbers);
		if (meant == 0 || meant > n)
			return false;
	}
	for (uint32_t i = 0; i < n; i++)
		if (rests[i].n != 0)
			return false;
	return meant == n;
}

static void
add_list(struct nnv_text *out, const struct nnv_str *paths, uint32_t n)
{
	size_t room = LISTED_MAX;

	for (uint32_t i = 0; i < n; i++) {
		if (i > 0 && paths[i].n > room) {
			nnv_text_adds(out, ", \xe2\x80\xa6");
			return;
		}
		if (i > 0)
			nnv_text_adds(out, ", ");
		nnv_text_add(out, paths[i]);
		room -= paths[i].n < room ? paths[i].n : room;
	}
}

void
nnv_span_add(struct nnv_text *out, const struct nnv_str *paths, uint32_t n)
{
	struct nnv_str *rests = nnv_heap_alloc(n + (size_t)1, sizeof(*rests));
	long *numbers = nnv_heap_alloc(n + (size_t)1, sizeof(*numbers));
	struct nnv_text name = NNV_TEXT_EMPTY;

	out->failed |= rests == NULL || numbers == NULL;
	for (uint32_t i = 0; rests != NULL && i < n; i++)
		rests[i] = paths[i];
	if (rests != NULL && numbers != NULL && n > 0) {
		if (add_range(&name, rests, n, numbers))
			nnv_text_add(out, nnv_text_str(&name));
		else
			add_list(out, paths, n);
		out->failed |= name.failed;
	}
	nnv_text_release(&name);
	nnv_heap_free(rests);
	nnv_heap_free(numbers);
}
