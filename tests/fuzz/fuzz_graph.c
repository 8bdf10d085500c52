/*
 * Any bytes as a trace or a graph: loaded or refused, never a crash. What was
 * loaded goes through every pass, is saved at each step, and what was saved
 * loads and is saved again in the same bytes.
 */
#include "fuzz.h"
#include "road.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nnv_str bytes = { (const char *)data, size };
	struct nnv_graph *graph;
	struct nnv_diag diag;
	struct road road;

	graph = road_begin(&road, bytes, &diag);
	road_go(graph, ~0u);
	road_end(&road);
	return 0;
}
