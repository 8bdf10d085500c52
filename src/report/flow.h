/* The tensors that leave nodes. Private to src/report. */
#ifndef NNV_REPORT_FLOW_H
#define NNV_REPORT_FLOW_H

#include "nnviz/graph.h"
#include "nnviz/text.h"

/* Those of node v are tensors[start[v]] .. tensors[start[v + 1] - 1]. */
struct nnv_flows {
	const struct nnv_graph *graph;
	struct nnv_links links;
	bool *leaves; /* by tensor */
	uint32_t *start, *tensors;
};

/* False: no memory; to be released in any case. */
bool nnv_flows_init(struct nnv_flows *flows, const struct nnv_graph *graph);
void nnv_flows_release(struct nnv_flows *flows);

/* Append the shapes and the dtypes of what a node gives. */
void nnv_flow_put(const struct nnv_flows *flows, uint32_t node,
    struct nnv_text *shapes, struct nnv_text *dtypes);

#endif
