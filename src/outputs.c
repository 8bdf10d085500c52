/*
 * Which files are written, and what they are called: -o says where, -T or the
 * suffix what, and where neither does it is MODEL.pdf.
 */
#include "outputs.h"

#include <string.h>

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
			return (struct nnv_str){ path.p + i, path.n - i };
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

/* -T decides, else the suffix of -o, else it is PDF; "SVG" is svg. */
static bool
choose_format(struct nnv_output *output, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	const struct nnv_picture_format *picture;
	const struct nnv_report_format *report;
	struct nnv_str name = { NULL, 0 };

	if (o->format != NULL)
		name = nnv_str(o->format);
	else if (o->out != NULL)
		name = suffix(nnv_str(o->out));
	if (name.n == 0 && o->format == NULL)
		name = NNV_STR("pdf");
	picture = nnv_picture_named(name);
	report = nnv_report_named(name);
	if (picture == NULL && report == NULL)
		return fail_format(name, diag);
	output->format = nnv_str(picture != NULL ? picture->name
						 : report->name);
	if (picture == NULL)
		output->kind = NNV_OUTPUT_REPORT;
	else if (nnv_str_eq(output->format, NNV_STR("json")))
		output->kind = NNV_OUTPUT_GRAPH;
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

/* "resnet_layer2-0.pdf" */
static void
add_name(struct nnv_text *name, const struct nnv_options *o,
    struct nnv_str format)
{
	char stem[STEM_SIZE];

	nnv_path_stem(o->model, stem, sizeof(stem));
	nnv_text_adds(name, stem);
	if (o->layer != NULL)
		nnv_text_addc(name, '_');
	for (const char *p = o->layer; p != NULL && *p != '\0'; p++)
		nnv_text_addc(name, *p == '.' || *p == '/' ? '-' : *p);
	nnv_text_addc(name, '.');
	nnv_text_add(name, format);
}

static bool
plan_picture(struct nnv_outputs *outputs, const struct nnv_options *o,
    struct nnv_diag *diag)
{
	struct nnv_output *output = add(outputs, NNV_OUTPUT_PICTURE, diag);

	if (output == NULL || !choose_format(output, o, diag))
		return false;
	if (o->out != NULL)
		nnv_text_adds(&output->path, o->out);
	else if (is_for_terminal(output))
		nnv_text_addc(&output->path, '-');
	else
		add_name(&output->path, o, output->format);
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
	char stem[STEM_SIZE];

	if (!o->json)
		return true;
	output = add(outputs, NNV_OUTPUT_WHOLE, diag);
	if (output == NULL)
		return false;
	if (nnv_str_eq(beside, NNV_STR("-"))) {
		nnv_path_stem(o->model, stem, sizeof(stem));
		beside = nnv_str(stem);
	} else if (suffix(beside).n != 0) {
		beside.n -= suffix(beside).n + 1;
	}
	nnv_text_add(&output->path, beside);
	nnv_text_adds(&output->path, ".json");
	return true;
}

/* --sort is one of the keys. */
static bool
check_sort(const char *sort, struct nnv_diag *diag)
{
	if (sort == NULL)
		return true;
	for (size_t i = 0; nnv_report_key(i) != NULL; i++)
		if (strcmp(sort, nnv_report_key(i)) == 0)
			return true;
	return nnv_fail(diag, NNV_E_USAGE,
	    "--sort: expected \"name\", "
	    "\"type\", \"parameters\", \"macs\", \"elementwise\" or \"bytes\", "
	    "found \"%s\"",
	    sort);
}

static bool
fail_twice(const struct nnv_output *output, struct nnv_diag *diag)
{
	if (output->kind == NNV_OUTPUT_WHOLE)
		return nnv_fail(diag, NNV_E_USAGE,
		    "-j would overwrite the drawing \"%s\": name another "
		    "with -o",
		    output->path.p);
	return nnv_fail(diag, NNV_E_USAGE,
	    "--stats would overwrite the drawing \"%s\"", output->path.p);
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
			if (nnv_str_eq(nnv_text_str(&output->path),
				nnv_text_str(&outputs->items[k].path)))
				return fail_twice(output, diag);
		if (nnv_path_same(output->path.p, model))
			return nnv_fail(diag, NNV_E_USAGE,
			    "\"%s\" is the model and would be overwritten: "
			    "name another output with -o",
			    output->path.p);
	}
	return true;
}

bool
nnv_outputs_plan(struct nnv_outputs *outputs, const struct nnv_options *options,
    struct nnv_diag *diag)
{
	*outputs = (struct nnv_outputs){ .items = NULL };
	return plan_picture(outputs, options, diag) &&
	    plan_stats(outputs, options, diag) &&
	    plan_whole(outputs, options, diag) &&
	    check_sort(options->sort, diag) &&
	    check_paths(outputs, options->model, diag);
}

/* The pictures last: where they are new, all is. */
bool
nnv_outputs_write(const struct nnv_outputs *outputs, struct nnv_diag *diag)
{
	for (size_t i = outputs->n; i > 0; i--) {
		const struct nnv_output *output = &outputs->items[i - 1];

		if (!nnv_output_write(output->path.p,
			nnv_text_str(&output->bytes), diag))
			return false;
	}
	return true;
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
