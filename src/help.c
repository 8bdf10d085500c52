/*
 * The help: the rows of the tables of options, style keys and limits, on 80
 * columns. Options are told in groups, by what a person wants of them; one that
 * is in no group is told with the last.
 */
#include "help.h"

#include <assert.h>

#include "limit.h"
#include "nnviz/style.h"
#include "nnviz/text.h"
#include "options.h"

/* Columns: where the meaning of a row begins, and how many it has. */
enum { TEXT_AT = 28, ROOM = 80 - TEXT_AT, LEFT_SIZE = 128 };

/* Names of options between blanks, in the order in which they are told. */
static const struct group {
	const char *title, *names;
} groups[] = {
	{ "What is written",
	    " out format out-dir jobs pages strict check json stats sort"
	    " show formats " },
	{ "Which part is drawn",
	    " layer from to around hops phase step level keep hide " },
	{ "How much of it",
	    " depth max-nodes collapse expand fold merge reuse idioms"
	    " no-idioms rules plumbing no-plumbing " },
	{ "What it costs", " kernels profile values " },
	{ "How it looks",
	    " theme direction turn highlight color-by size-by source-url"
	    " style " },
};

enum { NGROUPS = sizeof(groups) / sizeof(*groups) };

/* Bytes of the first word of TEXT; of one that is longer than a line, up to
 * the last bar that leaves room. */
static size_t
word_len(const char *text)
{
	size_t n = strcspn(text, " "), cut = 0;

	for (size_t i = 0; n > ROOM && i < ROOM; i++)
		if (text[i] == '|')
			cut = i + 1;
	return cut > 0 ? cut : n;
}

/* TEXT from column TEXT_AT on, broken between words; the cursor is there. */
static void
put_wrapped(FILE *to, const char *text)
{
	size_t used = 0;

	while (*text != '\0') {
		size_t blank = *text == ' ', n = word_len(text + blank);
		size_t width = nnv_utf8_count((struct nnv_str){
		    text + blank, n });

		if (used > 0 && used + blank + width > ROOM) {
			fprintf(to, "\n%*s", TEXT_AT, "");
			text += blank;
			used = blank = 0;
		}
		fwrite(text, 1, blank + n, to);
		used += blank + width;
		text += blank + n;
	}
	fputc('\n', to);
}

/* LEFT and what it means, below it where there is no room beside it. */
static void
put_row(FILE *to, const char *left, const char *text)
{
	int n = fprintf(to, "  %s", left);

	if (n + 2 > TEXT_AT)
		fprintf(to, "\n%*s", TEXT_AT, "");
	else
		fprintf(to, "%*s", TEXT_AT - n, "");
	put_wrapped(to, text);
}

static void
put_option(FILE *to, const struct nnv_option *option)
{
	char left[LEFT_SIZE];

	snprintf(left, sizeof(left), "%s%s%s --%s%s%s",
	    option->letter != NULL ? "-" : " ",
	    option->letter != NULL ? option->letter : " ",
	    option->letter != NULL ? "," : " ", option->name,
	    option->value != NULL ? " " : "",
	    option->value != NULL ? option->value : "");
	put_row(to, left, option->help);
}

/* Whether NAME is one of the NAMES between blanks. */
static bool
is_among(const char *names, struct nnv_str name)
{
	for (const char *at = names + 1; *at != '\0';) {
		size_t n = strcspn(at, " ");

		if (nnv_str_eq((struct nnv_str){ at, n }, name))
			return true;
		at += n + (at[n] == ' ');
	}
	return false;
}

static bool
is_grouped(struct nnv_str name)
{
	for (size_t i = 0; i < NGROUPS; i++)
		if (is_among(groups[i].names, name))
			return true;
	return false;
}

static void
put_group(FILE *to, const struct group *group)
{
	struct nnv_option option;

	fprintf(to, "\n%s:\n", group->title);
	for (const char *at = group->names + 1; *at != '\0';) {
		struct nnv_str name = { at, strcspn(at, " ") };
		bool found = nnv_option_named(name, &option);

		assert(found);
		if (found)
			put_option(to, &option);
		at += name.n + (at[name.n] == ' ');
	}
}

static void
put_options(FILE *to)
{
	struct nnv_option option;

	for (size_t i = 0; i < NGROUPS; i++)
		put_group(to, &groups[i]);
	fputs("\nOther:\n", to);
	for (size_t i = 0; nnv_option_row(i, &option); i++)
		if (!is_grouped(nnv_str(option.name)))
			put_option(to, &option);
}

/* "NAME    HELP: KIND (INITIAL)" */
static void
put_setting(FILE *to, const struct nnv_style_key *key)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	nnv_text_adds(&text, key->help);
	if (*key->kind != '\0')
		nnv_text_addf(&text, "%s%s", *key->help != '\0' ? ": " : "",
		    key->kind);
	nnv_text_addf(&text, "%s(%s)", text.n > 0 ? " " : "", key->initial);
	put_row(to, key->name, nnv_text_failed(&text) ? key->help : text.p);
	nnv_text_release(&text);
}

/* Keys of categories take the same, which is told once. */
static void
put_keys(FILE *to)
{
	static const struct nnv_str prefix = NNV_STR_INIT("color.");
	const struct nnv_style_key *key;
	bool categories = false;

	fputs("\nStyle keys, what they take and, in parentheses, what they "
	      "are:\n",
	    to);
	for (size_t i = 0; (key = nnv_style_key(i)) != NULL; i++) {
		struct nnv_style_key row = *key;

		if (nnv_str_starts(nnv_str(key->name), prefix)) {
			if (!categories)
				fprintf(to,
				    "\nColours of boxes by category, each"
				    " %s:\n",
				    key->kind);
			categories = true;
			row.help = row.kind = "";
		}
		put_setting(to, &row);
	}
}

static void
put_limits(FILE *to)
{
	const struct nnv_limit_row *limit;

	fputs("\nLimits, and what they are (K, M, G: bytes):\n", to);
	for (size_t i = 0; (limit = nnv_limits_row(i)) != NULL; i++)
		put_setting(to,
		    &(struct nnv_style_key){
			limit->name, "", limit->initial, limit->help });
}

void
nnv_usage_print(FILE *to)
{
	fputs("usage: nnviz-c [OPTION]... MODEL...    (nnviz-c -h lists the "
	      "options)\n",
	    to);
}

void
nnv_help_print(FILE *to, bool in_full)
{
	fputs("usage: nnviz-c [OPTION]... MODEL\n\n"
	      "Draw the network that MODEL records: a Jittor trace (pickle) or "
	      "a graph saved\nby NNViz or nnviz-c (JSON), packed or not; - is "
	      "standard input.\n\n"
	      "  nnviz-c resnet.pkl                        as resnet.pdf\n"
	      "  nnviz-c resnet.pkl -d 1 -o overview.svg   its outermost "
	      "modules only\n"
	      "  nnviz-c resnet.pkl -l layer2 -d -1 -s     one module in full, "
	      "shown at once\n",
	    to);
	put_options(to);
	if (in_full) {
		put_keys(to);
		put_limits(to);
	} else {
		fputs("\nnnviz-c --help also lists the keys of the style and "
		      "the limits.\n",
		    to);
	}
	fputs("\nExit status: 0 done, 1 failed, 2 bad usage.\n", to);
}
