/*
 * One model, from its file to pictures:
 *
 *	bytes -> value -> graph -> graph' -> drawing -> bytes
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "advice.h"
#include "attempt.h"
#include "check.h"
#include "help.h"
#include "limit.h"
#include "messages.h"
#include "nnviz/arena.h"
#include "nnviz/draw.h"
#include "nnviz/file.h"
#include "nnviz/format.h"
#include "nnviz/graph.h"
#include "nnviz/names.h"
#include "nnviz/report.h"
#include "onepage.h"
#include "outputs.h"
#include "reading.h"
#include "settings.h"
#include "transform.h"
#include "volume.h"

/* Seconds for a list, which takes one for ten thousand boxes. */
enum { LAST_ATTEMPT = 60 };

/* Boxes that no page shows. */
enum { MANY = 1000 };

/* Milliseconds that nobody calls waiting. */
enum { MOMENT = 400 };

struct run {
	const struct nnv_options *options;
	struct nnv_messages messages;
	struct nnv_limits limits;
	struct nnv_diag diag;
	struct nnv_arena arena;
	struct nnv_names names;
	struct nnv_style *style;
	struct nnv_graph *whole;  /* the input, all of it */
	struct nnv_graph *chosen; /* which part of it, and in which form */
	struct nnv_graph *drawn;  /* what is drawn */
	struct nnv_outputs outputs;
	const char *doing; /* in the words of the progress line */
};

/* Who says how long or how simple the layout is to be gets that. */
static bool
decides_layout(const struct run *run)
{
	const struct nnv_list *list = &run->options->style;

	for (size_t i = 0; i < list->n; i++)
		if (nnv_str_starts(nnv_str(list->items[i]),
			NNV_STR("timeout=")) ||
		    nnv_str_starts(nnv_str(list->items[i]), NNV_STR("hurry=")))
			return true;
	return run->limits.time != 0;
}

/* Say what would draw less. */
static void
advise(struct run *run)
{
	struct nnv_text text = NNV_TEXT_EMPTY;

	if (run->options->quiet)
		return;
	nnv_advise(run->chosen, run->options, run->drawn->nnodes, &text);
	if (!nnv_text_failed(&text))
		nnv_warn(&run->diag, "advice",
		    "%u boxes are more than a page shows: %s",
		    run->drawn->nnodes, text.p);
	nnv_text_release(&text);
}

/* Only the layout tells how large a drawing becomes that has not many boxes. */
static void
advise_late(struct run *run)
{
	bool large = run->diag.code == NNV_E_LIMIT;

	for (size_t i = 0; i < run->diag.nwarnings; i++) {
		struct nnv_str kind = nnv_str(run->diag.warnings[i].kind);

		large |= nnv_str_starts(kind, NNV_STR(NNV_TOO_LARGE));
		if (nnv_str_eq(kind, NNV_STR("advice")))
			return;
	}
	if (large)
		advise(run);
}

/* DOT is written without layout, and may be of any size. */
static bool
check_size(struct run *run)
{
	if (run->drawn->nnodes <= run->limits.nodes)
		return true;
	advise(run);
	return nnv_fail(&run->diag, NNV_E_LIMIT,
		   "a drawing of %u boxes is over the limit of %llu",
		   run->drawn->nnodes, (unsigned long long)run->limits.nodes) ||
	    nnv_limited(&run->diag, "nodes");
}

static void
begin_layout(void *arg)
{
	struct run *run = arg;

	nnv_say(&run->messages, "laying out");
	run->doing = "laying out";
}

/* That a document leaves something out is said before the work. */
static void
begin_page(void *arg)
{
	struct run *run = arg;

	nnv_say_warnings(&run->messages, &run->diag);
	begin_layout(arg);
}

static void
begin_writing(void *arg)
{
	struct run *run = arg;

	nnv_say(&run->messages, "writing");
	run->doing = "writing";
}

/* Who waits sees what for, if it takes longer than a moment. */
static void
show_progress(void *arg, unsigned ms)
{
	struct run *run = arg;

	if (ms >= MOMENT)
		nnv_progress(&run->messages, "%s %u boxes, %u s", run->doing,
		    run->drawn->nnodes, ms / 1000);
}

/* All pictures at once. */
static bool
draw_pictures(struct run *run, struct nnv_pictures *pictures)
{
	struct nnv_patience patience = {
		.last = LAST_ATTEMPT,
		.strict = run->options->strict,
		.begin = begin_layout,
		.finish = begin_writing,
		.wait = show_progress,
		.arg = run,
	};
	bool laid_out = false, fine;

	for (size_t i = 0; i < pictures->n; i++)
		laid_out |= !nnv_str_eq(pictures->items[i].format,
		    NNV_STR("dot"));
	if (laid_out && !decides_layout(run))
		patience.seconds = run->options->layout_time;
	if (laid_out && !check_size(run))
		return false;
	if (laid_out && run->drawn->nnodes > MANY)
		advise(run);
	nnv_draw_advise(run->drawn, run->style, &run->diag);
	/* what was found out so far is said before the wait */
	nnv_say_warnings(&run->messages, &run->diag);
	run->doing = "drawing";
	fine = nnv_attempt(run->drawn, run->style, &patience, pictures,
	    &run->diag);
	nnv_progress_end(&run->messages);
	advise_late(run);
	return fine;
}

static bool
draw(struct run *run)
{
	struct nnv_outputs *outputs = &run->outputs;
	struct nnv_pictures pictures = {
		nnv_heap_alloc(outputs->n, sizeof(*pictures.items)), 0
	};
	bool fine;

	if (pictures.items == NULL)
		return nnv_fail_memory(&run->diag);
	for (size_t i = 0; i < outputs->n; i++)
		if (outputs->items[i].kind == NNV_OUTPUT_PICTURE)
			pictures.items[pictures.n++] = (struct nnv_picture){
				outputs->items[i].format, NNV_TEXT_EMPTY
			};
	fine = pictures.n == 0 || draw_pictures(run, &pictures);
	for (size_t i = outputs->n; i > 0; i--)
		if (outputs->items[i - 1].kind == NNV_OUTPUT_PICTURE)
			outputs->items[i - 1]
			    .bytes = pictures.items[--pictures.n].bytes;
	nnv_heap_free(pictures.items);
	return fine;
}

/* The same of pages. */
static void
show_pages(void *arg, unsigned ms)
{
	struct run *run = arg;

	if (ms >= MOMENT)
		nnv_progress(&run->messages, "drawing pages, %u s", ms / 1000);
}

/* What is drawn as pages. */
static bool
draw_volume(struct run *run)
{
	struct nnv_patience patience = {
		.seconds = decides_layout(run) ? 0 : run->options->layout_time,
		.last = LAST_ATTEMPT,
		.strict = run->options->strict,
		.begin = begin_page,
		.wait = show_pages,
		.arg = run
	};
	struct nnv_edition edition = { .options = run->options,
		.style = run->style,
		.patience = &patience,
		.most = run->limits.pages };
	bool fine = nnv_volume_draw(run->chosen, &edition, &run->outputs,
	    &run->diag);

	nnv_progress_end(&run->messages);
	return fine;
}

/* What is no picture. */
static bool
write_down(struct run *run, struct nnv_output *output)
{
	switch (output->kind) {
	case NNV_OUTPUT_WHOLE:
	case NNV_OUTPUT_PICTURE:
	case NNV_OUTPUT_BOOK:
	case NNV_OUTPUT_ATLAS:
	case NNV_OUTPUT_FILE:
		break;
	case NNV_OUTPUT_GRAPH:
		return nnv_graph_save(run->drawn, &output->bytes, &run->diag);
	case NNV_OUTPUT_STATS:
	case NNV_OUTPUT_REPORT:
		return nnv_report(run->drawn, output->format,
		    nnv_str(run->options->sort), &output->bytes, &run->diag);
	}
	return true;
}

static bool
save_whole(struct run *run)
{
	for (size_t i = 0; i < run->outputs.n; i++)
		if (run->outputs.items[i].kind == NNV_OUTPUT_WHOLE &&
		    !nnv_graph_save(run->whole, &run->outputs.items[i].bytes,
			&run->diag))
			return false;
	return true;
}

static bool
read_model(struct run *run)
{
	nnv_say(&run->messages, "reading");
	nnv_progress(&run->messages, "reading");
	run->whole = nnv_graph_new(&run->arena, &run->names);
	if (run->whole == NULL)
		return nnv_fail_memory(&run->diag);
	return nnv_read(run->whole, run->options, &run->limits, &run->diag);
}

/* Let the desktop open a file. */
static bool
open_file(struct run *run, char *path)
{
	char *argv[] = { (char *)"xdg-open", path, NULL };
	extern char **environ;
	int errnum, status;
	pid_t pid;

	errnum = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (errnum != 0)
		return nnv_fail_system(&run->diag, errnum,
		    "cannot run xdg-open");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return nnv_fail(&run->diag, NNV_E_SYSTEM,
		    "xdg-open could not show \"%s\", which is written", path);
	return true;
}

/* Hand the picture to the desktop; it opens it in its own time. */
static bool
show(struct run *run)
{
	const char *path = run->outputs.items[0].path.p;
	struct nnv_text name = NNV_TEXT_EMPTY;
	bool fine;

	if (strcmp(path, "-") == 0)
		return nnv_fail(&run->diag, NNV_E_USAGE,
		    "-s: standard output cannot be shown");
	/* neither an option, "-x.pdf", nor an address, "ftp:x.pdf" */
	if (path[0] != '/')
		nnv_text_adds(&name, "./");
	nnv_text_adds(&name, path);
	fine = nnv_text_failed(&name) ? nnv_fail_memory(&run->diag)
				      : open_file(run, name.p);
	nnv_text_release(&name);
	return fine;
}

static bool
make_directory(struct run *run)
{
	const char *path = run->options->out_dir;

	return path == NULL || nnv_directory_make(path, &run->diag);
}

/* What was made without some memory that it asked for may be anything. */
static bool
is_whole(struct run *run)
{
	return nnv_heap_refusals() == 0 || nnv_fail_memory(&run->diag);
}

static bool
run_all(struct run *run)
{
	if (!make_directory(run) || !read_model(run) || !save_whole(run))
		return false;
	run->chosen = nnv_transform_choose(run->whole, run->options,
	    &run->diag);
	if (run->chosen == NULL)
		return false;
	run->drawn = run->options->one_page
	    ? nnv_onepage_show(run->chosen, run->options, run->style,
		  &run->diag)
	    : nnv_transform_show(run->chosen, run->options, &run->diag);
	if (run->drawn == NULL)
		return false;
	nnv_say(&run->messages, "drawing");
	for (size_t i = 0; i < run->outputs.n; i++)
		if (!write_down(run, &run->outputs.items[i]))
			return false;
	if (!draw(run) || !draw_volume(run) || !is_whole(run))
		return false;
	if (run->options->check.n > 0)
		return nnv_check(&run->outputs, run->drawn, &run->limits);
	/* what fails from here on has nothing to do with the model */
	nnv_say_warnings(&run->messages, &run->diag);
	run->diag.source = NULL;
	return nnv_outputs_write(&run->outputs, &run->diag) &&
	    (!run->options->show || show(run));
}

static bool
prepare(struct run *run, const char *program)
{
	if (!nnv_outputs_plan(&run->outputs, run->options, &run->diag))
		return false;
	run->style = nnv_settings_style(run->options, program, &run->diag);
	if (run->style == NULL ||
	    !nnv_settings_limits(run->options, &run->limits, run->style,
		&run->diag))
		return false;
	nnv_heap_bound(run->limits.memory);
	return true;
}

static void
release(struct run *run)
{
	nnv_outputs_release(&run->outputs);
	nnv_graph_free(run->drawn);
	nnv_graph_free(run->chosen);
	nnv_graph_free(run->whole);
	nnv_style_free(run->style);
	nnv_names_release(&run->names);
	nnv_arena_release(&run->arena);
}

int
nnv_run_misused(const struct nnv_diag *diag)
{
	nnv_say_failure(diag);
	if (diag->code != NNV_E_USAGE)
		return NNV_FAILED;
	nnv_usage_print(stderr);
	return NNV_USAGE;
}

int
nnv_run(const struct nnv_options *options, const char *program)
{
	struct run run = { .options = options,
		.messages = { .quiet = options->quiet,
		    .verbose = options->verbose,
		    .gradients = (options->phases & 1u << NNV_BACKWARD) !=
			0 } };
	int status = NNV_DONE;

	nnv_diag_init(&run.diag, NULL);
	nnv_messages_init(&run.messages);
	nnv_arena_init(&run.arena, SIZE_MAX);
	nnv_names_init(&run.names);
	if (!prepare(&run, program)) {
		status = nnv_run_misused(&run.diag);
	} else {
		run.diag.source = options->model;
		if (!run_all(&run))
			status = NNV_FAILED;
		nnv_progress_end(&run.messages);
		nnv_say_warnings(&run.messages, &run.diag);
		/* a difference was said where it was found */
		if (run.diag.code != NNV_OK)
			nnv_say_failure(&run.diag);
	}
	release(&run);
	return status;
}
