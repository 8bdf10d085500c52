/*
 * A Graphviz that breaks: preloaded, its layout does what NNVIZ_BREAK says,
 * which is what libgvc 2.42 has been seen to do: abort on an assertion, exit,
 * crash, never end, or fail without a word. With "pixels" the layout is done,
 * and writing it takes longer than a second; with "arrows" and "odd" it is done
 * and something is printed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/types.h>
#include <signal.h>

#include <graphviz/cgraph.h>

#include "shim.h"

typedef int layout_function(void *context, void *graph, const char *engine);
typedef int render_function(void *context, void *graph, const char *format,
    char **result, unsigned *length);

SHIM layout_function gvLayout;
SHIM render_function gvRenderData;

static bool
has_to(const char *how)
{
	const char *said = getenv("NNVIZ_BREAK");

	return said != NULL && strcmp(said, how) == 0;
}

int
gvRenderData(void *context, void *graph, const char *format, char **result,
    unsigned *length)
{
	render_function *real;

	*(void **)&real = dlsym(RTLD_NEXT, "gvRenderData");
	if (has_to("pixels"))
		sleep(2);
	return real(context, graph, format, result, length);
}

int
gvLayout(void *context, void *graph, const char *engine)
{
	layout_function *real;

	if (has_to("abort")) {
		fputs("maze.c:311: chkSgraph: Assertion `np->cells[0]'\n",
		    stderr);
		abort();
	}
	if (has_to("exit"))
		exit(1);
	if (has_to("crash"))
		raise(SIGSEGV);
	while (has_to("hang"))
		pause();
	if (has_to("fail"))
		return -1;
	if (has_to("arrows"))
		fputs("libpath/shortest.c:324: triangulation failed\n"
		      "Warning: Unable to reclaim box space in spline routing "
		      "for edge \"a\" -> \"b\". Something is probably "
		      "seriously wrong.\n",
		    stderr);
	if (has_to("odd"))
		fputs("Warning: gizmo out of range\n", stderr);
	/* not of the two words that are laid out to see if there are fonts */
	if (has_to("dot") && strcmp(engine, "dot") == 0 && agnedges(graph) > 0)
		raise(SIGSEGV);
	*(void **)&real = dlsym(RTLD_NEXT, "gvLayout");
	if (has_to("frames") && strcmp(engine, "dot") == 0 &&
	    agfstsubg(graph) != NULL)
		agerr(AGERR, "trouble in init_rank\n");
	return real(context, graph, engine);
}
