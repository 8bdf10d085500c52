/*
 * libgvc keeps its state in static variables, calls exit where writing fails,
 * aborts on its assertions, and lays some graphs out for hours. A child that
 * shares nothing but two pipes turns all of that into a return value, for about
 * two milliseconds.
 */
#define _POSIX_C_SOURCE 200809L
#include "child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fence.h"
#include "nnviz/process.h"

enum {
	STATUS_FAILED = 113, /* an exit that can only be ours */
	STATUS_DONE = 114,
	SAID_MAX = 1 << 16,
	CHUNK = 1 << 16,
	TICK = 200, /* ms */
	SHARE = 8,  /* who gets less of the processor than one in so many waits
		       for something else */
	SLOW = 4    /* and who gets more may take so many times longer */
};

static const rlim_t stack_wanted = (rlim_t)512 << 20;

/* A reading end, until its end. */
struct stream {
	int fd; /* -1: at its end */
	struct nnv_text *text;
	size_t max; /* what is beyond is read and dropped */
};

struct child {
	pid_t pid;
	struct nnv_child_ear *ear;
	struct stream streams[2];
	bool late;
};

bool
nnv_child_write(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* dot recurses along chains; a crash is reported and leaves no core file. */
static void
set_limits(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
	    limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < stack_wanted) {
		limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ||
			limit.rlim_max > stack_wanted
		    ? stack_wanted
		    : limit.rlim_max;
		setrlimit(RLIMIT_STACK, &limit);
	}
	limit.rlim_cur = limit.rlim_max = 0;
	setrlimit(RLIMIT_CORE, &limit);
}

static void
be_child(nnv_child_work *work, void *arg, int out, int said)
{
	bool fine;

	/* a library that prints does so where it is caught */
	if (dup2(said, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
		_exit(STATUS_FAILED);
	set_limits();
	nnv_fence_raise();
	fine = work(arg, out);
	_exit(fine ? STATUS_DONE : STATUS_FAILED);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The processor time that a child has had, or -1 if nobody knows. */
static int64_t
used_ms(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (pid == 0)
		return 0;
	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) != 0)
		return -1;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
nnv_child_limit(struct nnv_child_ear *ear, int seconds)
{
	ear->seconds = seconds;
	ear->begun = now_ms();
	ear->used = used_ms(ear->pid);
}

static bool
is_late(const struct nnv_child_ear *ear)
{
	int64_t most = (int64_t)ear->seconds * 1000, passed, used;

	if (ear->seconds == 0)
		return false;
	passed = now_ms() - ear->begun;
	if (passed < most)
		return false;
	used = used_ms(ear->pid);
	if (used < 0 || passed >= SLOW * most)
		return true;
	used -= ear->used;
	return used >= most || used < passed / SHARE;
}

/* Hand over what is there; at the end, close. */
static void
drain(struct stream *stream, const struct nnv_child_ear *ear)
{
	char chunk[CHUNK];
	ssize_t n = read(stream->fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		close(stream->fd);
		stream->fd = -1;
		return;
	}
	if (ear != NULL && ear->take != NULL) {
		ear->take(ear->arg, (struct nnv_str){ chunk, (size_t)n });
		return;
	}
	if ((size_t)n > stream->max - stream->text->n)
		n = (ssize_t)(stream->max - stream->text->n);
	nnv_text_add(stream->text, (struct nnv_str){ chunk, (size_t)n });
}

/* Read both streams to their ends, or until the child is late. */
static void
collect(struct child *child)
{
	const struct nnv_child_ear *ear = child->ear;
	int64_t begun = now_ms();

	while (child->streams[0].fd >= 0 || child->streams[1].fd >= 0) {
		int ready, i;
		struct pollfd fds[2];

		for (i = 0; i < 2; i++) {
			fds[i].fd = child->streams[i].fd;
			fds[i].events = POLLIN;
			fds[i].revents = 0;
		}
		child->late = is_late(ear);
		if (child->late)
			return;
		ready = poll(fds, 2, TICK);
		if (ear->wait != NULL)
			ear->wait(ear->arg, (unsigned)(now_ms() - begun));
		for (i = 0; i < 2 && ready > 0; i++)
			if (fds[i].revents != 0)
				drain(&child->streams[i], i == 0 ? ear : NULL);
	}
}

/* Collect, then bury; the status that it ended with. */
static int
attend(struct child *child)
{
	int status = 0, i;

	collect(child);
	if (child->late)
		kill(child->pid, SIGKILL);
	for (i = 0; i < 2; i++)
		if (child->streams[i].fd >= 0)
			close(child->streams[i].fd);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* The last line it printed, but for our own marks: an assertion says there what
 * went wrong. */
static struct nnv_str
last_line(const struct nnv_text *said)
{
	struct nnv_str rest = nnv_text_str(said), line;

	do {
		while (rest.n != 0 && rest.p[rest.n - 1] == '\n')
			rest.n--;
		line = nnv_str_behind(rest, '\n');
		rest.n -= line.n;
	} while (line.n != 0 && line.p[0] == NNV_CHILD_MARK);
	return line;
}

/* Whether it printed that memory was out: that is why it ended. */
static bool
says_memory(const struct nnv_text *said)
{
	return said->n != 0 &&
	    (strstr(said->p, "out of memory") != NULL ||
		strstr(said->p, "failed to allocate") != NULL ||
		strstr(said->p, "memory allocation fail") != NULL);
}

static bool
judge(const struct child *child, int status, const struct nnv_text *said,
    struct nnv_diag *diag)
{
	struct nnv_str line = last_line(said);
	int seconds = child->ear->seconds;

	if (child->late)
		return nnv_fail(diag, NNV_E_LATE,
		    "the layout took longer than %d second%s: "
		    "show less (-d, -c, -l) or allow more (-S timeout=%d)",
		    seconds, seconds == 1 ? "" : "s", 10 * seconds);
	if (WIFSIGNALED(status) && says_memory(said))
		return nnv_fail_memory(diag);
	if (WIFSIGNALED(status))
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz crashed with signal %d%s%.*s", WTERMSIG(status),
		    line.n != 0 ? ": " : "", (int)line.n, line.p);
	if (WEXITSTATUS(status) != STATUS_DONE &&
	    WEXITSTATUS(status) != STATUS_FAILED)
		return nnv_fail(diag, NNV_E_GRAPHVIZ,
		    "Graphviz gave up with status %d%s%.*s",
		    WEXITSTATUS(status), line.n != 0 ? ": " : "", (int)line.n,
		    line.p);
	return true;
}

static bool
start(struct child *child, nnv_child_work *work, void *arg, int out[2],
    int said[2])
{
	pid_t parent = getpid();

	child->pid = fork();
	if (child->pid == 0)
		nnv_process_follow(parent, SIGKILL);
	if (child->pid == 0)
		be_child(work, arg, out[1], said[1]);
	close(out[1]);
	close(said[1]);
	child->ear->pid = child->pid;
	if (child->pid > 0)
		return true;
	close(out[0]);
	close(said[0]);
	return false;
}

void
nnv_child_result_release(struct nnv_child_result *result)
{
	nnv_text_release(&result->out);
	nnv_text_release(&result->said);
}

bool
nnv_child_run(nnv_child_work *work, void *arg, struct nnv_child_ear *ear,
    struct nnv_child_result *result, struct nnv_diag *diag)
{
	int out[2], said[2], status;
	struct child child;

	if (pipe(out) != 0)
		return nnv_fail_system(diag, errno, "a pipe");
	if (pipe(said) != 0) {
		nnv_fail_system(diag, errno, "a pipe");
		close(out[0]);
		close(out[1]);
		return false;
	}
	child = (struct child){ .ear = ear,
		.streams = { { out[0], &result->out, SIZE_MAX },
		    { said[0], &result->said, SAID_MAX } } };
	if (!start(&child, work, arg, out, said))
		return nnv_fail_system(diag, errno, "a process to draw in");
	status = attend(&child);
	result->failed = WIFEXITED(status) &&
	    WEXITSTATUS(status) == STATUS_FAILED;
	if (nnv_text_failed(&result->out) || nnv_text_failed(&result->said))
		return nnv_fail_memory(diag);
	return judge(&child, status, &result->said, diag);
}
