/*
 * What a variable held, where the trace recorded it: "0.639435,-0.01,nan,inf",
 * every element in decimal, up to megabytes of them. Only a summary is kept.
 *
 * Elements have six decimals, so a correctly rounded conversion of each would
 * be wasted: digits are added up in a double, which errs by far less than what
 * was not written.
 */
#include "jittor_trace.h"

enum {
	MAX_DATA = 1 << 30
}; /* bytes looked at: a pickle can hold one text
				   a million times */

static bool
is_digit(struct nnv_str s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* A power of ten, clamped to what a double can hold. */
static double
power(int64_t exponent)
{
	double result = 1;

	for (int i = 0; i < 400 && i < exponent; i++)
		result *= 10;
	for (int i = 0; i < 400 && i < -exponent; i++)
		result /= 10;
	return result;
}

/* Digits at the beginning of *S behind those of VALUE; *N grows by how many. */
static double
take_digits(struct nnv_str *s, double value, int64_t *n)
{
	for (; is_digit(*s); *s = nnv_str_from(*s, 1)) {
		value = value * 10 + (s->p[0] - '0');
		*n += 1;
	}
	return value;
}

/* An unsigned decimal that is all of S. */
static bool
read_decimal(struct nnv_str s, double *out)
{
	int64_t digits = 0, decimals = 0, exponent = 0;
	double value = take_digits(&s, 0, &digits);

	if (s.n > 0 && s.p[0] == '.') {
		s = nnv_str_from(s, 1);
		value = take_digits(&s, value, &decimals);
	}
	if (digits + decimals == 0)
		return false;
	if (s.n > 0 && (s.p[0] == 'e' || s.p[0] == 'E')) {
		s = nnv_str_from(s, s.n > 1 && s.p[1] == '+' ? 2 : 1);
		if (!nnv_jt_int(s, &exponent))
			return false;
		s.n = 0;
	}
	*out = value * power(exponent - decimals);
	return s.n == 0;
}

static void
add_number(struct nnv_values *values, double number, double *sum)
{
	int64_t finite = values->count - values->nans - values->infinities;

	if (finite == 0 || number < values->min)
		values->min = number;
	if (finite == 0 || number > values->max)
		values->max = number;
	*sum += number;
	values->count++;
}

/* One element; what is neither a number nor a truth value is left out. */
static void
add_element(struct nnv_values *values, struct nnv_str s, double *sum)
{
	bool minus;
	double number;

	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\n'))
		s = nnv_str_from(s, 1);
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n'))
		s.n--;
	minus = s.n > 0 && s.p[0] == '-';
	if (minus)
		s = nnv_str_from(s, 1);
	if (nnv_str_eq(s, NNV_STR("nan"))) {
		values->nans++;
		values->count++;
	} else if (nnv_str_eq(s, NNV_STR("inf"))) {
		values->infinities++;
		values->count++;
	} else if (nnv_str_eq(s, NNV_STR("True"))) {
		add_number(values, 1, sum);
	} else if (nnv_str_eq(s, NNV_STR("False"))) {
		add_number(values, 0, sum);
	} else if (read_decimal(s, &number)) {
		add_number(values, minus ? -number : number, sum);
	}
}

static struct nnv_values
summarize(struct nnv_str text)
{
	struct nnv_values values = { .count = 0 };
	int64_t finite;
	double sum = 0;

	while (text.n > 0)
		add_element(&values, nnv_str_take(&text, ','), &sum);
	finite = values.count - values.nans - values.infinities;
	values.mean = finite > 0 ? sum / (double)finite : 0;
	return values;
}

bool
nnv_jt_add_values(struct jt_trace *trace, struct jt_var *var, nnv_value data)
{
	struct nnv_str text = nnv_value_text(trace->tree, data);
	struct nnv_values values, *kept;

	if (data == NNV_NO_VALUE)
		return true;
	if (text.p == NULL || text.n > MAX_DATA - trace->data_read) {
		nnv_warn(trace->diag, "data",
		    "the data of variable %lld is "
		    "%s: left out",
		    (long long)var->id,
		    text.p == NULL ? "no text" : "beyond 1 GiB in all");
		return true;
	}
	trace->data_read += text.n;
	values = summarize(text);
	if (values.count == 0)
		return true;
	kept = NNV_NEW_ARRAY(trace->graph->arena, 1, struct nnv_values);
	if (kept == NULL)
		return nnv_fail_memory(trace->diag);
	*kept = values;
	var->values = kept;
	return true;
}
