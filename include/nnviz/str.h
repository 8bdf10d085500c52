/* A slice of bytes: the currency of every room. */
#ifndef NNVIZ_STR_H
#define NNVIZ_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/*
 * Borrowed bytes, not NUL-terminated, possibly holding NUL; whoever made the
 * slice says how long it lives. Absent is p == NULL; empty is n == 0.
 */
struct nnv_str {
	const char *p;
	size_t n;
};

/* A slice of a string literal; the first is for rows of static tables. */
#define NNV_STR_INIT(literal)                  \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
#define NNV_STR(literal) ((struct nnv_str)NNV_STR_INIT(literal))

/* The slice of a NUL-terminated string; NULL gives the absent slice. */
static inline struct nnv_str
nnv_str(const char *s)
{
	return (struct nnv_str){ s, s != NULL ? strlen(s) : 0 };
}

static inline bool
nnv_str_eq(struct nnv_str a, struct nnv_str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Equal but for the case of ASCII letters; neither may hold NUL. */
static inline bool
nnv_str_same(struct nnv_str a, struct nnv_str b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

/* Byte order, shorter first where one is the other's prefix: <0, 0, >0. */
static inline int
nnv_str_cmp(struct nnv_str a, struct nnv_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n != 0 ? memcmp(a.p, b.p, n) : 0;

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static inline bool
nnv_str_starts(struct nnv_str s, struct nnv_str prefix)
{
	return s.n >= prefix.n &&
	    (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool
nnv_str_ends(struct nnv_str s, struct nnv_str suffix)
{
	return s.n >= suffix.n &&
	    (suffix.n == 0 ||
		memcmp(s.p + (s.n - suffix.n), suffix.p, suffix.n) == 0);
}

/* What is behind the first N bytes, of which there are as many. */
static inline struct nnv_str
nnv_str_from(struct nnv_str s, size_t n)
{
	return n == 0 ? s : (struct nnv_str){ s.p + n, s.n - n };
}

/* Where NEEDLE first stands in S, or S.n: it stands nowhere. */
size_t nnv_str_find(struct nnv_str s, struct nnv_str needle);

/* Where it last stands, or S.n. */
size_t nnv_str_find_last(struct nnv_str s, struct nnv_str needle);

/* Without white space, that of C, at both ends. */
struct nnv_str nnv_str_trim(struct nnv_str s);

/* What is behind the last C, or all of S: there is none. */
struct nnv_str nnv_str_behind(struct nnv_str s, char c);

/* What is before the first END in REST, or all of it. REST becomes what is
 * behind that; in the end it is empty, and points behind its last byte. */
struct nnv_str nnv_str_take(struct nnv_str *rest, char end);

#endif
