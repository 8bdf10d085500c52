/*
 * Output is complete in memory before the first byte is written, and then
 * replaces its target in one step. Several files are all written beside their
 * targets before the first of them replaces its own: a full disk is found while
 * all are still as they were.
 */
#define _DEFAULT_SOURCE
#include "nnviz/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nnviz/arena.h"
#include "nnviz/text.h"
#include "retry.h"

enum {
	CHUNK_MAX = 1 << 30, /* one call moves less than 2 GiB anyway */
	LINKS_MAX = 40       /* as many as Linux follows */
};

/* 0, or the error number of what kept BYTES from going to FD. */
static int
write_all(int fd, struct nnv_str bytes)
{
	size_t at = 0;

	while (at < bytes.n) {
		size_t n = bytes.n - at < CHUNK_MAX ? bytes.n - at : CHUNK_MAX;
		ssize_t put = write(fd, bytes.p + at, n);

		if (put == 0)
			return EIO;
		if (put > 0)
			at += (size_t)put;
		else if (!nnv_should_retry(fd, POLLOUT))
			return errno;
	}
	return 0;
}

/* Bytes of PATH up to and including its last slash. */
static size_t
directory_len(struct nnv_str path)
{
	return path.n - nnv_str_behind(path, '/').n;
}

/*
 * Follow the symbolic links that the last component of PATH stands for, also
 * where the last of them points at nothing yet.
 */
static int
follow_links(struct nnv_text *path)
{
	char target[PATH_MAX];
	ssize_t n;
	int i;

	for (i = 0; i < LINKS_MAX; i++) {
		n = readlink(path->p, target, sizeof(target));
		if (n < 0)
			return errno == EINVAL || errno == ENOENT ? 0 : errno;
		if (n == (ssize_t)sizeof(target))
			return ENAMETOOLONG;
		path->n = n > 0 && target[0] == '/'
		    ? 0
		    : directory_len(nnv_text_str(path));
		nnv_text_add(path, (struct nnv_str){ target, (size_t)n });
		if (nnv_text_failed(path))
			return ENOMEM;
	}
	return ELOOP;
}

/* The permissions of a new file; the mask can only be read by setting it. */
static mode_t
default_mode(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return 0666 & ~mask;
}

/* Make the temporary file FD like OLD, which may be NULL, holding BYTES. */
static int
fill(int fd, const struct stat *old, struct nnv_str bytes)
{
	mode_t mode = old != NULL ? old->st_mode & 0777 : default_mode();
	int errnum;

	/* to whom we may not give the file, we do not open it either */
	if (old != NULL &&
	    (old->st_uid != geteuid() || old->st_gid != getegid()) &&
	    fchown(fd, old->st_uid, old->st_gid) != 0)
		mode &= ~(mode_t)S_IRWXG;
	if (fchmod(fd, mode) != 0)
		return errno;
	errnum = write_all(fd, bytes);
	/* some file systems have nothing to synchronise, and say so */
	if (errnum == 0 && fsync(fd) != 0 && errno != EINVAL)
		errnum = errno;
	return errnum;
}

/*
 * Whether replacing the file called TARGET replaces the file OLD. Links such
 * as /dev/stdout lead to files by other means than the name they show.
 */
static bool
is_same(const char *target, const struct stat *old)
{
	struct stat st;

	return lstat(target, &st) == 0 && st.st_dev == old->st_dev &&
	    st.st_ino == old->st_ino;
}

/* A file on its way to its target. */
struct staged {
	const struct nnv_output_file *file;
	struct nnv_text target; /* behind all links */
	struct nnv_text temp;   /* beside it; empty while there is none */
	bool exists, in_place;
	struct stat old; /* if it exists */
};

/* 0, or the error number of what keeps a target from being replaced. */
static int
find_target(struct staged *staged)
{
	const char *path = staged->file->path;
	int errnum;

	staged->in_place = strcmp(path, "-") == 0;
	if (staged->in_place)
		return 0;
	nnv_text_adds(&staged->target, path);
	if (nnv_text_failed(&staged->target))
		return ENOMEM;
	staged->exists = stat(path, &staged->old) == 0;
	if (!staged->exists)
		return errno == ENOENT ? follow_links(&staged->target) : errno;
	errnum = S_ISREG(staged->old.st_mode) ? follow_links(&staged->target)
					      : EINVAL;
	staged->in_place = errnum != 0 ||
	    !is_same(staged->target.p, &staged->old);
	if (staged->in_place || access(staged->target.p, W_OK) == 0)
		return 0;
	return errno;
}

static int
write_now(struct staged *staged)
{
	bool is_stdout = strcmp(staged->file->path, "-") == 0;
	int fd = is_stdout ? STDOUT_FILENO
			   : open(staged->file->path,
				 O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
	int errnum;

	if (fd < 0)
		return errno;
	errnum = write_all(fd, staged->file->bytes);
	if (!is_stdout && close(fd) != 0 && errnum == 0)
		errnum = errno;
	return errnum;
}

/* Write a temporary file beside the target. */
static int
stage(struct staged *staged)
{
	struct nnv_str target = nnv_text_str(&staged->target);
	int fd, errnum;

	target.n = directory_len(target);
	nnv_text_add(&staged->temp, target);
	nnv_text_adds(&staged->temp, ".nnviz-XXXXXX");
	if (nnv_text_failed(&staged->temp)) {
		nnv_text_release(&staged->temp);
		return ENOMEM;
	}
	fd = mkstemp(staged->temp.p);
	if (fd < 0) {
		errnum = errno;
		nnv_text_release(&staged->temp);
		return errnum;
	}
	errnum = fill(fd, staged->exists ? &staged->old : NULL,
	    staged->file->bytes);
	if (close(fd) != 0 && errnum == 0)
		errnum = errno;
	return errnum;
}

/* Give a temporary file its target's name. */
static int
put_in_place(struct staged *staged)
{
	if (rename(staged->temp.p, staged->target.p) != 0)
		return errno;
	nnv_text_release(&staged->temp);
	return 0;
}

static bool
fail_write(const char *path, int errnum, struct nnv_diag *diag)
{
	return nnv_fail(diag, NNV_E_SYSTEM, "%s: cannot write: %s", path,
	    errnum == ENOENT ? "there is no such directory" : strerror(errnum));
}

/* One step with those files that are written in place, or with the others;
 * false: it failed with one. */
static bool
each(struct staged *files, size_t n, bool in_place,
    int (*step)(struct staged *file), struct nnv_diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		const char *path = files[i].file->path;
		int errnum;

		if (files[i].in_place != in_place)
			continue;
		errnum = step(&files[i]);
		if (errnum == 0)
			continue;
		if (strcmp(path, "-") == 0)
			return nnv_fail_system(diag, errnum,
			    "standard output: cannot write");
		return fail_write(path, errnum, diag);
	}
	return true;
}

/* Without leaving temporary files behind where we are stopped. */
static bool
replace_undisturbed(struct staged *files, size_t n, struct nnv_diag *diag)
{
	static const int stops[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM,
		SIGXFSZ };
	sigset_t block, before;
	bool fine;
	size_t i;

	sigemptyset(&block);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaddset(&block, stops[i]);
	sigprocmask(SIG_BLOCK, &block, &before);
	fine = each(files, n, false, stage, diag) &&
	    each(files, n, false, put_in_place, diag);
	for (i = 0; i < n; i++)
		if (files[i].temp.n != 0)
			unlink(files[i].temp.p);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return fine;
}

/* Whether a link that leads to no file yet leads where another is written. */
static bool
is_taken(const struct staged *files, size_t i)
{
	const char *target = files[i].target.p;

	for (size_t k = 0; !files[i].in_place && k < i; k++)
		if (!files[k].in_place &&
		    strcmp(files[k].target.p, target) == 0)
			return true;
	return false;
}

/* What is written in place cannot be taken back, but may fail: it is first. */
static bool
write_staged(struct staged *files, size_t n, struct nnv_diag *diag)
{
	for (size_t i = 0; i < n; i++) {
		int errnum = find_target(&files[i]);

		if (errnum != 0)
			return fail_write(files[i].file->path, errnum, diag);
		if (is_taken(files, i))
			return nnv_fail(diag, NNV_E_SYSTEM,
			    "\"%s\": would be written twice",
			    files[i].file->path);
	}
	return each(files, n, true, write_now, diag) &&
	    replace_undisturbed(files, n, diag);
}

bool
nnv_output_write(const struct nnv_output_file *files, size_t n,
    struct nnv_diag *diag)
{
	struct staged *staged = nnv_heap_alloc(n + 1, sizeof(*staged));
	bool fine;

	if (staged == NULL)
		return nnv_fail_memory(diag);
	for (size_t i = 0; i < n; i++)
		staged[i] = (struct staged){ .file = &files[i],
			.target = NNV_TEXT_EMPTY,
			.temp = NNV_TEXT_EMPTY };
	fine = write_staged(staged, n, diag);
	for (size_t i = 0; i < n; i++) {
		nnv_text_release(&staged[i].target);
		nnv_text_release(&staged[i].temp);
	}
	nnv_heap_free(staged);
	return fine;
}
