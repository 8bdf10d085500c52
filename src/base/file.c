/*
 * Input is read whole, because readers want to look at all of it.
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
#include "retry.h"

enum {
	MAP_MIN = 16 << 20,
	REST_MIN = 128 << 20,
	HUGE_MIN = 4 << 20,   /* below, faults cost less than huge pages */
	CHUNK_MIN = 64 << 10, /* room to read into, at least */
	CHUNK_MAX = 1 << 30   /* one call moves less than 2 GiB anyway */
};

/* Up to N bytes from FD: how many, 0 at the end, negative with errno set. */
static ssize_t
read_some(int fd, char *p, size_t n)
{
	ssize_t got;

	if (n > CHUNK_MAX)
		n = CHUNK_MAX;
	do {
		got = read(fd, p, n);
	} while (got < 0 && nnv_should_retry(fd, POLLIN));
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

void
nnv_input_rest(struct nnv_str part)
{
	uintptr_t page, from, to;

	if (nnv_guard_covers(part.p, part.n) < REST_MIN)
		return;
	page = (uintptr_t)sysconf(_SC_PAGESIZE);
	from = ((uintptr_t)part.p + page - 1) & ~(page - 1);
	to = ((uintptr_t)part.p + part.n) & ~(page - 1);
	if (from < to)
		madvise((void *)from, to - from, MADV_DONTNEED);
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
nnv_file_identify(const char *path, struct nnv_file_id *id)
{
	struct stat st;

	if (strcmp(path, "-") == 0 || stat(path, &st) != 0)
		return false;
	*id = (struct nnv_file_id){ st.st_dev, st.st_ino };
	return true;
}

/* The directory that PATH is in, which may be given by any name. */
static bool
identify_outer(const char *path, struct nnv_file_id *id)
{
	struct nnv_str whole = nnv_str(path);
	struct nnv_text outer = NNV_TEXT_EMPTY;
	bool found;

	whole.n -= nnv_str_behind(whole, '/').n;
	nnv_text_add(&outer, whole);
	nnv_text_adds(&outer, ".");
	found = !nnv_text_failed(&outer) && nnv_file_identify(outer.p, id);
	nnv_text_release(&outer);
	return found;
}

bool
nnv_path_same(const char *a, const char *b)
{
	struct nnv_file_id x, y;
	bool there = nnv_file_identify(a, &x);

	if (strcmp(a, "-") == 0 || strcmp(b, "-") == 0 ||
	    nnv_file_identify(b, &y) != there)
		return false;
	/* what is not there yet will be where its name leads */
	if (!there &&
	    (!nnv_str_eq(nnv_str_behind(nnv_str(a), '/'),
		 nnv_str_behind(nnv_str(b), '/')) ||
		!identify_outer(a, &x) || !identify_outer(b, &y)))
		return false;
	return x.device == y.device && x.number == y.number;
}

void
nnv_path_stem(const char *path, char *buf, size_t size)
{
	static const char *const outer[] = { ".gz", ".zlib", ".zip", ".z",
		NULL };
	static const char *const inner[] = { ".pkl", ".pickle", ".json", ".pt",
		".pth", NULL };
	struct nnv_str s = nnv_str(path), name;

	if (size == 0)
		return;
	if (strcmp(path, "-") == 0)
		s = NNV_STR("stdin");
	while (s.n > 1 && s.p[s.n - 1] == '/')
		s.n--;
	name = nnv_str_behind(s, '/');
	if (name.n != 0)
		s = name;
	copy_cut(buf, size, strip_suffix(strip_suffix(s, outer), inner));
}
