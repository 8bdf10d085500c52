/*
 * Reading inputs and replacing outputs, in a directory that is gone again
 * afterwards.
 *
 * link: -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
 */
#define _DEFAULT_SOURCE
#include "nnviz/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"
#include "scarce.h"

enum { BIG = 16 << 20 }; /* files of this size are mapped */

#define NO_LIMIT ((size_t)1 << 40)

static int
enter_directory(void **state)
{
	char *dir = malloc(64);

	snprintf(dir, 64, "/tmp/nnviz-test-XXXXXX");
	*state = dir;
	return mkdtemp(dir) == NULL || chdir(dir) != 0;
}

/* Names in DIR, besides . and .. */
static int
count_names(const char *dir)
{
	DIR *stream = opendir(dir);
	int n = -2;

	if (stream == NULL)
		return -1;
	while (readdir(stream) != NULL)
		n++;
	closedir(stream);
	return n;
}

static int
leave_directory(void **state)
{
	DIR *stream = opendir(".");
	struct dirent *entry;

	if (stream == NULL)
		return 1;
	while ((entry = readdir(stream)) != NULL)
		unlink(entry->d_name);
	closedir(stream);
	rmdir("d");
	if (chdir("/") != 0 || rmdir(*state) != 0)
		return 1;
	free(*state);
	return 0;
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

static void
make_file(const char *path, const char *s, size_t n)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(s, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static void
assert_holds(const char *path, const char *want)
{
	struct nnv_input input;
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	assert_true(nnv_input_read(&input, path, NO_LIMIT, &diag));
	assert_int_equal(input.bytes.n, strlen(want));
	assert_memory_equal(input.bytes.p, want, input.bytes.n);
	nnv_input_release(&input);
}

static void
assert_refuses(const char *path, size_t limit, enum nnv_code code,
    const char *text)
{
	struct nnv_input input;
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	assert_false(nnv_input_read(&input, path, limit, &diag));
	assert_int_equal(diag.code, code);
	assert_string_equal(diag.text, text);
	assert_null(input.bytes.p);
	nnv_input_release(&input);
}

static void
reads_files_of_any_size(void **state)
{
	static const size_t sizes[] = { 1, 2, 4095, 65535, 65536, 65537,
		1000000 };
	struct nnv_input input;
	struct nnv_diag diag;
	static char s[1000000];
	size_t i;

	(void)state;
	memset(s, 'x', sizeof(s));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		s[sizes[i] - 1] = 'z';
		make_file("f", s, sizes[i]);
		nnv_diag_init(&diag, NULL);
		assert_true(nnv_input_read(&input, "f", sizes[i], &diag));
		assert_int_equal(input.bytes.n, sizes[i]);
		assert_memory_equal(input.bytes.p, s, sizes[i]);
		assert_false(input.mapped);
		assert_true(nnv_input_check(&input, &diag));
		nnv_input_release(&input);
		s[sizes[i] - 1] = 'x';
	}
}

static void
refuses_in_one_clear_line(void **state)
{
	(void)state;
	make_file("empty", "", 0);
	make_file("three", "abc", 3);
	assert_refuses("none", NO_LIMIT, NNV_E_SYSTEM,
	    "cannot open: No such file or directory");
	assert_refuses(".", NO_LIMIT, NNV_E_SYSTEM,
	    "cannot read: Is a directory");
	assert_refuses("empty", NO_LIMIT, NNV_E_EMPTY, "the file is empty");
	assert_refuses("/dev/null", NO_LIMIT, NNV_E_EMPTY, "the file is empty");
	assert_refuses("three", 2, NNV_E_LIMIT,
	    "input larger than the limit of 2 bytes");
	assert_refuses("/dev/zero", 1 << 20, NNV_E_LIMIT,
	    "input larger than the limit of 1 MiB");
}

/* A child that writes N bytes to PATH, a little later. */
static pid_t
write_later(const char *path, size_t n)
{
	struct timespec moment = { 0, 20000000 };
	pid_t child = fork();
	int fd;

	if (child != 0)
		return child;
	fd = open(path, O_WRONLY);
	nanosleep(&moment, NULL);
	while (n-- > 0) {
		if (write(fd, "y", 1) != 1)
			_exit(1);
	}
	_exit(0);
}

static void
reads_pipes(void **state)
{
	struct nnv_input input;
	struct nnv_diag diag;
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	child = write_later("fifo", 100000);
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_input_read(&input, "fifo", NO_LIMIT, &diag));
	assert_int_equal(input.bytes.n, 100000);
	assert_int_equal(input.bytes.p[99999], 'y');
	nnv_input_release(&input);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Call assert_holds("-", WANT) with FD as standard input. */
static void
assert_stdin_holds(int fd, const char *want)
{
	int saved = dup(STDIN_FILENO);

	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	close(fd);
	assert_holds("-", want);
	if (saved >= 0)
		dup2(saved, STDIN_FILENO);
	close(saved);
}

static void
reads_standard_input(void **state)
{
	pid_t child;
	int fd, status;

	(void)state;
	make_file("f", "0123456789", 10);
	fd = open("f", O_RDONLY);
	assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
	assert_stdin_holds(fd, "456789");
	/* left non-blocking by somebody: waits instead of failing */
	assert_int_equal(mkfifo("fifo", 0600), 0);
	child = write_later("fifo", 5);
	fd = open("fifo", O_RDONLY);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	assert_stdin_holds(fd, "yyyyy");
	assert_int_equal(waitpid(child, &status, 0), child);
}

/* A file of SIZE bytes that begins with "head"; the rest is a hole. */
static void
make_big(const char *path, off_t size)
{
	make_file(path, "head", 4);
	assert_int_equal(truncate(path, size), 0);
}

static void
maps_what_is_large(void **state)
{
	struct nnv_input input, second;
	struct sigaction before, after;
	struct nnv_diag diag;

	(void)state;
	make_big("big", BIG);
	nnv_diag_init(&diag, NULL);
	assert_int_equal(sigaction(SIGBUS, NULL, &before), 0);
	assert_true(nnv_input_read(&input, "big", NO_LIMIT, &diag));
	assert_true(input.mapped);
	/* one mapping is guarded at a time, so the second file is read */
	assert_true(nnv_input_read(&second, "big", NO_LIMIT, &diag));
	assert_false(second.mapped);
	assert_int_equal(second.bytes.n, BIG);
	assert_memory_equal(input.bytes.p, second.bytes.p, BIG);
	assert_true(nnv_input_check(&input, &diag));
	nnv_input_release(&second);
	nnv_input_release(&input);
	assert_int_equal(sigaction(SIGBUS, NULL, &after), 0);
	assert_true(before.sa_handler == after.sa_handler);
	assert_refuses("big", BIG - 1, NNV_E_LIMIT,
	    "input larger than the limit of 16777215 bytes");
}

static void
survives_a_file_that_shrinks(void **state)
{
	struct nnv_input input;
	struct nnv_diag diag;
	size_t i, sum = 0;

	(void)state;
	make_big("big", BIG + 4097);
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_input_read(&input, "big", NO_LIMIT, &diag));
	assert_true(nnv_input_check(&input, &diag));
	assert_int_equal(truncate("big", 10), 0);
	/* from the end, so that more than one fault is needed */
	for (i = input.bytes.n; i > 0; i--)
		sum += (unsigned char)input.bytes.p[i - 1];
	assert_int_equal(sum, 'h' + 'e' + 'a' + 'd');
	assert_false(nnv_input_check(&input, &diag));
	assert_int_equal(diag.code, NNV_E_SYSTEM);
	nnv_input_release(&input);
	/* and the next one starts with a clean slate */
	make_big("big", BIG);
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_input_read(&input, "big", NO_LIMIT, &diag));
	assert_true(nnv_input_check(&input, &diag));
	nnv_input_release(&input);
}

static bool
put_bytes(const char *path, struct nnv_str bytes, struct nnv_diag *diag)
{
	struct nnv_output_file file = { path, bytes };

	return nnv_output_write(&file, 1, diag);
}

/* Several files: all of them, or none. */
static void
writes_all_or_none(void **state)
{
	struct nnv_output_file files[] = { { "a1", NNV_STR("one") },
		{ "a2", NNV_STR("two") }, { "no/a3", NNV_STR("three") } };
	struct nnv_diag diag;

	(void)state;
	make_file("a2", "old", 3);
	nnv_diag_init(&diag, NULL);
	assert_false(nnv_output_write(files, 3, &diag));
	assert_non_null(strstr(diag.text, "no/a3: cannot write: "));
	assert_int_equal(access("a1", F_OK), -1);
	assert_holds("a2", "old");
	assert_int_equal(count_names("."), 1);
	nnv_diag_init(&diag, NULL);
	assert_true(nnv_output_write(files, 2, &diag));
	assert_holds("a1", "one");
	assert_holds("a2", "two");
	assert_int_equal(count_names("."), 2);
}

static void
survives_every_lack_of_memory(void **state)
{
	struct nnv_input input;
	struct nnv_diag diag;
	bool refused = true;
	long n;

	(void)state;
	make_file("f", "abc", 3);
	for (n = 0; refused; n++) {
		nnv_diag_init(&diag, NULL);
		scarce_begin(n);
		assert_int_equal(nnv_input_read(&input, "f", 9, &diag) &&
			put_bytes("g", input.bytes, &diag),
		    n > 3);
		refused = scarce_end();
		assert_int_equal(diag.code != NNV_OK, refused);
		nnv_input_release(&input);
	}
	assert_int_equal(count_names("."), 2);
}

static bool
put(const char *path, const char *s)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	return put_bytes(path, nnv_str(s), &diag);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
writes_new_files(void **state)
{
	mode_t mask = umask(027);

	(void)state;
	assert_true(put("new", "hello"));
	assert_holds("new", "hello");
	assert_int_equal(mode_of("new"), 0640);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_true(put("d/inner", "x"));
	assert_int_equal(count_names("d"), 1);
	assert_int_equal(count_names("."), 2);
	assert_int_equal(umask(mask), 027);
	unlink("d/inner");
}

static void
replaces_and_keeps_the_mode(void **state)
{
	struct stat before, after;

	(void)state;
	make_file("f", "a long old text", 15);
	assert_int_equal(chmod("f", 0604), 0);
	assert_int_equal(stat("f", &before), 0);
	assert_true(put("f", "new"));
	assert_int_equal(stat("f", &after), 0);
	assert_holds("f", "new");
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_not_equal(after.st_ino, before.st_ino);
	assert_int_equal(count_names("."), 1);
}

static void
keeps_links(void **state)
{
	struct stat st;

	(void)state;
	make_file("f", "old", 3);
	assert_int_equal(mkdir("d", 0700), 0);
	assert_int_equal(symlink("f", "one"), 0);
	assert_int_equal(symlink("../one", "d/two"), 0);
	assert_true(put("d/two", "new"));
	assert_holds("f", "new");
	assert_int_equal(lstat("one", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat("d/two", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(count_names("d"), 1);
	/* also where a link points at nothing yet */
	assert_int_equal(unlink("f"), 0);
	assert_true(put("d/two", "again"));
	assert_holds("f", "again");
	assert_int_equal(unlink("d/two"), 0);
	/* a ring of links is an error, not a hang */
	assert_int_equal(unlink("one"), 0);
	assert_int_equal(symlink("one", "one"), 0);
	assert_false(put("one", "x"));
}

static void
assert_put_fails(const char *path, const char *text)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, NULL);
	assert_false(put_bytes(path, NNV_STR("0123456789"), &diag));
	assert_int_equal(diag.code, NNV_E_SYSTEM);
	assert_string_equal(diag.text, text);
}

static void
reports_what_cannot_be_written(void **state)
{
	(void)state;
	assert_put_fails("none/f",
	    "none/f: cannot write: there is no such directory");
	assert_put_fails(".", ".: cannot write: Is a directory");
	assert_put_fails("", ": cannot write: there is no such directory");
	if (access("/dev/full", W_OK) == 0)
		assert_put_fails("/dev/full",
		    "/dev/full: cannot write: No space left on device");
	assert_int_equal(count_names("."), 0);
}

static void
leaves_the_old_file_on_failure(void **state)
{
	struct rlimit before, small;
	sigset_t mask, mask_after;

	(void)state;
	make_file("f", "old", 3);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 5;
	signal(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_SETMASK, NULL, &mask);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_put_fails("f", "f: cannot write: File too large");
	assert_put_fails("g", "g: cannot write: File too large");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, NULL, &mask_after);
	assert_int_equal(sigismember(&mask_after, SIGTERM),
	    sigismember(&mask, SIGTERM));
	assert_holds("f", "old");
	assert_int_equal(count_names("."), 1);
}

/* Root may write anything: a child that is nobody tries. */
static bool
nobody_can_put(const char *path)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(2);
		_exit(put(path, "new") ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
	return WEXITSTATUS(status) == 0;
}

static void
respects_a_file_that_is_read_only(void **state)
{
	(void)state;
	assert_int_equal(chmod(".", 0777), 0);
	make_file("f", "old", 3);
	assert_int_equal(chmod("f", 0444), 0);
	assert_false(nobody_can_put("f"));
	assert_holds("f", "old");
	assert_int_equal(chmod("f", 0666), 0);
	assert_true(nobody_can_put("f"));
	assert_holds("f", "new");
	assert_int_equal(mode_of("f") & 0707, 0606);
	assert_int_equal(count_names("."), 1);
}

static void
writes_devices_in_place(void **state)
{
	struct stat st;
	int saved = dup(STDOUT_FILENO), fd;

	(void)state;
	assert_true(put("/dev/null", "gone"));
	assert_int_equal(stat("/dev/null", &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	/* standard output, by both of its names */
	fd = open("out", O_RDWR | O_CREAT, 0600);
	fflush(stdout);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	close(fd);
	fd = put("-", "dash");
	dup2(saved, STDOUT_FILENO);
	close(saved);
	assert_true(fd);
	assert_holds("out", "dash");
}

static void
writes_nothing_as_an_empty_file(void **state)
{
	struct stat st;

	(void)state;
	assert_true(put("f", NULL));
	assert_int_equal(stat("f", &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void
finds_the_stem(void **state)
{
	static const char *const cases[][2] = {
		{ "resnet.pkl", "resnet" },
		{ "a/b/resnet.pkl", "resnet" },
		{ "m.pkl.gz", "m" },
		{ "m.json.zlib", "m" },
		{ "m.pt", "m" },
		{ "m.pth", "m" },
		{ "m.pickle.z", "m" },
		{ "M.PKL.GZ", "M" },
		{ "model.v2", "model.v2" },
		{ "model.v2.pkl", "model.v2" },
		{ "m.gz", "m" },
		{ "m.zip", "m" },
		{ "m.pkl.pkl", "m.pkl" },
		{ "m.gz.pkl", "m.gz" },
		{ ".pkl", ".pkl" },
		{ "-", "stdin" },
		{ "dir/", "dir" },
		{ "a/dir.pkl//", "dir" },
		{ "/", "/" },
		{ "x", "x" },
		{ "a.pkl/b", "b" },
	};
	char buf[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		nnv_path_stem(cases[i][0], buf, sizeof(buf));
		assert_string_equal(buf, cases[i][1]);
	}
	nnv_path_stem("ab\xe6\xa8\xa1.pkl", buf, 5);
	assert_string_equal(buf, "ab");
	nnv_path_stem("ab\xe6\xa8\xa1.pkl", buf, 6);
	assert_string_equal(buf, "ab\xe6\xa8\xa1");
	nnv_path_stem("abc.pkl", buf, 1);
	assert_string_equal(buf, "");
}

UNIT_MAIN("file", TEST(reads_files_of_any_size),
    TEST(refuses_in_one_clear_line), TEST(reads_pipes),
    TEST(reads_standard_input), TEST(maps_what_is_large),
    TEST(survives_a_file_that_shrinks), TEST(writes_all_or_none),
    TEST(survives_every_lack_of_memory), TEST(writes_new_files),
    TEST(replaces_and_keeps_the_mode), TEST(keeps_links),
    TEST(reports_what_cannot_be_written), TEST(leaves_the_old_file_on_failure),
    TEST(respects_a_file_that_is_read_only), TEST(writes_devices_in_place),
    TEST(writes_nothing_as_an_empty_file), TEST(finds_the_stem))
