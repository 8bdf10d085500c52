/*
 * Edit distance in its form of optimal string alignment: a transposition of
 * neighbours counts once, and nothing is edited twice. Three rows of the table
 * are enough, and a word is looked at no further than its first 64 bytes, so
 * neither memory nor time depends on what was typed.
 */
#include "nnviz/text.h"

enum { WORD_MAX = 64 };

/* Case, and which of the two hyphens it was, is not what one mistypes. */
static char
fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' ? '-' : c;
}

static bool
same(char a, char b)
{
	return fold(a) == fold(b);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t
distance(struct nnv_str a, struct nnv_str b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t i, j;

	for (j = 0; j <= b.n; j++)
		rows[0][j] = j;
	for (i = 1; i <= a.n; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		const size_t *above2 = rows[(i + 1) % 3];

		row[0] = i;
		for (j = 1; j <= b.n; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
			    above[j - 1] + !same(a.p[i - 1], b.p[j - 1]));
			if (i > 1 && j > 1 && same(a.p[i - 1], b.p[j - 2]) &&
			    same(a.p[i - 2], b.p[j - 1]))
				row[j] = least(row[j], above2[j - 2] + 1);
		}
	}
	return rows[a.n % 3][b.n];
}

/* As many edits at least as one is longer. */
static size_t
difference(struct nnv_str a, struct nnv_str b)
{
	return a.n > b.n ? a.n - b.n : b.n - a.n;
}

static struct nnv_str
prefix(struct nnv_str s)
{
	return (struct nnv_str){ s.p, least(s.n, WORD_MAX) };
}

size_t
nnv_nearest(struct nnv_str typed, const struct nnv_str *candidates, size_t n)
{
	struct nnv_str a = prefix(typed);
	size_t best = n, best_distance = a.n / 3 < 2 ? 3 : a.n / 3 + 1;
	size_t i;

	for (i = 0; i < n; i++) {
		struct nnv_str b = prefix(candidates[i]);
		size_t d = difference(a, b);

		if (d >= best_distance)
			continue;
		d = distance(a, b);
		/* a word with every character replaced was not meant */
		if (d < best_distance && d < (a.n > b.n ? a.n : b.n)) {
			best = i;
			best_distance = d;
		}
	}
	return best;
}
