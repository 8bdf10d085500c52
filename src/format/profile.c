/*
 * Jittor's profiler prints a table, a row a kernel, sorted by time:
 *
 *	      Name  FileName     Count TotalTime   AvgTime   MinTime ...
 *	opkey0:broadcast_to...
 *	          /home/me/.cache/jittor/.../opkey0_..._hash_5f04_op.cc
 *	                            40    12.3ms     308us     290us ...
 *
 * A name is the kernel's key, which may hold anything, and it breaks the line
 * when it is long; so rows are found by what follows: a path that ends in
 * ".cc", a count, and a time with its unit. The same rows as CSV have a header,
 * and times are in nanoseconds:
 *
 *	Name,FileName,Count,TotalTime,...
 */
#include "nnviz/profile.h"

#include "nnviz/table.h"

struct row {
	struct nnv_str name, file;
	double count, total; /* runs, nanoseconds */
};

struct profile {
	struct nnv_graph *graph;
	struct nnv_diag *diag;
	struct nnv_str rest;      /* of the text */
	struct nnv_table rows_of; /* name of a file or key -> row */
	double *times;            /* row -> nanoseconds of one run */
	bool *used;               /* row: it is some kernel's */
	uint32_t nrows;
	size_t time_cap, used_cap;
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(struct nnv_str s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Digits at the beginning of *S, each worth SCALE times the one before. */
static double
take_digits(struct nnv_str *s, double *place)
{
	double value = 0;

	for (; is_digit(*s); *s = nnv_str_from(*s, 1)) {
		value = value * 10 + (s->p[0] - '0');
		*place /= 10;
	}
	return value;
}

/* A number like 12, 308.5 or 1.2e+03 at the beginning of *S. */
static bool
take_number(struct nnv_str *s, double *out)
{
	double unused = 1, place = 1, exponent;
	bool down;

	*s = nnv_str_trim(*s);
	if (!is_digit(*s))
		return false;
	*out = take_digits(s, &unused);
	if (s->n > 0 && s->p[0] == '.') {
		*s = nnv_str_from(*s, 1);
		*out += take_digits(s, &place) * place;
	}
	if (s->n < 2 || (s->p[0] != 'e' && s->p[0] != 'E'))
		return true;
	down = s->p[1] == '-';
	*s = nnv_str_from(*s, s->p[1] == '-' || s->p[1] == '+' ? 2 : 1);
	exponent = take_digits(s, &unused);
	for (int i = 0; i < 30 && i < exponent; i++)
		*out *= down ? 0.1 : 10;
	return true;
}

/* "308us" or "1.02 s" at the beginning of *S, in nanoseconds. */
static bool
take_time(struct nnv_str *s, double *out)
{
	static const struct {
		struct nnv_str unit;
		double scale;
	} units[] = { { NNV_STR_INIT("ns"), 1 }, { NNV_STR_INIT("us"), 1e3 },
		{ NNV_STR_INIT("ms"), 1e6 }, { NNV_STR_INIT("s"), 1e9 } };

	if (!take_number(s, out))
		return false;
	*s = nnv_str_trim(*s);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (nnv_str_starts(*s, units[i].unit)) {
			*s = nnv_str_from(*s, units[i].unit.n);
			*out *= units[i].scale;
			return true;
		}
	return false;
}

/* Whether a path that ends at S[END) and the numbers of a row stand here. */
static bool
is_row(struct nnv_str s, size_t end, struct row *row, struct nnv_str *after)
{
	size_t start = end;

	if (end < 3 ||
	    !nnv_str_ends((struct nnv_str){ s.p, end }, NNV_STR(".cc")) ||
	    (end < s.n && !is_space(s.p[end])))
		return false;
	while (start > 0 && !is_space(s.p[start - 1]))
		start--;
	row->file = nnv_str_behind((struct nnv_str){ s.p + start, end - start },
	    '/');
	row->name = nnv_str_trim((struct nnv_str){ s.p, start });
	*after = nnv_str_from(s, end);
	return take_number(after, &row->count) && row->count >= 1 &&
	    take_time(after, &row->total);
}

static bool
next_printed(struct profile *p, struct row *row)
{
	struct nnv_str after;

	for (size_t i = 3; i <= p->rest.n; i++)
		if (p->rest.p[i - 1] == 'c' &&
		    is_row(p->rest, i, row, &after)) {
			nnv_str_take(&after, '\n');
			p->rest = after;
			return true;
		}
	p->rest.n = 0;
	return false;
}

/* One field of CSV (RFC 4180) off *S, its quotes left on the inside; *LAST: it
 * ends the record. */
static struct nnv_str
take_field(struct nnv_str *s, bool *last)
{
	bool quoted = s->n > 0 && s->p[0] == '"', open = quoted;
	struct nnv_str field = *s;
	size_t i = quoted ? 1 : 0;

	for (; i < s->n && (open || (s->p[i] != ',' && s->p[i] != '\n')); i++)
		if (s->p[i] == '"')
			open = !open;
	field.n = i;
	*last = i >= s->n || s->p[i] == '\n';
	*s = nnv_str_from(*s, i < s->n ? i + 1 : i);
	field = nnv_str_trim(field);
	if (quoted && field.n >= 2)
		field = (struct nnv_str){ field.p + 1, field.n - 2 };
	return field;
}

static bool
next_csv(struct profile *p, struct row *row)
{
	while (p->rest.n > 0) {
		struct nnv_str fields[4] = { { NULL, 0 } };
		bool last = false;

		for (size_t i = 0; !last && p->rest.n > 0; i++) {
			struct nnv_str field = take_field(&p->rest, &last);

			if (i < 4)
				fields[i] = field;
		}
		row->name = fields[0];
		row->file = nnv_str_behind(fields[1], '/');
		if (take_number(&fields[2], &row->count) && row->count >= 1 &&
		    take_number(&fields[3], &row->total))
			return true;
	}
	return false;
}

static bool
remember(struct profile *p, struct nnv_str text, uint32_t row)
{
	uint32_t *at;

	if (text.n == 0)
		return true;
	at = nnv_table_at(&p->rows_of, nnv_graph_name(p->graph, text));
	if (at == NULL)
		return nnv_fail_memory(p->diag);
	*at = row;
	return true;
}

static bool
add_row(struct profile *p, const struct row *row)
{
	void *times = p->times, *used = p->used;
	bool room = nnv_heap_grow(&times, &p->time_cap, (size_t)p->nrows + 1,
	    sizeof(*p->times));

	p->times = times;
	room = room &&
	    nnv_heap_grow(&used, &p->used_cap, (size_t)p->nrows + 1,
		sizeof(*p->used));
	p->used = used;
	if (!room)
		return nnv_fail_memory(p->diag);
	p->times[p->nrows] = row->total / row->count;
	p->used[p->nrows] = false;
	return remember(p, row->file, p->nrows) &&
	    remember(p, row->name, p->nrows++);
}

static bool
read_rows(struct profile *p)
{
	bool csv = nnv_str_starts(p->rest, NNV_STR("Name,")) ||
	    nnv_str_starts(p->rest, NNV_STR("\"Name\","));
	struct row row;

	while (p->rest.n > 0 &&
	    (csv ? next_csv(p, &row) : next_printed(p, &row)))
		if (!add_row(p, &row))
			return false;
	return p->nrows > 0 ||
	    nnv_fail(p->diag, NNV_E_NOTHING,
		"no row of a profile (a kernel's .cc, a count, a time)");
}

/* The kernels again, with their times. */
static bool
join_kernels(struct profile *p)
{
	struct nnv_graph *graph = p->graph;
	struct nnv_kernel *kernels = NNV_NEW_ARRAY(graph->arena,
	    graph->nkernels, struct nnv_kernel);
	uint32_t unused = 0;

	if (kernels == NULL)
		return nnv_fail_memory(p->diag);
	for (uint32_t k = 0; k < graph->nkernels; k++) {
		uint32_t row = NNV_TABLE_NONE;

		kernels[k] = graph->kernels[k];
		if (kernels[k].file != NNV_NO_NAME)
			row = nnv_table_get(&p->rows_of, kernels[k].file);
		if (row == NNV_TABLE_NONE && kernels[k].key != NNV_NO_NAME)
			row = nnv_table_get(&p->rows_of, kernels[k].key);
		if (row == NNV_TABLE_NONE)
			continue;
		p->used[row] = true;
		kernels[k].time = p->times[row] < 9e18
		    ? (int64_t)(p->times[row] + 0.5)
		    : NNV_UNKNOWN;
	}
	graph->kernels = kernels;
	for (uint32_t i = 0; i < p->nrows; i++)
		unused += !p->used[i];
	if (unused > 0)
		nnv_warn(p->diag, "profile",
		    "%u of %u rows of the profile "
		    "fit no kernel",
		    unused, p->nrows);
	return true;
}

/* What an op weighs among those of its kernel: what it computes. Moving data
 * is part of that, and counts only where nothing is computed. */
static double
weight(const struct nnv_node *node)
{
	double weight = 1e-6;

	if (node->cost.macs > 0)
		weight += 2 * (double)node->cost.macs;
	if (node->cost.elementwise > 0)
		weight += (double)node->cost.elementwise;
	return weight;
}

static int64_t
part(int64_t time, double done, double whole)
{
	return (int64_t)((double)time * (done / whole) + 0.5);
}

/* Share the time of each kernel among its nodes, to the nanosecond: each ends
 * where the shares of those up to it end. */
static bool
share_times(struct profile *p)
{
	struct nnv_graph *graph = p->graph;
	double *whole = nnv_heap_alloc(2 * (graph->nkernels + (size_t)1),
	    sizeof(*whole));
	double *done;

	if (whole == NULL)
		return nnv_fail_memory(p->diag);
	done = whole + graph->nkernels;
	for (uint32_t v = 0; v < graph->nnodes; v++)
		for (uint32_t i = 0; i < graph->nodes[v].nkernels; i++)
			whole[graph->nodes[v].kernels[i]] +=
			    weight(&graph->nodes[v]);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		struct nnv_node *node = &graph->nodes[v];

		node->time = NNV_UNKNOWN;
		for (uint32_t i = 0; i < node->nkernels; i++) {
			uint32_t k = node->kernels[i];
			int64_t time = graph->kernels[k].time;
			int64_t before = part(time, done[k], whole[k]);

			done[k] += weight(node);
			if (time != NNV_UNKNOWN)
				nnv_time_add(&node->time,
				    part(time, done[k], whole[k]) - before);
		}
	}
	nnv_heap_free(whole);
	return true;
}

bool
nnv_profile_join(struct nnv_graph *graph, struct nnv_str text,
    struct nnv_diag *diag)
{
	struct profile p = { .graph = graph, .diag = diag, .rest = text };
	bool ok;

	if (graph->nkernels == 0)
		return nnv_fail(diag, NNV_E_NOTHING,
		    "a profile is of kernels, "
		    "and the model has none");
	nnv_table_init(&p.rows_of);
	ok = read_rows(&p) && join_kernels(&p) && share_times(&p);
	nnv_table_release(&p.rows_of);
	nnv_heap_free(p.times);
	nnv_heap_free(p.used);
	return ok && (!graph->failed || nnv_fail_memory(diag));
}
