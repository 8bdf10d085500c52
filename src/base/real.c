/*
 * The shortest decimal that reads back as the same double, as Python's repr
 * chooses and writes it.
 *
 * Any decimal of up to 15 digits survives the way through a normal double and
 * back (DBL_DIG), so if a shorter one than %.15g exists, %.15g is that one
 * with zeros behind it. If %.15g does not read back, 16 or 17 digits do.
 * Subnormal numbers have fewer bits: there every length is tried.
 *
 * Below a power of two doubles lie twice as dense as above. So the nearest 16
 * digits may stand below it and read back as its neighbour, when the next ones
 * above, a little further away, still read back as the power.
 *
 * snprintf and strtod know the decimal point from the locale, which this
 * program never sets: it is the C locale's.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "nnviz/text.h"

enum { DIGITS = 17 };

/* A positive finite number as d.ddd * 10^exponent. */
struct decimal {
	char digits[DIGITS + 1]; /* no zeros behind, at least one */
	int n, exponent;
};

/* Add one to the last digit of S, a number as %e writes it. */
static void
round_up(char *s)
{
	char *p = strchr(s, 'e');

	while (p-- > s) {
		if (*p >= '0' && *p < '9') {
			++*p;
			return;
		}
		if (*p == '9')
			*p = '0';
	}
}

static bool
is_power_of_two(double value)
{
	int exponent;

	return frexp(value, &exponent) == 0.5;
}

static bool
reads_back(const char *s, double value)
{
	return strtod(s, NULL) == value;
}

/* Whether PRECISION digits are enough; then they are in *OUT. */
static bool
try_digits(struct decimal *out, double value, int precision)
{
	char buf[32];
	const char *p;

	snprintf(buf, sizeof(buf), "%.*e", precision - 1, value);
	if (!reads_back(buf, value)) {
		if (!is_power_of_two(value))
			return false;
		round_up(buf);
		if (!reads_back(buf, value))
			return false;
	}
	out->n = 0;
	for (p = buf; *p != 'e'; p++) {
		if (*p != '.')
			out->digits[out->n++] = *p;
	}
	while (out->n > 1 && out->digits[out->n - 1] == '0')
		out->n--;
	out->digits[out->n] = '\0';
	out->exponent = (int)strtol(p + 1, NULL, 10);
	return true;
}

static struct decimal
shortest(double value)
{
	struct decimal decimal = { "0", 1, 0 };
	int precision = value < DBL_MIN ? 1 : DBL_DIG;

	while (precision <= DIGITS && !try_digits(&decimal, value, precision))
		precision++;
	return decimal;
}

static void
add_zeros(struct nnv_text *text, int n)
{
	while (n-- > 0)
		nnv_text_addc(text, '0');
}

static void
add_digits(struct nnv_text *text, const char *digits, int n)
{
	nnv_text_add(text, (struct nnv_str){ digits, (size_t)n });
}

/* d.ddde+XX, without a point behind a single digit. */
static void
add_scientific(struct nnv_text *text, const struct decimal *d)
{
	add_digits(text, d->digits, 1);
	if (d->n > 1)
		nnv_text_addc(text, '.');
	add_digits(text, d->digits + 1, d->n - 1);
	nnv_text_addf(text, "e%c%02d", d->exponent < 0 ? '-' : '+',
	    abs(d->exponent));
}

/* ddd.ddd, always with a point and a digit on both sides of it. */
static void
add_fixed(struct nnv_text *text, const struct decimal *d)
{
	int before = d->exponent + 1;
	int first = before < 0 ? 0 : before < d->n ? before : d->n;

	add_digits(text, d->digits, first);
	add_zeros(text, before <= 0 ? 1 : before - d->n);
	nnv_text_addc(text, '.');
	add_zeros(text, -before);
	add_digits(text, d->digits + first, d->n - first);
	if (first == d->n)
		nnv_text_addc(text, '0');
}

void
nnv_text_add_real(struct nnv_text *text, double value)
{
	struct decimal decimal;

	if (isnan(value)) {
		nnv_text_adds(text, "nan");
		return;
	}
	if (signbit(value)) {
		nnv_text_addc(text, '-');
		value = -value;
	}
	if (isinf(value)) {
		nnv_text_adds(text, "inf");
	} else if (value < 1e15 && value == (double)(int64_t)value) {
		nnv_text_addi(text, (int64_t)value);
		nnv_text_adds(text, ".0");
	} else {
		decimal = shortest(value);
		if (decimal.exponent < -4 || decimal.exponent >= 16)
			add_scientific(text, &decimal);
		else
			add_fixed(text, &decimal);
	}
}
