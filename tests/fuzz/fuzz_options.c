/*
 * Any lines as a command line: understood, or refused with a reason on one
 * line; never a crash.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "options.h"

enum { ARGS_MAX = 64 };

/* TEXT, which ends in a NUL, as arguments of a line each; their number. */
static int
split(char *text, char **argv)
{
	int argc = 0;

	argv[argc++] = (char *)"nnviz-c";
	for (char *end; *text != '\0' && argc < ARGS_MAX; text = end) {
		argv[argc++] = text;
		end = text + strcspn(text, "\n");
		if (*end != '\0')
			*end++ = '\0';
	}
	argv[argc] = NULL;
	return argc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *argv[ARGS_MAX + 1];
	struct nnv_options options;
	struct nnv_diag diag;

	if (text == NULL)
		return 0;
	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	nnv_diag_init(&diag, NULL);
	if (nnv_options_parse(&options, split(text, argv), argv, &diag)) {
		if (options.model == NULL && !options.help &&
		    !options.version && !options.list_formats)
			abort();
	} else if (diag.code == NNV_OK || diag.text[0] == '\0' ||
	    strchr(diag.text, '\n') != NULL)
		abort();
	nnv_options_release(&options);
	free(text);
	return 0;
}
