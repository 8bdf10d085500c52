/*
 * nnviz-c: from the command line to a picture, in one line:
 *
 *	bytes -> value -> graph -> graph' -> drawing -> bytes
 *
 * Only this file prints, and only its main decides the exit status.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "nnviz/arena.h"
#include "nnviz/draw.h"
#include "nnviz/file.h"
#include "nnviz/format.h"
#include "nnviz/graph.h"
#include "nnviz/names.h"
#include "nnviz/profile.h"
#include "nnviz/render.h"
#include "nnviz/report.h"
#include "nnviz/style.h"
#include "nnviz/text.h"
#include "attempt.h"
#include "help.h"
#include "limit.h"
#include "options.h"
#include "transform.h"

enum { DONE, FAILED, USAGE };

enum { PATH_SIZE = 4096 };

/* Seconds for a layout that is as simple as it gets. */
enum { LAST_ATTEMPT = 60 };

/* One run of the program. */
struct run {
	struct nnv_options options;
	struct nnv_limits limits;
	struct nnv_diag diag;
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_style *style;
	struct nnv_graph *whole; /* the input, all of it */
	struct nnv_graph *drawn; /* what is drawn */
	struct nnv_text picture;
	struct nnv_text cache; /* -j */
	struct nnv_text stats; /* --stats */
	char out[PATH_SIZE];
	char cache_out[PATH_SIZE];
	const char *format;
	size_t nwarned; /* warnings that were printed */
};

static void
say(const struct run *run, const char *what)
{
	if (run->options.verbose)
		fprintf(stderr, "nnviz-c: %s\n", what);
}

/* The warnings that are new. */
static void
print_warnings(struct run *run)
{
	while (!run->options.quiet && run->nwarned < run->diag.nwarnings) {
		const struct nnv_warning *w = &run->diag
						   .warnings[run->nwarned++];

		/* Of interest only to who looks at gradients. */
		if (strcmp(w->kind, "gradient") == 0 &&
		    (run->options.phases & 1u << NNV_BACKWARD) == 0)
			continue;
		fprintf(stderr, "nnviz-c: %s: warning: %s",
		    run->diag.source != NULL ? run->diag.source : "-", w->text);
		if (w->count > 1)
			fprintf(stderr, " (and %zu more)", w->count - 1);
		fputc('\n', stderr);
	}
}

static int
print_failure(const struct run *run)
{
	char line[2 * NNV_DIAG_TEXT];

	nnv_diag_line(&run->diag, line, sizeof(line));
	fprintf(stderr, "nnviz-c: %s", line);
	if (run->diag.limit != NULL)
		fprintf(stderr, ": --limit %s=N allows more", run->diag.limit);
	fputc('\n', stderr);
	return FAILED;
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* The suffix of a file name, without its dot, or NULL. */
static const char *
suffix(const char *path)
{
	const char *base = base_name(path);
	const char *dot = strrchr(base, '.');

	return dot != NULL && dot != base && dot[1] != '\0' ? dot + 1 : NULL;
}

static bool
fail_format(struct run *run, const char *name)
{
	struct nnv_str names[NNV_PICTURE_FORMATS + NNV_REPORT_FORMATS];
	size_t n = 0, nearest;

	for (size_t i = 0; nnv_picture_format(i) != NULL; i++)
		names[n++] = nnv_str(nnv_picture_format(i)->name);
	for (size_t i = 0; nnv_report_format(i) != NULL; i++)
		names[n++] = nnv_str(nnv_report_format(i)->name);
	nearest = nnv_nearest(nnv_str(name), names, n);
	if (nearest == n)
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "unknown format \"%s\": see --formats", name);
	return nnv_fail(&run->diag, NNV_E_USAGE,
	    "unknown format \"%s\": did "
	    "you mean \"%s\"?",
	    name, names[nearest].p);
}

/* -T decides, else the suffix of -o, else it is PDF; "SVG" is svg. */
static bool
choose_format(struct run *run)
{
	const struct nnv_options *o = &run->options;

	const struct nnv_picture_format *picture;
	const struct nnv_report_format *table;
	const char *name = o->format;

	if (name == NULL && o->out != NULL)
		name = suffix(o->out);
	if (name == NULL)
		name = "pdf";
	picture = nnv_picture_named(nnv_str(name));
	table = nnv_report_named(nnv_str(name));
	if (picture == NULL && table == NULL)
		return fail_format(run, name);
	run->format = picture != NULL ? picture->name : table->name;
	return true;
}

/* A report that is read at once goes to standard output. */
static bool
is_for_terminal(const struct run *run)
{
	const struct nnv_report_format
	    *report = nnv_report_named(nnv_str(run->format));

	return report != NULL && report->terminal;
}

/* --stats FILE is a report by its suffix; --sort is one of the keys. */
static bool
check_stats(struct run *run)
{
	const struct nnv_options *o = &run->options;
	const char *format = o->stats != NULL ? suffix(o->stats) : NULL;

	if (o->stats != NULL &&
	    (format == NULL || nnv_report_named(nnv_str(format)) == NULL))
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "--stats: \"%s\" "
		    "should end in .csv, .md, .txt or .tree",
		    o->stats);
	if (o->stats != NULL && strcmp(o->stats, run->out) == 0)
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "--stats would "
		    "overwrite the drawing \"%s\"",
		    o->stats);
	if (o->sort == NULL)
		return true;
	for (size_t i = 0; nnv_report_key(i) != NULL; i++)
		if (strcmp(o->sort, nnv_report_key(i)) == 0)
			return true;
	return nnv_fail(&run->diag, NNV_E_USAGE,
	    "--sort: expected \"name\", "
	    "\"type\", \"parameters\", \"macs\", \"elementwise\" or \"bytes\", "
	    "found \"%s\"",
	    o->sort);
}

/* The file of -o, else "resnet_layer2-0.pdf". */
static bool
choose_out(struct run *run)
{
	const struct nnv_options *o = &run->options;
	struct nnv_text name = NNV_TEXT_EMPTY;
	char stem[PATH_SIZE];
	bool fits;

	if (o->out != NULL) {
		nnv_text_adds(&name, o->out);
	} else if (is_for_terminal(run)) {
		nnv_text_addc(&name, '-');
	} else {
		nnv_path_stem(o->model, stem, sizeof(stem));
		nnv_text_adds(&name, stem);
		if (o->layer != NULL)
			nnv_text_addc(&name, '_');
		for (const char *p = o->layer; p != NULL && *p != '\0'; p++)
			nnv_text_addc(&name, *p == '.' || *p == '/' ? '-' : *p);
		nnv_text_addc(&name, '.');
		nnv_text_adds(&name, run->format);
	}
	if (nnv_text_failed(&name))
		nnv_fail_memory(&run->diag);
	fits = !nnv_text_failed(&name) && name.n < sizeof(run->out);
	if (fits)
		memcpy(run->out, name.p, name.n + 1);
	nnv_text_release(&name);
	return fits ||
	    nnv_fail(&run->diag, NNV_E_USAGE,
		"the name of the output is too long");
}

/* -j writes beside the output, with the suffix .json. */
static bool
choose_cache_out(struct run *run)
{
	const char *end;
	char stem[PATH_SIZE];
	int n;

	if (!run->options.json)
		return true;
	if (nnv_str_eq(nnv_str(run->out), NNV_STR("-"))) {
		nnv_path_stem(run->options.model, stem, sizeof(stem));
		n = snprintf(run->cache_out, sizeof(run->cache_out), "%s.json",
		    stem);
	} else {
		end = suffix(run->out);
		n = snprintf(run->cache_out, sizeof(run->cache_out),
		    "%.*s.json",
		    (int)(end != NULL ? end - run->out - 1
				      : (ptrdiff_t)strlen(run->out)),
		    run->out);
	}
	if (n < 0 || (size_t)n >= sizeof(run->cache_out))
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "the name of the output is too long");
	if (strcmp(run->cache_out, run->out) == 0)
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "-j would overwrite "
		    "the drawing \"%s\": name another with -o",
		    run->out);
	return true;
}

/* No output may take the place of the model, by whatever name. */
static bool
spare_model(struct run *run)
{
	const struct nnv_options *o = &run->options;
	const char *outputs[] = { run->out, o->json ? run->cache_out : "-",
		o->stats != NULL ? o->stats : "-" };

	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
		if (nnv_path_same(outputs[i], o->model))
			return nnv_fail(&run->diag, NNV_E_USAGE,
			    "\"%s\" is the model and would be overwritten: "
			    "name another output with -o",
			    outputs[i]);
	return true;
}

/* Where styles are found: the user's, the installed ones, the checkout's. */
static bool
search_styles(struct run *run, const char *program)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	const char *slash = strrchr(program, '/');
	char path[PATH_SIZE];

	if (config != NULL && *config == '/')
		snprintf(path, sizeof(path), "%s/nnviz-c/styles", config);
	else
		snprintf(path, sizeof(path), "%s/.config/nnviz-c/styles",
		    home != NULL ? home : "");
	if (!nnv_style_search(run->style, nnv_str(path), &run->diag) ||
	    !nnv_style_search(run->style, NNV_STR(NNV_STYLE_DIR), &run->diag))
		return false;
	snprintf(path, sizeof(path), "%.*sstyles",
	    slash != NULL ? (int)(slash + 1 - program) : 0, program);
	if (!nnv_style_search(run->style, nnv_str(path), &run->diag))
		return false;
	snprintf(path, sizeof(path), "%.*s../styles",
	    slash != NULL ? (int)(slash + 1 - program) : 0, program);
	return nnv_style_search(run->style, nnv_str(path), &run->diag);
}

/* The style keys that are options of their own: --color-by WORD. */
static bool
set_keys(struct run *run)
{
	const struct nnv_list *keys = &run->options.keys;
	struct nnv_text text = NNV_TEXT_EMPTY;
	bool ok = true;

	for (size_t i = 0; ok && i + 1 < keys->n; i += 2) {
		nnv_text_clear(&text);
		for (const char *p = keys->items[i]; *p != '\0'; p++)
			nnv_text_addc(&text, *p == '-' ? '_' : *p);
		nnv_text_addf(&text, "=%s", keys->items[i + 1]);
		ok = nnv_text_failed(&text)
		    ? nnv_fail_memory(&run->diag)
		    : nnv_style_set(run->style, nnv_text_str(&text),
			  &run->diag);
	}
	nnv_text_release(&text);
	return ok;
}

static bool
set_style(struct run *run, const char *program)
{
	run->style = nnv_style_new();
	if (run->style == NULL)
		return nnv_fail_memory(&run->diag);
	if (!search_styles(run, program) || !set_keys(run))
		return false;
	for (size_t i = 0; i < run->options.style.n; i++)
		if (!nnv_style_set(run->style,
			nnv_str(run->options.style.items[i]), &run->diag))
			return false;
	return true;
}

/* --limit, in the order given. The time is a matter of the style. */
static bool
set_limits(struct run *run)
{
	char timeout[32];

	nnv_limits_init(&run->limits);
	for (size_t i = 0; i < run->options.limits.n; i++)
		if (!nnv_limits_set(&run->limits,
			nnv_str(run->options.limits.items[i]), &run->diag))
			return false;
	if (run->limits.time == 0)
		return true;
	snprintf(timeout, sizeof(timeout), "timeout=%u",
	    (unsigned)run->limits.time);
	return nnv_style_set(run->style, nnv_str(timeout), &run->diag);
}

static bool
read_model(struct run *run)
{
	const struct nnv_load_limits limits = { run->limits.input,
		run->limits.memory, run->limits.depth };
	struct nnv_input input = { .bytes = { NULL, 0 } };
	const char *path = run->options.model;
	bool ok;

	run->whole = nnv_graph_new(&run->arena, &run->names);
	if (run->whole == NULL)
		return nnv_fail_memory(&run->diag);
	ok = nnv_input_read(&input, path, limits.input, &run->diag) &&
	    nnv_graph_load(run->whole, input.bytes, nnv_str(base_name(path)),
		limits, &run->diag) &&
	    nnv_input_check(&input, &run->diag);
	nnv_input_release(&input);
	return ok;
}

/* Bytes of a profile: it has a row a kernel. */
enum { PROFILE_MAX = 256 << 20 };

/* --profile tells how long kernels took. */
static bool
read_profile(struct run *run)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	bool ok;

	if (run->options.profile == NULL)
		return true;
	ok = nnv_input_read(&input, run->options.profile, PROFILE_MAX,
		 &run->diag) &&
	    nnv_profile_join(run->whole, input.bytes, &run->diag);
	nnv_input_release(&input);
	return ok;
}

static bool
shorten_sites(struct run *run)
{
	const struct nnv_list *list = &run->options.strip;
	struct nnv_str *prefixes = nnv_heap_alloc(list->n + 1,
	    sizeof(*prefixes));
	bool ok;

	if (prefixes == NULL)
		return nnv_fail_memory(&run->diag);
	for (size_t i = 0; i < list->n; i++)
		prefixes[i] = nnv_str(list->items[i]);
	ok = nnv_graph_shorten_sites(run->whole, prefixes, list->n) ||
	    nnv_fail_memory(&run->diag);
	nnv_heap_free(prefixes);
	return ok;
}

static bool
report(struct run *run, const char *format, struct nnv_text *out)
{
	return nnv_report(run->drawn, nnv_str(format),
	    nnv_str(run->options.sort), out, &run->diag);
}

/* DOT is written without layout, and may be of any size. */
static bool
check_size(struct run *run)
{
	if (strcmp(run->format, "dot") == 0 ||
	    run->drawn->nnodes <= run->limits.nodes)
		return true;
	return nnv_fail(&run->diag, NNV_E_LIMIT,
		   "a drawing of %u boxes: "
		   "show less (-d, -c, -l)",
		   run->drawn->nnodes) ||
	    nnv_limited(&run->diag, "nodes");
}

/* Who says how long or how simple the layout is to be gets that. */
static bool
decides_layout(const struct run *run)
{
	const struct nnv_list *list = &run->options.style;

	for (size_t i = 0; i < list->n; i++)
		if (nnv_str_starts(nnv_str(list->items[i]),
			NNV_STR("timeout=")) ||
		    nnv_str_starts(nnv_str(list->items[i]), NNV_STR("hurry=")))
			return true;
	return run->limits.time != 0;
}

/* What was found out so far is said before the wait. */
static void
begin_layout(void *arg)
{
	struct run *run = arg;

	print_warnings(run);
	say(run, "laying out");
}

static bool
draw(struct run *run)
{
	struct nnv_patience patience = {
		.seconds = decides_layout(run) ? 0 : run->options.layout_time,
		.last = LAST_ATTEMPT,
		.begin = begin_layout,
		.arg = run,
	};

	if (nnv_report_named(nnv_str(run->format)) != NULL)
		return report(run, run->format, &run->picture);
	if (strcmp(run->format, "json") == 0)
		return nnv_graph_save(run->drawn, &run->picture, &run->diag);
	return check_size(run) &&
	    nnv_attempt(run->drawn, run->style, nnv_str(run->format), &patience,
		&run->picture, &run->diag);
}

static bool
write_files(struct run *run)
{
	/* The picture last: where it is new, all is. */
	if (run->options.stats != NULL &&
	    !nnv_output_write(run->options.stats, nnv_text_str(&run->stats),
		&run->diag))
		return false;
	if (run->options.json &&
	    !nnv_output_write(run->cache_out, nnv_text_str(&run->cache),
		&run->diag))
		return false;
	return nnv_output_write(run->out, nnv_text_str(&run->picture),
	    &run->diag);
}

/* Hand the picture to the desktop; it opens it in its own time. */
static bool
show(struct run *run)
{
	char *argv[] = { (char *)"xdg-open", run->out, NULL };
	extern char **environ;
	int errnum, status;
	pid_t pid;

	if (strcmp(run->out, "-") == 0)
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "-s: standard output cannot be shown");
	errnum = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (errnum != 0)
		return nnv_fail_system(&run->diag, errnum,
		    "cannot run xdg-open");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return nnv_fail(&run->diag, NNV_E_SYSTEM,
		    "xdg-open could not show \"%s\", which is written",
		    run->out);
	return true;
}

static bool
run_all(struct run *run)
{
	say(run, "reading");
	if (!read_model(run) || !read_profile(run) || !shorten_sites(run))
		return false;
	if (run->options.json &&
	    !nnv_graph_save(run->whole, &run->cache, &run->diag))
		return false;
	run->drawn = nnv_transform(run->whole, &run->options, &run->diag);
	if (run->drawn == NULL)
		return false;
	if (run->options.stats != NULL &&
	    !report(run, suffix(run->options.stats), &run->stats))
		return false;
	say(run, "drawing");
	return draw(run) && write_files(run) &&
	    (!run->options.show || show(run));
}

static void
release(struct run *run)
{
	nnv_text_release(&run->picture);
	nnv_text_release(&run->cache);
	nnv_text_release(&run->stats);
	nnv_graph_free(run->drawn);
	nnv_graph_free(run->whole);
	nnv_style_free(run->style);
	nnv_names_release(&run->names);
	nnv_arena_release(&run->arena);
	nnv_options_release(&run->options);
}

static int
usage_failure(const struct run *run)
{
	print_failure(run);
	if (run->diag.code == NNV_E_MEMORY)
		return FAILED;
	nnv_usage_print(stderr);
	return USAGE;
}

static int
list_formats(struct run *run)
{
	bool available[NNV_PICTURE_FORMATS] = { false };
	const struct nnv_picture_format *format;
	const struct nnv_report_format *table;

	if (!nnv_picture_probe(available, &run->diag))
		return print_failure(run);
	for (size_t i = 0; (format = nnv_picture_format(i)) != NULL; i++)
		if (available[i])
			printf("%-6s %s\n", format->name, format->help);
	for (size_t i = 0; (table = nnv_report_format(i)) != NULL; i++)
		printf("%-6s %s\n", table->name, table->help);
	return DONE;
}

static int
draw_model(struct run *run, const char *program)
{
	bool ok = choose_format(run) && choose_out(run) &&
	    choose_cache_out(run) && check_stats(run) && spare_model(run) &&
	    set_style(run, program) && set_limits(run);

	if (!ok)
		return usage_failure(run);
	run->diag.source = run->options.model;
	ok = run_all(run);
	print_warnings(run);
	return ok ? DONE : print_failure(run);
}

static int
act(struct run *run, const char *program)
{
	if (run->options.help)
		nnv_help_print(stdout, run->options.in_full);
	else if (run->options.version)
		printf("nnviz-c %s\n", NNV_VERSION);
	else if (run->options.list_formats)
		return list_formats(run);
	else
		return draw_model(run, program);
	return DONE;
}

int
main(int argc, char **argv)
{
	struct run run = { .picture = NNV_TEXT_EMPTY };
	int status;

	/* A reader that went away, or a quota, is a failed write, not our
	 * end. */
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	nnv_diag_init(&run.diag, NULL);
	nnv_arena_init(&run.arena, SIZE_MAX);
	nnv_names_init(&run.names);
	if (nnv_options_parse(&run.options, argc, argv, &run.diag))
		status = act(&run, argc > 0 ? argv[0] : "nnviz-c");
	else
		status = usage_failure(&run);
	release(&run);
	if (fflush(stdout) != 0 && status == DONE) {
		fprintf(stderr,
		    "nnviz-c: cannot write to standard output: "
		    "%s\n",
		    strerror(errno));
		status = FAILED;
	}
	return status;
}
