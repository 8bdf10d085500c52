/*
 * Two lists of things are compared by name: the first "conv1" of one with the
 * first "conv1" of the other. Both are sorted by name, and by place among
 * equals, so that one walk along both finds the pairs. The lists come from a
 * file that anybody may have written: they end where no picture of ours goes
 * on, and no text is put together from them but what is shown, which is little.
 */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "nnviz/arena.h"

enum { SHOWN = 8, SHOWN_BYTES = 120, ITEMS_MAX = 1 << 16 };

/* In the order in which a person wants to know of them. */
enum kind { SET, THEMED, MODEL, NODE, FRAME, EDGE, NKINDS };

static const struct {
	const char *tag, *one, *many;
} kinds[NKINDS] = { { "set", "key", "keys" }, { "by", "key", "keys" },
	{ "model", "title", "titles" }, { "node", "box", "boxes" },
	{ "frame", "module", "modules" }, { "edge", "arrow", "arrows" } };

enum fate { SAME, CHANGED, GONE };

struct item {
	struct nnv_str name, to; /* of an arrow both its ends */
	struct nnv_str words;
	const struct item *partner; /* of the other list */
	enum fate fate;
};

struct list {
	struct item *items;
	size_t n, cap;
};

struct notes {
	struct nnv_str program, graphviz, text, graph, style, theme;
	struct list lists[NKINDS];
	bool failed;
};

static void
add_item(struct notes *notes, enum kind kind, struct nnv_str name,
    struct nnv_str words)
{
	struct list *list = &notes->lists[kind];
	void *items = list->items;

	if (list->n == ITEMS_MAX)
		return;
	if (!nnv_heap_grow(&items, &list->cap, list->n + 1,
		sizeof(*list->items))) {
		notes->failed = true;
		return;
	}
	list->items = items;
	list->items[list->n++] = (struct item){
		.name = name, .words = words, .fate = GONE
	};
}

/* A node's name by its number; what is none stays as it is. */
static struct nnv_str
node_name(const struct notes *notes, struct nnv_str number)
{
	const struct list *nodes = &notes->lists[NODE];
	size_t index = 0;

	if (number.n == 0 || number.n > 9)
		return number;
	for (size_t i = 0; i < number.n; i++) {
		if (number.p[i] < '0' || number.p[i] > '9')
			return number;
		index = index * 10 + (size_t)(number.p[i] - '0');
	}
	return index < nodes->n ? nodes->items[index].name : number;
}

static void
name_ends(struct notes *notes)
{
	struct list *edges = &notes->lists[EDGE];

	for (size_t i = 0; i < edges->n; i++) {
		struct nnv_str to = edges->items[i].name;
		struct nnv_str from = nnv_str_take(&to, ' ');

		edges->items[i].name = node_name(notes, from);
		edges->items[i].to = node_name(notes, to);
	}
}

static void
read_line(struct notes *notes, struct nnv_str line)
{
	struct nnv_str tag = nnv_str_take(&line, ' '), name;
	struct {
		const char *tag;
		struct nnv_str *value;
	} heads[] = { { "nnviz-c", &notes->program },
		{ "graphviz", &notes->graphviz }, { "text", &notes->text },
		{ "graph", &notes->graph }, { "style", &notes->style },
		{ "theme", &notes->theme } };

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		if (nnv_str_eq(tag, nnv_str(heads[i].tag)))
			*heads[i].value = line;
	for (int kind = 0; kind < NKINDS; kind++)
		if (nnv_str_eq(tag, nnv_str(kinds[kind].tag))) {
			name = nnv_str_take(&line, kind <= THEMED ? '=' : '\t');
			add_item(notes, (enum kind)kind, name, line);
		}
}

static void
read_notes(struct notes *notes, struct nnv_str text)
{
	while (text.n != 0)
		read_line(notes, nnv_str_take(&text, '\n'));
	name_ends(notes);
}

static void
release(struct notes *notes)
{
	for (int kind = 0; kind < NKINDS; kind++)
		nnv_heap_free(notes->lists[kind].items);
}

static int
compare_names(const struct item *a, const struct item *b)
{
	int order = nnv_str_cmp(a->name, b->name);

	return order != 0 ? order : nnv_str_cmp(a->to, b->to);
}

/* For qsort: by name, then by place, which is that in memory. */
static int
compare_items(const void *left, const void *right)
{
	const struct item *a = *(struct item *const *)left;
	const struct item *b = *(struct item *const *)right;
	int order = compare_names(a, b);

	return order != 0 ? order : (a > b) - (a < b);
}

/* The items in order of their names; NULL: no memory. */
static struct item **
sort(const struct list *list)
{
	const size_t size = sizeof(struct item *);
	struct item **sorted = nnv_heap_alloc(list->n, size);

	for (size_t i = 0; sorted != NULL && i < list->n; i++)
		sorted[i] = &list->items[i];
	if (sorted != NULL && list->n > 1)
		qsort(sorted, list->n, size, compare_items);
	return sorted;
}

static void
pair(struct item **was, size_t nwas, struct item **now, size_t nnow)
{
	size_t i = 0, k = 0;

	while (i < nwas && k < nnow) {
		int order = compare_names(was[i], now[k]);

		if (order == 0) {
			was[i]->partner = now[k];
			now[k]->partner = was[i];
			was[i]->fate = now[k]->fate = nnv_str_eq(was[i]->words,
							  now[k]->words)
			    ? SAME
			    : CHANGED;
		}
		i += order <= 0;
		k += order >= 0;
	}
}

/* Find each item's partner. False: no memory. */
static bool
match(const struct list *was, const struct list *now)
{
	struct item **a = sort(was), **b = sort(now);
	bool fine = a != NULL && b != NULL;

	if (fine)
		pair(a, was->n, b, now->n);
	nnv_heap_free(a);
	nnv_heap_free(b);
	return fine;
}

static size_t
count(const struct list *list, enum fate fate)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->items[i].fate == fate;
	return n;
}

/* "2 boxes more, 1 changed; 3 arrows less"; nothing where nothing is. */
static void
add_counts(enum kind kind, const struct list *was, const struct list *now,
    struct nnv_text *out)
{
	size_t counts[] = { count(now, GONE), count(was, GONE),
		count(now, CHANGED) };
	static const char *const verbs[] = { "more", "less", "changed" };
	bool named = false;

	for (size_t i = 0; i < 3; i++) {
		if (counts[i] == 0)
			continue;
		nnv_text_adds(out, out->n == 0 ? "" : named ? ", " : "; ");
		nnv_text_addf(out, "%zu ", counts[i]);
		if (!named)
			nnv_text_addf(out, "%s ",
			    counts[i] == 1 ? kinds[kind].one
					   : kinds[kind].many);
		nnv_text_adds(out, verbs[i]);
		named = true;
	}
}

/* What a stranger wrote, fit for a terminal and for a line. */
static void
add_shown(struct nnv_text *out, struct nnv_str s)
{
	bool cut = s.n > SHOWN_BYTES;

	if (cut)
		s.n = SHOWN_BYTES;
	while (cut && s.n > 0 && (s.p[s.n] & 0xc0) == 0x80)
		s.n--;
	nnv_text_add_terminal(out, s);
	nnv_text_adds(out, cut ? "\xe2\x80\xa6" : "");
}

/* The common beginning and end of two lists of words, at commas, left out. */
static void
cut_common(struct nnv_str *a, struct nnv_str *b)
{
	size_t same = 0, from = 0, n;

	if (a->n == 0 || b->n == 0)
		return;
	while (same < a->n && same < b->n && a->p[same] == b->p[same]) {
		same++;
		if (same >= 2 && a->p[same - 2] == ',' && a->p[same - 1] == ' ')
			from = same;
	}
	a->p += from;
	a->n -= from;
	b->p += from;
	b->n -= from;
	for (n = same = 0; n < a->n && n < b->n &&
	     a->p[a->n - n - 1] == b->p[b->n - n - 1];) {
		n++;
		if (n >= 2 && a->p[a->n - n] == ',' &&
		    a->p[a->n - n + 1] == ' ')
			same = n;
	}
	a->n -= same;
	b->n -= same;
}

static void
add_words(struct nnv_text *out, const char *before, struct nnv_str words)
{
	if (words.n == 0)
		return;
	nnv_text_adds(out, before);
	add_shown(out, words);
}

/* "  ~ conv1: 3→64 was 3→32", "  + conv2: Conv, ..." */
static void
add_line(enum kind kind, const struct item *item, char sign,
    struct nnv_text *out)
{
	struct nnv_str words = item->words, before = { NULL, 0 };

	nnv_text_addf(out, "  %c %s", sign,
	    kind == NODE || kind == EDGE || kind == SET ? "" : kinds[kind].one);
	if (kind == MODEL || kind == FRAME)
		nnv_text_addc(out, ' ');
	add_shown(out, item->name);
	if (kind == EDGE) {
		nnv_text_adds(out, " \xe2\x86\x92 ");
		add_shown(out, item->to);
	}
	if (sign == '~') {
		before = item->partner->words;
		cut_common(&words, &before);
	}
	add_words(out, ": ",
	    words.n != 0 || sign != '~' ? words : NNV_STR("nothing"));
	if (sign == '~')
		add_words(out, ", was ",
		    before.n != 0 ? before : NNV_STR("nothing"));
	nnv_text_addc(out, '\n');
}

/* The first of what is new or changed, then of what is gone; *N counts all. */
static void
add_lines(enum kind kind, const struct list *was, const struct list *now,
    size_t *n, struct nnv_text *out)
{
	for (size_t i = 0; i < now->n; i++)
		if (now->items[i].fate != SAME && (*n)++ < SHOWN)
			add_line(kind, &now->items[i],
			    now->items[i].fate == GONE ? '+' : '~', out);
	for (size_t i = 0; i < was->n; i++)
		if (was->items[i].fate == GONE && (*n)++ < SHOWN)
			add_line(kind, &was->items[i], '-', out);
}

/* Who drew it, where model and style are the same. */
static void
add_drawer(const struct notes *was, const struct notes *now,
    struct nnv_text *out)
{
	const struct {
		const char *what;
		struct nnv_str was, now;
	} drawers[] = { { "Graphviz", was->graphviz, now->graphviz },
		{ "nnviz-c", was->program, now->program } };

	nnv_text_adds(out, "the same graph and style, ");
	for (size_t i = 0; i < 2; i++)
		if (!nnv_str_eq(drawers[i].was, drawers[i].now)) {
			nnv_text_addf(out, "drawn by %s ", drawers[i].what);
			add_shown(out, drawers[i].was);
			nnv_text_adds(out, ", this is ");
			add_shown(out, drawers[i].now);
			nnv_text_addc(out, '\n');
			return;
		}
	if (!nnv_str_eq(was->text, now->text))
		nnv_text_adds(out, "drawn with other fonts\n");
	else
		nnv_text_adds(out,
		    "but other bytes: it was edited, or drawn with other "
		    "libraries\n");
}

/* The short reason, BEFORE in front of it, and what changed of the kinds FROM
 * to TO. */
static void
add_reason(const struct notes *was, const struct notes *now, enum kind from,
    enum kind to, const char *before, struct nnv_text *out)
{
	struct nnv_text counts = NNV_TEXT_EMPTY;
	size_t n = 0;

	for (int kind = from; kind <= (int)to; kind++)
		add_counts((enum kind)kind, &was->lists[kind],
		    &now->lists[kind], &counts);
	if (counts.n != 0) {
		nnv_text_adds(out, before);
		nnv_text_add(out, nnv_text_str(&counts));
	}
	nnv_text_addc(out, '\n');
	for (int kind = from; kind <= (int)to; kind++)
		add_lines((enum kind)kind, &was->lists[kind], &now->lists[kind],
		    &n, out);
	if (n > SHOWN)
		nnv_text_addf(out, "  and %zu more\n", n - SHOWN);
	out->failed |= nnv_text_failed(&counts);
	nnv_text_release(&counts);
}

/* Pictures of older versions do not tell theirs. */
static bool
same_theme(const struct notes *was, const struct notes *now)
{
	return was->theme.n == 0 || now->theme.n == 0 ||
	    nnv_str_eq(was->theme, now->theme);
}

static void
add_themes(const struct notes *was, const struct notes *now,
    struct nnv_text *out)
{
	nnv_text_adds(out, ": the theme is ");
	add_shown(out, now->theme);
	nnv_text_adds(out, ", was ");
	add_shown(out, was->theme);
}

/* What a theme sets is told key by key where it is one theme. */
static void
join_themed(struct notes *notes)
{
	const struct list *themed = &notes->lists[THEMED];

	for (size_t i = 0; i < themed->n; i++)
		add_item(notes, SET, themed->items[i].name,
		    themed->items[i].words);
}

static void
explain(const struct notes *was, const struct notes *now, struct nnv_text *out)
{
	bool styled = !nnv_str_eq(was->style, now->style);
	bool same = same_theme(was, now);

	if (!nnv_str_eq(was->graph, now->graph)) {
		nnv_text_adds(out,
		    styled ? "the graph changed, and the style"
			   : "the graph changed");
		add_reason(was, now, MODEL, EDGE, ": ", out);
	} else if (styled) {
		nnv_text_adds(out, "the same graph, but the style changed");
		if (!same)
			add_themes(was, now, out);
		add_reason(was, now, SET, SET, same ? ": " : "; ", out);
	} else {
		add_drawer(was, now, out);
	}
}

void
nnv_compare_notes(struct nnv_str was, struct nnv_str now, struct nnv_text *out)
{
	struct notes a = { .failed = false }, b = { .failed = false };
	bool fine = true;

	read_notes(&a, was);
	read_notes(&b, now);
	if (same_theme(&a, &b)) {
		join_themed(&a);
		join_themed(&b);
	}
	for (int kind = 0; kind < NKINDS && fine; kind++)
		fine = match(&a.lists[kind], &b.lists[kind]);
	if (fine && !a.failed && !b.failed)
		explain(&a, &b, out);
	else
		out->failed = true;
	release(&a);
	release(&b);
}

void
nnv_compare_lines(struct nnv_str was, struct nnv_str now, struct nnv_text *out)
{
	size_t line = 0;
	struct nnv_str a, b;

	do {
		a = nnv_str_take(&was, '\n');
		b = nnv_str_take(&now, '\n');
		line++;
	} while (nnv_str_eq(a, b) && (was.n != 0 || now.n != 0));
	nnv_text_addf(out, "line %zu is another\n  + ", line);
	add_shown(out, b);
	nnv_text_adds(out, "\n  - ");
	add_shown(out, a);
	nnv_text_addc(out, '\n');
}
