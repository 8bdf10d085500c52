#include "nnviz/str.h"

size_t
nnv_str_find(struct nnv_str s, struct nnv_str needle)
{
	struct nnv_str rest = s;

	while (needle.n != 0 && rest.n >= needle.n) {
		const char *p = memchr(rest.p, needle.p[0],
		    rest.n - needle.n + 1);

		if (p == NULL)
			return s.n;
		rest = nnv_str_from(s, (size_t)(p - s.p));
		if (nnv_str_starts(rest, needle))
			return s.n - rest.n;
		rest = nnv_str_from(rest, 1);
	}
	return needle.n == 0 ? 0 : s.n;
}

size_t
nnv_str_find_last(struct nnv_str s, struct nnv_str needle)
{
	size_t n;

	for (n = s.n; n > needle.n; n--)
		if (nnv_str_ends((struct nnv_str){ s.p, n }, needle))
			return n - needle.n;
	return nnv_str_starts(s, needle) ? 0 : s.n;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct nnv_str
nnv_str_trim(struct nnv_str s)
{
	while (s.n != 0 && is_space(s.p[0]))
		s = nnv_str_from(s, 1);
	while (s.n != 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct nnv_str
nnv_str_behind(struct nnv_str s, char c)
{
	size_t i = s.n;

	while (i > 0 && s.p[i - 1] != c)
		i--;
	return nnv_str_from(s, i);
}

struct nnv_str
nnv_str_take(struct nnv_str *rest, char end)
{
	const char *at = rest->n != 0 ? memchr(rest->p, end, rest->n) : NULL;
	struct nnv_str taken = *rest;

	if (at != NULL)
		taken.n = (size_t)(at - rest->p);
	*rest = nnv_str_from(*rest, taken.n + (at != NULL));
	return taken;
}
