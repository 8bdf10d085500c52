/*
 * UTF-8 as RFC 3629 (Unicode 15, table 3-7) defines it: shortest forms only,
 * no surrogates, nothing above U+10FFFF.
 */
#include <stdint.h>

#include "nnviz/text.h"

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* The second byte is where overlong forms, surrogates and too large show. */
static bool
is_second(unsigned char lead, unsigned char c)
{
	switch (lead) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return is_tail(c);
	}
}

size_t
nnv_utf8_len(const char *p, const char *end)
{
	const unsigned char *s = (const unsigned char *)p;
	size_t len, i;

	if (p >= end)
		return 0;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	len = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (len > (size_t)(end - p) || !is_second(s[0], s[1]))
		return 0;
	for (i = 2; i < len; i++) {
		if (!is_tail(s[i]))
			return 0;
	}
	return len;
}

/* Bytes of a word before the first one that is not ASCII, whose highest bits
 * are HIGH: a word that is loaded begins with its lowest byte on most machines.
 * Elsewhere none is as good an answer. */
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BEFORE(high) ((size_t)__builtin_ctzll(high) / 8)
#else
#define BEFORE(high) ((void)(high), (size_t)0)
#endif

/* How many ASCII bytes start at P, as far as words of eight tell. */
static size_t
ascii_run(const char *p, const char *end)
{
	const char *from = p;
	uint64_t word;

	while ((size_t)(end - p) >= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		word &= UINT64_C(0x8080808080808080);
		if (word != 0)
			return (size_t)(p - from) + BEFORE(word);
		p += sizeof(word);
	}
	return (size_t)(p - from);
}

bool
nnv_utf8_valid(struct nnv_str s)
{
	const char *p = s.p, *end;

	if (s.n == 0)
		return true;
	end = s.p + s.n;
	while (p < end) {
		size_t len = ascii_run(p, end);

		if (len == 0)
			len = nnv_utf8_len(p, end);
		if (len == 0)
			return false;
		p += len;
	}
	return true;
}

size_t
nnv_utf8_count(struct nnv_str s)
{
	size_t at = 0, count = 0;

	while (at < s.n) {
		size_t len = nnv_utf8_len(s.p + at, s.p + s.n);

		at += len != 0 ? len : 1;
		count++;
	}
	return count;
}
