/*
 * Call sites without the maker's directories. A recording holds absolute paths
 * of the machine it was made on, which are nobody else's business: what a
 * person asked to strip goes, else all that is in front of a Python package,
 * else everything but the file's own name.
 */
#include "nnviz/graph.h"
#include "nnviz/table.h"

/* Directories that Python packages stand in. */
static const struct nnv_str package_roots[] = {
	NNV_STR_INIT("/site-packages/"),
	NNV_STR_INIT("/dist-packages/"),
};

struct sites {
	struct nnv_graph *graph;
	const struct nnv_str *prefixes;
	size_t nprefixes;
	struct nnv_table known; /* name -> shortened name */
};

/* What follows the last occurrence of PART; empty: there is none. */
static struct nnv_str
behind(struct nnv_str path, struct nnv_str part)
{
	size_t at = nnv_str_find_last(path, part);

	return nnv_str_from(path, at < path.n ? at + part.n : at);
}

static struct nnv_str
shorten(const struct sites *sites, struct nnv_str path)
{
	for (size_t i = 0; i < sites->nprefixes; i++) {
		struct nnv_str rest;

		if (!nnv_str_starts(path, sites->prefixes[i]))
			continue;
		rest = nnv_str_from(path, sites->prefixes[i].n);
		while (sites->prefixes[i].n > 0 && rest.n > 1 &&
		    rest.p[0] == '/')
			rest = nnv_str_from(rest, 1);
		return rest;
	}
	if (path.n == 0 ||
	    (path.p[0] != '/' && (path.n < 3 || path.p[1] != ':')))
		return path;
	for (size_t i = 0; i < sizeof(package_roots) / sizeof(*package_roots);
	     i++) {
		struct nnv_str rest = behind(path, package_roots[i]);

		if (rest.n > 0)
			return rest;
	}
	return nnv_str_behind(nnv_str_behind(path, '/'), '\\');
}

static void
shorten_site(struct sites *sites, struct nnv_site *site)
{
	uint32_t *at;

	if (site->file == NNV_NO_NAME)
		return;
	at = nnv_table_at(&sites->known, site->file);
	if (at == NULL)
		return;
	if (*at == NNV_TABLE_NONE)
		*at = nnv_graph_name(sites->graph,
		    shorten(sites, nnv_graph_text(sites->graph, site->file)));
	site->file = *at;
}

bool
nnv_graph_shorten_sites(struct nnv_graph *graph, const struct nnv_str *prefixes,
    size_t nprefixes)
{
	struct sites sites = {
		.graph = graph, .prefixes = prefixes, .nprefixes = nprefixes
	};

	nnv_table_init(&sites.known);
	for (uint32_t m = 0; m < graph->nmodules; m++)
		shorten_site(&sites, &graph->modules[m].site);
	for (uint32_t v = 0; v < graph->nnodes; v++)
		shorten_site(&sites, &graph->nodes[v].site);
	graph->failed |= sites.known.failed;
	nnv_table_release(&sites.known);
	return !graph->failed;
}
