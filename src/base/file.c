/*
 * Input is read whole, because readers want to look at all of it; output is
 * complete in memory before the first byte is written, and then replaces its
 * target in one step.
 *
 * Large files are mapped, which saves a copy and the memory for it. Reading
 * 744 MB that lie in the page cache and touching every byte took 150 ms mapped
 * and 530 ms through read(), huge pages or not, when parsing took 1300; and a
 * trace of 27 MB was loaded in 63 ms mapped and in 73 ms read.
 */
#define _DEFAULT_SOURCE
#include "nnviz/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard.h"
#include "nnviz/arena.h"
#include "nnviz/text.h"

enum {
	MAP_MIN = 16 << 20,
	HUGE_MIN = 4 << 20,   /* below, faults cost less than huge pages */
	CHUNK_MIN = 64 << 10, /* room to read into, at least */
	CHUNK_MAX = 1 << 30,  /* one call moves less than 2 GiB anyway */
	LINKS_MAX = 40        /* as many as Linux follows */
};

/*
 * Whether a call that just failed is to be made again: it was interrupted, or
 * somebody left the other end of FD non-blocking and it is ready by now.
 */
static bool
should_retry(int fd, short events)
{
	struct pollfd wait = { .fd = fd, .events = events };

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN)
		return false;
	return poll(&wait, 1, -1) >= 0 || errno == EINTR;
}

/* Up to N bytes from FD: how many, 0 at the end, negative with errno set. */
static ssize_t
read_some(int fd, char *p, size_t n)
{
	ssize_t got;

	if (n > CHUNK_MAX)
		n = CHUNK_MAX;
	do {
		got = read(fd, p, n);
	} while (got < 0 && should_retry(fd, POLLIN));
	return got;
}

/*
 * Ask for huge pages below the N bytes at P: reading 60 MB into fresh memory
 * takes 30 ms without them, most of it page faults, and 12 ms with them.
 */
static void
advise_huge(char *p, size_t n)
{
#ifdef MADV_HUGEPAGE
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t skip = (page - (uintptr_t)p % page) % page;

	if (n >= HUGE_MIN)
		madvise(p + skip, n - skip, MADV_HUGEPAGE);
#else
	(void)p;
	(void)n;
#endif
}

/*
 * Everything that FD still gives, which seems to be EXPECTED bytes, up to the
 * first byte beyond LIMIT.
 */
static bool
read_all(struct nnv_input *input, int fd, size_t expected, size_t limit,
    struct nnv_diag *diag)
{
	void *p = NULL;
	size_t n = 0, cap = 0;
	ssize_t got;

	if (!nnv_heap_grow(&p, &cap, expected + CHUNK_MIN, 1))
		return nnv_fail_memory(diag);
	advise_huge(p, cap);
	while ((got = read_some(fd, (char *)p + n, cap - n)) > 0) {
		n += (size_t)got;
		if (n > limit) {
			nnv_fail_limit(diag, "input", limit);
			nnv_limited(diag, "input");
			break;
		}
		if (n == cap && !nnv_heap_grow(&p, &cap, cap + 1, 1)) {
			nnv_fail_memory(diag);
			break;
		}
	}
	if (got < 0)
		nnv_fail_system(diag, errno, "cannot read");
	else if (got == 0 && n == 0)
		nnv_fail(diag, NNV_E_EMPTY, "the file is empty");
	input->bytes = (struct nnv_str){ p, n };
	return got == 0 && n != 0;
}

/* False, without a message, where the file is to be read instead. */
static bool
map_file(struct nnv_input *input, int fd, size_t size)
{
	void *p = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		return false;
	if (!nnv_guard_begin(p, size)) {
		munmap(p, size);
		return false;
	}
	madvise(p, size, MADV_SEQUENTIAL);
	input->bytes = (struct nnv_str){ p, size };
	input->mapped = true;
	return true;
}

/* Standard input may be at any position: it is always read. */
static bool
read_fd(struct nnv_input *input, int fd, size_t limit, struct nnv_diag *diag)
{
	struct stat st;
	size_t size;

	if (fstat(fd, &st) != 0)
		return nnv_fail_system(diag, errno, "cannot read");
	if (S_ISDIR(st.st_mode))
		return nnv_fail_system(diag, EISDIR, "cannot read");
	if (!S_ISREG(st.st_mode))
		return read_all(input, fd, 0, limit, diag);
	if ((uintmax_t)st.st_size > limit)
		return nnv_fail_limit(diag, "input", limit) ||
		    nnv_limited(diag, "input");
	size = (size_t)st.st_size;
	if (size >= MAP_MIN && fd != STDIN_FILENO && map_file(input, fd, size))
		return true;
	return read_all(input, fd, size, limit, diag);
}

bool
nnv_input_read(struct nnv_input *input, const char *path, size_t limit,
    struct nnv_diag *diag)
{
	bool done;
	int fd;

	*input = (struct nnv_input){ .mapped = false };
	if (strcmp(path, "-") == 0) {
		done = read_fd(input, STDIN_FILENO, limit, diag);
	} else {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0)
			return nnv_fail_system(diag, errno, "cannot open");
		done = read_fd(input, fd, limit, diag);
		close(fd);
	}
	if (!done)
		nnv_input_release(input);
	return done;
}

bool
nnv_input_check(const struct nnv_input *input, struct nnv_diag *diag)
{
	if (input->mapped && nnv_guard_hit())
		return nnv_fail(diag, NNV_E_SYSTEM,
		    "the file was cut short, or failed, while it was read");
	return true;
}

void
nnv_input_release(struct nnv_input *input)
{
	void *p = (void *)(uintptr_t)input->bytes.p;

	if (input->mapped) {
		nnv_guard_end();
		munmap(p, input->bytes.n);
	} else {
		nnv_heap_free(p);
	}
	*input = (struct nnv_input){ .mapped = false };
}

static bool
fail_output(struct nnv_diag *diag, const char *path, int errnum)
{
	return nnv_fail(diag, NNV_E_SYSTEM, "\"%s\": cannot write: %s", path,
	    strerror(errnum));
}

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
		else if (!should_retry(fd, POLLOUT))
			return errno;
	}
	return 0;
}

static int
write_in_place(const char *path, struct nnv_str bytes)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOCTTY);
	int errnum;

	if (fd < 0)
		return errno;
	errnum = write_all(fd, bytes);
	if (close(fd) != 0 && errnum == 0)
		errnum = errno;
	return errnum;
}

/* Bytes of PATH up to and including its last slash. */
static size_t
directory_len(struct nnv_str path)
{
	while (path.n > 0 && path.p[path.n - 1] != '/')
		path.n--;
	return path.n;
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

/* Write a temporary file beside PATH and give it its name. */
static int
replace(const char *path, const struct stat *old, struct nnv_str bytes)
{
	struct nnv_text temp = NNV_TEXT_EMPTY;
	int fd, errnum;

	nnv_text_add(&temp,
	    (struct nnv_str){ path, directory_len(nnv_str(path)) });
	nnv_text_adds(&temp, ".nnviz-XXXXXX");
	if (nnv_text_failed(&temp))
		return ENOMEM;
	fd = mkstemp(temp.p);
	errnum = fd < 0 ? errno : fill(fd, old, bytes);
	if (fd >= 0) {
		if (close(fd) != 0 && errnum == 0)
			errnum = errno;
		if (errnum == 0 && rename(temp.p, path) != 0)
			errnum = errno;
		if (errnum != 0)
			unlink(temp.p);
	}
	nnv_text_release(&temp);
	return errnum;
}

/* replace, without leaving the temporary file behind where we are stopped. */
static int
replace_undisturbed(const char *path, const struct stat *old,
    struct nnv_str bytes)
{
	static const int stops[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM,
		SIGXFSZ };
	sigset_t block, before;
	size_t i;
	int errnum;

	sigemptyset(&block);
	for (i = 0; i < sizeof(stops) / sizeof(stops[0]); i++)
		sigaddset(&block, stops[i]);
	sigprocmask(SIG_BLOCK, &block, &before);
	errnum = replace(path, old, bytes);
	sigprocmask(SIG_SETMASK, &before, NULL);
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

static int
write_path(const char *path, struct nnv_text *target, struct nnv_str bytes)
{
	struct stat old;
	int errnum;

	if (stat(path, &old) != 0) {
		if (errno != ENOENT)
			return errno;
		errnum = follow_links(target);
		return errnum != 0
		    ? errnum
		    : replace_undisturbed(target->p, NULL, bytes);
	}
	if (!S_ISREG(old.st_mode) || follow_links(target) != 0 ||
	    !is_same(target->p, &old))
		return write_in_place(path, bytes);
	if (access(target->p, W_OK) != 0)
		return errno;
	return replace_undisturbed(target->p, &old, bytes);
}

bool
nnv_output_write(const char *path, struct nnv_str bytes, struct nnv_diag *diag)
{
	struct nnv_text target = NNV_TEXT_EMPTY;
	int errnum;

	if (strcmp(path, "-") == 0) {
		errnum = write_all(STDOUT_FILENO, bytes);
		return errnum == 0 ||
		    nnv_fail_system(diag, errnum,
			"standard output: cannot write");
	}
	nnv_text_adds(&target, path);
	if (nnv_text_failed(&target))
		return nnv_fail_memory(diag);
	errnum = write_path(path, &target, bytes);
	nnv_text_release(&target);
	return errnum == 0 || fail_output(diag, path, errnum);
}

/* S without the suffix of the table that it has; never without everything. */
static struct nnv_str
strip_suffix(struct nnv_str s, const char *const *suffixes)
{
	for (; *suffixes != NULL; suffixes++) {
		size_t n = strlen(*suffixes);

		if (s.n > n && strncasecmp(s.p + s.n - n, *suffixes, n) == 0) {
			s.n -= n;
			break;
		}
	}
	return s;
}

/* Copy S, cut between characters where it does not fit. */
static void
copy_cut(char *buf, size_t size, struct nnv_str s)
{
	size_t n = s.n < size ? s.n : size - 1;

	while (n > 0 && n < s.n && (s.p[n] & 0xc0) == 0x80)
		n--;
	memcpy(buf, s.p, n);
	buf[n] = '\0';
}

bool
nnv_path_same(const char *a, const char *b)
{
	struct stat x, y;

	return strcmp(a, "-") != 0 && strcmp(b, "-") != 0 && stat(a, &x) == 0 &&
	    stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

void
nnv_path_stem(const char *path, char *buf, size_t size)
{
	static const char *const outer[] = { ".gz", ".zlib", ".zip", ".z",
		NULL };
	static const char *const inner[] = { ".pkl", ".pickle", ".json", ".pt",
		".pth", NULL };
	struct nnv_str s = nnv_str(path);
	size_t skip;

	if (size == 0)
		return;
	if (strcmp(path, "-") == 0)
		s = NNV_STR("stdin");
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	skip = directory_len(s);
	if (skip < s.n)
		s = (struct nnv_str){ s.p + skip, s.n - skip };
	copy_cut(buf, size, strip_suffix(strip_suffix(s, outer), inner));
}
