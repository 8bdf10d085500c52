/*
 * The command line: one row an option, which yields the parser and the help.
 * The letters are NNViz's. Options may follow MODEL, short ones may be joined
 * ("-qj"), "--" ends them, and a value is whatever follows ("-d -1", "-d-1",
 * "--depth=-1").
 */
#include "options.h"

#include <stdlib.h>

#include "nnviz/arena.h"
#include "nnviz/graph.h"
#include "nnviz/pass.h"
#include "nnviz/style.h"
#include "nnviz/text.h"

/* What a row does with its value. */
enum take {
	FLAG, /* no value: a bool becomes true */
	TEXT, /* a const char * */
	LIST, /* one more item of a struct nnv_list */
	KEY,  /* the style key of its name: --color-by is
				   -S color_by */
	CHECK /* a function looks at it */
};

struct row {
	const char *letter; /* or NULL */
	const char *name;
	const char *value; /* what it takes, for the help; NULL: nothing */
	const char *help;
	enum take take;
	size_t at; /* FLAG, TEXT, LIST: where in the options */
	bool (*check)(struct nnv_options *options, const char *value,
	    struct nnv_diag *diag);
};

static bool
add(struct nnv_list *list, const char *item, struct nnv_diag *diag)
{
	if (list->n == list->cap &&
	    !nnv_heap_grow((void **)&list->items, &list->cap, list->n + 1,
		sizeof(*list->items)))
		return nnv_fail_memory(diag);
	list->items[list->n++] = item;
	return true;
}

static bool
check_out(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	if (*value == '\0')
		return nnv_fail(diag, NNV_E_USAGE, "-o: an empty file name");
	return add(&o->out, value, diag);
}

/* Nodes on one page that can still be read. */
enum { READABLE_NODES = 60 };

/* A whole number from LEAST on. */
static bool
check_count(const char *option, const char *value, long least, uint32_t *count,
    struct nnv_diag *diag)
{
	char *end;
	long number = strtol(value, &end, 10);

	if (end == value || *end != '\0' || number < least || number > 1000000)
		return nnv_fail(diag, NNV_E_USAGE,
		    "%s: expected a number "
		    "from %ld to 1000000, found \"%s\"",
		    option, least, value);
	*count = (uint32_t)number;
	return true;
}

static bool
check_max_nodes(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	return check_count("--max-nodes", value, 1, &o->max_nodes, diag);
}

static bool
check_layout_time(struct nnv_options *o, const char *value,
    struct nnv_diag *diag)
{
	return check_count("--layout-time", value, 1, &o->layout_time, diag);
}

static bool
check_out_dir(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	if (*value == '\0')
		return nnv_fail(diag, NNV_E_USAGE,
		    "--out-dir: an empty file name");
	o->out_dir = value;
	return true;
}

static bool
check_jobs(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	return check_count("-J", value, 1, &o->jobs, diag);
}

static bool
check_hops(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	o->hops_given = true;
	return check_count("--hops", value, 0, &o->hops, diag);
}

static bool
check_merge(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	char *end;

	o->merge = strtod(value, &end);
	if (end == value || *end != '\0' || !(o->merge >= 0 && o->merge <= 1))
		return nnv_fail(diag, NNV_E_USAGE,
		    "--merge: expected a share "
		    "from 0 to 1, found \"%s\"",
		    value);
	return true;
}

static bool
check_reuse(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	o->roll = nnv_str_eq(nnv_str(value), NNV_STR("roll"));
	if (!o->roll && !nnv_str_eq(nnv_str(value), NNV_STR("calls")))
		return nnv_fail(diag, NNV_E_USAGE,
		    "--reuse: expected "
		    "\"calls\" or \"roll\", found \"%s\"",
		    value);
	return true;
}

/* Whether reshapes and copies are nodes unless asked otherwise. */
#define PLUMBING_BY_DEFAULT true

static bool
check_plumbing(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	(void)value;
	(void)diag;
	return o->plumbing = true;
}

static bool
check_no_plumbing(struct nnv_options *o, const char *value,
    struct nnv_diag *diag)
{
	(void)value;
	(void)diag;
	o->plumbing = false;
	return true;
}

static bool
check_depth(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	char *end;
	long depth = strtol(value, &end, 10);

	o->depth_given = true;
	if (nnv_str_eq(nnv_str(value), NNV_STR("auto"))) {
		o->depth = -1;
		o->max_nodes = READABLE_NODES;
		return o->one_page = true;
	}
	o->one_page = false;
	if (end == value || *end != '\0' || depth < -1 || depth > 1000000)
		return nnv_fail(diag, NNV_E_USAGE,
		    "-d: expected a number of levels, -1 for all, or "
		    "\"auto\", found \"%s\"",
		    value);
	o->depth = (int)depth;
	return true;
}

static bool
check_idioms(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	(void)value;
	(void)diag;
	o->idioms_given = true;
	return o->idioms = true;
}

static bool
check_no_idioms(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	(void)value;
	(void)diag;
	o->idioms_given = true;
	o->idioms = false;
	return true;
}

/* Who asks for everything, or for operations, gets them one by one: -d -1 folds
 * nothing, and its counts are those that people know their models by. A drawing
 * that folds modules folds what is one idea as well. */
static bool
idioms_by_default(const struct nnv_options *o)
{
	return !o->ops && (o->depth >= 0 || o->max_nodes > 0);
}

/* Runs that --fold auto looks for, and in drawings of how many nodes. */
enum { FOLD_LEAST = 3, FOLD_ABOVE = 1000 };

static bool
check_fold(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	char *end;
	long least = strtol(value, &end, 10);

	o->fold_given = true;
	o->fold = FOLD_LEAST;
	o->fold_above = o->similar_above = FOLD_ABOVE;
	if (nnv_str_eq(nnv_str(value), NNV_STR("auto")))
		return true;
	o->fold_above = o->similar_above = 0;
	o->fold = 2;
	if (nnv_str_eq(nnv_str(value), NNV_STR("similar")))
		return true;
	o->similar_above = UINT32_MAX;
	if (nnv_str_eq(nnv_str(value), NNV_STR("none"))) {
		o->fold = 0;
		return true;
	}
	if (end == value || *end != '\0' || least < 2 || least > 1000000)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--fold: expected "
		    "\"auto\", \"none\", \"similar\" or a number from 2, "
		    "found \"%s\"",
		    value);
	o->fold = (uint32_t)least;
	return true;
}

static bool
check_level(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	o->ops = nnv_str_eq(nnv_str(value), NNV_STR("ops"));
	if (!o->ops && !nnv_str_eq(nnv_str(value), NNV_STR("layers")))
		return nnv_fail(diag, NNV_E_USAGE,
		    "--level: expected "
		    "\"layers\" or \"ops\", found \"%s\"",
		    value);
	return true;
}

static bool
check_phase(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	enum nnv_phase phase = nnv_phase_named(nnv_str(value));

	if (nnv_str_eq(nnv_str(value), NNV_STR("all")))
		o->phases = NNV_ALL_PHASES;
	else if (nnv_str_eq(nnv_str(value), NNV_STR("both")))
		o->phases = 1u << NNV_FORWARD | 1u << NNV_BACKWARD;
	else if (phase == NNV_NPHASES)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--phase: expected "
		    "\"forward\", \"backward\", \"both\", \"optimizer\", "
		    "\"init\" or \"all\", found \"%s\"",
		    value);
	else
		o->phases = 1u << phase;
	return true;
}

static bool
check_step(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	char *end;
	long step = strtol(value, &end, 10);

	if (nnv_str_eq(nnv_str(value), NNV_STR("all"))) {
		o->step = NNV_STEP_ALL;
		return true;
	}
	if (end == value || *end != '\0' || step < 1 || step > 1000000)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--step: expected a number "
		    "from 1, or \"all\", found \"%s\"",
		    value);
	o->step = (int)step;
	return true;
}

static bool
check_input(struct nnv_options *o, const char *value, struct nnv_diag *diag)
{
	(void)o;
	(void)value;
	return nnv_fail(diag, NNV_E_USAGE,
	    "-i: there is no model to run: the "
	    "shapes of a trace or a graph come from its file");
}

#define FLAG_AT(field) FLAG, offsetof(struct nnv_options, field), NULL
#define TEXT_AT(field) TEXT, offsetof(struct nnv_options, field), NULL
#define LIST_AT(field) LIST, offsetof(struct nnv_options, field), NULL
#define STYLE_KEY KEY, 0, NULL
#define CHECK_BY(function) CHECK, 0, function

static const struct row rows[] = {
	{ "o", "out", "FILE",
	    "write FILE (default: MODEL.pdf; -: standard output); may be "
	    "repeated",
	    CHECK_BY(check_out) },
	{ "T", "format", "NAME",
	    "format, or several: svg,pdf (default: FILE's suffix, else pdf)",
	    LIST_AT(format) },
	{ NULL, "out-dir", "DIR",
	    "write there what has no -o; it is made if need be",
	    CHECK_BY(check_out_dir) },
	{ "J", "jobs", "N",
	    "draw N of several models at once (default: a processor each)",
	    CHECK_BY(check_jobs) },
	{ NULL, "check", "FILE",
	    "write nothing: is FILE as it would be drawn? may be repeated",
	    LIST_AT(check) },
	{ "l", "layer", "PATH", "draw one submodule: -l layer2.0",
	    TEXT_AT(layer) },
	{ "d", "depth", "N",
	    "collapse what is below N levels (2; -1: nothing; auto: a page)",
	    CHECK_BY(check_depth) },
	{ "c", "collapse", "PATTERN",
	    "collapse modules: a path, layer1.*, type:Bottleneck",
	    LIST_AT(collapse) },
	{ "e", "expand", "PATTERN", "open what -d or -c would close",
	    LIST_AT(expand) },
	{ NULL, "max-nodes", "N",
	    "open the heaviest modules as long as N nodes suffice",
	    CHECK_BY(check_max_nodes) },
	{ NULL, "merge", "SHARE",
	    "join what holds so little of all parameters to its "
	    "neighbour",
	    CHECK_BY(check_merge) },
	{ NULL, "reuse", "calls|roll",
	    "draw each call of a module (default), or all as one",
	    CHECK_BY(check_reuse) },
	{ NULL, "plumbing", NULL, "draw reshapes and copies (default)",
	    CHECK_BY(check_plumbing) },
	{ NULL, "no-plumbing", NULL, "write them beside their arrows",
	    CHECK_BY(check_no_plumbing) },
	{ NULL, "from", "PATTERN", "draw what lies behind it (see --to)",
	    TEXT_AT(from) },
	{ NULL, "to", "PATTERN", "draw what lies before it", TEXT_AT(to) },
	{ NULL, "around", "PATTERN", "draw what is near it", TEXT_AT(around) },
	{ NULL, "hops", "N", "how near: so many arrows (default 2)",
	    CHECK_BY(check_hops) },
	{ NULL, "highlight", "PATTERN",
	    "make pale what neither leads to it nor comes from it",
	    LIST_AT(highlight) },
	{ NULL, "idioms", NULL,
	    "draw ops that are one idea as one: softmax, concat",
	    CHECK_BY(check_idioms) },
	{ NULL, "no-idioms", NULL,
	    "draw every op (default of -d -1 and --level ops)",
	    CHECK_BY(check_no_idioms) },
	{ NULL, "rules", "FILE",
	    "draw chains as one: fold Conv > BatchNorm as ConvBN",
	    TEXT_AT(rules) },
	{ NULL, "fold", "auto|none|similar|N",
	    "draw rows of modules that are alike as one, \xc3\x97N",
	    CHECK_BY(check_fold) },
	{ NULL, "hide", "PATTERN", "leave out what is in the way: type:Dropout",
	    LIST_AT(hide) },
	{ "j", "json", NULL,
	    "also write the whole graph as JSON beside the output",
	    FLAG_AT(json) },
	{ NULL, "stats", "FILE",
	    "also write a table: FILE.csv, .md, .txt or .tree",
	    TEXT_AT(stats) },
	{ NULL, "sort", "KEY",
	    "sort tables: name, type, parameters, macs, bytes ...",
	    TEXT_AT(sort) },
	{ "S", "style", "KEY=VALUE",
	    "set a key of the style (see --help); repeatable", LIST_AT(style) },
	{ NULL, "theme", "NAME|FILE", "a style by name, or a file of keys",
	    STYLE_KEY },
	{ NULL, "direction", "TB|LR|BT|RL", "where the data flows", STYLE_KEY },
	{ NULL, "turn", "NODE", "the flow turns back at this node", STYLE_KEY },
	{ NULL, "color-by", "WHAT",
	    "what colours tell: category, module, params ...", STYLE_KEY },
	{ NULL, "size-by", "WHAT", "what heights tell: params, macs, bytes ...",
	    STYLE_KEY },
	{ NULL, "source-url", "URL", "link boxes to {file} and {line}",
	    STYLE_KEY },
	{ "s", "show", NULL, "open the result with xdg-open", FLAG_AT(show) },
	{ NULL, "level", "layers|ops",
	    "draw layers (default) or the ops inside them",
	    CHECK_BY(check_level) },
	{ NULL, "phase", "NAME",
	    "forward (default), backward, both, optimizer, init, "
	    "all",
	    CHECK_BY(check_phase) },
	{ NULL, "step", "N|all",
	    "of several training steps (default: one, if alike)",
	    CHECK_BY(check_step) },
	{ NULL, "profile", "FILE", "times, from a report of Jittor's profiler",
	    TEXT_AT(profile) },
	{ NULL, "kernels", NULL,
	    "which ops ran as one kernel; tables are of kernels",
	    FLAG_AT(kernels) },
	{ NULL, "values", NULL,
	    "what tensors held, if known; tables are of tensors",
	    FLAG_AT(values) },
	{ NULL, "keep", NULL,
	    "keep constants, updated statistics and dead ends", FLAG_AT(keep) },
	{ NULL, "strip-path", "PREFIX",
	    "shorten call sites by PREFIX only; \"\": not at all",
	    LIST_AT(strip) },
	{ NULL, "pages", NULL,
	    "PDF: an overview, then a page a module, with links",
	    FLAG_AT(pages) },
	{ NULL, "strict", NULL,
	    "fail where a picture would be made smaller to fit",
	    FLAG_AT(strict) },
	{ NULL, "layout-time", "SECONDS",
	    "simplify a layout that takes longer (default 10)",
	    CHECK_BY(check_layout_time) },
	{ NULL, "limit", "NAME=VALUE", "what a file may cost (see --help)",
	    LIST_AT(limits) },
	{ "i", "input", "INPUT",
	    "NNViz runs models; here shapes come from the file",
	    CHECK_BY(check_input) },
	{ "q", "quiet", NULL, "no warnings, no progress", FLAG_AT(quiet) },
	{ "v", "verbose", NULL, "say what is done", FLAG_AT(verbose) },
	{ NULL, "formats", NULL, "list the formats that can be written here",
	    FLAG_AT(list_formats) },
	{ "h", "help", NULL, "this list; --help: with style keys and limits",
	    FLAG_AT(help) },
	{ "V", "version", NULL, "the version", FLAG_AT(version) },
};

enum { NROWS = sizeof(rows) / sizeof(*rows) };

static const struct row *
find_letter(char letter)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].letter != NULL && rows[i].letter[0] == letter)
			return &rows[i];
	return NULL;
}

static const struct row *
find_name(struct nnv_str name)
{
	for (size_t i = 0; i < NROWS; i++)
		if (nnv_str_eq(name, nnv_str(rows[i].name)))
			return &rows[i];
	return NULL;
}

/* Whether one of the two begins with the other, three letters of it at the
 * least: "--output" may be "--out", "--color" is "--color-by". */
static bool
begin_alike(struct nnv_str a, struct nnv_str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	return n >= 3 && memcmp(a.p, b.p, n) == 0;
}

/* The option that may have been meant, or NULL. */
static const struct row *
find_near(struct nnv_str name)
{
	struct nnv_str names[NROWS];
	size_t nearest, i;

	for (i = 0; i < NROWS; i++)
		names[i] = nnv_str(rows[i].name);
	nearest = nnv_nearest(name, names, NROWS);
	for (i = 0; nearest == NROWS && i < NROWS; i++)
		if (begin_alike(name, names[i]))
			nearest = i;
	return nearest < NROWS ? &rows[nearest] : NULL;
}

/* The style key of that name, in which _ is -, or NULL. */
static const char *
find_key(struct nnv_str name)
{
	const struct nnv_style_key *key;

	for (size_t i = 0; (key = nnv_style_key(i)) != NULL; i++) {
		size_t k = 0;

		while (k < name.n &&
		    key->name[k] == (name.p[k] == '-' ? '_' : name.p[k]))
			k++;
		if (k == name.n && key->name[k] == '\0')
			return key->name;
	}
	return NULL;
}

static bool
fail_unknown(struct nnv_str name, struct nnv_diag *diag)
{
	const struct row *near = find_near(name);
	const char *key = find_key(name);

	if (key != NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "unknown option \"--%.*s\": it is a key of the style: "
		    "-S %s=VALUE",
		    (int)name.n, name.p, key);
	if (near == NULL)
		return nnv_fail(diag, NNV_E_USAGE, "unknown option \"--%.*s\"",
		    (int)name.n, name.p);
	return nnv_fail(diag, NNV_E_USAGE,
	    "unknown option \"--%.*s\": did "
	    "you mean \"--%s\"?",
	    (int)name.n, name.p, near->name);
}

/* What is left to parse. */
struct args {
	int argc, i;
	char **argv;
};

static bool
apply(struct nnv_options *o, const struct row *row, const char *value,
    struct nnv_diag *diag)
{
	char *at = (char *)o + row->at;

	switch (row->take) {
	case FLAG:
		return *(bool *)at = true;
	case TEXT:
		*(const char **)at = value;
		return true;
	case LIST:
		return add((struct nnv_list *)at, value, diag);
	case KEY:
		return add(&o->keys, row->name, diag) &&
		    add(&o->keys, value, diag);
	case CHECK:
		break;
	}
	return row->check(o, value, diag);
}

/* The value of an option: JOINED to it, or the next argument. */
static bool
apply_next(struct nnv_options *o, const struct row *row, const char *joined,
    struct args *args, struct nnv_diag *diag)
{
	if (joined == NULL && args->i >= args->argc)
		return nnv_fail(diag, NNV_E_USAGE, "--%s wants a value: %s",
		    row->name, row->value);
	return apply(o, row, joined != NULL ? joined : args->argv[args->i++],
	    diag);
}

static bool
parse_long(struct nnv_options *o, const char *arg, struct args *args,
    struct nnv_diag *diag)
{
	const char *equals = strchr(arg, '=');
	struct nnv_str name = { arg,
		equals != NULL ? (size_t)(equals - arg) : strlen(arg) };
	const struct row *row = find_name(name);

	if (row == NULL)
		return fail_unknown(name, diag);
	if (row->value != NULL)
		return apply_next(o, row, equals != NULL ? equals + 1 : NULL,
		    args, diag);
	if (equals != NULL)
		return nnv_fail(diag, NNV_E_USAGE, "--%s takes no value",
		    row->name);
	if (!apply(o, row, NULL, diag))
		return false;
	/* --help tells more than -h */
	o->in_full = o->in_full || strcmp(row->name, "help") == 0;
	return true;
}

/* ARG may be a file with a name that looks like options. */
static bool
fail_letter(char letter, const char *arg, struct nnv_diag *diag)
{
	if (strchr(arg, '.') == NULL)
		return nnv_fail(diag, NNV_E_USAGE, "unknown option \"-%c\"",
		    letter);
	return nnv_fail(diag, NNV_E_USAGE,
	    "unknown option \"-%c\": a file of that name is \"./-%s\"", letter,
	    arg);
}

static bool
parse_letters(struct nnv_options *o, const char *letters, struct args *args,
    struct nnv_diag *diag)
{
	const char *all = letters;

	for (; *letters != '\0'; letters++) {
		const struct row *row = find_letter(*letters);

		if (row == NULL)
			return fail_letter(*letters, all, diag);
		if (row->value != NULL)
			return apply_next(o, row,
			    letters[1] != '\0' ? letters + 1 : NULL, args,
			    diag);
		if (!apply(o, row, NULL, diag))
			return false;
	}
	return true;
}

static bool
take_model(struct nnv_options *o, const char *arg, struct nnv_diag *diag)
{
	if (*arg == '\0')
		return nnv_fail(diag, NNV_E_USAGE, "an empty file name");
	if (o->model == NULL)
		o->model = arg;
	return add(&o->models, arg, diag);
}

/* What is missing beside what was said. */
static bool
check_whole(const struct nnv_options *o, struct nnv_diag *diag)
{
	if (o->help || o->version || o->list_formats)
		return true;
	if (o->hops_given && o->around == NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--hops says how near: say what with --around");
	if (o->model == NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "no model: name a trace or "
		    "a graph");
	return true;
}

bool
nnv_options_parse(struct nnv_options *o, int argc, char **argv,
    struct nnv_diag *diag)
{
	struct args args = { argc, 1, argv };
	bool ended = false, ok = true;

	*o = (struct nnv_options){ .depth = 2,
		.layout_time = 10,
		.plumbing = PLUMBING_BY_DEFAULT,
		.merge = -1,
		.hops = 2,
		.fold = FOLD_LEAST,
		.fold_above = FOLD_ABOVE,
		.similar_above = FOLD_ABOVE,
		.phases = 1u << NNV_FORWARD };
	while (ok && args.i < argc) {
		const char *arg = argv[args.i++];

		if (ended || arg[0] != '-' || arg[1] == '\0')
			ok = take_model(o, arg, diag);
		else if (arg[1] != '-')
			ok = parse_letters(o, arg + 1, &args, diag);
		else if (arg[2] == '\0')
			ended = true;
		else
			ok = parse_long(o, arg + 2, &args, diag);
	}
	if (!o->idioms_given)
		o->idioms = idioms_by_default(o);
	return ok && check_whole(o, diag);
}

void
nnv_options_release(struct nnv_options *o)
{
	for (size_t i = 0; i < NROWS; i++)
		if (rows[i].take == LIST)
			nnv_heap_free(((struct nnv_list *)((char *)o +
					   rows[i].at))
					  ->items);
	nnv_heap_free(o->models.items);
	nnv_heap_free(o->out.items);
	nnv_heap_free(o->keys.items);
}

bool
nnv_option_row(size_t i, struct nnv_option *option)
{
	if (i >= NROWS)
		return false;
	*option = (struct nnv_option){ rows[i].letter, rows[i].name,
		rows[i].value, rows[i].help };
	return true;
}

bool
nnv_option_named(struct nnv_str name, struct nnv_option *option)
{
	const struct row *row = find_name(name);

	return row != NULL && nnv_option_row((size_t)(row - rows), option);
}
