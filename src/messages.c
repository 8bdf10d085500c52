/*
 * Standard error: a line a message, each with the program's name and, where it
 * is about a file, the file's.
 */
#include "messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nnviz/text.h"

void
nnv_messages_init(struct nnv_messages *messages)
{
	const char *term = getenv("TERM");

	messages->terminal = !messages->quiet && !messages->verbose &&
	    term != NULL && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);
}

void
nnv_progress(struct nnv_messages *messages, const char *format, ...)
{
	va_list args;

	if (!messages->terminal)
		return;
	fputs("\r\033[Knnviz-c: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fflush(stderr);
	messages->progress = true;
}

void
nnv_progress_end(struct nnv_messages *messages)
{
	if (messages->progress)
		fputs("\r\033[K", stderr);
	messages->progress = false;
}

void
nnv_say(struct nnv_messages *messages, const char *what)
{
	if (messages->verbose)
		fprintf(stderr, "nnviz-c: %s\n", what);
}

void
nnv_say_warnings(struct nnv_messages *messages, const struct nnv_diag *diag)
{
	while (!messages->quiet && messages->nwarned < diag->nwarnings) {
		size_t i = messages->nwarned++;
		char line[NNV_DIAG_LINE];

		/* Of interest only to who looks at gradients. */
		if (strcmp(diag->warnings[i].kind, "gradient") == 0 &&
		    !messages->gradients)
			continue;
		nnv_progress_end(messages);
		nnv_diag_warning(diag, i, line, sizeof(line));
		fprintf(stderr, "nnviz-c: %s\n", line);
	}
}

void
nnv_say_failure(const struct nnv_diag *diag)
{
	char line[NNV_DIAG_LINE];

	nnv_diag_line(diag, line, sizeof(line));
	fprintf(stderr, "nnviz-c: %s", line);
	if (diag->limit[0] != '\0')
		fprintf(stderr, ": --limit %s=N allows more", diag->limit);
	fputc('\n', stderr);
}

bool
nnv_say_difference(const char *path, struct nnv_str reason)
{
	struct nnv_text shown = NNV_TEXT_EMPTY;
	bool fine;

	nnv_text_add_terminal(&shown, nnv_str(path));
	fine = !nnv_text_failed(&shown);
	if (fine)
		fprintf(stderr, "nnviz-c: %s: differs: %.*s", shown.p,
		    (int)reason.n, reason.p);
	nnv_text_release(&shown);
	return fine;
}
