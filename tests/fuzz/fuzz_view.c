/*
 * Any lines as options for drawing one good model: its graph is transformed,
 * saved and drawn, or refused with a reason. What follows an empty line is the
 * file of --rules, and no other file is read.
 */
#include "fuzz.h"
#include "road.h"

#include "nnviz/file.h"
#include "options.h"
#include "transform.h"

enum { ARGS_MAX = 32 };

static const char model[] = "samples/simple_model.pkl";

/* TEXT, which ends in a NUL, as arguments of a line each; their number. What is
 * behind an empty line goes to REST. */
static int
split(char *text, char **argv, char **rest)
{
	int argc = 0;

	argv[argc++] = (char *)"nnviz-c";
	while (*text != '\0' && *text != '\n' && argc < ARGS_MAX) {
		argv[argc++] = text;
		text += strcspn(text, "\n");
		if (*text != '\0')
			*text++ = '\0';
	}
	argv[argc] = NULL;
	*rest = text;
	return argc;
}

static void
view(struct nnv_graph *whole, const struct nnv_options *options,
    struct nnv_str rules)
{
	struct nnv_graph *chosen, *drawn, *ruled;
	struct nnv_diag diag;

	nnv_diag_init(&diag, "view");
	chosen = nnv_transform_choose(whole, options, &diag);
	drawn = chosen != NULL ? nnv_transform_show(chosen, options, &diag)
			       : NULL;
	nnv_graph_free(chosen);
	if (drawn == NULL) {
		road_explained(&diag);
		return;
	}
	ruled = nnv_pass_rules(drawn, rules, "rules", &diag);
	nnv_graph_free(drawn);
	if (ruled == NULL) {
		road_explained(&diag);
		return;
	}
	road_check_saved(ruled);
	road_draw(ruled);
	nnv_graph_free(ruled);
}

static void
read_and_view(const struct nnv_options *options, struct nnv_str rules)
{
	struct nnv_input input = { .bytes = { NULL, 0 } };
	struct nnv_graph *whole;
	struct nnv_diag diag;
	struct road road;

	nnv_diag_init(&diag, "view");
	if (!nnv_input_read(&input, model, SIZE_MAX, &diag))
		abort();
	whole = road_begin(&road, input.bytes, &diag);
	if (whole != NULL)
		view(whole, options, rules);
	nnv_graph_free(whole);
	road_end(&road);
	nnv_input_release(&input);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *argv[ARGS_MAX + 1], *rules;
	struct nnv_options options;
	struct nnv_diag diag;
	int argc;

	if (text == NULL)
		return 0;
	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	nnv_diag_init(&diag, NULL);
	argc = split(text, argv, &rules);
	/* no model is a failure after all else was understood */
	if (nnv_options_parse(&options, argc, argv, &diag) ||
	    diag.code == NNV_E_USAGE) {
		options.rules = NULL;
		read_and_view(&options, nnv_str(rules));
	}
	nnv_options_release(&options);
	free(text);
	return 0;
}
