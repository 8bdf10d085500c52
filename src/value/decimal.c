/*
 * Reading decimals. A double holds every integer up to 2^53 and every power of
 * ten up to 10^22 exactly, and one multiplication or division of two exact
 * numbers is rounded correctly (Clinger, "How to read floating point numbers
 * accurately", 1990): that is nearly all of what files contain. The rest goes
 * to strtod, which is correct in every C library of today and knows the
 * decimal point from the locale, which this program never sets.
 *
 * strtod wants its text terminated, and a number can be as long as the file.
 * The halfway point between two doubles has at most 767 significant digits, so
 * of a longer number only this matters: its first digits, and whether what is
 * behind them is zero.
 */
#include "decimal.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIGNIFICANT = 800, /* digits that strtod gets to see */
	EXACT_POWER = 22,
	EXPONENT_MAX = 100000 /* beyond: infinity, or zero */
};

static const uint64_t exact_mantissa = UINT64_C(1) << 53;

static bool
is_digit(const char *p, const char *end)
{
	return p < end && *p >= '0' && *p <= '9';
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (is_digit(p, end))
		p++;
	return p;
}

/* The end of the fraction or exponent whose digits start at P, or NULL. */
static const char *
skip_part(const char *p, const char *end)
{
	return is_digit(p, end) ? skip_digits(p, end) : NULL;
}

size_t
nnv_decimal_len(struct nnv_str text, bool *real)
{
	const char *p = text.p, *end = text.p + text.n;

	*real = false;
	if (p < end && *p == '-')
		p++;
	if (!is_digit(p, end))
		return 0;
	p = *p == '0' ? p + 1 : skip_digits(p, end);
	if (p < end && *p == '.') {
		*real = true;
		p = skip_part(p + 1, end);
	}
	if (p != NULL && p < end && (*p == 'e' || *p == 'E')) {
		*real = true;
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		p = skip_part(p, end);
	}
	return p != NULL ? (size_t)(p - text.p) : 0;
}

/* *P behind an optional sign; whether it was a minus. */
static bool
skip_sign(const char **p, const char *end)
{
	if (*p < end && (**p == '-' || **p == '+'))
		return *(*p)++ == '-';
	return false;
}

bool
nnv_decimal_int(struct nnv_str text, int64_t *out)
{
	const char *p = text.p, *end = text.p + text.n;
	bool negative = skip_sign(&p, end);
	uint64_t value = 0, most = (uint64_t)INT64_MAX + negative;

	if (!is_digit(p, end))
		return false;
	for (; is_digit(p, end); p++) {
		unsigned int digit = (unsigned int)(*p - '0');

		if (value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (p != end)
		return false;
	if (negative && value != 0)
		*out = -(int64_t)(value - 1) - 1;
	else
		*out = (int64_t)value;
	return true;
}

/* A decimal number taken apart: its value is digits * 10^exponent. */
struct decimal {
	bool negative;
	bool sticky;       /* digits were dropped that are not zero */
	size_t n;          /* significant digits, leading zeros not counted */
	uint64_t mantissa; /* their value, while there are at most 19 */
	int64_t exponent;
	char digits[SIGNIFICANT];
};

static void
take_digit(struct decimal *d, char digit, bool fraction)
{
	if (d->n == 0 && digit == '0') {
		d->exponent -= fraction;
		return;
	}
	if (d->n == SIGNIFICANT) {
		d->sticky |= digit != '0';
		d->exponent += !fraction;
		return;
	}
	d->digits[d->n++] = digit;
	if (d->n <= 19)
		d->mantissa = d->mantissa * 10 + (uint64_t)(digit - '0');
	d->exponent -= fraction;
}

/* The exponent behind the e; NULL if there is none. */
static const char *
take_exponent(struct decimal *d, const char *p, const char *end)
{
	bool negative = skip_sign(&p, end);
	int64_t value = 0;

	if (!is_digit(p, end))
		return NULL;
	for (; is_digit(p, end); p++) {
		if (value < INT64_MAX / 1000)
			value = value * 10 + (*p - '0');
	}
	d->exponent += negative ? -value : value;
	return p;
}

static bool
take_apart(struct decimal *d, struct nnv_str text)
{
	const char *p = text.p, *end = text.p + text.n, *from;
	size_t ndigits;

	d->negative = skip_sign(&p, end);
	from = p;
	for (; is_digit(p, end); p++)
		take_digit(d, *p, false);
	ndigits = (size_t)(p - from);
	if (p < end && *p == '.') {
		from = ++p;
		for (; is_digit(p, end); p++)
			take_digit(d, *p, true);
		ndigits += (size_t)(p - from);
	}
	if (ndigits == 0)
		return false;
	if (p < end && (*p == 'e' || *p == 'E'))
		p = take_exponent(d, p + 1, end);
	return p == end;
}

/* When mantissa and power are both exact, so is everything but one rounding. */
static bool
convert_exact(const struct decimal *d, double *out)
{
	static const double powers[EXACT_POWER + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4,
		1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
		1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

	if (FLT_EVAL_METHOD != 0 || d->n > 19 || d->mantissa > exact_mantissa ||
	    d->exponent > EXACT_POWER || d->exponent < -EXACT_POWER)
		return false;
	if (d->exponent >= 0)
		*out = (double)d->mantissa * powers[d->exponent];
	else
		*out = (double)d->mantissa / powers[-d->exponent];
	return true;
}

static double
convert(const struct decimal *d)
{
	char buf[SIGNIFICANT + 32];
	int64_t exponent = d->exponent;
	double value;

	if (d->n == 0)
		return 0;
	if (convert_exact(d, &value))
		return value;
	memcpy(buf, d->digits, d->n);
	exponent -= d->sticky;
	if (exponent > EXPONENT_MAX)
		exponent = EXPONENT_MAX;
	if (exponent < -EXPONENT_MAX)
		exponent = -EXPONENT_MAX;
	snprintf(buf + d->n, sizeof(buf) - d->n, "%se%d", d->sticky ? "1" : "",
	    (int)exponent);
	return strtod(buf, NULL);
}

bool
nnv_decimal_real(struct nnv_str text, double *out)
{
	struct decimal d;

	/* not the digits: there are many, and few are used */
	d.sticky = false;
	d.n = 0;
	d.mantissa = 0;
	d.exponent = 0;
	if (!take_apart(&d, text))
		return false;
	*out = d.negative ? -convert(&d) : convert(&d);
	return true;
}

enum {
	/* 2^32 is 9.6 digits, so these hold 1001 */
	LIMBS = 104,
	LIMB_BYTES = 4,
	CHUNK = 9, /* digits that one division yields */
	CHUNK_VALUE = 1000000000
};

/* The magnitude of the number at P, lowest limb first; whether it is < 0. */
static bool
load_limbs(uint32_t limbs[LIMBS], const unsigned char *p, size_t n)
{
	bool negative = n != 0 && (p[n - 1] & 0x80) != 0;
	uint32_t carry = negative;
	size_t i;

	memset(limbs, 0, LIMBS * sizeof(*limbs));
	for (i = 0; i < n; i++) {
		uint32_t byte = negative ? p[i] ^ 0xffU : p[i];

		byte += carry;
		carry = byte >> 8;
		limbs[i / LIMB_BYTES] |= (byte & 0xff) << i % LIMB_BYTES * 8;
	}
	return negative;
}

/* Divide N limbs by CHUNK_VALUE; the remainder. */
static uint32_t
divide(uint32_t *limbs, size_t n)
{
	uint64_t rest = 0;

	while (n-- > 0) {
		rest = rest << 32 | limbs[n];
		limbs[n] = (uint32_t)(rest / CHUNK_VALUE);
		rest %= CHUNK_VALUE;
	}
	return (uint32_t)rest;
}

/* The digits of N limbs, lowest first, into OUT; how many there are. */
static size_t
convert_limbs(char *out, uint32_t *limbs, size_t n)
{
	size_t digits = 0;
	int i;

	while (n > 0) {
		uint32_t chunk = divide(limbs, n);

		for (i = 0; i < CHUNK; i++, chunk /= 10)
			out[digits++] = (char)('0' + chunk % 10);
		while (n > 0 && limbs[n - 1] == 0)
			n--;
	}
	while (digits > 1 && out[digits - 1] == '0')
		digits--;
	return digits;
}

size_t
nnv_decimal_from_bytes(char buf[NNV_BIGINT_DIGITS + 1], const unsigned char *p,
    size_t n)
{
	char reversed[LIMBS * 10 + CHUNK];
	uint32_t limbs[LIMBS];
	bool negative;
	size_t digits, at = 0;

	while (n > 1 &&
	    ((p[n - 1] == 0 && p[n - 2] < 0x80) ||
		(p[n - 1] == 0xff && p[n - 2] >= 0x80)))
		n--;
	if (n > sizeof(limbs))
		return 0;
	negative = load_limbs(limbs, p, n);
	digits = convert_limbs(reversed, limbs,
	    n / LIMB_BYTES + 1 < LIMBS ? n / LIMB_BYTES + 1 : LIMBS);
	if (digits > NNV_BIGINT_DIGITS)
		return 0;
	if (negative)
		buf[at++] = '-';
	while (digits > 0)
		buf[at++] = reversed[--digits];
	return at;
}
