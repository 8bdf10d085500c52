/*
 * Any bytes as a trace or a graph: loaded or refused, never a crash. What was
 * loaded goes through every pass, is saved at some steps, and what was saved
 * loads and is saved again in the same bytes. Which way it goes is decided by
 * how many bytes there are: blanks at the end are no part of a graph.
 */
#include "fuzz.h"
#include "road.h"

/* A set of steps for each of a few hundred numbers. */
static unsigned
detours(size_t size)
{
	return (unsigned)(size * 2654435761u >> 11) & ((2u << ROAD_STEPS) - 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;

	graph = road_begin(&road, bytes, &diag);
	road_go(graph, ROAD_USUAL | detours(size), detours(size * 3 + 1));
	road_end(&road);
	return 0;
}
