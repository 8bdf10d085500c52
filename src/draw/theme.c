/*
 * Style files. A line is a "key = value" as -S takes it, an "include = name",
 * empty, or a comment, which begins with "#"; a "#" that a blank follows ends
 * a line too. Names are searched as nnviz/style.h says, but an include first
 * beside the file that asks for it.
 */
#include "theme.h"

#include "hint.h"
#include "nnviz/file.h"
#include "nnviz/text.h"

/* Files may be as deep in each other, and be read as often in all: without the
 * second bound, files that include each other a thousand times would be read
 * for ever. */
enum { FILE_MAX = 1 << 20, INCLUDES_MAX = 8, FILES_MAX = 1000 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

bool
nnv_assignment_split(struct nnv_str line, struct nnv_str *key,
    struct nnv_str *value)
{
	const char *equals = line.n != 0 ? memchr(line.p, '=', line.n) : NULL;

	if (equals == NULL)
		return false;
	*key = nnv_str_trim((struct nnv_str){
	    line.p, (size_t)(equals - line.p) });
	*value = nnv_str_trim((struct nnv_str){
	    equals + 1, line.n - (size_t)(equals + 1 - line.p) });
	return key->n != 0;
}

/* Without its comment. */
static struct nnv_str
strip_comment(struct nnv_str line)
{
	size_t i;

	for (i = 0; i < line.n; i++)
		if (line.p[i] == '#' &&
		    (nnv_str_trim((struct nnv_str){ line.p, i }).n == 0 ||
			i + 1 == line.n || is_blank(line.p[i + 1])))
			break;
	return nnv_str_trim((struct nnv_str){ line.p, i });
}

/* One file among those that include each other. */
struct file {
	struct nnv_str path; /* of an included file: as it was found */
	int depth;
};

static bool load_any(struct nnv_style *style, struct nnv_str name,
    const struct file *outer, struct nnv_diag *diag);

/* A message of LINE's, with the file and the line before it. */
static bool
fail_in(const struct file *file, unsigned line, const struct nnv_diag *inner,
    struct nnv_diag *diag)
{
	return nnv_fail(diag, inner->code, "%.*s:%u: %s", (int)file->path.n,
	    file->path.p, line, inner->text);
}

static bool
run_line(struct nnv_style *style, struct nnv_str line, const struct file *file,
    struct nnv_diag *diag)
{
	struct nnv_str key, value;

	line = strip_comment(line);
	if (line.n == 0)
		return true;
	if (!nnv_assignment_split(line, &key, &value))
		return nnv_fail(diag, NNV_E_SYNTAX,
		    "not \"key = value\": \"%.*s\"", (int)line.n, line.p);
	if (nnv_str_eq(key, NNV_STR("include")) ||
	    nnv_str_eq(key, NNV_STR("theme")))
		return load_any(style, value, file, diag);
	return nnv_style_assign(style, key, value, false, diag);
}

static bool
run(struct nnv_style *style, struct nnv_str text, const struct file *file,
    struct nnv_diag *diag)
{
	unsigned number;

	for (number = 1; text.n != 0; number++) {
		struct nnv_diag inner;

		nnv_diag_init(&inner, NULL);
		if (!run_line(style, nnv_str_take(&text, '\n'), file, &inner))
			return fail_in(file, number, &inner, diag);
	}
	return true;
}

enum found { NOT_FOUND, LOADED, FAILED };

static enum found
try_file(struct nnv_style *style, const char *path, const struct file *outer,
    struct nnv_diag *diag)
{
	struct file file = { nnv_str(path),
		outer != NULL ? outer->depth + 1 : 0 };
	struct nnv_input input;
	struct nnv_diag reading;
	bool fine;

	nnv_diag_init(&reading, NULL);
	if (!nnv_input_read(&input, path, FILE_MAX, &reading)) {
		if (reading.code == NNV_E_SYSTEM)
			return NOT_FOUND;
		nnv_fail(diag, reading.code, "style file \"%s\": %s", path,
		    reading.text);
		return FAILED;
	}
	fine = run(style, input.bytes, &file, diag);
	/* what is wrong in a file is no wrong use of the program */
	if (!fine && diag->code == NNV_E_USAGE)
		diag->code = NNV_E_SYNTAX;
	nnv_input_release(&input);
	return fine ? LOADED : FAILED;
}

/* DIRECTORY/NAME, with the suffix of style files where it has none. */
static enum found
try_in(struct nnv_style *style, struct nnv_str directory, struct nnv_str name,
    const struct file *outer, struct nnv_diag *diag)
{
	struct nnv_text path = NNV_TEXT_EMPTY;
	enum found found = FAILED;

	nnv_text_add(&path, directory);
	if (directory.n != 0 && directory.p[directory.n - 1] != '/')
		nnv_text_addc(&path, '/');
	nnv_text_add(&path, name);
	if (!nnv_str_ends(name, NNV_STR(".style")))
		nnv_text_adds(&path, ".style");
	if (nnv_text_failed(&path))
		nnv_fail_memory(diag);
	else
		found = try_file(style, path.p, outer, diag);
	nnv_text_release(&path);
	return found;
}

static struct nnv_str
directory_of(struct nnv_str path)
{
	path.n -= nnv_str_behind(path, '/').n;
	return path;
}

/* A path if it has a slash or the suffix; a name to be searched if not. */
static bool
is_path(struct nnv_str name)
{
	return memchr(name.p, '/', name.n) != NULL ||
	    nnv_str_ends(name, NNV_STR(".style"));
}

static enum found
search(struct nnv_style *style, struct nnv_str name, const struct file *outer,
    struct nnv_diag *diag)
{
	enum found found = NOT_FOUND;
	size_t i;

	if (outer != NULL && name.p[0] != '/')
		found = try_in(style, directory_of(outer->path), name, outer,
		    diag);
	if (found == NOT_FOUND && is_path(name))
		found = try_in(style, (struct nnv_str){ "", 0 }, name, outer,
		    diag);
	for (i = 0; i < style->ndirs && found == NOT_FOUND && !is_path(name);
	     i++)
		found = try_in(style, style->dirs[i], name, outer, diag);
	return found;
}

static bool
load(struct nnv_style *style, struct nnv_str name, const struct file *outer,
    struct nnv_diag *diag)
{
	if (name.n == 0)
		return nnv_fail(diag, NNV_E_USAGE, "a style without a name");
	if (outer != NULL && outer->depth + 1 >= INCLUDES_MAX)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "style files include each other more than %d deep",
		    INCLUDES_MAX);
	if (style->nfiles++ == FILES_MAX)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "style files include more than %d others", FILES_MAX);
	switch (search(style, name, outer, diag)) {
	case LOADED:
		return true;
	case FAILED:
		return false;
	case NOT_FOUND:
		break;
	}
	/* what the program begins with needs no file */
	if (nnv_str_eq(name, NNV_STR("light")))
		return true;
	if (is_path(name))
		return nnv_fail(diag, NNV_E_USAGE, "no style file \"%.*s%s\"",
		    (int)name.n, name.p,
		    nnv_str_ends(name, NNV_STR(".style")) ? "" : ".style");
	return nnv_hint_theme(style, name, diag);
}

bool
nnv_style_search(struct nnv_style *style, struct nnv_str directory,
    struct nnv_diag *diag)
{
	char *copy;

	if (style->ndirs == NNV_STYLE_DIRS)
		return nnv_fail(diag, NNV_E_LIMIT,
		    "more than %d directories of styles", NNV_STYLE_DIRS);
	copy = nnv_arena_copy(&style->arena, directory);
	if (copy == NULL)
		return nnv_fail_memory(diag);
	style->dirs[style->ndirs++] = (struct nnv_str){ copy, directory.n };
	return true;
}

/* The dark theme beside this one, for pictures that follow the reader's. */
static bool
load_dark(struct nnv_style *style, const struct file *outer,
    struct nnv_diag *diag)
{
	bool fine;
	size_t i;

	nnv_style_free(style->dark);
	style->dark = nnv_style_new();
	if (style->dark == NULL)
		return nnv_fail_memory(diag);
	for (i = 0; i < style->ndirs; i++)
		if (!nnv_style_search(style->dark, style->dirs[i], diag))
			return false;
	style->dark->nfiles = style->nfiles;
	fine = load(style->dark, NNV_STR("dark"), outer, diag);
	style->nfiles = style->dark->nfiles;
	return fine;
}

static bool
load_any(struct nnv_style *style, struct nnv_str name, const struct file *outer,
    struct nnv_diag *diag)
{
	if (nnv_str_eq(name, NNV_STR("auto")))
		return load_dark(style, outer, diag);
	return load(style, name, outer, diag);
}

bool
nnv_style_load(struct nnv_style *style, struct nnv_str name,
    struct nnv_diag *diag)
{
	struct nnv_str theme = nnv_str_behind(name, '/');
	char *copy;

	if (nnv_str_ends(theme, NNV_STR(".style")))
		theme.n -= sizeof(".style") - 1;
	copy = nnv_arena_copy(&style->arena, theme);
	if (copy == NULL)
		return nnv_fail_memory(diag);
	style->theme = (struct nnv_str){ copy, theme.n };
	return load_any(style, name, NULL, diag);
}
