/*
 * Numbers written in decimal. Nothing here depends on the locale.
 */
#ifndef NNVIZ_VALUE_DECIMAL_H
#define NNVIZ_VALUE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/str.h"

/* Digits of an integer that is read although it does not fit int64_t: more than
 * anybody means, few enough to be converted in no time. */
enum { NNV_BIGINT_DIGITS = 1000 };

/*
 * The bytes of the number that TEXT begins with, as JSON writes numbers;
 * 0 when there is none. *REAL: it has a fraction or an exponent.
 */
size_t nnv_decimal_len(struct nnv_str text, bool *real);

/*
 * The bytes of the integer that TEXT begins with, and its value; 0 if it is not
 * one without a sign, as JSON writes it, of up to 18 digits, with something
 * behind it. That is nearly every number of a saved graph.
 */
static inline size_t
nnv_decimal_short(struct nnv_str text, int64_t *out)
{
	size_t n = 0;
	uint64_t value = 0; /* that of 19 digits fits */

	while (n < text.n && n <= 18 && text.p[n] >= '0' && text.p[n] <= '9')
		value = value * 10 + (uint64_t)(text.p[n++] - '0');
	if (n == 0 || n > 18 || n == text.n || (n > 1 && *text.p == '0') ||
	    text.p[n] == '.' || (text.p[n] | 0x20) == 'e')
		return 0;
	*out = (int64_t)value;
	return n;
}

/* All of TEXT, an optional sign and digits, as an integer; false if it is
 * something else or does not fit. */
bool nnv_decimal_int(struct nnv_str text, int64_t *out);

/*
 * All of TEXT, [sign] digits [. digits] [e [sign] digits], as the double that
 * is nearest, ties to even; digits are required on one side of the point. Too
 * large is infinity. False if it is something else.
 */
bool nnv_decimal_real(struct nnv_str text, double *out);

/*
 * The N bytes at P, two's complement, lowest first, as decimal digits into
 * BUF; how many, or 0 if they are more than NNV_BIGINT_DIGITS.
 */
size_t nnv_decimal_from_bytes(char buf[NNV_BIGINT_DIGITS + 1],
    const unsigned char *p, size_t n);

#endif
