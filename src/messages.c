/*
 * Standard error: a line a message, each with the program's name and, where it
 * is about a file, the file's.
 */
#include "messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "nnviz/text.h"

void
nnv_messages_init(struct nnv_messages *messages)
{
	const char *term = getenv("TERM");

	messages->terminal = !messages->quiet && !messages->verbose &&
	    term != NULL && strcmp(term, "dumb") != 0 && isatty(STDERR_FILENO);
}

/* Characters that fit into a row of the terminal, less one. */
static int
row_width(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return NNV_PROGRESS;
	return size.ws_col - 1;
}

void
nnv_progress(struct nnv_messages *messages, const char *format, ...)
{
	char line[NNV_PROGRESS];
	va_list args;
	int n;

	if (!messages->terminal)
		return;
	n = snprintf(line, sizeof(line), "nnviz-c: ");
	va_start(args, format);
	vsnprintf(line + n, sizeof(line) - (size_t)n, format, args);
	va_end(args);
	if (strcmp(line, messages->progress) == 0)
		return;
	memcpy(messages->progress, line, sizeof(line));
	fprintf(stderr, "\r\033[K%.*s", row_width(), line);
	fflush(stderr);
}

void
nnv_progress_end(struct nnv_messages *messages)
{
	if (messages->progress[0] != '\0')
		fputs("\r\033[K", stderr);
	messages->progress[0] = '\0';
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
