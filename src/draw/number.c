#include "number.h"

#include <stddef.h>

/* Two decimals of N hundredths. */
static void
add_hundredths(struct nnv_text *out, int64_t n)
{
	nnv_text_addi(out, n / 100);
	nnv_text_addf(out, ".%02d", (int)(n % 100));
}

void
nnv_add_count(struct nnv_text *out, int64_t count)
{
	static const char units[] = "KMGTPE";
	int64_t unit = 1000;
	size_t i;

	if (count < 1000) {
		nnv_text_addi(out, count);
		return;
	}
	for (i = 0; units[i + 1] != '\0'; i++, unit *= 1000) {
		/* rounded first, so that 999 995 is 1.00M, not 1000.00K */
		int64_t rest = count % (unit / 100);
		int64_t n = count / (unit / 100) + (rest >= unit / 200);

		if (n < 100000)
			break;
	}
	add_hundredths(out,
	    count / (unit / 100) + (count % (unit / 100) >= unit / 200));
	nnv_text_addc(out, units[i]);
}

void
nnv_add_bound(struct nnv_text *out, int64_t count, bool at_least)
{
	if (at_least && count == 0) {
		nnv_text_addc(out, '?');
		return;
	}
	if (at_least)
		nnv_text_adds(out, "\xe2\x89\xa5");
	nnv_add_count(out, count);
}

void
nnv_add_share(struct nnv_text *out, int64_t part, int64_t total)
{
	double share;

	if (part <= 0 || total <= 0)
		return;
	share = (double)part / (double)total * 10000;
	if (part == total)
		nnv_text_adds(out, "100 %");
	else if (share < 1)
		nnv_text_adds(out, "<0.01 %");
	else {
		add_hundredths(out, (int64_t)(share + 0.5));
		nnv_text_adds(out, " %");
	}
}

void
nnv_add_bytes(struct nnv_text *out, int64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB" };
	double value = (double)bytes;
	int unit = 0;

	while (value >= 1024) {
		value /= 1024;
		unit++;
	}
	nnv_text_addf(out, unit == 0 ? "%.0f %s" : "%.1f %s", value,
	    units[unit]);
}

void
nnv_add_time(struct nnv_text *out, int64_t ns)
{
	static const char *const units[] = { "ns", "\xc2\xb5s", "ms", "s" };
	double value = (double)ns;
	int unit = 0;

	while (value >= 1000 && unit < 3) {
		value /= 1000;
		unit++;
	}
	nnv_text_addf(out, unit == 0 ? "%.0f %s" : "%.3g %s", value,
	    units[unit]);
}

void
nnv_add_values(struct nnv_text *out, const struct nnv_values *values)
{
	if (values == NULL)
		return;
	nnv_text_adds(out, "\\n");
	if (values->count > values->nans + values->infinities)
		nnv_text_addf(out, "%.4g \xe2\x80\xa6 %.4g, mean %.4g",
		    values->min, values->max, values->mean);
	if (values->nans > 0)
		nnv_text_addf(out, ", %lld NaN", (long long)values->nans);
	if (values->infinities > 0)
		nnv_text_addf(out, ", %lld infinite",
		    (long long)values->infinities);
}
