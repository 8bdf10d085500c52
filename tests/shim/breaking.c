/*
 * A Graphviz that breaks: preloaded, its layout does what NNVIZ_BREAK says,
 * which is what libgvc 2.42 has been seen to do: abort on an assertion, exit,
 * crash, never end, or fail without a word.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/types.h>
#include <signal.h>

#include "shim.h"

SHIM int gvLayout(void *context, void *graph, const char *engine);

int
gvLayout(void *context, void *graph, const char *engine)
{
	const char *how = getenv("NNVIZ_BREAK");

	(void)context;
	(void)graph;
	(void)engine;
	if (how == NULL)
		return 0;
	if (strcmp(how, "abort") == 0) {
		fputs("maze.c:311: chkSgraph: Assertion `np->cells[0]'\n",
		    stderr);
		abort();
	}
	if (strcmp(how, "exit") == 0)
		exit(1);
	if (strcmp(how, "crash") == 0)
		raise(SIGSEGV);
	while (strcmp(how, "hang") == 0)
		pause();
	return -1;
}
