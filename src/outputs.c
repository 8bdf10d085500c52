/*
 * Which files are written, and what they are called: -o says where, -T or the
 * suffix what, and where neither does it is MODEL.pdf.
 */
#include "outputs.h"

#include <string.h>
#include <unistd.h>

#include "nnviz/arena.h"
#include "nnviz/file.h"
#include "nnviz/names.h"
#include "nnviz/render.h"
#include "nnviz/report.h"

enum { STEM_SIZE = 4096 };

/* The suffix of a file name, without its dot; none: empty. */
static struct nnv_str
suffix(struct nnv_str path)
{
	size_t i;

	for (i = path.n; i > 0 && path.p[i - 1] != '/'; i--)
		if (path.p[i - 1] == '.' && i > 1 && path.p[i - 2] != '/')
			return nnv_str_from(path, i);
	return (struct nnv_str){ path.p + path.n, 0 };
}

static bool
fail_format(struct nnv_str name, struct nnv_diag *diag)
{
	struct nnv_str names[NNV_PICTURE_FORMATS + NNV_REPORT_FORMATS];
	size_t n = 0, nearest;

	for (size_t i = 0; nnv_picture_format(i) != NULL; i++)
		names[n++] = nnv_str(nnv_picture_format(i)->name);
	for (size_t i = 0; nnv_report_format(i) != NULL; i++)
		names[n++] = nnv_str(nnv_report_format(i)->name);
	nearest = nnv_nearest(name, names, n);
	if (nearest == n)
		return nnv_fail(diag, NNV_E_USAGE,
		    "unknown format \"%.*s\": see --formats", (int)name.n,
		    name.p);
	return nnv_fail(diag, NNV_E_USAGE,
	    "unknown format \"%.*s\": did "
	    "you mean \"%s\"?",
	    (int)name.n, name.p, names[nearest].p);
}

/* Room for one more, empty. */
static struct nnv_output *
add(struct nnv_outputs *outputs, enum nnv_output_kind kind,
    struct nnv_diag *diag)
{
	void *items = outputs->items;
	struct nnv_output *output;

	if (!nnv_heap_grow(&items, &outputs->cap, outputs->n + 1,
		sizeof(*outputs->items))) {
		nnv_fail_memory(diag);
		return NULL;
	}
	outputs->items = items;
	output = &outputs->items[outputs->n++];
	*output = (struct nnv_output){
		.kind = kind, .path = NNV_TEXT_EMPTY, .bytes = NNV_TEXT_EMPTY
	};
	return output;
}

/* "SVG" is svg. */
static bool
set_format(struct nnv_output *output, struct nnv_str name,
    struct nnv_diag *diag)
{
	const struct nnv_picture_format *picture = nnv_picture_named(name);
	const struct nnv_report_format *report = nnv_report_named(name);

	if (picture == NULL && report == NULL)
		return fail_format(name, diag);
	output->format = nnv_str(picture != NULL ? picture->name
						 : report->name);
	if (picture == NULL)
		output->kind = NNV_OUTPUT_REPORT;
	else if (nnv_str_eq(output->format, NNV_STR("json")))
		output->kind = NNV_OUTPUT_GRAPH;
	else if (nnv_str_eq(output->format, NNV_STR("atlas")))
		output->kind = NNV_OUTPUT_ATLAS;
	return true;
}

/* A report that is read at once goes to standard output. */
static bool
is_for_terminal(const struct nnv_output *output)
{
	const struct nnv_report_format *report = nnv_report_named(output
								      ->format);

	return report != NULL && report->terminal;
}

/* The model's name, where drawings go. */
static void
add_stem(struct nnv_text *name, const struct nnv_options *o)
{
	char stem[STEM_SIZE];

	nnv_path_stem(o->model, stem, sizeof(stem));
	if (o->out_dir != NULL) {
		nnv_text_adds(name, o->out_dir);
		if (!nnv_str_ends(nnv_text_str(name), NNV_STR("/")))
			nnv_text_addc(name, '/');
	}
	nnv_text_adds(name, stem);
}

/* A layer in a file's name: "layer2-0"; of a pattern, "layer2-3-all" is what
 * layer[2-3].* becomes. What a shell or a file system takes for something else
 * becomes a line. */
static void
add_layer(struct nnv_text *name, const char *layer)
{
	static const char special[] = " !\"#$%&'()+,;<=>?@\\^`{|}~";

	for (const char *p = layer; *p != '\0'; p++) {
		if (*p == '[' || *p == ']')
			continue;
		if (*p == '*' && (p == layer || p[-1] != '*'))
			nnv_text_adds(name, "all");
		else if (*p == '.' || *p == '/' || *p == ':')
			nnv_text_addc(name, '-');
		else if ((*p > 0 && *p < ' ') || *p == 0x7f ||
		    strchr(special, *p) != NULL)
			nnv_text_addc(name, '_');
		else if (*p != '*')
			nnv_text_addc(name, *p);
	}
}

/* "resnet_layer2-0.pdf" */
static void
add_name(struct nnv_text *name, const struct nnv_options *o,
    struct nnv_str format)
{
	add_stem(name, o);
	if (o->layer != NULL) {
		nnv_text_addc(name, '_');
		add_layer(name, o->layer);
	}
	nnv_text_addc(name, '.');
	nnv_text_add(name, format);
}

/* The next of the formats "svg,pdf"; false: there is none. */
static bool
next_format(const struct nnv_list *formats, size_t *item, size_t *at,
    struct nnv_str *name)
{
	const char *list;

	if (*item == formats->n)
		return false;
	list = formats->items[*item] + *at;
	*name = (struct nnv_str){ list, strcspn(list, ",") };
	*at += name->n + 1;
	if (list[name->n] == '\0') {
		++*item;
		*at = 0;
	}
	return true;
}

/* Without -o: the model's name in each format. */
static bool
plan_named(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_str format = NNV_STR("pdf");
	size_t item = 0, at = 0;
	bool more = next_format(&o->format, &item, &at, &format);

	do {
		struct nnv_output *output = add(outputs, NNV_OUTPUT_PICTURE,
		    diag);

		if (output == NULL || !set_format(output, format, diag))
			return false;
		if (is_for_terminal(output))
			nnv_text_addc(&output->path, '-');
		else
			add_name(&output->path, o, output->format);
		more = more && next_format(&o->format, &item, &at, &format);
	} while (more);
	return true;
}

/* -T decides, else the suffix of -o, else it is PDF. */
static bool
plan_out(struct nnv_outputs *outputs, const struct nnv_options *o,
    const char *path, struct nnv_diag *diag)
{
	struct nnv_output *output = add(outputs, NNV_OUTPUT_PICTURE, diag);
	struct nnv_str format = suffix(nnv_str(path));

	if (output == NULL)
		return false;
	if (o->format.n == 1)
		format = nnv_str(o->format.items[0]);
	else if (format.n == 0)
		format = NNV_STR("pdf");
	nnv_text_adds(&output->path, path);
	return set_format(output, format, diag);
}

static bool
plan_pictures(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	const struct nnv_list *paths = o->check.n > 0 ? &o->check : &o->out;

	if (paths->n == 0)
		return plan_named(outputs, o, diag);
	if (o->out_dir != NULL)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--out-dir is for what has no -o");
	if (paths->n > 1 && o->format.n > 0)
		return nnv_fail(diag, NNV_E_USAGE,
		    "-T: the suffixes of several -o say their formats");
	if (o->format.n > 1 ||
	    (o->format.n == 1 && strchr(o->format.items[0], ',') != NULL))
		return nnv_fail(diag, NNV_E_USAGE,
		    "-T: several formats need an -o each, or none");
	for (size_t i = 0; i < paths->n; i++)
		if (!plan_out(outputs, o, paths->items[i], diag))
			return false;
	return true;
}

/* --stats FILE is a report by its suffix. */
static bool
plan_stats(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_output *output;

	if (o->stats == NULL)
		return true;
	output = add(outputs, NNV_OUTPUT_STATS, diag);
	if (output == NULL)
		return false;
	nnv_text_adds(&output->path, o->stats);
	output->format = suffix(nnv_str(o->stats));
	if (nnv_report_named(output->format) != NULL)
		return true;
	return nnv_fail(diag, NNV_E_USAGE,
	    "--stats: \"%s\" "
	    "should end in .csv, .md, .txt or .tree",
	    o->stats);
}

/* -j writes beside the output, with the suffix .json. */
static bool
plan_whole(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_str beside = nnv_text_str(&outputs->items[0].path);
	struct nnv_output *output;

	if (!o->json)
		return true;
	output = add(outputs, NNV_OUTPUT_WHOLE, diag);
	if (output == NULL)
		return false;
	if (suffix(beside).n != 0)
		beside.n -= suffix(beside).n + 1;
	if (nnv_str_eq(beside, NNV_STR("-")))
		add_stem(&output->path, o);
	else
		nnv_text_add(&output->path, beside);
	nnv_text_adds(&output->path, ".json");
	return true;
}

/* --sort is one of the keys, and there is a table to sort. */
static bool
check_sort(const struct nnv_outputs *outputs, const struct nnv_options *options,
    struct nnv_diag *diag)
{
	const char *sort = options->sort;
	bool table = false;

	if (sort == NULL)
		return true;
	for (size_t i = 0; i < outputs->n; i++)
		table |= outputs->items[i].kind == NNV_OUTPUT_REPORT ||
		    outputs->items[i].kind == NNV_OUTPUT_STATS;
	if (!table)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--sort is for tables: name one with -T or --stats");
	/* other tables have other columns */
	if (options->kernels || options->values)
		return true;
	for (size_t i = 0; nnv_report_key(i) != NULL; i++)
		if (strcmp(sort, nnv_report_key(i)) == 0)
			return true;
	return nnv_fail(diag, NNV_E_USAGE,
	    "--sort: expected \"name\", "
	    "\"type\", \"parameters\", \"macs\", \"elementwise\", "
	    "\"output\", \"bytes\" or \"time\", found \"%s\"",
	    sort);
}

static bool
fail_twice(const struct nnv_output *output, struct nnv_diag *diag)
{
	const char *path = output->path.p;

	if (output->kind == NNV_OUTPUT_WHOLE)
		return nnv_fail(diag, NNV_E_USAGE,
		    "-j would overwrite the drawing \"%s\": name another "
		    "with -o",
		    path);
	if (output->kind == NNV_OUTPUT_STATS)
		return nnv_fail(diag, NNV_E_USAGE,
		    "--stats would overwrite the drawing \"%s\"", path);
	return nnv_fail(diag, NNV_E_USAGE, "\"%s\" would be written twice",
	    path);
}

/* No output may take the place of another or, by whatever name, of the
 * model. */
static bool
check_paths(const struct nnv_outputs *outputs, const char *model,
    struct nnv_diag *diag)
{
	for (size_t i = 0; i < outputs->n; i++) {
		const struct nnv_output *output = &outputs->items[i];

		if (nnv_text_failed(&output->path))
			return nnv_fail_memory(diag);
		for (size_t k = 0; k < i; k++)
			if (strcmp(output->path.p, outputs->items[k].path.p) ==
				0 ||
			    nnv_path_same(output->path.p,
				outputs->items[k].path.p))
				return fail_twice(output, diag);
		if (nnv_path_same(output->path.p, model))
			return nnv_fail(diag, NNV_E_USAGE,
			    "\"%s\" is the model and would be overwritten: "
			    "name another output with -o",
			    output->path.p);
	}
	return true;
}

/* The bytes of a picture would only disturb a terminal. */
static bool
spare_terminal(const struct nnv_outputs *outputs, struct nnv_diag *diag)
{
	for (size_t i = 0; i < outputs->n; i++) {
		const struct nnv_output *output = &outputs->items[i];

		if (output->kind == NNV_OUTPUT_PICTURE &&
		    strcmp(output->path.p, "-") == 0 &&
		    !nnv_picture_is_text(output->format) &&
		    isatty(STDOUT_FILENO))
			return nnv_fail(diag, NNV_E_USAGE,
			    "standard output is a terminal: %.*s is for a "
			    "file or a pipe",
			    (int)output->format.n, output->format.p);
	}
	return true;
}

/* --pages is of PDF, and a folder is no stream. */
static bool
check_pages(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	bool any = !o->pages;

	for (size_t i = 0; i < outputs->n; i++) {
		struct nnv_output *output = &outputs->items[i];

		if (output->kind == NNV_OUTPUT_ATLAS &&
		    strcmp(output->path.p, "-") == 0)
			return nnv_fail(diag, NNV_E_USAGE,
			    "an atlas is a folder: it cannot go to standard "
			    "output");
		if (output->kind != NNV_OUTPUT_PICTURE || !o->pages ||
		    !nnv_str_eq(output->format, NNV_STR("pdf")))
			continue;
		output->kind = NNV_OUTPUT_BOOK;
		any = true;
	}
	return any ||
	    nnv_fail(diag, NNV_E_USAGE,
		"--pages is for PDF; for SVG there is -T atlas");
}

/* What is checked is not written, and nothing else is. */
static bool
check_check(const struct nnv_options *o, struct nnv_diag *diag)
{
	if (o->check.n > 0 &&
	    (o->out.n > 0 || o->out_dir != NULL || o->json ||
		o->stats != NULL || o->show))
		return nnv_fail(diag, NNV_E_USAGE,
		    "--check writes nothing: leave out %s",
		    o->out.n > 0             ? "-o"
			: o->out_dir != NULL ? "--out-dir"
			: o->json            ? "-j"
			: o->stats != NULL   ? "--stats"
					     : "-s");
	return true;
}

bool
nnv_outputs_plan(struct nnv_outputs *outputs, const struct nnv_options *options,
    struct nnv_diag *diag)
{
	*outputs = (struct nnv_outputs){ .items = NULL };
	return check_check(options, diag) &&
	    plan_pictures(outputs, options, diag) &&
	    plan_stats(outputs, options, diag) &&
	    plan_whole(outputs, options, diag) &&
	    check_sort(outputs, options, diag) &&
	    check_paths(outputs, options->model, diag) &&
	    spare_terminal(outputs, diag) &&
	    check_pages(outputs, options, diag);
}

/* A page of an atlas is no better than what was named: it takes the place of
 * neither another output nor the model. */
static bool
check_page(const struct nnv_outputs *outputs, const struct nnv_output *page,
    const char *model, struct nnv_diag *diag)
{
	for (size_t i = 0; i < outputs->n; i++) {
		const struct nnv_output *other = &outputs->items[i];

		if (other->kind != NNV_OUTPUT_FILE &&
		    nnv_path_same(page->path.p, other->path.p))
			return nnv_fail(diag, NNV_E_USAGE,
			    "\"%s\" would be written twice: a page of the "
			    "atlas is called so",
			    other->path.p);
	}
	return !nnv_path_same(page->path.p, model) ||
	    nnv_fail(diag, NNV_E_USAGE,
		"\"%s\" is the model and would be overwritten: name another "
		"folder with -o",
		page->path.p);
}

bool
nnv_outputs_add_file(struct nnv_outputs *outputs, size_t atlas,
    const char *name, struct nnv_text *bytes, const char *model,
    struct nnv_diag *diag)
{
	struct nnv_output *output = add(outputs, NNV_OUTPUT_FILE, diag);
	struct nnv_str folder;

	if (output == NULL)
		return false;
	folder = nnv_text_str(&outputs->items[atlas].path);
	nnv_text_add(&output->path, folder);
	if (!nnv_str_ends(folder, NNV_STR("/")))
		nnv_text_addc(&output->path, '/');
	nnv_text_adds(&output->path, name);
	output->format = NNV_STR("svg");
	output->bytes = *bytes;
	*bytes = NNV_TEXT_EMPTY;
	if (nnv_text_failed(&output->path))
		return nnv_fail_memory(diag);
	return check_page(outputs, output, model, diag);
}

bool
nnv_outputs_write(const struct nnv_outputs *outputs, struct nnv_diag *diag)
{
	struct nnv_output_file *files = nnv_heap_alloc(outputs->n,
	    sizeof(*files));
	size_t n = 0;
	bool fine;

	if (files == NULL)
		return nnv_fail_memory(diag);
	/* the pictures last: where they are new, all is */
	for (size_t i = outputs->n; i > 0; i--) {
		const struct nnv_output *output = &outputs->items[i - 1];

		if (output->kind != NNV_OUTPUT_ATLAS)
			files[n++] = (struct nnv_output_file){ output->path.p,
				nnv_text_str(&output->bytes) };
	}
	fine = nnv_output_write(files, n, diag);
	nnv_heap_free(files);
	return fine;
}

void
nnv_outputs_release(struct nnv_outputs *outputs)
{
	for (size_t i = 0; i < outputs->n; i++) {
		nnv_text_release(&outputs->items[i].path);
		nnv_text_release(&outputs->items[i].bytes);
	}
	nnv_heap_free(outputs->items);
}
