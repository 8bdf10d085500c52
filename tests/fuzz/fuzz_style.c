/*
 * Any text as lines of KEY=VALUE: set or refused with a reason, never a crash.
 * What follows a form feed is a style file, called 1 to 3 in their order, which
 * lines may load and files include.
 */
#include "fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nnviz/style.h"

enum { FILES = 3 };

static char dir[64];

enum { PATH_SIZE = sizeof(dir) + 32 };

static void
name_file(char path[PATH_SIZE], int i)
{
	snprintf(path, PATH_SIZE, "%s/%d.style", dir, i);
}

static void
remove_files(void)
{
	char path[PATH_SIZE];

	for (int i = 1; i <= FILES; i++) {
		name_file(path, i);
		unlink(path);
	}
	rmdir(dir);
}

/* Where the files are, made once. */
static bool
make_dir(void)
{
	if (dir[0] != '\0')
		return true;
	strcpy(dir, "/tmp/fuzz_style.XXXXXX");
	return mkdtemp(dir) != NULL && atexit(remove_files) == 0;
}

static void
write_file(int i, struct nnv_str text)
{
	char path[PATH_SIZE];
	FILE *file;

	name_file(path, i);
	file = fopen(path, "wb");
	if (file == NULL)
		abort();
	if (text.n != 0)
		fwrite(text.p, 1, text.n, file);
	fclose(file);
}

static void
set_line(struct nnv_style *style, struct nnv_str line)
{
	struct nnv_diag diag;

	nnv_diag_init(&diag, "style");
	if (!nnv_style_set(style, line, &diag) &&
	    (diag.code == NNV_OK || diag.text[0] == '\0'))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str rest = { (const char *)data, size };
	struct nnv_str lines = nnv_str_take(&rest, '\f');
	struct nnv_style *style = nnv_style_new();
	struct nnv_diag diag;

	nnv_diag_init(&diag, "style");
	if (style == NULL || !make_dir() ||
	    !nnv_style_search(style, nnv_str(dir), &diag)) {
		nnv_style_free(style);
		return 0;
	}
	if (memchr(data != NULL ? (const char *)data : "", '\f', size) != NULL)
		for (int i = 1; i <= FILES; i++)
			write_file(i, nnv_str_take(&rest, '\f'));
	while (lines.n != 0)
		set_line(style, nnv_str_take(&lines, '\n'));
	nnv_style_free(style);
	return 0;
}
