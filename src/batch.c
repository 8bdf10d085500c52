/*
 * A process a model: what one does to its own, a crash or a full memory, is
 * nothing to the others. What it prints is kept until all models before it have
 * had their say.
 */
#include "batch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "claims.h"
#include "limit.h"
#include "messages.h"
#include "nnviz/arena.h"
#include "nnviz/process.h"
#include "nnviz/text.h"
#include "run.h"
#include "settings.h"

enum { JOBS_MAX = 256, CHUNK = 1 << 16 };

/* A model at work. Its streams are standard output and error. */
struct job {
	pid_t pid;
	int fds[2]; /* -1: at the end */
	struct nnv_text said[2];
	int status;
	bool done;
};

struct batch {
	const struct nnv_options *options;
	const char *program;
	struct job *jobs; /* one a model */
	size_t n;
	size_t nstarted, ndone, nsaid;
	struct nnv_messages messages;
	int status;
};

/* In the child: the model, and no more. */
static void
be_job(const struct batch *batch, size_t i, int out, int err)
{
	struct nnv_options one = *batch->options;
	int status;

	one.model = one.models.items[i];
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(NNV_FAILED);
	status = nnv_run(&one, batch->program);
	if (fflush(stdout) != 0 && status == NNV_DONE)
		status = NNV_FAILED;
	_exit(status);
}

/* False: there is no process or pipe to be had. */
static bool
start(struct batch *batch, size_t i)
{
	struct job *job = &batch->jobs[i];
	pid_t parent = getpid();
	int out[2], err[2];

	if (pipe(out) != 0)
		return false;
	if (pipe(err) != 0) {
		close(out[0]);
		close(out[1]);
		return false;
	}
	job->pid = fork();
	if (job->pid == 0) {
		/* a signal that lets it take its temporary files along */
		nnv_process_follow(parent, SIGTERM);
		close(out[0]);
		close(err[0]);
		be_job(batch, i, out[1], err[1]);
	}
	close(out[1]);
	close(err[1]);
	job->fds[0] = out[0];
	job->fds[1] = err[0];
	if (job->pid > 0)
		return true;
	for (int k = 0; k < 2; k++) {
		close(job->fds[k]);
		job->fds[k] = -1;
	}
	return false;
}

/* What failed about a model without a word from its own process. */
static void
begin_failure(const struct batch *batch, struct job *job, struct nnv_diag *diag)
{
	job->status = NNV_FAILED;
	nnv_diag_init(diag, batch->options->models.items[job - batch->jobs]);
}

static void
end_failure(struct job *job, const struct nnv_diag *diag)
{
	char line[NNV_DIAG_LINE];

	nnv_diag_line(diag, line, sizeof(line));
	nnv_text_adds(&job->said[1], "nnviz-c: ");
	nnv_text_adds(&job->said[1], line);
	nnv_text_addc(&job->said[1], '\n');
}

/* Keep what is there; at the end of both streams, bury. */
static void
drain(struct batch *batch, struct job *job, int k)
{
	char chunk[CHUNK];
	ssize_t n = read(job->fds[k], chunk, sizeof(chunk));
	struct nnv_diag diag;
	int status = 0;

	if (n < 0 && errno == EINTR)
		return;
	if (n > 0) {
		nnv_text_add(&job->said[k],
		    (struct nnv_str){ chunk, (size_t)n });
		return;
	}
	close(job->fds[k]);
	job->fds[k] = -1;
	if (job->fds[1 - k] >= 0)
		return;
	while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	job->status = WIFEXITED(status) ? WEXITSTATUS(status) : NNV_FAILED;
	if (WIFSIGNALED(status)) {
		begin_failure(batch, job, &diag);
		nnv_fail(&diag, NNV_E_SYSTEM,
		    "its process was ended by signal %d", WTERMSIG(status));
		end_failure(job, &diag);
	}
	job->done = true;
	batch->ndone++;
}

/* Wait for any of the jobs at work to say something. */
static void
attend(struct batch *batch, size_t first)
{
	struct pollfd fds[2 * JOBS_MAX];
	struct job *who[2 * JOBS_MAX];
	nfds_t n = 0;

	for (size_t i = first; i < batch->nstarted; i++)
		for (int k = 0; k < 2; k++)
			if (batch->jobs[i].fds[k] >= 0 &&
			    n < (size_t)2 * JOBS_MAX) {
				who[n] = &batch->jobs[i];
				fds[n++] = (struct pollfd){
					batch->jobs[i].fds[k], POLLIN, 0
				};
			}
	if (poll(fds, n, -1) <= 0)
		return;
	for (nfds_t i = 0; i < n; i++)
		if (fds[i].revents != 0)
			drain(batch, who[i], fds[i].fd == who[i]->fds[1]);
}

static void
print(const struct nnv_text *text, FILE *to)
{
	if (text->n != 0)
		fwrite(text->p, 1, text->n, to);
}

/* What those have to say whose turn it is. */
static void
tell(struct batch *batch)
{
	for (; batch->nsaid < batch->n && batch->jobs[batch->nsaid].done;
	     batch->nsaid++) {
		struct job *job = &batch->jobs[batch->nsaid];
		struct nnv_diag diag;

		nnv_progress_end(&batch->messages);
		print(&job->said[0], stdout);
		fflush(stdout);
		print(&job->said[1], stderr);
		if (job->said[0].failed || job->said[1].failed) {
			begin_failure(batch, job, &diag);
			nnv_fail_memory(&diag);
			nnv_say_failure(&diag);
		}
		if (job->status > batch->status)
			batch->status = job->status;
		nnv_text_release(&job->said[0]);
		nnv_text_release(&job->said[1]);
	}
}

static size_t
count_jobs(const struct nnv_options *options)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t jobs = options->jobs;

	if (jobs == 0)
		jobs = processors > 0 ? (size_t)processors : 1;
	return jobs < JOBS_MAX ? jobs : JOBS_MAX;
}

static void
run_all(struct batch *batch)
{
	size_t jobs = count_jobs(batch->options);
	struct nnv_diag diag;

	while (batch->ndone < batch->n) {
		while (batch->nstarted < batch->n &&
		    batch->nstarted - batch->ndone < jobs) {
			struct job *job = &batch->jobs[batch->nstarted++];

			if (start(batch, batch->nstarted - 1))
				continue;
			begin_failure(batch, job, &diag);
			nnv_fail_system(&diag, errno, "a process to draw in");
			end_failure(job, &diag);
			job->done = true;
			batch->ndone++;
		}
		nnv_progress(&batch->messages, "%zu of %zu models",
		    batch->ndone, batch->n);
		if (batch->nstarted > batch->ndone)
			attend(batch, batch->nsaid);
		tell(batch);
	}
	tell(batch);
}

/* What would be wrong with every one of them. */
static bool
check(const struct nnv_options *options, const char *program,
    struct nnv_diag *diag)
{
	struct nnv_style *style;
	struct nnv_limits limits;
	bool fine;

	if (options->out.n > 0)
		return nnv_fail(diag, NNV_E_USAGE,
		    "-o names the drawing of one model: several go to "
		    "--out-dir");
	if (options->stats != NULL || options->show)
		return nnv_fail(diag, NNV_E_USAGE, "%s is for one model",
		    options->show ? "-s" : "--stats");
	if (options->check.n > 0)
		return nnv_fail(diag, NNV_E_USAGE, "--check is for one model");
	style = nnv_settings_style(options, program, diag);
	fine = style != NULL &&
	    nnv_settings_limits(options, &limits, style, diag) &&
	    nnv_claims_check(options, diag);
	nnv_style_free(style);
	return fine;
}

int
nnv_batch_run(const struct nnv_options *options, const char *program)
{
	struct batch batch = { .options = options,
		.program = program,
		.n = options->models.n,
		.messages = { .quiet = options->quiet,
		    .verbose = options->verbose },
		.status = NNV_DONE };
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	if (!check(options, program, &diag))
		return nnv_run_misused(&diag);
	batch.jobs = nnv_heap_alloc(batch.n, sizeof(*batch.jobs));
	if (batch.jobs == NULL) {
		nnv_fail_memory(&diag);
		return nnv_run_misused(&diag);
	}
	for (size_t i = 0; i < batch.n; i++)
		batch.jobs[i] = (struct job){ .fds = { -1, -1 },
			.said = { NNV_TEXT_EMPTY, NNV_TEXT_EMPTY } };
	nnv_messages_init(&batch.messages);
	run_all(&batch);
	nnv_progress_end(&batch.messages);
	nnv_heap_free(batch.jobs);
	return batch.status;
}
