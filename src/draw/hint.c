/*
 * Messages for who mistyped a key, a value or a theme, or who knows it by
 * another name. Where what is typed is near to nothing that there is, it is
 * looked for as a word: "title" may have been "show_title".
 */
#include "hint.h"

#include <stdlib.h>

#include "nnviz/file.h"
#include "nnviz/text.h"

enum { WORDS_MAX = 8, SHARING_MAX = 4, CHOICES_MAX = 32, THEMES_MAX = 64 };

/* Keys by the names that they have elsewhere, in Graphviz above all. */
static const struct {
	const char *elsewhere, *here;
} aliases[] = {
	{ "background", "page" },
	{ "bgcolor", "page" },
	{ "dir", "direction" },
	{ "font", "fontname" },
	{ "fontcolor", "ink" },
	{ "fontsize", "node_title_font_size" },
	{ "nodesep", "node_gap" },
	{ "penwidth", "line_width" },
	{ "rankdir", "direction" },
	{ "ranksep", "rank_gap" },
	{ "resolution", "dpi" },
	{ "shapes", "specs" },
	{ "style", "theme" },
};

enum { NALIASES = sizeof(aliases) / sizeof(*aliases) };

/* The words of a name, as slices of it. */
struct words {
	struct nnv_str items[WORDS_MAX];
	size_t n;
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

/* Words of three letters or more, without the "s" of a plural. */
static void
split_words(struct nnv_str name, struct words *words)
{
	size_t from = 0, i;

	words->n = 0;
	for (i = 0; i <= name.n; i++) {
		size_t n = i - from;

		if (i < name.n && is_letter(name.p[i]))
			continue;
		if (n > 3 && name.p[i - 1] == 's')
			n--;
		if (n >= 3 && words->n < WORDS_MAX)
			words->items[words->n++] = (struct nnv_str){
				name.p + from, n
			};
		from = i + 1;
	}
}

static bool
holds(struct nnv_str text, struct nnv_str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (nnv_str_same((struct nnv_str){ text.p + i, word.n }, word))
			return true;
	return false;
}

/* How many of the words KEY holds; "colour" is looked for as "color". */
static size_t
count_shared(struct nnv_str key, const struct words *words)
{
	size_t n = 0;

	for (size_t i = 0; i < words->n; i++)
		n += nnv_str_same(words->items[i], NNV_STR("colour"))
		    ? holds(key, NNV_STR("color"))
		    : holds(key, words->items[i]);
	return n;
}

/* The keys that share the most words with NAME, quoted; how many. */
static size_t
list_sharing(struct nnv_str name, const struct nnv_str *keys, size_t n,
    struct nnv_text *out)
{
	struct words words;
	size_t most = 1, found = 0, i;

	split_words(name, &words);
	for (i = 0; i < n; i++)
		if (count_shared(keys[i], &words) > most)
			most = count_shared(keys[i], &words);
	for (i = 0; i < n && found < SHARING_MAX; i++)
		if (count_shared(keys[i], &words) == most)
			nnv_text_addf(out, "%s\"%.*s\"",
			    found++ > 0 ? ", " : "", (int)keys[i].n, keys[i].p);
	return found;
}

static const char *
find_alias(struct nnv_str name)
{
	for (size_t i = 0; i < NALIASES; i++)
		if (nnv_str_same(name, nnv_str(aliases[i].elsewhere)))
			return aliases[i].here;
	return NULL;
}

bool
nnv_hint_key(struct nnv_str name, const struct nnv_str *keys, size_t n,
    struct nnv_diag *diag)
{
	const char *alias = find_alias(name);
	struct nnv_text near = NNV_TEXT_EMPTY;
	size_t nearest = nnv_nearest(name, keys, n);

	if (alias != NULL)
		nnv_text_addf(&near, "\"%s\"", alias);
	else if (nearest < n)
		nnv_text_addf(&near, "\"%s\"", keys[nearest].p);
	else
		list_sharing(name, keys, n, &near);
	if (near.n == 0 || nnv_text_failed(&near))
		nnv_fail(diag, NNV_E_USAGE,
		    "unknown style key \"%.*s\": see --help", (int)name.n,
		    name.p);
	else
		nnv_fail(diag, NNV_E_USAGE,
		    "unknown style key \"%.*s\": did you mean %s?", (int)name.n,
		    name.p, near.p);
	nnv_text_release(&near);
	return false;
}

/* The nearest of the words "a|b|c", absent where none is. */
static struct nnv_str
nearest_choice(struct nnv_str value, const char *words)
{
	struct nnv_str choices[CHOICES_MAX];
	size_t n = 0, nearest;

	while (n < CHOICES_MAX) {
		const char *bar = strchr(words, '|');

		choices[n++] = bar != NULL
		    ? (struct nnv_str){ words, (size_t)(bar - words) }
		    : nnv_str(words);
		if (bar == NULL)
			break;
		words = bar + 1;
	}
	nearest = nnv_nearest(value, choices, n);
	return nearest < n ? choices[nearest] : nnv_str(NULL);
}

/* What is near to the first word of VALUE that is no colour. */
static struct nnv_str
nearest_color(struct nnv_str value)
{
	struct nnv_color color;
	size_t from = 0, i;

	for (i = 0; i <= value.n; i++) {
		struct nnv_str word = { value.p + from, i - from };

		if (i < value.n && value.p[i] != ' ' && value.p[i] != ',')
			continue;
		if (word.n > 0 && !nnv_color_parse(word, &color))
			return nnv_color_nearest(word);
		from = i + 1;
	}
	return nnv_str(NULL);
}

static struct nnv_str
nearest_value(const struct nnv_setting *row, struct nnv_str value)
{
	switch (row->kind) {
	case NNV_SET_BOOL:
	case NNV_SET_CHOICE:
	case NNV_SET_SCHEME:
		return nearest_choice(value, row->key.kind);
	case NNV_SET_COLOR:
	case NNV_SET_TINTS:
	case NNV_SET_PAINT:
		return nearest_color(value);
	default:
		return nnv_str(NULL);
	}
}

bool
nnv_hint_value(const struct nnv_setting *row, struct nnv_str value,
    struct nnv_diag *diag)
{
	struct nnv_str near = nearest_value(row, value);

	return nnv_fail(diag, NNV_E_USAGE,
	    "style key \"%s\" wants %s%s: \"%.*s\"%s%.*s%s", row->key.name,
	    row->kind == NNV_SET_COLOR ? "a " : "", row->key.kind, (int)value.n,
	    value.p, near.n > 0 ? ": did you mean \"" : "", (int)near.n,
	    near.n > 0 ? near.p : "", near.n > 0 ? "\"?" : "");
}

static int
name_cmp(const void *a, const void *b)
{
	return nnv_str_cmp(*(const struct nnv_str *)a,
	    *(const struct nnv_str *)b);
}

/* The lines of TEXT, sorted, each once. */
static size_t
sort_lines(struct nnv_str text, struct nnv_str names[THEMES_MAX])
{
	size_t n = 0, kept = 0, from = 0;

	for (size_t i = 0; i < text.n && n < THEMES_MAX; i++) {
		if (text.p[i] != '\n')
			continue;
		names[n++] = (struct nnv_str){ text.p + from, i - from };
		from = i + 1;
	}
	qsort(names, n, sizeof(*names), name_cmp);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !nnv_str_eq(names[i], names[kept - 1]))
			names[kept++] = names[i];
	return kept;
}

bool
nnv_hint_theme(const struct nnv_style *style, struct nnv_str name,
    struct nnv_diag *diag)
{
	struct nnv_str names[THEMES_MAX];
	struct nnv_text lines = NNV_TEXT_EMPTY, text = NNV_TEXT_EMPTY;
	size_t n, nearest;

	nnv_text_adds(&lines, "auto\nlight\n");
	for (size_t i = 0; i < style->ndirs; i++)
		nnv_directory_list(style->dirs[i].p, NNV_STR(".style"), &lines);
	n = sort_lines(nnv_text_str(&lines), names);
	nearest = nnv_nearest(name, names, n);
	if (nearest < n)
		nnv_text_addf(&text, "did you mean \"%.*s\"? ",
		    (int)names[nearest].n, names[nearest].p);
	for (size_t i = 0; i < n; i++)
		nnv_text_addf(&text, "%s%.*s", i > 0 ? ", " : "there are ",
		    (int)names[i].n, names[i].p);
	if (nnv_text_failed(&lines) || nnv_text_failed(&text))
		nnv_fail_memory(diag);
	else
		nnv_fail(diag, NNV_E_USAGE, "no theme \"%.*s\": %s",
		    (int)name.n, name.p, text.p);
	nnv_text_release(&lines);
	nnv_text_release(&text);
	return false;
}
