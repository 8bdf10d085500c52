/*
 * What a file may cost before it is refused: one row a limit, which yields the
 * parser, the help and the check against the manual. A failure that has reached
 * one names it (nnv_diag.limit), so that a person knows what to raise.
 */
#include "limit.h"

#include "nnviz/arena.h"
#include "nnviz/text.h"

#define AT(field) offsetof(struct nnv_limits, field)

static const struct nnv_limit_row rows[] = {
	{ "input", "4G", "bytes of a file after unpacking", true, 1,
	    (uint64_t)1 << 40, AT(input) },
	{ "memory", "16G", "bytes of memory for all but Graphviz", true,
	    1 << 20, (uint64_t)1 << 40, AT(memory) },
	{ "depth", "512", "nesting of JSON", false, 1, 100000, AT(depth) },
	{ "label", "1M", "bytes of a name in it", true, 1, UINT32_MAX,
	    AT(label) },
	{ "nodes", "100000", "boxes of a drawing that is laid out", false, 1,
	    UINT32_MAX, AT(nodes) },
	{ "pages", "2000", "pages of a document", false, 1, UINT32_MAX,
	    AT(pages) },
	{ "time", "0", "seconds of layout, 0 being the style's timeout", false,
	    0, 86400, AT(time) },
};

enum { NROWS = sizeof(rows) / sizeof(*rows) };

const struct nnv_limit_row *
nnv_limits_row(size_t i)
{
	return i < NROWS ? &rows[i] : NULL;
}

/* Decimal digits, no more than 64 bits hold. */
static bool
read_number(struct nnv_str *s, uint64_t *value)
{
	size_t n = 0;

	*value = 0;
	for (; n < s->n && s->p[n] >= '0' && s->p[n] <= '9' && n < 18; n++)
		*value = *value * 10 + (uint64_t)(s->p[n] - '0');
	s->p += n;
	s->n -= n;
	return n > 0;
}

/* What a suffix multiplies by: 1 for none, 0 for one that is unknown. */
static uint64_t
unit(struct nnv_str suffix)
{
	static const char units[] = { 'K', 'M', 'G' };
	const char *at;

	if (suffix.n == 0)
		return 1;
	at = suffix.n == 1 ? memchr(units, *suffix.p, sizeof(units)) : NULL;
	return at != NULL ? (uint64_t)1024 << 10 * (at - units) : 0;
}

static bool
read_value(const struct nnv_limit_row *row, struct nnv_str s, uint64_t *value)
{
	uint64_t times;

	if (!read_number(&s, value) || (s.n > 0 && !row->bytes))
		return false;
	times = unit(s);
	if (times == 0 || *value > row->most / times)
		return false;
	*value *= times;
	return *value >= row->least;
}

void
nnv_limits_init(struct nnv_limits *limits)
{
	/* to be refused in a line is better than to be killed without */
	const size_t machine = nnv_memory_installed() / 4 * 3;

	for (size_t i = 0; i < NROWS; i++)
		read_value(&rows[i], nnv_str(rows[i].initial),
		    (uint64_t *)(void *)((char *)limits + rows[i].at));
	if (limits->memory > machine)
		limits->memory = machine;
}

static bool
fail_unknown(struct nnv_str name, struct nnv_diag *diag)
{
	struct nnv_text names = NNV_TEXT_EMPTY;

	for (size_t i = 0; i < NROWS; i++)
		nnv_text_addf(&names, "%s\"%s\"", i > 0 ? ", " : "",
		    rows[i].name);
	nnv_fail(diag, NNV_E_USAGE, "--limit: no limit \"%.*s\": there are %s",
	    (int)name.n, name.n > 0 ? name.p : "",
	    nnv_text_failed(&names) ? "others" : names.p);
	nnv_text_release(&names);
	return false;
}

bool
nnv_limits_set(struct nnv_limits *limits, struct nnv_str assignment,
    struct nnv_diag *diag)
{
	const char *equals = memchr(assignment.p, '=', assignment.n);
	struct nnv_str name, text;
	uint64_t value;

	if (equals == NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--limit: expected "
		    "NAME=VALUE, found \"%s\"",
		    assignment.p);
	name = (struct nnv_str){ assignment.p,
		(size_t)(equals - assignment.p) };
	text = (struct nnv_str){ equals + 1, assignment.n - name.n - 1 };
	for (size_t i = 0; i < NROWS; i++) {
		if (!nnv_str_eq(name, nnv_str(rows[i].name)))
			continue;
		if (!read_value(&rows[i], text, &value))
			return nnv_fail(diag, NNV_E_USAGE,
			    "--limit %s: "
			    "expected a number from %llu to %llu%s, found "
			    "\"%.*s\"",
			    rows[i].name, (unsigned long long)rows[i].least,
			    (unsigned long long)rows[i].most,
			    rows[i].bytes ? " (or K, M, G)" : "", (int)text.n,
			    text.p);
		*(uint64_t *)(void *)((char *)limits + rows[i].at) = value;
		return true;
	}
	return fail_unknown(name, diag);
}
