/*
 * nnviz-c: what the command line asks for. Only the files of this directory
 * print, and only main decides the exit status.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "batch.h"
#include "help.h"
#include "messages.h"
#include "nnviz/render.h"
#include "nnviz/report.h"
#include "options.h"
#include "run.h"

static int
list_formats(struct nnv_diag *diag)
{
	bool available[NNV_PICTURE_FORMATS] = { false };
	const struct nnv_picture_format *format;
	const struct nnv_report_format *table;

	if (!nnv_picture_probe(available, diag)) {
		nnv_say_failure(diag);
		return NNV_FAILED;
	}
	for (size_t i = 0; (format = nnv_picture_format(i)) != NULL; i++)
		if (available[i])
			printf("%-6s %s\n", format->name, format->help);
	for (size_t i = 0; (table = nnv_report_format(i)) != NULL; i++)
		printf("%-6s %s\n", table->name, table->help);
	return NNV_DONE;
}

static int
act(const struct nnv_options *options, const char *program,
    struct nnv_diag *diag)
{
	if (options->help)
		nnv_help_print(stdout, options->in_full);
	else if (options->version)
		printf("nnviz-c %s\n", NNV_VERSION);
	else if (options->list_formats)
		return list_formats(diag);
	else if (options->models.n > 1)
		return nnv_batch_run(options, program);
	else
		return nnv_run(options, program);
	return NNV_DONE;
}

int
main(int argc, char **argv)
{
	struct nnv_options options;
	struct nnv_diag diag;
	int status;

	/* A reader that went away, or a quota, is a failed write, not our
	 * end. */
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	sigaction(SIGXFSZ, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	nnv_diag_init(&diag, NULL);
	if (nnv_options_parse(&options, argc, argv, &diag))
		status = act(&options, argc > 0 ? argv[0] : "nnviz-c", &diag);
	else
		status = nnv_run_misused(&diag);
	nnv_options_release(&options);
	if (fflush(stdout) != 0 && status == NNV_DONE) {
		fprintf(stderr,
		    "nnviz-c: cannot write to standard output: "
		    "%s\n",
		    strerror(errno));
		status = NNV_FAILED;
	}
	return status;
}
