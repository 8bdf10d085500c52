/*
 * Hide: what a person does not want to see (dropouts, casts) is left out, and
 * what it was given goes to whoever used what it made. A module that is named
 * is hidden with all that is in it; inputs and outputs stay.
 */
#include "nnviz/pass.h"

#include "paths.h"
#include "pattern.h"
#include "quotient.h"

/* Leave out the nodes that PATTERN means; whether there are any. */
static bool
leave_out(struct nnv_quotient *q, const struct nnv_pattern *pattern,
    bool *covered)
{
	const struct nnv_graph *graph = q->from;
	bool any = false;

	for (uint32_t m = 0; m < graph->nmodules; m++)
		covered[m] = pattern->modules[m] ||
		    (m > 0 && covered[graph->modules[m].parent]);
	for (uint32_t v = 0; v < graph->nnodes; v++) {
		const struct nnv_node *node = &graph->nodes[v];

		if (!nnv_paths_inside(node) ||
		    (!pattern->nodes[v] && !covered[node->module] &&
			(node->self == NNV_NONE || !covered[node->self])))
			continue;
		q->into[v] = NNV_NONE;
		any = true;
	}
	return any;
}

static bool
hide(struct nnv_quotient *q, struct nnv_str text, bool *covered,
    struct nnv_diag *diag)
{
	struct nnv_pattern pattern;
	bool ok = nnv_pattern_init(&pattern, q->from, text, diag) &&
	    (leave_out(q, &pattern, covered) ||
		nnv_pattern_warn(&pattern, "--hide", diag));

	nnv_pattern_release(&pattern);
	return ok;
}

static bool
hide_all(struct nnv_quotient *q, const struct nnv_str *patterns, size_t n,
    struct nnv_diag *diag)
{
	bool *covered = nnv_heap_alloc(q->from->nmodules + (size_t)1,
	    sizeof(*covered));
	bool ok = true;

	if (covered == NULL)
		return nnv_fail_memory(diag);
	for (size_t i = 0; ok && i < n; i++)
		ok = hide(q, patterns[i], covered, diag);
	nnv_heap_free(covered);
	return ok;
}

struct nnv_graph *
nnv_pass_hide(const struct nnv_graph *graph, const struct nnv_str *patterns,
    size_t npatterns, struct nnv_diag *diag)
{
	struct nnv_graph *rest = NULL;
	struct nnv_quotient q;

	if (!nnv_quotient_init(&q, graph))
		nnv_fail_memory(diag);
	else if (hide_all(&q, patterns, npatterns, diag))
		rest = nnv_quotient_make(&q, diag);
	for (uint32_t v = 0; rest != NULL && v < graph->nnodes; v++)
		if (q.into[v] == NNV_NONE)
			rest->hidden[NNV_HIDDEN_ASKED] += graph->nodes[v]
							      .nmembers;
	nnv_quotient_release(&q);
	return rest;
}
