/* Numbers for people: exact, but in a form that can be read. */
#include "grid.h"

static void
put_grouped(struct nnv_text *out, int64_t value)
{
	int64_t unit = 1;

	while (value / unit >= 1000)
		unit *= 1000;
	nnv_text_addi(out, value / unit);
	for (unit /= 1000; unit > 0; unit /= 1000)
		nnv_text_addf(out, ",%03d", (int)(value / unit % 1000));
}

/* What stands before a sum of which something is missing; false: nothing of it
 * is known. */
static bool
put_bound(struct nnv_text *out, struct nnv_sum sum)
{
	if (sum.at_least && sum.known == 0) {
		nnv_text_addc(out, '?');
		return false;
	}
	if (sum.at_least)
		nnv_text_adds(out, "\xe2\x89\xa5 ");
	return true;
}

void
nnv_put_sum(struct nnv_text *out, struct nnv_sum sum)
{
	if (put_bound(out, sum))
		put_grouped(out, sum.known);
}

void
nnv_put_bytes(struct nnv_text *out, struct nnv_sum sum)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
		"PiB", "EiB" };
	int64_t unit = 1;
	size_t i = 0;

	if (!put_bound(out, sum))
		return;
	while (sum.known / unit >= 1024) {
		unit *= 1024;
		i++;
	}
	if (i == 0)
		nnv_text_addf(out, "%d B", (int)sum.known);
	else
		nnv_text_addf(out, "%.1f %s", (double)sum.known / (double)unit,
		    units[i]);
}
