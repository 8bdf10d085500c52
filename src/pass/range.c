/*
 * Values are looked at once, in their order. A row that goes one way, as widths
 * that grow while sizes shrink, is told by its first and its last, and so is
 * one of which a number does; the stages of a loop come back to where they
 * were, and there the first and the last tell nothing: the least and the
 * greatest say what the row goes through.
 */
#include "range.h"

#include <string.h>

#define DASH "\xe2\x80\x93"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits at I, and a fraction; I moves behind them. */
static double
read_number(struct nnv_str text, size_t *i)
{
	double x = 0, unit = 1;

	for (; *i < text.n && is_digit(text.p[*i]); ++*i)
		x = 10 * x + (text.p[*i] - '0');
	if (*i + 1 >= text.n || text.p[*i] != '.' || !is_digit(text.p[*i + 1]))
		return x;
	for (++*i; *i < text.n && is_digit(text.p[*i]); ++*i)
		x += (text.p[*i] - '0') * (unit /= 10);
	return x;
}

static struct nnv_numbers
read_numbers(struct nnv_str text)
{
	struct nnv_numbers numbers = { .n = 0 };

	for (size_t i = 0; i < text.n && numbers.n < NNV_RANGE_NUMBERS;)
		if (is_digit(text.p[i]))
			numbers.x[numbers.n++] = read_number(text, &i);
		else
			i++;
	return numbers;
}

/* Whether two texts have the same words between their numbers. */
static bool
match(struct nnv_str a, struct nnv_str b)
{
	size_t i = 0, j = 0;

	while (i < a.n && j < b.n) {
		if (is_digit(a.p[i]) && is_digit(b.p[j])) {
			read_number(a, &i);
			read_number(b, &j);
		} else if (a.p[i++] != b.p[j++]) {
			return false;
		}
	}
	return i == a.n && j == b.n;
}

void
nnv_range_init(struct nnv_range *range)
{
	*range = (struct nnv_range){ .n = 0 };
}

static void
begin(struct nnv_range *r, size_t id, const struct nnv_numbers *numbers)
{
	r->first = r->unlike = id;
	r->start = *numbers;
	for (uint32_t i = 0; i < numbers->n; i++) {
		struct nnv_range_end end = { numbers->x[i], id, 0 };

		r->rises[i] = r->falls[i] = true;
		r->least[i] = r->greatest[i] = end;
	}
}

void
nnv_range_add(struct nnv_range *r, size_t id, const struct nnv_numbers *numbers,
    bool same)
{
	bool unlike = !same;

	if (r->n == 0)
		begin(r, id, numbers);
	for (uint32_t i = 0; same && r->n > 0 && i < r->start.n; i++) {
		double x = numbers->x[i];
		struct nnv_range_end end = { x, id, r->n };

		unlike |= x != r->start.x[i];
		r->rises[i] &= x >= r->before.x[i];
		r->falls[i] &= x <= r->before.x[i];
		if (x < r->least[i].x)
			r->least[i] = end;
		if (x > r->greatest[i].x)
			r->greatest[i] = end;
	}
	if (same)
		r->before = *numbers;
	r->mixed |= !same;
	r->differs |= unlike;
	if (unlike)
		r->unlike = id;
	r->last = id;
	r->n++;
}

/* Whether the I-th numbers are not all the same. */
static bool
varies(const struct nnv_range *r, uint32_t i)
{
	return r->least[i].x < r->greatest[i].x;
}

bool
nnv_range_ends(const struct nnv_range *r, size_t ends[2])
{
	bool all = true, some = false, rises;
	uint32_t i = 0;

	ends[0] = r->first;
	ends[1] = r->unlike;
	if (!r->differs || r->mixed)
		return r->unlike == r->last;
	for (uint32_t k = 0; k < r->start.n; k++) {
		bool straight = r->rises[k] || r->falls[k];

		all &= straight;
		some |= straight && varies(r, k);
	}
	ends[1] = r->last;
	if (all || some)
		return all;
	while (!varies(r, i))
		i++;
	rises = r->least[i].at < r->greatest[i].at;
	ends[rises ? 0 : 1] = r->least[i].id;
	ends[rises ? 1 : 0] = r->greatest[i].id;
	return false;
}

static struct nnv_str
text_of(const struct nnv_graph *graph, nnv_name name)
{
	return name != NNV_NO_NAME ? nnv_graph_text(graph, name)
				   : NNV_STR(DASH);
}

static void
add_piece(struct nnv_texts *t, nnv_name name)
{
	struct nnv_str text = text_of(t->graph, name);
	struct nnv_numbers numbers = read_numbers(text);

	if (t->range.n == 0)
		t->first = text;
	nnv_range_add(&t->range, name, &numbers,
	    match(t->first, text) &&
		(numbers.n < NNV_RANGE_NUMBERS || nnv_str_eq(t->first, text)));
}

/* Where the words of LEFT end that are not said again before RIGHT: in
 * "channels 64 … 128" the first. */
static size_t
said_once(struct nnv_str left, struct nnv_str right)
{
	const char *end = left.p + left.n;
	size_t words = 1;

	for (size_t i = 0; i < right.n; i++)
		words += right.p[i] == ' ';
	for (; end > left.p; end--)
		if (end[-1] == ' ' && --words == 0)
			break;
	return (size_t)(end - left.p);
}

void
nnv_texts_add(struct nnv_texts *t, nnv_name name)
{
	struct nnv_str all = text_of(t->graph, name), left = all, right;
	const char *at = all.n > 0 ? strstr(all.p, NNV_ELLIPSIS) : NULL;
	struct nnv_text text = NNV_TEXT_EMPTY;
	nnv_name ends[2];

	if (t->range.n > 0 && t->range.last == name)
		return;
	if (at == NULL) {
		add_piece(t, name);
		return;
	}
	left.n = (size_t)(at - all.p);
	right = nnv_str_from(all, left.n + strlen(NNV_ELLIPSIS));
	nnv_text_add(&text, (struct nnv_str){ left.p, said_once(left, right) });
	nnv_text_add(&text, right);
	ends[0] = nnv_names_add(t->graph->names, left);
	ends[1] = nnv_text_failed(&text)
	    ? NNV_NO_NAME
	    : nnv_names_add(t->graph->names, nnv_text_str(&text));
	nnv_text_release(&text);
	t->failed |= ends[0] == NNV_NO_NAME || ends[1] == NNV_NO_NAME;
	add_piece(t, ends[0]);
	add_piece(t, ends[1]);
}

void
nnv_texts_ends(const struct nnv_texts *t, struct nnv_str ends[2])
{
	size_t names[2];

	nnv_range_ends(&t->range, names);
	for (int i = 0; i < 2; i++)
		ends[i] = text_of(t->graph, (nnv_name)names[i]);
}
